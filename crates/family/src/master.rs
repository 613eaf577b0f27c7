//! The prices that the answers seen so far like best, near those at hand: the sum of every block's
//! least answer, less the squared distance over twice the reach, is greatest.
//!
//! The dual of that shares a weight of one among each block's answers; what vehicles use more than
//! modules serve raises a price. Weight passes between two answers of one block at a time, as far as
//! that gains, in falling steps as Platt's for support vectors (1998, "Sequential minimal
//! optimization").

use crate::blocks::{Block, Blocks, Cut, NOTHING};
use crate::bound::{Prices, Scene};
use crate::counts::{CountPrices, KINDS};

/// Prices under way from a centre.
#[derive(Debug)]
pub(crate) struct Master<'a> {
    centre: &'a Prices,
    /// How far an excess of one moves a price, EUR.
    reach: f64,
    prices: Vec<f64>,
    /// For each price what vehicles use more than modules serve.
    excess: Vec<f64>,
    pub counts: CountPrices,
}

impl<'a> Master<'a> {
    /// Starts where the answers' weights lead.
    pub(crate) fn new(
        scene: &Scene,
        blocks: &mut Blocks,
        centre: &'a Prices,
        counts: [f64; KINDS],
        reach: f64,
    ) -> Self {
        let mut master = Self {
            centre,
            reach,
            prices: centre.values.clone(),
            excess: vec![0.0; centre.values.len()],
            counts: CountPrices::new(counts, scene.terms.limits),
        };
        for block in blocks.all_mut() {
            block.balance();
            for cut in &block.cuts {
                master.shift(block.kind, cut, cut.weight);
            }
        }
        master
    }

    /// Passes weight in every block so many times, or until less than `least_eur` is gained.
    pub(crate) fn improve(&mut self, blocks: &mut Blocks, sweeps: usize, least_eur: f64) {
        for _ in 0..sweeps {
            let gained: f64 = blocks.all_mut().map(|block| self.pass(block)).sum();
            if gained < least_eur {
                return;
            }
        }
    }

    /// What the answers seen so far let hope for at these prices, EUR.
    pub(crate) fn value(&self, blocks: &Blocks) -> f64 {
        let least = |block: &Block| {
            let values = block.cuts.iter().map(|cut| self.reduced(block.kind, cut));
            values.fold(f64::INFINITY, f64::min)
        };
        let blocks = blocks.vehicles.iter().chain(&blocks.modules);
        blocks.map(least).sum::<f64>() + self.counts.value()
    }

    /// The prices.
    pub(crate) fn prices(&self) -> Prices {
        Prices {
            values: self.prices.clone(),
            modules: self.centre.modules,
        }
    }

    fn reduced(&self, kind: Option<usize>, cut: &Cut) -> f64 {
        let rows = cut.rows.iter();
        let sum: f64 = rows.map(|row| self.prices[*row as usize]).sum();
        match kind {
            None => cut.cost + sum,
            Some(kind) if cut.uses() => cut.cost - sum + self.counts.of(kind),
            Some(_) => cut.cost - sum,
        }
    }

    /// Passes weight from a block's dearest answer to its cheapest; returns what that gains, EUR.
    fn pass(&mut self, block: &mut Block) -> f64 {
        if block.cuts.len() < 2 {
            return 0.0;
        }
        let (mut best, mut worst) = ((f64::INFINITY, 0), (f64::NEG_INFINITY, 0));
        for (at, cut) in block.cuts.iter().enumerate() {
            let value = self.reduced(block.kind, cut);
            if value < best.0 {
                best = (value, at);
            }
            if cut.weight > NOTHING && value > worst.0 {
                worst = (value, at);
            }
        }
        let gain = worst.0 - best.0;
        let [(_, to), (_, from)] = [best, worst];
        if gain <= 0.0 || to == from {
            return 0.0;
        }
        let (cheap, dear) = (&block.cuts[to], &block.cuts[from]);
        let counted = block.kind.is_some_and(|kind| self.counts.limits(kind));
        let counted = counted && cheap.uses() != dear.uses();
        let curvature = cheap.differs_from(dear) + if counted { 1.0 } else { 0.0 };
        let weight = dear.weight.min(gain / (self.reach * curvature.max(1.0)));
        self.shift(block.kind, dear, -weight);
        self.shift(block.kind, cheap, weight);
        block.cuts[from].weight -= weight;
        block.cuts[to].weight += weight;
        block.cuts[to].unused = 0;
        gain * weight
    }

    /// Lets an answer weigh so much more.
    fn shift(&mut self, kind: Option<usize>, cut: &Cut, weight: f64) {
        let excess = if kind.is_none() { weight } else { -weight };
        for row in &cut.rows {
            let row = *row as usize;
            self.excess[row] += excess;
            let price = self.centre.values[row] + self.reach * self.excess[row];
            self.prices[row] = price.max(0.0);
        }
        if let Some(kind) = kind
            && cut.uses()
        {
            self.counts.shift(kind, weight, self.reach);
        }
    }
}
