//! Times the selection on made-up programmes and prints the table of `benchmarks/family`.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::Instant;

use codrive_family::{GapOf, Options, restrict, solve};
use codrive_model::family::{FamilyProblem, FamilySolution};
use common::programme::{Size, programme};
use common::{at_own_plants, in_steps};

/// Units a year by which lines grow, as in the shipped price set.
const STEP: f64 = 1e5;

const SOLVER: &str = "codrive";

/// A thousandth of the cost that decisions can change.
const OPTIONS: Options = Options {
    gap: 1e-3,
    gap_of: GapOf::Avoidable,
    nodes: 2000,
    root_steps: 300,
    node_steps: 60,
    questions: 6,
    trial_steps: 10,
};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |name: &str| arguments.is_empty() || arguments.iter().any(|a| a == name);
    println!(
        "| selection | solver | columns | cost, MEUR | gap, % | of avoidable cost, % | nodes | s | bar, s |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let size = Size {
        partners: 4,
        axles: 24,
        sections: 10,
        variants: 12,
        inverters: 15,
        gear_sets: 10,
    };
    if wanted("24") {
        for seed in 1..=4 {
            let problem = programme(size, seed);
            timed(
                &format!("24 axles, 4 partners, seed {seed}"),
                &problem,
                60.0,
            );
        }
    }
    if wanted("24-steps") {
        for seed in 1..=4 {
            let problem = in_steps(programme(size, seed), STEP);
            let name = format!("24 axles, 4 partners, capacity in steps, seed {seed}");
            timed(&name, &problem, 60.0);
        }
    }
    if wanted("24-plants") {
        for seed in 1..=4 {
            let problem = at_own_plants(in_steps(programme(size, seed), STEP), seed);
            let name =
                format!("24 axles, 4 partners, in steps, plant of assembly chosen, seed {seed}");
            timed(&name, &problem, 60.0);
        }
    }
    if wanted("60-steps") {
        for seed in 1..=3 {
            let problem = in_steps(programme(Size { axles: 60, ..size }, seed), STEP);
            let name = format!("60 axles, 4 partners, capacity in steps, seed {seed}");
            timed(&name, &problem, 600.0);
        }
    }
    if wanted("60") {
        for seed in 1..=3 {
            let problem = programme(Size { axles: 60, ..size }, seed);
            timed(
                &format!("60 axles, 4 partners, seed {seed}"),
                &problem,
                600.0,
            );
        }
    }
    if wanted("coalitions") {
        coalitions(&programme(size, 1));
    }
}

fn timed(name: &str, problem: &FamilyProblem, bar_s: f64) {
    let clock = Instant::now();
    let family = solve(problem, &OPTIONS).unwrap();
    row(name, &[family], clock.elapsed().as_secs_f64(), bar_s);
}

/// Every coalition of the partners, one after the other.
fn coalitions(problem: &FamilyProblem) {
    let clock = Instant::now();
    let groups = 1..1_usize << problem.partners;
    let members = |group: usize| -> Vec<usize> {
        (0..problem.partners)
            .filter(|p| group & 1 << p != 0)
            .collect()
    };
    let solved = groups.map(|group| {
        let part = restrict(problem, &members(group)).problem;
        solve(&part, &OPTIONS).unwrap()
    });
    let solved: Vec<FamilySolution> = solved.collect();
    let name = format!("all {} coalitions of 4 partners", solved.len());
    row(&name, &solved, clock.elapsed().as_secs_f64(), 300.0);
}

/// Cost of the last, the widest gap, the sums of the rest.
fn row(name: &str, families: &[FamilySolution], seconds: f64, bar_s: f64) {
    let sum = |of: fn(&FamilySolution) -> usize| families.iter().map(of).sum::<usize>();
    let widest =
        |of: fn(&FamilySolution) -> f64| 100.0 * families.iter().map(of).fold(0.0, f64::max);
    let cost = families.last().map_or(0.0, |family| family.cost_eur);
    println!(
        "| {name} | {SOLVER} | {} | {:.1} | {:.3} | {:.3} | {} | {seconds:.1} | {bar_s} |",
        sum(|f| f.effort.columns),
        cost * 1e-6,
        widest(FamilySolution::gap),
        widest(FamilySolution::gap_of_avoidable),
        sum(|f| f.effort.nodes),
    );
}
