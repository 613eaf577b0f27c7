//! A JSON value that knows its place, so that every fault can name it.

use serde_json::Value;

use crate::fault::Fault;
use crate::outline::Point;

/// Lengths beyond this are refused, m.
const LONGEST_M: f64 = 10.0;

/// What has to be there is at least this long, m.
const SHORTEST_M: f64 = 1e-6;

/// A value of the file and the path of keys that leads to it.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    value: &'a Value,
    place: String,
}

impl<'a> Node<'a> {
    /// The whole file.
    pub(crate) fn root(value: &'a Value) -> Self {
        Self {
            value,
            place: String::new(),
        }
    }

    /// The path of keys, such as `rotor.hole[0]`; empty for the whole file.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    fn place_of(&self, key: &str) -> String {
        if self.place.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.place)
        }
    }

    /// A fault at this value.
    pub(crate) fn fault(&self, message: impl Into<String>, hint: impl Into<String>) -> Fault {
        Fault::new(self.place(), message, hint)
    }

    /// A fault at one of this value's keys.
    pub(crate) fn fault_at(
        &self,
        key: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Fault {
        Fault::new(self.place_of(key), message, hint)
    }

    /// The value of a key, unless it is missing or null.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(Self {
            value,
            place: self.place_of(key),
        })
    }

    /// The value of a key that has to be there.
    pub(crate) fn need(&self, key: &str) -> Result<Self, Fault> {
        self.get(key)
            .ok_or_else(|| self.fault_at(key, "is missing", "pyleecan writes it when it is set"))
    }

    /// The members of a list.
    pub(crate) fn items(&self) -> Result<Vec<Self>, Fault> {
        let Value::Array(list) = self.value else {
            return Err(self.fault("is not a list", "square brackets hold a list"));
        };
        Ok(list
            .iter()
            .enumerate()
            .map(|(i, value)| Self {
                value,
                place: format!("{}[{i}]", self.place),
            })
            .collect())
    }

    /// The members of a list that may be missing.
    pub(crate) fn list(&self, key: &str) -> Result<Vec<Self>, Fault> {
        self.get(key).map_or(Ok(Vec::new()), |list| list.items())
    }

    /// The pyleecan class of an object.
    pub(crate) fn class(&self) -> Result<&'a str, Fault> {
        self.value
            .get("__class__")
            .and_then(Value::as_str)
            .ok_or_else(|| {
                self.fault(
                    "has no `__class__`",
                    "pyleecan writes the class of every object; is this a pyleecan file?",
                )
            })
    }

    /// A text that may be missing.
    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key).and_then(Value::as_str)
    }

    /// A text for people that may be missing: words with single spaces between them.
    pub(crate) fn words(&self, key: &str) -> Option<String> {
        let words: Vec<&str> = self
            .text(key)?
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
            .collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// This value as a number between two limits.
    pub(crate) fn number(&self, least: f64, most: f64) -> Result<f64, Fault> {
        match self.value.as_f64() {
            Some(number) if (least..=most).contains(&number) => Ok(number),
            Some(number) => {
                let allowed = format!("from {least} to {most} in SI units");
                Err(self.fault(format!("is {number}, out of range"), allowed))
            }
            None => Err(self.fault("is not a number", "numbers are in SI units")),
        }
    }

    /// A length of zero or more, m.
    pub(crate) fn length(&self, key: &str) -> Result<f64, Fault> {
        self.need(key)?.number(0.0, LONGEST_M)
    }

    /// A length above zero, m.
    pub(crate) fn positive_length(&self, key: &str) -> Result<f64, Fault> {
        match self.length(key)? {
            length if length >= SHORTEST_M => Ok(length),
            length => Err(self.fault_at(
                key,
                format!("is {length} m"),
                "a length of a micrometre or more",
            )),
        }
    }

    /// An angle, rad, that is zero if missing.
    pub(crate) fn angle_or_zero(&self, key: &str) -> Result<f64, Fault> {
        self.get(key)
            .map_or(Ok(0.0), |angle| angle.number(-100.0, 100.0))
    }

    /// An angle above zero and below a full turn, rad.
    pub(crate) fn positive_angle(&self, key: &str) -> Result<f64, Fault> {
        self.need(key)?.number(1e-6, std::f64::consts::TAU)
    }

    /// A whole number between two limits.
    pub(crate) fn count(&self, key: &str, least: u32, most: u32) -> Result<u32, Fault> {
        let node = self.need(key)?;
        let number = node.number(f64::from(least), f64::from(most))?;
        if number.fract() != 0.0 {
            return Err(node.fault(format!("is {number}"), "a whole number"));
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Ok(number as u32)
    }

    /// A flag that is false if missing; pyleecan also writes 0 and 1.
    pub(crate) fn flag(&self, key: &str) -> Result<bool, Fault> {
        match self.value.get(key) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(Value::Number(n)) if n.as_f64() == Some(0.0) => Ok(false),
            Some(Value::Number(n)) if n.as_f64() == Some(1.0) => Ok(true),
            Some(_) => Err(self.fault_at(key, "is not true or false", "true or false")),
        }
    }

    /// A point, m, written as Python writes complex numbers: `"(0.072-0.013j)"`.
    pub(crate) fn point(&self, key: &str) -> Result<Point, Fault> {
        let node = self.need(key)?;
        let point = match node.value {
            Value::String(text) => complex(text),
            number => number.as_f64().map(|x| [x, 0.0]),
        };
        point
            .filter(|p| p.iter().all(|v| v.abs() <= LONGEST_M))
            .ok_or_else(|| {
                node.fault(
                    "is not a point of a section",
                    "a complex number in m, such as \"(0.072-0.013j)\"",
                )
            })
    }
}

