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
    /// Resistance, charging and discharging, Ω: one for every charge, or one at each charge of the
    /// open-circuit voltage.
    #[serde(
        rename(deserialize = "resistance"),
        deserialize_with = "checks::resistances"
    )]
    pub resistance_ohm: Vec<f64>,
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
        let given = self.resistance_ohm.len();
        if given != 1 && given != ocv.len() {
            return Err(format!(
                "`resistance` has {given} values: must be one for every charge, or {} at the charges of \
                 `open_circuit_voltage`",
                ocv.len()
            ));
        }
        self.check_power()
    }

    fn check_power(&self) -> Result<(), String> {
        let (charge, deliverable_w) = self.least_deliverable_w();
        if self.discharge_power_w <= deliverable_w {
            return Ok(());
        }
        let which = if charge > 0.0 {
            format!("battery at {:.0} % charge", 100.0 * charge)
        } else {
            "empty battery".to_owned()
        };
        Err(format!(
            "discharge power {:.0} kW is more than the {which} can deliver through its resistance, \
             {:.0} kW",
            self.discharge_power_w / 1e3,
            deliverable_w / 1e3
        ))
    }

    /// The charge at which the battery can deliver least, and that power, W.
    ///
    /// A source of voltage U behind R delivers at most U² / (4 R). Where both are linear that is convex:
    /// least at an end, or where R dU² = U² dR.
    fn least_deliverable_w(&self) -> (f64, f64) {
        let lines = self.open_circuit_voltage_v.windows(2).enumerate();
        #[allow(clippy::cast_precision_loss)]
        let count = lines.len() as f64;
        let least = lines.flat_map(|(i, voltage)| {
            let resistance = self.resistance_ohm.get(i..i + 2);
            let resistance = resistance.map_or([self.resistance_ohm[0]; 2], |two| [two[0], two[1]]);
            let (rise, change) = (voltage[1] - voltage[0], resistance[1] - resistance[0]);
            let foot = voltage[0] / rise - 2.0 * resistance[0] / change;
            let ends_and_foot = [0.0, 1.0, foot].into_iter();
            let within = ends_and_foot.filter(|t| (0.0..=1.0).contains(t));
            within.map(move |t| {
                let (u, r) = (voltage[0] + rise * t, resistance[0] + change * t);
                #[allow(clippy::cast_precision_loss)]
                let charge = (i as f64 + t) / count;
                (charge, u * u / (4.0 * r.max(1e-9)))
            })
        });
        least.fold((0.0, f64::INFINITY), |a, b| if b.1 < a.1 { b } else { a })
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
