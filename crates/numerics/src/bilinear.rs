//! Linear interpolation of several tables over two variables: never beyond the data's own range.

use crate::axis::Axis;
use crate::{TableError, check_table};

/// `N` tables over the same grid, row-major with the second variable fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Bilinear<const N: usize> {
    x: Axis,
    y: Axis,
    nodes: Vec<[f64; N]>,
}

/// A cell of a grid and where in it a point lies, from 0 to 1 along each variable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    node: usize,
    u: f64,
    v: f64,
}

impl<const N: usize> Bilinear<N> {
    /// Checks and stores the tables.
    ///
    /// # Errors
    /// Knots or values that make no table.
    pub fn new(x: &[f64], y: &[f64], tables: [&[f64]; N]) -> Result<Self, TableError> {
        let (x, y) = (Axis::new(x)?, Axis::new(y)?);
        let mut nodes = vec![[0.0; N]; x.knots().len() * y.knots().len()];
        for (index, table) in tables.into_iter().enumerate() {
            check_table(table, nodes.len())?;
            for (node, value) in nodes.iter_mut().zip(table) {
                node[index] = *value;
            }
        }
        Ok(Self { x, y, nodes })
    }

    /// Where a point lies, at the edge if it is beyond; the same for all tables over this grid.
    #[must_use]
    #[inline]
    pub fn place(&self, x: f64, y: f64) -> Place {
        let (i, tx) = self.x.locate(x);
        let (j, ty) = self.y.locate(y);
        let (kx, ky) = (self.x.knots(), self.y.knots());
        Place {
            node: i * ky.len() + j,
            u: (tx / (kx[i + 1] - kx[i])).clamp(0.0, 1.0),
            v: (ty / (ky[j + 1] - ky[j])).clamp(0.0, 1.0),
        }
    }

    /// Values of all tables at a place of this grid.
    #[must_use]
    #[inline]
    pub fn at(&self, place: Place) -> [f64; N] {
        let Place { node, u, v } = place;
        let next = node + self.y.knots().len();
        let [a, b] = [&self.nodes[node], &self.nodes[node + 1]];
        let [c, d] = [&self.nodes[next], &self.nodes[next + 1]];
        std::array::from_fn(|k| {
            (1.0 - u) * ((1.0 - v) * a[k] + v * b[k]) + u * ((1.0 - v) * c[k] + v * d[k])
        })
    }

    /// Values of all tables, held at the edge beyond it.
    #[must_use]
    #[inline]
    pub fn held(&self, x: f64, y: f64) -> [f64; N] {
        self.at(self.place(x, y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_are_reproduced_and_held_at_the_edge() {
        let (x, y) = ([0.0, 1.0, 3.0], [0.0, 2.0]);
        let plane: Vec<f64> = x
            .iter()
            .flat_map(|x| y.map(|y| 1.0 + 2.0 * x + 3.0 * y))
            .collect();
        let map = Bilinear::new(&x, &y, [&plane]).unwrap();
        assert!((map.held(2.0, 0.5)[0] - 6.5).abs() < 1e-12);
        assert_eq!(map.held(9.0, 9.0), map.held(3.0, 2.0));
    }
}
