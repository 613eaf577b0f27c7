//! Constrained Delaunay triangulation of a plane domain with a size field.
//!
//! Boundary and inner sides come already cut and stay as they are, so that periodic sides match.
//! Points are added at circumcentres of triangles that are too large or too thin (Chew 1993), never
//! inside the diametral circle of a side; then inner points are smoothed. `spade` keeps the
//! triangulation; its own refinement has no size field and is not used.

use spade::{ConstrainedDelaunayTriangulation, HasPosition, Point2, Triangulation};

use crate::geometry::outline::{Point, along, contains, cross, distance, polar, sub};

use super::size::SizeField;

/// A plane domain: a closed boundary, and sides inside it.
#[derive(Clone, Debug)]
pub struct Domain {
    /// Points; the first `boundary` of them form the outer polygon in order.
    pub points: Vec<Point>,
    /// Number of points of the outer polygon.
    pub boundary: usize,
    /// Sides inside, as pairs of points.
    pub sides: Vec<[usize; 2]>,
}

/// Triangles over points; the domain's points come first, in their order.
#[derive(Clone, Debug)]
pub struct Triangles {
    /// Points, m.
    pub points: Vec<Point>,
    /// Corners of each triangle, counter-clockwise.
    pub triangles: Vec<[u32; 3]>,
}

/// A vertex that remembers its number.
struct Vertex {
    at: Point,
    number: usize,
}

impl HasPosition for Vertex {
    type Scalar = f64;
    fn position(&self) -> Point2<f64> {
        Point2::new(self.at[0], self.at[1])
    }
}

type Cdt = ConstrainedDelaunayTriangulation<Vertex>;

/// Angle below which a triangle is split if its size allows, degrees.
const WANTED_ANGLE_DEG: f64 = 27.0;
/// Square of the cosine of the widest angle at which a new point may see a side, 115°.
const WIDEST_VIEW_COS2: f64 = 0.1786;
const PASSES: usize = 24;
const SMOOTHING: usize = 8;

/// Triangulates a domain.
///
/// # Errors
/// A message, when sides cross or a point cannot be inserted.
pub fn triangulate(domain: &Domain, size: &SizeField) -> Result<Triangles, String> {
    let mut points = domain.points.clone();
    let fixed = points.len();
    for _ in 0..PASSES {
        let triangles = delaunay(domain, &points)?;
        let added = new_points(domain, &points, &triangles, size);
        if added.is_empty() {
            break;
        }
        points.extend(added);
    }
    let mut triangles = delaunay(domain, &points)?;
    for _ in 0..SMOOTHING {
        let n = points.len();
        smooth(&mut points, &triangles, fixed);
        open_angles(&mut points, &triangles, fixed..n);
        triangles = delaunay(domain, &points)?;
    }
    Ok(Triangles { points, triangles })
}

/// The constrained triangulation of points, without what lies outside the boundary.
///
/// Four far corners keep the boundary off the convex hull, where exact predicates on nearly
/// collinear points leave slivers.
fn delaunay(domain: &Domain, points: &[Point]) -> Result<Vec<[u32; 3]>, String> {
    let reach = 4.0 * points.iter().flatten().fold(0.0_f64, |m, v| m.max(v.abs()));
    let far = [
        [-reach, -reach],
        [reach, -reach],
        [reach, reach],
        [-reach, reach],
    ];
    let mut cdt = Cdt::new();
    let mut handles = Vec::with_capacity(points.len());
    for (number, at) in far
        .iter()
        .map(|p| (usize::MAX, *p))
        .chain(points.iter().copied().enumerate())
    {
        let handle = cdt
            .insert(Vertex { at, number })
            .map_err(|e| format!("a point was refused: {e}"))?;
        if number != usize::MAX {
            handles.push(handle);
        }
    }
    if cdt.num_vertices() != points.len() + 4 {
        return Err("two points of the outlines coincide".into());
    }
    let outer = (0..domain.boundary).map(|i| [i, (i + 1) % domain.boundary]);
    for [a, b] in outer.chain(domain.sides.iter().copied()) {
        if !cdt.can_add_constraint(handles[a], handles[b]) {
            let [x, y] = points[a];
            return Err(format!(
                "outlines cross near ({:.2} mm, {:.2} mm)",
                1e3 * x,
                1e3 * y
            ));
        }
        cdt.add_constraint(handles[a], handles[b]);
    }
    let polygon = &points[..domain.boundary];
    let mut triangles = Vec::new();
    for face in cdt.inner_faces() {
        let numbers = face.vertices().map(|v| v.data().number);
        if numbers.contains(&usize::MAX) {
            continue;
        }
        let [a, b, c] = numbers.map(|n| points[n]);
        let middle = [(a[0] + b[0] + c[0]) / 3.0, (a[1] + b[1] + c[1]) / 3.0];
        // Only a triangle of border points can lie outside.
        let has_inner = numbers.iter().any(|n| *n >= domain.boundary);
        if has_inner || contains(polygon, middle) {
            #[allow(clippy::cast_possible_truncation)]
            triangles.push(numbers.map(|n| n as u32));
        }
    }
    Ok(triangles)
}

