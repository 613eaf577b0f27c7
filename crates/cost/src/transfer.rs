//! What one partner pays for the modules of a joint line, and what a price gives away.
//!
//! The unit price follows the line's volume: who knows the curve can infer the joint volume from
//! the exact price, and the other's from that. So the price is released rounded, the difference
//! being settled once, and [`inferred_units`] says what may still be inferred.

use codrive_model::family::{FamilyProblem, ReleasedLine};
use codrive_model::money::{ScaleCurve, TransferPrice};

use crate::programme::line_cost;

/// Prices of all joint lines for all their users, by line, then partner. Units are priced at the
/// line's conversion cost and the delivery, rounded to `step_eur`; development, overhead, tooling
/// and what rounding left are paid once, in proportion to units. What a partner pays for a line
/// thus sums to its part in [`crate::programme::cost_by_partner`].
#[must_use]
pub fn transfer_prices(
    problem: &FamilyProblem,
    released: &[ReleasedLine],
    step_eur: f64,
) -> Vec<TransferPrice> {
    let joint = released.iter().filter(|line| line.is_joint());
    joint
        .flat_map(|line| prices_of(problem, line, step_eur))
        .collect()
}

fn prices_of(problem: &FamilyProblem, line: &ReleasedLine, step_eur: f64) -> Vec<TransferPrice> {
    let whole = line_cost(problem, line);
    let data = &problem.modules[line.module].lines[line.line];
    let price = |(partner, units): (&usize, &f64)| {
        let delivery = data
            .delivery(*partner)
            .map_or(0.0, |d| d.logistics_eur_per_unit);
        let exact_eur = data.conversion.unit_eur(line.total_units()) + delivery;
        let unit_eur = round_to(exact_eur, step_eur);
        let fixed = whole.development_eur + whole.tooling_eur + whole.sharing_overhead_eur;
        let once_eur = fixed * units / line.total_units() + (exact_eur - unit_eur) * units;
        TransferPrice {
            module: line.module,
            partner: *partner,
            plant: data.plant,
            unit_eur,
            once_eur,
        }
    };
    line.users.iter().zip(&line.units).map(price).collect()
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

/// The volumes that a conversion price rounded to `step_eur` leaves possible, in the weighted units
/// of the curve: what its reader can infer. Without learning, everything.
#[must_use]
pub fn inferred_units(curve: &ScaleCurve, rounded_eur: f64, step_eur: f64) -> (f64, f64) {
    if curve.exponent == 0.0 || curve.reference_eur == 0.0 {
        return (0.0, f64::INFINITY);
    }
    let units = |eur: f64| {
        let relative: f64 = eur.max(0.0) / curve.reference_eur;
        curve.reference_units * relative.powf(-1.0 / curve.exponent)
    };
    (
        units(rounded_eur + 0.5 * step_eur),
        units(rounded_eur - 0.5 * step_eur),
    )
}

fn round_to(value: f64, step: f64) -> f64 {
    if step > 0.0 {
        (value / step).round() * step
    } else {
        value
    }
}
