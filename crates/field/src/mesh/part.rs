//! Triangles of the rotor or of the stator, with the nodes on their borders.

use crate::geometry::outline::{Point, polar, radius};

use super::triangulate::smallest_angle;

/// What a triangle is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Lamination.
    Steel,
    /// Holes and slot openings.
    Air,
    /// The air gap, over which the torque is integrated.
    Gap,
    /// The magnet with this number in the sector.
    Magnet(usize),
    /// The winding of the slot with this number in the sector.
    Slot(usize),
}

/// The mesh of the rotor or of the stator of a sector.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// Nodes, m.
    pub nodes: Vec<Point>,
    /// Corners of the triangles.
    pub triangles: Vec<[u32; 3]>,
    /// What each triangle is made of.
    pub fill: Vec<Fill>,
    /// Nodes with A = 0 (shaft or outer surface).
    pub fixed: Vec<u32>,
    /// Nodes of the side where the sector begins, by radius.
    pub minus: Vec<u32>,
    /// Nodes of the side where it ends, by radius.
    pub plus: Vec<u32>,
    /// Ring nodes by angle, both ends included.
    pub ring: Vec<u32>,
}

impl Part {
    /// Smallest angle of all triangles, rad.
    #[must_use]
    pub fn smallest_angle_rad(&self) -> f64 {
        self.triangles
            .iter()
            .map(|t| smallest_angle(t.map(|n| self.nodes[n as usize])))
            .fold(f64::MAX, f64::min)
    }

    pub(super) fn middle(&self, t: &[u32; 3]) -> Point {
        let [a, b, c] = t.map(|i| self.nodes[i as usize]);
        [(a[0] + b[0] + c[0]) / 3.0, (a[1] + b[1] + c[1]) / 3.0]
    }

    /// Finds the nodes of both sides and of the arc where A = 0.
    pub(super) fn find_boundary(
        &mut self,
        half: f64,
        fixed_radius: f64,
        on_arc: usize,
        on_side: usize,
    ) {
        self.fixed = self.arc(fixed_radius, on_arc);
        for (angle, sign) in [(-half, -1.0), (half, 1.0)] {
            let direction = polar(1.0, angle);
            let mut side: Vec<u32> = self.select(|p| {
                (p[0] * direction[1] - p[1] * direction[0]).abs() < 1e-9 && sign * p[1] > 0.0
            });
            side.sort_by(|a, b| {
                radius(self.nodes[*a as usize]).total_cmp(&radius(self.nodes[*b as usize]))
            });
            debug_assert_eq!(side.len(), on_side);
            if sign < 0.0 {
                self.minus = side
            } else {
                self.plus = side
            }
        }
    }

    /// Nodes on the circle of a radius, by angle.
    pub(super) fn arc(&self, r: f64, expected: usize) -> Vec<u32> {
        let mut arc = self.select(|p| (radius(p) - r).abs() < 1e-9);
        let angle = |i: &u32| self.nodes[*i as usize][1].atan2(self.nodes[*i as usize][0]);
        arc.sort_by(|a, b| angle(a).total_cmp(&angle(b)));
        debug_assert_eq!(arc.len(), expected);
        arc
    }

    /// Puts the triangles of the gap behind all others, each in their order.
    pub(super) fn move_gap_last(&mut self) {
        let mut order: Vec<usize> = (0..self.fill.len()).collect();
        order.sort_by_key(|i| self.fill[*i] == Fill::Gap);
        self.triangles = order.iter().map(|i| self.triangles[*i]).collect();
        self.fill = order.iter().map(|i| self.fill[*i]).collect();
    }

    fn select(&self, keep: impl Fn(Point) -> bool) -> Vec<u32> {
        #[allow(clippy::cast_possible_truncation)]
        (0..self.nodes.len())
            .filter(|i| keep(self.nodes[*i]))
            .map(|i| i as u32)
            .collect()
    }
}