/// Circumcentres of triangles that are too large or too thin, spaced and clear of all sides.
fn new_points(
    domain: &Domain,
    points: &[Point],
    triangles: &[[u32; 3]],
    size: &SizeField,
) -> Vec<Point> {
    let ratio = 1.0 / (2.0 * WANTED_ANGLE_DEG.to_radians().sin());
    let mut wanted: Vec<(f64, Point, f64)> = Vec::new();
    for t in triangles {
        let [a, b, c] = t.map(|i| points[i as usize]);
        let Some((centre, radius)) = circumcircle(a, b, c) else {
            continue;
        };
        let middle = [(a[0] + b[0] + c[0]) / 3.0, (a[1] + b[1] + c[1]) / 3.0];
        let h = size.at(middle);
        let shortest = distance(a, b).min(distance(b, c)).min(distance(c, a));
        let (too_large, too_thin) = (radius / (0.72 * h), radius / (ratio * shortest));
        if too_large > 1.0 || (too_thin > 1.0 && radius > 0.45 * h) {
            wanted.push((too_large.max(too_thin), centre, h.min(radius * 1.2)));
        }
    }
    wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut added: Vec<Point> = Vec::new();
    for (_, p, h) in wanted {
        let least = (0.62 * h).powi(2);
        let spaced = |q: &Point| (q[0] - p[0]).powi(2) + (q[1] - p[1]).powi(2) > least;
        if added.iter().all(spaced) && points.iter().all(spaced) && clear(domain, p) {
            added.push(p);
        }
    }
    added
}

/// Whether a point is inside the domain and sees no side at a wide angle.
fn clear(domain: &Domain, p: Point) -> bool {
    let outer = (0..domain.boundary).map(|i| [i, (i + 1) % domain.boundary]);
    let free = outer.chain(domain.sides.iter().copied()).all(|[i, j]| {
        let (a, b) = (domain.points[i], domain.points[j]);
        let (u, v) = (sub(a, p), sub(b, p));
        let dot = u[0] * v[0] + u[1] * v[1];
        let squares = (u[0] * u[0] + u[1] * u[1]) * (v[0] * v[0] + v[1] * v[1]);
        dot > 0.0 || dot * dot < WIDEST_VIEW_COS2 * squares
    });
    free && contains(&domain.points[..domain.boundary], p)
}

fn circumcircle(a: Point, b: Point, c: Point) -> Option<(Point, f64)> {
    let (u, v) = (sub(b, a), sub(c, a));
    let d = 2.0 * cross(u, v);
    if d.abs() < 1e-18 {
        return None;
    }
    let (u2, v2) = (u[0] * u[0] + u[1] * u[1], v[0] * v[0] + v[1] * v[1]);
    let offset = [(v[1] * u2 - u[1] * v2) / d, (u[0] * v2 - v[0] * u2) / d];
    Some((along(a, offset, 1.0), offset[0].hypot(offset[1])))
}

/// The triangles around each point.
fn triangles_around(points: usize, triangles: &[[u32; 3]]) -> Vec<Vec<usize>> {
    let mut around: Vec<Vec<usize>> = vec![Vec::new(); points];
    for (i, t) in triangles.iter().enumerate() {
        for n in t {
            around[*n as usize].push(i);
        }
    }
    around
}

/// Smallest angle of some triangles, rad.
fn worst(points: &[Point], triangles: &[[u32; 3]], some: &[usize]) -> f64 {
    some.iter()
        .map(|&t| smallest_angle(triangles[t].map(|n| points[n as usize])))
        .fold(f64::MAX, f64::min)
}

/// Moves inner points to the mean of their neighbours where that opens the smallest angle around.
fn smooth(points: &mut [Point], triangles: &[[u32; 3]], fixed: usize) {
    let around = triangles_around(points.len(), triangles);
    for i in fixed..points.len() {
        let mut sum = [0.0; 2];
        let mut weight = 0.0;
        for &t in &around[i] {
            for n in triangles[t] {
                if n as usize != i {
                    sum = along(sum, points[n as usize], 1.0);
                    weight += 1.0;
                }
            }
        }
        if weight == 0.0 {
            continue;
        }
        let (old, before) = (points[i], worst(points, triangles, &around[i]));
        points[i] = [sum[0] / weight, sum[1] / weight];
        if worst(points, triangles, &around[i]) < before {
            points[i] = along(old, sub(points[i], old), 0.4);
            if worst(points, triangles, &around[i]) < before {
                points[i] = old;
            }
        }
    }
}

/// Moves inner points beside thin triangles in small steps as long as the smallest angle opens.
pub(super) fn open_angles(
    points: &mut [Point],
    triangles: &[[u32; 3]],
    inner: impl Iterator<Item = usize>,
) {
    const DIRECTIONS: u32 = 8;
    let around = triangles_around(points.len(), triangles);
    for i in inner {
        let mut best = worst(points, triangles, &around[i]);
        if around[i].is_empty() || best > WANTED_ANGLE_DEG.to_radians() {
            continue;
        }
        let reach = around[i]
            .iter()
            .flat_map(|&t| triangles[t])
            .filter(|n| *n as usize != i)
            .map(|n| distance(points[n as usize], points[i]))
            .fold(f64::MAX, f64::min);
        for share in [0.3, 0.1, 0.03] {
            let from = points[i];
            for k in 0..DIRECTIONS {
                let kept = points[i];
                let angle = std::f64::consts::TAU * f64::from(k) / f64::from(DIRECTIONS);
                points[i] = along(from, polar(share * reach, angle), 1.0);
                let now = worst(points, triangles, &around[i]);
                if now > best {
                    best = now;
                } else {
                    points[i] = kept;
                }
            }
        }
    }
}

/// Smallest angle of a triangle, the one opposite the shortest side, rad; negative if it is clockwise.
#[must_use]
pub fn smallest_angle(t: [Point; 3]) -> f64 {
    let sides = [0, 1, 2].map(|i| sub(t[(i + 2) % 3], t[(i + 1) % 3]));
    let squares = sides.map(|[x, y]| x * x + y * y);
    let shortest = (0..3).fold(
        0,
        |best, i| if squares[i] < squares[best] { i } else { best },
    );
    let (u, v) = (sides[(shortest + 1) % 3], sides[(shortest + 2) % 3]);
    cross(u, v).atan2(-(u[0] * v[0] + u[1] * v[1]))
}
