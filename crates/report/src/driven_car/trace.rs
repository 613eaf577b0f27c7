//! A cycle over time: speed, power, losses, state of charge, temperatures.

use codrive_model::driven_car::{CarTrace, DrivenCycle, UnitTemperatureTrace};

use crate::chart::{Area, Axes, Chart};
use crate::picture::Picture;
use crate::scale::round_up;
use crate::svg::Svg;

pub(super) const CAPTION: &str = "A cycle step by step. Power at the battery's terminals and at the driven axles, \
     driving positive; what the units lose and what the friction brakes take; state of charge; temperatures of the parts of each unit whose heat is known.";

const WIDTH: f64 = 860.0;
const LEFT: f64 = 60.0;

/// Height of each chart and the place of its top, px.
const CHARTS: [(f64, f64); 5] = [
    (30.0, 120.0),
    (205.0, 170.0),
    (430.0, 110.0),
    (595.0, 80.0),
    (730.0, 130.0),
];

const ZERO_CELSIUS_K: f64 = 273.15;

/// Charts over one time; `None` if the columns do not fit each other.
pub(super) fn picture(cycle: &DrivenCycle) -> Option<Picture> {
    let trace = &cycle.trace;
    let columns = [
        &trace.speed_m_s,
        &trace.axles_w,
        &trace.terminal_w,
        &trace.unit_loss_w,
        &trace.friction_w,
        &trace.charge,
    ];
    let rows = trace.time_s.len();
    let temperatures: Vec<(String, &[f64])> = trace.temperatures.iter().flat_map(parts).collect();
    let fits = |column: &[f64]| column.len() == rows;
    let is_consistent = columns.iter().all(|column| fits(column))
        && temperatures.iter().all(|(_, column)| fits(column));
    if rows < 2 || !is_consistent {
        return None;
    }
    let mut svg = Svg::default();
    draw_speed(&mut svg, trace);
    let power = [
        ("at the battery", &trace.terminal_w),
        ("at the axles", &trace.axles_w),
    ];
    draw_kilowatts(&mut svg, trace, 1, "Power, kW", &power);
    let losses = [
        ("friction brakes", &trace.friction_w),
        ("units' losses", &trace.unit_loss_w),
    ];
    draw_kilowatts(&mut svg, trace, 2, "Loss, kW", &losses);
    let is_last = temperatures.is_empty();
    draw_charge(&mut svg, trace, is_last);
    if !is_last {
        draw_temperatures(&mut svg, trace, &temperatures);
    }
    let (top, height) = CHARTS[if is_last { 3 } else { 4 }];
    let label = format!("{} over time", cycle.cycle);
    Some(Picture::new(svg, (1040.0, top + height + 40.0), label))
}

/// Parts of a unit with their temperatures.
fn parts(unit: &UnitTemperatureTrace) -> [(String, &[f64]); 4] {
    let named = |part: &str| format!("{part}, {}", unit.axle);
    [
        (named("winding"), unit.winding_k.as_slice()),
        (named("rotor"), unit.rotor_k.as_slice()),
        (named("stator"), unit.stator_k.as_slice()),
        (named("oil"), unit.oil_k.as_slice()),
    ]
}

fn chart(trace: &CarTrace, index: usize, y: (f64, f64)) -> Chart {
    let (top, height) = CHARTS[index];
    let area = Area {
        left: LEFT,
        top,
        width: WIDTH,
        height,
    };
    let end = trace.time_s.last().copied().unwrap_or(1.0);
    Chart::new(area, (0.0, end), y)
}

fn axes(svg: &mut Svg, chart: &Chart, y_title: &str, is_last: bool) {
    let x_title = if is_last { "Time, s" } else { "" };
    let axes = Axes {
        x_title,
        y_title,
        ticks: (10, 4),
    };
    chart.draw_axes(svg, axes);
}

fn draw_speed(svg: &mut Svg, trace: &CarTrace) {
    let km_per_h: Vec<f64> = trace.speed_m_s.iter().map(|v| v * 3.6).collect();
    let most = km_per_h.iter().copied().fold(0.0, f64::max);
    let chart = chart(trace, 0, (0.0, round_up(most, 4)));
    axes(svg, &chart, "Speed, km/h", false);
    svg.path(&chart.line(&trace.time_s, &km_per_h), r#"class="line s5""#);
}

/// One or two powers in one chart, the first one drawn first.
fn draw_kilowatts(
    svg: &mut Svg,
    trace: &CarTrace,
    index: usize,
    title: &str,
    lines: &[(&str, &Vec<f64>)],
) {
    let kilowatts = |watts: &[f64]| watts.iter().map(|w| w * 1e-3).collect::<Vec<f64>>();
    let all = lines.iter().flat_map(|line| line.1.iter());
    let (low, high) = all.fold((0.0_f64, 0.0_f64), |(l, h), w| (l.min(*w), h.max(*w)));
    let low = if low < 0.0 {
        -round_up(-low * 1e-3, 3)
    } else {
        0.0
    };
    let chart = chart(trace, index, (low, round_up(high * 1e-3, 3)));
    axes(svg, &chart, title, false);
    for (k, (name, watts)) in lines.iter().enumerate() {
        let colour = 2 * (index - 1) + k;
        let path = chart.line(&trace.time_s, &kilowatts(watts));
        svg.path(&path, &format!(r#"class="line thin s{colour}""#));
        let at = (LEFT + WIDTH + 8.0, chart.area.top + 14.0 + 16.0 * k as f64);
        svg.text(at, &format!(r#"class="strong t{colour}""#), name);
    }
}

fn draw_charge(svg: &mut Svg, trace: &CarTrace, is_last: bool) {
    let percent: Vec<f64> = trace.charge.iter().map(|c| c * 100.0).collect();
    let (low, high) = percent
        .iter()
        .fold((f64::MAX, f64::MIN), |(l, h), c| (l.min(*c), h.max(*c)));
    let chart = chart(trace, 3, (low.floor(), high.ceil()));
    axes(svg, &chart, "State of charge, %", is_last);
    svg.path(&chart.line(&trace.time_s, &percent), r#"class="line s5""#);
}

/// Each part in its colour; the second axle's thinner.
fn draw_temperatures(svg: &mut Svg, trace: &CarTrace, parts: &[(String, &[f64])]) {
    let degrees = |kelvin: &[f64]| {
        let celsius = kelvin.iter().map(|k| k - ZERO_CELSIUS_K);
        celsius.collect::<Vec<f64>>()
    };
    let all = parts.iter().flat_map(|part| part.1);
    let (low, high) = all.fold((f64::MAX, f64::MIN), |(l, h), k| (l.min(*k), h.max(*k)));
    let low = ((low - ZERO_CELSIUS_K) / 10.0).floor() * 10.0;
    let high = ((high - ZERO_CELSIUS_K) / 10.0).ceil() * 10.0;
    let chart = chart(trace, 4, (low, high.max(low + 10.0)));
    axes(svg, &chart, "Temperature, °C", true);
    for (index, (name, kelvin)) in parts.iter().enumerate() {
        let (colour, thin) = (index % 4, if index < 4 { "" } else { " thin" });
        let path = chart.line(&trace.time_s, &degrees(kelvin));
        svg.path(&path, &format!(r#"class="line{thin} s{colour}""#));
        let y = chart.area.top + 10.0 + 15.0 * index as f64;
        let at = (LEFT + WIDTH + 8.0, y);
        svg.text(at, &format!(r#"class="strong t{colour}""#), name);
    }
}
