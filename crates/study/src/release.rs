//! What a partner receives of the joint decision, and the results it gets from it.
//!
//! A partner's folder is a function of its [`Release`] and its own inputs alone: [`partner_report`]
//! takes nothing else. Exact money of the joint programme never enters a release: shares are
//! banded, transfer prices rounded so coarsely that volumes cannot be computed from them.

use std::collections::BTreeMap;

use codrive_drive::SectionTables;
use codrive_model::development::DevelopmentPlan;
use codrive_model::doubt::InputEffect;
use codrive_model::flux_map::SectionResult;
use codrive_model::money::{BandedShare, Category, CostBreakdown};
use codrive_model::money_study::MoneyStudy;
use codrive_model::summary::{
    Assignment, Audience, ChosenUnit, ConfigurationCount, CostCategory, CostSummary, DeliveryRow,
    FamilySummary, ModuleLists, RESULT_SCHEMA, ReportData, Summary, TransferPriceRow,
};
use codrive_model::unit::Unit;
use codrive_model::wish::WishPrice;
use serde::{Deserialize, Serialize};

use crate::error::StudyError;
use crate::fleet::FleetVehicle;
use crate::inference::{Inference, disclosure};
use crate::inputs::Inputs;
use crate::results::{
    Findings, Fitted, assumptions, chosen_units, drive_all, envelopes, module_lists,
    operating_points, plant_names, requirement_rows_of, sections_of, vehicle_rows,
};
use crate::selection::Selection;
use crate::targets::score;
use crate::trade::{ONCE_STEP_EUR, deliveries, prices, rounded_once};
use crate::verdict;

/// Shares are told in bands of a tenth.
const BANDS: u32 = 10;
/// `released/<partner>.json`: all that a partner receives of the joint decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// Version of the written results.
    pub schema: u32,
    /// Version of codrive that wrote it.
    pub codrive: String,
    /// The programme's name.
    pub programme: String,
    /// The partner's id.
    pub partner: String,
    /// The modules that this partner uses.
    pub modules: ModuleLists,
    /// Which of them are joint, as `kind: id`.
    pub joint: Vec<String>,
    /// This partner's axles.
    pub assignment: Vec<Assignment>,
    /// Physics of the units on them, in the same order, at the partner's own voltages.
    pub units: Vec<Unit>,
    /// What the partner pays for modules that are joint or come from another's plant, rounded.
    pub transfer_prices: Vec<TransferPriceRow>,
    /// What its own plants make for others, banded and rounded.
    pub deliveries: Vec<DeliveryRow>,
    /// The partner's share of the joint cost, as a band.
    pub share: BandedShare,
    /// What the partner's own wishes cost the programme, rounded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<WishPrice>,
    /// Serial months to the start of production together, rounded: tenths of a month would tell how
    /// much development the others need.
    pub months_together: f64,
    /// Whether all together pay less than alone, and nothing about by how much.
    pub cheaper_together: bool,
    /// Whether each partner pays no more together than alone, and nothing about by how much.
    pub nobody_worse_off: bool,
}

/// Makes a partner's release.
#[must_use]
pub fn release(findings: &Findings<'_>, fitted: &[Fitted], partner: usize) -> Release {
    let id = &findings.inputs.partners[partner].id;
    let mine: Vec<&Fitted> = fitted
        .iter()
        .filter(|f| findings.fleet[f.vehicle].partner == partner)
        .collect();
    let settlement = findings.settlement;
    let together = settlement.together();
    let share = settlement.shapley.pays_eur[partner] / together.cost.total_eur();
    Release {
        schema: RESULT_SCHEMA,
        codrive: env!("CARGO_PKG_VERSION").to_owned(),
        programme: findings.inputs.programme.name.clone(),
        partner: id.clone(),
        modules: module_lists(mine.iter().map(|f| &f.assignment)),
        joint: joint(together, partner),
        assignment: mine.iter().map(|f| f.assignment.clone()).collect(),
        units: mine.iter().map(|f| f.unit.clone()).collect(),
        transfer_prices: prices(together, partner, &findings.inputs.partners),
        deliveries: deliveries(&findings.scene(), together, partner),
        share: BandedShare::of(share, BANDS),
        wishes: own_wishes(&settlement.wishes, id),
        months_together: settlement.plan_together.months.round(),
        cheaper_together: settlement.game.saving_eur() > 0.0,
        nobody_worse_off: !settlement.shapley.someone_worse_off,
    }
}

