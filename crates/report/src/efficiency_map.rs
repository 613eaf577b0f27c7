//! Efficiency maps of the chosen units, with the energy of the WLTC on top.

use codrive_model::operating_map::OperatingMap;
use codrive_model::summary::{ChosenUnit, EnergyDensity};

use crate::chart::{Area, Axes, Chart};
use crate::colour::EFFICIENCY;
use crate::contours::{self, Levels};
use crate::envelopes::in_rpm;
use crate::map_field::{MapField, Stage};
use crate::number::{self, rpm};
use crate::scale::round_up;
use crate::svg::{Svg, escape};

/// Efficiencies of the whole unit that are told apart.
const LEVELS: [f64; 15] = [
    0.40, 0.60, 0.70, 0.75, 0.80, 0.84, 0.87, 0.89, 0.90, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96,
];

/// Those of its parts: finer ones above, which they reach.
const LEVELS_OF_PARTS: [f64; 12] = [
    0.60, 0.70, 0.80, 0.85, 0.90, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99,
];

/// Levels of one map with those that carry a label.
pub(crate) fn levels(stage: Stage) -> Levels {
    let (values, labelled): (&[f64], &[f64]) = match stage {
        Stage::Unit => (&LEVELS, &[0.70, 0.80, 0.87, 0.90, 0.92, 0.93, 0.94, 0.95]),
        Stage::Machine | Stage::Inverter | Stage::Gear => (
            &LEVELS_OF_PARTS,
            &[0.70, 0.80, 0.90, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99],
        ),
    };
    Levels {
        values: values.to_vec(),
        labelled: labelled.to_vec(),
        end: Some(1.0),
        colours: EFFICIENCY,
        text: |value| number::fixed(value * 100.0, 0),
        quantity: "Efficiency",
        unit: "%",
    }
}

/// The large map of the whole unit on the axle.
pub(crate) fn picture(unit: &ChosenUnit) -> Option<String> {
    let map = &unit.unit.axle;
    let field = MapField::efficiency(map, Stage::Unit)?;
    let area = Area {
        left: 60.0,
        top: 44.0,
        width: 840.0,
        height: 440.0,
    };
    let chart = chart_of(map, area);
    let mut svg = Svg::default();
    let axes = Axes {
        x_title: "Axle speed, rpm",
        y_title: "Axle torque, Nm",
        ticks: (9, 9),
    };
    chart.draw_axes(&mut svg, axes);
    draw_motor_speed(&mut svg, &chart, unit);
    let levels = levels(Stage::Unit);
    contours::draw(&mut svg, &chart, &field, &levels);
    draw_energy(&mut svg, &chart, &unit.density);
    contours::draw_labels(&mut svg, &chart, &field, &levels);
    draw_envelopes(&mut svg, &chart, map);
    contours::draw_legend(&mut svg, &levels, (940.0, 80.0), 23.0);
    let label = format!("Efficiency of {} over axle speed and torque", unit.name);
    Some(svg.finish((1040.0, 528.0), &label, &read_out(&chart, map)))
}

/// Highest efficiency of the unit on its map; NaN where the map cannot be drawn.
pub(crate) fn best(unit: &ChosenUnit) -> f64 {
    MapField::efficiency(&unit.unit.axle, Stage::Unit).map_or(f64::NAN, |field| field.highest())
}

