//! Closed outlines of straight sides and arcs, and the plane geometry they need.
//!
//! An outline is a list of [`Corner`]s as in a section file: each is reached from the one before,
//! straight or by the shorter arc of a signed radius.

use std::f64::consts::{PI, TAU};

use codrive_model::section::Corner;

/// A point, m.
pub(crate) type Point = [f64; 2];

/// Arcs of a larger angle are written in pieces, since a corner's arc is the shorter one.
const WIDEST_ARC_RAD: f64 = 0.98 * PI;
/// Points nearer than this are one, m.
pub(crate) const SAME_M: f64 = 1e-8;

pub(crate) fn add(a: Point, b: Point) -> Point {
    [a[0] + b[0], a[1] + b[1]]
}

pub(crate) fn sub(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1]]
}

/// `p + s · d`.
pub(crate) fn along(p: Point, d: Point, s: f64) -> Point {
    [p[0] + s * d[0], p[1] + s * d[1]]
}

pub(crate) fn dot(a: Point, b: Point) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

pub(crate) fn cross(a: Point, b: Point) -> f64 {
    a[0] * b[1] - a[1] * b[0]
}

pub(crate) fn length(a: Point) -> f64 {
    a[0].hypot(a[1])
}

pub(crate) fn polar(radius: f64, angle_rad: f64) -> Point {
    [radius * angle_rad.cos(), radius * angle_rad.sin()]
}

/// A point turned about the origin.
pub(crate) fn turn(p: Point, angle_rad: f64) -> Point {
    let (s, c) = angle_rad.sin_cos();
    [c * p[0] - s * p[1], s * p[0] + c * p[1]]
}

/// A point mirrored about the x axis.
pub(crate) fn mirror(p: Point) -> Point {
    [p[0], -p[1]]
}

/// A corner at the end of a straight side.
pub(crate) fn straight(at_m: Point) -> Corner {
    Corner {
        at_m,
        radius_m: None,
    }
}

/// A corner at the end of an arc of signed radius.
pub(crate) fn bent(at_m: Point, radius_m: f64) -> Corner {
    Corner {
        at_m,
        radius_m: Some(radius_m),
    }
}

/// A closed outline of straight sides.
pub(crate) fn polygon(points: &[Point]) -> Vec<Corner> {
    without_doubles(points.iter().copied().map(straight).collect())
}

/// An outline turned about the origin.
pub(crate) fn turned(outline: &[Corner], angle_rad: f64) -> Vec<Corner> {
    let corner = |c: &Corner| Corner {
        at_m: turn(c.at_m, angle_rad),
        ..*c
    };
    outline.iter().map(corner).collect()
}

/// An outline mirrored about the x axis.
pub(crate) fn mirrored(outline: &[Corner]) -> Vec<Corner> {
    let corner = |c: &Corner| Corner {
        at_m: mirror(c.at_m),
        radius_m: c.radius_m.map(|r| -r),
    };
    outline.iter().map(corner).collect()
}

/// Appends the arc about `centre` from `from` through a signed angle, in as many corners as needed.
pub(crate) fn append_arc(outline: &mut Vec<Corner>, centre: Point, from: Point, sweep_rad: f64) {
    let start = sub(from, centre);
    let pieces = (sweep_rad.abs() / WIDEST_ARC_RAD).ceil().max(1.0);
    let radius = length(start) * sweep_rad.signum();
    let mut piece = 1.0;
    while piece <= pieces {
        let end = add(centre, turn(start, sweep_rad * piece / pieces));
        outline.push(bent(end, radius));
        piece += 1.0;
    }
}

/// A full circle.
pub(crate) fn circle(centre: Point, radius: f64) -> Vec<Corner> {
    let mut outline = Vec::new();
    append_arc(&mut outline, centre, along(centre, [1.0, 0.0], radius), TAU);
    outline
}

/// The outline without corners that lie on the one before.
pub(crate) fn without_doubles(mut outline: Vec<Corner>) -> Vec<Corner> {
    outline.dedup_by(|b, a| length(sub(a.at_m, b.at_m)) < SAME_M);
    while outline.len() > 1
        && length(sub(outline[0].at_m, outline[outline.len() - 1].at_m)) < SAME_M
    {
        let last = outline.pop();
        outline[0].radius_m = outline[0].radius_m.or(last.and_then(|c| c.radius_m));
    }
    outline
}

/// A side of an outline.
#[derive(Clone, Copy, Debug)]
struct Side {
    from: Point,
    to: Point,
    radius: Option<f64>,
}

fn sides(outline: &[Corner]) -> impl Iterator<Item = Side> + '_ {
    let n = outline.len();
    (0..n).map(move |i| Side {
        from: outline[(i + n - 1) % n].at_m,
        to: outline[i].at_m,
        radius: outline[i].radius_m,
    })
}

impl Side {
    /// Centre and signed angle of an arc; `None` for a straight side.
    fn arc(&self) -> Option<(Point, f64)> {
        let r = self.radius?;
        let chord = sub(self.to, self.from);
        let half = length(chord) / 2.0;
        if half == 0.0 {
            return None;
        }
        let rho = r.abs().max(half);
        let height = r.signum() * (rho * rho - half * half).max(0.0).sqrt() / (2.0 * half);
        let middle = along(self.from, chord, 0.5);
        let centre = along(middle, [-chord[1], chord[0]], height);
        Some((centre, r.signum() * 2.0 * (half / rho).min(1.0).asin()))
    }