/// Reads Python's text of a complex number.
fn complex(text: &str) -> Option<Point> {
    let text = text.trim();
    let text = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .unwrap_or(text);
    let Some(imaginary) = text.strip_suffix('j') else {
        return Some([finite(text)?, 0.0]);
    };
    let bytes = imaginary.as_bytes();
    // The sign between the parts is the last one that does not belong to an exponent.
    let split = (1..bytes.len())
        .rev()
        .find(|&i| matches!(bytes[i], b'+' | b'-') && !matches!(bytes[i - 1], b'e' | b'E'));
    match split {
        Some(at) => Some([finite(&imaginary[..at])?, finite(&imaginary[at..])?]),
        None => Some([0.0, finite(imaginary)?]),
    }
}

fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complex_numbers_read_as_python_writes_them() {
        for (text, expected) in [
            ("(0.072-0.013j)", Some([0.072, -0.013])),
            ("(0.05451-3.469e-18j)", Some([0.05451, -3.469e-18])),
            ("(-1e-05+2e-05j)", Some([-1e-5, 2e-5])),
            ("1.5j", Some([0.0, 1.5])),
            ("-2j", Some([0.0, -2.0])),
            ("0.25", Some([0.25, 0.0])),
            ("(1+nanj)", None),
            ("(1+j)", None),
            ("1e-", None),
            ("é+1j", None),
            ("", None),
            ("j", None),
        ] {
            assert_eq!(complex(text), expected, "{text}");
        }
    }

    #[test]
    fn faults_name_their_place() {
        let value = serde_json::json!({"rotor": {"hole": [{"W1": -1.0}]}});
        let root = Node::root(&value);
        let holes = root.need("rotor").unwrap().list("hole").unwrap();
        let fault = holes[0].length("W1").unwrap_err();
        assert_eq!(fault.place, "rotor.hole[0].W1");
        assert_eq!(holes[0].length("W2").unwrap_err().place, "rotor.hole[0].W2");
        assert_eq!(holes[0].class().unwrap_err().place, "rotor.hole[0]");
        assert!(
            root.class()
                .unwrap_err()
                .to_string()
                .starts_with("the file has no")
        );
    }
}
