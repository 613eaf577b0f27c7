//! The nucleolus against published games, and what it promises on random ones.
#![allow(clippy::unwrap_used)]

mod common;

use codrive_model::money::Split;
use common::game;
use proptest::prelude::*;

fn sum_of(group: usize, of: &[f64]) -> f64 {
    let mine = of.iter().enumerate().filter(|(p, _)| group & 1 << p != 0);
    mine.map(|(_, x)| x).sum()
}

fn agrees(ours: &[f64], published: &[f64], tolerance: f64) {
    for (ours, published) in ours.iter().zip(published) {
        assert!(
            (ours - published).abs() <= tolerance,
            "{ours} against {published}"
        );
    }
}

/// A bankruptcy: claims of 100, 200 and 300 on an estate. The division of the Talmud is the
/// nucleolus; Aumann & Maschler 1985, doi:10.1016/0022-0531(85)90102-4, table on the first page.
#[test]
fn the_estate_is_divided_as_in_the_talmud() {
    let claims = [100.0, 200.0, 300.0];
    for (estate, awards) in [
        (100.0, [100.0 / 3.0; 3]),
        (200.0, [50.0, 75.0, 75.0]),
        (300.0, [50.0, 100.0, 150.0]),
    ] {
        // Alone each pays 1000; a group saves what the others' claims leave it of the estate.
        let cost = |group: usize| {
            let left = estate - sum_of(!group & 7, &claims);
            1e3 * f64::from(group.count_ones()) - left.max(0.0)
        };
        let split = game(3, cost).nucleolus().unwrap();
        agrees(&split.saves_eur, &awards, 1e-4);
        assert!(split.in_core);
    }
}

/// The Tennessee Valley Authority's dams for navigation, flood control and power, thousand dollars
/// of 1938; Straffin & Heaney 1981, Game theory and the Tennessee Valley Authority,
/// doi:10.1007/BF01770069: Shapley value and nucleolus.
#[test]
fn the_tennessee_valley_authority_is_split_as_published() {
    let costs = [
        0.0, 163_520.0, 140_826.0, 301_607.0, 250_096.0, 378_821.0, 367_370.0, 412_584.0,
    ];
    let game = game(3, |group| costs[group]);
    agrees(
        &game.shapley().pays_eur,
        &[117_829.0, 100_756.5, 193_998.5],
        0.51,
    );
    let split = game.nucleolus().unwrap();
    agrees(&split.pays_eur, &[116_234.0, 93_540.0, 202_810.0], 0.51);
    let unhappy = split.most_unhappy.unwrap();
    assert_eq!(unhappy.partners.len(), 1);
    assert!((unhappy.complaint_eur + 47_286.0).abs() < 0.51);
}

/// What each pays for a runway of the given lengths' costs, shortest first; Littlechild 1974, A simple
/// expression for the nucleolus in a special case, doi:10.1007/BF01766216.
fn airport(costs: &[f64]) -> Vec<f64> {
    let (mut fees, mut paid, mut built) = (Vec::new(), 0.0, 0.0);
    while fees.len() < costs.len() {
        let done = fees.len();
        let fee = |i: usize| {
            let left = costs[i] - built + paid;
            let further = if i + 1 == costs.len() { 0 } else { 1 };
            left / (i + 1 - done + further) as f64
        };
        let next = (done..costs.len())
            .min_by(|a, b| fee(*a).total_cmp(&fee(*b)).then(b.cmp(a)))
            .unwrap();
        (paid, built) = (fee(next), costs[next]);
        fees.resize(next + 1, paid);
    }
    fees
}

#[test]
fn a_runway_is_paid_as_littlechild_says_up_to_sixteen_partners() {
    agrees(&airport(&[6.0, 12.0, 18.0]), &[3.0, 4.5, 10.5], 1e-12);
    let lengths = [
        7.0, 11.0, 12.0, 19.0, 21.0, 22.0, 35.0, 36.0, 38.0, 55.0, 58.0, 59.0, 61.0, 90.0, 95.0,
        130.0,
    ];
    for partners in [3, 5, 8, 16] {
        let costs = &lengths[..partners];
        let longest = |group: usize| {
            let mine = (0..partners).filter(|p| group & 1 << p != 0);
            mine.map(|p| costs[p]).fold(0.0, f64::max)
        };
        let split = game(partners, longest).nucleolus().unwrap();
        agrees(&split.pays_eur, &airport(costs), 1e-4);
        assert!(split.in_core);
    }
}

