//! One node: the bound raised, columns left out, families tried, and the question that splits what is left.

use std::collections::BTreeSet;
use std::sync::Arc;

use codrive_model::family::VehicleChoice;
use rayon::prelude::*;

use crate::ascent::Ascent;
use crate::bound::{Evaluation, Pick, Prices, Scene, Terms};
use crate::branching::{Decision, Question, questions};
use crate::compact::{AxleSet, Compact, Vehicle, Way};
use crate::counts::Kinds;
use crate::experience::{Experience, Gained};
use crate::fixing::fix;
use crate::floors::Floors;
use crate::heuristic::{Draft, Known};
use crate::lines::Lines;
use crate::node::{From, Node};
use crate::search::{Options, ROUNDING};

/// A family that costs more than the best by at most this part of the cost that decisions can change may be improved to
/// a better one.
const PROMISING: f64 = 2e-3;

/// What every visit reads.
pub(crate) struct Setting<'a> {
    pub lines: &'a Lines<'a>,
    pub kinds: &'a Kinds,
    pub options: Options,
    /// What no decision avoids, EUR.
    pub unavoidable: f64,
}

/// Memory that is used from visit to visit.
pub(crate) struct Desk {
    seen: Evaluation,
    known: Known,
    /// Costs of the families that were tried to be improved already.
    improved: BTreeSet<u64>,
}

impl Desk {
    /// An empty one.
    pub(crate) fn new(axles: usize, modules: usize) -> Self {
        Self {
            seen: Evaluation::default(),
            known: Known::new(axles, modules),
            improved: BTreeSet::new(),
        }
    }
}

/// The best family found.
#[derive(Clone, Debug)]
pub(crate) struct Incumbent {
    /// EUR; infinite without one.
    pub cost: f64,
    pub choices: Option<Vec<VehicleChoice>>,
}

impl Incumbent {
    /// Keeps a family if it costs less.
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
            self.choices = choices;
        }
    }
}

/// What a visit found.
pub(crate) struct Found {
    pub best: Incumbent,
    /// Evaluations of the bound.
    pub evaluations: usize,
    /// What trials gained.
    pub tried: Vec<Gained>,
    /// Columns that the bound left out at the root.
    pub removed: usize,
    /// What is left to be searched, with numbers still to be given.
    pub children: Vec<Node>,
}

/// A visit under way.
struct Visit<'a> {
    setting: &'a Setting<'a>,
    desk: &'a mut Desk,
    root: bool,
    found: Found,
}

