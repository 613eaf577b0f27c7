//! What stands beside the money: whether anybody would rather leave, targets, doubt, development plans.

use serde::{Deserialize, Serialize};

use crate::development::DevelopmentPlan;
use crate::doubt::{Doubt, InputEffect};
use crate::plant_network::PlantNetwork;
use crate::targets::Quantity;
use crate::tradeoff::Tradeoffs;
use crate::wish::WishPrice;

/// What the clean team sees beside the sums; a partner's holds what follows from its own inputs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MoneyStudy {
    /// Whether anybody would rather leave, rule by rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub splits: Vec<SplitCheck>,
    /// What every group of partners costs on its own, smaller ones first; withheld from a partner.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupCost>,
    /// The chosen units against the targets of agencies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<TargetRow>,
    /// What doubt does to the decision; withheld from a partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Doubt>,
    /// Cost against other objectives; withheld from a partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tradeoffs: Option<Tradeoffs>,
    /// Plants with their lines and flows; withheld from a partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plants: Option<PlantNetwork>,
    /// What private wishes cost; a partner's own only, rounded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<WishPrice>,
    /// What each input does to a partner's cost alone; empty for the clean team.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub own_inputs: Vec<InputEffect>,
    /// The ways to the start of production: together first, for a partner its own alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<DevelopmentPlan>,
    /// What the saving's present value gains if everything comes a month earlier, EUR; withheld from a partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month_gain_eur: Option<f64>,
}

/// Whether anybody would rather leave under one rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SplitCheck {
    /// The rule, in words.
    pub rule: String,
    /// Whether no group of partners would pay less on its own.
    pub in_core: bool,
    /// The group with the highest complaint.
    pub unhappy: Vec<String>,
    /// What that group pays above its cost on its own, EUR; negative: what it gains at least.
    pub complaint_eur: f64,
    /// Partners that are worse off than alone.
    pub worse_off: Vec<String>,
}

/// What a group of partners costs that develops and builds without the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupCost {
    /// Its partners.
    pub partners: Vec<String>,
    /// Present value of its best family, EUR.
    pub cost_eur: f64,
    /// No family of the group costs less, EUR.
    pub lower_bound_eur: f64,
}

/// One figure of a chosen unit against the targets of agencies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetRow {
    /// The unit's short name.
    pub unit: String,
    /// What is scored.
    pub quantity: Quantity,
    /// Which parts count.
    pub boundary: String,
    /// The unit's value, in the unit of the quantity.
    pub value: f64,
    /// The targets.
    pub goals: Vec<Goal>,
}

/// A target, met or missed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// Who asks for it.
    pub body: String,
    /// By when.
    pub year: i32,
    /// Its value.
    pub target: f64,
    /// What the value is better by, as a fraction of the target; negative: missed.
    pub margin: f64,
    /// Whether it is met.
    pub met: bool,
}
