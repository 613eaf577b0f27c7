//! Forward performance of a whole car: what it reaches with all its units at their limits.
//!
//! The envelope is that of the maps, which hold at one DC voltage; state the voltage under load
//! there. The battery's power limit is kept by turning all units down alike.

use codrive_model::vehicle::{Axle, Vehicle};

use crate::acceleration::{STEPS, time_s};
use crate::capability::AxleLimits;
use crate::error::VehicleError;
use crate::lookup::Lookup;
use crate::resistance::Resistance;
use crate::split::{AxleDrive, check_drives};
use crate::traction::Traction;

/// Speeds over which a start on a grade needs its force, m/s: to 10 km/h.
pub(crate) const START_SPEEDS_M_S: [f64; 3] = [0.0, 5.0 / 3.6, 10.0 / 3.6];
/// Halvings of an interval when a limit is searched: far below what figures are rounded to.
const HALVINGS: usize = 32;
/// Steepest grade that is searched.
const STEEPEST: f64 = 1.2;

/// A whole car with its units.
pub struct Performance<'a> {
    vehicle: &'a Vehicle,
    units: Vec<FittedUnit<'a>>,
    resistance: Resistance,
    at_test: Traction,
    at_gross: Traction,
    inertia_kg: f64,
    discharge_w: f64,
}

struct FittedUnit<'a> {
    axle: Axle,
    lookup: Lookup<'a>,
    limits: AxleLimits,
}

