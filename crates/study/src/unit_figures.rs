//! Figures of a unit over what is not known of it, and with other numbers of turns.
//!
//! Each unknown is varied alone. Then, for each figure, all unknowns take the values that lowered it alone, and
//! those that raised it: the range runs over all that was computed. It holds as long as no two unknowns
//! together turn what each does alone.

use codrive_drive::{DriveError, Machine, MotorMap, SectionTables, motor_map};
use codrive_model::section::Conductor;
use codrive_model::unit::Winding;
use codrive_model::unit_map::{Figure, Figures, Unknown, UnknownCase, WindingChoice};

use crate::cache::Cache;
use crate::error::StudyError;
use crate::motor::solve_machine;
use crate::progress::Progress;
use crate::unit_modules::UnitInput;
use crate::unit_unknowns::{Setting, Variation, variations};

/// Names and units of the figures.
const FIGURES: [(&str, &str); 7] = [
    ("peak torque", "Nm"),
    ("peak power", "kW"),
    ("power for 30 s", "kW"),
    ("continuous power", "kW"),
    ("highest speed", "rpm"),
    ("mass of the motor", "kg"),
    ("mass of the unit", "kg"),
];

/// Conductors per slot that are tried.
const MOST_CONDUCTORS: u32 = 100;

/// The figures, in the order of [`FIGURES`].
type Values = [f64; FIGURES.len()];

/// The figures of a unit, with their ranges.
///
/// # Errors
/// As [`crate::unit::compute`]; a range that does not hold what is assumed.
pub(crate) fn figures(
    input: &UnitInput,
    cache: &Cache,
    progress: &dyn Progress,
) -> Result<Figures, StudyError> {
    let variations = variations(input)?;
    let cases = variations.iter().map(|v| v.cases.len()).sum::<usize>();
    progress.stage("unknowns", 1 + cases + 2 * FIGURES.len());
    let mut bench = Bench {
        input,
        cache,
        progress,
        solved: Vec::new(),
    };
    let best = bench.values(&[])?;
    let mut alone = Vec::with_capacity(variations.len());
    for variation in &variations {
        let settings = variation.cases.iter().map(|case| &case.1);
        let values = settings.map(|setting| bench.values(&[setting]));
        alone.push(values.collect::<Result<Vec<Values>, _>>()?);
    }
    let mut all: Vec<Values> = alone.iter().flatten().copied().chain([best]).collect();
    for figure in 0..FIGURES.len() {
        for sign in [-1.0, 1.0] {
            let corner = corner(&variations, &alone, &best, |values| sign * values[figure]);
            all.push(bench.values(&corner)?);
        }
    }
    Ok(Figures {
        figures: with_ranges(&best, &all),
        unknowns: variations.into_iter().zip(alone).map(told).collect(),
    })
}

/// Of each unknown the value that alone makes `rank` largest; none where that is the assumed one.
fn corner<'v>(
    variations: &'v [Variation],
    alone: &[Vec<Values>],
    best: &Values,
    rank: impl Fn(&Values) -> f64,
) -> Vec<&'v Setting> {
    let largest = |(variation, values): (&'v Variation, &Vec<Values>)| {
        let cases = variation.cases.iter().zip(values);
        let ranked = cases.map(|((_, setting), values)| (setting, rank(values)));
        let top = ranked.max_by(|a, b| a.1.total_cmp(&b.1))?;
        (top.1 > rank(best)).then_some(top.0)
    };
    variations.iter().zip(alone).filter_map(largest).collect()
}

fn with_ranges(best: &Values, all: &[Values]) -> Vec<Figure> {
    let figure = |(index, (name, unit)): (usize, &(&str, &str))| {
        let values = || all.iter().map(|values| values[index]);
        Figure {
            name: (*name).to_owned(),
            unit: (*unit).to_owned(),
            best: best[index],
            range: [
                values().fold(f64::MAX, f64::min),
                values().fold(f64::MIN, f64::max),
            ],
        }
    };
    FIGURES.iter().enumerate().map(figure).collect()
}

fn told((variation, values): (Variation, Vec<Values>)) -> Unknown {
    let cases = variation.cases.into_iter().zip(values);
    Unknown {
        name: variation.name.to_owned(),
        assumed: variation.assumed,
        source: variation.source,
        cases: cases
            .map(|((value, _), figures)| UnknownCase {
                value,
                figures: figures.to_vec(),
            })
            .collect(),
    }
}

/// Evaluates variations of a unit; sections are prepared once for each pair of grades.
struct Bench<'a> {
    input: &'a UnitInput,
    cache: &'a Cache,
    progress: &'a dyn Progress,
    solved: Vec<([String; 2], SectionTables)>,
}

impl Bench<'_> {
    fn values(&mut self, settings: &[&Setting]) -> Result<Values, StudyError> {
        if self.progress.cancelled() {
            return Err(StudyError::Cancelled);
        }
        let mut input = self.input.clone();
        settings
            .iter()
            .for_each(|setting| setting.apply(&mut input));
        let place = self.tables(&input)?;
        let tables = &self.solved[place].1;
        let values = values(&input, tables).map_err(|error| input.refused(&error))?;
        self.progress.done(1);
        Ok(values)
    }

    /// Where the tables of the unit's section are.
    fn tables(&mut self, input: &UnitInput) -> Result<usize, StudyError> {
        let section = &input.machine.section;
        let grades = [section.steel.name.clone(), section.magnet.name.clone()];
        if let Some(place) = self.solved.iter().position(|known| known.0 == grades) {
            return Ok(place);
        }
        let solved = solve_machine(&input.machine, self.cache, self.progress)?;
        let tables = input.machine.tables(&solved);
        self.solved
            .push((grades, tables.map_err(|error| input.refused(&error))?));
        Ok(self.solved.len() - 1)
    }
}

