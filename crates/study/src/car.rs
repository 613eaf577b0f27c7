//! A car that exists, with its units: consumption in cycles, and performance.

use std::collections::BTreeMap;
use std::path::Path;

use codrive_catalogue::Kind;
use codrive_drive::{Conditions, Machine, SectionTables, axle_map, motor_map};
use codrive_model::gear_set::GearSet;
use codrive_model::input::{InputError, Source};
use codrive_model::inverter::Inverter;
use codrive_model::programme::FieldPlan;
use codrive_model::requirement::VehicleResults;
use codrive_model::summary::Outcome;
use codrive_model::unit::{Unit, Winding};
use codrive_model::vehicle::{CarFile, Vehicle};
use codrive_vehicle::{AxleDrive, DriveCycle, Split, judge, requirements};
use serde::Serialize;

use crate::build::build_of;
use crate::cache::Cache;
use crate::chosen::outcomes;
use crate::error::StudyError;
use crate::fleet::{loaded_voltage_v, shipped_cycle};
use crate::inputs::shipped;
use crate::motor::{file_or_shipped, read_machine};
use crate::progress::Progress;
use crate::sections::solve_or_find;

/// Results of a car, as `codrive vehicle run` prints them.
#[derive(Clone, Debug, Serialize)]
pub struct CarResults {
    /// Vehicle id.
    pub vehicle: String,
    /// DC voltage at which its units were computed, V.
    pub dc_voltage_v: f64,
    /// By name, such as `udds_wall_wh_per_km`.
    pub results: BTreeMap<String, Outcome>,
}

impl CarResults {
    /// For people.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("{} with units at {:.0} V", self.vehicle, self.dc_voltage_v)];
        for (name, outcome) in &self.results {
            let target = outcome.target.map_or(String::new(), |t| format!("   (stated {t:.2})"));
            lines.push(format!("  {name:<34} {:>9.2}{target}", outcome.value));
        }
        lines
    }
}

/// A car with its units, built.
#[derive(Clone, Debug)]
pub struct Car {
    /// The vehicle.
    pub vehicle: Vehicle,
    /// Its units, by driven axle.
    pub units: Vec<Unit>,
    /// DC voltage of the units' maps, V.
    pub dc_voltage_v: f64,
}

/// Builds a car: a file, or a shipped name.
///
/// # Errors
/// Files that are wrong, or a model that refuses its inputs.
pub fn build(name: &str, cache: &Cache, progress: &dyn Progress) -> Result<Car, StudyError> {
    let source = file_or_shipped(Kind::Car, name)?;
    let car = CarFile::read(&source)?;
    let vehicle = car.vehicle;
    let required = requirements("", &vehicle, 0.5, None).map_err(|error| StudyError::Model {
        what: format!("vehicle `{}`", vehicle.id),
        reason: error.to_string(),
    })?;
    let dc_voltage_v = loaded_voltage_v(&vehicle, required.iter().map(|r| r.power_w).sum());
    progress.stage("units", car.units.len());
    let mut units: Vec<Unit> = Vec::with_capacity(car.units.len());
    for unit in &car.units {
        let inverter: Inverter = shipped(Kind::Inverter, &unit.inverter, &source).map_err(StudyError::Input)?;
        let gear_set: GearSet = shipped(Kind::GearSet, &unit.gear_set, &source).map_err(StudyError::Input)?;
        units.push(build_unit(unit.machine.get_ref(), &inverter, &gear_set, dc_voltage_v, cache, progress)?);
        progress.done(1);
    }
    Ok(Car { vehicle, units, dc_voltage_v })
}

/// Builds a unit from a machine (file or shipped name), an inverter and a gear set.
///
/// # Errors
/// Files that are wrong, or a model that refuses its inputs.
pub fn build_unit(
    machine_name: &str,
    inverter: &Inverter,
    gear_set: &GearSet,
    dc_voltage_v: f64,
    cache: &Cache,
    progress: &dyn Progress,
) -> Result<Unit, StudyError> {
    let input = read_machine(machine_name)?;
    let failed = |reason: String| StudyError::Model { what: format!("unit of `{machine_name}`"), reason };
    let solved = solve_or_find(&input.section, FieldPlan::default(), cache, progress)?;
    let (steel, magnet) = (&input.section.steel, &input.section.magnet);
    let tables = SectionTables::new(&solved.flux_map, &solved.facts, steel, magnet)
        .map_err(|error| failed(error.to_string()))?;
    let winding = Winding {
        conductors_per_slot: input.machine.conductors_per_slot,
        parallel_paths: input.machine.parallel_paths,
    };
    let build = build_of(&input.section.section);
    let machine = Machine::new(&tables, input.machine.stack_m, winding, build)
        .map_err(|error| failed(error.to_string()))?;
    let motor = motor_map(&machine, inverter, dc_voltage_v, &Conditions::default())
        .map_err(|error| failed(error.to_string()))?;
    axle_map(&motor, gear_set).map_err(|error| failed(error.to_string()))
}

/// Judges a car in some cycles; two axles share the force evenly.
///
/// # Errors
/// A map that cannot be used.
pub fn judge_car(car: &Car, cycles: Vec<DriveCycle>) -> Result<VehicleResults, StudyError> {
    let drives: Vec<AxleDrive<'_>> = car
        .vehicle
        .axles
        .iter()
        .zip(&car.units)
        .map(|(axle, unit)| AxleDrive {
            axle: *axle,
            map: &unit.axle,
            inertia_kg_m2: unit.axle_inertia_kg_m2,
            disconnects: false,
        })
        .collect();
    let split = Split::Fixed(if drives.len() == 1 { 1.0 } else { 0.5 });
    judge(&car.vehicle, &drives, split, &cycles.into_iter().collect()).map_err(|error| StudyError::Model {
        what: format!("vehicle `{}`", car.vehicle.id),
        reason: error.to_string(),
    })
}

/// Builds a car and judges it in cycles: shipped names, or CSV files.
///
/// # Errors
/// As [`build`]; a cycle that is unknown or wrong.
pub fn run(
    name: &str,
    cycle_names: &[String],
    cache: &Path,
    progress: &dyn Progress,
) -> Result<CarResults, StudyError> {
    let cycles = cycle_names.iter().map(|name| cycle(name)).collect::<Result<Vec<_>, _>>()?;
    let cache = Cache::open(cache, false)?;
    let car = build(name, &cache, progress)?;
    let results = judge_car(&car, cycles)?;
    Ok(CarResults {
        vehicle: car.vehicle.id.clone(),
        dc_voltage_v: car.dc_voltage_v,
        results: outcomes(&results),
    })
}

fn cycle(name: &str) -> Result<DriveCycle, StudyError> {
    let path = Path::new(name);
    let is_file = path.is_file() || path.extension().is_some();
    if !is_file {
        return shipped_cycle(name);
    }
    let source = Source::read(path)?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let at_file = |mut error: InputError| {
        error.file = path.to_owned();
        error
    };
    Ok(DriveCycle::parse(&stem, &source.text).map_err(at_file)?)
}
