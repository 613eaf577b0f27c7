//! One operating point of a whole machine, for looking at and for validation.

use codrive_model::machine::Machine;
use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::section::Section;
use serde::Serialize;

use crate::error::FieldError;
use crate::measure::Meter;
use crate::mesh::{Fineness, PoleMesh};
use crate::solve::batch::{Batch, Currents, Effort, Stop};
use crate::solve::equations::Equations;
use crate::solve::model::Model;

/// Flux linkage and torque of a machine at one current and rotor position; no end winding, no skew.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PointResult {
    /// Direct-axis flux linkage of a phase, V·s, peak.
    pub psi_d_vs: f64,
    /// Quadrature-axis flux linkage of a phase, V·s, peak.
    pub psi_q_vs: f64,
    /// Arkkio torque, N·m, positive when motoring forward.
    pub torque_arkkio_nm: f64,
    /// 3/2 · p · (ψ_d i_q − ψ_q i_d), N·m; equal to the torque only on average over 60 electrical degrees.
    pub torque_dq_nm: f64,
    /// Electrical rotor angle at which it was solved (whole ring steps), rad.
    pub angle_el_rad: f64,
    /// Newton steps.
    pub newton_iterations: usize,
    /// Energy norm of the last Newton step, relative.
    pub residual: f64,
    /// Unknowns.
    pub unknowns: usize,
    /// Triangles.
    pub triangles: usize,
    /// Smallest angle of the mesh, degrees.
    pub smallest_angle_deg: f64,
}

/// Solves a machine's field at peak dq phase currents, cold, with elements of second order.
///
/// The rotor angle is rounded to a whole step of the gap's ring.
///
/// # Errors
/// The section cannot be drawn or meshed, or the iteration does not converge.
pub fn solve_point(
    section: &Section,
    machine: &Machine,
    steel: &Steel,
    magnet: &MagnetGrade,
    currents_a: [f64; 2],
    angle_el_rad: f64,
) -> Result<PointResult, FieldError> {
    solve_point_on(
        section,
        machine,
        steel,
        magnet,
        currents_a,
        angle_el_rad,
        Fineness::second_order(12),
        2,
    )
}

/// As [`solve_point`], with a chosen mesh and element order (1 or 2).
///
/// # Errors
/// As [`solve_point`].
#[allow(clippy::too_many_arguments)]
pub fn solve_point_on(
    section: &Section,
    machine: &Machine,
    steel: &Steel,
    magnet: &MagnetGrade,
    currents_a: [f64; 2],
    angle_el_rad: f64,
    fineness: Fineness,
    order: usize,
) -> Result<PointResult, FieldError> {
    section.check()?;
    let mesh = PoleMesh::new(section, fineness)?;
    if order == 1 {
        point::<3, 1>(
            section,
            machine,
            &Model::new(section, steel, magnet, mesh)?,
            currents_a,
            angle_el_rad,
        )
    } else {
        point::<6, 3>(
            section,
            machine,
            &Model::new(section, steel, magnet, mesh)?,
            currents_a,
            angle_el_rad,
        )
    }
}

fn point<const N: usize, const Q: usize>(
    section: &Section,
    machine: &Machine,
    model: &Model<N, Q>,
    [i_d_a, i_q_a]: [f64; 2],
    angle_el_rad: f64,
) -> Result<PointResult, FieldError> {
    #[allow(clippy::cast_precision_loss)]
    let period = 2.0 * model.mesh.steps_per_pole() as f64;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let steps = (angle_el_rad / std::f64::consts::TAU * period)
        .round()
        .rem_euclid(period) as usize;
    let k = machine.turns_ratio();
    let equations = Equations::new(model);
    let (batch, effort) = solve_cold(&equations, k * i_d_a, k * i_q_a, steps, Stop::default());
    if !effort.converged {
        return Err(FieldError::NotConverged {
            i_d_a,
            i_q_a,
            iterations: effort.iterations,
        });
    }
    let reading = Meter::new(&equations).read(&batch, 1)[0];
    let scale = k * machine.stack_m;
    let (psi_d_vs, psi_q_vs) = (scale * reading.psi_d, scale * reading.psi_q);
    Ok(PointResult {
        psi_d_vs,
        psi_q_vs,
        torque_arkkio_nm: machine.stack_m * reading.torque,
        torque_dq_nm: 1.5 * f64::from(section.pole_pairs) * (psi_d_vs * i_q_a - psi_q_vs * i_d_a),
        angle_el_rad: batch.angle_el(),
        newton_iterations: effort.iterations,
        residual: effort.residual,
        unknowns: equations.unknowns(),
        triangles: model.mesh.triangles(),
        smallest_angle_deg: model.mesh.smallest_angle_deg(),
    })
}

/// One point of the unit winding from A = 0, in the first lane.
pub(crate) fn solve_cold<'e, 'm, const N: usize, const Q: usize>(
    equations: &'e Equations<'m, N, Q>,
    i_d_a: f64,
    i_q_a: f64,
    steps: usize,
    stop: Stop,
) -> (Batch<'e, 'm, N, Q>, Effort) {
    let mut batch = Batch::new(equations, stop);
    batch.turn(steps);
    let effort = batch.solve(&[Currents {
        i_d_a,
        i_q_a,
        i_f_a: 0.0,
    }])[0];
    (batch, effort)
}
