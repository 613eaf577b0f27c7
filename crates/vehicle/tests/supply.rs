//! Performance on a battery, whose voltage falls with the power drawn, against closed forms.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use codrive_model::operating_map::OperatingMap;
use codrive_model::vehicle::{Axle, RoadLoad, Shape, Vehicle};
use codrive_vehicle::performance::Performance;
use codrive_vehicle::{AxleDrive, Repeated, VehicleError, repeated_accelerations};
use common::{I3_SIZED, drive, drive_map, hatch};

/// Current of the units below, A.
const CURRENT_A: f64 = 300.0;
/// Speed at which forces are compared, m/s; a knot of the maps.
const SPEED_M_S: f64 = 30.0;

/// A lossless map whose power is `CURRENT_A` times its voltage at all speeds but standstill.
fn map(voltage_v: f64, radius_m: f64) -> OperatingMap {
    let mut map = drive_map(I3_SIZED);
    let n = map.speed_rad_per_s.len();
    let top = 2.0 * SPEED_M_S / radius_m;
    for i in 0..n {
        let speed = top * i as f64 / (n - 1) as f64;
        map.speed_rad_per_s[i] = speed;
        map.torque_max_nm[i] = (CURRENT_A * voltage_v / speed.max(1e-9)).min(4000.0);
        map.torque_min_nm[i] = -map.torque_max_nm[i];
    }
    map.loss_w.iter_mut().for_each(|loss| *loss = 0.0);
    map.dc_voltage_v = voltage_v;
    map
}

/// A car without auxiliaries and with a battery of 400 V when full, 300 V when empty, 0.1 Ω.
fn car() -> Vehicle {
    let mut car = hatch();
    car.auxiliary_power_w = 0.0;
    car.battery.open_circuit_voltage_v = vec![300.0, 400.0];
    car.battery.resistance_ohm = vec![0.1];
    car.battery.discharge_power_w = 200e3;
    car
}

fn sets<'a>(maps: &'a [OperatingMap]) -> Vec<Vec<AxleDrive<'a>>> {
    let one = |map: &'a OperatingMap| {
        vec![AxleDrive {
            inertia_kg_m2: 0.0,
            ..drive(Axle::Rear, map)
        }]
    };
    maps.iter().map(one).collect()
}

fn maps(car: &Vehicle, voltages: &[f64]) -> Vec<OperatingMap> {
    let radius_m = car.body.wheel_radius_m;
    voltages.iter().map(|v| map(*v, radius_m)).collect()
}

/// Power in proportion to the voltage is one current: V = U − R·I, whatever lies between the maps.
#[test]
fn the_voltage_settles_where_battery_and_units_agree() {
    let mut car = car();
    let maps = maps(&car, &[250.0, 320.0, 400.0]);
    let sets = sets(&maps);
    for [empty_ohm, full_ohm] in [[0.1, 0.1], [0.15, 0.05], [0.08, 0.16]] {
        car.battery.resistance_ohm = vec![empty_ohm, full_ohm];
        for charge in [0.0, 0.3, 0.6, 1.0] {
            let source_v = 300.0 + 100.0 * charge;
            let resistance_ohm = empty_ohm + (full_ohm - empty_ohm) * charge;
            let exact_v = source_v - resistance_ohm * CURRENT_A;
            let performance = Performance::on_battery(&car, &sets, charge).unwrap();
            let found_v = performance.voltage_v(SPEED_M_S);
            assert!((found_v - exact_v).abs() < 1e-6, "{found_v} {exact_v}");
        }
    }
}

#[test]
fn without_resistance_a_map_at_the_open_circuit_voltage_is_enough() {
    let mut car = car();
    car.battery.resistance_ohm = vec![0.0];
    let all = maps(&car, &[250.0, 350.0, 450.0]);
    let sets = sets(&all);
    let on_battery = Performance::on_battery(&car, &sets, 0.5).unwrap();
    let fixed = Performance::new(&car, &sets[1]).unwrap();
    for speed in [5.0, 20.0, SPEED_M_S, 45.0] {
        let (a, b) = (
            on_battery.acceleration_m_s2(speed),
            fixed.acceleration_m_s2(speed),
        );
        assert!((a - b).abs() < 1e-6, "{a} {b} at {speed} m/s");
    }
}

