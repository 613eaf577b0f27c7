//! The high-voltage battery, and what braking may put back into it.

use serde::{Deserialize, Serialize};

use super::checks;

/// High-voltage battery: an open-circuit voltage over charge behind a resistance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Battery {
    /// Energy between empty and full as the driver sees them, J.
    #[serde(
        rename(deserialize = "usable_energy"),
        deserialize_with = "crate::units::energy::positive"
    )]
    pub usable_energy_j: f64,
    /// Nominal voltage, V; decides the voltage class of the inverters.
    #[serde(
        rename(deserialize = "nominal_voltage"),
        deserialize_with = "crate::units::voltage::positive"
    )]
    pub nominal_voltage_v: f64,
    /// Open-circuit voltage at equal steps of charge from empty to full, V, ascending.
    #[serde(
        rename(deserialize = "open_circuit_voltage"),
        deserialize_with = "crate::units::voltage::list"
    )]
    pub open_circuit_voltage_v: Vec<f64>,
    /// Resistance, charging and discharging, Ω.
    #[serde(
        rename(deserialize = "resistance"),
        deserialize_with = "crate::units::resistance::non_negative"
    )]
    pub resistance_ohm: f64,
    /// Largest discharge power at the terminals for some seconds, W.
    #[serde(
        rename(deserialize = "discharge_power"),
        deserialize_with = "crate::units::power::positive"
    )]
    pub discharge_power_w: f64,
    /// Largest charge power at the terminals while braking, W.
    #[serde(
        rename(deserialize = "charge_power"),
        deserialize_with = "crate::units::power::non_negative"
    )]
    pub charge_power_w: f64,
}

checks::checked!(Battery);

impl Battery {
    fn check(&self) -> Result<(), String> {
        let ocv = &self.open_circuit_voltage_v;
        if ocv.len() < 2 || ocv.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err("`open_circuit_voltage` needs two or more values that rise".to_owned());
        }
        let (empty, full, nominal) = (ocv[0], ocv[ocv.len() - 1], self.nominal_voltage_v);
        if !(empty..=full).contains(&nominal) {
            return Err(format!(
                "nominal voltage {nominal} V must lie between the open-circuit voltages of the empty \
                 ({empty} V) and the full battery ({full} V)"
            ));
        }
        // A source of voltage U behind R delivers at most U² / (4 R).
        let deliverable_w = empty * empty / (4.0 * self.resistance_ohm.max(1e-9));
        if self.discharge_power_w > deliverable_w {
            return Err(format!(
                "discharge power {:.0} kW is more than the empty battery can deliver through its \
                 resistance, {:.0} kW",
                self.discharge_power_w / 1e3,
                deliverable_w / 1e3
            ));
        }
        Ok(())
    }
}

/// What braking may recuperate; the rest is friction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Regeneration {
    /// Largest deceleration that the drive units brake with, together, m/s².
    #[serde(
        rename(deserialize = "largest_deceleration"),
        deserialize_with = "checks::deceleration"
    )]
    pub largest_deceleration_m_s2: f64,
    /// Above this vehicle speed recuperation is full, m/s.
    #[serde(
        rename(deserialize = "full_above"),
        deserialize_with = "crate::units::speed::non_negative"
    )]
    pub full_above_m_s: f64,
    /// Below this vehicle speed there is none, m/s; linear in between.
    #[serde(
        rename(deserialize = "none_below"),
        deserialize_with = "crate::units::speed::non_negative"
    )]
    pub none_below_m_s: f64,
}

checks::checked!(Regeneration);

impl Regeneration {
    fn check(&self) -> Result<(), String> {
        if self.none_below_m_s >= self.full_above_m_s {
            return Err(
                "recuperation must fade out: `none_below` has to be below `full_above`".into(),
            );
        }
        if self.largest_deceleration_m_s2 > 10.0 {
            return Err(format!(
                "a largest deceleration of {} m/s² is beyond tyres: at most 10 m/s²",
                self.largest_deceleration_m_s2
            ));
        }
        Ok(())
    }
}
