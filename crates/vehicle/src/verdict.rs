//! One axle judged under a share of the car's targets.
//!
//! Split a car with two driven axles into two imagined cars: axle i with the share s_i (s_1 + s_2
//! = 1) drives a car of mass s_i·m against s_i·R with its force F_i and its own inertia J_i/r². Its
//! acceleration is a_i = (F_i − s_i·R) / M_i with M_i = s_i·(m + m_rot) + J_i/r². The real car has
//! a = (F_1 + F_2 − R) / (M_1 + M_2) = w_1·a_1 + w_2·a_2, the mean with the constant weights
//! w_i = M_i / (M_1 + M_2). As 1/a is convex, T = ∫ dv/a ≤ w_1·T_1 + w_2·T_2: two axles that each
//! meet the target in their share meet it together. Top speed, grades and continuous targets are
//! linear in the forces, so the same holds.
//!
//! Each axle has s_i of the battery's power, so that the sum stays within it. The tyres' limit
//! couples the axles through load transfer. Here both imagined cars keep to one acceleration a_max =
//! µ·g·φ / (s_f + µ·h/L), at which the front tyres can just take their share; then a ≤ a_max, the
//! front axle carries at least its load at a_max and the rear one at least its load at rest, and
//! with these least loads the tyres' limits of the two axles no longer depend on each other. The
//! verdict is sufficient, not necessary: a pair that fails here may pass in [`crate::judge`], not
//! the other way round.

use codrive_model::operating_map::OperatingMap;
use codrive_model::requirement::{Judged, Target};
use codrive_model::vehicle::{Axle, Vehicle};

use crate::acceleration::{KM_PER_H_80, KM_PER_H_100, KM_PER_H_120, STEPS};
use crate::error::VehicleError;
use crate::lookup::Lookup;
use crate::performance::{START_SPEEDS_M_S, held_grade, highest};
use crate::prepared::{PreparedAxle, RunPoint};

/// Steps from standstill to a speed at which the resistance has to be overcome.
const HELD_POINTS: u32 = 24;

/// Targets that an axle is judged by.
const TARGETS: usize = 6;

/// One unit on one axle under its share, target by target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AxleVerdict {
    judged: [Option<Judged>; TARGETS],
}

impl AxleVerdict {
    /// The targets that the car states, in the order in which they are cheap to check.
    pub fn targets(&self) -> impl Iterator<Item = &Judged> {
        self.judged.iter().flatten()
    }

    /// Whether all are met.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.targets().all(Judged::ok)
    }

    /// The target that is missed by most, or met by least.
    #[must_use]
    pub fn tightest(&self) -> Option<&Judged> {
        self.targets().min_by(|a, b| a.margin.total_cmp(&b.margin))
    }
}

/// Judges one unit on one axle; for many units prepare the axle once ([`PreparedAxle`]).
///
/// # Errors
/// The axle is not driven, the share is not possible, the map cannot be used.
pub fn axle_meets(
    vehicle: &Vehicle,
    axle: Axle,
    share: f64,
    map: &OperatingMap,
    inertia_kg_m2: f64,
) -> Result<AxleVerdict, VehicleError> {
    PreparedAxle::new(vehicle, axle, share)?.verdict(map, inertia_kg_m2)
}

/// A unit on a prepared axle.
struct Fitted<'a> {
    axle: &'a PreparedAxle,
    lookup: Lookup<'a>,
    radius_m: f64,
    /// Inertia of the imagined whole car, kg.
    inertia_kg: f64,
}

impl<'a> Fitted<'a> {
    fn new(axle: &'a PreparedAxle, map: &'a OperatingMap, inertia_kg_m2: f64) -> Self {
        let vehicle = &axle.vehicle;
        let radius_m = vehicle.body.wheel_radius_m;
        let unit_kg = inertia_kg_m2 / (radius_m * radius_m) / axle.share;
        Self {
            axle,
            lookup: Lookup::new(map),
            radius_m,
            inertia_kg: vehicle.mass.test_kg + vehicle.mass.rotating_kg + unit_kg,
        }
    }

