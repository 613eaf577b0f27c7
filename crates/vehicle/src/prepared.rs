//! What of a car, an axle and a cycle does not depend on the unit, computed once.

use codrive_model::operating_map::OperatingMap;
use codrive_model::vehicle::{Axle, Vehicle};
use pulp::Arch;

use crate::acceleration::{KM_PER_H_80, KM_PER_H_100, KM_PER_H_120, STEPS};
use crate::axle_energy::{AxleEnergy, axle_energy};
use crate::battery::AtCharge;
use crate::capability::AxleLimits;
use crate::cycle::{DriveCycle, Step};
use crate::error::VehicleError;
use crate::regeneration::{fade, limited_n};
use crate::resistance::Resistance;
use crate::split::check_map;
use crate::traction::Traction;
use crate::verdict::{AxleVerdict, meets, verdict};
use crate::wide::MOST;

/// One operating point of a cycle, for the whole car without the inertia of units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    /// Speed of the axles, mean of the step, rad/s.
    pub(crate) speed_rad_per_s: f64,
    /// Torque of both axles together, N·m; braking limited to what the units may recuperate.
    pub(crate) torque_nm: f64,
    /// Acceleration of the axles, rad/s².
    pub(crate) acceleration_rad_per_s2: f64,
    /// Time spent there, s.
    pub(crate) duration_s: f64,
    /// Share of recuperation left by the fade-out.
    pub(crate) fade: f64,
}

/// A cycle driven by one car, as a list of operating points: driving by speed, then braking by speed.
///
/// Equal points are one, standing still is one: the energy is the same as step by step, only the
/// order of the sum differs. The order makes the processor guess its branches right, which is most
/// of the speed. Prepare it once for each car and cycle.
#[derive(Clone, Debug, PartialEq)]
pub struct PreparedCycle {
    pub(crate) name: String,
    pub(crate) distance_m: f64,
    pub(crate) duration_s: f64,
    /// Time at standstill, s.
    pub(crate) standing_s: f64,
    pub(crate) points: Vec<Point>,
    /// The same, value by value.
    pub(crate) columns: Columns,
    /// Index of the first braking point.
    pub(crate) braking_from: usize,
}

/// Points value by value, in the units of [`Point`]; as many as fit side by side are added behind the last one, its
/// values again.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Columns {
    pub(crate) speed: Vec<f64>,
    /// One over the speed.
    pub(crate) per_speed: Vec<f64>,
    pub(crate) torque: Vec<f64>,
    pub(crate) acceleration: Vec<f64>,
    pub(crate) duration: Vec<f64>,
    pub(crate) fade: Vec<f64>,
}

impl Columns {
    fn new(points: &[Point]) -> Self {
        let column = |of: &dyn Fn(&Point) -> f64| {
            let behind = points.last().into_iter().cycle().take(MOST);
            points.iter().chain(behind).map(of).collect()
        };
        Self {
            speed: column(&|point| point.speed_rad_per_s),
            per_speed: column(&|point| 1.0 / point.speed_rad_per_s),
            torque: column(&|point| point.torque_nm),
            acceleration: column(&|point| point.acceleration_rad_per_s2),
            duration: column(&|point| point.duration_s),
            fade: column(&|point| point.fade),
        }
    }
}

/// What a car carries and climbs besides its test mass on the level.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Load {
    /// Mass on top of the test mass, kg.
    pub(crate) payload_kg: f64,
    /// Rise over horizontal distance.
    pub(crate) grade: f64,
}

impl Point {
    /// The point of a step at the test mass on the level.
    pub(crate) fn new(vehicle: &Vehicle, resistance: &Resistance, step: &Step) -> Self {
        Self::loaded(vehicle, resistance, step, Load::default())
    }

