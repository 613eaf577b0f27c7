//! The example's vehicles and the shipped cars are read, and ask for what units can give.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::path::{Path, PathBuf};

use codrive_model::input::Source;
use codrive_model::vehicle::{CarFile, Vehicle, VehicleFile};
use codrive_vehicle::{PreparedAxle, PreparedCycle, requirements};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn example(partner: &str) -> Vec<Vehicle> {
    let path = root().join(format!("examples/bmw-jlr/{partner}/vehicles.toml"));
    let source = Source::read(&path).unwrap();
    VehicleFile::read(&source)
        .unwrap_or_else(|error| panic!("{error:?}"))
        .vehicles
}

#[test]
fn the_example_has_eleven_driven_axles() {
    let cars: Vec<Vehicle> = ["bmw", "jlr"].into_iter().flat_map(example).collect();
    assert_eq!(cars.iter().map(|car| car.axles.len()).sum::<usize>(), 11);
    assert!(
        cars.iter()
            .all(|car| !car.assumptions.is_empty() && car.volumes.total() > 1e5)
    );
    // Sharing needs a common voltage class; one car is of the other class on purpose.
    let high = cars
        .iter()
        .filter(|car| car.battery.nominal_voltage_v > 500.0)
        .count();
    assert_eq!(high, 1);
}

#[test]
fn what_the_example_asks_is_within_what_units_give() {
    let wltc = common::cycle("wltc3b");
    for partner in ["bmw", "jlr"] {
        for car in example(partner) {
            for required in requirements(partner, &car, 0.4, Some(&wltc)).unwrap() {
                println!(
                    "{:<24} {:<5} {:>4.0} % {:>6.0} Nm ({}) {:>4.0} kW ({}) {:>4.0} kW continuous, {:>4.0} rpm",
                    car.id,
                    required.axle,
                    100.0 * required.share,
                    required.wheel_torque_nm,
                    required.wheel_torque_from.name(),
                    required.power_w * 1e-3,
                    required.power_from.name(),
                    required.continuous_power_w * 1e-3,
                    required.max_speed_rad_per_s * 30.0 / std::f64::consts::PI,
                );
                assert!((60e3..260e3).contains(&required.power_w), "{required:?}");
                assert!(
                    (1000.0..4500.0).contains(&required.wheel_torque_nm),
                    "{required:?}"
                );
                assert!(required.power_w / required.share < car.battery.discharge_power_w);
            }
        }
    }
}

#[test]
fn every_existing_car_is_read_and_needs_what_it_is_known_to_need() {
    let folder = root().join("data/cars");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let car = CarFile::read(&Source::read(&path).unwrap()).unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!(path.file_stem().unwrap().to_str().unwrap(), car.vehicle.id);
        assert_eq!(car.units.len(), car.vehicle.axles.len());
        // The car's own published acceleration has to be possible for the published power.
        for required in requirements("test", &car.vehicle, 0.5, None).unwrap() {
            println!("{} {:.0} kW", car.vehicle.id, required.power_w * 1e-3);
            assert!((70e3..160e3).contains(&required.power_w), "{required:?}");
        }
        let cycle = PreparedCycle::new(&car.vehicle, &common::cycle("udds"));
        assert!(cycle.point_count() > 900);
        let share = if car.units.len() == 1 { 1.0 } else { 0.5 };
        assert!(PreparedAxle::new(&car.vehicle, car.vehicle.axles[0], share).is_ok());
        count += 1;
    }
    assert_eq!(count, 11);
}

#[test]
fn the_programme_s_front_shares_are_possible_with_the_tyres() {
    for car in ["bmw", "jlr"].into_iter().flat_map(example) {
        for front_share in [0.3, 0.4, 0.5, 0.6] {
            let required = requirements("test", &car, front_share, None);
            assert!(required.is_ok(), "{required:?}");
        }
    }
}
