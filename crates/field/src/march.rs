//! The march along i_q at a few rotor positions, with up to sixteen direct-axis currents side by side.
//!
//! A good start saves Newton steps. At one position the line through the last two solutions is the
//! start (a parabola starts farther away at the knee, where it matters); what the line missed at the
//! position before, at the same currents, is added: the knee moves little from position to position.

use crate::solve::batch::{Batch, Currents, Effort, Potential};
use crate::solve::lanes::{F32, F64};

/// Neighbouring rotor positions with what their next start values need.
#[derive(Clone, Debug)]
pub struct March {
    i_d_a: Vec<f64>,
    positions: Vec<Position>,
    /// What the start values of the last position missed, by i_q; rotor, then stator.
    missed: Vec<Vec<F32>>,
    /// The line at the point that is being solved.
    line: Vec<F64>,
}

#[derive(Clone, Debug)]
struct Position {
    /// Ring steps.
    steps: usize,
    /// The last two solutions, newest first, with their i_q.
    history: Vec<(f64, Potential)>,
}

impl March {
    /// A march at the given ring steps; `i_d_a` are the lanes, unit winding, A peak.
    #[must_use]
    pub fn new(steps: &[usize], i_d_a: &[f64]) -> Self {
        let position = |steps: &usize| Position {
            steps: *steps,
            history: Vec::new(),
        };
        Self {
            i_d_a: i_d_a.to_vec(),
            positions: steps.iter().map(position).collect(),
            missed: Vec::new(),
            line: Vec::new(),
        }
    }

    /// Solves the next quadrature currents (unit winding, A peak) at all positions.
    ///
    /// `read` gets position, current and the batch that holds the solution, and how each lane went.
    /// Lanes that do not converge from their start are solved again from A = 0.
    pub fn solve<const N: usize, const Q: usize>(
        &mut self,
        batch: &mut Batch<N, Q>,
        i_q_a: &[f64],
        mut read: impl FnMut(usize, usize, &Batch<N, Q>, &[Effort]),
    ) {
        for (p, position) in self.positions.iter_mut().enumerate() {
            batch.turn(position.steps);
            for (j, i_q_a) in i_q_a.iter().enumerate() {
                position.line(batch, *i_q_a);
                self.line.clear();
                self.line.extend(rows(&batch.potential));
                if self.missed.len() == j {
                    self.missed.push(vec![F32::ZERO; self.line.len()]);
                }
                let missed = &mut self.missed[j];
                if p > 0 {
                    for (x, missed) in rows_mut(&mut batch.potential).zip(&*missed) {
                        for (x, missed) in x.0.iter_mut().zip(missed.0) {
                            *x += f64::from(missed);
                        }
                    }
                }
                let efforts = solve_lanes(batch, &self.i_d_a, *i_q_a);
                read(p, j, batch, &efforts);
                let found = rows(&batch.potential).zip(&self.line);
                for (missed, (x, line)) in missed.iter_mut().zip(found) {
                    *missed = difference(x, line);
                }
                position.remember(*i_q_a, &batch.potential);
            }
        }
    }
}

fn solve_lanes<const N: usize, const Q: usize>(
    batch: &mut Batch<N, Q>,
    i_d_a: &[f64],
    i_q_a: f64,
) -> Vec<Effort> {
    let points: Vec<Currents> = i_d_a
        .iter()
        .map(|i_d_a| Currents {
            i_d_a: *i_d_a,
            i_q_a,
            i_f_a: 0.0,
        })
        .collect();
    let mut efforts = batch.solve(&points);
    if efforts.iter().any(|e| !e.converged) {
        let again = batch.solve_cold(points.len());
        for (effort, again) in efforts.iter_mut().zip(again) {
            *effort = Effort {
                iterations: effort.iterations + again.iterations,
                ..again
            };
        }
    }
    efforts
}

impl Position {
    /// Keeps a solution in the place of the older one.
    fn remember(&mut self, i_q_a: f64, solution: &Potential) {
        if self.history.len() < 2 {
            self.history.insert(0, (i_q_a, solution.clone()));
            return;
        }
        self.history.swap(0, 1);
        let (i_q, newest) = &mut self.history[0];
        *i_q = i_q_a;
        newest.rotor.copy_from_slice(&solution.rotor);
        newest.stator.copy_from_slice(&solution.stator);
    }

    /// Start on the line through the last two solutions.
    fn line<const N: usize, const Q: usize>(&self, batch: &mut Batch<N, Q>, i_q_a: f64) {
        match &self.history[..] {
            [] => batch.potential = Potential::zero(batch.equations()),
            [(_, last)] => {
                batch.potential.rotor.copy_from_slice(&last.rotor);
                batch.potential.stator.copy_from_slice(&last.stator);
            }
            [(i, last), (j, before), ..] => {
                let t = (i_q_a - i) / (i - j);
                for (x, (a, b)) in rows_mut(&mut batch.potential).zip(rows(last).zip(rows(before)))
                {
                    for ((x, a), b) in x.0.iter_mut().zip(a.0).zip(b.0) {
                        *x = a + t * (a - b);
                    }
                }
            }
        }
    }
}

fn rows(x: &Potential) -> impl Iterator<Item = &F64> {
    x.rotor.iter().chain(&x.stator)
}

fn rows_mut(x: &mut Potential) -> impl Iterator<Item = &mut F64> {
    x.rotor.iter_mut().chain(&mut x.stator)
}

#[allow(clippy::cast_possible_truncation)]
fn difference(x: &F64, y: &F64) -> F32 {
    F32(std::array::from_fn(|l| (x.0[l] - y.0[l]) as f32))
}
