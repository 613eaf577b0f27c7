//! The best axles for a line whose capacity comes in steps or has an end: what the last step leaves idle is paid for,
//! and what is too much cannot be made, so taking the axles in falling order of what they pay no longer finds them.
//! Branch and bound over the axles does.

use codrive_model::family::{Capacity, exceeds};
use codrive_model::money::ScaleCurve;

use crate::compact::AxleSet;
use crate::offers::lesser;

/// Sets tried before the search is content with a bound.
const MOST_TRIED: usize = 20_000;

/// An axle that a line may serve.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guest {
    pub axle: usize,
    pub units: f64,
    /// Units a year in the peak year.
    pub peak: f64,
    /// What it pays less its transport and its part of the capacity, EUR.
    pub paid: f64,
}

/// A line, and those it serves in any case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Host {
    /// What it costs whomever it serves, EUR.
    pub fixed: f64,
    pub curve: ScaleCurve,
    pub capacity: Capacity,
    pub most_units_per_year: f64,
    pub served: Served,
}

/// A set of axles with its sums.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Served {
    pub axles: AxleSet,
    pub units: f64,
    pub peak: f64,
    pub paid: f64,
}

impl Served {
    pub(crate) fn with(&self, guest: &Guest) -> Self {
        Self {
            axles: self.axles | 1 << guest.axle,
            units: self.units + guest.units,
            peak: self.peak + guest.peak,
            paid: self.paid + guest.paid,
        }
    }
}

impl Host {
    /// What serving some axles costs less what they pay, EUR; infinite where they are too many.
    pub(crate) fn value(&self, served: &Served) -> f64 {
        self.with_conversion(served, self.curve.total_eur(served.units))
    }

    fn with_conversion(&self, served: &Served, conversion: f64) -> f64 {
        if exceeds(served.peak, self.most_units_per_year) {
            return f64::INFINITY;
        }
        self.fixed + conversion + self.capacity.idle_eur(served.peak) - served.paid
    }

    /// What a guest pays at most for being served: idle capacity that it uses up counts as paid.
    fn most(&self, guest: &Guest) -> f64 {
        guest.paid + self.capacity.idle_eur_per_unit * guest.peak
    }

    /// The least value with at least one axle, and the axles; `found` is one to beat. Where too many sets would have
    /// to be tried, the value is a lower bound.
    pub(crate) fn least(
        &self,
        mut guests: Vec<Guest>,
        mut found: (f64, AxleSet),
    ) -> (f64, AxleSet) {
        if self.served.axles == 0 {
            let alone = guests.iter().map(|guest| self.served.with(guest));
            found = alone.fold(found, |best, served| {
                lesser(best, (self.value(&served), served.axles))
            });
        } else {
            found = lesser(found, (self.value(&self.served), self.served.axles));
        }
        self.leave_out(&mut guests);
        let pays = |guest: &Guest| self.most(guest) / guest.units;
        guests.sort_unstable_by(|a, b| pays(b).total_cmp(&pays(a)).then(a.axle.cmp(&b.axle)));
        let mut search = Search {
            host: self,
            guests: &guests,
            best: found,
            unseen: f64::INFINITY,
            tried: 0,
        };
        let all = self.served.units + guests.iter().map(|guest| guest.units).sum::<f64>();
        search.explore(
            0,
            &self.served,
            [self.volume(self.served.units), self.volume(all)],
        );
        (search.best.0.min(search.unseen), search.best.1)
    }

    fn volume(&self, units: f64) -> Volume {
        Volume {
            units,
            conversion: self.curve.total_eur(units),
        }
    }

    /// Leaves out who pays less than what one unit more costs at the volume of all: nobody is better off with them,
    /// unless they are served alone.
    fn leave_out(&self, guests: &mut Vec<Guest>) {
        loop {
            let units: f64 = guests.iter().map(|guest| guest.units).sum();
            let volume = self.served.units + units;
            let slope = self.curve.unit_eur(volume) * (1.0 - self.curve.exponent);
            let before = guests.len();
            guests.retain(|guest| self.most(guest) > slope * guest.units);
            if guests.len() == before {
                return;
            }
        }
    }
}

/// Units, and what converting them costs, EUR.
#[derive(Clone, Copy, Debug)]
struct Volume {
    units: f64,
    conversion: f64,
}

struct Search<'a> {
    host: &'a Host,
    /// Those that pay most per unit first.
    guests: &'a [Guest],
    best: (f64, AxleSet),
    /// The least bound of what was left untried.
    unseen: f64,
    tried: usize,
}

impl Search<'_> {
    /// Tries what may join some axles from a guest on: the volume now, and with all of them.
    fn explore(&mut self, next: usize, served: &Served, [now, most]: [Volume; 2]) {
        let bound = self.bound(&self.guests[next..], served, [now, most]);
        if bound >= self.best.0.min(self.unseen) {
            return;
        }
        self.tried += 1;
        if self.tried > MOST_TRIED {
            self.unseen = bound;
            return;
        }
        let Some(guest) = self.guests.get(next) else {
            return;
        };
        let with = served.with(guest);
        let then = self.host.volume(with.units);
        let value = self.host.with_conversion(&with, then.conversion);
        if value < f64::INFINITY {
            self.best = lesser(self.best, (value, with.axles));
            self.explore(next + 1, &with, [then, most]);
        }
        let fewer = self.host.volume(most.units - guest.units);
        self.explore(next + 1, served, [now, fewer]);
    }

    /// The least value with any of these joining. A concave curve lies above its chord between the volume now and the
    /// most; the steps hold no less than what is used, nor are they fewer than now.
    fn bound(&self, guests: &[Guest], served: &Served, [now, most]: [Volume; 2]) -> f64 {
        let idle = self.host.capacity.idle_eur_per_unit;
        let more = (most.units - now.units).max(f64::MIN_POSITIVE);
        let chord = (most.conversion - now.conversion) / more;
        let (mut all_used, mut none_more) = (0.0, 0.0);
        for guest in guests {
            let gain = guest.paid - chord * guest.units;
            all_used += gain.max(0.0);
            none_more += (gain + idle * guest.peak).max(0.0);
        }
        let alone = self.host.fixed + now.conversion - served.paid;
        let left = self.host.capacity.idle_eur(served.peak);
        (alone - all_used).max(alone + left - none_more)
    }
}
