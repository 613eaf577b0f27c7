//! The clean team's results: everything.

use std::collections::BTreeMap;

use codrive_drive::SectionTables;
use codrive_model::doubt::{Doubt, InputEffect};
use codrive_model::family::{Effort, ModuleKind};
use codrive_model::flux_map::SectionResult;
use codrive_model::money::Category;
use codrive_model::money_study::{GroupCost, MoneyStudy};
use codrive_model::programme::Economics;
use codrive_model::requirement::AxleRequirement;
use codrive_model::summary::{
    Assignment, Audience, AxleEnvelope, ChosenUnit, ConfigurationCount, CostCategory, CostSummary,
    EnergyDensity, FamilySummary, ModuleLists, RESULT_SCHEMA, ReportData, RequirementRow, Summary,
    VehicleRow,
};
use codrive_model::tradeoff::Tradeoffs;
use codrive_model::unit::{Configuration, Unit};
use codrive_vehicle::requirements;
use sha2::{Digest, Sha256};

use crate::candidates::Evaluation;
use crate::chosen::{Driven, axle_name, build_unit, drive, outcomes, software_limits};
use crate::error::StudyError;
use crate::fleet::{FleetVehicle, shipped_cycle};
use crate::inputs::Inputs;
use crate::overlap::overlap_rows;
use crate::partner::Partner;
use crate::plant_network::network;
use crate::problem::{Pick, Scene};
use crate::selection::Selection;
use crate::settlement::Settlement;
use crate::targets::score;
use crate::verdict;

/// Everything that the stages found, for the writers of folders.
#[derive(Clone, Copy)]
pub struct Findings<'a> {
    /// The programme.
    pub inputs: &'a Inputs,
    /// All vehicles.
    pub fleet: &'a [FleetVehicle],
    /// Every section.
    pub sections: &'a [SectionResult],
    /// The sections, ready for machines.
    pub tables: &'a [SectionTables],
    /// All candidates.
    pub evaluation: &'a Evaluation,
    /// Selections and money.
    pub settlement: &'a Settlement,
    /// What is in doubt.
    pub doubt: &'a Doubt,
    /// What cost buys.
    pub tradeoffs: &'a Tradeoffs,
    /// What each input does to each partner's cost alone.
    pub own_doubts: &'a [Vec<InputEffect>],
}

impl<'a> Findings<'a> {
    /// What its selections were made from.
    #[must_use]
    pub fn scene(&self) -> Scene<'a> {
        Scene {
            inputs: self.inputs,
            fleet: self.fleet,
            evaluation: self.evaluation,
            prices: &self.inputs.prices,
        }
    }
}

/// One axle's unit in the joint family, built at its car's voltage.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// Index in the fleet.
    pub vehicle: usize,
    /// Index of the driven axle.
    pub axle: usize,
    /// The unit.
    pub unit: Unit,
    /// The axle's line of the assignment.
    pub assignment: Assignment,
    /// What the axle requires at its share.
    pub requirement: AxleRequirement,
}

/// Builds the units of the joint family, axle by axle, in the order of the fleet.
///
/// # Errors
/// A model that refuses its inputs.
pub fn fit(findings: &Findings<'_>) -> Result<Vec<Fitted>, StudyError> {
    let together = findings.settlement.together();
    together
        .picks
        .iter()
        .map(|pick| fit_one(findings, together, pick))
        .collect()
}

