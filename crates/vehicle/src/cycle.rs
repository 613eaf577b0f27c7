//! Drive cycles: vehicle speed over time, read from CSV.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use codrive_model::input::InputError;

use crate::outline::Outline;

/// Longest step between two rows, s: what lies between is taken as a straight line.
const LONGEST_STEP_S: f64 = 10.0;
/// Largest acceleration that a trace may ask for, m/s²; above it the file is taken to be wrong.
const LARGEST_ACCELERATION_M_S2: f64 = 12.0;
/// Highest speed, m/s.
const HIGHEST_SPEED_M_S: f64 = 120.0;

/// Vehicle speed over time.
#[derive(Clone, Debug, PartialEq)]
pub struct DriveCycle {
    name: String,
    time_s: Vec<f64>,
    speed_m_s: Vec<f64>,
    outline: Outline,
}

impl DriveCycle {
    /// Reads `time_s,speed_m_s` rows; lines that begin with `#` are comments (source, licence).
    ///
    /// `name` is what messages and results call it.
    ///
    /// # Errors
    /// With its line: a wrong header, a row that is not two numbers, time that does not advance, a
    /// gap of more than 10 s, a speed below zero or above 120 m/s, an acceleration beyond 12 m/s².
    pub fn parse(name: &str, text: &str) -> Result<Self, InputError> {
        let mut rows = Rows::default();
        let mut header_seen = false;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let content = line.trim();
            let span = start..start + line.trim_end().len().max(1).min(line.len());
            start += line.len();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let fail = |message: String| error(name, text, Some(span.clone()), &message);
            if header_seen {
                let (time_s, speed_m_s) = row(content).map_err(fail)?;
                rows.push(time_s, speed_m_s).map_err(fail)?;
            } else if content.replace(' ', "") == "time_s,speed_m_s" {
                header_seen = true;
            } else {
                return Err(
                    fail(format!("`{content}` is not the header `time_s,speed_m_s`"))
                        .with_hint("begin with `time_s,speed_m_s`, then a row for each second"),
                );
            }
        }
        if rows.time_s.len() < 2 {
            return Err(error(name, text, None, "has fewer than two rows"));
        }
        if rows.speed_m_s.iter().all(|speed| *speed == 0.0) {
            let message = "stands still from beginning to end: consumption needs a distance";
            return Err(error(name, text, None, message));
        }
        Ok(Self::of(name, rows))
    }

    fn of(name: &str, rows: Rows) -> Self {
        let Rows { time_s, speed_m_s } = rows;
        Self {
            name: name.to_owned(),
            outline: Outline::new(steps(&time_s, &speed_m_s)),
            time_s,
            speed_m_s,
        }
    }

    /// One second at a steady speed above zero, m/s.
    #[must_use]
    pub fn steady(name: &str, speed_m_s: f64) -> Self {
        Self::held(name, speed_m_s, 1)
    }

    /// A steady speed above zero, m/s, held for some seconds (one at least), in steps of one.
    #[must_use]
    pub fn held(name: &str, speed_m_s: f64, seconds: u32) -> Self {
        let time_s: Vec<f64> = (0..=seconds.max(1)).map(f64::from).collect();
        let rows = Rows {
            speed_m_s: vec![speed_m_s; time_s.len()],
            time_s,
        };
        Self::of(name, rows)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Times, s, ascending.
    #[must_use]
    pub fn time_s(&self) -> &[f64] {
        &self.time_s
    }

    /// Vehicle speeds at those times, m/s.
    #[must_use]
    pub fn speed_m_s(&self) -> &[f64] {
        &self.speed_m_s
    }

    /// Duration, s.
    #[must_use]
    pub fn duration_s(&self) -> f64 {
        self.time_s[self.time_s.len() - 1] - self.time_s[0]
    }

    /// Distance, m, with speed linear between rows.
    #[must_use]
    pub fn distance_m(&self) -> f64 {
        self.outline.integrals.distance_m
    }

    /// Highest speed, m/s.
    #[must_use]
    pub fn highest_speed_m_s(&self) -> f64 {
        self.speed_m_s.iter().copied().fold(0.0, f64::max)
    }

    /// The steps between the rows.
    pub(crate) fn steps(&self) -> impl Iterator<Item = Step> + '_ {
        steps(&self.time_s, &self.speed_m_s)
    }

    /// The same without their order.
    pub(crate) fn outline(&self) -> &Outline {
        &self.outline
    }
}

fn steps(time_s: &[f64], speed_m_s: &[f64]) -> impl Iterator<Item = Step> {
    let ends = time_s.windows(2).zip(speed_m_s.windows(2));
    ends.map(|(time, speed)| {
        let duration_s = time[1] - time[0];
        Step {
            start_s: time[0],
            duration_s,
            mean_speed_m_s: 0.5 * (speed[0] + speed[1]),
            acceleration_m_s2: (speed[1] - speed[0]) / duration_s,
        }
    })
}

/// Rows of a file, checked one against the other.
#[derive(Default)]
struct Rows {
    time_s: Vec<f64>,
    speed_m_s: Vec<f64>,
}

