//! Quantities as people write them (`"125 kW"`, `"11400rpm"`, `"250 N·m"`), read into SI numbers.
//!
//! Each dimension is a module with three readers for serde's `deserialize_with`:
//! `positive`, `non_negative` and `any`, and `optional_positive` for `Option<f64>`:
//!
//! ```
//! #[derive(serde::Deserialize)]
//! struct Stack {
//!     #[serde(rename = "length", deserialize_with = "codrive_model::units::length::positive")]
//!     length_m: f64,
//! }
//! let stack: Stack = toml::from_str("length = \"132 mm\"").unwrap();
//! assert_eq!(stack.length_m, 0.132);
//! ```
//!
//! A message may carry a hint after [`HINT_MARK`]; [`crate::input`] shows it apart.

use serde::Deserialize;

/// Separates what is wrong from what to try in an error message raised here.
pub const HINT_MARK: char = '\u{1f}';

/// What a quantity's sign may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Above zero.
    Positive,
    /// Zero or above.
    NonNegative,
    /// Any finite value.
    Any,
}

/// A physical dimension: its name and the units it may be written in.
#[derive(Clone, Copy, Debug)]
pub struct Dimension {
    /// The word used in messages, such as `power`.
    pub name: &'static str,
    /// Unit symbol, factor to SI, offset to SI (`si = value * factor + offset`).
    pub units: &'static [(&'static str, f64, f64)],
    /// A value to show as an example.
    pub example: &'static str,
}

/// A number in a message: twelve digits, without what arithmetic leaves in the last ones.
///
/// ```
/// use codrive_model::units::Shown;
/// assert_eq!(115.0 * 0.01, 1.1500000000000001);
/// assert_eq!(Shown(115.0 * 0.01).to_string(), "1.15");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown(pub f64);

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rounded = format!("{:.11e}", self.0).parse().unwrap_or(self.0);
        std::fmt::Display::fmt(&rounded, f)
    }
}

/// Reads one quantity.
///
/// # Errors
/// A message that says what is wrong and, after [`HINT_MARK`], what to try.
pub fn parse(text: &str, dimension: Dimension, sign: Sign) -> Result<f64, String> {
    let text = text.trim();
    let split = number_end(text);
    let (number, unit) = text.split_at(split);
    let unit = unit
        .trim()
        .replace(['·', '*'], " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join("");
    let example = dimension.example;
    let Ok(value) = number.replace('_', "").parse::<f64>() else {
        return Err(format!(
            "`{text}` is not a quantity{HINT_MARK}write a number and a unit, such as \"{example}\""
        ));
    };
    if unit.is_empty() && !dimension.units.iter().any(|(symbol, ..)| symbol.is_empty()) {
        return Err(format!(
            "`{text}` has no unit{HINT_MARK}a {} is written with its unit, such as \"{example}\"",
            dimension.name
        ));
    }
    let found = dimension
        .units
        .iter()
        .find(|(symbol, ..)| normal(symbol) == unit);
    let Some((_, factor, offset)) = found else {
        let allowed: Vec<&str> = dimension
            .units
            .iter()
            .map(|(symbol, ..)| *symbol)
            .filter(|s| !s.is_empty())
            .collect();
        return Err(format!(
            "`{unit}` is not a unit of {}{HINT_MARK}allowed: {}; for example \"{example}\"",
            dimension.name,
            allowed.join(", ")
        ));
    };
    let value_si = value * factor + offset;
    let allowed = match sign {
        Sign::Positive if value_si <= 0.0 => "above zero",
        Sign::NonNegative if value_si < 0.0 => "zero or above",
        _ if !value_si.is_finite() => "finite",
        _ => return Ok(value_si),
    };
    Err(format!(
        "{text} is out of range: must be {allowed}{HINT_MARK}for example \"{example}\""
    ))
}

fn normal(symbol: &str) -> String {
    symbol.replace(['·', '*', ' '], "")
}

/// The byte index where the leading number of `text` ends.
fn number_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut i = 0;
    if i < bytes.len() && matches!(bytes[i], b'+' | b'-') {
        i += 1;
    }
    while i < bytes.len() && (bytes[i].is_ascii_digit() || matches!(bytes[i], b'.' | b'_')) {
        i += 1;
    }
    if i + 1 < bytes.len() && matches!(bytes[i], b'e' | b'E') {
        let after_sign = if matches!(bytes[i + 1], b'+' | b'-') {
            i + 2
        } else {
            i + 1
        };
        if after_sign < bytes.len() && bytes[after_sign].is_ascii_digit() {
            i = after_sign;
            while i < bytes.len() && bytes[i].is_ascii_digit() {
                i += 1;
            }
        }
    }
    i
}

