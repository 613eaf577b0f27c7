//! Doubt: prices, volumes, learning and development over their ranges, through to the decision.
//!
//! Every scenario is priced anew without new physics. Chosen anew in each: which of the kept
//! configurations serves each axle, the split of a car's targets, who shares which module, which line
//! makes it, which plant assembles. Kept are the configurations whose modules some coalition's family uses, and the cheapest of
//! every axle by material and valued energy. Not chosen anew: other configurations, dates.

use codrive_cost::prices::Prices;
use codrive_cost::sampling::{latin_hypercube, triangular};
use codrive_family::GapOf;
use codrive_model::doubt::{Doubt, InputEffect};
use rayon::prelude::*;

use crate::candidates::Evaluation;
use crate::error::StudyError;
use crate::fleet::FleetVehicle;
use crate::kept::{cost_of_service, kept, only};
use crate::partner::Partner;
use crate::problem::Scene;
use crate::progress::Progress;
use crate::selection::select_within;
use crate::settlement::Settlement;

/// A family is another one if it is better by more than this part of the cost: what the proofs of
/// two selections leave open.
const OPEN: f64 = 2e-4;
/// Halvings of a range when a value is looked for.
const HALVINGS: usize = 8;

/// An input in doubt.
#[derive(Clone, Debug)]
struct Input {
    name: String,
    what: What,
    value: f64,
    low: f64,
    high: f64,
    assumption: bool,
}

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Price,
    Volume(usize),
    Overhead,
}

/// What a setting costs, EUR.
#[derive(Clone, Debug)]
struct Money {
    /// Sum of all alone.
    alone: f64,
    /// The chosen family.
    chosen: f64,
    /// The best known family of all.
    best: f64,
}

impl Money {
    fn saving(&self) -> f64 {
        self.alone - self.chosen
    }

    fn least(&self) -> f64 {
        self.best.min(self.alone).min(self.chosen)
    }
}

/// What is in doubt about the joint decision.
///
/// # Errors
/// An impossible problem, or a stop.
pub fn doubt(
    scene: &Scene<'_>,
    settlement: &Settlement,
    progress: &dyn Progress,
) -> Result<Doubt, StudyError> {
    let plan = scene.inputs.programme.doubt;
    if plan.scenarios == 0 || settlement.partners < 2 {
        return Ok(Doubt::default());
    }
    let partners: Vec<usize> = (0..settlement.partners).collect();
    let inputs = inputs(scene, &partners);
    let kept = kept(scene, settlement, &[cost_of_service(scene)]);
    let chosen = only(scene, settlement.together());
    let bench = Bench {
        scene,
        inputs: &inputs,
        kept: &kept,
        chosen: &chosen,
        partners: &partners,
    };
    progress.stage("doubt", plan.scenarios + inputs.len());
    let stated: Vec<f64> = inputs.iter().map(|input| input.value).collect();
    let base = bench.money(&stated)?;
    let cube = latin_hypercube(plan.scenarios, inputs.len(), plan.seed);
    let priced: Result<Vec<Money>, StudyError> = cube
        .par_iter()
        .map(|point| {
            if progress.cancelled() {
                return Err(StudyError::Cancelled);
            }
            let values: Vec<f64> = inputs
                .iter()
                .zip(point)
                .map(|(input, p)| triangular(*p, input.low, input.value, input.high))
                .collect();
            let money = bench.money(&values)?;
            progress.done(1);
            Ok(money)
        })
        .collect();
    let effects: Result<Vec<InputEffect>, StudyError> = (0..inputs.len())
        .into_par_iter()
        .map(|index| {
            let effect = bench.effect(index, &stated)?;
            progress.done(1);
            Ok(effect)
        })
        .collect();
    Ok(summary(&kept, &base, &priced?, effects?))
}

