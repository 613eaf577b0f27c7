//! From holes all round the rotor to what lies in one pole.

use std::f64::consts::{PI, TAU};

use codrive_model::section::{Corner, Region};

use crate::outline::{Point, area, clip, turned};

/// Pieces that enclose less are left out, m²: a thousandth of a square millimetre.
const LEAST_AREA_M2: f64 = 1e-9;

/// The parts of `copies` equal regions round the rotor that lie in the pole about +x.
///
/// The first copy is turned by `turn_rad`. Magnets change sign from copy to copy.
pub(crate) fn in_pole(region: &Region, copies: u32, turn_rad: f64, poles: u32) -> Vec<Region> {
    let half_pole = PI / f64::from(poles);
    let mut pieces = Vec::new();
    for k in 0..copies {
        let angle = turn_rad + TAU * f64::from(k) / f64::from(copies);
        // Angles of a full turn or more would only cost digits.
        let angle = (angle + PI).rem_euclid(TAU) - PI;
        let angle = if angle.abs() < 1e-12 { 0.0 } else { angle };
        let outline = cut(turned(&region.outline, angle), half_pole);
        if area(&outline).abs() > LEAST_AREA_M2 {
            let reversed = PI * f64::from(k % 2);
            pieces.push(Region {
                outline,
                magnetisation_rad: region
                    .magnetisation_rad
                    .map(|m| within_half_turn(m + angle + reversed)),
                ..region.clone()
            });
        }
    }
    if pieces.len() > 1 {
        for (i, piece) in pieces.iter_mut().enumerate() {
            piece.name = format!("{}, part {}", piece.name, i + 1);
        }
    }
    pieces
}

/// The part of an outline between the sides of the pole.
fn cut(outline: Vec<Corner>, half_pole: f64) -> Vec<Corner> {
    let (s, c) = half_pole.sin_cos();
    let sides: [Point; 2] = [[s, -c], [s, c]];
    let mut rest = outline;
    for inward in sides {
        // An outline that is inside keeps its corners to the last digit.
        let whole = area(&rest);
        let clipped = clip(&rest, inward);
        if (area(&clipped) - whole).abs() > 1e-12 {
            rest = clipped;
        }
    }
    rest
}

/// The same direction, from −180° up to 180°.
fn within_half_turn(angle: f64) -> f64 {
    if (-PI..PI).contains(&angle) {
        return angle;
    }
    let turned = (angle + PI).rem_euclid(TAU) - PI;
    if turned.abs() < 1e-12 { 0.0 } else { turned }
}

#[cfg(test)]
mod tests {
    use codrive_model::section::RegionMaterial;

    use super::*;
    use crate::outline::{polar, polygon, turn};

    fn block(at_rad: f64, magnetisation_rad: Option<f64>) -> Region {
        let corners = [[0.04, -0.01], [0.05, -0.01], [0.05, 0.01], [0.04, 0.01]];
        let outline = polygon(&corners.map(|p| turn(p, at_rad)));
        Region {
            name: "block".to_owned(),
            material: magnetisation_rad.map_or(RegionMaterial::Air, |_| RegionMaterial::Magnet),
            magnetisation_rad,
            outline,
        }
    }

    #[test]
    fn a_hole_inside_the_pole_stays_as_it_is() {
        let hole = block(0.0, Some(0.1));
        assert_eq!(in_pole(&hole, 8, 0.0, 8), [hole]);
    }

    /// A spoke on the side of the pole: half of it at each side, magnetised the same way round,
    /// which is opposite in the frame of the pole.
    #[test]
    fn a_spoke_is_halved_and_turns_its_sign() {
        let half_pole = PI / 8.0;
        let spoke = block(half_pole, Some(half_pole + PI / 2.0));
        let halves = in_pole(&spoke, 8, 0.0, 8);
        assert_eq!(halves.len(), 2);
        let total: f64 = halves.iter().map(|h| area(&h.outline)).sum();
        assert!((total - 2e-4).abs() < 1e-12);
        let direction = |h: &Region| polar(1.0, h.magnetisation_rad.unwrap());
        let (a, b) = (direction(&halves[0]), direction(&halves[1]));
        // Mirror images about the axis: flux enters the pole from both spokes.
        assert!((a[0] - b[0]).abs() < 1e-12 && (a[1] + b[1]).abs() < 1e-12);
    }

    /// One hole in two poles would not repeat; its copies fill the pole only where they lie.
    #[test]
    fn copies_elsewhere_are_left_out() {
        assert_eq!(in_pole(&block(0.0, None), 2, PI / 2.0, 8).len(), 0);
        assert_eq!(in_pole(&block(0.0, None), 16, PI / 8.0, 8).len(), 3);
    }
}
