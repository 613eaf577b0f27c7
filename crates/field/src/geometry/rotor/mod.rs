//! Magnets and holes of one rotor pole, d axis on +x, from templates or free outlines.

mod buried;
mod check;
mod region;
mod spoke;
mod surface;

use codrive_model::section::{Section, SectionFault};

use super::RotorRegion;
use super::outline::{polar, radius};

/// Corners nearer to a side of the pole, or to the rotor's surface, than this lie on it, m.
const ON_SIDE_M: f64 = 2e-6;

/// Draws and checks all magnets and holes of a pole.
///
/// # Errors
/// A shape that cannot be drawn, leaves the rotor, or crosses another; with its key.
pub fn draw(section: &Section) -> Result<Vec<RotorRegion>, SectionFault> {
    let rotor = &section.rotor;
    let surface = rotor.outer_diameter_m / 2.0;
    let half_pole = half_pole_rad(section);
    let mut regions = Vec::new();
    for (i, layer) in rotor.v.iter().enumerate() {
        regions.extend(buried::v_layer(layer, i, surface)?);
    }
    for (i, layer) in rotor.bar.iter().enumerate() {
        regions.extend(buried::bar_layer(layer, i, surface)?);
    }
    for (i, layer) in rotor.spoke.iter().enumerate() {
        regions.extend(spoke::spoke(layer, i, surface, half_pole)?);
    }
    for (i, magnet) in rotor.surface.iter().enumerate() {
        regions.extend(surface::surface_magnet(magnet, i, surface, half_pole)?);
    }
    for (i, region) in rotor.region.iter().enumerate() {
        regions.push(region::free_region(region, i, surface)?);
    }
    snap_to_borders(section, &mut regions);
    check::inside(section, &regions)?;
    check::apart(&regions)?;
    Ok(regions)
}

fn half_pole_rad(section: &Section) -> f64 {
    std::f64::consts::PI / (2.0 * f64::from(section.pole_pairs))
}

/// Puts corners that lie on a side of the pole or on the rotor's surface within rounding exactly on
/// it: a region may end there, to be continued by the neighbouring pole or to face the gap.
fn snap_to_borders(section: &Section, regions: &mut [RotorRegion]) {
    let half_pole = half_pole_rad(section);
    let surface = section.rotor.outer_diameter_m / 2.0;
    for p in regions.iter_mut().flat_map(|r| &mut r.outline) {
        let mut angle = p[1].atan2(p[0]);
        let mut r = radius(*p);
        let on_side = r * (angle.abs() - half_pole).abs() < ON_SIDE_M;
        let on_surface = (r - surface).abs() < ON_SIDE_M;
        if on_side {
            angle = half_pole.copysign(angle);
        }
        if on_surface {
            r = surface;
        }
        if on_side || on_surface {
            *p = polar(r, angle);
        }
    }
}
