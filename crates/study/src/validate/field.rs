//! The field against closed forms and other programs' solutions.

use std::path::Path;

use codrive_field::error::FieldError;
use codrive_field::mean::mean_points;
use codrive_field::mesh::Fineness;
use codrive_field::point::{solve_point, solve_point_on};
use codrive_field::verify::{Slotless, energy_series, slotless_field};

use super::case::{Allowed, CaseResult, Check, table};
use crate::error::StudyError;
use crate::motor::{MachineInput, read_machine};
use crate::progress::Progress;

const SLOTLESS: Slotless = Slotless {
    rotor_radius_m: 21.5e-3,
    magnet_radius_m: 24.5e-3,
    bore_radius_m: 25.5e-3,
    pole_pairs: 4,
    pole_arc: 0.8,
    remanence_t: 1.2,
    mu_r: 1.05,
};

fn failed(error: FieldError) -> StudyError {
    StudyError::Model {
        what: "validation of the field".to_owned(),
        reason: error.to_string(),
    }
}

pub(super) fn slotless_magnet(_: &Path, _: &dyn Progress) -> Result<CaseResult, StudyError> {
    let rows = table("slotless-magnet", "field_r25mm.csv")?;
    let angles: Vec<f64> = rows.iter().map(|row| row[0].to_radians()).collect();
    let field = slotless_field(&SLOTLESS, 25.0e-3, &angles, 120).map_err(failed)?;
    let worst = |part: usize| {
        let off = rows
            .iter()
            .zip(&field)
            .map(|(row, b)| (row[1 + part] - b[part]).abs());
        1e3 * off.fold(0.0, f64::max)
    };
    let limit = Allowed::Absolute(2.0);
    let checks = vec![
        Check::new(
            "largest deviation of the radial field",
            "mT",
            0.0,
            worst(0),
            limit,
        ),
        Check::new(
            "largest deviation of the tangential field",
            "mT",
            0.0,
            worst(1),
            limit,
        ),
    ];
    CaseResult::new("slotless-magnet", checks)
}

pub(super) fn convergence(_: &Path, _: &dyn Progress) -> Result<CaseResult, StudyError> {
    let exact = energy_series(&SLOTLESS, 2, &[192]).map_err(failed)?[0].1;
    let series = energy_series(&SLOTLESS, 1, &[24, 48, 96]).map_err(failed)?;
    let error = |i: usize| (series[i].1 - exact).abs();
    let order = |i: usize| (error(i) / error(i + 1)).log2();
    let checks = vec![
        Check::new(
            "order of the energy, 24 to 48 columns",
            "",
            2.0,
            order(0),
            Allowed::Absolute(0.3),
        ),
        Check::new(
            "order of the energy, 48 to 96 columns",
            "",
            2.0,
            order(1),
            Allowed::Absolute(0.3),
        ),
    ];
    CaseResult::new("convergence-p1", checks)
}

pub(super) fn prius_point(_: &Path, _: &dyn Progress) -> Result<CaseResult, StudyError> {
    let MachineInput {
        machine,
        section: input,
    } = read_machine("prius-2004")?;
    let currents = [-160.697, 191.511];
    let default = solve_point(
        &input.section,
        &machine,
        &input.steel,
        &input.magnet,
        currents,
        0.0,
    );
    let half = Fineness::second_order(12).scaled(0.5);
    let fine = solve_point_on(
        &input.section,
        &machine,
        &input.steel,
        &input.magnet,
        currents,
        0.0,
        half,
        2,
    );
    let torque = |what: &str, ours: f64, limit: f64| {
        Check::new(what, "Nm", 353.57, ours, Allowed::Relative(limit))
    };
    let checks = vec![
        torque(
            "torque, default mesh",
            default.map_err(failed)?.torque_arkkio_nm,
            3e-3,
        ),
        torque(
            "torque, half the element length",
            fine.map_err(failed)?.torque_arkkio_nm,
            1e-3,
        ),
    ];
    CaseResult::new("prius-2004-point", checks)
}

pub(super) fn prius_torque_over_angle(
    _: &Path,
    _: &dyn Progress,
) -> Result<CaseResult, StudyError> {
    let MachineInput {
        machine,
        section: input,
    } = read_machine("prius-2004")?;
    let rows = table("prius-2004-torque-angle", "torque_over_angle.csv")?;
    let currents: Vec<[f64; 2]> = rows.iter().map(|row| [row[1], row[2]]).collect();
    let fineness = Fineness::second_order(12);
    let points = mean_points(
        &input.section,
        &machine,
        &input.steel,
        &input.magnet,
        &currents,
        fineness,
    )
    .map_err(failed)?;
    let largest = rows.iter().map(|row| row[4]).fold(0.0, f64::max);
    let check = |(row, point): (&Vec<f64>, &codrive_field::mean::MeanPoint)| {
        let what = format!("torque at {:.0} degrees", row[0]);
        Check::new(
            what,
            "Nm",
            row[4],
            point.torque_nm,
            Allowed::OfScale(5e-3, largest),
        )
    };
    let checks = rows.iter().zip(&points).map(check).collect();
    CaseResult::new("prius-2004-torque-angle", checks)
}

pub(super) fn bmw_i3(_: &Path, _: &dyn Progress) -> Result<CaseResult, StudyError> {
    let MachineInput {
        machine,
        section: input,
    } = read_machine("bmw-i3-reference")?;
    let rows = table("bmw-i3-field", "map.csv")?;
    let currents: Vec<[f64; 2]> = rows.iter().map(|row| [row[0], row[1]]).collect();
    let fineness = Fineness::second_order(12);
    let (steel, magnet) = (&input.steel, &input.magnet);
    let points = mean_points(&input.section, &machine, steel, magnet, &currents, fineness)
        .map_err(failed)?;
    let mut checks = Vec::new();
    for (column, name, unit) in [(2, "psi_d", "Vs"), (3, "psi_q", "Vs"), (4, "torque", "Nm")] {
        let ours =
            |i: usize| [points[i].psi_d_vs, points[i].psi_q_vs, points[i].torque_nm][column - 2];
        let scale = rows.iter().map(|row| row[column].abs()).fold(0.0, f64::max);
        let off = |i: &usize| (ours(*i) - rows[*i][column]).abs();
        let worst = (0..rows.len())
            .max_by(|a, b| off(a).total_cmp(&off(b)))
            .unwrap_or(0);
        let what = format!("{name} where it deviates most of 25 currents");
        let limit = Allowed::OfScale(5e-3, scale);
        checks.push(Check::new(
            what,
            unit,
            rows[worst][column],
            ours(worst),
            limit,
        ));
    }
    let at = [-195.0, 195.0];
    let angle = 5.0_f64.to_radians();
    for (mesh, factor, limit) in [
        ("default mesh", 1.0, 5e-3),
        ("0.3 of the element length", 0.3, 1.5e-3),
    ] {
        let mesh_of = fineness.scaled(factor);
        let point = solve_point_on(
            &input.section,
            &machine,
            steel,
            magnet,
            at,
            angle,
            mesh_of,
            2,
        )
        .map_err(failed)?;
        let what = format!("torque at one position, {mesh}");
        let allowed = Allowed::Relative(limit);
        checks.push(Check::new(
            what,
            "Nm",
            273.156,
            point.torque_arkkio_nm,
            allowed,
        ));
    }
    CaseResult::new("bmw-i3-field", checks)
}
