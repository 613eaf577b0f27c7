//! Units on a battery: what they give at a speed, at the voltage that their own power leaves.
//!
//! An envelope in field weakening grows with the DC voltage, and the battery's voltage falls with
//! the power drawn: both hold at once. Maps at several voltages are read at the same speed, and
//! between two of them torque and power are linear in the voltage.

use codrive_model::vehicle::{Axle, Battery, Vehicle};

use crate::battery::AtCharge;
use crate::capability::AxleLimits;
use crate::lookup::Lookup;
use crate::split::AxleDrive;

/// Halvings of an interval when a voltage or a power is searched.
const HALVINGS: usize = 32;

/// Which envelope of the units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Envelope {
    /// For some seconds.
    Peak,
    /// For some seconds, where derating leaves these shares of the units' torques.
    Derated([f64; 2]),
    /// Without end.
    Continuous,
}

/// What the units give at a speed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given {
    /// Force of each unit, N; the second is of no effect with one unit.
    pub(crate) forces_n: [(Axle, f64); 2],
    /// DC voltage at which they give it, V.
    pub(crate) voltage_v: f64,
    /// Of which maps' readings it is the mean.
    pub(crate) readings: [Reading; 2],
}

/// What is read in the maps at one DC voltage.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// Which of the ascending voltages.
    pub(crate) level: usize,
    /// Weight in the mean; both are 1 together.
    pub(crate) weight: f64,
    /// Torques of the units, N·m.
    pub(crate) torques_nm: [f64; 2],
}

/// Units with their maps at one or more DC voltages, on a battery.
pub(crate) struct Supply<'a> {
    battery: &'a Battery,
    auxiliary_w: f64,
    radius_m: f64,
    /// The battery at its charge; none where the maps' single voltage is taken as it is.
    source: Option<AtCharge>,
    /// By DC voltage, ascending.
    levels: Vec<Level<'a>>,
}

struct Level<'a> {
    voltage_v: f64,
    units: Vec<FittedUnit<'a>>,
}

struct FittedUnit<'a> {
    axle: Axle,
    lookup: Lookup<'a>,
    limits: AxleLimits,
}

/// Between two levels: the lower one's index and the position above it, 0 to 1.
type Between = (usize, f64);

