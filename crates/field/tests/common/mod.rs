//! Shipped data and references as the tests read them.
#![allow(dead_code, clippy::unwrap_used)]

use std::path::PathBuf;

use codrive_model::input::Source;
use codrive_model::machine::Machine;
use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::section::Section;

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn source(path: &str) -> Source {
    Source::read(&root().join(path)).unwrap()
}

pub(crate) fn section(id: &str) -> Section {
    Section::read(&source(&format!("data/sections/{id}.toml"))).unwrap()
}

pub(crate) fn machine(id: &str) -> Machine {
    Machine::read(&source(&format!("data/machines/{id}.toml"))).unwrap()
}

pub(crate) fn steel(section: &Section) -> Steel {
    source(&format!(
        "data/materials/{}.toml",
        section.steel.to_lowercase()
    ))
    .parse()
    .unwrap()
}

pub(crate) fn magnet(section: &Section) -> MagnetGrade {
    source(&format!(
        "data/materials/{}.toml",
        section.magnet.to_lowercase()
    ))
    .parse()
    .unwrap()
}

/// Rows of numbers of a CSV file without its header.
pub(crate) fn table(path: &str) -> Vec<Vec<f64>> {
    let rows = source(path).text;
    rows.lines()
        .skip(1)
        .map(|line| line.split(',').map(|v| v.parse().unwrap()).collect())
        .collect()
}

/// The BMW i3 as its reference solution takes it.
pub(crate) fn bmw_i3_reference() -> (Section, Machine, Steel, MagnetGrade) {
    let section = section("bmw-i3-reference");
    let (steel, magnet) = (steel(&section), magnet(&section));
    (section, machine("bmw-i3-reference"), steel, magnet)
}

/// The Prius 2004 as its reference solutions take it (Br 1.1904 T at 60 °C in the shipped data).
pub(crate) fn prius() -> (Section, Machine, Steel, MagnetGrade) {
    let section = section("prius-2004");
    let (steel, magnet) = (steel(&section), magnet(&section));
    (section, machine("prius-2004"), steel, magnet)
}
