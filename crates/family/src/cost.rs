//! The true cost of a family, on the exact curves, with the cheapest lines.

use codrive_model::family::{FamilyProblem, ReleasedLine, VehicleChoice};

use crate::check::{FamilyError, check};
use crate::compact::{AxleSet, Compact, members};
use crate::lines::Lines;

/// Cost of a family, EUR: its direct costs, and each module's lines at their cheapest.
///
/// # Errors
/// The problem is impossible, or a choice names what the problem does not have.
pub fn cost_of(problem: &FamilyProblem, choices: &[VehicleChoice]) -> Result<f64, FamilyError> {
    check(problem)?;
    let compact = Compact::new(problem);
    let lines = Lines::new(problem, &compact.axles);
    let (direct, sets) = uses(problem, choices)?;
    Ok(sets
        .iter()
        .enumerate()
        .map(|(module, set)| lines.cost(module, *set))
        .fold(direct, plus))
}

fn plus(a: f64, b: f64) -> f64 {
    a + b
}

/// The lines that a family needs, cheapest, by module and line.
///
/// # Errors
/// As [`cost_of`].
pub fn released_lines(
    problem: &FamilyProblem,
    choices: &[VehicleChoice],
) -> Result<Vec<ReleasedLine>, FamilyError> {
    check(problem)?;
    let compact = Compact::new(problem);
    let lines = Lines::new(problem, &compact.axles);
    let (_, sets) = uses(problem, choices)?;
    let mut released = Vec::new();
    for (module, set) in sets.iter().enumerate() {
        for (line, partners) in lines.chosen(module, *set) {
            let users: Vec<usize> = (0..problem.partners)
                .filter(|p| partners & 1 << p != 0)
                .collect();
            let units = |partner: &usize| {
                let mine = members(*set).filter(|axle| compact.axles[*axle].partner == *partner);
                mine.map(|axle| compact.axles[axle].units).fold(0.0, plus)
            };
            let used =
                |partner: &usize| lines.used_capacity_eur(module, lines.of_partner(*set, *partner));
            let peak_units = lines.peak_units(lines.of_partners(*set, partners));
            released.push(ReleasedLine {
                module,
                line,
                units: users.iter().map(units).collect(),
                peak_units,
                used_capacity_eur: users.iter().map(used).collect(),
                idle_capacity_eur: problem.modules[module].capacity.idle_eur(peak_units),
                users,
            });
        }
    }
    released.sort_by_key(|release| (release.module, release.line));
    Ok(released)
}

/// Direct cost, and for each module the axles that use it.
fn uses(
    problem: &FamilyProblem,
    choices: &[VehicleChoice],
) -> Result<(f64, Vec<AxleSet>), FamilyError> {
    let mut sets = vec![0; problem.modules.len()];
    let (mut direct, mut axle) = (0.0, 0);
    if choices.len() != problem.vehicles.len() {
        return Err(unknown("choice", "the problem"));
    }
    for (vehicle, choice) in problem.vehicles.iter().zip(choices) {
        let split = vehicle.splits.get(choice.split);
        let split = split.ok_or_else(|| unknown("split", &vehicle.name))?;
        if choice.columns.len() != split.columns.len() {
            return Err(unknown("number of columns", &vehicle.name));
        }
        for (list, index) in split.columns.iter().zip(&choice.columns) {
            let column = list
                .get(*index)
                .ok_or_else(|| unknown("column", &vehicle.name))?;
            direct += column.direct_eur;
            for module in column.modules {
                sets[module] |= 1 << axle;
            }
            axle += 1;
        }
    }
    Ok((direct, sets))
}

fn unknown(what: &'static str, whose: &str) -> FamilyError {
    FamilyError::OutOfRange {
        what,
        whose: whose.to_owned(),
        allowed: "one of the problem's",
    }
}