    /// Force of the imagined whole car at a speed, N; zero beyond the highest speed.
    fn force_n(&self, speed_m_s: f64) -> f64 {
        let speed = speed_m_s / self.radius_m;
        self.lookup.at_any(speed).map_or(0.0, |at| {
            let torque = self.axle.limits.driven_nm(&self.lookup, &at, speed);
            torque / self.radius_m / self.axle.share
        })
    }

    /// Continuous force of the imagined whole car at a speed, N.
    fn continuous_n(&self, speed_m_s: f64) -> f64 {
        let speed = speed_m_s / self.radius_m;
        self.lookup.at_any(speed).map_or(0.0, |at| {
            let driven = self.axle.limits.driven_nm(&self.lookup, &at, speed);
            let torque = self.lookup.continuous_nm(&at).min(driven);
            torque / self.radius_m / self.axle.share
        })
    }

    /// Time over prepared points of ascending speed, s; infinite where it gets stuck. Stops early
    /// once the time is above `limit_s`.
    fn time_s(&self, points: &[RunPoint; STEPS], range_m_s: f64, limit_s: f64) -> f64 {
        #[allow(clippy::cast_precision_loss)]
        let step = range_m_s / STEPS as f64;
        let (tyre_n, tyre_kg) = self.axle.tyre;
        let mut cursor = self.lookup.cursor();
        let mut time_s = 0.0;
        for point in points {
            let speed = point.speed_m_s / self.radius_m;
            let Some(at) = self.lookup.at(speed, &mut cursor) else {
                return f64::INFINITY;
            };
            let torque = self.axle.limits.driven_nm(&self.lookup, &at, speed);
            let force_n = torque / self.radius_m / self.axle.share;
            let by_drive = (force_n - point.resistance_n) / self.inertia_kg;
            let by_tyre = (tyre_n - point.resistance_n) / (self.inertia_kg - tyre_kg);
            let acceleration = by_drive.min(by_tyre).min(self.axle.highest_m_s2);
            if acceleration <= 0.0 {
                return f64::INFINITY;
            }
            time_s += step / acceleration;
            if time_s > limit_s {
                return time_s;
            }
        }
        time_s
    }

    /// Whether all speeds up to one are held, with peak or with continuous force.
    fn holds_up_to(&self, speed_m_s: f64, continuous: bool) -> bool {
        let mut cursor = self.lookup.cursor();
        (0..=HELD_POINTS).all(|i| {
            let v = speed_m_s * f64::from(i) / f64::from(HELD_POINTS);
            let speed = v / self.radius_m;
            let Some(at) = self.lookup.at(speed, &mut cursor) else {
                return false;
            };
            let driven = self.axle.limits.driven_nm(&self.lookup, &at, speed);
            let continuous_nm = self.lookup.continuous_nm(&at);
            let torque = if continuous {
                continuous_nm.min(driven)
            } else {
                driven
            };
            torque / self.radius_m / self.axle.share >= self.axle.resistance.level_n(v)
        })
    }

    /// Force with which the imagined car starts at low speed, N.
    fn start_n(&self) -> f64 {
        START_SPEEDS_M_S
            .iter()
            .map(|speed| self.force_n(*speed))
            .fold(f64::INFINITY, f64::min)
    }

    /// Grade on which the imagined car starts at gross mass.
    fn gradeability(&self) -> f64 {
        let PreparedAxle {
            at_gross,
            limits,
            share,
            resistance,
            vehicle,
            ..
        } = self.axle;
        let start_n = self.start_n();
        let mass_kg = vehicle.mass.gross_kg;
        held_grade(|grade| {
            let force_n = start_n.min(at_gross.on_grade_n(limits.axle, grade) / share);
            force_n - start_resistance_n(resistance, mass_kg, grade)
        })
    }

    fn continuous_grade(&self, speed_m_s: f64) -> f64 {
        let force_n = self.continuous_n(speed_m_s);
        let (resistance, mass_kg) = (&self.axle.resistance, self.axle.vehicle.mass.gross_kg);
        held_grade(|grade| force_n - resistance.on_grade_n(speed_m_s, mass_kg, grade))
    }

    fn limit_m_s(&self) -> f64 {
        self.lookup.map.speed_limit_rad_per_s() * self.radius_m
    }

