//! A chosen family added up by category.

use codrive_model::family::{FamilyProblem, ReleasedLine};
use codrive_model::money::CostBreakdown;

/// Cost of a released line by category, EUR.
#[must_use]
pub fn line_cost(problem: &FamilyProblem, released: &ReleasedLine) -> CostBreakdown {
    let line = &problem.modules[released.module].lines[released.line];
    let users = released.users.len();
    let development = line.development_for_eur(users, problem.development_overhead);
    let used_eur: f64 = released.used_capacity_eur.iter().sum();
    let delivered = released.users.iter().zip(&released.units);
    let logistics = delivered.map(|(partner, units)| {
        line.delivery(*partner)
            .map_or(0.0, |delivery| delivery.logistics_eur_per_unit)
            * units
    });
    CostBreakdown {
        conversion_eur: line.conversion.total_eur(released.total_units()),
        development_eur: line.development_eur,
        tooling_eur: line.tooling_eur + released.idle_capacity_eur + used_eur,
        logistics_eur: logistics.sum(),
        sharing_overhead_eur: development - line.development_eur,
        ..CostBreakdown::default()
    }
}

/// Cost of a family by category, EUR: the direct cost of the chosen columns and the released lines.
/// Its total is the selection's cost.
#[must_use]
pub fn programme_cost(
    problem: &FamilyProblem,
    released: &[ReleasedLine],
    direct: &[CostBreakdown],
) -> CostBreakdown {
    let lines = released.iter().map(|line| line_cost(problem, line));
    direct.iter().copied().chain(lines).sum()
}

/// The part of each partner if it pays for the capacity that it uses, and the rest of a line in proportion to units, EUR by category; the
/// parts sum to [`programme_cost`]. `direct` comes with the partner that owns the axle.
///
/// This is a statement of where cost arises, not of who should pay: see [`crate::split`].
#[must_use]
pub fn cost_by_partner(
    problem: &FamilyProblem,
    released: &[ReleasedLine],
    direct: &[(usize, CostBreakdown)],
) -> Vec<CostBreakdown> {
    let mut parts = vec![CostBreakdown::default(); problem.partners];
    for (partner, cost) in direct {
        parts[*partner] += *cost;
    }
    for line in released {
        let mut whole = line_cost(problem, line);
        whole.tooling_eur -= line.used_capacity_eur.iter().sum::<f64>();
        let data = &problem.modules[line.module].lines[line.line];
        let users = line.users.iter().zip(&line.units);
        for ((partner, units), used_eur) in users.zip(&line.used_capacity_eur) {
            let mut part = whole.scaled(units / line.total_units());
            part.tooling_eur += used_eur;
            let delivery = data.delivery(*partner);
            part.logistics_eur = delivery.map_or(0.0, |d| d.logistics_eur_per_unit) * units;
            parts[*partner] += part;
        }
    }
    parts
}
