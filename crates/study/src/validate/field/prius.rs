//! The Toyota Prius 2004 against NGSolve, GetDP and the published torque curve.

use std::path::Path;

use super::super::case::{Allowed, CaseResult, Check, table};
use super::{Motor, column, mean, peak_to_peak, worst};
use crate::error::StudyError;
use crate::progress::Progress;

/// What the slots of NGSolve's coarse meshes hold of the machine's ampere-conductors, and link of the
/// flux: those runs divided by the slot's exact area, 215.58 mm², but meshed its round bottom with few
/// chords. Read from the meshes themselves; it is the same at every position.
const SLOT_FILL: f64 = 0.994_75;

pub(in super::super) fn point(_: &Path, _: &dyn Progress) -> Result<CaseResult, StudyError> {
    let motor = Motor::shipped("prius-2004")?;
    let mut checks = Vec::new();
    for (mesh, factor) in [("default mesh", 1.0), ("half the element length", 0.5)] {
        let ours = motor.point([-160.697, 191.511], 0.0, 12, factor)?;
        checks.push(Check::new(
            format!("torque, {mesh}"),
            "Nm",
            353.6,
            ours.torque_arkkio_nm,
            Allowed::Absolute(0.5),
        ));
    }
    CaseResult::new("prius-2004-point", checks)
}

pub(in super::super) fn map(_: &Path, _: &dyn Progress) -> Result<CaseResult, StudyError> {
    let motor = Motor::shipped("prius-2004")?;
    let rows = table("prius-2004-map", "map.csv")?;
    let mut checks = Vec::new();
    for (name, fill) in [
        ("as given", 1.0),
        ("at the reference's ampere-conductors", SLOT_FILL),
    ] {
        let currents: Vec<[f64; 2]> = rows
            .iter()
            .map(|row| [fill * row[0], fill * row[1]])
            .collect();
        let ours = motor.means(&currents, 1.0)?;
        let psi_d: Vec<f64> = ours.iter().map(|p| fill * p.psi_d_vs).collect();
        let psi_q: Vec<f64> = ours.iter().map(|p| fill * p.psi_q_vs).collect();
        let torque: Vec<f64> = ours.iter().map(|p| p.torque_nm).collect();
        for (at, what, unit, ours) in [
            (2, "psi_d", "Vs", psi_d),
            (3, "psi_q", "Vs", psi_q),
            (4, "torque", "Nm", torque),
        ] {
            let what = format!("{what} {name},");
            checks.push(worst(&what, unit, 3e-3, &column(&rows, at), &ours));
        }
    }
    CaseResult::new("prius-2004-map", checks)
}

pub(in super::super) fn torque_over_angle(
    _: &Path,
    _: &dyn Progress,
) -> Result<CaseResult, StudyError> {
    CaseResult::new("prius-2004-torque-angle", over_angle(4, 5e-3)?)
}

pub(in super::super) fn torque_published(
    _: &Path,
    _: &dyn Progress,
) -> Result<CaseResult, StudyError> {
    CaseResult::new("prius-2004-torque-published", over_angle(3, 1e-2)?)
}

/// Torque at 250 A peak against a column of the table.
fn over_angle(reference: usize, limit: f64) -> Result<Vec<Check>, StudyError> {
    let rows = table("prius-2004-torque-angle", "torque_over_angle.csv")?;
    let currents: Vec<[f64; 2]> = rows.iter().map(|row| [row[1], row[2]]).collect();
    let points = Motor::shipped("prius-2004")?.means(&currents, 1.0)?;
    let largest = column(&rows, reference).into_iter().fold(0.0, f64::max);
    let check = |(row, point): (&Vec<f64>, &codrive_field::mean::MeanPoint)| {
        let what = format!("torque at {:.0} degrees", row[0]);
        let allowed = Allowed::OfScale(limit, largest);
        Check::new(what, "Nm", row[reference], point.torque_nm, allowed)
    };
    Ok(rows.iter().zip(&points).map(check).collect())
}

pub(in super::super) fn no_load(_: &Path, _: &dyn Progress) -> Result<CaseResult, StudyError> {
    let mut motor = Motor::shipped("prius-2004")?;
    motor.input.magnet.remanence_20c_t = 1.24;
    motor.input.magnet.remanence_per_k = 0.0;
    let rows = table("prius-2004-no-load", "no_load.csv")?;
    let pole_pairs = f64::from(motor.input.section.pole_pairs);
    let solve = |row: &Vec<f64>| motor.point([0.0; 2], pole_pairs * row[0], rows.len(), 0.5);
    let points = rows.iter().map(solve).collect::<Result<Vec<_>, _>>()?;
    let psi_d: Vec<f64> = points.iter().map(|p| p.psi_d_vs).collect();
    let torque: Vec<f64> = points.iter().map(|p| p.torque_arkkio_nm).collect();
    let flux = |what: &str, ours: f64| {
        let reference = mean(&column(&rows, 2));
        Check::new(what, "Vs", reference, ours, Allowed::Relative(2e-3))
    };
    let checks = vec![
        flux("mean psi_d as given", mean(&psi_d)),
        flux(
            "mean psi_d at the reference's ampere-conductors",
            SLOT_FILL * mean(&psi_d),
        ),
        Check::new(
            "cogging torque, peak to peak",
            "Nm",
            peak_to_peak(&column(&rows, 1)),
            peak_to_peak(&torque),
            Allowed::Relative(0.05),
        ),
    ];
    CaseResult::new("prius-2004-no-load", checks)
}
