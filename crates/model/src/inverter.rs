//! Inverters as data: ratings, the parameters of one switch, what cost and mass need.

use serde::{Deserialize, Serialize};

use crate::units;

/// One inverter, a file of `data/inverters/`: a two-level three-phase bridge of six switches.
///
/// Currents are phase currents. A *switch* is everything in parallel in one of the six positions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inverter {
    /// Schema version, 1.
    pub schema: u32,
    /// Id by which programmes name it.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Where the figures come from.
    pub source: String,
    /// Licence of the figures.
    pub licence: String,
    /// What is assumed, one sentence each.
    #[serde(default)]
    pub assumptions: Vec<String>,
    /// Nominal battery voltage of its class, V.
    #[serde(
        rename = "voltage_class",
        deserialize_with = "units::voltage::positive"
    )]
    pub voltage_class_v: f64,
    /// Highest DC voltage in operation, V.
    #[serde(
        rename = "dc_voltage_max",
        deserialize_with = "units::voltage::positive"
    )]
    pub dc_voltage_max_v: f64,
    /// Voltage that a switch blocks, V.
    #[serde(
        rename = "blocking_voltage",
        deserialize_with = "units::voltage::positive"
    )]
    pub blocking_voltage_v: f64,
    /// Phase current for 30 s, A rms.
    #[serde(
        rename = "peak_current_rms",
        deserialize_with = "units::current::positive"
    )]
    pub peak_current_rms_a: f64,
    /// Switching frequency, Hz.
    #[serde(
        rename = "switching_frequency",
        deserialize_with = "units::frequency::positive"
    )]
    pub switching_frequency_hz: f64,
    /// Dead time of one commutation, s: both switches of a leg are off.
    #[serde(rename = "dead_time", deserialize_with = "units::time::non_negative")]
    pub dead_time_s: f64,
    /// How far control goes from the end of linear modulation, V_dc/√3, to six-step operation,
    /// 2 V_dc/π: 0 without overmodulation, 1 up to six-step.
    #[serde(
        rename = "overmodulation",
        default,
        deserialize_with = "units::fraction::non_negative"
    )]
    pub overmodulation: f64,
    /// Series resistance of the DC-link capacitor with its busbars, Ω; zero leaves its loss out.
    #[serde(
        rename = "dc_link_resistance",
        default,
        deserialize_with = "units::resistance::non_negative"
    )]
    pub dc_link_resistance_ohm: f64,
    /// Highest junction temperature in continuous operation, K.
    #[serde(
        rename = "junction_limit",
        deserialize_with = "units::temperature::positive"
    )]
    pub junction_limit_k: f64,
    /// Transistor dies of the whole inverter, m².
    #[serde(rename = "transistor_area", deserialize_with = "units::area::positive")]
    pub transistor_area_m2: f64,
    /// Diode dies of the whole inverter, m²; zero where the transistor's own diode is used.
    #[serde(rename = "diode_area", deserialize_with = "units::area::non_negative")]
    pub diode_area_m2: f64,
    /// Mass with DC-link capacitor, gate drivers and busbars, its lid, without shared housing, kg.
    #[serde(rename = "mass", deserialize_with = "units::mass::positive")]
    pub mass_kg: f64,
    /// Power of control and gate drivers, drawn whenever the inverter is awake, W.
    #[serde(
        rename = "standby_power",
        deserialize_with = "units::power::non_negative"
    )]
    pub standby_power_w: f64,
    /// The switch.
    pub device: Device,
}

/// Semiconductor technology.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Technology {
    /// Silicon IGBT with silicon diode.
    SiIgbt,
    /// Silicon-carbide MOSFET with synchronous conduction.
    SicMosfet,
}

/// The parameters of one switch, by technology.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Device {
    /// Silicon IGBT with silicon diode.
    SiIgbt(IgbtSwitch),
    /// Silicon-carbide MOSFET with synchronous conduction.
    SicMosfet(MosfetSwitch),
}

/// An IGBT and its antiparallel diode.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IgbtSwitch {
    /// The transistor.
    pub transistor: BipolarPart,
    /// The diode.
    pub diode: BipolarPart,
}