/// Prices of a partner's own wishes, rounded as payments made once are; what is proven, outwards.
fn own_wishes(all: &[WishPrice], partner: &str) -> Vec<WishPrice> {
    let own = all.iter().filter(|price| price.partner == partner);
    own.map(|price| WishPrice {
        eur: rounded_once(price.eur),
        least_eur: (price.least_eur / ONCE_STEP_EUR).floor() * ONCE_STEP_EUR,
        most_eur: (price.most_eur / ONCE_STEP_EUR).ceil() * ONCE_STEP_EUR,
        ..price.clone()
    })
    .collect()
}

fn joint(together: &Selection, partner: usize) -> Vec<String> {
    let used = together
        .solution
        .released
        .iter()
        .filter(|line| line.is_joint() && line.users.contains(&partner));
    let mut names: Vec<String> = used
        .map(|line| {
            let module = &together.problem.modules[line.module];
            format!("{}: {}", module.kind.label(), module.id)
        })
        .collect();
    names.sort_unstable();
    names
}

/// A partner's own inputs, and what follows from them alone.
#[derive(Clone, Copy)]
pub struct Own<'a> {
    /// The programme, with this partner's files only.
    pub inputs: &'a Inputs,
    /// This partner's vehicles.
    pub fleet: &'a [FleetVehicle],
    /// The candidate sections, which all partners share.
    pub sections: &'a [SectionResult],
    /// The same, ready for machines.
    pub tables: &'a [SectionTables],
    /// Configurations evaluated for this partner's axles, and those that serve some.
    pub evaluated: (usize, usize),
    /// Its cost alone, by category.
    pub alone: CostBreakdown,
    /// Proven lower bound of it, EUR.
    pub alone_lower_bound_eur: f64,
    /// The part of it that no decision changes, EUR: every axle at its cheapest unit.
    pub unavoidable_eur: f64,
    /// The way to the start of production alone.
    pub plan_alone: &'a DevelopmentPlan,
    /// What each input does to its cost alone.
    pub effects: &'a [InputEffect],
}

/// A partner's report: from its release, what can be inferred from that, and its own inputs.
///
/// # Errors
/// A unit that cannot be driven.
pub fn partner_report(
    release: &Release,
    inference: &Inference,
    own: &Own<'_>,
) -> Result<ReportData, StudyError> {
    let fitted = refit(release, own)?;
    let driven = drive_all(own.fleet, &fitted)?;
    let units = chosen_units(own.fleet, &fitted, &driven);
    let summary = Summary {
        schema: RESULT_SCHEMA,
        codrive: release.codrive.clone(),
        programme: release.programme.clone(),
        sections_simulated: own.sections.len(),
        operating_points_solved: operating_points(own.sections),
        configurations: ConfigurationCount {
            evaluated: own.evaluated.0,
            feasible: own.evaluated.1,
            pruned: BTreeMap::new(),
            not_known: BTreeMap::new(),
            left_out_in_selection: BTreeMap::new(),
        },
        requirements: requirement_rows_of(own.inputs, own.fleet, |_| true)?,
        overlap: Vec::new(),
        family: FamilySummary {
            cost_eur: None,
            lower_bound_eur: None,
            gap: None,
            gap_of_avoidable: None,
            modules: release.modules.clone(),
            assignment: release.assignment.clone(),
        },
        cost: cost(release, own, &units)?,
        vehicles: vehicle_rows(own.inputs, own.fleet, &driven),
    };
    Ok(ReportData {
        audience: Audience::Partner(release.partner.clone()),
        axles: envelopes(&fitted, &units),
        sections: sections_of(own.sections, &units),
        disclosure: disclosure(release, inference),
        plant_names: plant_names(&own.inputs.partners),
        assumptions: assumptions(own.inputs, &[0]),
        units,
        summary,
    })
}