fn fit_one(
    findings: &Findings<'_>,
    selection: &Selection,
    pick: &Pick,
) -> Result<Fitted, StudyError> {
    let service = pick.service;
    let car = &findings.fleet[service.vehicle];
    let candidate = &findings.evaluation.candidates[service.candidate];
    let configuration = &candidate.configuration;
    let unit = build_unit(
        findings.inputs,
        findings.tables,
        configuration,
        car.dc_voltage_v,
    )?;
    let axle = car.vehicle.axles[service.axle];
    let [torque_limit_nm, power_limit_w, regen_limit_w] =
        software_limits(&car.vehicle.character_of(axle), &unit.axle);
    let owner = &findings.inputs.partners[car.partner];
    let assignment = Assignment {
        partner: owner.id.clone(),
        vehicle: car.vehicle.id.clone(),
        axle: axle.to_string(),
        share: car.share_of(service.axle, service.share),
        section: configuration.machine.section.clone(),
        stack_mm: configuration.machine.stack_mm,
        turns: unit.turns,
        machine: configuration.machine.id(),
        inverter: configuration.inverter.clone(),
        gear_set: configuration.gear_set.clone(),
        gear_ratio: unit.gear_ratio,
        joint: joint_modules(selection, pick, car.partner),
        plant: plant_of(selection, service.vehicle),
        torque_limit_nm,
        power_limit_w,
        regen_limit_w,
    };
    let requirement = car.requirements[service.axle][service.share].clone();
    Ok(Fitted {
        vehicle: service.vehicle,
        axle: service.axle,
        unit,
        assignment,
        requirement,
    })
}

/// The id of the plant that assembles a vehicle's EDUs.
fn plant_of(selection: &Selection, vehicle: usize) -> String {
    let plant = selection.assembled_at.get(&vehicle);
    plant.map_or(String::new(), |plant| selection.plants[*plant].1.clone())
}

/// Which of the four modules of an axle its owner shares with another partner.
fn joint_modules(selection: &Selection, pick: &Pick, partner: usize) -> Vec<String> {
    let local = selection.partners.iter().position(|p| *p == partner);
    let joint = |(kind, module): (&ModuleKind, &usize)| {
        let shared = selection.solution.released.iter().any(|line| {
            line.module == *module
                && line.is_joint()
                && local.is_some_and(|l| line.users.contains(&l))
        });
        shared.then(|| module_word(*kind).to_owned())
    };
    ModuleKind::ALL
        .iter()
        .zip(&pick.modules)
        .filter_map(joint)
        .collect()
}

/// The word of a kind of module in results.
#[must_use]
pub fn module_word(kind: ModuleKind) -> &'static str {
    match kind {
        ModuleKind::Section => "section",
        ModuleKind::Machine => "machine",
        ModuleKind::Inverter => "inverter",
        ModuleKind::GearSet => "gear_set",
    }
}

/// Names of some partners' plants by id.
#[must_use]
pub fn plant_names(partners: &[Partner]) -> BTreeMap<String, String> {
    let plants = partners.iter().flat_map(|partner| &partner.plants);
    plants
        .map(|plant| (plant.id.clone(), plant.name.clone()))
        .collect()
}

/// The clean team's report and summary; `disclosure` is what each partner can infer from its release.
///
/// # Errors
/// A model that refuses its inputs.
pub fn clean_team(
    findings: &Findings<'_>,
    fitted: &[Fitted],
    disclosure: &[String],
) -> Result<ReportData, StudyError> {
    let all: Vec<usize> = (0..findings.inputs.partners.len()).collect();
    let driven = drive_all(findings.fleet, fitted)?;
    let units = chosen_units(findings.fleet, fitted, &driven);
    let summary = Summary {
        schema: RESULT_SCHEMA,
        codrive: env!("CARGO_PKG_VERSION").to_owned(),
        programme: findings.inputs.programme.name.clone(),
        sections_simulated: findings.sections.len(),
        operating_points_solved: operating_points(findings.sections),
        configurations: ConfigurationCount {
            evaluated: findings.evaluation.evaluated_for(&all),
            feasible: findings.evaluation.feasible_for(findings.fleet, &all),
            pruned: findings.evaluation.pruned.clone(),
            not_known: findings.evaluation.not_known(),
            left_out_in_selection: left_out(&findings.settlement.together().solution.effort),
        },
        requirements: requirement_rows_of(findings.inputs, findings.fleet, |_| true)?,
        overlap: overlap_rows(
            findings.evaluation,
            findings.inputs,
            findings.tables,
            findings.fleet,
            fitted,
        )?,
        family: family(findings.settlement, fitted),
        cost: cost(findings, &units)?,
        vehicles: vehicle_rows(findings.inputs, findings.fleet, &driven),
    };
    Ok(ReportData {
        audience: Audience::CleanTeam,
        axles: envelopes(fitted, &units),
        sections: sections_of(findings.sections, &units),
        assumptions: assumptions(findings.inputs, &all),
        disclosure: disclosure.to_vec(),
        plant_names: plant_names(&findings.inputs.partners),
        units,
        summary,
    })
}

