//! A day of a car in a fleet: what it drives, where it waits, when it is charged.

use serde::Deserialize;
use toml::Spanned;

use crate::input::{InputError, Source, span_of};
use crate::units::Shown;

/// A day as a person writes it, `data/duties/*.toml`, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Duty {
    /// Id, the file's stem.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Where the figures come from.
    pub source: String,
    /// What is assumed, in words.
    pub assumptions: Vec<String>,
    /// State of charge in the morning, 0 to 1.
    pub start_charge: f64,
    /// Power on top of the car's auxiliaries while it is on duty, W: computers, sensors, climate.
    pub extra_power_w: f64,
    /// What happens, one after the other.
    pub parts: Vec<Part>,
}

/// A part of a day.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A cycle, driven several times.
    Drive {
        /// Name of the cycle.
        cycle: String,
        /// How often.
        times: u32,
        /// Mass on top of the test mass, kg.
        payload_kg: f64,
        /// Grade of the road, rise over horizontal distance.
        grade: f64,
    },
    /// Standing with the drive off.
    Stop {
        /// How long, s.
        seconds: f64,
    },
    /// Charging.
    Charge {
        /// Up to this state of charge, 0 to 1.
        to: f64,
        /// Power from the wall, W.
        power_w: f64,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    #[serde(rename = "schema")]
    _schema: u32,
    duty: HeadText,
    part: Vec<Spanned<PartText>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadText {
    id: String,
    name: String,
    source: String,
    #[serde(default)]
    assumptions: Vec<String>,
    #[serde(deserialize_with = "crate::units::fraction::positive")]
    start_charge: f64,
    #[serde(default, deserialize_with = "crate::units::power::non_negative")]
    extra_power: f64,
    /// How often the parts follow one another.
    #[serde(default = "once")]
    rounds: u32,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartText {
    drive: Option<String>,
    times: Option<u32>,
    #[serde(default, deserialize_with = "crate::units::mass::optional_positive")]
    payload: Option<f64>,
    #[serde(default, deserialize_with = "optional_grade")]
    grade: Option<f64>,
    #[serde(default, deserialize_with = "crate::units::time::optional_positive")]
    stop: Option<f64>,
    #[serde(
        default,
        deserialize_with = "crate::units::fraction::optional_positive"
    )]
    charge_to: Option<f64>,
    #[serde(default, deserialize_with = "crate::units::power::optional_positive")]
    power: Option<f64>,
}

fn once() -> u32 {
    1
}

fn optional_grade<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<f64>, D::Error> {
    crate::units::fraction::any(d).map(Some)
}

/// Most times that a cycle or a day's parts are repeated.
const MOST_TIMES: u32 = 200;
/// Longest stop, s: a day.
const LONGEST_STOP_S: f64 = 86_400.0;
/// Largest payload, kg.
const LARGEST_PAYLOAD_KG: f64 = 10_000.0;
/// Steepest road.
const STEEPEST: f64 = 0.3;

impl Duty {
    /// Reads and checks a day.
    ///
    /// # Errors
    /// What [`Source::parse`] finds; no part, a part that is none or two of drive, stop and charge,
    /// values out of range.
    pub fn read(source: &Source) -> Result<Self, InputError> {
        let Text { duty, part, .. } = source.parse()?;
        let fail = |key: &str, message: &str| {
            let span = span_of(&source.text, key);
            Err(source.error(span, message))
        };
        if duty.start_charge > 1.0 {
            let message = format!(
                "`start_charge` of {} % is above 100 %",
                Shown(100.0 * duty.start_charge)
            );
            return fail("duty.start_charge", &message);
        }
        if !(1..=MOST_TIMES).contains(&duty.rounds) {
            let message = format!(
                "{} rounds are out of range: must be 1 to {MOST_TIMES}",
                duty.rounds
            );
            return fail("duty.rounds", &message);
        }
        if part.is_empty() {
            return Err(source.error(None, "holds no [[part]]"));
        }
        let mut round = Vec::with_capacity(part.len());
        for one in part {
            let span = one.span();
            let checked = one.into_inner().checked();
            round.push(checked.map_err(|message| source.error(Some(span), &message))?);
        }
        let rounds = (0..duty.rounds).flat_map(|_| round.clone());
        Ok(Self {
            id: duty.id,
            name: duty.name,
            source: duty.source,
            assumptions: duty.assumptions,
            start_charge: duty.start_charge,
            extra_power_w: duty.extra_power,
            parts: rounds.collect(),
        })
    }
}

