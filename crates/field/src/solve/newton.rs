//! Newton's iteration on the magnetic energy, with a line search.
//!
//! The field minimises W(a) = Σ ∫ w(|B|) − J·A − ν B_r·B. W is convex, so the tangent is positive
//! definite and each Newton step goes down; halving the step until the energy falls makes the
//! iteration converge from any start. It stops when the energy that the next step could still
//! gain, ½ rᵀK⁻¹r, is a small share of the work of the sources.

use super::linear::{Cholesky, NotPositiveDefinite};
use super::system::System;

/// Stop when r·K⁻¹r falls below this share of f·a; the step is still taken, so
/// that the error left is smaller again.
const DECREMENT: f64 = 3e-8;
/// Rounding of the energy, relative.
const SLACK: f64 = 1e-13;
const MOST_ITERATIONS: usize = 60;
const MOST_HALVINGS: usize = 14;

/// How an iteration went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effort {
    /// Newton steps (factorisations).
    pub iterations: usize,
    /// Energy norm of the last step relative to the sources' work, √(rᵀK⁻¹r / f·a); the error
    /// after that step is of the order of its square.
    pub residual: f64,
    /// Whether it converged.
    pub converged: bool,
}

/// Memory of the iteration at one rotor position.
pub struct Newton {
    cholesky: Cholesky,
    values: Vec<f64>,
    gradient: Vec<f64>,
    trial: Vec<f64>,
    step: Vec<f64>,
}

impl Newton {
    /// Analyses the pattern of a system.
    ///
    /// # Errors
    /// The pattern cannot be factorised.
    pub fn new<const N: usize, const Q: usize>(
        system: &System<N, Q>,
    ) -> Result<Self, NotPositiveDefinite> {
        let n = system.unknowns;
        Ok(Self {
            cholesky: Cholesky::new(&system.pattern)?,
            values: vec![0.0; system.constant.len()],
            gradient: vec![0.0; n + 1],
            trial: vec![0.0; n + 1],
            step: vec![0.0; n],
        })
    }

    /// Solves for a right-hand side, starting from `x` (of one more entry than unknowns, the last zero).
    ///
    /// # Errors
    /// The tangent is not positive definite, which only bad input data can cause.
    pub fn solve<const N: usize, const Q: usize>(
        &mut self,
        system: &System<N, Q>,
        source: &[f64],
        x: &mut [f64],
    ) -> Result<Effort, NotPositiveDefinite> {
        let n = system.unknowns;
        let mut energy = self.assemble(system, source, x);
        let mut effort = Effort {
            iterations: 0,
            residual: f64::INFINITY,
            converged: false,
        };
        while effort.iterations < MOST_ITERATIONS {
            for (s, g) in self.step.iter_mut().zip(&self.gradient) {
                *s = -g;
            }
            let nonzero = self.pattern_len(system);
            self.cholesky
                .solve(&system.pattern, &self.values[..nonzero], &mut self.step)?;
            effort.iterations += 1;
            let decrement: f64 = -self
                .step
                .iter()
                .zip(&self.gradient)
                .map(|(s, g)| s * g)
                .sum::<f64>();
            self.trial[..n]
                .iter_mut()
                .zip(x.iter().zip(&self.step))
                .for_each(|(t, (x, s))| *t = x + s);
            let work: f64 = source[..n]
                .iter()
                .zip(&self.trial)
                .map(|(f, t)| f * t)
                .sum::<f64>()
                .abs();
            effort.residual = (decrement.max(0.0) / work.max(f64::MIN_POSITIVE)).sqrt();
            if decrement <= DECREMENT * work || work == 0.0 {
                x[..n].copy_from_slice(&self.trial[..n]);
                effort.converged = true;
                effort.residual = if work == 0.0 { 0.0 } else { effort.residual };
                return Ok(effort);
            }
            let Some(lower) = self.line_search(system, source, x, energy, decrement) else {
                break;
            };
            energy = lower;
        }
        Ok(effort)
    }

    fn pattern_len<const N: usize, const Q: usize>(&self, system: &System<N, Q>) -> usize {
        system.pattern.row.len()
    }

    /// Takes the longest of the steps 1, ½, ¼ … that lowers the energy (Armijo); assembles there.
    fn line_search<const N: usize, const Q: usize>(
        &mut self,
        system: &System<N, Q>,
        source: &[f64],
        x: &mut [f64],
        energy: f64,
        decrement: f64,
    ) -> Option<f64> {
        let n = system.unknowns;
        let mut length = 1.0;
        for _ in 0..MOST_HALVINGS {
            for (t, (x, s)) in self.trial[..n].iter_mut().zip(x.iter().zip(&self.step)) {
                *t = x + length * s;
            }
            let trial = std::mem::take(&mut self.trial);
            let reached = self.assemble(system, source, &trial);
            self.trial = trial;
            if reached <= energy - 1e-4 * length * decrement + SLACK * energy.abs() {
                x[..n].copy_from_slice(&self.trial[..n]);
                return Some(reached);
            }
            length /= 2.0;
        }
        None
    }

    /// Energy, gradient and tangent at `x`.
    fn assemble<const N: usize, const Q: usize>(
        &mut self,
        system: &System<N, Q>,
        source: &[f64],
        x: &[f64],
    ) -> f64 {
        let n = system.unknowns;
        let mut energy = system.constant_product(x, &mut self.gradient);
        for (g, (f, x)) in self.gradient.iter_mut().zip(source.iter().zip(x)).take(n) {
            *g -= f;
            energy -= f * x;
        }
        self.values.copy_from_slice(&system.constant);
        let entries = N * (N + 1) / 2;
        for (at, &cell) in system.steel.iter().enumerate() {
            let places = &system.places[at * entries..(at + 1) * entries];
            energy += self.add_steel(system, cell, places, x);
        }
        energy
    }

    /// Adds a steel cell; returns its energy.
    ///
    /// Tangent: ∂h/∂b = ν (I − b̂b̂ᵀ) + h'(b) b̂b̂ᵀ.
    #[inline]
    fn add_steel<const N: usize, const Q: usize>(
        &mut self,
        system: &System<N, Q>,
        cell: usize,
        places: &[u32],
        x: &[f64],
    ) -> f64 {
        let element = &system.model.cells[cell].element;
        let local = &system.local[cell];
        let a = system.gather(cell, x);
        let mut energy = 0.0;
        let mut force = [0.0; N];
        let mut tangent = [[0.0; N]; N];
        for k in 0..Q {
            let b = element.flux_density(k, &a);
            let size = b[0].hypot(b[1]);
            let curve = system.model.curve.at(size);
            energy += element.weight * curve.energy;
            let extra = if size > 1e-12 {
                (curve.slope - curve.nu) / (size * size)
            } else {
                0.0
            };
            let (nu, extra) = (element.weight * curve.nu, element.weight * extra);
            let curl = &element.curl[k];
            let mut along = [0.0; N];
            for i in 0..N {
                along[i] = curl[i][0] * b[0] + curl[i][1] * b[1];
                force[i] += nu * along[i];
            }
            for i in 0..N {
                for j in 0..=i {
                    tangent[i][j] += nu * (curl[i][0] * curl[j][0] + curl[i][1] * curl[j][1])
                        + extra * along[i] * along[j];
                }
            }
        }
        let mut at = 0;
        for i in 0..N {
            self.gradient[local[i].0 as usize] += local[i].1 * force[i];
            for j in 0..=i {
                self.values[places[at] as usize] += local[i].1 * local[j].1 * tangent[i][j];
                at += 1;
            }
        }
        energy
    }
}