/// Below the lowest map the units are turned down until the battery keeps its voltage: at 280 V the
/// source of 300 V gives 200 A through 0.1 Ω.
#[test]
fn below_the_lowest_map_the_power_is_what_its_voltage_leaves() {
    let car = car();
    let maps = maps(&car, &[280.0, 400.0]);
    let sets = sets(&maps);
    let weak = Performance::on_battery(&car, &sets, 0.0).unwrap();
    let whole = Performance::new(&car, &sets[0]).unwrap();
    assert_eq!(weak.voltage_v(SPEED_M_S), 280.0);
    let lost_m_s2 = whole.acceleration_m_s2(SPEED_M_S) - weak.acceleration_m_s2(SPEED_M_S);
    let lost_n = (CURRENT_A - 200.0) * 280.0 / SPEED_M_S;
    let moving_kg = car.mass.test_kg + car.mass.rotating_kg;
    assert!((lost_m_s2 * moving_kg / lost_n - 1.0).abs() < 1e-6);
}

/// Lossless units that take 300 A: what leaves the cells becomes the car's kinetic energy.
#[test]
fn repeated_accelerations_slow_down_as_the_charge_falls() {
    let mut car = car();
    car.road_load = RoadLoad {
        coast_down: None,
        drive_drag: None,
        shape: Some(Shape {
            drag_coefficient: 0.1,
            frontal_area_m2: 1e-9,
            rolling_resistance: 0.002,
        }),
        ..car.road_load
    };
    car.battery.usable_energy_j = 2e6;
    let maps = maps(&car, &[250.0, 320.0, 400.0]);
    let sets = sets(&maps);
    let to_20 = Repeated {
        from_m_s: 0.0,
        to_m_s: 20.0,
        count: 9,
        pause_s: 10.0,
    };
    let runs = repeated_accelerations(&car, &sets, 0.9, &to_20).unwrap();
    let first = Performance::on_battery(&car, &sets, 0.9).unwrap();
    let time_s = first.time_s(0.0, 20.0);
    assert!((runs[0].time_s.unwrap() / time_s - 1.0).abs() < 5e-3);
    assert!(runs.windows(2).all(|pair| pair[1].time_s > pair[0].time_s));
    // At most 300 A through 0.1 ohm of 390 V: the battery loses up to 7.7 % of it, the tyres less than 1 %.
    let moving_kg = car.mass.test_kg + car.mass.rotating_kg;
    let kinetic_j = 0.5 * moving_kg * 20.0 * 20.0;
    let over = (0.9 - runs[0].end_charge) * car.battery.usable_energy_j / kinetic_j;
    assert!((1.05..1.087).contains(&over), "{over}");
    // The battery is empty before the ninth run.
    assert!(runs.len() < 9 && runs[runs.len() - 1].end_charge < 0.0);
    assert!(
        runs[..runs.len() - 1]
            .iter()
            .all(|run| run.end_charge >= 0.0)
    );
}

#[test]
fn what_no_battery_or_map_can_be_is_named() {
    let car = car();
    let maps = maps(&car, &[320.0, 250.0]);
    let sets = sets(&maps);
    let refused = |sets: &[Vec<AxleDrive<'_>>], charge| {
        Performance::on_battery(&car, sets, charge).err().unwrap()
    };
    assert!(matches!(
        refused(&sets, 0.5),
        VehicleError::Voltages { voltages } if voltages == [320.0, 250.0]
    ));
    assert!(matches!(refused(&[], 0.5), VehicleError::Voltages { .. }));
    assert!(matches!(
        refused(&sets, 1.5),
        VehicleError::Charge { charge } if charge == 1.5
    ));
}
