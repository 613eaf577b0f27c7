//! Bought material of one EDU, from its masses and its inverter's dies.

use codrive_model::unit::UnitMass;
use serde::{Deserialize, Serialize};

use crate::prices::Prices;

/// What the dies of an inverter are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Semiconductor {
    /// Si IGBT and diode.
    Silicon,
    /// SiC MOSFET.
    SiliconCarbide,
}

/// What an inverter's material depends on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct InverterBill {
    /// All dies of the inverter, mm².
    pub die_area_mm2: f64,
    /// What they are made of.
    pub semiconductor: Semiconductor,
    /// Peak power, W.
    pub peak_power_w: f64,
}

/// Bought material of one EDU by part, EUR in money of the price set's year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MaterialCost {
    /// Lamination strip.
    pub steel_eur: f64,
    /// Copper.
    pub copper_eur: f64,
    /// Magnets.
    pub magnet_eur: f64,
    /// Housing.
    pub housing_eur: f64,
    /// Shaft, bearings, resolver and other bought parts of the machine.
    pub machine_parts_eur: f64,
    /// Dies of the inverter.
    pub dies_eur: f64,
    /// Everything else of the inverter.
    pub inverter_rest_eur: f64,
    /// Blanks and bought parts of the gear set.
    pub gear_eur: f64,
}

impl MaterialCost {
    /// The machine with its share of the housing, EUR.
    #[must_use]
    pub fn machine_eur(&self) -> f64 {
        self.steel_eur
            + self.copper_eur
            + self.magnet_eur
            + self.housing_eur
            + self.machine_parts_eur
    }

    /// The inverter, EUR.
    #[must_use]
    pub fn inverter_eur(&self) -> f64 {
        self.dies_eur + self.inverter_rest_eur
    }

    /// The whole EDU, EUR.
    #[must_use]
    pub fn total_eur(&self) -> f64 {
        self.machine_eur() + self.inverter_eur() + self.gear_eur
    }
}

/// Bought material of one EDU, EUR. Gear steel is taken for the whole mass of the gear set, oil
/// included: a few EUR too much.
#[must_use]
pub fn unit_material_eur(
    mass: &UnitMass,
    inverter: &InverterBill,
    prices: &Prices,
) -> MaterialCost {
    let (material, bought, power) = (&prices.material, &prices.bought, &prices.inverter);
    let lamination_kg = (mass.stator_steel_kg + mass.rotor_steel_kg) * bought.lamination_mass.value;
    let die_eur_per_mm2 = match inverter.semiconductor {
        Semiconductor::Silicon => power.silicon_die.value,
        Semiconductor::SiliconCarbide => power.silicon_carbide_die.value,
    };
    MaterialCost {
        steel_eur: lamination_kg * material.electrical_steel.value,
        copper_eur: mass.copper_kg * bought.copper_mass.value * material.copper.value,
        magnet_eur: mass.magnet_kg * material.magnet.value,
        housing_eur: mass.housing_kg * material.housing_aluminium.value,
        machine_parts_eur: mass.shaft_kg * material.shaft_steel.value + bought.machine_parts.value,
        dies_eur: inverter.die_area_mm2 * die_eur_per_mm2,
        inverter_rest_eur: power.module_packaging.value
            + power.rest.value
            + power.rest_by_power.value * inverter.peak_power_w,
        gear_eur: mass.gear_kg * bought.gear_mass.value * material.gear_steel.value
            + bought.gear_parts.value,
    }
}