/// A TOML value where a quantity belongs: text, or a bare number (refused with a hint).
struct Written(Result<String, f64>);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Written;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a quantity with its unit, in quotes")
            }
            fn visit_str<E>(self, text: &str) -> Result<Written, E> {
                Ok(Written(Ok(text.to_owned())))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Written, E> {
                Ok(Written(Err(value)))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Written, E> {
                #[allow(clippy::cast_precision_loss)]
                Ok(Written(Err(value as f64)))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// Reads a quantity of `dimension` from a TOML value.
///
/// # Errors
/// As [`parse`]; a bare number is refused where the dimension has units.
pub fn deserialize<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
    dimension: Dimension,
    sign: Sign,
) -> Result<f64, D::Error> {
    let text = match Written::deserialize(deserializer)?.0 {
        Ok(text) => text,
        Err(number) => number.to_string(),
    };
    parse(&text, dimension, sign).map_err(serde::de::Error::custom)
}

/// Most values of a range.
const MOST_STEPS: f64 = 1_000.0;

/// The values of a range, both ends among them.
///
/// # Errors
/// Ends in the wrong order, a step that does not divide the range, or more than a thousand values.
pub fn steps(from: f64, to: f64, step: f64) -> Result<Vec<f64>, String> {
    let count = ((to - from) / step).round();
    if to < from {
        return Err(format!(
            "the range ends before it begins{HINT_MARK}`from` is the lower end"
        ));
    }
    if (from + count * step - to).abs() > 1e-6 * step {
        let hint = "(to - from) / step is a whole number";
        return Err(format!(
            "the step does not meet the range's end{HINT_MARK}{hint}"
        ));
    }
    if count >= MOST_STEPS {
        return Err(format!(
            "{count} steps are too many{HINT_MARK}at most {MOST_STEPS}"
        ));
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let last = count as u32;
    let share = |i: u32| f64::from(i) / count.max(1.0);
    Ok((0..=last)
        .map(|i| from * (1.0 - share(i)) + to * share(i))
        .collect())
}

macro_rules! dimension {
    ($(#[$doc:meta])* $module:ident, $constant:ident, $name:literal, $example:literal, [$(($symbol:literal, $factor:expr, $offset:expr)),* $(,)?]) => {
        $(#[$doc])*
        pub mod $module {
            use super::{Deserialize, Dimension, Sign};
            /// Name and units of this dimension.
            pub const $constant: Dimension = Dimension {
                name: $name,
                units: &[$(($symbol, $factor, $offset)),*],
                example: $example,
            };
            /// Reads a value above zero. # Errors: see [`super::parse`].
            pub fn positive<'de, D: serde::Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
                super::deserialize(d, $constant, Sign::Positive)
            }
            /// Reads a value of zero or above. # Errors: see [`super::parse`].
            pub fn non_negative<'de, D: serde::Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
                super::deserialize(d, $constant, Sign::NonNegative)
            }
            /// Reads any finite value. # Errors: see [`super::parse`].
            pub fn any<'de, D: serde::Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
                super::deserialize(d, $constant, Sign::Any)
            }
            /// Reads a value above zero that may be left out (with `#[serde(default)]`). # Errors: see [`super::parse`].
            pub fn optional_positive<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<f64>, D::Error> {
                super::deserialize(d, $constant, Sign::Positive).map(Some)
            }
            /// Reads a list of values above zero. # Errors: see [`super::parse`].
            pub fn list<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Vec<f64>, D::Error> {
                struct One(f64);
                impl<'de> Deserialize<'de> for One {
                    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                        positive(d).map(One)
                    }
                }
                Ok(Vec::<One>::deserialize(d)?.into_iter().map(|one| one.0).collect())
            }
            /// Reads values above zero: a list, or a range `{ from = .., to = .., step = .. }` with both
            /// ends. # Errors: see [`super::parse`] and [`super::steps`].
            pub fn list_or_range<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Vec<f64>, D::Error> {
                #[derive(Deserialize)]
                #[serde(deny_unknown_fields)]
                struct Range {
                    #[serde(deserialize_with = "positive")]
                    from: f64,
                    #[serde(deserialize_with = "positive")]
                    to: f64,
                    #[serde(deserialize_with = "positive")]
                    step: f64,
                }
                struct Visitor;
                impl<'de> serde::de::Visitor<'de> for Visitor {
                    type Value = Vec<f64>;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(f, "a list such as [\"{0}\"], or a range with from, to and step", $example)
                    }
                    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, seq: A) -> Result<Vec<f64>, A::Error> {
                        list(serde::de::value::SeqAccessDeserializer::new(seq))
                    }
                    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Vec<f64>, A::Error> {
                        let range = Range::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                        super::steps(range.from, range.to, range.step).map_err(serde::de::Error::custom)
                    }
                }
                d.deserialize_any(Visitor)
            }
            /// Reads one value of any sign from text. # Errors: see [`super::parse`].
            pub fn parse(text: &str) -> Result<f64, String> {
                super::parse(text, $constant, Sign::Any)
            }
        }
    };
}