/// Columns that the selection left out, by argument.
fn left_out(effort: &Effort) -> BTreeMap<String, usize> {
    let by_argument = [
        (
            "the same modules at less cost on the same axle",
            effort.removed_as_repeated,
        ),
        (
            "a module that another replaces everywhere at no more cost",
            effort.removed_by_dominance,
        ),
        (
            "no family with it can cost less than the one found (bound)",
            effort.removed_by_bound,
        ),
    ];
    let counted = by_argument.into_iter().filter(|(_, count)| *count > 0);
    counted
        .map(|(why, count)| (why.to_owned(), count))
        .collect()
}

/// Operating points behind the maps of some sections.
#[must_use]
pub fn operating_points(sections: &[SectionResult]) -> usize {
    sections
        .iter()
        .map(|section| section.flux_map.health.operating_points)
        .sum()
}

/// Every vehicle with the units fitted to it, driven; by index in the fleet.
///
/// # Errors
/// A map that cannot be used.
pub fn drive_all(
    fleet: &[FleetVehicle],
    fitted: &[Fitted],
) -> Result<BTreeMap<usize, Driven>, StudyError> {
    let mut driven = BTreeMap::new();
    for (v, car) in fleet.iter().enumerate() {
        let mine: Vec<&Fitted> = fitted.iter().filter(|f| f.vehicle == v).collect();
        let Some(first) = mine.first() else { continue };
        let units: Vec<&Unit> = mine.iter().map(|f| &f.unit).collect();
        let front_share = if car.vehicle.axles.len() == 1 {
            1.0
        } else {
            first.assignment.share
        };
        driven.insert(v, drive(&car.vehicle, &units, front_share)?);
    }
    Ok(driven)
}

/// The EDUs of some axles, each configuration once, named in the order of first use.
#[must_use]
pub fn chosen_units(
    fleet: &[FleetVehicle],
    fitted: &[Fitted],
    driven: &BTreeMap<usize, Driven>,
) -> Vec<ChosenUnit> {
    let mut units: Vec<ChosenUnit> = Vec::new();
    for fit in fitted {
        let car = &fleet[fit.vehicle].vehicle;
        let name = axle_name(car, car.axles[fit.axle]);
        let density = driven.get(&fit.vehicle).map(|d| &d.density[fit.axle]);
        let known = units
            .iter_mut()
            .find(|u| u.unit.configuration == fit.unit.configuration);
        match known {
            Some(unit) => {
                unit.serves.push(name);
                density
                    .into_iter()
                    .for_each(|d| add_density(&mut unit.density, d));
            }
            None => units.push(ChosenUnit {
                name: String::new(),
                unit: fit.unit.clone(),
                serves: vec![name],
                density: density.cloned().unwrap_or_default(),
            }),
        }
    }
    name_units(&mut units);
    units
}

