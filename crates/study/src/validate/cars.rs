//! Cars that exist, with their own units as computed, against what is published of them.

use std::collections::BTreeMap;
use std::path::Path;

use codrive_vehicle::performance::Performance;
use codrive_vehicle::{AxleDrive, Options, Split, simulate_cycle};

use super::case::{Allowed, CaseResult, Check, Row, rows};
use crate::cache::Cache;
use crate::car::{Car, build};
use crate::error::StudyError;
use crate::fleet::shipped_cycle;
use crate::progress::Progress;

/// Allowed deviation of a single figure; the reason is in the cases.
const EACH: Allowed = Allowed::Relative(0.08);

fn failed(error: codrive_vehicle::VehicleError) -> StudyError {
    StudyError::Model {
        what: "validation of the cars".to_owned(),
        reason: error.to_string(),
    }
}

/// Every car that a table names, built once.
fn cars(
    rows: &[Row],
    cache: &Path,
    progress: &dyn Progress,
) -> Result<BTreeMap<String, Car>, StudyError> {
    let cache = Cache::open(cache, false)?;
    let mut cars = BTreeMap::new();
    for row in rows {
        if !cars.contains_key(row.text(0)) {
            cars.insert(
                row.text(0).to_owned(),
                build(row.text(0), &cache, progress)?,
            );
        }
    }
    Ok(cars)
}

fn drives(car: &Car) -> Vec<AxleDrive<'_>> {
    let axles = car.vehicle.axles.iter().zip(&car.units);
    axles
        .map(|(axle, unit)| AxleDrive::of(*axle, unit))
        .collect()
}

pub(super) fn acceleration(
    cache: &Path,
    progress: &dyn Progress,
) -> Result<CaseResult, StudyError> {
    let table = rows("ev-0-100", "reference.csv")?;
    let cars = cars(&table, cache, progress)?;
    let mut checks = Vec::new();
    for row in &table {
        let car = &cars[row.text(0)];
        let (from, to) = (row.number(1), row.number(2));
        let performance = Performance::new(&car.vehicle, &drives(car)).map_err(failed)?;
        let ours = performance.time_s(from / 3.6, to / 3.6);
        let what = format!("{}, {from:.0} to {to:.0} km/h", row.text(0));
        checks.push(Check::new(what, "s", row.number(3), ours, EACH));
    }
    CaseResult::new("ev-0-100", checks)
}

pub(super) fn epa_consumption(
    cache: &Path,
    progress: &dyn Progress,
) -> Result<CaseResult, StudyError> {
    let table = rows("epa-consumption", "reference.csv")?;
    let cars = cars(&table, cache, progress)?;
    let mut checks = Vec::new();
    for row in &table {
        let car = &cars[row.text(0)];
        let cycle = shipped_cycle(row.text(1))?;
        let share = if car.units.len() == 1 { 1.0 } else { 0.5 };
        let options = Options {
            split: Split::Fixed(share),
            ..Options::default()
        };
        let result = simulate_cycle(&car.vehicle, &drives(car), &cycle, options).map_err(failed)?;
        let ours = result.consumption.wall_j_per_m / 3.6;
        let what = format!("{}, {}", row.text(0), row.text(1));
        checks.push(Check::new(what, "Wh/km", row.number(2), ours, EACH));
    }
    CaseResult::new("epa-consumption", checks)
}
