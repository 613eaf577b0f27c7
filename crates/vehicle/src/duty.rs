//! A day in a fleet: cycles, stops and charging, with energy, temperatures and load spectra.

use codrive_model::duty::{Duty, Part};
use codrive_model::unit_heat::LUMPS;
use codrive_model::vehicle::Vehicle;
use serde::Serialize;

use crate::cycle::CycleSet;
use crate::error::VehicleError;
use crate::simulate::{Options, simulate_cycle};
use crate::spectrum::{Load, LoadSpectrum};
use crate::split::{AxleDrive, Split, check_drives, heat_modes};
use crate::temperature::{ByLump, HeatModes, HeatStep};

/// Longest step of a stop or of charging, s.
const STEP_S: f64 = 60.0;

/// One part of a day, or one of its repetitions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DayPart {
    /// Cycle, `stop` or `charge`.
    pub what: String,
    /// Beginning, s.
    pub start_s: f64,
    /// Duration, s.
    pub duration_s: f64,
    /// Distance, m.
    pub distance_m: f64,
    /// Energy that leaves the cells, J; negative while charging.
    pub battery_j: f64,
    /// Energy from the wall, J.
    pub wall_j: f64,
    /// Work that a trace asks for and the car cannot give, J.
    pub missing_j: f64,
    /// State of charge at the end; below zero where the day cannot be driven on one battery.
    pub end_charge: f64,
    /// Temperatures of the front (or only) and the rear unit at the end, K; zero where not known.
    pub unit_k: [ByLump; 2],
}

/// A day of a car.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DayResult {
    /// Its parts.
    pub parts: Vec<DayPart>,
    /// How long each unit spent at which load and temperature.
    pub spectra: Vec<LoadSpectrum>,
    /// Index of the part in which the battery was empty: the day ends there.
    pub empty_in: Option<usize>,
}

impl DayResult {
    /// A sum over the parts.
    #[must_use]
    pub fn sum(&self, of: impl Fn(&DayPart) -> f64) -> f64 {
        self.parts.iter().map(of).sum()
    }
}

/// Drives a day; it ends early where the battery is empty.
///
/// In stops and while charging the drive is off, its coolant at its temperature. The extra power is
/// taken all day. What charging puts into the cells is the wall's energy times the charger's
/// efficiency, less what the car itself takes, and at most the battery's charge power.
///
/// # Errors
/// A cycle that is not in the set, and as [`simulate_cycle`].
pub fn drive_day(
    vehicle: &Vehicle,
    drives: &[AxleDrive<'_>],
    split: Split,
    duty: &Duty,
    cycles: &CycleSet,
) -> Result<DayResult, VehicleError> {
    check_drives(vehicle, drives)?;
    let mut car = vehicle.clone();
    car.auxiliary_power_w += duty.extra_power_w;
    let mut day = Day::new(&car, drives, split, duty.start_charge)?;
    for part in &duty.parts {
        match part {
            Part::Drive {
                cycle,
                times,
                payload_kg,
                grade,
            } => {
                let found = cycles.get(cycle).ok_or_else(|| VehicleError::NoCycle {
                    cycle: cycle.clone(),
                })?;
                let load = (*payload_kg, *grade);
                for _ in 0..*times {
                    day.drive(found, load)?;
                    if day.is_over() {
                        return Ok(day.result);
                    }
                }
            }
            Part::Stop { seconds } => day.stop(*seconds),
            Part::Charge { to, power_w } => day.charge(*to, *power_w)?,
        }
        if day.is_over() {
            break;
        }
    }
    Ok(day.result)
}

struct Day<'a> {
    car: &'a Vehicle,
    drives: &'a [AxleDrive<'a>],
    split: Split,
    time_s: f64,
    charge: f64,
    unit_k: [ByLump; 2],
    /// Heat of the units, where it is known.
    modes: Vec<Option<HeatModes>>,
    result: DayResult,
}

