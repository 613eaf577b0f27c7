//! Money and units over the years, at their present value.

use codrive_model::programme::{ByYear, Economics};

/// What 1 EUR of a year is worth in the base year: (1 + r)^−(year − base), end of year.
#[must_use]
pub fn discount_factor(year: i32, economics: &Economics) -> f64 {
    (1.0 + economics.discount_rate).powi(economics.base_year - year)
}

/// Present value of amounts by year, EUR; years after the last that counts are left out.
#[must_use]
pub fn present_value(amounts: &ByYear, economics: &Economics) -> f64 {
    let counts = amounts
        .iter()
        .filter(|(year, _)| **year <= economics.last_year);
    counts
        .map(|(year, amount)| amount * discount_factor(*year, economics))
        .sum()
}

/// Discount-weighted units: EUR per unit times these is a present value.
#[must_use]
pub fn weighted_units(units: &ByYear, economics: &Economics) -> f64 {
    present_value(units, economics)
}

/// Units of the years that count, without weights.
#[must_use]
pub fn plain_units(units: &ByYear, economics: &Economics) -> f64 {
    units
        .iter()
        .filter(|(year, _)| **year <= economics.last_year)
        .map(|(_, n)| n)
        .sum()
}

/// The highest yearly units of the years that count.
#[must_use]
pub fn peak_units(units: &ByYear, economics: &Economics) -> f64 {
    let counts = units
        .iter()
        .filter(|(year, _)| **year <= economics.last_year);
    counts.map(|(_, n)| *n).fold(0.0, f64::max)
}

/// Discount-weighted years of production from its start to the last year that counts: a yearly
/// reference volume times this is a reference volume in weighted units.
#[must_use]
pub fn weighted_years(start_of_production: i32, economics: &Economics) -> f64 {
    (start_of_production..=economics.last_year)
        .map(|year| discount_factor(year, economics))
        .sum()
}

/// Spreads an amount evenly over `years` years (at least one) that end before the start of
/// production: development and tooling are paid before the first unit.
#[must_use]
pub fn before_production(amount: f64, years: u32, start_of_production: i32) -> ByYear {
    let count = i32::try_from(years.max(1)).unwrap_or(i32::MAX);
    let first = start_of_production.saturating_sub(count);
    (first..start_of_production)
        .map(|year| (year, amount / f64::from(count)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn economics() -> Economics {
        Economics {
            prices: "europe-2025".to_owned(),
            base_year: 2025,
            development_start: 2026,
            last_year: 2037,
            discount_rate: 0.07,
            energy_price: 0.0,
            energy_distance: 0.0,
        }
    }

    /// The textbook annuity: (1 − 1.07^−10) / 0.07 = 7.0236, discounted two more years.
    #[test]
    fn ten_even_years_are_worth_an_annuity() {
        let amounts: ByYear = (2028..=2037).map(|year| (year, 1.0)).collect();
        let annuity = (1.0 - 1.07_f64.powi(-10)) / 0.07 / 1.07_f64.powi(2);
        assert!((present_value(&amounts, &economics()) - annuity).abs() < 1e-12);
        assert!((weighted_years(2028, &economics()) - annuity).abs() < 1e-12);
    }

    #[test]
    fn years_after_the_horizon_do_not_count() {
        let amounts: ByYear = [(2025, 5.0), (2050, 9.0)].into();
        assert_eq!(present_value(&amounts, &economics()), 5.0);
        assert_eq!(plain_units(&amounts, &economics()), 5.0);
        assert_eq!(peak_units(&amounts, &economics()), 5.0);
    }

    #[test]
    fn money_before_production_is_spread_and_kept() {
        let amounts = before_production(12.0, 3, 2029);
        assert_eq!(amounts, [(2026, 4.0), (2027, 4.0), (2028, 4.0)].into());
    }
}
