//! Overlap: which axles one unit can serve, and by how much it over-serves each.
//!
//! Requirements are lower bounds, so overlap is a set of axles, never an intersection of limits.
//! It is the clean team's view.

use std::collections::BTreeMap;
use std::path::Path;

use codrive_drive::SectionTables;
use codrive_model::operating_map::OperatingMap;
use codrive_model::summary::{OverServed, OverlapRow, RequirementRow};
use codrive_model::unit::Unit;
use codrive_vehicle::PreparedAxle;
use serde::Serialize;

use crate::cache::Cache;
use crate::candidates::{Candidate, Evaluation, Service, evaluate, tables};
use crate::chosen::build_unit;
use crate::error::StudyError;
use crate::fleet::{FleetVehicle, prepare};
use crate::inputs::{Inputs, read};
use crate::progress::Progress;
use crate::results::{Fitted, requirement_rows_of};
use crate::sections::solve_all;

/// Units shown besides the chosen ones: those that serve most axles.
const WIDEST: usize = 12;

/// What `codrive overlap` shows.
#[derive(Clone, Debug, Serialize)]
pub struct Overlap {
    /// What each axle requires, at an even share of a two-axle car's targets.
    pub requirements: Vec<RequirementRow>,
    /// The units that serve most axles.
    pub units: Vec<OverlapRow>,
}

impl Overlap {
    /// A table for people.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!(
            "{:<32} {:>9} {:>9} {:>9} {:>11}",
            "axle requires at least", "Nm", "kW", "1/min", "kW held"
        )];
        for r in &self.requirements {
            lines.push(format!(
                "{:<32} {:>9.0} {:>9.1} {:>9.0} {:>11.1}",
                format!("{} {}", r.vehicle, r.axle),
                r.wheel_torque_nm,
                r.power_w * 1e-3,
                r.max_speed_rad_per_s * 30.0 / std::f64::consts::PI,
                r.continuous_power_w * 1e-3
            ));
        }
        for unit in &self.units {
            lines.push(String::new());
            lines.push(format!(
                "{} {} mm, {} turns, {}, {} serves {} axles:",
                unit.section,
                unit.stack_mm,
                unit.turns,
                unit.inverter,
                unit.gear_set,
                unit.serves.len()
            ));
            for axle in &unit.serves {
                lines.push(format!(
                    "  {:<30} over-served by {:3.0} % (torque {:+5.0} %, power {:+5.0} % of the smallest envelope)",
                    format!("{} {}", axle.vehicle, axle.axle),
                    100.0 * axle.over_served,
                    100.0 * axle.torque_excess,
                    100.0 * axle.power_excess
                ));
            }
        }
        lines
    }
}

/// Reads a programme and finds what its axles require and which units serve them.
///
/// # Errors
/// As [`crate::run::run`] up to the selection.
pub fn overlap(
    programme: &Path,
    cache: &Path,
    fresh: bool,
    progress: &dyn Progress,
) -> Result<Overlap, StudyError> {
    let inputs = read(programme)?;
    let fleet = prepare(&inputs.partners, &inputs.programme.candidates.front_shares)?;
    let cache = Cache::open(cache, fresh)?;
    let sections = solve_all(&inputs.sections, inputs.programme.field, &cache, progress)?;
    let tables = tables(&inputs, &sections)?;
    let evaluation = evaluate(&inputs, &tables, &fleet, progress)?;
    Ok(Overlap {
        requirements: requirement_rows_of(&inputs, &fleet, |_| true)?,
        units: overlap_rows(&evaluation, &inputs, &tables, &fleet, &[])?,
    })
}

