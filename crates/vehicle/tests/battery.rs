//! A resistance over the charge: against the integral of a discharge, against a single value, and as a bound.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use codrive_model::operating_map::OperatingMap;
use codrive_model::vehicle::{Axle, Vehicle};
use codrive_vehicle::performance::Performance;
use codrive_vehicle::{
    Consumption, CycleResult, DriveCycle, LaneCar, Options, PreparedAxle, PreparedCycle, UnitTable,
    simulate_cycle, simulate_lanes, voltage_under_load_v,
};
use common::{I3_SIZED, cycle, drive, drive_map, hatch, inertia_kg_m2};

/// Duration of the discharge, s, and the charge at its beginning.
const DURATION_S: f64 = 600.0;
const START: f64 = 0.9;

/// A car that takes some 70 kW at a steady speed from 300 to 400 V behind 0.25 to 0.05 ohm.
fn thirsty() -> Vehicle {
    let mut car = hatch();
    car.auxiliary_power_w = 60e3;
    car.battery.open_circuit_voltage_v = vec![300.0, 400.0];
    car.battery.resistance_ohm = vec![0.25, 0.05];
    car
}

/// Steady speed in steps of so many seconds.
fn steady(step_s: f64) -> DriveCycle {
    let count = (DURATION_S / step_s).round() as u32;
    let rows = (0..=count).map(|i| format!("{},30\n", f64::from(i) * step_s));
    let text = format!("time_s,speed_m_s\n{}", rows.collect::<String>());
    DriveCycle::parse("steady", &text).unwrap()
}

/// Charge at the end in steps of so many seconds, and the power at the terminals, W.
fn discharged(step_s: f64) -> (f64, f64) {
    let (map, car) = (drive_map(I3_SIZED), thirsty());
    let options = Options {
        start_charge: START,
        ..Options::default()
    };
    let one = [drive(Axle::Rear, &map)];
    let result = simulate_cycle(&car, &one, &steady(step_s), options).unwrap();
    (result.end_charge, result.terminal_j / result.duration_s)
}

/// dq/dt = −U·I/E with I = (U − √(U² − 4·R·P))/2R, by Runge and Kutta's steps of one second.
fn integrated(terminal_w: f64) -> f64 {
    let usable_j = thirsty().battery.usable_energy_j;
    let slope = |q: f64| {
        let (u, r) = (300.0 + 100.0 * q, 0.25 - 0.2 * q);
        -u * (u - (u * u - 4.0 * r * terminal_w).sqrt()) / (2.0 * r) / usable_j
    };
    let mut q = START;
    for _ in 0..DURATION_S as u32 {
        let a = slope(q);
        let b = slope(q + 0.5 * a);
        let c = slope(q + 0.5 * b);
        q += (a + 2.0 * b + 2.0 * c + slope(q + c)) / 6.0;
    }
    q
}

/// A step takes its power at the charge of its beginning: the error halves with the step, and twice the
/// shorter step's charge less the longer one's is right to the second order.
#[test]
fn a_discharge_at_constant_power_converges_to_its_integral() {
    let (one, terminal_w) = discharged(1.0);
    let exact = integrated(terminal_w);
    assert!((0.1..0.4).contains(&exact), "{exact}");
    let errors = [discharged(2.0).0, one, discharged(0.5).0].map(|charge| charge - exact);
    for pair in errors.windows(2) {
        assert!((pair[0] / pair[1] - 2.0).abs() < 0.005, "{errors:?}");
    }
    assert!((2.0 * errors[2] - errors[1]).abs() < 2e-7, "{errors:?}");
}

/// Everything that one value and a list of it are used for.
fn results(car: &Vehicle) -> ([CycleResult; 2], Vec<f64>) {
    let (map, udds) = (drive_map(I3_SIZED), cycle("udds"));
    let one = [drive(Axle::Rear, &map)];
    let slow = simulate_cycle(car, &one, &udds, Options::default()).unwrap();
    let table = UnitTable::new(one[0]).unwrap();
    let lane = LaneCar {
        vehicle: car,
        units: &[&table],
    };
    let lanes = simulate_lanes(&[lane], &udds, Options::default()).unwrap();
    let axle = PreparedAxle::new(car, Axle::Rear, 1.0).unwrap();
    let prepared = PreparedCycle::new(car, &udds);
    let energy = axle
        .energy(&prepared, &map, inertia_kg_m2(I3_SIZED))
        .unwrap();
    let maps = [280.0, 400.0].map(|dc_voltage_v| OperatingMap {
        dc_voltage_v,
        ..map.clone()
    });
    let sets = maps.each_ref().map(|map| vec![drive(Axle::Rear, map)]);
    let performance = Performance::on_battery(car, &sets, 0.3).unwrap();
    let figures = vec![
        energy.battery_loss_j,
        voltage_under_load_v(&car.battery, 1e5).unwrap(),
        performance.voltage_v(20.0),
        performance.time_s(0.0, 27.0),
    ];
    ([slow, lanes[0].clone()], figures)
}

#[test]
fn a_list_of_one_resistance_is_that_resistance() {
    let single = hatch();
    let mut listed = single.clone();
    let ohm = single.battery.resistance_ohm[0];
    listed.battery.resistance_ohm = vec![ohm; listed.battery.open_circuit_voltage_v.len()];
    let ((ours, figures), (theirs, known)) = (results(&single), results(&listed));
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert!((ours.end_charge - theirs.end_charge).abs() < 1e-12);
        let off_j = (ours.battery_loss_j - theirs.battery_loss_j).abs();
        assert!(off_j < 1e-12 * ours.terminal_j, "{off_j}");
    }
    for (figure, known) in figures.iter().zip(known) {
        assert!(known.is_finite() && known > 0.0);
        assert!((figure - known).abs() <= 1e-12 * known, "{figure} {known}");
    }
}

/// Driven from any charge at one voltage, the battery loses no more than what the axle alone states.
#[test]
fn the_loss_of_an_axle_alone_is_a_bound_at_every_charge() {
    let (map, udds) = (drive_map(I3_SIZED), cycle("udds"));
    let mut car = hatch();
    car.battery.open_circuit_voltage_v = vec![360.0, 360.0 + 1e-9, 360.0 + 2e-9];
    car.battery.resistance_ohm = vec![0.2, 0.05, 0.1];
    let axle = PreparedAxle::new(&car, Axle::Rear, 1.0).unwrap();
    let prepared = PreparedCycle::new(&car, &udds);
    let bound = axle
        .energy(&prepared, &map, inertia_kg_m2(I3_SIZED))
        .unwrap();
    let one = [drive(Axle::Rear, &map)];
    for start_charge in [0.2, 0.5, 0.8, 1.0] {
        let options = Options {
            start_charge,
            ..Options::default()
        };
        let driven = simulate_cycle(&car, &one, &udds, options).unwrap();
        assert!(driven.battery_loss_j < bound.battery_loss_j);
        let bounded = Consumption::of_axles(&car, &[bound]);
        assert!(driven.consumption.battery_j_per_m < bounded.battery_j_per_m);
    }
    // As large as it is with the largest alone.
    car.battery.resistance_ohm = vec![0.2];
    let largest = PreparedAxle::new(&car, Axle::Rear, 1.0).unwrap();
    let known = largest
        .energy(&prepared, &map, inertia_kg_m2(I3_SIZED))
        .unwrap();
    assert_eq!(known, bound);
}
