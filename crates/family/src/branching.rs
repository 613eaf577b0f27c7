//! What to decide next: whether anyone uses a module, whether a partner does, whether an axle
//! does, which way a vehicle is had (site, split of its targets); the coarsest question that the prices leave open.

use crate::ascent::Ascent;
use crate::bound::{Prices, Scene, Terms};
use crate::check::MAX_PARTNERS;
use crate::compact::{AxleSet, Compact, Vehicle, members};
use crate::counts::{KINDS, Kinds, Limits};
use crate::lines::Lines;
use crate::offers::Duty;

/// Usage this near to 0 or 1 counts as decided.
const NEAR: f64 = 0.02;

/// The number of modules of a kind counts as whole when it is this near.
const NEAR_COUNT: f64 = 0.1;

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Count { kind: usize, count: usize },
    Module { module: usize },
    Partner { module: usize, partner: usize },
    Axle { module: usize, axle: usize },
    Way { vehicle: usize, way: usize },
}

/// A question with its two answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    pub subject: Subject,
    pub answers: [Decision; 2],
}

/// One answer to one question.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Decision {
    /// None of these axles uses the module.
    Without { module: usize, axles: AxleSet },
    /// One of all axles does.
    Used { module: usize },
    /// One of the partner's axles does.
    UsedBy { module: usize, partner: usize },
    /// This axle does: its vehicle is assembled at its site.
    On { module: usize, axle: usize },
    /// At most so many modules of a kind are used.
    AtMost { kind: usize, count: usize },
    /// At least so many are.
    AtLeast { kind: usize, count: usize },
    /// The vehicle is had in this way.
    Way { vehicle: usize, way: usize },
    /// It is had in another way.
    OtherWay { vehicle: usize, way: usize },
}

impl Decision {
    /// Keeps only what agrees.
    pub(crate) fn apply(&self, lines: &Lines, compact: &mut Compact, terms: &mut Terms) {
        let Terms { duties, limits } = terms;
        match *self {
            Self::Without { module, axles } => {
                compact.retain(|axle, _, _, c| axles & 1 << axle == 0 || !c.has(module));
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
                let driven = lines.axles[axle].driven;
                compact.retain(|other, _, _, column| {
                    lines.axles[other].driven != driven || other == axle && column.has(module)
                });
            }
            Self::AtMost { kind, count } => limits[kind].most = limits[kind].most.min(count),
            Self::AtLeast { kind, count } => limits[kind].least = limits[kind].least.max(count),
            Self::Way { vehicle, way } => compact.retain(|_, v, w, _| v != vehicle || w == way),
            Self::OtherWay { vehicle, way } => {
                compact.retain(|_, v, w, _| v != vehicle || w != way);
            }
        }
    }
}

/// The questions worth asking next, of each sort the weightiest first; none if every vehicle has one choice left.
pub(crate) fn questions(scene: &Scene, ascent: &Ascent, most: usize) -> Vec<Question> {
    let view = View {
        lines: scene.lines,
        compact: scene.compact,
        kinds: scene.kinds,
        duties: &scene.terms.duties,
        limits: &scene.terms.limits,
        usage: &ascent.usage,
        prices: &ascent.best,
        released: &ascent.released,
        users: scene.compact.users(),
    };
    let mut questions = view.about_counts();
    questions.extend(view.about_modules(most));
    if questions.is_empty() {
        questions = view.about_partners(most);
    }
    if questions.is_empty() {
        questions.extend(view.about_axles(most));
    }
    questions
}

struct View<'a> {
    lines: &'a Lines<'a>,
    compact: &'a Compact,
    kinds: &'a Kinds,
    duties: &'a [Duty],
    limits: &'a [Limits; KINDS],
    usage: &'a [f64],
    prices: &'a Prices,
    released: &'a [f64],
    users: Vec<AxleSet>,
}

