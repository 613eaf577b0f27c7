//! What every section must satisfy, whatever the numbers.

#![allow(clippy::unwrap_used)]

mod common;

use codrive_field::error::FieldError;
use codrive_field::map::{MapPlan, solve_section};
use codrive_field::mesh::{Fineness, PoleMesh};
use codrive_field::point::{PointResult, solve_point};
use codrive_model::input::Source;
use codrive_model::section::Section;

fn point(currents: [f64; 2]) -> PointResult {
    let (section, machine, steel, magnet) = common::bmw_i3_reference();
    solve_point(&section, &machine, &steel, &magnet, currents, 0.0).unwrap()
}

/// Mirroring the pole at the d axis reverses i_q, ψ_q and the torque.
#[test]
fn the_field_is_mirror_symmetric() {
    let (plus, minus) = (point([-120.0, 150.0]), point([-120.0, -150.0]));
    assert!((plus.torque_arkkio_nm + minus.torque_arkkio_nm).abs() < 3e-3 * plus.torque_arkkio_nm);
    assert!((plus.psi_d_vs - minus.psi_d_vs).abs() < 3e-3 * 0.085);
    assert!((plus.psi_q_vs + minus.psi_q_vs).abs() < 3e-3 * 0.145);
}

/// ∂ψ_d/∂i_q = ∂ψ_q/∂i_d, because both are derivatives of one co-energy.
#[test]
fn cross_inductances_are_equal() {
    let step = 4.0;
    let (d, q) = (-100.0, 140.0);
    let psi_d_over_i_q =
        (point([d, q + step]).psi_d_vs - point([d, q - step]).psi_d_vs) / (2.0 * step);
    let psi_q_over_i_d =
        (point([d + step, q]).psi_q_vs - point([d - step, q]).psi_q_vs) / (2.0 * step);
    let scale = (point([d, q + step]).psi_q_vs - point([d, q - step]).psi_q_vs) / (2.0 * step);
    assert!(
        (psi_d_over_i_q - psi_q_over_i_d).abs() < 0.01 * scale.abs(),
        "{psi_d_over_i_q} {psi_q_over_i_d}"
    );
}

/// At lengths and currents times k flux densities stay: over the stack ψ goes with k, torque with k², and the speed that
/// the rotor bears with 1/k.
#[test]
fn a_similar_section_has_the_same_field() {
    let (section, machine, steel, magnet) = common::bmw_i3_reference();
    let currents = [-120.0, 150.0];
    let limit = |section: &Section| {
        let strength = codrive_field::strength::of_section(section, &steel, &magnet).unwrap();
        strength.speed_limit_rad_per_s
    };
    let (full, bears) = (point(currents), limit(&section));
    for size in [0.5, 0.77] {
        let similar = section.similar(size);
        let scaled = currents.map(|ampere| size * ampere);
        let small = solve_point(&similar, &machine, &steel, &magnet, scaled, 0.0).unwrap();
        for (what, ratio) in [
            ("psi_d", small.psi_d_vs / (size * full.psi_d_vs)),
            ("psi_q", small.psi_q_vs / (size * full.psi_q_vs)),
            (
                "torque",
                small.torque_arkkio_nm / (size * size * full.torque_arkkio_nm),
            ),
            ("speed", size * limit(&similar) / bears),
        ] {
            // Each size is meshed by itself: 1e-4.
            assert!((ratio - 1.0).abs() < 2e-4, "{what} at {size}: {ratio}");
        }
    }
    for section in all_sections() {
        let there_and_back = section.similar(0.5).similar(2.0);
        assert_eq!(there_and_back, section, "{}", section.id);
    }
}

fn all_sections() -> Vec<Section> {
    let mut sections = Vec::new();
    for folder in ["data/sections", "examples/bmw-jlr/sections"] {
        let mut paths: Vec<_> = std::fs::read_dir(common::root().join(folder))
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        paths.sort();
        sections.extend(
            paths
                .iter()
                .map(|p| Section::read(&Source::read(p).unwrap()).unwrap()),
        );
    }
    sections
}

