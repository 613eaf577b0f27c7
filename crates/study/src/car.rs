//! A car that exists, with its units: consumption in cycles, and performance.

use std::collections::BTreeMap;
use std::path::Path;

use codrive_catalogue::Kind;
use codrive_drive::{Conditions, DriveError, axle_map, motor_map};
use codrive_model::gear_set::GearSet;
use codrive_model::input::{InputError, Source};
use codrive_model::inverter::Inverter;
use codrive_model::operating_map::{OperatingMap, cell};
use codrive_model::requirement::VehicleResults;
use codrive_model::summary::Outcome;
use codrive_model::unit::Unit;
use codrive_model::vehicle::{CarFile, CarUnit, Character, DriveDrag, Vehicle};
use codrive_vehicle::{AxleDrive, DriveCycle, Split, judge, requirements};
use serde::Serialize;

use crate::cache::Cache;
use crate::chosen::outcomes;
use crate::error::StudyError;
use crate::fleet::{loaded_voltage_v, shipped_cycle};
use crate::inputs::shipped;
use crate::motor::{file_or_shipped, read_machine, solve_machine};
use crate::progress::Progress;

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
        let mut lines = vec![format!(
            "{} with units at {:.0} V",
            self.vehicle, self.dc_voltage_v
        )];
        for (name, outcome) in &self.results {
            let target = outcome
                .target
                .map_or(String::new(), |t| format!("   (stated {t:.2})"));
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
        let inverter: Inverter =
            shipped(Kind::Inverter, &unit.inverter, &source).map_err(StudyError::Input)?;
        let gear_set: GearSet =
            shipped(Kind::GearSet, &unit.gear_set, &source).map_err(StudyError::Input)?;
        units.push(build_unit(
            unit.machine.get_ref(),
            &inverter,
            &gear_set,
            dc_voltage_v,
            cache,
            progress,
        )?);
        progress.done(1);
    }
    let vehicle = as_published(vehicle, &car.units, &units);
    Ok(Car {
        vehicle,
        units,
        dc_voltage_v,
    })
}

/// The vehicle with its own units' drag taken out of its coast-down, and with the software limits
/// that keep its units to their published torque and power.
fn as_published(mut vehicle: Vehicle, stated: &[CarUnit], units: &[Unit]) -> Vehicle {
    if vehicle.road_load.drive_drag.is_some() {
        vehicle.road_load.drive_drag = Some(own_drag(&vehicle, units));
    }
    vehicle.character = stated
        .iter()
        .zip(units)
        .map(|(stated, unit)| {
            let axle_nm = unit.axle.torque_max_nm.iter().copied().fold(0.0, f64::max);
            let torque = stated
                .published_torque_nm
                .map_or(1.0, |t| t * unit.gear_ratio / axle_nm);
            let power = stated
                .published_power_w
                .map_or(1.0, |p| p / unit.axle.peak_power_w());
            let (torque, power) = (torque.min(1.0), power.min(1.0));
            Character {
                axle: stated.axle,
                torque,
                power,
                recuperation: 1.0,
            }
        })
        .collect();
    vehicle
}

/// Vehicle speeds between which drag is made linear, m/s.
const DRAG_SPEEDS_M_S: [f64; 7] = [5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0];

/// Drag force of the coasting units at the wheels, a least-squares line over speed.
///
/// The car was coasted down with these very units in it. What drags then is iron, magnets, bearings,
/// windage and gears: the losses at zero torque without copper and inverter.
fn own_drag(vehicle: &Vehicle, units: &[Unit]) -> DriveDrag {
    let radius_m = vehicle.body.wheel_radius_m;
    let force = |speed_m_s: &f64| {
        let losses = units
            .iter()
            .map(|unit| coasting_loss_w(&unit.axle, speed_m_s / radius_m));
        losses.sum::<f64>() / speed_m_s
    };
    #[allow(clippy::cast_precision_loss)]
    let n = DRAG_SPEEDS_M_S.len() as f64;
    let mean_v = DRAG_SPEEDS_M_S.iter().sum::<f64>() / n;
    let mean_f = DRAG_SPEEDS_M_S.iter().map(force).sum::<f64>() / n;
    let covariance: f64 = DRAG_SPEEDS_M_S
        .iter()
        .map(|v| (v - mean_v) * (force(v) - mean_f))
        .sum();
    let variance: f64 = DRAG_SPEEDS_M_S.iter().map(|v| (v - mean_v).powi(2)).sum();
    let per_speed_n_per_m_s = (covariance / variance).max(0.0);
    DriveDrag {
        constant_n: (mean_f - per_speed_n_per_m_s * mean_v).max(0.0),
        per_speed_n_per_m_s,
        source: "computed: losses of the car's own units at zero torque".to_owned(),
    }
}

/// Losses of a unit that turns without current, W, linear between the map's speeds.
fn coasting_loss_w(map: &OperatingMap, speed_rad_per_s: f64) -> f64 {
    let at_rest = map.load.iter().position(|load| *load == 0.0).unwrap_or(0);
    let (row, t) = cell(&map.speed_rad_per_s, speed_rad_per_s);
    let split = &map.split;
    let at = |row: usize| {
        let i = row * map.load.len() + at_rest;
        split.iron_w[i] + split.magnet_w[i] + split.mechanical_w[i] + split.gear_w[i]
    };
    at(row) * (1.0 - t) + at(row + 1) * t
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
    let solved = solve_machine(&input, cache, progress)?;
    let unit = || {
        let tables = input.tables(&solved)?;
        let machine = input.variant(&tables)?;
        let motor = motor_map(&machine, inverter, dc_voltage_v, &Conditions::rated())?;
        axle_map(&motor, gear_set)
    };
    unit().map_err(|error: DriveError| StudyError::Model {
        what: format!("unit of `{machine_name}`"),
        reason: error.to_string(),
    })
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
        .map(|(axle, unit)| AxleDrive::of(*axle, unit))
        .collect();
    let split = Split::Fixed(if drives.len() == 1 { 1.0 } else { 0.5 });
    judge(&car.vehicle, &drives, split, &cycles.into_iter().collect()).map_err(|error| {
        StudyError::Model {
            what: format!("vehicle `{}`", car.vehicle.id),
            reason: error.to_string(),
        }
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
    let cycles = cycle_names
        .iter()
        .map(|name| cycle(name))
        .collect::<Result<Vec<_>, _>>()?;
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
    let stem = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let at_file = |mut error: InputError| {
        error.file = path.to_owned();
        error
    };
    Ok(DriveCycle::parse(&stem, &source.text).map_err(at_file)?)
}
