//! What can be wrong with a drive that one asks for.

use codrive_model::units::Shown;
use codrive_numerics::TableError;

/// Why a drive cannot be evaluated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DriveError {
    /// A value is impossible.
    #[error("{what} is {}: must be {allowed}", Shown(*.value))]
    OutOfRange {
        /// The quantity, with its unit.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What would do.
        allowed: &'static str,
    },
    /// A flux map that cannot be used.
    #[error("flux map of `{section}`: {reason}")]
    FluxMap {
        /// Section id.
        section: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A table of a flux map that makes no grid.
    #[error("flux map of `{section}`: {source}")]
    Table {
        /// Section id.
        section: String,
        /// What is wrong with it.
        source: TableError,
    },
    /// Currents that the flux map does not cover.
    #[error(
        "flux map of `{section}`: {what} lies beyond it, past i_d = {i_d_a:.0} A, i_q = {i_q_a:.0} A of ampere-conductors per slot"
    )]
    BeyondMap {
        /// Section id.
        section: String,
        /// What was asked for.
        what: &'static str,
        /// Direct-axis unit current where the map ends on the way, A.
        i_d_a: f64,
        /// Quadrature-axis unit current there, A.
        i_q_a: f64,
    },
    /// A DC voltage beyond the inverter.
    #[error("`{inverter}`: {dc_voltage_v} V is above its highest DC voltage, {highest_v} V")]
    Overvoltage {
        /// Inverter id.
        inverter: String,
        /// Voltage asked for, V.
        dc_voltage_v: f64,
        /// Voltage allowed, V.
        highest_v: f64,
    },
    /// Device data that no inverter has.
    #[error("inverter `{inverter}`: {key}{of} is {}: must be {allowed}", Shown(*.value))]
    Inverter {
        /// Inverter id.
        inverter: String,
        /// The key in the inverter's file, such as `device.si-igbt.diode.threshold`.
        key: String,
        /// Its unit, ` in V`, or what of it is meant.
        of: &'static str,
        /// Its value.
        value: f64,
        /// What would do.
        allowed: String,
    },
    /// Loss grows faster with junction temperature than cooling takes it away.
    #[error("`{inverter}`: the junction temperature runs away at {current_a:.0} A peak")]
    ThermalRunaway {
        /// Inverter id.
        inverter: String,
        /// Amplitude of the phase current, A.
        current_a: f64,
    },
    /// Copper loss grows faster with winding temperature than cooling takes it away.
    #[error(
        "the winding runs away: {copper_w:.0} W of copper loss at {winding_k:.0} K still grow faster than they leave"
    )]
    WindingRunaway {
        /// Copper loss where the calculation gave up, W.
        copper_w: f64,
        /// Winding temperature there, K.
        winding_k: f64,
    },
    /// No torque at any speed.
    #[error("`{machine}` with `{inverter}` at {dc_voltage_v} V turns nothing: {reason}")]
    NoTorque {
        /// Machine id.
        machine: String,
        /// Inverter id.
        inverter: String,
        /// DC voltage, V.
        dc_voltage_v: f64,
        /// Why.
        reason: &'static str,
    },
    /// A gear set whose data contradict each other.
    #[error("gear set `{gear_set}`: {reason}")]
    GearSet {
        /// Gear set id.
        gear_set: String,
        /// The key in the gear set's file that is wrong, such as `stages[0].module`; `None` where no single one is.
        key: Option<String>,
        /// What is wrong with it.
        reason: String,
    },
    /// An operating point of the map has no solution though it lies inside the envelope.
    #[error(
        "no operating point at {speed_rad_per_s:.1} rad/s and {torque_nm:.2} N·m, inside the envelope"
    )]
    NoOperatingPoint {
        /// Motor speed, rad/s.
        speed_rad_per_s: f64,
        /// Shaft torque, N·m.
        torque_nm: f64,
    },
}

/// `value` if it is finite and above zero.
pub(crate) fn positive(what: &'static str, value: f64) -> Result<f64, DriveError> {
    if value.is_finite() && value > 0.0 {
        Ok(value)
    } else {
        Err(DriveError::OutOfRange {
            what,
            value,
            allowed: "above zero",
        })
    }
}

/// `value` if it is finite and zero or above.
pub(crate) fn non_negative(what: &'static str, value: f64) -> Result<f64, DriveError> {
    if value.is_finite() && value >= 0.0 {
        Ok(value)
    } else {
        Err(DriveError::OutOfRange {
            what,
            value,
            allowed: "zero or above",
        })
    }
}
