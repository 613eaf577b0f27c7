//! Warm operating points: rows of constant i_d, marched in i_q at rotor position zero.

use std::error::Error;

use codrive_field::march::{Along, March};
use codrive_field::measure::{Meter, Reading};
use codrive_field::solve::batch::{Batch, Stop};
use codrive_field::solve::equations::Equations;
use codrive_field::solve::model::Model;
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
    let equations = Equations::new(model);
    let meter = Meter::new(&equations);
    let k = case.machine.turns_ratio();
    let i_d: Vec<f64> = Case::i_d_a().iter().map(|i| k * i).collect();
    let (mut cpu_s, mut points, mut steps) = (Vec::new(), Vec::new(), 0);
    let mut batch = Batch::new(&equations, Stop::default());
    for _ in 0..repeats.max(1) {
        (points, steps) = (Vec::new(), 0);
        let mut spent_s = 0.0;
        let mut march = March::new(Along::Quadrature, &[0], &i_d);
        for (j, i_q) in Case::i_q_a().into_iter().enumerate() {
            let (clock, mut spent, mut failed) = (Clock::start(), 0.0, false);
            march.solve(&mut batch, &[k * i_q], |_, _, batch, efforts| {
                let readings = meter.read(batch, i_d.len());
                spent = clock.seconds().1;
                if j > 0 {
                    steps += efforts.iter().map(|e| e.iterations).sum::<usize>();
                }
                failed = efforts.iter().any(|e| !e.converged);
                for (i_d, reading) in Case::i_d_a().into_iter().zip(readings) {
                    points.push(point(case, i_d, i_q, reading));
                }
            });
            if failed {
                return Err(format!("no convergence at {i_q} A").into());
            }
            if j > 0 {
                spent_s += spent;
            }
        }
        cpu_s.push(spent_s);
    }
    let warm = (i_d.len() * (Case::i_q_a().len() - 1)) as f64;
    Ok(json!({
        "unknowns": equations.unknowns(),
        "path": batch.path(),
        "cpu_ms_per_point": 1e3 * median(cpu_s) / warm,
        "newton_steps_per_point": steps as f64 / warm,
        "points": points,
    }))
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
