//! Times the calls that the family stage makes: `cargo run --release -p codrive-vehicle --example speed`.

#![allow(clippy::unwrap_used)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::hint::black_box;
use std::time::Instant;

use codrive_model::vehicle::Axle;
use codrive_vehicle::{CycleSet, Options, PreparedAxle, PreparedCycle, Split};
use codrive_vehicle::{judge, requirements, simulate_cycle};
use common::{I3_SIZED, all_wheel, cycle, drive, drive_map, hatch, inertia_kg_m2};

fn time(name: &str, runs: u32, mut work: impl FnMut()) {
    work();
    let start = Instant::now();
    for _ in 0..runs {
        work();
    }
    println!(
        "{name:<48} {:>9.2} us",
        start.elapsed().as_secs_f64() / f64::from(runs) * 1e6
    );
}

fn main() {
    let (map, inertia) = (drive_map(I3_SIZED), inertia_kg_m2(I3_SIZED));
    let car = hatch();
    let wltc = PreparedCycle::new(&car, &cycle("wltc3b"));
    let axle = PreparedAxle::new(&car, Axle::Rear, 1.0).unwrap();
    println!("{} operating points in the WLTC", wltc.point_count());
    time("energy of one axle, WLTC", 5000, || {
        black_box(axle.energy(black_box(&wltc), &map, inertia)).unwrap();
    });
    time("verdict of one axle, every value", 5000, || {
        black_box(axle.verdict(black_box(&map), inertia)).unwrap();
    });
    assert!(axle.meets(&map, inertia).unwrap());
    time("whether an axle meets all targets (it does)", 5000, || {
        black_box(axle.meets(black_box(&map), inertia)).unwrap();
    });
    let weak = drive_map(common::Motor {
        power_w: 60e3,
        ..I3_SIZED
    });
    assert!(!axle.meets(&weak, inertia).unwrap());
    time(
        "whether an axle meets all targets (it does not)",
        5000,
        || {
            black_box(axle.meets(black_box(&weak), inertia)).unwrap();
        },
    );
    let two = [Axle::Front, Axle::Rear].map(|axle| drive(axle, &map));
    let big = all_wheel();
    for split in [Split::Fixed(0.5), Split::LeastLoss] {
        let options = Options {
            split,
            ..Options::default()
        };
        time(
            &format!("whole car, WLTC step by step, {split:?}"),
            100,
            || {
                black_box(simulate_cycle(&big, &two, &cycle("wltc3b"), options)).unwrap();
            },
        );
    }
    let cycles: CycleSet = ["wltc3b", "udds", "hwfet", "us06"]
        .into_iter()
        .map(cycle)
        .collect();
    time("whole car judged, four cycles, least loss", 20, || {
        black_box(judge(&big, &two, Split::LeastLoss, &cycles)).unwrap();
    });
    time("requirements of a car", 10, || {
        black_box(requirements("a", &big, 0.5, None)).unwrap();
    });
}
