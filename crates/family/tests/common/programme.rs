//! Made-up programmes of any size, the same everywhere: partners with cars and plants, modules with
//! sizes, and the columns whose torque, speed, power and voltage suffice.
#![allow(dead_code, unreachable_pub)]

use codrive_model::family::{
    Capacity, Column, FamilyModule, FamilyProblem, FamilyVehicle, ModuleKind, TargetSplit,
};
use codrive_model::money::ScaleCurve;

use super::{Dice, lines, sites};

/// How many of everything.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub partners: usize,
    pub axles: usize,
    pub sections: usize,
    pub variants: usize,
    pub inverters: usize,
    pub gear_sets: usize,
}

impl Size {
    pub fn configurations(&self) -> usize {
        self.sections * self.variants * self.inverters * self.gear_sets
    }
}

struct Section {
    diameter_m: f64,
    /// Airgap shear stress that its current can reach, Pa.
    shear_pa: f64,
    /// J/m more or less than its size lets expect.
    quality_j_per_m: f64,
}

struct Variant {
    stack_m: f64,
    /// Turns in series against the middle one.
    turns: f64,
}

struct Inverter {
    voltage_v: f64,
    current_a: f64,
    silicon_carbide: bool,
}

struct GearSet {
    ratio: f64,
    input_torque_nm: f64,
}

/// What one axle asks for.
#[derive(Clone, Copy)]
struct Demand {
    torque_nm: f64,
    power_w: f64,
    speed_rad_per_s: f64,
    voltage_v: f64,
    /// Ratio at which the car's cycle takes least.
    best_ratio: f64,
}

struct Shelf {
    sections: Vec<Section>,
    variants: Vec<Variant>,
    inverters: Vec<Inverter>,
    gear_sets: Vec<GearSet>,
}

/// A programme of a size; another seed gives other cars and other qualities.
pub fn programme(size: Size, seed: u64) -> FamilyProblem {
    let mut dice = Dice(seed);
    let shelf = Shelf::new(size, &mut dice);
    let mut vehicles = Vec::new();
    let mut left = size.axles;
    while left > 0 {
        let axles = if left > 1 && vehicles.len() % 3 == 2 {
            2
        } else {
            1
        };
        vehicles.push(shelf.vehicle(vehicles.len(), size.partners, axles, &mut dice));
        left -= axles;
    }
    let owners: Vec<(usize, f64)> = (0..2 * size.partners)
        .map(|plant| (plant / 2, 1.0))
        .collect();
    FamilyProblem {
        partners: size.partners,
        sites: sites(&owners),
        development_overhead: 0.15,
        vehicles,
        modules: shelf.modules(size.partners, &mut dice),
    }
}

/// `index` of `count` steps from `low` to `high`.
fn step(low: f64, high: f64, index: usize, count: usize) -> f64 {
    low + (high - low) * index as f64 / (count.max(2) - 1) as f64
}

impl Shelf {
    fn new(size: Size, dice: &mut Dice) -> Self {
        let section = |s| Section {
            diameter_m: step(0.105, 0.165, s, size.sections),
            shear_pa: dice.between(62e3, 78e3),
            quality_j_per_m: dice.between(-6.0, 6.0),
        };
        let sections = (0..size.sections).map(section).collect();
        let stacks = size.variants.div_ceil(3);
        let variant = |v: usize| Variant {
            stack_m: step(0.08, 0.2, v / 3, stacks),
            turns: [0.7, 1.0, 1.4][v % 3],
        };
        let ratings = size.inverters.div_ceil(3);
        let inverter = |i: usize| {
            let class = i % 3;
            let current_a = step(300.0, 900.0, i / 3, ratings);
            Inverter {
                voltage_v: [350.0, 350.0, 700.0][class],
                current_a: if class == 2 {
                    0.6 * current_a
                } else {
                    current_a
                },
                silicon_carbide: class > 0,
            }
        };
        let gear_set = |g: usize| GearSet {
            ratio: step(8.0, 12.5, g / 2, size.gear_sets.div_ceil(2)),
            input_torque_nm: [300.0, 460.0][g % 2],
        };
        Self {
            sections,
            variants: (0..size.variants).map(variant).collect(),
            inverters: (0..size.inverters).map(inverter).collect(),
            gear_sets: (0..size.gear_sets).map(gear_set).collect(),
        }
    }

