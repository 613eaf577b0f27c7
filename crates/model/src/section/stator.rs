//! Stator lamination.

use serde::Deserialize;

use super::{SectionFault, SlotShape, millimetres};
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

/// Outer diameters that are taken for a machine's, m.
const OUTER_DIAMETER_M: std::ops::RangeInclusive<f64> = 0.02..=3.0;

impl Stator {
    /// Refuses diameters that leave no yoke, and slots that leave no tooth.
    pub(super) fn check(&self, slots: u32) -> Result<(), SectionFault> {
        if !OUTER_DIAMETER_M.contains(&self.outer_diameter_m) {
            return Err(SectionFault::out_of_range(
                "stator.outer_diameter",
                millimetres(self.outer_diameter_m),
                "from 20 mm to 3000 mm",
                "is the unit right?",
            ));
        }
        if self.bore_diameter_m > 0.97 * self.outer_diameter_m {
            let most = format!(
                "at most 97 % of the outer diameter, {}",
                millimetres(0.97 * self.outer_diameter_m)
            );
            return Err(SectionFault::out_of_range(
                "stator.bore_diameter",
                millimetres(self.bore_diameter_m),
                &most,
                "between bore and outer surface are the slots and the yoke",
            ));
        }
        self.slot.check(self, slots)
    }
}
