//! The map beyond its currents, as far as a short circuit drives them, on a coarse grid.
//!
//! The flux linkage of an operating point, turned to the negative d axis, asks for more current than any
//! operation does. The sixteen direct-axis currents of a batch reach that far, at three quadrature currents
//! and three rotor positions, for less than a tenth of the map's work. Losses are not evaluated.
//!
//! The packs of a skewed rotor see turned currents ([`crate::skew`]): its straight map goes as much farther, to
//! more quadrature currents at half the distance.

use codrive_model::flux_map::{FarFlux, FluxMap};
use rayon::prelude::*;

use crate::march::{Along, March};
use crate::measure::{Meter, Reading};
use crate::snapshot::Camera;
use crate::solve::batch::{Batch, Stop};
use crate::solve::equations::Equations;
use crate::solve::lanes::LANES;

/// Rotor positions over 60 electrical degrees, at most.
const POSITIONS: usize = 3;
/// Quadrature currents, from zero to the map's largest.
pub(crate) const ROWS: usize = 3;
/// Where the direct-axis currents begin, as a share of the map's largest.
pub(crate) const WITHIN: f64 = 0.8;
/// The reach over the one that the slope at the map's edge asks for: iron saturates again, the other way.
const MARGIN: f64 = 1.5;
/// Most of the reach, over the map's largest current.
const MOST_REACH: f64 = 5.0;

/// Flux linkages from within the map to where ψ_d is minus the flux linkage of its largest torque, and as much
/// farther as it takes to turn those currents; `None` where a point does not converge. `counts` are the map's
/// currents along both axes without what it takes to turn them.
pub(crate) fn solve<const N: usize, const Q: usize>(
    equations: &Equations<N, Q>,
    meter: &Meter<N, Q>,
    camera: &Camera<N>,
    map: &FluxMap,
    counts: [usize; 2],
    turn_el_rad: f64,
) -> Option<FarFlux> {
    let [i_d_a, i_q_a] = axes(map, counts, turn_el_rad);
    let steps = positions(equations.model.mesh.steps_per_pole(), map.health.positions);
    let solved: Vec<Vec<Column>> = steps
        .par_iter()
        .map(|steps| columns(equations, meter, camera, *steps, [&i_d_a, &i_q_a]))
        .collect::<Option<_>>()?;
    let over = |f: &dyn Fn(&Column, usize) -> f64, join: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
        let of = |d: usize, q: usize| {
            solved
                .iter()
                .map(|p| f(&p[q], d))
                .reduce(join)
                .unwrap_or(0.0)
        };
        let row = |d: usize| (0..i_q_a.len()).map(move |q| of(d, q));
        (0..i_d_a.len()).flat_map(row).collect()
    };
    #[allow(clippy::cast_precision_loss)]
    let share = 1.0 / steps.len() as f64;
    let sum = |a: f64, b: f64| a + b;
    Some(FarFlux {
        psi_d_vs_per_m: over(&|c, d| share * c.readings[d].psi_d, &sum),
        psi_q_vs_per_m: over(&|c, d| share * c.readings[d].psi_q, &sum),
        magnet_flux_density_min_t: if map.magnet_flux_density_min_t.is_empty() {
            vec![]
        } else {
            over(&|c, d| c.lowest_magnet_t[d], &f64::min)
        },
        positions: steps.len(),
        i_d_a,
        i_q_a,
    })
}

/// What one position gives at one i_q, by i_d.
struct Column {
    readings: Vec<Reading>,
    lowest_magnet_t: [f64; LANES],
}

/// All currents at one position; `None` where one does not converge.
fn columns<const N: usize, const Q: usize>(
    equations: &Equations<N, Q>,
    meter: &Meter<N, Q>,
    camera: &Camera<N>,
    steps: usize,
    [i_d_a, i_q_a]: [&[f64]; 2],
) -> Option<Vec<Column>> {
    let mut batch = Batch::new(equations, Stop::default());
    let mut columns = Vec::with_capacity(i_q_a.len());
    let mut converged = true;
    let mut march = March::new(Along::Quadrature, &[steps], i_d_a);
    march.solve(&mut batch, i_q_a, |_, _, batch, efforts| {
        converged &= efforts.iter().all(|effort| effort.converged);
        columns.push(Column {
            readings: meter.read(batch, efforts.len()),
            lowest_magnet_t: camera.lowest_magnet_b(batch).0,
        });
    });
    converged.then_some(columns)
}

