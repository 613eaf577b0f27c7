//! Points side by side are the same points one by one, on all instruction sets at hand.

use codrive_model::vehicle::Axle;

use super::*;
use crate::common::uneven_drive_map;
use crate::common::{I3_SIZED, Motor, all_wheel, cycle, drive_map, hatch, inertia_kg_m2};

fn arches() -> Vec<Arch> {
    let mut arches = vec![Arch::Scalar, Arch::new()];
    #[cfg(target_arch = "x86_64")]
    arches.extend(pulp::x86::V3::try_new().map(Arch::V3));
    arches
}

/// The same by the code for one point alone.
fn one_by_one(
    axle: &PreparedAxle,
    cycle: &PreparedCycle,
    (map, inertia_kg_m2): (&OperatingMap, f64),
) -> AxleEnergy {
    let driver = Driver::new(axle, map, inertia_kg_m2);
    let mut sum = driver.standing(cycle);
    for points in [
        &cycle.points[..cycle.braking_from],
        &cycle.points[cycle.braking_from..],
    ] {
        let mut cursor = driver.lookup.cursor();
        for point in points {
            driver.step(point, &mut cursor, &mut sum);
        }
    }
    sum
}

fn compare(axle: &PreparedAxle, cycle: &PreparedCycle, unit: (&OperatingMap, f64)) -> AxleEnergy {
    let plain = one_by_one(axle, cycle, unit);
    let scalar = axle_energy(Arch::Scalar, axle, cycle, unit);
    for arch in arches() {
        // No fused products: the same bits whatever the instructions.
        assert_eq!(axle_energy(arch, axle, cycle, unit), scalar, "{arch:?}");
    }
    assert_eq!(scalar.violations, plain.violations);
    let energies = |e: &AxleEnergy| {
        [
            e.drawn_j,
            e.returned_j,
            e.unit_loss_j,
            e.battery_loss_j,
            e.missing_j,
        ]
    };
    for (ours, theirs) in energies(&scalar).iter().zip(energies(&plain)) {
        assert!(
            (ours - theirs).abs() <= 1e-12 * plain.drawn_j,
            "{ours} {theirs}"
        );
    }
    plain
}

#[test]
fn units_of_all_sizes_in_all_cycles() {
    let (mut followed, mut short) = (0, 0);
    for name in ["wltc3b", "us06", "nycc"] {
        for (power_w, ratio) in [(125e3, 9.7), (30e3, 8.0), (200e3, 18.0), (60e3, 11.0)] {
            let motor = Motor {
                power_w,
                ratio,
                ..I3_SIZED
            };
            let inertia = inertia_kg_m2(motor);
            for map in [drive_map(motor), uneven_drive_map(motor)] {
                let mut weak = hatch();
                weak.battery.discharge_power_w = 40e3;
                weak.battery.charge_power_w = 5e3;
                for (car, axle, share) in [
                    (hatch(), Axle::Rear, 1.0),
                    (weak, Axle::Rear, 1.0),
                    (all_wheel(), Axle::Front, 0.37),
                ] {
                    let prepared = PreparedAxle::new(&car, axle, share).unwrap();
                    let driven = PreparedCycle::new(&car, &cycle(name));
                    let energy = compare(&prepared, &driven, (&map, inertia));
                    if energy.violations == 0 {
                        followed += 1;
                    } else {
                        short += 1;
                    }
                }
            }
        }
    }
    // Units that follow, and units that meet their limits or their highest speed.
    assert!(followed > 10 && short > 10, "{followed} {short}");
}
