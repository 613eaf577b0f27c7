//! A drive unit of which only the data sheet is known: a shipped section scaled by one rule.
//!
//! The rule, the same for all cars: the section of the Jaguar I-Pace, a common one (48 slots,
//! 8 poles, 204 mm), loaded at peak torque as there, and similar but smaller where its rotor does not
//! bear the car's top speed; the stack follows from the torque, the winding is the one of most turns
//! that reaches the power at the battery's nominal voltage and the car's top speed, the inverter
//! carries the current of the torque, and the gear set is sized for torque and ratio.

use std::f64::consts::PI;
use std::ops::Range;

use codrive_catalogue::Kind;
use codrive_drive::gear_sizing::design::{Demand, Rules, offset_two_stage};
use codrive_drive::gear_sizing::duty::private_car;
use codrive_drive::inverter::scaling::with_die_area;
use codrive_drive::{Build, Conditions, DriveError, Machine, SectionTables, feasibility};
use codrive_field::strength;
use codrive_model::gear_set::GearSet;
use codrive_model::input::Source;
use codrive_model::inverter::Inverter;
use codrive_model::unit::Winding;
use codrive_model::vehicle::{GenericUnit, Vehicle};

use crate::error::StudyError;
use crate::inputs::{SectionInput, shipped};
use crate::motor::{MachineInput, read_machine};

/// Machine whose section generic units have.
const MACHINE: &str = "jaguar-i-pace";
/// Radius of its rotor, m.
const ROTOR_RADIUS_M: f64 = 0.068;
/// Its published peak torque over its stack, N·m/m; goes with the square of the section's size.
const TORQUE_NM_PER_M: f64 = 348.0 / 0.1651;
/// Current of that torque times conductors per slot over parallel paths, A rms: 494 A in 4 / 2; goes
/// with the section's size.
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

/// A generic unit with what decides its size.
pub(crate) struct Wanted<'a> {
    /// Its data sheet.
    pub(crate) unit: &'a GenericUnit,
    /// The car that it drives.
    pub(crate) vehicle: &'a Vehicle,
    /// The car's file, and where the unit stands in it.
    pub(crate) source: &'a Source,
    pub(crate) place: &'a Range<usize>,
}

