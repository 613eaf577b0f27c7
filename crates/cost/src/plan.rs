//! The way to the start of production: phases one after the other, each as long as its tests need
//! or as its work takes the engineers at hand, whichever is longer.

use codrive_model::family::ModuleKind;
use codrive_model::money::{Months, Phase};

use crate::prices::Prices;

/// One module to be developed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Task {
    /// Its kind.
    pub kind: ModuleKind,
    /// Partners that develop it together.
    pub partners: usize,
    /// Its development relative to the price set's figure for its kind.
    pub factor: f64,
}

/// Development work of some modules and applications with the overhead of sharing, EUR of the price
/// set's year, not discounted.
#[must_use]
pub fn work_eur(tasks: &[Task], applications: usize, overhead: f64, prices: &Prices) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let count = |n: usize| n as f64;
    let of_task = |task: &Task| {
        let further = count(task.partners.saturating_sub(1));
        prices.development.of(task.kind).value * task.factor * (1.0 + overhead * further)
    };
    let applications = prices.development.application.value * count(applications);
    tasks.iter().map(of_task).sum::<f64>() + applications
}

/// The schedule of some work done by the engineers of `teams` partners.
#[must_use]
pub fn schedule(work_eur: f64, teams: usize, prices: &Prices) -> Months {
    #[allow(clippy::cast_precision_loss)]
    let eur_per_month = prices.plan.team.value * teams.max(1) as f64;
    let mut start_month = 0.0;
    let phases = prices.plan.phase.iter().map(|phase| {
        let by_work = phase.work * work_eur / eur_per_month.max(f64::MIN_POSITIVE);
        let months = phase.least_months.max(by_work);
        let result = Phase {
            name: phase.name.clone(),
            start_month,
            months,
        };
        start_month += months;
        result
    });
    Months {
        phases: phases.collect(),
    }
}
