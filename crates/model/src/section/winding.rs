//! What fills the slots: kind of conductor, layers, coil pitch, copper fill.

use serde::Deserialize;

use super::SectionFault;
use crate::units::fraction;

/// What fills the slots.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotWinding {
    /// Kind of conductor.
    pub conductor: Conductor,
    /// Coil sides in a slot: 1, or 2 (two sides of possibly different phases).
    #[serde(default = "one")]
    pub layers: u32,
    /// Coil pitch in slots; full pitch is slots / (2 · pole pairs), 1 are tooth coils.
    pub coil_pitch: u32,
    /// Copper area over the winding area of the slot.
    #[serde(deserialize_with = "fraction::positive")]
    pub copper_fill: f64,
}

fn one() -> u32 {
    1
}

/// Kind of conductor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conductor {
    /// Rectangular bars.
    Hairpin,
    /// Stranded round wire.
    Round,
}

impl SlotWinding {
    /// Refuses copper that no slot holds; coils are checked with the star of slots.
    pub(super) fn check(&self) -> Result<(), SectionFault> {
        if self.copper_fill > 0.95 {
            let message = format!(
                "{:.0} % of the slot cannot be copper",
                100.0 * self.copper_fill
            );
            let hint = "round wire 35-50 %, hairpins 60-80 %";
            return Err(SectionFault::new("winding.copper_fill", message, hint));
        }
        Ok(())
    }
}
