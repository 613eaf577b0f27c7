//! Made-up selections: small ones to enumerate, and one of the reference programme's size.
#![allow(dead_code, unreachable_pub)]

pub mod programme;

use codrive_model::family::{
    AssemblySite, Capacity, Column, Delivery, FamilyModule, FamilyProblem, FamilyVehicle, Line,
    ModuleKind, TargetSplit,
};
use codrive_model::money::ScaleCurve;

/// Numbers that look random and are the same everywhere (Steele, Lea & Flood 2014, SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    pub fn below(&mut self, count: usize) -> usize {
        ((self.unit() * count as f64) as usize).min(count - 1)
    }
}

/// Plants that assemble any number for nothing.
pub fn sites(plants: &[(usize, f64)]) -> Vec<AssemblySite> {
    let site = |(index, (owner, _)): (usize, &(usize, f64))| AssemblySite {
        id: format!("plant {index}"),
        partner: *owner,
        conversion: ScaleCurve {
            reference_eur: 0.0,
            reference_units: 1e5,
            exponent: 0.0,
        },
        capacity_eur_per_unit: 0.0,
        most_units_per_year: f64::INFINITY,
    };
    plants.iter().enumerate().map(site).collect()
}

/// An own and a joint line at every plant; a plant is its owner and its cost factor.
pub fn lines(
    partners: usize,
    development: f64,
    tooling: f64,
    curve: ScaleCurve,
    plants: &[(usize, f64)],
) -> Vec<Line> {
    let mut result = Vec::new();
    for (plant, (host, factor)) in plants.iter().enumerate() {
        let scaled = ScaleCurve {
            reference_eur: curve.reference_eur * factor,
            ..curve
        };
        let delivery = |(site, (owner, _)): (usize, &(usize, f64))| Delivery {
            site,
            partner: *owner,
            logistics_eur_per_unit: if site == plant { 0.0 } else { 4.0 },
        };
        let everywhere = plants.iter().enumerate().map(delivery);
        let line = |deliveries: Vec<Delivery>| Line {
            host: *host,
            plant,
            deliveries,
            development_eur: development,
            tooling_eur: tooling,
            conversion: scaled,
        };
        let own = everywhere.clone().filter(|to| to.partner == *host);
        result.push(line(own.collect()));
        if partners > 1 {
            result.push(line(everywhere.collect()));
        }
    }
    result
}

/// A small selection with everything in it: up to three partners, some with two plants, two-axle cars, curves.
pub fn small(seed: u64, curved: bool) -> FamilyProblem {
    let mut dice = Dice(seed);
    let partners = 1 + dice.below(3);
    let owners: Vec<usize> = (0..partners)
        .flat_map(|partner| std::iter::repeat_n(partner, 1 + dice.below(2)))
        .collect();
    let mut modules = Vec::new();
    for (kind, count) in ModuleKind::ALL.into_iter().zip([2, 3, 2, 2]) {
        for index in 0..count {
            let curve = ScaleCurve {
                reference_eur: if curved { dice.between(0.0, 60.0) } else { 0.0 },
                reference_units: 1e5,
                exponent: dice.between(0.05, 0.5),
            };
            let (development, tooling) = (dice.between(0.0, 9e6), dice.between(0.0, 3e6));
            let factor = |owner: &usize| (*owner, dice.between(0.8, 1.2));
            let plants: Vec<_> = owners.iter().map(factor).collect();
            let lines = lines(partners, development, tooling, curve, &plants);
            modules.push(FamilyModule {
                kind,
                id: format!("{}{index}", kind.label()),
                capacity: Capacity::default(),
                lines,
            });
        }
    }
    let vehicles = 2 + dice.below(3);
    let vehicle = |v: usize, dice: &mut Dice| {
        let axles = 1 + dice.below(2);
        let units = dice.between(2e4, 2e5);
        let columns = |dice: &mut Dice| {
            (0..2 + dice.below(2))
                .map(|k| random_column(k, units, dice))
                .collect()
        };
        let splits = (0..1 + (axles - 1) * dice.below(2)).map(|s| TargetSplit {
            front_share: 0.3 + 0.1 * s as f64,
            columns: (0..axles).map(|_| columns(dice)).collect(),
        });
        FamilyVehicle {
            name: format!("v{v}"),
            partner: 0,
            axle_units: vec![units; axles],
            peak_units: units / 5.2,
            capacity_discount: 0.8,
            sites: Vec::new(),
            splits: splits.collect(),
        }
    };
    let mut vehicles: Vec<FamilyVehicle> = (0..vehicles).map(|v| vehicle(v, &mut dice)).collect();
    for vehicle in &mut vehicles {
        vehicle.partner = dice.below(partners);
        let own = |site: &usize| owners[*site] == vehicle.partner;
        vehicle.sites = (0..owners.len()).filter(own).collect();
    }
    let sites = assembly(&owners, &vehicles, curved, &mut dice);
    let problem = FamilyProblem {
        partners,
        sites,
        development_overhead: dice.between(0.0, 0.4),
        vehicles,
        modules,
    };
    if seed.is_multiple_of(2) {
        in_steps(problem, dice.between(5e3, 4e4))
    } else {
        problem
    }
}

