//! Better prices, round by round: a proximal bundle method (Lemaréchal 1978; Kiwiel 1990,
//! doi:10.1007/BF01585731) whose model keeps the answers of every vehicle and every module apart, so
//! that few rounds are needed.

use crate::blocks::Blocks;
use crate::bound::{Evaluation, Prices, Scene};
use crate::counts::KINDS;
use crate::master::Master;

/// Sweeps over the model in each round, and how often so many until there is something to hope for.
const SWEEPS: usize = 30;
const PATIENCE: usize = 4;

/// A round is worth its while if it is hoped to gain this part of what is missing.
const WORTH: f64 = 0.02;

/// The way to good prices in one scene.
#[derive(Clone, Debug)]
pub(crate) struct Ascent {
    /// The best prices so far.
    pub best: Prices,
    /// Their bound, EUR.
    pub bound: f64,
    /// For each axle and module how often vehicles choose it in the relaxation: fractions show where
    /// it is undecided.
    pub usage: Vec<f64>,
    /// For each module how often it is used at all.
    pub released: Vec<f64>,
    /// Evaluations made.
    pub evaluations: usize,
    /// What the last round was hoped to gain, EUR.
    hoped: f64,
    blocks: Blocks,
    /// Prices of the limits on the number of modules.
    counts: [f64; KINDS],
    /// How far prices may move in a round, EUR; at the start, and now.
    first_reach: f64,
    reach: f64,
}

impl Ascent {
    /// Starts at some prices and evaluates them.
    pub(crate) fn start(scene: &Scene, prices: Prices, seen: &mut Evaluation) -> Self {
        scene.evaluate(&prices, true, seen);
        let mut blocks = Blocks::new(scene);
        blocks.learn(scene, &prices, seen);
        let reach = usual(&prices);
        Self {
            bound: seen.bound,
            usage: vec![0.0; prices.values.len()],
            released: vec![0.0; scene.users.len()],
            best: prices,
            evaluations: 1,
            hoped: f64::INFINITY,
            blocks,
            counts: [0.0; KINDS],
            first_reach: reach,
            reach,
        }
    }

    /// Goes on in another scene from where this one stands.
    pub(crate) fn resumed(&self, scene: &Scene, seen: &mut Evaluation) -> Self {
        scene.evaluate(&self.best, true, seen);
        let mut ascent = Self {
            bound: seen.bound,
            evaluations: 1,
            hoped: f64::INFINITY,
            reach: self
                .reach
                .clamp(0.5 * self.first_reach, 4.0 * self.first_reach),
            ..self.clone()
        };
        ascent.blocks.restrict(scene);
        ascent.blocks.learn(scene, &self.best, seen);
        ascent
    }

    /// One round: the prices that the model likes best, and what they are truly worth.
    pub(crate) fn step(&mut self, scene: &Scene, seen: &mut Evaluation) {
        let noise = 1e-10 * self.bound.abs();
        let blocks = &mut self.blocks;
        let mut master = Master::new(scene, blocks, &self.best, self.counts, self.reach);
        for _ in 0..PATIENCE {
            master.improve(blocks, SWEEPS, noise);
            self.hoped = master.value(blocks) - self.bound;
            if self.hoped > noise {
                break;
            }
        }
        let (prices, counts) = (master.prices(), master.counts.prices());
        scene.evaluate(&prices, true, seen);
        self.evaluations += 1;
        self.blocks.learn(scene, &prices, seen);
        let gained = seen.bound - self.bound;
        if gained > 0.5 * self.hoped {
            self.reach *= 1.5;
        } else if gained < 0.0 {
            self.reach *= 0.85;
        }
        if gained > 0.0 {
            (self.bound, self.best, self.counts) = (seen.bound, prices, counts);
        }
    }

    /// Whether nothing worth a round is left on the way to a target.
    pub(crate) fn settled(&self, target: f64) -> bool {
        let missing = target - self.bound;
        let worth = if missing.is_finite() {
            WORTH * missing
        } else {
            0.0
        };
        self.hoped <= worth.max(1e-8 * self.bound.abs())
    }

    /// Notes what the relaxation does: usage and releases.
    pub(crate) fn observe(&mut self) {
        self.usage.fill(0.0);
        for cut in self.blocks.vehicles.iter().flat_map(|block| &block.cuts) {
            for row in &cut.rows {
                self.usage[*row as usize] += cut.weight;
            }
        }
        for (released, block) in self.released.iter_mut().zip(&self.blocks.modules) {
            let using = block.cuts.iter().filter(|cut| cut.uses());
            *released = using.map(|cut| cut.weight).sum();
        }
    }
}

/// A quarter of the mean price, EUR.
fn usual(prices: &Prices) -> f64 {
    let paid = prices.values.iter().filter(|price| **price > 0.0);
    let (count, sum) = paid.fold((0.0, 0.0), |(n, sum), price| (n + 1.0, sum + price));
    if count > 0.0 { 0.25 * sum / count } else { 1.0 }
}
