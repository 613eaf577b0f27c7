//! What the axles require over speed, and the units that serve them.
//!
//! Requirements are lower bounds, one for each axle; nothing here combines them into a limit.

use codrive_model::summary::{AxleEnvelope, ChosenUnit};

use crate::chart::{Area, Axes, Chart};
use crate::context::{Context, axle_attribute, partner_name};
use crate::number::{self, rpm};
use crate::page::{self, Section};
use crate::scale::round_up;
use crate::svg::{Svg, escape};

const AXES: Axes<'static> = Axes {
    x_title: "Axle speed, rpm",
    y_title: "Axle torque, Nm",
    ticks: (7, 6),
};

/// Requirements of all axles, each beside the unit that serves it.
pub(crate) fn section(context: &Context<'_>) -> Option<Section> {
    let axles = &context.data.axles;
    if axles.is_empty() {
        return None;
    }
    let title = match context.reader() {
        None => "What the axles require",
        Some(_) => "What your axles require",
    };
    let lead = "Each coloured line is the torque that one axle must at least reach at each speed. \
                A unit may exceed it as far as it likes; no line is a limit. For cars with two driven \
                axles, the line stands for that axle's share of the car's targets.";
    let body = [
        page::paragraph(lead),
        page::figure(&overview(context), &overview_caption(context)),
        page::figure(&multiples(context), MULTIPLES_CAPTION),
        requirement_table(context),
    ];
    Some(Section {
        id: "requirements",
        title: title.to_owned(),
        body: body.concat(),
    })
}

fn overview_caption(context: &Context<'_>) -> String {
    let voltages: Vec<String> = context.data.units.iter().map(voltage_of).collect();
    format!(
        "Requirement envelopes of {} (colour: partner) and the envelopes of the chosen units, peak \
         (solid) and continuous (dashed), on the axle. {}. Point at a line to pick out one axle.",
        number::plural(context.data.axles.len(), "axle"),
        voltages.join(", "),
    )
}

fn voltage_of(unit: &ChosenUnit) -> String {
    format!(
        "{} at {} DC",
        unit.name,
        number::with_unit(unit.unit.axle.dc_voltage_v, 0, "V")
    )
}

const MULTIPLES_CAPTION: &str = "Each axle alone with the unit that serves it: requirement (filled), \
     points that must be held continuously (rings), the unit's peak (solid) and continuous (dashed) \
     envelope at its DC voltage. Software limits are not applied. Same scales throughout.";

/// Ends of the speed and torque axes that hold all axles and units.
pub(crate) fn domain(context: &Context<'_>) -> (f64, f64) {
    let axles = &context.data.axles;
    let maps = context.data.units.iter().map(|u| &u.unit.axle);
    let speeds = axles
        .iter()
        .flat_map(|a| &a.speed_rad_per_s)
        .chain(maps.clone().flat_map(|m| &m.speed_rad_per_s));
    let torques = axles
        .iter()
        .flat_map(|a| &a.torque_nm)
        .chain(maps.flat_map(|m| &m.torque_max_nm));
    (
        round_up(rpm(largest(speeds)), 8),
        round_up(largest(torques) * 1.03, 8),
    )
}

fn largest<'a>(values: impl Iterator<Item = &'a f64>) -> f64 {
    values
        .copied()
        .filter(|v| v.is_finite())
        .fold(0.0, f64::max)
}

/// Speeds in rpm.
pub(crate) fn in_rpm(speed_rad_per_s: &[f64]) -> Vec<f64> {
    speed_rad_per_s.iter().map(|w| rpm(*w)).collect()
}

fn overview(context: &Context<'_>) -> String {
    let (x_end, y_end) = domain(context);
    let area = Area {
        left: 56.0,
        top: 30.0,
        width: 780.0,
        height: 380.0,
    };
    let chart = Chart::new(area, (0.0, x_end), (0.0, y_end));
    let mut svg = Svg::default();
    chart.draw_axes(&mut svg, AXES);
    for axle in &context.data.axles {
        draw_requirement(&mut svg, &chart, context, axle, false);
    }
    for unit in &context.data.units {
        draw_unit(&mut svg, &chart, unit);
    }
    let ends = context
        .data
        .units
        .iter()
        .map(|u| unit_label(&chart, u))
        .collect();
    draw_labels(&mut svg, ends);
    let ends = context
        .data
        .axles
        .iter()
        .map(|a| axle_label(context, &chart, a))
        .collect();
    draw_labels(&mut svg, ends);
    svg.finish(
        (1040.0, 452.0),
        "Torque over speed required by each axle, with the units",
        "",
    )
}

/// A label beside the end of a curve, moved down until it is free.
struct Label {
    x: f64,
    y: f64,
    attributes: String,
    text: String,
}

fn unit_label(chart: &Chart, unit: &ChosenUnit) -> Label {
    let torque = unit.unit.axle.torque_max_nm.first().copied().unwrap_or(0.0);
    Label {
        x: chart.area.left + 6.0,
        y: chart.y.px(torque) - 6.0,
        attributes: r#"class="strong halo""#.to_owned(),
        text: format!(
            "{}, peak {}",
            unit.name,
            number::kilowatt(unit.unit.axle.peak_power_w())
        ),
    }
}

