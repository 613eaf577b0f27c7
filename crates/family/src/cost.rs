//! The true cost of a family, on the exact curves, with the cheapest lines.

use codrive_model::family::{AssembledAtSite, FamilyProblem, ReleasedLine, VehicleChoice};

use crate::check::{FamilyError, check};
use crate::compact::{AxleSet, Compact, members};
use crate::lines::Lines;

/// Cost of a family, EUR: its direct costs, each module's lines at their cheapest, and assembly; infinite where a
/// site cannot assemble so many.
///
/// # Errors
/// The problem is impossible, or a choice names what the problem does not have.
pub fn cost_of(problem: &FamilyProblem, choices: &[VehicleChoice]) -> Result<f64, FamilyError> {
    check(problem)?;
    let compact = Compact::new(problem);
    let lines = Lines::new(problem, &compact.axles);
    let (direct, sets) = uses(problem, &compact, choices)?;
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
    let (_, sets) = uses(problem, &compact, choices)?;
    let mut released = Vec::new();
    for (module, set) in sets.iter().enumerate().take(problem.modules.len()) {
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
            let logistics = |partner: &usize| {
                lines.logistics_eur(module, line, lines.of_partner(*set, *partner))
            };
            let peak_units = lines.peak_units(lines.of_partners(*set, partners));
            released.push(ReleasedLine {
                module,
                line,
                units: users.iter().map(units).collect(),
                peak_units,
                used_capacity_eur: users.iter().map(used).collect(),
                idle_capacity_eur: problem.modules[module].capacity.idle_eur(peak_units),
                logistics_eur: users.iter().map(logistics).collect(),
                users,
            });
        }
    }
    released.sort_by_key(|release| (release.module, release.line));
    Ok(released)
}

/// What each site assembles, and what that costs.
///
/// # Errors
/// As [`cost_of`].
pub fn assembled_at_sites(
    problem: &FamilyProblem,
    choices: &[VehicleChoice],
) -> Result<Vec<AssembledAtSite>, FamilyError> {
    check(problem)?;
    let mut all = Vec::new();
    for (site, data) in problem.sites.iter().enumerate() {
        let (mut units, mut peak_units, mut capacity_eur) = (0.0, 0.0, 0.0);
        let both = problem.vehicles.iter().zip(choices);
        for (vehicle, _) in both.filter(|(_, choice)| choice.site == site) {
            #[allow(clippy::cast_precision_loss)]
            let peak = vehicle.peak_units * vehicle.axle_units.len() as f64;
            units += vehicle
                .axle_units
                .iter()
                .fold(0.0, |sum, units| sum + units);
            peak_units += peak;
            capacity_eur += data.capacity_eur_per_unit * peak * vehicle.capacity_discount;
        }
        if units > 0.0 {
            all.push(AssembledAtSite {
                site,
                peak_units,
                conversion_eur: data.conversion.total_eur(units),
                capacity_eur,
            });
        }
    }
    Ok(all)
}

/// Direct cost, and for each module and site the axles that use it.
fn uses(
    problem: &FamilyProblem,
    compact: &Compact,
    choices: &[VehicleChoice],
) -> Result<(f64, Vec<AxleSet>), FamilyError> {
    let mut sets = vec![0; compact.modules];
    let mut direct = 0.0;
    if choices.len() != problem.vehicles.len() {
        return Err(unknown("choice", "the problem"));
    }
    for (v, (vehicle, choice)) in problem.vehicles.iter().zip(choices).enumerate() {
        let first = compact.first_axle(v, choice.site);
        let first = first.ok_or_else(|| unknown("site", &vehicle.name))?;
        let split = vehicle.splits.get(choice.split);
        let split = split.ok_or_else(|| unknown("split", &vehicle.name))?;
        if choice.columns.len() != split.columns.len() {
            return Err(unknown("number of columns", &vehicle.name));
        }
        let lists = split.columns.iter().zip(&choice.columns);
        for (axle, (list, index)) in (first..).zip(lists) {
            let column = list
                .get(*index)
                .ok_or_else(|| unknown("column", &vehicle.name))?;
            direct += column.direct_eur;
            let assembly = problem.modules.len() + choice.site;
            for module in column.modules.into_iter().chain([assembly]) {
                sets[module] |= 1 << axle;
            }
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
