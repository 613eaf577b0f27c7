//! How many modules of a kind may be used: a question to branch on that near-twins cannot dodge.
//!
//! Forbidding one module hardly moves the bound while another serves almost as well; a limit on
//! their number does. Against prices the modules answer one by one, so those of a kind that are
//! used are simply the best ones, as many as the limits allow.

use codrive_model::family::{FamilyProblem, ModuleKind};

use crate::offers::{Duty, Offer};

/// The kinds of modules, and the sites that assemble.
pub(crate) const KINDS: usize = ModuleKind::ALL.len() + 1;

/// Least and most modules of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub least: usize,
    pub most: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            least: 0,
            most: usize::MAX,
        }
    }
}

/// The modules of each kind, in the order of [`ModuleKind::ALL`], then the sites.
#[derive(Clone, Debug)]
pub(crate) struct Kinds(pub [Vec<usize>; KINDS]);

impl Kinds {
    /// Sorts the modules by kind.
    pub(crate) fn new(problem: &FamilyProblem) -> Self {
        let modules = problem.modules.len();
        Self(std::array::from_fn(|kind| {
            let Some(kind) = ModuleKind::ALL.get(kind) else {
                return (modules..modules + problem.sites.len()).collect();
            };
            let of_kind = |m: &usize| problem.modules[*m].kind == *kind;
            (0..modules).filter(of_kind).collect()
        }))
    }
}

/// What using a module of each kind costs besides, EUR, so that limits on their number are kept:
/// above zero where too many would be used, below where too few.
#[derive(Clone, Debug)]
pub(crate) struct CountPrices {
    centre: [f64; KINDS],
    limits: [Limits; KINDS],
    used: [f64; KINDS],
    prices: [f64; KINDS],
}

impl CountPrices {
    /// Starts from some prices, nothing being used.
    pub(crate) fn new(centre: [f64; KINDS], limits: [Limits; KINDS]) -> Self {
        Self {
            centre,
            limits,
            used: [0.0; KINDS],
            prices: [0.0; KINDS],
        }
    }

    /// Whether there is a limit.
    pub(crate) fn limits(&self, kind: usize) -> bool {
        self.limits[kind] != Limits::default()
    }

    pub(crate) fn of(&self, kind: usize) -> f64 {
        self.prices[kind]
    }

    pub(crate) fn prices(&self) -> [f64; KINDS] {
        self.prices
    }

    /// Lets so much more of a kind be used; a number too high or low by one moves the price by
    /// `reach`.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn shift(&mut self, kind: usize, used: f64, reach: f64) {
        self.used[kind] += used;
        if self.limits(kind) {
            let Limits { least, most } = self.limits[kind];
            let price = |limit: usize| self.centre[kind] + reach * (self.used[kind] - limit as f64);
            self.prices[kind] = price(most).max(0.0) + price(least).min(0.0);
        }
    }

    /// What the limits take back of these prices, EUR.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn value(&self) -> f64 {
        let of_kind = |(price, limits): (&f64, &Limits)| {
            let limit = if *price > 0.0 {
                limits.most
            } else {
                limits.least
            };
            -price * limit as f64
        };
        self.prices.iter().zip(&self.limits).map(of_kind).sum()
    }
}

/// Why a module is used or not, and what the other answer would add to the bound, EUR.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fate {
    pub used: bool,
    pub otherwise: f64,
}

/// Settles which modules of a kind are used, and returns the least sum of their values, EUR;
/// infinite where the limits cannot be met. Each offer's `value` and `axles` then say what is done.
pub(crate) fn settle(
    modules: &[usize],
    limits: Limits,
    duties: &[Duty],
    offers: &mut [Offer],
    order: &mut Vec<usize>,
) -> f64 {
    order.clear();
    let (mut sum, mut used) = (0.0, 0);
    for module in modules {
        let offer = &mut offers[*module];
        if duties[*module].used {
            sum += offer.value;
            used += 1;
        } else {
            (offer.value, offer.axles, offer.used) = (0.0, 0, false);
            if offer.value_if_used < f64::INFINITY {
                order.push(*module);
            }
        }
    }
    if used > limits.most || used + order.len() < limits.least {
        return f64::INFINITY;
    }
    let by_value = |a: &usize, b: &usize| {
        let (x, y) = (offers[*a].value_if_used, offers[*b].value_if_used);
        x.total_cmp(&y).then(a.cmp(b))
    };
    order.sort_unstable_by(by_value);
    for module in order.iter() {
        let offer = &mut offers[*module];
        let wanted = used < limits.least || offer.value_if_used < 0.0;
        if !wanted || used >= limits.most {
            break;
        }
        (offer.value, offer.axles) = (offer.value_if_used, offer.axles_if_used);
        offer.used = true;
        sum += offer.value;
        used += 1;
    }
    sum
}

/// For each module of a settled kind what the other answer would add to the bound.
pub(crate) fn fates(
    modules: &[usize],
    limits: Limits,
    duties: &[Duty],
    offers: &[Offer],
) -> Vec<Fate> {
    let open = |m: &&usize| !duties[**m].used;
    let taken = |m: &usize| offers[*m].used;
    let value = |m: &usize| offers[*m].value_if_used;
    let used = modules.iter().filter(|m| taken(m)).count();
    let least_of = |values: Vec<f64>| values.into_iter().fold(f64::INFINITY, f64::min);
    let worst_taken = modules.iter().filter(open).filter(|m| taken(m)).map(value);
    let worst = worst_taken.fold(f64::NEG_INFINITY, f64::max);
    let next = least_of(
        modules
            .iter()
            .filter(open)
            .filter(|m| !taken(m))
            .map(value)
            .collect(),
    );
    let fate = |m: &usize| {
        if duties[*m].used {
            return Fate {
                used: true,
                otherwise: f64::INFINITY,
            };
        }
        if taken(m) {
            let replaced = if used <= limits.least {
                next
            } else {
                next.min(0.0)
            };
            return Fate {
                used: true,
                otherwise: replaced - value(m),
            };
        }
        let makes_room = used >= limits.most || worst > 0.0;
        let freed = if makes_room { worst } else { 0.0 };
        Fate {
            used: false,
            otherwise: value(m) - freed,
        }
    };
    modules.iter().map(fate).collect()
}
