//! What a partner can compute about the others from its release, its own files and what all know: the
//! price set, the years, the candidates. Its report says it, so that nobody has to find out.

use std::collections::BTreeMap;

use codrive_cost::plan::{Item, months, schedule};
use codrive_cost::time::weighted_units;
use codrive_model::family::ModuleKind;
use codrive_model::summary::{Assignment, ModuleLists};
use serde::Serialize;

use crate::error::StudyError;
use crate::needs::{OthersNeed, in_the_same_units, others_needs};
use crate::plants::units_by_year;
use crate::release::{Own, Release};
use crate::trade::{ONCE_STEP_EUR, UNIT_STEP_EUR};

/// All that a release tells about the others beyond its own words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Inference {
    /// How many of each joint or delivered module the others need.
    pub needs: Vec<OthersNeed>,
    /// The same if their units take one of every shared module, where one of each kind is shared.
    pub in_the_same_units: Option<(f64, f64)>,
    /// What the joint programme costs, from and to, EUR.
    pub joint_cost_eur: (f64, f64),
    /// What the others pay of it, from and to, EUR.
    pub others_pay_eur: (f64, f64),
    /// Development of modules and applications that only others have: at most this, EUR.
    pub others_work_eur: f64,
    /// Whether that work decides the date: without it production could start earlier.
    pub others_decide_date: bool,
}

/// Computes what can be inferred.
///
/// # Errors
/// The partner's own plants have no room.
pub fn infer(release: &Release, own: &Own<'_>) -> Result<Inference, StudyError> {
    let (joint_cost_eur, others_pay_eur) = payments(release, own);
    let (others_work_eur, months_known) = development(release, own);
    let needs = others_needs(release, own);
    Ok(Inference {
        in_the_same_units: in_the_same_units(&needs),
        needs,
        joint_cost_eur,
        others_pay_eur,
        others_work_eur,
        others_decide_date: months_known < release.months_together - 0.5,
    })
}

/// The joint cost, and the others' part of it: a payment lies between what the own axles cost at their
/// cheapest and the cost alone, and is a part of the whole within the band.
fn payments(release: &Release, own: &Own<'_>) -> ((f64, f64), (f64, f64)) {
    let (low, high) = (release.share.low, release.share.high);
    let most = if release.nobody_worse_off {
        own.alone.total_eur()
    } else {
        f64::INFINITY
    };
    let whole = (own.unavoidable_eur / high, most / low);
    let others = (
        whole.0 * (1.0 - high),
        if low > 0.0 {
            whole.1 * (1.0 - low)
        } else {
            f64::INFINITY
        },
    );
    (whole, others)
}

/// What the months leave for work that only others have, EUR, at most; and the months that the known
/// work alone would take.
fn development(release: &Release, own: &Own<'_>) -> (f64, f64) {
    let prices = &own.inputs.prices;
    let teams = own.inputs.programme.partners.len();
    let items = known_items(release, own, teams);
    let known_eur: f64 = items.iter().map(|item| item.work_eur).sum();
    #[allow(clippy::cast_precision_loss)]
    let able_eur = teams as f64 * prices.plan.team.value * (release.months_together + 0.5);
    let plan = schedule(&items, &prices.plan.phase, teams, prices.plan.team.value);
    ((able_eur - known_eur).max(0.0), months(&plan))
}

/// The modules and applications that the reader knows of; joint ones are done by all teams.
fn known_items(release: &Release, own: &Own<'_>, teams: usize) -> Vec<Item> {
    let prices = &own.inputs.prices.development;
    let overhead = own.inputs.programme.sharing.development_overhead;
    let mut items: Vec<Item> = Vec::new();
    for kind in ModuleKind::ALL {
        for id in ids(&release.modules, kind) {
            let is_joint = is_joint(release, kind, id);
            let further = if is_joint { overhead } else { 0.0 };
            items.push(Item {
                kind: kind.label().to_owned(),
                name: id.clone(),
                work_eur: prices.of(kind).value * (1.0 + further),
                teams: if is_joint {
                    (0..teams).collect()
                } else {
                    vec![0]
                },
                needs: needed_by(&items, release, kind, id),
            });
        }
    }
    for row in &release.assignment {
        let at = |(kind, id): (ModuleKind, &str)| position(&items, kind, id);
        items.push(Item {
            kind: "application".to_owned(),
            name: format!("{} {}", row.vehicle, row.axle),
            work_eur: prices.application.value,
            teams: vec![0],
            needs: modules_of(row).into_iter().filter_map(at).collect(),
        });
    }
    items
}

