//! How long a triangle's side should be at a point: small at thin features, growing away from them.

use crate::geometry::outline::{Point, along, distance, segment_distance, sub};

use super::arrangement::Arrangement;

/// Wanted side length as the lower envelope of cones on sample points.
#[derive(Clone, Debug)]
pub struct SizeField {
    samples: Vec<(Point, f64)>,
    growth: f64,
    largest: f64,
}

/// Settings of a size field, m.
#[derive(Clone, Copy, Debug)]
pub struct SizeLimits {
    /// Never smaller.
    pub smallest: f64,
    /// Never larger.
    pub largest: f64,
    /// Wanted length over the distance to the nearest other side.
    pub per_feature: f64,
    /// Growth of the length per length.
    pub growth: f64,
}

impl SizeField {
    /// A field that knows the given samples only.
    #[must_use]
    pub fn new(limits: SizeLimits) -> Self {
        Self {
            samples: Vec::new(),
            growth: limits.growth,
            largest: limits.largest,
        }
    }

    /// Asks for a length at a point.
    pub fn ask(&mut self, at: Point, length: f64) {
        self.samples.push((at, length));
    }

    /// Asks for lengths along all sides, by the distance to the nearest side that does not meet it.
    ///
    /// `clearance` gives the distance to what is not in the graph, such as the rotor surface.
    pub fn ask_features(
        &mut self,
        graph: &Arrangement,
        limits: SizeLimits,
        clearance: impl Fn(Point) -> f64,
    ) {
        for &side in &graph.sides {
            let (a, b) = graph.ends(side);
            let pieces = (distance(a, b) / (2.0 * limits.smallest))
                .ceil()
                .clamp(1.0, 24.0);
            let mut t = 0.0;
            while t <= pieces {
                let p = along(a, sub(b, a), t / pieces);
                let feature = nearest_other(graph, side, p)
                    .min(clearance(p))
                    .min(distance(a, b));
                self.ask(
                    p,
                    (limits.per_feature * feature).clamp(limits.smallest, limits.largest),
                );
                t += 1.0;
            }
        }
    }

    /// Asks for small lengths at sharp corners, where the field is not smooth: the geometric mean of
    /// `length` and what their surroundings ask for, which evens out the error per triangle.
    pub fn ask_corners(&mut self, graph: &Arrangement, length: f64) {
        let around = self.clone();
        for corner in graph.sharp_corners() {
            let there = around.at(corner);
            self.ask(corner, (length * there).sqrt().min(there));
        }
    }

    /// Drops samples that others already imply.
    pub fn prune(&mut self) {
        self.samples.sort_by(|a, b| a.1.total_cmp(&b.1));
        let mut kept: Vec<(Point, f64)> = Vec::new();
        for (p, h) in self.samples.drain(..) {
            if kept
                .iter()
                .all(|(q, k)| k + self.growth * distance(p, *q) > h * 0.999)
            {
                kept.push((p, h));
            }
        }
        self.samples = kept;
    }

    /// Wanted side length at a point, m.
    #[must_use]
    pub fn at(&self, p: Point) -> f64 {
        self.samples.iter().fold(self.largest, |h, (q, k)| {
            let d = sub(p, *q);
            let reach = (h - k) / self.growth;
            let squared = d[0] * d[0] + d[1] * d[1];
            if reach > 0.0 && squared < reach * reach {
                k + self.growth * squared.sqrt()
            } else {
                h
            }
        })
    }

    /// Cuts a straight side into pieces of the wanted length; both ends included.
    #[must_use]
    pub fn cut(&self, a: Point, b: Point) -> Vec<Point> {
        cut_by(a, b, |p| self.at(p))
    }
}

/// Cuts a straight side into pieces of length `size`, evenly in ∫ ds / size.
#[must_use]
pub fn cut_by(a: Point, b: Point, size: impl Fn(Point) -> f64) -> Vec<Point> {
    const STEPS: usize = 64;
    let (d, length) = (sub(b, a), distance(a, b));
    let mut sum = [0.0; STEPS + 1];
    for i in 0..STEPS {
        #[allow(clippy::cast_precision_loss)]
        let t = (i as f64 + 0.5) / STEPS as f64;
        #[allow(clippy::cast_precision_loss)]
        let step = length / STEPS as f64;
        sum[i + 1] = sum[i] + step / size(along(a, d, t));
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let pieces = (sum[STEPS] + 0.25).round().max(1.0) as usize;
    let mut points = vec![a];
    for k in 1..pieces {
        #[allow(clippy::cast_precision_loss)]
        let target = sum[STEPS] * k as f64 / pieces as f64;
        let i = sum.partition_point(|s| *s < target).clamp(1, STEPS);
        #[allow(clippy::cast_precision_loss)]
        let t = (i as f64 - 1.0 + (target - sum[i - 1]) / (sum[i] - sum[i - 1])) / STEPS as f64;
        points.push(along(a, d, t));
    }
    points.push(b);
    points
}

fn nearest_other(graph: &Arrangement, side: [usize; 2], p: Point) -> f64 {
    graph
        .sides
        .iter()
        .filter(|s| !s.contains(&side[0]) && !s.contains(&side[1]))
        .map(|s| segment_distance(p, graph.points[s[0]], graph.points[s[1]]))
        .fold(f64::INFINITY, f64::min)
}
