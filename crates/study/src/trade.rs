//! Modules that cross between partners: what a buyer pays, what the plant that makes them must know.

use codrive_cost::time::peak_units;
use codrive_cost::transfer::transfer_prices;
use codrive_model::money::{TransferPrice, units_band};
use codrive_model::programme::ByYear;
use codrive_model::summary::{DeliveryRow, TransferPriceRow};

use crate::partner::Partner;
use crate::plants::units_by_year;
use crate::problem::Scene;
use crate::selection::Selection;

/// Unit transfer prices are rounded to this, EUR.
pub const UNIT_STEP_EUR: f64 = 10.0;
/// Payments made once are rounded to this, EUR.
pub const ONCE_STEP_EUR: f64 = 10e6;

/// An amount that is paid once, as it is released, EUR.
#[must_use]
pub fn rounded_once(eur: f64) -> f64 {
    (eur / ONCE_STEP_EUR).round() * ONCE_STEP_EUR
}

/// What a partner pays for modules that are joint, or that another's plant makes for it alone.
#[must_use]
pub fn prices(together: &Selection, partner: usize, partners: &[Partner]) -> Vec<TransferPriceRow> {
    let row = |price: TransferPrice| {
        let module = &together.problem.modules[price.module];
        TransferPriceRow {
            kind: module.kind.label().to_owned(),
            module: module.id.clone(),
            made_in: made_in(&together.plants, price.plant, partner, partners),
            unit_eur: price.unit_eur,
            once_eur: rounded_once(price.once_eur),
        }
    };
    traded(together)
        .filter(|price| price.partner == partner)
        .map(row)
        .collect()
}

/// What a partner's plants make for others: which part, how many about, at what price. More than a
/// plant must know to build it is not told.
#[must_use]
pub fn deliveries(scene: &Scene<'_>, together: &Selection, partner: usize) -> Vec<DeliveryRow> {
    let from_here = |price: &TransferPrice| {
        together.plants[price.plant].0 == partner && price.partner != partner
    };
    let row = |price: TransferPrice| {
        let module = &together.problem.modules[price.module];
        let needed = needed(scene, together, price.module, price.partner);
        let peak = peak_units(&needed, &scene.inputs.programme.economics);
        DeliveryRow {
            kind: module.kind.label().to_owned(),
            module: module.id.clone(),
            plant: together.plants[price.plant].1.clone(),
            to: scene.inputs.partners[price.partner].id.clone(),
            peak_units_per_year: units_band(peak),
            unit_eur: price.unit_eur,
            once_eur: rounded_once(price.once_eur),
        }
    };
    traded(together).filter(from_here).map(row).collect()
}

fn traded(together: &Selection) -> impl Iterator<Item = TransferPrice> {
    let all = transfer_prices(
        &together.problem,
        &together.solution.released,
        UNIT_STEP_EUR,
    );
    all.into_iter()
}

/// How many of a module a partner's cars need by year.
fn needed(scene: &Scene<'_>, together: &Selection, module: usize, partner: usize) -> ByYear {
    let mut sum = ByYear::new();
    for pick in &together.picks {
        let car = &scene.fleet[pick.service.vehicle];
        if car.partner != partner || !pick.modules.contains(&module) {
            continue;
        }
        for (year, units) in units_by_year(car) {
            *sum.entry(year).or_default() += units;
        }
    }
    sum
}

/// Where a module is made, as its buyer may know it: an own plant by its id, another's by its owner
/// alone, for which plant a competitor uses is the competitor's own matter.
fn made_in(
    plants: &[(usize, String)],
    plant: usize,
    partner: usize,
    partners: &[Partner],
) -> String {
    let (owner, id) = &plants[plant];
    if *owner == partner {
        id.clone()
    } else {
        partners[*owner].id.clone()
    }
}
