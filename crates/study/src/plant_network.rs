//! Which plant makes which module for whom, from the joint selection.

use codrive_cost::time::{peak_units, plain_units};
use codrive_model::family::{ModuleKind, ReleasedLine};
use codrive_model::plant_network::{ModuleFlow, ModuleLine, Plant, PlantNetwork};
use codrive_model::programme::ByYear;

use crate::fleet::FleetVehicle;
use crate::plants::units_by_year;
use crate::problem::{Pick, Scene};
use crate::selection::Selection;

/// The plants of a selection with their lines and what flows from line to assembly.
#[must_use]
pub fn network(scene: &Scene<'_>, selection: &Selection) -> PlantNetwork {
    let mut plants: Vec<Plant> = selection
        .plants
        .iter()
        .map(|(owner, id)| plant(scene, *owner, id))
        .collect();
    let mut by_year = vec![ByYear::new(); plants.len()];
    for (vehicle, plant) in &selection.assembled_at {
        add_edus(&mut by_year[*plant], &scene.fleet[*vehicle]);
    }
    let economics = &scene.inputs.programme.economics;
    for (plant, edus) in plants.iter_mut().zip(&by_year) {
        #[allow(clippy::cast_precision_loss)]
        let years = edus.range(..=economics.last_year).count().max(1) as f64;
        plant.assembled_per_year = (plain_units(edus, economics) / years).max(0.0);
        plant.peak_per_year = peak_units(edus, economics);
    }
    let lines = selection.solution.released.iter();
    let mut network = PlantNetwork {
        lines: lines
            .map(|line| module_line(scene, selection, line))
            .collect(),
        plants,
        flows: Vec::new(),
    };
    for pick in &selection.picks {
        add_flows(scene, selection, pick, &mut network.flows);
    }
    network
}

/// Adds a car's EDUs, one for each driven axle, to those of a plant.
fn add_edus(by_year: &mut ByYear, car: &FleetVehicle) {
    #[allow(clippy::cast_precision_loss)]
    let axles = car.axles.len() as f64;
    for (year, cars) in units_by_year(car) {
        *by_year.entry(year).or_default() += axles * cars;
    }
}

fn plant(scene: &Scene<'_>, owner: usize, id: &str) -> Plant {
    let partner = &scene.inputs.partners[owner];
    let stated = partner.plants.iter().find(|plant| plant.id == *id);
    Plant {
        partner: partner.id.clone(),
        id: id.to_owned(),
        capacity_per_year: stated.map_or(0.0, |plant| plant.capacity_per_year),
        assembled_per_year: 0.0,
        peak_per_year: 0.0,
    }
}

fn module_line(scene: &Scene<'_>, selection: &Selection, line: &ReleasedLine) -> ModuleLine {
    let module = &selection.problem.modules[line.module];
    let user = |local: &usize| scene.inputs.partners[selection.partners[*local]].id.clone();
    ModuleLine {
        plant: module.lines[line.line].plant,
        kind: module.kind,
        module: module.id.clone(),
        users: line.users.iter().map(user).collect(),
        peak_per_year: line.peak_units,
        capacity_per_year: module.capacity.provided(line.peak_units),
    }
}

/// What one axle's EDUs take from the lines of their four modules.
fn add_flows(scene: &Scene<'_>, selection: &Selection, pick: &Pick, flows: &mut Vec<ModuleFlow>) {
    let vehicle = pick.service.vehicle;
    let car = &scene.fleet[vehicle];
    let local = selection.partners.iter().position(|p| *p == car.partner);
    let to = selection.assembled_at.get(&vehicle).copied();
    let (Some(local), Some(to)) = (local, to) else {
        return;
    };
    let units = plain_units(&units_by_year(car), &scene.inputs.programme.economics);
    for module in &pick.modules[..ModuleKind::ALL.len()] {
        let serves = |line: &ReleasedLine| line.module == *module && line.users.contains(&local);
        let Some(line) = selection.solution.released.iter().position(serves) else {
            continue;
        };
        match flows
            .iter_mut()
            .find(|flow| (flow.line, flow.to) == (line, to))
        {
            Some(flow) => flow.units += units,
            None => flows.push(ModuleFlow { line, to, units }),
        }
    }
}
