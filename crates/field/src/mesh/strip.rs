//! Structured strips of triangles in the air gap, between rows of nodes on circles.

use crate::geometry::outline::{distance, polar};

use super::part::{Fill, Part};
use super::triangulate::smallest_angle;

/// `n + 1` angles from −`half` to +`half`.
pub(super) fn even_angles(half: f64, n: usize) -> Vec<f64> {
    #[allow(clippy::cast_precision_loss)]
    (0..=n)
        .map(|i| half * (2.0 * i as f64 / n as f64 - 1.0))
        .collect()
}

impl Part {
    /// Adds a row of nodes and a strip of gap triangles between `row` and it; returns the new row.
    pub(super) fn add_strip(&mut self, row: &[u32], angles: &[f64], r: f64) -> Vec<u32> {
        #[allow(clippy::cast_possible_truncation)]
        let first = self.nodes.len() as u32;
        self.nodes.extend(angles.iter().map(|a| polar(r, *a)));
        #[allow(clippy::cast_possible_truncation)]
        let new: Vec<u32> = (0..angles.len()).map(|i| first + i as u32).collect();
        let (low, high) = (row, &new[..]);
        for i in 0..angles.len() - 1 {
            let quad = [low[i], low[i + 1], high[i + 1], high[i]];
            let [a, b, c, d] = quad;
            let across = |x: u32, y: u32| distance(self.nodes[x as usize], self.nodes[y as usize]);
            let (ac, bd) = (across(a, c), across(b, d));
            let use_ac = if (ac - bd).abs() < 1e-3 * ac {
                i % 2 == 0
            } else {
                ac < bd
            };
            // Angles grow along a row, radii from low to high: a, d, c, b runs counter-clockwise.
            let pair = if use_ac {
                [[a, d, c], [a, c, b]]
            } else {
                [[a, d, b], [b, d, c]]
            };
            for t in pair {
                let positive = smallest_angle(t.map(|n| self.nodes[n as usize])) > 0.0;
                self.triangles
                    .push(if positive { t } else { [t[0], t[2], t[1]] });
                self.fill.push(Fill::Gap);
            }
        }
        self.minus.push(new[0]);
        self.plus.push(new[new.len() - 1]);
        new
    }
}
