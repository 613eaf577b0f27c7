//! Closed polygons, with arcs already cut into chords, and the plane geometry they need.

use codrive_model::section::{Corner, millimetres};

/// A point, m.
pub type Point = [f64; 2];

/// Corners of a closed polygon, m; the last joins the first.
pub type Outline = Vec<Point>;

/// Points nearer than this touch, m.
pub const TOUCH_M: f64 = 2e-6;
/// Share by which a radius may be smaller than half the way, for rounded coordinates.
const ROUNDED: f64 = 0.01;
/// Largest angle of a chord along the rotor's surface, rad: its arrow is below 10 µm at 1 m, so
/// that a mesh may follow the circle instead.
pub const SURFACE_CHORD_RAD: f64 = 0.0087;
/// Largest angle of one chord of an arc, rad.
const CHORD_RAD: f64 = 0.27;

/// Difference of two points.
#[must_use]
pub fn sub(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1]]
}

/// Distance between two points.
#[must_use]
pub fn distance(a: Point, b: Point) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// z component of the cross product.
#[must_use]
pub fn cross(a: Point, b: Point) -> f64 {
    a[0] * b[1] - a[1] * b[0]
}

/// `p + s · d`.
#[must_use]
pub fn along(p: Point, d: Point, s: f64) -> Point {
    [p[0] + s * d[0], p[1] + s * d[1]]
}

/// A point turned about the origin.
#[must_use]
pub fn turn(p: Point, angle_rad: f64) -> Point {
    let (s, c) = angle_rad.sin_cos();
    [c * p[0] - s * p[1], s * p[0] + c * p[1]]
}

/// A point from polar coordinates.
#[must_use]
pub fn polar(radius: f64, angle_rad: f64) -> Point {
    [radius * angle_rad.cos(), radius * angle_rad.sin()]
}

/// Distance from the origin.
#[must_use]
pub fn radius(p: Point) -> f64 {
    p[0].hypot(p[1])
}

/// Area, positive for counter-clockwise outlines (shoelace formula).
#[must_use]
pub fn signed_area(outline: &[Point]) -> f64 {
    let n = outline.len();
    (0..n)
        .map(|i| cross(outline[i], outline[(i + 1) % n]))
        .sum::<f64>()
        / 2.0
}

/// Centroid of a polygon.
#[must_use]
pub fn centroid(outline: &[Point]) -> Point {
    let n = outline.len();
    let mut sum = [0.0; 2];
    for i in 0..n {
        let (a, b) = (outline[i], outline[(i + 1) % n]);
        let c = cross(a, b);
        sum[0] += (a[0] + b[0]) * c;
        sum[1] += (a[1] + b[1]) * c;
    }
    let area6 = 6.0 * signed_area(outline);
    [sum[0] / area6, sum[1] / area6]
}

/// The outline, counter-clockwise.
#[must_use]
pub fn counter_clockwise(mut outline: Outline) -> Outline {
    if signed_area(&outline) < 0.0 {
        outline.reverse();
    }
    outline
}

/// Whether a point lies inside (even-odd rule).
#[must_use]
pub fn contains(outline: &[Point], p: Point) -> bool {
    let n = outline.len();
    let mut inside = false;
    for i in 0..n {
        let (a, b) = (outline[i], outline[(i + 1) % n]);
        if (a[1] > p[1]) != (b[1] > p[1])
            && p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0]
        {
            inside = !inside;
        }
    }
    inside
}

/// Distance from a point to a segment.
#[must_use]
pub fn segment_distance(p: Point, a: Point, b: Point) -> f64 {
    let d = sub(b, a);
    let length2 = d[0] * d[0] + d[1] * d[1];
    let t = if length2 > 0.0 {
        (((p[0] - a[0]) * d[0] + (p[1] - a[1]) * d[1]) / length2).clamp(0.0, 1.0)
    } else {
        0.0
    };
    distance(p, along(a, d, t))
}

/// Whether two segments cross at a point inside both (not where they merely touch).
#[must_use]
pub fn segments_cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    let side = |p: Point, q: Point, r: Point| cross(sub(q, p), sub(r, p));
    let (s1, s2) = (side(a, b, c), side(a, b, d));
    let (s3, s4) = (side(c, d, a), side(c, d, b));
    let eps = 1e-9 * distance(a, b).max(distance(c, d)) * distance(a, b).max(distance(c, d));
    s1 * s2 < 0.0 && s3 * s4 < 0.0 && s1.abs().min(s2.abs()).min(s3.abs()).min(s4.abs()) > eps
}

