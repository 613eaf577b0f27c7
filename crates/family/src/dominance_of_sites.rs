//! Sites that another of the same partner replaces at no more cost: no optimum needs them.
//!
//! a replaces b if it can hold all that its partner's vehicles need in the peak year, and moving everything from b to a
//! costs no more. What is assembled at b joins a's: its curve is concave, so both volumes together cost no more than each
//! on a's curve, and a's lies below b's by at least the least difference of their unit costs, that at the partner's whole
//! volume. Every line is kept or moved to one that costs no more, and delivers to all other sites at no more; what it adds
//! to the transport of an EDU's four modules must not exceed what assembly saves.

use codrive_model::family::{
    AssemblySite, FamilyModule, FamilyProblem, FamilyVehicle, Line, ModuleKind,
};

use crate::dominance::{curve_costs_no_more, line_costs_no_more_but_transport};

/// For each site whether another replaces it.
pub(crate) fn replaced_sites(problem: &FamilyProblem) -> Vec<bool> {
    let mut replaced = vec![false; problem.sites.len()];
    for old in 0..problem.sites.len() {
        let replaces = |new: &usize| {
            *new != old
                && !replaced[*new]
                && Move {
                    problem,
                    new: *new,
                    old,
                }
                .costs_no_more()
        };
        replaced[old] = (0..problem.sites.len()).any(|new| replaces(&new));
    }
    replaced
}

/// All that is assembled at one site, and the lines that serve it, to another.
struct Move<'a> {
    problem: &'a FamilyProblem,
    new: usize,
    old: usize,
}

impl Move<'_> {
    fn sites(&self) -> [&AssemblySite; 2] {
        [self.new, self.old].map(|site| &self.problem.sites[site])
    }

    fn costs_no_more(&self) -> bool {
        let [new, old] = self.sites();
        new.partner == old.partner
            && new.capacity_eur_per_unit <= old.capacity_eur_per_unit
            && curve_costs_no_more(new.conversion, old.conversion)
            && self.has_room()
            && self.transport_eur_per_edu() <= self.saved_eur_per_edu()
    }

    /// The vehicles of the partner.
    fn vehicles(&self) -> impl Iterator<Item = &FamilyVehicle> {
        let partner = self.problem.sites[self.new].partner;
        let vehicles = self.problem.vehicles.iter();
        vehicles.filter(move |vehicle| vehicle.partner == partner)
    }

    /// Whether whatever may be assembled at the old site may be at the new one, and everything together has room.
    fn has_room(&self) -> bool {
        let moves = |v: &FamilyVehicle| !v.sites.contains(&self.old) || v.sites.contains(&self.new);
        let needed: f64 = self.vehicles().map(FamilyVehicle::peak_edus).sum();
        self.vehicles().all(moves) && self.problem.sites[self.new].holds(needed)
    }

    /// What assembly of an EDU costs less at the new site, at least.
    fn saved_eur_per_edu(&self) -> f64 {
        let units: f64 = self
            .vehicles()
            .flat_map(|vehicle| &vehicle.axle_units)
            .sum();
        let [new, old] = self.sites().map(|site| site.conversion.unit_eur(units));
        old - new
    }

    /// What transport of an EDU's modules costs more at the new site, at most; infinite where a line has no place to go.
    fn transport_eur_per_edu(&self) -> f64 {
        let of_kind = |kind: &ModuleKind| {
            let modules = self.problem.modules.iter();
            let mine = modules.filter(|module| module.kind == *kind);
            mine.map(|module| self.transport_of(module))
                .fold(0.0, f64::max)
        };
        ModuleKind::ALL.iter().map(of_kind).sum()
    }

    fn transport_of(&self, module: &FamilyModule) -> f64 {
        let of_line = |line: &Line| {
            let places = module.lines.iter();
            places
                .filter_map(|place| self.added_eur(line, place))
                .fold(f64::INFINITY, f64::min)
        };
        let served = module
            .lines
            .iter()
            .filter(|line| line.delivery(self.old).is_some());
        served.map(of_line).fold(0.0, f64::max)
    }

    /// What transport to the new site adds to that to the old one, if a line moves to another, or stays.
    fn added_eur(&self, line: &Line, place: &Line) -> Option<f64> {
        let no_dearer = line.deliveries.iter().all(|to| {
            let there = place.delivery(to.site);
            to.site == self.old
                || there.is_some_and(|d| d.logistics_eur_per_unit <= to.logistics_eur_per_unit)
        });
        let (from, to) = (line.delivery(self.old)?, place.delivery(self.new)?);
        let possible = no_dearer && line_costs_no_more_but_transport(place, line);
        possible.then_some(to.logistics_eur_per_unit - from.logistics_eur_per_unit)
    }
}
