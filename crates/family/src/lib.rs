//! Selects the family of modules that costs a coalition of partners least, and proves how far from
//! the optimum it can be at most.
//!
//! A tour: `check` refuses impossible problems; `compact` numbers axles and columns
//! for speed; `lines` finds the cheapest lines for a module that serves given axles, exactly;
//! `cost` is the true cost of a family; `dominance` removes columns that no optimum needs, `dominance_of_sites` plants that need not assemble;
//! `heuristic` finds good families, `pairs` the columns of two axles at once; `bound` prices modules so that the sum of small problems,
//! each solved exactly, bounds the cost of every family from below: `offers` is what a module does
//! against prices, with `steps` where capacity comes in steps; `ascent` finds good prices with a model (`master`) of the answers seen (`blocks`);
//! `search` branches until cost and bound meet, `visit` by `visit`: `branching` has the questions, `experience` what they gained; [`tradeoff`] holds another objective within limits;
//! [`wish`] prices what a partner insists on.
//! [`mip`] states the same selection as a mixed-integer program for another solver: the oracle of
//! the tests, and what [`select_with`] hands to HiGHS where that is built in.
//!
//! `docs/theory/family-selection.md` has the formulation and why the bound holds.
//!
//! The same input gives the same bytes: no clock, no chance, no thread decides anything here.

mod ascent;
mod blocks;
mod bound;
mod branching;
mod check;
mod compact;
mod cost;
mod counts;
mod dominance;
mod dominance_of_sites;
mod experience;
mod fixing;
mod floors;
mod heuristic;
#[cfg(feature = "highs")]
mod highs;
mod lines;
mod master;
pub mod mip;
mod node;
mod offers;
mod pairs;
mod payers;
mod restrict;
mod search;
mod solver;
mod steps;
pub mod tradeoff;
mod transport;
mod valuation;
mod visit;
pub mod wish;

pub use check::FamilyError;
pub use cost::{cost_of, released_lines};
pub use restrict::{Restricted, restrict};
pub use search::{GapOf, Options, solve};
pub use solver::{Solver, select_with};
