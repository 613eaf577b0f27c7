//! Ratings of a whole motor map, and traces over a duty.

use super::{fs800, machine, tables};
use crate::thermal::limits::{DERATING_SPAN_K, released_share};
use crate::thermal::trace::{Duty, DutyStep, TracePoint, trace};
use crate::thermal::{Cooling, Node, Start};
use crate::{Conditions, DriveError, motor_map};

fn conditions(start: Start) -> Conditions {
    Conditions {
        ratings_from: Some(start),
        ..Conditions::default()
    }
}

/// Peak ≥ 10 s ≥ 30 s ≥ continuous, from any start that the continuous torque can be held from; a warmer
/// start allows no more.
#[test]
fn envelopes_lie_in_the_order_of_their_times() {
    let tables = tables();
    let machine = machine(&tables);
    let starts = [
        Start::CoolantSoaked,
        Start::Continuous(0.5),
        Start::Continuous(1.0),
    ];
    let mut before: Option<Vec<f64>> = None;
    for start in starts {
        let map = motor_map(&machine, &fs800(), 360.0, &conditions(start)).unwrap();
        let ratings = map.ratings.unwrap();
        for i in 0..map.map.speed_rad_per_s.len() {
            let torques = [
                map.map.torque_max_nm[i],
                ratings.torque_10s_nm[i],
                ratings.torque_30s_nm[i],
                map.map.torque_continuous_nm[i],
            ];
            // Loads are found to 1e-4 of their square, hence the slack.
            assert!(
                torques.windows(2).all(|t| t[0] >= t[1] * 0.999),
                "{torques:?}"
            );
        }
        let warmer = before.iter().flatten().zip(&ratings.torque_30s_nm);
        assert!(warmer.into_iter().all(|(cold, warm)| *warm <= cold * 1.001));
        before = Some(ratings.torque_30s_nm.clone());
    }
}

/// From coolant temperature 30 minutes allow at least what can be held for ever at that speed.
#[test]
fn thirty_minutes_are_no_less_than_for_ever() {
    let tables = tables();
    let map = motor_map(
        &machine(&tables),
        &fs800(),
        360.0,
        &conditions(Start::CoolantSoaked),
    )
    .unwrap();
    let ratings = map.ratings.unwrap();
    let speed = ratings.speed_30min_rad_per_s;
    let held_w = map.map.torque_continuous_at_nm(speed) * speed;
    assert!(ratings.power_30min_w >= 0.999 * held_w);
    assert!(
        ratings.power_30min_w <= 1.15 * held_w,
        "{} {held_w}",
        ratings.power_30min_w
    );
    assert!(map.map.torque_max_at_nm(speed) * speed >= 0.9 * map.map.peak_power_w());
}

#[test]
fn a_map_without_a_start_has_no_ratings_and_a_wrong_start_is_refused() {
    let tables = tables();
    let machine = machine(&tables);
    let map = motor_map(&machine, &fs800(), 360.0, &Conditions::default()).unwrap();
    assert_eq!(map.ratings, None);
    for share in [-0.1, 1.5, f64::NAN] {
        let wrong = conditions(Start::Continuous(share));
        assert!(
            motor_map(&machine, &fs800(), 360.0, &wrong).is_err(),
            "{share}"
        );
    }
}

fn run(steps: &[DutyStep], interval_s: f64, cooling: Cooling) -> Vec<TracePoint> {
    let tables = tables();
    let conditions = Conditions {
        cooling,
        ..Conditions::default()
    };
    let duty = Duty {
        steps,
        interval_s,
        start_k: None,
        gear_set: None,
    };
    trace(&machine(&tables), &fs800(), 360.0, &conditions, &duty).unwrap()
}

fn step(seconds: f64, speed_rad_per_s: f64, torque_nm: f64) -> DutyStep {
    DutyStep {
        seconds,
        speed_rad_per_s,
        torque_nm,
    }
}

/// What is held for ever is given for two hours without derating below the limits.
#[test]
fn the_continuous_torque_stays_within_its_limits_over_two_hours() {
    let map = super::map_at(360.0).map;
    let speed = 400.0;
    let torque = 0.9 * map.torque_continuous_at_nm(speed);
    let points = run(
        &[step(7_200.0, speed, torque)],
        20.0,
        Cooling::water_jacket(),
    );
    let last = points.last().unwrap();
    assert!(last.temperatures.winding_k < 433.15);
    assert!(last.temperatures.at(Node::Magnets) < 413.15);
    assert_eq!(points.len(), 361);
    assert!((last.time_s - 7_200.0).abs() < 1e-6);
}

/// Full torque heats to the band of derating and settles in it: the limit is never reached, the torque
/// given is what the derating releases.
#[test]
fn an_overload_derates_and_never_passes_the_limit() {
    let points = run(&[step(3_600.0, 300.0, 1e4)], 1.0, Cooling::water_jacket());
    let hottest = points
        .iter()
        .map(|p| p.temperatures.winding_k)
        .fold(0.0, f64::max);
    assert!(
        hottest < 433.15 && hottest > 433.15 - DERATING_SPAN_K,
        "{hottest}"
    );
    let full = points[1].given_nm;
    assert!(
        points
            .iter()
            .skip(1)
            .all(|p| p.given_nm <= full * 1.0001 && p.asked_nm == 1e4)
    );
    let last = points.last().unwrap();
    assert!(last.released < 1.0 && last.given_nm < full);
    assert!((last.given_nm / full - last.released).abs() < 1e-6);
    let settled = released_share(last.temperatures.winding_k - 433.15);
    assert!((settled - last.released).abs() < 0.01);
}

/// The energy that went in and did not leave is in the lumps: heating and cooling again ends cold.
#[test]
fn a_unit_cools_down_to_the_coolant() {
    let duty = [step(60.0, 300.0, 150.0), step(4.0 * 3_600.0, 0.0, 0.0)];
    let points = run(&duty, 10.0, Cooling::oil_spray());
    assert!(points[6].temperatures.winding_k > 345.0);
    let last = points.last().unwrap();
    // The inverter's standby loss is zero in this fixture.
    assert!(
        last.temperatures
            .node_k
            .iter()
            .all(|k| (k - 338.15).abs() < 0.2)
    );
    assert!((last.junction_k - 338.15).abs() < 0.2);
}

#[test]
fn halving_the_interval_changes_little() {
    let duty = [step(20.0, 300.0, 180.0), step(40.0, 500.0, 60.0)];
    let coarse = run(&duty, 1.0, Cooling::water_jacket());
    let fine = run(&duty, 0.25, Cooling::water_jacket());
    let end = |points: &[TracePoint]| points.last().unwrap().temperatures.winding_k;
    assert!((end(&coarse) - end(&fine)).abs() < 0.1);
}

#[test]
fn a_duty_that_cannot_be_is_refused() {
    let tables = tables();
    let machine = machine(&tables);
    let steps = [
        step(0.0, 100.0, 10.0),
        step(10.0, -5.0, 10.0),
        step(f64::NAN, 100.0, 10.0),
        step(10.0, 1e5, 10.0),
    ];
    for wrong in steps {
        let duty = Duty {
            steps: &[wrong],
            interval_s: 1.0,
            start_k: None,
            gear_set: None,
        };
        let error = trace(&machine, &fs800(), 360.0, &Conditions::default(), &duty).unwrap_err();
        let told = matches!(
            error,
            DriveError::OutOfRange { .. } | DriveError::NoOperatingPoint { .. }
        );
        assert!(told, "{error}");
    }
}