/// Plants that differ in what they cost; the first of each partner may be too small for all its cars.
fn assembly(
    owners: &[usize],
    vehicles: &[FamilyVehicle],
    curved: bool,
    dice: &mut Dice,
) -> Vec<AssemblySite> {
    let site = |(index, owner): (usize, &usize)| {
        let edus = |vehicle: &FamilyVehicle| vehicle.peak_units * vehicle.axle_units.len() as f64;
        let all: f64 = vehicles
            .iter()
            .filter(|v| v.partner == *owner)
            .map(edus)
            .sum();
        let last = owners.get(index + 1) != Some(owner);
        let share = dice.between(0.3, 1.3);
        AssemblySite {
            id: format!("plant {index}"),
            partner: *owner,
            conversion: ScaleCurve {
                reference_eur: dice.between(20.0, 60.0),
                reference_units: 1e5,
                exponent: if curved { dice.between(0.05, 0.5) } else { 0.0 },
            },
            capacity_eur_per_unit: dice.between(0.0, 80.0),
            most_units_per_year: if last { f64::INFINITY } else { share * all },
        }
    };
    owners.iter().enumerate().map(site).collect()
}

/// The same with every car assembled at one of its owner's plants, of which one alone is too small.
pub fn at_own_plants(mut problem: FamilyProblem, seed: u64) -> FamilyProblem {
    let mut dice = Dice(seed);
    for vehicle in &mut problem.vehicles {
        let own = |site: &usize| problem.sites[*site].partner == vehicle.partner;
        vehicle.sites = (0..problem.sites.len()).filter(own).collect();
    }
    for site in &mut problem.sites {
        let mine = problem
            .vehicles
            .iter()
            .filter(|v| v.partner == site.partner);
        let edus: f64 = mine.map(|v| v.peak_units * v.axle_units.len() as f64).sum();
        site.conversion = ScaleCurve {
            reference_eur: dice.between(65.0, 80.0),
            reference_units: 5e5,
            exponent: 0.25,
        };
        site.capacity_eur_per_unit = 80.0;
        site.most_units_per_year = 0.75 * edus;
    }
    problem
}

/// The same with capacity in steps of so many units a year, at what the shipped price set has for it.
pub fn in_steps(mut problem: FamilyProblem, step_units_per_year: f64) -> FamilyProblem {
    for module in &mut problem.modules {
        let used_eur_per_unit = match module.kind {
            ModuleKind::Section => 40.0,
            ModuleKind::Machine => 130.0,
            ModuleKind::Inverter => 110.0,
            ModuleKind::GearSet => 140.0,
        };
        module.capacity = Capacity {
            step_units_per_year,
            used_eur_per_unit,
            idle_eur_per_unit: 0.75 * used_eur_per_unit,
        };
    }
    problem
}

