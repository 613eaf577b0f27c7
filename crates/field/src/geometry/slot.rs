//! A slot centred on +x: the outlines of its opening and of its winding space.

use codrive_model::section::Section;

use super::outline::{Outline, Point, append_arc, radius};

/// Half of a slot (y ≥ 0) as corner lists from the bore to the yoke.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// Opening with wedge, counter-clockwise; its bore side is left to the mesh.
    pub opening: Outline,
    /// Winding space, counter-clockwise.
    pub winding: Outline,
    /// Half the angle of the opening at the bore, rad.
    pub half_opening_rad: f64,
    /// Depth of the winding space, m.
    pub depth_m: f64,
}

/// Draws the slot of a section; the parameters follow pyleecan's W11 and W21.
#[must_use]
pub fn draw(section: &Section) -> Slot {
    let slot = section.stator.slot.as_trapezoid();
    let bore = section.stator.bore_diameter_m / 2.0;
    let half_opening = slot.opening_width_m / 2.0;
    let mouth = (bore * bore - half_opening * half_opening).sqrt();
    let top = mouth + slot.opening_height_m + slot.wedge_height_m;
    let neck = [mouth + slot.opening_height_m, half_opening];
    let shoulder = [top, slot.top_width_m / 2.0];
    let mut upper = vec![[mouth, half_opening]];
    if slot.wedge_height_m > 0.0 && slot.top_width_m - slot.opening_width_m > 4e-6 {
        upper.extend([neck, shoulder]);
    } else {
        upper.push([top, half_opening]);
    }
    let mut opening: Outline = upper.iter().map(|p| [p[0], -p[1]]).collect();
    opening.extend(upper.iter().rev());
    let winding = mirrored(&winding_half(&slot, top, shoulder));
    Slot {
        opening,
        winding,
        half_opening_rad: (half_opening / radius([mouth, half_opening])).asin(),
        depth_m: slot.depth_m,
    }
}

/// Corners of the winding space at y ≥ 0, from the top to the bottom.
fn winding_half(
    slot: &codrive_model::section::TrapezoidSlot,
    top: f64,
    shoulder: Point,
) -> Outline {
    let bottom = top + slot.depth_m;
    let (half, r) = (slot.bottom_width_m / 2.0, slot.bottom_radius_m);
    let mut upper = vec![shoulder];
    if r > 0.0 {
        let start = [bottom - r, half];
        let centre = [bottom - r, half - r];
        upper.push(start);
        append_arc(&mut upper, centre, start, -std::f64::consts::FRAC_PI_2);
    } else {
        upper.push([bottom, half]);
    }
    upper
}

/// A closed counter-clockwise outline from its half at y ≥ 0.
fn mirrored(upper: &[Point]) -> Outline {
    let mut outline: Outline = Vec::with_capacity(2 * upper.len());
    outline.extend(upper.iter().map(|p| [p[0], -p[1]]));
    outline.extend(upper.iter().rev().filter(|p| p[1] > 1e-9));
    outline
}
