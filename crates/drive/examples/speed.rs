//! What a point of inverter and gear set costs: `cargo run --release -p codrive-drive --example speed`.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use codrive_drive::gear::GearModel;
use codrive_drive::inverter::{AcPoint, InverterModel};
use codrive_model::gear_set::GearSet;
use codrive_model::input::Source;
use codrive_model::inverter::Inverter;

/// Speeds, loads and temperatures of a complete drive map.
const SPEEDS: u32 = 41;
const LOADS: u32 = 41;
const OIL_K: [f64; 3] = [273.15, 313.15, 353.15];
const REPEATS: u32 = 200;

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
