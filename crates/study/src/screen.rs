//! What speaks against a unit before its cars are judged: how fast and strong it can be at most, and whether
//! it has a safe state.

use codrive_drive::top_speed::TopSpeed;
use codrive_drive::{Ceiling, MotorMap};
use codrive_model::gear_set::GearSet;
use codrive_model::operating_map::OperatingMap;
use codrive_model::safe_state::{Finding, SafeState};

use crate::fleet::FleetVehicle;

/// What a unit can reach at most on its axle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    torque_nm: f64,
    speed_rad_per_s: f64,
    /// What to say where it is too slow.
    slow: &'static str,
}

impl Bounds {
    /// Of a motor that is not computed yet behind a gear set.
    pub(crate) fn of_ceiling(ceiling: &Ceiling, gear_set: &GearSet) -> Self {
        let motor = (ceiling.torque_nm, ceiling.speed_rad_per_s);
        Self::behind(gear_set, motor, ceiling.top_speed)
    }

    /// Of a motor behind a gear set, its gear losses left out.
    pub(crate) fn of_motor(motor: &MotorMap, gear_set: &GearSet) -> Self {
        let torque_nm = motor.map.torque_max_nm.iter().copied().fold(0.0, f64::max);
        let speed_rad_per_s = motor.map.speed_limit_rad_per_s();
        Self::behind(gear_set, (torque_nm, speed_rad_per_s), motor.top_speed)
    }

    fn behind(gear_set: &GearSet, (torque_nm, speed): (f64, f64), top_speed: TopSpeed) -> Self {
        let gear_limit = gear_set.max_input_speed_rad_per_s;
        Self {
            torque_nm: torque_nm.min(gear_set.rated_input_torque_nm) * gear_set.ratio,
            speed_rad_per_s: speed.min(gear_limit) / gear_set.ratio,
            slow: if gear_limit < speed {
                GEAR
            } else {
                slow(top_speed)
            },
        }
    }

    /// Of a motor behind a gear set, with its map on the axle.
    pub(crate) fn of_axle(axle: &OperatingMap, motor: &MotorMap, gear_set: &GearSet) -> Self {
        let motor_limit = motor.map.speed_limit_rad_per_s() / gear_set.ratio;
        let speed_rad_per_s = axle.speed_limit_rad_per_s();
        Self {
            torque_nm: axle.torque_max_nm.iter().copied().fold(0.0, f64::max),
            speed_rad_per_s,
            slow: if speed_rad_per_s < motor_limit * (1.0 - 1e-9) {
                GEAR
            } else {
                slow(motor.top_speed)
            },
        }
    }

    /// Why no unit within these bounds serves any axle of a car; `None` where one may.
    ///
    /// A proof, not an estimate: the axle has to turn at top speed, and to hold its share of the
    /// car's weight on the steepest grade, rolling resistance left out.
    pub(crate) fn reach(&self, car: &FleetVehicle) -> Option<&'static str> {
        let targets = &car.vehicle.targets;
        let radius_m = car.vehicle.body.wheel_radius_m;
        if targets.top_speed_m_s / radius_m > self.speed_rad_per_s {
            return Some(self.slow);
        }
        let slope = targets.gradeability / (1.0 + targets.gradeability.powi(2)).sqrt();
        let weight_nm = car.vehicle.mass.gross_kg * 9.806_65 * slope * radius_m;
        let shares = (0..car.axles.len()).flat_map(|axle| {
            (0..car.front_shares.len()).map(move |share| car.share_of(axle, share))
        });
        let least = shares.fold(f64::INFINITY, f64::min);
        (least * weight_nm > self.torque_nm).then_some("cannot hold any axle's share on its grade")
    }
}

const GEAR: &str = "slower than every axle at its top speed: the gear set's highest speed";

fn slow(why: TopSpeed) -> &'static str {
    match why {
        TopSpeed::Burst => "slower than every axle at its top speed: rotor strength",
        TopSpeed::SwitchingFrequency => {
            "slower than every axle at its top speed: switching periods per electrical period"
        }
        TopSpeed::BackEmf => {
            "slower than every axle at its top speed: back-EMF against what the switches block"
        }
        TopSpeed::Torque => "slower than every axle at its top speed: no torque left",
    }
}

