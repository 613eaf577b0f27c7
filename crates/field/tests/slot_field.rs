//! The field that crosses a slot, against the one-dimensional slot leakage.

#![allow(clippy::unwrap_used)]

mod common;

use codrive_field::map::{MapPlan, solve_section};
use codrive_model::section::Section;

const MU_0: f64 = 4e-7 * std::f64::consts::PI;

/// Without magnets and far from saturation only the slot's own current drives flux across it:
/// B_t = μ_0 i y/(h b), y from the bottom. The iron's reluctance and the fringe at the opening are not in
/// that formula, nor the coarseness of the mesh in a slot: 3 % of the amplitude at the top covers them.
#[test]
fn the_current_of_a_slot_makes_its_leakage() {
    let path = "examples/bmw-jlr/sections/bar48-200.toml";
    let section = Section::read(&common::source(path)).unwrap();
    let mut magnet = common::magnet(&section);
    magnet.remanence_20c_t *= 1e-6;
    let plan = MapPlan {
        n_d: 2,
        n_q: 2,
        largest_current_a: Some(100.0),
        ..MapPlan::default()
    };
    let steel = common::steel(&section);
    let map = solve_section(&section, &steel, &magnet, &plan, &|_, _| {})
        .unwrap()
        .flux_map;
    let field = &map.loss.slot_field;
    let at = map.i_q_a.len() - 1 + (map.i_d_a.len() - 1) * map.i_q_a.len();
    let current = map.i_q_a[map.i_q_a.len() - 1];
    let top = MU_0 * current / 4.4e-3;
    for zone in 0..7 {
        let depth = (zone as f64 + 0.5) / 8.0;
        let expected = top * depth;
        let found = (2.0 * field.tangential_t2[zone][at]).sqrt();
        assert!(
            (found - expected).abs() < 0.03 * top,
            "zone {zone}: {found:e} T instead of {expected:e} T"
        );
        let radial = (2.0 * field.radial_t2[zone][at]).sqrt();
        assert!(radial < 0.1 * top, "zone {zone}: {radial:e} T");
    }
}
