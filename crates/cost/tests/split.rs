//! The axioms of the Shapley value, and what two partners may expect.
#![allow(clippy::unwrap_used)]

mod common;

use codrive_cost::split::Game;
use codrive_model::money::{CoalitionCost, CostBreakdown};
use common::game;
use proptest::prelude::*;

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

/// Costs of all groups of up to five partners.
fn costs() -> impl Strategy<Value = (usize, Vec<f64>)> {
    (2_usize..=5).prop_flat_map(|n| (Just(n), prop::collection::vec(0.0..1e9, 1 << n)))
}

proptest! {
    #[test]
    fn efficiency_all_pay_what_all_cost((n, cost) in costs()) {
        let game = game(n, |group| cost[group]);
        for split in [game.shapley(), game.equal_saving(), game.by_volume(&vec![1.0; n]).unwrap()] {
            prop_assert!(near(split.pays_eur.iter().sum(), game.together_eur()));
        }
    }

    #[test]
    fn symmetry_equal_partners_pay_the_same((n, cost) in costs()) {
        // Partners 0 and 1 change places: groups with one of them cost the same.
        let swapped = |group: usize| group & !3 | (group & 1) << 1 | (group & 2) >> 1;
        let split = game(n, |group| cost[group] + cost[swapped(group)]).shapley();
        prop_assert!(near(split.pays_eur[0], split.pays_eur[1]));
    }

    #[test]
    fn dummy_who_adds_the_same_everywhere_pays_it((n, cost) in costs()) {
        let split = game(n, |group| cost[group & !1] + if group & 1 != 0 { 5e6 } else { 0.0 } - cost[0]).shapley();
        prop_assert!(near(split.pays_eur[0], 5e6));
    }

    #[test]
    fn additivity_two_games_split_apart_or_at_once((n, cost) in costs()) {
        let other = |group: usize| 1e6 * (group.count_ones() as f64).sqrt();
        let sum = game(n, |group| cost[group] + other(group)).shapley();
        let (a, b) = (game(n, |group| cost[group]).shapley(), game(n, other).shapley());
        for p in 0..n {
            prop_assert!(near(sum.pays_eur[p], a.pays_eur[p] + b.pays_eur[p]));
        }
    }

    #[test]
    fn two_partners_save_the_same_and_stay(a in 1e8..5e9, b in 1e8..5e9, part in 0.0..0.5) {
        let together = (a + b) * (1.0 - part);
        let game = game(2, |group| [0.0, a, b, together][group]);
        let (shapley, equal) = (game.shapley(), game.equal_saving());
        prop_assert!(near(shapley.pays_eur[0], equal.pays_eur[0]));
        prop_assert!(near(shapley.saves_eur[0], shapley.saves_eur[1]));
        prop_assert!(!shapley.someone_worse_off && shapley.in_core);
    }
}

/// The airport game: three lengths of runway; Littlechild & Owen 1973 (doi:10.1287/mnsc.20.3.370):
/// each part is shared by those who need it.
#[test]
fn the_airport_game_has_its_known_value() {
    let game = game(3, |group| {
        [0.0, 6.0, 12.0, 12.0, 18.0, 18.0, 18.0, 18.0][group]
    });
    let split = game.shapley();
    for (pays, known) in split.pays_eur.iter().zip([2.0, 5.0, 11.0]) {
        assert!(near(*pays, known), "{:?}", split.pays_eur);
    }
    assert!(split.in_core);
}

#[test]
fn a_split_by_volume_that_hurts_someone_says_so() {
    let game = game(2, |group| [0.0, 10.0, 90.0, 95.0][group]);
    let split = game.by_volume(&[0.5, 0.5]).unwrap();
    assert!(split.someone_worse_off && !split.in_core);
}

#[test]
fn a_missing_group_is_named() {
    let alone = CoalitionCost {
        partners: vec![0],
        cost: CostBreakdown::default(),
        lower_bound_eur: 0.0,
    };
    let error = Game::new(2, &[alone]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no cost is known for the partners [1] together"
    );
}