fn random_column(configuration: usize, units: f64, dice: &mut Dice) -> Column {
    let machine = dice.below(3);
    let modules = [
        machine % 2,
        2 + machine,
        5 + dice.below(2),
        7 + dice.below(2),
    ];
    Column {
        configuration,
        direct_eur: units * dice.between(800.0, 900.0),
        modules,
    }
}

/// Owner and cost factor.
const PLANTS: [(usize, f64); 3] = [(0, 0.98), (0, 1.0), (1, 0.93)];

/// A selection of the reference programme's size: 2 partners, 8 vehicles, 12 driven axles,
/// 14 sections x 5 stacks x 3 windings, 7 inverters, 7 gear sets.
pub fn realistic(seed: u64) -> FamilyProblem {
    let mut dice = Dice(seed);
    let (sections, stacks, windings, inverters, gears) = (14, 5, 3, 7, 7);
    let curve = |eur: f64| ScaleCurve {
        reference_eur: eur,
        reference_units: 8e5,
        exponent: 0.25,
    };
    let mut modules = Vec::new();
    let mut add = |kind, id: String, development: f64, tooling: f64, conversion: f64| {
        let lines = lines(2, development, tooling, curve(conversion), &PLANTS);
        modules.push(FamilyModule {
            kind,
            id,
            capacity: Capacity::default(),
            lines,
        });
    };
    for s in 0..sections {
        add(ModuleKind::Section, format!("s{s}"), 22e6, 9e6, 35.0);
    }
    for m in 0..sections * stacks * windings {
        add(ModuleKind::Machine, format!("m{m}"), 6e6, 2.5e6, 120.0);
    }
    for i in 0..inverters {
        add(
            ModuleKind::Inverter,
            format!("i{i}"),
            35e6 + 2e6 * i as f64,
            12e6,
            95.0,
        );
    }
    for g in 0..gears {
        add(ModuleKind::GearSet, format!("g{g}"), 24e6, 14e6, 110.0);
    }
    let diameter: Vec<f64> = (0..sections).map(|s| 0.16 + 0.008 * s as f64).collect();
    let quality: Vec<f64> = (0..sections).map(|_| dice.between(-1.0, 1.0)).collect();
    let machines = Machines {
        diameter,
        quality,
        stacks,
        windings,
        inverters,
        gears,
    };
    // Owner, wheel torque Nm, power kW, yearly units, driven axles: of whole cars.
    let cars = [
        (0, 2600.0, 130.0, 60e3, 1),
        (0, 2400.0, 140.0, 55e3, 1),
        (0, 4200.0, 210.0, 80e3, 1),
        (0, 6200.0, 330.0, 45e3, 2),
        (1, 6800.0, 300.0, 35e3, 2),
        (1, 3600.0, 200.0, 30e3, 1),
        (1, 9500.0, 420.0, 30e3, 2),
        (1, 5200.0, 290.0, 25e3, 2),
    ];
    let vehicles = cars
        .iter()
        .enumerate()
        .map(|(v, car)| machines.vehicle(v, *car, &mut dice));
    let vehicles = vehicles.collect();
    FamilyProblem {
        partners: 2,
        sites: PLANTS
            .iter()
            .zip([26.0, 28.0, 27.0])
            .zip(sites(&PLANTS))
            .map(|((_, eur), site)| AssemblySite {
                conversion: curve(eur),
                capacity_eur_per_unit: 90.0,
                most_units_per_year: 3e5,
                ..site
            })
            .collect(),
        development_overhead: 0.15,
        vehicles,
        modules,
    }
}

/// The same with other weights: fixed cost times `fixed`, learning exponent `exponent`, and direct
/// costs that differ by up to `noise` per module and vehicle.
pub fn varied(seed: u64, fixed: f64, exponent: f64, noise: f64) -> FamilyProblem {
    let mut problem = realistic(seed);
    let mut dice = Dice(seed);
    for line in problem
        .modules
        .iter_mut()
        .flat_map(|module| &mut module.lines)
    {
        line.development_eur *= fixed;
        line.tooling_eur *= fixed;
        line.conversion.exponent = exponent;
    }
    for vehicle in &mut problem.vehicles {
        let of_module: Vec<f64> = problem
            .modules
            .iter()
            .map(|_| dice.between(-noise, noise))
            .collect();
        let columns = vehicle
            .splits
            .iter_mut()
            .flat_map(|split| &mut split.columns)
            .flatten();
        for column in columns {
            let sum: f64 = column.modules.iter().map(|module| of_module[*module]).sum();
            column.direct_eur *= 1.0 + 0.5 * sum;
        }
    }
    problem
}

