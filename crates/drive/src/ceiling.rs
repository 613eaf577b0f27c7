//! What a machine with an inverter cannot exceed, without its map.

use codrive_model::inverter::Inverter;

use crate::conditions::Conditions;
use crate::error::DriveError;
use crate::machine::Machine;
use crate::motor_map::Bench;
use crate::top_speed::{TopSpeed, hard_limit_rad_per_s};

/// Upper bounds of torque and speed of the motor shaft.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ceiling {
    /// Air-gap torque of the largest current, whatever its voltage, N·m: losses only take from it.
    pub torque_nm: f64,
    /// Highest speed, whatever torque is left, rad/s.
    pub speed_rad_per_s: f64,
    /// What ends the speed.
    pub top_speed: TopSpeed,
}

/// Bounds of torque and speed that every [`crate::motor_map()`] of the same arguments keeps.
///
/// # Errors
/// A voltage beyond the inverter, or conditions that cannot be.
pub fn ceiling(
    machine: &Machine<'_>,
    inverter: &Inverter,
    dc_voltage_v: f64,
    conditions: &Conditions,
) -> Result<Ceiling, DriveError> {
    let bench = Bench::new(machine, inverter, dc_voltage_v, conditions)?;
    let (speed_rad_per_s, top_speed) = hard_limit_rad_per_s(&bench);
    Ok(Ceiling {
        torque_nm: bench.circle.torque_nm_per_m(machine) * machine.stack_m,
        speed_rad_per_s,
        top_speed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{fs800, machine, map_at, tables};

    #[test]
    fn no_map_exceeds_its_ceiling_and_it_is_close() {
        let tables = tables();
        let machine = machine(&tables);
        for voltage_v in [250.0, 360.0] {
            let bound = ceiling(&machine, &fs800(), voltage_v, &Conditions::default()).unwrap();
            let map = map_at(voltage_v).map;
            let torque_nm = map.torque_max_nm.iter().copied().fold(0.0, f64::max);
            assert!(torque_nm <= bound.torque_nm);
            assert!(torque_nm > 0.97 * bound.torque_nm);
            assert!(map.speed_limit_rad_per_s() <= bound.speed_rad_per_s);
        }
    }
}
