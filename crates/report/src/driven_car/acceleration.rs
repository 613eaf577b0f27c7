//! Full acceleration: forces over speed with what limits them, and speed over time.

use codrive_model::driven_car::Acceleration;

use crate::chart::{Area, Axes, Chart};
use crate::number;
use crate::picture::Picture;
use crate::scale::round_up;
use crate::svg::Svg;

pub(super) const CAPTION: &str = "Full acceleration from standstill on the level at test mass. Left: what the units \
     give at the battery's voltage and within its power, what the tyres of the driven axles carry, what comes through \
     of both, and the road load; shaded where the tyres of an axle are the limit. Right: the speed reached over time.";

/// Speeds whose times are marked, km/h.
const MARKED_KM_PER_H: [f64; 3] = [60.0, 100.0, 120.0];

/// First line of the key, between the tyres' line and those of the units.
const KEY_Y: f64 = 120.0;

/// Share of the force that tyres must take away to count as the limit.
const CLEARLY: f64 = 1e-3;

/// Two charts; `None` if the columns do not fit each other.
pub(super) fn picture(run: &Acceleration) -> Option<Picture> {
    let rows = run.speed_m_s.len();
    let columns = [
        &run.time_s,
        &run.force_n,
        &run.units_n,
        &run.tyres_n,
        &run.dc_voltage_v,
        &run.resistance_n,
    ];
    if rows < 2 || columns.iter().any(|column| column.len() != rows) {
        return None;
    }
    let mut svg = Svg::default();
    let km_per_h: Vec<f64> = run.speed_m_s.iter().map(|v| v * 3.6).collect();
    draw_forces(&mut svg, run, &km_per_h);
    draw_speed(&mut svg, run, &km_per_h);
    let label = "Forces over speed and speed over time at full acceleration".to_owned();
    Some(Picture::new(svg, (1040.0, 400.0), label))
}

fn draw_forces(svg: &mut Svg, run: &Acceleration, km_per_h: &[f64]) {
    let kilo = |n: &[f64]| n.iter().map(|n| n * 1e-3).collect::<Vec<f64>>();
    let forces = run.units_n.iter().chain(&run.tyres_n);
    let most = forces.copied().fold(0.0, f64::max) * 1e-3;
    let area = Area {
        left: 60.0,
        top: 30.0,
        width: 420.0,
        height: 310.0,
    };
    let end = km_per_h.last().copied().unwrap_or(1.0);
    let chart = Chart::new(area, (0.0, end), (0.0, round_up(most, 5)));
    shade_where_tyres_limit(svg, run, km_per_h, &chart);
    let axes = Axes {
        x_title: "Speed, km/h",
        y_title: "Force at the tyres, kN",
        ticks: (6, 6),
    };
    chart.draw_axes(svg, axes);
    let lines = [
        ("line s1", "tyres", &run.tyres_n),
        ("cont", "units", &run.units_n),
        ("peak", "through to the road", &run.force_n),
        ("line s5", "road load", &run.resistance_n),
    ];
    for (row, (class, name, force)) in lines.into_iter().enumerate() {
        let attributes = format!(r#"class="{class}""#);
        svg.path(&chart.line(km_per_h, &kilo(force)), &attributes);
        let y = KEY_Y + 18.0 * row as f64;
        svg.line((340.0, y), (370.0, y), &attributes);
        svg.text((376.0, y + 4.0), r#"class="small halo""#, name);
    }
}

fn shade_where_tyres_limit(svg: &mut Svg, run: &Acceleration, km_per_h: &[f64], chart: &Chart) {
    let limits = |i: &usize| run.force_n[*i] < run.units_n[*i] * (1.0 - CLEARLY);
    let limited: Vec<usize> = (0..km_per_h.len()).filter(limits).collect();
    if let (Some(first), Some(last)) = (limited.first(), limited.last()) {
        let from = chart.at(km_per_h[*first], chart.y.high());
        let to = chart.at(km_per_h[*last], 0.0);
        svg.rect(from, (to.0 - from.0, to.1 - from.1), r#"class="flow""#);
        svg.text(
            (from.0 + 6.0, to.1 - 40.0),
            r#"class="small""#,
            "at an axle's tyre limit",
        );
    }
}

fn draw_speed(svg: &mut Svg, run: &Acceleration, km_per_h: &[f64]) {
    let reached = |speed: f64| time_at(km_per_h, &run.time_s, speed);
    let last = MARKED_KM_PER_H
        .into_iter()
        .filter_map(reached)
        .fold(0.0, f64::max);
    let shown_s = round_up(1.6 * last.max(1.0), 6);
    let area = Area {
        left: 580.0,
        top: 30.0,
        width: 420.0,
        height: 310.0,
    };
    let inside = run.time_s.partition_point(|t| *t <= shown_s).max(2);
    let most = km_per_h[..inside].iter().copied().fold(0.0, f64::max);
    let chart = Chart::new(area, (0.0, shown_s), (0.0, round_up(most, 6)));
    let axes = Axes {
        x_title: "Time, s",
        y_title: "Speed, km/h",
        ticks: (6, 6),
    };
    chart.draw_axes(svg, axes);
    let line = chart.line(&run.time_s[..inside], &km_per_h[..inside]);
    svg.path(&line, r#"class="peak""#);
    for speed in MARKED_KM_PER_H {
        if let Some(time_s) = reached(speed) {
            let at = chart.at(time_s, speed);
            svg.circle(at, 3.5, r#"class="l2""#);
            let text = format!(
                "{} after {}",
                number::with_unit(speed, 0, "km/h"),
                number::with_unit(time_s, 1, "s")
            );
            svg.text((at.0 + 9.0, at.1 + 12.0), r#"class="strong halo""#, &text);
        }
    }
}

/// Time at which a speed is reached, linear between the rows; `None` where it is not.
fn time_at(km_per_h: &[f64], time_s: &[f64], speed: f64) -> Option<f64> {
    let upper = km_per_h.iter().position(|v| *v >= speed)?;
    let lower = upper.checked_sub(1)?;
    let t = (speed - km_per_h[lower]) / (km_per_h[upper] - km_per_h[lower]);
    let time = time_s[lower] + t * (time_s[upper] - time_s[lower]);
    time.is_finite().then_some(time)
}
