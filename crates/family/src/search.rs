//! Branch and bound: splits the selection by decisions about modules until the bound of what is
//! left meets the cost of the best family found.

use std::cmp::Ordering;
use std::collections::{BTreeSet, BinaryHeap};
use std::rc::Rc;

use codrive_model::family::{Effort, FamilyProblem, FamilySolution, VehicleChoice};

use crate::ascent::Ascent;
use crate::bound::{Evaluation, Pick, Prices, Scene, first_prices};
use crate::branching::{Decision, decide};
use crate::check::{FamilyError, check};
use crate::compact::Compact;
use crate::cost::{cost_of, released_lines};
use crate::dominance::remove_replaced;
use crate::fixing::fix;
use crate::heuristic::Draft;
use crate::lines::{Duty, Lines};

/// Relative slack for rounding: bounds are lowered by it, families within it count as equal.
const ROUNDING: f64 = 1e-10;

/// How far to search; no clock, so that the answer is the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Relative gap between cost and bound at which to stop; 0 asks for the optimum.
    pub gap: f64,
    /// Most nodes to search.
    pub nodes: usize,
    /// Steps of the bound at the root.
    pub root_steps: usize,
    /// Steps of the bound at each other node.
    pub node_steps: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            gap: 1e-3,
            nodes: 2000,
            root_steps: 1500,
            node_steps: 60,
        }
    }
}

/// Selects the family that costs least.
///
/// # Errors
/// The problem is impossible, or no configuration serves some vehicle.
pub fn solve(problem: &FamilyProblem, options: &Options) -> Result<FamilySolution, FamilyError> {
    check(problem)?;
    let given = problem
        .vehicles
        .iter()
        .flat_map(|v| &v.splits)
        .flat_map(|s| &s.columns);
    let mut effort = Effort {
        columns: given.map(Vec::len).sum(),
        ..Effort::default()
    };
    let mut compact = Compact::new(problem);
    effort.removed_as_repeated = effort.columns - compact.columns();
    if let Some(v) = compact.unserved() {
        return Err(FamilyError::Unserved {
            vehicle: problem.vehicles[v].name.clone(),
        });
    }
    let unavoidable_eur = unavoidable(&compact);
    effort.removed_by_dominance = remove_replaced(problem, &mut compact);
    let axles = compact.axles.clone();
    let lines = Lines::new(problem, &axles);
    let mut search = Search {
        lines: &lines,
        options: *options,
        best: None,
        improved: BTreeSet::new(),
        cost: f64::INFINITY,
        open: BinaryHeap::new(),
        created: 0,
        effort,
        seen: Evaluation::default(),
    };
    let lower = search.run(problem, compact);
    search.finish(problem, lower, unavoidable_eur)
}

/// Every axle at its cheapest column, and no module costs anything.
fn unavoidable(compact: &Compact) -> f64 {
    let least = |list: &Vec<crate::compact::Col>| {
        list.iter()
            .map(|column| column.direct)
            .fold(f64::INFINITY, f64::min)
    };
    let split = |lists: &Vec<Vec<_>>| lists.iter().map(least).sum::<f64>();
    let vehicle =
        |v: &crate::compact::Vehicle| v.splits.iter().map(split).fold(f64::INFINITY, f64::min);
    compact.vehicles.iter().map(vehicle).sum()
}

/// A part of the selection that is still to be searched.
#[derive(Clone, Debug)]
struct Node {
    bound: f64,
    number: usize,
    compact: Rc<Compact>,
    duties: Rc<Vec<Duty>>,
    prices: Rc<Prices>,
    decision: Option<Decision>,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Node {}

impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Node {
    /// The lowest bound comes first, then the newest.
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .bound
            .total_cmp(&self.bound)
            .then(self.number.cmp(&other.number))
    }
}

struct Search<'a> {
    lines: &'a Lines<'a>,
    options: Options,
    best: Option<Vec<VehicleChoice>>,
    cost: f64,
    /// Costs of the families that were tried to be improved already.
    improved: BTreeSet<u64>,
    open: BinaryHeap<Node>,
    created: usize,
    effort: Effort,
    seen: Evaluation,
}

impl<'a> Search<'a> {
    /// Searches until the gap or the limit is reached; returns the proven bound.
    fn run(&mut self, problem: &FamilyProblem, compact: Compact) -> f64 {
        let prices = first_prices(problem, &compact, self.lines);
        self.open.push(Node {
            bound: f64::NEG_INFINITY,
            number: 0,
            duties: Rc::new(vec![Duty::default(); compact.modules]),
            compact: Rc::new(compact),
            prices: Rc::new(prices),
            decision: None,
        });
        while let Some(node) = self.open.pop() {
            let done = node.bound >= self.cost - self.options.gap * self.cost.abs();
            self.effort.stopped_at_limit = !done && self.effort.nodes >= self.options.nodes;
            if done || self.effort.stopped_at_limit {
                return node.bound.min(self.cutoff());
            }
            self.visit(node);
        }
        self.cutoff()
    }

    /// Nothing at or above this is worth a look.
    fn cutoff(&self) -> f64 {
        if self.cost.is_finite() {
            self.cost - ROUNDING * self.cost.abs()
        } else {
            self.cost
        }
    }

