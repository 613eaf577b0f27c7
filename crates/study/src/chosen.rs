//! The chosen EDUs, built again in full, and every vehicle driven with them.

use std::collections::BTreeMap;

use codrive_drive::{Build, Conditions, Machine, SectionTables, axle_map, motor_map};
use codrive_model::operating_map::OperatingMap;
use codrive_model::requirement::{Target, VehicleResults};
use codrive_model::summary::{EnergyDensity, Outcome};
use codrive_model::unit::{Configuration, Unit};
use codrive_model::vehicle::{Axle, Character, Vehicle};
use codrive_vehicle::{AxleDrive, Options, Split, judge, simulate_cycle};

use crate::error::StudyError;
use crate::fleet::shipped_cycle;
use crate::inputs::Inputs;

/// Cycles whose consumption is reported.
const CYCLES: [&str; 4] = ["wltc3b", "udds", "hwfet", "us06"];

/// Builds a configuration at a DC voltage.
///
/// # Errors
/// A module that is not among the candidates, or a model that refuses its inputs.
pub fn build_unit(
    inputs: &Inputs,
    tables: &[SectionTables],
    configuration: &Configuration,
    dc_voltage_v: f64,
) -> Result<Unit, StudyError> {
    let what = || configuration.machine.id();
    let failed = |reason: String| StudyError::Model {
        what: what(),
        reason,
    };
    let missing = || failed("a module is not among the candidates".to_owned());
    let section = &configuration.machine.section;
    let table = tables
        .iter()
        .find(|t| t.facts.id == *section)
        .ok_or_else(missing)?;
    let input = inputs
        .sections
        .iter()
        .find(|s| s.section.id == *section)
        .ok_or_else(missing)?;
    let inverter = inputs
        .inverters
        .iter()
        .find(|i| i.id == configuration.inverter)
        .ok_or_else(missing)?;
    let gear_set = inputs
        .gear_sets
        .iter()
        .find(|g| g.id == configuration.gear_set)
        .ok_or_else(missing)?;
    let winding = configuration.machine.winding;
    let machine = Machine::new(
        table,
        configuration.machine.stack_m(),
        winding,
        Build::from_section(&input.section),
    )
    .map_err(|error| failed(error.to_string()))?;
    let motor = motor_map(&machine, inverter, dc_voltage_v, &Conditions::rated())
        .map_err(|error| failed(error.to_string()))?;
    axle_map(&motor, gear_set).map_err(|error| failed(error.to_string()))
}

/// A vehicle with its units, driven.
#[derive(Clone, Debug)]
pub struct Driven {
    /// Targets and consumption.
    pub results: VehicleResults,
    /// Where the WLTC's energy lies on the map of each axle.
    pub density: Vec<EnergyDensity>,
}

/// Drives a vehicle with its units, the torque split by the share of the front axle.
///
/// # Errors
/// A map that cannot be used, or a cycle that is not shipped.
pub fn drive(vehicle: &Vehicle, units: &[&Unit], front_share: f64) -> Result<Driven, StudyError> {
    let cycles = CYCLES
        .iter()
        .map(|name| shipped_cycle(name))
        .collect::<Result<Vec<_>, _>>()?;
    let drives: Vec<AxleDrive<'_>> = vehicle
        .axles
        .iter()
        .zip(units)
        .map(|(axle, unit)| AxleDrive::of(*axle, unit))
        .collect();
    let failed = |error: codrive_vehicle::VehicleError| StudyError::Model {
        what: format!("vehicle `{}`", vehicle.id),
        reason: error.to_string(),
    };
    let split = Split::Fixed(front_share);
    let options = Options {
        split,
        ..Options::default()
    };
    let wltc = simulate_cycle(vehicle, &drives, &cycles[0], options).map_err(failed)?;
    let density = wltc.density.into_iter().map(|d| EnergyDensity {
        speed_edges_rad_per_s: d.speed_rad_per_s,
        torque_edges_nm: d.torque_nm,
        energy_j: d.energy_j,
    });
    let results = judge(vehicle, &drives, split, &cycles.into_iter().collect()).map_err(failed)?;
    Ok(Driven {
        results,
        density: density.collect(),
    })
}

/// Results by name as the summary has them: SI or the unit in the name, grades as fractions.
#[must_use]
pub fn outcomes(results: &VehicleResults) -> BTreeMap<String, Outcome> {
    let mut map = BTreeMap::new();
    for judged in &results.targets {
        let (name, scale) = match judged.target {
            Target::Gradeability => ("gradeability", 0.01),
            Target::ContinuousGrade => ("continuous_grade", 0.01),
            other => (other.name(), 1.0),
        };
        let outcome = Outcome {
            value: judged.value * scale,
            target: Some(judged.asked * scale),
            margin: Some(judged.margin),
        };
        map.insert(name.to_owned(), outcome);
    }
    let mut report = |name: String, value: f64| {
        map.entry(name).or_insert(Outcome {
            value,
            target: None,
            margin: None,
        });
    };
    for figure in &results.figures {
        if let Some(value) = figure.value {
            report(figure.name.clone(), value);
        }
    }
    for cycle in &results.cycles {
        let name = if cycle.cycle == "wltc3b" {
            "wltp"
        } else {
            cycle.cycle.as_str()
        };
        report(format!("{name}_wh_per_km"), cycle.battery_wh_per_km);
        report(format!("{name}_wall_wh_per_km"), cycle.wall_wh_per_km);
        report(format!("{name}_range_km"), cycle.range_km);
        #[allow(clippy::cast_precision_loss)]
        report(
            format!("{name}_trace_violations"),
            cycle.trace_violations as f64,
        );
    }
    map
}

/// The brand's limits on an axle: torque, power and recuperated power, at or below the hardware's.
#[must_use]
pub fn software_limits(character: &Character, map: &OperatingMap) -> [f64; 3] {
    let torque_nm = map.torque_max_nm.iter().copied().fold(0.0, f64::max);
    [
        character.torque * torque_nm,
        character.power * map.peak_power_w(),
        character.recuperation * map.regenerating_power_w(),
    ]
}

/// An axle in words: `bmw-city-hatch rear`.
#[must_use]
pub fn axle_name(vehicle: &Vehicle, axle: Axle) -> String {
    format!("{} {axle}", vehicle.id)
}
