//! When no candidate serves an axle: which target fails, by how much, and which is nearest.

use codrive_drive::{Build, Conditions, Machine, SectionTables, axle_map, motor_map};
use codrive_model::input::{InputError, span_of};
use codrive_model::inverter::Inverter;
use codrive_model::requirement::{Judged, Target};
use codrive_model::unit::Unit;
use codrive_model::vehicle::Vehicle;
use rayon::prelude::*;

use crate::attempt::taken_j_per_m;
use crate::candidates::{Evaluation, fits_battery};
use crate::error::StudyError;
use crate::fleet::FleetVehicle;
use crate::inputs::Inputs;
use crate::partner::Partner;

/// Checks that every vehicle has, under some share, a candidate for each of its axles.
///
/// # Errors
/// The first vehicle that has none: shown at the target that its nearest candidate misses by most.
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
        let bare = |share: usize| (0..car.axles.len()).filter(move |axle| !served(*axle, share));
        let shares = 0..car.front_shares.len();
        let Some(fewest) = shares.clone().map(|share| bare(share).count()).min() else {
            continue;
        };
        if fewest == 0 {
            continue;
        }
        // Of the shares that leave the fewest axles without a unit, those that leave the same one.
        let mut near = shares.filter(|share| bare(*share).count() == fewest);
        let first = near.clone().find_map(|share| bare(share).next());
        let axle = first.unwrap_or(0);
        let tried: Vec<usize> = near
            .by_ref()
            .filter(|share| !served(axle, *share))
            .collect();
        return Err(unreachable(inputs, tables, car, axle, &tried));
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

/// The candidate that misses an axle's targets by least, over some shares; of long lists of stacks and gear
/// sets some are tried.
fn unreachable(
    inputs: &Inputs,
    tables: &[SectionTables],
    car: &FleetVehicle,
    axle: usize,
    shares: &[usize],
) -> StudyError {
    let candidates = &inputs.programme.candidates;
    let mut variants = Vec::new();
    for (table, input) in tables.iter().zip(&inputs.sections) {
        for stack_m in spaced(&candidates.stacks) {
            for winding in &candidates.windings {
                let build = Build::from_section(&input.section);
                variants.push((table, build, *stack_m, *winding));
            }
        }
    }
    let nearest = variants
        .par_iter()
        .filter_map(|(table, build, stack_m, winding)| {
            let machine = Machine::new(table, *stack_m, *winding, *build).ok()?;
            nearest_of_machine(inputs, (car, axle, shares), &machine)
        })
        .reduce_with(|a, b| if better(&b, &a) { b } else { a });
    let owner = &inputs.partners[car.partner];
    let error = match nearest {
        Some(near) => missed(owner, car, axle, &near),
        None => no_inverter(owner, car, axle, inputs),
    };
    StudyError::Unreachable(Box::new(error))
}

/// The error at a key of a vehicle.
fn at_key(owner: &Partner, car: &FleetVehicle, key: &str, message: &str) -> InputError {
    let is_it = |vehicle: &Vehicle| vehicle.id == car.vehicle.id;
    let index = owner.vehicles.iter().position(is_it).unwrap_or(0);
    let source = &owner.vehicle_source;
    let span = span_of(&source.text, &format!("vehicle[{index}].{key}"));
    source.error(span, message)
}

/// What the nearest candidate misses, at the target that it misses by most.
fn missed(owner: &Partner, car: &FleetVehicle, axle: usize, near: &Near) -> InputError {
    let Some(worst) = near.missed.first() else {
        return at_key(owner, car, "targets", "no candidate unit meets the targets");
    };
    let share = if car.axles.len() > 1 {
        let part = 100.0 * car.share_of(axle, near.share);
        format!(" with {part:.0} % of the car's targets")
    } else {
        String::new()
    };
    let others: Vec<String> = near.missed[1..].iter().map(in_words).collect();
    let more = if others.is_empty() {
        String::new()
    } else {
        format!("; it also misses {}", others.join(" and "))
    };
    let message = format!(
        "`{}: {} {}`{share}: no candidate unit meets this target; the nearest, {}, misses {}{more}",
        owner.id,
        car.vehicle.id,
        car.vehicle.axles[axle],
        near.name,
        in_words(worst)
    );
    let key = format!("targets.{}", key(worst.target));
    at_key(owner, car, &key, &message).with_hint(remedy(worst.target))
}

/// Such as `350.0 km/h by 12.2 % (it reaches 307.2 km/h)`.
fn in_words(judged: &Judged) -> String {
    let unit = match judged.target {
        Target::ZeroTo100 | Target::EightyTo120 => "s",
        Target::TopSpeed | Target::ContinuousSpeed => "km/h",
        Target::Gradeability | Target::ContinuousGrade => "%",
        Target::WltpRange => "km",
    };
    let asked = format!("{} of {:.1} {unit}", key(judged.target), judged.asked);
    if judged.value.abs() < 1e6 {
        let by = -100.0 * judged.margin;
        let Judged { value, .. } = judged;
        format!("{asked} by {by:.1} % (it reaches {value:.1} {unit})")
    } else {
        format!("{asked}: it does not get there at all")
    }
}

