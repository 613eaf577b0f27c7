//! What each axle requires: the smallest force envelope that meets the targets.
//!
//! The envelope is a constant force up to a corner and a constant power from there, within the
//! tyres' limit. Two of its numbers are free and one inequality (0 to 100 km/h) holds both, so
//! "smallest" needs a rule: the least product of force and power, as the force sizes the machine
//! and the gears, the power the inverter and the battery. Both are lower bounds in the sense that a
//! unit with more of both serves as well; a unit with less of one and more of the other may serve,
//! which its drive map decides ([`crate::PreparedAxle`]). The inertia of the unit, still unknown, is
//! left out.

use codrive_model::requirement::{AxleRequirement, CycleDemand, EnvelopePoint, Target};
use codrive_model::vehicle::{Axle, Vehicle};

use crate::acceleration::{KM_PER_H_80, KM_PER_H_100, KM_PER_H_120, STEPS};
use crate::cycle::DriveCycle;
use crate::error::VehicleError;
use crate::performance::START_SPEEDS_M_S;
use crate::prepared::{PreparedAxle, PreparedCycle, RunPoint};

/// Powers that are tried.
const POWERS: i32 = 64;
/// Factor from one power to the next; the last is 3.5 times the least possible.
const POWER_STEP: f64 = 1.02;
/// Halvings in the search for a force or a power.
const HALVINGS: usize = 50;
/// Points of the envelope between corner and top speed.
const ENVELOPE_POINTS: usize = 24;

/// What each driven axle of a car requires when the front axle takes `front_share` of the targets
/// (of no effect with one driven axle), in the order of [`Vehicle::axles`].
///
/// `cycle`, commonly the WLTC, adds what it asks of the axle.
///
/// # Errors
/// The share is not between 0 and 1, or the tyres cannot carry what a target needs.
pub fn requirements(
    partner: &str,
    vehicle: &Vehicle,
    front_share: f64,
    cycle: Option<&DriveCycle>,
) -> Result<Vec<AxleRequirement>, VehicleError> {
    let share_of = |axle: Axle| match (vehicle.axles.len(), axle) {
        (1, _) => 1.0,
        (_, Axle::Front) => front_share,
        (_, Axle::Rear) => 1.0 - front_share,
    };
    vehicle
        .axles
        .iter()
        .map(|axle| {
            let prepared = PreparedAxle::new(vehicle, *axle, share_of(*axle))?;
            axle_requirement(partner, &prepared, cycle)
        })
        .collect()
}

/// A force envelope of the imagined whole car, N and W.
#[derive(Clone, Copy, Debug)]
struct Envelope {
    force_n: f64,
    power_w: f64,
}

impl Envelope {
    fn at(&self, speed_m_s: f64) -> f64 {
        if self.force_n * speed_m_s > self.power_w {
            self.power_w / speed_m_s
        } else {
            self.force_n
        }
    }
}

fn axle_requirement(
    partner: &str,
    axle: &PreparedAxle,
    cycle: Option<&DriveCycle>,
) -> Result<AxleRequirement, VehicleError> {
    let vehicle = &axle.vehicle;
    let targets = &vehicle.targets;
    let radius_m = vehicle.body.wheel_radius_m;
    let grade_n = starting_force_n(axle)?;
    let (least_w, least_from) = least_power(axle)?;
    let envelope = smallest(axle, grade_n, least_w);
    let (continuous_w, continuous_power_from) = continuous_power(axle);
    let power_w = envelope.power_w.max(continuous_w);
    let by_grade = envelope.force_n <= grade_n * (1.0 + 1e-9);
    let by_least = envelope.power_w <= least_w * (1.0 + 1e-9);
    let power_from = match continuous_power_from {
        Some(target) if continuous_w > envelope.power_w => target,
        _ if by_least => least_from,
        _ => Target::ZeroTo100,
    };
    Ok(AxleRequirement {
        partner: partner.to_owned(),
        vehicle: vehicle.id.clone(),
        axle: axle.limits.axle,
        share: axle.share,
        wheel_torque_nm: axle.share * envelope.force_n * radius_m,
        wheel_torque_from: if by_grade {
            Target::Gradeability
        } else {
            Target::ZeroTo100
        },
        power_w: axle.share * power_w,
        power_from,
        max_speed_rad_per_s: targets.top_speed_m_s / radius_m,
        continuous_power_w: axle.share * continuous_w,
        continuous_power_from,
        battery_voltage_v: vehicle.battery.nominal_voltage_v,
        envelope: envelope_points(
            axle,
            Envelope {
                power_w,
                ..envelope
            },
        ),
        cycle: cycle.map(|cycle| cycle_demand(axle, &PreparedCycle::new(vehicle, cycle))),
    })
}