impl<'a> Supply<'a> {
    /// `sets` hold the same units at ascending voltages; `charge`, 0 to 1, sets open-circuit
    /// voltage and resistance, without it the first set holds at its own voltage.
    pub(crate) fn new(
        vehicle: &'a Vehicle,
        sets: &[Vec<AxleDrive<'a>>],
        charge: Option<f64>,
    ) -> Self {
        let fit = |drive: &AxleDrive<'a>| FittedUnit {
            axle: drive.axle,
            lookup: Lookup::new(drive.map),
            limits: AxleLimits::new(vehicle, drive.axle, 1.0),
        };
        let level = |drives: &Vec<AxleDrive<'a>>| Level {
            voltage_v: drives.first().map_or(0.0, |drive| drive.map.dc_voltage_v),
            units: drives.iter().map(fit).collect(),
        };
        Self {
            battery: &vehicle.battery,
            auxiliary_w: vehicle.auxiliary_power_w,
            radius_m: vehicle.body.wheel_radius_m,
            source: charge.map(|charge| AtCharge::new(&vehicle.battery, charge)),
            levels: sets.iter().map(level).collect(),
        }
    }

    /// How many units there are.
    pub(crate) fn units(&self) -> usize {
        self.levels.first().map_or(0, |level| level.units.len())
    }

    /// Speed at which the first unit reaches its highest speed, at any of the voltages, m/s.
    pub(crate) fn speed_limit_m_s(&self) -> f64 {
        let units = self.levels.iter().flat_map(|level| &level.units);
        let limits = units.map(|unit| unit.lookup.map.speed_limit_rad_per_s());
        limits.fold(f64::INFINITY, f64::min) * self.radius_m
    }

    /// What the units give at a speed, kept to the battery.
    pub(crate) fn at(&self, speed_m_s: f64, envelope: Envelope) -> Given {
        let speed = speed_m_s / self.radius_m;
        let torques: Vec<[f64; 2]> = self
            .levels
            .iter()
            .map(|level| level.torques_nm(speed, envelope))
            .collect();
        let dc_w = |(lower, t): Between, factor: f64| {
            let at = |i: usize| {
                let turned_down = torques[i].map(|torque| factor * torque);
                self.levels[i].dc_w(speed, turned_down)
            };
            lerp(&at, lower, t)
        };
        let (between, limit_w) = self.settle(|between| dc_w(between, 1.0));
        let factor = largest_factor(|factor| dc_w(between, factor) <= limit_w);
        let mut forces_n = [(Axle::Rear, 0.0); 2];
        for (i, slot) in forces_n.iter_mut().enumerate().take(self.units()) {
            let torque = lerp(&|level: usize| torques[level][i], between.0, between.1);
            *slot = (
                self.levels[0].units[i].axle,
                factor * torque / self.radius_m,
            );
        }
        let (lower, t) = between;
        let reading = |level: usize, weight: f64| Reading {
            level,
            weight,
            torques_nm: torques[level].map(|torque| factor * torque),
        };
        Given {
            forces_n,
            voltage_v: self.voltage_v(between),
            readings: [
                reading(lower, 1.0 - t),
                reading((lower + 1).min(torques.len() - 1), t),
            ],
        }
    }

    fn voltage_v(&self, (lower, t): Between) -> f64 {
        lerp(&|i: usize| self.levels[i].voltage_v, lower, t)
    }

    /// Where the voltage settles under the units' power, and the largest power there, W.
    ///
    /// Above the highest map its envelope holds, which is less than there is; below the lowest one
    /// the units are turned down until the battery keeps that voltage.
    fn settle(&self, dc_w: impl Fn(Between) -> f64) -> (Between, f64) {
        let battery_w = (self.battery.discharge_power_w - self.auxiliary_w).max(0.0);
        let last = self.levels.len() - 1;
        let Some(source) = self.source else {
            return ((0, 0.0), battery_w);
        };
        let holds = |between: Between| {
            let kept_w = dc_w(between).min(battery_w) + self.auxiliary_w;
            source
                .terminal_v(kept_w)
                .is_some_and(|supplied_v| supplied_v >= self.voltage_v(between))
        };
        if !holds((0, 0.0)) {
            let lowest_v = self.levels[0].voltage_v;
            let largest_a = (source.open_circuit_v - lowest_v) / source.resistance_ohm.max(1e-9);
            let left_w = lowest_v * largest_a - self.auxiliary_w;
            return ((0, 0.0), left_w.clamp(0.0, battery_w));
        }
        let lower = (0..last).rev().find(|i| holds((*i, 0.0))).unwrap_or(0);
        if last == 0 {
            return ((0, 0.0), battery_w);
        }
        let t = largest_factor(|t| holds((lower, t)));
        ((lower, t), battery_w)
    }
}

impl Level<'_> {
    /// Torques of the units, N·m; zero beyond their highest speed.
    fn torques_nm(&self, speed: f64, envelope: Envelope) -> [f64; 2] {
        let mut torques = [0.0; 2];
        for (i, (slot, unit)) in torques.iter_mut().zip(&self.units).enumerate() {
            let Some(at) = unit.lookup.at_any(speed) else {
                continue;
            };
            let driven = unit.limits.motoring_nm(&unit.lookup, &at, speed);
            *slot = match envelope {
                Envelope::Peak => driven,
                Envelope::Derated(released) => driven.min(released[i] * at.torque_max_nm),
                Envelope::Continuous => unit.lookup.continuous_nm(&at).min(driven),
            };
        }
        torques
    }

    /// DC power of the units at torques, W.
    fn dc_w(&self, speed: f64, torques_nm: [f64; 2]) -> f64 {
        let power = |(unit, torque): (&FittedUnit<'_>, f64)| {
            let at = unit.lookup.at_any(speed);
            at.map_or(0.0, |at| torque * speed + unit.lookup.loss_w(&at, torque))
        };
        self.units.iter().zip(torques_nm).map(power).sum()
    }
}

/// A figure of two neighbouring levels, linear between them; the last level has no upper neighbour.
fn lerp(at: &impl Fn(usize) -> f64, lower: usize, t: f64) -> f64 {
    let low = at(lower);
    if t == 0.0 {
        return low;
    }
    low + (at(lower + 1) - low) * t
}

/// The largest factor up to 1 that holds, where less always holds as well.
fn largest_factor(holds: impl Fn(f64) -> bool) -> f64 {
    if holds(1.0) {
        return 1.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}
