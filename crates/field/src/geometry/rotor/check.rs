//! Whether what was drawn fits the rotor: inside the lamination, and apart from each other.

use codrive_model::section::{Section, SectionFault, degrees, millimetres};

use super::super::RotorRegion;
use super::super::outline::{
    Point, TOUCH_M, lines_off_circle, overlap, radius, segment_distance, sides,
};
use super::{ON_SIDE_M, half_pole_rad};

/// Smallest steel between a hole and the pole's sides, shaft, surface or another hole, m.
const LEAST_STEEL_M: f64 = 0.05e-3;

/// What of a template decides how far its outline reaches.
enum Reach {
    Shaft,
    Surface,
    Neighbour,
}

impl RotorRegion {
    /// A fault of this region at the key that decides how far it reaches.
    fn fault(&self, reach: &Reach, message: &str, hint: String) -> SectionFault {
        let kind = self.place.split(['.', '[']).nth(1).unwrap_or_default();
        let key = match (kind, reach) {
            ("v" | "bar", Reach::Shaft) | ("spoke", Reach::Surface) => "depth",
            ("v" | "bar", Reach::Surface | Reach::Neighbour) | ("spoke", Reach::Shaft) => {
                "magnet_width"
            }
            ("spoke", Reach::Neighbour) | ("surface", Reach::Shaft) => "magnet_thickness",
            ("surface", _) => "pole_arc",
            _ => "outline",
        };
        let place = format!("{}.{key}", self.place);
        SectionFault::new(place, format!("`{}` {message}", self.name), hint)
    }
}

/// Every side lies in the lamination: off the shaft, the surface and the sides of the pole, or on
/// the surface or a side of the pole.
pub(super) fn inside(section: &Section, regions: &[RotorRegion]) -> Result<(), SectionFault> {
    let surface = section.rotor.outer_diameter_m / 2.0;
    let shaft = section.rotor.inner_diameter_m / 2.0;
    let half_pole = half_pole_rad(section);
    for region in regions {
        let faces_gap = faces_gap(region, surface);
        for ((p, q), faces_gap) in sides(&region.outline).into_iter().zip(faces_gap) {
            if radius(p) > surface - LEAST_STEEL_M && !faces_gap {
                let message = format!("reaches radius {}", millimetres(radius(p)));
                let hint = format!(
                    "the rotor's surface is at {}: leave a bridge of steel, 1 mm or so",
                    millimetres(surface)
                );
                return Err(region.fault(&Reach::Surface, &message, hint));
            }
            let nearest = segment_distance([0.0, 0.0], p, q);
            if nearest < shaft + LEAST_STEEL_M {
                let message = format!("comes down to radius {}", millimetres(nearest));
                let hint = format!(
                    "the shaft's is {}: less depth, or a thinner shaft",
                    millimetres(shaft)
                );
                return Err(region.fault(&Reach::Shaft, &message, hint));
            }
            let angle = p[1].atan2(p[0]).abs();
            let to_side = radius(p) * (half_pole - angle);
            if to_side < LEAST_STEEL_M && to_side.abs() > ON_SIDE_M {
                let message = format!("reaches {} from the d axis", degrees(angle));
                let hint = format!(
                    "the pole ends at {}: a narrower magnet or a smaller angle",
                    degrees(half_pole)
                );
                return Err(region.fault(&Reach::Neighbour, &message, hint));
            }
        }
    }
    Ok(())
}

/// For each corner, whether it ends a side that lies along the rotor's surface.
fn faces_gap(region: &RotorRegion, surface: f64) -> Vec<bool> {
    let lines = lines_off_circle(&region.outline, surface);
    if lines.iter().any(|(_, closed)| *closed) {
        return vec![false; region.outline.len()];
    }
    let within = |p: &Point| {
        lines
            .iter()
            .any(|(line, _)| line[1..line.len() - 1].contains(p))
    };
    region.outline.iter().map(|p| !within(p)).collect()
}

/// No outline crosses another or lies inside it, and steel between two is thick enough to be there;
/// touching is allowed.
pub(super) fn apart(regions: &[RotorRegion]) -> Result<(), SectionFault> {
    for (i, a) in regions.iter().enumerate() {
        for b in &regions[..i] {
            let other = format!("`{}` of `{}`", b.name, b.place);
            if overlap(&a.outline, &b.outline) {
                let message = format!("overlaps {other}");
                let hint = "move or shrink one of them".to_owned();
                return Err(a.fault(&Reach::Neighbour, &message, hint));
            }
            let steel = gap_between(&a.outline, &b.outline);
            if (TOUCH_M..LEAST_STEEL_M).contains(&steel) {
                let message = format!("leaves {} of steel to {other}", millimetres(steel));
                let hint = format!("at least {}, or let them touch", millimetres(LEAST_STEEL_M));
                return Err(a.fault(&Reach::Neighbour, &message, hint));
            }
        }
    }
    Ok(())
}

/// Smallest distance between two outlines that do not cross, m.
fn gap_between(a: &[Point], b: &[Point]) -> f64 {
    let from = |corners: &[Point], other: &[Point]| {
        let other = sides(other);
        corners
            .iter()
            .flat_map(|p| other.iter().map(|s| segment_distance(*p, s.0, s.1)))
            .fold(f64::INFINITY, f64::min)
    };
    from(a, b).min(from(b, a))
}