/// Names follow from the configuration alone: the same unit has the same name in every folder, and no
/// name tells how many units others have. Two that would have the same name get longer ones.
fn name_units(units: &mut [ChosenUnit]) {
    let of = |unit: &ChosenUnit, letters| unit_name(&unit.unit.configuration, letters);
    let short: Vec<String> = units.iter().map(|unit| of(unit, SHORT_NAME)).collect();
    for (i, unit) in units.iter_mut().enumerate() {
        let is_taken = short.iter().filter(|name| **name == short[i]).count() > 1;
        unit.name = if is_taken {
            of(unit, 3 * SHORT_NAME)
        } else {
            short[i].clone()
        };
    }
}

/// Letters of a unit's name: with ten units, two of the 8,000 names meet in one programme of 180.
const SHORT_NAME: usize = 3;

/// Such as `EDU KMR`: letters of a hash of the configuration.
fn unit_name(configuration: &Configuration, letters: usize) -> String {
    const CONSONANTS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
    let Configuration {
        machine,
        inverter,
        gear_set,
    } = configuration;
    let hash = Sha256::digest(format!("{}/{inverter}/{gear_set}", machine.id()));
    let letter = |byte: &u8| char::from(CONSONANTS[usize::from(*byte) % CONSONANTS.len()]);
    let name: String = hash.iter().take(letters).map(letter).collect();
    format!("EDU {name}")
}

/// Adds the energy of one axle to the cells of another's map, by the middle of each cell.
fn add_density(sum: &mut EnergyDensity, more: &EnergyDensity) {
    let middle = |edges: &[f64], i: usize| 0.5 * (edges[i] + edges[i + 1]);
    let cell = |edges: &[f64], value: f64| {
        edges
            .partition_point(|edge| *edge <= value)
            .clamp(1, edges.len() - 1)
            - 1
    };
    let columns = more.torque_edges_nm.len() - 1;
    for (index, energy) in more.energy_j.iter().enumerate() {
        let speed = middle(&more.speed_edges_rad_per_s, index / columns);
        let torque = middle(&more.torque_edges_nm, index % columns);
        let (i, j) = (
            cell(&sum.speed_edges_rad_per_s, speed),
            cell(&sum.torque_edges_nm, torque),
        );
        let own_columns = sum.torque_edges_nm.len() - 1;
        sum.energy_j[i * own_columns + j] += energy;
    }
}

/// The requirement envelopes of some axles, with the unit that serves each.
#[must_use]
pub fn envelopes(fitted: &[Fitted], units: &[ChosenUnit]) -> Vec<AxleEnvelope> {
    let unit_of = |c: &Configuration| units.iter().position(|u| u.unit.configuration == *c);
    let one = |fit: &Fitted| AxleEnvelope {
        partner: fit.assignment.partner.clone(),
        vehicle: fit.assignment.vehicle.clone(),
        axle: fit.assignment.axle.clone(),
        speed_rad_per_s: fit
            .requirement
            .envelope
            .iter()
            .map(|p| p.speed_rad_per_s)
            .collect(),
        torque_nm: fit
            .requirement
            .envelope
            .iter()
            .map(|p| p.torque_nm)
            .collect(),
        continuous: fit
            .requirement
            .envelope
            .iter()
            .filter(|p| p.continuous_torque_nm > 0.0)
            .map(|p| [p.speed_rad_per_s, p.continuous_torque_nm])
            .collect(),
        unit: unit_of(&fit.unit.configuration).unwrap_or(0),
        dc_voltage_v: fit.unit.axle.dc_voltage_v,
        unit_speed_rad_per_s: fit.unit.axle.speed_rad_per_s.clone(),
        unit_torque_nm: fit.unit.axle.torque_max_nm.clone(),
        unit_continuous_nm: fit.unit.axle.torque_continuous_nm.clone(),
    };
    fitted.iter().map(one).collect()
}

/// The sections that some units use, in the order of the candidates.
#[must_use]
pub fn sections_of(sections: &[SectionResult], units: &[ChosenUnit]) -> Vec<SectionResult> {
    let used = |s: &&SectionResult| {
        units
            .iter()
            .any(|u| u.unit.configuration.machine.section == s.facts.id)
    };
    sections.iter().filter(used).cloned().collect()
}

