//! Another solver on the same selection: microlp on the program written out.
#![allow(clippy::unwrap_used)]

mod common;

use codrive_family::mip::{EUR, Knots, Program, program};
use codrive_family::{Options, solve};
use codrive_model::family::FamilyProblem;
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

/// Ours and microlp's optimum of a selection without curves.
fn assert_same_optimum(selection: &FamilyProblem, seed: u64) {
    let exact = Options {
        gap: 0.0,
        ..Options::default()
    };
    let ours = solve(selection, &exact).unwrap().cost_eur;
    let theirs = optimum_eur(&program(selection, &Knots::even(1)).unwrap());
    assert!(
        (ours / theirs - 1.0).abs() < 1e-7,
        "seed {seed}: {ours} against {theirs}"
    );
}

/// Capacity of lines in steps (for up to two partners: three keep microlp for minutes); every car assembled at its
/// owner's last plant, which is large enough.
#[test]
fn without_curves_microlp_finds_the_same_optimum() {
    for seed in 300..330 {
        let mut selection = common::small(seed, false);
        for vehicle in &mut selection.vehicles {
            vehicle.sites = vehicle.sites.split_off(vehicle.sites.len() - 1);
        }
        let steps = seed.is_multiple_of(2);
        if !steps || selection.partners < 3 {
            assert_same_optimum(&selection, seed);
        }
    }
}

/// The plants of final assembly chosen too, some of them too small for all cars. (Steps and plants together keep
/// microlp for minutes; enumeration has them both.)
#[test]
fn microlp_assembles_at_the_same_cost() {
    for seed in 330..360 {
        let selection = common::in_steps(common::small(seed, false), 0.0);
        assert_same_optimum(&selection, seed);
    }
}

/// Any number of units a year can be had: nothing lies idle, whatever that would cost.
#[test]
fn without_steps_nothing_is_idle_for_either() {
    for seed in [301, 303, 305] {
        assert_same_optimum(&common::in_steps(common::small(seed, false), 0.0), seed);
    }
}

/// The relaxation of the chords' program, all variables real: below every family, and not far (few cars: halves of
/// modules count).
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
        let mut relaxed = program(&selection, &Knots::even(3)).unwrap();
        relaxed.whole.fill(false);
        let bound = optimum_eur(&relaxed);
        assert!(
            bound <= ours * (1.0 + 1e-9),
            "seed {seed}: {bound} above {ours}"
        );
        assert!(bound >= 0.8 * ours, "seed {seed}: {bound} far below {ours}");
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
        let mut relaxed = program(&selection, &Knots::even(1)).unwrap();
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
