//! Sparse factorisation K = L D Lᵀ of one symmetric positive definite matrix, in double precision.
//!
//! Unknowns are eliminated in the order of approximate minimum degree (`amd`), row by row (`ldl`).

use std::collections::BTreeMap;

/// The upper triangle of a symmetric matrix by columns, as it is added up.
#[derive(Clone, Debug)]
pub(super) struct Symmetric {
    columns: Vec<BTreeMap<u32, f64>>,
}

impl Symmetric {
    pub(super) fn new(size: usize) -> Self {
        Self {
            columns: vec![BTreeMap::new(); size],
        }
    }

    pub(super) fn size(&self) -> usize {
        self.columns.len()
    }

    /// Adds to the entry (i, j) and, being symmetric, (j, i); to be called for one of the two.
    pub(super) fn add(&mut self, i: usize, j: usize, value: f64) {
        #[allow(clippy::cast_possible_truncation)]
        let row = i.min(j) as u32;
        *self.columns[i.max(j)].entry(row).or_insert(0.0) += value;
    }

    /// K x.
    #[cfg(test)]
    pub(super) fn times(&self, x: &[f64]) -> Vec<f64> {
        let mut y = vec![0.0; x.len()];
        for (j, column) in self.columns.iter().enumerate() {
            for (&i, value) in column {
                let i = i as usize;
                y[i] += value * x[j];
                if i != j {
                    y[j] += value * x[i];
                }
            }
        }
        y
    }

    /// Solves K x = b; `None` where K is not positive definite.
    pub(super) fn solve(&self, b: &[f64]) -> Option<Vec<f64>> {
        let order = self.order();
        let mut place = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            place[*old] = new;
        }
        let factor = Factor::new(&self.permuted(&place))?;
        let mut x: Vec<f64> = order.iter().map(|old| b[*old]).collect();
        factor.solve(&mut x);
        Some(place.iter().map(|new| x[*new]).collect())
    }

    fn permuted(&self, place: &[usize]) -> Self {
        let mut permuted = Self::new(place.len());
        for (j, column) in self.columns.iter().enumerate() {
            for (&i, value) in column {
                permuted.add(place[i as usize], place[j], *value);
            }
        }
        permuted
    }

    fn order(&self) -> Vec<usize> {
        let n = self.columns.len();
        let mut pattern = vec![Vec::new(); n];
        for (j, column) in self.columns.iter().enumerate() {
            for i in column.keys().map(|i| *i as usize).filter(|i| *i != j) {
                pattern[i].push(j);
                pattern[j].push(i);
            }
        }
        let mut start = vec![0];
        let mut rows = Vec::new();
        for column in &mut pattern {
            column.sort_unstable();
            rows.append(column);
            start.push(rows.len());
        }
        // Only a malformed pattern is refused; any order is right, if slow.
        amd::order(n, &start, &rows, &amd::Control::default())
            .map_or_else(|_| (0..n).collect(), |(order, _, _)| order)
    }
}

/// Pivot over the diagonal entry below which a matrix counts as singular.
const LEAST_PIVOT: f64 = 1e-11;

/// L by columns, unit diagonal left out, and 1/D.
struct Factor {
    start: Vec<usize>,
    rows: Vec<usize>,
    values: Vec<f64>,
    inverse: Vec<f64>,
}

impl Factor {
    /// `None` where a pivot is not clearly above zero.
    fn new(matrix: &Symmetric) -> Option<Self> {
        let n = matrix.size();
        let entries = || matrix.columns.iter().flatten();
        let rows: Vec<usize> = entries().map(|(i, _)| *i as usize).collect();
        let values: Vec<f64> = entries().map(|(_, value)| *value).collect();
        let mut start = vec![0];
        for column in &matrix.columns {
            start.push(start[start.len() - 1] + column.len());
        }
        let (mut tree, mut counts, mut work) = (vec![None; n], vec![0; n], vec![0; 3 * n]);
        let fill = ldl::etree(n, &start, &rows, &mut work, &mut counts, &mut tree).ok()?;
        let mut factor = Self {
            start: vec![0; n + 1],
            rows: vec![0; fill],
            values: vec![0.0; fill],
            inverse: vec![0.0; n],
        };
        let mut pivots = vec![0.0; n];
        ldl::factor(
            n,
            &start,
            &rows,
            &values,
            &mut factor.start,
            &mut factor.rows,
            &mut factor.values,
            &mut pivots,
            &mut factor.inverse,
            &counts,
            &tree,
            &mut vec![ldl::Marker::Unused; n],
            &mut work,
            &mut vec![0.0; n],
        )
        .ok()?;
        let sound = |(pivot, column): (&f64, &BTreeMap<u32, f64>)| {
            // The diagonal is the last entry of a column of the upper triangle.
            let diagonal = column.values().next_back().copied().unwrap_or(0.0);
            *pivot > LEAST_PIVOT * diagonal
        };
        let mut pivots = pivots.iter().zip(&matrix.columns);
        pivots.all(sound).then_some(factor)
    }

    fn solve(&self, x: &mut [f64]) {
        ldl::solve(
            self.inverse.len(),
            &self.start,
            &self.rows,
            &self.values,
            &self.inverse,
            x,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// −u″ = 2 on a chain of unit springs between walls has u = x (L − x).
    #[test]
    fn a_chain_of_springs_hangs_in_a_parabola() {
        let n = 40;
        let mut chain = Symmetric::new(n);
        for i in 0..n {
            chain.add(i, i, 2.0);
            if i > 0 {
                chain.add(i, i - 1, -1.0);
            }
        }
        let x = chain.solve(&vec![2.0; n]).unwrap();
        for (i, u) in x.iter().enumerate() {
            let at = f64::from(u32::try_from(i).unwrap()) + 1.0;
            assert!((u - at * (41.0 - at)).abs() < 1e-9, "{i}: {u}");
        }
        let residual = chain.times(&x);
        assert!(residual.iter().all(|r| (r - 2.0).abs() < 1e-10));
    }

    #[test]
    fn a_chain_without_walls_is_refused() {
        let mut chain = Symmetric::new(3);
        for i in 0..2 {
            chain.add(i, i, 1.0);
            chain.add(i + 1, i + 1, 1.0);
            chain.add(i, i + 1, -1.0);
        }
        assert_eq!(chain.solve(&[0.0; 3]), None);
    }
}
