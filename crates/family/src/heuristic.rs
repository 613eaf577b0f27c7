//! Good families, found by changing one vehicle or one module at a time; always the same ones.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;

use crate::bound::Pick;
use crate::compact::{AxleSet, Col, Compact};
use crate::lines::Lines;

/// Costs of modules for sets of axles, EUR, as they were found.
pub(crate) type Known = RefCell<HashMap<(usize, AxleSet), f64>>;

/// A family under change, with the axles of every module.
#[derive(Clone, Debug)]
pub(crate) struct Draft<'a> {
    compact: &'a Compact,
    lines: &'a Lines<'a>,
    known: &'a Known,
    picks: Vec<Option<Pick>>,
    sets: Vec<AxleSet>,
    /// No vehicle may take these.
    banned: Vec<bool>,
}

impl<'a> Draft<'a> {
    /// A draft of given picks.
    pub(crate) fn new(
        compact: &'a Compact,
        lines: &'a Lines<'a>,
        known: &'a Known,
        picks: &[Option<Pick>],
    ) -> Self {
        let empty = vec![None; compact.vehicles.len()];
        let sets = vec![0; compact.modules];
        let mut draft = Self {
            compact,
            lines,
            known,
            picks: empty,
            sets,
            banned: vec![false; compact.modules],
        };
        for (v, pick) in picks.iter().enumerate() {
            draft.put(v, *pick);
        }
        draft
    }

    /// True cost, EUR; infinite while a vehicle is unserved.
    pub(crate) fn cost(&self) -> f64 {
        let mut cost = 0.0;
        for v in 0..self.picks.len() {
            match self.columns(v) {
                Some(columns) => {
                    cost += columns.iter().map(|(_, column)| column.direct).sum::<f64>()
                }
                None => return f64::INFINITY,
            }
        }
        let of_module = |(module, set): (usize, &AxleSet)| self.module_cost(module, *set);
        cost + self.sets.iter().enumerate().map(of_module).sum::<f64>()
    }

    fn module_cost(&self, module: usize, set: AxleSet) -> f64 {
        if set == 0 {
            return 0.0;
        }
        let mut known = self.known.borrow_mut();
        let cost = known.entry((module, set));
        *cost.or_insert_with(|| self.lines.cost(module, set))
    }

    /// The picks.
    pub(crate) fn picks(&self) -> &[Option<Pick>] {
        &self.picks
    }

    /// The axles and columns of a vehicle.
    fn columns(&self, v: usize) -> Option<Vec<(usize, &'a Col)>> {
        let vehicle = &self.compact.vehicles[v];
        let pick = self.picks[v]?;
        let column = |(offset, list): (usize, &'a Vec<Col>)| {
            list.get(pick.columns[offset])
                .map(|column| (vehicle.first_axle + offset, column))
        };
        vehicle.splits[pick.split]
            .iter()
            .enumerate()
            .map(column)
            .collect()
    }

    fn put(&mut self, v: usize, pick: Option<Pick>) {
        for (axle, column) in self.columns(v).unwrap_or_default() {
            for module in column.modules {
                self.sets[module as usize] &= !(1 << axle);
            }
        }
        self.picks[v] = pick;
        for (axle, column) in self.columns(v).unwrap_or_default() {
            for module in column.modules {
                self.sets[module as usize] |= 1 << axle;
            }
        }
    }

    /// Lets one vehicle after the other choose anew until none changes.
    pub(crate) fn polish(&mut self) {
        for _ in 0..20 {
            let before = self.picks.clone();
            for v in 0..self.picks.len() {
                self.choose(v);
            }
            if before == self.picks {
                return;
            }
        }
    }

    /// Tries to do without each module in turn, and polishes what that gives, while it helps.
    pub(crate) fn close_modules(&mut self) {
        let mut cost = self.cost();
        for _ in 0..4 {
            let before = cost;
            for module in 0..self.sets.len() {
                if self.sets[module] == 0 {
                    continue;
                }
                let mut other = self.without(module);
                other.polish();
                other.banned[module] = false;
                other.polish();
                let other_cost = other.cost();
                if other_cost < cost {
                    (cost, *self) = (other_cost, other);
                }
            }
            if cost >= before {
                return;
            }
        }
    }

    fn without(&self, module: usize) -> Self {
        let mut other = self.clone();
        other.banned[module] = true;
        let uses = |v: &usize| {
            let vehicle = &self.compact.vehicles[*v];
            (0..vehicle.axles()).any(|k| self.sets[module] & 1 << (vehicle.first_axle + k) != 0)
        };
        let affected: Vec<usize> = (0..self.picks.len()).filter(uses).collect();
        affected.iter().for_each(|v| other.put(*v, None));
        affected.iter().for_each(|v| other.choose(*v));
        other
    }

    /// Gives a vehicle what adds least to the cost, all others as they are.
    fn choose(&mut self, v: usize) {
        self.put(v, None);
        let vehicle = &self.compact.vehicles[v];
        let best = if vehicle.axles() == 1 {
            self.single(v)
        } else {
            self.pair(v)
        };
        self.put(v, best);
    }

