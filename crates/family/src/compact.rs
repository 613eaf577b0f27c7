//! The problem with axles and columns numbered through, as the search reads it.

use std::collections::BTreeMap;

use codrive_model::family::{Column, FamilyProblem, TargetSplit};

use crate::counts::KINDS;

/// A set of axles.
pub(crate) type AxleSet = u128;

/// Most driven axles: the width of [`AxleSet`].
pub(crate) const MAX_AXLES: usize = 128;

/// A driven axle of a vehicle assembled at one of the sites it may be assembled at: one place for each of its sites.
/// A family uses one of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Axle {
    /// The same for all places of a driven axle.
    pub driven: usize,
    pub partner: usize,
    pub site: usize,
    pub units: f64,
    /// Units in the peak year.
    pub peak: f64,
    /// The same, each worth what it is when capacity for it is paid.
    pub capacity: f64,
}

/// A column; `modules` in the order of the model, and the site that assembles.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Col {
    pub direct: f64,
    pub modules: [u32; KINDS],
    /// Index in the model's list.
    pub index: u32,
}

impl Col {
    pub(crate) fn has(&self, module: usize) -> bool {
        self.modules.iter().any(|other| *other as usize == module)
    }
}

/// A way to have a vehicle: a site and a split, and for each driven axle its columns.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub site: usize,
    pub split: usize,
    pub first_axle: usize,
    pub lists: Vec<Vec<Col>>,
}

impl Way {
    /// Whether every driven axle can be served.
    pub(crate) fn serves(&self) -> bool {
        !self.lists.is_empty() && self.lists.iter().all(|list| !list.is_empty())
    }
}

/// A vehicle: the ways to have it.
#[derive(Clone, Debug)]
pub(crate) struct Vehicle {
    pub ways: Vec<Way>,
}

impl Vehicle {
    /// Number of driven axles.
    pub(crate) fn axles(&self) -> usize {
        self.ways.first().map_or(0, |way| way.lists.len())
    }
}

/// What may still be chosen.
#[derive(Clone, Debug)]
pub(crate) struct Compact {
    pub axles: Vec<Axle>,
    pub vehicles: Vec<Vehicle>,
    /// Modules and sites, numbered one after the other.
    pub modules: usize,
}

impl Compact {
    /// Numbers a checked problem; leaves out columns whose modules cannot be had at the site.
    pub(crate) fn new(problem: &FamilyProblem) -> Self {
        Self::without(problem, &vec![false; problem.sites.len()])
    }

    /// The same without some sites.
    pub(crate) fn without(problem: &FamilyProblem, removed: &[bool]) -> Self {
        let mut compact = Self {
            axles: Vec::new(),
            vehicles: Vec::new(),
            modules: problem.modules.len() + problem.sites.len(),
        };
        let mut driven = 0;
        for vehicle in &problem.vehicles {
            let mut ways = Vec::new();
            for site in vehicle.sites.iter().filter(|site| !removed[**site]) {
                let first_axle = compact.axles.len();
                let axle = |(offset, units): (usize, &f64)| Axle {
                    driven: driven + offset,
                    partner: vehicle.partner,
                    site: *site,
                    units: *units,
                    peak: vehicle.peak_units,
                    capacity: vehicle.peak_units * vehicle.capacity_discount,
                };
                let axles = vehicle.axle_units.iter().enumerate();
                compact.axles.extend(axles.map(axle));
                let list = |columns: &Vec<Column>| compact_list(problem, *site, columns);
                let way = |(split, data): (usize, &TargetSplit)| Way {
                    site: *site,
                    split,
                    first_axle,
                    lists: data.columns.iter().map(list).collect(),
                };
                ways.extend(vehicle.splits.iter().enumerate().map(way));
            }
            driven += vehicle.axle_units.len();
            compact.vehicles.push(Vehicle { ways });
        }
        compact
    }

    /// Number of columns in all lists.
    pub(crate) fn columns(&self) -> usize {
        self.ways().flat_map(|way| &way.lists).map(Vec::len).sum()
    }

    /// All ways of all vehicles.
    pub(crate) fn ways(&self) -> impl Iterator<Item = &Way> {
        self.vehicles.iter().flat_map(|vehicle| &vehicle.ways)
    }

    /// The first axle of a vehicle that is assembled at a site.
    pub(crate) fn first_axle(&self, vehicle: usize, site: usize) -> Option<usize> {
        let mut ways = self.vehicles.get(vehicle)?.ways.iter();
        ways.find(|way| way.site == site).map(|way| way.first_axle)
    }

