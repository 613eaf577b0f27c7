//! A drive unit of which only the data sheet is known: a shipped section scaled by one rule.
//!
//! The rule, the same for all cars: the section of the Jaguar I-Pace, a common one (48 slots,
//! 8 poles, 204 mm), loaded at peak torque as there; the stack follows from the torque, the winding
//! is the one of most turns that reaches the power at the battery's nominal voltage and the car's top
//! speed, the inverter carries the current of the torque, and the gear set is sized for torque and
//! ratio.

use codrive_catalogue::Kind;
use codrive_drive::gear_sizing::design::{Demand, Rules, offset_two_stage};
use codrive_drive::gear_sizing::duty::private_car;
use codrive_drive::inverter::scaling::with_die_area;
use codrive_drive::{Build, Conditions, DriveError, Machine, SectionTables, feasibility};
use codrive_model::gear_set::GearSet;
use codrive_model::input::Source;
use codrive_model::inverter::Inverter;
use codrive_model::unit::Winding;
use codrive_model::vehicle::{GenericUnit, Vehicle};

use crate::error::StudyError;
use crate::inputs::shipped;

/// Machine whose section generic units have.
pub(crate) const MACHINE: &str = "jaguar-i-pace";
/// Its published peak torque over its stack, N·m/m.
const TORQUE_NM_PER_M: f64 = 348.0 / 0.1651;
/// Current of that torque times conductors per slot over parallel paths, A rms: 494 A in 4 / 2.
const LOADING_A: f64 = 988.0;
/// Inverters that are scaled by their current, below and above 500 V.
const INVERTERS: [&str; 2] = ["si-400v-600a", "sic-800v-550a"];
const CLASS_LIMIT_V: f64 = 500.0;
/// Windings that are tried: hairpins in a slot, and parallel paths of eight poles.
const CONDUCTORS: [u32; 6] = [8, 6, 10, 12, 14, 16];
const PATHS: [u32; 4] = [1, 2, 4, 8];
/// Speed that the gears turn at, over that of the car's top speed.
const SPEED_RESERVE: f64 = 1.1;

/// The modules of a generic unit.
pub(crate) struct GenericModules<'t> {
    pub(crate) machine: Machine<'t>,
    pub(crate) inverter: Inverter,
    pub(crate) gear_set: GearSet,
}

/// Sizes a generic unit for a car; `tables` are those of [`MACHINE`], `source` is the car's file.
///
/// # Errors
/// An inverter that is not shipped; no winding that reaches the power; figures that no unit has.
pub(crate) fn sized<'t>(
    unit: &GenericUnit,
    vehicle: &Vehicle,
    tables: &'t SectionTables,
    build: Build,
    source: &Source,
) -> Result<GenericModules<'t>, StudyError> {
    let failed = |reason: String| StudyError::Model {
        what: format!("generic unit of `{}`", vehicle.id),
        reason,
    };
    let refused = |error: DriveError| failed(error.to_string());
    let nominal_v = vehicle.battery.nominal_voltage_v;
    let base = base_inverter(unit, nominal_v, source)?;
    let stack_m = unit.peak_torque_nm / TORQUE_NM_PER_M;
    let ratio = unit.ratio(vehicle.body.wheel_radius_m).map_err(failed)?;
    let top_rad_per_s = ratio * vehicle.targets.top_speed_m_s / vehicle.body.wheel_radius_m;
    let machine = |winding| Machine::new(tables, stack_m, winding, build).map_err(refused);
    let enough = |winding: Winding| -> Result<bool, StudyError> {
        let inverter = carrying(&base, LOADING_A / winding.ratio()).map_err(refused)?;
        let at = (nominal_v, [].as_slice());
        let found = feasibility(&machine(winding)?, &inverter, at, &Conditions::default());
        let envelope = found.map_err(refused)?.envelope;
        let powers = envelope.speed_rad_per_s.iter().zip(&envelope.torque_max_nm);
        let power_w = powers.map(|(w, t)| w * t).fold(0.0, f64::max);
        let reached = envelope.speed_rad_per_s.last().copied().unwrap_or(0.0);
        Ok(power_w >= unit.peak_power_w && reached >= top_rad_per_s)
    };
    let Some(winding) = most_turns(enough)? else {
        let kilowatts = unit.peak_power_w * 1e-3;
        let rpm = top_rad_per_s * 30.0 / std::f64::consts::PI;
        return Err(failed(format!(
            "no winding reaches {kilowatts:.0} kW at the nominal voltage of {nominal_v:.0} V and \
             {rpm:.0} rpm at top speed"
        )));
    };
    Ok(GenericModules {
        machine: machine(winding)?,
        inverter: carrying(&base, LOADING_A / winding.ratio()).map_err(refused)?,
        gear_set: gear_set(unit, top_rad_per_s, ratio).map_err(refused)?,
    })
}

