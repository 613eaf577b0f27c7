//! Magnets on the rotor's surface and the air between them.

use codrive_model::section::{
    MagnetSides, SectionFault, SurfaceMagnet, SurfaceMagnetisation, millimetres,
};

use super::super::RotorRegion;
use super::super::outline::{Outline, SURFACE_CHORD_RAD, polar};

/// Largest angle of a chord along the magnets' base, rad.
const BASE_CHORD_RAD: f64 = 0.044;
/// Gaps between magnets smaller than this are none, m.
const LEAST_GAP_M: f64 = 0.02e-3;

/// The magnets of a pole, and the air between them and the sides of the pole.
pub(super) fn surface_magnet(
    magnet: &SurfaceMagnet,
    index: usize,
    surface: f64,
    half_pole_rad: f64,
) -> Result<Vec<RotorRegion>, SectionFault> {
    let place = format!("rotor.surface[{index}]");
    let base = surface - magnet.magnet_thickness_m;
    let half_arc = (magnet.pole_arc * half_pole_rad).min(half_pole_rad);
    let half_base = match magnet.sides {
        MagnetSides::Radial => half_arc,
        MagnetSides::Parallel => parallel_side(surface * half_arc.sin(), base, half_pole_rad)
            .map_err(|width| {
                SectionFault::new(
                    format!("{place}.pole_arc"),
                    format!("parallel sides {width} apart meet the neighbouring magnet"),
                    "a smaller pole_arc, or sides = \"radial\"",
                )
            })?,
    };
    let mut regions = Vec::new();
    let blocks = f64::from(magnet.segments);
    for k in 0..magnet.segments {
        let part = |half: f64, i: u32| half * (2.0 * f64::from(i) / blocks - 1.0);
        let (from, to) = (
            [half_base, half_arc].map(|h| part(h, k)),
            [half_base, half_arc].map(|h| part(h, k + 1)),
        );
        let mut outline = arc(base, to[0], from[0], BASE_CHORD_RAD);
        outline.extend(arc(surface, from[1], to[1], SURFACE_CHORD_RAD));
        let direction = match magnet.magnetisation {
            SurfaceMagnetisation::Parallel => 0.0,
            SurfaceMagnetisation::Radial => (from[1] + to[1]) / 2.0,
        };
        regions.push(RotorRegion::new(
            &place,
            &format!("magnet block {}", k + 1),
            Some(direction),
            outline,
        ));
    }
    let floor = base + magnet.inset_m;
    let open = surface - floor > LEAST_GAP_M;
    if open && surface * (half_pole_rad - half_arc) > LEAST_GAP_M {
        let half_floor = match magnet.sides {
            MagnetSides::Radial => half_arc,
            MagnetSides::Parallel => (surface * half_arc.sin() / floor).asin(),
        };
        let mut gap = arc(floor, half_pole_rad, half_floor, BASE_CHORD_RAD);
        gap.extend(arc(surface, half_arc, half_pole_rad, SURFACE_CHORD_RAD));
        let mirrored = gap.iter().map(|p| [p[0], -p[1]]).collect();
        for (name, outline) in [("upper gap", gap), ("lower gap", mirrored)] {
            let name = format!("{name} between magnets");
            regions.push(RotorRegion::new(&place, &name, None, outline));
        }
    }
    Ok(regions)
}

/// Angle at the base of a side at distance `y` from the d axis; the magnet's width as the error.
fn parallel_side(y: f64, base: f64, half_pole_rad: f64) -> Result<f64, String> {
    let angle = if y < base {
        (y / base).asin()
    } else {
        f64::MAX
    };
    if base * (half_pole_rad - angle) > LEAST_GAP_M {
        Ok(angle)
    } else {
        Err(millimetres(2.0 * y))
    }
}

/// Points of an arc about the centre, both ends included.
fn arc(r: f64, from: f64, to: f64, chord: f64) -> Outline {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let pieces = ((to - from).abs() / chord).ceil().clamp(1.0, 1e4) as u32;
    (0..=pieces)
        .map(|i| polar(r, from + (to - from) * f64::from(i) / f64::from(pieces)))
        .collect()
}
