//! The reference programme's size, made up: 84,000 columns, 12 driven axles, 231 modules, 3 plants.
#![allow(clippy::unwrap_used)]

mod common;

use codrive_family::{Options, cost_of, restrict, solve};
use codrive_model::family::{FamilyProblem, FamilySolution};

fn timed(name: &str, problem: &FamilyProblem) -> FamilySolution {
    let clock = std::time::Instant::now();
    let family = solve(problem, &Options::default()).unwrap();
    println!(
        "{name}: {:.1} MEUR, gap {:.4} %, of avoidable cost {:.3} %, {} lines, {:?}, {:.2} s",
        family.cost_eur * 1e-6,
        family.gap() * 100.0,
        family.gap_of_avoidable() * 100.0,
        family.released.len(),
        family.effort,
        clock.elapsed().as_secs_f64()
    );
    assert!(family.gap() <= 1e-3, "{name}: gap {}", family.gap());
    assert_eq!(cost_of(problem, &family.choices).unwrap(), family.cost_eur);
    family
}

/// Partners gain by sharing, never lose: alone stays possible together.
#[test]
fn every_coalition_closes_and_together_costs_no_more_than_alone() {
    let problem = common::realistic(1);
    let [bmw, jlr] =
        [0, 1].map(|p| timed(&format!("{p} alone"), &restrict(&problem, &[p]).problem));
    let both = timed("together", &problem);
    assert!(both.lower_bound_eur <= bmw.cost_eur + jlr.cost_eur);
    assert!(both.cost_eur < bmw.cost_eur + jlr.cost_eur);
}

/// No learning at all and small fixed cost are the hard cases: many modules, little reason to share.
#[test]
fn other_weights_close_too() {
    let cases = [
        (2, 0.3, 0.0, 0.0),
        (3, 0.3, 0.0, 0.03),
        (4, 1.0, 0.0, 0.05),
        (5, 0.1, 0.2, 0.05),
    ];
    for (seed, fixed, exponent, noise) in cases {
        let problem = common::varied(seed, fixed, exponent, noise);
        timed(
            &format!("fixed x {fixed}, exponent {exponent}, noise {noise}"),
            &problem,
        );
    }
}

/// The search reads no clock and draws no chance: two of its nodes are always visited side by side, however many
/// threads there are to do it.
#[test]
fn the_same_problem_gives_the_same_family_with_any_number_of_threads() {
    let problem = common::in_steps(common::varied(3, 0.3, 0.0, 0.03), 100_000.0);
    let options = Options {
        gap: 1e-5,
        ..Options::default()
    };
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build()
            .unwrap()
            .install(|| solve(&problem, &options).unwrap())
    };
    let first = with(1);
    println!("{:?}", first.effort);
    assert!(first.effort.nodes > 10, "{:?}", first.effort);
    for threads in [2, 5] {
        assert_eq!(with(threads), first, "{threads} threads");
    }
}