/// The chosen units and the units that serve most axles, each with the axles that it can serve.
///
/// # Errors
/// A model that refuses its inputs.
pub fn overlap_rows(
    evaluation: &Evaluation,
    inputs: &Inputs,
    tables: &[SectionTables],
    fleet: &[FleetVehicle],
    fitted: &[Fitted],
) -> Result<Vec<OverlapRow>, StudyError> {
    let by_candidate = widest_services(evaluation, fleet);
    let is_chosen = |c: usize| {
        let configuration = &evaluation.candidates[c].configuration;
        fitted
            .iter()
            .any(|f| f.unit.configuration == *configuration)
    };
    let mut order: Vec<usize> = by_candidate.keys().copied().collect();
    order.sort_by_key(|c| (!is_chosen(*c), std::cmp::Reverse(by_candidate[c].len()), *c));
    let chosen = order.iter().filter(|c| is_chosen(**c)).count();
    let rows = order.iter().take(chosen + WIDEST);
    rows.map(|c| {
        row(
            &evaluation.candidates[*c],
            &by_candidate[c],
            inputs,
            tables,
            fleet,
        )
    })
    .collect()
}

/// For each candidate and axle that it serves, the service under the largest share of the targets.
fn widest_services<'a>(
    evaluation: &'a Evaluation,
    fleet: &[FleetVehicle],
) -> BTreeMap<usize, BTreeMap<(usize, usize), &'a Service>> {
    let mut by_candidate: BTreeMap<usize, BTreeMap<(usize, usize), &Service>> = BTreeMap::new();
    for service in &evaluation.services {
        let axles = by_candidate.entry(service.candidate).or_default();
        let share = |s: &Service| fleet[s.vehicle].share_of(s.axle, s.share);
        let kept = axles
            .entry((service.vehicle, service.axle))
            .or_insert(service);
        if share(service) > share(kept) {
            *kept = service;
        }
    }
    by_candidate
}

fn row(
    candidate: &Candidate,
    axles: &BTreeMap<(usize, usize), &Service>,
    inputs: &Inputs,
    tables: &[SectionTables],
    fleet: &[FleetVehicle],
) -> Result<OverlapRow, StudyError> {
    let c = &candidate.configuration;
    let mut serves = Vec::with_capacity(axles.len());
    for service in axles.values() {
        let car = &fleet[service.vehicle];
        let unit = build_unit(inputs, tables, c, car.dc_voltage_v)?;
        let requirement = &car.requirements[service.axle][service.share];
        let torque_nm = unit.axle.torque_max_nm.iter().copied().fold(0.0, f64::max);
        serves.push(OverServed {
            partner: inputs.partners[car.partner].id.clone(),
            vehicle: car.vehicle.id.clone(),
            axle: car.vehicle.axles[service.axle].to_string(),
            over_served: over_served(&unit, &car.axles[service.axle][service.share]),
            torque_excess: torque_nm / requirement.wheel_torque_nm - 1.0,
            power_excess: unit.axle.peak_power_w() / requirement.power_w - 1.0,
        });
    }
    Ok(OverlapRow {
        section: c.machine.section.clone(),
        stack_mm: c.machine.stack_mm,
        turns: candidate.turns,
        inverter: c.inverter.clone(),
        gear_set: c.gear_set.clone(),
        serves,
    })
}

/// Halvings of the search for the weakest unit that still serves.
const HALVINGS: usize = 16;

/// By how much a unit that serves an axle over-serves it: 1/f − 1 with the smallest factor f by
/// which all its torques may be multiplied and every target of the axle still be met.
fn over_served(unit: &Unit, axle: &PreparedAxle) -> f64 {
    let meets = |factor: f64| {
        let scaled = |table: &[f64]| table.iter().map(|t| t * factor).collect();
        let map = OperatingMap {
            torque_max_nm: scaled(&unit.axle.torque_max_nm),
            torque_min_nm: scaled(&unit.axle.torque_min_nm),
            torque_continuous_nm: scaled(&unit.axle.torque_continuous_nm),
            ..unit.axle.clone()
        };
        axle.meets(&map, unit.axle_inertia_kg_m2).unwrap_or(false)
    };
    let (mut weak, mut strong) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (weak + strong);
        if middle > 0.0 && meets(middle) {
            strong = middle;
        } else {
            weak = middle;
        }
    }
    1.0 / strong - 1.0
}
