//! Removes what no family can hold that costs less than the best one found.

use crate::bound::{Evaluation, Prices, Scene, Terms, cheapest, reduced};
use crate::compact::{Col, Compact, Vehicle, Way};
use crate::counts::fates;

/// What survives.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    modules: Vec<bool>,
    /// Modules without which no cheaper family can do.
    needed: Vec<usize>,
    /// For each vehicle, way and axle the highest reduced cost that a column may have.
    limits: Vec<Vec<Vec<f64>>>,
    prices: Prices,
}

/// Compares the bound with every column, and with every module, forced in one at a time: where it
/// reaches `cutoff`, no cheaper family has that column or module.
pub(crate) fn fix(scene: &Scene, prices: &Prices, cutoff: f64, seen: &mut Evaluation) -> Kept {
    scene.evaluate(prices, false, seen);
    let bound = seen.bound;
    let mut modules = vec![true; seen.offers.len()];
    let mut needed = Vec::new();
    for (list, limits) in scene.kinds.0.iter().zip(scene.terms.limits) {
        let fates = fates(list, limits, &scene.terms.duties, &seen.offers);
        for (module, fate) in list.iter().zip(fates) {
            let settled = bound + fate.otherwise >= cutoff;
            modules[*module] = fate.used || !settled;
            if fate.used && settled && !scene.terms.duties[*module].used {
                needed.push(*module);
            }
        }
    }
    let limits = scene
        .compact
        .vehicles
        .iter()
        .zip(&seen.vehicle_values)
        .map(|(vehicle, value)| {
            let way = |way: &Way| {
                let least = |(offset, list): (usize, &Vec<Col>)| {
                    cheapest(list, prices.of(way.first_axle + offset)).0
                };
                let least: Vec<f64> = way.lists.iter().enumerate().map(least).collect();
                let pair: f64 = least.iter().sum();
                // bound − value + (pair − own + reduced) < cutoff
                least
                    .iter()
                    .map(|own| cutoff - bound + value - (pair - own))
                    .collect::<Vec<f64>>()
            };
            vehicle.ways.iter().map(way).collect::<Vec<_>>()
        });
    let limits = limits.collect();
    Kept {
        modules,
        needed,
        limits,
        prices: prices.clone(),
    }
}

impl Kept {
    /// Removes what does not survive.
    pub(crate) fn apply(&self, compact: &mut Compact, terms: &mut Terms) {
        self.needed
            .iter()
            .for_each(|module| terms.duties[*module].used = true);
        let first_axles =
            |vehicle: &Vehicle| vehicle.ways.iter().map(|way| way.first_axle).collect();
        let first: Vec<Vec<usize>> = compact.vehicles.iter().map(first_axles).collect();
        compact.retain(|axle, v, way, column| {
            column
                .modules
                .iter()
                .all(|module| self.modules[*module as usize])
                && reduced(column, self.prices.of(axle)) < self.limits[v][way][axle - first[v][way]]
        });
    }
}
