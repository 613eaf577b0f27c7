//! Forward performance of a whole car: what it reaches with all its units at their limits.
//!
//! With maps at one DC voltage ([`Performance::new`]) the envelope is theirs: state the voltage under
//! load there. With maps at several ([`Performance::on_battery`]) the voltage follows from charge and
//! power. The battery's power limit is kept by turning all units down alike.

use codrive_model::vehicle::{Axle, Vehicle};

use crate::acceleration::{STEPS, time_after_rollout_s, time_s};
use crate::error::VehicleError;
use crate::resistance::Resistance;
use crate::split::{AxleDrive, check_drives};
use crate::supply::{Envelope, Given, Supply};
use crate::traction::Traction;

/// Speeds over which a start on a grade needs its force, m/s: to 10 km/h.
pub(crate) const START_SPEEDS_M_S: [f64; 3] = [0.0, 5.0 / 3.6, 10.0 / 3.6];
/// Halvings of an interval when a limit is searched: far below what figures are rounded to.
const HALVINGS: usize = 32;
/// Steepest grade that is searched.
const STEEPEST: f64 = 1.2;
/// Charge at which acceleration and top speed are stated: ISO 8715:2001 measures acceleration after
/// a discharge by 40 %.
pub const TEST_CHARGE: f64 = 0.6;

/// A whole car with its units.
pub struct Performance<'a> {
    vehicle: &'a Vehicle,
    supply: Supply<'a>,
    resistance: Resistance,
    at_test: Traction,
    at_gross: Traction,
    inertia_kg: f64,
}

/// Forces at the tyres at one speed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forces {
    /// What the units give, N.
    pub units_n: f64,
    /// What of it the tyres let through, N.
    pub through_tyres_n: f64,
    /// What the tyres of the driven axles carry at this acceleration, N.
    pub tyres_n: f64,
    /// Road load, N.
    pub resistance_n: f64,
    /// Acceleration, m/s².
    pub acceleration_m_s2: f64,
    /// DC voltage under the units' power, V.
    pub dc_voltage_v: f64,
}