    /// Modules in the order section, machine, inverter, gear set.
    fn modules(&self, partners: usize, dice: &mut Dice) -> Vec<FamilyModule> {
        let plants: Vec<(usize, f64)> = (0..partners)
            .flat_map(|partner| [partner; 2])
            .map(|partner| (partner, dice.between(0.85, 1.1)))
            .collect();
        let mut modules = Vec::new();
        let mut add = |kind: ModuleKind, development: f64, tooling: f64, conversion: f64| {
            let curve = ScaleCurve {
                reference_eur: conversion,
                reference_units: 5e5,
                exponent: 0.25,
            };
            modules.push(FamilyModule {
                kind,
                id: format!("{} {}", kind.label(), modules.len()),
                capacity: Capacity::default(),
                lines: lines(partners, development, tooling, curve, &plants),
            });
        };
        for section in &self.sections {
            let size = section.diameter_m / 0.13;
            add(ModuleKind::Section, 22e6, 9e6 * size, 35.0 * size);
        }
        for _ in &self.sections {
            for variant in &self.variants {
                let size = variant.stack_m / 0.14;
                add(ModuleKind::Machine, 6e6, 2.5e6, 90.0 + 30.0 * size);
            }
        }
        for inverter in &self.inverters {
            let size = inverter.voltage_v * inverter.current_a / 2e5;
            add(
                ModuleKind::Inverter,
                32e6 + 3e6 * size,
                12e6,
                70.0 + 25.0 * size,
            );
        }
        for gear_set in &self.gear_sets {
            let size = gear_set.ratio * gear_set.input_torque_nm / 4e3;
            add(
                ModuleKind::GearSet,
                24e6,
                12e6 + 2e6 * size,
                90.0 + 20.0 * size,
            );
        }
        modules
    }

    fn vehicle(
        &self,
        number: usize,
        partners: usize,
        axles: usize,
        dice: &mut Dice,
    ) -> FamilyVehicle {
        let size = dice.unit();
        #[allow(clippy::cast_precision_loss)]
        let driven = axles as f64;
        let car = Demand {
            torque_nm: (1900.0 + 2000.0 * size) * (0.7 + 0.5 * driven),
            power_w: (95e3 + 130e3 * size) * (0.6 + 0.6 * driven),
            speed_rad_per_s: dice.between(125.0, 165.0),
            voltage_v: if dice.unit() < 0.6 { 350.0 } else { 700.0 },
            best_ratio: dice.between(9.0, 11.0),
        };
        let units = dice.between(15e3, 90e3) * 5.2;
        let shares: &[f64] = if axles == 2 {
            &[0.3, 0.4, 0.5, 0.6]
        } else {
            &[0.0]
        };
        let splits = shares.iter().map(|share| {
            let parts = if axles == 2 {
                vec![*share, 1.0 - share]
            } else {
                vec![1.0]
            };
            let axle = |part: &f64| {
                let demand = Demand {
                    torque_nm: car.torque_nm * part,
                    power_w: car.power_w * part,
                    ..car
                };
                self.columns(&demand, units, dice)
            };
            TargetSplit {
                front_share: *share,
                columns: parts.iter().map(axle).collect(),
            }
        });
        let splits = splits.collect();
        FamilyVehicle {
            name: format!("car {number}"),
            partner: number % partners,
            axle_units: vec![units; axles],
            peak_units: units / 5.2,
            capacity_discount: 0.8,
            sites: vec![2 * (number % partners)],
            splits,
        }
    }

