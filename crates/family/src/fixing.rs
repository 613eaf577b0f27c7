//! Removes what no family can hold that costs less than the best one found.

use crate::bound::{Evaluation, Prices, Scene, cheapest, reduced};
use crate::compact::{Col, Compact};

/// What survives.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    modules: Vec<bool>,
    /// For each vehicle, split and axle the highest reduced cost that a column may have.
    limits: Vec<Vec<Vec<f64>>>,
    prices: Prices,
}

/// Compares the bound with every column, and with every module, forced in one at a time: where it
/// reaches `cutoff`, no cheaper family has that column or module.
pub(crate) fn fix(scene: &Scene, prices: &Prices, cutoff: f64, seen: &mut Evaluation) -> Kept {
    scene.evaluate(prices, false, seen);
    let bound = seen.bound;
    let survives = |offer: &crate::lines::Offer| bound - offer.value + offer.value_if_used < cutoff;
    let modules = seen.offers.iter().map(survives).collect();
    let limits = scene
        .compact
        .vehicles
        .iter()
        .zip(&seen.vehicle_values)
        .map(|(vehicle, value)| {
            let split = |lists: &Vec<Vec<Col>>| {
                let least = |(offset, list): (usize, &Vec<Col>)| {
                    cheapest(list, prices.of(vehicle.first_axle + offset)).0
                };
                let least: Vec<f64> = lists.iter().enumerate().map(least).collect();
                let pair: f64 = least.iter().sum();
                // bound − value + (pair − own + reduced) < cutoff
                least
                    .iter()
                    .map(|own| cutoff - bound + value - (pair - own))
                    .collect::<Vec<f64>>()
            };
            vehicle.splits.iter().map(split).collect::<Vec<_>>()
        });
    let limits = limits.collect();
    Kept {
        modules,
        limits,
        prices: prices.clone(),
    }
}

impl Kept {
    /// Removes what does not survive.
    pub(crate) fn apply(&self, compact: &mut Compact) {
        let first: Vec<usize> = compact.vehicles.iter().map(|v| v.first_axle).collect();
        compact.retain(|axle, v, split, column| {
            column
                .modules
                .iter()
                .all(|module| self.modules[*module as usize])
                && reduced(column, self.prices.of(axle)) < self.limits[v][split][axle - first[v]]
        });
    }
}
