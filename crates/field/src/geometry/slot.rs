//! A slot centred on +x: the outlines of its opening and of its winding space.

use std::f64::consts::{FRAC_PI_2, PI};

use codrive_model::section::{OutlineSlot, Section, SectionFault, SlotShape, TrapezoidSlot};

use super::outline::{
    Outline, Point, TOUCH_M, append_arc, counter_clockwise, distance, overlap, polar, radius,
    segment_distance, self_crossing, sides, signed_area, through,
};

/// A corner that belongs on the bore may be off by this, m.
const ON_BORE_M: f64 = 0.02e-3;
/// Smallest steel between a slot and the middle of its tooth, m.
const LEAST_STEEL_M: f64 = 0.1e-3;
/// Smallest height of the yoke, m.
const LEAST_YOKE_M: f64 = 0.5e-3;

/// Outlines of a slot.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// From the bore at y < 0 along the opening to the winding and back to the bore at y > 0.
    pub opening: Outline,
    /// Winding space, closed, counter-clockwise.
    pub winding: Outline,
    /// Half the angle of the opening at the bore, rad.
    pub half_opening_rad: f64,
    /// Radial extent of the winding space, m.
    pub depth_m: f64,
}

/// Draws and checks the slot of a section; the template's parameters follow pyleecan's W11 and W21.
///
/// # Errors
/// A free outline that is not closed, crosses itself or leaves its slot pitch; with its key.
pub fn draw(section: &Section) -> Result<Slot, SectionFault> {
    let bore = section.stator.bore_diameter_m / 2.0;
    let shape = &section.stator.slot;
    let slot = match shape {
        SlotShape::Trapezoid(slot) => from_trapezoid(slot, bore),
        SlotShape::Hairpin(slot) => from_trapezoid(&slot.as_trapezoid(), bore),
        SlotShape::Outline(slot) => from_outline(slot, bore)
            .map_err(|(key, message, hint)| SectionFault::new(shape.place(key), message, hint))?,
    };
    let keys = match shape {
        SlotShape::Trapezoid(_) => ["opening_width", "top_width"],
        SlotShape::Hairpin(_) => ["opening_width", "width"],
        SlotShape::Outline(_) => ["opening", "winding"],
    };
    for (key, outline) in keys.iter().zip([&slot.opening, &slot.winding]) {
        check_inside(section, outline)
            .map_err(|(message, hint)| SectionFault::new(shape.place(key), message, hint))?;
    }
    Ok(slot)
}

fn from_trapezoid(slot: &TrapezoidSlot, bore: f64) -> Slot {
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
    Slot {
        opening,
        winding: mirrored(&winding_half(slot, top, shoulder)),
        half_opening_rad: (half_opening / bore).asin(),
        depth_m: slot.depth_m,
    }
}

