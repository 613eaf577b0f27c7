//! Branch and bound: splits the selection by decisions about modules until the bound of what is
//! left meets the cost of the best family found.

use std::collections::BinaryHeap;
use std::sync::Arc;

use codrive_model::family::{Effort, FamilyProblem, FamilySolution, FamilyVehicle};

use crate::bound::{Terms, first_prices};
use crate::check::{FamilyError, check};
use crate::compact::Compact;
use crate::cost::Costing;
use crate::counts::{KINDS, Kinds, Limits};
use crate::dominance::remove_replaced;
use crate::dominance_of_sites::replaced_sites;
use crate::experience::Experience;
use crate::lines::Lines;
use crate::node::{From, Node};
use crate::offers::Duty;
use crate::visit::{Desk, Found, Incumbent, Setting, visit};

/// Relative slack for rounding: bounds are lowered by it, families within it count as equal.
pub(crate) const ROUNDING: f64 = 1e-10;

/// What a gap is relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapOf {
    /// The whole cost.
    Whole,
    /// The cost that decisions can change: without what every axle costs at its cheapest column.
    Avoidable,
}

/// How far to search; no clock, so that the answer is the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Relative gap between cost and bound at which to stop; 0 asks for the optimum.
    pub gap: f64,
    /// What the gap is relative to.
    pub gap_of: GapOf,
    /// Most nodes to search.
    pub nodes: usize,
    /// Most steps of the bound in a round at the root.
    pub root_steps: usize,
    /// Most steps of the bound at each other node.
    pub node_steps: usize,
    /// Most questions tried at a node, beside the one that gained most before, until one is asked.
    pub questions: usize,
    /// Most steps of the bound for each answer tried.
    pub trial_steps: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            gap: 1e-3,
            gap_of: GapOf::Whole,
            nodes: 2000,
            root_steps: 300,
            node_steps: 60,
            questions: 8,
            trial_steps: 12,
        }
    }
}

impl Options {
    /// How far the bound may stay below a cost, EUR.
    pub(crate) fn allowed_eur(&self, cost_eur: f64, unavoidable_eur: f64) -> f64 {
        let base = match self.gap_of {
            GapOf::Whole => cost_eur.abs(),
            GapOf::Avoidable => cost_eur - unavoidable_eur,
        };
        self.gap * base
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
        .flat_map(|v| v.sites.iter().flat_map(|_| &v.splits))
        .flat_map(|s| &s.columns);
    let mut effort = Effort {
        columns: given.map(Vec::len).sum(),
        ..Effort::default()
    };
    let replaced = replaced_sites(problem);
    let mut compact = Compact::without(problem, &replaced);
    let elsewhere: usize = problem
        .vehicles
        .iter()
        .map(|v| columns_at(v, &replaced))
        .sum();
    effort.removed_as_repeated = effort.columns - elsewhere - compact.columns();
    if let Some(v) = compact.unserved() {
        return Err(FamilyError::Unserved {
            vehicle: problem.vehicles[v].name.clone(),
        });
    }
    let unavoidable_eur = compact.unavoidable_eur(problem);
    effort.removed_by_dominance = elsewhere + remove_replaced(problem, &mut compact);
    let axles = compact.axles.clone();
    let lines = Lines::new(problem, &axles);
    let kinds = Kinds::new(problem);
    let setting = Setting {
        lines: &lines,
        kinds: &kinds,
        options: *options,
        unavoidable: unavoidable_eur,
    };
    let mut search = Search {
        setting: &setting,
        desks: [(); 2].map(|()| Desk::new(axles.len(), compact.modules)),
        best: Incumbent {
            cost: f64::INFINITY,
            choices: None,
        },
        open: BinaryHeap::new(),
        created: 0,
        effort,
        experience: Experience::default(),
    };
    let lower = search.run(compact);
    search.finish(problem, lower, unavoidable_eur)
}

/// Columns of a vehicle at some sites.
fn columns_at(vehicle: &FamilyVehicle, sites: &[bool]) -> usize {
    let count = vehicle.sites.iter().filter(|site| sites[**site]).count();
    let columns = vehicle.splits.iter().flat_map(|split| &split.columns);
    count * columns.map(Vec::len).sum::<usize>()
}

/// The nodes still to be searched, and what is known so far.
///
/// Two nodes are visited at a time, whatever the number of threads: neither knows what the other finds.
struct Search<'a> {
    setting: &'a Setting<'a>,
    desks: [Desk; 2],
    best: Incumbent,
    open: BinaryHeap<Node>,
    created: usize,
    effort: Effort,
    experience: Experience,
}

