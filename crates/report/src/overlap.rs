//! Which axles one unit can serve, and by how much it over-serves each: for the clean team only.

use codrive_model::summary::{Assignment, OverServed, OverlapRow, RequirementRow};

use crate::colour::EFFICIENCY;
use crate::context::{Context, axle_name, partner_name, vehicle_name};
use crate::number::{self, THIN};
use crate::page::{self, Section};
use crate::svg::escape;

/// Units shown; the rest is in the summary.
const SHOWN: usize = 24;

/// Over-serving at which the colour scale ends.
const FULL_EXCESS: f64 = 1.0;

/// Heat table units by axles; nothing for a partner.
pub(crate) fn section(context: &Context<'_>) -> Option<Section> {
    let summary = &context.data.summary;
    if context.reader().is_some() || summary.overlap.is_empty() || summary.requirements.is_empty() {
        return None;
    }
    let rows = shown_rows(&summary.overlap, &summary.family.assignment);
    let lead = "An empty cell: the unit misses a target of that axle. A filled cell gives by how \
                much the unit over-serves the axle: with all its torques smaller in that proportion, \
                it would just meet every target; of a car with two driven axles at the largest share of \
                its targets with which the unit can serve that axle. The palest cells fit best; dark ones are paid for \
                and not needed. Below, in small: its peak power and its torque from standstill, at \
                that car's DC voltage, against the smallest envelope that meets the targets. One of \
                the two may be negative: more power may make up for less torque and the reverse. The \
                targets of the car decide, not the envelope that stands for them.";
    let feasible = summary.configurations.feasible.max(summary.overlap.len());
    let caption = format!(
        "{} of the {} that serve at least one axle: those the family uses (marked), then those \
         that serve most axles, closest fit first. Clean team only.",
        number::plural(rows.len(), "unit"),
        number::count(feasible),
    );
    let body = [
        page::paragraph(lead),
        matrix(context, &rows),
        format!("<p class=\"note\">{}{}</p>", scale(), escape(&caption)),
    ];
    let title = "Which axles one unit can serve".to_owned();
    Some(Section {
        id: "overlap",
        title,
        body: body.concat(),
    })
}

/// A vehicle's name without its partner's, which stands above it.
fn without_brand(vehicle: &str, partner: &str) -> String {
    let name = vehicle_name(vehicle);
    let brand = format!("{} ", partner_name(partner));
    name.strip_prefix(&brand)
        .map_or(name.clone(), str::to_owned)
}

/// The colour scale as a strip with its ends.
fn scale() -> String {
    let stops: Vec<String> = (0..=8).map(|k| background(f64::from(k) / 8.0)).collect();
    format!(
        "Over-served by 0{0}%<span class=\"scale\" \
         style=\"background:linear-gradient(90deg,{1})\"></span>{2} and more. \
         Small: peak power / torque against the smallest envelope, %.<br>",
        number::THIN,
        stops.join(","),
        number::percent(FULL_EXCESS, 0),
    )
}

/// Colour at a fraction of the full excess.
fn background(excess: f64) -> String {
    EFFICIENCY.at(0.96 - 0.86 * excess).hex()
}

fn shown_rows<'a>(
    overlap: &'a [OverlapRow],
    assignment: &[Assignment],
) -> Vec<(&'a OverlapRow, bool)> {
    let mut rows: Vec<(&OverlapRow, bool)> = overlap
        .iter()
        .map(|row| (row, assignment.iter().any(|a| is_same_unit(row, a))))
        .collect();
    rows.sort_by(|(a, a_is_chosen), (b, b_is_chosen)| {
        let by_axles = b.serves.len().cmp(&a.serves.len());
        let by_fit = total_excess(a).total_cmp(&total_excess(b));
        b_is_chosen.cmp(a_is_chosen).then(by_axles).then(by_fit)
    });
    rows.truncate(SHOWN);
    rows
}

/// Over-serving summed over all axles that a unit serves: its order among equals.
fn total_excess(row: &OverlapRow) -> f64 {
    row.serves.iter().map(|served| served.over_served).sum()
}

fn is_same_unit(row: &OverlapRow, chosen: &Assignment) -> bool {
    row.section == chosen.section
        && row.stack_mm == chosen.stack_mm
        && row.turns == chosen.turns
        && row.inverter == chosen.inverter
        && row.gear_set == chosen.gear_set
}

fn matrix(context: &Context<'_>, rows: &[(&OverlapRow, bool)]) -> String {
    let axles = &context.data.summary.requirements;
    let mut head = vec!["Unit".to_owned()];
    head.extend(axles.iter().map(|axle| {
        let who = context.partner_markup(&axle.partner);
        let car = without_brand(&axle.vehicle, &axle.partner);
        format!("{who}<br>{}<br>{}", escape(&car), escape(&axle.axle))
    }));
    let body: Vec<Vec<String>> = rows
        .iter()
        .map(|(row, is_chosen)| {
            let mut cells = vec![unit_name(row, *is_chosen)];
            cells.extend(axles.iter().map(|axle| cell(row, axle)));
            cells
        })
        .collect();
    page::table("heat", &head, &body)
}

fn unit_name(row: &OverlapRow, is_chosen: bool) -> String {
    let machine = format!(
        "{} {}{}mm, {} turns",
        row.section,
        row.stack_mm,
        number::THIN,
        number::turns(row.turns),
    );
    let rest = format!("{} · {}", row.inverter, row.gear_set);
    let tag = if is_chosen {
        "<span class=\"tag\">chosen</span>"
    } else {
        ""
    };
    format!(
        "{}{tag}<br><small>{}</small>",
        escape(&machine),
        escape(&rest)
    )
}

fn cell(row: &OverlapRow, axle: &RequirementRow) -> String {
    let served = row
        .serves
        .iter()
        .find(|s| s.partner == axle.partner && s.vehicle == axle.vehicle && s.axle == axle.axle);
    served.map(filled_cell).unwrap_or_default()
}

fn filled_cell(served: &OverServed) -> String {
    let excess = (served.over_served / FULL_EXCESS).clamp(0.0, 1.0);
    let background = background(excess);
    let text = if excess < 0.45 { "#111" } else { "#fff" };
    let over = number::signed_percent(served.over_served, 0);
    let power = number::signed(served.power_excess * 100.0, 0);
    let torque = number::signed(served.torque_excess * 100.0, 0);
    let title = format!(
        "{} {}: over-served by {over}; against the smallest envelope {power}{THIN}% power, {torque}{THIN}% torque",
        partner_name(&served.partner),
        axle_name(&served.vehicle, &served.axle),
    );
    format!(
        "<span style=\"background:{background};color:{text}\" title=\"{}\">{over}<br><small>{power} / {torque}</small></span>",
        escape(&title)
    )
}
