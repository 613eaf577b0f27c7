//! Free outlines of a rotor pole.

use codrive_model::section::{Region, SectionFault};

use super::super::RotorRegion;
use super::super::outline::{self_crossing, signed_area, through};

/// An outline with less area is none, m².
const LEAST_AREA_M2: f64 = 1e-9;

pub(super) fn free_region(
    source: &Region,
    index: usize,
    surface: f64,
) -> Result<RotorRegion, SectionFault> {
    let place = format!("rotor.region[{index}]");
    let fault = |message: String, hint: &str| {
        let message = format!("`{}`: {message}", source.name);
        SectionFault::new(format!("{place}.outline"), message, hint)
    };
    let before = source.outline.last().map_or([0.0; 2], |c| c.at_m);
    let outline = through(&source.outline, before, surface).map_err(|message| {
        fault(
            message,
            "an arc's radius is at least half the way between its corners",
        )
    })?;
    if let Some((i, j)) = self_crossing(&outline) {
        let message = format!("the outline crosses itself (sides {i} and {j})");
        return Err(fault(message, "list its corners in order"));
    }
    if outline.len() < 3 || signed_area(&outline).abs() < LEAST_AREA_M2 {
        let message = "the outline encloses no area".to_owned();
        return Err(fault(message, "list its corners in order, in mm"));
    }
    Ok(RotorRegion::new(
        &place,
        &source.name,
        source.magnetisation_rad,
        outline,
    ))
}
