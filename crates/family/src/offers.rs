//! What a module does against given prices: whom it serves, on which lines, exactly.

use codrive_model::family::Line;

use crate::check::MAX_PARTNERS;
use crate::compact::AxleSet;
use crate::lines::{Lines, PartnerSet, Release, parts_with_lowest};
use crate::payers::{Payer, Payers};

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
#[derive(Clone, Copy, Debug)]
pub(crate) struct Market<'a> {
    /// The axles that may use it.
    pub users: AxleSet,
    /// Those that must.
    pub duty: Duty,
    /// Whether a bound will do for `value_if_used`.
    pub quick: bool,
    /// For each line what converting a unit costs at least, EUR.
    pub floors: &'a [f64],
}

/// Memory that is used again and again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch {
    payers: Payers,
    taken: Vec<Payer>,
    bids: Vec<Bid>,
    /// For each set of partners its least bid.
    least: Vec<(f64, usize)>,
    /// For each set of partners the least that serving some of them costs, and the part of it that
    /// holds the lowest partner; an empty part where that partner is not served.
    best: Vec<(f64, PartnerSet)>,
}

/// What a release to exactly these partners costs less what it is paid, EUR.
#[derive(Clone, Copy, Debug)]
struct Bid {
    release: Release,
    value: f64,
    /// Those it serves, once that is exact.
    axles: AxleSet,
    exact: bool,
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
    /// Whether `value_if_used` is exact, not only a lower bound.
    pub exact: bool,
}

impl Offer {
    /// The offer of a module that gains by serving nobody, and loses at least so much if it must.
    pub(crate) fn idle(value_if_used: f64) -> Self {
        Self {
            value_if_used,
            ..Self::default()
        }
    }
}

impl Lines<'_> {
    /// The best offer of a module to the users of a market, against what each axle pays for it.
    ///
    /// Releases are first valued at the market's floors; only those of the best partition are
    /// looked at closely, until it holds no guess. Where nobody must be served and a bound will do,
    /// that ends as soon as serving is known to gain nothing: `value` is the same.
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
        if forced & !all != 0 {
            return Offer {
                value: f64::INFINITY,
                value_if_used: f64::INFINITY,
                used: duty.used,
                exact: true,
                ..Offer::default()
            };
        }
        scratch.payers.queue(self.axles, possible, duty.axles, pays);
        self.guess(module, market, all, scratch);
        let bound_will_do = market.quick && !duty.used;
        let mut sharp = false;
        loop {
            let (value, part) = combine(scratch, all, forced);
            if bound_will_do && value >= 0.0 {
                return offered(scratch, (all, part), value, duty.used);
            }
            if !sharp {
                self.sharpen(module, market, scratch);
                sharp = true;
            } else if !self.look_closer(module, market, (all, part), scratch) {
                return offered(scratch, (all, part), value, duty.used);
            }
        }
    }

    /// Bids of all releases with conversion at its floor.
    fn guess(&self, module: usize, market: &Market, all: PartnerSet, scratch: &mut Scratch) {
        let Scratch {
            payers,
            bids,
            least,
            ..
        } = scratch;
        bids.clear();
        least.clear();
        least.resize(usize::from(all) + 1, (f64::INFINITY, 0));
        for releases in self.releases[module].chunk_by(|a, b| a.line == b.line) {
            let line = self.line(module, &releases[0]);
            let floor = market.floors[releases[0].line];
            let mut most = [0.0; MAX_PARTNERS];
            for user in &line.users {
                most[user.partner] = payers.gain(user.partner, floor + user.logistics_eur_per_unit);
            }
            for release in releases.iter().filter(|r| r.partners & !all == 0) {
                let parts = (0..MAX_PARTNERS).filter(|p| release.partners & 1 << p != 0);
                let value = release.fixed - parts.map(|p| most[p]).sum::<f64>();
                let known = &mut least[usize::from(release.partners)];
                if value < known.0 {
                    *known = (value, bids.len());
                }
                bids.push(Bid {
                    release: *release,
                    value,
                    axles: 0,
                    exact: false,
                });
            }
        }
    }

    /// Values all bids with conversion at the volume of those that may be worth serving.
    fn sharpen(&self, module: usize, market: &Market, scratch: &mut Scratch) {
        let Scratch {
            payers,
            bids,
            least,
            ..
        } = scratch;
        least.fill((f64::INFINITY, 0));
        let bound_will_do = market.quick && !market.duty.used;
        for (at, bid) in bids.iter_mut().enumerate() {
            if !(bound_will_do && bid.value >= 0.0) {
                let closer = self.closer(module, market, &bid.release);
                let floor = market.floors[bid.release.line];
                bid.value = bid.value.max(closer.least(floor, payers));
            }
            let known = &mut least[usize::from(bid.release.partners)];
            if bid.value < known.0 {
                *known = (bid.value, at);
            }
        }
    }

    fn closer(&self, module: usize, market: &Market, release: &Release) -> Closer<'_> {
        let line = self.line(module, release);
        let mut transport = [f64::INFINITY; MAX_PARTNERS];
        for user in &line.users {
            transport[user.partner] = user.logistics_eur_per_unit;
        }
        Closer {
            line,
            transport,
            release: *release,
            required: self.of_partners(market.duty.axles, release.partners),
        }
    }

    /// Makes the bids of a partition exact; whether one was not exact.
    fn look_closer(
        &self,
        module: usize,
        market: &Market,
        partition: (PartnerSet, PartnerSet),
        scratch: &mut Scratch,
    ) -> bool {
        let mut guesses = false;
        let mut next = Some(partition);
        while let Some((set, part)) = next {
            next = following(&scratch.best, set, part);
            let (_, at) = scratch.least[usize::from(part)];
            let Some(bid) = scratch.bids.get(at).copied() else {
                continue;
            };
            if part == 0 || bid.exact {
                continue;
            }
            guesses = true;
            let floor = market.floors[bid.release.line];
            let closer = self.closer(module, market, &bid.release);
            let (value, axles) = closer.exactly(floor, &scratch.payers, &mut scratch.taken);
            scratch.bids[at] = Bid {
                value,
                axles,
                exact: true,
                ..bid
            };
            let same = |(_, bid): &(usize, &Bid)| bid.release.partners == part;
            let bids = scratch.bids.iter().enumerate().filter(same);
            scratch.least[usize::from(part)] = bids
                .map(|(at, bid)| (bid.value, at))
                .fold((f64::INFINITY, 0), lesser);
        }
        guesses
    }
}