fn summary(
    kept: &Evaluation,
    base: &Money,
    priced: &[Money],
    mut inputs: Vec<InputEffect>,
) -> Doubt {
    inputs.sort_by(|a, b| {
        b.swing_eur()
            .total_cmp(&a.swing_eur())
            .then_with(|| a.input.cmp(&b.input))
    });
    let sorted = |of: &dyn Fn(&Money) -> f64| {
        let mut values: Vec<f64> = priced.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    Doubt {
        configurations: kept.candidates.len(),
        savings_eur: sorted(&Money::saving),
        regrets_eur: sorted(&|m| m.chosen - m.least()),
        regrets_alone_eur: sorted(&|m| m.alone - m.least()),
        other_family: priced
            .iter()
            .filter(|m| m.chosen - m.least() > OPEN * m.chosen)
            .count(),
        saving_eur: base.saving(),
        inputs,
    }
}

/// What each input does to one partner's cost alone, from its own files only: its family alone is
/// kept and priced anew, with the lines chosen anew.
///
/// # Errors
/// An impossible problem.
pub fn alone(
    scene: &Scene<'_>,
    settlement: &Settlement,
    partner: usize,
) -> Result<Vec<InputEffect>, StudyError> {
    if scene.inputs.programme.doubt.scenarios == 0 {
        return Ok(Vec::new());
    }
    let inputs: Vec<Input> = inputs(scene, &[partner])
        .into_iter()
        .filter(|input| input.what != What::Overhead)
        .collect();
    let kept = only(scene, settlement.alone(partner));
    let members = [partner];
    let bench = Bench {
        scene,
        inputs: &inputs,
        kept: &kept,
        chosen: &kept,
        partners: &members,
    };
    let stated: Vec<f64> = inputs.iter().map(|input| input.value).collect();
    let cost = |index: usize, value: f64| -> Result<f64, StudyError> {
        let mut values = stated.clone();
        values[index] = value;
        Ok(bench.money(&values)?.alone)
    };
    let effects: Result<Vec<InputEffect>, StudyError> = (0..inputs.len())
        .into_par_iter()
        .map(|i| {
            Ok(effect_of(
                &inputs[i],
                cost(i, inputs[i].low)?,
                cost(i, inputs[i].high)?,
            ))
        })
        .collect();
    let mut effects = effects?;
    effects.sort_by(|a, b| {
        b.swing_eur()
            .total_cmp(&a.swing_eur())
            .then_with(|| a.input.cmp(&b.input))
    });
    Ok(effects)
}

fn effect_of(input: &Input, at_low_eur: f64, at_high_eur: f64) -> InputEffect {
    InputEffect {
        input: input.name.clone(),
        value: input.value,
        low: input.low,
        high: input.high,
        assumption: input.assumption,
        at_low_eur,
        at_high_eur,
        regret_low_eur: 0.0,
        regret_high_eur: 0.0,
        break_even: None,
        other_family_from: None,
    }
}

/// Everything with a range: prices, each partner's volume, the overhead of sharing.
fn inputs(scene: &Scene<'_>, partners: &[usize]) -> Vec<Input> {
    let plan = scene.inputs.programme.doubt;
    let money = |name: &str| !name.starts_with("plan.");
    let figures = scene.prices.figures().into_iter();
    let mut inputs: Vec<Input> = figures
        .filter(|(name, figure)| money(name) && figure.low < figure.high)
        .map(|(name, figure)| Input {
            name,
            what: What::Price,
            value: figure.value,
            low: figure.low,
            high: figure.high,
            assumption: figure.assumption,
        })
        .collect();
    inputs.extend(partners.iter().map(|partner| Input {
        name: format!("volume of {}", scene.inputs.partners[*partner].id),
        what: What::Volume(*partner),
        value: 1.0,
        low: plan.volume_low,
        high: plan.volume_high,
        assumption: true,
    }));
    let overhead = scene.inputs.programme.sharing.development_overhead;
    inputs.push(Input {
        name: "overhead of sharing".to_owned(),
        what: What::Overhead,
        value: overhead,
        low: plan.overhead_low.min(overhead),
        high: plan.overhead_high.max(overhead),
        assumption: true,
    });
    inputs
}

/// Prices any setting of the inputs.
struct Bench<'a> {
    scene: &'a Scene<'a>,
    inputs: &'a [Input],
    kept: &'a Evaluation,
    chosen: &'a Evaluation,
    partners: &'a [usize],
}