    /// Points of the side, apart from its ends, that lie on the line through the origin with the
    /// unit normal `normal`, in order.
    fn crossings(&self, normal: Point) -> Vec<Point> {
        let inner =
            |p: &Point| length(sub(*p, self.from)) > SAME_M && length(sub(*p, self.to)) > SAME_M;
        let Some((centre, sweep)) = self.arc() else {
            let (a, b) = (dot(normal, self.from), dot(normal, self.to));
            if a * b >= 0.0 {
                return Vec::new();
            }
            let p = along(self.from, sub(self.to, self.from), a / (a - b));
            return Some(p).filter(inner).into_iter().collect();
        };
        let start = sub(self.from, centre);
        let (rho, distance) = (length(start), dot(normal, centre));
        let half = (rho * rho - distance * distance).max(0.0).sqrt();
        let foot = along(centre, normal, -distance);
        let tangent = [-normal[1], normal[0]];
        let mut found: Vec<(f64, Point)> = [half, -half]
            .into_iter()
            .filter(|_| half > 0.0)
            .map(|s| along(foot, tangent, s))
            .filter_map(|p| {
                let to = sub(p, centre);
                let angle = sweep.signum() * cross(start, to).atan2(dot(start, to));
                let angle = if angle < 0.0 { angle + TAU } else { angle };
                (angle < sweep.abs()).then_some((angle, p))
            })
            .filter(|(_, p)| inner(p))
            .collect();
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found.into_iter().map(|(_, p)| p).collect()
    }

    /// The middle of the side, on the arc where it is one.
    fn middle(&self) -> Point {
        match self.arc() {
            Some((centre, sweep)) => add(centre, turn(sub(self.from, centre), sweep / 2.0)),
            None => along(self.from, sub(self.to, self.from), 0.5),
        }
    }
}

/// The part of an outline on the side of a line through the origin to which `normal` points; empty
/// if nothing is left.
pub(crate) fn clip(outline: &[Corner], normal: Point) -> Vec<Corner> {
    let mut kept: Vec<Side> = Vec::new();
    for side in sides(outline) {
        let mut from = side.from;
        for to in side.crossings(normal).into_iter().chain([side.to]) {
            let piece = Side { from, to, ..side };
            if dot(normal, piece.middle()) > SAME_M {
                kept.push(piece);
            }
            from = to;
        }
    }
    let mut clipped = Vec::new();
    for (i, side) in kept.iter().enumerate() {
        let before = kept[(i + kept.len() - 1) % kept.len()];
        if length(sub(before.to, side.from)) > SAME_M {
            clipped.push(straight(side.from));
        }
        clipped.push(Corner {
            at_m: side.to,
            radius_m: side.radius,
        });
    }
    clipped
}

/// Area, m², positive for counter-clockwise outlines; arcs are exact.
pub(crate) fn area(outline: &[Corner]) -> f64 {
    sides(outline)
        .map(|side| {
            let segment = side.arc().map_or(0.0, |(_, sweep)| {
                let rho = side.radius.unwrap_or(0.0);
                0.5 * rho * rho * (sweep - sweep.sin())
            });
            0.5 * cross(side.from, side.to) + segment
        })
        .sum()
}

/// Where two straight lines meet, each given by two points; `None` if they are parallel.
pub(crate) fn meet(a: [Point; 2], b: [Point; 2]) -> Option<Point> {
    let (da, db) = (sub(a[1], a[0]), sub(b[1], b[0]));
    let det = cross(da, db);
    if det.abs() <= 1e-9 * length(da) * length(db) {
        return None;
    }
    Some(along(a[0], da, cross(sub(b[0], a[0]), db) / det))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_of_circle_and_square_are_exact() {
        assert!((area(&circle([3.0, 1.0], 2.0)) - 4.0 * PI).abs() < 1e-12);
        let square = polygon(&[[1.0, 1.0], [2.0, 1.0], [2.0, 2.0], [1.0, 2.0]]);
        assert!((area(&square) - 1.0).abs() < 1e-14);
        assert!((area(&mirrored(&square)) + 1.0).abs() < 1e-14);
        assert!((area(&turned(&square, 0.7)) - 1.0).abs() < 1e-14);
    }

    /// Whatever the line, the two parts make up the whole.
    #[test]
    fn clipping_loses_nothing() {
        let mut shape = circle([0.05, 0.0], 0.02);
        shape[0].radius_m = None;
        let whole = area(&shape);
        for step in 0..40 {
            let normal = polar(1.0, f64::from(step) * TAU / 40.0 + 0.01);
            let parts = [normal, [-normal[0], -normal[1]]].map(|n| clip(&shape, n));
            let sum: f64 = parts.iter().map(|p| area(p)).sum();
            assert!((sum - whole).abs() < 1e-9 * whole, "{step}: {sum} {whole}");
        }
        assert!(clip(&shape, [-1.0, 0.0]).is_empty());
    }

    #[test]
    fn lines_meet_or_are_parallel() {
        let p = meet([[0.0, 0.0], [1.0, 1.0]], [[0.0, 2.0], [1.0, 1.0]]).unwrap();
        assert!(length(sub(p, [1.0, 1.0])) < 1e-12);
        assert!(meet([[0.0, 0.0], [1.0, 1.0]], [[0.0, 2.0], [1.0, 3.0]]).is_none());
    }
}
