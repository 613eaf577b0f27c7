//! A drive unit on its own: its maps, what it holds for how long, its temperatures, its currents.

use std::path::{Path, PathBuf};

use codrive_drive::gear::GearModel;
use codrive_drive::thermal::Node;
use codrive_drive::thermal::trace::{self, Duty, DutyStep, TracePoint};
use codrive_drive::{
    DriveError, Machine, MotorMap, axle_map, current_plane, motor_map, safe_state, short_circuits,
};
use codrive_model::flux_map::SectionResult;
use codrive_model::input::span_of;
use codrive_model::operating_map::{OperatingMap, cell};
use codrive_model::unit::{Ratings, Unit};
use codrive_model::unit_map::{CurrentPlane, Envelopes, Figures, Trace, UnitMap};

use crate::cache::Cache;
use crate::error::StudyError;
use crate::files::{create_private_folder, write_whole};
use crate::folders::json_bytes;
use crate::motor::solve_machine;
use crate::progress::Progress;
use crate::unit_conditions;
use crate::unit_figures;
use crate::unit_modules::{UnitInput, read_unit};
use crate::unit_tables;

/// Length of the duty where the file states none, and longest time between points of a trace, s.
const USUAL_DUTY_S: f64 = 1_800.0;
const TRACE_POINTS: f64 = 600.0;

/// Winding that has not warmed up, whose short circuit is the worst, K.
const COLD_WINDING_K: f64 = 293.15;

/// Torque lines and voltage limits aimed at in the plane of the currents.
const LINES: f64 = 6.0;

/// A unit, computed.
#[derive(Clone, Debug)]
pub struct ComputedUnit {
    /// What its pictures show.
    pub map: UnitMap,
    /// Its section, with the stress in the rotor.
    pub section: SectionResult,
    /// Its losses by origin over voltage and temperatures, as tables with their file names.
    pub losses: Vec<(String, String)>,
}

/// Computes a unit: a file, or a shipped name; its field map is kept in the cache.
///
/// # Errors
/// Files that are wrong, a section that cannot be solved, or a model that refuses its inputs.
pub fn compute(
    name: &str,
    cache: &Path,
    progress: &dyn Progress,
) -> Result<ComputedUnit, StudyError> {
    let input = read_unit(name)?;
    let cache = Cache::open(cache, false)?;
    progress.stage("unit", 2);
    let section = solve_machine(&input.machine, &cache, progress)?;
    progress.done(1);
    let mut map = unit_map(&input, &section)?;
    progress.done(1);
    map.figures = unit_figures::figures(&input, &cache, progress)?;
    let at = unit_conditions::tabulate(&input, &cache, progress)?;
    map.envelopes_at = at.envelopes;
    Ok(ComputedUnit {
        map,
        section,
        losses: at.tables,
    })
}

