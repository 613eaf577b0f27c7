//! The development plan of a coalition's family: its modules, variants and applications.

use codrive_cost::plan::{Item, months, schedule};
use codrive_model::development::DevelopmentPlan;
use codrive_model::family::{ModuleKind, ReleasedLine};

use crate::chosen::axle_name;
use crate::plants::start_of_production;
use crate::problem::Scene;
use crate::selection::Selection;

/// The plan of a selection; `who` is whose it is. Each released line is developed once, by the teams of
/// its users, with the overhead of sharing; each axle of a vehicle is an application of its owner.
#[must_use]
pub fn plan(scene: &Scene<'_>, selection: &Selection, who: &str) -> DevelopmentPlan {
    let items = items(scene, selection);
    let prices = &scene.prices.plan;
    let teams = selection.partners.len();
    let activities = |team_eur: f64| schedule(&items, &prices.phase, teams, team_eur);
    let once = activities(prices.team.value);
    let first_year = selection
        .partners
        .iter()
        .filter_map(|p| start_of_production(scene.fleet, *p))
        .min();
    let begun = scene.inputs.programme.economics.development_start;
    #[allow(clippy::cast_precision_loss)]
    let teams = teams as f64;
    DevelopmentPlan {
        who: who.to_owned(),
        months: months(&once),
        months_with_twice_the_engineers: months(&activities(2.0 * prices.team.value)),
        months_available: 12.0 * f64::from(first_year.unwrap_or(begun) - begun),
        engineers_eur_per_month: prices.team.value * teams,
        activities: once,
    }
}

fn items(scene: &Scene<'_>, selection: &Selection) -> Vec<Item> {
    let modules = &selection.problem.modules;
    let mut lines: Vec<&ReleasedLine> = selection.solution.released.iter().collect();
    lines.sort_by_key(|line| {
        (
            modules[line.module].kind,
            &modules[line.module].id,
            line.line,
        )
    });
    let used = |module: usize, partner: usize| {
        lines
            .iter()
            .position(|line| line.module == module && line.users.contains(&partner))
    };
    let mut items: Vec<Item> = lines
        .iter()
        .map(|line| module_item(scene, selection, line, &used))
        .collect();
    for pick in &selection.picks {
        let car = &scene.fleet[pick.service.vehicle];
        let owner = selection
            .partners
            .iter()
            .position(|p| *p == car.partner)
            .unwrap_or(0);
        items.push(Item {
            kind: "application".to_owned(),
            name: axle_name(&car.vehicle, car.vehicle.axles[pick.service.axle]),
            work_eur: scene.prices.development.application.value,
            teams: vec![owner],
            needs: pick
                .modules
                .iter()
                .filter_map(|module| used(*module, owner))
                .collect(),
        });
    }
    items
}

/// A machine variant is built from its section: the line of it that a user of the variant has.
fn module_item(
    scene: &Scene<'_>,
    selection: &Selection,
    line: &ReleasedLine,
    used: &dyn Fn(usize, usize) -> Option<usize>,
) -> Item {
    let module = &selection.problem.modules[line.module];
    #[allow(clippy::cast_precision_loss)]
    let further = line.users.len().saturating_sub(1) as f64;
    let overhead = 1.0 + selection.problem.development_overhead * further;
    let mut needs = Vec::new();
    if module.kind == ModuleKind::Machine {
        let section = selection
            .picks
            .iter()
            .find(|pick| pick.modules[1] == line.module)
            .map(|pick| pick.modules[0]);
        needs = line
            .users
            .iter()
            .filter_map(|user| used(section?, *user))
            .collect();
        needs.dedup();
    }
    Item {
        kind: module.kind.label().to_owned(),
        name: module.id.clone(),
        work_eur: scene.prices.development.of(module.kind).value * overhead,
        teams: line.users.clone(),
        needs,
    }
}