const DEGREE: f64 = std::f64::consts::PI / 180.0;
const RPM: f64 = std::f64::consts::PI / 30.0;

dimension!(/// Lengths in m.
    length, LENGTH, "length", "0.7 mm", [("mm", 1e-3, 0.0), ("m", 1.0, 0.0), ("cm", 1e-2, 0.0), ("um", 1e-6, 0.0), ("µm", 1e-6, 0.0)]);
dimension!(/// Angles in rad.
    angle, ANGLE, "angle", "45 deg", [("deg", super::DEGREE, 0.0), ("°", super::DEGREE, 0.0), ("rad", 1.0, 0.0)]);
dimension!(/// Masses in kg.
    mass, MASS, "mass", "1345 kg", [("kg", 1.0, 0.0), ("g", 1e-3, 0.0), ("t", 1e3, 0.0), ("lb", 0.453_592_37, 0.0)]);
dimension!(/// Powers in W.
    power, POWER, "power", "125 kW", [("kW", 1e3, 0.0), ("W", 1.0, 0.0), ("MW", 1e6, 0.0)]);
dimension!(/// Energies in J.
    energy, ENERGY, "energy", "37.9 kWh", [("kWh", 3.6e6, 0.0), ("Wh", 3.6e3, 0.0), ("MJ", 1e6, 0.0), ("mJ", 1e-3, 0.0), ("kJ", 1e3, 0.0), ("J", 1.0, 0.0)]);
dimension!(/// Torques in N m.
    torque, TORQUE, "torque", "250 Nm", [("Nm", 1.0, 0.0), ("kNm", 1e3, 0.0)]);
dimension!(/// Forces in N.
    force, FORCE, "force", "102 N", [("N", 1.0, 0.0), ("kN", 1e3, 0.0), ("lbf", 4.448_221_615_260_5, 0.0)]);
dimension!(/// Forces over vehicle speed, in N per m/s.
    force_per_speed, FORCE_PER_SPEED, "force per speed", "3.44 N/(m/s)", [("N/(m/s)", 1.0, 0.0), ("Ns/m", 1.0, 0.0), ("N/(km/h)", 3.6, 0.0), ("lbf/mph", 4.448_221_615_260_5 / 0.447_04, 0.0)]);
dimension!(/// Forces over the square of vehicle speed, in N per (m/s)².
    force_per_speed2, FORCE_PER_SPEED2, "force per speed squared", "0.362 N/(m/s)2", [("N/(m/s)2", 1.0, 0.0), ("N/(m/s)^2", 1.0, 0.0), ("N/(m/s)²", 1.0, 0.0), ("Ns2/m2", 1.0, 0.0), ("N/(km/h)2", 12.96, 0.0), ("lbf/mph2", 4.448_221_615_260_5 / (0.447_04 * 0.447_04), 0.0)]);
dimension!(/// Vehicle speeds in m/s.
    speed, SPEED, "vehicle speed", "150 km/h", [("km/h", 1.0 / 3.6, 0.0), ("m/s", 1.0, 0.0), ("mph", 0.447_04, 0.0)]);
dimension!(/// Rotational speeds in rad/s.
    rotation, ROTATION, "rotational speed", "11400 rpm", [("rpm", super::RPM, 0.0), ("1/min", super::RPM, 0.0), ("rad/s", 1.0, 0.0)]);
dimension!(/// Times in s.
    time, TIME, "time", "7.2 s", [("s", 1.0, 0.0), ("ms", 1e-3, 0.0), ("us", 1e-6, 0.0), ("µs", 1e-6, 0.0), ("min", 60.0, 0.0), ("h", 3600.0, 0.0)]);
dimension!(/// Currents in A.
    current, CURRENT, "current", "400 A", [("A", 1.0, 0.0), ("kA", 1e3, 0.0)]);
