//! What of the DC voltage reaches the machine, and what the bridge draws from the capacitor.

use std::f64::consts::PI;

use codrive_model::inverter::{Device, IgbtSwitch};

use super::overmodulation::{SIX_STEP, Trajectory};
use super::{AcPoint, InverterModel};

/// M = 2 v̂/V_dc at the end of linear modulation, 2/√3.
pub const LINEAR_MODULATION: f64 = 1.154_700_538_379_251_5;

impl InverterModel<'_> {
    /// Largest amplitude of the phase voltage, V, at a current amplitude.
    ///
    /// V_dc/√3 · [k + o (2√3/π − k)] less the drop of a hot switch and the voltage lost in dead
    /// times, all taken as opposed to the voltage, as at unity displacement factor: cautious
    /// elsewhere. k is the share of linear modulation that control uses, o the overmodulation of
    /// the inverter's file. At or below zero where the drops take everything.
    #[must_use]
    pub fn usable_voltage_v(&self, voltage_use: f64, current_a: f64) -> f64 {
        let share = voltage_use + self.inverter.overmodulation * (SIX_STEP - voltage_use);
        let switching = self.switching_share(share * LINEAR_MODULATION, 1.0);
        share * self.dc_voltage_v / 3.0_f64.sqrt()
            - self.voltage_drop_v(current_a)
            - self.dead_time_voltage_v() * switching
    }

    /// Amplitude of the fundamental that dead times take from each phase, V, against its current:
    /// in each period a leg's mean is V_dc f_s t_d off, opposed to the current, a square wave:
    /// (4/π) V_dc f_s t_d.
    ///
    /// Source: Jeong & Park 1991, The analysis and compensation of dead-time effects in PWM
    /// inverters, IEEE Trans. Industrial Electronics 38(2).
    #[must_use]
    pub fn dead_time_voltage_v(&self) -> f64 {
        let periods = self.inverter.switching_frequency_hz * self.inverter.dead_time_s;
        4.0 / PI * self.dc_voltage_v * periods
    }

    /// Largest voltage drop of a switch at its hottest, V.
    #[must_use]
    pub fn voltage_drop_v(&self, current_a: f64) -> f64 {
        let hot = |r: f64, per_k: f64, t: f64| {
            r * (1.0 + per_k * (self.inverter.junction_limit_k - t)).max(0.0)
        };
        match &self.inverter.device {
            Device::SiIgbt(IgbtSwitch { transistor: t, .. }) => {
                let r = hot(
                    t.resistance_ohm,
                    t.resistance_per_k,
                    t.reference_temperature_k,
                );
                t.threshold_v + r * current_a
            }
            Device::SicMosfet(s) => {
                hot(
                    s.resistance_ohm,
                    s.resistance_per_k,
                    s.reference_temperature_k,
                ) * current_a
            }
        }
    }

    /// Ripple current of the DC-link capacitor, A rms.
    #[must_use]
    pub fn capacitor_current_rms_a(&self, point: AcPoint) -> f64 {
        capacitor_current_rms_a(point)
    }

    /// Switching loss over that of continuous modulation: 1 up to the end of linear modulation,
    /// then as few legs switch as [`Trajectory::switching_share`] says; 0 beyond six-step.
    pub(super) fn switching_share(&self, modulation: f64, cos_phi: f64) -> f64 {
        if modulation <= LINEAR_MODULATION {
            return 1.0;
        }
        let phi = cos_phi.clamp(-1.0, 1.0).acos();
        Trajectory::at(modulation / LINEAR_MODULATION).map_or(0.0, |t| t.switching_share(phi))
    }
}

/// Ripple current of the DC-link capacitor, A rms: I sqrt(2M [√3/4π + cos²φ (√3/π − 9M/16)]) with I
/// the rms phase current; switching harmonics only, sinusoidal currents.
///
/// Source: Kolar & Round 2006, Analytical calculation of the RMS current stress on the DC-link
/// capacitor of voltage-PWM converter systems, IEE Proc. Electric Power Applications 153(4).
#[must_use]
pub fn capacitor_current_rms_a(point: AcPoint) -> f64 {
    let (m, cos2) = (point.modulation, point.cos_phi * point.cos_phi);
    let root = 3.0_f64.sqrt();
    let square = 2.0 * m * (root / (4.0 * PI) + cos2 * (root / PI - 9.0 * m / 16.0));
    point.current_a * std::f64::consts::FRAC_1_SQRT_2 * square.max(0.0).sqrt()
}
