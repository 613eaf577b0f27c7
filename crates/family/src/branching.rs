//! What to decide next: whether anyone uses a module, whether a partner does, whether an axle
//! does, how a vehicle's targets are split; the coarsest question that the prices leave open.

use crate::ascent::Ascent;
use crate::bound::{Scene, Terms};
use crate::check::MAX_PARTNERS;
use crate::compact::{AxleSet, Col, Compact, members};
use crate::counts::{Kinds, Limits};
use crate::lines::Lines;
use crate::offers::Duty;

/// Usage this near to 0 or 1 counts as decided.
const NEAR: f64 = 0.02;

/// The number of modules of a kind counts as whole when it is this near.
const NEAR_COUNT: f64 = 0.1;

/// One answer to one question.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Decision {
    /// None of these axles uses the module.
    Without { module: usize, axles: AxleSet },
    /// One of all axles does.
    Used { module: usize },
    /// One of the partner's axles does.
    UsedBy { module: usize, partner: usize },
    /// This axle does.
    On { module: usize, axle: usize },
    /// At most so many modules of a kind are used.
    AtMost { kind: usize, count: usize },
    /// At least so many are.
    AtLeast { kind: usize, count: usize },
    /// The vehicle's split is this one.
    Split { vehicle: usize, split: usize },
    /// The vehicle's split is another one.
    OtherSplit { vehicle: usize, split: usize },
}

impl Decision {
    /// Keeps only what agrees.
    pub(crate) fn apply(&self, lines: &Lines, compact: &mut Compact, terms: &mut Terms) {
        let Terms { duties, limits } = terms;
        let has = |column: &Col, module: usize| {
            column.modules.iter().any(|other| *other as usize == module)
        };
        match *self {
            Self::Without { module, axles } => {
                compact.retain(|axle, _, _, c| axles & 1 << axle == 0 || !has(c, module));
            }
            Self::Used { module } => duties[module].used = true,
            Self::UsedBy { module, partner } => {
                duties[module].used = true;
                duties[module].partners |= 1 << partner;
            }
            Self::On { module, axle } => {
                duties[module].used = true;
                duties[module].axles |= 1 << axle;
                duties[module].partners |= lines.partners_of(1 << axle);
                compact.retain(|other, _, _, column| other != axle || has(column, module));
            }
            Self::AtMost { kind, count } => limits[kind].most = limits[kind].most.min(count),
            Self::AtLeast { kind, count } => limits[kind].least = limits[kind].least.max(count),
            Self::Split { vehicle, split } => {
                compact.retain(|_, v, s, _| v != vehicle || s == split)
            }
            Self::OtherSplit { vehicle, split } => {
                compact.retain(|_, v, s, _| v != vehicle || s != split);
            }
        }
    }
}

/// The two answers to each question worth asking next, the weightiest first; none if every vehicle
/// has one choice left.
pub(crate) fn questions(scene: &Scene, ascent: &Ascent, most: usize) -> Vec<[Decision; 2]> {
    let view = View {
        lines: scene.lines,
        compact: scene.compact,
        kinds: scene.kinds,
        duties: &scene.terms.duties,
        limits: &scene.terms.limits,
        usage: &ascent.usage,
        released: &ascent.released,
        users: scene.compact.users(),
    };
    let mut questions = view.about_counts();
    questions.extend(view.about_modules(most));
    if questions.is_empty() {
        questions = view.about_partners(most);
    }
    if questions.is_empty() {
        questions.extend(view.about_axles());
    }
    questions
}

struct View<'a> {
    lines: &'a Lines<'a>,
    compact: &'a Compact,
    kinds: &'a Kinds,
    duties: &'a [Duty],
    limits: &'a [Limits; 4],
    usage: &'a [f64],
    released: &'a [f64],
    users: Vec<AxleSet>,
}

