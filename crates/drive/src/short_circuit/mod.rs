//! Active short circuit: three switches closed, the terminals at zero voltage.
//!
//! 0 = R i + jω ψ + dψ/dt, ψ with the end-winding leakage. Iron loss is left out.
//!
//! | Idea | Module |
//! |---|---|
//! | what remains when all has settled, over speed | [`steady`] |
//! | what flows at first, from an operating point | [`transient`] |
//! | the worst of it from full torque and no load, over speed | [`starts`] |
//!
//! Currents and flux linkages are those of the unit winding (see [`crate::flux`]). What would
//! need currents that neither the flux map nor its far grid covers is refused, never extrapolated.

pub mod starts;
pub mod steady;
pub mod transient;

use crate::error::DriveError;
use crate::far_flux::WideFlux;
use crate::flux::UnitPoint;
use crate::machine::Machine;

/// Flux linkages of a machine with its end-winding leakage, over unit currents.
#[derive(Clone, Copy, Debug)]
pub struct ShortCircuit<'a> {
    machine: &'a Machine<'a>,
}

impl<'a> ShortCircuit<'a> {
    /// Of a machine.
    #[must_use]
    pub fn new(machine: &'a Machine<'a>) -> Self {
        Self { machine }
    }

    /// Flux linkages (ψ_d, ψ_q) with end-winding leakage, V·s per metre.
    #[must_use]
    pub fn flux_vs_per_m(&self, point: &UnitPoint) -> [f64; 2] {
        let leakage = self.machine.leakage_per_m;
        [
            point.psi_d_vs_per_m + leakage * point.i_d_a,
            point.psi_q_vs_per_m + leakage * point.i_q_a,
        ]
    }

    fn flux(&self) -> WideFlux<'a> {
        WideFlux {
            map: &self.machine.tables.flux,
            far: self.machine.tables.far_flux.as_ref(),
        }
    }

    fn beyond(&self, what: &'static str, i_d_a: f64, i_q_a: f64) -> DriveError {
        DriveError::BeyondMap {
            section: self.machine.tables.facts.id.clone(),
            what,
            i_d_a,
            i_q_a,
        }
    }
}
