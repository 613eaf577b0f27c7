//! Lines, totals and transfer prices of a made-up programme, checked by hand.
#![allow(clippy::unwrap_used)]

use codrive_cost::axle::{AxleFacts, axle_cost};
use codrive_cost::plan::{Item, months, schedule};
use codrive_cost::prices::Prices;
use codrive_cost::programme::{cost_by_partner, programme_cost};
use codrive_cost::release::{Release, Site, assembly_site, capacity, module_lines};
use codrive_cost::transfer::{settlements, transfer_prices};
use codrive_cost::unit::MaterialCost;
use codrive_model::family::{FamilyModule, FamilyProblem, ModuleKind, ReleasedLine};
use codrive_model::input::Source;
use codrive_model::money::{Category, CostBreakdown};
use codrive_model::programme::{ByYear, Economics, Plant, PlantFile};

fn prices() -> Prices {
    let text = include_str!("../../../data/prices/europe-2025.toml");
    Source::shipped("europe-2025.toml", text).parse().unwrap()
}

fn economics() -> Economics {
    Economics {
        prices: "europe-2025".to_owned(),
        base_year: 2025,
        development_start: 2026,
        last_year: 2036,
        discount_rate: 0.07,
        energy_price: 0.25 / 3.6e6,
        energy_distance: 2e8,
    }
}

fn sites() -> Vec<Site> {
    let site = |partner, plant, cost_factor, inbound_logistics_eur| Site {
        partner,
        plant,
        cost_factor,
        inbound_logistics_eur,
    };
    vec![
        site(0, 0, 0.98, 14.0),
        site(0, 1, 1.0, 13.0),
        site(1, 2, 0.93, 24.0),
    ]
}

fn problem() -> FamilyProblem {
    let module = |kind: ModuleKind| {
        let release = Release {
            kind,
            start_of_production: 2029,
            sharers: &[0, 1],
            development_factor: 1.0,
            conversion_factor: 1.0,
        };
        let lines = module_lines(&release, &sites(), &prices(), &economics());
        FamilyModule {
            kind,
            id: kind.label().to_owned(),
            capacity: capacity(kind, &prices(), &economics()),
            lines,
        }
    };
    FamilyProblem {
        partners: 2,
        development_overhead: 0.15,
        sites: Vec::new(),
        vehicles: Vec::new(),
        modules: ModuleKind::ALL.map(module).to_vec(),
    }
}

fn released(problem: &FamilyProblem) -> Vec<ReleasedLine> {
    // The joint line of the last plant for the inverter, own lines of the first for the rest.
    let joint = problem.modules[2].lines.len() - 1;
    vec![
        ReleasedLine {
            module: 0,
            line: 0,
            users: vec![0],
            units: vec![4e5],
            logistics_eur: vec![0.0],
            peak_units: 8e4,
            used_capacity_eur: vec![2e6],
            idle_capacity_eur: 1e6,
        },
        ReleasedLine {
            module: 2,
            line: joint,
            users: vec![0, 1],
            units: vec![4e5, 1e5],
            logistics_eur: vec![4e5 * 0.2 * 14.0, 0.0],
            peak_units: 1e5,
            used_capacity_eur: vec![4e6, 2e6],
            idle_capacity_eur: 3e6,
        },
    ]
}

#[test]
fn every_plant_has_an_own_and_a_joint_line() {
    for module in problem().modules {
        assert_eq!(module.lines.len(), 6);
        let joint = module.lines.iter().filter(|line| line.is_joint()).count();
        assert_eq!(joint, 3);
        // From Wolverhampton to itself nothing is transported, to the other plants something is.
        let joint = module.lines.last().unwrap();
        let to = [0, 1, 2].map(|site| joint.delivery(site).unwrap().logistics_eur_per_unit);
        assert_eq!(to[2], 0.0);
        assert!(to[0] > to[1] && to[1] > 0.0);
    }
}

