//! Temperatures over cycles: heat in is heat stored and passed on, and derating holds the limit.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use codrive_model::unit_heat::LUMPS;
use codrive_model::vehicle::Axle;
use codrive_vehicle::{AxleDrive, CycleResult, DriveCycle, Options, simulate_cycle};
use common::{COOLANT_W_PER_K, I3_SIZED, cycle, drive, hatch, heat, uneven_drive_map};

fn run(
    cycle: &DriveCycle,
    heat: &codrive_model::unit_heat::UnitHeat,
    options: Options,
) -> CycleResult {
    let map = uneven_drive_map(I3_SIZED);
    let one = [AxleDrive {
        heat: Some(heat),
        ..drive(Axle::Rear, &map)
    }];
    simulate_cycle(&hatch(), &one, cycle, options).unwrap()
}

/// Seconds at a steady speed.
fn steady(speed_m_s: f64, seconds: u32) -> DriveCycle {
    let rows: String = (0..=seconds)
        .map(|t| format!("{t},{speed_m_s}\n"))
        .collect();
    DriveCycle::parse("steady", &format!("time_s,speed_m_s\n{rows}")).unwrap()
}

#[test]
fn a_long_steady_drive_ends_where_heat_in_is_heat_out_at_its_speed() {
    let (heat, map) = (heat(), uneven_drive_map(I3_SIZED));
    // At speeds of the map, where nothing lies between.
    for knot in [12, 18, 22] {
        let speed = map.speed_rad_per_s[knot];
        let options = Options {
            keep_trace: true,
            ..Options::default()
        };
        let driven = steady(speed * hatch().body.wheel_radius_m, 20_000);
        let result = run(&driven, &heat, options);
        let warm = result.temperatures[0].unwrap();
        let rise = warm.end_k.map(|k| k - heat.coolant_k);
        let conductance = &heat.conductance_w_per_k[knot];
        let leaves: f64 = conductance
            .iter()
            .map(|row| row.iter().zip(&rise).map(|(g, t)| g * t).sum::<f64>())
            .sum();
        // All losses but the inverter's, and the warmth of the coolant behind it.
        let row = result.trace[19_000];
        let part = codrive_model::operating_map::OperatingMap {
            loss_w: map.split.inverter_w.clone(),
            ..map.clone()
        };
        let inverter_w = part.loss_at_w(speed, row.first_torque_nm).unwrap();
        let sinks: f64 = conductance.iter().flatten().sum();
        let heat_in = row.unit_loss_w[0] - inverter_w + sinks * inverter_w / COOLANT_W_PER_K;
        assert!(
            (leaves - heat_in).abs() < 1e-6 * heat_in,
            "{leaves} {heat_in}"
        );
        assert_eq!(warm.least_released, 1.0);
    }
}

#[test]
fn cycles_driven_one_after_the_other_are_one_long_cycle() {
    let heat = heat();
    let wave = |t: u32| f64::from((t % 40).min(40 - t % 40)) * 0.8;
    let rows = |from: u32, to: u32| -> String {
        let rows: String = (from..=to).map(|t| format!("{t},{}\n", wave(t))).collect();
        format!("time_s,speed_m_s\n{rows}")
    };
    let parse = |text: String| DriveCycle::parse("wave", &text).unwrap();
    let whole = run(&parse(rows(0, 400)), &heat, Options::default());
    let first = run(&parse(rows(0, 200)), &heat, Options::default());
    let options = Options {
        start_charge: first.end_charge,
        start_k: Some([
            first.temperatures[0].unwrap().end_k,
            [heat.coolant_k; LUMPS],
        ]),
        ..Options::default()
    };
    let second = run(&parse(rows(200, 400)), &heat, options);
    assert!((second.end_charge - whole.end_charge).abs() < 1e-12);
    let ends = [second, whole].map(|r| r.temperatures[0].unwrap().end_k);
    for (two, one) in ends[0].iter().zip(ends[1]) {
        assert!((two - one).abs() < 1e-9, "{two} {one}");
    }
}

#[test]
fn derating_holds_the_winding_at_its_limit() {
    let mut small = heat();
    small.winding_limit_k = small.coolant_k + 16.0;
    let result = run(&cycle("us06"), &small, Options::default());
    let warm = result.temperatures[0].unwrap();
    assert!(warm.least_released < 0.9, "{}", warm.least_released);
    assert!(result.violations.missing_j > 0.0);
    // A step of a second may pass the limit before the next one sees it; not by much.
    assert!(
        warm.winding_k < small.winding_limit_k + 5.0,
        "{}",
        warm.winding_k
    );
}

#[test]
fn starts_and_loads_that_are_none_are_refused() {
    let heat = heat();
    let map = uneven_drive_map(I3_SIZED);
    let ask = |heat: &codrive_model::unit_heat::UnitHeat, options: Options| {
        let one = [AxleDrive {
            inertia_kg_m2: 1.0,
            heat: Some(heat),
            ..drive(Axle::Rear, &map)
        }];
        let error = simulate_cycle(&hatch(), &one, &cycle("nycc"), options).unwrap_err();
        error.to_string()
    };
    let options = Options::default();
    let cold = Options {
        start_k: Some([[20.0; LUMPS]; 2]),
        ..options
    };
    assert!(ask(&heat, cold).contains("temperature of 20 K"));
    let heavy = Options {
        payload_kg: -1.0,
        ..options
    };
    assert!(ask(&heat, heavy).contains("payload in kg of -1"));
    let steep = Options {
        grade: f64::NAN,
        ..options
    };
    assert!(ask(&heat, steep).contains("grade of NaN"));
    let mut bodiless = heat.clone();
    bodiless.capacity_j_per_k[0][0] = 0.0;
    assert!(ask(&bodiless, options).contains("heat capacities"));
    let mut of_another = heat;
    of_another.heat_w.pop();
    assert!(ask(&of_another, options).contains("its heat and its losses"));
}

#[test]
fn payload_and_grade_cost_what_they_lift() {
    let heat = heat();
    let level = run(&steady(20.0, 100), &heat, Options::default());
    let uphill = Options {
        payload_kg: 100.0,
        grade: 0.03,
        ..Options::default()
    };
    let uphill = run(&steady(20.0, 100), &heat, uphill);
    let mass = hatch().mass.test_kg + 100.0;
    let sine = 0.03 / (1.0_f64 + 0.03 * 0.03).sqrt();
    let lifted = mass * codrive_vehicle::GRAVITY_M_S2 * sine * 2000.0;
    // The rest is rolling resistance: smaller by the cosine.
    assert!(
        (uphill.climbed_j - lifted).abs() < 1e-3 * lifted,
        "{} {lifted}",
        uphill.climbed_j
    );
    assert!(uphill.road_load_j > level.road_load_j);
    let shafts = uphill.driven_j - uphill.recuperated_j;
    let wheels = uphill.road_load_j + uphill.climbed_j + uphill.kinetic_j + uphill.friction_j;
    assert!((shafts - wheels).abs() < 1e-9 * shafts);
}