impl PartText {
    fn checked(self) -> Result<Part, String> {
        let kinds = [
            self.drive.is_some(),
            self.stop.is_some(),
            self.charge_to.is_some(),
        ];
        if kinds.iter().filter(|kind| **kind).count() != 1 {
            return Err("a part is one of `drive`, `stop` and `charge_to`".to_owned());
        }
        let driving = [
            self.times.is_some(),
            self.payload.is_some(),
            self.grade.is_some(),
        ];
        if self.drive.is_none() && driving.contains(&true) {
            return Err("`times`, `payload` and `grade` belong to `drive`".to_owned());
        }
        if self.charge_to.is_none() && self.power.is_some() {
            return Err("`power` belongs to `charge_to`".to_owned());
        }
        if let Some(to) = self.charge_to {
            let power_w = self
                .power
                .ok_or("`charge_to` needs the `power` from the wall")?;
            within("charge_to", to, 0.0, 1.0)?;
            return Ok(Part::Charge { to, power_w });
        }
        if let Some(seconds) = self.stop {
            within("stop in s", seconds, 0.0, LONGEST_STOP_S)?;
            return Ok(Part::Stop { seconds });
        }
        let times = self.times.unwrap_or(1);
        let (payload_kg, grade) = (self.payload.unwrap_or(0.0), self.grade.unwrap_or(0.0));
        within("times", f64::from(times), 1.0, f64::from(MOST_TIMES))?;
        within("payload in kg", payload_kg, 0.0, LARGEST_PAYLOAD_KG)?;
        within("grade", grade, -STEEPEST, STEEPEST)?;
        Ok(Part::Drive {
            cycle: self.drive.unwrap_or_default(),
            times,
            payload_kg,
            grade,
        })
    }
}

fn within(what: &str, value: f64, low: f64, high: f64) -> Result<(), String> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(format!(
        "{what} of {} is out of range: must be {low} to {high}",
        Shown(value)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: &str = "schema = 1\n[duty]\nid = \"a\"\nname = \"A\"\nsource = \"a test\"\n\
        start_charge = \"90 %\"\nextra_power = \"1.2 kW\"\nrounds = 2\n\
        [[part]]\ndrive = \"udds\"\ntimes = 3\npayload = \"150 kg\"\ngrade = \"-1 %\"\n\
        [[part]]\nstop = \"10 min\"\n\
        [[part]]\ncharge_to = \"80 %\"\npower = \"50 kW\"\n";

    fn read(text: &str) -> Result<Duty, InputError> {
        Duty::read(&Source::shipped("day.toml", text))
    }

    #[test]
    fn a_day_is_its_parts_round_after_round() {
        let day = read(DAY).unwrap();
        assert_eq!((day.parts.len(), day.start_charge), (6, 0.9));
        assert_eq!(day.parts[0], day.parts[3]);
        let drive = Part::Drive {
            cycle: "udds".to_owned(),
            times: 3,
            payload_kg: 150.0,
            grade: -0.01,
        };
        assert_eq!(day.parts[0], drive);
        assert_eq!(day.parts[1], Part::Stop { seconds: 600.0 });
    }

    #[test]
    fn bad_parts_are_named() {
        for (from, to, message) in [
            (
                "stop = \"10 min\"",
                "stop = \"10 min\"\ntimes = 2",
                "belong to `drive`",
            ),
            ("stop = \"10 min\"", "stop = \"10 kW\"", "kW"),
            (
                "stop = \"10 min\"",
                "stop = \"1 s\"\ncharge_to = \"50 %\"",
                "one of",
            ),
            ("stop = \"10 min\"", "stop = \"100 h\"", "out of range"),
            ("power = \"50 kW\"", "", "needs the `power`"),
            (
                "charge_to = \"80 %\"",
                "charge_to = \"180 %\"",
                "out of range",
            ),
            ("times = 3", "times = 0", "out of range"),
            ("grade = \"-1 %\"", "grade = \"-100 %\"", "out of range"),
            ("rounds = 2", "rounds = 0", "0 rounds are out of range"),
            (
                "start_charge = \"90 %\"",
                "start_charge = \"190 %\"",
                "above 100 %",
            ),
            ("rounds", "laps", "unknown key"),
        ] {
            let error = read(&DAY.replacen(from, to, 1)).unwrap_err();
            assert!(error.message.contains(message), "{to}: {}", error.message);
        }
    }
}
