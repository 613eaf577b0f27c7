//! Which solver selects: the search of this crate, or HiGHS where it was built in.

use codrive_model::family::{FamilyProblem, FamilySolution};

use crate::check::FamilyError;
use crate::search::{Options, solve};

/// A solver.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Solver {
    /// The search of this crate, in pure Rust.
    #[default]
    Own,
    /// HiGHS, on [`crate::mip`]'s program: with the feature `highs`, which needs cmake, a C++
    /// compiler and libclang to build. Of the options it heeds only the gap.
    #[cfg(feature = "highs")]
    Highs,
}

/// Selects the family that costs least with a solver of choice.
///
/// # Errors
/// As [`solve`]; another solver gave up.
pub fn select_with(
    solver: Solver,
    problem: &FamilyProblem,
    options: &Options,
) -> Result<FamilySolution, FamilyError> {
    match solver {
        Solver::Own => solve(problem, options),
        #[cfg(feature = "highs")]
        Solver::Highs => crate::highs::solve(problem, options),
    }
}
