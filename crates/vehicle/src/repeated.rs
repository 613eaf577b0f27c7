//! Full accelerations one after the other, until heat slows them.

use codrive_model::unit_heat::LUMPS;
use codrive_model::vehicle::Vehicle;

use crate::error::VehicleError;
use crate::performance::Performance;
use crate::split::AxleDrive;
use crate::temperature::{ByLump, HeatStep, released};
use crate::unit_table::UnitTable;

/// Step of the acceleration, s.
const STEP_S: f64 = 0.05;
/// Time after which an acceleration that gets nowhere is given up, s.
const LONGEST_S: f64 = 120.0;

/// Accelerations to repeat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Repeated {
    /// Speed at which each begins, m/s.
    pub from_m_s: f64,
    /// Speed at which each ends, m/s.
    pub to_m_s: f64,
    /// How many.
    pub count: usize,
    /// Time between the end of one and the beginning of the next, s: the brakes slow the car, the units
    /// are off.
    pub pause_s: f64,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct RepeatedRun {
    /// Time, s; `None` where the speed was not reached within two minutes.
    pub time_s: Option<f64>,
    /// Smallest share of the envelope that derating left to any unit.
    pub least_released: f64,
    /// Temperatures at the end, K, by driven axle; `None` where heat is not known.
    pub end_k: Vec<Option<ByLump>>,
}

/// Repeats full accelerations from a car at coolant temperature, at test mass on the level.
///
/// Envelope times what derating releases; tyres and battery as in [`Performance`].
///
/// # Errors
/// The units are not those of the driven axles, a map cannot be used.
pub fn repeated_accelerations(
    vehicle: &Vehicle,
    drives: &[AxleDrive<'_>],
    repeated: &Repeated,
) -> Result<Vec<RepeatedRun>, VehicleError> {
    let performance = Performance::new(vehicle, drives)?;
    let mut units = drives
        .iter()
        .map(|drive| Warm::new(*drive))
        .collect::<Result<Vec<_>, _>>()?;
    let mut runs = Vec::with_capacity(repeated.count);
    for _ in 0..repeated.count {
        runs.push(run(vehicle, &performance, &mut units, repeated));
        for unit in &mut units {
            unit.pause(repeated.pause_s);
        }
    }
    Ok(runs)
}

fn run(
    vehicle: &Vehicle,
    performance: &Performance<'_>,
    units: &mut [Warm<'_>],
    repeated: &Repeated,
) -> RepeatedRun {
    let radius_m = vehicle.body.wheel_radius_m;
    let (mut speed, mut time_s, mut least) = (repeated.from_m_s, 0.0, 1.0_f64);
    let mut reached = None;
    while time_s < LONGEST_S {
        let shares = [0, 1].map(|i| units.get(i).map_or(1.0, Warm::released));
        least = least.min(shares[0]).min(shares[1]);
        let (a, forces) = performance.derated(speed, shares);
        for (unit, force_n) in units.iter_mut().zip(forces) {
            unit.drive(speed / radius_m, force_n * radius_m);
        }
        let next = speed + a * STEP_S;
        if next >= repeated.to_m_s && a > 0.0 {
            reached = Some(time_s + (repeated.to_m_s - speed) / a);
            break;
        }
        speed = next.max(0.0);
        time_s += STEP_S;
    }
    RepeatedRun {
        time_s: reached,
        least_released: least,
        end_k: units.iter().map(Warm::now_k).collect(),
    }
}

/// A unit with its temperatures.
struct Warm<'a> {
    table: UnitTable<'a>,
    step: Option<HeatStep>,
    rise_k: ByLump,
}

impl<'a> Warm<'a> {
    fn new(drive: AxleDrive<'a>) -> Result<Self, VehicleError> {
        Ok(Self {
            table: UnitTable::new(drive)?,
            step: drive.heat.and_then(|heat| HeatStep::new(heat, STEP_S)),
            rise_k: [0.0; LUMPS],
        })
    }

    fn released(&self) -> f64 {
        let heat = self.table.drive.heat;
        heat.map_or(1.0, |heat| released(heat, &self.rise_k))
    }

    fn drive(&mut self, speed_rad_per_s: f64, torque_nm: f64) {
        let at = self.table.lookup.at_any(speed_rad_per_s);
        if let (Some(step), Some(at)) = (&self.step, at) {
            self.rise_k = step.pass(&self.rise_k, &self.table.heat_w(&at, torque_nm));
        }
    }

    fn pause(&mut self, seconds: f64) {
        let step = self
            .table
            .drive
            .heat
            .and_then(|heat| HeatStep::new(heat, seconds));
        if let Some(step) = step {
            self.rise_k = step.pass(&self.rise_k, &[0.0; LUMPS]);
        }
    }

    fn now_k(&self) -> Option<ByLump> {
        let coolant_k = self.table.drive.heat?.coolant_k;
        Some(self.rise_k.map(|rise| rise + coolant_k))
    }
}
