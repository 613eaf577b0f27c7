//! Cars side by side are the same cars one by one, on all instruction sets at hand.

use codrive_model::input::Source;
use codrive_model::operating_map::OperatingMap;
use codrive_model::unit::OpenAxle;
use codrive_model::unit_heat::UnitHeat;
use codrive_model::vehicle::{Axle, CarFile};

use super::*;
use crate::common::{I3_SIZED, Motor, all_wheel, cycle, drive, drive_map, hatch, heat_of};
use crate::common::{open_axle, uneven_drive_map};
use crate::{AxleDrive, Split, simulate_cycle};

fn arches() -> Vec<Arch> {
    let mut arches = vec![Arch::Scalar, Arch::new()];
    #[cfg(target_arch = "x86_64")]
    arches.extend(pulp::x86::V3::try_new().map(Arch::V3));
    arches
}

struct Units {
    maps: Vec<OperatingMap>,
    /// Of each map: tight, none, usual.
    heats: Vec<[Option<UnitHeat>; 3]>,
    open: OpenAxle,
}

impl Units {
    /// Units of different axes, sizes and temperatures.
    fn new() -> Self {
        let sized = |power_w, ratio| Motor {
            power_w,
            ratio,
            ..I3_SIZED
        };
        let maps = vec![
            drive_map(I3_SIZED),
            uneven_drive_map(sized(80e3, 8.0)),
            uneven_drive_map(sized(150e3, 11.0)),
        ];
        let heats = maps.iter().map(|map| {
            let usual = heat_of(map);
            let tight = UnitHeat {
                winding_limit_k: usual.coolant_k + 20.0,
                ..usual.clone()
            };
            [Some(tight), None, Some(usual)]
        });
        let heats = heats.collect();
        Self {
            open: open_axle(&maps[1]),
            maps,
            heats,
        }
    }

    fn drive(&self, axle: Axle, i: usize) -> AxleDrive<'_> {
        AxleDrive {
            open: (i % 3 == 1).then_some(&self.open),
            heat: self.heats[i % 3][(i % 4).min(2)].as_ref(),
            ..drive(axle, &self.maps[i % 3])
        }
    }
}

/// Vehicles that differ in everything.
fn vehicles(like: &Vehicle, count: usize) -> Vec<Vehicle> {
    (0..count)
        .map(|i| {
            #[allow(clippy::cast_precision_loss)]
            let more = 1.0 + 0.03 * i as f64;
            let mut car = like.clone();
            car.mass.test_kg *= more;
            car.body.wheel_radius_m *= 2.0 - more;
            car.battery.usable_energy_j *= more;
            if i % 3 == 2 {
                let one = car.battery.resistance_ohm[0] * more;
                let charges = car.battery.open_circuit_voltage_v.iter();
                car.battery.resistance_ohm = charges.map(|v| one * (400.0 / v).powi(2)).collect();
            }
            car.battery.charge_power_w /= more * more;
            car.regeneration.largest_deceleration_m_s2 *= more;
            car
        })
        .collect()
}

fn near(what: &str, ours: f64, theirs: f64, scale: f64) {
    let off = (ours - theirs).abs();
    assert!(
        off <= 1e-10 * scale.abs().max(theirs.abs()),
        "{what}: {ours} {theirs}"
    );
}

fn same(ours: &CycleResult, theirs: &CycleResult) {
    let scale = theirs.terminal_j;
    let energies = |r: &CycleResult| {
        [
            r.driven_j,
            r.recuperated_j,
            r.friction_j,
            r.road_load_j,
            r.air_j,
            r.climbed_j,
            r.kinetic_j,
            r.unit_loss_j,
            r.auxiliary_j,
            r.terminal_j,
            r.battery_loss_j,
            r.violations.missing_j,
        ]
    };
    for (k, (a, b)) in energies(ours).iter().zip(energies(theirs)).enumerate() {
        near(&format!("energy {k}"), *a, b, scale);
    }
    near("charge", ours.end_charge, theirs.end_charge, 1.0);
    near(
        "range",
        ours.consumption.range_m,
        theirs.consumption.range_m,
        0.0,
    );
    assert_eq!(ours.violations.count, theirs.violations.count);
    assert_eq!(ours.temperatures.len(), theirs.temperatures.len());
    for pair in ours.temperatures.iter().zip(&theirs.temperatures) {
        match pair {
            (Some(a), Some(b)) => {
                for (a, b) in a.end_k.iter().zip(b.end_k) {
                    near("end", *a, b, 300.0);
                }
                for (a, b) in a.highest_k.iter().zip(b.highest_k) {
                    near("highest", *a, b, 300.0);
                }
                near("hottest", a.winding_k, b.winding_k, 300.0);
                near("released", a.least_released, b.least_released, 1.0);
            }
            (None, None) => {}
            other => panic!("{other:?}"),
        }
    }
}

fn compare(like: &Vehicle, axles: &[Axle], split: Split, name: &str) -> Vec<CycleResult> {
    compare_in(&cycle(name), like, axles, split)
}

