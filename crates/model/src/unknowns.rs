//! What is not known of a real unit: for each quantity a range or other grades, with the source.

use serde::{Deserialize, Deserializer};

use crate::units::{
    self, Dimension, HINT_MARK, Sign, conductivity, fraction, heat_transfer, temperature, voltage,
    volume_flow,
};

/// `[unknown]` of a unit file; what is left out counts as known.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unknowns {
    /// Lamination, beside that of the section.
    pub steel: Option<Grades>,
    /// Magnets, beside those of the section.
    pub magnet: Option<Grades>,
    /// Voltage at the DC terminals, V.
    #[serde(default, deserialize_with = "of_voltage")]
    pub dc_voltage: Option<Range>,
    /// Coolant at the inlet of the inverter, K.
    #[serde(default, deserialize_with = "of_temperature")]
    pub coolant_inlet: Option<Range>,
    /// Flow of the coolant, m³/s.
    #[serde(default, deserialize_with = "of_flow")]
    pub coolant_flow: Option<Range>,
    /// Contact of stack and housing, W/(m²·K).
    #[serde(default, deserialize_with = "of_heat_transfer")]
    pub contact: Option<Range>,
    /// Conductivity of the filled slot across the conductors, W/(m·K).
    #[serde(default, deserialize_with = "of_conductivity")]
    pub slot_conductivity: Option<Range>,
    /// Copper over winding area of a slot.
    #[serde(default, deserialize_with = "of_fraction")]
    pub copper_fill: Option<Range>,
    /// Iron loss of the built stack over that of the element waveforms.
    #[serde(default, deserialize_with = "of_fraction")]
    pub iron_build_factor: Option<Range>,
    /// Housing over active mass.
    #[serde(default, deserialize_with = "of_fraction")]
    pub housing_share: Option<Range>,
}

/// Shipped grades that the part may be made of.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grades {
    /// Their names.
    pub values: Vec<String>,
    /// Why these; `assumption: …` where no source says so.
    pub source: String,
}

/// Two ends between which a quantity lies, both above zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// Lower end, in the unit of the quantity.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Both as written.
    pub written: [String; 2],
    /// Why these; `assumption: …` where no source says so.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRange {
    low: String,
    high: String,
    source: String,
}

fn range<'de, D: Deserializer<'de>>(d: D, dimension: Dimension) -> Result<Option<Range>, D::Error> {
    let WrittenRange { low, high, source } = WrittenRange::deserialize(d)?;
    let value =
        |text| units::parse(text, dimension, Sign::Positive).map_err(serde::de::Error::custom);
    let range = Range {
        low: value(&low)?,
        high: value(&high)?,
        written: [low, high],
        source,
    };
    if range.low < range.high {
        return Ok(Some(range));
    }
    let [low, high] = &range.written;
    let hint = "swap them, or leave the quantity out if it is known";
    let message = format!("`low` is {low}: must be below `high`, {high}{HINT_MARK}{hint}");
    Err(serde::de::Error::custom(message))
}

macro_rules! readers {
    ($($name:ident: $dimension:expr),* $(,)?) => {
        $(fn $name<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Range>, D::Error> {
            range(d, $dimension)
        })*
    };
}

readers! {
    of_voltage: voltage::VOLTAGE,
    of_temperature: temperature::TEMPERATURE,
    of_flow: volume_flow::VOLUME_FLOW,
    of_heat_transfer: heat_transfer::HEAT_TRANSFER,
    of_conductivity: conductivity::CONDUCTIVITY,
    of_fraction: fraction::FRACTION,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Source;

    #[derive(Debug, Deserialize)]
    struct File {
        #[allow(dead_code)]
        schema: u32,
        unknown: Unknowns,
    }

    fn read(body: &str) -> Result<Unknowns, crate::input::InputError> {
        let text = format!("schema = 1\n[unknown]\n{body}\n");
        let file: File = Source::shipped("unit.toml", &text).parse()?;
        Ok(file.unknown)
    }

    #[test]
    fn ranges_are_read_with_their_units_and_their_source() {
        let unknown = read(
            "coolant_flow = { low = \"6 L/min\", high = \"12 L/min\", source = \"assumption\" }\n\
             magnet = { values = [\"N38EH\"], source = \"assumption\" }",
        )
        .unwrap();
        let flow = unknown.coolant_flow.unwrap();
        assert!((flow.low - 1e-4).abs() < 1e-12 && (flow.high - 2e-4).abs() < 1e-12);
        assert_eq!(unknown.magnet.unwrap().values, ["N38EH"]);
        assert_eq!(unknown.steel, None);
    }

    #[test]
    fn ranges_that_are_none_are_refused_with_their_values() {
        for (body, part) in [
            (
                "contact = { low = \"3000 W/(m2K)\", high = \"600 W/(m2K)\", source = \"s\" }",
                "`low` is 3000 W/(m2K): must be below `high`, 600 W/(m2K)",
            ),
            (
                "contact = { low = \"600 W\", high = \"700 W\", source = \"s\" }",
                "not a unit of heat transfer coefficient",
            ),
            (
                "coolant_flow = { low = \"-1 L/min\", high = \"7 L/min\", source = \"s\" }",
                "above zero",
            ),
            (
                "contact = { low = \"600 W/(m2K)\", high = \"700 W/(m2K)\" }",
                "source",
            ),
            (
                "paint = { low = \"1\", high = \"2\", source = \"s\" }",
                "paint",
            ),
        ] {
            let error = read(body).unwrap_err();
            assert_eq!(error.line_column().map(|at| at.0), Some(3), "{error}");
            assert!(error.message.contains(part), "{error}");
        }
    }
}