    fn visit(&mut self, node: Node) {
        self.effort.nodes += 1;
        let root = node.decision.is_none();
        let mut compact = (*node.compact).clone();
        let mut duties = (*node.duties).clone();
        if let Some(decision) = &node.decision {
            decision.apply(self.lines, &mut compact, &mut duties);
        }
        let ascent = self.tighten(&mut compact, &duties, &node, root);
        if root {
            // Once the bound meets the cost, no column is left that a cheaper family could hold.
            let left = ascent.as_ref().map_or(0, |_| compact.columns());
            self.effort.removed_by_bound = node.compact.columns() - left;
        }
        let Some(ascent) = ascent else { return };
        let Some(decisions) = decide(self.lines, &compact, &duties, &ascent.usage) else {
            return self.leaf(&compact);
        };
        let bound = ascent.bound.max(node.bound);
        let (compact, duties, prices) = (Rc::new(compact), Rc::new(duties), Rc::new(ascent.best));
        for decision in decisions {
            self.created += 1;
            let number = self.created;
            self.open.push(Node {
                bound,
                number,
                compact: compact.clone(),
                duties: duties.clone(),
                prices: prices.clone(),
                decision: Some(decision),
            });
        }
    }

    /// Raises the bound and removes columns; `None` once nothing better can be left.
    fn tighten(
        &mut self,
        compact: &mut Compact,
        duties: &[Duty],
        node: &Node,
        root: bool,
    ) -> Option<Ascent> {
        let mut prices = (*node.prices).clone();
        let rounds = if root { 6 } else { 1 };
        let steps = if root {
            self.options.root_steps / rounds
        } else {
            self.options.node_steps
        };
        let mut last = None;
        for _ in 0..rounds {
            if compact.unserved().is_some() {
                return None;
            }
            let users = compact.users();
            let scene = Scene {
                compact,
                lines: self.lines,
                users: &users,
                duties,
            };
            let ascent = self.climb(&scene, prices, steps, if root { 25 } else { steps });
            if ascent.bound >= self.cutoff() {
                return None;
            }
            let kept = fix(&scene, &ascent.best, self.cutoff(), &mut self.seen);
            prices = ascent.best.clone();
            last = Some(ascent);
            kept.apply(compact);
        }
        if compact.unserved().is_some() {
            None
        } else {
            last
        }
    }

    /// Steps of the bound, with a family tried every so often.
    fn climb(&mut self, scene: &Scene, prices: Prices, steps: usize, every: usize) -> Ascent {
        let mut seen = std::mem::take(&mut self.seen);
        let mut ascent = Ascent::start(scene, prices, &mut seen);
        self.try_family(scene.compact, &seen.picks);
        for step in 1..=steps {
            if ascent.bound >= self.cutoff() {
                break;
            }
            ascent.step(scene, self.cost, &mut seen);
            if step % every == 0 {
                self.try_family(scene.compact, &seen.picks);
            }
        }
        self.effort.bound_evaluations += ascent.evaluations;
        self.seen = seen;
        ascent
    }

    /// Makes a family of what the vehicles chose, and keeps it if it costs less.
    fn try_family(&mut self, compact: &Compact, picks: &[Option<Pick>]) {
        let mut draft = Draft::new(compact, self.lines, picks);
        draft.polish();
        let cost = draft.cost();
        if cost < self.cost * 1.01 && self.improved.insert(cost.to_bits()) {
            draft.close_modules();
        }
        self.keep(compact, draft.cost(), draft.picks());
    }

    fn leaf(&mut self, compact: &Compact) {
        let only = |v: &crate::compact::Vehicle| {
            let split = v
                .splits
                .iter()
                .position(|lists| lists.iter().all(|l| !l.is_empty()));
            split.map(|split| Pick {
                split,
                columns: [0; 2],
            })
        };
        let picks: Vec<Option<Pick>> = compact.vehicles.iter().map(only).collect();
        let draft = Draft::new(compact, self.lines, &picks);
        self.keep(compact, draft.cost(), &picks);
    }

    fn keep(&mut self, compact: &Compact, cost: f64, picks: &[Option<Pick>]) {
        if cost >= self.cost {
            return;
        }
        let choice = |(vehicle, pick): (&crate::compact::Vehicle, &Option<Pick>)| {
            pick.map(|pick| VehicleChoice {
                split: pick.split,
                columns: vehicle.splits[pick.split]
                    .iter()
                    .zip(pick.columns)
                    .map(|(list, at)| list[at].index as usize)
                    .collect(),
            })
        };
        let choices: Option<Vec<_>> = compact.vehicles.iter().zip(picks).map(choice).collect();
        if choices.is_some() {
            self.cost = cost;
            self.best = choices;
        }
    }

    fn finish(
        self,
        problem: &FamilyProblem,
        lower: f64,
        unavoidable_eur: f64,
    ) -> Result<FamilySolution, FamilyError> {
        let Some(choices) = self.best else {
            let vehicle = problem
                .vehicles
                .first()
                .map_or(String::new(), |v| v.name.clone());
            return Err(FamilyError::Unserved { vehicle });
        };
        let cost_eur = cost_of(problem, &choices)?;
        let lower_bound_eur = lower.min(cost_eur) - ROUNDING * cost_eur.abs();
        Ok(FamilySolution {
            released: released_lines(problem, &choices)?,
            choices,
            cost_eur,
            lower_bound_eur,
            unavoidable_eur,
            effort: self.effort,
        })
    }
}