/// The part after this one in the cheapest partition of a set.
fn following(
    best: &[(f64, PartnerSet)],
    set: PartnerSet,
    part: PartnerSet,
) -> Option<(PartnerSet, PartnerSet)> {
    let lowest = set & set.wrapping_neg();
    let rest = set & !if part == 0 { lowest } else { part };
    (rest != 0).then(|| (rest, best[usize::from(rest)].1))
}

/// A closer look at a release.
///
/// A best set holds nobody who pays less than the curve's slope at the volume of all that it may hold,
/// unless it must or serves one axle alone.
struct Closer<'a> {
    line: &'a Line,
    transport: [f64; MAX_PARTNERS],
    release: Release,
    required: AxleSet,
}

impl Closer<'_> {
    fn slope(&self, floor: f64) -> f64 {
        floor * (1.0 - self.line.conversion.exponent)
    }

    /// The partners with their transport, EUR per unit.
    fn partners(&self) -> impl Iterator<Item = (usize, f64)> {
        let mine = |p: &usize| self.release.partners & 1 << p != 0;
        (0..MAX_PARTNERS)
            .filter(mine)
            .map(|p| (p, self.transport[p]))
    }

    /// What converting a unit costs at least, from a lower floor.
    fn raised(&self, floor: f64, payers: &Payers) -> f64 {
        let slope = self.slope(floor);
        let units = |(p, transport)| payers.served(p, slope + transport).units;
        let units: f64 = self.partners().map(units).sum();
        floor.max(self.line.conversion.unit_eur(units))
    }

    /// A lower bound of its value.
    fn least(&self, floor: f64, payers: &Payers) -> f64 {
        let floor = self.raised(self.raised(floor, payers), payers);
        let gain = |(p, transport)| payers.gain(p, floor + transport);
        self.release.fixed - self.partners().map(gain).sum::<f64>()
    }

    /// Its value, and the axles it serves: at least one. The curve is concave, so some best set takes
    /// the axles in falling order of what they pay per unit, after those it must serve, or is one
    /// axle.
    fn exactly(&self, floor: f64, payers: &Payers, taken: &mut Vec<Payer>) -> (f64, AxleSet) {
        let raised = self.raised(self.raised(floor, payers), payers);
        let slope = self.slope(raised);
        taken.clear();
        for (partner, transport) in self.partners() {
            let less_transport = |payer: &Payer| Payer {
                eur_per_unit: payer.eur_per_unit - transport,
                ..*payer
            };
            let worth = payers.worth(partner, slope + transport);
            taken.extend(worth.iter().map(less_transport));
        }
        taken.sort_unstable_by(|a, b| {
            let pays_more = b.eur_per_unit.total_cmp(&a.eur_per_unit);
            pays_more.then(a.axle.cmp(&b.axle))
        });
        let best = self.best_prefix(payers, taken);
        // One axle of the others brings less than its conversion.
        if self.required != 0 || best.0 <= self.release.fixed {
            return best;
        }
        self.partners().fold(best, |best, (partner, transport)| {
            let others = payers.rest(partner, slope + transport);
            let alone = |payer: &Payer| (self.alone(payer, transport), 1 << payer.axle);
            others.iter().map(alone).fold(best, lesser)
        })
    }

    fn alone(&self, payer: &Payer, transport: f64) -> f64 {
        let conversion = self.line.conversion.total_eur(payer.units);
        self.release.fixed + conversion - (payer.eur_per_unit - transport) * payer.units
    }

    fn best_prefix(&self, payers: &Payers, taken: &[Payer]) -> (f64, AxleSet) {
        let curve = self.line.conversion;
        let (mut units, mut linear, mut set) = (0.0, self.release.fixed, self.required);
        for (partner, transport) in self.partners() {
            let must = payers.must[partner];
            units += must.units;
            linear -= must.paid - transport * must.units;
        }
        // Fewer units cost no less each.
        let floor = curve.unit_eur(units + taken.iter().map(|p| p.units).sum::<f64>());
        let mut best = NONE;
        let mut try_set = |units: f64, linear: f64, set| {
            if set != 0 && linear + floor * units < best.0 {
                best = lesser(best, (linear + curve.total_eur(units), set));
            }
        };
        try_set(units, linear, set);
        for payer in taken {
            let paid = payer.eur_per_unit * payer.units;
            if self.required == 0 {
                try_set(payer.units, self.release.fixed - paid, 1 << payer.axle);
            }
            units += payer.units;
            linear -= paid;
            set |= 1 << payer.axle;
            try_set(units, linear, set);
        }
        best
    }
}

