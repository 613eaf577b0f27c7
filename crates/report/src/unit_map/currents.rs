//! The plane of the currents: MTPA, MTPV, torque lines, voltage limits, the path of the peak envelope.

use codrive_model::unit_map::{CurrentPlane, Currents, UnitMap};

use crate::chart::{Area, Axes, Chart};
use crate::number::{self, rpm};
use crate::picture::Picture;
use crate::svg::{PathData, Svg};

/// Pixels of the longer side.
const WIDTH: f64 = 760.0;
const MOST_HEIGHT: f64 = 620.0;
const LEFT: f64 = 60.0;
const TOP: f64 = 34.0;

/// The motoring half; one ampere is as long along both axes.
pub(super) fn picture(unit: &UnitMap) -> Picture {
    let plane = &unit.currents;
    let chart = chart(plane);
    let mut svg = Svg::default();
    let axes = Axes {
        x_title: "i_d, A (peak)",
        y_title: "i_q, A (peak)",
        ticks: (8, 8),
    };
    chart.draw_axes(&mut svg, axes);
    for line in &plane.torque {
        let points = inside(&chart, &line.points);
        draw(&mut svg, &chart, &points, "thin s5");
        let text = number::newton_metre(line.torque_nm);
        label(&mut svg, &chart, points.last(), "small halo t5", &text);
    }
    for limit in &plane.voltage {
        draw_voltage(&mut svg, &chart, &limit.lines, limit.speed_rad_per_s);
    }
    draw_circle(&mut svg, &chart, plane.inverter_peak_a);
    draw(&mut svg, &chart, &inside(&chart, &plane.mtpa), "line s2");
    draw(&mut svg, &chart, &inside(&chart, &plane.mtpv), "line s3");
    draw(&mut svg, &chart, &plane.envelope, "line s1");
    draw_key(&mut svg, &chart, !plane.mtpv.is_empty());
    let size = (
        LEFT + chart.area.width + 230.0,
        TOP + chart.area.height + 44.0,
    );
    Picture::new(svg, size, format!("Plane of the currents of {}", unit.name))
}

/// A chart that holds the inverter's circle and not more of the map than a tenth beyond it.
fn chart(plane: &CurrentPlane) -> Chart {
    let reach = 1.1 * plane.inverter_peak_a;
    let (low, high) = (
        (-reach).max(1.02 * plane.map_end_a[0]),
        reach.min(1.02 * plane.map_end_a[1]),
    );
    let envelope = plane
        .envelope
        .iter()
        .fold((0.0_f64, 0.0_f64), |(d, q), p| (d.min(p[0]), q.max(p[1])));
    let (low, high) = (low.min(1.05 * envelope.0), high.max(1.05 * envelope.1));
    let scale = (WIDTH / -low).min(MOST_HEIGHT / high);
    let area = Area {
        left: LEFT,
        top: TOP,
        width: -low * scale,
        height: high * scale,
    };
    Chart::new(area, (low, 0.0), (0.0, high))
}

/// Points within the chart.
fn inside(chart: &Chart, points: &[[f64; 2]]) -> Currents {
    let holds = |p: &&[f64; 2]| {
        p[0] >= chart.x.low() && p[0] <= 0.0 && p[1] >= 0.0 && p[1] <= chart.y.high()
    };
    points.iter().filter(holds).copied().collect()
}

fn draw(svg: &mut Svg, chart: &Chart, points: &[[f64; 2]], class: &str) {
    let path = PathData::line(points.iter().map(|p| chart.at(p[0], p[1])));
    svg.path(&path, &format!(r#"class="{class}""#));
}

fn label(svg: &mut Svg, chart: &Chart, at: Option<&[f64; 2]>, class: &str, text: &str) {
    if let Some(p) = at {
        let (x, y) = chart.at(p[0], p[1]);
        svg.text((x + 4.0, y - 4.0), &format!(r#"class="{class}""#), text);
    }
}

fn draw_voltage(svg: &mut Svg, chart: &Chart, lines: &[Currents], speed_rad_per_s: f64) {
    let lines: Vec<Currents> = lines.iter().map(|line| inside(chart, line)).collect();
    for line in &lines {
        draw(svg, chart, line, "thin s0");
    }
    let highest = lines.iter().flatten().max_by(|a, b| a[1].total_cmp(&b[1]));
    let text = number::with_unit(rpm(speed_rad_per_s), 0, "rpm");
    label(svg, chart, highest, "small halo t0", &text);
}

fn draw_circle(svg: &mut Svg, chart: &Chart, radius_a: f64) {
    let points: Currents = (0..=90)
        .map(|degree| f64::from(degree).to_radians())
        .map(|angle| [-radius_a * angle.sin(), radius_a * angle.cos()])
        .collect();
    draw(svg, chart, &inside(chart, &points), "cont");
}

fn draw_key(svg: &mut Svg, chart: &Chart, has_mtpv: bool) {
    let left = chart.area.left + chart.area.width + 60.0;
    let rows = [
        ("line s1", "peak envelope"),
        ("line s2", "MTPA"),
        ("line s3", "MTPV"),
        ("thin s0", "voltage limit"),
        ("thin s5", "air-gap torque"),
        ("cont", "inverter's current"),
    ];
    let shown = rows.into_iter().filter(|row| has_mtpv || row.1 != "MTPV");
    for (index, (class, name)) in shown.enumerate() {
        let y = TOP + 10.0 + 20.0 * index as f64;
        svg.line((left, y), (left + 30.0, y), &format!(r#"class="{class}""#));
        svg.text((left + 38.0, y + 4.0), "", name);
    }
}

/// How the lines are to be read.
pub(super) fn caption(unit: &UnitMap) -> String {
    let mtpv = if unit.currents.mtpv.is_empty() {
        " MTPV lies beyond the flux map."
    } else {
        ""
    };
    format!(
        "Currents of the machine at {} DC, amplitude-invariant peak values, motoring: most torque per ampere (MTPA), \
         least flux linkage for a torque (MTPV), lines of constant air-gap torque, and for some motor speeds the \
         currents at which the voltage just suffices, all within the flux map.{mtpv} The peak envelope runs from \
         standstill to the highest speed.",
        number::with_unit(unit.unit.motor.dc_voltage_v, 0, "V")
    )
}
