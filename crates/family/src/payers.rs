//! What axles pay a module, in the order in which its lines would serve them.

use crate::check::MAX_PARTNERS;
use crate::compact::{Axle, AxleSet, members};
use crate::transport::Additions;

/// What an axle pays per unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Payer {
    pub eur_per_unit: f64,
    pub units: f64,
    pub axle: usize,
    pub partner: usize,
}

/// Units, and what is paid for them, EUR.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    pub units: f64,
    pub paid: f64,
}

impl Sum {
    fn with(self, payer: &Payer) -> Self {
        Self {
            units: self.units + payer.units,
            paid: self.paid + payer.eur_per_unit * payer.units,
        }
    }
}

/// The axles that may use a module, partner by partner, those that pay most per unit first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Payers {
    /// Those that need not be served.
    free: Vec<Payer>,
    /// For each of `free` the sum of its partner up to it.
    sums: Vec<Sum>,
    /// For each partner where its axles begin in `free`; one entry more.
    first: [usize; MAX_PARTNERS + 1],
    /// For each partner those that must be served.
    pub must: [Sum; MAX_PARTNERS],
}

impl Payers {
    /// Takes in the axles of a set, some of which must be served: each where it pays most beside what its site adds
    /// to the transport.
    pub(crate) fn queue(
        &mut self,
        axles: &[Axle],
        possible: AxleSet,
        required: AxleSet,
        additions: &Additions,
        pays: impl Fn(usize) -> f64,
    ) {
        self.must = [Sum::default(); MAX_PARTNERS];
        self.free.clear();
        let mut seen: AxleSet = 0;
        for axle in members(possible) {
            let Axle { partner, units, .. } = axles[axle];
            let added = additions[axles[axle].site].unwrap_or(0.0);
            let payer = Payer {
                eur_per_unit: pays(axle) / units - added,
                units,
                axle,
                partner,
            };
            if required & 1 << axle == 0 {
                self.free.push(payer);
            } else {
                self.must[partner] = self.must[partner].with(&payer);
                seen |= 1 << axles[axle].driven;
            }
        }
        self.free.sort_unstable_by(|a, b| {
            let pays_more = b.eur_per_unit.total_cmp(&a.eur_per_unit);
            let by_partner = a.partner.cmp(&b.partner);
            by_partner.then(pays_more).then(a.axle.cmp(&b.axle))
        });
        self.free.retain(|payer| {
            let driven = 1 << axles[payer.axle].driven;
            let new = seen & driven == 0 && payer.eur_per_unit > f64::NEG_INFINITY;
            seen |= driven;
            new
        });
        self.add_up();
    }

    fn add_up(&mut self) {
        self.sums.clear();
        let mut at = 0;
        for partner in 0..MAX_PARTNERS {
            self.first[partner] = at;
            let mut sum = self.must[partner];
            while let Some(payer) = self.free.get(at).filter(|p| p.partner == partner) {
                sum = sum.with(payer);
                self.sums.push(sum);
                at += 1;
            }
        }
        self.first[MAX_PARTNERS] = at;
    }

    /// Where the partner's axles that pay more than so much end.
    fn end(&self, partner: usize, eur_per_unit: f64) -> usize {
        let mine = &self.free[self.first[partner]..self.first[partner + 1]];
        self.first[partner] + mine.partition_point(|p| p.eur_per_unit > eur_per_unit)
    }

    /// The partner's axles that must be served or pay more than so much.
    pub(crate) fn served(&self, partner: usize, eur_per_unit: f64) -> Sum {
        let end = self.end(partner, eur_per_unit);
        if end == self.first[partner] {
            self.must[partner]
        } else {
            self.sums[end - 1]
        }
    }

    /// What these pay above so much, EUR.
    pub(crate) fn gain(&self, partner: usize, eur_per_unit: f64) -> f64 {
        let Sum { units, paid } = self.served(partner, eur_per_unit);
        if units > 0.0 {
            paid - eur_per_unit * units
        } else {
            0.0
        }
    }

    /// The partner's axles that need not be served and pay more than so much.
    pub(crate) fn worth(&self, partner: usize, eur_per_unit: f64) -> &[Payer] {
        &self.free[self.first[partner]..self.end(partner, eur_per_unit)]
    }

    /// Those that need not be served and pay no more.
    pub(crate) fn rest(&self, partner: usize, eur_per_unit: f64) -> &[Payer] {
        &self.free[self.end(partner, eur_per_unit)..self.first[partner + 1]]
    }
}