    fn starts_on(&self, grade: f64) -> bool {
        let PreparedAxle {
            at_gross,
            limits,
            share,
            resistance,
            vehicle,
            ..
        } = self.axle;
        let needed_n = start_resistance_n(resistance, vehicle.mass.gross_kg, grade);
        self.start_n()
            .min(at_gross.on_grade_n(limits.axle, grade) / share)
            >= needed_n
    }
}

/// Resistance at the highest of the starting speeds, N.
fn start_resistance_n(resistance: &crate::resistance::Resistance, mass_kg: f64, grade: f64) -> f64 {
    resistance.on_grade_n(START_SPEEDS_M_S[START_SPEEDS_M_S.len() - 1], mass_kg, grade)
}

pub(crate) fn verdict(axle: &PreparedAxle, map: &OperatingMap, inertia_kg_m2: f64) -> AxleVerdict {
    let fitted = Fitted::new(axle, map, inertia_kg_m2);
    let targets = &axle.vehicle.targets;
    let resistance = &axle.resistance;
    let limit_m_s = fitted.limit_m_s();
    let top_m_s = highest(limit_m_s, |v| fitted.force_n(v) - resistance.level_n(v));
    let to_100 = fitted.time_s(&axle.zero_to_100, KM_PER_H_100, f64::INFINITY);
    let held = |asked: f64| {
        let held_m_s = highest(limit_m_s, |v| {
            fitted.continuous_n(v) - resistance.level_n(v)
        });
        Judged::new(Target::ContinuousSpeed, held_m_s * 3.6, asked * 3.6)
    };
    AxleVerdict {
        judged: [
            Some(Judged::new(
                Target::TopSpeed,
                top_m_s * 3.6,
                targets.top_speed_m_s * 3.6,
            )),
            Some(Judged::new(
                Target::Gradeability,
                fitted.gradeability() * 100.0,
                targets.gradeability * 100.0,
            )),
            targets.continuous_grade.map(|asked| {
                let grade = fitted.continuous_grade(asked.speed_m_s);
                Judged::new(Target::ContinuousGrade, grade * 100.0, asked.grade * 100.0)
            }),
            targets.continuous_speed_m_s.map(held),
            targets.eighty_to_120_s.map(|asked| {
                let range = KM_PER_H_120 - KM_PER_H_80;
                let time_s = fitted.time_s(&axle.eighty_to_120, range, f64::INFINITY);
                Judged::new(Target::EightyTo120, time_s.min(f64::MAX), asked)
            }),
            Some(Judged::new(
                Target::ZeroTo100,
                to_100.min(f64::MAX),
                targets.zero_to_100_s,
            )),
        ],
    }
}

pub(crate) fn meets(axle: &PreparedAxle, map: &OperatingMap, inertia_kg_m2: f64) -> bool {
    let targets = &axle.vehicle.targets;
    let fitted = Fitted::new(axle, map, inertia_kg_m2);
    let holds = |speed_m_s: f64| fitted.force_n(speed_m_s) >= axle.resistance.level_n(speed_m_s);
    let range = KM_PER_H_120 - KM_PER_H_80;
    targets.top_speed_m_s <= fitted.limit_m_s()
        && holds(targets.top_speed_m_s)
        && fitted.starts_on(targets.gradeability)
        && targets.continuous_grade.is_none_or(|asked| {
            let mass_kg = axle.vehicle.mass.gross_kg;
            let needed_n = axle.resistance.on_grade_n(asked.speed_m_s, mass_kg, asked.grade);
            fitted.continuous_n(asked.speed_m_s) >= needed_n
        })
        && targets
            .eighty_to_120_s
            .is_none_or(|asked| fitted.time_s(&axle.eighty_to_120, range, asked) <= asked)
        && {
            let asked = targets.zero_to_100_s;
            fitted.time_s(&axle.zero_to_100, KM_PER_H_100, asked) <= asked
        }
        // Held not only at the target but from standstill on, as `verdict` takes it.
        && fitted.holds_up_to(targets.top_speed_m_s, false)
        && targets.continuous_speed_m_s.is_none_or(|asked| fitted.holds_up_to(asked, true))
}