impl<'a> Day<'a> {
    fn new(
        car: &'a Vehicle,
        drives: &'a [AxleDrive<'a>],
        split: Split,
        charge: f64,
    ) -> Result<Self, VehicleError> {
        let coolant_k = |i: usize| {
            let heat = drives.get(i).and_then(|drive| drive.heat);
            heat.map_or(0.0, |heat| heat.coolant_k)
        };
        Ok(Self {
            car,
            drives,
            split,
            time_s: 0.0,
            charge,
            unit_k: [0, 1].map(|i| [coolant_k(i); LUMPS]),
            modes: drives.iter().map(heat_modes).collect::<Result<_, _>>()?,
            result: DayResult {
                parts: Vec::new(),
                spectra: drives
                    .iter()
                    .map(|one| LoadSpectrum::new(one.map))
                    .collect(),
                empty_in: None,
            },
        })
    }

    fn is_over(&self) -> bool {
        self.result.empty_in.is_some()
    }

    fn drive(
        &mut self,
        cycle: &crate::DriveCycle,
        (payload_kg, grade): (f64, f64),
    ) -> Result<(), VehicleError> {
        let known = self.drives.iter().any(|drive| drive.heat.is_some());
        let options = Options {
            split: self.split,
            start_charge: self.charge,
            keep_trace: true,
            payload_kg,
            grade,
            start_k: known.then(|| self.starts_k()),
        };
        let result = simulate_cycle(self.car, self.drives, cycle, options)?;
        for (step, row) in cycle.steps().zip(&result.trace) {
            let torques = [row.first_torque_nm, row.second_torque_nm];
            let speed_rad_per_s = step.mean_speed_m_s / self.car.body.wheel_radius_m;
            for (i, spectrum) in self.result.spectra.iter_mut().enumerate() {
                let load = Load {
                    speed_rad_per_s,
                    torque_nm: torques[i],
                    unit_k: self.drives[i].heat.map(|_| row.unit_k[i]),
                };
                spectrum.add(&load, step.duration_s);
            }
        }
        for (unit_k, warm) in self.unit_k.iter_mut().zip(&result.temperatures) {
            if let Some(warm) = warm {
                *unit_k = warm.end_k;
            }
        }
        self.charge = result.end_charge;
        self.book(DayPart {
            what: result.cycle,
            duration_s: result.duration_s,
            distance_m: result.distance_m,
            battery_j: result.terminal_j + result.battery_loss_j,
            missing_j: result.violations.missing_j,
            ..self.part("")
        });
        Ok(())
    }

    /// Temperatures to start with; any for a unit whose heat is not known.
    fn starts_k(&self) -> [ByLump; 2] {
        self.unit_k
            .map(|unit_k| unit_k.map(|k| if k > 0.0 { k } else { 300.0 }))
    }

    fn stop(&mut self, seconds: f64) {
        self.rest(seconds);
        let battery_j = self.car.auxiliary_power_w * seconds;
        self.charge -= battery_j / self.car.battery.usable_energy_j;
        self.book(DayPart {
            duration_s: seconds,
            battery_j,
            ..self.part("stop")
        });
    }

    fn charge(&mut self, to: f64, power_w: f64) -> Result<(), VehicleError> {
        let battery = &self.car.battery;
        let into_w = (power_w * self.car.charger_efficiency - self.car.auxiliary_power_w)
            .min(battery.charge_power_w);
        if into_w <= 0.0 {
            return Err(VehicleError::ChargePower {
                power_w,
                least_w: self.car.auxiliary_power_w / self.car.charger_efficiency,
            });
        }
        let missing_j = ((to - self.charge) * battery.usable_energy_j).max(0.0);
        let seconds = missing_j / into_w;
        self.rest(seconds);
        self.charge = self.charge.max(to);
        let wall_w = (into_w + self.car.auxiliary_power_w) / self.car.charger_efficiency;
        self.book(DayPart {
            duration_s: seconds,
            battery_j: -missing_j,
            wall_j: wall_w * seconds,
            ..self.part("charge")
        });
        Ok(())
    }

    /// Lets the units cool, off.
    fn rest(&mut self, seconds: f64) {
        let steps = (seconds / STEP_S).ceil().max(1.0);
        let step_s = seconds / steps;
        let mut passed = 0.0;
        while seconds > 0.0 && passed < steps {
            passed += 1.0;
            for (i, drive) in self.drives.iter().enumerate() {
                if let (Some(heat), Some(modes)) = (drive.heat, &self.modes[i])
                    && let Some(step) = HeatStep::new(modes, step_s)
                {
                    let rise = modes.of(&self.unit_k[i].map(|k| k - heat.coolant_k));
                    let rise = modes.lumps_k(&step.pass(&rise, &[0.0; LUMPS], 0.0));
                    self.unit_k[i] = rise.map(|k| k + heat.coolant_k);
                }
                let load = Load {
                    speed_rad_per_s: 0.0,
                    torque_nm: 0.0,
                    unit_k: drive.heat.map(|_| self.unit_k[i]),
                };
                self.result.spectra[i].add(&load, step_s);
            }
        }
    }

    /// A part with what holds for all.
    fn part(&self, what: &str) -> DayPart {
        DayPart {
            what: what.to_owned(),
            start_s: self.time_s,
            duration_s: 0.0,
            distance_m: 0.0,
            battery_j: 0.0,
            wall_j: 0.0,
            missing_j: 0.0,
            end_charge: self.charge,
            unit_k: self.unit_k,
        }
    }

    fn book(&mut self, part: DayPart) {
        self.time_s += part.duration_s;
        if self.charge < 0.0 {
            self.result.empty_in = Some(self.result.parts.len());
        }
        self.result.parts.push(part);
    }
}
