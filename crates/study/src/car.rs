//! A car that exists, with its units at the voltages of its battery.

use std::path::Path;

use codrive_catalogue::Kind;
use codrive_drive::{Conditions, DriveError, Machine, axle_map, motor_map};
use codrive_model::gear_set::GearSet;
use codrive_model::input::Source;
use codrive_model::inverter::Inverter;
use codrive_model::operating_map::{OperatingMap, cell};
use codrive_model::requirement::VehicleResults;
use codrive_model::unit::Unit;
use codrive_model::vehicle::{
    Axle, CarFile, CarUnit, Character, DriveDrag, FittedUnit, RoadLoad, Vehicle,
};
use codrive_vehicle::performance::{Performance, TEST_CHARGE};
use codrive_vehicle::{AxleDrive, CycleSet, Split, VehicleError, judge_with};

use crate::cache::Cache;
use crate::error::StudyError;
use crate::generic_unit::{GenericModules, Wanted};
use crate::inputs::shipped;
use crate::motor::{file_or_shipped, read_machine, solve_machine};
use crate::progress::Progress;

/// Lowest DC voltage of a car's maps over its battery's nominal voltage.
const LOWEST_VOLTAGE: f64 = 0.8;

/// A car with its units, built.
#[derive(Clone, Debug)]
pub struct Car {
    /// The vehicle.
    pub vehicle: Vehicle,
    /// Its units, by driven axle, at the battery's nominal voltage.
    pub units: Vec<Unit>,
    /// DC voltage of these units' maps, V.
    pub dc_voltage_v: f64,
    /// The same units at ascending DC voltages, those above among them.
    pub at_voltages: Vec<Vec<Unit>>,
    /// How two axles share the force, if not evenly.
    pub split: Option<Split>,
}

/// Which car to drive, and where.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// A car file, or a shipped name.
    pub name: &'a str,
    /// Temperature of air and tyres, K; 20 °C if absent.
    pub ambient_k: Option<f64>,
    /// How two driven axles share the force; evenly if absent.
    pub split: Option<Split>,
    /// Folder for finished sections.
    pub cache: &'a Path,
}

impl Choice<'_> {
    /// Builds it.
    ///
    /// # Errors
    /// As [`build`]; a temperature for which road loads are not corrected, a split for a car with one driven axle.
    pub fn build(&self, progress: &dyn Progress) -> Result<Car, StudyError> {
        let mut car = build(self.name, &Cache::open(self.cache, false)?, progress)?;
        if let Some(split) = self.split {
            car = car.with_split(split)?;
        }
        match self.ambient_k {
            Some(ambient_k) => car.at_ambient(ambient_k),
            None => Ok(car),
        }
    }
}

/// Builds a car: a file, or a shipped name.
///
/// # Errors
/// Files that are wrong, or a model that refuses its inputs.
pub fn build(name: &str, cache: &Cache, progress: &dyn Progress) -> Result<Car, StudyError> {
    let source = file_or_shipped(Kind::Car, name)?;
    let CarFile {
        vehicle,
        units,
        places,
    } = CarFile::read(&source)?;
    progress.stage("units", units.len());
    let mut by_axle: Vec<Vec<Unit>> = Vec::with_capacity(units.len());
    for (unit, place) in units.iter().zip(&places) {
        by_axle.push(match unit {
            FittedUnit::Known(known) => known_unit(known, &vehicle, &source, cache, progress)?,
            FittedUnit::Generic(unit) => {
                let wanted = Wanted {
                    unit,
                    vehicle: &vehicle,
                    source: &source,
                    place,
                };
                generic_at_voltages(&wanted, cache, progress)?
            }
        });
        progress.done(1);
    }
    let levels = by_axle.iter().map(Vec::len).min().unwrap_or(0);
    let at_voltages: Vec<Vec<Unit>> = (0..levels)
        .map(|level| by_axle.iter().map(|unit| unit[level].clone()).collect())
        .collect();
    let nominal = at_voltages[NOMINAL].clone();
    Ok(Car {
        dc_voltage_v: vehicle.battery.nominal_voltage_v,
        vehicle: as_published(vehicle, &units, &nominal),
        units: nominal,
        at_voltages,
        split: None,
    })
}

