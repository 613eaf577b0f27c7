//! What maps of inverter, gear set and whole unit cost on one thread:
//! `cargo run --release -p codrive-drive --example drive_speed`.

#[allow(dead_code, clippy::unwrap_used)]
#[path = "../src/fixture.rs"]
mod fixture;

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use codrive_drive::gear::GearModel;
use codrive_drive::inverter::{AcPoint, InverterModel};
use codrive_drive::{
    Build, Conditions, Grid, Machine, SectionTables, axle_map, feasibility, motor_map_on, winding,
};
use codrive_model::gear_set::GearSet;
use codrive_model::input::Source;
use codrive_model::inverter::Inverter;
use codrive_model::unit::Winding;

/// Speeds, loads and temperatures of a complete drive map.
const SPEEDS: u32 = 41;
const LOADS: u32 = 41;
const OIL_K: [f64; 3] = [273.15, 313.15, 353.15];
const REPEATS: u32 = 200;
/// Winding temperatures of a whole map, and the DC voltages at which a unit must be feasible.
const WINDING_K: [f64; 3] = [293.15, 373.15, 433.15];
const DC_V: [f64; 2] = [360.0, 300.0];

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn read<T: serde::de::DeserializeOwned>(file: &str) -> Outcome<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../data")
        .join(file);
    Ok(Source::read(&path)?.parse()?)
}

fn main() -> Outcome<()> {
    let gear_set: GearSet = read("gear_sets/two-stage-9.0-350.toml")?;
    report("gear set", || gear_map(&gear_set))?;
    for file in ["si-400v-450a", "sic-400v-450a"] {
        let inverter: Inverter = read(&format!("inverters/{file}.toml"))?;
        report(file, || inverter_map(&inverter))?;
    }
    let inverter: Inverter = read("inverters/si-400v-450a.toml")?;
    time("section prepared", || Ok(tables()?.line_back_emf_vs_per_m))?;
    let tables = tables()?;
    let usual = Grid::default();
    let fine = Grid::even(SPEEDS, LOADS)?;
    time("motor map as in a study", || {
        unit_maps(&tables, &inverter, None, (&usual, &WINDING_K[..1]))
    })?;
    time(
        "unit map of 41 speeds x 41 torques at three temperatures",
        || unit_maps(&tables, &inverter, Some(&gear_set), (&fine, &WINDING_K)),
    )?;
    time("unit for feasibility", || feasible(&tables, &inverter))?;
    Ok(())
}

/// An analytic saturating section in the size of a BMW i3, 17 x 17 currents.
fn tables() -> Outcome<SectionTables> {
    let (steel, magnet) = (fixture::steel(), fixture::magnet());
    let map = fixture::saturating_map();
    Ok(SectionTables::new(
        &map,
        &fixture::facts(),
        &steel,
        &magnet,
    )?)
}

fn machine(tables: &SectionTables) -> Outcome<Machine<'_>> {
    let winding = Winding {
        conductors_per_slot: 6,
        parallel_paths: 4,
        connection: codrive_model::machine::Connection::Star,
    };
    Ok(Machine::new(tables, 0.132, winding, Build::round_wire())?)
}

/// Losses, envelopes and continuous torque of the motor, or with a gear set on the axle, at some
/// winding temperatures.
fn unit_maps(
    tables: &SectionTables,
    inverter: &Inverter,
    gear_set: Option<&GearSet>,
    (grid, winding_k): (&Grid, &[f64]),
) -> Outcome<f64> {
    let mut sum = 0.0;
    for winding_temperature_k in winding_k.iter().copied() {
        let conditions = Conditions {
            winding_temperature_k,
            ..Conditions::default()
        };
        let machine = machine(tables)?;
        let motor = motor_map_on(&machine, inverter, DC_V[0], &conditions, grid)?;
        sum += match gear_set {
            Some(gear_set) => axle_map(&motor, gear_set)?.axle.peak_power_w(),
            None => motor.map.peak_power_w(),
        };
    }
    Ok(sum)
}

/// Envelopes at two voltages, continuous power and mass.
fn feasible(tables: &SectionTables, inverter: &Inverter) -> Outcome<f64> {
    let voltages = (DC_V[0], &DC_V[1..]);
    let found = feasibility(
        &machine(tables)?,
        inverter,
        voltages,
        &Conditions::default(),
    )?;
    Ok(found.continuous_power_w() + found.mass.machine_kg())
}

/// Least and median time of many.
fn time(what: &str, work: impl Fn() -> Outcome<f64>) -> Outcome<()> {
    let mut times_ms = Vec::new();
    for _ in 0..REPEATS {
        let start = Instant::now();
        black_box(work()?);
        times_ms.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times_ms.sort_by(f64::total_cmp);
    let (least, median) = (times_ms[0], times_ms[times_ms.len() / 2]);
    println!("{what}: {least:.3} ms at least, {median:.3} ms in the median of {REPEATS}");
    Ok(())
}

/// Best of many: time a map takes, over its points.
fn report(what: &str, map: impl Fn() -> Outcome<f64>) -> Outcome<()> {
    let mut best_s = f64::INFINITY;
    for _ in 0..REPEATS {
        let start = Instant::now();
        black_box(map()?);
        best_s = best_s.min(start.elapsed().as_secs_f64());
    }
    let points = f64::from(SPEEDS * LOADS) * 3.0;
    println!(
        "{what}: {:.3} ms for {points:.0} points, {:.0} ns each",
        best_s * 1e3,
        best_s * 1e9 / points
    );
    Ok(())
}

/// Motor torque for each axle torque.
fn gear_map(set: &GearSet) -> Outcome<f64> {
    let mut sum = 0.0;
    for oil_k in OIL_K {
        let model = GearModel::at_oil(set, oil_k)?;
        for i in 0..SPEEDS {
            let at = model.at_speed(25.0 * f64::from(i));
            for j in 0..LOADS {
                sum += at.motor_nm(2000.0 * (f64::from(j) / 20.0 - 1.0));
            }
        }
    }
    Ok(sum)
}

fn inverter_map(inverter: &Inverter) -> Outcome<f64> {
    let mut sum = 0.0;
    for coolant_k in OIL_K {
        let model = InverterModel::new(inverter, 360.0, coolant_k)?;
        for i in 0..SPEEDS {
            for j in 0..LOADS {
                let point = AcPoint {
                    current_a: 10.0 * f64::from(j + 1),
                    modulation: 0.028 * f64::from(i),
                    cos_phi: 0.9,
                };
                sum += model.loss(point)?.total_w;
            }
        }
    }
    Ok(sum)
}
