//! Shipped cycles against their legal lengths.

mod common;

/// Name, duration, distance, highest speed in km/h, and half the last digit published of each.
const PUBLISHED: [(&str, f64, f64, f64, f64, f64); 5] = [
    // 40 CFR Part 86, Appendix I(a): 1369 s, 7.45 miles; 56.7 mph.
    (
        "udds",
        1369.0,
        7.45 * 1609.344,
        56.7 * 1.609_344,
        0.005 * 1609.344,
        0.05 * 1.61,
    ),
    // 40 CFR Part 600, Appendix I: 765 s, 10.26 miles, 59.9 mph.
    (
        "hwfet",
        765.0,
        10.26 * 1609.344,
        59.9 * 1.609_344,
        0.005 * 1609.344,
        0.05 * 1.61,
    ),
    // 40 CFR Part 86, Appendix I(g): 596 s in 600 s with standstill, 8.01 miles, 80.3 mph.
    (
        "us06",
        600.0,
        8.01 * 1609.344,
        80.3 * 1.609_344,
        0.005 * 1609.344,
        0.05 * 1.61,
    ),
    // UN GTR 15, Annex 1: 1800 s, 23266 m (sum of speeds over seconds), 131.3 km/h.
    ("wltc3b", 1800.0, 23_266.0, 131.3, 1.0, 0.05),
    // UN R101: 1180 s, 11.007 km (computed with exact ramps), 120 km/h.
    ("nedc", 1179.0, 11_013.0, 120.0, 7.0, 0.05),
];

#[test]
fn shipped_cycles_have_their_published_lengths() {
    for (name, duration_s, distance_m, top_km_per_h, by_m, by_km_per_h) in PUBLISHED {
        let cycle = common::cycle(name);
        assert_eq!(cycle.duration_s(), duration_s, "{name}");
        assert!(
            (cycle.distance_m() - distance_m).abs() <= by_m,
            "{name}: {}",
            cycle.distance_m()
        );
        let top = cycle.highest_speed_m_s() * 3.6;
        assert!((top - top_km_per_h).abs() <= by_km_per_h, "{name}: {top}");
    }
}

#[test]
fn all_shipped_cycles_are_read() {
    let folder = format!("{}/../../data/cycles", env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            text.contains("# source: ") && text.contains("# licence: "),
            "{name}"
        );
        assert!(common::cycle(name).distance_m() > 1000.0, "{name}");
        count += 1;
    }
    assert_eq!(count, 12);
}
