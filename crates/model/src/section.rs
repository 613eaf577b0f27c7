//! A section as a person enters it: rotor and stator cross-section, as a template or as free outlines.
//! (the field crate's author completes this file)

use serde::Deserialize;

/// One section file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Schema version, 1.
    pub schema: u32,
    /// Id by which other files name it.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Where the geometry comes from, and what is assumed.
    pub source: String,
    /// Pole pairs of the whole machine.
    pub pole_pairs: u32,
    /// Slots of the whole machine.
    pub slots: u32,
}
