//! Readers of single values with a range, and the hook for checks across the keys of a table.

use serde::Deserialize;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserializer, Error, IntoDeserializer, SeqAccess, Visitor};

use super::Axle;
use crate::units::{Dimension, HINT_MARK, Shown, Sign, resistance};

/// Makes `Deserialize` run `check` on a struct that derives serde's traits with `remote = "Self"`,
/// so that a check across keys fails while the reader still knows the place of the table.
macro_rules! checked {
    ($type:ident) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = Self::deserialize(deserializer)?;
                value.check().map_err(serde::de::Error::custom)?;
                Ok(value)
            }
        }
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Self::serialize(self, serializer)
            }
        }
    };
}
pub(crate) use checked;

/// Accelerations in m/s².
const ACCELERATION: Dimension = Dimension {
    name: "acceleration",
    units: &[
        ("m/s2", 1.0, 0.0),
        ("m/s²", 1.0, 0.0),
        ("m/s^2", 1.0, 0.0),
        ("g", 9.806_65, 0.0),
    ],
    example: "2 m/s2",
};

/// Motor speed over vehicle speed in rad/m; rpm/mph as the EPA test car lists have it.
const TURNS_PER_DISTANCE: Dimension = Dimension {
    name: "motor speed over vehicle speed",
    units: &[
        ("rpm/mph", std::f64::consts::PI / 30.0 / 0.447_04, 0.0),
        ("rpm/(km/h)", std::f64::consts::PI / 30.0 * 3.6, 0.0),
        ("rad/m", 1.0, 0.0),
    ],
    example: "114.7 rpm/mph",
};

/// Reads a motor speed over vehicle speed above zero, rad/m.
pub(super) fn turns_per_distance<'de, D: Deserializer<'de>>(d: D) -> Result<Option<f64>, D::Error> {
    crate::units::deserialize(d, TURNS_PER_DISTANCE, Sign::Positive).map(Some)
}

/// Reads a deceleration of zero or above, m/s².
pub(super) fn deceleration<'de, D: Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
    crate::units::deserialize(d, ACCELERATION, Sign::NonNegative)
}

/// Reads one resistance of zero or above, or a list of resistances above zero, Ω.
pub(super) fn resistances<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<f64>, D::Error> {
    struct OneOrList;
    impl<'de> Visitor<'de> for OneOrList {
        type Value = Vec<f64>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a resistance with its unit, in quotes, or a list of them")
        }
        fn visit_str<E: Error>(self, text: &str) -> Result<Vec<f64>, E> {
            Ok(vec![resistance::non_negative(text.into_deserializer())?])
        }
        fn visit_f64<E: Error>(self, bare: f64) -> Result<Vec<f64>, E> {
            Ok(vec![resistance::non_negative(bare.into_deserializer())?])
        }
        fn visit_i64<E: Error>(self, bare: i64) -> Result<Vec<f64>, E> {
            Ok(vec![resistance::non_negative(bare.into_deserializer())?])
        }
        fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Vec<f64>, A::Error> {
            resistance::list(SeqAccessDeserializer::new(list))
        }
    }
    d.deserialize_any(OneOrList)
}

/// Reads an efficiency: above 0, at most 1.
pub(super) fn efficiency<'de, D: Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
    share_within(
        crate::units::fraction::any(d)?,
        0.3,
        1.0,
        "from 30 % to 100 %",
    )
}

/// Reads a share of the hardware's limit: from 10 % to 100 %.
pub(super) fn share_of_limit<'de, D: Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
    share_within(
        crate::units::fraction::any(d)?,
        0.1,
        1.0,
        "from 10 % to 100 % of the hardware's limit",
    )
}

/// Reads the share of the car's weight on its front axle.
pub(super) fn load_share<'de, D: Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
    share_within(
        crate::units::fraction::any(d)?,
        0.2,
        0.8,
        "from 20 % to 80 %",
    )
}

/// Reads a coefficient of friction of tyre on road.
pub(super) fn friction<'de, D: Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
    within(f64::deserialize(d)?, 0.05, 1.8, "from 0.05 to 1.8")
}

/// Reads a drag coefficient.
pub(super) fn drag_coefficient<'de, D: Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
    within(f64::deserialize(d)?, 0.1, 1.5, "from 0.1 to 1.5")
}

/// Reads a coefficient of rolling resistance.
pub(super) fn rolling<'de, D: Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
    within(f64::deserialize(d)?, 0.002, 0.05, "from 0.002 to 0.05")
}

/// Reads a grade as a fraction: rise over horizontal distance.
pub(super) fn grade<'de, D: Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
    share_within(
        crate::units::fraction::any(d)?,
        0.01,
        0.6,
        "a grade from 1 % to 60 %",
    )
}

/// Reads a speaking id.
pub(super) fn speaking_id<'de, D: Deserializer<'de>>(d: D) -> Result<String, D::Error> {
    let id = String::deserialize(d)?;
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let starts = id.starts_with(|c: char| c.is_ascii_lowercase());
    if id.chars().all(word) && starts && !id.ends_with('-') && (8..=40).contains(&id.len()) {
        return Ok(id);
    }
    Err(D::Error::custom(format!(
        "`{id}` is not an id: must be 8 to 40 lower-case letters, digits and hyphens, a letter first\
         {HINT_MARK}for example \"bmw-city-hatch\""
    )))
}

/// Reads the driven axles: one or two different ones.
pub(super) fn axles<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Axle>, D::Error> {
    let mut axles = Vec::<Axle>::deserialize(d)?;
    axles.sort_unstable();
    match axles.as_slice() {
        [_] => Ok(axles),
        [first, second] if first != second => Ok(axles),
        _ => Err(D::Error::custom(format!(
            "a car has one or two different driven axles, not {}\
             {HINT_MARK}write [\"front\"], [\"rear\"] or [\"front\", \"rear\"]",
            axles.len()
        ))),
    }
}

/// A fraction in the words that it is usually written in.
fn share_within<E: Error>(value: f64, low: f64, high: f64, allowed: &str) -> Result<f64, E> {
    if (low..=high).contains(&value) {
        return Ok(value);
    }
    Err(E::custom(format!(
        "{} % is out of range: must be {allowed}",
        Shown(100.0 * value)
    )))
}

fn within<E: Error>(value: f64, low: f64, high: f64, allowed: &str) -> Result<f64, E> {
    if (low..=high).contains(&value) {
        return Ok(value);
    }
    Err(E::custom(format!(
        "{} is out of range: must be {allowed}",
        Shown(value)
    )))
}
