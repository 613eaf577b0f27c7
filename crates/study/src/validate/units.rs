//! Drive units that exist, as reproduced, against what is published of them.

use std::path::Path;

use codrive_catalogue::{Kind, get};
use codrive_model::gear_set::GearSet;
use codrive_model::inverter::Inverter;
use codrive_model::unit::Unit;

use super::case::{Allowed, CaseResult, Check};
use crate::cache::Cache;
use crate::car::build_unit;
use crate::error::StudyError;
use crate::progress::Progress;

/// Torque and power.
const PEAK: Allowed = Allowed::Relative(0.05);
/// Mass.
const MASS: Allowed = Allowed::Relative(0.10);

struct Modules<'a> {
    machine: &'a str,
    inverter: &'a str,
    /// Current that the real inverter gives, A rms.
    current_rms_a: f64,
    gear_set: &'a str,
    dc_voltage_v: f64,
}

fn unit(modules: &Modules<'_>, cache: &Path, progress: &dyn Progress) -> Result<Unit, StudyError> {
    let shipped: Inverter = get(Kind::Inverter, modules.inverter)?;
    let inverter = Inverter {
        peak_current_rms_a: modules.current_rms_a,
        ..shipped
    };
    let gear_set: GearSet = get(Kind::GearSet, modules.gear_set)?;
    let cache = Cache::open(cache, false)?;
    build_unit(
        modules.machine,
        &inverter,
        &gear_set,
        modules.dc_voltage_v,
        &cache,
        progress,
    )
}

fn peak_torque_nm(unit: &Unit) -> f64 {
    unit.motor.torque_max_nm.iter().copied().fold(0.0, f64::max)
}

pub(super) fn bmw_i3_unit(cache: &Path, progress: &dyn Progress) -> Result<CaseResult, StudyError> {
    let modules = Modules {
        machine: "bmw-i3",
        inverter: "si-400v-450a",
        current_rms_a: 400.0,
        gear_set: "two-stage-9.7-260",
        dc_voltage_v: 360.0,
    };
    let unit = unit(&modules, cache, progress)?;
    let kw = |w: f64| w * 1e-3;
    let top_rpm = unit.motor.speed_limit_rad_per_s() * 30.0 / std::f64::consts::PI;
    let checks = vec![
        Check::new("peak torque", "Nm", 250.0, peak_torque_nm(&unit), PEAK),
        Check::new(
            "peak power",
            "kW",
            125.0,
            kw(unit.motor.peak_power_w()),
            PEAK,
        ),
        Check::new(
            "continuous power",
            "kW",
            75.0,
            kw(unit.motor.continuous_power_w()),
            Allowed::Relative(0.15),
        ),
        Check::new(
            "highest speed",
            "rpm",
            11_400.0,
            top_rpm,
            Allowed::AtLeast(0.25),
        ),
        Check::new(
            "mass of the motor",
            "kg",
            49.0,
            unit.mass.machine_kg(),
            MASS,
        ),
    ];
    CaseResult::new("bmw-i3-unit", checks)
}

pub(super) fn jaguar_i_pace_unit(
    cache: &Path,
    progress: &dyn Progress,
) -> Result<CaseResult, StudyError> {
    let modules = Modules {
        machine: "jaguar-i-pace",
        inverter: "si-400v-600a",
        current_rms_a: 481.0,
        gear_set: "planetary-9.04-360",
        dc_voltage_v: 388.0,
    };
    let unit = unit(&modules, cache, progress)?;
    let checks = vec![
        Check::new("peak torque", "Nm", 348.0, peak_torque_nm(&unit), PEAK),
        Check::new(
            "peak power",
            "kW",
            147.5,
            unit.motor.peak_power_w() * 1e-3,
            PEAK,
        ),
        Check::new(
            "mass of the motor",
            "kg",
            38.0,
            unit.mass.machine_kg(),
            MASS,
        ),
        Check::new("mass of the unit", "kg", 76.0, unit.mass.total_kg(), MASS),
    ];
    CaseResult::new("jaguar-i-pace-unit", checks)
}
