//! Mass, inertia and volume of the machine from its geometry.

use std::f64::consts::PI;

use codrive_model::unit::{UnitMass, UnitVolume};

use crate::machine::Machine;
use crate::winding::COPPER_DENSITY_KG_PER_M3;

/// Density of the shaft, kg/m³.
const SHAFT_DENSITY_KG_PER_M3: f64 = 7_850.0;
/// Wall of the hollow shaft over its radius, and what it protrudes beyond each overhang, m: assumed.
const SHAFT_WALL: f64 = 0.2;
const SHAFT_END_M: f64 = 0.030;

/// Housing beyond the stator on each side, m: the Jaguar I-Pace's motor has 234 mm (press, 2018) around a
/// stator of 204 mm; one case.
const HOUSING_WALL_M: f64 = 0.015;
/// Mass over volume of an inverter, kg/m³: 13.4 kW/L over 14.1 kW/kg (US DOE targets for 2020, after
/// Reimers et al. 2019).
const INVERTER_DENSITY_KG_PER_M3: f64 = 950.0;
/// Mass over volume of a gear set in its case, kg/m³: a third steel, the rest air and oil; assumed.
const GEAR_DENSITY_KG_PER_M3: f64 = 2_500.0;

/// Volumes of the machine; inverter and gear set are left at zero.
///
/// The stator's circle times stack length, and a cylinder around end windings, bearings and housing.
#[must_use]
pub fn machine_volume(machine: &Machine<'_>) -> UnitVolume {
    let radius = machine.tables.facts.stator_outer_radius_m;
    let housing = radius + HOUSING_WALL_M;
    let (_, length) = shaft_section_m2(machine);
    UnitVolume {
        active_m3: PI * radius * radius * machine.stack_m,
        machine_m3: PI * housing * housing * length,
        ..UnitVolume::default()
    }
}

/// Volume of an inverter of this mass, m³.
#[must_use]
pub fn inverter_volume_m3(mass_kg: f64) -> f64 {
    mass_kg / INVERTER_DENSITY_KG_PER_M3
}

/// Volume of a gear set of this mass, m³.
#[must_use]
pub fn gear_volume_m3(mass_kg: f64) -> f64 {
    mass_kg / GEAR_DENSITY_KG_PER_M3
}

/// Masses of the machine; inverter and gear set are left at zero.
#[must_use]
pub fn machine_mass(machine: &Machine<'_>) -> UnitMass {
    let facts = &machine.tables.facts;
    let steel = machine.stack_m * facts.stacking_factor * machine.tables.steel_density_kg_per_m3;
    let copper = f64::from(facts.slots) * facts.slot_area_m2 * machine.build.copper_fill;
    let magnet_kg =
        machine.stack_m * facts.magnet_area_m2 * machine.tables.magnet_density_kg_per_m3;
    let mut mass = UnitMass {
        stator_steel_kg: steel * facts.stator_iron_area_m2,
        rotor_steel_kg: steel * facts.rotor_iron_area_m2,
        copper_kg: copper * (machine.stack_m + machine.end.length_m) * COPPER_DENSITY_KG_PER_M3,
        magnet_kg,
        rare_earth_kg: magnet_kg * machine.tables.rare_earth_fraction,
        shaft_kg: shaft_kg(machine),
        ..UnitMass::default()
    };
    mass.housing_kg = machine.build.housing_share * mass.machine_kg();
    mass
}

fn shaft_kg(machine: &Machine<'_>) -> f64 {
    let (section, length) = shaft_section_m2(machine);
    section * length * SHAFT_DENSITY_KG_PER_M3
}

/// Section of the shaft, m², and its length, m.
pub(crate) fn shaft_section_m2(machine: &Machine<'_>) -> (f64, f64) {
    let outer = machine.tables.facts.rotor_inner_radius_m;
    let inner = outer * (1.0 - SHAFT_WALL);
    let length = machine.stack_m + 2.0 * (machine.end.overhang_m + SHAFT_END_M);
    (PI * (outer * outer - inner * inner), length)
}

/// Moment of inertia of rotor and shaft, kg·m²; lamination and magnets as a ring.
#[must_use]
pub fn rotor_inertia_kg_m2(machine: &Machine<'_>) -> f64 {
    let facts = &machine.tables.facts;
    let mass = machine_mass(machine);
    let (outer, inner) = (facts.rotor_outer_radius_m, facts.rotor_inner_radius_m);
    let ring = 0.5 * (outer * outer + inner * inner);
    let shaft = 0.5 * inner * inner * (1.0 + (1.0 - SHAFT_WALL).powi(2));
    (mass.rotor_steel_kg + mass.magnet_kg) * ring + mass.shaft_kg * shaft
}
