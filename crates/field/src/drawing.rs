//! A section as a drawing: its outlines, and which phase lies where.

use codrive_model::drawing::{CoilSide, SectionDrawing};
use codrive_model::section::{Section, SectionFault, Side};

use crate::facts;
use crate::geometry::outline::{Outline, Point, turn};
use crate::geometry::slot;

/// Draws a section without solving it.
///
/// # Errors
/// The section cannot be drawn; with its key.
pub fn of_section(section: &Section) -> Result<SectionDrawing, SectionFault> {
    let (stator, rotor) = (&section.stator, &section.rotor);
    Ok(SectionDrawing {
        id: section.id.clone(),
        name: section.name.clone(),
        topology: section.topology().to_owned(),
        steel: section.steel.clone(),
        magnet: section.magnet.clone(),
        pole_pairs: section.pole_pairs,
        slots: section.slots,
        sector_poles: section.sector().poles,
        layers: section.winding.layers,
        coil_pitch_slots: section.winding.coil_pitch,
        diameters_m: [
            stator.outer_diameter_m,
            stator.bore_diameter_m,
            rotor.outer_diameter_m,
            rotor.inner_diameter_m,
        ],
        stack_m: None,
        patches: facts::drawing(section)?,
        coil_sides: coil_sides(section)?,
    })
}

/// Coil sides of the sector's slots; of two layers, the first lies at the bottom of the slot.
fn coil_sides(section: &Section) -> Result<Vec<CoilSide>, SectionFault> {
    let winding = slot::draw(section)?.winding;
    let x = || winding.iter().map(|p| p[0]);
    let (low, high) = (x().fold(f64::MAX, f64::min), x().fold(f64::MIN, f64::max));
    let middle = (low + high) / 2.0;
    let (star, sector) = (section.star(), section.sector());
    let mut sides = Vec::new();
    for k in 0..sector.slots {
        let angle = facts::slot_angle(section, k);
        let mut add = |(phase, sign): Side, outline: &[Point]| {
            sides.push(CoilSide {
                phase,
                forward: sign > 0.0,
                corners_m: outline.iter().map(|p| turn(*p, angle)).collect(),
            });
        };
        let [first, last] = star.sides(k);
        if section.winding.layers == 1 {
            add(first, &winding);
        } else if section.winding.coil_pitch == 1 {
            add(first, &beside(&winding, 1.0));
            add(last, &beside(&winding, -1.0));
        } else {
            add(first, &beyond(&winding, middle, 1.0));
            add(last, &beyond(&winding, middle, -1.0));
        }
    }
    Ok(sides)
}

/// The part of a slot on one side of its middle: coils on neighbouring teeth lie side by side.
fn beside(outline: &[Point], sign: f64) -> Outline {
    let turned: Outline = outline.iter().map(|[x, y]| [*y, -*x]).collect();
    let part = beyond(&turned, 0.0, sign);
    part.iter().map(|[x, y]| [-*y, *x]).collect()
}

/// The part of an outline with `sign · x` above `sign · cut` (Sutherland & Hodgman 1974).
fn beyond(outline: &[Point], cut: f64, sign: f64) -> Outline {
    let n = outline.len();
    let mut part = Outline::new();
    for i in 0..n {
        let (a, b) = (outline[i], outline[(i + 1) % n]);
        let (inside_a, inside_b) = (sign * (a[0] - cut) >= 0.0, sign * (b[0] - cut) >= 0.0);
        if inside_a {
            part.push(a);
        }
        if inside_a != inside_b {
            let t = (cut - a[0]) / (b[0] - a[0]);
            part.push([cut, a[1] + t * (b[1] - a[1])]);
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::outline::signed_area;

    #[test]
    fn two_layers_share_the_slot() {
        let slot = vec![[1.0, -1.0], [3.0, -2.0], [3.0, 2.0], [1.0, 1.0]];
        let halves = [1.0, -1.0].map(|sign| signed_area(&beyond(&slot, 2.0, sign)));
        assert!((halves[0] + halves[1] - signed_area(&slot)).abs() < 1e-12);
        assert!(halves[0] > halves[1] && halves[1] > 0.0);
    }
}
