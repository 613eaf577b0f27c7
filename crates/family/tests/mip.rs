//! Another solver on the same selection: microlp on the program written out.
#![allow(clippy::unwrap_used)]

mod common;

use codrive_family::mip::{EUR, Program, program};
use codrive_family::{Options, solve};
use microlp::{ComparisonOp, OptimizationDirection, Problem};

fn optimum_eur(program: &Program) -> f64 {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let bounds = program.most.iter().zip(&program.whole);
    let variables: Vec<_> = (program.costs.iter().zip(bounds))
        .map(|(cost, (most, whole))| {
            if *whole {
                #[allow(clippy::cast_possible_truncation)]
                problem.add_integer_var(*cost, (0, *most as i32))
            } else {
                problem.add_var(*cost, (0.0, *most))
            }
        })
        .collect();
    for row in &program.rows {
        let terms: Vec<_> = row.terms.iter().map(|(v, c)| (variables[*v], *c)).collect();
        let sense = if row.equal {
            ComparisonOp::Eq
        } else {
            ComparisonOp::Le
        };
        problem.add_constraint(&terms, sense, row.right);
    }
    problem
        .solve()
        .unwrap()
        .into_solution()
        .unwrap()
        .objective()
        / EUR
}

#[test]
fn without_curves_microlp_finds_the_same_optimum() {
    for seed in 300..330 {
        let selection = common::small(seed, false);
        let ours = solve(
            &selection,
            &Options {
                gap: 0.0,
                ..Options::default()
            },
        )
        .unwrap();
        let theirs = optimum_eur(&program(&selection, 1).unwrap());
        let error = ours.cost_eur / theirs - 1.0;
        assert!(
            error.abs() < 1e-7,
            "seed {seed}: {} against {theirs}",
            ours.cost_eur
        );
    }
}

/// Any number of units a year can be had: nothing lies idle, whatever that would cost.
#[test]
fn without_steps_nothing_is_idle_for_either() {
    for seed in [301, 303, 305] {
        let selection = common::in_steps(common::small(seed, false), 0.0);
        let exact = Options {
            gap: 0.0,
            ..Options::default()
        };
        let ours = solve(&selection, &exact).unwrap().cost_eur;
        let theirs = optimum_eur(&program(&selection, 1).unwrap());
        assert!(
            (ours / theirs - 1.0).abs() < 1e-7,
            "{ours} against {theirs}"
        );
    }
}

/// The relaxation of the chords' program, all variables real: below every family, and not far.
#[test]
fn with_curves_the_relaxed_chords_lie_below_the_optimum() {
    for seed in 400..430 {
        let selection = common::small(seed, true);
        let ours = solve(
            &selection,
            &Options {
                gap: 0.0,
                ..Options::default()
            },
        )
        .unwrap()
        .cost_eur;
        let mut relaxed = program(&selection, 3).unwrap();
        relaxed.whole.fill(false);
        let bound = optimum_eur(&relaxed);
        assert!(
            bound <= ours * (1.0 + 1e-9),
            "seed {seed}: {bound} above {ours}"
        );
        assert!(bound >= 0.9 * ours, "seed {seed}: {bound} far below {ours}");
    }
}

/// At the best prices the bound is at least the relaxation, all variables real. The ascent stops at rounds
/// that are hoped to bring less than a fiftieth of what is missing, so a tenth of it may be left.
#[test]
fn the_bound_of_one_node_reaches_the_relaxation() {
    let once = Options {
        gap: 0.0,
        nodes: 1,
        ..Options::default()
    };
    for seed in 500..600 {
        let selection = common::small(seed, false);
        let ours = solve(&selection, &once).unwrap();
        let mut relaxed = program(&selection, 1).unwrap();
        relaxed.whole.fill(false);
        let relaxed = optimum_eur(&relaxed);
        let missing = (ours.cost_eur - relaxed).max(1e-6 * relaxed);
        let below = (relaxed - ours.lower_bound_eur) / missing;
        assert!(
            below <= 0.1,
            "seed {seed}: {below} of the gap below {relaxed}"
        );
    }
}
