//! C2 cubic interpolation of several tables over two variables, with first derivatives.
//!
//! Tensor product of cubic splines: first and second derivatives go on across the knots, so that an optimum
//! over the tables, which lies where first derivatives balance, moves without kinks. Coefficients
//! are computed once; a look-up is one cell search and a nested polynomial per table.

use crate::axis::Axis;
use crate::cubic::hermite;
use crate::spline::{Start, slopes};
use crate::{TableError, check_table};

/// What is known of a table beyond the first knot of its second variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symmetry {
    /// Nothing: the first two cells hold one cubic.
    None,
    /// f(x, −y) = f(x, y) about a first knot y = 0.
    Even,
    /// f(x, −y) = −f(x, y) about a first knot y = 0.
    Odd,
}

/// A value and its first derivatives.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// Value.
    pub value: f64,
    /// Derivative with respect to the first variable.
    pub dx: f64,
    /// Derivative with respect to the second variable.
    pub dy: f64,
}

/// `N` tables over the same grid, row-major with the second variable fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Bicubic<const N: usize> {
    x: Axis,
    y: Axis,
    /// Per cell, c[i][j] of Σ c[i][j] · tx^i · ty^j, the tables side by side.
    cells: Vec<[[[f64; N]; 4]; 4]>,
}

impl<const N: usize> Bicubic<N> {
    /// Builds the coefficients.
    ///
    /// # Errors
    /// Knots or values that make no table.
    pub fn new(x: &[f64], y: &[f64], tables: [(&[f64], Symmetry); N]) -> Result<Self, TableError> {
        let (x, y) = (Axis::new(x)?, Axis::new(y)?);
        let mut cells = vec![[[[0.0; N]; 4]; 4]; x.cells() * y.cells()];
        for (index, (table, symmetry)) in tables.into_iter().enumerate() {
            check_table(table, x.knots().len() * y.knots().len())?;
            let nodes = Nodes::new(&x, &y, table, symmetry);
            for i in 0..x.cells() {
                for j in 0..y.cells() {
                    let cell = &mut cells[i * y.cells() + j];
                    for (entry, value) in cell
                        .iter_mut()
                        .flatten()
                        .zip(nodes.cell(i, j).iter().flatten())
                    {
                        entry[index] = *value;
                    }
                }
            }
        }
        Ok(Self { x, y, cells })
    }

    /// First axis.
    #[must_use]
    pub fn x(&self) -> &Axis {
        &self.x
    }

    /// Second axis.
    #[must_use]
    pub fn y(&self) -> &Axis {
        &self.y
    }

    /// Whether a point lies on the grid, edges included.
    #[must_use]
    pub fn contains(&self, x: f64, y: f64) -> bool {
        self.x.contains(x) && self.y.contains(y)
    }

    /// Values and derivatives of all tables. Beyond the grid the outermost cell's polynomial goes
    /// on: callers check [`Self::contains`] first.
    #[must_use]
    #[inline]
    pub fn sample(&self, x: f64, y: f64) -> [Sample; N] {
        let (i, tx) = self.x.locate(x);
        let (j, ty) = self.y.locate(y);
        let cell = &self.cells[i * self.y.cells() + j];
        let along_y = cell.each_ref().map(|c| nested(c, ty));
        let slopes_y = cell.each_ref().map(|c| nested_slope(c, ty));
        let (values, dx) = (nested(&along_y, tx), nested_slope(&along_y, tx));
        let dy = nested(&slopes_y, tx);
        std::array::from_fn(|k| Sample {
            value: values[k],
            dx: dx[k],
            dy: dy[k],
        })
    }
}

/// c0 + t (c1 + t (c2 + t c3)) of all tables.
#[inline]
fn nested<const N: usize>([c0, c1, c2, c3]: &[[f64; N]; 4], t: f64) -> [f64; N] {
    std::array::from_fn(|k| c0[k] + t * (c1[k] + t * (c2[k] + t * c3[k])))
}

/// The derivative of [`nested`] by t.
#[inline]
fn nested_slope<const N: usize>([_, c1, c2, c3]: &[[f64; N]; 4], t: f64) -> [f64; N] {
    std::array::from_fn(|k| c1[k] + t * (2.0 * c2[k] + 3.0 * t * c3[k]))
}
/// Values and slopes of one table at the knots.
struct Nodes<'a> {
    x: &'a [f64],
    y: &'a [f64],
    f: &'a [f64],
    fx: Vec<f64>,
    fy: Vec<f64>,
    fxy: Vec<f64>,
}

impl<'a> Nodes<'a> {
    fn new(x: &'a Axis, y: &'a Axis, f: &'a [f64], symmetry: Symmetry) -> Self {
        let fy = along_y(y, f, symmetry);
        let fx = along_x(x, f);
        // The x-slope of an even (odd) function is even (odd) in y too.
        let fxy = along_y(y, &fx, symmetry);
        Self {
            x: x.knots(),
            y: y.knots(),
            f,
            fx,
            fy,
            fxy,
        }
    }

