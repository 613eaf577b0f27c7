//! What is wrong with a section.

use crate::input::{InputError, Source, span_of};

/// What is wrong with a section, at which key, and what to try.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{place}`: {message}")]
pub struct SectionFault {
    /// The key, such as `rotor.v[0].bridge`.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to try.
    pub hint: String,
}

impl SectionFault {
    /// A fault at a key.
    #[must_use]
    pub fn new(
        place: impl Into<String>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            place: place.into(),
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// A value at a key that is not what is allowed there.
    #[must_use]
    pub fn out_of_range(
        place: impl Into<String>,
        value: impl std::fmt::Display,
        allowed: &str,
        hint: impl Into<String>,
    ) -> Self {
        let message = format!("{value} is out of range: must be {allowed}");
        Self::new(place, message, hint)
    }

    /// The fault as an error that points into the section's file.
    #[must_use]
    pub fn in_file(&self, source: &Source) -> InputError {
        source
            .error(span_of(&source.text, &self.place), &self.message)
            .with_hint(self.hint.clone())
    }
}

/// A length as messages show it.
#[must_use]
pub fn millimetres(length_m: f64) -> String {
    let mm = 1e3 * length_m;
    let decimals = if mm.abs() < 100.0 { 3 } else { 1 };
    format!("{} mm", plain(mm, decimals))
}

/// An angle as messages show it.
#[must_use]
pub fn degrees(angle_rad: f64) -> String {
    format!("{}°", plain(angle_rad.to_degrees(), 2))
}

/// A number without trailing zeros; in powers of ten where it is absurdly large or small.
fn plain(value: f64, decimals: usize) -> String {
    if value.abs() >= 1e6 || (value != 0.0 && value.abs() < 1e-3) {
        return format!("{value:.2e}");
    }
    let text = format!("{value:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
