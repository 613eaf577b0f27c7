//! C1 cubic interpolation of one variable.
//!
//! Slopes at the knots are those of the parabola through three neighbours; the monotone variant
//! limits them so that the curve never overshoots its data.
//!
//! Source of the limiter: Fritsch & Carlson 1980, doi:10.1137/0717021.

use crate::axis::Axis;
use crate::{TableError, check_table};

/// A C1 piecewise cubic through given points.
#[derive(Clone, Debug, PartialEq)]
pub struct Cubic {
    axis: Axis,
    /// c_0 … c_3 of each cell in powers of the distance from its lower knot.
    coefficients: Vec<[f64; 4]>,
}

impl Cubic {
    /// A curve with parabola slopes.
    ///
    /// # Errors
    /// Knots or values that make no table.
    pub fn new(x: &[f64], y: &[f64]) -> Result<Self, TableError> {
        Self::with_slopes(x, y, |axis| slopes(axis, y))
    }

    /// A curve that is monotone wherever the data are.
    ///
    /// # Errors
    /// Knots or values that make no table.
    pub fn monotone(x: &[f64], y: &[f64]) -> Result<Self, TableError> {
        Self::with_slopes(x, y, |axis| {
            let mut m = slopes(axis, y);
            limit(axis, y, &mut m);
            m
        })
    }

    fn with_slopes(
        x: &[f64],
        y: &[f64],
        slopes: impl Fn(&Axis) -> Vec<f64>,
    ) -> Result<Self, TableError> {
        let axis = Axis::new(x)?;
        check_table(y, x.len())?;
        let m = slopes(&axis);
        let coefficients = (0..axis.cells())
            .map(|i| hermite(x[i + 1] - x[i], [y[i], y[i + 1]], [m[i], m[i + 1]]))
            .collect();
        Ok(Self { axis, coefficients })
    }

    /// The knots.
    #[must_use]
    pub fn axis(&self) -> &Axis {
        &self.axis
    }

    /// The value at `x`; `None` beyond the ends.
    #[must_use]
    pub fn at(&self, x: f64) -> Option<f64> {
        self.axis.contains(x).then(|| self.held(x))
    }

    /// The value at `x`, held at the value of an end beyond it.
    #[must_use]
    pub fn held(&self, x: f64) -> f64 {
        let (cell, t) = self
            .axis
            .locate(x.clamp(self.axis.first(), self.axis.last()));
        let [a, b, c, d] = self.coefficients[cell];
        a + t * (b + t * (c + t * d))
    }

    /// The value at `x` and its slope; beyond an end its value, and zero.
    #[must_use]
    pub fn held_with_slope(&self, x: f64) -> (f64, f64) {
        if !self.axis.contains(x) {
            return (self.held(x), 0.0);
        }
        let (cell, t) = self.axis.locate(x);
        let [a, b, c, d] = self.coefficients[cell];
        let slope = b + t * (2.0 * c + 3.0 * t * d);
        (a + t * (b + t * (c + t * d)), slope)
    }
}

/// Coefficients of the cubic over a cell of length `h` with given end values and end slopes.
pub(crate) fn hermite(h: f64, y: [f64; 2], m: [f64; 2]) -> [f64; 4] {
    let secant = (y[1] - y[0]) / h;
    let c = (3.0 * secant - 2.0 * m[0] - m[1]) / h;
    let d = (m[0] + m[1] - 2.0 * secant) / (h * h);
    [y[0], m[0], c, d]
}

/// Slopes of the parabolas through three neighbours; at the ends, of the outermost parabola.
pub(crate) fn slopes(axis: &Axis, y: &[f64]) -> Vec<f64> {
    let x = axis.knots();
    let n = x.len();
    let secant = |i: usize| (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
    if n == 2 {
        return vec![secant(0); 2];
    }
    let inner = |i: usize| {
        let (left, right) = (x[i] - x[i - 1], x[i + 1] - x[i]);
        (secant(i - 1) * right + secant(i) * left) / (left + right)
    };
    (0..n)
        .map(|i| match i {
            0 => 2.0 * secant(0) - inner(1),
            i if i == n - 1 => 2.0 * secant(n - 2) - inner(n - 2),
            i => inner(i),
        })
        .collect()
}

/// Limits slopes to three times the smaller neighbouring secant, zero at an extremum of the data.
fn limit(axis: &Axis, y: &[f64], m: &mut [f64]) {
    let x = axis.knots();
    let secant = |i: usize| (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
    let last = m.len() - 1;
    for (i, slope) in m.iter_mut().enumerate() {
        let left = secant(i.max(1) - 1);
        let right = secant(i.min(last - 1));
        let bound = if left * right <= 0.0 {
            0.0
        } else {
            3.0 * left.abs().min(right.abs())
        };
        *slope = if *slope * right < 0.0 {
            0.0
        } else {
            slope.clamp(-bound, bound)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parabolas_are_reproduced_on_uneven_knots() {
        let x = [0.0, 0.4, 1.0, 1.9, 2.0];
        let f = |x: f64| 1.0 - 2.0 * x + 3.0 * x * x;
        let cubic = Cubic::new(&x, &x.map(f)).unwrap();
        for i in 0..=20 {
            let x = 0.1 * f64::from(i);
            assert!((cubic.held(x) - f(x)).abs() < 1e-12, "{x}");
            let (value, slope) = cubic.held_with_slope(x);
            assert!(
                (value - f(x)).abs() < 1e-12 && (slope - 6.0 * x + 2.0).abs() < 1e-11,
                "{x}"
            );
        }
    }

    #[test]
    fn a_monotone_curve_does_not_overshoot_a_step() {
        let x = [0.0, 1.0, 2.0, 3.0, 4.0];
        let cubic = Cubic::monotone(&x, &[0.0, 0.0, 0.0, 1.0, 1.0]).unwrap();
        let values: Vec<f64> = (0..=400).map(|i| cubic.held(0.01 * f64::from(i))).collect();
        assert!(values.iter().all(|v| (0.0..=1.0).contains(v)));
        assert!(values.windows(2).all(|w| w[1] >= w[0]));
    }

    #[test]
    fn nothing_is_given_beyond_the_ends() {
        let cubic = Cubic::new(&[0.0, 1.0], &[1.0, 2.0]).unwrap();
        assert_eq!(cubic.at(1.1), None);
        assert_eq!(cubic.held(1.1), 2.0);
        assert_eq!(cubic.at(0.5), Some(1.5));
    }
}
