//! |B| and field lines at one operating point, for drawing.

use codrive_model::flux_map::{FieldPicture, FluxMap};

use crate::error::FieldError;
use crate::point::solve_cold;
use crate::solve::batch::Stop;
use crate::solve::equations::Equations;

/// The picture at the grid point with the highest torque within the largest current.
///
/// # Errors
/// The point does not converge.
pub fn of_best_torque<const N: usize, const Q: usize>(
    equations: &Equations<N, Q>,
    map: &FluxMap,
    largest_a: f64,
) -> Result<FieldPicture, FieldError> {
    let mut best = (f64::MIN, 0.0, 0.0);
    for (d, i_d) in map.i_d_a.iter().enumerate() {
        for (q, i_q) in map.i_q_a.iter().enumerate() {
            let torque = map.torque_nm_per_m[d * map.i_q_a.len() + q];
            if i_d.hypot(*i_q) <= 1.001 * largest_a && torque > best.0 {
                best = (torque, *i_d, *i_q);
            }
        }
    }
    of_point(equations, best.1, best.2)
}

/// The picture at unit currents, rotor angle zero.
///
/// # Errors
/// The point does not converge.
pub fn of_point<const N: usize, const Q: usize>(
    equations: &Equations<N, Q>,
    i_d_a: f64,
    i_q_a: f64,
) -> Result<FieldPicture, FieldError> {
    let model = equations.model;
    let (batch, effort) = solve_cold(equations, i_d_a, i_q_a, 0, Stop::default());
    if !effort.converged {
        return Err(FieldError::NotConverged {
            i_d_a,
            i_q_a,
            iterations: effort.iterations,
        });
    }
    let nodes = batch.nodes(0);
    let corners = model.mesh.rotor.nodes.len();
    let parts = [(&model.mesh.rotor, 0), (&model.mesh.stator, corners)];
    #[allow(clippy::cast_possible_truncation)]
    let nodes_m = parts
        .iter()
        .flat_map(|(p, _)| p.nodes.iter().map(|n| [n[0] as f32, n[1] as f32]))
        .collect();
    #[allow(clippy::cast_possible_truncation)]
    let triangles = parts
        .iter()
        .flat_map(|(p, first)| {
            p.triangles
                .iter()
                .map(move |t| t.map(|n| n + *first as u32))
        })
        .collect();
    let mut a_vs_per_m = vec![0.0_f32; corners + model.mesh.stator.nodes.len()];
    let mut b_t = Vec::with_capacity(model.cells.len());
    for (index, cell) in model.cells.iter().enumerate() {
        let a = cell.nodes.map(|n| nodes[n as usize]);
        let [bx, by] = cell.element.mean_flux_density(&a);
        #[allow(clippy::cast_possible_truncation)]
        b_t.push(bx.hypot(by) as f32);
        let in_rotor = index < model.rotor_cells;
        let shift = if in_rotor {
            0
        } else {
            model.rotor_nodes() - corners
        };
        for i in 0..3 {
            #[allow(clippy::cast_possible_truncation)]
            let value = a[i] as f32;
            a_vs_per_m[cell.nodes[i] as usize - shift] = value;
        }
    }
    Ok(FieldPicture {
        i_d_a,
        i_q_a,
        nodes_m,
        triangles,
        b_t,
        a_vs_per_m,
    })
}
