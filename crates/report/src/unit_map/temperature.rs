//! Temperatures over time, and the torque that derating leaves.

use codrive_model::unit_map::Trace;

use crate::chart::{Area, Axes, Chart};
use crate::number::{self, rpm};
use crate::picture::Picture;
use crate::scale::round_up;
use crate::svg::Svg;

const ZERO_CELSIUS_K: f64 = 273.15;
const UPPER: Area = Area {
    left: 60.0,
    top: 30.0,
    width: 800.0,
    height: 280.0,
};
const LOWER: Area = Area {
    top: 370.0,
    height: 110.0,
    ..UPPER
};

/// Two charts over one time; `None` if the columns do not fit each other.
pub(super) fn picture(trace: &Trace) -> Option<Picture> {
    let lines = lines(trace);
    let rows = trace.time_s.len();
    let fits = |column: &[f64]| column.len() == rows;
    if rows < 2
        || !lines.iter().all(|line| fits(line.1))
        || !fits(&trace.given_nm)
        || !fits(&trace.asked_nm)
    {
        return None;
    }
    let minutes: Vec<f64> = trace.time_s.iter().map(|s| s / 60.0).collect();
    let end = minutes.last().copied().unwrap_or(1.0);
    let mut svg = Svg::default();
    draw_temperatures(&mut svg, trace, &lines, &minutes);
    draw_torque(&mut svg, trace, &minutes, end);
    let label = "Temperatures and torque over time".to_owned();
    Some(Picture::new(svg, (1040.0, 520.0), label))
}

/// Name and column of each part, hottest limits first.
fn lines(trace: &Trace) -> [(&'static str, &[f64]); 6] {
    [
        ("winding, hottest", &trace.winding_k),
        ("junction", &trace.junction_k),
        ("magnets", &trace.magnet_k),
        ("rotor lamination", &trace.rotor_k),
        ("stator yoke", &trace.yoke_k),
        ("gear oil", &trace.oil_k),
    ]
}

fn celsius(kelvin: &[f64]) -> Vec<f64> {
    kelvin.iter().map(|k| k - ZERO_CELSIUS_K).collect()
}

fn draw_temperatures(svg: &mut Svg, trace: &Trace, lines: &[(&str, &[f64]); 6], minutes: &[f64]) {
    let all = lines.iter().flat_map(|line| line.1).chain(&trace.limits_k);
    let (low, high) = all.fold((f64::MAX, f64::MIN), |(l, h), k| (l.min(*k), h.max(*k)));
    let low = ((low - ZERO_CELSIUS_K) / 20.0).floor() * 20.0;
    let end = minutes.last().copied().unwrap_or(1.0);
    let chart = Chart::new(UPPER, (0.0, end), (low, high - ZERO_CELSIUS_K + 8.0));
    let axes = Axes {
        x_title: "Time, min",
        y_title: "Temperature, °C",
        ticks: (10, 8),
    };
    chart.draw_axes(svg, axes);
    let [winding_k, magnet_k, junction_k] = trace.limits_k;
    for (class, limit) in [(0, winding_k), (2, magnet_k), (1, junction_k)] {
        let at = |x: f64| chart.at(x, limit - ZERO_CELSIUS_K);
        svg.line(at(0.0), at(end), &format!(r#"class="limit s{class}""#));
    }
    let mut taken: Vec<f64> = Vec::new();
    for (index, (name, kelvin)) in lines.iter().enumerate() {
        let degrees = celsius(kelvin);
        let path = chart.line(minutes, &degrees);
        svg.path(&path, &format!(r#"class="line s{index}""#));
        let last = degrees.last().copied().unwrap_or(0.0);
        let y = free_place(&mut taken, chart.y.px(last) + 4.0);
        let text = format!("{name}, {}", number::with_unit(last, 0, "°C"));
        let at = (UPPER.left + UPPER.width + 8.0, y);
        svg.text(at, &format!(r#"class="strong t{index}""#), &text);
    }
}

/// The nearest height to `wanted` at which no label stands yet.
fn free_place(taken: &mut Vec<f64>, wanted: f64) -> f64 {
    let is_free = |y: f64, taken: &[f64]| taken.iter().all(|other| (other - y).abs() >= 14.0);
    let tries = (0..60).flat_map(|k| [f64::from(k), -f64::from(k)]);
    let place = tries
        .map(|k| wanted + 2.0 * k)
        .find(|y| is_free(*y, taken))
        .unwrap_or(wanted);
    taken.push(place);
    place
}

fn draw_torque(svg: &mut Svg, trace: &Trace, minutes: &[f64], end: f64) {
    let all = || trace.asked_nm.iter().chain(&trace.given_nm);
    let high = round_up(all().copied().fold(0.0, f64::max), 4);
    let least = all().copied().fold(0.0, f64::min);
    let low = if least < 0.0 {
        -round_up(-least, 4)
    } else {
        0.0
    };
    let chart = Chart::new(LOWER, (0.0, end), (low, high));
    let axes = Axes {
        x_title: "Time, min",
        y_title: "Motor torque, Nm",
        ticks: (10, 4),
    };
    chart.draw_axes(svg, axes);
    svg.path(&chart.line(minutes, &trace.asked_nm), r#"class="cont""#);
    svg.path(&chart.line(minutes, &trace.given_nm), r#"class="peak""#);
    let left = LOWER.left + LOWER.width + 8.0;
    let last = trace.given_nm.last().copied().unwrap_or(0.0);
    let given = format!("given, {}", number::newton_metre(last));
    let mut taken = Vec::new();
    for (name, nm) in [
        ("asked", trace.asked_nm.last().copied().unwrap_or(0.0)),
        (given.as_str(), last),
    ] {
        let y = free_place(&mut taken, chart.y.px(nm) + 4.0);
        svg.text((left, y), r#"class="strong""#, name);
    }
}

/// What is asked for, and how the lines are to be read.
pub(super) fn caption(trace: &Trace) -> String {
    let first = |column: &[f64]| column.first().copied().unwrap_or(0.0);
    let is_steady = |column: &[f64]| column.windows(2).all(|w| w[0] == w[1]);
    let duty = if is_steady(&trace.speed_rad_per_s) && is_steady(&trace.asked_nm) {
        format!(
            "{} asked for at {} of the motor",
            number::newton_metre(first(&trace.asked_nm)),
            number::with_unit(rpm(first(&trace.speed_rad_per_s)), 0, "rpm"),
        )
    } else {
        "the duty of the unit's file".to_owned()
    };
    format!(
        "Temperatures over time for {duty}, from coolant temperature. Thin dashes: limits of winding, magnets and \
         junction in their colours. Below: torque asked for (dashed) and given within envelope and derating (solid)."
    )
}
