//! What a module does against given prices: whom it serves, on which lines, exactly.

use crate::check::MAX_PARTNERS;
use crate::compact::AxleSet;
use crate::lines::{Lines, Module, PartnerSet, Release, parts_with_lowest};
use crate::payers::{Payer, Payers};
use crate::valuation::Valuation;

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
    /// For each of the module's additions to transport.
    payers: Vec<Payers>,
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
    /// Those it serves, once that is known.
    axles: AxleSet,
    known: Known,
}

/// How well the value of a bid is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// It is a lower bound.
    Guess,
    /// But for what idle capacity costs, and for the most that can be made.
    Near,
    /// It is a lower bound that will do.
    Enough,
    Exactly,
}

/// A gain, EUR, below which a module might as well serve nobody.
const NO_GAIN_EUR: f64 = 1e-3;

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
        let net = |axle: usize| pays(axle) - self.used_eur(module, axle);
        let additions = &self.modules[module].transports.additions;
        scratch.payers.resize_with(additions.len(), Payers::default);
        for (payers, added) in scratch.payers.iter_mut().zip(additions) {
            payers.queue(self.axles, possible, duty.axles, added, net);
        }
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
            let transport = &self.modules[module].transports.of_lines[releases[0].line];
            let payers = &payers[transport.additions];
            let floor = market.floors[releases[0].line];
            let mut most = [0.0; MAX_PARTNERS];
            for (partner, to) in transport.to_partners.iter().enumerate() {
                most[partner] = payers.gain(partner, floor + to);
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
                    known: Known::Guess,
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
                let valuation = self.valuation(module, market, &bid.release);
                let floor = market.floors[bid.release.line];
                let payers = &payers[valuation.transport.additions];
                bid.value = bid.value.max(valuation.least(floor, payers));
            }
            let known = &mut least[usize::from(bid.release.partners)];
            if bid.value < known.0 {
                *known = (bid.value, at);
            }
        }
    }

    fn valuation(&self, module: usize, market: &Market, release: &Release) -> Valuation<'_> {
        let Module {
            lines,
            capacity,
            most_units_per_year,
            transports,
        } = &self.modules[module];
        Valuation {
            line: &lines[release.line],
            transport: transports.of_lines[release.line],
            capacity: *capacity,
            most_units_per_year: *most_units_per_year,
            axles: self.axles,
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
            if part == 0 || matches!(bid.known, Known::Exactly | Known::Enough) {
                continue;
            }
            guesses = true;
            let floor = market.floors[bid.release.line];
            let valuation = self.valuation(module, market, &bid.release);
            let payers = &scratch.payers[valuation.transport.additions];
            scratch.bids[at] = if bid.known == Known::Near {
                let bound_will_do = market.quick && !market.duty.used;
                valuation.in_steps(payers, bid, bound_will_do)
            } else {
                let (value, axles) = valuation.exactly(floor, payers, &mut scratch.taken);
                let whole = valuation.fits(axles);
                Bid {
                    value,
                    axles,
                    known: if whole { Known::Exactly } else { Known::Near },
                    ..bid
                }
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

impl Valuation<'_> {
    /// A near bid with capacity as it is.
    fn in_steps(&self, payers: &Payers, near: Bid, bound_will_do: bool) -> Bid {
        let enough = if bound_will_do {
            NO_GAIN_EUR
        } else {
            f64::INFINITY
        };
        let (value, axles) = self.with_steps(payers, near.axles, enough);
        let known = if value < enough {
            Known::Exactly
        } else {
            Known::Enough
        };
        Bid {
            value,
            axles,
            known,
            ..near
        }
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

/// The one with the lesser value, the first of equals.
pub(crate) fn lesser<T>(a: (f64, T), b: (f64, T)) -> (f64, T) {
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
            exact &= bid.known == Known::Exactly;
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use codrive_model::family::{
        AssemblySite, Capacity, Delivery, FamilyModule, FamilyProblem, FamilyVehicle, Line,
        ModuleKind, TargetSplit,
    };
    use codrive_model::money::ScaleCurve;

    use super::*;
    use crate::compact::{Compact, members};
    use crate::floors::Floors;

    /// A fraction that looks random and is the same everywhere.
    fn fraction(seed: u64) -> f64 {
        let mixed = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed >> 40) as f64 / (1_u64 << 24) as f64
    }

    /// Seven cars of three partners, one module with a line of each plant for each and for all.
    fn problem(seed: u64) -> FamilyProblem {
        let at = |index: u64| fraction(1000 * seed + index);
        let line = |index: u64, users: &[usize]| Line {
            host: users[0],
            plant: 0,
            deliveries: (users.iter())
                .flat_map(|partner| [2 * partner, 2 * partner + 1])
                .map(|site| Delivery {
                    site,
                    partner: site / 2,
                    logistics_eur_per_unit: if site == 2 * users[0] {
                        0.0
                    } else {
                        2.0 + 4.0 * at(100 + index + site as u64)
                    },
                })
                .collect(),
            development_eur: 9e6 * at(index),
            tooling_eur: 3e6 * at(index + 1),
            conversion: ScaleCurve {
                reference_eur: 60.0 * at(index + 2),
                reference_units: 1e5,
                exponent: 0.5 * at(index + 3),
            },
        };
        let vehicle = |v: usize| FamilyVehicle {
            name: format!("car {v}"),
            partner: v % 3,
            axle_units: vec![2e4 + 2e5 * at(v as u64)],
            peak_units: 5e3 + 4e4 * at(v as u64),
            capacity_discount: 0.9,
            sites: [vec![2 * (v % 3)], vec![2 * (v % 3), 2 * (v % 3) + 1]][v / 3 % 2].clone(),
            splits: vec![TargetSplit {
                front_share: 0.0,
                columns: vec![Vec::new()],
            }],
        };
        let users: [&[usize]; 6] = [&[0], &[1], &[2], &[0, 1, 2], &[1, 0, 2], &[2, 0]];
        let lines = users.iter().zip(1..);
        let site = |index: usize| AssemblySite {
            id: String::new(),
            partner: index / 2,
            conversion: ScaleCurve {
                reference_eur: 30.0 * at(110),
                reference_units: 1e5,
                exponent: 0.5 * at(111),
            },
            capacity_eur_per_unit: 20.0 * at(112),
            most_units_per_year: 3e4 + 6e4 * at(113 + index as u64),
        };
        FamilyProblem {
            partners: 3,
            sites: (0..6).map(site).collect(),
            development_overhead: 0.2,
            vehicles: (0..7).map(vehicle).collect(),
            modules: vec![FamilyModule {
                kind: ModuleKind::Inverter,
                id: "inverter".to_owned(),
                capacity: Capacity {
                    step_units_per_year: if seed.is_multiple_of(5) { 0.0 } else { 6e4 },
                    used_eur_per_unit: 60.0 * at(91),
                    idle_eur_per_unit: 0.9 * 60.0 * at(91),
                },
                lines: lines.map(|(users, i)| line(10 * i, users)).collect(),
            }],
        }
    }

    /// Every set of axles that some must be part of, each driven axle at one of its sites, at the cost of its cheapest
    /// lines; of the module, and of the first site, which can assemble so many and no more.
    #[test]
    fn an_offer_is_that_of_trying_every_set_of_axles() {
        let mut compared = 0;
        for seed in 0..300 {
            let problem = problem(seed);
            let compact = Compact::new(&problem);
            let lines = Lines::new(&problem, &compact.axles);
            let all = (1 << compact.axles.len()) - 1;
            let at_first = |axle: &usize| compact.axles[*axle].site == 0;
            let of_first = members(all).filter(at_first);
            let of_first = of_first.fold(0, |set, axle| set | 1 << axle);
            for (module, users) in [(0, all), (1, of_first)] {
                let users = if seed % 3 == 0 { users & !0b100 } else { users };
                let must = if seed % 2 == 0 { 0 } else { users & 0b1001 };
                compared += compare(&lines, module, users, must, seed);
            }
        }
        assert!(compared > 500, "{compared}");
    }

    /// Sets of users of which none holds a driven axle twice.
    fn sets(lines: &Lines, users: AxleSet) -> impl Iterator<Item = AxleSet> {
        let once = |set: &AxleSet| {
            let mut seen = 0_u128;
            members(*set).all(|axle| {
                let driven = 1 << lines.axles[axle].driven;
                let new = seen & driven == 0;
                seen |= driven;
                new
            })
        };
        (1..=users)
            .filter(move |set| set & !users == 0)
            .filter(once)
    }

    /// Compares the offers with what enumeration finds; how many were exact.
    fn compare(lines: &Lines, module: usize, users: AxleSet, axles: AxleSet, seed: u64) -> usize {
        let of_modules: Vec<AxleSet> = (0..lines.modules.len())
            .map(|m| if m == module { users } else { 0 })
            .collect();
        let floors = Floors::new(lines, &of_modules);
        let scale = if module == 0 { 8e6 } else { 4e6 };
        let pays = |axle: usize| scale * fraction(777 * seed + axle as u64).powi(2);
        // Where a driven axle must be served at a site, it cannot be at another.
        let elsewhere = |axle: &usize| {
            let same = |other: usize| lines.axles[other].driven == lines.axles[*axle].driven;
            axles & 1 << axle == 0 && members(axles).any(same)
        };
        let users = members(users)
            .filter(|axle| !elsewhere(axle))
            .fold(0, |set, axle| set | 1 << axle);
        let duty = Duty {
            used: axles != 0,
            partners: lines.partners_of(axles),
            axles,
        };
        let value = |set: AxleSet| lines.cost(module, set) - members(set).map(pays).sum::<f64>();
        let sets = sets(lines, users).filter(|set| axles & !set == 0);
        let truth = sets.map(value).fold(f64::INFINITY, f64::min);
        let mut exact = 0;
        for quick in [false, true] {
            let market = Market {
                users,
                duty,
                quick,
                floors: floors.of_lines(module),
            };
            let offer = lines.offer(module, &market, pays, &mut Scratch::default());
            let (found, slack) = (offer.value_if_used, 1e-3);
            assert!(found <= truth + slack, "seed {seed}: {found} above {truth}");
            if offer.exact && truth.is_finite() {
                assert!(
                    (found - truth).abs() <= slack,
                    "seed {seed} module {module}: {found}, {truth}"
                );
                assert!((value(offer.axles_if_used) - truth).abs() <= slack);
                exact += 1;
            }
            assert!(offer.exact || quick && found >= 0.0);
        }
        exact
    }
}
