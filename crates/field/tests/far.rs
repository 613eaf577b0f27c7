//! The far grid of a map, for short circuits.

#![allow(clippy::unwrap_used)]

mod common;

use codrive_field::map::{MapPlan, solve_map};
use codrive_field::mean::mean_points;
use codrive_field::mesh::Fineness;

/// Three positions against the mean of twelve, from A = 0: flux linkages at the grid's corners. The flux linkages
/// fall and the magnets lose flux density towards the far end, which turns the flux linkage of the largest torque.
#[test]
fn the_far_grid_is_the_mean_over_the_positions_of_single_points() {
    let (section, machine, steel, magnet) = common::prius();
    let plan = MapPlan {
        n_d: 5,
        n_q: 5,
        short_circuit: true,
        ..MapPlan::default()
    };
    let (map, _) = solve_map(&section, &steel, &magnet, &plan, &|_, _| ()).unwrap();
    let far = map.far.as_ref().unwrap();
    let (last_d, last_q) = (far.i_d_a.len() - 1, far.i_q_a.len() - 1);
    let at = |d: usize, q: usize| d * far.i_q_a.len() + q;
    let places = [(0, 0), (0, last_q), (last_d / 2, 1), (last_d, 0)];
    let k = machine.turns_ratio();
    let currents = places.map(|(d, q)| [far.i_d_a[d] / k, far.i_q_a[q] / k]);
    let fineness = Fineness::second_order(12);
    let points = mean_points(&section, &machine, &steel, &magnet, &currents, fineness).unwrap();
    let scale = k * machine.stack_m;
    let largest = far.psi_d_vs_per_m[0].abs();
    for ((d, q), point) in places.into_iter().zip(points) {
        let miss_d = far.psi_d_vs_per_m[at(d, q)] - point.psi_d_vs / scale;
        let miss_q = far.psi_q_vs_per_m[at(d, q)] - point.psi_q_vs / scale;
        let miss = miss_d.hypot(miss_q) / largest;
        assert!(miss < 5e-3, "{d} {q}: {miss}");
    }
    let along = |table: &[f64]| -> Vec<f64> { (0..=last_d).map(|d| table[at(d, 0)]).collect() };
    let lowest = &far.magnet_flux_density_min_t;
    for table in [along(&far.psi_d_vs_per_m), along(lowest)] {
        assert!(table.windows(2).all(|pair| pair[0] < pair[1]), "{table:?}");
    }
    let flux = |at: usize| map.psi_d_vs_per_m[at].hypot(map.psi_q_vs_per_m[at]);
    let (n, i_d, i_q) = (map.i_q_a.len(), &map.i_d_a, &map.i_q_a);
    let inside = |at: &usize| i_d[at / n].hypot(i_q[at % n]) <= -i_d[0] * (1.0 + 1e-9);
    let torque = |at: &usize| map.torque_nm_per_m[*at];
    let best = (0..n * n)
        .filter(inside)
        .max_by(|a, b| torque(a).total_cmp(&torque(b)));
    assert!(far.psi_d_vs_per_m[0] < -flux(best.unwrap()));
}

/// A turned map has no far grid: the packs of a skewed rotor see other currents.
#[test]
fn maps_that_are_turned_have_no_far_grid() {
    let (section, _, steel, magnet) = common::prius();
    let plan = MapPlan {
        n_d: 2,
        n_q: 2,
        positions: 2,
        turn_el_rad: 0.1,
        short_circuit: true,
        ..MapPlan::default()
    };
    let (map, _) = solve_map(&section, &steel, &magnet, &plan, &|_, _| ()).unwrap();
    assert_eq!(map.far, None);
}