/// Time of the imagined car over prepared points, s.
fn time_s(axle: &PreparedAxle, points: &[RunPoint; STEPS], range: f64, envelope: Envelope) -> f64 {
    let mass = &axle.vehicle.mass;
    let inertia_kg = mass.test_kg + mass.rotating_kg;
    let (tyre_n, tyre_kg) = axle.tyre;
    let mut sum = 0.0;
    for point in points {
        let by_drive = (envelope.at(point.speed_m_s) - point.resistance_n) / inertia_kg;
        let by_tyre = (tyre_n - point.resistance_n) / (inertia_kg - tyre_kg);
        let acceleration = by_drive.min(by_tyre).min(axle.highest_m_s2);
        if acceleration <= 0.0 {
            return f64::INFINITY;
        }
        sum += 1.0 / acceleration;
    }
    #[allow(clippy::cast_precision_loss)]
    let step = range / STEPS as f64;
    sum * step
}

fn to_100_s(axle: &PreparedAxle, envelope: Envelope) -> f64 {
    time_s(axle, &axle.zero_to_100, KM_PER_H_100, envelope)
}

fn to_120_s(axle: &PreparedAxle, envelope: Envelope) -> f64 {
    time_s(
        axle,
        &axle.eighty_to_120,
        KM_PER_H_120 - KM_PER_H_80,
        envelope,
    )
}

/// Whether both acceleration targets are met.
fn quick_enough(axle: &PreparedAxle, envelope: Envelope) -> bool {
    let targets = &axle.vehicle.targets;
    targets
        .eighty_to_120_s
        .is_none_or(|asked| to_120_s(axle, envelope) <= asked)
        && to_100_s(axle, envelope) <= targets.zero_to_100_s
}

/// Force of the imagined car that starts on the grade at gross mass, N.
fn starting_force_n(axle: &PreparedAxle) -> Result<f64, VehicleError> {
    let PreparedAxle {
        vehicle,
        limits,
        share,
        resistance,
        at_gross,
        ..
    } = axle;
    let grade = vehicle.targets.gradeability;
    let fastest = START_SPEEDS_M_S[START_SPEEDS_M_S.len() - 1];
    let needed_n = resistance.on_grade_n(fastest, vehicle.mass.gross_kg, grade);
    if needed_n > at_gross.on_grade_n(limits.axle, grade) / share {
        return Err(beyond_tyres(axle, Target::Gradeability));
    }
    Ok(needed_n)
}

fn beyond_tyres(axle: &PreparedAxle, target: Target) -> VehicleError {
    let (vehicle, axle) = (axle.vehicle.id.clone(), axle.limits.axle);
    VehicleError::BeyondTyres {
        vehicle,
        axle,
        target: target.name(),
    }
}

/// The least power of the imagined car, W, whatever its force, and the target that sets it.
fn least_power(axle: &PreparedAxle) -> Result<(f64, Target), VehicleError> {
    let targets = &axle.vehicle.targets;
    let top_m_s = targets.top_speed_m_s;
    let top_w = axle.resistance.level_n(top_m_s).max(0.0) * top_m_s;
    let mut least = (top_w, Target::TopSpeed);
    let unlimited = |power_w: f64| Envelope {
        force_n: 1e9,
        power_w,
    };
    if let Some(asked) = targets.eighty_to_120_s {
        let power_w = least_meeting(|w| to_120_s(axle, unlimited(w)) <= asked)
            .ok_or_else(|| beyond_tyres(axle, Target::EightyTo120))?;
        if power_w > least.0 {
            least = (power_w, Target::EightyTo120);
        }
    }
    let power_w = least_meeting(|w| to_100_s(axle, unlimited(w)) <= targets.zero_to_100_s)
        .ok_or_else(|| beyond_tyres(axle, Target::ZeroTo100))?;
    if power_w > least.0 {
        least = (power_w, Target::ZeroTo100);
    }
    Ok(least)
}