/// What the axles of some partners require, at an even share of a two-axle car's targets.
///
/// # Errors
/// A target that no tyre can carry.
pub fn requirement_rows_of(
    inputs: &Inputs,
    fleet: &[FleetVehicle],
    wanted: impl Fn(usize) -> bool,
) -> Result<Vec<RequirementRow>, StudyError> {
    let wltc = shipped_cycle("wltc3b")?;
    let mut rows = Vec::new();
    for car in fleet.iter().filter(|car| wanted(car.partner)) {
        let id = &inputs.partners[car.partner].id;
        let required = requirements(id, &car.vehicle, 0.5, Some(&wltc)).map_err(|error| {
            StudyError::Model {
                what: format!("vehicle `{}`", car.vehicle.id),
                reason: error.to_string(),
            }
        })?;
        rows.extend(required.into_iter().map(requirement_row));
    }
    Ok(rows)
}

fn requirement_row(r: AxleRequirement) -> RequirementRow {
    RequirementRow {
        partner: r.partner,
        vehicle: r.vehicle,
        axle: r.axle.to_string(),
        share: r.share,
        wheel_torque_nm: r.wheel_torque_nm,
        power_w: r.power_w,
        max_speed_rad_per_s: r.max_speed_rad_per_s,
        continuous_power_w: r.continuous_power_w,
    }
}

/// The modules that some axles use.
#[must_use]
pub fn module_lists<'a>(assignments: impl Iterator<Item = &'a Assignment>) -> ModuleLists {
    let mut lists = ModuleLists::default();
    for a in assignments {
        lists.sections.push(a.section.clone());
        lists.machines.push(a.machine.clone());
        lists.inverters.push(a.inverter.clone());
        lists.gear_sets.push(a.gear_set.clone());
    }
    for list in [
        &mut lists.sections,
        &mut lists.machines,
        &mut lists.inverters,
        &mut lists.gear_sets,
    ] {
        list.sort_unstable();
        list.dedup();
    }
    lists
}

fn family(settlement: &Settlement, fitted: &[Fitted]) -> FamilySummary {
    let together = settlement.together();
    let cost_eur = together.cost.total_eur();
    let lower_bound_eur = together.solution.lower_bound_eur.min(cost_eur);
    FamilySummary {
        cost_eur: Some(cost_eur),
        lower_bound_eur: Some(lower_bound_eur),
        gap: Some((cost_eur - lower_bound_eur) / cost_eur),
        gap_of_avoidable: Some(together.solution.gap_of_avoidable()),
        modules: module_lists(fitted.iter().map(|f| &f.assignment)),
        assignment: fitted.iter().map(|f| f.assignment.clone()).collect(),
    }
}