/// Where the nominal voltage stands among [`voltages`].
const NOMINAL: usize = 1;

/// DC voltages of a car's maps: well below nominal, nominal, and that of the full battery where the
/// inverter carries it.
fn voltages(vehicle: &Vehicle, inverter: &Inverter) -> Vec<f64> {
    let battery = &vehicle.battery;
    let nominal_v = battery.nominal_voltage_v;
    let full_v = battery.open_circuit_voltage_v.last().copied();
    let highest_v = full_v.unwrap_or(nominal_v).min(inverter.dc_voltage_max_v);
    let mut voltages = vec![LOWEST_VOLTAGE * nominal_v, nominal_v];
    if highest_v > nominal_v {
        voltages.push(highest_v);
    }
    voltages
}

fn known_unit(
    unit: &CarUnit,
    vehicle: &Vehicle,
    source: &Source,
    cache: &Cache,
    progress: &dyn Progress,
) -> Result<Vec<Unit>, StudyError> {
    let inverter: Inverter =
        shipped(Kind::Inverter, &unit.inverter, source).map_err(StudyError::Input)?;
    let gear_set: GearSet =
        shipped(Kind::GearSet, &unit.gear_set, source).map_err(StudyError::Input)?;
    let name = unit.machine.get_ref();
    let input = read_machine(name)?;
    let solved = solve_machine(&input, cache, progress)?;
    let units = || {
        let tables = input.tables(&solved)?;
        let machine = input.variant(&tables)?;
        let voltages = voltages(vehicle, &inverter);
        at_voltages(&machine, &inverter, &gear_set, &voltages)
    };
    units().map_err(|error| refused(name, &error))
}

fn generic_at_voltages(
    wanted: &Wanted<'_>,
    cache: &Cache,
    progress: &dyn Progress,
) -> Result<Vec<Unit>, StudyError> {
    let input = wanted.machine()?;
    let solved = solve_machine(&input, cache, progress)?;
    let failed = |error: DriveError| refused(&wanted.vehicle.id, &error);
    let tables = input.tables(&solved).map_err(failed)?;
    let build = input.variant(&tables).map_err(failed)?.build;
    let GenericModules {
        machine,
        inverter,
        gear_set,
    } = wanted.modules(&tables, build)?;
    let voltages = voltages(wanted.vehicle, &inverter);
    at_voltages(&machine, &inverter, &gear_set, &voltages).map_err(failed)
}

fn at_voltages(
    machine: &Machine<'_>,
    inverter: &Inverter,
    gear_set: &GearSet,
    voltages: &[f64],
) -> Result<Vec<Unit>, DriveError> {
    let unit = |dc_voltage_v: &f64| {
        let motor = motor_map(machine, inverter, *dc_voltage_v, &Conditions::rated())?;
        axle_map(&motor, gear_set)
    };
    voltages.iter().map(unit).collect()
}

fn refused(name: &str, error: &DriveError) -> StudyError {
    StudyError::Model {
        what: format!("unit of `{name}`"),
        reason: error.to_string(),
    }
}

/// The vehicle with its own units' drag taken out of its coast-down, and with the software limits
/// that keep its units to their published torque and power.
///
/// A published peak power is taken to hold at the battery's nominal voltage. The limit behind it is a
/// current, so at other voltages it is that share of what the hardware gives there.
fn as_published(mut vehicle: Vehicle, stated: &[FittedUnit], units: &[Unit]) -> Vehicle {
    if vehicle.road_load.drive_drag.is_some() {
        vehicle.road_load.drive_drag = Some(own_drag(&vehicle, units));
    }
    let limits = stated.iter().zip(units);
    vehicle.character = limits.map(|(one, unit)| character(one, unit)).collect();
    vehicle
}

