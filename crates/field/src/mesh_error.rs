//! The program's estimate of its own mesh error: the same currents on a second, finer mesh.

use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::section::Section;
use serde::Serialize;

use crate::error::FieldError;
use crate::mean::unit_readings;
use crate::measure::Reading;
use crate::mesh::{Fineness, PoleMesh};
use crate::solve::equations::Equations;
use crate::solve::lanes::LANES;
use crate::solve::model::Model;

/// Currents on each axis; all pairs fill one batch.
const CURRENTS: usize = 4;
/// Rotor positions over 60 electrical degrees.
const POSITIONS: usize = 6;

/// Difference between a mesh and one of about two and a half times its unknowns.
///
/// The finer mesh has an error of its own, about a quarter of this one's, so that the estimate is a
/// little too small.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MeshError {
    /// Largest difference of the mean flux-linkage vector, as a fraction of the largest flux linkage.
    pub flux: f64,
    /// Largest difference of the mean torque, as a fraction of the largest torque.
    pub torque: f64,
    /// Unknowns of the mesh and of the finer one.
    pub unknowns: [usize; 2],
    /// Currents compared, evenly over the map.
    pub currents: usize,
    /// Rotor positions over 60 electrical degrees.
    pub positions: usize,
}

/// Estimates the error of a mesh with second-order elements for unit currents up to `largest_a`.
///
/// # Errors
/// The section cannot be drawn or meshed, or a point does not converge.
pub fn mesh_error(
    section: &Section,
    steel: &Steel,
    magnet: &MagnetGrade,
    fineness: Fineness,
    largest_a: f64,
) -> Result<MeshError, FieldError> {
    section.check()?;
    #[allow(clippy::cast_precision_loss)]
    let share = |k: usize| largest_a * k as f64 / (CURRENTS - 1) as f64;
    let currents: Vec<[f64; 2]> = (0..LANES)
        .map(|l| [-share(l / CURRENTS), share(l % CURRENTS)])
        .collect();
    let solve = |fineness: Fineness| {
        let mesh = PoleMesh::new(section, fineness)?;
        let model = Model::<6, 3>::new(section, steel, magnet, mesh)?;
        let equations = Equations::new(&model);
        let readings = unit_readings(&equations, &currents, POSITIONS)?;
        Ok::<_, FieldError>((equations.unknowns(), means(&readings)))
    };
    let (unknowns, own) = solve(fineness)?;
    let (finer_unknowns, finer) = solve(fineness.refined())?;
    let largest = |f: fn(&[f64; 3]) -> f64| finer.iter().map(f).fold(f64::MIN_POSITIVE, f64::max);
    let difference = |f: fn(&[f64; 3]) -> f64| {
        let pairs = own.iter().zip(&finer);
        pairs
            .map(|(a, b)| f(&std::array::from_fn(|i| a[i] - b[i])))
            .fold(0.0, f64::max)
    };
    let flux: fn(&[f64; 3]) -> f64 = |m| m[0].hypot(m[1]);
    let torque: fn(&[f64; 3]) -> f64 = |m| m[2].abs();
    Ok(MeshError {
        flux: difference(flux) / largest(flux),
        torque: difference(torque) / largest(torque),
        unknowns: [unknowns, finer_unknowns],
        currents: currents.len(),
        positions: POSITIONS,
    })
}

/// Mean ψ_d, ψ_q and torque of each current.
fn means(by_position: &[Vec<Reading>]) -> Vec<[f64; 3]> {
    #[allow(clippy::cast_precision_loss)]
    let share = 1.0 / by_position.len() as f64;
    (0..by_position[0].len())
        .map(|i| {
            by_position.iter().fold([0.0; 3], |sum, readings| {
                let r = &readings[i];
                let values = [r.psi_d, r.psi_q, r.torque];
                std::array::from_fn(|k| sum[k] + share * values[k])
            })
        })
        .collect()
}