/// Machine, inverter and gear set side by side.
pub(crate) fn stages(unit: &ChosenUnit) -> Option<String> {
    let map = &unit.unit.axle;
    let mut svg = Svg::default();
    let stages = [
        (Stage::Machine, "Machine"),
        (Stage::Inverter, "Inverter"),
        (Stage::Gear, "Gear set"),
    ];
    for (column, (stage, name)) in stages.into_iter().enumerate() {
        let field = MapField::efficiency(map, stage)?;
        let left = 48.0 + column as f64 * 308.0;
        let chart = chart_of(
            map,
            Area {
                left,
                top: 46.0,
                width: 246.0,
                height: 170.0,
            },
        );
        let axes = Axes {
            x_title: "rpm",
            y_title: "Nm",
            ticks: (4, 5),
        };
        chart.draw_axes(&mut svg, axes);
        contours::draw(&mut svg, &chart, &field, &levels(stage));
        draw_envelopes(&mut svg, &chart, map);
        let best = number::percent(field.highest(), 1);
        let title = format!("{name}, up to {best}");
        svg.text((left - 34.0, 16.0), r#"class="title""#, &title);
    }
    contours::draw_legend(&mut svg, &levels(Stage::Machine), (966.0, 34.0), 14.5);
    let label = format!(
        "Efficiency of machine, inverter and gear set of {}",
        unit.name
    );
    Some(svg.finish((1040.0, 256.0), &label, ""))
}

/// The chart that holds a map.
pub(crate) fn chart_of(map: &OperatingMap, area: Area) -> Chart {
    let high = map.torque_max_nm.iter().copied().fold(0.0, f64::max);
    let low = map.torque_min_nm.iter().copied().fold(0.0, f64::min);
    let end = rpm(map.speed_rad_per_s.last().copied().unwrap_or(1.0));
    let margin = 0.03 * (high - low);
    Chart::new(
        area,
        (0.0, round_up(end, 12)),
        (low - margin, high + margin),
    )
}

/// A second axis on top with the speed of the motor.
fn draw_motor_speed(svg: &mut Svg, chart: &Chart, unit: &ChosenUnit) {
    let ratio = unit.unit.gear_ratio;
    let Area {
        left, top, width, ..
    } = chart.area;
    let scale = crate::scale::Linear::new(0.0, chart.x.high() * ratio, left, left + width);
    svg.line((left, top), (left + width, top), r#"class="grid""#);
    for (value, label) in scale.ticks(8) {
        let x = scale.px(value);
        svg.line((x, top - 4.0), (x, top), r#"class="zero""#);
        if x > left + 60.0 && x < left + width - 100.0 {
            svg.text(
                (x, top - 8.0),
                r#"class="tick" text-anchor="middle""#,
                &label,
            );
        }
    }
    let at = (left + width, top - 8.0);
    svg.text(at, r#"class="axis" text-anchor="end""#, "Motor speed, rpm");
}

pub(crate) fn draw_envelopes(svg: &mut Svg, chart: &Chart, map: &OperatingMap) {
    let speed = in_rpm(&map.speed_rad_per_s);
    svg.path(&chart.line(&speed, &map.torque_max_nm), r#"class="peak""#);
    svg.path(&chart.line(&speed, &map.torque_min_nm), r#"class="peak""#);
    svg.path(
        &chart.line(&speed, &map.torque_continuous_nm),
        r#"class="cont""#,
    );
    let y = chart.y.px(0.0);
    let Area { left, width, .. } = chart.area;
    svg.line((left, y), (left + width, y), r#"class="zero""#);
}

/// A tile in each cell whose area is the energy that the cycle moves through it; the largest fills
/// its cell.
pub(crate) fn draw_energy(svg: &mut Svg, chart: &Chart, density: &EnergyDensity) {
    let cells = density.torque_edges_nm.len().saturating_sub(1);
    let most = density
        .energy_j
        .iter()
        .copied()
        .filter(|e| e.is_finite())
        .fold(0.0, f64::max);
    if cells == 0 || most <= 0.0 {
        return;
    }
    let speeds = density.speed_edges_rad_per_s.windows(2);
    svg.open(r#"class="energy""#);
    for (row, speed) in density.energy_j.chunks(cells).zip(speeds) {
        for (energy, torque) in row.iter().zip(density.torque_edges_nm.windows(2)) {
            let share = energy / most;
            if share.is_finite() && share > 0.002 {
                let low = chart.at(rpm(speed[0]), torque[0]);
                let high = chart.at(rpm(speed[1]), torque[1]);
                draw_tile(svg, low, high, share.sqrt());
            }
        }
    }
    svg.close();
}

fn draw_tile(svg: &mut Svg, low: (f64, f64), high: (f64, f64), side: f64) {
    let (width, height) = ((high.0 - low.0) * side, (low.1 - high.1) * side);
    let middle = (f64::midpoint(low.0, high.0), f64::midpoint(low.1, high.1));
    svg.rect(
        (middle.0 - width / 2.0, middle.1 - height / 2.0),
        (width, height),
        r#"rx="1.5""#,
    );
}

/// What the hover read-out of the page needs, as an attribute.
pub(crate) fn read_out(chart: &Chart, map: &OperatingMap) -> String {
    let list = |values: &[f64], factor: f64, decimals: usize| {
        let texts: Vec<String> = values
            .iter()
            .map(|v| if v.is_finite() { v * factor } else { 0.0 })
            .map(|v| format!("{v:.decimals$}"))
            .collect();
        format!("[{}]", texts.join(","))
    };
    let Area {
        left,
        top,
        width,
        height,
    } = chart.area;
    let json = format!(
        r#"{{"box":[{left},{},{},{top}],"domain":[{},{},{:.3},{:.3}],"rpm":{},"max":{},"min":{},"load":{},"loss":{}}}"#,
        left + width,
        top + height,
        chart.x.low(),
        chart.x.high(),
        chart.y.low(),
        chart.y.high(),
        list(&in_rpm(&map.speed_rad_per_s), 1.0, 1),
        list(&map.torque_max_nm, 1.0, 1),
        list(&map.torque_min_nm, 1.0, 1),
        list(&map.load, 1.0, 4),
        list(&map.loss_w, 1e-3, 3),
    );
    format!("data-map=\"{}\"", escape(&json))
}
