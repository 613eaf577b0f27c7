//! One fault in a sound section.

use super::{Design, Random, mm};

/// A section file with one fault.
pub(crate) struct Broken {
    pub(crate) text: String,
    /// The key and what was written there.
    pub(crate) what: String,
}

/// Breaks one value of a design, or what several say together.
pub(crate) fn breakage(design: &Design, random: &mut Random) -> Broken {
    let places: Vec<(usize, usize)> = design
        .tables
        .iter()
        .enumerate()
        .flat_map(|(t, table)| (0..table.keys.len()).map(move |k| (t, k)))
        .filter(|(t, k)| !["id", "name", "source"].contains(&design.tables[*t].keys[*k].0.as_str()))
        .collect();
    match random.case(10) {
        0 => second_layer(design),
        1 => unknown_or_missing(design, random, &places),
        2..=4 => misfit(design, random),
        _ => {
            let (t, k) = places[random.case(places.len())];
            let (key, value) = &design.tables[t].keys[k];
            let wrong = absurd(key, value, random);
            written(design, t, k, &wrong)
        }
    }
}

fn written(design: &Design, t: usize, k: usize, value: &str) -> Broken {
    let mut broken = design.clone();
    broken.tables[t].keys[k].1 = value.to_owned();
    let header = &design.tables[t].header;
    Broken {
        what: format!("{header} {} = {value}", design.tables[t].keys[k].0),
        text: broken.text(),
    }
}

/// A value that no section can have at this key.
fn absurd(key: &str, value: &str, random: &mut Random) -> String {
    let choices: &[&str] = match key {
        "schema" => &["2", "\"1\"", "0"],
        "pole_pairs" => &["0", "-4", "25", "4.5", "100000", "\"4\""],
        "slots" => &["0", "-48", "7", "100003", "48.0", "4294967295"],
        "layers" => &["0", "3", "-1", "\"two\""],
        "coil_pitch" => &["0", "19", "-1", "4000000000"],
        "segments" => &["0", "17", "-2", "4000000000"],
        "conductor" | "magnetisation" | "sides" => &["\"square\"", "3", "\"\""],
        "steel" | "magnet" => &["3", "[]"],
        "magnet_temperature" => &["\"-300 degC\"", "\"80 mm\"", "80", "\"nan K\""],
        "copper_fill" => &["\"99 %\"", "\"0 %\"", "\"-40 %\"", "\"nan\"", "\"140 %\""],
        "stacking_factor" => &["\"50 %\"", "\"0 %\"", "\"101 %\"", "\"-97 %\"", "\"nan\""],
        "pole_arc" => &["\"0 %\"", "\"5 %\"", "\"120 %\"", "\"-80 %\"", "\"nan\""],
        "v_angle" => &[
            "\"190 deg\"",
            "\"10 deg\"",
            "\"-90 deg\"",
            "\"90 mm\"",
            "\"nan deg\"",
            "\"1e9 deg\"",
        ],
        "wedge_height" | "bottom_radius" | "inner_pocket" | "inset" => &[
            "\"-1 mm\"",
            "\"nan mm\"",
            "\"inf mm\"",
            "\"1e9 mm\"",
            "\"1e-7 mm\"",
            "\"1 kg\"",
            "1",
            "\"mm\"",
        ],
        _ => {
            assert!(value.ends_with("mm\""), "{key} = {value}");
            &[
                "\"0 mm\"",
                "\"-1 mm\"",
                "\"nan mm\"",
                "\"inf mm\"",
                "\"1e9 mm\"",
                "\"1e-7 mm\"",
                "\"1 kg\"",
                "1",
                "\"mm\"",
            ]
        }
    };
    choices[random.case(choices.len())].to_owned()
}

/// The magnets once more, where they already are.
fn second_layer(design: &Design) -> Broken {
    let mut broken = design.clone();
    let last = design.tables[design.tables.len() - 1].clone();
    let what = format!("{} twice", last.header);
    broken.tables.push(last);
    Broken {
        text: broken.text(),
        what,
    }
}