/// Writes `unit.json` and the tables: `motor-map.csv`, `axle-map.csv`, `envelopes.csv`, `envelopes-at.csv`, `trace.csv`,
/// `safe-state.csv`, losses by origin; then the `pictures`, named. The folder is for its owner only.
///
/// # Errors
/// A file that cannot be written.
pub fn write(
    unit: &ComputedUnit,
    pictures: Vec<(String, String)>,
    out: &Path,
) -> Result<Vec<PathBuf>, StudyError> {
    let map = &unit.map;
    create_private_folder(out)?;
    let json = out.join("unit.json");
    let mut files = vec![(json.clone(), json_bytes(&json, map)?)];
    let tables = [
        ("motor-map.csv", unit_tables::map(&map.unit.motor)),
        ("axle-map.csv", unit_tables::map(&map.unit.axle)),
        ("envelopes.csv", unit_tables::envelopes(map)),
        (
            "envelopes-at.csv",
            unit_tables::envelopes_at(&map.envelopes_at),
        ),
        ("trace.csv", unit_tables::trace(&map.trace)),
        ("safe-state.csv", unit_tables::safe_state(map)),
    ];
    let named = tables.map(|(name, text)| (name.to_owned(), text));
    let losses = unit.losses.iter().cloned();
    for (name, text) in named.into_iter().chain(losses).chain(pictures) {
        files.push((out.join(name), text.into_bytes()));
    }
    for (path, bytes) in &files {
        write_whole(path, bytes)?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

fn unit_map(input: &UnitInput, section: &SectionResult) -> Result<UnitMap, StudyError> {
    let refused = |error: DriveError| input.refused(&error);
    let tables = input.machine.tables(section).map_err(refused)?;
    let machine = input.machine.built(&tables, input.build).map_err(refused)?;
    let motor = motor_map(
        &machine,
        &input.inverter,
        input.file.dc_voltage_v,
        &input.conditions,
    )
    .map_err(refused)?;
    check_speeds(input, &motor, section)?;
    let unit = axle_map(&motor, &input.gear_set).map_err(refused)?;
    Ok(UnitMap {
        schema: 1,
        codrive: env!("CARGO_PKG_VERSION").to_owned(),
        id: input.file.id.clone(),
        name: input.file.name.clone(),
        assumptions: input.file.assumptions.clone(),
        figures: Figures::default(),
        windings: unit_figures::windings(input, &tables).map_err(refused)?,
        winding_temperature_k: input.conditions.winding_temperature_k,
        limited_by_map: motor.limited_by_map,
        motor_envelopes: motor_envelopes(&unit.motor, unit.ratings.clone()),
        envelopes_at: Vec::new(),
        axle_envelopes: axle_envelopes(&unit, &GearModel::new(&input.gear_set).map_err(refused)?),
        trace: temperatures(input, &machine, &motor.map).map_err(refused)?,
        currents: currents(input, &machine, &motor).map_err(refused)?,
        safe_state: safe_state(
            &machine,
            &input.inverter,
            &motor,
            input.conditions.winding_limit_k,
        ),
        short_circuits: short_circuits(&machine, &motor, COLD_WINDING_K),
        unit,
    })
}

/// Refuses a duty that turns faster than the rotor holds, or than the unit runs.
fn check_speeds(
    input: &UnitInput,
    motor: &MotorMap,
    section: &SectionResult,
) -> Result<(), StudyError> {
    let rpm = |rad_per_s: f64| rad_per_s * 30.0 / std::f64::consts::PI;
    let (burst, top) = (
        section.facts.burst_speed_limit_rad_per_s,
        motor.map.speed_limit_rad_per_s(),
    );
    for (index, step) in input.file.duty.iter().enumerate() {
        let asked = step.speed_rad_per_s;
        let why = if asked > burst {
            format!(
                "the strength of the rotor, which ends at {:.0} rpm",
                rpm(burst)
            )
        } else if asked > top * (1.0 + 1e-9) {
            format!(
                "the unit, which ends at {:.0} rpm: {}",
                rpm(top),
                motor.top_speed
            )
        } else {
            continue;
        };
        let message = format!("{:.0} rpm are beyond {why}", rpm(asked));
        let source = &input.source;
        let span = span_of(&source.text, &format!("duty[{index}].speed"));
        let hint = format!("at most {:.0} rpm", rpm(top.min(burst)).floor());
        return Err(source.error(span, &message).with_hint(hint).into());
    }
    Ok(())
}

/// What a motor shaft holds.
pub(crate) fn motor_envelopes(map: &OperatingMap, ratings: Option<Ratings>) -> Envelopes {
    let ratings = ratings.unwrap_or_default();
    Envelopes {
        speed_rad_per_s: map.speed_rad_per_s.clone(),
        peak_nm: map.torque_max_nm.clone(),
        braking_nm: map.torque_min_nm.clone(),
        held_10s_nm: ratings.torque_10s_nm,
        held_30s_nm: ratings.torque_30s_nm,
        continuous_nm: map.torque_continuous_nm.clone(),
    }
}

/// The envelopes through the gear set, cut to its rated torque; zero where they do not cover its drag.
fn axle_envelopes(unit: &Unit, gear: &GearModel<'_>) -> Envelopes {
    let ratings = unit.ratings.clone().unwrap_or_default();
    let set = gear.set();
    let through = |motor_nm: &[f64]| -> Vec<f64> {
        let at_axle = |axle_rad_per_s: &f64| {
            let speed = axle_rad_per_s * set.ratio;
            let (i, t) = cell(&unit.motor.speed_rad_per_s, speed);
            let nm = motor_nm[i] * (1.0 - t) + motor_nm[i + 1] * t;
            let axle_nm = gear
                .at_speed(speed)
                .axle_nm(nm.min(set.rated_input_torque_nm));
            axle_nm.max(0.0)
        };
        unit.axle.speed_rad_per_s.iter().map(at_axle).collect()
    };
    Envelopes {
        speed_rad_per_s: unit.axle.speed_rad_per_s.clone(),
        peak_nm: unit.axle.torque_max_nm.clone(),
        braking_nm: unit.axle.torque_min_nm.clone(),
        held_10s_nm: through(&ratings.torque_10s_nm),
        held_30s_nm: through(&ratings.torque_30s_nm),
        continuous_nm: unit.axle.torque_continuous_nm.clone(),
    }
}

/// The duty of the file; else all the torque there is at the speed of the largest power.
fn duty(input: &UnitInput, map: &OperatingMap) -> Vec<DutyStep> {
    if input.file.duty.is_empty() {
        let points = map.speed_rad_per_s.iter().zip(&map.torque_max_nm);
        let strongest = points.max_by(|a, b| (a.0 * a.1).total_cmp(&(b.0 * b.1)));
        return strongest
            .map(|(speed, torque)| DutyStep {
                seconds: USUAL_DUTY_S,
                speed_rad_per_s: *speed,
                torque_nm: *torque,
            })
            .into_iter()
            .collect();
    }
    let steps = input.file.duty.iter();
    steps
        .map(|step| DutyStep {
            seconds: step.seconds,
            speed_rad_per_s: step.speed_rad_per_s,
            torque_nm: step.torque_nm,
        })
        .collect()
}

fn temperatures(
    input: &UnitInput,
    machine: &Machine<'_>,
    map: &OperatingMap,
) -> Result<Trace, DriveError> {
    let steps = duty(input, map);
    let seconds: f64 = steps.iter().map(|step| step.seconds).sum();
    let followed = Duty {
        steps: &steps,
        interval_s: seconds / TRACE_POINTS,
        start_k: None,
        gear_set: Some(&input.gear_set),
    };
    let (conditions, voltage) = (&input.conditions, input.file.dc_voltage_v);
    let points = trace::trace(machine, &input.inverter, voltage, conditions, &followed)?;
    let column = |f: &dyn Fn(&TracePoint) -> f64| points.iter().map(f).collect::<Vec<f64>>();
    let node = |node: Node| column(&|p| p.temperatures.at(node));
    Ok(Trace {
        time_s: column(&|p| p.time_s),
        speed_rad_per_s: column(&|p| p.speed_rad_per_s),
        asked_nm: column(&|p| p.asked_nm),
        given_nm: column(&|p| p.given_nm),
        loss_w: column(&|p| p.loss_w),
        winding_k: column(&|p| p.temperatures.winding_k),
        magnet_k: node(Node::Magnets),
        rotor_k: node(Node::RotorIron),
        yoke_k: node(Node::Yoke),
        oil_k: node(Node::Oil),
        junction_k: column(&|p| p.junction_k),
        limits_k: [
            conditions.winding_limit_k,
            conditions.magnet_limit_k,
            input.inverter.junction_limit_k,
        ],
    })
}

fn currents(
    input: &UnitInput,
    machine: &Machine<'_>,
    motor: &MotorMap,
) -> Result<CurrentPlane, DriveError> {
    let loads = motor.map.load.len();
    let most_nm = motor.map.torque_max_nm.iter().copied().fold(0.0, f64::max);
    let per_rpm = std::f64::consts::PI / 30.0;
    let top_rpm = motor.map.speed_limit_rad_per_s() / per_rpm;
    let speeds: Vec<f64> = round_values(top_rpm).iter().map(|n| n * per_rpm).collect();
    let at = (&input.inverter, input.file.dc_voltage_v);
    let torques = round_values(most_nm);
    let plane = current_plane(machine, at, &input.conditions, &torques, &speeds)?;
    Ok(CurrentPlane {
        envelope: motor
            .currents_a
            .chunks(loads)
            .filter_map(|row| row.last().copied())
            .collect(),
        ..plane
    })
}

/// Round values above zero up to `most`, about [`LINES`] of them.
fn round_values(most: f64) -> Vec<f64> {
    let rough = most / LINES;
    let power = 10f64.powf(rough.log10().floor());
    let factors = [1.0, 2.0, 2.5, 5.0, 10.0];
    let step = factors.iter().map(|f| f * power).find(|s| *s >= rough);
    let step = step.unwrap_or(rough);
    let mut values = Vec::new();
    let mut value = step;
    while value <= most && value > 0.0 {
        values.push(value);
        value += step;
    }
    values
}
