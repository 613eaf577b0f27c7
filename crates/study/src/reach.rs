//! When no candidate serves an axle: which target fails, by how much, and which is nearest.

use codrive_drive::{Build, Conditions, Machine, SectionTables, axle_map, motor_map};
use codrive_model::requirement::Judged;
use rayon::prelude::*;

use crate::attempt::taken_j_per_m;
use crate::candidates::{Evaluation, fits_battery};
use crate::error::StudyError;
use crate::fleet::FleetVehicle;
use crate::inputs::Inputs;

/// Checks that every vehicle has, under some share, a candidate for each of its axles.
///
/// # Errors
/// The first vehicle that has none, with the nearest candidate and the target it misses.
pub fn check_reach(
    inputs: &Inputs,
    tables: &[SectionTables],
    fleet: &[FleetVehicle],
    evaluation: &Evaluation,
) -> Result<(), StudyError> {
    for (v, car) in fleet.iter().enumerate() {
        let served = |axle: usize, share: usize| {
            evaluation
                .services
                .iter()
                .any(|s| (s.vehicle, s.axle, s.share) == (v, axle, share))
        };
        let axles = 0..car.axles.len();
        if !(0..car.front_shares.len()).any(|share| axles.clone().all(|axle| served(axle, share))) {
            let axle = axles.clone().find(|axle| !served(*axle, 0)).unwrap_or(0);
            return Err(unreachable(inputs, tables, car, axle));
        }
    }
    Ok(())
}

/// Of how many stacks, and of how many gear sets, the nearest candidate is sought.
const TRIED: usize = 8;

/// Some of a list, evenly spaced, both ends among them.
fn spaced<T>(all: &[T]) -> impl Iterator<Item = &T> {
    let last = all.len().saturating_sub(1);
    let steps = last.clamp(1, TRIED - 1);
    let mut indices: Vec<usize> = (0..=steps).map(|i| i * last / steps).collect();
    indices.dedup();
    indices.into_iter().filter_map(|i| all.get(i))
}

/// The candidate that misses an axle's targets by least, over all shares; of long lists of stacks and gear
/// sets some are tried.
fn unreachable(
    inputs: &Inputs,
    tables: &[SectionTables],
    car: &FleetVehicle,
    axle: usize,
) -> StudyError {
    let candidates = &inputs.programme.candidates;
    let mut variants = Vec::new();
    for (table, input) in tables.iter().zip(&inputs.sections) {
        for stack_m in spaced(&candidates.stacks) {
            for winding in &candidates.windings {
                variants.push((
                    table,
                    Build::from_section(&input.section),
                    *stack_m,
                    *winding,
                ));
            }
        }
    }
    let nearest = variants
        .par_iter()
        .filter_map(|(table, build, stack_m, winding)| {
            let machine = Machine::new(table, *stack_m, *winding, *build).ok()?;
            nearest_of_machine(inputs, car, axle, &machine)
        })
        .reduce_with(|a, b| if better(&b, &a) { b } else { a });
    let owner = &inputs.partners[car.partner].id;
    let name = format!("{owner}: {} {}", car.vehicle.id, car.vehicle.axles[axle]);
    match nearest {
        Some(Near {
            name: nearest,
            missed: Some(judged),
            ..
        }) => StudyError::Unreachable {
            axle: name,
            target: format!("{} of {:.2}", judged.target.name(), judged.asked),
            nearest,
            shortfall: format!(
                "{:.1} % (it reaches {:.2})",
                -100.0 * judged.margin,
                judged.value
            ),
        },
        Some(Near {
            name: nearest,
            taken,
            ..
        }) => StudyError::Unreachable {
            axle: name,
            target: format!(
                "wltp_range_km of {:.1}",
                1e-3 * car.vehicle.targets.wltp_range_m.unwrap_or(0.0)
            ),
            nearest,
            shortfall: format!(
                "{:.1} % (energy that it takes beyond what the range allows)",
                100.0 * (taken - 1.0)
            ),
        },
        None => StudyError::Unreachable {
            axle: name,
            target: "any target".to_owned(),
            nearest: "none".to_owned(),
            shortfall: "no candidate inverter fits the car's battery".to_owned(),
        },
    }
}

/// A unit and what it misses most.
struct Near {
    name: String,
    margin: f64,
    missed: Option<Judged>,
    /// Energy taken over energy allowed for the range.
    taken: f64,
}

fn better(a: &Near, b: &Near) -> bool {
    (a.margin, &b.name) > (b.margin, &a.name)
}

fn nearest_of_machine(
    inputs: &Inputs,
    car: &FleetVehicle,
    axle: usize,
    machine: &Machine<'_>,
) -> Option<Near> {
    let mut best: Option<Near> = None;
    for inverter in inputs.inverters.iter().filter(|i| fits_battery(i, car)) {
        let Ok(motor) = motor_map(machine, inverter, car.dc_voltage_v, &Conditions::default())
        else {
            continue;
        };
        for gear_set in spaced(&inputs.gear_sets) {
            let Ok(unit) = axle_map(&motor, gear_set) else {
                continue;
            };
            for (share, prepared) in car.axles[axle].iter().enumerate() {
                let inertia = unit.axle_inertia_kg_m2;
                let (Ok(verdict), Ok(energy)) = (
                    prepared.verdict(&unit.axle, inertia),
                    prepared.energy(&car.wltc, &unit.axle, inertia),
                ) else {
                    continue;
                };
                let taken = taken_j_per_m(&energy)
                    / (car.share_of(axle, share) * car.units_allowance_j_per_m);
                let tightest = verdict.tightest().copied();
                let margin = tightest.map_or(0.0, |j| j.margin).min(1.0 - taken);
                let missed = tightest.filter(|j| j.margin <= 1.0 - taken);
                let c = &unit.configuration;
                let name = format!("{} with {} and {}", c.machine.id(), c.inverter, c.gear_set);
                let near = Near {
                    name,
                    margin,
                    missed,
                    taken,
                };
                if best.as_ref().is_none_or(|b| better(&near, b)) {
                    best = Some(near);
                }
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_of_a_list_have_its_ends() {
        let all: Vec<usize> = (0..44).collect();
        let some: Vec<usize> = spaced(&all).copied().collect();
        assert_eq!((some.len(), some[0], some[TRIED - 1]), (TRIED, 0, 43));
        assert_eq!(spaced(&[5]).copied().collect::<Vec<i32>>(), [5]);
        assert_eq!(spaced(&[5, 6]).copied().collect::<Vec<i32>>(), [5, 6]);
        assert_eq!(spaced::<i32>(&[]).count(), 0);
    }
}
