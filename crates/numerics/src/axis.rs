//! Ascending knots and where a value lies among them.

use crate::TableError;

/// At least two finite, ascending knots.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    knots: Vec<f64>,
    /// Cells over length where the knots are evenly spaced: the cell is then computed, not searched.
    even: Option<f64>,
}

impl Axis {
    /// Checks the knots.
    ///
    /// # Errors
    /// Fewer than two knots, or knots that are not finite and ascending.
    pub fn new(knots: &[f64]) -> Result<Self, TableError> {
        if knots.len() < 2 {
            return Err(TableError::TooFewKnots { knots: knots.len() });
        }
        let wrong = |i: &usize| !knots[*i].is_finite() || (*i > 0 && knots[*i] <= knots[*i - 1]);
        if let Some(index) = (0..knots.len()).find(wrong) {
            return Err(TableError::NotAscending { index });
        }
        Ok(Self {
            even: cells_per_length(knots),
            knots: knots.to_vec(),
        })
    }

    /// The knots.
    #[must_use]
    pub fn knots(&self) -> &[f64] {
        &self.knots
    }

    /// Number of cells, at least 1.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.knots.len() - 1
    }

    /// First knot.
    #[must_use]
    pub fn first(&self) -> f64 {
        self.knots[0]
    }

    /// Last knot.
    #[must_use]
    pub fn last(&self) -> f64 {
        self.knots[self.knots.len() - 1]
    }

    /// Whether `x` lies between the first and the last knot, ends included.
    #[must_use]
    pub fn contains(&self, x: f64) -> bool {
        (self.first()..=self.last()).contains(&x)
    }

    /// The cell that `x` lies in, and its distance from the cell's lower knot; beyond an end, the
    /// end's cell with a distance below zero or above the cell's length.
    #[must_use]
    #[inline]
    pub fn locate(&self, x: f64) -> (usize, f64) {
        let top = self.cells() - 1;
        let cell = match self.even {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            Some(per_length) => (((x - self.knots[0]) * per_length).max(0.0) as usize).min(top),
            None => self
                .knots
                .partition_point(|knot| *knot <= x)
                .saturating_sub(1)
                .min(top),
        };
        (cell, x - self.knots[cell])
    }
}

fn cells_per_length(knots: &[f64]) -> Option<f64> {
    let cells = knots.len() - 1;
    let length = knots[cells] - knots[0];
    #[allow(clippy::cast_precision_loss)]
    let step = length / cells as f64;
    #[allow(clippy::cast_precision_loss)]
    let even = |(i, knot): (usize, &f64)| (knot - knots[0] - step * i as f64).abs() < 1e-9 * length;
    knots.iter().enumerate().all(even).then_some(1.0 / step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_and_uneven_knots_find_the_same_cell() {
        let even = Axis::new(&[0.0, 1.0, 2.0, 3.0]).unwrap();
        let uneven = Axis {
            even: None,
            ..even.clone()
        };
        for x in [-1.0, 0.0, 0.5, 1.0, 2.9, 3.0, 4.0] {
            assert_eq!(even.locate(x), uneven.locate(x), "{x}");
        }
        assert_eq!(even.locate(4.0), (2, 2.0));
    }

    #[test]
    fn bad_knots_are_refused() {
        assert_eq!(Axis::new(&[1.0]), Err(TableError::TooFewKnots { knots: 1 }));
        assert_eq!(
            Axis::new(&[0.0, 0.0]),
            Err(TableError::NotAscending { index: 1 })
        );
        assert_eq!(
            Axis::new(&[0.0, f64::NAN]),
            Err(TableError::NotAscending { index: 1 })
        );
    }
}
