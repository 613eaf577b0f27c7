//! Outlines as a planar graph: shared corners merged, sides split where others end on them.

use crate::geometry::outline::{Point, cross, distance, segment_distance, sub};

/// Points nearer than this are one point, m.
const MERGE_M: f64 = 2e-6;
/// Two sides that turn by less than 30° are one smooth line.
const STRAIGHT_COS: f64 = 0.866;

/// Corners and the straight sides between them; every side appears once.
#[derive(Clone, Debug, Default)]
pub struct Arrangement {
    /// Corners, m.
    pub points: Vec<Point>,
    /// Sides as pairs of corners.
    pub sides: Vec<[usize; 2]>,
}

impl Arrangement {
    /// Builds the graph of polylines; `closed` says whether the last point joins the first.
    #[must_use]
    pub fn new<'a>(polylines: impl Iterator<Item = (&'a [Point], bool)>) -> Self {
        let mut graph = Self::default();
        let mut sides = Vec::new();
        for (line, closed) in polylines {
            let ids: Vec<usize> = line.iter().map(|p| graph.corner(*p)).collect();
            sides.extend(ids.windows(2).map(|w| [w[0], w[1]]));
            if let (true, Some(first), Some(last)) = (closed, ids.first(), ids.last()) {
                sides.push([*last, *first]);
            }
        }
        for side in sides {
            graph.add_split(side);
        }
        graph.sides.sort_unstable();
        graph.sides.dedup();
        graph
    }

    fn corner(&mut self, p: Point) -> usize {
        if let Some(i) = self.points.iter().position(|q| distance(*q, p) < MERGE_M) {
            return i;
        }
        self.points.push(p);
        self.points.len() - 1
    }

    /// Adds a side, cut at every corner that lies on it.
    fn add_split(&mut self, [a, b]: [usize; 2]) {
        let (pa, pb) = (self.points[a], self.points[b]);
        let mut on: Vec<usize> = (0..self.points.len())
            .filter(|&i| i != a && i != b && segment_distance(self.points[i], pa, pb) < MERGE_M)
            .collect();
        on.sort_by(|&i, &j| distance(self.points[i], pa).total_cmp(&distance(self.points[j], pa)));
        let mut from = a;
        for to in on.into_iter().chain([b]) {
            if from != to {
                self.sides.push([from.min(to), from.max(to)]);
            }
            from = to;
        }
    }

    /// Corners at which two sides enclose an angle that is far from straight.
    #[must_use]
    pub fn sharp_corners(&self) -> Vec<Point> {
        let straight = |u: &Point, v: &Point| dot(*u, *v) < -STRAIGHT_COS;
        self.directions()
            .iter()
            .zip(&self.points)
            .filter(|(around, _)| {
                around.len() > 1
                    && around
                        .iter()
                        .any(|u| !around.iter().any(|v| straight(u, v)))
            })
            .map(|(_, p)| *p)
            .collect()
    }

    /// Smallest angle between two sides that meet, rad; no mesh can have a larger one.
    #[must_use]
    pub fn smallest_angle_rad(&self) -> f64 {
        let mut smallest = std::f64::consts::PI;
        for around in self.directions() {
            for (i, u) in around.iter().enumerate() {
                for v in &around[..i] {
                    smallest = smallest.min(cross(*u, *v).abs().atan2(dot(*u, *v)));
                }
            }
        }
        smallest
    }

    /// Unit vectors along the sides from each corner.
    fn directions(&self) -> Vec<Vec<Point>> {
        let mut directions: Vec<Vec<Point>> = vec![Vec::new(); self.points.len()];
        for &[a, b] in &self.sides {
            let d = sub(self.points[b], self.points[a]);
            let unit = [d[0] / d[0].hypot(d[1]), d[1] / d[0].hypot(d[1])];
            directions[a].push(unit);
            directions[b].push([-unit[0], -unit[1]]);
        }
        directions
    }

    /// The end points of a side.
    #[must_use]
    pub fn ends(&self, side: [usize; 2]) -> (Point, Point) {
        (self.points[side[0]], self.points[side[1]])
    }
}

fn dot(a: Point, b: Point) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}