    fn columns(&self, demand: &Demand, units: f64, dice: &mut Dice) -> Vec<Column> {
        let (s_count, v_count) = (self.sections.len(), self.variants.len());
        let (i_count, g_count) = (self.inverters.len(), self.gear_sets.len());
        let mut columns = Vec::new();
        for (s, section) in self.sections.iter().enumerate() {
            for (v, variant) in self.variants.iter().enumerate() {
                for (i, inverter) in self.inverters.iter().enumerate() {
                    for (g, gear_set) in self.gear_sets.iter().enumerate() {
                        let unit = Unit {
                            section,
                            variant,
                            inverter,
                            gear_set,
                        };
                        let Some(direct_eur) = unit.direct_eur(demand, dice) else {
                            continue;
                        };
                        let machine = s * v_count + v;
                        columns.push(Column {
                            configuration: (machine * i_count + i) * g_count + g,
                            direct_eur: units * direct_eur,
                            modules: [
                                s,
                                s_count + machine,
                                s_count * (1 + v_count) + i,
                                s_count * (1 + v_count) + i_count + g,
                            ],
                        });
                    }
                }
            }
        }
        columns
    }
}

struct Unit<'a> {
    section: &'a Section,
    variant: &'a Variant,
    inverter: &'a Inverter,
    gear_set: &'a GearSet,
}

impl Unit<'_> {
    /// Torque on the machine's shaft, Nm: what current, section and gear set bear.
    fn torque_nm(&self) -> f64 {
        let (d, l) = (self.section.diameter_m, self.variant.stack_m);
        let saturated = 0.5 * std::f64::consts::PI * d * d * l * self.section.shear_pa;
        let by_current = 24.0 * d * l * self.variant.turns * self.inverter.current_a;
        saturated.min(by_current).min(self.gear_set.input_torque_nm)
    }

    /// Highest shaft power, W: what current and the voltage left at many turns allow.
    fn power_w(&self) -> f64 {
        let (d, l) = (self.section.diameter_m, self.variant.stack_m);
        let apparent = 1.22 * self.inverter.voltage_v * self.inverter.current_a;
        let voltage = self.inverter.voltage_v / (24.0 * d * l * self.variant.turns);
        (0.8 * apparent).min(self.torque_nm() * voltage * 0.55 + 0.35 * apparent)
    }

    /// Material of one unit and what it takes of energy beside the least, EUR; `None` if it does not meet the demand.
    fn direct_eur(&self, demand: &Demand, dice: &mut Dice) -> Option<f64> {
        let (d, l, ratio) = (
            self.section.diameter_m,
            self.variant.stack_m,
            self.gear_set.ratio,
        );
        let torque = self.torque_nm() * ratio / demand.torque_nm;
        let power = self.power_w() / demand.power_w;
        let fast = 150.0 / (0.5 * d) / ratio >= demand.speed_rad_per_s;
        let fits = self.inverter.voltage_v == demand.voltage_v && fast;
        if !fits || torque < 1.0 || power < 1.0 {
            return None;
        }
        let apparent = self.inverter.voltage_v * self.inverter.current_a;
        let per_kva = if self.inverter.silicon_carbide {
            1.75
        } else {
            1.25
        };
        let material = 95e3 * d * d * l
            + per_kva * apparent * 1e-3
            + 7.0 * ratio
            + 0.16 * self.gear_set.input_torque_nm;
        let j_per_m = 12.0 * (torque - 1.0)
            + 5.0 * (power - 1.0)
            + if self.inverter.silicon_carbide {
                0.0
            } else {
                22.0
            }
            + 1.5 * (ratio - demand.best_ratio).powi(2)
            + self.section.quality_j_per_m
            + dice.between(-1.0, 1.0);
        let energy = j_per_m * 150e6 / 3.6e6 * 0.12;
        Some(material + energy)
    }
}
