//! Drive units that exist, as reproduced, against what is published of them.
//!
//! Ours is the best estimate; its range runs over what the unit's file says is not known of it.

use std::path::Path;

use codrive_model::unit_map::{Figures, WindingChoice};

use super::case::{Allowed, CaseResult, Check, Table};
use crate::cache::Cache;
use crate::error::StudyError;
use crate::motor::solve_machine;
use crate::progress::Progress;
use crate::unit_figures::{figures, windings};
use crate::unit_modules::{UnitInput, read_unit};

/// Torque and power.
const PEAK: Allowed = Allowed::Relative(0.05);
/// Power that is held.
const CONTINUOUS: Allowed = Allowed::Relative(0.15);
/// Mass.
const MASS: Allowed = Allowed::Relative(0.10);

/// Published figures by the name of ours, and how closely they should be met.
type Published = [(&'static str, f64, Allowed)];

/// A row for each published figure.
fn checks(figures: &Figures, published: &Published) -> Vec<Check> {
    let check = |(name, reference, allowed): &(&str, f64, Allowed)| {
        let figure = figures.figures.iter().find(|figure| figure.name == *name)?;
        let row = Check::new(*name, &figure.unit, *reference, figure.best, *allowed);
        Some(row.within(figure.range))
    };
    published.iter().filter_map(check).collect()
}

/// What each unknown does alone to the published figures.
fn alone(figures: &Figures, published: &Published) -> Table {
    let columns: Vec<usize> = published
        .iter()
        .filter_map(|row| {
            figures
                .figures
                .iter()
                .position(|figure| figure.name == row.0)
        })
        .collect();
    let names = columns.iter().map(|i| &figures.figures[*i]);
    let head = names.map(|figure| format!("{}, {}", figure.name, figure.unit));
    let rows = figures.unknowns.iter().flat_map(|unknown| {
        unknown.cases.iter().map(|case| {
            let name = format!(
                "{}: {} instead of {}",
                unknown.name, case.value, unknown.assumed
            );
            let values = columns.iter().map(|i| format!("{:.1}", case.figures[*i]));
            std::iter::once(name).chain(values).collect()
        })
    });
    Table {
        caption: "What is not known, each alone:".to_owned(),
        head: std::iter::once(String::new()).chain(head).collect(),
        rows: rows.collect(),
    }
}

/// What neighbouring numbers of turns give.
fn turns(windings: &[WindingChoice]) -> Table {
    let per_rpm = std::f64::consts::PI / 30.0;
    let row = |w: &WindingChoice| {
        vec![
            format!("{:.0}", w.turns),
            format!(
                "{} x {}",
                w.winding.conductors_per_slot, w.winding.parallel_paths
            ),
            format!("{:.1}", w.peak_torque_nm),
            format!("{:.1}", 1e-3 * w.peak_power_w),
            format!("{:.0}", w.peak_power_speed_rad_per_s / per_rpm),
            format!("{:.0}", w.top_speed_rad_per_s / per_rpm),
            format!("{:.1}", 1e-3 * w.power_at_top_w),
        ]
    };
    let head = [
        "turns in series",
        "conductors per slot x paths",
        "peak torque, Nm",
        "peak power, kW",
        "at rpm",
        "highest speed, rpm",
        "power there, kW",
    ];
    Table {
        caption: "The number of turns and its neighbours, same slots, voltage and current:"
            .to_owned(),
        head: head.map(str::to_owned).to_vec(),
        rows: windings.iter().map(row).collect(),
    }
}

fn turns_of(
    input: &UnitInput,
    cache: &Cache,
    progress: &dyn Progress,
) -> Result<Table, StudyError> {
    let solved = solve_machine(&input.machine, cache, progress)?;
    let tables = input.machine.tables(&solved);
    let found = tables.and_then(|tables| windings(input, &tables));
    Ok(turns(&found.map_err(|error| input.refused(&error))?))
}

pub(super) fn bmw_i3_unit(cache: &Path, progress: &dyn Progress) -> Result<CaseResult, StudyError> {
    let cache = Cache::open(cache, false)?;
    let mut input = read_unit("bmw-i3")?;
    input.file.dc_voltage_v = 360.0;
    let found = figures(&input, &cache, progress)?;
    let published = [
        ("peak torque", 250.0, PEAK),
        ("peak power", 125.0, PEAK),
        ("power for 30 s", 125.0, PEAK),
        ("continuous power", 75.0, CONTINUOUS),
        ("highest speed", 11_400.0, Allowed::AtLeast(0.25)),
        ("mass of the motor", 49.0, MASS),
    ];
    let mut case = CaseResult::new("bmw-i3-unit", checks(&found, &published))?;
    case.tables = vec![
        alone(&found, &published),
        turns_of(&input, &cache, progress)?,
    ];
    Ok(case)
}

pub(super) fn jaguar_i_pace_unit(
    cache: &Path,
    progress: &dyn Progress,
) -> Result<CaseResult, StudyError> {
    let cache = Cache::open(cache, false)?;
    let input = read_unit("jaguar-i-pace")?;
    let found = figures(&input, &cache, progress)?;
    let published = [
        ("peak torque", 348.0, PEAK),
        ("peak power", 147.5, PEAK),
        ("mass of the motor", 38.0, MASS),
        ("mass of the unit", 76.0, MASS),
    ];
    let mut case = CaseResult::new("jaguar-i-pace-unit", checks(&found, &published))?;
    case.tables = vec![
        alone(&found, &published),
        turns_of(&input, &cache, progress)?,
    ];
    Ok(case)
}
