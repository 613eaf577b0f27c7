//! Numerical tools without any domain word.
//!
//! - [`axis`]: ascending knots and where a value lies among them
//! - [`cubic`]: C1 cubic interpolation of one variable
//! - [`bicubic`]: C2 cubic interpolation of several tables over two variables, with derivatives
//! - [`bilinear`]: linear interpolation of several tables over two variables
//! - [`roots`]: bracketed roots
//! - [`golden`]: minima by golden section
//! - [`linear`]: small dense linear systems
//! - [`cholesky`]: small symmetric positive definite systems
//! - [`exponential`]: e^M of small matrices
//! - [`modes`]: modes of small symmetric pairs of matrices
//! - [`power`]: powers in single precision, the same bits everywhere
//!
//! Nothing here extrapolates silently: where a value beyond a table is asked for, the answer is
//! `None`, or the function says in its first line that it holds the value at the end.

pub mod axis;
pub mod bicubic;
pub mod bilinear;
pub mod cholesky;
pub mod cubic;
pub mod exponential;
pub mod golden;
pub mod linear;
pub mod modes;
pub mod power;
pub mod roots;
mod spline;

/// Why a table cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// An axis has fewer than two knots.
    #[error("an axis has {knots} knots: at least 2 are needed")]
    TooFewKnots {
        /// Knots given.
        knots: usize,
    },
    /// Knots that are not finite or not ascending.
    #[error("axis knot {index} is not finite or not above the one before it")]
    NotAscending {
        /// First wrong knot.
        index: usize,
    },
    /// A table whose size does not fit its axes.
    #[error("a table holds {found} values: its axes need {expected}")]
    WrongSize {
        /// Values given.
        found: usize,
        /// Values needed.
        expected: usize,
    },
    /// A value that is not a number.
    #[error("table value {index} is not finite")]
    NotFinite {
        /// First wrong value.
        index: usize,
    },
}

/// Checks a table's size and that all its values are numbers.
pub(crate) fn check_table(table: &[f64], expected: usize) -> Result<(), TableError> {
    if table.len() != expected {
        return Err(TableError::WrongSize {
            found: table.len(),
            expected,
        });
    }
    match table.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(TableError::NotFinite { index }),
        None => Ok(()),
    }
}
