//! Truth by enumeration: every family of a small selection is costed.
#![allow(clippy::unwrap_used)]

mod common;

use codrive_family::tradeoff::{Objective, front, value_of};
use codrive_family::wish::{Wish, price, under};
use codrive_family::{Options, cost_of, solve};
use codrive_model::family::{FamilyProblem, ModuleKind, VehicleChoice};

/// Calls with every family.
fn each(
    problem: &FamilyProblem,
    chosen: &mut Vec<VehicleChoice>,
    call: &mut impl FnMut(&[VehicleChoice]),
) {
    let Some(vehicle) = problem.vehicles.get(chosen.len()) else {
        return call(chosen);
    };
    for (split, data) in vehicle.splits.iter().enumerate() {
        let rears = data.columns.get(1).map_or(1, Vec::len);
        for k in 0..data.columns[0].len() * rears {
            let columns = [k / rears, k % rears][..data.columns.len()].to_vec();
            for site in vehicle.sites.clone() {
                chosen.push(VehicleChoice {
                    split,
                    site,
                    columns: columns.clone(),
                });
                each(problem, chosen, call);
                chosen.pop();
            }
        }
    }
}

fn least(problem: &FamilyProblem) -> (f64, usize) {
    let (mut least, mut count) = (f64::INFINITY, 0);
    each(problem, &mut Vec::new(), &mut |choices| {
        count += 1;
        least = cost_of(problem, choices).unwrap().min(least);
    });
    (least, count)
}

#[test]
fn the_optimum_is_that_of_enumeration() {
    let exact = Options {
        gap: 0.0,
        ..Options::default()
    };
    let (mut families, mut nodes, mut replaced) = (0, 0, 0);
    for seed in 0..120 {
        let problem = common::small(seed, seed % 2 == 1);
        let (truth, count) = least(&problem);
        let found = solve(&problem, &exact).unwrap();
        let error = (found.cost_eur - truth) / truth;
        assert!(
            error.abs() < 1e-9,
            "seed {seed}: {} against {truth} of {count}",
            found.cost_eur
        );
        assert!(
            found.lower_bound_eur <= truth,
            "seed {seed}: bound above the truth"
        );
        assert!(found.gap() < 1e-8, "seed {seed}: gap {}", found.gap());
        families += count;
        nodes += found.effort.nodes;
        replaced += usize::from(
            problem.sites.len() > problem.partners && found.effort.removed_by_dominance > 0,
        );
    }
    println!(
        "{families} families enumerated, {nodes} nodes searched, columns removed by dominance in {replaced}"
    );
}

/// The bound must hold without any search: few steps, one node.
#[test]
fn the_bound_is_below_the_optimum_at_any_prices() {
    for seed in 200..260 {
        let problem = common::small(seed, true);
        let (truth, _) = least(&problem);
        for root_steps in [0, 6, 60] {
            let options = Options {
                gap: 0.0,
                nodes: 1,
                root_steps,
                node_steps: 0,
                ..Options::default()
            };
            let found = solve(&problem, &options).unwrap();
            assert!(
                found.lower_bound_eur <= truth,
                "seed {seed}, {root_steps} steps"
            );
        }
    }
}

/// Cost written out anew: every partner that uses a module tries every line.
fn plain_cost(problem: &FamilyProblem, choices: &[VehicleChoice]) -> f64 {
    let mut volumes = vec![vec![0.0; problem.sites.len()]; problem.modules.len()];
    let mut peaks = volumes.clone();
    let mut cost = assembly_cost(problem, choices);
    for (vehicle, choice) in problem.vehicles.iter().zip(choices) {
        for (axle, index) in choice.columns.iter().enumerate() {
            let column = &vehicle.splits[choice.split].columns[axle][*index];
            cost += column.direct_eur;
            for module in column.modules {
                volumes[module][choice.site] += vehicle.axle_units[axle];
                peaks[module][choice.site] += vehicle.peak_units;
                cost += problem.modules[module].capacity.used_eur_per_unit
                    * vehicle.peak_units
                    * vehicle.capacity_discount;
            }
        }
    }
    let module_cost = |(module, volumes): (usize, &Vec<f64>)| {
        let lines = problem.modules[module].lines.len();
        let assignments = lines.pow(u32::try_from(problem.partners).unwrap());
        (0..assignments)
            .map(|code| assigned_cost(problem, module, [volumes, &peaks[module]], code))
            .fold(f64::INFINITY, f64::min)
    };
    cost + volumes.iter().enumerate().map(module_cost).sum::<f64>()
}

fn assembly_cost(problem: &FamilyProblem, choices: &[VehicleChoice]) -> f64 {
    let mut cost = 0.0;
    for (index, site) in problem.sites.iter().enumerate() {
        let (mut units, mut peak) = (0.0, 0.0);
        let both = problem.vehicles.iter().zip(choices);
        for (vehicle, _) in both.filter(|(_, choice)| choice.site == index) {
            let edus = vehicle.peak_units * vehicle.axle_units.len() as f64;
            units += vehicle.axle_units.iter().sum::<f64>();
            peak += edus;
            cost += site.capacity_eur_per_unit * edus * vehicle.capacity_discount;
        }
        if peak > site.most_units_per_year {
            return f64::INFINITY;
        }
        let curve = site.conversion;
        if units > 0.0 {
            cost +=
                curve.reference_eur * units * (units / curve.reference_units).powf(-curve.exponent);
        }
    }
    cost
}