    /// Keeps the columns for which `keep(axle, vehicle, way, column)` holds; a way that loses
    /// all columns of one axle loses those of the other too.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(usize, usize, usize, &Col) -> bool) {
        for (v, vehicle) in self.vehicles.iter_mut().enumerate() {
            for (w, way) in vehicle.ways.iter_mut().enumerate() {
                for (offset, list) in way.lists.iter_mut().enumerate() {
                    list.retain(|column| keep(way.first_axle + offset, v, w, column));
                }
                if !way.serves() {
                    way.lists.iter_mut().for_each(Vec::clear);
                }
            }
        }
    }

    /// The first vehicle that nothing can serve, if any.
    pub(crate) fn unserved(&self) -> Option<usize> {
        let served = |vehicle: &Vehicle| vehicle.ways.iter().any(Way::serves);
        self.vehicles.iter().position(|vehicle| !served(vehicle))
    }

    /// Every axle at its cheapest column and no module costing anything but the capacity that is used, every vehicle
    /// assembled where that is cheapest, with all of its partner's, EUR: what no decision avoids.
    pub(crate) fn unavoidable_eur(&self, problem: &FamilyProblem) -> f64 {
        let capacity = |module: u32| {
            let module = problem.modules.get(module as usize);
            module.map_or(0.0, |module| module.capacity.used_eur_per_unit)
        };
        let least = |(axle, list): (&Axle, &Vec<Col>)| {
            let value = |column: &Col| {
                column.direct + column.modules.map(capacity).iter().sum::<f64>() * axle.capacity
            };
            list.iter().map(value).fold(f64::INFINITY, f64::min)
        };
        let way = |way: &Way| {
            let axles = &self.axles[way.first_axle..];
            let site = &problem.sites[way.site];
            let assembly = site.conversion.unit_eur(self.units_of(site.partner));
            let mut sum = 0.0;
            for (axle, list) in axles.iter().zip(&way.lists) {
                sum += least((axle, list))
                    + assembly * axle.units
                    + site.capacity_eur_per_unit * axle.capacity;
            }
            sum
        };
        let vehicle = |v: &Vehicle| v.ways.iter().map(way).fold(f64::INFINITY, f64::min);
        self.vehicles.iter().map(vehicle).sum()
    }

    /// Units of all driven axles of a partner.
    fn units_of(&self, partner: usize) -> f64 {
        let mine = (0..self.axles.len()).filter(|axle| self.axles[*axle].partner == partner);
        let places = mine.fold(0, |set: AxleSet, axle| set | 1 << axle);
        let once = one_place_each(&self.axles, places);
        members(once).map(|axle| self.axles[axle].units).sum()
    }

    /// For each module and site the axles that some column lets use it.
    pub(crate) fn users(&self) -> Vec<AxleSet> {
        let mut users = vec![0; self.modules];
        for way in self.ways() {
            for (offset, list) in way.lists.iter().enumerate() {
                for module in list.iter().flat_map(|column| column.modules) {
                    users[module as usize] |= 1 << (way.first_axle + offset);
                }
            }
        }
        users
    }
}

/// The columns that can be had at a site, without repeated ones: of two with the same modules the first
/// of the cheaper.
fn compact_list(problem: &FamilyProblem, site: usize, columns: &[Column]) -> Vec<Col> {
    let available = |module: &usize| {
        let mut lines = problem.modules[*module].lines.iter();
        lines.any(|line| line.delivery(site).is_some())
    };
    let mut best: BTreeMap<[usize; 4], usize> = BTreeMap::new();
    for (index, column) in columns.iter().enumerate() {
        if column.modules.iter().all(available) {
            let kept = best.entry(column.modules).or_insert(index);
            if column.direct_eur < columns[*kept].direct_eur {
                *kept = index;
            }
        }
    }
    let mut kept: Vec<usize> = best.into_values().collect();
    kept.sort_unstable();
    #[allow(clippy::cast_possible_truncation)]
    let compact = |index: usize| {
        let [a, b, c, d] = columns[index].modules;
        let assembly = problem.modules.len() + site;
        Col {
            direct: columns[index].direct_eur,
            modules: [a, b, c, d, assembly].map(|module| module as u32),
            index: index as u32,
        }
    };
    kept.into_iter().map(compact).collect()
}

/// Of every driven axle in a set the first of its places.
pub(crate) fn one_place_each(axles: &[Axle], places: AxleSet) -> AxleSet {
    let (mut once, mut seen): (AxleSet, AxleSet) = (0, 0);
    for axle in members(places) {
        let driven = 1 << axles[axle].driven;
        once |= if seen & driven == 0 { 1 << axle } else { 0 };
        seen |= driven;
    }
    once
}

/// The axles in a set, ascending.
pub(crate) fn members(set: AxleSet) -> impl Iterator<Item = usize> {
    let mut rest = set;
    std::iter::from_fn(move || {
        if rest == 0 {
            return None;
        }
        let axle = rest.trailing_zeros() as usize;
        rest &= rest - 1;
        Some(axle)
    })
}