/// By hand: development once plus 15 %, tooling once, pooled conversion, delivery to partner 0.
#[test]
fn a_family_adds_up_by_hand() {
    let problem = problem();
    let lines = released(&problem);
    let direct = [CostBreakdown {
        material_eur: 1e8,
        energy_eur: 2e7,
        ..Default::default()
    }];
    let cost = programme_cost(&problem, &lines, &[], &direct);
    let (own, joint) = (
        &problem.modules[0].lines[0],
        problem.modules[2].lines.last().unwrap(),
    );
    let development = 32e6 + 55e6;
    let factor = (1.07_f64.powi(-1) + 1.07_f64.powi(-2) + 1.07_f64.powi(-3)) / 3.0;
    let by_hand = 1.2e8
        + development * factor
        + 0.15 * 55e6 * factor
        + (8e6 + 10e6) * 1.07_f64.powi(-3)
        + own.conversion.reference_eur * 4e5 * (4e5 / own.conversion.reference_units).powf(-0.2)
        + joint.conversion.reference_eur
            * 5e5
            * (5e5 / joint.conversion.reference_units).powf(-0.2)
        + (3e6 + 9e6)
        + 14.0 * 0.2 * 4e5;
    assert!((cost.total_eur() / by_hand - 1.0).abs() < 1e-12);
    assert!((cost.sharing_overhead_eur - 0.15 * 55e6 * factor).abs() < 1e-3);
}

#[test]
fn the_partners_parts_sum_to_the_whole() {
    let problem = problem();
    let lines = released(&problem);
    let direct = CostBreakdown {
        material_eur: 1e8,
        ..Default::default()
    };
    let parts = cost_by_partner(&problem, &lines, &[], &[(0, direct), (1, direct)]);
    let whole = programme_cost(&problem, &lines, &[], &[direct, direct]);
    for category in Category::ALL {
        let sum: f64 = parts.iter().map(|part| part.get(category)).sum();
        assert!((sum - whole.get(category)).abs() < 1e-3, "{category:?}");
    }
    let pays = [parts[0].total_eur() - 5e6, parts[1].total_eur() + 5e6];
    let totals: Vec<f64> = parts.iter().map(CostBreakdown::total_eur).collect();
    assert!(settlements(&pays, &totals).iter().sum::<f64>().abs() < 1e-3);
}

#[test]
fn transfer_prices_cover_the_joint_line_and_hide_the_volume() {
    let problem = problem();
    let lines = released(&problem);
    let step = 5.0;
    let prices = transfer_prices(&problem, &lines, step);
    assert_eq!(prices.len(), 2);
    let paid: f64 = prices
        .iter()
        .zip([4e5, 1e5])
        .map(|(p, n)| p.unit_eur * n + p.once_eur)
        .sum();
    let cost = codrive_cost::programme::line_cost(&problem, &lines[1]).total_eur();
    let used: f64 = lines[1].used_capacity_eur.iter().sum();
    assert!(((paid + used) / cost - 1.0).abs() < 1e-12);
    let curve = problem.modules[2].lines[lines[1].line].conversion;
    // Volumes that the rounded price leaves possible: V = V0 (u / c)^(-1/b), half a step up and down.
    let volume =
        |eur: f64| curve.reference_units * (eur / curve.reference_eur).powf(-1.0 / curve.exponent);
    let told = prices[1].unit_eur;
    let (low, high) = (volume(told + 0.5 * step), volume(told - 0.5 * step));
    assert!(
        low < 5e5 && 5e5 < high && high / low > 1.2,
        "{low} to {high}"
    );
}

#[test]
fn an_axle_costs_material_application_and_energy() {
    let units: ByYear = (2029..=2036).map(|year| (year, 5e4)).collect();
    let axle = AxleFacts {
        units: &units,
        start_of_production: 2029,
        consumption_j_per_m: 0.15 * 3.6e6 / 1e3,
    };
    let material = MaterialCost {
        steel_eur: 1000.0,
        ..Default::default()
    };
    let cost = axle_cost(&axle, &material, &prices(), &economics());
    let weighted: f64 = (2029..=2036)
        .map(|year| 5e4 * 1.07_f64.powi(2025 - year))
        .sum();
    assert!((cost.material_eur / (1000.0 * weighted) - 1.0).abs() < 1e-12);
    // 15 kWh/100 km over 200,000 km at 0.25 EUR/kWh: 7500 EUR a car.
    assert!((cost.energy_eur / (7500.0 * weighted) - 1.0).abs() < 1e-12);
    assert_eq!([cost.conversion_eur, cost.tooling_eur], [0.0, 0.0]);
}