/// Software limits that keep a unit to its published torque and power, both of the motor.
fn character(stated: &FittedUnit, unit: &Unit) -> Character {
    let (torque_nm, power_w) = match stated {
        FittedUnit::Known(known) => (known.published_torque_nm, known.published_power_w),
        FittedUnit::Generic(generic) => (Some(generic.peak_torque_nm), Some(generic.peak_power_w)),
    };
    let axle_nm = unit.axle.torque_max_nm.iter().copied().fold(0.0, f64::max);
    let motor_w = unit.motor.peak_power_w();
    let gear_efficiency = unit.axle.peak_power_w() / motor_w;
    let share = |published: f64, largest: f64| (published / largest).min(1.0);
    Character {
        axle: stated.axle(),
        torque: torque_nm.map_or(1.0, |t| {
            share(t * unit.gear_ratio * gear_efficiency, axle_nm)
        }),
        power: power_w.map_or(1.0, |p| share(p, motor_w)),
        recuperation: 1.0,
    }
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

impl Car {
    /// The same car in air, and on tyres, of another temperature, K.
    ///
    /// # Errors
    /// A temperature for which road loads are not corrected.
    pub fn at_ambient(mut self, ambient_k: f64) -> Result<Self, StudyError> {
        RoadLoad::check_ambient(ambient_k).map_err(|reason| StudyError::Model {
            what: format!("vehicle `{}`", self.vehicle.id),
            reason,
        })?;
        self.vehicle.road_load.ambient_k = ambient_k;
        Ok(self)
    }

    /// Its units at the nominal voltage, ready to drive.
    #[must_use]
    pub fn drives(&self) -> Vec<AxleDrive<'_>> {
        drives(&self.vehicle.axles, &self.units)
    }

    /// Its units at ascending voltages, ready to drive.
    pub(crate) fn at_voltages(&self) -> Vec<Vec<AxleDrive<'_>>> {
        let levels = self.at_voltages.iter();
        levels
            .map(|units| drives(&self.vehicle.axles, units))
            .collect()
    }

    /// The same car with another split of the force between its axles.
    ///
    /// # Errors
    /// A car with one driven axle.
    pub fn with_split(self, split: Split) -> Result<Self, StudyError> {
        if self.units.len() < 2 {
            return Err(StudyError::Model {
                what: format!("vehicle `{}`", self.vehicle.id),
                reason: "one axle is driven: there is nothing to split".to_owned(),
            });
        }
        Ok(Self {
            split: Some(split),
            ..self
        })
    }

    /// How two axles share the force: evenly unless chosen otherwise.
    #[must_use]
    pub fn split(&self) -> Split {
        let whole = Split::Fixed(if self.units.len() == 1 { 1.0 } else { 0.5 });
        self.split.unwrap_or(whole)
    }

    /// Its performance at a state of charge, 0 to 1, at the voltage that the battery keeps.
    ///
    /// # Errors
    /// A charge that no battery has, or a map that cannot be used.
    pub fn performance(&self, charge: f64) -> Result<Performance<'_>, VehicleError> {
        Performance::on_battery(&self.vehicle, &self.at_voltages(), charge)
    }

    /// Every target and some cycles.
    ///
    /// # Errors
    /// A map that cannot be used.
    pub fn judge(&self, cycles: &CycleSet) -> Result<VehicleResults, StudyError> {
        let judged = || {
            let performance = self.performance(TEST_CHARGE)?;
            judge_with(
                &self.vehicle,
                &self.drives(),
                self.split(),
                cycles,
                &performance,
            )
        };
        judged().map_err(|error| self.refused(&error))
    }

    /// What the vehicle model refuses of it.
    #[must_use]
    pub fn refused(&self, error: &VehicleError) -> StudyError {
        StudyError::Model {
            what: format!("vehicle `{}`", self.vehicle.id),
            reason: error.to_string(),
        }
    }
}

fn drives<'a>(axles: &[Axle], units: &'a [Unit]) -> Vec<AxleDrive<'a>> {
    let units = axles.iter().zip(units);
    units
        .map(|(axle, unit)| AxleDrive::of(*axle, unit))
        .collect()
}