/// Three partners of whom any two gain as much as all: nobody can be kept, the core is empty.
#[test]
fn an_empty_core_names_the_most_unhappy_group() {
    let split = game(3, |group| {
        [0.0, 10.0, 8.0, 12.0][group.count_ones() as usize]
    })
    .nucleolus()
    .unwrap();
    agrees(&split.pays_eur, &[4.0; 3], 1e-6);
    assert!(split.in_core, "a pair pays 8 of 8");
    let split = game(3, |group| {
        [0.0, 10.0, 8.0, 13.5][group.count_ones() as usize]
    })
    .nucleolus()
    .unwrap();
    let unhappy = split.most_unhappy.unwrap();
    assert!(!split.in_core && !split.someone_worse_off);
    assert_eq!(unhappy.partners.len(), 2);
    assert!((unhappy.complaint_eur - 1.0).abs() < 1e-6);
}

/// Complaints of all groups but none and all, highest first.
fn complaints(pays: &[f64], cost: &[f64]) -> Vec<f64> {
    let mut list: Vec<f64> = (1..cost.len() - 1)
        .map(|group| sum_of(group, pays) - cost[group])
        .collect();
    list.sort_by(|a, b| b.total_cmp(a));
    list
}

fn split_of(partners: usize, cost: &[f64]) -> Split {
    game(partners, |group| cost[group]).nucleolus().unwrap()
}

/// Costs of all groups of up to five partners, in which joining never costs more than it does alone.
fn costs() -> impl Strategy<Value = (usize, Vec<f64>)> {
    let raw =
        (2_usize..=5).prop_flat_map(|n| (Just(n), prop::collection::vec(0.0..1.0_f64, 1 << n)));
    raw.prop_map(|(n, raw)| {
        let mut cost = vec![0.0; 1 << n];
        for group in 1..1_usize << n {
            let apart = (1..group)
                .filter(|part| part & group == *part)
                .map(|part| cost[part] + cost[group ^ part])
                .fold(f64::INFINITY, f64::min);
            let own = 100.0 * (group.count_ones() as f64) * (0.5 + 0.5 * raw[group]);
            cost[group] = own.min(apart);
        }
        (n, cost)
    })
}

proptest! {
    #[test]
    fn all_is_paid_and_nobody_is_worse_off((n, cost) in costs()) {
        let split = split_of(n, &cost);
        prop_assert!((split.pays_eur.iter().sum::<f64>() - cost[cost.len() - 1]).abs() < 1e-9 * cost[cost.len() - 1]);
        prop_assert!(split.saves_eur.iter().all(|saving| *saving > -1e-4));
    }

    #[test]
    fn equal_partners_pay_the_same((n, cost) in costs()) {
        let swapped = |group: usize| group & !3 | (group & 1) << 1 | (group & 2) >> 1;
        let even: Vec<f64> = (0..cost.len()).map(|group| cost[group] + cost[swapped(group)]).collect();
        let split = split_of(n, &even);
        prop_assert!((split.pays_eur[0] - split.pays_eur[1]).abs() < 1e-4);
    }

    #[test]
    fn who_adds_the_same_everywhere_pays_it((n, cost) in costs()) {
        let dummy: Vec<f64> = (0..cost.len())
            .map(|group| cost[group & !1] + if group & 1 != 0 { 17.0 } else { 0.0 })
            .collect();
        prop_assert!((split_of(n, &dummy).pays_eur[0] - 17.0).abs() < 1e-4);
    }

    /// The definition: no other split has lower complaints, highest first.
    #[test]
    fn no_other_split_lowers_the_highest_complaints(
        (n, cost) in costs(),
        steps in prop::collection::vec(-1.0..1.0_f64, 5),
        size in 0.01..20.0_f64,
    ) {
        let split = split_of(n, &cost);
        let mean = steps[..n].iter().sum::<f64>() / n as f64;
        let moved: Vec<f64> = (0..n).map(|p| split.pays_eur[p] + size * (steps[p] - mean)).collect();
        prop_assume!((0..n).all(|p| moved[p] <= cost[1 << p]));
        let (ours, theirs) = (complaints(&split.pays_eur, &cost), complaints(&moved, &cost));
        let first = ours.iter().zip(&theirs).find(|(a, b)| (*a - *b).abs() > 1e-4);
        prop_assert!(first.is_none_or(|(a, b)| a < b), "{ours:?} {theirs:?}");
    }

    #[test]
    fn two_partners_save_the_same_under_all_fair_rules(a in 1e8..5e9, b in 1e8..5e9, part in 0.0..0.5) {
        let game = game(2, |group| [0.0, a, b, (a + b) * (1.0 - part)][group]);
        let (shapley, equal) = (game.shapley(), game.equal_saving());
        let nucleolus = game.nucleolus().unwrap();
        for p in 0..2 {
            prop_assert!((nucleolus.pays_eur[p] - shapley.pays_eur[p]).abs() < 1e-6 * (a + b));
            prop_assert!((equal.pays_eur[p] - shapley.pays_eur[p]).abs() < 1e-6 * (a + b));
        }
    }
}
