//! Cost games from a formula.
#![allow(clippy::unwrap_used, unreachable_pub)]

use codrive_cost::split::Game;
use codrive_model::money::{CoalitionCost, CostBreakdown};

/// A game of which every group costs what `cost` says; partner p is bit p of a group.
pub fn game(partners: usize, cost: impl Fn(usize) -> f64) -> Game {
    let coalition = |group: usize| CoalitionCost {
        partners: (0..partners).filter(|p| group & 1 << p != 0).collect(),
        cost: CostBreakdown {
            material_eur: cost(group),
            ..CostBreakdown::default()
        },
        lower_bound_eur: cost(group),
    };
    let coalitions: Vec<_> = (1..1 << partners).map(coalition).collect();
    Game::new(partners, &coalitions).unwrap()
}
