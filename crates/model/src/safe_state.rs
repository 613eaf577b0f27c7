//! What a unit does when its inverter gives up control: figures for the choice of a safe state.
//!
//! With all switches open the back-EMF stands on them; with three switches closed (active short
//! circuit) currents flow that neither control nor battery limits.

use serde::{Deserialize, Serialize};

/// A figure, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// The figure.
    Known(f64),
    /// What is missing, in a sentence.
    NotKnown(String),
}

impl Finding {
    /// The figure, if it is known.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Known(value) => Some(*value),
            Self::NotKnown(_) => None,
        }
    }
}

/// Open switches and active short circuit of one machine with one inverter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SafeState {
    /// Highest motor speed, rad/s.
    pub top_speed_rad_per_s: f64,
    /// Line-to-line peak of the back-EMF there, V: an upper bound, harmonics added.
    pub back_emf_v: f64,
    /// Voltage that a switch blocks, V.
    pub blocking_voltage_v: f64,
    /// Phase current that a switch carries for 30 s, A peak.
    pub device_current_a: f64,
    /// Amplitude of the steady short-circuit current at top speed, A peak.
    pub steady_current_a: Finding,
    /// Air-gap torque of the steady short circuit at top speed, N·m, negative: it brakes.
    pub steady_torque_nm: Finding,
    /// Largest braking torque of the steady short circuit over all speeds, N·m, negative.
    pub worst_torque_nm: Finding,
    /// Motor speed of that torque, rad/s.
    pub worst_torque_speed_rad_per_s: Finding,
    /// After a short circuit at the operating point of most flux linkage, at whatever speed.
    pub first_peak: FirstPeak,
    /// The same, of the speeds at which open switches would charge the battery; `None` where no speed does.
    pub first_peak_above_dc: Option<FirstPeak>,
    /// Lowest flux density in the magnets over the knee, T, below zero where they lose remanence.
    pub magnet_margin_t: MagnetMargin,
}

/// Lowest flux density along the magnetisation minus that of the knee, at the magnet temperature of
/// the flux map, T.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MagnetMargin {
    /// Over all operating points of the unit.
    pub operation_t: Finding,
    /// In the steady short circuit at infinite speed, where its current is largest.
    pub steady_t: Finding,
}

/// The first peak of an active short circuit, resistance neglected: its worst start brakes with most flux
/// linkage, which turns to the negative d axis at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FirstPeak {
    /// Amplitude of the phase current, A peak.
    pub current_a: Finding,
    /// Largest braking torque on the way, N·m in the air gap, negative.
    pub torque_nm: Finding,
    /// Margin of the magnets at the peak, as in [`MagnetMargin`], T.
    pub magnet_margin_t: Finding,
}

/// Load of a unit when its terminals are shorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoadAtStart {
    /// Largest motoring torque at each speed.
    FullMotoring,
    /// No torque on the shaft.
    None,
    /// Largest braking torque at each speed.
    FullBraking,
}

/// The worst of the first swing of an active short circuit over all speeds, with resistance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShortCircuitFrom {
    /// Load at the start.
    pub load: LoadAtStart,
    /// Largest amplitude of the phase current, A peak.
    pub current_a: Finding,
    /// Motor speed of that current, rad/s.
    pub current_speed_rad_per_s: Finding,
    /// Largest braking torque, N·m in the air gap, negative.
    pub torque_nm: Finding,
    /// Motor speed of that torque, rad/s.
    pub torque_speed_rad_per_s: Finding,
    /// Lowest flux density in the magnets over the knee, as in [`MagnetMargin`], T.
    pub magnet_margin_t: Finding,
}
