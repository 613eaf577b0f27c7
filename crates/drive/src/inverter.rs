//! Losses and junction temperatures of an inverter at an operating point.
//!
//! Sinusoidal currents, linear modulation, every switching cycle at the half-cycle average.
//! Accuracy ±10 to 15 %: fitted parameters, no gate-resistor or layout influence, no DC-link
//! capacitor loss.

use std::f64::consts::PI;

use codrive_model::inverter::{
    BipolarPart, Device, IgbtSwitch, Inverter, MosfetSwitch, SwitchingEnergy,
};

use crate::error::{DriveError, positive};

/// Junction temperature below which the parameters are held, K: data sheets state 25 °C and two hot
/// values, and the linear fits turn negative soon below.
const COLDEST_PARAMETERS_K: f64 = 298.15;

/// Electrical operating point at the AC terminals.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AcPoint {
    /// Amplitude of the phase current, A.
    pub current_a: f64,
    /// M = 2 v̂/V_dc with the amplitude v̂ of the phase voltage.
    pub modulation: f64,
    /// Displacement factor, negative when recuperating.
    pub cos_phi: f64,
}

/// What an inverter loses at an operating point, steady state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct InverterLoss {
    /// All of it, W.
    pub total_w: f64,
    /// Conduction of one transistor, W.
    pub transistor_conduction_w: f64,
    /// Switching of one transistor, W.
    pub transistor_switching_w: f64,
    /// Conduction of one diode, W.
    pub diode_conduction_w: f64,
    /// Recovery of one diode, W.
    pub diode_switching_w: f64,
    /// Hottest junction, K.
    pub junction_k: f64,
}

/// An inverter at a DC voltage and coolant temperature, ready for many points.
#[derive(Clone, Copy, Debug)]
pub struct InverterModel<'a> {
    inverter: &'a Inverter,
    dc_voltage_v: f64,
    coolant_k: f64,
    /// (V/V_ref)^k_v of transistor and diode.
    voltage_factor: [f64; 2],
}

/// A loss that is linear in junction temperature: p_0 + p_1 · (T − T_ref).
#[derive(Clone, Copy, Debug, Default)]
struct LinearLoss {
    conduction: [f64; 2],
    switching: [f64; 2],
}

impl LinearLoss {
    /// Loss of the part at the temperature that it reaches itself, and that temperature, K.
    /// `None` where there is no such temperature.
    fn settle(&self, coolant_k: f64, reference_k: f64, k_per_w: f64) -> Option<(f64, f64, f64)> {
        let slope = self.conduction[1] + self.switching[1];
        let cold = coolant_k - reference_k;
        let at_coolant = self.conduction[0] + self.switching[0] + slope * cold;
        let feedback = 1.0 - k_per_w * slope;
        if feedback <= 0.0 {
            return None;
        }
        let junction_k = coolant_k + k_per_w * at_coolant / feedback;
        if junction_k < COLDEST_PARAMETERS_K {
            let (c, s) = self.at(COLDEST_PARAMETERS_K - reference_k);
            return Some((c, s, coolant_k + k_per_w * (c + s)));
        }
        let (c, s) = self.at(junction_k - reference_k);
        Some((c, s, junction_k))
    }

    fn at(&self, above_reference: f64) -> (f64, f64) {
        let at = |p: [f64; 2]| p[0] + p[1] * above_reference;
        (at(self.conduction), at(self.switching))
    }
}

impl<'a> InverterModel<'a> {
    /// Prepares an inverter.
    ///
    /// # Errors
    /// A DC voltage above its rating or not above zero.
    pub fn new(
        inverter: &'a Inverter,
        dc_voltage_v: f64,
        coolant_k: f64,
    ) -> Result<Self, DriveError> {
        positive("DC voltage in V", dc_voltage_v)?;
        positive("coolant temperature in K", coolant_k)?;
        if dc_voltage_v > inverter.dc_voltage_max_v {
            return Err(DriveError::Overvoltage {
                inverter: inverter.id.clone(),
                dc_voltage_v,
                highest_v: inverter.dc_voltage_max_v,
            });
        }
        let factor =
            |e: &SwitchingEnergy| (dc_voltage_v / e.reference_voltage_v).powf(e.voltage_exponent);
        let voltage_factor = match &inverter.device {
            Device::SiIgbt(s) => [factor(&s.transistor.energy), factor(&s.diode.energy)],
            Device::SicMosfet(s) => [factor(&s.energy), 0.0],
        };
        Ok(Self {
            inverter,
            dc_voltage_v,
            coolant_k,
            voltage_factor,
        })
    }

