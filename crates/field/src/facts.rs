//! Geometry of a section as other crates need it: areas, slot, teeth, and the drawing.

use std::f64::consts::PI;

use codrive_model::flux_map::{Patch, SectionFacts};
use codrive_model::material::Steel;
use codrive_model::section::{Section, SectionFault};

use crate::geometry::outline::{Point, distance, polar, signed_area, turn};
use crate::geometry::slot::Slot;
use crate::geometry::{RotorRegion, rotor, slot};
use crate::strength::RotorStrength;
use crate::winding::Winding;

/// Collects the facts of a section with what its rotor bears.
///
/// # Errors
/// The section cannot be drawn.
pub fn of_section(
    section: &Section,
    steel: &Steel,
    strength: &RotorStrength,
) -> Result<SectionFacts, SectionFault> {
    let regions = rotor::draw(section)?;
    let slot = slot::draw(section)?;
    let poles = 2.0 * f64::from(section.pole_pairs);
    let slots = f64::from(section.slots);
    let radii = [
        section.stator.outer_diameter_m,
        section.stator.bore_diameter_m,
        section.rotor.outer_diameter_m,
        section.rotor.inner_diameter_m,
    ]
    .map(|d| d / 2.0);
    let ring = |outer: f64, inner: f64| PI * (outer * outer - inner * inner);
    let area = |magnets: bool| -> f64 {
        regions
            .iter()
            .filter(|r| r.magnetisation_rad.is_some() == magnets)
            .map(|r| signed_area(&r.outline))
            .sum()
    };
    let (slot_area, opening) = (signed_area(&slot.winding), signed_area(&slot.opening));
    let magnets: Vec<&RotorRegion> = regions
        .iter()
        .filter(|r| r.magnetisation_rad.is_some())
        .collect();
    let bottom = slot.winding.iter().fold(0.0_f64, |m, p| m.max(p[0]));
    Ok(SectionFacts {
        id: section.id.clone(),
        name: section.name.clone(),
        topology: section.topology().to_owned(),
        pole_pairs: section.pole_pairs,
        slots: section.slots,
        stator_outer_radius_m: radii[0],
        stator_bore_radius_m: radii[1],
        rotor_outer_radius_m: radii[2],
        rotor_inner_radius_m: radii[3],
        stator_iron_area_m2: ring(radii[0], radii[1]) - slots * (slot_area + opening),
        rotor_iron_area_m2: ring(radii[2], radii[3]) - poles * (area(true) + area(false)),
        magnet_area_m2: poles * area(true),
        slot_area_m2: slot_area,
        slot_depth_m: slot.depth_m,
        slot_width_m: slot_area / slot.depth_m,
        slot_perimeter_m: perimeter(&slot.winding),
        tooth_width_m: tooth_width(section, &slot),
        yoke_height_m: radii[0] - bottom,
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        magnets: (poles * magnets.iter().map(|m| m.share_of_magnet).sum::<f64>()).round() as u32,
        #[allow(clippy::cast_precision_loss)]
        magnet_width_m: magnets.iter().map(|m| width(m)).sum::<f64>() / magnets.len().max(1) as f64,
        winding_factor: Winding::new(section, section.sector()).factor,
        coil_pitch_slots: section.winding.coil_pitch,
        steel: section.steel.clone(),
        magnet: section.magnet.clone(),
        magnet_temperature_k: section.magnet_temperature_k,
        stacking_factor: section.stacking_factor,
        rotor_stress_pa_s2: strength.stress_pa_s2,
        rotor_yield_pa: steel.yield_pa,
        burst_speed_limit_rad_per_s: strength.speed_limit_rad_per_s,
    })
}

fn perimeter(outline: &[Point]) -> f64 {
    let n = outline.len();
    (0..n)
        .map(|i| distance(outline[i], outline[(i + 1) % n]))
        .sum()
}

/// Twice the smallest distance from the winding space to the middle of the tooth.
fn tooth_width(section: &Section, slot: &Slot) -> f64 {
    let (sin, cos) = (PI / f64::from(section.slots)).sin_cos();
    slot.winding
        .iter()
        .map(|p| 2.0 * (p[0] * sin - p[1].abs() * cos))
        .fold(f64::MAX, f64::min)
}

/// Extent of a magnet across its magnetisation.
fn width(magnet: &RotorRegion) -> f64 {
    let angle = magnet.magnetisation_rad.unwrap_or(0.0);
    let across = || magnet.outline.iter().map(|p| turn(*p, -angle)[1]);
    across().fold(f64::MIN, f64::max) - across().fold(f64::MAX, f64::min)
}

/// The smallest sector as polygons: laminations first, then what lies in them.
///
/// # Errors
/// The section cannot be drawn.
pub fn drawing(section: &Section) -> Result<Vec<Patch>, SectionFault> {
    let (sector, pitch) = (section.sector(), PI / f64::from(section.pole_pairs));
    let patch = |material: &str, magnetisation_rad: Option<f64>, corners_m: Vec<Point>| Patch {
        material: material.to_owned(),
        magnetisation_rad,
        corners_m,
    };
    let steel = |material: &str, inner_diameter: f64, outer_diameter: f64| {
        let corners = annulus(inner_diameter, outer_diameter, pitch, sector.poles);
        patch(material, None, corners)
    };
    let (stator, rotor) = (&section.stator, &section.rotor);
    let mut patches = vec![
        steel(
            "stator-steel",
            stator.bore_diameter_m,
            stator.outer_diameter_m,
        ),
        steel(
            "rotor-steel",
            rotor.inner_diameter_m,
            rotor.outer_diameter_m,
        ),
    ];
    let turned = |outline: &[Point], angle: f64| -> Vec<Point> {
        outline.iter().map(|p| turn(*p, angle)).collect()
    };
    let slot = slot::draw(section)?;
    for k in 0..sector.slots {
        let angle = slot_angle(section, k);
        patches.push(patch("air", None, turned(&slot.opening, angle)));
        patches.push(patch("slot", None, turned(&slot.winding, angle)));
    }
    let regions = rotor::draw(section)?;
    for pole in 0..sector.poles {
        let angle = pitch * f64::from(pole);
        let reversed = PI * f64::from(pole % 2);
        for region in &regions {
            let magnetisation = region.magnetisation_rad.map(|m| m + angle + reversed);
            let material = if magnetisation.is_some() {
                "magnet"
            } else {
                "air"
            };
            patches.push(patch(
                material,
                magnetisation,
                turned(&region.outline, angle),
            ));
        }
    }
    Ok(patches)
}

/// Angle of the middle of a slot of the sector, rad.
pub(crate) fn slot_angle(section: &Section, slot: u32) -> f64 {
    let half_pole = PI / (2.0 * f64::from(section.pole_pairs));
    half_pole * (f64::from(2 * slot + 1) / section.sector().slots_per_pole() - 1.0)
}

/// Part of a ring from half a pole before +x over some poles.
fn annulus(inner_diameter: f64, outer_diameter: f64, pole_rad: f64, poles: u32) -> Vec<Point> {
    const PIECES: u32 = 24;
    let angle = |i: u32| pole_rad / 2.0 * (2.0 * f64::from(i) / f64::from(PIECES) - 1.0);
    let all = PIECES * poles;
    let mut corners: Vec<Point> = (0..=all)
        .map(|i| polar(outer_diameter / 2.0, angle(i)))
        .collect();
    corners.extend(
        (0..=all)
            .rev()
            .map(|i| polar(inner_diameter / 2.0, angle(i))),
    );
    corners
}
