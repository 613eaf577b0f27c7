//! What stands beside the money: whether anybody would rather leave.

use serde::{Deserialize, Serialize};

/// What the clean team sees beside the sums; a partner's holds what follows from its own inputs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MoneyStudy {
    /// Whether anybody would rather leave, rule by rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub splits: Vec<SplitCheck>,
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