/// The least number up to 10⁷ that is enough, where more is always enough as well.
fn least_meeting(enough: impl Fn(f64) -> bool) -> Option<f64> {
    let (mut low, mut high) = (0.0, 1e7);
    if !enough(high) {
        return None;
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

/// The envelope of least force times power.
fn smallest(axle: &PreparedAxle, grade_n: f64, least_w: f64) -> Envelope {
    let mut best = Envelope {
        force_n: f64::INFINITY,
        power_w: f64::INFINITY,
    };
    let mut power_w = least_w;
    for _ in 0..POWERS {
        let force = least_meeting(|force_n| quick_enough(axle, Envelope { force_n, power_w }));
        if let Some(force_n) = force {
            let force_n = force_n.max(grade_n);
            if force_n * power_w < best.force_n * best.power_w {
                best = Envelope { force_n, power_w };
            }
        }
        power_w *= POWER_STEP;
    }
    best
}

/// Continuous force that the targets ask of the imagined car at a speed, N.
fn continuous_n(axle: &PreparedAxle, speed_m_s: f64) -> f64 {
    let targets = &axle.vehicle.targets;
    let mut force_n: f64 = 0.0;
    if targets
        .continuous_speed_m_s
        .is_some_and(|held| speed_m_s <= held)
    {
        force_n = axle.resistance.level_n(speed_m_s);
    }
    if let Some(held) = targets.continuous_grade
        && speed_m_s <= held.speed_m_s
    {
        let mass_kg = axle.vehicle.mass.gross_kg;
        force_n = force_n.max(axle.resistance.on_grade_n(speed_m_s, mass_kg, held.grade));
    }
    force_n.max(0.0)
}

/// Continuous power of the imagined car, W, and the target that sets it.
fn continuous_power(axle: &PreparedAxle) -> (f64, Option<Target>) {
    let targets = &axle.vehicle.targets;
    let at = |speed_m_s: f64| continuous_n(axle, speed_m_s) * speed_m_s;
    let level = targets
        .continuous_speed_m_s
        .map(|v| (at(v), Target::ContinuousSpeed));
    let grade = targets
        .continuous_grade
        .map(|g| (at(g.speed_m_s), Target::ContinuousGrade));
    let mut highest = (0.0, None);
    for (power_w, target) in level.into_iter().chain(grade) {
        if power_w > highest.0 {
            highest = (power_w, Some(target));
        }
    }
    highest
}

fn envelope_points(axle: &PreparedAxle, envelope: Envelope) -> Vec<EnvelopePoint> {
    let radius_m = axle.vehicle.body.wheel_radius_m;
    let top_m_s = axle.vehicle.targets.top_speed_m_s;
    let corner_m_s = (envelope.power_w / envelope.force_n).min(top_m_s);
    let mut speeds = vec![0.0, 0.5 * corner_m_s];
    #[allow(clippy::cast_precision_loss)]
    speeds.extend(
        (0..=ENVELOPE_POINTS)
            .map(|i| corner_m_s + (top_m_s - corner_m_s) * i as f64 / ENVELOPE_POINTS as f64),
    );
    let point = |speed_m_s: f64| EnvelopePoint {
        speed_rad_per_s: speed_m_s / radius_m,
        torque_nm: axle.share * envelope.at(speed_m_s) * radius_m,
        continuous_torque_nm: axle.share * continuous_n(axle, speed_m_s) * radius_m,
    };
    speeds.into_iter().map(point).collect()
}

fn cycle_demand(axle: &PreparedAxle, cycle: &PreparedCycle) -> CycleDemand {
    let mut demand = CycleDemand {
        driving_j_per_m: 0.0,
        recuperable_j_per_m: 0.0,
        largest_power_w: 0.0,
        largest_recuperation_w: 0.0,
    };
    for point in &cycle.points {
        let power_w = axle.share * point.torque_nm * point.speed_rad_per_s;
        let energy_j_per_m = power_w.abs() * point.duration_s / cycle.distance_m;
        if power_w > 0.0 {
            demand.driving_j_per_m += energy_j_per_m;
            demand.largest_power_w = demand.largest_power_w.max(power_w);
        } else {
            demand.recuperable_j_per_m += energy_j_per_m * point.fade;
            demand.largest_recuperation_w =
                demand.largest_recuperation_w.max(-power_w * point.fade);
        }
    }
    demand
}