/// Where the bound's ascent starts.
enum Start<'a> {
    Prices(&'a Prices),
    Known(&'a Ascent),
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

/// Visits a node, knowing the best family and the gains of earlier trials.
pub(crate) fn visit(
    node: &Node,
    setting: &Setting,
    desk: &mut Desk,
    best: Incumbent,
    experience: &Experience,
) -> Found {
    let found = Found {
        best,
        evaluations: 0,
        tried: Vec::new(),
        removed: 0,
        children: Vec::new(),
    };
    let root = matches!(node.from, From::Root(_));
    let mut visit = Visit {
        setting,
        desk,
        root,
        found,
    };
    visit.run(node, experience);
    visit.found
}

impl Visit<'_> {
    fn run(&mut self, node: &Node, experience: &Experience) {
        let mut compact = (*node.compact).clone();
        let mut terms = (*node.terms).clone();
        let (start, rounds) = match &node.from {
            From::Root(prices) => (Start::Prices(prices), 3),
            From::Parent(parent, decision) => {
                decision.apply(self.setting.lines, &mut compact, &mut terms);
                (Start::Known(parent), 1)
            }
        };
        let ascent = self.tighten(&mut compact, &mut terms, &start, rounds);
        if self.root {
            // Once the bound meets the cost, no column is left that a cheaper family could hold.
            let left = ascent.as_ref().map_or(0, |_| compact.columns());
            self.found.removed = node.compact.columns() - left;
        }
        let Some(mut ascent) = ascent else { return };
        let decisions = self.decide(&mut compact, &mut terms, &mut ascent, experience);
        let Some(decisions) = decisions else { return };
        let bound = ascent.bound.max(node.bound);
        let (compact, terms) = (Arc::new(compact), Arc::new(terms));
        let ascent = Arc::new(ascent);
        self.found.children = decisions
            .into_iter()
            .map(|(decision, above)| Node {
                bound: bound.max(above),
                number: 0,
                compact: compact.clone(),
                terms: terms.clone(),
                from: From::Parent(ascent.clone(), decision),
            })
            .collect();
    }

    /// Nothing at or above this is worth a look.
    fn cutoff(&self) -> f64 {
        self.setting.cutoff(self.found.best.cost)
    }

    /// Tries questions with a few steps of the bound and takes the one that raises it most on
    /// both sides. Answers that no cheaper family gives are struck, and the bound raised again.
    fn decide(
        &mut self,
        compact: &mut Compact,
        terms: &mut Terms,
        ascent: &mut Ascent,
        experience: &Experience,
    ) -> Option<[(Decision, f64); 2]> {
        loop {
            let users = compact.users();
            let floors = Floors::new(self.setting.lines, &users);
            let scene = self.setting.scene(compact, &users, terms, &floors);
            let most = self.setting.options.questions.max(1);
            let questions = experience.worth_trying(questions(&scene, ascent, 2 * most), most);
            if questions.is_empty() {
                self.leaf(compact);
                return None;
            }
            let bounds = self.trials(&scene, &questions, ascent);
            let cutoff = self.cutoff();
            let mut best: Option<(f64, [(Decision, f64); 2])> = None;
            let mut left = Vec::new();
            for (question, bounds) in questions.into_iter().zip(bounds) {
                let gains = bounds.map(|bound| bound.min(cutoff) - ascent.bound);
                self.found.tried.push((question.subject, gains));
                let [a, b] = question.answers;
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
                decision.apply(self.setting.lines, compact, terms);
            }
            *ascent = self.tighten(compact, terms, &Start::Known(ascent), 1)?;
        }
    }

    /// The bounds of both answers to each question, after a few steps each.
    fn trials(&mut self, scene: &Scene, questions: &[Question], ascent: &Ascent) -> Vec<[f64; 2]> {
        let trial = Trial {
            scene,
            ascent,
            steps: self.setting.options.trial_steps,
            cutoff: self.cutoff(),
        };
        let both = |question: &Question| {
            let [a, b] = &question.answers;
            let (a, b) = rayon::join(|| trial.of(a), || trial.of(b));
            [a, b]
        };
        let tried: Vec<[(f64, usize); 2]> = questions.par_iter().map(both).collect();
        let evaluations = tried.iter().flatten().map(|(_, evaluations)| evaluations);
        self.found.evaluations += evaluations.sum::<usize>();
        tried
            .into_iter()
            .map(|two| two.map(|(bound, _)| bound))
            .collect()
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
            let floors = Floors::new(self.setting.lines, &users);
            let scene = self.setting.scene(compact, &users, terms, &floors);
            let seen = &mut self.desk.seen;
            let start = match (&last, start) {
                (Some(before), _) => before.resumed(&scene, seen),
                (None, Start::Prices(prices)) => Ascent::start(&scene, Prices::clone(prices), seen),
                (None, Start::Known(before)) => before.resumed(&scene, seen),
            };
            let ascent = self.climb(&scene, start);
            if ascent.bound >= self.cutoff() {
                return None;
            }
            let kept = fix(&scene, &ascent.best, self.cutoff(), &mut self.desk.seen);
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
        let steps = if self.root {
            self.setting.options.root_steps
        } else {
            self.setting.options.node_steps
        };
        let mut seen = std::mem::take(&mut self.desk.seen);
        let mut ascent = start;
        if self.root {
            self.try_family(scene.compact, &seen.picks);
        }
        for step in 1..=steps {
            if ascent.bound >= self.cutoff() || ascent.settled(self.cutoff()) {
                break;
            }
            ascent.step(scene, &mut seen);
            if self.root && step % 10 == 0 {
                self.try_family(scene.compact, &seen.picks);
            }
        }
        self.try_family(scene.compact, &seen.picks);
        ascent.observe();
        self.found.evaluations += ascent.evaluations;
        self.desk.seen = seen;
        ascent
    }

    /// Makes a family of what the vehicles chose, and keeps it if it costs less.
    fn try_family(&mut self, compact: &Compact, picks: &[Option<Pick>]) {
        let mut draft = Draft::new(compact, self.setting.lines, &self.desk.known, picks);
        draft.polish();
        let cost = draft.cost();
        let avoidable = self.found.best.cost - self.setting.unavoidable;
        let promising = cost < self.found.best.cost + PROMISING * avoidable;
        if promising && self.desk.improved.insert(cost.to_bits()) {
            draft.close_modules();
        }
        self.found.best.keep(compact, draft.cost(), draft.picks());
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
        let draft = Draft::new(compact, self.setting.lines, &self.desk.known, &picks);
        self.found.best.keep(compact, draft.cost(), &picks);
    }
}

impl Setting<'_> {
    /// Nothing at or above this is worth a look, given the cost of the best family.
    pub(crate) fn cutoff(&self, cost: f64) -> f64 {
        if cost.is_finite() {
            let allowed = self.options.allowed_eur(cost, self.unavoidable);
            // What the reported bound is lowered by is taken off the gap.
            let rounding = ROUNDING * cost.abs();
            cost - rounding.max(allowed - 2.0 * rounding)
        } else {
            cost
        }
    }

    fn scene<'b>(
        &'b self,
        compact: &'b Compact,
        users: &'b [AxleSet],
        terms: &'b Terms,
        floors: &'b Floors,
    ) -> Scene<'b> {
        Scene {
            compact,
            lines: self.lines,
            users,
            kinds: self.kinds,
            terms,
            floors,
        }
    }
}
