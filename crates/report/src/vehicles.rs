//! Every vehicle against its targets.

use codrive_model::summary::{Outcome, VehicleRow};

use crate::context::{Context, vehicle_name};
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
         right is better, to the left a miss, full at {full}.</p>"
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
        "{} of {} are met. The smallest margin is {}: {} of the {}.",
        number::count(met),
        number::plural(margins.len(), "target"),
        number::signed_percent(*margin, 1),
        Quantity::of(name).name.to_lowercase(),
        vehicle_name(&row.vehicle),
    )
}

fn card(context: &Context<'_>, row: &VehicleRow) -> String {
    let mut results: Vec<(&String, &Outcome)> = row.results.iter().collect();
    results.sort_by_key(|(key, _)| order(key));
    let (with, without): (Vec<_>, Vec<_>) =
        results.into_iter().partition(|(_, o)| o.target.is_some());
    let name = escape(&vehicle_name(&row.vehicle));
    let who = context.partner_markup(&row.partner);
    format!(
        "<div class=\"card\"><h3>{name} <small>{who}</small></h3>{}{}</div>",
        targets(&with),
        reported(&without)
    )
}

/// Results in the order in which people ask for them.
const ORDER: [&str; 7] = [
    "zero_to_100",
    "eighty_to_120",
    "top_speed",
    "continuous_speed",
    "gradeability",
    "continuous_grade",
    "wltp",
];

/// Place in [`ORDER`], then by name, numbers inside it by value.
fn order(key: &str) -> (usize, String) {
    let place = ORDER.iter().position(|start| key.starts_with(start));
    let part = |part: &str| match part.parse::<u32>() {
        Ok(number) => format!("{number:06}"),
        Err(_) => part.to_owned(),
    };
    let name: Vec<String> = key.split('_').map(part).collect();
    (place.unwrap_or(ORDER.len()), name.join("_"))
}

fn targets(results: &[(&String, &Outcome)]) -> String {
    if results.is_empty() {
        return String::new();
    }
    let head = page::heads(&["", "Result", "Target", "Margin", ""]);
    let rows: Vec<Vec<String>> = results.iter().map(|(key, o)| result_row(key, o)).collect();
    page::table("numbers", &head, &rows)
}

/// Results without a target, folded away.
fn reported(results: &[(&String, &Outcome)]) -> String {
    if results.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = results
        .iter()
        .map(|(key, outcome)| {
            let quantity = Quantity::of(key);
            let value = datum(outcome.value, &quantity.shown(outcome.value));
            vec![escape(&quantity.name), value]
        })
        .collect();
    let title = format!("{} without a target", number::plural(rows.len(), "result"));
    page::folded(
        &title,
        &page::table("numbers", &page::heads(&["", "Result"]), &rows),
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
    const HALF: f64 = 36.0;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_in_which_people_ask() {
        let mut keys = [
            "wltp_range_km",
            "steady_100_km_per_h_wh_per_km",
            "steady_90_km_per_h_wh_per_km",
            "top_speed_km_per_h",
            "zero_to_100_s",
        ];
        keys.sort_by_key(|key| order(key));
        assert_eq!(keys[0], "zero_to_100_s");
        assert_eq!(keys[1], "top_speed_km_per_h");
        assert_eq!(keys[2], "wltp_range_km");
        assert_eq!(keys[3], "steady_90_km_per_h_wh_per_km");
    }
}
