//! Cases whose answer is known in closed form.

use std::path::Path;

use codrive_field::verify::{
    Borders, Slotless, energy_series, manufactured_series, slotless_field,
};

use super::super::case::{Allowed, CaseResult, Check};
use super::failed;
use crate::error::StudyError;
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

pub(in super::super) fn slotless_magnet(
    _: &Path,
    _: &dyn Progress,
) -> Result<CaseResult, StudyError> {
    const RADIUS_M: f64 = 25.0e-3;
    let angles: Vec<f64> = (0..=90)
        .map(|i| (0.25 * f64::from(i)).to_radians())
        .collect();
    let exact: Vec<[f64; 2]> = angles
        .iter()
        .map(|angle| SLOTLESS.closed_form(RADIUS_M, *angle))
        .collect();
    let largest = exact.iter().map(|b| b[0].abs()).fold(0.0, f64::max);
    let mut checks = Vec::new();
    // The finest level decides; the coarser one shows that it converges.
    for (columns, limit) in [(120, 2e-3), (240, 1e-3)] {
        let field = slotless_field(&SLOTLESS, RADIUS_M, &angles, columns).map_err(failed)?;
        for (part, name) in ["radial", "tangential"].into_iter().enumerate() {
            let off = exact
                .iter()
                .zip(&field)
                .map(|(e, b)| (e[part] - b[part]).abs());
            checks.push(Check::new(
                format!("largest deviation of the {name} field, {columns} columns"),
                "mT",
                0.0,
                1e3 * off.fold(0.0, f64::max),
                Allowed::Absolute(1e3 * limit * largest),
            ));
        }
    }
    CaseResult::new("slotless-magnet", checks)
}

pub(in super::super) fn convergence_p1(
    _: &Path,
    _: &dyn Progress,
) -> Result<CaseResult, StudyError> {
    let exact = energy_series(&SLOTLESS, 2, &[192]).map_err(failed)?[0].1;
    let series = energy_series(&SLOTLESS, 1, &[24, 48, 96]).map_err(failed)?;
    let error = |i: usize| (series[i].1 - exact).abs();
    let checks = ["24 to 48", "48 to 96"]
        .into_iter()
        .enumerate()
        .map(|(i, levels)| {
            let what = format!("order of the energy, {levels} columns");
            let order = (error(i) / error(i + 1)).log2();
            Check::new(what, "", 2.0, order, Allowed::Absolute(0.3))
        })
        .collect();
    CaseResult::new("convergence-p1", checks)
}

pub(in super::super) fn convergence_p2(
    _: &Path,
    _: &dyn Progress,
) -> Result<CaseResult, StudyError> {
    let mut checks = Vec::new();
    for (borders, name, expected, limit) in [
        (Borders::Straight, "straight borders", 4.0, 0.5),
        (Borders::Arcs, "arcs cut short by straight sides", 2.0, 0.3),
    ] {
        let series = manufactured_series(borders, 2, &[12, 24, 48, 96]).map_err(failed)?;
        for pair in series.windows(2) {
            let what = format!("{name}, {} to {} columns", pair[0].columns, pair[1].columns);
            let order = (pair[0].energy_error / pair[1].energy_error).log2();
            let allowed = Allowed::Absolute(limit);
            checks.push(Check::new(what, "", expected, order, allowed));
        }
    }
    CaseResult::new("convergence-p2", checks)
}
