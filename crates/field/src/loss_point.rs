//! Losses of a section at one current, for looking at and for validation.

use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::section::Section;
use rayon::prelude::*;

use crate::error::FieldError;
use crate::loss::{LossModel, Losses};
use crate::measure::Meter;
use crate::mesh::{Fineness, PoleMesh};
use crate::point::solve_cold;
use crate::snapshot::{Camera, LossCells, Snapshot};
use crate::solve::batch::Stop;
use crate::solve::equations::Equations;
use crate::solve::model::Model;
use crate::symmetry::Sixth;

/// What a section loses at one current, per metre of stack, without build factors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossPoint {
    /// Losses as the flux map has them, at the electrical frequency asked for, W/m.
    pub losses: Losses,
    /// Iron losses of stator and rotor by harmonics ([`LossModel::by_harmonics`]), W/m.
    pub by_harmonics: [f64; 2],
    /// Mean Arkkio torque, N·m/m.
    pub torque_nm_per_m: f64,
}

/// Solves a section at peak dq currents of the unit winding, with elements of second order, each of the mesh's
/// positions over 60 electrical degrees from A = 0.
///
/// # Errors
/// The section cannot be drawn or meshed, or a position does not converge.
pub fn loss_point(
    section: &Section,
    steel: &Steel,
    magnet: &MagnetGrade,
    [i_d_a, i_q_a]: [f64; 2],
    frequency_hz: f64,
    fineness: Fineness,
) -> Result<LossPoint, FieldError> {
    section.check()?;
    let model = Model::<6, 3>::new(section, steel, magnet, PoleMesh::new(section, fineness)?)?;
    let positions = fineness.positions;
    let loss_model = LossModel::new(
        LossCells::new(&model),
        positions,
        Sixth::new(section, model.mesh.sector),
        model.sectors(),
        frequency_hz,
        steel,
        section.stacking_factor,
        magnet,
    )?;
    let equations = Equations::new(&model);
    let (meter, camera) = (
        Meter::new(&equations),
        Camera::new(&equations, &loss_model.cells),
    );
    let stride = model.mesh.steps_per_pole() / (3 * positions);
    let at = |position: usize| {
        let steps = position * stride;
        let (batch, effort) = solve_cold(&equations, i_d_a, i_q_a, steps, Stop::default());
        if !effort.converged {
            return Err(FieldError::NotConverged {
                i_d_a,
                i_q_a,
                iterations: effort.iterations,
            });
        }
        Ok((camera.take(&batch), meter.read(&batch, 1)[0].torque))
    };
    let solved: Vec<(Snapshot, f64)> = (0..positions)
        .into_par_iter()
        .map(at)
        .collect::<Result<_, _>>()?;
    let shots: Vec<&Snapshot> = solved.iter().map(|(shot, _)| shot).collect();
    #[allow(clippy::cast_precision_loss)]
    let torque_nm_per_m = solved.iter().map(|(_, torque)| torque).sum::<f64>() / positions as f64;
    Ok(LossPoint {
        losses: loss_model.evaluate(&shots)[0],
        by_harmonics: loss_model.by_harmonics(&shots),
        torque_nm_per_m,
    })
}