    /// The point of a step.
    pub(crate) fn loaded(
        vehicle: &Vehicle,
        resistance: &Resistance,
        step: &Step,
        load: Load,
    ) -> Self {
        let speed_m_s = step.mean_speed_m_s;
        let radius_m = vehicle.body.wheel_radius_m;
        let mass_kg = vehicle.mass.test_kg + load.payload_kg;
        let moving_kg = mass_kg + vehicle.mass.rotating_kg;
        let road_n = road_n(resistance, speed_m_s, mass_kg, load.grade);
        let force_n = moving_kg * step.acceleration_m_s2 + road_n;
        Self {
            speed_rad_per_s: speed_m_s / radius_m,
            torque_nm: limited_n(&vehicle.regeneration, mass_kg, force_n) * radius_m,
            acceleration_rad_per_s2: step.acceleration_m_s2 / radius_m,
            duration_s: step.duration_s,
            fade: fade(&vehicle.regeneration, speed_m_s),
        }
    }
}

/// Road load while the car moves, N; standing, its brakes hold it.
pub(crate) fn road_n(resistance: &Resistance, speed_m_s: f64, mass_kg: f64, grade: f64) -> f64 {
    if speed_m_s > 0.0 {
        resistance.on_grade_n(speed_m_s, mass_kg, grade)
    } else {
        0.0
    }
}

impl PreparedCycle {
    /// Prepares a cycle for a car.
    #[must_use]
    pub fn new(vehicle: &Vehicle, cycle: &DriveCycle) -> Self {
        let resistance = Resistance::of(vehicle);
        let mut standing_s = 0.0;
        let mut points = Vec::with_capacity(cycle.time_s().len());
        for step in cycle.steps() {
            if step.mean_speed_m_s > 0.0 {
                points.push(Point::new(vehicle, &resistance, &step));
            } else {
                standing_s += step.duration_s;
            }
        }
        let points = merged(points);
        Self {
            name: cycle.name().to_owned(),
            distance_m: cycle.distance_m(),
            duration_s: cycle.duration_s(),
            standing_s,
            braking_from: points.partition_point(|point| point.torque_nm >= 0.0),
            columns: Columns::new(&points),
            points,
        }
    }

    /// The cycle's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Distinct operating points besides standing still.
    #[must_use]
    pub fn point_count(&self) -> usize {
        self.points.len()
    }
}

/// Sorts by driving or braking, then speed, then torque, and joins points that are equal.
fn merged(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| {
        let by_sign = (a.torque_nm < 0.0).cmp(&(b.torque_nm < 0.0));
        let by_speed = a.speed_rad_per_s.total_cmp(&b.speed_rad_per_s);
        by_sign
            .then(by_speed)
            .then(a.torque_nm.total_cmp(&b.torque_nm))
    });
    let mut result: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        match result.last_mut() {
            Some(last) if same(last, &point) => last.duration_s += point.duration_s,
            _ => result.push(point),
        }
    }
    result
}

fn same(a: &Point, b: &Point) -> bool {
    let key = |p: &Point| (p.speed_rad_per_s, p.torque_nm, p.acceleration_rad_per_s2);
    key(a) == key(b)
}

/// A speed of an acceleration run and the resistance there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RunPoint {
    pub(crate) speed_m_s: f64,
    pub(crate) resistance_n: f64,
}

/// One axle of a car under a share of its targets, ready to judge many units.
///
/// The axle has to drive the whole car when its force and its inertia are divided by the share; see
/// [`crate::verdict`] for why two axles that pass may be put together.
#[derive(Clone, Debug)]
pub struct PreparedAxle {
    pub(crate) vehicle: Vehicle,
    pub(crate) share: f64,
    pub(crate) limits: AxleLimits,
    pub(crate) resistance: Resistance,
    pub(crate) at_gross: Traction,
    /// `p + q·a` of the axle's tyres divided by the share, N and kg.
    pub(crate) tyre: (f64, f64),
    /// Acceleration that both axles keep to, so that the front one's load is known, m/s².
    pub(crate) highest_m_s2: f64,
    pub(crate) zero_to_100: [RunPoint; STEPS],
    pub(crate) eighty_to_120: [RunPoint; STEPS],
    /// What its losses in cycles are bounded with.
    pub(crate) battery: AtCharge,
}