impl Rows {
    /// Appends a point after checking it against the one before.
    fn push(&mut self, time_s: f64, speed_m_s: f64) -> Result<(), String> {
        if !(0.0..=HIGHEST_SPEED_M_S).contains(&speed_m_s) {
            return Err(format!(
                "speed {speed_m_s} m/s is out of range: 0 to {HIGHEST_SPEED_M_S} m/s"
            ));
        }
        if !time_s.is_finite() {
            return Err(format!("time {time_s} s is not finite"));
        }
        if let (Some(time_before), Some(speed_before)) = (self.time_s.last(), self.speed_m_s.last())
        {
            let step_s = time_s - time_before;
            if step_s <= 0.0 {
                return Err(format!(
                    "time does not advance: {time_s} s after {time_before} s"
                ));
            }
            if step_s > LONGEST_STEP_S {
                return Err(format!("a gap of {step_s} s: at most {LONGEST_STEP_S} s"));
            }
            let acceleration = (speed_m_s - speed_before) / step_s;
            if acceleration.abs() > LARGEST_ACCELERATION_M_S2 {
                return Err(format!(
                    "an acceleration of {acceleration:.1} m/s² from {speed_before} to {speed_m_s} m/s: \
                     no car does more than {LARGEST_ACCELERATION_M_S2} m/s²"
                ));
            }
        }
        self.time_s.push(time_s);
        self.speed_m_s.push(speed_m_s);
        Ok(())
    }
}

/// A stretch of constant acceleration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Step {
    /// Beginning, s.
    pub(crate) start_s: f64,
    /// Duration, s.
    pub(crate) duration_s: f64,
    /// Mean of the speeds at both ends, m/s.
    pub(crate) mean_speed_m_s: f64,
    /// Acceleration, m/s².
    pub(crate) acceleration_m_s2: f64,
}

impl Step {
    /// Whether another step asks the same of a car.
    pub(crate) fn asks_as(&self, other: &Self) -> bool {
        self.duration_s == other.duration_s
            && self.mean_speed_m_s == other.mean_speed_m_s
            && self.acceleration_m_s2 == other.acceleration_m_s2
    }
}

fn row(line: &str) -> Result<(f64, f64), String> {
    let wrong = || format!("`{line}` is not a row `time_s,speed_m_s`");
    let (time, speed) = line.split_once(',').ok_or_else(wrong)?;
    let number = |text: &str| text.trim().parse::<f64>().map_err(|_| wrong());
    Ok((number(time)?, number(speed)?))
}

fn error(name: &str, text: &str, span: Option<Range<usize>>, message: &str) -> InputError {
    InputError::at(Path::new(name), text, span, message)
}

/// Cycles by name, such as `wltc3b` and `udds`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CycleSet {
    cycles: BTreeMap<String, DriveCycle>,
}

impl CycleSet {
    /// A cycle by name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&DriveCycle> {
        self.cycles.get(name)
    }

    /// The cycles, by name.
    pub fn iter(&self) -> impl Iterator<Item = &DriveCycle> {
        self.cycles.values()
    }
}

impl FromIterator<DriveCycle> for CycleSet {
    fn from_iter<I: IntoIterator<Item = DriveCycle>>(cycles: I) -> Self {
        Self {
            cycles: cycles
                .into_iter()
                .map(|cycle| (cycle.name.clone(), cycle))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_rows_are_named_at_their_line() {
        let cases = [
            ("time,speed\n0,0\n", 2, "is not the header"),
            ("time_s,speed_m_s\n0,0\n1;1\n", 4, "is not a row"),
            ("time_s,speed_m_s\n0,0\n1,x\n", 4, "is not a row"),
            ("time_s,speed_m_s\n0,0\n1,1\n1,2\n", 5, "does not advance"),
            ("time_s,speed_m_s\n0,0\n1,1\n0.5,2\n", 5, "does not advance"),
            ("time_s,speed_m_s\n0,0\n\n20,1\n", 5, "gap of 20 s"),
            ("time_s,speed_m_s\n0,0\n1,-1\n", 4, "speed -1"),
            (
                "time_s,speed_m_s\n0,0\n1,1\n2,30\n",
                5,
                "acceleration of 29.0",
            ),
            ("time_s,speed_m_s\n0,0\n1,NaN\n", 4, "NaN"),
            ("time_s,speed_m_s\ninf,0\n", 3, "not finite"),
        ];
        for (text, line, message) in cases {
            let text = format!("# a comment\n{text}");
            let error = DriveCycle::parse("test", &text).expect_err(&text);
            assert!(error.message.contains(message), "{text}: {}", error.message);
            assert_eq!(
                error.line_column().map(|(line, _)| line),
                Some(line),
                "{text}"
            );
        }
        assert!(
            DriveCycle::parse("test", "")
                .unwrap_err()
                .message
                .contains("fewer than two")
        );
        let standing = DriveCycle::parse("test", "time_s,speed_m_s\n0,0\n1,0\n").unwrap_err();
        assert!(standing.message.contains("stands still"));
    }

    #[test]
    fn windows_line_ends_are_read() {
        let cycle = DriveCycle::parse("t", "time_s,speed_m_s\r\n0,0\r\n2,4\r\n").unwrap();
        assert_eq!((cycle.duration_s(), cycle.distance_m()), (2.0, 4.0));
    }
}
