//! Mean values of a machine over 60 electrical degrees at single currents.

use codrive_model::machine::Machine;
use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::section::Section;
use rayon::prelude::*;

use crate::error::FieldError;
use crate::measure::{Meter, Reading};
use crate::mesh::{Fineness, PoleMesh};
use crate::solve::batch::{Batch, Currents, Potential, Stop};
use crate::solve::equations::Equations;
use crate::solve::lanes::LANES;
use crate::solve::model::Model;

/// Mean flux linkages and torque over 60 electrical degrees; no end winding, no skew.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanPoint {
    /// Direct-axis current, A peak.
    pub i_d_a: f64,
    /// Quadrature-axis current, A peak.
    pub i_q_a: f64,
    /// Direct-axis flux linkage, V·s.
    pub psi_d_vs: f64,
    /// Quadrature-axis flux linkage, V·s.
    pub psi_q_vs: f64,
    /// Arkkio torque, N·m.
    pub torque_nm: f64,
    /// 3/2 · p · (ψ_d i_q − ψ_q i_d), N·m.
    pub torque_dq_nm: f64,
}

/// Solves a machine at peak dq phase currents, each at `positions` rotor positions.
///
/// # Errors
/// The section cannot be meshed, or a point does not converge.
pub fn mean_points(
    section: &Section,
    machine: &Machine,
    steel: &Steel,
    magnet: &MagnetGrade,
    currents_a: &[[f64; 2]],
    fineness: Fineness,
) -> Result<Vec<MeanPoint>, FieldError> {
    section.check()?;
    let mesh = PoleMesh::new(section, fineness)?;
    let model = Model::<6, 3>::new(section, steel, magnet, mesh)?;
    let k = machine.turns_ratio();
    let positions = fineness.positions;
    let unit: Vec<[f64; 2]> = currents_a.iter().map(|i| i.map(|i| k * i)).collect();
    let by_position = unit_readings(&Equations::new(&model), &unit, positions)?;
    let pole_pairs = f64::from(section.pole_pairs);
    let points = currents_a.iter().enumerate().map(|(i, &[i_d_a, i_q_a])| {
        #[allow(clippy::cast_precision_loss)]
        let mean = |f: fn(&Reading) -> f64| {
            by_position.iter().map(|r| f(&r[i])).sum::<f64>() / positions as f64
        };
        let scale = k * machine.stack_m;
        let (psi_d_vs, psi_q_vs) = (scale * mean(|r| r.psi_d), scale * mean(|r| r.psi_q));
        MeanPoint {
            i_d_a,
            i_q_a,
            psi_d_vs,
            psi_q_vs,
            torque_nm: machine.stack_m * mean(|r| r.torque),
            torque_dq_nm: 1.5 * pole_pairs * (psi_d_vs * i_q_a - psi_q_vs * i_d_a),
        }
    });
    Ok(points.collect())
}

/// Readings of the unit winding at unit currents, by rotor position over 60 electrical degrees; each
/// point from A = 0.
///
/// # Errors
/// A point does not converge.
pub(crate) fn unit_readings<const N: usize, const Q: usize>(
    equations: &Equations<N, Q>,
    currents_a: &[[f64; 2]],
    positions: usize,
) -> Result<Vec<Vec<Reading>>, FieldError> {
    let stride = equations.model.mesh.steps_per_pole() / (3 * positions);
    let meter = Meter::new(equations);
    (0..positions)
        .into_par_iter()
        .map(|p| {
            let mut batch = Batch::new(equations, Stop::default());
            batch.turn(p * stride);
            let mut readings = Vec::with_capacity(currents_a.len());
            for asked in currents_a.chunks(LANES) {
                let points: Vec<Currents> = asked
                    .iter()
                    .map(|&[i_d_a, i_q_a]| Currents {
                        i_d_a,
                        i_q_a,
                        i_f_a: 0.0,
                    })
                    .collect();
                batch.potential = Potential::zero(equations);
                for (effort, [i_d_a, i_q_a]) in batch.solve(&points).iter().zip(asked) {
                    if !effort.converged {
                        return Err(FieldError::NotConverged {
                            i_d_a: *i_d_a,
                            i_q_a: *i_q_a,
                            iterations: effort.iterations,
                        });
                    }
                }
                readings.extend(meter.read(&batch, points.len()));
            }
            Ok(readings)
        })
        .collect()
}
