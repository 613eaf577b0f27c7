//! The cheapest lines for one module, exactly: for given axles, and against given prices.
//!
//! A line serves a set of partners; every partner that uses the module takes it from one line. The
//! cheapest way is therefore a partition of the using partners into sets, each with its best line.

use std::borrow::Cow;

use codrive_model::family::{AssemblySite, Capacity, Delivery, FamilyProblem, Line, exceeds};

use crate::check::MAX_PARTNERS;
use crate::compact::{Axle, AxleSet, members};
use crate::dominance::curve_costs_no_more;
use crate::transport::Transports;

/// A set of partners.
pub(crate) type PartnerSet = u8;

/// A line as exactly these partners would use it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Release {
    pub partners: PartnerSet,
    pub line: usize,
    pub fixed: f64,
}

/// What a module or a site costs.
#[derive(Clone, Debug)]
pub(crate) struct Module<'a> {
    pub lines: Cow<'a, [Line]>,
    pub capacity: Capacity,
    /// Units that a line can make in the peak year.
    pub most_units_per_year: f64,
    pub transports: Transports,
}

/// A site that assembles, as a module that the axles assembled there use: one line, nothing paid once.
fn assembly(index: usize, site: &AssemblySite) -> (Vec<Line>, Capacity) {
    let line = Line {
        host: site.partner,
        plant: index,
        deliveries: vec![Delivery {
            site: index,
            partner: site.partner,
            logistics_eur_per_unit: 0.0,
        }],
        development_eur: 0.0,
        tooling_eur: 0.0,
        conversion: site.conversion,
    };
    let capacity = Capacity {
        used_eur_per_unit: site.capacity_eur_per_unit,
        ..Capacity::default()
    };
    (vec![line], capacity)
}

/// The modules of a problem, then its sites.
pub(crate) fn modules(problem: &FamilyProblem) -> Vec<Module<'_>> {
    let mut in_use = vec![false; problem.sites.len()];
    let sites = problem.vehicles.iter().flat_map(|vehicle| &vehicle.sites);
    sites.for_each(|site| in_use[*site] = true);
    let transports = |lines: &[Line]| Transports::new(lines, &problem.sites, &in_use);
    let modules = problem.modules.iter().map(|module| Module {
        lines: Cow::Borrowed(&module.lines[..]),
        capacity: module.capacity,
        most_units_per_year: f64::INFINITY,
        transports: transports(&module.lines),
    });
    let sites = problem.sites.iter().enumerate().map(|(index, site)| {
        let (lines, capacity) = assembly(index, site);
        Module {
            transports: transports(&lines),
            lines: Cow::Owned(lines),
            capacity,
            most_units_per_year: site.most_units_per_year,
        }
    });
    modules.chain(sites).collect()
}

/// All modules' and sites' lines, prepared.
#[derive(Clone, Debug)]
pub(crate) struct Lines<'a> {
    pub development_overhead: f64,
    pub modules: Vec<Module<'a>>,
    pub axles: &'a [Axle],
    /// For each partner its axles.
    owned: [AxleSet; MAX_PARTNERS],
    pub releases: Vec<Vec<Release>>,
}

impl<'a> Lines<'a> {
    /// Lists every way to release every module.
    pub(crate) fn new(problem: &'a FamilyProblem, axles: &'a [Axle]) -> Self {
        let modules = modules(problem);
        let releases = modules.iter().map(|module| {
            let of_line = |(line, data)| releases_of(line, data, problem.development_overhead);
            let all = module.lines.iter().enumerate().flat_map(of_line).collect();
            without_dearer(all, &module.lines)
        });
        let mut owned = [0; MAX_PARTNERS];
        for (index, axle) in axles.iter().enumerate() {
            owned[axle.partner] |= 1 << index;
        }
        Self {
            development_overhead: problem.development_overhead,
            axles,
            owned,
            releases: releases.collect(),
            modules,
        }
    }

    pub(crate) fn line(&self, module: usize, release: &Release) -> &Line {
        &self.modules[module].lines[release.line]
    }

