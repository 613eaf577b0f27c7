//! The map beyond its currents, as far as a short circuit drives them, on a coarse grid.
//!
//! The flux linkage of an operating point, turned to the negative d axis, asks for more current than any
//! operation does. The sixteen direct-axis currents of a batch reach that far, at three quadrature currents
//! and three rotor positions, for less than a tenth of the map's work. Losses are not evaluated.

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
const ROWS: usize = 3;
/// Where the direct-axis currents begin, as a share of the map's largest.
const WITHIN: f64 = 0.8;
/// The reach over the one that the slope at the map's edge asks for: iron saturates again, the other way.
const MARGIN: f64 = 1.5;
/// Most of the reach, over the map's largest current.
const MOST_REACH: f64 = 5.0;

/// Flux linkages from within the map to where ψ_d is minus the flux linkage of its largest torque; `None`
/// where a point does not converge.
pub(crate) fn solve<const N: usize, const Q: usize>(
    equations: &Equations<N, Q>,
    meter: &Meter<N, Q>,
    camera: &Camera<N>,
    map: &FluxMap,
) -> Option<FarFlux> {
    let (i_d_a, i_q_a) = axes(map);
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

/// The currents along both axes, unit winding, A peak, ascending.
fn axes(map: &FluxMap) -> (Vec<f64>, Vec<f64>) {
    let even = |from: f64, to: f64, n: usize| -> Vec<f64> {
        #[allow(clippy::cast_precision_loss)]
        let at = |k: usize| from + (to - from) * k as f64 / (n - 1) as f64;
        (0..n).map(at).collect()
    };
    let i_d_a = even(-reach_a(map), WITHIN * map.i_d_a[0], LANES);
    (i_d_a, even(0.0, map.i_q_a[map.i_q_a.len() - 1], ROWS))
}

/// How far the negative d axis is followed, A.
fn reach_a(map: &FluxMap) -> f64 {
    let (i_d, n) = (&map.i_d_a, map.i_q_a.len());
    let (largest, psi_d) = (-i_d[0], &map.psi_d_vs_per_m);
    let slope = (psi_d[n] - psi_d[0]) / (i_d[1] - i_d[0]);
    let lacks = (flux_of_largest_torque(map) + psi_d[0]) / slope;
    (largest + MARGIN * lacks).clamp(1.2 * largest, MOST_REACH * largest)
}

/// Flux linkage of the largest torque within the map's largest current, V·s/m.
fn flux_of_largest_torque(map: &FluxMap) -> f64 {
    let (i_d, i_q, n) = (&map.i_d_a, &map.i_q_a, map.i_q_a.len());
    let inside = |at: &usize| i_d[at / n].hypot(i_q[at % n]) <= -i_d[0] * (1.0 + 1e-9);
    let torque = |at: &usize| map.torque_nm_per_m[*at];
    let best = (0..map.torque_nm_per_m.len()).filter(inside);
    let best = best
        .max_by(|a, b| torque(a).total_cmp(&torque(b)))
        .unwrap_or(0);
    map.psi_d_vs_per_m[best].hypot(map.psi_q_vs_per_m[best])
}