fn lesser<T>(a: (f64, T), b: (f64, T)) -> (f64, T) {
    if b.0 < a.0 { b } else { a }
}

/// Puts the bids together: each partner is served in one part, or, unless forced, not at all.
/// Returns the least value if some partner is served, and its first part.
fn combine(scratch: &mut Scratch, all: PartnerSet, forced: PartnerSet) -> (f64, PartnerSet) {
    let Scratch { least, best, .. } = scratch;
    best.clear();
    best.resize(usize::from(all) + 1, (f64::INFINITY, 0));
    best[0] = (0.0, 0);
    for set in (1..=all).filter(|set| set & !all == 0) {
        let lowest = set & set.wrapping_neg();
        let skipped = if forced & lowest == 0 {
            best[usize::from(set & !lowest)].0
        } else {
            f64::INFINITY
        };
        best[usize::from(set)] = parts_with_lowest(set)
            .map(|part| (joined(least, best, set, part), part))
            .fold((skipped, 0), lesser);
    }
    let parts = (1..=all).filter(|part| part & !all == 0);
    parts
        .map(|part| (joined(least, best, all, part), part))
        .fold((f64::INFINITY, 0), lesser)
}

fn joined(
    least: &[(f64, usize)],
    best: &[(f64, PartnerSet)],
    set: PartnerSet,
    part: PartnerSet,
) -> f64 {
    least[usize::from(part)].0 + best[usize::from(set & !part)].0
}

/// The offer of a partition that starts with a part.
fn offered(
    scratch: &Scratch,
    partition: (PartnerSet, PartnerSet),
    value: f64,
    used: bool,
) -> Offer {
    let (mut axles, mut exact) = (0, true);
    let mut next = (partition.1 != 0).then_some(partition);
    while let Some((set, part)) = next {
        next = following(&scratch.best, set, part);
        if part != 0 {
            let bid = scratch.bids[scratch.least[usize::from(part)].1];
            axles |= bid.axles;
            exact &= bid.exact;
        }
    }
    Offer {
        value: if used { value } else { value.min(0.0) },
        axles: if used || value < 0.0 { axles } else { 0 },
        value_if_used: value,
        axles_if_used: axles,
        used,
        exact,
    }
}
