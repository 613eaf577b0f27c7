//! How many of a module the others need: what rounded prices, payments and bands leave possible.
//!
//! A total is possible if the line that it would have, by the price set that all know, leads to the same
//! rounded figures. What the reader does not know is tried through: the year in which the joint line
//! starts (another partner's first car may come earlier), how many partners share it, how much of its last step lies idle,
//! and, where it stands in another's plant, that plant's cost. Totals are tried in steps of 0.2 %.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use codrive_cost::release::{Release as LineRelease, Site, capacity, module_lines};
use codrive_cost::time::weighted_years;
use codrive_model::family::ModuleKind;
use codrive_model::money::ScaleCurve;
use codrive_model::summary::{DeliveryRow, TransferPriceRow};
use serde::Serialize;

use crate::inference::{is_joint, own_units_by_plant};
use crate::plants::{sites, start_of_production};
use crate::release::{Own, Release};
use crate::trade::{ONCE_STEP_EUR, UNIT_STEP_EUR};

/// Ratio of neighbouring totals that are tried.
const STEP: f64 = 1.002;
/// The largest total that is tried, discount-weighted units.
const MOST: f64 = 1e9;

/// What can be computed of the others' need for one module.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OthersNeed {
    /// Kind of module, in words.
    pub kind: String,
    /// Module id.
    pub module: String,
    /// Units a year, mean over the years of production, each weighted by its discount factor: from and to,
    /// infinite where nothing bounds it.
    pub units_per_year: (f64, f64),
}

/// A line as it may be, by what the reader does not know.
struct Guess {
    fixed_eur: f64,
    /// Where the reader knows what the plant costs: conversion, and delivery to the reader, EUR per unit.
    unit: Option<(ScaleCurve, f64)>,
    years: f64,
    /// The most that its idle capacity can cost, EUR: a whole step.
    idle_eur: f64,
}

/// What the reader is told of a line.
struct Told<'a> {
    own_units: f64,
    price: Option<&'a TransferPriceRow>,
    deliveries: Vec<&'a DeliveryRow>,
}

/// The others' need for every module that the reader shares with them or makes for them.
#[must_use]
pub fn others_needs(release: &Release, own: &Own<'_>) -> Vec<OthersNeed> {
    let mut needs = Vec::new();
    for kind in ModuleKind::ALL {
        let label = kind.label();
        let prices = release.transfer_prices.iter();
        let paid = prices.filter(|row| row.kind == label && is_joint(release, kind, &row.module));
        let delivered = release.deliveries.iter().filter(|row| row.kind == label);
        let mut modules: Vec<&str> = paid.map(|row| row.module.as_str()).collect();
        modules.extend(delivered.map(|row| row.module.as_str()));
        modules.sort_unstable();
        modules.dedup();
        for module in modules {
            needs.push(OthersNeed {
                kind: label.to_owned(),
                module: module.to_owned(),
                units_per_year: units_per_year(release, own, kind, module),
            });
        }
    }
    bound_machines(&mut needs);
    needs
}

/// Every machine variant takes one of its section: of a section the others need no less than of its
/// variants, and of a variant no more than the section leaves beside the others.
fn bound_machines(needs: &mut [OthersNeed]) {
    let label = |kind: ModuleKind| move |need: &&OthersNeed| need.kind == kind.label();
    let sections: Vec<OthersNeed> = needs
        .iter()
        .filter(label(ModuleKind::Section))
        .cloned()
        .collect();
    for section in sections {
        let stem = format!("{} ", section.module);
        let is_variant = |need: &OthersNeed| {
            need.kind == ModuleKind::Machine.label() && need.module.starts_with(&stem)
        };
        let least: f64 = needs
            .iter()
            .filter(|need| is_variant(need))
            .map(|need| need.units_per_year.0)
            .sum();
        for need in needs.iter_mut() {
            let variant = is_variant(need);
            let (low, high) = &mut need.units_per_year;
            if variant {
                *high = high.min(section.units_per_year.1 - (least - *low));
            } else if need.kind == section.kind && need.module == section.module {
                *low = low.max(least);
            }
        }
    }
}

/// What the others need of each if their units take one of every module that is shared: where one of each
/// kind is shared, all that is told of any of them holds for all.
#[must_use]
pub fn in_the_same_units(needs: &[OthersNeed]) -> Option<(f64, f64)> {
    let one_of = |kind: &ModuleKind| {
        let of_kind = needs.iter().filter(|need| need.kind == kind.label());
        of_kind.count() == 1
    };
    if !ModuleKind::ALL.iter().all(one_of) {
        return None;
    }
    let all = needs.iter().map(|need| need.units_per_year);
    let (low, high) = all.reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)))?;
    (low < high).then_some((low, high))
}

