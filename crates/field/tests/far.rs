//! The far grid of a map, for short circuits.

#![allow(clippy::unwrap_used)]

mod common;

use codrive_field::map::{MapPlan, solve_map};
use codrive_field::mean::mean_points;
use codrive_field::mesh::Fineness;
use codrive_field::skew::skewed;
use codrive_model::machine::Machine;
use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::section::Section;

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

/// Packs of a skewed rotor against the mean of single points at the turned currents, each turned back: at corners of
/// the far grid and inside. Packs in line give back the grid of a straight rotor.
#[test]
fn the_far_grid_of_a_skewed_rotor_is_the_mean_of_its_packs() {
    let (section, machine, steel, magnet) = common::prius();
    let plan = MapPlan {
        n_d: 5,
        n_q: 5,
        turn_el_rad: 0.22,
        short_circuit: true,
        ..MapPlan::default()
    };
    let (wide, _) = solve_map(&section, &steel, &magnet, &plan, &|_, _| ()).unwrap();
    let largest = wide.i_q_a[plan.n_q - 1];
    let scale = wide.far.as_ref().unwrap().psi_d_vs_per_m[0].abs();
    let turns = [-0.22, 0.0, 0.22];
    for turns in [&turns[1..2], &turns] {
        let packs: Vec<f64> = turns
            .iter()
            .map(|e| e / f64::from(wide.pole_pairs))
            .collect();
        let map = skewed(&wide, &packs, largest).unwrap();
        let far = map.far.as_ref().unwrap();
        assert_eq!(far.i_q_a.last(), map.i_q_a.last());
        assert!(far.i_d_a[0] < -1.5 * largest && far.i_d_a[15] > map.i_d_a[0]);
        for (d, q) in [(0, 0), (0, 2), (7, 1), (7, 2), (15, 0), (15, 2)] {
            let at = d * far.i_q_a.len() + q;
            let current = [far.i_d_a[d], far.i_q_a[q]];
            let [psi_d, psi_q] = mean_of_packs(&section, &machine, &steel, &magnet, current, turns);
            let miss = (far.psi_d_vs_per_m[at] - psi_d).hypot(far.psi_q_vs_per_m[at] - psi_q);
            println!("{turns:?} {d} {q} {current:?}: {}", miss / scale);
            assert!(miss < 1e-2 * scale, "{turns:?} {d} {q}: {}", miss / scale);
        }
    }
}

/// Mean over packs of ψ(i e^(−jε)) e^(jε) at unit currents, V·s per metre, each pack solved for itself.
fn mean_of_packs(
    section: &Section,
    machine: &Machine,
    steel: &Steel,
    magnet: &MagnetGrade,
    [i_d, i_q]: [f64; 2],
    turns: &[f64],
) -> [f64; 2] {
    let (k, fineness) = (machine.turns_ratio(), Fineness::second_order(12));
    let turned = |turn: &f64| {
        let (sin, cos) = turn.sin_cos();
        [(i_d * cos + i_q * sin) / k, (i_q * cos - i_d * sin) / k]
    };
    let currents: Vec<[f64; 2]> = turns.iter().map(turned).collect();
    let points = mean_points(section, machine, steel, magnet, &currents, fineness).unwrap();
    let share = 1.0 / (turns.len() as f64 * k * machine.stack_m);
    let back = turns.iter().zip(points).map(|(turn, point)| {
        let (sin, cos) = turn.sin_cos();
        let (d, q) = (point.psi_d_vs * share, point.psi_q_vs * share);
        [d * cos - q * sin, d * sin + q * cos]
    });
    back.fold([0.0; 2], |sum, psi| [sum[0] + psi[0], sum[1] + psi[1]])
}
