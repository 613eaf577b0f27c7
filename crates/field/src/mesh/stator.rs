//! The stator of a sector: one slot pitch with its part of the gap up to the ring, and its copies.

use codrive_model::section::{Section, Sector};

use crate::geometry::outline::{Point, contains, polar, radius, segment_distance};
use crate::geometry::slot::Slot;

use super::arrangement::Arrangement;
use super::fineness::Fineness;
use super::part::{Fill, Part};
use super::pole::{corner_length, half_slot, limits, slot_angle};
use super::sector::{mesh_sector, sector_boundary, side_radii, whole_arc, with_good_angles};
use super::size::{SizeField, cut_by};
use super::strip::even_angles;

/// The stator of a sector and the number of triangles of one slot pitch without its part of the gap.
pub(super) fn stator_part(
    section: &Section,
    sector: Sector,
    slot: &Slot,
    fineness: Fineness,
    steps: usize,
) -> Result<(Part, usize), String> {
    let slots = sector.slots as usize;
    let half_slot = half_slot(section, sector);
    let template = with_good_angles(fineness, |f| {
        slot_pitch(section, slot, f, half_slot, steps / slots)
    })?;
    let slot_triangles = template.fill.iter().filter(|f| **f != Fill::Gap).count();
    let mut part = template.copied(slots, |k| slot_angle(section, sector, k));
    part.move_gap_last();
    Ok((part, slot_triangles))
}

/// Radius of the ring, m.
pub(super) fn ring_radius(section: &Section, fineness: Fineness) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let layers = (fineness.stator_strips + 1) as f64;
    section.rotor.outer_diameter_m / 2.0 + section.gap_m() / layers
}

/// The mesh of one slot pitch from the ring to the yoke, centred on +x, fills numbered for slot 0;
/// and the smallest angle of its outlines, rad.
fn slot_pitch(
    section: &Section,
    slot: &Slot,
    fineness: Fineness,
    half: f64,
    steps: usize,
) -> Result<(Part, f64), String> {
    let (ring, bore, outer) = (
        ring_radius(section, fineness),
        section.stator.bore_diameter_m / 2.0,
        section.stator.outer_diameter_m / 2.0,
    );
    #[allow(clippy::cast_precision_loss)]
    let gap_length = 2.0 * half * ring / steps as f64;
    let mut limits = limits(section, fineness, gap_length);
    let bottom = slot.winding.iter().map(|p| radius(*p)).fold(bore, f64::max);
    limits.largest = limits
        .largest
        .min(4.0 * fineness.largest * (outer - bottom));
    let n = slot.opening.len();
    let lines = [
        (&slot.opening[..n / 2], false),
        (&slot.opening[n / 2..], false),
        (slot.winding.as_slice(), true),
    ];
    let features = Arrangement::new(lines.into_iter());
    let mut size = SizeField::new(limits);
    let ring_angles = even_angles(half, steps);
    ring_angles
        .iter()
        .for_each(|a| size.ask(polar(bore, *a), gap_length));
    let side = polar(2.0, half);
    size.ask_features(&features, limits, |p| {
        (2.0 * segment_distance([p[0], p[1].abs()], [0.0, 0.0], side))
            .min(2.0 * (radius(p) - bore).max(gap_length))
            .min(outer - radius(p))
    });
    size.ask_corners(&features, corner_length(section, fineness));
    size.prune();
    let bore_line = bore_line(&size, bore, half, slot.half_opening_rad);
    let graph = Arrangement::new(lines.into_iter().chain([(bore_line.as_slice(), false)]));
    let (yoke, outer) = whole_arc(&size, outer, half, 2);
    let radii = side_radii(&size, &graph, ring, outer, half);
    let boundary = sector_boundary(ring, &ring_angles, outer, &yoke, &radii);
    let mesh = mesh_sector(boundary, half, &graph, &size)?;
    let mut part = Part {
        nodes: mesh.points,
        triangles: mesh.triangles,
        ..Part::default()
    };
    let mut below_bore = bore_line;
    below_bore.push([0.0, 0.0]);
    part.fill = part
        .triangles
        .iter()
        .map(|t| match part.middle(t) {
            p if contains(&below_bore, p) => Fill::Gap,
            p if contains(&slot.winding, p) => Fill::Slot(0),
            p if contains(&slot.opening, p) => Fill::Air,
            _ => Fill::Steel,
        })
        .collect();
    part.find_boundary(half, outer, yoke.len(), radii.len());
    part.ring = part.arc(ring, steps + 1);
    Ok((part, features.smallest_angle_rad()))
}

/// Points along the bore of one slot pitch, with the edges of the opening among them.
fn bore_line(size: &SizeField, bore: f64, half: f64, half_opening: f64) -> Vec<Point> {
    let stops = [-half, -half_opening, half_opening, half];
    let mut line = vec![polar(bore, -half)];
    for pair in stops.windows(2) {
        let flat = |angle: f64| [bore * angle, 0.0];
        let cuts = cut_by(flat(pair[0]), flat(pair[1]), |p| {
            size.at(polar(bore, p[0] / bore))
        });
        line.extend(cuts.iter().skip(1).map(|p| polar(bore, p[0] / bore)));
    }
    line
}