fn units_per_year(release: &Release, own: &Own<'_>, kind: ModuleKind, module: &str) -> (f64, f64) {
    let label = kind.label();
    let is_it = |row: &&TransferPriceRow| row.kind == label && row.module == module;
    let taken_at = own_units_by_plant(release, own, kind, module);
    let told = Told {
        own_units: taken_at.values().sum(),
        price: release.transfer_prices.iter().find(is_it),
        deliveries: release
            .deliveries
            .iter()
            .filter(|row| row.kind == label && row.module == module)
            .collect(),
    };
    let plant = match (told.deliveries.first(), told.price) {
        (Some(row), _) => Some(row.plant.as_str()),
        (None, Some(row)) => Some(row.made_in.as_str()),
        (None, None) => None,
    };
    let users = users(own, &told);
    let possible = guesses(own, kind, plant, &taken_at, users)
        .iter()
        .filter_map(|guess| told.possible(guess))
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    possible.unwrap_or((0.0, f64::INFINITY))
}

/// How many partners may share the line.
fn users(own: &Own<'_>, told: &Told<'_>) -> RangeInclusive<usize> {
    let all = own.inputs.programme.partners.len();
    let mine = usize::from(told.own_units > 0.0);
    match told.deliveries.len() {
        0 => 2..=all.max(2),
        others => others + mine..=others + mine,
    }
}

/// The lines that a module may have, at an own plant or at another's.
fn guesses(
    own: &Own<'_>,
    kind: ModuleKind,
    plant: Option<&str>,
    taken_at: &BTreeMap<&str, f64>,
    users: RangeInclusive<usize>,
) -> Vec<Guess> {
    let Own { inputs, fleet, .. } = own;
    let economics = &inputs.programme.economics;
    let named = sites(&[0], &inputs.partners, fleet, &inputs.prices, economics);
    let number = |id: &str| named.iter().position(|named| named.assembly.id == id);
    let here = plant.and_then(number);
    let mut all: Vec<Site> = named.iter().map(|named| named.site).collect();
    let line_at = here.unwrap_or(all.len());
    all.push(elsewhere(all.len()));
    let first_own = start_of_production(fleet, 0).unwrap_or(economics.last_year);
    let mut guesses = Vec::new();
    let step = capacity(kind, &inputs.prices, economics);
    for first_year in economics.development_start..=first_own {
        let release = LineRelease {
            kind,
            start_of_production: first_year,
            sharers: &[0, 1],
            development_factor: 1.0,
            conversion_factor: 1.0,
        };
        let lines = module_lines(&release, &all, &inputs.prices, economics);
        let joint = lines.iter().filter(|line| line.is_joint());
        for line in joint.filter(|line| line.plant == line_at) {
            let to = |id: &str| {
                line.delivery(number(id)?)
                    .map(|to| to.logistics_eur_per_unit)
            };
            let delivery = mean_delivery(taken_at, to);
            let overhead = inputs.programme.sharing.development_overhead;
            guesses.extend(users.clone().map(|count| Guess {
                fixed_eur: line.development_for_eur(count, overhead) + line.tooling_eur,
                unit: here.map(|_| (line.conversion, delivery)),
                years: weighted_years(first_year, economics),
                idle_eur: step.step_units_per_year * step.idle_eur_per_unit,
            }));
        }
    }
    guesses
}

/// Transport of a unit to the reader, EUR, mean over where it takes them.
fn mean_delivery(taken_at: &BTreeMap<&str, f64>, to: impl Fn(&str) -> Option<f64>) -> f64 {
    let units: f64 = taken_at.values().sum();
    let paid = taken_at
        .iter()
        .filter_map(|(id, units)| Some(to(id)? * units));
    if units > 0.0 {
        paid.sum::<f64>() / units
    } else {
        0.0
    }
}

/// A plant of another partner, of which nothing is known.
fn elsewhere(plant: usize) -> Site {
    Site {
        partner: 1,
        plant,
        cost_factor: 1.0,
        inbound_logistics_eur: 0.0,
    }
}

