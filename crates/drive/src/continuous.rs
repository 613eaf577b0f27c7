//! The load that a drive can hold for ever: winding, magnets and junctions at their limits.

use std::f64::consts::PI;

use crate::error::DriveError;
use crate::flux::UnitPoint;
use crate::machine::SpeedState;
use crate::motor_map::Bench;
use crate::thermal::{HeatLoad, ThermalNetwork};

/// Electrical frequency below which the hottest switch carries the amplitude all the time, Hz.
const STALL_FREQUENCY_HZ: f64 = 5.0;

/// A motoring point of a map with what heats it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heated {
    /// Torque over the peak envelope.
    pub(crate) load: f64,
    /// Its unit currents.
    pub(crate) unit: UnitPoint,
    /// Junction temperature, K.
    pub(crate) junction_k: f64,
}

/// Share of the peak torque at which the first limit is just met at a speed, 0 to 1.
///
/// `points` ascend in load. Temperatures are exact at them; between the last cool and the first
/// hot one, the excess is taken as linear in the square of the load, as copper loss is. Copper
/// losses are those at the limit temperature of the winding: exact where the winding limits,
/// cautious where something else does.
pub(crate) fn load_share(
    bench: &Bench<'_>,
    network: &ThermalNetwork,
    state: &SpeedState,
    points: &[Heated],
) -> Result<f64, DriveError> {
    let hot = bench
        .machine
        .at_speed(state.speed_rad_per_s, bench.conditions.winding_limit_k);
    let mut cool: Option<(f64, f64)> = None;
    for point in points {
        let excess = excess_k(bench, network, &hot, point)?;
        if excess > 0.0 {
            let Some((load, below)) = cool else {
                return Ok(0.0);
            };
            let (a, b) = (load * load, point.load * point.load);
            return Ok((a + (b - a) * below / (below - excess)).sqrt());
        }
        cool = Some((point.load, excess));
    }
    Ok(1.0)
}

/// Largest excess of a temperature over its limit, K.
fn excess_k(
    bench: &Bench<'_>,
    network: &ThermalNetwork,
    hot: &SpeedState,
    point: &Heated,
) -> Result<f64, DriveError> {
    let limits = bench.conditions;
    let loss = bench.machine.loss(&point.unit, hot);
    let heat = HeatLoad {
        stator_iron_w: loss.stator_iron_w,
        slot_copper_w: loss.slot_copper_w,
        end_copper_w: loss.end_copper_w,
        rotor_w: loss.rotor_iron_w + loss.magnet_w,
        windage_w: loss.windage_w,
        bearing_w: loss.bearing_w,
    };
    let Some(t) = network.temperatures(&heat, hot.speed_rad_per_s) else {
        let what = "conductance of the thermal network in W/K";
        return Err(DriveError::OutOfRange {
            what,
            value: 0.0,
            allowed: "above zero",
        });
    };
    let junction_k = if hot.electrical_rad_per_s < 2.0 * PI * STALL_FREQUENCY_HZ {
        let current_a = point.unit.current_a() / bench.machine.ratio();
        bench.inverter.stalled_junction_k(current_a)?
    } else {
        point.junction_k
    };
    Ok((t.hot_spot_k - limits.winding_limit_k)
        .max(t.rotor_k - limits.magnet_limit_k)
        .max(junction_k - bench.inverter.inverter().junction_limit_k))
}