/// The released units on the partner's own axles.
fn refit(release: &Release, own: &Own<'_>) -> Result<Vec<Fitted>, StudyError> {
    let missing = |a: &Assignment| StudyError::Model {
        what: format!("release of `{}`", release.partner),
        reason: format!(
            "it names `{} {}`, which is not in the partner's files",
            a.vehicle, a.axle
        ),
    };
    let one = |(assignment, unit): (&Assignment, &Unit)| {
        let vehicle = own
            .fleet
            .iter()
            .position(|v| v.vehicle.id == assignment.vehicle);
        let vehicle = vehicle.ok_or_else(|| missing(assignment))?;
        let car = &own.fleet[vehicle];
        let axle = car
            .vehicle
            .axles
            .iter()
            .position(|a| a.word() == assignment.axle);
        let axle = axle.ok_or_else(|| missing(assignment))?;
        let near = |s: &usize| (car.share_of(axle, *s) - assignment.share).abs();
        let share = (0..car.front_shares.len())
            .min_by(|a, b| near(a).total_cmp(&near(b)))
            .unwrap_or(0);
        Ok(Fitted {
            vehicle,
            axle,
            unit: unit.clone(),
            assignment: assignment.clone(),
            requirement: car.requirements[axle][share].clone(),
        })
    };
    release
        .assignment
        .iter()
        .zip(&release.units)
        .map(one)
        .collect()
}

fn cost(release: &Release, own: &Own<'_>, units: &[ChosenUnit]) -> Result<CostSummary, StudyError> {
    let economics = &own.inputs.programme.economics;
    let mine = |value: f64| BTreeMap::from([(release.partner.clone(), value)]);
    let category = |c: &Category| CostCategory {
        category: c.label().to_owned(),
        alone_eur: own.alone.get(*c),
        together_eur: None,
    };
    let statement = verdict::told(
        own.inputs.programme.partners.len(),
        release.cheaper_together,
        release.nobody_worse_off,
    );
    Ok(CostSummary {
        base_year: economics.base_year,
        last_year: economics.last_year,
        alone_eur: mine(own.alone.total_eur()),
        alone_lower_bound_eur: mine(own.alone_lower_bound_eur),
        together_eur: None,
        share_eur: BTreeMap::new(),
        share_band: BTreeMap::from([(
            release.partner.clone(),
            [release.share.low, release.share.high],
        )]),
        transfer_prices: release.transfer_prices.clone(),
        deliveries: release.deliveries.clone(),
        other_shares_eur: BTreeMap::new(),
        months_alone: mine(own.plan_alone.months),
        months_together: release.months_together,
        categories: Category::ALL.iter().map(category).collect(),
        statement: statement.to_owned(),
        study: MoneyStudy {
            targets: score(units, &own.inputs.inverters, &own.inputs.prices)?,
            wishes: release.wishes.clone(),
            own_inputs: own.effects.to_vec(),
            plans: vec![own.plan_alone.clone()],
            ..MoneyStudy::default()
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_proven_of_a_wish_stays_proven_when_rounded() {
        let price = WishPrice {
            partner: "north".to_owned(),
            wish: "its own inverter".to_owned(),
            eur: 93.6e6,
            least_eur: 92.9e6,
            most_eur: 94.3e6,
        };
        let told = &own_wishes(std::slice::from_ref(&price), "north")[0];
        assert!(told.least_eur <= price.least_eur && price.most_eur <= told.most_eur);
        assert_eq!(
            (told.least_eur, told.eur, told.most_eur),
            (90e6, 90e6, 100e6)
        );
        assert!(own_wishes(&[price], "south").is_empty());
    }
}
