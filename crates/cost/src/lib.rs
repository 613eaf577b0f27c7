//! What drive units cost, alone and together, and who pays what.
//!
//! A tour: [`prices`] are figures with range, source and date; [`time`] turns years into present
//! values and weighted volumes; [`unit`] is the bought material of one EDU; [`release`] is what
//! releasing a module costs at each plant, ready for `family`; [`axle`] is what no choice of lines
//! changes; [`programme`] adds a chosen family up by category, to the same total as `family` found;
//! [`split`](mod@split) shares the savings (Shapley, nucleolus, equal, by volume) and checks the core; [`transfer`] prices
//! what one partner delivers to another, rounded so that it does not give the other's volume away;
//! [`plan`] is the way to the start of production; [`sampling`] draws scenarios; [`plants`] checks that plants can assemble what is asked of them.
//!
//! Money is the present value in EUR at the programme's base year unless a name says otherwise.
//! `docs/theory/money.md` has the formulas, the sources and what is assumed.

pub mod axle;
mod error;
mod nucleolus;
pub mod plan;
pub mod plants;
pub mod prices;
pub mod programme;
pub mod release;
pub mod sampling;
pub mod split;
pub mod time;
pub mod transfer;
pub mod unit;

pub use error::CostError;