/// Why a unit has no safe state at a DC voltage; `None` where it has one, or where that is not known.
///
/// With open switches a back-EMF below the DC voltage drives no current. Else active short circuit has to
/// be borne: its steady current by the switches, its first peak and its steady current by the magnets. The first
/// peak is that from the speeds at which open switches would charge the battery; below them they stay open.
pub(crate) fn no_safe_state(state: &SafeState, dc_voltage_v: f64) -> Option<&'static str> {
    let below_zero = |margin: &Finding| margin.value().is_some_and(|margin_t| margin_t < 0.0);
    if below_zero(&state.magnet_margin_t.operation_t) {
        return Some("operation takes the magnets below their knee");
    }
    if state.back_emf_v <= dc_voltage_v {
        return None;
    }
    if below_zero(&state.magnet_margin_t.steady_t) {
        return Some("no safe state: steady short circuit takes the magnets below their knee");
    }
    let first_peak = state.first_peak_above_dc.as_ref();
    if first_peak.is_some_and(|peak| below_zero(&peak.magnet_margin_t)) {
        return Some(
            "no safe state: the first peak of a short circuit takes the magnets below their knee",
        );
    }
    let steady_a = state.steady_current_a.value()?;
    (steady_a > state.device_current_a)
        .then_some("no safe state: steady short-circuit current above the inverter's")
}

/// What of a unit's safe state is not known.
pub(crate) fn not_known(state: &SafeState) -> impl Iterator<Item = &'static str> {
    let first_peak = state.first_peak_above_dc.as_ref();
    let first_peak = first_peak.unwrap_or(&state.first_peak);
    let lacks = [
        (
            &state.steady_current_a,
            "steady short circuit: beyond the flux map",
        ),
        (
            &first_peak.current_a,
            "first peak of a short circuit: beyond the flux map",
        ),
        (
            &state.magnet_margin_t.operation_t,
            "magnets in operation and short circuit: the grade's knee is not known",
        ),
    ];
    let missing = lacks.map(|(finding, what)| finding.value().is_none().then_some(what));
    missing.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use codrive_model::safe_state::{FirstPeak, MagnetMargin};

    fn state(back_emf_v: f64, steady_a: Finding, transient_t: Finding) -> SafeState {
        let known = Finding::Known;
        let first_peak = FirstPeak {
            current_a: known(900.0),
            torque_nm: known(-300.0),
            magnet_margin_t: transient_t,
        };
        SafeState {
            top_speed_rad_per_s: 1_000.0,
            back_emf_v,
            blocking_voltage_v: 650.0,
            device_current_a: 500.0,
            steady_current_a: steady_a,
            steady_torque_nm: known(-10.0),
            worst_torque_nm: known(-100.0),
            worst_torque_speed_rad_per_s: known(50.0),
            first_peak: first_peak.clone(),
            first_peak_above_dc: Some(first_peak),
            magnet_margin_t: MagnetMargin {
                operation_t: known(0.2),
                steady_t: known(0.1),
            },
        }
    }

    fn unknown() -> Finding {
        Finding::NotKnown("beyond".to_owned())
    }

    #[test]
    fn a_unit_is_safe_open_or_shorted() {
        let known = Finding::Known;
        let judged = |back_emf_v, steady_a, margin_t| {
            no_safe_state(&state(back_emf_v, steady_a, margin_t), 360.0)
        };
        assert_eq!(judged(300.0, known(600.0), known(-0.1)), None);
        assert_eq!(judged(400.0, known(450.0), known(0.1)), None);
        assert!(
            judged(400.0, known(600.0), known(0.1))
                .unwrap()
                .contains("inverter's")
        );
        assert!(
            judged(400.0, known(450.0), known(-0.1))
                .unwrap()
                .contains("first peak")
        );
    }

    #[test]
    fn what_is_not_known_speaks_neither_way_and_is_named() {
        let state = state(400.0, unknown(), unknown());
        assert_eq!(no_safe_state(&state, 360.0), None);
        let named: Vec<&str> = not_known(&state).collect();
        assert_eq!(named, ["steady short circuit: beyond the flux map"]);
    }
}