/// Appends the inner points and the end of an arc about `centre` from `from` by `sweep_rad`.
pub fn append_arc(outline: &mut Outline, centre: Point, from: Point, sweep_rad: f64) {
    append_chords(outline, centre, from, sweep_rad, CHORD_RAD);
}

fn append_chords(outline: &mut Outline, centre: Point, from: Point, sweep_rad: f64, chord: f64) {
    let start = sub(from, centre);
    let pieces = ((sweep_rad.abs() / chord).ceil() as usize).max(2);
    for i in 1..=pieces {
        #[allow(clippy::cast_precision_loss)]
        let part = turn(start, sweep_rad * i as f64 / pieces as f64);
        outline.push([centre[0] + part[0], centre[1] + part[1]]);
    }
}

/// Appends the shorter arc of signed radius `r` (counter-clockwise if positive) from `a` to `b`.
///
/// A radius smaller than half the distance gives a half circle; [`through`] refuses it.
pub fn append_radius_arc(outline: &mut Outline, a: Point, b: Point, r: f64) {
    append_radius_chords(outline, a, b, r, CHORD_RAD);
}

fn append_radius_chords(outline: &mut Outline, a: Point, b: Point, r: f64, chord_rad: f64) {
    let chord = distance(a, b);
    if chord == 0.0 {
        return;
    }
    let half = chord / 2.0;
    let rho = r.abs().max(half);
    let height = (rho * rho - half * half).max(0.0).sqrt();
    let d = [(b[0] - a[0]) / chord, (b[1] - a[1]) / chord];
    let side = r.signum();
    let centre = [
        (a[0] + b[0]) / 2.0 - side * height * d[1],
        (a[1] + b[1]) / 2.0 + side * height * d[0],
    ];
    let sweep = side * 2.0 * (half / rho).min(1.0).asin();
    append_chords(outline, centre, a, sweep, chord_rad);
    if let Some(last) = outline.last_mut() {
        *last = b;
    }
}

/// The polyline through corners as a person writes them; `before` is the corner that an arc to the
/// first one starts from. Arcs along the circle of radius `smooth` are cut finely enough for
/// [`lines_off_circle`].
///
/// # Errors
/// An arc whose radius is too small to span its corners.
pub fn through(corners: &[Corner], before: Point, smooth: f64) -> Result<Outline, String> {
    let mut outline: Outline = Vec::with_capacity(corners.len());
    let mut from = before;
    for Corner { at_m: to, radius_m } in corners.iter().copied() {
        if let Some(r) = radius_m {
            let half = distance(from, to) / 2.0;
            if r.abs() < (1.0 - ROUNDED) * half {
                return Err(format!(
                    "the arc to [{:.3}, {:.3}] has radius {}, less than half the way of {}",
                    1e3 * to[0],
                    1e3 * to[1],
                    millimetres(r.abs()),
                    millimetres(2.0 * half)
                ));
            }
            let on = |length: f64| (length - smooth).abs() < TOUCH_M;
            let along = on(radius(from)) && on(radius(to)) && on(r.abs());
            let chord = if along { SURFACE_CHORD_RAD } else { CHORD_RAD };
            append_radius_chords(&mut outline, from, to, r, chord);
        } else {
            outline.push(to);
        }
        from = to;
    }
    outline.dedup_by(|a, b| distance(*a, *b) < 1e-7);
    Ok(outline)
}

/// A closed outline without its sides along the circle of a radius: what is left as polylines, and
/// whether they close.
///
/// A side lies along the circle if it is a chord of at most [`SURFACE_CHORD_RAD`].
#[must_use]
pub fn lines_off_circle(outline: &[Point], r: f64) -> Vec<(Outline, bool)> {
    let n = outline.len();
    let along = |i: usize| {
        let (a, b) = (outline[i], outline[(i + 1) % n]);
        let on = |p: Point| (radius(p) - r).abs() < 1e-8;
        on(a) && on(b) && distance(a, b) < 1.01 * SURFACE_CHORD_RAD * r
    };
    let Some(first) = (0..n).find(|i| along(*i)) else {
        return vec![(outline.to_vec(), true)];
    };
    let mut lines = Vec::new();
    let mut line: Outline = Vec::new();
    for i in (1..=n).map(|k| (first + k) % n) {
        if along(i) {
            if !line.is_empty() {
                line.push(outline[i]);
                lines.push((std::mem::take(&mut line), false));
            }
        } else {
            line.push(outline[i]);
        }
    }
    lines
}

