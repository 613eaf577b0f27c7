//! Better prices, step by step: the volume algorithm of Barahona and Anbil (2000,
//! doi:10.1007/s101070050002), a subgradient method that also averages the choices it sees.

use crate::bound::{Evaluation, Prices, Scene};
use crate::compact::members;

/// Steps without a better bound after which the step gets shorter.
const PATIENCE: usize = 20;

/// The way to good prices in one scene.
#[derive(Clone, Debug)]
pub(crate) struct Ascent {
    /// The best prices so far.
    pub best: Prices,
    /// Their bound, EUR.
    pub bound: f64,
    /// For each axle and module how often vehicles chose it, averaged: near what the relaxation
    /// does, so fractions show where it is undecided.
    pub usage: Vec<f64>,
    /// For each module how often it was used at all, averaged.
    pub released: Vec<f64>,
    /// Evaluations made.
    pub evaluations: usize,
    imbalance: Vec<f64>,
    trial: Prices,
    length: f64,
    inertia: f64,
    failures: usize,
    failures_in_row: usize,
}

impl Ascent {
    /// Starts at some prices and evaluates them.
    pub(crate) fn start(scene: &Scene, prices: Prices, seen: &mut Evaluation) -> Self {
        scene.evaluate(&prices, true, seen);
        let size = prices.values.len();
        let mut ascent = Self {
            best: prices.clone(),
            bound: seen.bound,
            usage: vec![0.0; size],
            released: vec![0.0; scene.users.len()],
            evaluations: 1,
            imbalance: vec![0.0; size],
            trial: prices,
            length: 0.5,
            inertia: 0.1,
            failures: 0,
            failures_in_row: 0,
        };
        ascent.average(scene, seen, 1.0);
        ascent
    }

    /// Goes on in another scene from where this one stands.
    pub(crate) fn resumed(&self, scene: &Scene, seen: &mut Evaluation) -> Self {
        scene.evaluate(&self.best, true, seen);
        let mut ascent = Self {
            bound: seen.bound,
            evaluations: 1,
            length: self.length.max(0.1),
            inertia: 0.1,
            failures: 0,
            failures_in_row: 0,
            ..self.clone()
        };
        ascent.average(scene, seen, ascent.inertia);
        ascent
    }

    /// One step towards a bound of `target`.
    pub(crate) fn step(&mut self, scene: &Scene, target: f64, seen: &mut Evaluation) {
        let norm2 = self.norm2();
        if norm2 <= 1e-18 || !self.bound.is_finite() {
            return;
        }
        let step = self.length * (target - self.bound).max(1e-9 * target.abs()) / norm2;
        for (i, trial) in self.trial.values.iter_mut().enumerate() {
            *trial = (self.best.values[i] + step * self.imbalance[i]).max(0.0);
        }
        scene.evaluate(&self.trial, true, seen);
        self.evaluations += 1;
        let agreement = self.agreement(scene, seen);
        self.adapt(seen.bound, agreement);
        if seen.bound > self.bound {
            self.bound = seen.bound;
            std::mem::swap(&mut self.best, &mut self.trial);
        }
        self.average(scene, seen, self.inertia);
    }

    /// Squared length of the direction, without what the sign of prices blocks.
    fn norm2(&self) -> f64 {
        let free = self.imbalance.iter().zip(&self.best.values);
        free.filter(|(d, price)| **d > 0.0 || **price > 0.0)
            .map(|(d, _)| d * d)
            .sum()
    }

    fn adapt(&mut self, bound: f64, agreement: f64) {
        let improved = bound > self.bound;
        if improved {
            self.failures = 0;
            if agreement > 0.0 {
                self.length = (self.length * 1.1).min(2.0);
            }
            if bound - self.bound > 1e-5 * bound.abs() {
                self.failures_in_row = 0;
            }
        } else {
            self.failures += 1;
            self.failures_in_row += 1;
            if self.failures >= PATIENCE {
                self.length *= 0.66;
                self.failures = 0;
            }
            if self.failures_in_row >= 5 * PATIENCE {
                self.inertia = (self.inertia * 0.5).max(0.005);
                self.failures_in_row = 0;
            }
        }
    }

    /// Scalar product of the averaged imbalance with that of an evaluation.
    fn agreement(&self, scene: &Scene, seen: &Evaluation) -> f64 {
        let mut sum = 0.0;
        for_each_imbalance(scene, seen, |at, value| sum += self.imbalance[at] * value);
        sum
    }

    fn average(&mut self, scene: &Scene, seen: &Evaluation, weight: f64) {
        for value in self.imbalance.iter_mut().chain(&mut self.usage) {
            *value *= 1.0 - weight;
        }
        for (released, offer) in self.released.iter_mut().zip(&seen.offers) {
            *released *= 1.0 - weight;
            *released += if offer.used { weight } else { 0.0 };
        }
        let Self {
            imbalance, usage, ..
        } = self;
        for_each_imbalance(scene, seen, |at, value| {
            imbalance[at] += weight * value;
            if value > 0.0 {
                usage[at] += weight;
            }
        });
    }
}

/// Calls with +1 where a vehicle's axle chose a module, and with −1 where a module chose an axle.
fn for_each_imbalance(scene: &Scene, seen: &Evaluation, mut call: impl FnMut(usize, f64)) {
    let modules = scene.users.len();
    for (vehicle, pick) in scene.compact.vehicles.iter().zip(&seen.picks) {
        let Some(pick) = pick else { continue };
        for (offset, list) in vehicle.splits[pick.split].iter().enumerate() {
            let row = (vehicle.first_axle + offset) * modules;
            for module in list[pick.columns[offset]].modules {
                call(row + module as usize, 1.0);
            }
        }
    }
    for (module, offer) in seen.offers.iter().enumerate() {
        members(offer.axles).for_each(|axle| call(axle * modules + module, -1.0));
    }
}