/// Corners of the winding space at y ≥ 0, from the top to the bottom.
fn winding_half(slot: &TrapezoidSlot, top: f64, shoulder: Point) -> Outline {
    let bottom = top + slot.depth_m;
    let (half, r) = (slot.bottom_width_m / 2.0, slot.bottom_radius_m);
    let mut upper = vec![shoulder];
    if r > 0.0 {
        let start = [bottom - r, half];
        let centre = [bottom - r, half - r];
        upper.push(start);
        append_arc(&mut upper, centre, start, -FRAC_PI_2);
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

/// Key, message and hint of a fault.
type OutlineFault = (&'static str, String, String);

fn from_outline(slot: &OutlineSlot, bore: f64) -> Result<Slot, OutlineFault> {
    let fault =
        |key: &'static str, message: String, hint: &str| Err((key, message, hint.to_owned()));
    let start = slot.opening.first().map_or([0.0; 2], |c| c.at_m);
    let too_small = "an arc's radius is at least half the way between its corners";
    let mut opening = through(&slot.opening, start, bore)
        .map_err(|message| ("opening", message, too_small.to_owned()))?;
    let before = slot.winding.last().map_or([0.0; 2], |c| c.at_m);
    let winding = through(&slot.winding, before, bore)
        .map_err(|message| ("winding", message, too_small.to_owned()))?;
    for (key, outline) in [("opening", &opening), ("winding", &winding)] {
        if let Some((i, j)) = self_crossing(outline) {
            let message = format!("the outline crosses itself (sides {i} and {j})");
            return fault(key, message, "list its corners in order");
        }
        if outline.len() < 3 || signed_area(outline).abs() < 1e-9 {
            let message = "the outline encloses no area".to_owned();
            return fault(key, message, "list its corners in order, in mm");
        }
    }
    opening = if opening[0][1] > 0.0 {
        opening.into_iter().rev().collect()
    } else {
        opening
    };
    let last = opening.len() - 1;
    for end in [0, last] {
        let off = radius(opening[end]) - bore;
        if off.abs() > ON_BORE_M {
            let message = format!("an end of the opening is {:.3} mm off the bore", 1e3 * off);
            let hint = "the first and the last corner of the opening lie on the bore";
            return fault("opening", message, hint);
        }
        opening[end] = polar(bore, opening[end][1].atan2(opening[end][0]));
    }
    let angles = [0, last].map(|i| opening[i][1].atan2(opening[i][0]));
    let off_axis = bore * (angles[0] + angles[1]) / 2.0;
    if off_axis.abs() > ON_BORE_M {
        let message = format!(
            "the middle of the opening is {:.3} mm off the slot axis",
            1e3 * off_axis
        );
        return fault("opening", message, "turn the slot until it lies on +x");
    }
    if angles[1] <= 0.0 {
        let message = "the slot is closed at the bore".to_owned();
        return fault("opening", message, "the opening has a width at the bore");
    }
    if overlap(&opening, &winding) {
        let message = "the winding overlaps the opening".to_owned();
        return fault("winding", message, "let both share a side");
    }
    if shared_length(&opening, &winding) < ON_BORE_M {
        let message = "the opening does not lead to the winding".to_owned();
        return fault("opening", message, "let both share a side");
    }
    let x = || winding.iter().map(|p| p[0]);
    let depth_m = x().fold(f64::MIN, f64::max) - x().fold(f64::MAX, f64::min);
    Ok(Slot {
        opening,
        winding: counter_clockwise(winding),
        half_opening_rad: (angles[1] - angles[0]) / 2.0,
        depth_m,
    })
}

/// Length along which the sides of two outlines lie on each other, m.
fn shared_length(a: &[Point], b: &[Point]) -> f64 {
    let sides_b = sides(b);
    let mut shared = 0.0;
    for (p, q) in sides(a) {
        let mut stops = vec![p, q];
        stops.extend(b.iter().filter(|c| segment_distance(**c, p, q) < TOUCH_M));
        stops.sort_by(|c, d| distance(*c, p).total_cmp(&distance(*d, p)));
        for piece in stops.windows(2) {
            let middle = [
                (piece[0][0] + piece[1][0]) / 2.0,
                (piece[0][1] + piece[1][1]) / 2.0,
            ];
            if sides_b
                .iter()
                .any(|s| segment_distance(middle, s.0, s.1) < TOUCH_M)
            {
                shared += distance(piece[0], piece[1]);
            }
        }
    }
    shared
}

/// Every corner leaves steel to the middle of the tooth, the bore and the outer surface.
fn check_inside(section: &Section, outline: &[Point]) -> Result<(), (String, String)> {
    let bore = section.stator.bore_diameter_m / 2.0;
    let outer = section.stator.outer_diameter_m / 2.0;
    let (sin, cos) = (PI / f64::from(section.slots)).sin_cos();
    let mm = |m: f64| format!("{:.3} mm", 1e3 * m);
    for p in outline {
        let to_middle = p[0] * sin - p[1].abs() * cos;
        if to_middle < LEAST_STEEL_M {
            let message = format!("the slots leave no tooth at radius {}", mm(radius(*p)));
            let pitch = 2.0 * radius(*p) * sin;
            return Err((message, format!("the slot pitch there is {}", mm(pitch))));
        }
        if radius(*p) < bore - ON_BORE_M {
            let message = format!("a corner at radius {} is inside the bore", mm(radius(*p)));
            return Err((message, format!("the bore radius is {}", mm(bore))));
        }
        if radius(*p) > outer - LEAST_YOKE_M {
            let message = "the slot cuts through the yoke".to_owned();
            return Err((message, format!("the outer radius is {}", mm(outer))));
        }
    }
    Ok(())
}