impl PreparedAxle {
    /// Prepares an axle; `share` is 1 for a car with one driven axle.
    ///
    /// # Errors
    /// The axle is not driven, or the share is not possible.
    pub fn new(vehicle: &Vehicle, axle: Axle, share: f64) -> Result<Self, VehicleError> {
        if !vehicle.axles.contains(&axle) {
            return Err(VehicleError::NotDriven {
                vehicle: vehicle.id.clone(),
                axle,
            });
        }
        let alone = vehicle.axles.len() == 1;
        let possible = if alone {
            share == 1.0
        } else {
            share > 0.0 && share < 1.0
        };
        if !possible {
            return Err(VehicleError::Share { share });
        }
        let resistance = Resistance::of(vehicle);
        let at_test = Traction::new(&vehicle.body, vehicle.mass.test_kg);
        let front_share = if axle == Axle::Front {
            share
        } else {
            1.0 - share
        };
        let (tyre, highest_m_s2) = if alone {
            (at_test.over_acceleration(axle), f64::INFINITY)
        } else {
            let highest_m_s2 = at_test.shared_limit_m_s2(front_share);
            (
                (at_test.lowest_n(axle, highest_m_s2) / share, 0.0),
                highest_m_s2,
            )
        };
        Ok(Self {
            share,
            limits: AxleLimits::new(vehicle, axle, share),
            resistance,
            at_gross: Traction::new(&vehicle.body, vehicle.mass.gross_kg),
            tyre,
            highest_m_s2,
            zero_to_100: run(&resistance, 0.0, KM_PER_H_100),
            eighty_to_120: run(&resistance, KM_PER_H_80, KM_PER_H_120),
            battery: AtCharge::most_lossy(&vehicle.battery),
            vehicle: vehicle.clone(),
        })
    }

    /// Every target's value for a unit, in the axle's share.
    ///
    /// `map` is the axle-side drive map at the car's voltage, `inertia_kg_m2` the unit's moment of
    /// inertia on the axle.
    ///
    /// # Errors
    /// The map cannot be used.
    pub fn verdict(
        &self,
        map: &OperatingMap,
        inertia_kg_m2: f64,
    ) -> Result<AxleVerdict, VehicleError> {
        check_map(self.limits.axle, map)?;
        Ok(verdict(self, map, inertia_kg_m2))
    }

    /// Whether a unit meets every target in the axle's share; stops at the first that it misses,
    /// the cheapest to compute first.
    ///
    /// # Errors
    /// The map cannot be used.
    pub fn meets(&self, map: &OperatingMap, inertia_kg_m2: f64) -> Result<bool, VehicleError> {
        check_map(self.limits.axle, map)?;
        Ok(meets(self, map, inertia_kg_m2))
    }

    /// Energy that a unit takes in a cycle when it drives its share of the force.
    ///
    /// # Errors
    /// The map cannot be used.
    pub fn energy(
        &self,
        cycle: &PreparedCycle,
        map: &OperatingMap,
        inertia_kg_m2: f64,
    ) -> Result<AxleEnergy, VehicleError> {
        check_map(self.limits.axle, map)?;
        Ok(axle_energy(Arch::new(), self, cycle, (map, inertia_kg_m2)))
    }
}

fn run(resistance: &Resistance, from: f64, to: f64) -> [RunPoint; STEPS] {
    #[allow(clippy::cast_precision_loss)]
    std::array::from_fn(|i| {
        let speed_m_s = from + (i as f64 + 0.5) * (to - from) / STEPS as f64;
        RunPoint {
            speed_m_s,
            resistance_n: resistance.level_n(speed_m_s),
        }
    })
}
