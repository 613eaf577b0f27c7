//! What `benchmarks/vehicle/run` measures of codrive; each line of the output is a name and a number.
//!
//!     vehicle_bench car                 the car, as FASTSim needs it
//!     vehicle_bench cycle NAME          one cycle: results and processor time
//!     vehicle_bench family THREADS      10,000 units x 8 vehicles x 4 cycles

#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_precision_loss)]

mod clock;
#[path = "../../tests/common/mod.rs"]
mod common;

use std::hint::black_box;
use std::time::Instant;

use codrive_model::operating_map::{LossSplit, OperatingMap};
use codrive_model::unit_heat::UnitHeat;
use codrive_model::vehicle::{Axle, RoadLoad, Shape, Vehicle};
use codrive_vehicle::{
    AxleDrive, CycleResult, DriveCycle, LaneCar, Options, PreparedAxle, PreparedCycle, UnitTable,
    simulate_cycle, simulate_lanes,
};

use clock::{cpu_of, thread_cpu_s};
use common::{I3_SIZED, Motor, cycle, drive, hatch, heat_of, inertia_kg_m2, uneven_drive_map};

/// Cars driven side by side for the time of one.
const CARS: usize = 16;
/// Units of the family.
const UNITS: usize = 10_000;
const VEHICLES: usize = 8;
const CYCLES: [&str; 4] = ["wltc3b", "udds", "hwfet", "us06"];

/// A small hatch with its road load by drag and rolling resistance, which FASTSim has as well.
fn car() -> Vehicle {
    let mut car = hatch();
    car.road_load = RoadLoad {
        coast_down: None,
        drive_drag: None,
        shape: Some(Shape {
            drag_coefficient: 0.3,
            frontal_area_m2: 2.38,
            rolling_resistance: 0.0085,
        }),
        ..car.road_load
    };
    car
}

/// The car with its place in a fleet of slightly different ones.
fn variant(i: usize) -> Vehicle {
    let mut car = car();
    car.mass.test_kg *= 1.0 + 0.02 * i as f64;
    car
}

fn motor(i: usize) -> Motor {
    Motor {
        power_w: 125e3 * (1.0 + 0.003 * (i % 97) as f64),
        loss: 1.0 + 0.002 * (i % 89) as f64,
        ..I3_SIZED
    }
}

fn warm_drive<'a>(map: &'a OperatingMap, heat: &'a UnitHeat) -> AxleDrive<'a> {
    AxleDrive {
        heat: Some(heat),
        ..drive(Axle::Rear, map)
    }
}

fn print_car() {
    let (car, map) = (car(), uneven_drive_map(I3_SIZED));
    let shape = car.road_load.shape.as_ref().unwrap();
    let radius = car.body.wheel_radius_m;
    let rotating = car.mass.rotating_kg * radius * radius + inertia_kg_m2(I3_SIZED);
    println!("mass_kg {}", car.mass.test_kg);
    println!("drag_coefficient {}", shape.drag_coefficient);
    println!("frontal_area_m2 {}", shape.frontal_area_m2);
    println!("rolling_resistance {}", shape.rolling_resistance);
    println!("wheel_radius_m {radius}");
    println!("wheel_inertia_kg_m2 {}", rotating / 4.0);
    println!("auxiliary_w {}", car.auxiliary_power_w);
    println!("battery_j {}", car.battery.usable_energy_j);
    println!("peak_w {}", map.peak_power_w());
    // Mean efficiency over the speeds of a cycle at a share of the peak power, as far as it is reached.
    for share in [0.02, 0.04, 0.06, 0.08, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0] {
        let power_w = share * map.peak_power_w() * 0.999;
        let at = |km_per_h: f64| {
            let speed = km_per_h / 3.6 / radius;
            let loss = map.loss_at_w(speed, power_w / speed)?;
            Some(power_w / (power_w + loss))
        };
        let all: Vec<f64> = (2..=13).filter_map(|i| at(10.0 * f64::from(i))).collect();
        println!(
            "efficiency {share} {}",
            all.iter().sum::<f64>() / all.len() as f64
        );
    }
}

