//! The field against closed forms and other programs' solutions.

mod bmw_i3;
mod known;
mod prius;

use codrive_field::error::FieldError;
use codrive_field::mean::{MeanPoint, mean_points};
use codrive_field::mesh::Fineness;
use codrive_field::point::{PointResult, solve_point_on};
use codrive_model::machine::Machine;

use super::case::{Allowed, Check};
use crate::error::StudyError;
use crate::inputs::SectionInput;
use crate::motor::{MachineInput, read_machine};

pub(super) use bmw_i3::field as bmw_i3;
pub(super) use known::{convergence_p1, convergence_p2, slotless_magnet};
pub(super) use prius::{
    map as prius_map, no_load as prius_no_load, point as prius_point, torque_over_angle,
    torque_published,
};

fn failed(error: FieldError) -> StudyError {
    StudyError::Model {
        what: "validation of the field".to_owned(),
        reason: error.to_string(),
    }
}

/// A shipped machine that can be solved on any mesh.
struct Motor {
    machine: Machine,
    input: SectionInput,
}

impl Motor {
    fn shipped(name: &str) -> Result<Self, StudyError> {
        let MachineInput { machine, section } = read_machine(name)?;
        Ok(Self {
            machine,
            input: section,
        })
    }

    /// Mean values of 12 positions at each pair of currents, second order; `factor` scales the
    /// default mesh.
    fn means(&self, currents_a: &[[f64; 2]], factor: f64) -> Result<Vec<MeanPoint>, StudyError> {
        let SectionInput {
            section,
            steel,
            magnet,
            ..
        } = &self.input;
        let fineness = Fineness::second_order(12).scaled(factor);
        mean_points(section, &self.machine, steel, magnet, currents_a, fineness).map_err(failed)
    }

    /// One point, second order, on a ring that has `positions` over 60 electrical degrees.
    fn point(
        &self,
        currents_a: [f64; 2],
        angle_el_deg: f64,
        positions: usize,
        factor: f64,
    ) -> Result<PointResult, StudyError> {
        let SectionInput {
            section,
            steel,
            magnet,
            ..
        } = &self.input;
        let (angle, fineness) = (
            angle_el_deg.to_radians(),
            Fineness::second_order(positions).scaled(factor),
        );
        solve_point_on(
            section,
            &self.machine,
            steel,
            magnet,
            currents_a,
            angle,
            fineness,
            2,
        )
        .map_err(failed)
    }
}

/// The pair that lies furthest apart, as a row; the scale is the largest reference.
fn worst(what: &str, unit: &str, limit: f64, reference: &[f64], ours: &[f64]) -> Check {
    let off = |i: &usize| (ours[*i] - reference[*i]).abs();
    let scale = reference.iter().map(|r| r.abs()).fold(0.0, f64::max);
    let at = (0..reference.len())
        .max_by(|a, b| off(a).total_cmp(&off(b)))
        .unwrap_or(0);
    let what = format!("{what} where it deviates most of {}", reference.len());
    let allowed = Allowed::OfScale(limit, scale);
    Check::new(what, unit, reference[at], ours[at], allowed)
}

fn mean(values: &[f64]) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let count = values.len() as f64;
    values.iter().sum::<f64>() / count
}

fn peak_to_peak(values: &[f64]) -> f64 {
    let of = |pick: fn(f64, f64) -> f64, from: f64| values.iter().copied().fold(from, pick);
    of(f64::max, f64::MIN) - of(f64::min, f64::MAX)
}

fn column(rows: &[Vec<f64>], column: usize) -> Vec<f64> {
    rows.iter().map(|row| row[column]).collect()
}