fn base_inverter(
    unit: &GenericUnit,
    nominal_v: f64,
    source: &Source,
) -> Result<Inverter, StudyError> {
    if let Some(id) = &unit.inverter {
        return shipped(Kind::Inverter, id, source).map_err(StudyError::Input);
    }
    let id = INVERTERS[usize::from(nominal_v > CLASS_LIMIT_V)];
    Ok(codrive_catalogue::get(Kind::Inverter, id)?)
}

/// The inverter with as much die area, mass and rating as a current needs, A rms.
fn carrying(base: &Inverter, current_a: f64) -> Result<Inverter, DriveError> {
    let factor = current_a / base.peak_current_rms_a;
    let mut inverter = with_die_area(base, factor)?;
    inverter.peak_current_rms_a = current_a;
    inverter.mass_kg *= factor;
    inverter.id = format!("{} x{factor:.2}", base.id);
    Ok(inverter)
}

/// The winding of most turns that is enough, where fewer turns are always enough as well.
fn most_turns(
    enough: impl Fn(Winding) -> Result<bool, StudyError>,
) -> Result<Option<Winding>, StudyError> {
    let windings = windings();
    let (mut least, mut beyond) = (0, windings.len());
    while least < beyond {
        let middle = usize::midpoint(least, beyond);
        if enough(windings[middle])? {
            beyond = middle;
        } else {
            least = middle + 1;
        }
    }
    Ok(windings.get(beyond).copied())
}

/// The windings, most turns first; of equal turns the one of about eight conductors.
fn windings() -> Vec<Winding> {
    let mut all: Vec<Winding> = Vec::new();
    for conductors_per_slot in CONDUCTORS {
        for parallel_paths in PATHS {
            let winding = Winding {
                conductors_per_slot,
                parallel_paths,
                connection: codrive_model::machine::Connection::Star,
            };
            if all.iter().all(|other| other.ratio() != winding.ratio()) {
                all.push(winding);
            }
        }
    }
    all.sort_by(|a, b| b.ratio().total_cmp(&a.ratio()));
    all
}

fn gear_set(unit: &GenericUnit, top_rad_per_s: f64, ratio: f64) -> Result<GearSet, DriveError> {
    let demand = Demand {
        id: format!("generic {ratio:.2}"),
        ratio,
        peak_torque_nm: unit.peak_torque_nm,
        max_input_speed_rad_per_s: SPEED_RESERVE * top_rad_per_s,
        duty: &private_car(),
    };
    Ok(offset_two_stage(&demand, &Rules::default())?.set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windings_differ_by_a_third_at_most_and_fall() {
        let ratios: Vec<f64> = windings().iter().map(Winding::ratio).collect();
        assert_eq!((ratios[0], ratios[ratios.len() - 1]), (16.0, 0.75));
        for pair in ratios.windows(2) {
            assert!((1.0..1.35).contains(&(pair[0] / pair[1])), "{pair:?}");
        }
    }

    #[test]
    fn the_search_finds_the_most_turns_that_are_enough() {
        for limit in [0.1, 0.75, 2.0, 2.2, 16.0, 20.0] {
            let found = most_turns(|winding| Ok(winding.ratio() <= limit)).unwrap();
            let all = windings();
            let by_hand = all.iter().find(|winding| winding.ratio() <= limit);
            assert_eq!(found.as_ref(), by_hand);
        }
    }

    #[test]
    fn an_inverter_carries_its_current_with_the_same_devices() {
        let base: Inverter = codrive_catalogue::get(Kind::Inverter, INVERTERS[0]).unwrap();
        let half = carrying(&base, 300.0).unwrap();
        assert_eq!(half.peak_current_rms_a, 300.0);
        assert!((half.transistor_area_m2 * 2.0 / base.transistor_area_m2 - 1.0).abs() < 1e-12);
    }
}