impl<'a> Performance<'a> {
    /// Puts units into a car.
    ///
    /// # Errors
    /// The units are not those of the driven axles, or a map cannot be used.
    pub fn new(vehicle: &'a Vehicle, drives: &[AxleDrive<'a>]) -> Result<Self, VehicleError> {
        check_drives(vehicle, drives)?;
        let radius_m = vehicle.body.wheel_radius_m;
        let units_kg: f64 = drives
            .iter()
            .map(|drive| drive.inertia_kg_m2 / (radius_m * radius_m))
            .sum();
        let fit = |drive: &AxleDrive<'a>| FittedUnit {
            axle: drive.axle,
            lookup: Lookup::new(drive.map),
            limits: AxleLimits::new(vehicle, drive.axle, 1.0),
        };
        Ok(Self {
            units: drives.iter().map(fit).collect(),
            resistance: Resistance::of(vehicle),
            at_test: Traction::new(&vehicle.body, vehicle.mass.test_kg),
            at_gross: Traction::new(&vehicle.body, vehicle.mass.gross_kg),
            inertia_kg: vehicle.mass.test_kg + vehicle.mass.rotating_kg + units_kg,
            discharge_w: (vehicle.battery.discharge_power_w - vehicle.auxiliary_power_w).max(0.0),
            vehicle,
        })
    }

    /// Time between two speeds at test mass, s; infinite where the car does not reach the higher.
    #[must_use]
    pub fn time_s(&self, from_m_s: f64, to_m_s: f64) -> f64 {
        time_s(from_m_s, to_m_s, |speed| self.acceleration_m_s2(speed))
    }

    /// Largest acceleration at a speed on the level at test mass, m/s²; below zero where the car
    /// cannot hold the speed.
    #[must_use]
    pub fn acceleration_m_s2(&self, speed_m_s: f64) -> f64 {
        let mut forces = self.peak_forces(speed_m_s);
        self.keep_to_battery(speed_m_s, &mut forces);
        let resistance_n = self.resistance.level_n(speed_m_s);
        self.at_test
            .acceleration_m_s2(&forces[..self.units.len()], resistance_n, self.inertia_kg)
    }

    /// Acceleration, m/s², and forces on the road, N, where derating leaves shares of the envelopes.
    pub(crate) fn derated(&self, speed_m_s: f64, released: [f64; 2]) -> (f64, [f64; 2]) {
        let speed = speed_m_s / self.vehicle.body.wheel_radius_m;
        let (mut forces, mut of_units) = (self.peak_forces(speed_m_s), self.units.iter());
        for ((_, force_n), released) in forces.iter_mut().zip(released) {
            let at = of_units.next().and_then(|unit| unit.lookup.at_any(speed));
            let most_nm = at.map_or(0.0, |at| released * at.torque_max_nm);
            *force_n = force_n.min(most_nm / self.vehicle.body.wheel_radius_m);
        }
        self.keep_to_battery(speed_m_s, &mut forces);
        let resistance_n = self.resistance.level_n(speed_m_s);
        let used = &forces[..self.units.len()];
        let a = self
            .at_test
            .acceleration_m_s2(used, resistance_n, self.inertia_kg);
        let on_road = forces.map(|(axle, force_n)| {
            let (at_rest_n, per_acceleration_kg) = self.at_test.over_acceleration(axle);
            force_n.min(at_rest_n + per_acceleration_kg * a)
        });
        (a, on_road)
    }

    /// Highest speed that is reached from standstill on the level at test mass, m/s.
    #[must_use]
    pub fn top_speed_m_s(&self) -> f64 {
        highest(self.speed_limit_m_s(), |v| self.acceleration_m_s2(v))
    }

    /// Grade on which the car starts and reaches 10 km/h at gross mass.
    #[must_use]
    pub fn gradeability(&self) -> f64 {
        let mass_kg = self.vehicle.mass.gross_kg;
        let starts: Vec<_> = START_SPEEDS_M_S
            .iter()
            .map(|speed| {
                let mut forces = self.peak_forces(*speed);
                self.keep_to_battery(*speed, &mut forces);
                forces
            })
            .collect();
        let units = self.units.len();
        held_grade(|grade| {
            let needed_n = self
                .resistance
                .on_grade_n(START_SPEEDS_M_S[2], mass_kg, grade);
            let force_n = |forces: &[(Axle, f64)]| -> f64 {
                let on_tyres =
                    |(axle, n): &(Axle, f64)| n.min(self.at_gross.on_grade_n(*axle, grade));
                forces.iter().map(on_tyres).sum()
            };
            starts
                .iter()
                .map(|forces| force_n(&forces[..units]))
                .fold(f64::INFINITY, f64::min)
                - needed_n
        })
    }

    /// Highest speed that is held without end on the level at test mass, m/s.
    #[must_use]
    pub fn continuous_speed_m_s(&self) -> f64 {
        highest(self.speed_limit_m_s(), |v| {
            self.continuous_n(v) - self.resistance.level_n(v)
        })
    }

    /// Grade that is held without end at a speed and gross mass; zero where not even the level is.
    #[must_use]
    pub fn continuous_grade(&self, speed_m_s: f64) -> f64 {
        let force_n = self.continuous_n(speed_m_s);
        let mass_kg = self.vehicle.mass.gross_kg;
        held_grade(|grade| force_n - self.resistance.on_grade_n(speed_m_s, mass_kg, grade))
    }

    /// Speed at which the first unit reaches its highest speed, m/s.
    #[must_use]
    pub fn speed_limit_m_s(&self) -> f64 {
        let radius_m = self.vehicle.body.wheel_radius_m;
        let limits = self
            .units
            .iter()
            .map(|unit| unit.lookup.map.speed_limit_rad_per_s());
        limits.fold(f64::INFINITY, f64::min) * radius_m
    }

    fn continuous_n(&self, speed_m_s: f64) -> f64 {
        let speed = speed_m_s / self.vehicle.body.wheel_radius_m;
        let mut forces = self.forces(speed_m_s, |unit, at| {
            let driven = unit.limits.motoring_nm(&unit.lookup, at, speed);
            unit.lookup.continuous_nm(at).min(driven)
        });
        self.keep_to_battery(speed_m_s, &mut forces);
        forces[..self.units.len()]
            .iter()
            .map(|(_, force_n)| force_n)
            .sum()
    }

    fn peak_forces(&self, speed_m_s: f64) -> [(Axle, f64); 2] {
        let speed = speed_m_s / self.vehicle.body.wheel_radius_m;
        self.forces(speed_m_s, |unit, at| {
            unit.limits.motoring_nm(&unit.lookup, at, speed)
        })
    }

    /// Forces of the units, N, from their torques; zero beyond their highest speed.
    fn forces(
        &self,
        speed_m_s: f64,
        torque_nm: impl Fn(&FittedUnit<'_>, &crate::lookup::AtSpeed) -> f64,
    ) -> [(Axle, f64); 2] {
        let radius_m = self.vehicle.body.wheel_radius_m;
        let mut forces = [(Axle::Rear, 0.0); 2];
        for (slot, unit) in forces.iter_mut().zip(&self.units) {
            let at = unit.lookup.at_any(speed_m_s / radius_m);
            *slot = (
                unit.axle,
                at.map_or(0.0, |at| torque_nm(unit, &at) / radius_m),
            );
        }
        forces
    }

    /// Turns all forces down alike until their DC power is within the battery's limit.
    fn keep_to_battery(&self, speed_m_s: f64, forces: &mut [(Axle, f64); 2]) {
        let radius_m = self.vehicle.body.wheel_radius_m;
        let dc_w = |factor: f64| -> f64 {
            let power = |(unit, (_, force_n)): (&FittedUnit<'_>, &(Axle, f64))| {
                let torque = factor * force_n * radius_m;
                let at = unit.lookup.at_any(speed_m_s / radius_m);
                at.map_or(0.0, |at| {
                    torque * speed_m_s / radius_m + unit.lookup.loss_w(&at, torque)
                })
            };
            self.units.iter().zip(forces.iter()).map(power).sum()
        };
        if dc_w(1.0) <= self.discharge_w {
            return;
        }
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if dc_w(middle) <= self.discharge_w {
                low = middle;
            } else {
                high = middle;
            }
        }
        for (_, force_n) in forces {
            *force_n *= low;
        }
    }
}

/// Highest `x` up to `limit` such that `surplus` is not below zero from 0 to `x`, to a 2⁻³² of the
/// scanned step.
pub(crate) fn highest(limit: f64, surplus: impl Fn(f64) -> f64) -> f64 {
    let mut low = 0.0;
    for i in 0..=STEPS {
        #[allow(clippy::cast_precision_loss)]
        let x = limit * (i as f64 / STEPS as f64);
        if surplus(x) < 0.0 {
            let mut high = x;
            for _ in 0..HALVINGS {
                let middle = 0.5 * (low + high);
                if surplus(middle) < 0.0 {
                    high = middle;
                } else {
                    low = middle;
                }
            }
            return low;
        }
        low = x;
    }
    limit
}

/// Steepest grade whose surplus of force is not below zero, up to 120 %.
pub(crate) fn held_grade(surplus_n: impl Fn(f64) -> f64) -> f64 {
    highest(STEEPEST, surplus_n)
}