dimension!(/// Voltages in V.
    voltage, VOLTAGE, "voltage", "360 V", [("V", 1.0, 0.0), ("kV", 1e3, 0.0), ("mV", 1e-3, 0.0)]);
dimension!(/// Resistances in Ω.
    resistance, RESISTANCE, "resistance", "80 mohm", [("mohm", 1e-3, 0.0), ("mΩ", 1e-3, 0.0), ("ohm", 1.0, 0.0), ("Ω", 1.0, 0.0), ("uohm", 1e-6, 0.0)]);
dimension!(/// Frequencies in Hz.
    frequency, FREQUENCY, "frequency", "10 kHz", [("kHz", 1e3, 0.0), ("Hz", 1.0, 0.0)]);
dimension!(/// Temperatures in K.
    temperature, TEMPERATURE, "temperature", "100 degC", [("degC", 1.0, 273.15), ("°C", 1.0, 273.15), ("K", 1.0, 0.0)]);
dimension!(/// Magnetic flux densities in T.
    flux_density, FLUX_DENSITY, "flux density", "1.2 T", [("T", 1.0, 0.0), ("mT", 1e-3, 0.0)]);
dimension!(/// Areas in m².
    area, AREA, "area", "2.38 m2", [("m2", 1.0, 0.0), ("m²", 1.0, 0.0), ("mm2", 1e-6, 0.0), ("mm²", 1e-6, 0.0), ("cm2", 1e-4, 0.0)]);
dimension!(/// Ranges and distances in m.
    distance, DISTANCE, "distance", "300 km", [("km", 1e3, 0.0), ("mi", 1_609.344, 0.0), ("m", 1.0, 0.0)]);
dimension!(/// Ratios, without a unit.
    ratio, RATIO, "ratio", "9.5", [("", 1.0, 0.0)]);
dimension!(/// Fractions (1 = 100 %).
    fraction, FRACTION, "fraction", "30 %", [("%", 0.01, 0.0), ("", 1.0, 0.0)]);
dimension!(/// Money in EUR.
    money, MONEY, "amount of money", "12 MEUR", [("EUR", 1.0, 0.0), ("kEUR", 1e3, 0.0), ("MEUR", 1e6, 0.0), ("€", 1.0, 0.0)]);
dimension!(/// Prices by mass, in EUR/kg.
    price_by_mass, PRICE_BY_MASS, "price by mass", "9 EUR/kg", [("EUR/kg", 1.0, 0.0), ("€/kg", 1.0, 0.0)]);
dimension!(/// Prices by energy, in EUR/J.
    price_by_energy, PRICE_BY_ENERGY, "price by energy", "0.25 EUR/kWh", [("EUR/kWh", 1.0 / 3.6e6, 0.0), ("€/kWh", 1.0 / 3.6e6, 0.0)]);
dimension!(/// Labour costs, in EUR/h.
    labour_cost, LABOUR_COST, "labour cost", "48.3 EUR/h", [("EUR/h", 1.0, 0.0), ("€/h", 1.0, 0.0)]);
dimension!(/// Thermal resistances in K/W.
    thermal_resistance, THERMAL_RESISTANCE, "thermal resistance", "0.1 K/W", [("K/W", 1.0, 0.0), ("mK/W", 1e-3, 0.0)]);
dimension!(/// Heat transfer coefficients in W/(m²·K).
    heat_transfer, HEAT_TRANSFER, "heat transfer coefficient", "1000 W/(m2K)", [("W/(m2K)", 1.0, 0.0), ("W/(m²K)", 1.0, 0.0), ("W/m2K", 1.0, 0.0), ("W/m²K", 1.0, 0.0)]);
dimension!(/// Thermal conductivities in W/(m·K).
    conductivity, CONDUCTIVITY, "thermal conductivity", "0.4 W/(mK)", [("W/(mK)", 1.0, 0.0), ("W/mK", 1.0, 0.0)]);
dimension!(/// Moments of inertia in kg·m².
    inertia, INERTIA, "moment of inertia", "0.003 kg m2", [("kgm2", 1.0, 0.0), ("kgm²", 1.0, 0.0), ("kgcm2", 1e-4, 0.0), ("kgcm²", 1e-4, 0.0)]);
dimension!(/// Volumes in m³.
    volume, VOLUME, "volume", "1.2 L", [("L", 1e-3, 0.0), ("l", 1e-3, 0.0), ("m3", 1.0, 0.0), ("m³", 1.0, 0.0), ("cm3", 1e-6, 0.0), ("cm³", 1e-6, 0.0)]);
