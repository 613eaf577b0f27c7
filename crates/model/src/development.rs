//! The development plan: modules, variants and applications on their way to the start of production.

use serde::{Deserialize, Serialize};

/// The way of some partners to the start of production.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DevelopmentPlan {
    /// Whose it is: a partner's id, or `together`.
    pub who: String,
    /// Months from the start of development to the start of production.
    pub months: f64,
    /// The same if every partner had twice the engineers.
    pub months_with_twice_the_engineers: f64,
    /// Months from the start of development to the first car's year of production.
    pub months_available: f64,
    /// What all their engineers cost in a month, EUR.
    pub engineers_eur_per_month: f64,
    /// Phases of all items, in the order of the items.
    pub activities: Vec<Activity>,
}

/// One phase of one item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// Kind of item, such as `inverter` or `application`.
    pub kind: String,
    /// The module, or the vehicle's axle.
    pub item: String,
    /// Name of the phase, such as `B sample`.
    pub phase: String,
    /// Months from the start of development.
    pub start_month: f64,
    /// Months that it takes.
    pub months: f64,
    /// Whether it waits for engineers: longer than its tests and tools need.
    pub short_of_engineers: bool,
    /// Whether the start of production moves with it.
    pub critical: bool,
}

impl Activity {
    /// Month in which it ends.
    #[must_use]
    pub fn end_month(&self) -> f64 {
        self.start_month + self.months
    }
}