struct Machines {
    diameter: Vec<f64>,
    quality: Vec<f64>,
    stacks: usize,
    windings: usize,
    inverters: usize,
    gears: usize,
}

impl Machines {
    fn vehicle(
        &self,
        v: usize,
        car: (usize, f64, f64, f64, usize),
        dice: &mut Dice,
    ) -> FamilyVehicle {
        let (partner, torque, power, yearly, axles) = car;
        let units = yearly * 5.2;
        let shares: &[f64] = if axles == 2 { &[0.3, 0.4, 0.5] } else { &[0.0] };
        let taste = dice.between(-1.0, 1.0);
        let splits = shares.iter().map(|share| {
            let parts = if axles == 2 {
                vec![*share, 1.0 - share]
            } else {
                vec![1.0]
            };
            let list = |part: &f64| self.columns(torque * part, power * part, units, taste, dice);
            TargetSplit {
                front_share: *share,
                columns: parts.iter().map(list).collect(),
            }
        });
        let splits = splits.collect();
        FamilyVehicle {
            name: format!("car{v}"),
            partner,
            axle_units: vec![units; axles],
            peak_units: units / 5.2,
            capacity_discount: 0.8,
            sites: if partner == 0 { vec![0, 1] } else { vec![2] },
            splits,
        }
    }

    fn columns(
        &self,
        torque: f64,
        power: f64,
        units: f64,
        taste: f64,
        dice: &mut Dice,
    ) -> Vec<Column> {
        let mut columns = Vec::new();
        let sections = self.diameter.len();
        for m in 0..sections * self.stacks * self.windings {
            let (s, rest) = (
                m / (self.stacks * self.windings),
                m % (self.stacks * self.windings),
            );
            let (stack, winding) = (
                0.08 + 0.03 * (rest / self.windings) as f64,
                rest % self.windings,
            );
            let active = self.diameter[s].powi(2) * stack;
            for i in 0..self.inverters {
                let kva = 90.0 * 1.3_f64.powi(i as i32);
                let reach = 1.15
                    - 0.15 * (winding as f64 - 1.0).abs()
                    - 0.1 * (winding as f64 * 0.5 - 0.4 * i as f64 / 3.0).abs();
                for g in 0..self.gears {
                    let ratio = 7.5 + 0.8 * g as f64;
                    let shaft = 62e3 * active * reach.max(0.5);
                    let peak = kva.min(130.0 * 62.0 * active / 0.3 + 60.0);
                    if shaft * ratio < torque || peak < power || shaft * ratio > 6000.0 {
                        continue;
                    }
                    let over = (shaft * ratio / torque - 1.0) + (peak / power - 1.0);
                    let material = 11.0 * 7600.0 * active * 1.1 + 1.9 * kva + 95.0 + 9.0 * ratio;
                    let energy = 6000.0
                        * (units / (units + 1.0))
                        * (0.11
                            + 0.006 * over
                            + 0.002 * self.quality[s] * taste
                            + 0.0008 * dice.between(-1.0, 1.0)
                            + 0.001 * (ratio - 9.5 - taste).powi(2) / 4.0);
                    let first = sections;
                    let machine = first + m;
                    let inverter = first + sections * self.stacks * self.windings + i;
                    let gear = first + sections * self.stacks * self.windings + self.inverters + g;
                    columns.push(Column {
                        configuration: (m * self.inverters + i) * self.gears + g,
                        direct_eur: units * (material + energy),
                        modules: [s, machine, inverter, gear],
                    });
                }
            }
        }
        columns
    }
}
