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
    /// Coil pitch in slots; full pitch is slots / (2 · pole pairs).
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
    /// Refuses a winding that does not fit the slots per pole.
    pub(super) fn check(&self, slots_per_pole: u32) -> Result<(), SectionFault> {
        let pitch = "winding.coil_pitch";
        if self.coil_pitch == 0 || self.coil_pitch > slots_per_pole {
            let message = format!("a coil pitch of {} slots", self.coil_pitch);
            let hint = format!("from 1 to the pole pitch of {slots_per_pole} slots");
            return Err(SectionFault::new(pitch, message, hint));
        }
        if !(1..=2).contains(&self.layers) {
            let message = format!("{} layers", self.layers);
            return Err(SectionFault::new("winding.layers", message, "1 or 2"));
        }
        if self.layers == 1 && self.coil_pitch != slots_per_pole {
            let hint = format!(
                "a single layer has full pitch, {slots_per_pole} slots here; or use layers = 2"
            );
            return Err(SectionFault::new(
                pitch,
                "a short pitch needs two layers",
                hint,
            ));
        }
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