impl<'a> Performance<'a> {
    /// Puts units into a car, with maps at one DC voltage, which holds at every power.
    ///
    /// # Errors
    /// The units are not those of the driven axles, or a map cannot be used.
    pub fn new(vehicle: &'a Vehicle, drives: &[AxleDrive<'a>]) -> Result<Self, VehicleError> {
        check_drives(vehicle, drives)?;
        Ok(Self::with(vehicle, &[drives.to_vec()], None))
    }

    /// Puts units into a car with their maps at several DC voltages, ascending: at each speed the one
    /// holds that the battery keeps at a state of charge, 0 to 1, under the units' own power.
    ///
    /// # Errors
    /// As [`Self::new`]; no map at all, voltages that do not ascend, a charge that no battery has.
    pub fn on_battery(
        vehicle: &'a Vehicle,
        sets: &[Vec<AxleDrive<'a>>],
        charge: f64,
    ) -> Result<Self, VehicleError> {
        if !(0.0..=1.0).contains(&charge) {
            return Err(VehicleError::Charge { charge });
        }
        for drives in sets {
            check_drives(vehicle, drives)?;
        }
        let voltages: Vec<f64> = sets.iter().map(|set| set[0].map.dc_voltage_v).collect();
        if voltages.is_empty() || voltages.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(VehicleError::Voltages { voltages });
        }
        Ok(Self::with(vehicle, sets, Some(charge)))
    }

    fn with(vehicle: &'a Vehicle, sets: &[Vec<AxleDrive<'a>>], charge: Option<f64>) -> Self {
        let radius_m = vehicle.body.wheel_radius_m;
        let units_kg: f64 = sets
            .iter()
            .take(1)
            .flatten()
            .map(|drive| drive.inertia_kg_m2 / (radius_m * radius_m))
            .sum();
        Self {
            supply: Supply::new(vehicle, sets, charge),
            resistance: Resistance::of(vehicle),
            at_test: Traction::new(&vehicle.body, vehicle.mass.test_kg),
            at_gross: Traction::new(&vehicle.body, vehicle.mass.gross_kg),
            inertia_kg: vehicle.mass.test_kg + vehicle.mass.rotating_kg + units_kg,
            vehicle,
        }
    }

    /// Time between two speeds at test mass, s; infinite where the car does not reach the higher.
    #[must_use]
    pub fn time_s(&self, from_m_s: f64, to_m_s: f64) -> f64 {
        time_s(from_m_s, to_m_s, |speed| self.acceleration_m_s2(speed))
    }

    /// Time to a speed at test mass by a clock that starts when the car has rolled a way from standstill, s;
    /// infinite where the car does not reach it. In the USA times to 60 mph are told after one foot, the width of a
    /// drag strip's light beams (Car and Driver, December 2019).
    #[must_use]
    pub fn time_after_rollout_s(&self, rollout_m: f64, to_m_s: f64) -> f64 {
        time_after_rollout_s(rollout_m, to_m_s, |speed| self.acceleration_m_s2(speed))
    }

    /// Largest acceleration at a speed on the level at test mass, m/s²; below zero where the car
    /// cannot hold the speed.
    #[must_use]
    pub fn acceleration_m_s2(&self, speed_m_s: f64) -> f64 {
        self.pull(speed_m_s, Envelope::Peak).1
    }

    /// What units and tyres give at a speed at full power on the level at test mass.
    #[must_use]
    pub fn forces_at(&self, speed_m_s: f64) -> Forces {
        let (given, acceleration_m_s2) = self.pull(speed_m_s, Envelope::Peak);
        let used = &given.forces_n[..self.supply.units()];
        let resistance_n = self.resistance.level_n(speed_m_s);
        let tyres_n = used.iter().map(|(axle, _)| {
            let (at_rest_n, per_acceleration_kg) = self.at_test.over_acceleration(*axle);
            at_rest_n + per_acceleration_kg * acceleration_m_s2
        });
        Forces {
            tyres_n: tyres_n.sum(),
            units_n: used.iter().map(|(_, force_n)| force_n).sum(),
            through_tyres_n: self.inertia_kg * acceleration_m_s2 + resistance_n,
            resistance_n,
            acceleration_m_s2,
            dc_voltage_v: given.voltage_v,
        }
    }

    /// DC voltage under full power at a speed, V.
    #[must_use]
    pub fn voltage_v(&self, speed_m_s: f64) -> f64 {
        self.supply.at(speed_m_s, Envelope::Peak).voltage_v
    }

    /// What the units give where derating leaves shares of the envelopes, the acceleration, m/s², and which
    /// shares of the units' forces the tyres let through.
    pub(crate) fn derated(&self, speed_m_s: f64, released: [f64; 2]) -> (Given, f64, [f64; 2]) {
        let (given, a) = self.pull(speed_m_s, Envelope::Derated(released));
        let through = given.forces_n.map(|(axle, force_n)| {
            let (at_rest_n, per_acceleration_kg) = self.at_test.over_acceleration(axle);
            let on_road_n = force_n.min(at_rest_n + per_acceleration_kg * a);
            if force_n > 0.0 {
                on_road_n / force_n
            } else {
                1.0
            }
        });
        (given, a, through)
    }

    /// What the units give on the level at test mass, and the acceleration that the tyres let through,
    /// m/s².
    fn pull(&self, speed_m_s: f64, envelope: Envelope) -> (Given, f64) {
        let given = self.supply.at(speed_m_s, envelope);
        let used = &given.forces_n[..self.supply.units()];
        let resistance_n = self.resistance.level_n(speed_m_s);
        let acceleration_m_s2 = self
            .at_test
            .acceleration_m_s2(used, resistance_n, self.inertia_kg);
        (given, acceleration_m_s2)
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
        let starts = START_SPEEDS_M_S.map(|speed| self.supply.at(speed, Envelope::Peak).forces_n);
        let units = self.supply.units();
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

    /// Largest power at the tyres that is held without end, W.
    #[must_use]
    pub fn continuous_power_w(&self) -> f64 {
        let limit_m_s = self.speed_limit_m_s();
        #[allow(clippy::cast_precision_loss)]
        let speeds = (1..=STEPS).map(|i| limit_m_s * i as f64 / STEPS as f64);
        let powers = speeds.map(|speed_m_s| self.continuous_n(speed_m_s) * speed_m_s);
        powers.fold(0.0, f64::max)
    }

    /// Speed at which the first unit reaches its highest speed, m/s.
    #[must_use]
    pub fn speed_limit_m_s(&self) -> f64 {
        self.supply.speed_limit_m_s()
    }

    fn continuous_n(&self, speed_m_s: f64) -> f64 {
        let forces = self.supply.at(speed_m_s, Envelope::Continuous).forces_n;
        let units = &forces[..self.supply.units()];
        units.iter().map(|(_, force_n)| force_n).sum()
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
