//! Every vehicle against its targets.

use codrive_model::summary::{Outcome, VehicleRow};

use crate::context::{Context, partner_name};
use crate::number;
use crate::page::{self, Section, datum};
use crate::quantity::Quantity;
use crate::svg::{Svg, escape};

/// Margin at which a bar is full.
const FULL_MARGIN: f64 = 0.25;

/// A card for each vehicle.
pub(crate) fn section(context: &Context<'_>) -> Option<Section> {
    let vehicles = &context.data.summary.vehicles;
    if vehicles.is_empty() {
        return None;
    }
    let cards: String = vehicles.iter().map(|row| card(context, row)).collect();
    let body = [
        page::paragraph(&verdict(vehicles)),
        legend(),
        format!("<div class=\"cards\">{cards}</div>"),
    ];
    let title = match context.reader() {
        None => "The vehicles against their targets",
        Some(_) => "Your vehicles against their targets",
    };
    Some(Section {
        id: "vehicles",
        title: title.to_owned(),
        body: body.concat(),
    })
}

fn legend() -> String {
    let full = number::percent(FULL_MARGIN, 0);
    format!(
        "<p class=\"note\">Margin: how much better than the target, as a fraction of it; a bar to the \
         right is better, to the left a miss, full at {full}. Rows without a target are only \
         reported.</p>"
    )
}

/// How many targets are met, and which is closest.
fn verdict(vehicles: &[VehicleRow]) -> String {
    let margins: Vec<(&VehicleRow, &String, f64)> = vehicles
        .iter()
        .flat_map(|row| {
            row.results
                .iter()
                .map(move |(name, outcome)| (row, name, outcome))
        })
        .filter_map(|(row, name, outcome)| Some((row, name, outcome.margin?)))
        .filter(|(_, _, margin)| margin.is_finite())
        .collect();
    let met = margins
        .iter()
        .filter(|(_, _, margin)| *margin >= 0.0)
        .count();
    let Some((row, name, margin)) = margins.iter().min_by(|a, b| a.2.total_cmp(&b.2)) else {
        return "No vehicle has a target.".to_owned();
    };
    format!(
        "{} of {} are met. The smallest margin is {} for {} of the {} {}.",
        number::count(met),
        number::plural(margins.len(), "target"),
        number::signed_percent(*margin, 1),
        Quantity::of(name).name,
        partner_name(&row.partner),
        row.vehicle,
    )
}

fn card(context: &Context<'_>, row: &VehicleRow) -> String {
    let head = page::heads(&["", "Result", "Target", "Margin", ""]);
    let is_target = |outcome: &Outcome| outcome.target.is_some();
    let with = row.results.iter().filter(|(_, o)| is_target(o));
    let without = row.results.iter().filter(|(_, o)| !is_target(o));
    let rows: Vec<Vec<String>> = with
        .chain(without)
        .map(|(name, outcome)| result_row(name, outcome))
        .collect();
    let who = context.partner_markup(&row.partner);
    let table = page::table("numbers", &head, &rows);
    format!(
        "<div class=\"card\"><h3>{who} {}</h3>{table}</div>",
        escape(&row.vehicle)
    )
}

fn result_row(name: &str, outcome: &Outcome) -> Vec<String> {
    let quantity = Quantity::of(name);
    let shown = |value: f64| datum(value, &quantity.shown(value));
    let (margin, bar) = match outcome.margin {
        Some(margin) => {
            let text = number::signed_percent(margin, 1);
            (datum(margin, &text), margin_bar(margin, &text))
        }
        None => (String::new(), String::new()),
    };
    vec![
        escape(&quantity.name),
        shown(outcome.value),
        outcome.target.map(shown).unwrap_or_default(),
        margin,
        bar,
    ]
}

fn margin_bar(margin: f64, label: &str) -> String {
    const HALF: f64 = 55.0;
    let mut svg = Svg::default();
    let width = HALF * (margin.abs() / FULL_MARGIN).min(1.0);
    let width = if width.is_finite() { width } else { 0.0 };
    if margin >= 0.0 {
        svg.rect((HALF, 2.0), (width.max(1.0), 9.0), r#"class="good""#);
    } else {
        svg.rect((HALF - width, 2.0), (width.max(1.0), 9.0), r#"class="bad""#);
    }
    svg.line((HALF, 0.0), (HALF, 13.0), r#"class="zero""#);
    let picture = svg.finish((2.0 * HALF, 13.0), label, "");
    format!("<span class=\"bar\">{picture}</span>")
}
