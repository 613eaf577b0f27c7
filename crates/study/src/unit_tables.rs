//! A unit's results as CSV: one line a point, the unit of each column in its name.

use std::fmt::Write as _;

use codrive_model::operating_map::OperatingMap;
use codrive_model::safe_state::{Finding, LoadAtStart, SafeState, ShortCircuitFrom};
use codrive_model::unit_map::{Envelopes, EnvelopesAt, Trace, UnitMap};

/// Losses over speed and torque of one shaft; loss of each origin beside the sum.
pub(crate) fn map(map: &OperatingMap) -> String {
    let mut text = String::from(
        "speed_rad_per_s,torque_nm,load,loss_w,copper_w,iron_w,magnet_w,mechanical_w,inverter_w,gear_w\n",
    );
    let split = &map.split;
    let n = map.load.len();
    for (s, speed) in map.speed_rad_per_s.iter().enumerate() {
        for (l, load) in map.load.iter().enumerate() {
            let i = s * n + l;
            let torque = map.torque_nm(s, l);
            let _ = write!(text, "{speed:.4},{torque:.4},{load},{:.3}", map.loss_w[i]);
            for part in [
                &split.copper_w,
                &split.iron_w,
                &split.magnet_w,
                &split.mechanical_w,
                &split.inverter_w,
                &split.gear_w,
            ] {
                let _ = write!(text, ",{:.3}", part[i]);
            }
            text.push('\n');
        }
    }
    text
}

/// Open switches and active short circuit, a figure a line; what is not known says why.
pub(crate) fn safe_state(map: &UnitMap) -> String {
    let mut text = String::from("figure,unit,value,not_known\n");
    let mut line = |figure: &str, unit: &str, finding: &Finding| {
        let _ = match finding {
            Finding::Known(value) => writeln!(text, "{figure},{unit},{value:.4},"),
            Finding::NotKnown(why) => {
                writeln!(text, "{figure},{unit},,\"{}\"", why.replace('"', "'"))
            }
        };
    };
    settled(&map.safe_state, &mut line);
    first_peaks(&map.safe_state, &mut line);
    first_swings(&map.short_circuits, &mut line);
    text
}

/// Writes a figure with its unit.
type Line<'a> = dyn FnMut(&str, &str, &Finding) + 'a;

/// Open switches, steady short circuit, magnets.
fn settled(state: &SafeState, line: &mut Line<'_>) {
    let known = |value: f64| Finding::Known(value);
    let margin = &state.magnet_margin_t;
    line("top speed", "rad/s", &known(state.top_speed_rad_per_s));
    line(
        "back-EMF line to line at top speed",
        "V",
        &known(state.back_emf_v),
    );
    line("blocking voltage", "V", &known(state.blocking_voltage_v));
    line("device current", "A peak", &known(state.device_current_a));
    line(
        "steady short-circuit current at top speed",
        "A peak",
        &state.steady_current_a,
    );
    line(
        "steady short-circuit torque at top speed",
        "Nm",
        &state.steady_torque_nm,
    );
    line(
        "largest steady short-circuit torque",
        "Nm",
        &state.worst_torque_nm,
    );
    line("its speed", "rad/s", &state.worst_torque_speed_rad_per_s);
    line(
        "magnets over their knee in operation",
        "T",
        &margin.operation_t,
    );
    line(
        "magnets over their knee in steady short circuit",
        "T",
        &margin.steady_t,
    );
}

/// First peaks, resistance neglected.
fn first_peaks(state: &SafeState, line: &mut Line<'_>) {
    let peaks = [
        ("from any speed", Some(&state.first_peak)),
        (
            "from speeds with back-EMF above DC voltage",
            state.first_peak_above_dc.as_ref(),
        ),
    ];
    for (from, peak) in peaks
        .iter()
        .filter_map(|(from, peak)| peak.map(|p| (from, p)))
    {
        line(
            &format!("first peak current {from}"),
            "A peak",
            &peak.current_a,
        );
        line(
            &format!("largest braking torque before it {from}"),
            "Nm",
            &peak.torque_nm,
        );
        line(
            &format!("magnets over their knee at it {from}"),
            "T",
            &peak.magnet_margin_t,
        );
    }
}