/// 75 EUR at 200,000 a year for 8 years from 2029 on, 80 EUR for an EDU a year; in a plant with the reference's costs.
#[test]
fn a_plant_assembles_on_a_learning_curve() {
    let (prices, economics) = (prices(), economics());
    let plant = Plant {
        id: "here".to_owned(),
        name: "here".to_owned(),
        source: "made up".to_owned(),
        capacity_per_year: 3e5,
        labour_eur_per_h: prices.conversion.reference_labour_cost.value,
        electricity_eur_per_j: prices.conversion.reference_electricity_price.value,
        inbound_logistics: 10.0,
    };
    let site = assembly_site(&plant, 0, 2029, &prices, &economics);
    let weighted: f64 = (2029..=2036).map(|year| 1.07_f64.powi(2025 - year)).sum();
    assert!((site.conversion.unit_eur(2e5 * weighted) / 75.0 - 1.0).abs() < 1e-12);
    let doubled = site.conversion.unit_eur(4e5 * weighted);
    let by_hand = 75.0 * 2.0_f64.powf(-prices.conversion.learning.value);
    assert!((doubled / by_hand - 1.0).abs() < 1e-12);
    assert_eq!(
        [site.capacity_eur_per_unit, site.most_units_per_year],
        [80.0, 3e5]
    );
}

/// A line for 130,000 machines a year needs two steps of 100,000: 70,000 stay idle, dated by the last year of the programme, 2036.
#[test]
fn the_last_step_of_a_line_is_paid_for_whole() {
    let machine = capacity(ModuleKind::Machine, &prices(), &economics());
    assert_eq!(machine.provided(1.3e5), 2e5);
    let by_hand = 130.0 * 7e4 * 1.07_f64.powi(2025 - 2035);
    assert!((machine.idle_eur(1.3e5) / by_hand - 1.0).abs() < 1e-12);
    assert_eq!(machine.idle_eur(2e5), 0.0);
}

#[test]
fn two_teams_are_faster_but_not_twice_as_fast() {
    let prices = prices();
    // Each partner alone needs three of everything; together three of everything will do.
    let items = |sets: usize, teams: &[usize], overhead: f64| -> Vec<Item> {
        let kinds = ModuleKind::ALL.repeat(sets);
        let item = |(index, kind): (usize, ModuleKind)| Item {
            kind: kind.label().to_owned(),
            name: format!("{index}"),
            work_eur: prices.development.of(kind).value * overhead,
            teams: teams.to_vec(),
            needs: Vec::new(),
        };
        kinds.into_iter().enumerate().map(item).collect()
    };
    let plan = |items: &[Item], teams| {
        months(&schedule(
            items,
            &prices.plan.phase,
            teams,
            prices.plan.team.value,
        ))
    };
    let one = plan(&items(6, &[0], 1.0), 1);
    let two = plan(&items(6, &[0, 1], 1.0), 2);
    let shared = plan(&items(3, &[0, 1], 1.15), 2);
    println!("{one:.1} months by one team, {two:.1} by two, {shared:.1} shared");
    assert!(shared < two && two < one && two > one / 2.0);
    assert!(shared >= 40.0);
}

#[test]
fn the_example_plants_read() {
    for text in [
        include_str!("../../../examples/bmw-jlr/bmw/plants.toml"),
        include_str!("../../../examples/bmw-jlr/jlr/plants.toml"),
    ] {
        let file: PlantFile = Source::shipped("plants.toml", text).parse().unwrap();
        assert!(!file.plants.is_empty());
    }
}