impl View<'_> {
    fn usage(&self, module: usize, axles: AxleSet) -> f64 {
        let at = |axle: usize| self.usage[axle * self.compact.modules + module];
        members(axles).map(at).fold(0.0, f64::max)
    }

    /// How much a question matters: what releasing costs, times how open it is.
    fn weight(&self, module: usize, axles: AxleSet) -> f64 {
        let usage = self.usage(module, axles);
        let open = usage.min(1.0 - usage);
        if open < NEAR {
            0.0
        } else {
            open * (self.lines.least_fixed(module, axles) + 1.0)
        }
    }

    fn about_counts(&self) -> Vec<[Decision; 2]> {
        let question = |(kind, modules): (usize, &Vec<usize>)| {
            let number: f64 = modules.iter().map(|m| self.released[*m]).sum();
            let open = (number - number.floor()).min(number.ceil() - number);
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let count = number.floor() as usize;
            let more = Decision::AtLeast {
                kind,
                count: count + 1,
            };
            let known = self.limits[kind];
            let undecided = known.least <= count && count < known.most;
            let ask = undecided && open >= NEAR_COUNT;
            ask.then_some([Decision::AtMost { kind, count }, more])
        };
        self.kinds
            .0
            .iter()
            .enumerate()
            .filter_map(question)
            .collect()
    }

    fn about_modules(&self, most: usize) -> Vec<[Decision; 2]> {
        let open = |m: &usize| self.users[*m] != 0 && !self.duties[*m].used;
        let weights = (0..self.users.len())
            .filter(open)
            .map(|m| (self.weight(m, self.users[m]), m));
        let question = |module: usize| {
            let without = Decision::Without {
                module,
                axles: self.users[module],
            };
            [without, Decision::Used { module }]
        };
        heaviest(weights, most).into_iter().map(question).collect()
    }

    fn about_partners(&self, most: usize) -> Vec<[Decision; 2]> {
        let mut weights = Vec::new();
        for module in 0..self.users.len() {
            let possible = self.lines.partners_of(self.users[module]);
            for partner in 0..MAX_PARTNERS {
                if possible & !self.duties[module].partners & 1 << partner != 0 {
                    let axles = self.lines.of_partner(self.users[module], partner);
                    weights.push((self.weight(module, axles), (module, partner, axles)));
                }
            }
        }
        let question = |(module, partner, axles)| {
            let without = Decision::Without { module, axles };
            [without, Decision::UsedBy { module, partner }]
        };
        heaviest(weights.into_iter(), most)
            .into_iter()
            .map(question)
            .collect()
    }

    /// The most open axle; if none is open, the first vehicle with a choice is split up.
    fn about_axles(&self) -> Option<[Decision; 2]> {
        let mut weights = Vec::new();
        for (module, users) in self.users.iter().enumerate() {
            for axle in members(users & !self.duties[module].axles) {
                weights.push((self.weight(module, 1 << axle) + 1e-9, (module, axle)));
            }
        }
        let settled =
            |&(_, (module, axle)): &(f64, (usize, usize))| self.in_every_column(module, axle);
        weights.retain(|weight| !settled(weight));
        if let Some((module, axle)) = heaviest(weights.into_iter(), 1).pop() {
            let without = Decision::Without {
                module,
                axles: 1 << axle,
            };
            return Some([Decision::On { module, axle }, without]);
        }
        self.about_splits()
    }

    fn in_every_column(&self, module: usize, axle: usize) -> bool {
        let of_axle =
            |v: &&crate::compact::Vehicle| (v.first_axle..v.first_axle + v.axles()).contains(&axle);
        let vehicle = self.compact.vehicles.iter().find(of_axle);
        vehicle.is_none_or(|v| {
            let mut columns = v
                .splits
                .iter()
                .flat_map(|lists| &lists[axle - v.first_axle]);
            columns.all(|c| c.modules.iter().any(|other| *other as usize == module))
        })
    }

    fn about_splits(&self) -> Option<[Decision; 2]> {
        self.compact
            .vehicles
            .iter()
            .enumerate()
            .find_map(|(vehicle, data)| {
                let filled = |lists: &Vec<Vec<Col>>| lists.iter().all(|list| !list.is_empty());
                let mut possible = data
                    .splits
                    .iter()
                    .enumerate()
                    .filter(|(_, lists)| filled(lists));
                let (split, _) = possible.next()?;
                possible.next()?;
                Some([
                    Decision::Split { vehicle, split },
                    Decision::OtherSplit { vehicle, split },
                ])
            })
    }
}

/// The heaviest that weigh anything, at most so many, the heaviest first.
fn heaviest<T>(weights: impl Iterator<Item = (f64, T)>, most: usize) -> Vec<T> {
    let mut heavy: Vec<(f64, T)> = weights.filter(|(weight, _)| *weight > 0.0).collect();
    heavy.sort_by(|a, b| b.0.total_cmp(&a.0));
    heavy.truncate(most);
    heavy.into_iter().map(|(_, what)| what).collect()
}