/// A machine variant is built from its section.
fn needed_by(items: &[Item], release: &Release, kind: ModuleKind, id: &str) -> Vec<usize> {
    if kind != ModuleKind::Machine {
        return Vec::new();
    }
    let row = release.assignment.iter().find(|row| row.machine == id);
    let section = row.and_then(|row| position(items, ModuleKind::Section, &row.section));
    section.into_iter().collect()
}

fn position(items: &[Item], kind: ModuleKind, id: &str) -> Option<usize> {
    let is_it = |item: &Item| item.kind == kind.label() && item.name == id;
    items.iter().position(is_it)
}

fn ids(lists: &ModuleLists, kind: ModuleKind) -> &[String] {
    match kind {
        ModuleKind::Section => &lists.sections,
        ModuleKind::Machine => &lists.machines,
        ModuleKind::Inverter => &lists.inverters,
        ModuleKind::GearSet => &lists.gear_sets,
    }
}

fn modules_of(row: &Assignment) -> [(ModuleKind, &str); 4] {
    [
        (ModuleKind::Section, &row.section),
        (ModuleKind::Machine, &row.machine),
        (ModuleKind::Inverter, &row.inverter),
        (ModuleKind::GearSet, &row.gear_set),
    ]
}

/// Whether the release calls a module joint.
pub(crate) fn is_joint(release: &Release, kind: ModuleKind, id: &str) -> bool {
    let name = format!("{}: {id}", kind.label());
    release.joint.contains(&name)
}

/// Discount-weighted units of a module that the reader itself needs, by the plant that assembles them.
pub(crate) fn own_units_by_plant<'a>(
    release: &'a Release,
    own: &Own<'_>,
    kind: ModuleKind,
    id: &str,
) -> BTreeMap<&'a str, f64> {
    let economics = &own.inputs.programme.economics;
    let rows = release.assignment.iter();
    let mut by_plant = BTreeMap::new();
    for row in rows.filter(|row| modules_of(row).contains(&(kind, id))) {
        let is_it = |car: &&crate::fleet::FleetVehicle| car.vehicle.id == row.vehicle;
        if let Some(car) = own.fleet.iter().find(is_it) {
            let units = weighted_units(&units_by_year(car), economics);
            *by_plant.entry(row.plant.as_str()).or_default() += units;
        }
    }
    by_plant
}

/// What a reader of the release is told and can infer about others, in words.
#[must_use]
pub fn disclosure(release: &Release, inference: &Inference) -> Vec<String> {
    let mut lines = received(release);
    lines.extend(delivered(release));
    if release.joint.is_empty() {
        lines.push("No module is joint: no other's use of one can be inferred.".to_owned());
    } else {
        lines.push(format!(
            "That a module is joint ({}) tells that some other partner uses it too.",
            release.joint.join(", ")
        ));
    }
    lines.extend(needed(release, inference));
    lines.push(paid(release, inference));
    lines.push(worked(release, inference));
    if !release.wishes.is_empty() {
        lines.push(format!(
            "The prices of its own wishes are changes of the joint cost, rounded to {:.0} million EUR: they \
             tell by how much, roughly, the others would serve the programme otherwise.",
            ONCE_STEP_EUR * 1e-6
        ));
    }
    lines
}

fn received(release: &Release) -> Vec<String> {
    vec![
        format!(
            "Received of the joint decision: the modules that {} uses, its own axles, plants and transfer prices, \
             what its plants make for others, and its share of the joint cost as a band ({}). Nothing else in this \
             folder comes from another partner.",
            release.partner,
            release.share.label()
        ),
        format!(
            "Unit prices are rounded to {UNIT_STEP_EUR:.0} EUR, payments made once to {:.0} million EUR, months to whole \
             ones; units that others need are banded; another partner's plant is told by its owner alone; the \
             joint cost, the saving and other partners' shares are withheld.",
            ONCE_STEP_EUR * 1e-6
        ),
    ]
}

