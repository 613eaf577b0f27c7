//! Energy identities of cycles, and the fast way against the step-by-step one.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use codrive_model::operating_map::OperatingMap;
use codrive_model::vehicle::{Axle, Vehicle};
use codrive_vehicle::{
    AxleDrive, AxleEnergy, Consumption, CycleResult, DriveCycle, Options, PreparedAxle,
    PreparedCycle, Resistance, Split, VehicleError, simulate_cycle,
};
use common::{
    I3_SIZED, Motor, all_wheel, cycle, drive, drive_map, hatch, inertia_kg_m2, open_axle,
};

fn close(a: f64, b: f64, scale: f64) {
    assert!((a - b).abs() <= 1e-9 * scale.abs().max(1.0), "{a} and {b}");
}

/// Power balance at the wheels and at the battery's terminals.
fn balances(result: &CycleResult) {
    let shafts = result.driven_j - result.recuperated_j;
    let scale = result.driven_j;
    close(
        shafts + result.violations.missing_j,
        result.kinetic_j + result.road_load_j + result.friction_j,
        scale,
    );
    close(
        result.terminal_j,
        shafts + result.unit_loss_j + result.auxiliary_j,
        scale,
    );
    let flow = result.flow();
    let used_j = flow.battery_j + flow.auxiliary_j + flow.unit_j;
    close(
        flow.wall_j - flow.charger_j,
        used_j + flow.driven_j - flow.recuperated_j,
        scale,
    );
    let road_j = flow.rolling_j + flow.air_j + flow.friction_j + flow.kinetic_j;
    let missing_j = result.violations.missing_j;
    close(
        flow.driven_j - flow.recuperated_j,
        road_j - missing_j,
        scale,
    );
    let density: f64 = result
        .density
        .iter()
        .flat_map(|density| &density.energy_j)
        .sum();
    close(density, result.driven_j + result.recuperated_j, scale);
}

#[test]
fn work_at_the_wheels_is_kinetic_energy_and_road_load() {
    let map = drive_map(I3_SIZED);
    for name in ["udds", "hwfet", "us06", "wltc3b", "nedc", "artemis_urban"] {
        let one = [drive(Axle::Rear, &map)];
        let result = simulate_cycle(&hatch(), &one, &cycle(name), Options::default()).unwrap();
        balances(&result);
        // From standstill to standstill nothing is kept.
        close(result.kinetic_j, 0.0, result.driven_j);
        for split in [Split::Fixed(0.4), Split::LeastLoss] {
            let two = [drive(Axle::Front, &map), drive(Axle::Rear, &map)];
            let options = Options {
                split,
                ..Options::default()
            };
            balances(&simulate_cycle(&all_wheel(), &two, &cycle(name), options).unwrap());
        }
    }
}

#[test]
fn a_steady_second_works_against_the_air_by_the_speed_cubed() {
    let (car, map) = (hatch(), drive_map(I3_SIZED));
    let (one, steady) = (
        [drive(Axle::Rear, &map)],
        DriveCycle::steady("steady", 30.0),
    );
    let result = simulate_cycle(&car, &one, &steady, Options::default()).unwrap();
    let air_j = Resistance::of(&car).c_n_per_m_s_2 * 30.0 * 30.0 * 30.0;
    close(result.air_j, air_j, air_j);
}

#[test]
fn a_run_up_stores_half_m_v_squared() {
    let map = drive_map(I3_SIZED);
    let car = hatch();
    let one = [drive(Axle::Rear, &map)];
    let up = DriveCycle::parse("up", "time_s,speed_m_s\n0,0\n3,6\n7,15\n").unwrap();
    let result = simulate_cycle(&car, &one, &up, Options::default()).unwrap();
    let unit_kg = inertia_kg_m2(I3_SIZED) / car.body.wheel_radius_m.powi(2);
    let moving_kg = car.mass.test_kg + car.mass.rotating_kg + unit_kg;
    close(
        result.kinetic_j,
        0.5 * moving_kg * 15.0 * 15.0,
        result.kinetic_j,
    );
}

#[test]
fn a_lossless_car_gets_its_kinetic_energy_back() {
    let mut map = drive_map(I3_SIZED);
    map.loss_w.iter_mut().for_each(|loss| *loss = 0.0);
    let mut car = hatch();
    car.battery.resistance_ohm = vec![0.0];
    car.auxiliary_power_w = 0.0;
    car.regeneration.largest_deceleration_m_s2 = 9.0;
    (
        car.regeneration.none_below_m_s,
        car.regeneration.full_above_m_s,
    ) = (0.0, 1e-9);
    let one = [drive(Axle::Rear, &map)];
    let ramp = DriveCycle::parse("ramp", "time_s,speed_m_s\n0,0\n10,15\n20,0\n").unwrap();
    let result = simulate_cycle(&car, &one, &ramp, Options::default()).unwrap();
    close(result.terminal_j, result.road_load_j, result.driven_j);
    assert_eq!(result.violations.count, 0);
}

#[test]
fn charge_falls_by_the_energy_that_leaves_the_cells() {
    let map = drive_map(I3_SIZED);
    let car = hatch();
    let one = [drive(Axle::Rear, &map)];
    let options = Options {
        start_charge: 0.8,
        keep_trace: true,
        ..Options::default()
    };
    let result = simulate_cycle(&car, &one, &cycle("udds"), options).unwrap();
    let cells_j = result.terminal_j + result.battery_loss_j;
    close(
        0.8 - result.end_charge,
        cells_j / car.battery.usable_energy_j,
        1.0,
    );
    assert_eq!(result.trace.len(), 1369);
    assert_eq!(result.trace.last().unwrap().charge, result.end_charge);
}

