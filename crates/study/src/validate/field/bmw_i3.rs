//! The section of the BMW i3 against NGSolve.

use std::path::Path;

use super::super::case::{Allowed, CaseResult, Check, table};
use super::{Motor, column, mean, peak_to_peak, worst};
use crate::error::StudyError;
use crate::progress::Progress;

/// Element length of the fine mesh over the default's.
const FINE: f64 = 0.4;
/// Positions of the reference over 60 electrical degrees at no load.
const POSITIONS: usize = 36;

pub(in super::super) fn field(_: &Path, _: &dyn Progress) -> Result<CaseResult, StudyError> {
    let motor = Motor::shipped("bmw-i3-reference")?;
    let mut checks = map(&motor)?;
    checks.extend(point(&motor)?);
    checks.extend(no_load(&motor)?);
    CaseResult::new("bmw-i3-field", checks)
}

fn map(motor: &Motor) -> Result<Vec<Check>, StudyError> {
    let rows = table("bmw-i3-field", "map.csv")?;
    let currents: Vec<[f64; 2]> = rows.iter().map(|row| [row[0], row[1]]).collect();
    let ours = motor.means(&currents, FINE)?;
    let check = |at: usize, what: &str, unit: &str, read: fn(&_) -> f64| {
        let ours: Vec<f64> = ours.iter().map(read).collect();
        worst(what, unit, 3e-3, &column(&rows, at), &ours)
    };
    type Mean = codrive_field::mean::MeanPoint;
    Ok(vec![
        check(2, "psi_d", "Vs", |p: &Mean| p.psi_d_vs),
        check(3, "psi_q", "Vs", |p: &Mean| p.psi_q_vs),
        check(4, "torque", "Nm", |p: &Mean| p.torque_nm),
    ])
}

/// The mesh-independent point, its own error and 0.1 % allowed.
fn point(motor: &Motor) -> Result<Vec<Check>, StudyError> {
    let ours = motor.point([-195.0, 195.0], 5.0, 12, 0.3)?;
    let check = |what: &str, unit: &str, reference: f64, error: f64, ours: f64| {
        let allowed = Allowed::Absolute(error + 1e-3 * reference);
        Check::new(what, unit, reference, ours, allowed)
    };
    Ok(vec![
        check(
            "torque at one position",
            "Nm",
            273.156,
            0.074,
            ours.torque_arkkio_nm,
        ),
        check(
            "psi_d at one position",
            "Vs",
            0.026_447,
            3.2e-5,
            ours.psi_d_vs,
        ),
        check(
            "psi_q at one position",
            "Vs",
            0.131_917,
            7.9e-5,
            ours.psi_q_vs,
        ),
    ])
}

fn no_load(motor: &Motor) -> Result<Vec<Check>, StudyError> {
    let rows = table("bmw-i3-field", "no_load.csv")?;
    let solve = |row: &Vec<f64>| motor.point([0.0; 2], row[0], POSITIONS, 0.5);
    let points = rows.iter().map(solve).collect::<Result<Vec<_>, _>>()?;
    let psi_d: Vec<f64> = points.iter().map(|p| p.psi_d_vs).collect();
    let torque: Vec<f64> = points.iter().map(|p| p.torque_arkkio_nm).collect();
    Ok(vec![
        Check::new(
            "mean psi_d at no load",
            "Vs",
            mean(&column(&rows, 4)),
            mean(&psi_d),
            Allowed::Relative(2e-3),
        ),
        Check::new(
            "cogging torque, peak to peak",
            "Nm",
            peak_to_peak(&column(&rows, 2)),
            peak_to_peak(&torque),
            Allowed::Relative(0.05),
        ),
    ])
}
