//! Losses and junction temperatures of an inverter at an operating point.
//!
//! Sinusoidal currents, every switching cycle at the half-cycle average; beyond linear modulation
//! switching as in [`overmodulation`]. Accuracy ±10 to 15 %: fitted parameters, no gate-resistor or
//! layout influence.
//!
//! | Idea | Module |
//! |---|---|
//! | losses at a point, below | this one |
//! | junction temperature, steady and after a change | `heat` |
//! | usable voltage, dead time, capacitor current | `voltage` |
//! | up to six-step operation | [`overmodulation`] |
//! | variants by die area | [`scaling`] |
//! | data that cannot be | `check` |

mod check;
mod heat;
pub mod overmodulation;
pub mod scaling;
mod voltage;

use std::f64::consts::PI;

use codrive_model::inverter::{
    BipolarPart, Device, IgbtSwitch, Inverter, MosfetSwitch, SwitchingEnergy,
};

use crate::error::{DriveError, positive};
use heat::{LinearLoss, Path, Settled};

pub use voltage::{LINEAR_MODULATION, capacitor_current_rms_a};

/// Electrical frequency below which a part without thermal chain is taken as standing still, Hz.
const STALL_FREQUENCY_HZ: f64 = 5.0;
/// Peak over mean of a transistor's or diode's conduction loss, of a MOSFET's, and of switching,
/// when the hottest switch keeps the amplitude: r·i² of half waves 4, V_0·i π, the larger for both;
/// r·i² both ways at duty one half 2; switching at half waves π.
const PULSE_BIPOLAR: f64 = 4.0;
const PULSE_MOSFET: f64 = 2.0;
const PULSE_SWITCHING: f64 = PI;

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
    /// DC-link capacitor with its busbars, W.
    pub dc_link_w: f64,
    /// Hottest junction, K.
    pub junction_k: f64,
}

/// An inverter at a DC voltage and coolant temperature, ready for many points.
#[derive(Clone, Copy, Debug)]
pub struct InverterModel<'a> {
    inverter: &'a Inverter,
    dc_voltage_v: f64,
    coolant_k: f64,
    /// Switching loss of transistor and diode over (Î/I_ref)^k_i, W.
    switching_w: [f64; 2],
}

