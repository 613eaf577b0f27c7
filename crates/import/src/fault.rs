//! What is wrong with a foreign file, and where.

/// A fault at a place such as `rotor.hole[0].W1`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} {message}", subject(place))]
pub struct Fault {
    /// Path of keys into the file; empty for the whole of it.
    pub place: String,
    /// What is wrong, as the rest of a sentence that begins with the place.
    pub message: String,
    /// What to try.
    pub hint: String,
}

/// The place as the subject of a sentence; an empty one is the whole file.
fn subject(place: &str) -> String {
    if place.is_empty() {
        "the file".to_owned()
    } else {
        format!("`{place}`")
    }
}

impl Fault {
    /// A fault at a place.
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
}
