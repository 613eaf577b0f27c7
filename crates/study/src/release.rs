//! What a partner receives of the joint decision, and the results it gets from it.
//!
//! A partner's folder is a function of its [`Release`] and its own inputs alone: [`partner_report`]
//! takes nothing else. Exact money of the joint programme never enters a release: shares are
//! banded, transfer prices rounded so coarsely that volumes cannot be computed from them.

use std::collections::BTreeMap;

use codrive_cost::transfer::transfer_prices;
use codrive_drive::SectionTables;
use codrive_model::development::DevelopmentPlan;
use codrive_model::doubt::InputEffect;
use codrive_model::flux_map::SectionResult;
use codrive_model::money::{BandedShare, Category, CostBreakdown};
use codrive_model::money_study::MoneyStudy;
use codrive_model::summary::{
    Assignment, Audience, ChosenUnit, ConfigurationCount, CostCategory, CostSummary, FamilySummary,
    ModuleLists, RESULT_SCHEMA, ReportData, Summary, TransferPriceRow,
};
use codrive_model::unit::Unit;
use codrive_model::wish::WishPrice;
use serde::{Deserialize, Serialize};

use crate::error::StudyError;
use crate::fleet::FleetVehicle;
use crate::inputs::Inputs;
use crate::partner::Partner;
use crate::results::{
    Findings, Fitted, assumptions, chosen_units, drive_all, envelopes, module_lists,
    operating_points, requirement_rows_of, sections_of, vehicle_rows,
};
use crate::selection::Selection;
use crate::targets::score;

/// Shares are told in bands of a tenth.
const BANDS: u32 = 10;
/// Unit transfer prices are rounded to this, EUR.
const UNIT_STEP_EUR: f64 = 10.0;
/// Payments made once are rounded to this, EUR.
const ONCE_STEP_EUR: f64 = 10e6;

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
    /// What the partner pays for joint modules, rounded.
    pub transfer_prices: Vec<TransferPriceRow>,
    /// The partner's share of the joint cost, as a band.
    pub share: BandedShare,
    /// What the partner's own wishes cost the programme, rounded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<WishPrice>,
    /// Serial months to the start of production together, rounded: tenths of a month would tell how
    /// much development the others need.
    pub months_together: f64,
    /// Whether each partner is better off together, and nothing about by how much.
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
        share: BandedShare::of(share, BANDS),
        wishes: own_wishes(&settlement.wishes, id),
        months_together: settlement.plan_together.months.round(),
        nobody_worse_off: !settlement.shapley.someone_worse_off,
    }
}

/// Prices of a partner's own wishes, rounded as payments made once are.
fn own_wishes(all: &[WishPrice], partner: &str) -> Vec<WishPrice> {
    let rounded = |eur: f64| (eur / ONCE_STEP_EUR).round() * ONCE_STEP_EUR;
    let own = all.iter().filter(|price| price.partner == partner);
    own.map(|price| WishPrice {
        eur: rounded(price.eur),
        least_eur: rounded(price.least_eur),
        most_eur: rounded(price.most_eur),
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

/// Where a joint module is made, as its buyer may know it: an own plant by its id, another's by
/// its owner alone, for which plant a competitor uses is the competitor's own matter.
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

fn prices(together: &Selection, partner: usize, partners: &[Partner]) -> Vec<TransferPriceRow> {
    let all = transfer_prices(
        &together.problem,
        &together.solution.released,
        UNIT_STEP_EUR,
    );
    let row = |price: codrive_model::money::TransferPrice| {
        let module = &together.problem.modules[price.module];
        TransferPriceRow {
            kind: module.kind.label().to_owned(),
            module: module.id.clone(),
            made_in: made_in(&together.plants, price.plant, partner, partners),
            unit_eur: price.unit_eur,
            once_eur: (price.once_eur / ONCE_STEP_EUR).round() * ONCE_STEP_EUR,
        }
    };
    all.into_iter()
        .filter(|price| price.partner == partner)
        .map(row)
        .collect()
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
    /// The way to the start of production alone.
    pub plan_alone: &'a DevelopmentPlan,
    /// What each input does to its cost alone.
    pub effects: &'a [InputEffect],
}

/// A partner's report: from its release and its own inputs.
///
/// # Errors
/// A unit that cannot be driven.
pub fn partner_report(release: &Release, own: &Own<'_>) -> Result<ReportData, StudyError> {
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
        disclosure: disclosure(release),
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
    let statement = if release.nobody_worse_off {
        "Every partner pays less together than alone."
    } else {
        "Together is not cheaper for everyone: on these figures the programme should not happen."
    };
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

/// What a reader of the release can infer about others.
fn disclosure(release: &Release) -> Vec<String> {
    let mut lines = vec![
        format!(
            "Received of the joint decision: the modules that {} uses, its own axles, plants and \
             transfer prices, and its share of the joint cost as a band ({}). Nothing else in this \
             folder comes from another partner.",
            release.partner,
            release.share.label()
        ),
        format!(
            "Unit prices are rounded to {UNIT_STEP_EUR:.0} EUR, payments made once to {:.0} million EUR; \
             months to whole ones; another partner's plant is told by its owner alone; the joint cost, \
             the saving and other partners' shares are withheld.",
            ONCE_STEP_EUR * 1e-6
        ),
    ];
    if !release.wishes.is_empty() {
        lines.push(format!(
            "The prices of its own wishes are changes of the joint cost, rounded to {:.0} million EUR: they \
             tell by how much, roughly, the others would serve the programme otherwise.",
            ONCE_STEP_EUR * 1e-6
        ));
    }
    if release.joint.is_empty() {
        lines.push("No module is joint: nothing about other partners can be inferred.".to_owned());
    } else {
        lines.push(format!(
            "That a module is joint ({}) tells that some other partner uses it too. Whoever \
             knows the shipped price set and its learning curve can bound the joint volume of such a \
             module by its rounded unit price and payment.",
            release.joint.join(", ")
        ));
    }
    lines
}
