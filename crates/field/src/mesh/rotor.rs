//! The rotor of one pole with the gap strip on its surface.

use codrive_model::section::Section;

use crate::geometry::RotorRegion;
use crate::geometry::outline::{Point, contains, polar, radius, segment_distance};

use super::arrangement::Arrangement;
use super::fineness::Fineness;
use super::part::{Fill, Part};
use super::pole::{corner_length, half_pole, limits};
use super::sector::{mesh_sector, sector_boundary, side_radii, whole_arc, with_good_angles};
use super::size::SizeField;
use super::stator::ring_radius;
use super::strip::even_angles;

/// The rotor of one pole up to the ring.
pub(super) fn rotor_part(
    section: &Section,
    regions: &[RotorRegion],
    fineness: Fineness,
    steps: usize,
) -> Result<Part, String> {
    with_good_angles(fineness, |f| lamination(section, regions, f, steps))
}

/// The rotor's mesh and the smallest angle of its outlines, rad.
fn lamination(
    section: &Section,
    regions: &[RotorRegion],
    fineness: Fineness,
    steps: usize,
) -> Result<(Part, f64), String> {
    let half = half_pole(section);
    let (inner, outer) = (
        section.rotor.inner_diameter_m / 2.0,
        section.rotor.outer_diameter_m / 2.0,
    );
    #[allow(clippy::cast_precision_loss)]
    let gap_length = 2.0 * half * outer / steps as f64;
    let limits = limits(section, fineness, gap_length);
    let lines: Vec<(Vec<Point>, bool)> =
        regions.iter().flat_map(|r| r.inner_lines(outer)).collect();
    let graph = Arrangement::new(
        lines
            .iter()
            .map(|(line, closed)| (line.as_slice(), *closed)),
    );
    let mut size = SizeField::new(limits);
    let even = even_angles(half, steps);
    let surface = with_corners(&even, &graph, outer)?;
    surface
        .iter()
        .for_each(|a| size.ask(polar(outer, *a), gap_length));
    let side = polar(1.0, half);
    size.ask_features(&graph, limits, |p| {
        let to_side = segment_distance([p[0], p[1].abs()], [0.0, 0.0], [side[0], side[1]]);
        (outer - radius(p))
            .min(radius(p) - inner)
            .min(2.0 * to_side)
            .max(0.2e-3)
    });
    size.ask_corners(&graph, corner_length(section, fineness));
    size.prune();
    let (shaft, inner) = whole_arc(&size, inner, half, 3);
    let radii = side_radii(&size, &graph, inner, outer, half);
    let boundary = sector_boundary(inner, &shaft, outer, &surface, &radii);
    let mesh = mesh_sector(boundary, half, &graph, &size)?;
    let mut part = Part {
        nodes: mesh.points,
        triangles: mesh.triangles,
        ..Part::default()
    };
    part.fill = part
        .triangles
        .iter()
        .map(|t| rotor_fill(regions, part.middle(t)))
        .collect();
    part.find_boundary(half, inner, shaft.len(), radii.len());
    let on_surface: Vec<u32> = part.arc(outer, steps + 1);
    part.ring = part.add_strip(&on_surface, &even, ring_radius(section, fineness));
    Ok((part, graph.smallest_angle_rad()))
}

/// Even angles along the surface, one moved to each corner of the graph that lies on it; the ends
/// stay.
fn with_corners(even: &[f64], graph: &Arrangement, outer: f64) -> Result<Vec<f64>, String> {
    let mut angles = even.to_vec();
    let last = even.len() - 1;
    let on_surface = |p: &&Point| (radius(**p) - outer).abs() < 1e-8;
    let mut corners: Vec<f64> = graph
        .points
        .iter()
        .filter(on_surface)
        .map(|p| p[1].atan2(p[0]))
        .filter(|a| outer * (a.abs() - even[last]).abs() > 1e-8)
        .collect();
    corners.sort_by(f64::total_cmp);
    if corners.len() >= last {
        return Err("there are more corners on the rotor's surface than steps of the ring".into());
    }
    let mut free = 1;
    for (k, angle) in corners.iter().enumerate() {
        let after = even.partition_point(|a| a < angle).min(last);
        let nearest = after - usize::from(angle - even[after - 1] < even[after] - angle);
        let most = last.saturating_sub(corners.len() - k).max(free);
        free = nearest.clamp(free, most);
        angles[free] = *angle;
        free += 1;
    }
    Ok(angles)
}

fn rotor_fill(regions: &[RotorRegion], p: Point) -> Fill {
    let mut magnet = 0;
    for r in regions {
        let inside = contains(&r.outline, p);
        match r.magnetisation_rad {
            Some(_) if inside => return Fill::Magnet(magnet),
            None if inside => return Fill::Air,
            Some(_) => magnet += 1,
            None => {}
        }
    }
    Fill::Steel
}