impl View<'_> {
    fn usage(&self, module: usize, axles: AxleSet) -> f64 {
        let at = |axle: usize| self.usage[axle * self.compact.modules + module];
        members(axles).map(at).fold(0.0, f64::max)
    }

    /// How open it is whether any of these axles uses a module: how far from zero and one; nothing where it is near.
    fn openness(&self, module: usize, axles: AxleSet) -> f64 {
        let usage = self.usage(module, axles);
        let open = usage.min(1.0 - usage);
        if open < NEAR { 0.0 } else { open }
    }

    /// How much a question matters: what releasing costs, times how open it is.
    fn weight(&self, module: usize, axles: AxleSet) -> f64 {
        let open = self.openness(module, axles);
        if open > 0.0 {
            open * (self.lines.least_fixed(module, axles) + 1.0)
        } else {
            0.0
        }
    }

    fn about_counts(&self) -> Vec<Question> {
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
            ask.then_some(Question {
                subject: Subject::Count { kind, count },
                answers: [Decision::AtMost { kind, count }, more],
            })
        };
        self.kinds
            .0
            .iter()
            .enumerate()
            .filter_map(question)
            .collect()
    }

    fn about_modules(&self, most: usize) -> Vec<Question> {
        let open = |m: &usize| self.users[*m] != 0 && !self.duties[*m].used;
        let weights = (0..self.users.len())
            .filter(open)
            .map(|m| (self.weight(m, self.users[m]), m));
        let question = |module: usize| {
            let without = Decision::Without {
                module,
                axles: self.users[module],
            };
            Question {
                subject: Subject::Module { module },
                answers: [without, Decision::Used { module }],
            }
        };
        heaviest(weights, most).into_iter().map(question).collect()
    }

    fn about_partners(&self, most: usize) -> Vec<Question> {
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
            Question {
                subject: Subject::Partner { module, partner },
                answers: [without, Decision::UsedBy { module, partner }],
            }
        };
        heaviest(weights.into_iter(), most)
            .into_iter()
            .map(question)
            .collect()
    }

    /// The axles that are most open, weighed by what they pay, about sites last; if none is open, the
    /// first vehicle with a choice is split up.
    fn about_axles(&self, most: usize) -> Vec<Question> {
        let sites = &self.kinds.0[KINDS - 1];
        let (mut at_sites, mut others) = (Vec::new(), Vec::new());
        for (module, users) in self.users.iter().enumerate() {
            let open = members(users & !self.duties[module].axles);
            for axle in open.filter(|axle| !self.in_every_column(module, *axle)) {
                let price = self.prices.at(axle, module).max(0.0);
                let weight = self.openness(module, 1 << axle) * price + 1e-9;
                let list = if sites.contains(&module) {
                    &mut at_sites
                } else {
                    &mut others
                };
                list.push((weight, (module, axle)));
            }
        }
        let mut heavy = heaviest(others.into_iter(), most - most / 4);
        heavy.extend(heaviest(at_sites.into_iter(), most / 4));
        let question = |(module, axle): (usize, usize)| {
            let axles = 1 << axle;
            Question {
                subject: Subject::Axle { module, axle },
                answers: [
                    Decision::On { module, axle },
                    Decision::Without { module, axles },
                ],
            }
        };
        if heavy.is_empty() {
            return self.about_ways().into_iter().collect();
        }
        heavy.into_iter().map(question).collect()
    }

    /// Whether whatever is left for a driven axle is this axle with the module.
    fn in_every_column(&self, module: usize, axle: usize) -> bool {
        let driven = self.lines.axles[axle].driven;
        let mut left = self.compact.ways().flat_map(|way| {
            let lists = (way.first_axle..).zip(&way.lists);
            lists.flat_map(|(other, list)| list.iter().map(move |column| (other, column)))
        });
        left.all(|(other, column)| {
            self.lines.axles[other].driven != driven || other == axle && column.has(module)
        })
    }

    fn about_ways(&self) -> Option<Question> {
        let of_vehicle = |(vehicle, data): (usize, &Vehicle)| {
            let mut possible = (0..data.ways.len()).filter(|way| data.ways[*way].serves());
            let way = possible.next()?;
            possible.next()?;
            Some(Question {
                subject: Subject::Way { vehicle, way },
                answers: [
                    Decision::Way { vehicle, way },
                    Decision::OtherWay { vehicle, way },
                ],
            })
        };
        self.compact
            .vehicles
            .iter()
            .enumerate()
            .find_map(of_vehicle)
    }
}

/// The heaviest that weigh anything, at most so many, the heaviest first.
fn heaviest<T>(weights: impl Iterator<Item = (f64, T)>, most: usize) -> Vec<T> {
    let mut heavy: Vec<(f64, T)> = weights.filter(|(weight, _)| *weight > 0.0).collect();
    heavy.sort_by(|a, b| b.0.total_cmp(&a.0));
    heavy.truncate(most);
    heavy.into_iter().map(|(_, what)| what).collect()
}