    /// Transport from a line to some axles, EUR.
    pub(crate) fn logistics_eur(&self, module: usize, line: usize, set: AxleSet) -> f64 {
        let line = &self.modules[module].lines[line];
        let to = |axle: usize| {
            let Axle { site, units, .. } = self.axles[axle];
            let to = line.delivery(site);
            to.map_or(f64::INFINITY, |to| to.logistics_eur_per_unit) * units
        };
        members(set).map(to).sum()
    }

    /// The axles of some partners, within a set.
    pub(crate) fn of_partners(&self, set: AxleSet, partners: PartnerSet) -> AxleSet {
        let mine = (0..MAX_PARTNERS).filter(|p| partners & 1 << p != 0);
        set & mine.fold(0, |axles, p| axles | self.owned[p])
    }

    /// The axles of one partner, within a set.
    pub(crate) fn of_partner(&self, set: AxleSet, partner: usize) -> AxleSet {
        set & self.owned[partner]
    }

    /// The least fixed cost of a release to partners of these axles, EUR.
    pub(crate) fn least_fixed(&self, module: usize, axles: AxleSet) -> f64 {
        let partners = self.partners_of(axles);
        let releases = self.releases[module]
            .iter()
            .filter(|r| r.partners & partners != 0);
        releases
            .map(|release| release.fixed)
            .fold(f64::INFINITY, f64::min)
    }

    /// The partners of a set of axles.
    pub(crate) fn partners_of(&self, set: AxleSet) -> PartnerSet {
        let owns = |p: &usize| set & self.owned[*p] != 0;
        (0..MAX_PARTNERS)
            .filter(owns)
            .fold(0, |partners, p| partners | 1 << p)
    }

    /// Cost of a module that serves exactly these axles, EUR; zero where it cannot.
    pub(crate) fn cost_if_possible(&self, module: usize, set: AxleSet) -> f64 {
        let cost = self.cost(module, set);
        if cost.is_finite() { cost } else { 0.0 }
    }

    /// Cost of one release that serves exactly these axles, EUR.
    fn release_cost(&self, module: usize, release: &Release, set: AxleSet) -> f64 {
        let units = members(set).map(|axle| self.axles[axle].units).sum();
        let logistics = self.logistics_eur(module, release.line, set);
        let conversion = self.line(module, release).conversion.total_eur(units);
        release.fixed + logistics + conversion + self.capacity_eur(module, set)
    }

    /// What the capacity of a line for these axles costs, EUR; infinite if it cannot make so many.
    fn capacity_eur(&self, module: usize, set: AxleSet) -> f64 {
        let peak = self.peak_units(set);
        if exceeds(peak, self.modules[module].most_units_per_year) {
            return f64::INFINITY;
        }
        self.used_capacity_eur(module, set) + self.modules[module].capacity.idle_eur(peak)
    }

    /// Units of some axles in the peak year.
    pub(crate) fn peak_units(&self, set: AxleSet) -> f64 {
        members(set).map(|axle| self.axles[axle].peak).sum()
    }

    /// What the capacity that some axles use costs, EUR.
    pub(crate) fn used_capacity_eur(&self, module: usize, set: AxleSet) -> f64 {
        members(set).map(|axle| self.used_eur(module, axle)).sum()
    }

    /// What an axle's part of a line's capacity costs, EUR.
    pub(crate) fn used_eur(&self, module: usize, axle: usize) -> f64 {
        self.modules[module].capacity.used_eur_per_unit * self.axles[axle].capacity
    }

    /// Cost of a module that serves exactly these axles, EUR; infinite where it cannot.
    pub(crate) fn cost(&self, module: usize, set: AxleSet) -> f64 {
        let partners = self.partners_of(set);
        if partners.count_ones() != 1 {
            return self.best(module, set).0;
        }
        let mine = self.releases[module]
            .iter()
            .filter(|r| r.partners == partners);
        mine.map(|r| self.release_cost(module, r, set))
            .fold(f64::INFINITY, f64::min)
    }

