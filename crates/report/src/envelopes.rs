//! What the axles require over speed, and the units that serve them.
//!
//! Requirements are lower bounds, one for each axle; nothing here combines them into a limit.

use codrive_model::summary::AxleEnvelope;

use crate::chart::{Area, Axes, Chart};
use crate::context::{Context, axle_attribute, axle_name, partner_name};
use crate::number::{self, rpm};
use crate::page::{self, Section};
use crate::scale::round_up;
use crate::svg::Svg;
use crate::unit_envelope::{UnitEnvelope, at_each_voltage, volts};
use crate::{requirement_table, unit_panels};

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
    let lead = "Each coloured line is the least envelope, constant torque and then constant power, \
                with which one axle meets its car's targets. A unit may exceed it as far as it likes; \
                no line is a limit. For cars with two driven axles, the line stands for that axle's \
                share of the targets.";
    let body = [
        page::paragraph(lead),
        page::figure(&overview(context), &overview_caption(context)),
        units_figure(context),
        page::figure(&multiples(context), MULTIPLES_CAPTION),
        requirement_table::markup(context),
    ];
    Some(Section {
        id: "requirements",
        title: title.to_owned(),
        body: body.concat(),
    })
}

fn overview_caption(context: &Context<'_>) -> String {
    format!(
        "Requirement envelopes of {}, torque on the axle (colour: partner). Point at a line to pick \
         out one axle.",
        number::plural(context.data.axles.len(), "axle"),
    )
}

const UNITS_CAPTION: &str = "Each chosen unit, peak (solid) and continuous (dashed), over the \
     requirements of the axles that it drives (coloured); one pair of lines for each DC voltage under \
     load of the cars named, the lower line for the lower voltage. Where a requirement still lies \
     above its unit, more torque makes up for less power or the reverse; the driven car decides: see \
     its margins.";

const MULTIPLES_CAPTION: &str = "Each axle alone with the unit that serves it: requirement (filled), \
     points that must be held continuously (rings), the unit's peak (solid) and continuous (dashed) \
     envelope at the DC voltage under load of that car, given above the panel. Software limits are not applied. Same scales throughout.";

/// Ends of the speed and torque axes that hold all axles and units.
pub(crate) fn domain(context: &Context<'_>) -> (f64, f64) {
    let axles = &context.data.axles;
    let units: Vec<UnitEnvelope<'_>> = (0..context.data.units.len())
        .flat_map(|index| at_each_voltage(context, index))
        .collect();
    let speeds = axles
        .iter()
        .flat_map(|a| &a.speed_rad_per_s)
        .chain(units.iter().flat_map(|u| u.speed_rad_per_s));
    let torques = axles
        .iter()
        .flat_map(|a| &a.torque_nm)
        .chain(units.iter().flat_map(|u| u.peak_nm));
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

fn units_figure(context: &Context<'_>) -> String {
    if context.data.units.is_empty() {
        return String::new();
    }
    page::figure(&unit_panels::picture(context), UNITS_CAPTION)
}

fn overview(context: &Context<'_>) -> String {
    let (x_end, y_end) = domain(context);
    let area = Area {
        left: 56.0,
        top: 30.0,
        width: 650.0,
        height: 320.0,
    };
    let chart = Chart::new(area, (0.0, x_end), (0.0, y_end));
    let mut svg = Svg::default();
    chart.draw_axes(&mut svg, AXES);
    for axle in &context.data.axles {
        draw_requirement(&mut svg, &chart, context, axle, false);
    }
    draw_key(&mut svg, context, area);
    let label = "Torque over speed required by each axle";
    svg.finish((1040.0, 392.0), label, "")
}

/// Axles beside the chart, the highest torque first.
fn draw_key(svg: &mut Svg, context: &Context<'_>, area: Area) {
    const RIGHT: f64 = 1036.0;
    let left = area.left + area.width + 30.0;
    let mut axles: Vec<(&AxleEnvelope, f64)> = context
        .data
        .axles
        .iter()
        .map(|axle| (axle, axle.torque_nm.first().copied().unwrap_or(0.0)))
        .collect();
    axles.sort_by(|a, b| b.1.total_cmp(&a.1));
    let step = (area.height / axles.len() as f64).min(20.0);
    let title = area.top + 6.0;
    svg.text((left, title), r#"class="axis""#, "Axle");
    let end = r#"class="axis" text-anchor="end""#;
    svg.text((RIGHT, title), end, "from standstill, Nm");
    for (index, (axle, torque)) in axles.into_iter().enumerate() {
        let y = title + (index as f64 + 1.0) * step;
        let link = axle_attribute(&axle.partner, &axle.vehicle, &axle.axle);
        svg.open(&format!(
            r#"class="{}" {link}"#,
            context.colour(&axle.partner)
        ));
        let name = axle_name(&axle.vehicle, &axle.axle);
        svg.text((left, y), r#"class="namec""#, &name);
        let torque = number::fixed(torque, 0);
        svg.text((RIGHT, y), r#"text-anchor="end""#, &torque);
        svg.close();
    }
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
        "{}: {}",
        partner_name(&axle.partner),
        axle_name(&axle.vehicle, &axle.axle)
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
    let envelope = UnitEnvelope::at_car(axle);
    if let Some(unit) = unit {
        envelope.draw(svg, chart, &unit.name);
    }
    let class = context.colour(&axle.partner);
    let name = axle_name(&axle.vehicle, &axle.axle);
    svg.text(
        (left - 34.0, top - 24.0),
        &format!(r#"class="namec {class}""#),
        &name,
    );
    let served = unit
        .map(|u| format!("{} at {}", u.name, volts(&envelope)))
        .unwrap_or_default();
    let right = left + chart.area.width;
    svg.text(
        (right, top - 8.0),
        r#"class="soft small" text-anchor="end""#,
        &served,
    );
}