/// A part with a threshold: forward voltage v = v_0 + r · i, and an energy per switching cycle.
///
/// Every parameter is linear in junction temperature, x(T) = x · (1 + x_per_k · (T − T_ref)).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BipolarPart {
    /// Temperature T_ref at which the figures hold, K.
    #[serde(
        rename = "reference_temperature",
        deserialize_with = "units::temperature::positive"
    )]
    pub reference_temperature_k: f64,
    /// Threshold v_0, V.
    #[serde(
        rename = "threshold",
        deserialize_with = "units::voltage::non_negative"
    )]
    pub threshold_v: f64,
    /// Relative change of the threshold, 1/K.
    pub threshold_per_k: f64,
    /// Slope resistance r, Ω.
    #[serde(
        rename = "resistance",
        deserialize_with = "units::resistance::positive"
    )]
    pub resistance_ohm: f64,
    /// Relative change of the resistance, 1/K.
    pub resistance_per_k: f64,
    /// Energy per switching cycle (on + off; recovery for a diode) at the reference point.
    pub energy: SwitchingEnergy,
    /// Junction to coolant, K/W.
    #[serde(
        rename = "thermal_resistance",
        deserialize_with = "units::thermal_resistance::positive"
    )]
    pub thermal_resistance_k_per_w: f64,
    /// The same as a Foster chain; empty where only the steady value is known.
    #[serde(default)]
    pub thermal_chain: Vec<ThermalStage>,
}

/// A MOSFET that conducts both ways; its body diode conducts in the dead time only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MosfetSwitch {
    /// Temperature T_ref at which the figures hold, K.
    #[serde(
        rename = "reference_temperature",
        deserialize_with = "units::temperature::positive"
    )]
    pub reference_temperature_k: f64,
    /// On-resistance with package, Ω.
    #[serde(
        rename = "resistance",
        deserialize_with = "units::resistance::positive"
    )]
    pub resistance_ohm: f64,
    /// Relative change of the resistance, 1/K.
    pub resistance_per_k: f64,
    /// Energy per switching cycle, on + off with recovery.
    pub energy: SwitchingEnergy,
    /// Forward voltage of the body diode, V.
    #[serde(
        rename = "body_diode_voltage",
        deserialize_with = "units::voltage::non_negative"
    )]
    pub body_diode_voltage_v: f64,
    /// Junction to coolant, K/W.
    #[serde(
        rename = "thermal_resistance",
        deserialize_with = "units::thermal_resistance::positive"
    )]
    pub thermal_resistance_k_per_w: f64,
    /// The same as a Foster chain; empty where only the steady value is known.
    #[serde(default)]
    pub thermal_chain: Vec<ThermalStage>,
}

/// One stage of a Foster chain: Z(t) = Σ R (1 − exp(−t/τ)).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThermalStage {
    /// R, K/W.
    #[serde(
        rename = "resistance",
        deserialize_with = "units::thermal_resistance::positive"
    )]
    pub resistance_k_per_w: f64,
    /// τ, s.
    #[serde(rename = "time_constant", deserialize_with = "units::time::positive")]
    pub time_constant_s: f64,
}

/// E = E_ref · (i / i_ref)^k_i · (V / V_ref)^k_v · (1 + per_k · (T − T_ref)).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchingEnergy {
    /// E_ref, J.
    #[serde(
        rename = "at_reference",
        deserialize_with = "units::energy::non_negative"
    )]
    pub at_reference_j: f64,
    /// i_ref, A.
    #[serde(
        rename = "reference_current",
        deserialize_with = "units::current::positive"
    )]
    pub reference_current_a: f64,
    /// V_ref, V.
    #[serde(
        rename = "reference_voltage",
        deserialize_with = "units::voltage::positive"
    )]
    pub reference_voltage_v: f64,
    /// k_i.
    pub current_exponent: f64,
    /// k_v.
    pub voltage_exponent: f64,
    /// Relative change with junction temperature, 1/K.
    pub per_k: f64,
}

impl Inverter {
    /// Its technology.
    #[must_use]
    pub fn technology(&self) -> Technology {
        match self.device {
            Device::SiIgbt(_) => Technology::SiIgbt,
            Device::SicMosfet(_) => Technology::SicMosfet,
        }
    }

    /// Amplitude of the phase current for 30 s, A.
    #[must_use]
    pub fn peak_current_a(&self) -> f64 {
        std::f64::consts::SQRT_2 * self.peak_current_rms_a
    }
}
