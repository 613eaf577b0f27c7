//! The cheapest lines for one module, exactly: for given axles, and against given prices.
//!
//! A line serves a set of partners; every partner that uses the module takes it from one line. The
//! cheapest way is therefore a partition of the using partners into sets, each with its best line.

use codrive_model::family::{Delivery, FamilyProblem, Line};

use crate::check::MAX_PARTNERS;
use crate::compact::{Axle, AxleSet, members};
use crate::dominance::curve_costs_no_more;

/// A set of partners.
pub(crate) type PartnerSet = u8;

/// A line as exactly these partners would use it.
#[derive(Clone, Copy, Debug)]
struct Release {
    partners: PartnerSet,
    line: usize,
    fixed: f64,
    /// Conversion of a unit at the largest volume there can be, EUR: none costs less.
    floor: f64,
}

/// What the search has decided about a module's use.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Duty {
    /// Some axle uses it.
    pub used: bool,
    /// Some axle of each of these partners uses it.
    pub partners: PartnerSet,
    /// These axles use it.
    pub axles: AxleSet,
}

/// Who may use a module, who must, and how exactly the answer is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Market {
    /// The axles that may use it.
    pub users: AxleSet,
    /// Those that must.
    pub duty: Duty,
    /// Whether a bound will do for `value_if_used`.
    pub quick: bool,
}

/// Memory that is used again and again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    payers: Vec<Payer>,
    sorted: Vec<Payer>,
    values: Vec<(f64, AxleSet)>,
    best: Vec<(f64, AxleSet)>,
}

/// What an axle pays per unit.
#[derive(Clone, Copy, Debug)]
struct Payer {
    eur_per_unit: f64,
    units: f64,
    axle: usize,
    partner: usize,
}

const NONE: (f64, AxleSet) = (f64::INFINITY, 0);

/// The best answer of a module to prices.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Offer {
    /// Least of cost minus what the served axles pay, EUR.
    pub value: f64,
    /// The axles it serves at `value`.
    pub axles: AxleSet,
    /// The same if the module must be used by someone, EUR.
    pub value_if_used: f64,
    /// The axles it serves then.
    pub axles_if_used: AxleSet,
    /// Whether it is used at `value`.
    pub used: bool,
}

/// All modules' lines, prepared.
#[derive(Clone, Debug)]
pub(crate) struct Lines<'a> {
    problem: &'a FamilyProblem,
    axles: &'a [Axle],
    /// For each partner its axles.
    owned: [AxleSet; MAX_PARTNERS],
    releases: Vec<Vec<Release>>,
}

impl<'a> Lines<'a> {
    /// Lists every way to release every module.
    pub(crate) fn new(problem: &'a FamilyProblem, axles: &'a [Axle]) -> Self {
        let most: f64 = axles.iter().map(|axle| axle.units).sum();
        let releases = problem.modules.iter().map(|module| {
            let of_line =
                |(line, data)| releases_of(line, data, problem.development_overhead, most);
            let all = module.lines.iter().enumerate().flat_map(of_line).collect();
            without_dearer(all, &module.lines)
        });
        let mut owned = [0; MAX_PARTNERS];
        for (index, axle) in axles.iter().enumerate() {
            owned[axle.partner] |= 1 << index;
        }
        Self {
            problem,
            axles,
            owned,
            releases: releases.collect(),
        }
    }

