//! The first swing of an active short circuit from full torque and from no load, over all speeds: until the flux
//! linkage, had it turned freely, is 30 electrical degrees past the negative d axis, where the current peaks.
//!
//! A braking point turns to the negative d axis at once. A motoring one first turns through positive i_d, which the
//! flux map does not hold: without resistance it comes out at its mirror (i_d, −i_q) with the flux linkage that it
//! had, and there its trace begins. The resistance would have taken some of that flux linkage, so that the
//! peak is a little too large; the torque on the way mirrors what it was before.

use std::f64::consts::{FRAC_PI_6, PI, TAU};

use codrive_model::safe_state::{Finding, LoadAtStart, ShortCircuitFrom};

use super::ShortCircuit;
use super::transient::{Circuit, Transient};
use crate::error::DriveError;
use crate::flux::UnitPoint;
use crate::machine::Machine;
use crate::motor_map::MotorMap;

/// How far past the negative d axis a swing is followed, electrical rad.
const PAST: f64 = FRAC_PI_6;

/// The worst of the first swing from full motoring, no and full braking load, over the speeds of a map.
///
/// A cold winding gives the larger currents. What map and far grid do not cover at any of the
/// speeds is [`Finding::NotKnown`], with its reason.
#[must_use]
pub fn short_circuits(
    machine: &Machine<'_>,
    motor: &MotorMap,
    winding_temperature_k: f64,
) -> Vec<ShortCircuitFrom> {
    let short = ShortCircuit::new(machine);
    let loads = [
        (LoadAtStart::FullMotoring, 1.0),
        (LoadAtStart::None, 0.0),
        (LoadAtStart::FullBraking, -1.0),
    ];
    let traced = loads.map(|(load, share)| {
        let starts = starts(machine, motor, share);
        let first = |(speed, start): (f64, UnitPoint)| {
            let found = short.first_swing(speed, winding_temperature_k, &start)?;
            Ok((speed, found))
        };
        let swings: Result<Vec<_>, DriveError> = starts.map(first).collect();
        worst(load, machine, &swings)
    });
    traced.into()
}

/// Speeds above zero with the operating point at a load.
fn starts<'a>(
    machine: &'a Machine<'a>,
    motor: &'a MotorMap,
    load: f64,
) -> impl Iterator<Item = (f64, UnitPoint)> + 'a {
    let (map, k) = (&motor.map, machine.ratio());
    let column = map.load.iter().position(|share| *share == load);
    let rows = map.speed_rad_per_s.iter().enumerate();
    rows.filter_map(move |(row, speed)| {
        let [i_d, i_q] = motor.currents_a.get(row * map.load.len() + column?)?;
        (*speed > 0.0).then(|| (*speed, machine.tables.flux.at(k * i_d, k * i_q)))
    })
}

fn worst(
    load: LoadAtStart,
    machine: &Machine<'_>,
    swings: &Result<Vec<(f64, Transient)>, DriveError>,
) -> ShortCircuitFrom {
    let of = |figure: &dyn Fn(&Transient) -> f64| largest(swings, figure);
    let (current_a, current_speed_rad_per_s) =
        of(&|found| found.peak.current_a() / machine.ratio());
    let (braking_nm, torque_speed_rad_per_s) =
        of(&|found| -found.torque_min_nm_per_m * machine.stack_m);
    ShortCircuitFrom {
        load,
        current_a,
        current_speed_rad_per_s,
        torque_nm: match braking_nm {
            Finding::Known(braking_nm) => Finding::Known(-braking_nm),
            unknown => unknown,
        },
        torque_speed_rad_per_s,
        magnet_margin_t: match swings {
            Ok(swings) => {
                let lowest_t = swings.iter().filter_map(|(_, found)| found.magnet_lowest_t);
                machine.tables.magnets.over_knee(lowest_t.reduce(f64::min))
            }
            Err(error) => Finding::NotKnown(error.to_string()),
        },
    }
}

/// The largest of a figure and its speed.
fn largest(
    swings: &Result<Vec<(f64, Transient)>, DriveError>,
    figure: &dyn Fn(&Transient) -> f64,
) -> (Finding, Finding) {
    let found = match swings {
        Ok(swings) => swings,
        Err(error) => {
            let unknown = Finding::NotKnown(error.to_string());
            return (unknown.clone(), unknown);
        }
    };
    let most = found
        .iter()
        .max_by(|a, b| figure(&a.1).total_cmp(&figure(&b.1)));
    let none = || Finding::NotKnown("the map has no speed above zero".to_owned());
    most.map_or_else(
        || (none(), none()),
        |(speed, found)| (Finding::Known(figure(found)), Finding::Known(*speed)),
    )
}

impl ShortCircuit<'_> {
    /// The first swing after a short circuit at a motor speed above zero, from an operating point with i_q of either
    /// sign; see the module's head for motoring ones.
    ///
    /// # Errors
    /// As [`Self::trace`].
    pub fn first_swing(
        &self,
        speed_rad_per_s: f64,
        winding_temperature_k: f64,
        start: &UnitPoint,
    ) -> Result<Transient, DriveError> {
        let start = if start.i_q_a > 0.0 {
            start.mirrored()
        } else {
            *start
        };
        let state = self
            .machine
            .at_speed(speed_rad_per_s, winding_temperature_k);
        let circuit = Circuit {
            electrical_rad_per_s: state.electrical_rad_per_s,
            resistance_per_m: state.resistance_per_m(),
        };
        let [psi_d, psi_q] = self.flux_vs_per_m(&start);
        let to_negative_d = PI - (-psi_q).atan2(psi_d);
        self.trace(circuit, &start, (to_negative_d + PAST) / TAU)
    }
}
