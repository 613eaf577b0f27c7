//! Every configuration against every axle: which units can serve which axles, and at what energy.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use codrive_drive::{
    Build, Conditions, GearModel, Machine, SectionTables, ceiling, motor_map, safe_state,
};
use codrive_model::flux_map::SectionResult;
use codrive_model::gear_set::GearSet;
use codrive_model::inverter::Inverter;
use codrive_model::unit::{Configuration, UnitMass, Winding};
use rayon::prelude::*;

use crate::attempt::Attempt;
use crate::error::StudyError;
use crate::fleet::FleetVehicle;
use crate::inputs::Inputs;
use crate::progress::Progress;
use crate::screen::no_safe_state;

/// A configuration that was evaluated.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its modules.
    pub configuration: Configuration,
    /// Turns in series per phase.
    pub turns: f64,
    /// Masses.
    pub mass: UnitMass,
    /// Partners for whose axles it was evaluated, ascending.
    pub evaluated_for: Vec<usize>,
    /// What of its safe state is not known.
    pub not_known: BTreeSet<&'static str>,
}

/// A candidate that meets all targets of an axle under a share.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// Index in [`Evaluation::candidates`].
    pub candidate: usize,
    /// Index in the fleet.
    pub vehicle: usize,
    /// Index of the driven axle.
    pub axle: usize,
    /// Index in [`FleetVehicle::front_shares`].
    pub share: usize,
    /// What the axle takes in the WLTC, J/m, with its part of the battery's loss.
    pub wltc_j_per_m: f64,
}

/// All candidates and whom they can serve.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// Evaluated configurations.
    pub candidates: Vec<Candidate>,
    /// Who can serve whom.
    pub services: Vec<Service>,
    /// Configurations left out before evaluation, by reason.
    pub pruned: BTreeMap<String, usize>,
}

/// A machine variant to be evaluated with all inverters and gear sets.
struct Job<'a> {
    tables: &'a SectionTables,
    build: Build,
    stack_m: f64,
    winding: Winding,
}

/// Evaluates all configurations of a programme against a fleet.
///
/// # Errors
/// A stop.
pub fn evaluate(
    inputs: &Inputs,
    tables: &[SectionTables],
    fleet: &[FleetVehicle],
    progress: &dyn Progress,
) -> Result<Evaluation, StudyError> {
    let candidates = &inputs.programme.candidates;
    let mut jobs = Vec::new();
    let mut evaluation = Evaluation::default();
    let per_machine = inputs.inverters.len() * inputs.gear_sets.len();
    for (tables, input) in tables.iter().zip(&inputs.sections) {
        let build = Build::from_section(&input.section);
        for winding in &candidates.windings {
            let poles = 2 * tables.facts.pole_pairs;
            let windable = poles.is_multiple_of(winding.parallel_paths);
            for stack_m in &candidates.stacks {
                if windable {
                    jobs.push(Job {
                        tables,
                        build,
                        stack_m: *stack_m,
                        winding: *winding,
                    });
                } else {
                    evaluation.prune("parallel paths do not divide the poles", per_machine);
                }
            }
        }
    }
    let gears = gear_models(&inputs.gear_sets)?;
    progress.stage("units", jobs.len());
    let done = AtomicUsize::new(0);
    let parts: Vec<Option<Evaluation>> = jobs
        .par_iter()
        .map(|job| {
            if progress.cancelled() {
                return None;
            }
            let part = evaluate_machine(job, inputs, &gears, fleet);
            done.fetch_add(1, Ordering::Relaxed);
            progress.done(1);
            Some(part)
        })
        .collect();
    for part in parts {
        evaluation.append(part.ok_or(StudyError::Cancelled)?);
    }
    Ok(evaluation)
}

/// The gear sets, ready for motors.
fn gear_models(sets: &[GearSet]) -> Result<Vec<GearModel<'_>>, StudyError> {
    let model = |set| {
        GearModel::new(set).map_err(|error| StudyError::Model {
            what: "gear set".to_owned(),
            reason: error.to_string(),
        })
    };
    sets.iter().map(model).collect()
}

/// The sections, ready for machines.
///
/// # Errors
/// A section that the drive model refuses.
pub fn tables(
    inputs: &Inputs,
    sections: &[SectionResult],
) -> Result<Vec<SectionTables>, StudyError> {
    let one = |(result, input): (&SectionResult, &crate::inputs::SectionInput)| {
        SectionTables::new(&result.flux_map, &result.facts, &input.steel, &input.magnet).map_err(
            |error| StudyError::Section {
                section: input.section.id.clone(),
                reason: error.to_string(),
            },
        )
    };
    sections.iter().zip(&inputs.sections).map(one).collect()
}

