//! A magnet between two poles, half of it in each.

use codrive_model::section::{SectionFault, SpokeLayer, millimetres};

use super::super::RotorRegion;
use super::super::outline::{Outline, Point, polar};

/// Pockets lower than this are not drawn, m.
const LEAST_POCKET_M: f64 = 0.05e-3;

/// Both halves at the sides of a pole, with the pockets above and below the magnet.
///
/// The halves are magnetised towards the d axis. The half across the side belongs to a pole of the
/// opposite sign, so that the anti-periodic side joins both to one magnet.
pub(super) fn spoke(
    layer: &SpokeLayer,
    index: usize,
    surface: f64,
    half_pole_rad: f64,
) -> Result<Vec<RotorRegion>, SectionFault> {
    let place = format!("rotor.spoke[{index}]");
    let (out, across) = (
        polar(1.0, half_pole_rad),
        polar(1.0, half_pole_rad - std::f64::consts::FRAC_PI_2),
    );
    let half = layer.magnet_thickness_m / 2.0;
    let at = |s: f64, a: f64| -> Point { [out[0] * s + across[0] * a, out[1] * s + across[1] * a] };
    let face = surface - layer.depth_m;
    let back = face - layer.magnet_width_m;
    let foot = back - layer.inner_pocket_m;
    if foot <= 0.0 {
        let message = "the magnet reaches past the centre of the rotor";
        let hint = "a smaller magnet_width, depth or inner_pocket";
        return Err(SectionFault::new(
            format!("{place}.magnet_width"),
            message,
            hint,
        ));
    }
    let block = |from: f64, to: f64| vec![at(from, 0.0), at(from, half), at(to, half), at(to, 0.0)];
    let limit = surface - layer.bridge_m;
    let roof = (limit * limit - half * half).max(0.0).sqrt();
    if face > roof {
        return Err(SectionFault::out_of_range(
            format!("{place}.depth"),
            millimetres(layer.depth_m),
            &format!("at least {}", millimetres(surface - roof)),
            "the magnet's corners stay below the bridge",
        ));
    }
    let mut outlines: Vec<(&str, Option<f64>, Outline)> = vec![(
        "spoke magnet",
        Some(half_pole_rad - std::f64::consts::FRAC_PI_2),
        block(back, face),
    )];
    if roof - face > LEAST_POCKET_M {
        outlines.push(("outer pocket", None, block(face, roof)));
    }
    if layer.inner_pocket_m > LEAST_POCKET_M {
        outlines.push(("inner pocket", None, block(foot, back)));
    }
    let mut regions = Vec::new();
    for (name, direction, outline) in outlines {
        let mirrored = outline.iter().map(|p| [p[0], -p[1]]).collect();
        for (which, sign, outline) in [("upper", 1.0, outline), ("lower", -1.0, mirrored)] {
            let mut region = RotorRegion::new(
                &place,
                &format!("{which} {name}"),
                direction.map(|angle| sign * angle),
                outline,
            );
            region.share_of_magnet = 0.5;
            regions.push(region);
        }
    }
    Ok(regions)
}