fn fast(car: &Vehicle, name: &str, shares: &[(Axle, f64)], map: &OperatingMap) -> Vec<AxleEnergy> {
    let cycle = PreparedCycle::new(car, &cycle(name));
    let energy = |(axle, share): &(Axle, f64)| {
        let prepared = PreparedAxle::new(car, *axle, *share).unwrap();
        prepared
            .energy(&cycle, map, inertia_kg_m2(I3_SIZED))
            .unwrap()
    };
    shares.iter().map(energy).collect()
}

#[test]
fn the_fast_way_agrees_with_the_step_by_step_one() {
    let map = drive_map(I3_SIZED);
    for name in ["udds", "hwfet", "wltc3b"] {
        let car = hatch();
        let one = [drive(Axle::Rear, &map)];
        let slow = simulate_cycle(&car, &one, &cycle(name), Options::default()).unwrap();
        let fast = fast(&car, name, &[(Axle::Rear, 1.0)], &map);
        let dc_j = slow.terminal_j - slow.auxiliary_j;
        close(fast[0].drawn_j - fast[0].returned_j, dc_j, dc_j);
        close(fast[0].unit_loss_j, slow.unit_loss_j, dc_j);
        // The battery's voltage falls with charge in one and not in the other.
        let a = Consumption::of_axles(&car, &fast).battery_j_per_m;
        assert!((a / slow.consumption.battery_j_per_m - 1.0).abs() < 1e-3);
    }
}

#[test]
fn energies_of_two_axles_add_up() {
    let map = drive_map(I3_SIZED);
    let car = all_wheel();
    for front in [0.3, 0.5] {
        let two = [drive(Axle::Front, &map), drive(Axle::Rear, &map)];
        let options = Options {
            split: Split::Fixed(front),
            ..Options::default()
        };
        let slow = simulate_cycle(&car, &two, &cycle("wltc3b"), options).unwrap();
        let fast = fast(
            &car,
            "wltc3b",
            &[(Axle::Front, front), (Axle::Rear, 1.0 - front)],
            &map,
        );
        let dc_j = slow.terminal_j - slow.auxiliary_j;
        close(
            fast.iter().map(|one| one.drawn_j - one.returned_j).sum(),
            dc_j,
            dc_j,
        );
        let bound_j: f64 = fast.iter().map(|one| one.battery_loss_j).sum();
        // An upper bound, and near: 2 % covers the voltage that falls in the slow way alone.
        assert!(bound_j >= 0.98 * slow.battery_loss_j && bound_j < 1.1 * slow.battery_loss_j);
    }
}

#[test]
fn least_loss_is_no_worse_than_any_fixed_split() {
    let weak = drive_map(Motor {
        loss: 1.7,
        ..I3_SIZED
    });
    let good = drive_map(I3_SIZED);
    let car = all_wheel();
    let open = open_axle(&weak);
    for open in [None, Some(&open)] {
        let mut two = [drive(Axle::Front, &weak), drive(Axle::Rear, &good)];
        two[0].open = open;
        let run = |split| {
            let options = Options {
                split,
                ..Options::default()
            };
            simulate_cycle(&car, &two, &cycle("wltc3b"), options)
                .unwrap()
                .terminal_j
        };
        let best = run(Split::LeastLoss);
        for front in [0.0, 0.3, 0.5, 1.0] {
            assert!(best <= run(Split::Fixed(front)), "{front}");
        }
    }
}

#[test]
fn a_trace_that_is_too_fast_is_reported_where_it_is() {
    let map = drive_map(I3_SIZED);
    let one = [drive(Axle::Rear, &map)];
    let sprint = "time_s,speed_m_s\n0,0\n1,2\n2,4\n3,12\n4,13\n5,14\n";
    let sprint = DriveCycle::parse("sprint", sprint).unwrap();
    let result = simulate_cycle(&hatch(), &one, &sprint, Options::default()).unwrap();
    assert_eq!(
        (result.violations.count, result.violations.worst_at_s),
        (1, 2.0)
    );
    assert!(result.violations.worst_n > 3000.0 && result.violations.worst_n < 5500.0);
    balances(&result);
    let flat_out = "time_s,speed_m_s\n0,44\n10,44\n";
    let flat_out = DriveCycle::parse("flat out", flat_out).unwrap();
    let result = simulate_cycle(&hatch(), &one, &flat_out, Options::default()).unwrap();
    assert_eq!(result.violations.count, 1);
    balances(&result);
}

#[test]
fn wrong_questions_are_named() {
    let map = drive_map(I3_SIZED);
    let ask = |drives: &[AxleDrive<'_>], options| {
        simulate_cycle(&hatch(), drives, &cycle("udds"), options).unwrap_err()
    };
    let error = ask(&[drive(Axle::Front, &map)], Options::default());
    assert_eq!(
        error.to_string(),
        "`test-hatch` drives rear, but the units given drive front"
    );
    let options = Options {
        split: Split::Fixed(1.5),
        ..Options::default()
    };
    let error = ask(&[drive(Axle::Rear, &map)], options);
    assert_eq!(error, VehicleError::Share { share: 1.5 });
    let options = Options {
        start_charge: f64::NAN,
        ..Options::default()
    };
    assert!(
        ask(&[drive(Axle::Rear, &map)], options)
            .to_string()
            .contains("state of charge")
    );
    let mut broken = map.clone();
    broken.loss_w.pop();
    let error = ask(&[drive(Axle::Rear, &broken)], Options::default());
    assert!(error.to_string().contains("loss table"), "{error}");
    assert!(PreparedAxle::new(&hatch(), Axle::Rear, 0.5).is_err());
    assert!(PreparedAxle::new(&all_wheel(), Axle::Rear, 1.0).is_err());
    assert!(PreparedAxle::new(&hatch(), Axle::Front, 1.0).is_err());
}