/// Ring steps of evenly spaced positions of the map, [`POSITIONS`] at most.
fn positions(steps_per_pole: usize, of_map: usize) -> Vec<usize> {
    let few = (1..=POSITIONS).rev().find(|n| of_map.is_multiple_of(*n));
    let few = few.unwrap_or(1);
    (0..few).map(|k| k * steps_per_pole / (3 * few)).collect()
}

/// The largest currents of the map without what it takes to turn them, along both axes, A.
fn largest_a(map: &FluxMap, [n_d, n_q]: [usize; 2]) -> [f64; 2] {
    let zero = map.i_d_a.partition_point(|i_d| *i_d < 0.0);
    [-map.i_d_a[zero + 1 - n_d], map.i_q_a[n_q - 1]]
}

/// The currents along both axes, unit winding, A peak, ascending: every current from the reach to [`WITHIN`] and
/// up to the largest quadrature current, turned by up to an electrical angle, lies among them.
fn axes(map: &FluxMap, counts: [usize; 2], turn_el_rad: f64) -> [Vec<f64>; 2] {
    let [largest_d, largest_q] = largest_a(map, counts);
    let reach = reach_a(map, largest_d);
    let (sin, cos) = turn_el_rad.sin_cos();
    let farthest = turn_el_rad.min(largest_q.atan2(reach));
    let from = -(reach * farthest.cos() + largest_q * farthest.sin());
    let rows = if turn_el_rad > 0.0 {
        2 * ROWS - 1
    } else {
        ROWS
    };
    let most_i_q = largest_q * cos + reach * sin;
    [
        even(from, largest_q * sin - WITHIN * largest_d * cos, LANES),
        steps_to(most_i_q, even(0.0, largest_q, rows)[1]),
    ]
}

/// `n` even currents.
pub(crate) fn even(from: f64, to: f64, n: usize) -> Vec<f64> {
    #[allow(clippy::cast_precision_loss)]
    let at = |k: usize| from + (to - from) * k as f64 / (n - 1) as f64;
    (0..n).map(at).collect()
}

/// Steps from zero until they reach `most`.
fn steps_to(most: f64, step: f64) -> Vec<f64> {
    let short = |i: &f64| *i < most + (1.0 - 1e-9) * step;
    (0..)
        .map(|k: u32| f64::from(k) * step)
        .take_while(short)
        .collect()
}

/// How far the negative d axis is followed, A.
fn reach_a(map: &FluxMap, largest: f64) -> f64 {
    let (i_d, n) = (&map.i_d_a, map.i_q_a.len());
    let psi_d = &map.psi_d_vs_per_m;
    let slope = (psi_d[n] - psi_d[0]) / (i_d[1] - i_d[0]);
    let lacks = (flux_of_largest_torque(map, largest) + psi_d[0]) / slope;
    (MARGIN * lacks - i_d[0]).clamp(1.2 * largest, MOST_REACH * largest)
}

/// Flux linkage of the largest torque within the map's largest current, V·s/m.
fn flux_of_largest_torque(map: &FluxMap, largest: f64) -> f64 {
    let (i_d, i_q, n) = (&map.i_d_a, &map.i_q_a, map.i_q_a.len());
    let inside = |at: &usize| i_d[at / n].hypot(i_q[at % n]) <= largest * (1.0 + 1e-9);
    let torque = |at: &usize| map.torque_nm_per_m[*at];
    let best = (0..map.torque_nm_per_m.len()).filter(inside);
    let best = best
        .max_by(|a, b| torque(a).total_cmp(&torque(b)))
        .unwrap_or(0);
    map.psi_d_vs_per_m[best].hypot(map.psi_q_vs_per_m[best])
}
