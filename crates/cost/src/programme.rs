//! A chosen family added up by category.

use codrive_model::family::{AssembledAtSite, FamilyProblem, ReleasedLine};
use codrive_model::money::CostBreakdown;

/// Cost of a released line by category, EUR.
#[must_use]
pub fn line_cost(problem: &FamilyProblem, released: &ReleasedLine) -> CostBreakdown {
    let line = &problem.modules[released.module].lines[released.line];
    let users = released.users.len();
    let development = line.development_for_eur(users, problem.development_overhead);
    let used_eur: f64 = released.used_capacity_eur.iter().sum();
    CostBreakdown {
        conversion_eur: line.conversion.total_eur(released.total_units()),
        development_eur: line.development_eur,
        tooling_eur: line.tooling_eur + released.idle_capacity_eur + used_eur,
        logistics_eur: released.logistics_eur.iter().sum(),
        sharing_overhead_eur: development - line.development_eur,
        ..CostBreakdown::default()
    }
}

/// Final assembly at a site by category, EUR.
#[must_use]
pub fn assembly_cost(assembled: &AssembledAtSite) -> CostBreakdown {
    CostBreakdown {
        conversion_eur: assembled.conversion_eur,
        tooling_eur: assembled.capacity_eur,
        ..CostBreakdown::default()
    }
}

/// Cost of a family by category, EUR: the direct cost of the chosen columns, the released lines, and final assembly.
/// Its total is the selection's cost.
#[must_use]
pub fn programme_cost(
    problem: &FamilyProblem,
    released: &[ReleasedLine],
    assembled: &[AssembledAtSite],
    direct: &[CostBreakdown],
) -> CostBreakdown {
    let lines = released.iter().map(|line| line_cost(problem, line));
    let sites = assembled.iter().map(assembly_cost);
    direct.iter().copied().chain(lines).chain(sites).sum()
}

/// The part of each partner if it pays for the capacity that it uses, and the rest of a line in proportion to units, EUR by category; the
/// parts sum to [`programme_cost`]. `direct` comes with the partner that owns the axle.
///
/// This is a statement of where cost arises, not of who should pay: see [`crate::split`].
#[must_use]
pub fn cost_by_partner(
    problem: &FamilyProblem,
    released: &[ReleasedLine],
    assembled: &[AssembledAtSite],
    direct: &[(usize, CostBreakdown)],
) -> Vec<CostBreakdown> {
    let mut parts = vec![CostBreakdown::default(); problem.partners];
    for (partner, cost) in direct {
        parts[*partner] += *cost;
    }
    for site in assembled {
        parts[problem.sites[site.site].partner] += assembly_cost(site);
    }
    for line in released {
        let mut whole = line_cost(problem, line);
        whole.tooling_eur -= line.used_capacity_eur.iter().sum::<f64>();
        for (user, partner) in line.users.iter().enumerate() {
            let mut part = whole.scaled(line.units[user] / line.total_units());
            part.tooling_eur += line.used_capacity_eur[user];
            part.logistics_eur = line.logistics_eur[user];
            parts[*partner] += part;
        }
    }
    parts
}
