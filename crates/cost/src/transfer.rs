//! What one partner pays for the modules of a joint line, or of one in another's plant, and what a
//! price gives away.
//!
//! The unit price follows the line's volume: who knows the curve can infer the joint volume from the exact
//! price, and the other's from that. So the price is released rounded, the difference being settled once.

use codrive_model::family::{FamilyProblem, ReleasedLine};
use codrive_model::money::TransferPrice;

use crate::programme::line_cost;

/// Prices of all lines that are joint or stand in another partner's plant, for all their users, by
/// line, then partner. Units are priced at the
/// line's conversion cost and the delivery (mean over the partner's sites), rounded to `step_eur`; development, overhead, tooling, idle capacity
/// and what rounding left are paid once, in proportion to units. With the capacity that it uses, which each partner pays
/// for itself wherever the line stands, what a partner pays for a line sums to its part in
/// [`crate::programme::cost_by_partner`].
#[must_use]
pub fn transfer_prices(
    problem: &FamilyProblem,
    released: &[ReleasedLine],
    step_eur: f64,
) -> Vec<TransferPrice> {
    let traded = released.iter().filter(|line| is_traded(problem, line));
    traded
        .flat_map(|line| prices_of(problem, line, step_eur))
        .collect()
}

/// Whether somebody else than the partner in whose plant it stands has modules of a line.
fn is_traded(problem: &FamilyProblem, line: &ReleasedLine) -> bool {
    let host = problem.modules[line.module].lines[line.line].host;
    line.users.iter().any(|user| *user != host)
}

fn prices_of(problem: &FamilyProblem, line: &ReleasedLine, step_eur: f64) -> Vec<TransferPrice> {
    let whole = line_cost(problem, line);
    let data = &problem.modules[line.module].lines[line.line];
    let price = |((partner, units), logistics_eur): ((&usize, &f64), &f64)| {
        let delivery = logistics_eur / units;
        let exact_eur = data.conversion.unit_eur(line.total_units()) + delivery;
        let unit_eur = round_to(exact_eur, step_eur);
        let tooling = data.tooling_eur + line.idle_capacity_eur;
        let fixed = whole.development_eur + whole.sharing_overhead_eur + tooling;
        let once_eur = fixed * units / line.total_units() + (exact_eur - unit_eur) * units;
        TransferPrice {
            module: line.module,
            partner: *partner,
            plant: data.plant,
            unit_eur,
            once_eur,
        }
    };
    let users = line.users.iter().zip(&line.units);
    users.zip(&line.logistics_eur).map(price).collect()
}

/// What each partner pays (positive) or gets (negative) once besides its own cost and its transfer
/// prices, EUR, so that it pays what the split says; sums to zero when the split is efficient.
#[must_use]
pub fn settlements(pays_eur: &[f64], cost_by_partner_eur: &[f64]) -> Vec<f64> {
    pays_eur
        .iter()
        .zip(cost_by_partner_eur)
        .map(|(pays, cost)| pays - cost)
        .collect()
}

fn round_to(value: f64, step: f64) -> f64 {
    if step > 0.0 {
        (value / step).round() * step
    } else {
        value
    }
}