#[test]
fn every_shipped_section_has_a_sound_mesh() {
    let sections = all_sections();
    assert!(sections.len() >= 15);
    for section in sections {
        let mesh = PoleMesh::new(&section, Fineness::second_order(12)).unwrap();
        assert!(
            mesh.smallest_angle_deg() > 14.0,
            "{}: {:.1}°",
            section.id,
            mesh.smallest_angle_deg()
        );
        assert!(mesh.ring_steps.is_multiple_of(36));
    }
}

fn small_plan() -> MapPlan {
    MapPlan {
        n_d: 3,
        n_q: 3,
        positions: 12,
        ..MapPlan::default()
    }
}

/// Flux, losses and health of a small map; the same bytes whatever the number of threads.
#[test]
fn a_map_is_healthy_and_independent_of_threads() {
    let section = Section::read(&common::source("examples/bmw-jlr/sections/v48-180.toml")).unwrap();
    let (steel, magnet) = (common::steel(&section), common::magnet(&section));
    let solve = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            solve_section(&section, &steel, &magnet, &small_plan(), &|_, _| ()).unwrap()
        })
    };
    let (one, three) = (solve(1), solve(3));
    assert_eq!(one, three);
    let map = &one.flux_map;
    assert!(map.health.unconverged.is_empty());
    assert!(
        map.health.arkkio_dq_deviation < 3e-3,
        "{}",
        map.health.arkkio_dq_deviation
    );
    assert!(
        map.psi_d_vs_per_m
            .iter()
            .chain(&map.torque_nm_per_m)
            .all(|v| v.is_finite())
    );
    assert!(
        map.loss
            .stator_hysteresis_w_per_m
            .iter()
            .chain(&map.loss.magnet_eddy_w_per_m)
            .all(|v| *v >= 0.0)
    );
    let no_load = map.psi_d_vs_per_m[(map.i_d_a.len() - 1) * map.i_q_a.len()];
    // The fundamental of the phase flux linkage is the mean of ψ_d.
    assert!((map.back_emf.amplitude_vs_per_m[0] / no_load - 1.0).abs() < 1e-3);
    assert!(one.facts.burst_speed_limit_rad_per_s > 500.0);
    assert_eq!(one.picture.b_t.len(), one.picture.triangles.len());
    assert!(!one.drawing.is_empty());
}

#[test]
fn bad_geometry_is_refused_with_its_place() {
    let good = common::source("examples/bmw-jlr/sections/vb48-200.toml").text;
    for (from, to, place) in [
        (
            "magnet_width = \"16.2 mm\"",
            "magnet_width = \"40 mm\"",
            "rotor.v[0].magnet_width",
        ),
        ("depth = \"22.2 mm\"", "depth = \"8 mm\"", "rotor.v[0]"),
        (
            "inner_diameter = \"48 mm\"",
            "inner_diameter = \"110 mm\"",
            "rotor",
        ),
        ("depth = \"4.0 mm\"", "depth = \"18 mm\"", "rotor.bar[0]"),
    ] {
        let from = if good.contains(from) {
            from.to_owned()
        } else {
            from.replace("4.0 mm", "4 mm")
        };
        assert!(good.contains(&from), "{from}");
        let section: Section = Source::shipped("bad.toml", &good.replace(&from, to))
            .parse()
            .unwrap();
        match PoleMesh::new(&section, Fineness::second_order(12)) {
            Err(FieldError::Section(fault)) => {
                assert!(fault.place.starts_with(place), "{to}: {fault}")
            }
            other => panic!("{to}: {:?}", other.map(|m| m.triangles())),
        }
    }
    let i3 = common::source("data/sections/bmw-i3.toml").text;
    let crossed: Section = Source::shipped(
        "bad.toml",
        &i3.replace("[86.49243, 6.88809]", "[86.49243, 9.0]"),
    )
    .parse()
    .unwrap();
    assert!(matches!(
        PoleMesh::new(&crossed, Fineness::second_order(12)),
        Err(FieldError::Section(_))
    ));
}
