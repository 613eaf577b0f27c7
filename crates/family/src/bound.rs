//! The bound: every axle pays each module a price for being served; vehicles then choose columns
//! on their own, modules choose axles on their own, and the sum of their least costs is a lower
//! bound of the cost of every family, whatever the prices (Lagrangian relaxation).

use crate::compact::{AxleSet, Col, Compact, members, one_place_each};
use crate::counts::{KINDS, Kinds, Limits, settle};
use crate::floors::{Floors, Gains};
use crate::lines::Lines;
use crate::offers::{Duty, Market, Offer, Scratch};

/// Prices of modules to axles, EUR over the programme, zero or above.
#[derive(Clone, Debug)]
pub(crate) struct Prices {
    pub values: Vec<f64>,
    pub modules: usize,
}

impl Prices {
    /// What an axle pays for each module.
    pub(crate) fn of(&self, axle: usize) -> &[f64] {
        &self.values[axle * self.modules..(axle + 1) * self.modules]
    }

    /// What an axle pays for a module.
    pub(crate) fn at(&self, axle: usize, module: usize) -> f64 {
        self.values[axle * self.modules + module]
    }
}

/// A selection with some decisions made.
#[derive(Clone, Debug)]
pub(crate) struct Scene<'a> {
    pub compact: &'a Compact,
    pub lines: &'a Lines<'a>,
    /// For each module the axles that may use it.
    pub users: &'a [AxleSet],
    /// The modules by kind.
    pub kinds: &'a Kinds,
    /// What is decided.
    pub terms: &'a Terms,
    /// Least costs of the modules' lines.
    pub floors: &'a Floors,
}

/// What is decided about modules.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    /// For each module who must use it.
    pub duties: Vec<Duty>,
    /// For each kind how many may be used.
    pub limits: [Limits; KINDS],
}

/// Direct cost plus prices.
pub(crate) fn reduced(column: &Col, prices: &[f64]) -> f64 {
    let [a, b, c, d, assembly] = column.modules;
    column.direct
        + prices[a as usize]
        + prices[b as usize]
        + prices[c as usize]
        + prices[d as usize]
        + prices[assembly as usize]
}

/// A column as the vehicles chose it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pick {
    pub way: usize,
    /// Position in the list of the vehicle's first and second axle.
    pub columns: [usize; 2],
}

/// The bound at some prices, and who chose what.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evaluation {
    pub bound: f64,
    /// For each vehicle its choice; `None` where nothing serves it (the bound is infinite then).
    pub picks: Vec<Option<Pick>>,
    /// For each vehicle the value of its choice.
    pub vehicle_values: Vec<f64>,
    /// For each module its offer; unused where no axle can use it.
    pub offers: Vec<Offer>,
    scratch: Scratch,
    gains: Gains,
    order: Vec<usize>,
}

impl Scene<'_> {
    /// Evaluates the bound.
    pub(crate) fn evaluate(&self, prices: &Prices, quick: bool, into: &mut Evaluation) {
        into.picks.clear();
        into.vehicle_values.clear();
        into.offers.clear();
        let mut bound = 0.0;
        for v in 0..self.compact.vehicles.len() {
            let (value, pick) = self.vehicle(v, prices);
            bound += value;
            into.picks.push(pick);
            into.vehicle_values.push(value);
        }
        into.offers.resize(self.users.len(), Offer::default());
        self.floors.least(prices, &mut into.gains);
        for (modules, limits) in self.kinds.0.iter().zip(self.terms.limits) {
            for module in modules {
                into.offers[*module] = self.offer(*module, prices, quick, into);
            }
            let duties = &self.terms.duties;
            bound += loop {
                let sum = settle(modules, limits, duties, &mut into.offers, &mut into.order);
                let guessed = |m: &&usize| into.offers[**m].used && !into.offers[**m].exact;
                let Some(module) = modules.iter().find(guessed) else {
                    break sum;
                };
                into.offers[*module] = self.offer(*module, prices, false, into);
            };
        }
        into.bound = bound;
    }

    fn offer(&self, module: usize, prices: &Prices, quick: bool, into: &mut Evaluation) -> Offer {
        let duty = self.terms.duties[module];
        let least = into.gains.least[module];
        if quick && !duty.used && least >= 0.0 {
            return Offer::idle(least);
        }
        let market = Market {
            users: self.users[module],
            duty,
            quick,
            floors: self.floors.of_lines(module),
        };
        let pays = |axle: usize| prices.at(axle, module);
        self.lines.offer(module, &market, pays, &mut into.scratch)
    }

    fn vehicle(&self, v: usize, prices: &Prices) -> (f64, Option<Pick>) {
        let vehicle = &self.compact.vehicles[v];
        let (mut least, mut best) = (f64::INFINITY, None);
        for (way, data) in vehicle.ways.iter().enumerate() {
            let (mut value, mut columns) = (0.0, [0; 2]);
            for (offset, list) in data.lists.iter().enumerate() {
                let (here, at) = cheapest(list, prices.of(data.first_axle + offset));
                value += here;
                columns[offset] = at;
            }
            if value < least {
                (least, best) = (value, Some(Pick { way, columns }));
            }
        }
        (least, best)
    }
}

/// The least reduced cost of a list, and where it stands.
pub(crate) fn cheapest(list: &[Col], prices: &[f64]) -> (f64, usize) {
    let (mut least, mut at) = (f64::INFINITY, 0);
    for (index, column) in list.iter().enumerate() {
        let value = reduced(column, prices);
        if value < least {
            (least, at) = (value, index);
        }
    }
    (least, at)
}

/// Prices to start from: every axle pays its part, by units, of what the module would cost if all
/// its possible users took it, each at the first of its sites.
pub(crate) fn first_prices(compact: &Compact, lines: &Lines) -> Prices {
    let modules = compact.modules;
    let mut values = vec![0.0; compact.axles.len() * modules];
    for (module, users) in compact.users().into_iter().enumerate() {
        let units = |axle: usize| compact.axles[axle].units;
        let all = one_place_each(&compact.axles, users);
        let total: f64 = members(all).map(units).sum();
        let cost = lines.cost_if_possible(module, all);
        for axle in members(users) {
            values[axle * modules + module] = cost * units(axle) / total;
        }
    }
    Prices { values, modules }
}