    /// Coefficients of a cell: cubics along y for values and for x-slopes, then cubics along x.
    fn cell(&self, i: usize, j: usize) -> [[f64; 4]; 4] {
        let n = self.y.len();
        let (hx, hy) = (self.x[i + 1] - self.x[i], self.y[j + 1] - self.y[j]);
        let at = |table: &[f64], i: usize| [table[i * n + j], table[i * n + j + 1]];
        let value = [0, 1].map(|k| hermite(hy, at(self.f, i + k), at(&self.fy, i + k)));
        let slope = [0, 1].map(|k| hermite(hy, at(&self.fx, i + k), at(&self.fxy, i + k)));
        let mut c = [[0.0; 4]; 4];
        for power in 0..4 {
            let column = hermite(hx, value.map(|v| v[power]), slope.map(|s| s[power]));
            for (row, entry) in c.iter_mut().zip(column) {
                row[power] = entry;
            }
        }
        c
    }
}

fn along_x(x: &Axis, f: &[f64]) -> Vec<f64> {
    let n = f.len() / x.knots().len();
    let mut out = vec![0.0; f.len()];
    for j in 0..n {
        let column: Vec<f64> = f.iter().skip(j).step_by(n).copied().collect();
        for (i, slope) in slopes(x, &column, Start::Free).into_iter().enumerate() {
            out[i * n + j] = slope;
        }
    }
    out
}

fn along_y(y: &Axis, f: &[f64], symmetry: Symmetry) -> Vec<f64> {
    let start = match symmetry {
        Symmetry::None => Start::Free,
        Symmetry::Even => Start::Level,
        Symmetry::Odd => Start::Straight,
    };
    let rows = f.chunks_exact(y.knots().len());
    rows.flat_map(|row| slopes(y, row, start)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(x: &[f64], y: &[f64], f: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        x.iter()
            .flat_map(|x| y.iter().map(|y| f(*x, *y)).collect::<Vec<_>>())
            .collect()
    }

    #[test]
    fn products_of_parabolas_are_reproduced_with_their_derivatives() {
        let (x, y) = ([-2.0, -1.5, -0.3, 0.0], [0.0, 0.5, 1.5, 2.0, 3.0]);
        let f = |x: f64, y: f64| (1.0 + x + 0.5 * x * x) * (2.0 - y + y * y);
        let map = Bicubic::new(&x, &y, [(&table(&x, &y, f), Symmetry::None)]).unwrap();
        for (x, y) in [(-1.7, 0.2), (-0.3, 1.5), (-0.1, 2.7), (-2.0, 3.0)] {
            let [s] = map.sample(x, y);
            assert!((s.value - f(x, y)).abs() < 1e-12);
            assert!((s.dx - (1.0 + x) * (2.0 - y + y * y)).abs() < 1e-12);
            assert!((s.dy - (1.0 + x + 0.5 * x * x) * (2.0 * y - 1.0)).abs() < 1e-12);
        }
    }

    #[test]
    fn a_smooth_function_converges_with_fourth_order() {
        let f = |x: f64, y: f64| (1.3 * x).sin() * (0.7 * y).cos();
        let error = |n: usize| {
            let x: Vec<f64> = (0..=n).map(|i| 3.0 * i as f64 / n as f64).collect();
            let map = Bicubic::new(&x, &x, [(&table(&x, &x, f), Symmetry::Even)]).unwrap();
            (1..60)
                .map(|i| (0.05 * f64::from(i), 1.1))
                .map(|(x, y)| (map.sample(x, y)[0].value - f(x, y)).abs())
                .fold(0.0, f64::max)
        };
        assert!(error(20) / error(40) > 14.0, "{} {}", error(20), error(40));
    }

    #[test]
    fn first_and_second_derivatives_go_on_across_the_knots() {
        let (x, y) = ([-2.0, -1.5, -0.3, 0.0], [0.0, 0.5, 1.5, 2.0, 3.0]);
        let f = |x: f64, y: f64| (1.3 * x).exp() * (0.7 * y).cos();
        let map = Bicubic::new(&x, &y, [(&table(&x, &y, f), Symmetry::Even)]).unwrap();
        let step = 1e-5;
        let slopes = |x: f64, y: f64| map.sample(x, y).map(|s| [s.dx, s.dy])[0];
        let bend = |at: [f64; 2], along: [f64; 2]| {
            let of = |by: f64| slopes(at[0] + by * along[0], at[1] + by * along[1]);
            [0, 1].map(|k| [of(0.0)[k] - of(-step)[k], of(step)[k] - of(0.0)[k]].map(|d| d / step))
        };
        for (at, along) in [([-1.5, 1.1], [1.0, 0.0]), ([-0.9, 1.5], [0.0, 1.0])] {
            for [before, after] in bend(at, along) {
                assert!((before - after).abs() < 1e-3, "{at:?} {before} {after}");
            }
        }
    }

    #[test]
    fn symmetry_sets_the_slope_at_the_first_knot() {
        let (x, y) = ([0.0, 1.0], [0.0, 1.0, 2.0]);
        let even = Bicubic::new(&x, &y, [(&[0.0, 1.0, 4.0, 0.0, 1.0, 4.0], Symmetry::Even)]);
        assert_eq!(even.unwrap().sample(0.5, 0.0)[0].dy, 0.0);
        let odd = Bicubic::new(&x, &y, [(&[0.0, 1.0, 2.0, 0.0, 1.0, 2.0], Symmetry::Odd)]);
        assert_eq!(odd.unwrap().sample(0.5, 0.0)[0].dy, 1.0);
    }
}