    fn allowed(&self, column: &Col) -> bool {
        column
            .modules
            .iter()
            .all(|module| !self.banned[*module as usize])
    }

    /// What each module adds if it serves `axle` besides those of `with` and those it serves.
    fn margins(&self, axle: usize, with: AxleSet) -> Margins<'_, 'a> {
        Margins {
            draft: self,
            axle,
            with,
            known: vec![f64::NAN; self.sets.len()],
        }
    }

    fn single(&self, v: usize) -> Option<Pick> {
        let vehicle = &self.compact.vehicles[v];
        let mut margins = self.margins(vehicle.first_axle, 0);
        let (mut least, mut best) = (f64::INFINITY, None);
        for (split, lists) in vehicle.splits.iter().enumerate() {
            for (index, column) in lists[0].iter().enumerate() {
                let value = margins.of(column);
                if value < least && self.allowed(column) {
                    (least, best) = (
                        value,
                        Some(Pick {
                            split,
                            columns: [index, 0],
                        }),
                    );
                }
            }
        }
        best
    }

    /// The best pair: fronts in rising order of cost, until no rear can make up.
    fn pair(&self, v: usize) -> Option<Pick> {
        let vehicle = &self.compact.vehicles[v];
        let (front, rear) = (vehicle.first_axle, vehicle.first_axle + 1);
        let mut front_margins = self.margins(front, 0);
        let mut alone = self.margins(rear, 0);
        let mut shared = self.margins(rear, 1 << front);
        let (mut least, mut best) = (f64::INFINITY, None);
        for (split, lists) in vehicle.splits.iter().enumerate() {
            let valued = |list: &[Col], value: &mut dyn FnMut(&Col) -> f64| {
                let listed = list.iter().enumerate();
                let allowed = listed.filter(|(_, column)| self.allowed(column));
                allowed
                    .map(|(index, column)| (value(column), index))
                    .collect::<Vec<(f64, usize)>>()
            };
            let mut fronts = valued(&lists[0], &mut |column| front_margins.of(column));
            let mut rears = valued(&lists[1], &mut |column| {
                column.direct + low(column, &mut alone, &mut shared)
            });
            let first = |list: &[(f64, usize)]| list.iter().copied().min_by(by_value);
            let (Some(front), Some(rear)) = (first(&fronts), first(&rears)) else {
                continue;
            };
            // What some pair costs at most: no dearer one is worth a look.
            let highest = lists[1][rear.1]
                .modules
                .iter()
                .map(|m| alone.at(*m).max(shared.at(*m)));
            let some = front.0 + lists[1][rear.1].direct + highest.sum::<f64>();
            let limit = least.min(some * (1.0 + f64::EPSILON * 8.0));
            fronts.retain(|(value, _)| value + rear.0 <= limit);
            rears.retain(|(value, _)| value + front.0 <= limit);
            fronts.sort_unstable_by(by_value);
            rears.sort_unstable_by(by_value);
            let Some((lowest_rear, _)) = rears.first() else {
                continue;
            };
            for (front_value, f) in &fronts {
                if front_value + lowest_rear >= least {
                    break;
                }
                let with = lists[0][*f].modules;
                for (rear_low, r) in &rears {
                    if front_value + rear_low >= least {
                        break;
                    }
                    let column = &lists[1][*r];
                    let margin = |module: &u32| {
                        if with.contains(module) {
                            shared.at(*module)
                        } else {
                            alone.at(*module)
                        }
                    };
                    let rear_value = column.direct + column.modules.iter().map(margin).sum::<f64>();
                    if front_value + rear_value < least {
                        least = front_value + rear_value;
                        best = Some(Pick {
                            split,
                            columns: [*f, *r],
                        });
                    }
                }
            }
        }
        best
    }
}

fn by_value(a: &(f64, usize), b: &(f64, usize)) -> Ordering {
    a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
}

/// The least that a column's modules can add, whichever of them the front axle uses too.
fn low(column: &Col, alone: &mut Margins, shared: &mut Margins) -> f64 {
    column
        .modules
        .iter()
        .map(|module| alone.at(*module).min(shared.at(*module)))
        .sum()
}

/// What modules add to the cost by serving one more axle, found when asked for.
struct Margins<'d, 'a> {
    draft: &'d Draft<'a>,
    axle: usize,
    with: AxleSet,
    known: Vec<f64>,
}

impl Margins<'_, '_> {
    fn at(&mut self, module: u32) -> f64 {
        let module = module as usize;
        if self.known[module].is_nan() {
            let before = self.draft.sets[module] | self.with;
            let cost = |set| self.draft.module_cost(module, set);
            self.known[module] = cost(before | 1 << self.axle) - cost(before);
        }
        self.known[module]
    }

    fn of(&mut self, column: &Col) -> f64 {
        column.direct
            + column
                .modules
                .iter()
                .map(|module| self.at(*module))
                .sum::<f64>()
    }
}
