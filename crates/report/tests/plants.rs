//! Plants with their lines and flows: every module and assembly is there, for the clean team alone.

#![allow(clippy::unwrap_used)]

mod fixture;

use codrive_model::family::ModuleKind;
use codrive_model::plant_network::{ModuleFlow, ModuleLine, Plant, PlantNetwork};
use codrive_model::summary::{Audience, ReportData};

fn network() -> PlantNetwork {
    let plant = |partner: &str, id: &str, assembled_per_year: f64| Plant {
        partner: partner.to_owned(),
        id: id.to_owned(),
        capacity_per_year: 400_000.0,
        assembled_per_year,
        peak_per_year: 1.2 * assembled_per_year,
    };
    let line = |plant, kind, module: &str, users: &[&str]| ModuleLine {
        plant,
        kind,
        module: module.to_owned(),
        users: users.iter().map(|&user| user.to_owned()).collect(),
        peak_per_year: 130_000.0,
        capacity_per_year: 200_000.0,
    };
    let flow = |line, to, units| ModuleFlow { line, to, units };
    PlantNetwork {
        plants: vec![
            plant("bmw", "steyr", 210_000.0),
            plant("jlr", "wolverhampton", 90_000.0),
        ],
        lines: vec![
            line(0, ModuleKind::Section, "v48-220", &["bmw", "jlr"]),
            line(1, ModuleKind::Inverter, "sic-800v-300a", &["jlr"]),
        ],
        flows: vec![flow(0, 0, 2.1e6), flow(0, 1, 0.9e6), flow(1, 1, 0.9e6)],
    }
}

fn page(audience: Audience) -> String {
    page_of(audience, network())
}

fn page_of(audience: Audience, network: PlantNetwork) -> String {
    let mut data: ReportData = fixture::clean_team();
    data.audience = audience;
    data.summary.cost.study.plants = Some(network);
    let name = ("steyr".to_owned(), "Plant Steyr (Austria)".to_owned());
    data.plant_names.extend([name]);
    codrive_report::render(&data)
}

#[test]
fn every_line_and_assembly_is_drawn_with_its_flows() {
    let page = page(Audience::CleanTeam);
    let section = page.split("id=\"plants\"").nth(1).unwrap();
    for text in [
        "Lines at BMW: Plant Steyr (Austria)",
        "v48-220 · BMW + JLR",
        "sic-800v-300a · JLR",
        "JLR: wolverhampton",
        "assembles 210\u{202f}000 a year, peak 252\u{202f}000",
        "63\u{202f}%",
        "200\u{202f}000",
        "65\u{202f}%",
        "v48-220: 2.10 million to BMW: Plant Steyr (Austria)",
        "v48-220: 0.90 million to JLR: wolverhampton",
    ] {
        assert!(section.contains(text), "{text}");
    }
}

#[test]
fn a_partner_sees_no_plants_even_if_the_data_had_them() {
    assert!(!page(Audience::Partner("bmw".to_owned())).contains("id=\"plants\""));
}

#[test]
fn a_line_in_anothers_plant_for_one_partner_is_named() {
    let said = "for one partner alone: sic-800v-300a for JLR.";
    assert!(!page(Audience::CleanTeam).contains("for one partner alone"));
    let mut elsewhere = network();
    elsewhere.lines[1].plant = 0;
    assert!(page_of(Audience::CleanTeam, elsewhere).contains(said));
}
