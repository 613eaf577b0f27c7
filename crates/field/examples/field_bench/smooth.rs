//! The smooth map that a drive model reads: fewer points solved, the others inferred.
//!
//! Currents in between are inferred by the bicubic surface of `codrive_numerics`, positions by
//! averaging fewer. The error is measured at the 256 currents of the full map.

use std::error::Error;

use codrive_field::map::solve_map;
use codrive_model::flux_map::FluxMap;
use codrive_numerics::bicubic::{Bicubic, Symmetry};
use serde_json::{Value, json};

use crate::case::{CURRENTS, Case, POSITIONS};
use crate::clock::Clock;
use crate::map;

/// Currents on each axis and rotor positions of the smaller maps.
const PLANS: [(usize, usize); 5] = [(16, 6), (11, 12), (11, 6), (8, 12), (8, 6)];

/// Time and error of smaller maps.
pub(crate) fn measure(case: &Case, threads: usize) -> Result<Value, Box<dyn Error>> {
    let (full, _) = solve(case, CURRENTS, POSITIONS)?;
    let mut rows = Vec::new();
    for (currents, positions) in PLANS {
        let (small, wall_s) = solve(case, currents, positions)?;
        rows.push(json!({
            "currents": currents,
            "positions": positions,
            "points": currents * currents * positions,
            "wall_s": wall_s,
            "errors": errors(&small, &full)?,
        }));
    }
    Ok(json!({ "threads": threads, "rows": rows }))
}

fn solve(case: &Case, currents: usize, positions: usize) -> Result<(FluxMap, f64), Box<dyn Error>> {
    let plan = map::plan(case, currents, positions);
    let clock = Clock::start();
    let (map, _) = solve_map(&case.section, &case.steel, &case.magnet, &plan, &|_, _| {})?;
    Ok((map, clock.seconds().0))
}

/// Largest errors of ψ_d, ψ_q and dq torque, over the largest magnitude.
fn errors(small: &FluxMap, full: &FluxMap) -> Result<[f64; 3], Box<dyn Error>> {
    let surface = Bicubic::new(
        &small.i_d_a,
        &small.i_q_a,
        [
            (&small.psi_d_vs_per_m, Symmetry::Even),
            (&small.psi_q_vs_per_m, Symmetry::Odd),
        ],
    )
    .map_err(|error| format!("{error:?}"))?;
    let (mut worst, mut largest) = ([0.0_f64; 3], [0.0_f64; 3]);
    for (d, i_d) in full.i_d_a.iter().enumerate() {
        for (q, i_q) in full.i_q_a.iter().enumerate() {
            let at = d * full.i_q_a.len() + q;
            let with_torque = |psi: [f64; 2]| [psi[0], psi[1], psi[0] * i_q - psi[1] * i_d];
            let exact = with_torque([full.psi_d_vs_per_m[at], full.psi_q_vs_per_m[at]]);
            let inferred = with_torque(surface.sample(*i_d, *i_q).map(|sample| sample.value));
            for k in 0..3 {
                worst[k] = worst[k].max((inferred[k] - exact[k]).abs());
                largest[k] = largest[k].max(exact[k].abs());
            }
        }
    }
    Ok([0, 1, 2].map(|k| worst[k] / largest[k]))
}
