//! Branch and bound: splits the selection by decisions about modules until the bound of what is
//! left meets the cost of the best family found.

use std::cmp::Ordering;
use std::collections::{BTreeSet, BinaryHeap};
use std::rc::Rc;

use codrive_model::family::{Effort, FamilyProblem, FamilySolution, FamilyVehicle, VehicleChoice};
use rayon::prelude::*;

use crate::ascent::Ascent;
use crate::bound::{Evaluation, Pick, Prices, Scene, Terms, first_prices};
use crate::branching::{Decision, questions};
use crate::check::{FamilyError, check};
use crate::compact::{AxleSet, Compact, Vehicle, Way};
use crate::cost::Costing;
use crate::counts::{KINDS, Kinds, Limits};
use crate::dominance::remove_replaced;
use crate::dominance_of_sites::replaced_sites;
use crate::fixing::fix;
use crate::floors::Floors;
use crate::heuristic::{Draft, Known};
use crate::lines::Lines;
use crate::offers::Duty;

/// Relative slack for rounding: bounds are lowered by it, families within it count as equal.
const ROUNDING: f64 = 1e-10;

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
    /// Most questions tried at a node before one is asked.
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
    let known = Known::new(axles.len(), compact.modules);
    let mut search = Search {
        lines: &lines,
        kinds: &kinds,
        known: &known,
        unavoidable: unavoidable_eur,
        options: *options,
        best: None,
        improved: BTreeSet::new(),
        cost: f64::INFINITY,
        open: BinaryHeap::new(),
        created: 0,
        effort,
        seen: Evaluation::default(),
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

/// A part of the selection that is still to be searched.
#[derive(Clone, Debug)]
struct Node {
    bound: f64,
    number: usize,
    compact: Rc<Compact>,
    terms: Rc<Terms>,
    from: From,
}

/// Where a node starts.
#[derive(Clone, Debug)]
enum From {
    Root(Box<Prices>),
    Parent(Rc<Ascent>, Decision),
}

/// Where the bound's ascent starts.
enum Start<'a> {
    Prices(&'a Prices),
    Known(&'a Ascent),
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
    kinds: &'a Kinds,
    known: &'a Known,
    unavoidable: f64,
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

/// A few steps of the bound with an answer given.
struct Trial<'a> {
    scene: &'a Scene<'a>,
    ascent: &'a Ascent,
    steps: usize,
    cutoff: f64,
}

impl Trial<'_> {
    /// The bound, and the evaluations it took.
    fn of(&self, decision: &Decision) -> (f64, usize) {
        let mut compact = self.scene.compact.clone();
        let mut terms = self.scene.terms.clone();
        decision.apply(self.scene.lines, &mut compact, &mut terms);
        if compact.unserved().is_some() {
            return (f64::INFINITY, 0);
        }
        let users = compact.users();
        let scene = Scene {
            compact: &compact,
            users: &users,
            terms: &terms,
            ..*self.scene
        };
        let mut seen = Evaluation::default();
        let mut ascent = self.ascent.resumed(&scene, &mut seen);
        for _ in 0..self.steps {
            if ascent.bound >= self.cutoff || ascent.settled(self.cutoff) {
                break;
            }
            ascent.step(&scene, &mut seen);
        }
        (ascent.bound, ascent.evaluations)
    }
}

impl<'a> Search<'a> {
    /// Searches until the gap or the limit is reached; returns the proven bound.
    fn run(&mut self, compact: Compact) -> f64 {
        let prices = first_prices(&compact, self.lines);
        self.open.push(Node {
            bound: f64::NEG_INFINITY,
            number: 0,
            terms: Rc::new(Terms {
                duties: vec![Duty::default(); compact.modules],
                limits: [Limits::default(); KINDS],
            }),
            compact: Rc::new(compact),
            from: From::Root(Box::new(prices)),
        });
        while let Some(node) = self.open.pop() {
            let done = node.bound >= self.cutoff();
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
            let allowed = self.options.allowed_eur(self.cost, self.unavoidable);
            // What the reported bound is lowered by is taken off the gap.
            let rounding = ROUNDING * self.cost.abs();
            self.cost - rounding.max(allowed - 2.0 * rounding)
        } else {
            self.cost
        }
    }

    fn visit(&mut self, node: Node) {
        self.effort.nodes += 1;
        let mut compact = (*node.compact).clone();
        let mut terms = (*node.terms).clone();
        let root = matches!(node.from, From::Root(_));
        if let From::Parent(_, decision) = &node.from {
            decision.apply(self.lines, &mut compact, &mut terms);
        }
        let (start, rounds) = match &node.from {
            From::Root(prices) => (Start::Prices(prices), 3),
            From::Parent(parent, _) => (Start::Known(parent), 1),
        };
        let ascent = self.tighten(&mut compact, &mut terms, &start, rounds);
        if root {
            // Once the bound meets the cost, no column is left that a cheaper family could hold.
            let left = ascent.as_ref().map_or(0, |_| compact.columns());
            self.effort.removed_by_bound = node.compact.columns() - left;
        }
        let Some(mut ascent) = ascent else { return };
        let Some(decisions) = self.decide(&mut compact, &mut terms, &mut ascent) else {
            return;
        };
        let bound = ascent.bound.max(node.bound);
        let (compact, terms) = (Rc::new(compact), Rc::new(terms));
        let ascent = Rc::new(ascent);
        for (decision, above) in decisions {
            self.created += 1;
            let number = self.created;
            self.open.push(Node {
                bound: bound.max(above),
                number,
                compact: compact.clone(),
                terms: terms.clone(),
                from: From::Parent(ascent.clone(), decision),
            });
        }
    }

    /// Tries each question with a few steps of the bound and takes the one that raises it most on
    /// both sides. Answers that no cheaper family gives are struck, and the bound raised again.
    fn decide(
        &mut self,
        compact: &mut Compact,
        terms: &mut Terms,
        ascent: &mut Ascent,
    ) -> Option<[(Decision, f64); 2]> {
        loop {
            let users = compact.users();
            let floors = Floors::new(self.lines, &users);
            let scene = self.scene(compact, &users, terms, &floors);
            let questions = questions(&scene, ascent, self.options.questions);
            if questions.is_empty() {
                self.leaf(compact);
                return None;
            }
            let bounds = self.trials(&scene, &questions, ascent);
            let cutoff = self.cutoff();
            let mut best: Option<(f64, [(Decision, f64); 2])> = None;
            let mut left = Vec::new();
            for ([a, b], bounds) in questions.into_iter().zip(bounds) {
                match bounds.map(|bound| bound >= cutoff) {
                    [true, true] => return None,
                    [true, false] => left.push(b),
                    [false, true] => left.push(a),
                    [false, false] => {
                        let gain = |bound: f64| (bound - ascent.bound).max(1e-7 * bound.abs());
                        let score = gain(bounds[0]) * gain(bounds[1]);
                        if best.as_ref().is_none_or(|(most, _)| score > *most) {
                            best = Some((score, [(a, bounds[0]), (b, bounds[1])]));
                        }
                    }
                }
            }
            if left.is_empty() {
                return best.map(|(_, decisions)| decisions);
            }
            for decision in left {
                decision.apply(self.lines, compact, terms);
            }
            *ascent = self.tighten(compact, terms, &Start::Known(ascent), 1)?;
        }
    }

    /// The bounds of both answers to each question, after a few steps each.
    fn trials(
        &mut self,
        scene: &Scene,
        questions: &[[Decision; 2]],
        ascent: &Ascent,
    ) -> Vec<[f64; 2]> {
        let trial = Trial {
            scene,
            ascent,
            steps: self.options.trial_steps,
            cutoff: self.cutoff(),
        };
        let both = |answers: &[Decision; 2]| {
            let [a, b] = answers;
            let (a, b) = rayon::join(|| trial.of(a), || trial.of(b));
            [a, b]
        };
        let tried: Vec<[(f64, usize); 2]> = questions.par_iter().map(both).collect();
        let evaluations = tried.iter().flatten().map(|(_, evaluations)| evaluations);
        self.effort.bound_evaluations += evaluations.sum::<usize>();
        tried
            .into_iter()
            .map(|two| two.map(|(bound, _)| bound))
            .collect()
    }

    fn scene<'b>(
        &self,
        compact: &'b Compact,
        users: &'b [AxleSet],
        terms: &'b Terms,
        floors: &'b Floors,
    ) -> Scene<'b>
    where
        'a: 'b,
    {
        Scene {
            compact,
            lines: self.lines,
            users,
            kinds: self.kinds,
            terms,
            floors,
        }
    }

    /// Raises the bound and removes columns; `None` once nothing better can be left.
    fn tighten(
        &mut self,
        compact: &mut Compact,
        terms: &mut Terms,
        start: &Start,
        rounds: usize,
    ) -> Option<Ascent> {
        let mut last: Option<Ascent> = None;
        for _ in 0..rounds {
            if compact.unserved().is_some() {
                return None;
            }
            let users = compact.users();
            let floors = Floors::new(self.lines, &users);
            let scene = self.scene(compact, &users, terms, &floors);
            let seen = &mut self.seen;
            let start = match (&last, start) {
                (Some(before), _) => before.resumed(&scene, seen),
                (None, Start::Prices(prices)) => Ascent::start(&scene, Prices::clone(prices), seen),
                (None, Start::Known(before)) => before.resumed(&scene, seen),
            };
            let ascent = self.climb(&scene, start);
            if ascent.bound >= self.cutoff() {
                return None;
            }
            let kept = fix(&scene, &ascent.best, self.cutoff(), &mut self.seen);
            kept.apply(compact, terms);
            last = Some(ascent);
        }
        if compact.unserved().is_some() {
            None
        } else {
            last
        }
    }

    /// Steps of the bound, with a family tried at the end, at the root every so often.
    fn climb(&mut self, scene: &Scene, start: Ascent) -> Ascent {
        let root = self.effort.nodes == 1;
        let steps = if root {
            self.options.root_steps
        } else {
            self.options.node_steps
        };
        let mut seen = std::mem::take(&mut self.seen);
        let mut ascent = start;
        if root {
            self.try_family(scene.compact, &seen.picks);
        }
        for step in 1..=steps {
            if ascent.bound >= self.cutoff() || ascent.settled(self.cutoff()) {
                break;
            }
            ascent.step(scene, &mut seen);
            if root && step % 10 == 0 {
                self.try_family(scene.compact, &seen.picks);
            }
        }
        self.try_family(scene.compact, &seen.picks);
        ascent.observe();
        self.effort.bound_evaluations += ascent.evaluations;
        self.seen = seen;
        ascent
    }

    /// Makes a family of what the vehicles chose, and keeps it if it costs less.
    fn try_family(&mut self, compact: &Compact, picks: &[Option<Pick>]) {
        let mut draft = Draft::new(compact, self.lines, self.known, picks);
        draft.polish();
        let cost = draft.cost();
        if cost < self.cost * 1.01 && self.improved.insert(cost.to_bits()) {
            draft.close_modules();
        }
        self.keep(compact, draft.cost(), draft.picks());
    }

    fn leaf(&mut self, compact: &Compact) {
        let only = |v: &Vehicle| {
            let way = v.ways.iter().position(Way::serves);
            way.map(|way| Pick {
                way,
                columns: [0; 2],
            })
        };
        let picks: Vec<Option<Pick>> = compact.vehicles.iter().map(only).collect();
        let draft = Draft::new(compact, self.lines, self.known, &picks);
        self.keep(compact, draft.cost(), &picks);
    }

    fn keep(&mut self, compact: &Compact, cost: f64, picks: &[Option<Pick>]) {
        if cost >= self.cost {
            return;
        }
        let choice = |(vehicle, pick): (&Vehicle, &Option<Pick>)| {
            pick.map(|pick| {
                let way = &vehicle.ways[pick.way];
                let columns = way.lists.iter().zip(pick.columns);
                VehicleChoice {
                    split: way.split,
                    site: way.site,
                    columns: columns.map(|(list, at)| list[at].index as usize).collect(),
                }
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
