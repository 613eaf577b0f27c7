//! A panel for each chosen unit: its envelopes at the voltages of its cars, over what its axles require.

use codrive_model::summary::ChosenUnit;

use crate::chart::{Area, Axes, Chart};
use crate::context::{Context, by_vehicle};
use crate::envelopes::{domain, draw_requirement};
use crate::svg::Svg;
use crate::unit_envelope::{at_each_voltage, facts};

/// Panels beside each other.
pub(crate) const COLUMNS: usize = 3;

/// Room of one panel, px.
pub(crate) const CELL: (f64, f64) = (348.0, 272.0);

/// All units.
pub(crate) fn picture(context: &Context<'_>) -> String {
    let mut svg = Svg::default();
    draw(&mut svg, context, (0.0, 0.0));
    let rows = context.data.units.len().div_ceil(COLUMNS);
    let size = (1040.0, rows as f64 * CELL.1);
    svg.finish(size, "Each unit over the requirements of its axles", "")
}

/// All units, from the corner `at`.
pub(crate) fn draw(svg: &mut Svg, context: &Context<'_>, at: (f64, f64)) {
    let (x_end, y_end) = domain(context);
    for (index, unit) in context.data.units.iter().enumerate() {
        let (left, top) = corner(index, at);
        let area = Area {
            left: left + 44.0,
            top: top + 44.0,
            width: 286.0,
            height: 178.0,
        };
        let chart = Chart::new(area, (0.0, x_end), (0.0, y_end));
        draw_panel(svg, context, &chart, (index, unit));
    }
}

/// Upper left corner of a cell of the grid.
pub(crate) fn corner(index: usize, at: (f64, f64)) -> (f64, f64) {
    let (column, row) = (index % COLUMNS, index / COLUMNS);
    (at.0 + column as f64 * CELL.0, at.1 + row as f64 * CELL.1)
}

fn draw_panel(
    svg: &mut Svg,
    context: &Context<'_>,
    chart: &Chart,
    (index, unit): (usize, &ChosenUnit),
) {
    let Area {
        left, top, width, ..
    } = chart.area;
    let axes = Axes {
        x_title: "Axle speed, rpm",
        y_title: "Nm",
        ticks: (4, 5),
    };
    chart.draw_axes(svg, axes);
    for axle in context.axles_of(index) {
        draw_requirement(svg, chart, context, axle, false);
    }
    let envelopes = at_each_voltage(context, index);
    for envelope in &envelopes {
        envelope.draw(svg, chart, &unit.name);
    }
    svg.text((left - 34.0, top - 26.0), r#"class="title""#, &unit.name);
    let right = left + width;
    let end = r#"class="soft" text-anchor="end""#;
    svg.text((right, top - 26.0), end, &facts(&envelopes));
    for (line, (partner, name)) in by_vehicle(context.axles_of(index)).iter().enumerate() {
        let class = context.colour(partner);
        let attributes = format!(r#"class="namec small halo {class}" text-anchor="end""#);
        svg.text(
            (right - 4.0, top + 14.0 + 14.0 * line as f64),
            &attributes,
            name,
        );
    }
}
