//! What to decide next: whether anyone uses a module, whether a partner does, whether an axle
//! does, how a vehicle's targets are split; the coarsest question that the prices leave open.

use crate::compact::{AxleSet, Col, Compact, members};
use crate::lines::{Duty, Lines};

/// Usage this near to 0 or 1 counts as decided.
const NEAR: f64 = 0.02;

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
    /// The vehicle's split is this one.
    Split { vehicle: usize, split: usize },
    /// The vehicle's split is another one.
    OtherSplit { vehicle: usize, split: usize },
}

impl Decision {
    /// Keeps only what agrees.
    pub(crate) fn apply(&self, lines: &Lines, compact: &mut Compact, duties: &mut [Duty]) {
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
            Self::Split { vehicle, split } => {
                compact.retain(|_, v, s, _| v != vehicle || s == split)
            }
            Self::OtherSplit { vehicle, split } => {
                compact.retain(|_, v, s, _| v != vehicle || s != split);
            }
        }
    }
}

/// The two answers to the next question; `None` if every vehicle has one choice left.
pub(crate) fn decide(
    lines: &Lines,
    compact: &Compact,
    duties: &[Duty],
    usage: &[f64],
) -> Option<[Decision; 2]> {
    let view = View {
        lines,
        compact,
        duties,
        usage,
        users: compact.users(),
    };
    view.about_modules()
        .or_else(|| view.about_partners())
        .or_else(|| view.about_axles())
}

struct View<'a> {
    lines: &'a Lines<'a>,
    compact: &'a Compact,
    duties: &'a [Duty],
    usage: &'a [f64],
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

    fn about_modules(&self) -> Option<[Decision; 2]> {
        let open = |m: &usize| self.users[*m] != 0 && !self.duties[*m].used;
        let weights = (0..self.users.len())
            .filter(open)
            .map(|m| (self.weight(m, self.users[m]), m));
        let module = heaviest(weights)?;
        let without = Decision::Without {
            module,
            axles: self.users[module],
        };
        Some([without, Decision::Used { module }])
    }

    fn about_partners(&self) -> Option<[Decision; 2]> {
        let mut weights = Vec::new();
        for module in 0..self.users.len() {
            let possible = self.lines.partners_of(self.users[module]);
            for partner in 0..8_usize {
                if possible & !self.duties[module].partners & 1 << partner != 0 {
                    let axles = self.lines.of_partner(self.users[module], partner);
                    weights.push((self.weight(module, axles), (module, partner, axles)));
                }
            }
        }
        let (module, partner, axles) = heaviest(weights.into_iter())?;
        let without = Decision::Without { module, axles };
        Some([without, Decision::UsedBy { module, partner }])
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
        if let Some((module, axle)) = heaviest(weights.into_iter()) {
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

/// The first of the heaviest that weigh anything.
fn heaviest<T>(weights: impl Iterator<Item = (f64, T)>) -> Option<T> {
    let heavier = |a: Option<(f64, T)>, b: (f64, T)| match a {
        Some(a) if a.0 >= b.0 => Some(a),
        a => {
            if b.0 > 0.0 {
                Some(b)
            } else {
                a
            }
        }
    };
    weights.fold(None, heavier).map(|(_, what)| what)
}
