//! A drive unit as a person enters it: its modules, its voltage, how hot and how cooled it runs.

use serde::Deserialize;
use toml::Spanned;

use crate::input::{InputError, Source};
use crate::units::{current, rotation, temperature, time, torque, voltage, volume_flow};
use crate::unknowns::Unknowns;

/// One unit file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitFile {
    /// Schema version, 1.
    pub schema: u32,
    /// Id.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Where the figures come from.
    pub source: String,
    /// What is assumed rather than known.
    #[serde(default)]
    pub assumptions: Vec<String>,
    /// Shipped machine by id, or a machine file (`own.toml`) beside this one.
    pub machine: Spanned<String>,
    /// Shipped inverter by id, or an inverter file beside this one.
    pub inverter: Spanned<String>,
    /// Shipped gear set by id, or a gear set file beside this one.
    pub gear_set: Spanned<String>,
    /// Voltage at the DC terminals, V.
    #[serde(rename = "dc_voltage", deserialize_with = "voltage::positive")]
    pub dc_voltage_v: f64,
    /// Highest phase current for 30 s, A rms; the inverter's own where left out.
    #[serde(default, rename = "peak_current_rms")]
    #[serde(deserialize_with = "current::optional_positive")]
    pub peak_current_rms_a: Option<f64>,
    /// Temperatures of the maps and limits; the defaults where left out.
    #[serde(default)]
    pub temperatures: UnitTemperatures,
    /// At what else losses and envelopes are tabulated.
    #[serde(default)]
    pub maps: UnitMaps,
    /// Cooling; a water jacket where left out.
    #[serde(default)]
    pub cooling: UnitCooling,
    /// What is not known of the real unit, within which ranges.
    #[serde(default)]
    pub unknown: Unknowns,
    /// What the temperatures over time are shown for, one step after the other; all the torque there is
    /// at the speed of the largest power, for half an hour, where left out.
    #[serde(default)]
    pub duty: Vec<DutyStep>,
}

/// Temperatures of a unit's maps, K; what is left out keeps its default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitTemperatures {
    /// Winding temperature of the maps.
    #[serde(default, rename = "winding")]
    #[serde(deserialize_with = "temperature::optional_positive")]
    pub winding_k: Option<f64>,
    /// Highest winding temperature, at the hottest place.
    #[serde(default, rename = "winding_limit")]
    #[serde(deserialize_with = "temperature::optional_positive")]
    pub winding_limit_k: Option<f64>,
    /// Highest magnet temperature.
    #[serde(default, rename = "magnet_limit")]
    #[serde(deserialize_with = "temperature::optional_positive")]
    pub magnet_limit_k: Option<f64>,
}

/// Conditions of the tables of losses and envelopes: every voltage with every temperature. A list that is left out
/// has the unit's own value.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitMaps {
    /// Voltages at the DC terminals, V.
    #[serde(default, rename = "dc_voltage", deserialize_with = "voltage::list")]
    pub dc_voltages_v: Vec<f64>,
    /// Winding temperatures, K.
    #[serde(default, rename = "winding", deserialize_with = "temperature::list")]
    pub windings_k: Vec<f64>,
    /// Magnet temperatures, K: each has its own flux map.
    #[serde(default, rename = "magnets", deserialize_with = "temperature::list")]
    pub magnets_k: Vec<f64>,
    /// Oil temperatures of the gear set, K.
    #[serde(default, rename = "oil", deserialize_with = "temperature::list")]
    pub oils_k: Vec<f64>,
}

/// How a unit is cooled; what is left out keeps its default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitCooling {
    /// What reaches the winding.
    #[serde(default)]
    pub kind: CoolingKind,
    /// Coolant at the inlet of the inverter, K.
    #[serde(default, rename = "coolant_inlet")]
    #[serde(deserialize_with = "temperature::optional_positive")]
    pub coolant_inlet_k: Option<f64>,
    /// Flow of the coolant, m³/s.
    #[serde(default, rename = "coolant_flow")]
    #[serde(deserialize_with = "volume_flow::optional_positive")]
    pub coolant_flow_m3_per_s: Option<f64>,
}