/// First swings with resistance, from a load at the worst speed.
fn first_swings(from: &[ShortCircuitFrom], line: &mut Line<'_>) {
    for found in from {
        let load = match found.load {
            LoadAtStart::FullMotoring => "full motoring torque",
            LoadAtStart::None => "no load",
            LoadAtStart::FullBraking => "full braking torque",
        };
        let figures = [
            ("largest current", "A peak", &found.current_a),
            (
                "speed of the largest current",
                "rad/s",
                &found.current_speed_rad_per_s,
            ),
            ("largest braking torque", "Nm", &found.torque_nm),
            (
                "speed of the largest braking torque",
                "rad/s",
                &found.torque_speed_rad_per_s,
            ),
            ("magnets over their knee", "T", &found.magnet_margin_t),
        ];
        for (figure, unit, finding) in figures {
            line(
                &format!("short circuit from {load}: {figure}"),
                unit,
                finding,
            );
        }
    }
}

/// What motor shaft and axle hold for how long.
pub(crate) fn envelopes(unit: &UnitMap) -> String {
    let mut text = String::from(
        "shaft,speed_rad_per_s,peak_nm,braking_nm,held_10s_nm,held_30s_nm,continuous_nm\n",
    );
    let shafts = [
        ("motor", &unit.motor_envelopes),
        ("axle", &unit.axle_envelopes),
    ];
    for (shaft, envelopes) in shafts {
        let Envelopes {
            speed_rad_per_s,
            peak_nm,
            braking_nm,
            held_10s_nm,
            held_30s_nm,
            continuous_nm,
        } = envelopes;
        let columns = [peak_nm, braking_nm, held_10s_nm, held_30s_nm, continuous_nm];
        for (i, speed) in speed_rad_per_s.iter().enumerate() {
            let _ = write!(text, "{shaft},{speed:.4}");
            push_row(&mut text, &columns, i);
        }
    }
    text
}

/// What the motor shaft holds at each voltage and temperature.
pub(crate) fn envelopes_at(conditions: &[EnvelopesAt]) -> String {
    let mut text = String::from(
        "dc_voltage_v,winding_k,magnet_k,speed_rad_per_s,peak_nm,braking_nm,held_10s_nm,held_30s_nm,continuous_nm\n",
    );
    for at in conditions {
        let held = &at.envelopes;
        let columns = [
            &held.peak_nm,
            &held.braking_nm,
            &held.held_10s_nm,
            &held.held_30s_nm,
            &held.continuous_nm,
        ];
        for (i, speed) in held.speed_rad_per_s.iter().enumerate() {
            let (dc_v, winding_k, magnet_k) = (at.dc_voltage_v, at.winding_k, at.magnet_k);
            let _ = write!(text, "{dc_v},{winding_k:.2},{magnet_k:.2},{speed:.4}");
            push_row(&mut text, &columns, i);
        }
    }
    text
}

/// Temperatures over time.
pub(crate) fn trace(trace: &Trace) -> String {
    let mut text = String::from(
        "time_s,speed_rad_per_s,asked_nm,given_nm,loss_w,winding_k,magnet_k,rotor_k,yoke_k,oil_k,junction_k\n",
    );
    let columns = [
        &trace.speed_rad_per_s,
        &trace.asked_nm,
        &trace.given_nm,
        &trace.loss_w,
        &trace.winding_k,
        &trace.magnet_k,
        &trace.rotor_k,
        &trace.yoke_k,
        &trace.oil_k,
        &trace.junction_k,
    ];
    for (i, time) in trace.time_s.iter().enumerate() {
        let _ = write!(text, "{time:.4}");
        push_row(&mut text, &columns, i);
    }
    text
}

/// The rest of a line; a column that lacks the row leaves its place empty.
fn push_row(text: &mut String, columns: &[&Vec<f64>], row: usize) {
    for column in columns {
        text.push(',');
        if let Some(value) = column.get(row) {
            let _ = write!(text, "{value:.4}");
        }
    }
    text.push('\n');
}
