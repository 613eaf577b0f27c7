//! What a module does against given prices: whom it serves, on which lines, exactly.

use codrive_model::family::Line;

use crate::check::MAX_PARTNERS;
use crate::compact::{Axle, AxleSet, members};
use crate::lines::{Lines, PartnerSet, Release, parts_with_lowest};

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
    /// Where nobody must be served and a bound will do, lines that cannot pay for their fixed cost
    /// even at the market's floors are answered by that lower bound: `value` is the same.
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
        sort(&mut scratch.payers, duty.axles);
        let mut exact = true;
        for releases in self.releases[module].chunk_by(|a, b| a.line == b.line) {
            exact &= self.offer_of_line(module, releases, market, all, scratch);
        }
        combine(scratch, all, forced, duty.used, exact)
    }

    /// Puts the best answer of each release of one line beside those of the lines before; says
    /// whether all are exact.
    fn offer_of_line(
        &self,
        module: usize,
        releases: &[Release],
        market: &Market,
        all: PartnerSet,
        scratch: &mut Scratch,
    ) -> bool {
        let line = self.line(module, &releases[0]);
        let floor = market.floors[releases[0].line];
        let required = market.duty.axles;
        let Scratch {
            payers,
            sorted,
            values,
            ..
        } = scratch;
        let most = line_payers(line, floor, required, payers, sorted);
        let bound_will_do = market.quick && !market.duty.used;
        let (mut unsorted, mut exact) = (true, true);
        for release in releases.iter().filter(|r| r.partners & !all == 0) {
            let parts = (0..MAX_PARTNERS).filter(|p| release.partners & 1 << p != 0);
            let least = release.fixed - parts.map(|p| most[p]).sum::<f64>();
            let best = &mut values[usize::from(release.partners)];
            if least >= best.0 {
                continue;
            }
            if bound_will_do && least >= 0.0 {
                *best = (least, 0);
                exact = false;
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
        exact
    }
}

/// Those that a line can gain by serving, or must, less transport; and for each partner what all
/// of them bring at most, with conversion at its floor.
fn line_payers(
    line: &Line,
    floor: f64,
    required: AxleSet,
    payers: &[Payer],
    gaining: &mut Vec<Payer>,
) -> [f64; MAX_PARTNERS] {
    let mut most = [0.0; MAX_PARTNERS];
    let mut transport = [f64::INFINITY; MAX_PARTNERS];
    for user in &line.users {
        transport[user.partner] = user.logistics_eur_per_unit;
    }
    gaining.clear();
    for payer in payers {
        let eur_per_unit = payer.eur_per_unit - transport[payer.partner];
        let must = required & 1 << payer.axle != 0 && eur_per_unit > f64::NEG_INFINITY;
        if must || eur_per_unit > floor {
            most[payer.partner] += (eur_per_unit - floor) * payer.units;
        }
        if must || eur_per_unit > 0.0 {
            gaining.push(Payer {
                eur_per_unit,
                ..*payer
            });
        }
    }
    most
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
    let (mut units, mut linear, mut set) = (0.0, release.fixed, 0);
    for payer in served() {
        units += payer.units;
        linear -= payer.eur_per_unit * payer.units;
        set |= 1 << payer.axle;
    }
    let total = line.conversion.total_eur(units);
    let mut best = (linear + total, set);
    // Fewer units cost no less each.
    let floor = if units > 0.0 { total / units } else { 0.0 };
    (units, linear, set) = (0.0, release.fixed, 0);
    let try_set = |units: f64, linear: f64, set, best: &mut (f64, AxleSet)| {
        if linear + floor * units < best.0 {
            *best = lesser(*best, (linear + line.conversion.total_eur(units), set));
        }
    };
    let mut served = served().peekable();
    while let Some(payer) = served.next_if(|payer| required & 1 << payer.axle != 0) {
        units += payer.units;
        linear -= payer.eur_per_unit * payer.units;
        set |= 1 << payer.axle;
    }
    try_set(units, linear, set, &mut best);
    for payer in served {
        units += payer.units;
        linear -= payer.eur_per_unit * payer.units;
        set |= 1 << payer.axle;
        try_set(units, linear, set, &mut best);
    }
    best
}

fn lesser(a: (f64, AxleSet), b: (f64, AxleSet)) -> (f64, AxleSet) {
    if b.0 < a.0 { b } else { a }
}

/// Puts the offers to sets of partners together: each partner is served in one part, or, unless
/// forced, not at all.
fn combine(
    scratch: &mut Scratch,
    all: PartnerSet,
    forced: PartnerSet,
    used: bool,
    exact: bool,
) -> Offer {
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
        // A negative value holds no bound: leaving that part out costs no more.
        exact: exact || if_used.0 < 0.0,
    }
}