fn cost(findings: &Findings<'_>, units: &[ChosenUnit]) -> Result<CostSummary, StudyError> {
    let settlement = findings.settlement;
    let economics = &findings.inputs.programme.economics;
    let by_partner = |values: &dyn Fn(usize) -> f64| -> BTreeMap<String, f64> {
        findings
            .inputs
            .partners
            .iter()
            .enumerate()
            .map(|(p, partner)| (partner.id.clone(), values(p)))
            .collect()
    };
    let alone = settlement.alone_cost();
    let together = settlement.together().cost;
    let category = |category: &Category| CostCategory {
        category: category.label().to_owned(),
        alone_eur: alone.get(*category),
        together_eur: Some(together.get(*category)),
    };
    let names: Vec<String> = findings
        .inputs
        .partners
        .iter()
        .map(|p| p.id.clone())
        .collect();
    let splits = std::iter::once(&settlement.shapley).chain(&settlement.others);
    let others = settlement.others.iter().map(|split| {
        (
            split.rule.label().to_owned(),
            by_partner(&|p| split.pays_eur[p]),
        )
    });
    Ok(CostSummary {
        base_year: economics.base_year,
        last_year: economics.last_year,
        alone_eur: by_partner(&|p| settlement.alone(p).cost.total_eur()),
        alone_lower_bound_eur: by_partner(&|p| settlement.alone(p).solution.lower_bound_eur),
        together_eur: Some(together.total_eur()),
        share_eur: by_partner(&|p| settlement.shapley.pays_eur[p]),
        share_band: BTreeMap::new(),
        transfer_prices: Vec::new(),
        deliveries: Vec::new(),
        other_shares_eur: others.collect(),
        months_alone: by_partner(&|p| settlement.plans_alone[p].months),
        months_together: settlement.plan_together.months,
        categories: Category::ALL.iter().map(category).collect(),
        statement: verdict::statement(&settlement.game, &settlement.shapley, &names),
        study: MoneyStudy {
            splits: splits.map(|split| verdict::check(split, &names)).collect(),
            groups: group_costs(settlement, &names),
            targets: score(units, &findings.inputs.inverters, &findings.inputs.prices)?,
            doubt: Some(findings.doubt.clone()).filter(|doubt| !doubt.savings_eur.is_empty()),
            tradeoffs: Some(findings.tradeoffs.clone()).filter(|t| !t.fronts.is_empty()),
            plants: Some(network(&findings.scene(), settlement.together())),
            wishes: settlement.wishes.clone(),
            own_inputs: Vec::new(),
            plans: std::iter::once(&settlement.plan_together)
                .chain(&settlement.plans_alone)
                .cloned()
                .collect(),
            month_gain_eur: Some(month_gain_eur(settlement.game.saving_eur(), economics)),
        },
    })
}

/// What every group costs on its own, smaller ones first.
fn group_costs(settlement: &Settlement, names: &[String]) -> Vec<GroupCost> {
    let mut groups: Vec<&Selection> = settlement.selections.values().collect();
    groups.sort_by_key(|selection| selection.partners.len());
    let of = |selection: &Selection| GroupCost {
        partners: selection
            .partners
            .iter()
            .map(|p| names[*p].clone())
            .collect(),
        cost_eur: selection.cost.total_eur(),
        lower_bound_eur: selection.solution.lower_bound_eur,
    };
    groups.into_iter().map(of).collect()
}

/// What the saving's present value gains if everything comes a month earlier, EUR.
fn month_gain_eur(saving_eur: f64, economics: &Economics) -> f64 {
    saving_eur * ((1.0 + economics.discount_rate).powf(1.0 / 12.0) - 1.0)
}

/// Vehicles against their targets, in the order of the fleet.
#[must_use]
pub fn vehicle_rows(
    inputs: &Inputs,
    fleet: &[FleetVehicle],
    driven: &BTreeMap<usize, Driven>,
) -> Vec<VehicleRow> {
    let row = |(v, driven): (&usize, &Driven)| VehicleRow {
        partner: inputs.partners[fleet[*v].partner].id.clone(),
        vehicle: fleet[*v].vehicle.id.clone(),
        results: outcomes(&driven.results),
    };
    driven.iter().map(row).collect()
}

/// What the input files of some partners state as assumed.
#[must_use]
pub fn assumptions(inputs: &Inputs, partners: &[usize]) -> Vec<String> {
    let mut list: Vec<String> = inputs
        .programme
        .assumptions
        .iter()
        .map(|text| format!("programme: {text}"))
        .collect();
    for partner in partners.iter().map(|p| &inputs.partners[*p]) {
        for vehicle in &partner.vehicles {
            list.extend(
                vehicle
                    .assumptions
                    .iter()
                    .map(|text| format!("{}: {text}", vehicle.id)),
            );
        }
    }
    for input in &inputs.sections {
        let id = &input.section.id;
        list.extend(
            input
                .section
                .assumptions
                .iter()
                .map(|text| format!("section {id}: {text}")),
        );
    }
    list
}
