//! Envelopes: limits kept, monotone in voltage, continuous below peak.

use super::{fs800, machine, map_at, tables};
use crate::operating_point::Search;
use crate::{Conditions, Cooling, DriveError, motor_map};

#[test]
fn voltage_and_current_limits_are_kept_everywhere() {
    let tables = tables();
    let machine = machine(&tables);
    let map = map_at(360.0);
    let n = map.map.load.len();
    let peak_a = fs800().peak_current_a();
    for (s, speed) in map.map.speed_rad_per_s.iter().enumerate() {
        let state = machine.at_speed(*speed, 373.15);
        let search = Search {
            machine: &machine,
            state,
            voltage_limit_per_m: 1.0,
        };
        for [i_d, i_q] in &map.currents_a[s * n..(s + 1) * n] {
            let unit = tables.flux.at(1.5 * i_d, 1.5 * i_q);
            let (v_d, v_q) = search.voltage_per_m(&unit);
            let volts = v_d.hypot(v_q) * 1.5 * machine.stack_m;
            assert!(volts <= 0.97 * 360.0 / 3.0_f64.sqrt(), "{speed}: {volts}");
            assert!(i_d.hypot(*i_q) <= peak_a * (1.0 + 1e-3), "{speed}");
        }
    }
}

#[test]
fn more_voltage_never_means_less_torque() {
    let maps: Vec<_> = [250.0, 300.0, 360.0, 420.0].map(map_at).into();
    for pair in maps.windows(2) {
        for i in 0..=100 {
            let speed = 0.01 * f64::from(i) * pair[0].map.speed_limit_rad_per_s();
            let (low, high) = (&pair[0].map, &pair[1].map);
            // Between knots the envelope is linear: half a percent of slack.
            assert!(
                high.torque_max_at_nm(speed) >= low.torque_max_at_nm(speed) * 0.995,
                "{speed}"
            );
        }
    }
}

#[test]
fn the_envelope_falls_with_speed_and_recuperation_is_no_weaker() {
    let map = map_at(360.0).map;
    assert!(
        map.torque_max_nm
            .windows(2)
            .all(|t| t[1] <= t[0] * (1.0 + 1e-9))
    );
    // Losses help to brake.
    assert!(
        map.torque_max_nm
            .iter()
            .zip(&map.torque_min_nm)
            .all(|(a, b)| -b >= *a)
    );
    assert!(map.peak_power_w() > 60e3, "{}", map.peak_power_w());
}

/// No other point of the map that keeps both limits makes more torque: a grid search agrees.
#[test]
fn a_grid_search_finds_no_more_torque() {
    let tables = tables();
    let machine = machine(&tables);
    let map = map_at(360.0);
    let n = map.map.load.len();
    for s in [3, 12, 18, 24] {
        let speed = map.map.speed_rad_per_s[s];
        let state = machine.at_speed(speed, 373.15);
        let search = Search {
            machine: &machine,
            state,
            voltage_limit_per_m: 1.0,
        };
        let [d, q] = map.currents_a[s * n + n - 1];
        let found = tables.flux.at(1.5 * d, 1.5 * q);
        let (v_d, v_q) = search.voltage_per_m(&found);
        let volts = v_d.hypot(v_q);
        let limit = volts.max(0.99 * volts);
        let (mut best, radius) = (0.0_f64, 1.5 * fs800().peak_current_a());
        for i in 0..300 {
            for j in 0..300 {
                let point = tables.flux.at(
                    -radius * f64::from(i) / 300.0,
                    radius * f64::from(j) / 300.0,
                );
                let (v_d, v_q) = search.voltage_per_m(&point);
                if point.current_a() <= radius && v_d.hypot(v_q) <= limit {
                    best = best.max(point.torque_nm_per_m);
                }
            }
        }
        if s > 9 {
            assert!(
                best <= found.torque_nm_per_m * 1.003,
                "{s}: {best} {found:?}"
            );
        }
    }
}

#[test]
fn the_continuous_envelope_lies_within_the_peak_and_oil_raises_it() {
    let jacket = map_at(360.0).map;
    let tables = tables();
    let conditions = Conditions {
        cooling: Cooling::oil_spray(),
        ..Conditions::default()
    };
    let oil = motor_map(&machine(&tables), &fs800(), 360.0, &conditions)
        .unwrap()
        .map;
    let both = jacket
        .torque_continuous_nm
        .iter()
        .zip(&oil.torque_continuous_nm);
    for ((jacket, oil), peak) in both.zip(&oil.torque_max_nm) {
        assert!(0.0 <= *jacket && jacket <= oil && oil <= peak);
    }
    assert!(oil.continuous_power_w() > 1.05 * jacket.continuous_power_w());
}

#[test]
fn what_cannot_run_is_said() {
    let tables = tables();
    let machine = machine(&tables);
    let error =
        |voltage: f64| motor_map(&machine, &fs800(), voltage, &Conditions::default()).unwrap_err();
    assert!(matches!(error(500.0), DriveError::Overvoltage { .. }));
    assert!(matches!(error(-1.0), DriveError::OutOfRange { .. }));
    assert!(matches!(error(f64::NAN), DriveError::OutOfRange { .. }));
    assert!(matches!(error(1.0), DriveError::OutOfRange { .. }));
    assert!(matches!(error(6.0), DriveError::NoTorque { .. }));
}

/// Newton's method from a near guess finds the point that bracketing finds: a guess of the other
/// direction leads to bracketing.
#[test]
fn a_near_guess_changes_the_path_not_the_point() {
    let tables = tables();
    let machine = machine(&tables);
    let volts_per_m = 0.93 * 360.0 / 3.0_f64.sqrt() / (machine.ratio() * machine.stack_m);
    for speed in [500.0, 800.0, 1100.0] {
        let search = Search {
            machine: &machine,
            state: machine.at_speed(speed, 373.15),
            voltage_limit_per_m: volts_per_m,
        };
        let mut guess = tables.flux.at(0.0, 0.0);
        for step in -20..=20 {
            let torque = 30.0 * f64::from(step);
            let Some(bracketed) = search.least_current(torque, &guess.mirrored()) else {
                continue;
            };
            let near = search.least_current(torque, &bracketed).unwrap();
            let from_last = search.least_current(torque, &guess).unwrap();
            for found in [near, from_last] {
                assert!(
                    (found.i_d_a - bracketed.i_d_a).abs() < 1e-3,
                    "{speed} {torque}"
                );
                assert!(
                    (found.i_q_a - bracketed.i_q_a).abs() < 1e-3,
                    "{speed} {torque}"
                );
            }
            guess = bracketed;
        }
    }
}
