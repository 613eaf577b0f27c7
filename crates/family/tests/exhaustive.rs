//! Truth by enumeration: every family of a small selection is costed.

mod common;

use codrive_family::{Options, cost_of, solve};
use codrive_model::family::{FamilyProblem, VehicleChoice};

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
            chosen.push(VehicleChoice { split, columns });
            each(problem, chosen, call);
            chosen.pop();
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
    let (mut families, mut nodes) = (0, 0);
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
    }
    println!("{families} families enumerated, {nodes} nodes searched");
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
            };
            let found = solve(&problem, &options).unwrap();
            assert!(
                found.lower_bound_eur <= truth,
                "seed {seed}, {root_steps} steps"
            );
        }
    }
}
