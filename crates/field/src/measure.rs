//! What a solved field says: flux linkages and torque.

use crate::material::MU_0;
use crate::mesh::Fill;
use crate::solve::system::System;

/// Flux linkages and torque at one rotor position, unit winding, per metre of stack.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reading {
    /// Direct-axis flux linkage, V·s/m.
    pub psi_d: f64,
    /// Quadrature-axis flux linkage, V·s/m.
    pub psi_q: f64,
    /// Zero-sequence flux linkage, V·s/m.
    pub psi_0: f64,
    /// Arkkio torque of the whole machine, N·m/m.
    pub torque: f64,
}

/// Reads flux linkages and torque from a solution.
///
/// ψ_x = 2p Σ turns · mean A over each slot; torque from the whole gap,
/// T = 2p/(μ0 g) ∫ r B_r B_t dS (Arkkio 1987).
#[must_use]
pub fn read<const N: usize, const Q: usize>(system: &System<N, Q>, x: &[f64]) -> Reading {
    let poles = 2.0 * f64::from(system.model.pole_pairs);
    let [d, q, zero] = &system.from_current;
    let linked = |f: &[f64]| poles * f.iter().zip(x).map(|(f, x)| f * x).sum::<f64>();
    Reading {
        psi_d: 2.0 / 3.0 * linked(d),
        psi_q: 2.0 / 3.0 * linked(q),
        psi_0: linked(zero) / 3.0,
        torque: arkkio(system, x),
    }
}

fn arkkio<const N: usize, const Q: usize>(system: &System<N, Q>, x: &[f64]) -> f64 {
    let model = system.model;
    let mut sum = 0.0;
    for (index, cell) in model
        .cells
        .iter()
        .enumerate()
        .filter(|(_, c)| c.fill == Fill::Gap)
    {
        let a = system.gather(index, x);
        for (k, [px, py]) in cell.element.points.iter().enumerate() {
            let [bx, by] = cell.element.flux_density(k, &a);
            let radial = bx * px + by * py;
            let tangential = by * px - bx * py;
            sum += cell.element.weight * radial * tangential / px.hypot(*py);
        }
    }
    let gap = model.mesh.bore_radius_m - model.mesh.rotor_radius_m;
    2.0 * f64::from(model.pole_pairs) * sum / (MU_0 * gap)
}