impl Evaluation {
    pub(crate) fn prune(&mut self, reason: &str, count: usize) {
        if count > 0 {
            *self.pruned.entry(reason.to_owned()).or_default() += count;
        }
    }

    fn append(&mut self, part: Self) {
        let offset = self.candidates.len();
        self.candidates.extend(part.candidates);
        let moved = part.services.into_iter();
        self.services.extend(moved.map(|s| Service {
            candidate: s.candidate + offset,
            ..s
        }));
        for (reason, count) in part.pruned {
            self.prune(&reason, count);
        }
    }

    /// Distinct configurations evaluated for some of these partners.
    #[must_use]
    pub fn evaluated_for(&self, partners: &[usize]) -> usize {
        let wanted = |c: &&Candidate| c.evaluated_for.iter().any(|p| partners.contains(p));
        self.candidates.iter().filter(wanted).count()
    }

    /// How many evaluated configurations have a safe state of which something is not known, by what.
    #[must_use]
    pub fn not_known(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for what in self.candidates.iter().flat_map(|c| &c.not_known) {
            *counts.entry((*what).to_owned()).or_default() += 1;
        }
        counts
    }

    /// Distinct configurations that can serve some axle of these partners.
    #[must_use]
    pub fn feasible_for(&self, fleet: &[FleetVehicle], partners: &[usize]) -> usize {
        let mut serving: Vec<usize> = self
            .services
            .iter()
            .filter(|s| partners.contains(&fleet[s.vehicle].partner))
            .map(|s| s.candidate)
            .collect();
        serving.sort_unstable();
        serving.dedup();
        serving.len()
    }
}

/// Cars that are judged at the same voltage.
fn by_voltage(fleet: &[FleetVehicle]) -> BTreeMap<i64, Vec<usize>> {
    let mut groups: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (i, vehicle) in fleet.iter().enumerate() {
        #[allow(clippy::cast_possible_truncation)]
        groups
            .entry(vehicle.dc_voltage_v as i64)
            .or_default()
            .push(i);
    }
    groups
}

/// Whether an inverter may be connected to a car's battery: it bears the full battery's voltage,
/// and its class is not more than half above the battery's nominal voltage.
#[must_use]
pub fn fits_battery(inverter: &Inverter, vehicle: &FleetVehicle) -> bool {
    let battery = &vehicle.vehicle.battery;
    let full_v = battery
        .open_circuit_voltage_v
        .iter()
        .copied()
        .fold(0.0, f64::max);
    full_v <= inverter.dc_voltage_max_v
        && inverter.voltage_class_v <= 1.5 * battery.nominal_voltage_v
}

fn evaluate_machine(
    job: &Job<'_>,
    inputs: &Inputs,
    gears: &[GearModel<'_>],
    fleet: &[FleetVehicle],
) -> Evaluation {
    let conditions = Conditions::default();
    let mut part = Evaluation::default();
    let per_inverter = gears.len();
    let Ok(machine) = Machine::new(job.tables, job.stack_m, job.winding, job.build) else {
        part.prune("no such machine", per_inverter * inputs.inverters.len());
        return part;
    };
    for inverter in &inputs.inverters {
        let mut tries: Vec<Attempt> = gears.iter().map(Attempt::new).collect();
        let mut fitting = 0;
        for vehicles in by_voltage(fleet).values() {
            let served: Vec<usize> = vehicles
                .iter()
                .copied()
                .filter(|v| fits_battery(inverter, &fleet[*v]))
                .collect();
            let Some(first) = served.first() else {
                continue;
            };
            fitting += served.len();
            let voltage = fleet[*first].dc_voltage_v;
            let Ok(ceiling) = ceiling(&machine, inverter, voltage, &conditions) else {
                continue;
            };
            let open: Vec<&mut Attempt> = tries
                .iter_mut()
                .filter_map(|attempt| attempt.may_reach(&ceiling, &served, fleet))
                .collect();
            if open.is_empty() {
                continue;
            }
            let Ok(motor) = motor_map(&machine, inverter, voltage, &conditions) else {
                continue;
            };
            let reaching: Vec<&mut Attempt> = open
                .into_iter()
                .filter_map(|attempt| attempt.still_reaches(&motor, &served, fleet))
                .collect();
            if reaching.is_empty() {
                continue;
            }
            let state = safe_state(&machine, inverter, &motor, conditions.winding_limit_k);
            let refused = no_safe_state(&state, voltage);
            for attempt in reaching {
                match refused {
                    Some(reason) => attempt.refuse(reason),
                    None => attempt.at_voltage(&motor, &state, &served, fleet),
                }
            }
        }
        if fitting == 0 {
            part.prune("inverter fits no car's battery", per_inverter);
        } else {
            tries
                .into_iter()
                .for_each(|attempt| attempt.book(&mut part));
        }
    }
    part
}