/// Compares; returns the results.
fn compare_in(
    cycle: &DriveCycle,
    like: &Vehicle,
    axles: &[Axle],
    split: Split,
) -> Vec<CycleResult> {
    let (units, cars) = (Units::new(), vehicles(like, 11));
    let drives: Vec<Vec<AxleDrive<'_>>> = (0..cars.len())
        .map(|i| {
            axles
                .iter()
                .enumerate()
                .map(|(k, axle)| units.drive(*axle, i + k))
                .collect()
        })
        .collect();
    let tables: Vec<Vec<UnitTable<'_>>> = drives
        .iter()
        .map(|drives| drives.iter().map(|d| UnitTable::new(*d).unwrap()).collect())
        .collect();
    let tables: Vec<Vec<&UnitTable<'_>>> = tables.iter().map(|t| t.iter().collect()).collect();
    let lanes: Vec<LaneCar<'_>> = cars
        .iter()
        .zip(&tables)
        .map(|(vehicle, units)| LaneCar { vehicle, units })
        .collect();
    let options = Options {
        split,
        payload_kg: 150.0,
        grade: 0.004,
        start_charge: 0.51,
        ..Options::default()
    };
    let plain = simulate_on(Arch::Scalar, &lanes, cycle, options).unwrap();
    for arch in arches() {
        let results = simulate_on(arch, &lanes, cycle, options).unwrap();
        // No fused products: the same bits whatever the instructions.
        assert_eq!(results, plain, "{arch:?}");
        for ((result, car), drives) in results.iter().zip(&cars).zip(&drives) {
            let mut one = simulate_cycle(car, drives, cycle, options).unwrap();
            one.density.clear();
            same(result, &one);
        }
    }
    plain
}

#[test]
fn one_axle() {
    for name in ["wltc3b", "us06", "nycc"] {
        let results = compare(&hatch(), &[Axle::Rear], Split::Fixed(1.0), name);
        // All ways are gone: cool cars and hot ones, cars that follow and cars that do not.
        let some = |of: fn(&CycleResult) -> bool| {
            let count = results.iter().filter(|result| of(result)).count();
            (1..results.len()).contains(&count)
        };
        assert!(some(CycleResult::derated));
        assert!(name != "us06" || some(|result| result.violations.count > 0));
    }
}

#[test]
fn steps_of_different_length() {
    let rows = "0,0\n2,0\n3,4\n5,10\n5.5,12\n8.5,20\n9,20\n11,20\n14,11\n16,11\n20,0\n21,0\n";
    let text = format!("time_s,speed_m_s\n{rows}");
    let cycle = DriveCycle::parse("uneven", &text).unwrap();
    compare_in(&cycle, &hatch(), &[Axle::Rear], Split::Fixed(1.0));
    compare_in(
        &cycle,
        &all_wheel(),
        &[Axle::Front, Axle::Rear],
        Split::Fixed(0.3),
    );
}

#[test]
fn two_axles_under_each_split() {
    let rule = Split::Rule {
        alone: Axle::Rear,
        below_n: 900.0,
        front: 0.4,
    };
    for split in [Split::Fixed(0.45), Split::LeastLoss, rule] {
        compare(&all_wheel(), &[Axle::Front, Axle::Rear], split, "wltc3b");
    }
}

#[test]
fn the_shipped_cars() {
    let units = Units::new();
    let folder = format!("{}/../../data/cars", env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let car = CarFile::read(&Source::read(&entry.unwrap().path()).unwrap()).unwrap();
        let axles = car.vehicle.axles.clone();
        compare(&car.vehicle, &axles, Split::Fixed(0.5), "us06");
        count += 1;
    }
    assert!(count >= 5 && units.maps.len() == 3);
}

#[test]
fn cars_of_one_and_of_two_axles_may_be_mixed() {
    let units = Units::new();
    let front = UnitTable::new(units.drive(Axle::Front, 0)).unwrap();
    let rear = UnitTable::new(units.drive(Axle::Rear, 1)).unwrap();
    let (small, big) = (hatch(), all_wheel());
    let one = LaneCar {
        vehicle: &small,
        units: &[&rear],
    };
    let two = LaneCar {
        vehicle: &big,
        units: &[&front, &rear],
    };
    let drive = |cars: &[LaneCar<'_>]| simulate_lanes(cars, &cycle("nycc"), Options::default());
    let mixed = drive(&[one, two, one]).unwrap();
    assert_eq!(mixed[0], drive(&[one]).unwrap()[0]);
    assert_eq!(mixed[1], drive(&[two]).unwrap()[0]);
    assert_eq!(mixed[0], mixed[2]);
    assert!(drive(&[]).unwrap().is_empty());
    let wrong = LaneCar {
        vehicle: &small,
        units: &[&front],
    };
    assert!(
        drive(&[wrong])
            .unwrap_err()
            .to_string()
            .contains("drives rear")
    );
}
