//! Range and consumption at steady speeds.

use codrive_model::driven_car::Steady;

use crate::chart::{Area, Axes, Chart};
use crate::number;
use crate::picture::Picture;
use crate::scale::round_up;
use crate::svg::Svg;

pub(super) const CAPTION: &str = "Steady driving on the level: distance on one charge and consumption from the \
     battery. At low speed the auxiliaries and what the units drag decide, at high speed the air.";

/// Speeds that are marked, km/h.
const MARKED_KM_PER_H: [f64; 3] = [50.0, 90.0, 120.0];
const J_PER_M_TO_WH_PER_KM: f64 = 1.0 / 3.6;

/// Two charts; `None` if the columns do not fit each other.
pub(super) fn picture(steady: &Steady) -> Option<Picture> {
    let rows = steady.speed_m_s.len();
    if rows < 2 || steady.battery_j_per_m.len() != rows || steady.range_m.len() != rows {
        return None;
    }
    let scaled = |values: &[f64], by: f64| values.iter().map(|v| v * by).collect::<Vec<f64>>();
    let km_per_h = scaled(&steady.speed_m_s, 3.6);
    let mut svg = Svg::default();
    let range_km = scaled(&steady.range_m, 1e-3);
    let consumption = scaled(&steady.battery_j_per_m, J_PER_M_TO_WH_PER_KM);
    draw(&mut svg, 60.0, &km_per_h, (&range_km, "Range, km", "km"));
    let title = "Consumption from the battery, Wh/km";
    draw(&mut svg, 580.0, &km_per_h, (&consumption, title, "Wh/km"));
    let label = "Range and consumption over steady speed".to_owned();
    Some(Picture::new(svg, (1040.0, 340.0), label))
}

fn draw(svg: &mut Svg, left: f64, km_per_h: &[f64], (values, title, unit): (&[f64], &str, &str)) {
    let area = Area {
        left,
        top: 30.0,
        width: 420.0,
        height: 250.0,
    };
    let most = values.iter().copied().fold(0.0, f64::max);
    let end = km_per_h.last().copied().unwrap_or(1.0);
    let chart = Chart::new(area, (0.0, end), (0.0, round_up(most, 5)));
    let axes = Axes {
        x_title: "Speed, km/h",
        y_title: title,
        ticks: (7, 5),
    };
    chart.draw_axes(svg, axes);
    svg.path(&chart.line(km_per_h, values), r#"class="peak""#);
    // Labels stand where the line does not run: above one that falls, below one that rises.
    let falls = values.last() < values.first();
    let beside = if falls { (7.0, -7.0) } else { (7.0, 14.0) };
    for (speed, value) in km_per_h.iter().zip(values) {
        if MARKED_KM_PER_H
            .iter()
            .any(|marked| (marked - speed).abs() < 1e-6)
        {
            let at = chart.at(*speed, *value);
            svg.circle(at, 3.5, r#"class="l2""#);
            let text = number::with_unit(*value, 0, unit);
            svg.text(
                (at.0 + beside.0, at.1 + beside.1),
                r#"class="strong halo""#,
                &text,
            );
        }
    }
}