fn axle_label(context: &Context<'_>, chart: &Chart, axle: &AxleEnvelope) -> Label {
    let torque = axle.torque_nm.first().copied().unwrap_or(0.0);
    let link = axle_attribute(&axle.partner, &axle.vehicle, &axle.axle);
    let class = context.colour(&axle.partner);
    Label {
        x: chart.area.left + chart.area.width + 14.0,
        y: chart.y.px(torque) + 4.0,
        attributes: format!(r#"class="namec {class}" {link}"#),
        text: format!(
            "{} {} · {}",
            axle.vehicle,
            axle.axle,
            number::newton_metre(torque)
        ),
    }
}

fn draw_labels(svg: &mut Svg, mut labels: Vec<Label>) {
    labels.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut free = f64::NEG_INFINITY;
    for label in labels {
        let y = label.y.max(free);
        svg.text((label.x, y), &label.attributes, &label.text);
        free = y + 15.0;
    }
}

/// Peak and continuous envelope of a unit on the axle.
pub(crate) fn draw_unit(svg: &mut Svg, chart: &Chart, unit: &ChosenUnit) {
    let map = &unit.unit.axle;
    let speed = in_rpm(&map.speed_rad_per_s);
    svg.titled_path(
        &chart.line(&speed, &map.torque_max_nm),
        r#"class="peak""#,
        &unit.name,
    );
    svg.titled_path(
        &chart.line(&speed, &map.torque_continuous_nm),
        r#"class="cont""#,
        &unit.name,
    );
}

/// One axle's requirement in its partner's colour.
pub(crate) fn draw_requirement(
    svg: &mut Svg,
    chart: &Chart,
    context: &Context<'_>,
    axle: &AxleEnvelope,
    is_filled: bool,
) {
    let speed = in_rpm(&axle.speed_rad_per_s);
    let class = context.colour(&axle.partner);
    let link = axle_attribute(&axle.partner, &axle.vehicle, &axle.axle);
    if is_filled {
        let floor = vec![0.0; speed.len()];
        let fill = chart.band(&speed, &floor, &axle.torque_nm);
        svg.path(&fill, &format!(r#"class="needfill {class}""#));
    }
    let title = format!(
        "{} {} {}",
        partner_name(&axle.partner),
        axle.vehicle,
        axle.axle
    );
    let attributes = format!(r#"class="need {class}" {link}"#);
    svg.titled_path(&chart.line(&speed, &axle.torque_nm), &attributes, &title);
    for [speed, torque] in axle.continuous.iter().filter(|_| is_filled) {
        let attributes = format!(r#"class="dot {class}" {link}"#);
        svg.circle(chart.at(rpm(*speed), *torque), 3.0, &attributes);
    }
}

fn multiples(context: &Context<'_>) -> String {
    const COLUMNS: usize = 4;
    const SIZE: (f64, f64) = (262.0, 196.0);
    let (x_end, y_end) = domain(context);
    let mut svg = Svg::default();
    for (i, axle) in context.data.axles.iter().enumerate() {
        let (column, row) = (i % COLUMNS, i / COLUMNS);
        let area = Area {
            left: 46.0 + column as f64 * SIZE.0,
            top: 34.0 + row as f64 * SIZE.1,
            width: 196.0,
            height: 112.0,
        };
        let chart = Chart::new(area, (0.0, x_end), (0.0, y_end));
        draw_multiple(&mut svg, &chart, context, axle);
    }
    let rows = context.data.axles.len().div_ceil(COLUMNS);
    let size = (1040.0, rows as f64 * SIZE.1 + 8.0);
    svg.finish(
        size,
        "Requirement of each axle with the unit that serves it",
        "",
    )
}

fn draw_multiple(svg: &mut Svg, chart: &Chart, context: &Context<'_>, axle: &AxleEnvelope) {
    let Area { left, top, .. } = chart.area;
    let axes = Axes {
        x_title: "rpm",
        y_title: "Nm",
        ticks: (4, 4),
    };
    chart.draw_axes(svg, axes);
    draw_requirement(svg, chart, context, axle, true);
    let unit = context.data.units.get(axle.unit);
    if let Some(unit) = unit {
        draw_unit(svg, chart, unit);
    }
    let class = context.colour(&axle.partner);
    let name = format!("{} {}", axle.vehicle, axle.axle);
    svg.text(
        (left - 8.0, top - 20.0),
        &format!(r#"class="namec {class}""#),
        &name,
    );
    let served = unit.map(|u| u.name.as_str()).unwrap_or_default();
    let right = left + chart.area.width;
    svg.text(
        (right, top - 20.0),
        r#"class="soft small" text-anchor="end""#,
        served,
    );
}

fn requirement_table(context: &Context<'_>) -> String {
    let head = page::heads(&[
        "Axle",
        "Partner",
        "Share of the car's targets",
        "Torque from standstill, Nm",
        "Peak power, kW",
        "Continuous power, kW",
        "Highest axle speed, rpm",
    ]);
    let rows: Vec<Vec<String>> = context
        .data
        .summary
        .requirements
        .iter()
        .map(|row| {
            vec![
                escape(&format!("{} {}", row.vehicle, row.axle)),
                context.partner_markup(&row.partner),
                page::datum(row.share, &number::percent(row.share, 0)),
                page::datum(row.wheel_torque_nm, &number::fixed(row.wheel_torque_nm, 0)),
                page::datum(row.power_w, &number::fixed(row.power_w / 1e3, 1)),
                page::datum(
                    row.continuous_power_w,
                    &number::fixed(row.continuous_power_w / 1e3, 1),
                ),
                page::datum(
                    row.max_speed_rad_per_s,
                    &number::fixed(rpm(row.max_speed_rad_per_s), 0),
                ),
            ]
        })
        .collect();
    if rows.is_empty() {
        String::new()
    } else {
        page::table("numbers", &head, &rows)
    }
}
