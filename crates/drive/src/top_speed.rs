//! Base speed, and what ends the speed range of a machine with an inverter.

use codrive_numerics::roots::{Tolerance, bracketed};

use crate::motor_map::Bench;

/// Share of the largest torque that must be left at the highest speed.
const LEAST_TORQUE_SHARE: f64 = 0.02;

/// What ends the speed range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopSpeed {
    /// Rotor stress.
    Burst,
    /// Too few switching periods per electrical period.
    SwitchingFrequency,
    /// Back-EMF against the blocking voltage of the switches.
    BackEmf,
    /// No torque is left at the voltage limit.
    Torque,
}

impl std::fmt::Display for TopSpeed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Burst => "rotor strength",
            Self::SwitchingFrequency => "too few switching periods per electrical period",
            Self::BackEmf => "back-EMF against what the switches block",
            Self::Torque => "no torque left",
        })
    }
}

/// Speed up to which the largest torque is available, rad/s; `None` where there is none.
pub(crate) fn base_speed_rad_per_s(bench: &Bench<'_>) -> Option<f64> {
    let excess = |speed: f64| bench.search(speed).excess_at_mtpa(&bench.circle);
    if excess(0.0) >= 0.0 {
        return None;
    }
    let mut high = 100.0;
    while excess(high) < 0.0 {
        high *= 2.0;
        if high > 1e6 {
            return None;
        }
    }
    bracketed(
        excess,
        0.0,
        high,
        Tolerance {
            x: 1e-6,
            f: 1e-9,
            calls: 40,
        },
    )
}

/// Highest motor speed that rotor, switching frequency and blocking voltage allow, rad/s, and which of
/// them ends it; whether torque is left there is not asked.
pub(crate) fn hard_limit_rad_per_s(bench: &Bench<'_>) -> (f64, TopSpeed) {
    let facts = &bench.machine.tables.facts;
    let inverter = bench.inverter.inverter();
    let poles = f64::from(facts.pole_pairs);
    let switching = 2.0 * std::f64::consts::PI * inverter.switching_frequency_hz
        / (bench.conditions.least_pulses * poles);
    let emf_vs = bench.machine.tables.line_back_emf_vs_per_m
        * bench.machine.ratio()
        * bench.machine.stack_m
        * poles;
    let back_emf = bench.conditions.blocking_use * inverter.blocking_voltage_v / emf_vs.max(1e-12);
    let burst = (facts.burst_speed_limit_rad_per_s, TopSpeed::Burst);
    [
        (switching, TopSpeed::SwitchingFrequency),
        (back_emf, TopSpeed::BackEmf),
    ]
    .into_iter()
    .fold(
        burst,
        |least, one| if one.0 < least.0 { one } else { least },
    )
}

/// Highest motor speed, rad/s, and what ends it; `None` where no speed leaves torque.
pub(crate) fn top_speed_rad_per_s(bench: &Bench<'_>, base: f64) -> Option<(f64, TopSpeed)> {
    let (limit, why) = hard_limit_rad_per_s(bench);
    let largest = bench.envelope(&bench.search(0.0), true)?.0;
    let left = |speed: f64| {
        let motoring = bench.envelope(&bench.search(speed), true);
        motoring.map_or(f64::NEG_INFINITY, |(torque, _)| {
            torque - LEAST_TORQUE_SHARE * largest
        })
    };
    if left(limit) >= 0.0 {
        return Some((limit, why));
    }
    let low = base.min(limit);
    (left(low) >= 0.0).then(|| (last_with(left, low, limit), TopSpeed::Torque))
}

/// The last speed at which `left` is not negative, by bisection.
fn last_with(left: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    for _ in 0..24 {
        let middle = 0.5 * (low + high);
        if left(middle) >= 0.0 {
            low = middle
        } else {
            high = middle
        }
    }
    low
}
