//! Fewer configurations to choose among, where the choice is made many times.
//!
//! Kept are the configurations whose modules some coalition's family uses, and those that are the best of
//! every axle by some measure.

use std::collections::{BTreeMap, BTreeSet};

use codrive_cost::unit::unit_material_eur;
use codrive_model::unit::{Configuration, MachineVariant};

use crate::candidates::{Evaluation, Service};
use crate::problem::{Scene, inverter_bill};
use crate::selection::Selection;
use crate::settlement::Settlement;

/// Configurations of an axle, at one share of its car's targets, kept because they are the best.
const BEST: usize = 3;

/// What a service is measured by; less is better.
pub(crate) type Measure<'a> = Box<dyn Fn(&Service) -> f64 + 'a>;

/// The configurations that are kept, with whom they can serve.
pub(crate) fn kept(
    scene: &Scene<'_>,
    settlement: &Settlement,
    measures: &[Measure<'_>],
) -> Evaluation {
    let candidates = &scene.evaluation.candidates;
    let picks = settlement
        .selections
        .values()
        .flat_map(|selection| &selection.picks);
    let used: Vec<&Configuration> = picks
        .map(|pick| &candidates[pick.service.candidate].configuration)
        .collect();
    let machines: BTreeSet<&MachineVariant> = used.iter().map(|c| &c.machine).collect();
    let inverters: BTreeSet<&String> = used.iter().map(|c| &c.inverter).collect();
    let gear_sets: BTreeSet<&String> = used.iter().map(|c| &c.gear_set).collect();
    let holds = |c: &Configuration| {
        machines.contains(&c.machine)
            && inverters.contains(&c.inverter)
            && gear_sets.contains(&c.gear_set)
    };
    let best: BTreeSet<usize> = measures
        .iter()
        .flat_map(|measure| best(scene, measure))
        .collect();
    let mut result = Evaluation::default();
    let mut numbers = BTreeMap::new();
    for service in &scene.evaluation.services {
        let candidate = &candidates[service.candidate];
        if best.contains(&service.candidate) || holds(&candidate.configuration) {
            let number = *numbers.entry(service.candidate).or_insert_with(|| {
                result.candidates.push(candidate.clone());
                result.candidates.len() - 1
            });
            let mut service = *service;
            service.candidate = number;
            result.services.push(service);
        }
    }
    result
}

/// Material and valued energy of a unit, EUR.
pub(crate) fn cost_of_service<'a>(scene: &'a Scene<'_>) -> Measure<'a> {
    let economics = &scene.inputs.programme.economics;
    let eur_per_j_per_m = economics.energy_distance * economics.energy_price;
    let material_eur: Vec<f64> = scene
        .evaluation
        .candidates
        .iter()
        .map(|candidate| {
            let id = &candidate.configuration.inverter;
            let inverter = scene.inputs.inverters.iter().find(|i| i.id == *id);
            unit_material_eur(&candidate.mass, &inverter_bill(inverter), scene.prices).total_eur()
        })
        .collect();
    Box::new(move |service| {
        material_eur[service.candidate] + service.wltc_j_per_m * eur_per_j_per_m
    })
}

/// The candidates of the least measure of every axle.
fn best(scene: &Scene<'_>, measure: &Measure<'_>) -> BTreeSet<usize> {
    let mut lists: BTreeMap<(usize, usize, usize), Vec<(f64, usize)>> = BTreeMap::new();
    for service in &scene.evaluation.services {
        let list = lists
            .entry((service.vehicle, service.axle, service.share))
            .or_default();
        list.push((measure(service), service.candidate));
    }
    let first = |mut list: Vec<(f64, usize)>| {
        list.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        list.into_iter().take(BEST).map(|(_, candidate)| candidate)
    };
    lists.into_values().flat_map(first).collect()
}

/// The configurations of one selection.
pub(crate) fn only(scene: &Scene<'_>, selection: &Selection) -> Evaluation {
    let mut result = Evaluation::default();
    for pick in &selection.picks {
        let candidate = result.candidates.len();
        result
            .candidates
            .push(scene.evaluation.candidates[pick.service.candidate].clone());
        let mut service = pick.service;
        service.candidate = candidate;
        result.services.push(service);
    }
    result
}