/// The key in the vehicle's file.
const fn key(target: Target) -> &'static str {
    match target {
        Target::ZeroTo100 => "zero_to_100",
        Target::EightyTo120 => "eighty_to_120",
        Target::TopSpeed => "top_speed",
        Target::Gradeability => "gradeability",
        Target::ContinuousSpeed => "continuous_speed",
        Target::ContinuousGrade => "continuous_grade",
        Target::WltpRange => "wltp_range",
    }
}

/// What to try.
fn remedy(target: Target) -> String {
    let add = match target {
        Target::ZeroTo100 | Target::Gradeability => {
            "longer `stacks`, larger `inverters`, higher `ratios` and `input_torques`"
        }
        Target::EightyTo120 => "larger `inverters`, longer `stacks`, windings of fewer turns",
        Target::TopSpeed => {
            "lower `ratios`, a higher `max_input_speed`, windings of fewer turns, larger `inverters`"
        }
        Target::ContinuousSpeed | Target::ContinuousGrade => {
            "longer `stacks`, larger sections, more than one driven axle"
        }
        Target::WltpRange => {
            "inverters of silicon carbide, sections with less loss, or give the car a larger battery"
        }
    };
    format!("lower the target, or add candidates under [candidates] in programme.toml: {add}")
}

/// No candidate inverter bears the car's battery, or all are far above it.
fn no_inverter(owner: &Partner, car: &FleetVehicle, axle: usize, inputs: &Inputs) -> InputError {
    let battery = &car.vehicle.battery;
    let full_v = battery
        .open_circuit_voltage_v
        .iter()
        .copied()
        .fold(0.0, f64::max);
    let listed = inputs.inverters.iter();
    let bears = |i: &Inverter| {
        format!(
            "{} ({:.0} V class, at most {:.0} V)",
            i.id, i.voltage_class_v, i.dc_voltage_max_v
        )
    };
    let far = |i: &&Inverter| {
        let over = full_v / i.dc_voltage_max_v;
        let under = i.voltage_class_v / (1.5 * battery.nominal_voltage_v);
        over.max(under)
    };
    let nearest = listed.min_by(|a, b| far(a).total_cmp(&far(b))).map(bears);
    let message = format!(
        "`{}: {} {}`: no candidate inverter fits a battery of {:.0} V, {full_v:.0} V when full; the nearest is {}",
        owner.id,
        car.vehicle.id,
        car.vehicle.axles[axle],
        battery.nominal_voltage_v,
        nearest.unwrap_or_else(|| "none".to_owned())
    );
    let hint = "add an inverter of the battery's class to `inverters` under [candidates] in programme.toml";
    at_key(owner, car, "battery.nominal_voltage", &message).with_hint(hint)
}

/// A unit and the targets that it misses, by most first.
struct Near {
    name: String,
    margin: f64,
    share: usize,
    missed: Vec<Judged>,
}

fn better(a: &Near, b: &Near) -> bool {
    (a.margin, &b.name) > (b.margin, &a.name)
}

fn nearest_of_machine(
    inputs: &Inputs,
    (car, axle, shares): (&FleetVehicle, usize, &[usize]),
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
            for share in shares {
                let Some(missed) = misses(car, axle, *share, &unit) else {
                    continue;
                };
                let c = &unit.configuration;
                let near = Near {
                    name: format!("{} with {} and {}", c.machine.id(), c.inverter, c.gear_set),
                    margin: missed.first().map_or(0.0, |judged| judged.margin),
                    share: *share,
                    missed,
                };
                if best.as_ref().is_none_or(|b| better(&near, b)) {
                    best = Some(near);
                }
            }
        }
    }
    best
}

/// The targets that a unit misses on an axle, by most first.
fn misses(car: &FleetVehicle, axle: usize, share: usize, unit: &Unit) -> Option<Vec<Judged>> {
    let prepared = &car.axles[axle][share];
    let inertia = unit.axle_inertia_kg_m2;
    let verdict = prepared.verdict(&unit.axle, inertia).ok()?;
    let energy = prepared.energy(&car.wltc, &unit.axle, inertia).ok()?;
    let mut missed: Vec<Judged> = verdict.targets().filter(|j| !j.ok()).copied().collect();
    let allowed = car.share_of(axle, share) * car.units_allowance_j_per_m;
    let taken = taken_j_per_m(&energy) / allowed;
    if let Some(range_m) = car.vehicle.targets.wltp_range_m
        && !(0.0..=1.0).contains(&taken)
    {
        // With all axles taking as much beyond what the range allows, the car comes about so far.
        let part = if taken > 0.0 { 1.0 / taken } else { 0.0 };
        missed.push(Judged::new(
            Target::WltpRange,
            1e-3 * range_m * part,
            1e-3 * range_m,
        ));
    }
    missed.sort_by(|a, b| a.margin.total_cmp(&b.margin));
    Some(missed)
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