/// What building for others tells.
fn delivered(release: &Release) -> Option<String> {
    let rows = release.deliveries.iter();
    let told: Vec<String> = rows
        .map(|row| format!("{} {} for {}", row.kind, row.module, row.to))
        .collect();
    (!told.is_empty()).then(|| {
        format!(
            "Told because its plants make them: {}; with a band of the most units in a year and the rounded price \
             that the other pays, which both sides see.",
            told.join(", ")
        )
    })
}

/// What the others need of every module that is shared with them or made for them.
fn needed(release: &Release, inference: &Inference) -> Option<String> {
    let one = |need: &OthersNeed| {
        let (from, to) = need.units_per_year;
        format!("{} {}: {}", need.kind, need.module, between(from, to, 1.0))
    };
    let all: Vec<String> = inference.needs.iter().map(one).collect();
    let same = match inference.in_the_same_units {
        Some((from, to)) => format!(
            " If their units take one of each, of all of them {}.",
            between(from, to, 1.0)
        ),
        None => " Figures of modules that go into the same units narrow each other.".to_owned(),
    };
    (!all.is_empty()).then(|| {
        format!(
            "By the learning curve, what is paid and delivered, and its own volumes, {} can compute what the others \
             need a year, as a mean over the years of production: {}.{same}",
            release.partner,
            all.join("; ")
        )
    })
}

fn paid(release: &Release, inference: &Inference) -> String {
    let million = |(from, to): (f64, f64)| between(from, to, 1e-6);
    format!(
        "With its cost alone and the band of its share, {} can compute that the joint programme costs {} million EUR \
         and that the others pay {} million EUR of it, if it pays itself no less than its axles cost at their cheapest and no \
         more than alone.{}",
        release.partner,
        million(inference.joint_cost_eur),
        million(inference.others_pay_eur),
        if release.deliveries.is_empty() {
            ""
        } else {
            " What its plants make for them, at its prices and with the material that it knows, narrows that."
        }
    )
}

fn worked(release: &Release, inference: &Inference) -> String {
    let most = rounded(1e-6 * inference.others_work_eur, true);
    let decides = if inference.others_decide_date {
        "; without it production could start earlier"
    } else {
        "; it does not decide the date"
    };
    format!(
        "The {:.0} months to the start of production together leave at most {} million EUR of engineering for \
         modules and applications that only others have{decides}.",
        release.months_together,
        grouped(most)
    )
}

/// An interval in words, rounded outwards.
fn between(from: f64, to: f64, factor: f64) -> String {
    let low = grouped(rounded(from * factor, false));
    let high = grouped(rounded(to * factor, true));
    match (from * factor >= 1.0, to.is_finite()) {
        (true, true) => format!("{low} to {high}"),
        (true, false) => format!("at least {low}"),
        (false, true) => format!("at most {high}"),
        (false, false) => "any number".to_owned(),
    }
}

/// Two digits, up or down.
fn rounded(value: f64, up: bool) -> f64 {
    if !(value.is_finite() && value > 0.0) {
        return 0.0;
    }
    let step = 10.0_f64.powf(value.log10().floor() - 1.0);
    let steps = value / step;
    step * if up { steps.ceil() } else { steps.floor() }
}

/// A whole number with narrow spaces between thousands.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_rounded_outwards() {
        assert_eq!(
            between(12_345.0, 67_890.0, 1.0),
            "12\u{202f}000 to 68\u{202f}000"
        );
        assert_eq!(between(0.0, f64::INFINITY, 1.0), "any number");
        assert_eq!(between(0.2, 120.0, 1.0), "at most 120");
        assert_eq!(
            between(1.234e9, 2.0e9, 1e-6),
            "1\u{202f}200 to 2\u{202f}000"
        );
    }
}