impl Bench<'_> {
    fn money(&self, values: &[f64]) -> Result<Money, StudyError> {
        let mut inputs = self.scene.inputs.clone();
        let prices = self.prices(values);
        let mut fleet = self.scene.fleet.to_vec();
        for (input, value) in self.inputs.iter().zip(values) {
            match input.what {
                What::Price => {}
                What::Overhead => inputs.programme.sharing.development_overhead = *value,
                What::Volume(partner) => scale(&mut fleet, &mut inputs.partners, partner, *value),
            }
        }
        let cost = |evaluation: &Evaluation, coalition: &[usize]| {
            let scene = Scene {
                inputs: &inputs,
                fleet: &fleet,
                evaluation,
                prices: &prices,
            };
            let selected = select_within(&scene, coalition, GapOf::Whole, 0.75 * OPEN);
            selected.map(|selection| selection.cost.total_eur())
        };
        let mut alone = 0.0;
        for partner in self.partners {
            alone += cost(self.kept, &[*partner])?;
        }
        if self.partners.len() < 2 {
            return Ok(Money {
                alone,
                chosen: alone,
                best: alone,
            });
        }
        let chosen = cost(self.chosen, self.partners)?;
        let best = cost(self.kept, self.partners)?;
        Ok(Money {
            alone,
            chosen,
            best,
        })
    }

    fn prices(&self, values: &[f64]) -> Prices {
        let mut prices = self.scene.prices.clone();
        prices.each_figure(|name, figure| {
            let is_it =
                |(input, _): &(&Input, &f64)| input.what == What::Price && input.name == name;
            if let Some((_, value)) = self.inputs.iter().zip(values).find(is_it) {
                figure.value = *value;
            }
        });
        prices
    }

    /// One input at both ends, and the values at which the decision changes.
    fn effect(&self, index: usize, stated: &[f64]) -> Result<InputEffect, StudyError> {
        let input = &self.inputs[index];
        let at = |value: f64| -> Result<Money, StudyError> {
            let mut values = stated.to_vec();
            values[index] = value;
            self.money(&values)
        };
        let (low, high) = (at(input.low)?, at(input.high)?);
        let saves = |value: f64| at(value).map(|money| money.saving() > 0.0).ok();
        let chosen = |value: f64| {
            at(value)
                .map(|money| money.chosen - money.least() <= OPEN * money.chosen)
                .ok()
        };
        let ends = [(input.low, &low), (input.high, &high)];
        let gone = |m: &Money| m.saving() <= 0.0;
        let other = |m: &Money| m.chosen - m.least() > OPEN * m.chosen;
        let within = ends
            .iter()
            .find(|(_, money)| gone(money))
            .map(|(end, _)| *end);
        let beyond = || {
            let far = [0.1 * input.value, 10.0 * input.value];
            far.into_iter().find(|value| saves(*value) == Some(false))
        };
        let lost_at = within.or_else(beyond);
        let left_at = ends
            .iter()
            .find(|(_, money)| other(money))
            .map(|(end, _)| *end);
        Ok(InputEffect {
            regret_low_eur: low.chosen - low.least(),
            regret_high_eur: high.chosen - high.least(),
            break_even: lost_at.and_then(|end| edge(input.value, end, saves)),
            other_family_from: left_at.and_then(|end| edge(input.value, end, chosen)),
            ..effect_of(input, low.saving(), high.saving())
        })
    }
}

/// Where a property that holds at `inside` and not at `outside` is lost, by halving.
fn edge(inside: f64, outside: f64, holds: impl Fn(f64) -> Option<bool>) -> Option<f64> {
    let (mut inside, mut outside) = (inside, outside);
    if !holds(inside)? {
        return None;
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (inside + outside);
        if holds(middle)? {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    Some(0.5 * (inside + outside))
}

/// Other volumes of a partner; its plants are taken to hold what that asks for.
fn scale(fleet: &mut [FleetVehicle], partners: &mut [Partner], partner: usize, factor: f64) {
    for car in fleet.iter_mut().filter(|car| car.partner == partner) {
        let by_year = car.vehicle.volumes.cars_per_year.iter_mut();
        by_year.for_each(|cars| *cars *= factor);
    }
    for plant in &mut partners[partner].plants {
        plant.capacity_per_year *= factor.max(1.0);
    }
}
