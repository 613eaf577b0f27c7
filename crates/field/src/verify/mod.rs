//! Cases with a known answer that need no section: the slotless surface magnet, and potentials that
//! are chosen first and then solved for. `codrive validate` and the tests call them.
//!
//! All run through the same elements, ring and Newton iteration as a section; only the mesh,
//! [`rows`] of equal cells, is made here.

mod closed_form;
mod manufactured;
mod rows;
mod slotless;
mod stand_in;

pub use manufactured::{Borders, Level, manufactured_series};
pub use slotless::{Slotless, energy_series, slotless_field};

use crate::error::FieldError;
use crate::point::solve_cold;
use crate::solve::batch::{Batch, Stop};
use crate::solve::equations::Equations;

#[cfg(test)]
pub(crate) fn a_steel() -> codrive_model::material::Steel {
    stand_in::steel()
}

#[cfg(test)]
pub(crate) fn a_section() -> codrive_model::section::Section {
    stand_in::section(4)
}

/// Closer than any mesh error.
const STOP: Stop = Stop {
    decrement: 1e-15,
    iterations: 20,
    halvings: 14,
};

/// Solution without currents, in the first lane.
fn solve<'e, 'm, const N: usize, const Q: usize>(
    equations: &'e Equations<'m, N, Q>,
) -> Result<Batch<'e, 'm, N, Q>, FieldError> {
    let (batch, effort) = solve_cold(equations, 0.0, 0.0, 0, STOP);
    if effort.converged {
        Ok(batch)
    } else {
        Err(FieldError::NotConverged {
            i_d_a: 0.0,
            i_q_a: 0.0,
            iterations: effort.iterations,
        })
    }
}
