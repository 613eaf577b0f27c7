//! Cars that exist against what is published of them: with their own units as computed, or with a
//! generic unit of the right size.

use std::collections::BTreeMap;
use std::path::Path;

use codrive_vehicle::performance::TEST_CHARGE;
use codrive_vehicle::{CycleResult, DriveCycle, Options, simulate_cycle};

use super::case::{Allowed, CaseResult, Check, Row, rows};
use crate::cache::Cache;
use crate::car::{Car, build};
use crate::error::StudyError;
use crate::fleet::shipped_cycle;
use crate::progress::Progress;

/// 0 °C, K.
const ZERO_CELSIUS_K: f64 = 273.15;
/// Allowed deviation of a consumption or range and of an acceleration; the reasons are in the cases.
const CONSUMPTION: f64 = 0.08;
const TO_100: f64 = 0.06;
const ELASTICITY: f64 = 0.08;
/// Published top speeds are where software stops: a car reaches them, by how much more is no error.
const TOP_SPEED: Allowed = Allowed::AtLeast(0.60);
/// Goals for the mean size of the deviations, percent.
const MEAN_CONSUMPTION_PERCENT: f64 = 5.0;
const MEAN_TO_100_PERCENT: f64 = 4.0;

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
            let car = build(row.text(0), &cache, progress)?;
            cars.insert(row.text(0).to_owned(), car);
        }
    }
    Ok(cars)
}

/// Mean and largest size of the deviations of some rows, each against its goal in percent.
fn summary(name: &str, checks: &[&Check], mean_percent: f64, each_percent: f64) -> Vec<Check> {
    let size = |check: &&Check| 100.0 * (check.ours / check.reference - 1.0).abs();
    #[allow(clippy::cast_precision_loss)]
    let mean = checks.iter().map(size).sum::<f64>() / checks.len().max(1) as f64;
    let worst = checks.iter().max_by(|a, b| size(a).total_cmp(&size(b)));
    let row = |what: String, ours: f64, goal: f64| {
        Check::new(what, "%", 0.0, ours, Allowed::Absolute(goal))
    };
    let mut rows = vec![row(format!("mean deviation of {name}"), mean, mean_percent)];
    rows.extend(worst.map(|check| {
        let what = format!("largest deviation of {name}: {}", check.what);
        row(what, size(check), each_percent)
    }));
    rows
}

pub(super) fn acceleration(
    cache: &Path,
    progress: &dyn Progress,
) -> Result<CaseResult, StudyError> {
    let table = rows("ev-0-100", "reference.csv")?;
    let cars = cars(&table, cache, progress)?;
    let mut checks = Vec::new();
    let mut from_rest = Vec::new();
    for row in &table {
        let car = &cars[row.text(0)];
        let performance = car.performance(TEST_CHARGE).map_err(failed)?;
        let (from, to, published) = (row.number(1), row.number(2), row.number(3));
        let what = format!("{}, {from:.0} to {to:.0} km/h", row.text(0));
        if from.is_nan() {
            let ours = performance.top_speed_m_s() * 3.6;
            let what = format!("{}, top speed", row.text(0));
            checks.push(Check::new(what, "km/h", published, ours, TOP_SPEED));
            continue;
        }
        let ours = performance.time_s(from / 3.6, to / 3.6);
        let allowed = Allowed::Relative(if from == 0.0 { TO_100 } else { ELASTICITY });
        if from == 0.0 && to > 90.0 {
            from_rest.push(checks.len());
        }
        checks.push(Check::new(what, "s", published, ours, allowed));
    }
    let named: Vec<&Check> = from_rest.iter().map(|i| &checks[*i]).collect();
    let name = "0 to 100 km/h and 60 mph";
    let mut all = summary(name, &named, MEAN_TO_100_PERCENT, 100.0 * TO_100);
    all.extend(checks);
    CaseResult::new("ev-0-100", all)
}

fn driven(car: &Car, cycle: &DriveCycle) -> Result<CycleResult, StudyError> {
    let options = Options {
        split: car.split(),
        ..Options::default()
    };
    simulate_cycle(&car.vehicle, &car.drives(), cycle, options).map_err(failed)
}

pub(super) fn epa_consumption(
    cache: &Path,
    progress: &dyn Progress,
) -> Result<CaseResult, StudyError> {
    let table = rows("epa-consumption", "reference.csv")?;
    let cars = cars(&table, cache, progress)?;
    let mut checks = Vec::new();
    for row in &table {
        let result = driven(&cars[row.text(0)], &shipped_cycle(row.text(1))?)?;
        let ours = result.consumption.wall_j_per_m / 3.6;
        let what = format!("{}, {}", row.text(0), row.text(1));
        let allowed = Allowed::Relative(CONSUMPTION);
        checks.push(Check::new(what, "Wh/km", row.number(2), ours, allowed));
    }
    let mut all = Vec::new();
    for cycle in ["udds", "hwfet"] {
        let of_cycle: Vec<&Check> = checks.iter().filter(|c| c.what.ends_with(cycle)).collect();
        let each = 100.0 * CONSUMPTION;
        all.extend(summary(cycle, &of_cycle, MEAN_CONSUMPTION_PERCENT, each));
    }
    all.extend(checks);
    CaseResult::new("epa-consumption", all)
}

/// WLTP range, NEDC consumption and steady speeds.
pub(super) fn range(cache: &Path, progress: &dyn Progress) -> Result<CaseResult, StudyError> {
    let table = rows("ev-range", "reference.csv")?;
    let cars = cars(&table, cache, progress)?;
    let mut checks = Vec::new();
    for row in &table {
        let car = &cars[row.text(0)]
            .clone()
            .at_ambient(row.number(3) + ZERO_CELSIUS_K)?;
        let (figure, published) = (row.text(1), row.number(2));
        let (unit, ours) = match figure {
            "wltp_range" => {
                let result = driven(car, &shipped_cycle("wltc3b")?)?;
                ("km", result.consumption.range_m * 1e-3)
            }
            "nedc_wall" => {
                let result = driven(car, &shipped_cycle("nedc")?)?;
                ("Wh/km", result.consumption.wall_j_per_m / 3.6)
            }
            steady => {
                let km_per_h: f64 = steady
                    .trim_start_matches("steady_")
                    .parse()
                    .unwrap_or(f64::NAN);
                let cycle = DriveCycle::steady(steady, km_per_h / 3.6);
                let result = driven(car, &cycle)?;
                ("Wh/km", result.consumption.battery_j_per_m / 3.6)
            }
        };
        let what = match row.text(3) {
            "20" => format!("{}, {figure}", row.text(0)),
            degc => format!("{}, {figure} at {degc} degC", row.text(0)),
        };
        let allowed = Allowed::Relative(CONSUMPTION);
        checks.push(Check::new(what, unit, published, ours, allowed));
    }
    let ranges: Vec<&Check> = checks.iter().filter(|c| c.unit == "km").collect();
    let each = 100.0 * CONSUMPTION;
    let mut all = summary("WLTP range", &ranges, MEAN_CONSUMPTION_PERCENT, each);
    all.extend(checks);
    CaseResult::new("ev-range", all)
}
