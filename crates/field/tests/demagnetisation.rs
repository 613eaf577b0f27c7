//! How far the flux density in the magnets falls.

#![allow(clippy::unwrap_used)]

mod common;

use codrive_field::map::{MapPlan, solve_section};
use codrive_model::flux_map::FluxMap;
use codrive_model::section::Section;

fn small_map(section: &Section) -> FluxMap {
    let plan = MapPlan {
        n_d: 5,
        n_q: 2,
        ..MapPlan::default()
    };
    let (steel, magnet) = (common::steel(section), common::magnet(section));
    solve_section(section, &steel, &magnet, &plan, &|_, _| ())
        .unwrap()
        .flux_map
}

/// Without current the iron and the gap load the magnet: 0 < B < B_r. Every ampere against it lowers B.
#[test]
fn a_current_against_the_magnets_lowers_their_flux_density() {
    for id in ["prius-2004", "bmw-i3"] {
        let section = common::section(id);
        let map = small_map(&section);
        let lowest = &map.magnet_flux_density_min_t;
        assert_eq!(lowest.len(), map.i_d_a.len() * map.i_q_a.len());
        let remanence_t = common::magnet(&section).remanence_t(section.magnet_temperature_k);
        let along_d: Vec<f64> = lowest.iter().copied().step_by(map.i_q_a.len()).collect();
        let no_load = along_d[along_d.len() - 1];
        assert!(0.0 < no_load && no_load < remanence_t, "{id}: {no_load}");
        assert!(along_d.windows(2).all(|b| b[0] < b[1]), "{id}: {along_d:?}");
    }
}