impl Search<'_> {
    /// Searches until the gap or the limit is reached; returns the proven bound.
    fn run(&mut self, compact: Compact) -> f64 {
        let prices = first_prices(&compact, self.setting.lines);
        self.open.push(Node {
            bound: f64::NEG_INFINITY,
            number: 0,
            terms: Arc::new(Terms {
                duties: vec![Duty::default(); compact.modules],
                limits: [Limits::default(); KINDS],
            }),
            compact: Arc::new(compact),
            from: From::Root(Box::new(prices)),
        });
        while let Some(node) = self.open.pop() {
            let done = node.bound >= self.cutoff();
            self.effort.stopped_at_limit = !done && self.effort.nodes >= self.setting.options.nodes;
            if done || self.effort.stopped_at_limit {
                return node.bound.min(self.cutoff());
            }
            self.visit(&node);
        }
        self.cutoff()
    }

    /// Nothing at or above this is worth a look.
    fn cutoff(&self) -> f64 {
        self.setting.cutoff(self.best.cost)
    }

    /// Visits a node and the next one beside it.
    fn visit(&mut self, node: &Node) {
        let beside = self
            .open
            .peek()
            .is_some_and(|next| next.bound < self.cutoff())
            && self.effort.nodes + 1 < self.setting.options.nodes;
        let beside = beside.then(|| self.open.pop()).flatten();
        let (setting, best, experience) = (self.setting, &self.best, &self.experience);
        let [first, second] = &mut self.desks;
        let visit = |node, desk| visit(node, setting, desk, best.clone(), experience);
        let (first, second) = rayon::join(
            || visit(node, first),
            || beside.as_ref().map(|node| visit(node, second)),
        );
        [Some(first), second]
            .into_iter()
            .flatten()
            .for_each(|found| self.learn(found));
    }

    /// Takes in what a visit found.
    fn learn(&mut self, found: Found) {
        self.effort.nodes += 1;
        self.effort.bound_evaluations += found.evaluations;
        self.effort.removed_by_bound += found.removed;
        found
            .tried
            .into_iter()
            .for_each(|trial| self.experience.learn(trial));
        if found.best.cost < self.best.cost {
            self.best = found.best;
        }
        for node in found.children {
            self.created += 1;
            let number = self.created;
            self.open.push(Node { number, ..node });
        }
    }

    fn finish(
        self,
        problem: &FamilyProblem,
        lower: f64,
        unavoidable_eur: f64,
    ) -> Result<FamilySolution, FamilyError> {
        let Some(choices) = self.best.choices else {
            let vehicle = problem
                .vehicles
                .first()
                .map_or(String::new(), |v| v.name.clone());
            return Err(FamilyError::Unserved { vehicle });
        };
        let compact = Compact::new(problem);
        let costing = Costing::new(problem, &compact, &choices)?;
        let cost_eur = costing.cost_eur();
        let lower_bound_eur = lower.min(cost_eur) - ROUNDING * cost_eur.abs();
        Ok(FamilySolution {
            released: costing.released(),
            assembled: costing.assembled(),
            choices,
            cost_eur,
            lower_bound_eur,
            unavoidable_eur,
            effort: self.effort,
        })
    }
}
