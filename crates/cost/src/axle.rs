//! What one driven axle costs that no choice of lines changes: the direct cost of a column.

use codrive_model::money::CostBreakdown;
use codrive_model::programme::{ByYear, Economics};

use crate::prices::Prices;
use crate::time::{before_production, peak_units, present_value, weighted_units};
use crate::unit::MaterialCost;

/// A driven axle as far as money goes.
#[derive(Clone, Debug, PartialEq)]
pub struct AxleFacts<'a> {
    /// EDUs by year.
    pub units: &'a ByYear,
    /// First year of production.
    pub start_of_production: i32,
    /// Cost factor of the plant that assembles.
    pub assembly_cost_factor: f64,
    /// EDUs a year that the assembling line makes on average, for all its cars.
    pub assembly_yearly_units: f64,
    /// The axle's part of the car's consumption in WLTP, J/m.
    pub consumption_j_per_m: f64,
}

/// Years over which the application of an EDU to a vehicle is paid, before production.
const APPLICATION_YEARS: u32 = 2;

/// Cost of serving an axle with a unit of this material, EUR by category: material, final assembly,
/// application, capacity of the assembly in proportion to the peak year, valued energy. Its total is
/// the column's `direct_eur`.
#[must_use]
pub fn axle_cost(
    axle: &AxleFacts,
    material: &MaterialCost,
    prices: &Prices,
    economics: &Economics,
) -> CostBreakdown {
    let units = weighted_units(axle.units, economics);
    let assembly_eur = assembly_unit_eur(axle, prices);
    let before = |amount: f64, years: u32| {
        present_value(
            &before_production(amount, years, axle.start_of_production),
            economics,
        )
    };
    let capacity_eur = peak_units(axle.units, economics) * prices.capacity.assembly.value;
    CostBreakdown {
        material_eur: units * material.total_eur(),
        conversion_eur: units * assembly_eur,
        development_eur: before(prices.development.application.value, APPLICATION_YEARS),
        tooling_eur: before(capacity_eur, 1),
        logistics_eur: 0.0,
        sharing_overhead_eur: 0.0,
        energy_eur: energy_eur(axle, economics),
    }
}

/// Final assembly of one EDU in its owner's plant, with learning over that plant's volume, EUR.
fn assembly_unit_eur(axle: &AxleFacts, prices: &Prices) -> f64 {
    let conversion = &prices.conversion;
    let relative = axle.assembly_yearly_units.max(1.0) / conversion.reference_volume.value.max(1.0);
    let learning = relative.powf(-conversion.learning.value);
    conversion.assembly.value * axle.assembly_cost_factor * learning
}

/// Battery energy over the distance that is valued, EUR: each year's cars count with the factor of
/// the year they are sold in.
fn energy_eur(axle: &AxleFacts, economics: &Economics) -> f64 {
    let life_j = axle.consumption_j_per_m * economics.energy_distance;
    weighted_units(axle.units, economics) * life_j * economics.energy_price
}
