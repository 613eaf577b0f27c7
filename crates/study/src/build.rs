//! How a section's machines are built: what its file says, and the drive model's defaults.

use codrive_drive::Build;
use codrive_model::section::{Conductor, Section};

/// The build of a section's machines.
#[must_use]
pub fn build_of(section: &Section) -> Build {
    let base = match section.winding.conductor {
        Conductor::Hairpin => Build::hairpin(),
        Conductor::Round => Build::round_wire(),
    };
    Build {
        copper_fill: section.winding.copper_fill,
        ..base
    }
}
