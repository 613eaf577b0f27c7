//! The problem with axles and columns numbered through, as the search reads it.

use codrive_model::family::FamilyProblem;

/// A set of axles.
pub(crate) type AxleSet = u128;

/// Most driven axles: the width of [`AxleSet`].
pub(crate) const MAX_AXLES: usize = 128;

/// A driven axle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Axle {
    pub partner: usize,
    pub units: f64,
    /// Units in the peak year.
    pub peak: f64,
    /// The same, each worth what it is when capacity for it is paid.
    pub capacity: f64,
}

/// A column; `modules` in the order of the model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Col {
    pub direct: f64,
    pub modules: [u32; 4],
    /// Index in the model's list.
    pub index: u32,
}

/// A vehicle: its first axle and the columns of each split and axle.
#[derive(Clone, Debug)]
pub(crate) struct Vehicle {
    pub first_axle: usize,
    pub splits: Vec<Vec<Vec<Col>>>,
}

impl Vehicle {
    /// Number of driven axles.
    pub(crate) fn axles(&self) -> usize {
        self.splits.first().map_or(0, Vec::len)
    }
}

/// What may still be chosen.
#[derive(Clone, Debug)]
pub(crate) struct Compact {
    pub axles: Vec<Axle>,
    pub vehicles: Vec<Vehicle>,
    pub modules: usize,
}

impl Compact {
    /// Numbers a checked problem; leaves out columns whose modules the partner cannot have.
    pub(crate) fn new(problem: &FamilyProblem) -> Self {
        let mut axles = Vec::new();
        let mut vehicles = Vec::new();
        for vehicle in &problem.vehicles {
            let first_axle = axles.len();
            let axle = |units: &f64| Axle {
                partner: vehicle.partner,
                units: *units,
                peak: vehicle.peak_units,
                capacity: vehicle.peak_units * vehicle.capacity_discount,
            };
            axles.extend(vehicle.axle_units.iter().map(axle));
            let list = |columns: &Vec<_>| compact_list(problem, vehicle.partner, columns);
            let splits = vehicle
                .splits
                .iter()
                .map(|split| split.columns.iter().map(list).collect());
            vehicles.push(Vehicle {
                first_axle,
                splits: splits.collect(),
            });
        }
        Self {
            axles,
            vehicles,
            modules: problem.modules.len(),
        }
    }

    /// Number of columns in all lists.
    pub(crate) fn columns(&self) -> usize {
        self.vehicles
            .iter()
            .flat_map(|v| &v.splits)
            .flatten()
            .map(Vec::len)
            .sum()
    }

    /// Keeps the columns for which `keep(axle, vehicle, split, column)` holds; a split that loses
    /// all columns of one axle loses those of the other too.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(usize, usize, usize, &Col) -> bool) {
        for (v, vehicle) in self.vehicles.iter_mut().enumerate() {
            for (s, lists) in vehicle.splits.iter_mut().enumerate() {
                for (offset, list) in lists.iter_mut().enumerate() {
                    list.retain(|column| keep(vehicle.first_axle + offset, v, s, column));
                }
                if lists.iter().any(Vec::is_empty) {
                    lists.iter_mut().for_each(Vec::clear);
                }
            }
        }
    }

    /// The first vehicle that nothing can serve, if any.
    pub(crate) fn unserved(&self) -> Option<usize> {
        let served = |v: &Vehicle| {
            v.splits
                .iter()
                .any(|lists| !lists.is_empty() && lists.iter().all(|l| !l.is_empty()))
        };
        self.vehicles.iter().position(|vehicle| !served(vehicle))
    }

    /// Every axle at its cheapest column and no module costing anything but the capacity that is used, EUR: what no
    /// decision avoids.
    pub(crate) fn unavoidable_eur(&self, problem: &FamilyProblem) -> f64 {
        let capacity = |module: u32| problem.modules[module as usize].capacity.used_eur_per_unit;
        let least = |(axle, list): (&Axle, &Vec<Col>)| {
            let used = |column: &Col| column.modules.map(capacity).iter().sum::<f64>();
            let cost = |column: &Col| column.direct + used(column) * axle.capacity;
            list.iter().map(cost).fold(f64::INFINITY, f64::min)
        };
        let vehicle = |v: &Vehicle| {
            let split = |lists: &Vec<Vec<Col>>| {
                let axles = &self.axles[v.first_axle..];
                axles.iter().zip(lists).map(least).sum::<f64>()
            };
            v.splits.iter().map(split).fold(f64::INFINITY, f64::min)
        };
        self.vehicles.iter().map(vehicle).sum()
    }

    /// For each module the axles that some column lets use it.
    pub(crate) fn users(&self) -> Vec<AxleSet> {
        let mut users = vec![0; self.modules];
        for vehicle in &self.vehicles {
            for (offset, list) in vehicle
                .splits
                .iter()
                .flat_map(|lists| lists.iter().enumerate())
            {
                for module in list.iter().flat_map(|column| column.modules) {
                    users[module as usize] |= 1 << (vehicle.first_axle + offset);
                }
            }
        }
        users
    }
}

/// The columns a partner can have, without repeated ones: of two with the same modules the first
/// of the cheaper.
fn compact_list(
    problem: &FamilyProblem,
    partner: usize,
    columns: &[codrive_model::family::Column],
) -> Vec<Col> {
    let available = |module: &usize| {
        problem.modules[*module]
            .lines
            .iter()
            .any(|line| line.delivery(partner).is_some())
    };
    let mut best: std::collections::BTreeMap<[usize; 4], usize> = std::collections::BTreeMap::new();
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
    let compact = |index: usize| Col {
        direct: columns[index].direct_eur,
        #[allow(clippy::cast_possible_truncation)]
        modules: columns[index].modules.map(|module| module as u32),
        #[allow(clippy::cast_possible_truncation)]
        index: index as u32,
    };
    kept.into_iter().map(compact).collect()
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