/// What reaches the winding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoolingKind {
    /// A water jacket around the stack.
    #[default]
    WaterJacket,
    /// The jacket, and oil on end windings and rotor.
    OilSpray,
}

/// A speed and a torque asked for, held for a time.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyStep {
    /// How long, s.
    #[serde(rename = "time", deserialize_with = "time::positive")]
    pub seconds: f64,
    /// Motor speed, rad/s.
    #[serde(rename = "speed", deserialize_with = "rotation::non_negative")]
    pub speed_rad_per_s: f64,
    /// Torque asked for on the motor shaft, N·m; negative when recuperating.
    #[serde(rename = "torque", deserialize_with = "torque::any")]
    pub torque_nm: f64,
}

impl UnitFile {
    /// Reads a unit file.
    ///
    /// # Errors
    /// What [`Source::parse`] finds, with file, line and hint.
    pub fn read(source: &Source) -> Result<Self, InputError> {
        source.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: &str = "schema = 1\nid = \"own-unit\"\nname = \"Own\"\nsource = \"test\"\nmachine = \"bmw-i3\"\n\
         inverter = \"si-400v-450a\"\ngear_set = \"own-gear.toml\"\ndc_voltage = \"350 V\"\n";

    fn read(text: &str) -> Result<UnitFile, InputError> {
        UnitFile::read(&Source::shipped("unit.toml", text))
    }

    #[test]
    fn what_is_left_out_keeps_its_default() {
        let unit = read(UNIT).unwrap();
        assert_eq!(unit.dc_voltage_v, 350.0);
        assert_eq!(unit.cooling.kind, CoolingKind::WaterJacket);
        assert_eq!(unit.temperatures, UnitTemperatures::default());
        assert!(unit.duty.is_empty());
    }

    #[test]
    fn cooling_and_duty_are_read_with_their_units() {
        let text = format!(
            "{UNIT}[temperatures]\nwinding_limit = \"180 degC\"\n[cooling]\nkind = \"oil-spray\"\n\
             coolant_flow = \"6 L/min\"\n[[duty]]\ntime = \"1 min\"\nspeed = \"3000 rpm\"\ntorque = \"-50 Nm\"\n"
        );
        let unit = read(&text).unwrap();
        assert!((unit.temperatures.winding_limit_k.unwrap() - 453.15).abs() < 1e-9);
        assert_eq!(unit.cooling.kind, CoolingKind::OilSpray);
        assert!((unit.cooling.coolant_flow_m3_per_s.unwrap() - 1e-4).abs() < 1e-12);
        assert_eq!(
            (unit.duty[0].seconds, unit.duty[0].torque_nm),
            (60.0, -50.0)
        );
    }

    #[test]
    fn conditions_of_tables_are_lists() {
        let text = format!(
            "{UNIT}[maps]\ndc_voltage = [\"300 V\", \"0.4 kV\"]\nmagnets = [\"20 degC\", \"120 degC\"]\n"
        );
        let maps = read(&text).unwrap().maps;
        assert_eq!(maps.dc_voltages_v, [300.0, 400.0]);
        assert!((maps.magnets_k[1] - 393.15).abs() < 1e-9 && maps.windings_k.is_empty());
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        for (from, to, line, part) in [
            ("350 V", "0 V", 8, "above zero"),
            ("350 V", "350 A", 8, "voltage"),
            ("gear_set", "gearset", 7, "unknown key"),
            (
                "dc_voltage = \"350 V\"",
                "cooling = { kind = \"air\" }",
                8,
                "unknown variant",
            ),
        ] {
            let error = read(&UNIT.replace(from, to)).unwrap_err();
            assert_eq!(error.line_column().map(|at| at.0), Some(line), "{error}");
            assert!(error.message.contains(part), "{error}");
        }
    }
}
