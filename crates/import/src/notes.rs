//! What was left out, assumed or put in place of something else.

/// Notes of an import, by the file that they go to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notes {
    /// For the section's `assumptions`.
    pub section: Vec<String>,
    /// For the machine's `assumptions`.
    pub machine: Vec<String>,
}

impl Notes {
    /// A note on the cross-section, its materials or its winding.
    pub(crate) fn section(&mut self, note: impl Into<String>) {
        push(&mut self.section, note.into());
    }

    /// A note on stack, turns or skew.
    pub(crate) fn machine(&mut self, note: impl Into<String>) {
        push(&mut self.machine, note.into());
    }
}

fn push(notes: &mut Vec<String>, note: String) {
    if !notes.contains(&note) {
        notes.push(note);
    }
}
