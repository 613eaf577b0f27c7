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

    /// Adds the weighted sum of all tables, node by node, to a table of the same grid.
    pub fn add_weighted(&self, weights: [f64; N], sum: &mut [f64]) {
        for (sum, node) in sum.iter_mut().zip(&self.nodes) {
            let products = node
                .iter()
                .zip(weights)
                .map(|(value, weight)| value * weight);
            *sum += products.sum::<f64>();
        }
    }

    /// Number of nodes of the grid.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// Value and derivatives by both variables of a table of the same grid, inside the cell of a place.
    #[must_use]
    #[inline]
    pub fn slopes_in(&self, table: &[f64], place: Place) -> (f64, [f64; 2]) {
        let Place { node, u, v } = place;
        let (kx, ky) = (self.x.knots(), self.y.knots());
        let (i, j) = (node / ky.len(), node % ky.len());
        let next = node + ky.len();
        let (left, right) = (table[next] - table[node], table[next + 1] - table[node + 1]);
        let (low, high) = (table[node] + u * left, table[node + 1] + u * right);
        let slopes = [
            ((1.0 - v) * left + v * right) / (kx[i + 1] - kx[i]),
            (high - low) / (ky[j + 1] - ky[j]),
        ];
        (low + v * (high - low), slopes)
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

    #[test]
    fn a_weighted_sum_has_the_slopes_of_its_cell() {
        let (x, y) = ([0.0, 1.0, 3.0], [0.0, 2.0]);
        let table = |f: fn(f64, f64) -> f64| -> Vec<f64> {
            x.iter().flat_map(|x| y.map(|y| f(*x, y))).collect()
        };
        let tables = [table(|x, y| 1.0 + x * y), table(|x, y| y - 2.0 * x)];
        let map = Bilinear::new(&x, &y, [&tables[0], &tables[1]]).unwrap();
        let mut sum = vec![0.5; map.nodes()];
        map.add_weighted([3.0, -1.0], &mut sum);
        let (value, [dx, dy]) = map.slopes_in(&sum, map.place(2.0, 0.5));
        let [a, b] = map.held(2.0, 0.5);
        assert!((value - (0.5 + 3.0 * a - b)).abs() < 1e-12);
        assert!((dx - (3.0 * 0.5 + 2.0)).abs() < 1e-12 && (dy - (3.0 * 2.0 - 1.0)).abs() < 1e-12);
    }
}
