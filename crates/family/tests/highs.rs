//! HiGHS on the same selections: `cargo test --release -p codrive-family --features highs`.
#![cfg(feature = "highs")]
#![allow(clippy::unwrap_used)]

mod common;

use codrive_family::{GapOf, Options, Solver, select_with};
use codrive_model::family::{FamilyProblem, FamilySolution};
use common::programme::{Size, programme};

/// The same selection by both solvers.
fn both(problem: &FamilyProblem, gap: f64) -> [FamilySolution; 2] {
    let options = Options {
        gap,
        gap_of: GapOf::Whole,
        ..Options::default()
    };
    [Solver::Own, Solver::Highs].map(|solver| select_with(solver, problem, &options).unwrap())
}

/// HiGHS decides to a millionth.
fn assert_same_optimum(problem: &FamilyProblem, name: &str) {
    let [ours, theirs] = both(problem, 0.0);
    let difference = ours.cost_eur / theirs.cost_eur - 1.0;
    assert!(difference.abs() < 1e-6, "{name}: {ours:?} {theirs:?}");
}

#[test]
fn without_curves_the_optimum_is_the_same() {
    for seed in 300..400 {
        assert_same_optimum(&common::small(seed, false), &format!("seed {seed}"));
    }
}

/// Neither bound exceeds the other's cost, and both are within the gap.
#[test]
fn with_curves_the_bounds_enclose_one_optimum() {
    for seed in 400..412 {
        let [ours, theirs] = both(&common::small(seed, true), 1e-3);
        for (a, b) in [(&ours, &theirs), (&theirs, &ours)] {
            assert!(a.gap() <= 1e-3, "seed {seed}: {a:?}");
            assert!(
                a.lower_bound_eur <= b.cost_eur * (1.0 + 1e-6),
                "seed {seed}"
            );
        }
    }
}

/// Three partners with nine driven axles; learning curves made straight, as the program has them.
#[test]
fn a_made_up_programme_has_the_same_optimum() {
    let size = Size {
        partners: 3,
        axles: 9,
        sections: 4,
        variants: 6,
        inverters: 6,
        gear_sets: 4,
    };
    let mut problem = programme(size, 1);
    let lines = problem.modules.iter_mut().flat_map(|m| &mut m.lines);
    lines.for_each(|line| line.conversion.exponent = 0.0);
    assert_same_optimum(&problem, "made-up programme");
}