    fn line(&self, module: usize, release: &Release) -> &'a Line {
        &self.problem.modules[module].lines[release.line]
    }

    fn logistics(&self, line: &Line, axle: usize) -> f64 {
        line.delivery(self.axles[axle].partner)
            .map_or(0.0, |user| user.logistics_eur_per_unit)
    }

    /// The axles of some partners, within a set.
    fn of_partners(&self, set: AxleSet, partners: PartnerSet) -> AxleSet {
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

    /// Cost of one release that serves exactly these axles, EUR.
    fn release_cost(&self, module: usize, release: &Release, set: AxleSet) -> f64 {
        let line = self.line(module, release);
        let (mut units, mut logistics) = (0.0, 0.0);
        for axle in members(set) {
            units += self.axles[axle].units;
            logistics += self.axles[axle].units * self.logistics(line, axle);
        }
        release.fixed + logistics + line.conversion.total_eur(units)
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

    /// The best offer of a module that `users` may use, against what each axle pays for it.
    ///
    /// With `quick`, a release that cannot pay for its fixed cost even with free conversion is
    /// answered by that lower bound: `value` is the same, `value_if_used` may be lower.
    pub(crate) fn offer(
        &self,
        module: usize,
        market: &Market,
        pays: impl Fn(usize) -> f64,
        scratch: &mut Scratch,
    ) -> Offer {
        let duty = market.duty;
        let forced = duty.partners | self.partners_of(duty.axles);
        let possible = market.users | duty.axles;
        let all = self.partners_of(possible);
        scratch.values.clear();
        scratch.values.resize(usize::from(all) + 1, NONE);
        scratch.payers.clear();
        let payer = |axle: usize| {
            let Axle { partner, units } = self.axles[axle];
            Payer {
                eur_per_unit: pays(axle) / units,
                units,
                axle,
                partner,
            }
        };
        scratch.payers.extend(members(possible).map(payer));
        let mut from = 0;
        let releases = &self.releases[module];
        while let Some(first) = releases.get(from) {
            let same = |r: &&Release| r.line == first.line;
            let count = releases[from..].iter().take_while(same).count();
            let of_line = &releases[from..from + count];
            self.offer_of_line(module, of_line, market, all, scratch);
            from += count;
        }
        combine(scratch, all, forced, duty.used)
    }

    /// Puts the best answer of each release of one line beside those of the lines before.
    fn offer_of_line(
        &self,
        module: usize,
        releases: &[Release],
        market: &Market,
        all: PartnerSet,
        scratch: &mut Scratch,
    ) {
        let line = self.line(module, &releases[0]);
        let floor = releases[0].floor;
        let required = market.duty.axles;
        let mut most = [0.0; MAX_PARTNERS];
        let Scratch {
            payers,
            sorted,
            values,
            ..
        } = scratch;
        sorted.clear();
        for payer in payers.iter() {
            let transport = line.users.iter().find(|user| user.partner == payer.partner);
            let Some(transport) = transport else { continue };
            let eur_per_unit = payer.eur_per_unit - transport.logistics_eur_per_unit;
            let must = required & 1 << payer.axle != 0;
            if must || eur_per_unit > floor {
                most[payer.partner] += (eur_per_unit - floor) * payer.units;
            }
            if must || eur_per_unit > 0.0 {
                sorted.push(Payer {
                    eur_per_unit,
                    ..*payer
                });
            }
        }
        let mut unsorted = true;
        for release in releases.iter().filter(|r| r.partners & !all == 0) {
            let parts = (0..MAX_PARTNERS).filter(|p| release.partners & 1 << p != 0);
            let least = release.fixed - parts.map(|p| most[p]).sum::<f64>();
            let best = &mut values[usize::from(release.partners)];
            if least >= best.0 {
                continue;
            }
            let free = self.of_partners(required, release.partners) == 0;
            if market.quick && free && least >= 0.0 {
                *best = (least, 0);
                continue;
            }
            if unsorted {
                sort(sorted, required);
                unsorted = false;
            }
            let answer = answer(line, release, required, sorted);
            if answer.0 < best.0 {
                *best = answer;
            }
        }
    }
}

/// Those that must be served first, then in falling order of what they pay per unit.
fn sort(payers: &mut [Payer], required: AxleSet) {
    let free = |payer: &Payer| required & 1 << payer.axle == 0;
    payers.sort_unstable_by(|a, b| {
        let pays_more = b.eur_per_unit.total_cmp(&a.eur_per_unit);
        free(a)
            .cmp(&free(b))
            .then(pays_more)
            .then(a.axle.cmp(&b.axle))
    });
}

/// The best set of axles for one release: the curve is concave, so some best set takes the axles
/// in falling order of what they pay per unit, after those it must serve.
fn answer(line: &Line, release: &Release, required: AxleSet, sorted: &[Payer]) -> (f64, AxleSet) {
    let served = || {
        sorted
            .iter()
            .filter(|p| release.partners & 1 << p.partner != 0)
    };
    let floor = line
        .conversion
        .unit_eur(served().map(|payer| payer.units).sum());
    let (mut units, mut linear, mut set) = (0.0, release.fixed, 0);
    let mut served = served().peekable();
    while let Some(payer) = served.next_if(|payer| required & 1 << payer.axle != 0) {
        units += payer.units;
        linear -= payer.eur_per_unit * payer.units;
        set |= 1 << payer.axle;
    }
    let mut best = (linear + line.conversion.total_eur(units), set);
    for payer in served {
        units += payer.units;
        linear -= payer.eur_per_unit * payer.units;
        set |= 1 << payer.axle;
        if linear + floor * units < best.0 {
            best = lesser(best, (linear + line.conversion.total_eur(units), set));
        }
    }
    best
}

fn lesser(a: (f64, AxleSet), b: (f64, AxleSet)) -> (f64, AxleSet) {
    if b.0 < a.0 { b } else { a }
}

/// Every set of partners that can use a line, with development, overhead and tooling.
fn releases_of(index: usize, line: &Line, overhead: f64, most: f64) -> Vec<Release> {
    let users = line
        .users
        .iter()
        .fold(0, |set: PartnerSet, user| set | 1 << user.partner);
    let subset = |partners: &PartnerSet| *partners != 0 && partners & !users == 0;
    let release = |partners: PartnerSet| Release {
        partners,
        line: index,
        fixed: line.development_for_eur(partners.count_ones() as usize, overhead)
            + line.tooling_eur,
        floor: line.conversion.unit_eur(most),
    };
    (0..=users).filter(subset).map(release).collect()
}

/// Leaves out a release if another for the same partners costs no more at any volume.
fn without_dearer(releases: Vec<Release>, lines: &[Line]) -> Vec<Release> {
    let no_dearer = |new: &Release, old: &Release| {
        let used = |user: &&Delivery| new.partners & 1 << user.partner != 0;
        let transport = lines[old.line].users.iter().filter(used).all(|old| {
            let delivery = lines[new.line].delivery(old.partner);
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

/// The subsets of a set that hold its lowest member.
fn parts_with_lowest(set: PartnerSet) -> impl Iterator<Item = PartnerSet> {
    let lowest = set & set.wrapping_neg();
    (1..=set).filter(move |part| part & !set == 0 && part & lowest != 0)
}

/// Puts the offers to sets of partners together: each partner is served in one part, or, unless
/// forced, not at all.
fn combine(scratch: &mut Scratch, all: PartnerSet, forced: PartnerSet, used: bool) -> Offer {
    let Scratch { values, best, .. } = scratch;
    best.clear();
    best.resize(usize::from(all) + 1, NONE);
    best[0] = (0.0, 0);
    let joined = |part: PartnerSet, best: &[(f64, AxleSet)], set: PartnerSet| {
        let (here, rest) = (values[usize::from(part)], best[usize::from(set & !part)]);
        (here.0 + rest.0, here.1 | rest.1)
    };
    for set in (1..=all).filter(|set| set & !all == 0) {
        let lowest = set & set.wrapping_neg();
        let skipped = if forced & lowest == 0 {
            best[usize::from(set & !lowest)]
        } else {
            NONE
        };
        best[usize::from(set)] = parts_with_lowest(set)
            .map(|part| joined(part, best, set))
            .fold(skipped, lesser);
    }
    let parts = (1..=all).filter(|part| part & !all == 0);
    let if_used = parts.map(|part| joined(part, best, all)).fold(NONE, lesser);
    let free = if forced & !all == 0 {
        best[usize::from(all)]
    } else {
        NONE
    };
    let (value, axles) = if used { if_used } else { free };
    Offer {
        value,
        axles,
        value_if_used: if_used.0,
        axles_if_used: if_used.1,
        used,
    }
}