    /// The cheapest lines with their partners for a module that serves exactly these axles.
    pub(crate) fn chosen(&self, module: usize, set: AxleSet) -> Vec<(usize, PartnerSet)> {
        self.best(module, set).1
    }

    fn best(&self, module: usize, set: AxleSet) -> (f64, Vec<(usize, PartnerSet)>) {
        if set == 0 {
            return (0.0, Vec::new());
        }
        let all = self.partners_of(set);
        let mut values = vec![(f64::INFINITY, 0); usize::from(all) + 1];
        for release in self.releases[module]
            .iter()
            .filter(|r| r.partners & !all == 0)
        {
            let axles = self.of_partners(set, release.partners);
            let cost = self.release_cost(module, release, axles);
            let value = &mut values[usize::from(release.partners)];
            if cost < value.0 {
                *value = (cost, release.line);
            }
        }
        let (cost, parts) = partition(all, |partners| values[usize::from(partners)].0);
        (
            cost,
            parts
                .into_iter()
                .map(|set| (values[usize::from(set)].1, set))
                .collect(),
        )
    }
}

/// Every set of partners that can use a line, with development, overhead and tooling.
fn releases_of(index: usize, line: &Line, overhead: f64) -> Vec<Release> {
    let users = line
        .deliveries
        .iter()
        .fold(0, |set: PartnerSet, to| set | 1 << to.partner);
    let subset = |partners: &PartnerSet| *partners != 0 && partners & !users == 0;
    let release = |partners: PartnerSet| Release {
        partners,
        line: index,
        fixed: line.development_for_eur(partners.count_ones() as usize, overhead)
            + line.tooling_eur,
    };
    (0..=users).filter(subset).map(release).collect()
}

/// Leaves out a release if another for the same partners costs no more at any volume.
fn without_dearer(releases: Vec<Release>, lines: &[Line]) -> Vec<Release> {
    let no_dearer = |new: &Release, old: &Release| {
        let used = |to: &&Delivery| new.partners & 1 << to.partner != 0;
        let transport = lines[old.line].deliveries.iter().filter(used).all(|old| {
            let delivery = lines[new.line].delivery(old.site);
            delivery.is_some_and(|d| d.logistics_eur_per_unit <= old.logistics_eur_per_unit)
        });
        let (new_curve, old_curve) = (lines[new.line].conversion, lines[old.line].conversion);
        transport && new.fixed <= old.fixed && curve_costs_no_more(new_curve, old_curve)
    };
    let mut kept: Vec<Release> = Vec::new();
    for release in releases {
        let same = |other: &&Release| other.partners == release.partners;
        if kept
            .iter()
            .filter(same)
            .any(|other| no_dearer(other, &release))
        {
            continue;
        }
        kept.retain(|other| other.partners != release.partners || !no_dearer(&release, other));
        kept.push(release);
    }
    kept
}

/// The cheapest partition of a set of partners, and its parts.
fn partition(all: PartnerSet, value: impl Fn(PartnerSet) -> f64) -> (f64, Vec<PartnerSet>) {
    let mut best = vec![(0.0, 0); usize::from(all) + 1];
    for set in (1..=all).filter(|set| set & !all == 0) {
        best[usize::from(set)] = parts_with_lowest(set)
            .map(|part| (value(part) + best[usize::from(set & !part)].0, part))
            .fold((f64::INFINITY, set), |a, b| if b.0 < a.0 { b } else { a });
    }
    let (mut parts, mut rest) = (Vec::new(), all);
    while rest != 0 {
        let part = best[usize::from(rest)].1;
        parts.push(part);
        rest &= !part;
    }
    (best[usize::from(all)].0, parts)
}

/// The subsets of a set that hold its lowest member, ascending.
pub(crate) fn parts_with_lowest(set: PartnerSet) -> impl Iterator<Item = PartnerSet> {
    let lowest = set & set.wrapping_neg();
    let others = set & !lowest;
    let next = move |part: &PartnerSet| {
        let part = part.wrapping_sub(others) & others;
        (part != 0).then_some(part)
    };
    std::iter::successors(Some(0), next).map(move |part| part | lowest)
}
