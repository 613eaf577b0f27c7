//! The stator of one pole: one slot pitch, its copies, and the gap strips up to the ring.

use codrive_model::section::Section;

use crate::geometry::outline::{contains, polar, radius, segment_distance, turn};
use crate::geometry::slot::Slot;

use super::arrangement::Arrangement;
use super::fineness::Fineness;
use super::part::{Fill, Part};
use super::pole::{half_pole, limits};
use super::sector::{mesh_sector, pieces, sector_boundary, side_radii};
use super::size::SizeField;
use super::strip::even_angles;

pub(super) fn stator_part(
    section: &Section,
    slot: &Slot,
    fineness: Fineness,
    steps: usize,
) -> Result<(Part, usize), String> {
    let slots = section.slots_per_pole() as usize;
    let per_slot = steps / slots;
    #[allow(clippy::cast_precision_loss)]
    let half_slot = half_pole(section) / slots as f64;
    let bore = bore_angles(half_slot, slot.half_opening_rad, per_slot);
    let template = slot_pitch(section, slot, fineness, half_slot, &bore)?;
    let slot_triangles = template.triangles.len();
    let (mut part, on_bore) = replicate(&template, slots, half_slot);
    let even = even_angles(half_pole(section), steps);
    let snapped: Vec<f64> = (0..=steps)
        .map(|i| {
            let k = (i / per_slot).min(slots - 1);
            #[allow(clippy::cast_precision_loss)]
            let centre = half_slot * (2.0 * k as f64 + 1.0) - half_pole(section);
            centre + bore[i - k * per_slot]
        })
        .collect();
    let (bore_radius, strips) = (section.stator.bore_diameter_m / 2.0, fineness.stator_strips);
    let mut row = on_bore;
    for strip in 1..=strips {
        #[allow(clippy::cast_precision_loss)]
        let (depth, weight) = (
            strip as f64 / (strips + 1) as f64,
            strip as f64 / strips as f64,
        );
        let angles: Vec<f64> = snapped
            .iter()
            .zip(&even)
            .map(|(s, e)| s + weight * (e - s))
            .collect();
        row = part.add_strip(&row, &angles, bore_radius - depth * section.gap_m(), true);
    }
    part.ring = row;
    Ok((part, slot_triangles))
}

/// Angles of the bore nodes of one slot pitch, with nodes at the edges of the opening.
fn bore_angles(half: f64, half_opening: f64, steps: usize) -> Vec<f64> {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss
    )]
    let mut open = (half_opening / half * steps as f64).round() as usize;
    if !(steps - open.min(steps)).is_multiple_of(2) {
        #[allow(clippy::cast_precision_loss)]
        let exact = half_opening / half * steps as f64;
        #[allow(clippy::cast_precision_loss)]
        let up = exact > open as f64;
        open = if up { open + 1 } else { open.saturating_sub(1) };
    }
    let open = open.clamp(if steps.is_multiple_of(2) { 2 } else { 1 }, steps - 2);
    let tooth = (steps - open) / 2;
    let mut angles = Vec::with_capacity(steps + 1);
    let mut run = |from: f64, to: f64, n: usize| {
        #[allow(clippy::cast_precision_loss)]
        angles.extend((0..n).map(|i| from + (to - from) * i as f64 / n as f64));
    };
    run(-half, -half_opening, tooth);
    run(-half_opening, half_opening, open);
    run(half_opening, half, tooth);
    angles.push(half);
    angles
}

/// The mesh of one slot pitch, centred on +x, fills numbered for slot 0.
fn slot_pitch(
    section: &Section,
    slot: &Slot,
    fineness: Fineness,
    half: f64,
    bore: &[f64],
) -> Result<Part, String> {
    let (inner, outer) = (
        section.stator.bore_diameter_m / 2.0,
        section.stator.outer_diameter_m / 2.0,
    );
    #[allow(clippy::cast_precision_loss)]
    let gap_length = 2.0 * half * inner / (bore.len() - 1) as f64;
    let limits = limits(section, fineness, gap_length);
    let graph = Arrangement::new(
        [
            (slot.opening.as_slice(), false),
            (slot.winding.as_slice(), true),
        ]
        .into_iter(),
    );
    let mut size = SizeField::new(limits);
    bore.windows(2)
        .for_each(|w| size.ask(polar(inner, w[0]), inner * (w[1] - w[0])));
    let side = polar(2.0, half);
    size.ask_features(&graph, limits, |p| {
        2.0 * segment_distance([p[0], p[1].abs()], [0.0, 0.0], side)
            .min((radius(p) - inner).max(gap_length))
    });
    size.prune();
    let radii = side_radii(&size, &graph, inner, outer, half);
    let yoke = even_angles(half, pieces(2.0 * half * outer, size.at([outer, 0.0]), 2));
    let boundary = sector_boundary(inner, bore, outer, &yoke, &radii);
    let mesh = mesh_sector(boundary, half, &graph, &size)?;
    let mut part = Part {
        nodes: mesh.points,
        triangles: mesh.triangles,
        ..Part::default()
    };
    part.fill = part
        .triangles
        .iter()
        .map(|t| match part.middle(t) {
            p if contains(&slot.winding, p) => Fill::Slot(0),
            p if contains(&slot.opening, p) => Fill::Air,
            _ => Fill::Steel,
        })
        .collect();
    part.find_boundary(half, outer, yoke.len(), radii.len());
    part.ring = part.arc(inner, bore.len());
    Ok(part)
}

/// Copies of one slot pitch side by side, and their bore nodes by angle.
fn replicate(template: &Part, slots: usize, half_slot: f64) -> (Part, Vec<u32>) {
    let mut part = Part::default();
    let mut bore: Vec<u32> = Vec::new();
    let mut previous: Vec<u32> = Vec::new();
    for k in 0..slots {
        #[allow(clippy::cast_precision_loss)]
        let angle = half_slot * (2.0 * k as f64 + 1.0 - slots as f64);
        let mut number = vec![u32::MAX; template.nodes.len()];
        for (shared, own) in previous.iter().zip(&template.minus) {
            number[*own as usize] = *shared;
        }
        for (i, p) in template.nodes.iter().enumerate() {
            if number[i] == u32::MAX {
                #[allow(clippy::cast_possible_truncation)]
                let next = part.nodes.len() as u32;
                number[i] = next;
                part.nodes.push(turn(*p, angle));
            }
        }
        let map = |ids: &[u32]| {
            ids.iter()
                .map(|i| number[*i as usize])
                .collect::<Vec<u32>>()
        };
        part.triangles.extend(
            template
                .triangles
                .iter()
                .map(|t| t.map(|i| number[i as usize])),
        );
        part.fill.extend(template.fill.iter().map(|f| {
            if *f == Fill::Slot(0) {
                Fill::Slot(k)
            } else {
                *f
            }
        }));
        part.fixed.extend(map(&template.fixed));
        let arc = map(&template.ring);
        bore.extend(arc.iter().skip(usize::from(k > 0)));
        previous = map(&template.plus);
        if k == 0 {
            part.minus = map(&template.minus);
        }
    }
    part.plus = previous;
    part.fixed.sort_unstable();
    part.fixed.dedup();
    (part, bore)
}
