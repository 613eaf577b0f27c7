//! The march of one rotor position along i_q, with up to sixteen direct-axis currents side by side.

use crate::solve::batch::{Batch, Currents, Effort, Potential};
use crate::solve::lanes::F64;

/// One rotor position with what the next start value needs.
#[derive(Clone, Debug)]
pub struct March {
    steps: usize,
    i_d_a: Vec<f64>,
    /// Solutions of the last points, newest first, and their i_q.
    history: Vec<(f64, Potential)>,
}

impl March {
    /// A march at a number of ring steps; `i_d_a` are the lanes, unit winding, A peak.
    #[must_use]
    pub fn new(steps: usize, i_d_a: &[f64]) -> Self {
        Self {
            steps,
            i_d_a: i_d_a.to_vec(),
            history: Vec::new(),
        }
    }

    /// Solves the next i_q, unit winding, A peak; the batch then holds the solution.
    ///
    /// Lanes that do not converge from the extrapolated start are solved again from A = 0.
    pub fn solve<const N: usize, const Q: usize>(
        &mut self,
        batch: &mut Batch<N, Q>,
        i_q_a: f64,
    ) -> Vec<Effort> {
        batch.turn(self.steps);
        let points: Vec<Currents> = self
            .i_d_a
            .iter()
            .map(|i_d_a| Currents {
                i_d_a: *i_d_a,
                i_q_a,
                i_f_a: 0.0,
            })
            .collect();
        self.start(batch, i_q_a);
        let mut efforts = batch.solve(&points);
        if efforts.iter().any(|e| !e.converged) {
            batch.potential = Potential::zero(batch.equations());
            let again = batch.solve(&points);
            for (effort, again) in efforts.iter_mut().zip(again) {
                *effort = Effort {
                    iterations: effort.iterations + again.iterations,
                    ..again
                };
            }
        }
        self.history.insert(0, (i_q_a, batch.potential.clone()));
        self.history.truncate(2);
        efforts
    }

    /// Start value on the line through the last two solutions.
    ///
    /// A parabola starts farther away at the knee, where it matters.
    fn start<const N: usize, const Q: usize>(&self, batch: &mut Batch<N, Q>, i_q_a: f64) {
        match &self.history[..] {
            [] => batch.potential = Potential::zero(batch.equations()),
            [(_, last)] => batch.potential.clone_from(last),
            [(i, last), (j, before), ..] => {
                let t = (i_q_a - i) / (i - j);
                extrapolate(&mut batch.potential.rotor, &last.rotor, &before.rotor, t);
                extrapolate(&mut batch.potential.stator, &last.stator, &before.stator, t);
            }
        }
    }
}

fn extrapolate(to: &mut [F64], last: &[F64], before: &[F64], t: f64) {
    for ((to, a), b) in to.iter_mut().zip(last).zip(before) {
        for ((to, a), b) in to.0.iter_mut().zip(a.0).zip(b.0) {
            *to = a + t * (a - b);
        }
    }
}
