//! What a unit does with its switches open or closed for good: figures for the choice of a safe state.

use codrive_model::inverter::Inverter;
use codrive_model::safe_state::{Finding, FirstPeak, MagnetMargin, SafeState};

use crate::error::DriveError;
use crate::flux::UnitPoint;
use crate::machine::Machine;
use crate::motor_map::MotorMap;
use crate::short_circuit::ShortCircuit;

/// Back-EMF with open switches and currents, torque and magnets in active short circuit, of a
/// machine over its evaluated map.
///
/// The steady short circuit is that at the top speed of the map and at `winding_temperature_k`; the first peaks
/// start from points of most flux linkage; magnets are at the temperature of the flux map. What the flux map and
/// its far grid do not cover is [`Finding::NotKnown`], with its reason.
#[must_use]
pub fn safe_state(
    machine: &Machine<'_>,
    inverter: &Inverter,
    motor: &MotorMap,
    winding_temperature_k: f64,
) -> SafeState {
    let top_speed_rad_per_s = motor.map.speed_limit_rad_per_s();
    let short = ShortCircuit::new(machine);
    let steady = short.at_speed(top_speed_rad_per_s, winding_temperature_k);
    let worst = short.largest_torque(winding_temperature_k);
    let most_flux = most_flux_by_speed(&short, machine, motor);
    let any_speed = most_flux.iter().copied().fold(0.0, f64::max);
    let above_dc = above_dc(motor, &most_flux);
    SafeState {
        top_speed_rad_per_s,
        back_emf_v: motor.line_back_emf_vs * top_speed_rad_per_s,
        blocking_voltage_v: inverter.blocking_voltage_v,
        device_current_a: inverter.peak_current_a(),
        steady_current_a: finding(&steady, |s| s.current_a),
        steady_torque_nm: finding(&steady, |s| s.torque_nm),
        worst_torque_nm: finding(&worst, |s| s.torque_nm),
        worst_torque_speed_rad_per_s: finding(&worst, |s| s.speed_rad_per_s),
        first_peak: first_peak(&short, machine, any_speed),
        first_peak_above_dc: above_dc.map(|flux| first_peak(&short, machine, flux)),
        magnet_margin_t: MagnetMargin {
            operation_t: machine
                .tables
                .magnets
                .margin_t(unit_currents(machine, motor)),
            steady_t: margin(machine, &short.characteristic()),
        },
    }
}

fn first_peak(short: &ShortCircuit<'_>, machine: &Machine<'_>, flux_vs_per_m: f64) -> FirstPeak {
    let peak = short.transient_peak(flux_vs_per_m);
    let worst = short.transient_torque_nm_per_m(flux_vs_per_m);
    FirstPeak {
        current_a: finding(&peak, |p| p.current_a() / machine.ratio()),
        torque_nm: finding(&worst, |torque| torque * machine.stack_m),
        magnet_margin_t: margin(machine, &peak),
    }
}

fn unit_currents<'a>(
    machine: &'a Machine<'_>,
    motor: &'a MotorMap,
) -> impl Iterator<Item = [f64; 2]> + 'a {
    let k = machine.ratio();
    motor.currents_a.iter().map(move |[d, q]| [k * d, k * q])
}

/// Largest flux linkage of the operating points at each speed, with end-winding leakage, V·s per metre.
fn most_flux_by_speed(
    short: &ShortCircuit<'_>,
    machine: &Machine<'_>,
    motor: &MotorMap,
) -> Vec<f64> {
    let linked: Vec<f64> = unit_currents(machine, motor)
        .map(|[d, q]| short.flux_vs_per_m(&machine.tables.flux.at(d, q)))
        .map(|[psi_d, psi_q]| psi_d.hypot(psi_q))
        .collect();
    let loads = motor.map.load.len().max(1);
    let of_speed = |row: &[f64]| row.iter().copied().fold(0.0, f64::max);
    linked.chunks(loads).map(of_speed).collect()
}

/// Largest flux linkage at speeds whose back-EMF is above the DC voltage, linear between the map's speeds where
/// they begin; `None` where there are none.
fn above_dc(motor: &MotorMap, most_flux: &[f64]) -> Option<f64> {
    let speeds = &motor.map.speed_rad_per_s;
    let from = motor.map.dc_voltage_v / motor.line_back_emf_vs;
    let first = speeds.iter().position(|speed| *speed > from)?;
    let beyond = most_flux.get(first..)?.iter().copied().fold(0.0, f64::max);
    let Some(before) = first.checked_sub(1) else {
        return Some(beyond);
    };
    let share = (from - speeds[before]) / (speeds[first] - speeds[before]);
    let at_start = most_flux[before] + share * (most_flux[first] - most_flux[before]);
    Some(beyond.max(at_start))
}

fn finding<T>(found: &Result<T, DriveError>, figure: impl Fn(&T) -> f64) -> Finding {
    match found {
        Ok(found) => Finding::Known(figure(found)),
        Err(error) => Finding::NotKnown(error.to_string()),
    }
}

fn margin(machine: &Machine<'_>, point: &Result<UnitPoint, DriveError>) -> Finding {
    match point {
        Ok(point) => machine
            .tables
            .magnets
            .margin_t([[point.i_d_a, point.i_q_a]]),
        Err(error) => Finding::NotKnown(error.to_string()),
    }
}