    /// The inverter.
    #[must_use]
    pub fn inverter(&self) -> &'a Inverter {
        self.inverter
    }

    /// DC voltage, V.
    #[must_use]
    pub fn dc_voltage_v(&self) -> f64 {
        self.dc_voltage_v
    }

    /// Largest voltage drop of a switch at its hottest, V: taken off the usable voltage.
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

    /// Losses at a point with the junction temperatures that they cause.
    ///
    /// # Errors
    /// Thermal runaway.
    pub fn loss(&self, point: AcPoint) -> Result<InverterLoss, DriveError> {
        self.settled(point)
            .ok_or_else(|| self.runaway(point.current_a))
    }

    /// The same with the hottest switch carrying the amplitude all the time, as at standstill:
    /// for the junction temperature below about 5 Hz electrical.
    ///
    /// # Errors
    /// Thermal runaway.
    pub fn stalled_junction_k(&self, current_a: f64) -> Result<f64, DriveError> {
        // Duty one half; a part that carries a steady current loses π times (switching) and, for
        // duty 1/2, 2 times (MOSFET, r i²/2 to r i²/4) its share at M = 0.
        let still = AcPoint {
            current_a,
            modulation: 0.0,
            cos_phi: 0.0,
        };
        let settle = |mut loss: LinearLoss, conduction: f64, reference, r| {
            loss.conduction = loss.conduction.map(|p| p * conduction);
            loss.switching = loss.switching.map(|p| p * PI);
            loss.settle(self.coolant_k, reference, r)
                .map(|(.., junction)| junction)
        };
        let junction = match &self.inverter.device {
            Device::SiIgbt(s) => {
                let (t, _) = self.igbt(s, still);
                // Between V_0·i: π times, r·i²: 4 times; the larger is taken for both.
                let part = &s.transistor;
                settle(
                    t,
                    4.0,
                    part.reference_temperature_k,
                    part.thermal_resistance_k_per_w,
                )
            }
            Device::SicMosfet(s) => {
                let loss = self.mosfet(s, still);
                settle(
                    loss,
                    2.0,
                    s.reference_temperature_k,
                    s.thermal_resistance_k_per_w,
                )
            }
        };
        junction.ok_or_else(|| self.runaway(current_a))
    }

    fn runaway(&self, current_a: f64) -> DriveError {
        DriveError::ThermalRunaway {
            inverter: self.inverter.id.clone(),
            current_a,
        }
    }

    fn settled(&self, point: AcPoint) -> Option<InverterLoss> {
        let mut out = InverterLoss {
            junction_k: self.coolant_k,
            ..InverterLoss::default()
        };
        match &self.inverter.device {
            Device::SiIgbt(s) => {
                let (t, d) = self.igbt(s, point);
                let settle = |loss: LinearLoss, part: &BipolarPart| {
                    let r = part.thermal_resistance_k_per_w;
                    loss.settle(self.coolant_k, part.reference_temperature_k, r)
                };
                let (tc, ts, tj) = settle(t, &s.transistor)?;
                let (dc, ds, dj) = settle(d, &s.diode)?;
                (out.transistor_conduction_w, out.transistor_switching_w) = (tc, ts);
                (out.diode_conduction_w, out.diode_switching_w) = (dc, ds);
                out.junction_k = tj.max(dj);
            }
            Device::SicMosfet(s) => {
                let loss = self.mosfet(s, point);
                let r = s.thermal_resistance_k_per_w;
                let (c, sw, tj) = loss.settle(self.coolant_k, s.reference_temperature_k, r)?;
                (out.transistor_conduction_w, out.transistor_switching_w) = (c, sw);
                out.junction_k = tj;
            }
        }
        let switch = out.transistor_conduction_w
            + out.transistor_switching_w
            + out.diode_conduction_w
            + out.diode_switching_w;
        out.total_w = 6.0 * switch + self.inverter.standby_power_w;
        Some(out)
    }

    /// Transistor and diode of one switch:
    /// P = V_0 Î (1/2π ± M cosφ/8) + r Î² (1/8 ± M cosφ/3π), plus for the transistor.
    fn igbt(&self, switch: &IgbtSwitch, point: AcPoint) -> (LinearLoss, LinearLoss) {
        let m = point.modulation * point.cos_phi;
        let part = |p: &BipolarPart, sign: f64, voltage_factor: f64| {
            let i = point.current_a;
            let v = p.threshold_v * i * (0.5 / PI + sign * m / 8.0);
            let r = p.resistance_ohm * i * i * (0.125 + sign * m / (3.0 * PI));
            let conduction = [v + r, v * p.threshold_per_k + r * p.resistance_per_k];
            LinearLoss {
                conduction,
                switching: self.switching(&p.energy, i, voltage_factor),
            }
        };
        let [kt, kd] = self.voltage_factor;
        (
            part(&switch.transistor, 1.0, kt),
            part(&switch.diode, -1.0, kd),
        )
    }

    /// One switch with synchronous conduction both ways: R Î²/4, and the body diode in two dead
    /// times a period, shared by the two switches of a leg.
    fn mosfet(&self, switch: &MosfetSwitch, point: AcPoint) -> LinearLoss {
        let i = point.current_a;
        let channel = switch.resistance_ohm * i * i / 4.0;
        let periods = self.inverter.switching_frequency_hz * switch.dead_time_s;
        let body = switch.body_diode_voltage_v * 2.0 * i / PI * periods;
        LinearLoss {
            conduction: [channel + body, channel * switch.resistance_per_k],
            switching: self.switching(&switch.energy, i, self.voltage_factor[0]),
        }
    }

    /// P = (f_s/π) E(Î): each device switches during one half of the period.
    fn switching(&self, e: &SwitchingEnergy, current_a: f64, voltage_factor: f64) -> [f64; 2] {
        let ratio = current_a / e.reference_current_a;
        #[allow(clippy::float_cmp)]
        let current = if e.current_exponent == 1.0 {
            ratio
        } else {
            ratio.powf(e.current_exponent)
        };
        let p =
            self.inverter.switching_frequency_hz / PI * e.at_reference_j * current * voltage_factor;
        [p, p * e.per_k]
    }
}
