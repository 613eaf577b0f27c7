//! The page of a unit: what it is, and every picture with its caption.

use codrive_model::unit_map::UnitMap;

use super::{Figure, figures};
use crate::number::{self, kilowatt, newton_metre, rpm};
use crate::page::{self, Masthead, Section};
use crate::svg::escape;

/// Sections with the beginnings of the file names that they show.
const SECTIONS: [(&str, &str, &[&str]); 8] = [
    ("unit", "The whole unit", &["unit-"]),
    ("machine", "Machine", &["machine-"]),
    ("inverter", "Inverter", &["inverter-"]),
    ("gear", "Gear set", &["gear-"]),
    (
        "conditions",
        "Over voltage and temperature",
        &["envelopes-at"],
    ),
    ("losses", "Where the losses arise", &["loss-"]),
    ("heat", "Temperatures over time", &["temperature"]),
    (
        "currents",
        "Currents and rotor stress",
        &["currents", "rotor-"],
    ),
];

/// The whole page.
pub(super) fn document(map: &UnitMap, figures: &[Figure]) -> String {
    let mut sections: Vec<Section> = SECTIONS
        .into_iter()
        .map(|(id, title, files)| Section {
            id,
            title: title.to_owned(),
            body: body(figures, files),
        })
        .filter(|section| !section.body.is_empty())
        .collect();
    sections.extend(figures::sections(map));
    sections.extend(page::assumptions(&map.assumptions));
    page::document(&masthead(map), &sections)
}

fn body(figures: &[Figure], files: &[&str]) -> String {
    let belongs = |figure: &&Figure| files.iter().any(|start| figure.file.starts_with(start));
    figures
        .iter()
        .filter(belongs)
        .map(|figure| page::figure(&figure.picture.inline(), &figure.caption))
        .collect()
}

fn masthead(map: &UnitMap) -> Masthead {
    let modules = &map.unit.configuration;
    let answer = format!(
        "Machine {}, inverter {}, gear set {} at {} DC.",
        modules.machine.id(),
        modules.inverter,
        modules.gear_set,
        number::with_unit(map.unit.motor.dc_voltage_v, 0, "V")
    );
    let facts: String = facts(map)
        .into_iter()
        .map(|(name, value)| format!("<div><dt>{name}</dt><dd><b>{value}</b></dd></div>"))
        .collect();
    Masthead {
        kicker: "Drive unit".to_owned(),
        title: map.name.clone(),
        answer: format!(
            "<p class=\"answer\">{}</p><dl class=\"key\">{facts}</dl>",
            escape(&answer)
        ),
    }
}

fn facts(map: &UnitMap) -> Vec<(&'static str, String)> {
    let unit = &map.unit;
    let most = |torque: &[f64]| torque.iter().copied().fold(0.0, f64::max);
    let top = unit.axle.speed_limit_rad_per_s() * unit.gear_ratio;
    let mut facts = vec![
        (
            "Peak torque of the motor",
            newton_metre(most(&unit.motor.torque_max_nm)),
        ),
        (
            "Peak power of the motor",
            kilowatt(unit.motor.peak_power_w()),
        ),
        (
            "Continuous power of the motor",
            kilowatt(unit.motor.continuous_power_w()),
        ),
        (
            "Peak torque on the axle",
            newton_metre(most(&unit.axle.torque_max_nm)),
        ),
        ("Highest motor speed", number::with_unit(rpm(top), 0, "rpm")),
        ("Mass", number::with_unit(unit.mass.total_kg(), 0, "kg")),
    ];
    if let Some(ratings) = &unit.ratings {
        facts.insert(
            3,
            ("30-minute power (UN R85)", kilowatt(ratings.power_30min_w)),
        );
    }
    facts
}
