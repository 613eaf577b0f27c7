//! What one driven axle costs that no choice of lines changes: the direct cost of a column.

use codrive_model::money::CostBreakdown;
use codrive_model::programme::{ByYear, Economics};

use crate::prices::Prices;
use crate::time::{before_production, present_value, weighted_units};
use crate::unit::MaterialCost;

/// A driven axle as far as money goes.
#[derive(Clone, Debug, PartialEq)]
pub struct AxleFacts<'a> {
    /// EDUs by year.
    pub units: &'a ByYear,
    /// First year of production.
    pub start_of_production: i32,
    /// The axle's part of the car's consumption in WLTP, J/m.
    pub consumption_j_per_m: f64,
}

/// Years over which the application of an EDU to a vehicle is paid, before production.
const APPLICATION_YEARS: u32 = 2;

/// Cost of serving an axle with a unit of this material, EUR by category: material, application, valued energy. Its
/// total is the column's `direct_eur`.
#[must_use]
pub fn axle_cost(
    axle: &AxleFacts,
    material: &MaterialCost,
    prices: &Prices,
    economics: &Economics,
) -> CostBreakdown {
    let units = weighted_units(axle.units, economics);
    let application = before_production(
        prices.development.application.value,
        APPLICATION_YEARS,
        axle.start_of_production,
    );
    CostBreakdown {
        material_eur: units * material.total_eur(),
        development_eur: present_value(&application, economics),
        energy_eur: energy_eur(axle, economics),
        ..CostBreakdown::default()
    }
}

/// Battery energy over the distance that is valued, EUR: each year's cars count with the factor of
/// the year they are sold in.
fn energy_eur(axle: &AxleFacts, economics: &Economics) -> f64 {
    let life_j = axle.consumption_j_per_m * economics.energy_distance;
    weighted_units(axle.units, economics) * life_j * economics.energy_price
}
