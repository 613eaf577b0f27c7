//! An annular sector with outlines inside: its border cut beforehand, then triangulated.

use crate::geometry::outline::{Point, distance, polar, radius, turn};

use super::arrangement::Arrangement;
use super::fineness::Fineness;
use super::part::Part;
use super::size::{SizeField, cut_by};
use super::strip::even_angles;
use super::triangulate::{Domain, Triangles, triangulate};

/// The closed boundary of an annular sector; arcs by angle, sides by radius, both ascending.
pub(super) fn sector_boundary(
    inner: f64,
    inner_angles: &[f64],
    outer: f64,
    outer_angles: &[f64],
    side_radii: &[f64],
) -> Vec<Point> {
    let half = inner_angles[inner_angles.len() - 1];
    let mid = &side_radii[1..side_radii.len() - 1];
    let mut points: Vec<Point> = inner_angles
        .iter()
        .rev()
        .map(|a| polar(inner, *a))
        .collect();
    points.extend(mid.iter().map(|r| polar(*r, -half)));
    points.extend(outer_angles.iter().map(|a| polar(outer, *a)));
    points.extend(mid.iter().rev().map(|r| polar(*r, half)));
    points
}

/// Radii along a side, cut by the smaller size of both sides and at corners that lie on either.
pub(super) fn side_radii(
    size: &SizeField,
    graph: &Arrangement,
    inner: f64,
    outer: f64,
    half: f64,
) -> Vec<f64> {
    let both = |p: Point| size.at(turn(p, half)).min(size.at(turn(p, -half)));
    let mut stops: Vec<f64> = graph
        .points
        .iter()
        .filter(|p| on_side(**p, half))
        .map(|p| radius(*p))
        .collect();
    stops.push(outer);
    stops.sort_by(f64::total_cmp);
    let mut radii = vec![inner];
    for stop in stops {
        let from = radii[radii.len() - 1];
        if stop - from > 1e-6 {
            radii.extend(
                cut_by([from, 0.0], [stop, 0.0], both)
                    .iter()
                    .skip(1)
                    .map(|p| p[0]),
            );
        }
    }
    radii
}

fn on_side(p: Point, half: f64) -> bool {
    (radius(p) * (p[1].atan2(p[0]).abs() - half)).abs() < 1e-8
}

/// Triangulates a sector with the sides of a graph inside; returns the mesh and its boundary.
pub(super) fn mesh_sector(
    boundary: Vec<Point>,
    half: f64,
    graph: &Arrangement,
    size: &SizeField,
) -> Result<Triangles, String> {
    let mut domain = Domain {
        boundary: boundary.len(),
        points: boundary,
        sides: Vec::new(),
    };
    let mut number = vec![usize::MAX; graph.points.len()];
    for (i, p) in graph.points.iter().enumerate() {
        number[i] = domain.points[..domain.boundary]
            .iter()
            .position(|q| distance(*q, *p) < 1e-7)
            .unwrap_or_else(|| {
                domain.points.push(*p);
                domain.points.len() - 1
            });
    }
    for &side in &graph.sides {
        let (a, b) = graph.ends(side);
        if on_side(a, half) && on_side(b, half) && a[1] * b[1] > 0.0 {
            continue;
        }
        let cuts = size.cut(a, b);
        let mut from = number[side[0]];
        for p in &cuts[1..cuts.len() - 1] {
            domain.points.push(*p);
            domain.sides.push([from, domain.points.len() - 1]);
            from = domain.points.len() - 1;
        }
        domain.sides.push([from, number[side[1]]]);
    }
    triangulate(&domain, size)
}

/// Even angles along the shaft or the outer surface, and the radius of their points: a little more
/// than the circle's, so that the polygon has the area of the circle.
pub(super) fn whole_arc(size: &SizeField, r: f64, half: f64, least: usize) -> (Vec<f64>, f64) {
    const SAMPLES: usize = 32;
    let wanted = even_angles(half, SAMPLES)
        .iter()
        .map(|a| size.at(polar(r, *a)))
        .fold(f64::MAX, f64::min);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let pieces = ((2.0 * half * r / wanted).round() as usize).max(least);
    let angles = even_angles(half, pieces);
    let piece = angles[1] - angles[0];
    (angles, r * (piece / piece.sin()).sqrt())
}

/// Angle that a mesh must reach where its outlines do, rad: 18°.
pub(super) const LEAST_ANGLE_RAD: f64 = 0.3142;

/// Meshes with slower growth of the lengths until no angle is below 18°, or below the smallest
/// angle of the outlines; the best of the attempts.
pub(super) fn with_good_angles(
    fineness: Fineness,
    build: impl Fn(Fineness) -> Result<(Part, f64), String>,
) -> Result<Part, String> {
    let mut best: Option<Part> = None;
    for slower in [1.0, 0.88, 0.76, 0.64] {
        let growth = slower * fineness.growth;
        let (part, outlines_rad) = build(Fineness { growth, ..fineness })?;
        let angle = part.smallest_angle_rad();
        if best.as_ref().is_none_or(|b| angle > b.smallest_angle_rad()) {
            best = Some(part);
        }
        if angle >= LEAST_ANGLE_RAD.min(0.95 * outlines_rad) {
            break;
        }
    }
    best.ok_or_else(|| "no attempt at meshing".into())
}
