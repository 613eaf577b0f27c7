//! What the motor holds over DC voltage and magnet temperature.

use codrive_model::unit_map::{EnvelopesAt, UnitMap};

use crate::chart::{Area, Axes, Chart};
use crate::number::{self, rpm};
use crate::picture::Picture;
use crate::scale::round_up;
use crate::svg::Svg;

const ZERO_CELSIUS_K: f64 = 273.15;
const LEFT: f64 = 60.0;
const TOP: f64 = 56.0;
const PANEL: (f64, f64) = (280.0, 250.0);
const STEP: (f64, f64) = (350.0, 340.0);
const IN_A_ROW: usize = 3;
/// Colours of the page's series.
const COLOURS: usize = 6;

/// A panel for each magnet temperature, a colour for each voltage; `None` where there is only one condition.
pub(super) fn picture(unit: &UnitMap) -> Option<Picture> {
    let shown = shown(unit);
    let (magnets, voltages) = (
        values(&shown, |at| at.magnet_k),
        values(&shown, |at| at.dc_voltage_v),
    );
    if magnets.len() * voltages.len() < 2 {
        return None;
    }
    let speeds = shown.iter().flat_map(|at| &at.envelopes.speed_rad_per_s);
    let torques = shown.iter().flat_map(|at| &at.envelopes.peak_nm);
    let most_rpm = round_up(speeds.copied().map(rpm).fold(0.0, f64::max), 4);
    let most_nm = round_up(torques.copied().fold(0.0, f64::max), 4);
    let mut svg = Svg::default();
    draw_key(&mut svg, &voltages);
    for (index, magnet_k) in magnets.iter().enumerate() {
        let (column, row) = ((index % IN_A_ROW) as f64, (index / IN_A_ROW) as f64);
        let area = Area {
            left: LEFT + STEP.0 * column,
            top: TOP + STEP.1 * row,
            width: PANEL.0,
            height: PANEL.1,
        };
        let chart = Chart::new(area, (0.0, most_rpm), (0.0, most_nm));
        draw_panel(&mut svg, &chart, *magnet_k);
        let here = shown.iter().filter(|at| at.magnet_k == *magnet_k);
        here.for_each(|at| draw(&mut svg, &chart, at, &voltages));
    }
    let columns = magnets.len().min(IN_A_ROW) as f64;
    let rows = magnets.len().div_ceil(IN_A_ROW) as f64;
    let size = (LEFT + STEP.0 * columns, TOP + STEP.1 * rows - 40.0);
    let label = format!("Envelopes of {} over voltage and magnets", unit.name);
    Some(Picture::new(svg, size, label))
}

/// Those with the hottest winding.
fn shown(unit: &UnitMap) -> Vec<&EnvelopesAt> {
    let hottest = hottest_winding_k(unit);
    let all = unit.envelopes_at.iter();
    all.filter(|at| at.winding_k == hottest).collect()
}

fn hottest_winding_k(unit: &UnitMap) -> f64 {
    let windings = unit.envelopes_at.iter().map(|at| at.winding_k);
    windings.fold(0.0, f64::max)
}

/// Different values, in their order.
fn values(shown: &[&EnvelopesAt], of: impl Fn(&EnvelopesAt) -> f64) -> Vec<f64> {
    let mut values = Vec::new();
    for at in shown {
        if !values.contains(&of(at)) {
            values.push(of(at));
        }
    }
    values
}

fn celsius(kelvin: f64) -> String {
    number::with_unit(kelvin - ZERO_CELSIUS_K, 0, "°C")
}

fn draw_panel(svg: &mut Svg, chart: &Chart, magnet_k: f64) {
    let axes = Axes {
        x_title: "Motor speed, rpm",
        y_title: "Motor torque, Nm",
        ticks: (4, 6),
    };
    chart.draw_axes(svg, axes);
    let at = (
        chart.area.left + chart.area.width - 110.0,
        chart.area.top + 14.0,
    );
    let text = format!("magnets {}", celsius(magnet_k));
    svg.text(at, r#"class="strong halo""#, &text);
}

fn draw(svg: &mut Svg, chart: &Chart, at: &EnvelopesAt, voltages: &[f64]) {
    let held = &at.envelopes;
    let colour = voltages.iter().position(|v| *v == at.dc_voltage_v);
    let colour = colour.unwrap_or(0) % COLOURS;
    let rpms: Vec<f64> = held.speed_rad_per_s.iter().copied().map(rpm).collect();
    for (nm, kind) in [(&held.peak_nm, "line"), (&held.continuous_nm, "limit")] {
        if nm.len() == rpms.len() {
            svg.path(
                &chart.line(&rpms, nm),
                &format!(r#"class="{kind} s{colour}""#),
            );
        }
    }
}

fn draw_key(svg: &mut Svg, voltages: &[f64]) {
    for (index, voltage) in voltages.iter().enumerate() {
        let (left, y) = (LEFT + 110.0 * index as f64, 18.0);
        let class = format!(r#"class="line s{}""#, index % COLOURS);
        svg.line((left, y), (left + 30.0, y), &class);
        svg.text(
            (left + 38.0, y + 4.0),
            "",
            &number::with_unit(*voltage, 0, "V"),
        );
    }
}

/// How the lines are to be read.
pub(super) fn caption(unit: &UnitMap) -> String {
    format!(
        "What the motor holds at each DC voltage (colour) and magnet temperature (panel), winding of the peak at {}: \
         peak (solid) and continuous (dashed; the winding as hot as it then is, the magnets' flux that of the panel). \
         All temperatures of winding and magnets are in envelopes-at.csv, losses by origin in losses.csv, those of \
         the gear set over oil temperature in gear-losses.csv.",
        celsius(hottest_winding_k(unit))
    )
}
