//! Device data that no inverter has, refused by name and limit.

use std::ops::RangeInclusive;

use codrive_model::inverter::{BipolarPart, Device, Inverter, SwitchingEnergy, ThermalStage};

use crate::error::DriveError;

/// Temperatures between which every parameter must stay above zero: 25 °C, and the junction limit.
const COLD_K: f64 = 298.15;

/// Refuses an inverter whose data cannot be.
pub(super) fn check(inverter: &Inverter) -> Result<(), DriveError> {
    let check = Check { inverter };
    check.bridge()?;
    match &inverter.device {
        Device::SiIgbt(s) => {
            check.part(&s.transistor, "device.si-igbt.transistor")?;
            check.part(&s.diode, "device.si-igbt.diode")?;
            check.within("diode_area", " in m²", inverter.diode_area_m2, 1e-9..=1.0)
        }
        Device::SicMosfet(s) => {
            let reference_k = s.reference_temperature_k;
            let named = |key: &str| format!("device.sic-mosfet.{key}");
            check.within(
                &named("body_diode_voltage"),
                " in V",
                s.body_diode_voltage_v,
                0.0..=10.0,
            )?;
            check.linear(&named("resistance_per_k"), s.resistance_per_k, reference_k)?;
            check.energy(&s.energy, &named("energy"), reference_k)?;
            let total = s.thermal_resistance_k_per_w;
            check.chain(&s.thermal_chain, total, &named("thermal_chain"))
        }
    }
}

struct Check<'a> {
    inverter: &'a Inverter,
}

impl Check<'_> {
    fn bridge(&self) -> Result<(), DriveError> {
        let i = self.inverter;
        let kelvin = 298.15..=523.15;
        self.within("junction_limit", " in K", i.junction_limit_k, kelvin)?;
        let highest = i.blocking_voltage_v;
        self.within("dc_voltage_max", " in V", i.dc_voltage_max_v, 1.0..=highest)?;
        let class = 1.0..=i.dc_voltage_max_v;
        self.within("voltage_class", " in V", i.voltage_class_v, class)?;
        self.within("overmodulation", "", i.overmodulation, 0.0..=1.0)?;
        let resistance = 0.0..=0.1;
        self.within(
            "dc_link_resistance",
            " in Ω",
            i.dc_link_resistance_ohm,
            resistance,
        )?;
        let frequency = 100.0..=1e6;
        self.within(
            "switching_frequency",
            " in Hz",
            i.switching_frequency_hz,
            frequency,
        )?;
        // Two dead times in a period leave at least four fifths of it.
        let longest_s = 0.1 / i.switching_frequency_hz;
        self.within("dead_time", " in s", i.dead_time_s, 0.0..=longest_s)
    }

    fn part(&self, part: &BipolarPart, name: &str) -> Result<(), DriveError> {
        let reference_k = part.reference_temperature_k;
        let named = |key: &str| format!("{name}.{key}");
        self.within(&named("threshold"), " in V", part.threshold_v, 0.0..=10.0)?;
        self.linear(&named("threshold_per_k"), part.threshold_per_k, reference_k)?;
        self.linear(
            &named("resistance_per_k"),
            part.resistance_per_k,
            reference_k,
        )?;
        self.energy(&part.energy, &named("energy"), reference_k)?;
        let total = part.thermal_resistance_k_per_w;
        self.chain(&part.thermal_chain, total, &named("thermal_chain"))
    }

    fn energy(&self, e: &SwitchingEnergy, name: &str, reference_k: f64) -> Result<(), DriveError> {
        let exponent = 0.0..=3.0;
        let named = |key: &str| format!("{name}.{key}");
        self.within(
            &named("current_exponent"),
            "",
            e.current_exponent,
            exponent.clone(),
        )?;
        self.within(&named("voltage_exponent"), "", e.voltage_exponent, exponent)?;
        self.linear(&named("per_k"), e.per_k, reference_k)
    }

    /// 1 + per_k (T − T_ref) must stay above zero from 25 °C to the junction limit.
    fn linear(&self, key: &str, per_k: f64, reference_k: f64) -> Result<(), DriveError> {
        let hottest = self.inverter.junction_limit_k - reference_k;
        let coldest = COLD_K - reference_k;
        let lowest = if hottest > 0.0 { -1.0 / hottest } else { -1.0 };
        let highest = if coldest < 0.0 { -1.0 / coldest } else { 1.0 };
        self.within(key, "", per_k, 0.999 * lowest..=0.999 * highest)
    }

    fn chain(&self, chain: &[ThermalStage], total: f64, key: &str) -> Result<(), DriveError> {
        if chain.is_empty() {
            return Ok(());
        }
        let sum: f64 = chain.iter().map(|stage| stage.resistance_k_per_w).sum();
        let of = ", its resistances together in K/W,";
        self.within(key, of, sum, 0.99 * total..=1.01 * total)
    }

    fn within(
        &self,
        key: &str,
        of: &'static str,
        value: f64,
        allowed: RangeInclusive<f64>,
    ) -> Result<(), DriveError> {
        if allowed.contains(&value) {
            return Ok(());
        }
        Err(DriveError::Inverter {
            inverter: self.inverter.id.clone(),
            key: key.to_owned(),
            of,
            value,
            allowed: format!("{} to {}", short(*allowed.start()), short(*allowed.end())),
        })
    }
}

/// Four significant digits.
fn short(value: f64) -> f64 {
    if value == 0.0 {
        return 0.0;
    }
    let power = 10.0_f64.powf(3.0 - value.abs().log10().floor());
    (value * power).round() / power
}