impl Wanted<'_> {
    /// The machine with its section at full size, or as much smaller, in whole percent, as its rotor
    /// needs to bear the car's top speed.
    ///
    /// # Errors
    /// A gear ratio that no car has, or a rotor that cannot be meshed.
    pub(crate) fn machine(&self) -> Result<MachineInput, StudyError> {
        let mut input = read_machine(MACHINE)?;
        let SectionInput {
            section,
            steel,
            magnet,
            ..
        } = &input.section;
        let rotor = strength::of_section(section, steel, magnet);
        let limit = rotor
            .map_err(|error| self.refused(&error.to_string()))?
            .speed_limit_rad_per_s;
        let top = self.top_rad_per_s()?;
        if limit < top {
            // The smaller section is meshed anew: its rotor bears a little more or less.
            let size = (100.0 * (1.0 - 1e-3) * limit / top).floor() / 100.0;
            let similar = section.similar(size);
            if let Err(fault) = similar.check() {
                return Err(self.refused(&format!("section at {size} of its size: {fault}")));
            }
            input.section.section = similar;
            input.section.source.text += &format!("# every length times {size}\n");
        }
        Ok(input)
    }

    /// Sizes the unit's modules; `tables` are those of [`Self::machine`]. Hairpins too thin to be made are left
    /// out.
    ///
    /// # Errors
    /// An inverter that is not shipped; no winding that reaches the power; figures that no unit has.
    pub(crate) fn modules<'t>(
        &self,
        tables: &'t SectionTables,
        build: Build,
    ) -> Result<GenericModules<'t>, StudyError> {
        let refused = |error: DriveError| self.refused(&error.to_string());
        let base = self.base_inverter()?;
        let size = tables.facts.rotor_outer_radius_m / ROTOR_RADIUS_M;
        let stack_m = self.unit.peak_torque_nm / (TORQUE_NM_PER_M * size * size);
        let machine = |winding| Machine::new(tables, stack_m, winding, build).map_err(refused);
        let inverter =
            |winding: Winding| carrying(&base, size * LOADING_A / winding.ratio()).map_err(refused);
        let reach = |winding| self.reach(&machine(winding)?, &inverter(winding)?);
        let wanted = (self.unit.peak_power_w, self.top_rad_per_s()?);
        let enough = |winding| {
            let reached = reach(winding)?;
            Ok(reached.0 >= wanted.0 && reached.1 >= wanted.1)
        };
        let mut windings = windings();
        let fewest = windings[windings.len() - 1];
        windings.retain(|winding| machine(*winding).is_ok());
        let Some(winding) = most_turns(&windings, enough)? else {
            return Err(self.too_weak(wanted, reach(fewest)?));
        };
        Ok(GenericModules {
            machine: machine(winding)?,
            inverter: inverter(winding)?,
            gear_set: gear_set(self.unit, wanted.1, self.ratio()?).map_err(refused)?,
        })
    }

    /// Largest power, W, and highest speed, rad/s, at the battery's nominal voltage.
    fn reach(&self, machine: &Machine<'_>, inverter: &Inverter) -> Result<(f64, f64), StudyError> {
        let at = (self.vehicle.battery.nominal_voltage_v, [].as_slice());
        let found = feasibility(machine, inverter, at, &Conditions::default());
        let envelope = found
            .map_err(|error| self.refused(&error.to_string()))?
            .envelope;
        let powers = envelope.speed_rad_per_s.iter().zip(&envelope.torque_max_nm);
        let power_w = powers.map(|(w, t)| w * t).fold(0.0, f64::max);
        Ok((
            power_w,
            envelope.speed_rad_per_s.last().copied().unwrap_or(0.0),
        ))
    }

    fn ratio(&self) -> Result<f64, StudyError> {
        let ratio = self.unit.ratio(self.vehicle.body.wheel_radius_m);
        ratio.map_err(|message| self.refused(&message))
    }

    /// Motor speed at the car's top speed.
    fn top_rad_per_s(&self) -> Result<f64, StudyError> {
        let wheel_rad_per_s = self.vehicle.targets.top_speed_m_s / self.vehicle.body.wheel_radius_m;
        Ok(self.ratio()? * wheel_rad_per_s)
    }

    fn base_inverter(&self) -> Result<Inverter, StudyError> {
        if let Some(id) = &self.unit.inverter {
            return shipped(Kind::Inverter, id, self.source).map_err(StudyError::Input);
        }
        let above = self.vehicle.battery.nominal_voltage_v > CLASS_LIMIT_V;
        Ok(codrive_catalogue::get(
            Kind::Inverter,
            INVERTERS[usize::from(above)],
        )?)
    }

    fn too_weak(&self, wanted: (f64, f64), reached: (f64, f64)) -> StudyError {
        let figures = |(power_w, rad_per_s): (f64, f64)| {
            let rpm = rad_per_s * 30.0 / PI;
            format!("{:.0} kW and {rpm:.0} rpm", power_w * 1e-3)
        };
        let nominal_v = self.vehicle.battery.nominal_voltage_v;
        let message = format!(
            "no winding reaches {} (of the car's top speed) at the nominal voltage of {nominal_v:.0} V; \
             the one of fewest turns comes to {}",
            figures(wanted),
            figures(reached)
        );
        let hint = "check `peak_power`, `peak_torque` and gear ratio, all of one motor, `top_speed` and \
                    `nominal_voltage`";
        self.source
            .error(Some(self.place.clone()), &message)
            .with_hint(hint)
            .into()
    }

    fn refused(&self, message: &str) -> StudyError {
        let message = format!("generic unit: {message}");
        self.source.error(Some(self.place.clone()), &message).into()
    }
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

/// The first winding that is enough, of most turns, where fewer turns are always enough as well.
fn most_turns(
    windings: &[Winding],
    enough: impl Fn(Winding) -> Result<bool, StudyError>,
) -> Result<Option<Winding>, StudyError> {
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
            let all = windings();
            let found = most_turns(&all, |winding| Ok(winding.ratio() <= limit)).unwrap();
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