dimension!(/// Volume flows in m³/s.
    volume_flow, VOLUME_FLOW, "volume flow", "2.5 L/min", [("L/min", 1e-3 / 60.0, 0.0), ("l/min", 1e-3 / 60.0, 0.0), ("m3/s", 1.0, 0.0), ("m³/s", 1.0, 0.0)]);
dimension!(/// Kinematic viscosities in m²/s.
    viscosity, VISCOSITY, "kinematic viscosity", "30.8 mm2/s", [("mm2/s", 1e-6, 0.0), ("mm²/s", 1e-6, 0.0), ("cSt", 1e-6, 0.0), ("m2/s", 1.0, 0.0), ("m²/s", 1.0, 0.0)]);
dimension!(/// Densities in kg/m³.
    density, DENSITY, "density", "7650 kg/m3", [("kg/m3", 1.0, 0.0), ("kg/m³", 1.0, 0.0), ("g/cm3", 1e3, 0.0)]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_with_and_without_a_space() {
        for (text, expected) in [
            ("125 kW", 125e3),
            ("125kW", 125e3),
            ("1.25e2 kW", 125e3),
            ("0.2MW", 2e5),
        ] {
            assert!(
                (power::parse(text).unwrap() - expected).abs() < 1e-9,
                "{text}"
            );
        }
        assert_eq!(torque::parse("250 N·m").unwrap(), 250.0);
        assert_eq!(torque::parse("250 Nm").unwrap(), 250.0);
        assert_eq!(torque::parse("250 N m").unwrap(), 250.0);
        assert!((temperature::parse("100 degC").unwrap() - 373.15).abs() < 1e-12);
        assert!((fraction::parse("30 %").unwrap() - 0.3).abs() < 1e-15);
        assert_eq!(fraction::parse("0.3").unwrap(), 0.3);
    }

    #[test]
    fn a_range_has_both_its_ends_and_nothing_is_left_over() {
        #[derive(Debug, Deserialize)]
        struct Stacks {
            #[serde(deserialize_with = "length::list_or_range")]
            at: Vec<f64>,
        }
        let read = |text: &str| toml::from_str::<Stacks>(text).map(|stacks| stacks.at);
        let listed = read("at = [\"90 mm\", \"95 mm\", \"100 mm\"]").unwrap();
        let range = "at = { from = \"90 mm\", to = \"100 mm\", step = \"5 mm\" }";
        for (one, other) in listed.iter().zip(&read(range).unwrap()) {
            assert!((one - other).abs() < 1e-15);
        }
        assert_eq!(steps(1.0, 1.0, 0.5).unwrap(), [1.0]);
        assert!(steps(1.0, 2.0, 0.3).unwrap_err().contains("does not meet"));
        assert!(steps(2.0, 1.0, 0.5).unwrap_err().contains("ends before"));
        assert!(steps(1.0, 2.0, 1e-6).unwrap_err().contains("too many"));
        assert!(read("at = 3").unwrap_err().to_string().contains("a range"));
        assert!(
            read("at = { from = \"9 mm\" }")
                .unwrap_err()
                .to_string()
                .contains("`to`")
        );
    }

    #[test]
    fn conversion_factors_follow_from_the_definitions() {
        // NIST SP 811 appendix B.8: lbf = 0.453 592 37 kg x 9.806 65 m/s², mph = 0.447 04 m/s.
        let lbf = 0.453_592_37 * 9.806_65;
        assert!((force::parse("1 lbf").unwrap() - lbf).abs() < 1e-12);
        assert!((force_per_speed::parse("1 lbf/mph").unwrap() - lbf / 0.447_04).abs() < 1e-6);
        assert!(
            (force_per_speed2::parse("1 lbf/mph2").unwrap() - lbf / 0.447_04_f64.powi(2)).abs()
                < 1e-5
        );
    }

    #[test]
    fn errors_say_what_is_wrong_and_what_to_try() {
        for (text, part) in [
            ("125", "has no unit"),
            ("125 Nm", "not a unit of power"),
            ("fast", "not a quantity"),
            ("", "not a quantity"),
        ] {
            let message = power::parse(text).unwrap_err();
            assert!(
                message.contains(part) && message.contains(HINT_MARK),
                "{text}: {message}"
            );
        }
        assert!(parse("-1 kW", power::POWER, Sign::Positive).is_err());
        assert!(parse("0 kW", power::POWER, Sign::Positive).is_err());
        assert!(parse("1e400 kW", power::POWER, Sign::Any).is_err());
        assert!(parse("nan kW", power::POWER, Sign::Any).is_err());
    }
}
