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

    /// The fault as an error that points into the section's file.
    #[must_use]
    pub fn in_file(&self, source: &Source) -> InputError {
        source
            .error(span_of(&source.text, &self.place), &self.message)
            .with_hint(self.hint.clone())
    }
}
