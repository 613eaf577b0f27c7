//! Good families, found by changing one vehicle or one module at a time; always the same ones.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::bound::{Pick, cheapest};
use crate::compact::{AxleSet, Col, Compact, Way};
use crate::lines::Lines;
use crate::pairs::Margins;

/// Costs of modules for sets of axles, EUR, as they were found.
#[derive(Debug)]
pub(crate) struct Known {
    modules: usize,
    /// For each axle and module the cost for that axle, and for it and the next; NaN until asked for.
    few: RefCell<[Vec<f64>; 2]>,
    more: RefCell<HashMap<(usize, AxleSet), f64>>,
}

impl Known {
    /// Nothing known yet.
    pub(crate) fn new(axles: usize, modules: usize) -> Self {
        Self {
            modules,
            few: RefCell::new([(); 2].map(|()| vec![f64::NAN; axles * modules])),
            more: RefCell::default(),
        }
    }

    fn cost(&self, lines: &Lines, module: usize, set: AxleSet) -> f64 {
        let first = set.trailing_zeros() as usize;
        let rest = set.checked_shr(set.trailing_zeros()).unwrap_or(0);
        match rest {
            0 => 0.0,
            1 | 3 => {
                let mut few = self.few.borrow_mut();
                let cost = &mut few[usize::from(rest == 3)][first * self.modules + module];
                if cost.is_nan() {
                    *cost = lines.cost(module, set);
                }
                *cost
            }
            _ => {
                let mut more = self.more.borrow_mut();
                let cost = more.entry((module, set));
                *cost.or_insert_with(|| lines.cost(module, set))
            }
        }
    }
}

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
        self.known.cost(self.lines, module, set)
    }

    /// The picks.
    pub(crate) fn picks(&self) -> &[Option<Pick>] {
        &self.picks
    }

    /// The axles and columns of a vehicle.
    fn columns(&self, v: usize) -> Option<Vec<(usize, &'a Col)>> {
        let vehicle = &self.compact.vehicles[v];
        let pick = self.picks[v]?;
        let way = &vehicle.ways[pick.way];
        let column = |(offset, list): (usize, &'a Vec<Col>)| {
            list.get(pick.columns[offset])
                .map(|column| (way.first_axle + offset, column))
        };
        way.lists.iter().enumerate().map(column).collect()
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
            let columns = self.columns(*v).unwrap_or_default();
            columns.iter().any(|(_, column)| column.has(module))
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

    /// What each module adds if it serves `axle` besides those of `with` and those it serves.
    fn margins(&self, axle: usize, with: AxleSet) -> Vec<f64> {
        let margin = |(module, set): (usize, &AxleSet)| {
            let before = set | with;
            let after = self.module_cost(module, before | 1 << axle);
            if self.banned[module] || after.is_infinite() {
                return f64::INFINITY;
            }
            after - self.module_cost(module, before)
        };
        self.sets.iter().enumerate().map(margin).collect()
    }

    fn single(&self, v: usize) -> Option<Pick> {
        let ways = &self.compact.vehicles[v].ways;
        let (mut least, mut best) = (f64::INFINITY, None);
        for (ways, first_axle, first_way) in at_each_site(ways) {
            let margins = self.margins(first_axle, 0);
            for (way, data) in (first_way..).zip(ways) {
                let (value, index) = cheapest(&data.lists[0], &margins);
                if value < least {
                    let columns = [index, 0];
                    (least, best) = (value, Some(Pick { way, columns }));
                }
            }
        }
        best
    }

    fn pair(&self, v: usize) -> Option<Pick> {
        let ways = &self.compact.vehicles[v].ways;
        let (mut least, mut best) = (f64::INFINITY, None);
        for (ways, front, first_way) in at_each_site(ways) {
            let margins = Margins {
                front: self.margins(front, 0),
                alone: self.margins(front + 1, 0),
                shared: self.margins(front + 1, 1 << front),
            };
            for (way, data) in (first_way..).zip(ways) {
                if let Some((value, columns)) = margins.cheapest(&data.lists, least) {
                    (least, best) = (value, Some(Pick { way, columns }));
                }
            }
        }
        best
    }
}

/// The ways of a vehicle site by site, with the first axle there and the number of the first of them.
fn at_each_site(ways: &[Way]) -> impl Iterator<Item = (&[Way], usize, usize)> {
    let mut next = 0;
    let groups = ways.chunk_by(|a, b| a.site == b.site);
    groups.map(move |ways| {
        let first_way = next;
        next += ways.len();
        (ways, ways[0].first_axle, first_way)
    })
}