impl Told<'_> {
    /// The others' units a year that a line as guessed leaves possible.
    fn possible(&self, guess: &Guess) -> Option<(f64, f64)> {
        let first = self.own_units.max(1.0);
        let tries =
            std::iter::successors(Some(first), |total| (*total < MOST).then_some(total * STEP));
        let mut allowed = tries.filter(|total| self.allows(guess, *total));
        let low = allowed.next()?;
        let high = allowed.last().unwrap_or(low);
        let of_others = |total: f64| (total - self.own_units).max(0.0) / guess.years;
        let most = if high >= MOST {
            f64::INFINITY
        } else {
            of_others(high * STEP)
        };
        Some((of_others(low / STEP), most))
    }

    fn allows(&self, guess: &Guess, total: f64) -> bool {
        self.allows_price(guess, total) && self.allows_deliveries(guess, total)
    }

    /// Whether the reader would pay what it pays.
    fn allows_price(&self, guess: &Guess, total: f64) -> bool {
        let Some(row) = self.price else { return true };
        let half = 0.5 * UNIT_STEP_EUR;
        let (least, most) = match &guess.unit {
            Some((curve, delivery)) => {
                let over = curve.unit_eur(total) + delivery - row.unit_eur;
                if over.abs() > half + 1e-6 {
                    return false;
                }
                (over, over)
            }
            None => (-half, half),
        };
        let part = guess.fixed_eur * self.own_units / total;
        let most = most + guess.idle_eur / total;
        is_within(row.once_eur, part, self.own_units, (least, most), 1.0)
    }

    /// Whether the others would pay what they pay, and need what they need.
    fn allows_deliveries(&self, guess: &Guess, total: f64) -> bool {
        if self.deliveries.is_empty() {
            return true;
        }
        let rows = || self.deliveries.iter();
        let half = 0.5 * UNIT_STEP_EUR;
        let others = total - self.own_units;
        let most_needed: f64 = rows().map(|row| row.peak_units_per_year[1]).sum();
        let dear = |row: &&DeliveryRow| {
            let conversion = guess.unit.map_or(0.0, |(curve, _)| curve.unit_eur(total));
            conversion > row.unit_eur + half + 1e-6
        };
        if others / guess.years > most_needed || rows().any(dear) {
            return false;
        }
        let once: f64 = rows().map(|row| row.once_eur).sum();
        let part = guess.fixed_eur * others / total;
        #[allow(clippy::cast_precision_loss)]
        let count = self.deliveries.len() as f64;
        let left = (-half, half + guess.idle_eur / total);
        is_within(once, part, others, left, count)
    }
}

/// Whether `part` of what is paid once, and what rounding left of `units` prices, may be told as `once`:
/// a sum of so many rounded amounts.
fn is_within(once: f64, part: f64, units: f64, left: (f64, f64), count: f64) -> bool {
    let half = 0.5 * ONCE_STEP_EUR * count + 1.0;
    part + left.0 * units <= once + half && part + left.1 * units >= once - half
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(kind: ModuleKind, module: &str, units_per_year: (f64, f64)) -> OthersNeed {
        OthersNeed {
            kind: kind.label().to_owned(),
            module: module.to_owned(),
            units_per_year,
        }
    }

    #[test]
    fn a_section_and_its_machines_bound_each_other() {
        let mut needs = [
            need(ModuleKind::Section, "v48", (10.0, 100.0)),
            need(ModuleKind::Machine, "v48 140mm 4x2", (30.0, f64::INFINITY)),
            need(ModuleKind::Machine, "v48 200mm 4x2", (20.0, 60.0)),
            need(ModuleKind::Machine, "v48-2 200mm 4x2", (1.0, 900.0)),
        ];
        bound_machines(&mut needs);
        let told: Vec<(f64, f64)> = needs.iter().map(|n| n.units_per_year).collect();
        assert_eq!(
            told,
            [(50.0, 100.0), (30.0, 80.0), (20.0, 60.0), (1.0, 900.0)]
        );
    }

    #[test]
    fn one_of_each_kind_is_told_as_one_unit() {
        let one = |kind, range| need(kind, "a", range);
        let mut needs = vec![
            one(ModuleKind::Section, (10.0, 100.0)),
            one(ModuleKind::Machine, (20.0, f64::INFINITY)),
            one(ModuleKind::Inverter, (5.0, 90.0)),
        ];
        assert_eq!(in_the_same_units(&needs), None);
        needs.push(one(ModuleKind::GearSet, (0.0, 200.0)));
        assert_eq!(in_the_same_units(&needs), Some((20.0, 90.0)));
    }

    #[test]
    fn rounded_figures_leave_an_interval_that_holds_the_truth() {
        let curve = ScaleCurve {
            reference_eur: 150.0,
            reference_units: 1e6,
            exponent: 0.2,
        };
        let guess = Guess {
            fixed_eur: 6e7,
            unit: Some((curve, 0.0)),
            years: 6.0,
            idle_eur: 0.0,
        };
        let row = |total: f64, own: f64| {
            let exact = curve.unit_eur(total);
            let unit_eur = (exact / UNIT_STEP_EUR).round() * UNIT_STEP_EUR;
            TransferPriceRow {
                kind: "machine".to_owned(),
                module: "m".to_owned(),
                made_in: "here".to_owned(),
                unit_eur,
                once_eur: crate::trade::rounded_once(6e7 * own / total + (exact - unit_eur) * own),
            }
        };
        for (own, others) in [(3e5, 6e5), (6e5, 1e5), (1e5, 2e6), (4e5, 4.1e5)] {
            let price = row(own + others, own);
            let told = Told {
                own_units: own,
                price: Some(&price),
                deliveries: Vec::new(),
            };
            let (low, high) = told.possible(&guess).unwrap();
            assert!(
                low <= others / 6.0 && others / 6.0 <= high,
                "{low} {others} {high}"
            );
            assert!(high > 1.1 * low);
        }
    }
}