fn values(input: &UnitInput, tables: &SectionTables) -> Result<Values, DriveError> {
    let machine = input.machine.built(tables, input.build)?;
    let motor = map(input, &machine)?;
    let held = motor
        .ratings
        .as_ref()
        .map_or(0.0, |ratings| most_power(&motor, &ratings.torque_30s_nm).0);
    Ok([
        peak_torque_nm(&motor),
        1e-3 * motor.map.peak_power_w(),
        1e-3 * held,
        1e-3 * motor.map.continuous_power_w(),
        motor.map.speed_limit_rad_per_s() * 30.0 / std::f64::consts::PI,
        motor.mass.machine_kg(),
        motor.mass.total_kg() + input.gear_set.total_mass_kg(),
    ])
}

fn map(input: &UnitInput, machine: &Machine<'_>) -> Result<MotorMap, DriveError> {
    let voltage_v = input.file.dc_voltage_v;
    motor_map(machine, &input.inverter, voltage_v, &input.conditions)
}

fn peak_torque_nm(motor: &MotorMap) -> f64 {
    motor.map.torque_max_nm.iter().copied().fold(0.0, f64::max)
}

/// Largest power of a torque over the map's speeds, W, and its speed, rad/s.
fn most_power(motor: &MotorMap, torque_nm: &[f64]) -> (f64, f64) {
    let speeds = motor.map.speed_rad_per_s.iter();
    let powers = speeds
        .zip(torque_nm)
        .map(|(speed, nm)| (speed * nm, *speed));
    powers.fold(
        (0.0, 0.0),
        |most, next| if next.0 > most.0 { next } else { most },
    )
}

/// The unit with windings of neighbouring numbers of turns, its own among them.
///
/// # Errors
/// A winding with which the unit does not run.
pub(crate) fn windings(
    input: &UnitInput,
    tables: &SectionTables,
) -> Result<Vec<WindingChoice>, DriveError> {
    let choice = |winding: Winding| -> Result<WindingChoice, DriveError> {
        let machine = Machine::new(tables, input.machine.machine.stack_m, winding, input.build)?;
        let motor = map(input, &machine)?;
        let (peak_power_w, peak_power_speed_rad_per_s) =
            most_power(&motor, &motor.map.torque_max_nm);
        let top_speed_rad_per_s = motor.map.speed_limit_rad_per_s();
        let top_nm = motor.map.torque_max_at_nm(top_speed_rad_per_s);
        Ok(WindingChoice {
            winding,
            turns: motor.turns,
            peak_torque_nm: peak_torque_nm(&motor),
            peak_power_w,
            peak_power_speed_rad_per_s,
            top_speed_rad_per_s,
            power_at_top_w: top_nm * top_speed_rad_per_s,
        })
    };
    let own = Winding {
        conductors_per_slot: input.machine.machine.conductors_per_slot,
        parallel_paths: input.machine.machine.parallel_paths,
        connection: input.machine.machine.connection,
    };
    neighbours(input, own).into_iter().map(choice).collect()
}

/// The winding with one conductor per slot less and more; of round wire, which is divided among more
/// paths at will, also with one turn less and more. Ascending in turns.
fn neighbours(input: &UnitInput, own: Winding) -> Vec<Winding> {
    let section = &input.machine.section.section;
    let n = own.conductors_per_slot;
    let with = |conductors_per_slot| Winding {
        conductors_per_slot,
        ..own
    };
    let mut all: Vec<Winding> = [n.saturating_sub(1).max(1), n, n + 1].map(with).to_vec();
    if section.winding.conductor == Conductor::Round {
        let turns = own.turns(section.slots);
        let beside = [turns - 1.0, turns + 1.0];
        all.extend(
            beside
                .iter()
                .filter_map(|turns| of_turns(input, own, *turns)),
        );
    }
    all.sort_by(|a, b| a.ratio().total_cmp(&b.ratio()));
    all.dedup_by(|a, b| a.ratio().total_cmp(&b.ratio()).is_eq());
    all
}

/// The winding of a number of turns in the fewest paths that divide the poles, if there is one.
fn of_turns(input: &UnitInput, own: Winding, turns: f64) -> Option<Winding> {
    let section = &input.machine.section.section;
    let poles = 2 * section.pole_pairs;
    let paths = (1..=poles).filter(|paths| poles.is_multiple_of(*paths));
    let windings = paths.flat_map(|parallel_paths| {
        (1..=MOST_CONDUCTORS).map(move |conductors_per_slot| Winding {
            conductors_per_slot,
            parallel_paths,
            ..own
        })
    });
    let mut near = windings.filter(|winding| (winding.turns(section.slots) - turns).abs() < 1e-9);
    near.next()
}