fn print_cycle(name: &str) {
    let cycle = cycle(name);
    let maps: Vec<OperatingMap> = (0..CARS).map(|i| uneven_drive_map(motor(i))).collect();
    let cars: Vec<Vehicle> = (0..CARS).map(variant).collect();
    let heats: Vec<UnitHeat> = maps.iter().map(heat_of).collect();
    let options = Options::default();
    let tables: Vec<UnitTable<'_>> = maps
        .iter()
        .zip(&heats)
        .map(|(map, heat)| UnitTable::new(warm_drive(map, heat)).unwrap())
        .collect();
    let units: Vec<[&UnitTable<'_>; 1]> = tables.iter().map(|table| [table]).collect();
    let lanes: Vec<LaneCar<'_>> = cars
        .iter()
        .zip(&units)
        .map(|(vehicle, units)| LaneCar { vehicle, units })
        .collect();
    let first = simulate_lanes(&lanes, &cycle, options).unwrap().remove(0);
    print_result(&first);
    let side_by_side = cpu_of(|| {
        black_box(simulate_lanes(black_box(&lanes), &cycle, options)).unwrap();
    });
    let one = [warm_drive(&maps[0], &heats[0])];
    let alone = cpu_of(|| {
        black_box(simulate_cycle(black_box(&cars[0]), &one, &cycle, options)).unwrap();
    });
    println!("lanes_us {}", side_by_side / CARS as f64 * 1e6);
    println!("alone_us {}", alone * 1e6);
}

fn print_result(result: &CycleResult) {
    let warm = result.temperatures[0].unwrap();
    println!("distance_m {}", result.distance_m);
    println!("battery_j {}", result.terminal_j + result.battery_loss_j);
    println!("end_charge {}", result.end_charge);
    println!("winding_c {}", warm.winding_k - 273.15);
}

/// Energies of all units in all vehicles and cycles: by merged operating points, and step by step
/// with charge and temperatures.
fn print_family(threads: usize) {
    let maps: Vec<OperatingMap> = (0..UNITS)
        .map(|i| OperatingMap {
            split: LossSplit::default(),
            ..uneven_drive_map(motor(i))
        })
        .collect();
    let cycles: Vec<DriveCycle> = CYCLES.iter().map(|name| cycle(name)).collect();
    let axles: Vec<(PreparedAxle, Vec<PreparedCycle>)> = (0..VEHICLES)
        .map(|i| {
            let car = variant(i);
            let cycles = cycles.iter().map(|cycle| PreparedCycle::new(&car, cycle));
            (
                PreparedAxle::new(&car, Axle::Rear, 1.0).unwrap(),
                cycles.collect(),
            )
        })
        .collect();
    let inertia = inertia_kg_m2(I3_SIZED);
    let merged = |maps: &[OperatingMap]| -> f64 {
        let mut sum_j = 0.0;
        for map in maps {
            for (axle, cycles) in &axles {
                for cycle in cycles {
                    sum_j += axle.energy(cycle, map, inertia).unwrap().drawn_j;
                }
            }
        }
        sum_j
    };
    timed("merged", threads, &maps, merged);
    let cars: Vec<Vehicle> = (0..VEHICLES).map(variant).collect();
    let whole: Vec<(OperatingMap, UnitHeat)> = (0..UNITS / 20)
        .map(|i| {
            let map = uneven_drive_map(motor(i));
            let heat = heat_of(&map);
            (map, heat)
        })
        .collect();
    let stepped = |units: &[(OperatingMap, UnitHeat)]| -> f64 {
        let mut sum_j = 0.0;
        for (map, heat) in units {
            let table = UnitTable::new(warm_drive(map, heat)).unwrap();
            let units = [&table];
            let lanes: Vec<LaneCar<'_>> = cars
                .iter()
                .map(|vehicle| LaneCar {
                    vehicle,
                    units: &units,
                })
                .collect();
            for cycle in &cycles {
                let results = simulate_lanes(&lanes, cycle, Options::default()).unwrap();
                sum_j += results.iter().map(|result| result.terminal_j).sum::<f64>();
            }
        }
        sum_j
    };
    timed("stepped_twentieth", threads, &whole, stepped);
}

fn timed<T: Sync>(name: &str, threads: usize, units: &[T], work: impl Fn(&[T]) -> f64 + Sync) {
    let wall = Instant::now();
    let mut spent = 0.0;
    std::thread::scope(|scope| {
        let parts: Vec<_> = units
            .chunks(units.len().div_ceil(threads))
            .map(|part| {
                let work = &work;
                scope.spawn(move || {
                    let from = thread_cpu_s();
                    black_box(work(part));
                    thread_cpu_s() - from
                })
            })
            .collect();
        spent = parts.into_iter().map(|part| part.join().unwrap()).sum();
    });
    println!("{name}_wall_s {}", wall.elapsed().as_secs_f64());
    println!("{name}_cpu_s {spent}");
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["car"] => print_car(),
        ["cycle", name] => print_cycle(name),
        ["family", threads] => print_family(threads.parse().unwrap()),
        _ => eprintln!("vehicle_bench car | cycle NAME | family THREADS"),
    }
}