/// Digit p of `code`, in the base of the number of lines, is the line of partner p.
fn assigned_cost(
    problem: &FamilyProblem,
    module: usize,
    [volumes, peaks]: [&[f64]; 2],
    code: usize,
) -> f64 {
    let capacity = problem.modules[module].capacity;
    let lines = &problem.modules[module].lines;
    let own = |partner: usize| {
        let sites = 0..problem.sites.len();
        sites.filter(move |site| problem.sites[*site].partner == partner)
    };
    let mut cost = 0.0;
    for (l, line) in lines.iter().enumerate() {
        let takes = |p: &usize| {
            let digit = code / lines.len().pow(u32::try_from(*p).unwrap()) % lines.len();
            digit == l && own(*p).any(|site| volumes[site] > 0.0)
        };
        let users: Vec<usize> = (0..problem.partners).filter(takes).collect();
        if users.is_empty() {
            continue;
        }
        let (mut units, mut peak) = (0.0, 0.0);
        for site in users.iter().flat_map(|p| own(*p)) {
            let Some(delivery) = line.deliveries.iter().find(|to| to.site == site) else {
                return f64::INFINITY;
            };
            units += volumes[site];
            peak += peaks[site];
            cost += volumes[site] * delivery.logistics_eur_per_unit;
        }
        if capacity.step_units_per_year > 0.0 {
            let steps = (peak / capacity.step_units_per_year).ceil();
            cost += capacity.idle_eur_per_unit * (steps * capacity.step_units_per_year - peak);
        }
        let curve = line.conversion;
        cost += line.development_eur
            * (1.0 + problem.development_overhead * (users.len() - 1) as f64)
            + line.tooling_eur
            + curve.reference_eur * units * (units / curve.reference_units).powf(-curve.exponent);
    }
    cost
}

#[test]
fn the_cost_is_that_of_trying_every_line_for_every_partner() {
    for seed in 0..40 {
        let problem = common::small(seed, true);
        let mut count = 0;
        each(&problem, &mut Vec::new(), &mut |choices| {
            count += 1;
            if count % 7 == 0 {
                let (ours, plain) = (
                    cost_of(&problem, choices).unwrap(),
                    plain_cost(&problem, choices),
                );
                assert!(
                    ours == plain || (ours / plain - 1.0).abs() < 1e-12,
                    "seed {seed}: {ours} against {plain}"
                );
            }
        });
    }
}

/// A value for each column.
fn made_up(problem: &FamilyProblem, seed: u64) -> Objective {
    let mut dice = common::Dice(seed);
    let mut values = Vec::new();
    for vehicle in &problem.vehicles {
        let mut splits = Vec::new();
        for split in &vehicle.splits {
            let mut axles = Vec::new();
            for list in &split.columns {
                axles.push(list.iter().map(|_| dice.between(40.0, 90.0)).collect());
            }
            splits.push(axles);
        }
        values.push(splits);
    }
    Objective::Columns(values)
}

/// For each limit the cheapest family within it, found by costing all: never below the bound, and
/// no dearer than the point; the ends of the front are exact.
#[test]
fn every_point_of_a_front_is_bounded_by_enumeration() {
    let exact = Options {
        gap: 0.0,
        ..Options::default()
    };
    for seed in 500..512 {
        let problem = common::small(seed, true);
        for objective in [Objective::Modules, made_up(&problem, seed)] {
            let mut families = Vec::new();
            each(&problem, &mut Vec::new(), &mut |choices| {
                let value = value_of(&problem, &objective, choices).unwrap();
                families.push((value, cost_of(&problem, choices).unwrap()));
            });
            let points = front(&problem, &objective, 4, &exact).unwrap();
            let least = families.iter().map(|f| f.0).fold(f64::INFINITY, f64::min);
            assert!((points[4].value / least - 1.0).abs() < 1e-9, "seed {seed}");
            for point in &points {
                let within = families
                    .iter()
                    .filter(|f| f.0 <= point.limit * (1.0 + 1e-9));
                let truth = within.map(|f| f.1).fold(f64::INFINITY, f64::min);
                let case = format!("seed {seed} {point:?} against {truth}");
                assert!(point.value <= point.limit * (1.0 + 1e-9), "{case}");
                assert!(point.lower_bound_eur <= truth, "{case}");
                assert!(point.cost_eur >= truth * (1.0 - 1e-12), "{case}");
            }
            assert!(points[0].gap < 1e-6, "seed {seed}");
        }
    }
}

/// A wish's price is the difference of two optima found by costing all, and never a gain.
#[test]
fn the_price_of_a_wish_is_that_of_enumeration() {
    let exact = Options {
        gap: 0.0,
        ..Options::default()
    };
    let mut priced = 0;
    for seed in 600..630 {
        let problem = common::small(seed, true);
        let own = Wish::Own {
            partner: 0,
            kind: ModuleKind::Inverter,
        };
        let without = Wish::Without {
            partner: 0,
            modules: vec![5],
        };
        for wish in [own, without] {
            let (free, _) = least(&problem);
            let (bound, _) = least(&under(&problem, std::slice::from_ref(&wish)));
            let found = price(&problem, &[wish], &exact);
            let Ok(found) = found else {
                assert!(bound.is_infinite(), "seed {seed}: {found:?}");
                continue;
            };
            priced += 1;
            assert!(
                (found.eur - (bound - free)).abs() <= 1e-9 * free,
                "seed {seed}"
            );
            assert!(found.eur >= -1e-9 * free, "seed {seed}: a wish that pays");
            assert!(found.least_eur <= found.most_eur, "seed {seed}");
        }
    }
    assert!(priced >= 30, "{priced} priced");
}
