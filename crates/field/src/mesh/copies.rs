//! Copies of a pole or a slot pitch side by side, and the first of them taken out again.

use std::collections::HashMap;

use crate::geometry::outline::turn;

use super::part::{Fill, Part};

impl Part {
    /// Copies side by side that share the nodes on their sides; `angle_rad` turns each.
    ///
    /// Slots and magnets are numbered on from copy to copy.
    pub(super) fn copied(&self, copies: usize, angle_rad: impl Fn(usize) -> f64) -> Self {
        let mut part = Self::default();
        let mut previous: Vec<u32> = Vec::new();
        let numbers = self.numbers();
        for k in 0..copies {
            let mut number = vec![u32::MAX; self.nodes.len()];
            for (shared, own) in previous.iter().zip(&self.minus) {
                number[*own as usize] = *shared;
            }
            for (i, p) in self.nodes.iter().enumerate() {
                if number[i] == u32::MAX {
                    #[allow(clippy::cast_possible_truncation)]
                    let next = part.nodes.len() as u32;
                    number[i] = next;
                    part.nodes.push(turn(*p, angle_rad(k)));
                }
            }
            let map =
                |ids: &[u32]| -> Vec<u32> { ids.iter().map(|i| number[*i as usize]).collect() };
            let triangles = self.triangles.iter();
            part.triangles
                .extend(triangles.map(|t| t.map(|i| number[i as usize])));
            part.fill
                .extend(self.fill.iter().map(|f| f.numbered_on(k * numbers)));
            let after_seam = usize::from(k > 0);
            part.ring.extend(map(&self.ring).iter().skip(after_seam));
            part.fixed.extend(map(&self.fixed));
            previous = map(&self.plus);
            if k == 0 {
                part.minus = map(&self.minus);
            }
        }
        part.plus = previous;
        part.fixed.sort_unstable();
        part.fixed.dedup();
        part
    }

    /// The first of some copies.
    pub(super) fn first_copy(&self, copies: usize) -> Self {
        if copies == 1 {
            return self.clone();
        }
        let (triangles, others) = self.triangles.split_at(self.triangles.len() / copies);
        // Where the second copy begins, the first one ends.
        let ends: HashMap<u32, u32> = triangles
            .iter()
            .flatten()
            .copied()
            .zip(others.iter().flatten().copied())
            .collect();
        let nodes = triangles.iter().flatten().max().map_or(0, |n| n + 1);
        let own = |ids: &[u32]| ids.iter().copied().filter(|n| *n < nodes).collect();
        Self {
            nodes: self.nodes[..nodes as usize].to_vec(),
            triangles: triangles.to_vec(),
            fill: self.fill[..triangles.len()].to_vec(),
            fixed: own(&self.fixed),
            minus: self.minus.clone(),
            plus: self
                .minus
                .iter()
                .filter_map(|n| ends.get(n).copied())
                .collect(),
            ring: own(&self.ring),
        }
    }

    /// How many numbers the slots or magnets of this part take.
    fn numbers(&self) -> usize {
        let after = |f: &Fill| match f {
            Fill::Magnet(n) | Fill::Slot(n) => n + 1,
            _ => 0,
        };
        self.fill.iter().map(after).max().unwrap_or(0)
    }
}

impl Fill {
    fn numbered_on(self, by: usize) -> Self {
        match self {
            Self::Magnet(n) => Self::Magnet(n + by),
            Self::Slot(n) => Self::Slot(n + by),
            other => other,
        }
    }
}
