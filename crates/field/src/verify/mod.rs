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
use crate::solve::newton::Newton;
use crate::solve::system::System;

/// Solution for a right-hand side, from zero.
fn solve<const N: usize, const Q: usize>(
    system: &System<N, Q>,
    source: &[f64],
) -> Result<Vec<f64>, FieldError> {
    let failed = |_| FieldError::Factorisation {
        section: stand_in::ID.to_owned(),
    };
    let mut x = vec![0.0; system.unknowns + 1];
    Newton::new(system)
        .map_err(failed)?
        .solve(system, source, &mut x)
        .map_err(failed)?;
    Ok(x)
}

/// Work of the sources, f·a.
fn work(source: &[f64], x: &[f64]) -> f64 {
    source.iter().zip(x).map(|(f, x)| f * x).sum()
}
