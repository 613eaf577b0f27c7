//! What every part of the page asks: who reads it, what partners and axles are called.

use std::collections::BTreeSet;

use codrive_model::summary::{Assignment, Audience, AxleEnvelope, ChosenUnit, ReportData};

use crate::svg::escape;

/// Number of partner colours in the style sheet.
const PARTNER_COLOURS: usize = 6;

/// The data and the names that follow from it.
#[derive(Clone, Debug)]
pub(crate) struct Context<'a> {
    /// All that is drawn.
    pub(crate) data: &'a ReportData,
    partners: Vec<String>,
}

impl<'a> Context<'a> {
    /// Collects the partners that the data mention.
    pub(crate) fn new(data: &'a ReportData) -> Self {
        let summary = &data.summary;
        let mut ids = BTreeSet::new();
        ids.extend(summary.requirements.iter().map(|row| row.partner.clone()));
        ids.extend(
            summary
                .family
                .assignment
                .iter()
                .map(|row| row.partner.clone()),
        );
        ids.extend(summary.vehicles.iter().map(|row| row.partner.clone()));
        ids.extend(data.axles.iter().map(|axle| axle.partner.clone()));
        ids.extend(summary.cost.alone_eur.keys().cloned());
        Self {
            data,
            partners: ids.into_iter().collect(),
        }
    }

    /// Partners in the order of their colours.
    pub(crate) fn partners(&self) -> &[String] {
        &self.partners
    }

    /// The partner that reads the page; `None` for the clean team.
    pub(crate) fn reader(&self) -> Option<&'a str> {
        match &self.data.audience {
            Audience::CleanTeam => None,
            Audience::Partner(id) => Some(id),
        }
    }

    /// Axles that a unit drives, by its index.
    pub(crate) fn axles_of(&self, unit: usize) -> impl Iterator<Item = &'a AxleEnvelope> {
        self.data.axles.iter().filter(move |axle| axle.unit == unit)
    }

    /// What an axle requires, with its unit.
    pub(crate) fn axle(
        &self,
        partner: &str,
        vehicle: &str,
        axle: &str,
    ) -> Option<&'a AxleEnvelope> {
        let is_it =
            |a: &&AxleEnvelope| a.partner == partner && a.vehicle == vehicle && a.axle == axle;
        self.data.axles.iter().find(is_it)
    }

    /// The unit that drives an axle.
    pub(crate) fn unit_of(
        &self,
        partner: &str,
        vehicle: &str,
        axle: &str,
    ) -> Option<&'a ChosenUnit> {
        self.data.units.get(self.axle(partner, vehicle, axle)?.unit)
    }

    /// CSS class with the colour of a partner.
    pub(crate) fn colour(&self, partner: &str) -> String {
        let index = self
            .partners
            .iter()
            .position(|id| id == partner)
            .unwrap_or(0);
        format!("p{}", index % PARTNER_COLOURS)
    }

    /// A plant's name without the country in brackets; of a plant that the reader may not know, the partner
    /// that is told instead.
    pub(crate) fn plant_name(&self, id: &str) -> String {
        match self.data.plant_names.get(id) {
            Some(name) => name.split(" (").next().unwrap_or(name).to_owned(),
            None => partner_name(id),
        }
    }

    /// A partner's colour mark and name, as markup.
    pub(crate) fn partner_markup(&self, partner: &str) -> String {
        let (class, name) = (self.colour(partner), escape(&partner_name(partner)));
        format!("<span class=\"who {class}\"></span>{name}")
    }
}

/// A partner's id as a name: short ids are abbreviations.
pub(crate) fn partner_name(id: &str) -> String {
    if id.chars().count() <= 4 {
        return id.to_uppercase();
    }
    capitalised(id)
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// Words of vehicle ids that are not written as they are said.
const NAMES: [(&str, &str); 7] = [
    ("bmw", "BMW"),
    ("jlr", "JLR"),
    ("suv", "SUV"),
    ("mpv", "MPV"),
    ("ev", "EV"),
    ("ipace", "I-Pace"),
    ("i3", "i3"),
];

/// A vehicle's id as a name: `bmw-compact-suv` is BMW Compact SUV.
pub(crate) fn vehicle_name(id: &str) -> String {
    let word = |word: &str| match NAMES.iter().find(|(plain, _)| *plain == word) {
        Some((_, name)) => (*name).to_owned(),
        None => capitalised(word),
    };
    id.split('-').map(word).collect::<Vec<_>>().join(" ")
}

/// A driven axle for people.
pub(crate) fn axle_name(vehicle: &str, axle: &str) -> String {
    format!("{} {axle}", vehicle_name(vehicle))
}

/// Axles by vehicle, in their order: `City Hatch rear`, `Crossover front and rear`.
pub(crate) fn by_vehicle<'a>(
    axles: impl Iterator<Item = &'a AxleEnvelope>,
) -> Vec<(&'a str, String)> {
    let mut cars: Vec<(&AxleEnvelope, Vec<String>)> = Vec::new();
    for axle in axles {
        let is_it = |(first, _): &&mut (&AxleEnvelope, Vec<String>)| {
            first.partner == axle.partner && first.vehicle == axle.vehicle
        };
        match cars.iter_mut().find(is_it) {
            Some((_, ends)) => ends.push(axle.axle.clone()),
            None => cars.push((axle, vec![axle.axle.clone()])),
        }
    }
    let named = |(first, ends): (&'a AxleEnvelope, Vec<String>)| {
        let name = axle_name(&first.vehicle, &listed(&ends));
        (first.partner.as_str(), name)
    };
    cars.into_iter().map(named).collect()
}

/// Attribute that links all marks of one axle.
pub(crate) fn axle_attribute(partner: &str, vehicle: &str, axle: &str) -> String {
    format!(
        "data-axle=\"{}\"",
        escape(&format!("{partner}/{vehicle}/{axle}"))
    )
}

/// Names joined as in a sentence: `a, b and c`.
pub(crate) fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// Modules that an axle uses, as (kind, id), in the order section, machine, inverter, gear set.
pub(crate) fn modules(row: &Assignment) -> [(&'static str, &str); 4] {
    [
        ("section", &row.section),
        ("machine", &row.machine),
        ("inverter", &row.inverter),
        ("gear_set", &row.gear_set),
    ]
}

/// Distinct modules that the data mark as joint, as (kind, id).
pub(crate) fn joint_modules(assignment: &[Assignment]) -> BTreeSet<(&'static str, &str)> {
    assignment
        .iter()
        .flat_map(|row| {
            modules(row)
                .into_iter()
                .filter(|(kind, _)| row.joint.iter().any(|j| j == kind))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_ids_are_abbreviations() {
        assert_eq!(partner_name("bmw"), "BMW");
        assert_eq!(partner_name("northstar"), "Northstar");
        assert_eq!(partner_name(""), "");
    }

    #[test]
    fn vehicles_are_named_as_people_write_them() {
        assert_eq!(vehicle_name("bmw-compact-suv"), "BMW Compact SUV");
        assert_eq!(
            axle_name("jaguar-ipace-next", "front"),
            "Jaguar I-Pace Next front"
        );
        assert_eq!(vehicle_name(""), "");
    }

    #[test]
    fn lists_read_as_a_sentence() {
        let names = |n: usize| {
            ["a", "b", "c"][..n]
                .iter()
                .map(|s| (*s).to_owned())
                .collect()
        };
        let lists: Vec<Vec<String>> = (0..4).map(names).collect();
        assert_eq!(listed(&lists[0]), "");
        assert_eq!(listed(&lists[1]), "a");
        assert_eq!(listed(&lists[3]), "a, b and c");
    }
}