/// The sides of a closed outline; side `i` starts at corner `i`.
#[must_use]
pub fn sides(outline: &[Point]) -> Vec<(Point, Point)> {
    let n = outline.len();
    (0..n).map(|i| (outline[i], outline[(i + 1) % n])).collect()
}

/// Numbers of the first two sides of a closed outline that cross.
#[must_use]
pub fn self_crossing(outline: &[Point]) -> Option<(usize, usize)> {
    let n = outline.len();
    (0..n)
        .flat_map(|i| (i + 1..n).map(move |j| (i, j)))
        .find(|&(i, j)| {
            segments_cross(
                outline[i],
                outline[(i + 1) % n],
                outline[j],
                outline[(j + 1) % n],
            )
        })
}

/// Whether two closed outlines have area in common; sides may touch.
#[must_use]
pub fn overlap(a: &[Point], b: &[Point]) -> bool {
    let (sides_a, sides_b) = (sides(a), sides(b));
    let crossed = sides_a.iter().any(|s| {
        sides_b
            .iter()
            .any(|t| segments_cross(s.0, s.1, t.0, t.1) && !touches(*s, *t))
    });
    let inside = |p: &Point, other: &[Point], sides: &[(Point, Point)]| {
        contains(other, *p)
            && sides
                .iter()
                .all(|s| segment_distance(*p, s.0, s.1) > TOUCH_M)
    };
    let any_inside = |of: &[Point], other: &[Point], sides: &[(Point, Point)]| {
        of.iter().any(|p| inside(p, other, sides))
            || inner_points(of).any(|p| inside(&p, other, sides))
    };
    crossed || any_inside(a, b, &sides_b) || any_inside(b, a, &sides_a)
}

/// Points inside an outline: middles of the triangles at its convex corners.
fn inner_points(outline: &[Point]) -> impl Iterator<Item = Point> + '_ {
    let n = outline.len();
    (0..n)
        .map(move |i| {
            let corners = [outline[(i + n - 1) % n], outline[i], outline[(i + 1) % n]];
            corners
                .iter()
                .fold([0.0; 2], |m, p| along(m, *p, 1.0 / 3.0))
        })
        .filter(|p| contains(outline, *p))
}

/// Whether an end of one side lies on the other.
fn touches(s: (Point, Point), t: (Point, Point)) -> bool {
    [
        segment_distance(s.0, t.0, t.1),
        segment_distance(s.1, t.0, t.1),
        segment_distance(t.0, s.0, s.1),
        segment_distance(t.1, s.0, s.1),
    ]
    .iter()
    .any(|d| *d < TOUCH_M)
}

/// Where the ray from `p` along the unit vector `d` leaves the circle of radius `r` about the origin.
#[must_use]
pub fn ray_circle(p: Point, d: Point, r: f64) -> Option<Point> {
    let b = p[0] * d[0] + p[1] * d[1];
    let c = p[0] * p[0] + p[1] * p[1] - r * r;
    let disc = b * b - c;
    if disc <= 0.0 {
        return None;
    }
    let s = -b + disc.sqrt();
    (s > 0.0).then(|| along(p, d, s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arc_given_by_its_radius_meets_its_ends() {
        let mut outline = vec![[1.0, 0.0]];
        append_radius_arc(&mut outline, [1.0, 0.0], [0.0, 1.0], 1.0);
        assert!(outline.iter().all(|p| (radius(*p) - 1.0).abs() < 1e-12));
        assert_eq!(outline.last(), Some(&[0.0, 1.0]));
        let mut inward = vec![[1.0, 0.0]];
        append_radius_arc(&mut inward, [1.0, 0.0], [0.0, 1.0], -1.0);
        assert!(
            inward
                .iter()
                .all(|p| (distance(*p, [1.0, 1.0]) - 1.0).abs() < 1e-12)
        );
    }

    #[test]
    fn area_and_centroid_of_a_rectangle() {
        let r = vec![[1.0, 1.0], [3.0, 1.0], [3.0, 2.0], [1.0, 2.0]];
        assert!((signed_area(&r) - 2.0).abs() < 1e-12);
        assert!(distance(centroid(&r), [2.0, 1.5]) < 1e-12);
        assert!(contains(&r, [1.5, 1.5]) && !contains(&r, [0.5, 1.5]));
    }
}
