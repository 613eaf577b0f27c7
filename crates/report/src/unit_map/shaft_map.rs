//! Efficiency and loss of one stage over speed and torque, with the envelopes by time.

use codrive_model::operating_map::OperatingMap;
use codrive_model::unit_map::{Envelopes, UnitMap};

use crate::chart::{Area, Axes, Chart};
use crate::colour::FLUX;
use crate::contours::{self, Levels};
use crate::efficiency_map::{chart_of, levels, read_out};
use crate::envelopes::in_rpm;
use crate::map_field::{MapField, Stage};
use crate::number;
use crate::picture::Picture;
use crate::svg::Svg;

/// Losses that are told apart, W; those that a map reaches are drawn.
const LOSSES_W: [f64; 17] = [
    50.0, 100.0, 200.0, 500.0, 1e3, 1.5e3, 2e3, 3e3, 4e3, 5e3, 6e3, 8e3, 10e3, 12e3, 15e3, 20e3,
    30e3,
];
const SIZE: (f64, f64) = (1040.0, 528.0);
const AREA: Area = Area {
    left: 60.0,
    top: 44.0,
    width: 840.0,
    height: 440.0,
};

/// The map and envelopes on the shaft where a stage ends, and what it is called.
fn of_stage(unit: &UnitMap, stage: Stage) -> (&OperatingMap, &Envelopes, &'static str) {
    match stage {
        Stage::Machine => (&unit.unit.motor, &unit.motor_envelopes, "machine"),
        Stage::Inverter => (&unit.unit.motor, &unit.motor_envelopes, "inverter"),
        Stage::Gear => (&unit.unit.axle, &unit.axle_envelopes, "gear set"),
        Stage::Unit => (&unit.unit.axle, &unit.axle_envelopes, "unit"),
    }
}

/// Efficiency of a stage; `None` if the tables do not fit each other.
pub(super) fn efficiency(unit: &UnitMap, stage: Stage) -> Option<Picture> {
    let field = MapField::efficiency(of_stage(unit, stage).0, stage)?;
    let picture = picture(unit, stage, &field, &levels(stage));
    Some(picture)
}

/// Loss of a stage; `None` if the tables do not fit each other.
pub(super) fn loss(unit: &UnitMap, stage: Stage) -> Option<Picture> {
    let field = MapField::loss_w(of_stage(unit, stage).0, stage)?;
    let most = field.highest();
    let values: Vec<f64> = LOSSES_W.into_iter().filter(|w| *w < most).collect();
    let levels = Levels {
        labelled: values.clone(),
        values,
        end: None,
        colours: FLUX,
        text: |w| number::significant(w * 1e-3, 1 + usize::from(w % 1e3 != 0.0 && w > 1e3)),
        quantity: "Loss",
        unit: "kW",
    };
    Some(picture(unit, stage, &field, &levels))
}

fn picture(unit: &UnitMap, stage: Stage, field: &MapField<'_>, levels: &Levels) -> Picture {
    let (map, envelopes, name) = of_stage(unit, stage);
    let chart = chart_of(map, AREA);
    let is_motor = matches!(stage, Stage::Machine | Stage::Inverter);
    let (x_title, y_title) = if is_motor {
        ("Motor speed, rpm", "Motor torque, Nm")
    } else {
        ("Axle speed, rpm", "Axle torque, Nm")
    };
    let mut svg = Svg::default();
    let axes = Axes {
        x_title,
        y_title,
        ticks: (9, 9),
    };
    chart.draw_axes(&mut svg, axes);
    contours::draw(&mut svg, &chart, field, levels);
    contours::draw_labels(&mut svg, &chart, field, levels);
    draw_envelopes(&mut svg, &chart, envelopes);
    draw_key(&mut svg);
    contours::draw_legend(&mut svg, levels, (940.0, 80.0), 23.0);
    let title = format!("{} of the {name}: {}", levels.quantity, unit.name);
    svg.text((AREA.left - 34.0, 12.0), r#"class="title""#, &title);
    let label = format!("{} of the {name} of {}", levels.quantity, unit.name);
    let picture = Picture::new(svg, SIZE, label);
    if stage == Stage::Unit {
        return picture.with_attributes(read_out(&chart, map));
    }
    picture
}

/// Names of the envelopes with the classes of their lines.
const LINES: [(&str, &str); 3] = [("peak", "peak"), ("30 s", "held"), ("continuous", "cont")];

fn draw_envelopes(svg: &mut Svg, chart: &Chart, envelopes: &Envelopes) {
    let speed = in_rpm(&envelopes.speed_rad_per_s);
    let mut line = |torque: &[f64], class: &str| {
        let path = chart.line(&speed, torque);
        svg.path(&path, r#"class="casing""#);
        svg.path(&path, &format!(r#"class="{class}""#));
    };
    line(&envelopes.continuous_nm, "cont");
    line(&envelopes.held_30s_nm, "held");
    line(&envelopes.braking_nm, "peak");
    line(&envelopes.peak_nm, "peak");
    let y = chart.y.px(0.0);
    let Area { left, width, .. } = chart.area;
    svg.line((left, y), (left + width, y), r#"class="zero""#);
}

fn draw_key(svg: &mut Svg) {
    let top = 24.0;
    for (index, (name, class)) in LINES.into_iter().enumerate() {
        let left = AREA.left + AREA.width - 300.0 + 96.0 * index as f64;
        let attributes = format!(r#"class="{class}""#);
        svg.line((left, top), (left + 30.0, top), &attributes);
        svg.text((left + 36.0, top + 4.0), r#"class="small""#, name);
    }
}

/// Conditions of a map.
pub(super) fn caption(unit: &UnitMap, stage: Stage, quantity: &str) -> String {
    let (map, _, name) = of_stage(unit, stage);
    let beyond = if unit.limited_by_map {
        " The flux map ends before the inverter's current: the true peak may be higher."
    } else {
        ""
    };
    format!(
        "{quantity} of the {name} at {} DC, winding at {}. Solid: peak envelope; dotted: held for 30 s from the \
         steady state at half of the torque of the largest continuous power; dashed: continuous. Nothing is drawn beyond the peak envelope.{beyond}",
        number::with_unit(map.dc_voltage_v, 0, "V"),
        number::with_unit(unit.winding_temperature_k - 273.15, 0, "°C"),
    )
}
