//! Stator lamination.

use serde::Deserialize;

use super::{SectionFault, SlotShape};
use crate::units::length;

/// Stator lamination: an annulus with equal slots.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stator {
    /// Outer diameter, m.
    #[serde(rename = "outer_diameter", deserialize_with = "length::positive")]
    pub outer_diameter_m: f64,
    /// Bore diameter, m.
    #[serde(rename = "bore_diameter", deserialize_with = "length::positive")]
    pub bore_diameter_m: f64,
    /// Shape of a slot.
    pub slot: SlotShape,
}

impl Stator {
    /// Refuses slots that leave no tooth or no yoke.
    pub(super) fn check(&self, slots: u32) -> Result<(), SectionFault> {
        self.slot.check(self, slots)
    }
}
