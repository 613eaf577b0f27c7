//! The chosen units against the targets of agencies, as a table.

use codrive_model::money_study::{Goal, TargetRow};
use codrive_model::targets::Quantity;

use crate::context::Context;
use crate::number;
use crate::page::{self, Section, datum};
use crate::svg::escape;

/// Met or missed, by how much, within which parts.
pub(crate) fn section(context: &Context<'_>) -> Option<Section> {
    let rows = &context.data.summary.cost.study.targets;
    if rows.is_empty() {
        return None;
    }
    let lead = "What agencies ask of traction drives, and where the chosen units stand: met or missed, by how much \
                of the target. The targets are what industry wants to reach, not what is sold. Cost is bought \
                material and conversion at the price set's reference volume, without development, tools and plant, at \
                1.10 USD for 1 EUR. Power is the peak of the motor's map. The machine with housing has end windings, \
                bearings, shaft and housing; the stack alone is the stator's outer circle times its length; active \
                parts are laminations, copper and magnets: the roadmap does not say which count. Efficiency is energy \
                out of the machine over energy into it in the WLTC, driving and braking; rolling without torque is \
                left out.";
    let head = page::heads(&[
        "Unit",
        "Figure",
        "Counted",
        "Asked by",
        "Ours",
        "Target 2025",
        "Target 2035",
    ]);
    let table: Vec<Vec<String>> = rows.iter().map(row).collect();
    Some(Section {
        id: "targets",
        title: "Targets met and missed".to_owned(),
        body: page::paragraph(lead) + &page::table("numbers wrap", &head, &table),
    })
}

fn row(row: &TargetRow) -> Vec<String> {
    let goal = |year: i32| {
        let goals = row.goals.iter().filter(|goal| goal.year == year);
        goals
            .map(|goal| goal_text(row.quantity, goal))
            .collect::<Vec<_>>()
            .join("; ")
    };
    vec![
        escape(&row.unit),
        escape(&format!(
            "{}, {}",
            label(row.quantity),
            unit(row.quantity).0
        )),
        escape(&row.boundary),
        escape(row.goals.first().map_or("", |goal| &goal.body)),
        datum(row.value, &text(row.quantity, row.value)),
        goal(2025),
        goal(2035),
    ]
}

fn goal_text(quantity: Quantity, goal: &Goal) -> String {
    let word = if goal.met { "met" } else { "missed" };
    escape(&format!(
        "{}: {word}, {}",
        text(quantity, goal.target),
        number::signed_percent(goal.margin, 1)
    ))
}

fn label(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::MachineCost => "machine cost",
        Quantity::InverterCost => "inverter cost",
        Quantity::DriveCost => "machine and inverter cost",
        Quantity::MachinePowerPerVolume => "machine",
        Quantity::DrivePowerPerVolume => "machine and inverter",
        Quantity::MachinePowerPerMass => "machine",
        Quantity::MachineCycleEfficiency => "machine in the WLTC",
    }
}

/// Word, factor from SI, decimals.
fn unit(quantity: Quantity) -> (&'static str, f64, usize) {
    match quantity {
        Quantity::MachineCost | Quantity::InverterCost | Quantity::DriveCost => ("$/kW", 1e3, 1),
        Quantity::MachinePowerPerVolume | Quantity::DrivePowerPerVolume => ("kW/l", 1e-6, 1),
        Quantity::MachinePowerPerMass => ("kW/kg", 1e-3, 1),
        Quantity::MachineCycleEfficiency => ("%", 100.0, 1),
    }
}

fn text(quantity: Quantity, value: f64) -> String {
    let (_, factor, decimals) = unit(quantity);
    number::fixed(value * factor, decimals)
}
