//! The march along one current at a few rotor positions, with up to sixteen values of the other side by side.
//!
//! A good start saves Newton steps. At one position the line through the last two solutions is the
//! start (a parabola starts farther away at the knee, where it matters); the first current starts from the
//! solution that the position before has there.

use crate::solve::batch::{Batch, Currents, Effort, Potential};
use crate::solve::lanes::F64;

/// The current that a march raises; the lanes are the other one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// i_d, at the lanes' i_q.
    Direct,
    /// i_q, at the lanes' i_d.
    Quadrature,
}

/// Neighbouring rotor positions with what their next start values need.
#[derive(Clone, Debug)]
pub struct March {
    along: Along,
    lanes_a: Vec<f64>,
    positions: Vec<Position>,
}

#[derive(Clone, Debug)]
struct Position {
    /// Ring steps.
    steps: usize,
    /// The last two solutions, newest first, with the marched current.
    history: Vec<(f64, Potential)>,
}

impl March {
    /// A march at the given ring steps; `lanes_a` are the currents that stay, unit winding, A peak.
    #[must_use]
    pub fn new(along: Along, steps: &[usize], lanes_a: &[f64]) -> Self {
        let position = |steps: &usize| Position {
            steps: *steps,
            history: Vec::new(),
        };
        Self {
            along,
            lanes_a: lanes_a.to_vec(),
            positions: steps.iter().map(position).collect(),
        }
    }

    /// Solves the next marched currents (unit winding, A peak) at all positions.
    ///
    /// `read` gets position, current and the batch that holds the solution, and how each lane went.
    /// Lanes that do not converge from their start are solved again from A = 0.
    pub fn solve<const N: usize, const Q: usize>(
        &mut self,
        batch: &mut Batch<N, Q>,
        marched_a: &[f64],
        mut read: impl FnMut(usize, usize, &Batch<N, Q>, &[Effort]),
    ) {
        let mut first: Option<Potential> = None;
        for (p, position) in self.positions.iter_mut().enumerate() {
            batch.turn(position.steps);
            for (j, marched_a) in marched_a.iter().enumerate() {
                position.start(batch, *marched_a, first.as_ref());
                let efforts = solve_lanes(batch, &points(self.along, *marched_a, &self.lanes_a));
                read(p, j, batch, &efforts);
                if position.history.is_empty() {
                    first = Some(batch.potential.clone());
                }
                position.remember(*marched_a, &mut batch.potential);
            }
        }
    }
}

/// Currents of the lanes.
fn points(along: Along, marched_a: f64, lanes_a: &[f64]) -> Vec<Currents> {
    let point = |lane_a: &f64| {
        let (i_d_a, i_q_a) = match along {
            Along::Direct => (marched_a, *lane_a),
            Along::Quadrature => (*lane_a, marched_a),
        };
        Currents {
            i_d_a,
            i_q_a,
            i_f_a: 0.0,
        }
    };
    lanes_a.iter().map(point).collect()
}

fn solve_lanes<const N: usize, const Q: usize>(
    batch: &mut Batch<N, Q>,
    points: &[Currents],
) -> Vec<Effort> {
    let mut efforts = batch.solve(points);
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
    /// Takes a solution and leaves the older one, or a copy, in its place.
    fn remember(&mut self, marched_a: f64, solution: &mut Potential) {
        if self.history.len() < 2 {
            self.history.insert(0, (marched_a, solution.clone()));
            return;
        }
        self.history.swap(0, 1);
        let (current, newest) = &mut self.history[0];
        *current = marched_a;
        std::mem::swap(newest, solution);
    }

    /// Start on the line through the last two solutions, or from `neighbour`, or from A = 0.
    fn start<const N: usize, const Q: usize>(
        &self,
        batch: &mut Batch<N, Q>,
        marched_a: f64,
        neighbour: Option<&Potential>,
    ) {
        match (&self.history[..], neighbour) {
            ([], None) => batch.potential = Potential::zero(batch.equations()),
            ([], Some(solution)) | ([(_, solution)], _) => batch.potential.copy_from(solution),
            ([(i, last), (j, before), ..], _) => {
                let t = (marched_a - i) / (i - j);
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