fn unknown_or_missing(design: &Design, random: &mut Random, places: &[(usize, usize)]) -> Broken {
    let optional = [
        "layers",
        "wedge_height",
        "bottom_radius",
        "inner_pocket",
        "inset",
        "sides",
        "segments",
    ];
    let mut broken = design.clone();
    let required: Vec<_> = places
        .iter()
        .filter(|(t, k)| !optional.contains(&design.tables[*t].keys[*k].0.as_str()))
        .collect();
    let (t, k) = *required[random.case(required.len())];
    let key = design.tables[t].keys[k].0.clone();
    if random.case(2) == 0 {
        broken.tables[t].keys.remove(k);
    } else {
        broken.tables[t].keys[k].0.push('s');
    }
    Broken {
        text: broken.text(),
        what: format!("no {key}"),
    }
}

/// A value that is sound alone but not beside the others.
fn misfit(design: &Design, random: &mut Random) -> Broken {
    let find = |header: &str, key: &str| {
        design.tables.iter().enumerate().find_map(|(t, table)| {
            let k = table.keys.iter().position(|(name, _)| name == key)?;
            table.header.starts_with(header).then_some((t, k))
        })
    };
    let value = |header: &str, key: &str| -> f64 {
        let (t, k) = find(header, key).unwrap();
        let text = design.tables[t].keys[k].1.trim_matches('"');
        text.trim_end_matches(" mm").parse().unwrap()
    };
    let bore = value("[stator]", "bore_diameter");
    let outer = value("[stator]", "outer_diameter");
    let rotor = value("[rotor]", "outer_diameter");
    let cases: Vec<(&str, &str, f64)> = vec![
        ("[stator.slot", "depth", (outer - bore) / 2.0),
        ("[stator.slot", "opening_width", bore),
        ("[stator.slot", "opening_height", (outer - bore) / 2.0),
        ("[stator.slot", "width", bore / 2.0),
        ("[stator.slot", "top_width", bore / 2.0),
        ("[stator.slot", "bottom_width", outer),
        ("[stator.slot", "bottom_radius", outer),
        ("[stator]", "bore_diameter", outer),
        ("[stator]", "bore_diameter", rotor),
        ("[stator]", "bore_diameter", 0.9 * rotor),
        ("[stator]", "outer_diameter", bore),
        ("[rotor]", "outer_diameter", bore),
        ("[rotor]", "outer_diameter", bore / 2.0),
        ("[rotor]", "inner_diameter", rotor),
        ("[rotor]", "inner_diameter", 0.98 * rotor),
        ("[[rotor.v", "magnet_width", rotor / 2.0),
        ("[[rotor.v", "magnet_thickness", rotor / 2.0),
        ("[[rotor.v", "depth", rotor / 2.0),
        ("[[rotor.v", "depth", 0.01),
        ("[[rotor.v", "bridge", rotor / 2.0),
        ("[[rotor.v", "rib", rotor),
        ("[[rotor.bar", "magnet_width", rotor),
        ("[[rotor.bar", "magnet_thickness", rotor / 2.0),
        ("[[rotor.bar", "depth", rotor / 2.0),
        ("[[rotor.bar", "bridge", rotor / 2.0),
        ("[[rotor.spoke", "magnet_width", rotor / 2.0),
        ("[[rotor.spoke", "magnet_thickness", rotor),
        ("[[rotor.spoke", "depth", 0.01),
        ("[[rotor.spoke", "depth", rotor / 2.0),
        ("[[rotor.spoke", "bridge", rotor / 2.0),
        ("[[rotor.spoke", "inner_pocket", rotor / 2.0),
        ("[[rotor.surface", "magnet_thickness", rotor / 2.0),
        ("[[rotor.surface", "inset", rotor / 4.0),
    ];
    let present: Vec<_> = cases
        .into_iter()
        .filter_map(|(header, key, wrong)| Some((find(header, key)?, wrong)))
        .collect();
    let ((t, k), wrong) = present[random.case(present.len())];
    written(design, t, k, &mm(wrong))
}
