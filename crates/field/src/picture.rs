//! |B| and field lines at one operating point, for drawing.

use codrive_model::flux_map::{FieldPicture, FluxMap};

use crate::solve::batch::Potential;
use crate::solve::equations::Equations;
use crate::solve::model::Model;

/// The grid point with the highest torque within the largest current, and its field at rotor angle zero.
pub(crate) struct Shown {
    largest_a: f64,
    torque: f64,
    i_d_a: f64,
    i_q_a: f64,
    /// Potential of all nodes of the pole, the rotor's first, V·s/m.
    nodes: Vec<f64>,
}

impl Shown {
    /// Nothing yet: no current and no field.
    pub(crate) fn new<const N: usize, const Q: usize>(
        equations: &Equations<N, Q>,
        largest_a: f64,
    ) -> Self {
        let parts = [&equations.rotor, &equations.stator];
        Self {
            largest_a,
            torque: f64::MIN,
            i_d_a: 0.0,
            i_q_a: 0.0,
            nodes: vec![0.0; parts.map(|part| part.unknown_of.len()).iter().sum()],
        }
    }

    /// Takes over the best point of a row, from lane `first_q` on, if it is better; `field` is the row's at rotor angle
    /// zero.
    pub(crate) fn look<const N: usize, const Q: usize>(
        &mut self,
        equations: &Equations<N, Q>,
        map: &FluxMap,
        [d, first_q]: [usize; 2],
        field: &Potential,
        lanes: usize,
    ) {
        let i_d_a = map.i_d_a[d];
        let mut best = None;
        for (lane, i_q_a) in map.i_q_a[first_q..first_q + lanes].iter().enumerate() {
            let torque = map.torque_nm_per_m[d * map.i_q_a.len() + first_q + lane];
            if i_d_a.hypot(*i_q_a) <= 1.001 * self.largest_a && torque > self.torque {
                (self.torque, self.i_d_a, self.i_q_a) = (torque, i_d_a, *i_q_a);
                best = Some(lane);
            }
        }
        if let Some(lane) = best {
            self.nodes = field.nodes(equations, lane);
        }
    }

    /// The picture.
    pub(crate) fn picture<const N: usize, const Q: usize>(
        &self,
        model: &Model<N, Q>,
    ) -> FieldPicture {
        of_field(model, [self.i_d_a, self.i_q_a], &self.nodes)
    }
}

/// The picture of a field, at unit currents.
fn of_field<const N: usize, const Q: usize>(
    model: &Model<N, Q>,
    [i_d_a, i_q_a]: [f64; 2],
    nodes: &[f64],
) -> FieldPicture {
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
    FieldPicture {
        i_d_a,
        i_q_a,
        nodes_m,
        triangles,
        b_t,
        a_vs_per_m,
    }
}
