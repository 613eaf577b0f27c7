//! What to decide next: whether anyone uses a module, whether a partner does, whether an axle
//! does, which way a vehicle is had (site, split of its targets); the coarsest question that the prices leave open.

use crate::ascent::Ascent;
use crate::bound::{Scene, Terms};
use crate::check::MAX_PARTNERS;
use crate::compact::{AxleSet, Compact, Vehicle, members};
use crate::counts::{KINDS, Kinds, Limits};
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
    limits: &'a [Limits; KINDS],
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
        self.about_ways()
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

    fn about_ways(&self) -> Option<[Decision; 2]> {
        let of_vehicle = |(vehicle, data): (usize, &Vehicle)| {
            let mut possible = (0..data.ways.len()).filter(|way| data.ways[*way].serves());
            let way = possible.next()?;
            possible.next()?;
            Some([
                Decision::Way { vehicle, way },
                Decision::OtherWay { vehicle, way },
            ])
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
