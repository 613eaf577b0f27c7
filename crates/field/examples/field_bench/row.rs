//! Warm operating points: rows of constant i_d, marched in i_q at rotor position zero.

use std::error::Error;

use codrive_field::measure::{self, Reading};
use codrive_field::solve::model::Model;
use codrive_field::solve::newton::Newton;
use codrive_field::solve::system::System;
use serde_json::{Value, json};

use crate::case::Case;
use crate::clock::{Clock, median};

/// Processor time and Newton steps of a warm point, and what was read at every point.
pub(crate) fn measure(case: &Case, repeats: usize) -> Result<Value, Box<dyn Error>> {
    if case.order == 1 {
        rows(case, &case.model::<3, 1>(case.mesh()?)?, repeats)
    } else {
        rows(case, &case.model::<6, 3>(case.mesh()?)?, repeats)
    }
}

fn rows<const N: usize, const Q: usize>(
    case: &Case,
    model: &Model<N, Q>,
    repeats: usize,
) -> Result<Value, Box<dyn Error>> {
    let system = System::new(model, 0);
    let failed = |_| "the field equations could not be factorised";
    let mut newton = Newton::new(&system).map_err(failed)?;
    let k = case.machine.turns_ratio();
    let (mut cpu_s, mut points, mut steps) = (Vec::new(), Vec::new(), 0);
    for _ in 0..repeats.max(1) {
        (points, steps) = (Vec::new(), 0);
        let mut spent_s = 0.0;
        for i_d in Case::i_d_a() {
            let mut history: Vec<Vec<f64>> = Vec::new();
            for (j, i_q) in Case::i_q_a().into_iter().enumerate() {
                let clock = Clock::start();
                let mut x = start(&history, system.unknowns + 1);
                let source = system.source(k * i_d, k * i_q);
                let effort = newton.solve(&system, &source, &mut x).map_err(failed)?;
                let reading = measure::read(&system, &x);
                if j > 0 {
                    spent_s += clock.seconds().1;
                    steps += effort.iterations;
                }
                if !effort.converged {
                    return Err(format!("no convergence at {i_d} A, {i_q} A").into());
                }
                points.push(point(case, i_d, i_q, reading));
                history.insert(0, x);
                history.truncate(3);
            }
        }
        cpu_s.push(spent_s);
    }
    let warm = (Case::i_d_a().len() * (Case::i_q_a().len() - 1)) as f64;
    Ok(json!({
        "unknowns": system.unknowns,
        "path": "one point at a time, f64",
        "cpu_ms_per_point": 1e3 * median(cpu_s) / warm,
        "newton_steps_per_point": steps as f64 / warm,
        "points": points,
    }))
}

/// The parabola through the last three solutions, or what there is.
fn start(history: &[Vec<f64>], n: usize) -> Vec<f64> {
    (0..n)
        .map(|i| match history {
            [] => 0.0,
            [a] => a[i],
            [a, b] => 2.0 * a[i] - b[i],
            [a, b, c, ..] => 3.0 * (a[i] - b[i]) + c[i],
        })
        .collect()
}

fn point(case: &Case, i_d: f64, i_q: f64, reading: Reading) -> Value {
    let (k, stack) = (case.machine.turns_ratio(), case.machine.stack_m);
    json!([
        i_d,
        i_q,
        k * stack * reading.psi_d,
        k * stack * reading.psi_q,
        stack * reading.torque
    ])
}