impl<'a> InverterModel<'a> {
    /// Prepares an inverter.
    ///
    /// # Errors
    /// A DC voltage above its rating or not above zero; device data that no inverter has.
    pub fn new(
        inverter: &'a Inverter,
        dc_voltage_v: f64,
        coolant_k: f64,
    ) -> Result<Self, DriveError> {
        positive("DC voltage in V", dc_voltage_v)?;
        positive("coolant temperature in K", coolant_k)?;
        check::check(inverter)?;
        if dc_voltage_v > inverter.dc_voltage_max_v {
            return Err(DriveError::Overvoltage {
                inverter: inverter.id.clone(),
                dc_voltage_v,
                highest_v: inverter.dc_voltage_max_v,
            });
        }
        // P = (f_s/π) E(Î): each device switches during one half of the period.
        let at_reference = |e: &SwitchingEnergy| {
            let voltage = (dc_voltage_v / e.reference_voltage_v).powf(e.voltage_exponent);
            inverter.switching_frequency_hz / PI * e.at_reference_j * voltage
        };
        let switching_w = match &inverter.device {
            Device::SiIgbt(s) => [
                at_reference(&s.transistor.energy),
                at_reference(&s.diode.energy),
            ],
            Device::SicMosfet(s) => [at_reference(&s.energy), 0.0],
        };
        Ok(Self {
            inverter,
            dc_voltage_v,
            coolant_k,
            switching_w,
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

    /// Losses at a point with the mean junction temperatures that they cause.
    ///
    /// # Errors
    /// Thermal runaway.
    pub fn loss(&self, point: AcPoint) -> Result<InverterLoss, DriveError> {
        self.settled(point)
            .ok_or_else(|| self.runaway(point.current_a))
    }

    /// Junction temperature of the hottest switch at standstill, where it carries the amplitude all
    /// the time, K.
    ///
    /// # Errors
    /// Thermal runaway.
    pub fn stalled_junction_k(&self, current_a: f64) -> Result<f64, DriveError> {
        let still = AcPoint {
            current_a,
            ..AcPoint::default()
        };
        self.peak_junction_k(still, 0.0)
    }

    /// Highest junction temperature within an electrical period, K: the mean at high frequency, that
    /// of a switch carrying the amplitude at standstill; between, the ripple that the thermal chain
    /// lets through. Without a chain the step lies at 5 Hz.
    ///
    /// # Errors
    /// Thermal runaway.
    pub fn peak_junction_k(&self, point: AcPoint, electrical_hz: f64) -> Result<f64, DriveError> {
        let omega = 2.0 * PI * electrical_hz;
        let peak = |(loss, path, pulse): &(LinearLoss, Path<'_>, f64)| {
            let k = [*pulse, PULSE_SWITCHING].map(|peak| match path.chain {
                [] if electrical_hz < STALL_FREQUENCY_HZ => peak * path.k_per_w,
                [] => path.k_per_w,
                _ => path.pulsed_k_per_w(peak, omega),
            });
            loss.settle(*path, k).map(|settled| settled.junction_k)
        };
        self.hottest(point, peak)
    }

    /// Highest mean junction temperature, K, a time after the point changed from one that had
    /// settled, as at the end of an overload of 10 or 30 s. Without a thermal chain it is the
    /// settled one: module, base plate and coolant follow in seconds.
    ///
    /// # Errors
    /// Thermal runaway at `before`, or a time that is negative.
    pub fn junction_after_k(
        &self,
        before: AcPoint,
        after: AcPoint,
        seconds: f64,
    ) -> Result<f64, DriveError> {
        crate::error::non_negative("time after a change in s", seconds)?;
        if seconds == 0.0 {
            return Ok(self.loss(before)?.junction_k);
        }
        let mut first = self.parts(before).into_iter().flatten();
        let then = |(loss, path, _): &(LinearLoss, Path<'_>, f64)| {
            let (start, ..) = first.next()?;
            if path.chain.is_empty() {
                let settled = loss.settle(*path, [path.k_per_w; 2])?;
                return Some(settled.junction_k);
            }
            path.after_k(start, *loss, seconds)
        };
        self.hottest(after, then)
    }

    /// The hottest of all parts at a point, with a part's temperature as `of` says.
    fn hottest(
        &self,
        point: AcPoint,
        mut of: impl FnMut(&(LinearLoss, Path<'a>, f64)) -> Option<f64>,
    ) -> Result<f64, DriveError> {
        let mut hottest_k = self.coolant_k;
        for part in self.parts(point).iter().flatten() {
            let junction_k = of(part).ok_or_else(|| self.runaway(point.current_a))?;
            hottest_k = hottest_k.max(junction_k);
        }
        Ok(hottest_k)
    }

    fn runaway(&self, current_a: f64) -> DriveError {
        DriveError::ThermalRunaway {
            inverter: self.inverter.id.clone(),
            current_a,
        }
    }

    fn settled(&self, point: AcPoint) -> Option<InverterLoss> {
        let [transistor, diode] = self.parts(point);
        let settle = |part: Option<(LinearLoss, Path<'_>, f64)>| match part {
            Some((loss, path, _)) => loss.settle(path, [path.k_per_w; 2]),
            None => Some(Settled {
                conduction_w: 0.0,
                switching_w: 0.0,
                junction_k: self.coolant_k,
            }),
        };
        let (t, d) = (settle(transistor)?, settle(diode)?);
        let resistance = self.inverter.dc_link_resistance_ohm;
        let dc_link_w = resistance * self.capacitor_current_rms_a(point).powi(2);
        let switch = t.conduction_w + t.switching_w + d.conduction_w + d.switching_w;
        Some(InverterLoss {
            total_w: 6.0 * switch + dc_link_w + self.inverter.standby_power_w,
            transistor_conduction_w: t.conduction_w,
            transistor_switching_w: t.switching_w,
            diode_conduction_w: d.conduction_w,
            diode_switching_w: d.switching_w,
            dc_link_w,
            junction_k: t.junction_k.max(d.junction_k),
        })
    }

    /// Transistor and diode of one switch: loss, way of its heat, peak of its conduction at
    /// standstill over the mean.
    fn parts(&self, point: AcPoint) -> [Option<(LinearLoss, Path<'a>, f64)>; 2] {
        let share = self.switching_share(point.modulation, point.cos_phi);
        match &self.inverter.device {
            Device::SiIgbt(switch) => {
                let IgbtSwitch { transistor, diode } = switch;
                let [t, d] = self.switching_w.map(|w| w * share);
                [
                    Some((
                        bipolar(transistor, 1.0, point, t),
                        self.path(transistor),
                        PULSE_BIPOLAR,
                    )),
                    Some((
                        bipolar(diode, -1.0, point, d),
                        self.path(diode),
                        PULSE_BIPOLAR,
                    )),
                ]
            }
            Device::SicMosfet(switch) => {
                let path = Path {
                    coolant_k: self.coolant_k,
                    reference_k: switch.reference_temperature_k,
                    k_per_w: switch.thermal_resistance_k_per_w,
                    chain: &switch.thermal_chain,
                };
                let loss = self.mosfet(switch, point, share);
                [Some((loss, path, PULSE_MOSFET)), None]
            }
        }
    }

    fn path(&self, part: &'a BipolarPart) -> Path<'a> {
        Path {
            coolant_k: self.coolant_k,
            reference_k: part.reference_temperature_k,
            k_per_w: part.thermal_resistance_k_per_w,
            chain: &part.thermal_chain,
        }
    }

    /// One switch with synchronous conduction both ways: R Î²/4, and the body diode in two dead
    /// times a period, shared by the two switches of a leg.
    fn mosfet(&self, switch: &MosfetSwitch, point: AcPoint, share: f64) -> LinearLoss {
        let i = point.current_a;
        let channel = switch.resistance_ohm * i * i / 4.0;
        let periods = self.inverter.switching_frequency_hz * self.inverter.dead_time_s * share;
        let body = switch.body_diode_voltage_v * 2.0 * i / PI * periods;
        LinearLoss {
            conduction: [channel + body, channel * switch.resistance_per_k],
            switching: switching(&switch.energy, i, self.switching_w[0] * share),
        }
    }
}

/// P = V_0 Î (1/2π ± M cosφ/8) + r Î² (1/8 ± M cosφ/3π), plus for the transistor, minus for the
/// diode. At six-step the share of V_0 is exact still, that of r within 4.2 %.
fn bipolar(part: &BipolarPart, sign: f64, point: AcPoint, at_reference_w: f64) -> LinearLoss {
    let (i, m) = (point.current_a, point.modulation * point.cos_phi);
    let v = part.threshold_v * i * (0.5 / PI + sign * m / 8.0);
    let r = part.resistance_ohm * i * i * (0.125 + sign * m / (3.0 * PI));
    LinearLoss {
        conduction: [v + r, v * part.threshold_per_k + r * part.resistance_per_k],
        switching: switching(&part.energy, i, at_reference_w),
    }
}

fn switching(e: &SwitchingEnergy, current_a: f64, at_reference_w: f64) -> [f64; 2] {
    let ratio = current_a / e.reference_current_a;
    #[allow(clippy::float_cmp)]
    let current = if e.current_exponent == 1.0 {
        ratio
    } else {
        ratio.powf(e.current_exponent)
    };
    let p = at_reference_w * current;
    [p, p * e.per_k]
}
