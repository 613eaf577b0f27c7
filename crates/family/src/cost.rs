//! The true cost of a family, on the exact curves, with the cheapest lines.

use codrive_model::family::{
    AssembledAtSite, AssemblySite, FamilyProblem, ReleasedLine, VehicleChoice,
};

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
    Ok(Costing::new(problem, &compact, choices)?.cost_eur())
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
    Ok(Costing::new(problem, &compact, choices)?.released())
}

/// A family, and who uses what of it.
pub(crate) struct Costing<'a> {
    problem: &'a FamilyProblem,
    lines: Lines<'a>,
    direct_eur: f64,
    /// For each module and site the axles that use it.
    sets: Vec<AxleSet>,
}

impl<'a> Costing<'a> {
    /// Reads the choices in a checked problem, numbered with all its sites.
    pub(crate) fn new(
        problem: &'a FamilyProblem,
        compact: &'a Compact,
        choices: &[VehicleChoice],
    ) -> Result<Self, FamilyError> {
        let (direct_eur, sets) = uses(problem, compact, choices)?;
        Ok(Self {
            problem,
            lines: Lines::new(problem, &compact.axles),
            direct_eur,
            sets,
        })
    }

    /// As [`cost_of`].
    pub(crate) fn cost_eur(&self) -> f64 {
        let sets = self.sets.iter().enumerate();
        let costs = sets.map(|(module, set)| self.lines.cost(module, *set));
        costs.fold(self.direct_eur, plus)
    }

    /// As [`released_lines`].
    pub(crate) fn released(&self) -> Vec<ReleasedLine> {
        let modules = self.sets.iter().enumerate();
        let of_module = |(module, set): (usize, &AxleSet)| {
            let mut chosen = self.lines.chosen(module, *set);
            chosen.sort_by_key(|(line, _)| *line);
            let released = |(line, partners)| {
                let users = self.lines.of_partners(*set, partners);
                self.release(module, line, users)
            };
            chosen.into_iter().map(released).collect::<Vec<_>>()
        };
        let modules = modules.take(self.problem.modules.len());
        modules.flat_map(of_module).collect()
    }

    /// A line that makes a module for some axles.
    fn release(&self, module: usize, line: usize, axles: AxleSet) -> ReleasedLine {
        let lines = &self.lines;
        let partners = lines.partners_of(axles);
        let users: Vec<usize> = (0..self.problem.partners)
            .filter(|p| partners & 1 << p != 0)
            .collect();
        let each = |of_axles: &dyn Fn(AxleSet) -> f64| {
            let mine = users.iter().map(|p| lines.of_partner(axles, *p));
            mine.map(of_axles).collect::<Vec<f64>>()
        };
        let peak_units = lines.peak_units(axles);
        ReleasedLine {
            module,
            line,
            units: each(&|mine| self.units(mine)),
            peak_units,
            used_capacity_eur: each(&|mine| lines.used_capacity_eur(module, mine)),
            idle_capacity_eur: self.problem.modules[module].capacity.idle_eur(peak_units),
            logistics_eur: each(&|mine| lines.logistics_eur(module, line, mine)),
            users,
        }
    }

    /// What each site assembles, and what that costs.
    pub(crate) fn assembled(&self) -> Vec<AssembledAtSite> {
        let sites = self.problem.sites.iter().enumerate();
        let of_site = |(site, data): (usize, &AssemblySite)| {
            let module = self.problem.modules.len() + site;
            let axles = self.sets[module];
            (axles != 0).then(|| AssembledAtSite {
                site,
                peak_units: self.lines.peak_units(axles),
                conversion_eur: data.conversion.total_eur(self.units(axles)),
                capacity_eur: self.lines.used_capacity_eur(module, axles),
            })
        };
        sites.filter_map(of_site).collect()
    }

    /// Units of some axles.
    fn units(&self, axles: AxleSet) -> f64 {
        let units = members(axles).map(|axle| self.lines.axles[axle].units);
        units.fold(0.0, plus)
    }
}

/// A sum that starts at zero, never at minus zero.
fn plus(a: f64, b: f64) -> f64 {
    a + b
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
