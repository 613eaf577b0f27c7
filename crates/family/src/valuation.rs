//! What a release to exactly some partners is worth against prices.

use codrive_model::family::{Capacity, Line, exceeds};

use crate::check::MAX_PARTNERS;
use crate::compact::{Axle, AxleSet, members};
use crate::lines::Release;
use crate::offers::lesser;
use crate::payers::{Payer, Payers};
use crate::steps::{Guest, Host, Served};
use crate::transport::Transport;

const NONE: (f64, AxleSet) = (f64::INFINITY, 0);

/// A release against what axles pay.
///
/// A best set holds nobody who pays less than the curve's slope at the volume of all that it may hold,
/// unless it must or serves one axle alone.
pub(crate) struct Valuation<'a> {
    pub line: &'a Line,
    pub release: Release,
    pub transport: Transport,
    pub capacity: Capacity,
    pub most_units_per_year: f64,
    /// All axles of the problem.
    pub axles: &'a [Axle],
    /// The partners' axles that must be served.
    pub required: AxleSet,
}

impl Valuation<'_> {
    fn slope(&self, floor: f64) -> f64 {
        floor * (1.0 - self.line.conversion.exponent)
    }

    /// The partners with their transport, EUR per unit.
    fn partners(&self) -> impl Iterator<Item = (usize, f64)> {
        let mine = |p: &usize| self.release.partners & 1 << p != 0;
        (0..MAX_PARTNERS)
            .filter(mine)
            .map(|p| (p, self.transport.to_partners[p]))
    }

    /// What converting a unit costs at least, from a lower floor.
    fn raised(&self, floor: f64, payers: &Payers) -> f64 {
        let slope = self.slope(floor);
        let units = |(p, transport)| payers.served(p, slope + transport).units;
        let units: f64 = self.partners().map(units).sum();
        floor.max(self.line.conversion.unit_eur(units))
    }

    /// A lower bound of its value.
    pub(crate) fn least(&self, floor: f64, payers: &Payers) -> f64 {
        let floor = self.raised(self.raised(floor, payers), payers);
        let gain = |(p, transport)| payers.gain(p, floor + transport);
        self.release.fixed - self.partners().map(gain).sum::<f64>()
    }

    /// Whether serving these leaves no capacity idle, and asks for no more than can be had.
    pub(crate) fn fits(&self, served: AxleSet) -> bool {
        let peak = members(served).map(|axle| self.axles[axle].peak).sum();
        self.capacity.idle_eur(peak) <= 0.0 && !exceeds(peak, self.most_units_per_year)
    }

    /// Its value with capacity as it is, and the axles it serves: at least one. `near` is a set to beat, and
    /// values above `enough` need not be told apart.
    pub(crate) fn with_steps(&self, payers: &Payers, near: AxleSet, enough: f64) -> (f64, AxleSet) {
        let (mut guests, mut served) = (Vec::new(), Served::default());
        for (partner, transport) in self.partners() {
            let guest = |payer: &Payer| Guest {
                axle: payer.axle,
                units: payer.units,
                peak: self.axles[payer.axle].peak,
                paid: (payer.eur_per_unit - transport) * payer.units,
            };
            guests.extend(payers.rest(partner, f64::INFINITY).iter().map(guest));
            let must = payers.must[partner];
            served.units += must.units;
            served.paid += must.paid - transport * must.units;
        }
        served.axles = self.required;
        served.peak = members(self.required)
            .map(|axle| self.axles[axle].peak)
            .sum();
        let host = Host {
            fixed: self.release.fixed,
            curve: self.line.conversion,
            capacity: self.capacity,
            most_units_per_year: self.most_units_per_year,
            served,
        };
        let joining = guests.iter().filter(|guest| near & 1 << guest.axle != 0);
        let known = joining.fold(served, |sum, guest| sum.with(guest));
        host.least(guests, (host.value(&known).min(enough), known.axles))
    }

    /// Its value with any capacity for nothing, and the axles it serves: at least one. The curve is concave, so some best set takes
    /// the axles in falling order of what they pay per unit, after those it must serve, or is one
    /// axle.
    pub(crate) fn exactly(
        &self,
        floor: f64,
        payers: &Payers,
        taken: &mut Vec<Payer>,
    ) -> (f64, AxleSet) {
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
