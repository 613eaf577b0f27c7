//! A cycle over time: speed, power, losses, state of charge.

use codrive_model::driven_car::{CarTrace, DrivenCycle};

use crate::chart::{Area, Axes, Chart};
use crate::picture::Picture;
use crate::scale::round_up;
use crate::svg::Svg;

pub(super) const CAPTION: &str = "A cycle step by step. Power at the battery's terminals and at the driven axles, \
     driving positive; what the units lose and what the friction brakes take; state of charge.";

const WIDTH: f64 = 860.0;
const LEFT: f64 = 60.0;

/// Height of each chart and the place of its top, px.
const CHARTS: [(f64, f64); 4] = [(30.0, 120.0), (205.0, 170.0), (430.0, 110.0), (595.0, 80.0)];

/// Four charts over one time; `None` if the columns do not fit each other.
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
    if rows < 2 || columns.iter().any(|column| column.len() != rows) {
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
    draw_charge(&mut svg, trace);
    let label = format!("{} over time", cycle.cycle);
    Some(Picture::new(svg, (1040.0, 715.0), label))
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

fn draw_charge(svg: &mut Svg, trace: &CarTrace) {
    let percent: Vec<f64> = trace.charge.iter().map(|c| c * 100.0).collect();
    let (low, high) = percent
        .iter()
        .fold((f64::MAX, f64::MIN), |(l, h), c| (l.min(*c), h.max(*c)));
    let chart = chart(trace, 3, (low.floor(), high.ceil()));
    axes(svg, &chart, "State of charge, %", true);
    svg.path(&chart.line(&trace.time_s, &percent), r#"class="line s5""#);
}
