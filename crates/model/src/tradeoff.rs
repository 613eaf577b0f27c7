//! Cost against other objectives: the families of the trade-offs, and the fronts they form.

use serde::{Deserialize, Serialize};

/// What can be asked for beside cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Objective {
    /// Mean energy that the units of a car take from its battery in the WLTC.
    Energy,
    /// Number of modules released.
    Modules,
    /// Rare earths in the magnets of all units of the programme.
    RareEarths,
    /// Mean mass of the units of a car.
    Mass,
}

impl Objective {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Energy, Self::Modules, Self::RareEarths, Self::Mass];
}

/// How many families are shown between the cheapest and the one with the least of an objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TradeoffPlan {
    /// Points of a front beside the cheapest; 0 asks for no trade-offs.
    pub points: usize,
}

impl TradeoffPlan {
    /// Most points of a front.
    pub const MOST_POINTS: usize = 20;
}

impl Default for TradeoffPlan {
    fn default() -> Self {
        Self { points: 5 }
    }
}

/// A family with what it has of every objective.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TradedFamily {
    /// Present value, EUR.
    pub cost_eur: f64,
    /// Energy in the WLTC that the units of a car take, mean over all cars built, J/m.
    pub energy_j_per_m: f64,
    /// Modules released; one that two partners release apart counts twice.
    pub modules: f64,
    /// Rare earths in the magnets of all units built, kg.
    pub rare_earths_kg: f64,
    /// Mass of the units of a car, mean over all cars built, kg.
    pub mass_kg: f64,
}

impl TradedFamily {
    /// What it has of an objective, in its SI unit.
    #[must_use]
    pub fn value(&self, objective: Objective) -> f64 {
        match objective {
            Objective::Energy => self.energy_j_per_m,
            Objective::Modules => self.modules,
            Objective::RareEarths => self.rare_earths_kg,
            Objective::Mass => self.mass_kg,
        }
    }
}

/// The cheapest family within one limit of an objective.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FrontPoint {
    /// The limit, in the unit of [`TradedFamily::value`].
    pub limit: f64,
    /// Index in [`Tradeoffs::families`].
    pub family: usize,
    /// No family of the kept configurations within the limit costs less, EUR.
    pub lower_bound_eur: f64,
    /// (cost − bound) / cost, the cost that no decision changes left out.
    pub gap: f64,
}

/// Cost against one objective, from the cheapest family to that with the least of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Front {
    /// What cost is traded for.
    pub objective: Objective,
    /// Points, cheapest first.
    pub points: Vec<FrontPoint>,
}

/// All trade-offs of the joint programme.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tradeoffs {
    /// Configurations among which the families were chosen.
    pub configurations: usize,
    /// The families, each once; the first is the cheapest.
    pub families: Vec<TradedFamily>,
    /// One front for each objective that was asked for.
    pub fronts: Vec<Front>,
}
