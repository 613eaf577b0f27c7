//! Energy of one axle in a cycle under a fixed share of the force.
//!
//! Under a fixed share the DC energies of two axles add up to the car's. The battery's own loss is
//! quadratic in their sum; what is stated here, s·R·(P/(s·U))² for each axle, adds up to no less
//! than the car's loss (the square is convex). U is that of half the charge; R is the largest of
//! all charges, so that the bound holds at that voltage whatever the charge.

mod points;

use codrive_model::operating_map::OperatingMap;
use codrive_model::vehicle::Vehicle;
use pulp::Arch;

use crate::battery::AtCharge;
use crate::lookup::{Cursor, Lookup};
use crate::prepared::{Point, PreparedAxle, PreparedCycle};
use points::Points;

/// What one unit takes from the battery in a cycle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AxleEnergy {
    /// Distance of the cycle, m.
    pub distance_m: f64,
    /// Duration of the cycle, s.
    pub duration_s: f64,
    /// Energy taken at the DC terminals, J.
    pub drawn_j: f64,
    /// Energy given back at the DC terminals, J, positive.
    pub returned_j: f64,
    /// Losses of the unit, J.
    pub unit_loss_j: f64,
    /// Loss in the battery's resistance on behalf of this axle, J; an upper bound, see above.
    pub battery_loss_j: f64,
    /// Work that the trace asks for and the unit cannot give, J.
    pub missing_j: f64,
    /// Operating points at which work is missing.
    pub violations: usize,
}

impl AxleEnergy {
    /// Net energy at the DC terminals over distance, J/m.
    #[must_use]
    pub fn dc_j_per_m(&self) -> f64 {
        (self.drawn_j - self.returned_j) / self.distance_m
    }
}

/// Consumption of a car in a cycle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Consumption {
    /// Energy from the cells over distance, J/m.
    pub battery_j_per_m: f64,
    /// Energy from the wall over distance, J/m.
    pub wall_j_per_m: f64,
    /// Distance on one charge, m.
    pub range_m: f64,
}

impl Consumption {
    /// From the energy that leaves the cells over a distance.
    #[must_use]
    pub fn of(vehicle: &Vehicle, cells_j: f64, distance_m: f64) -> Self {
        let battery_j_per_m = cells_j / distance_m;
        Self {
            battery_j_per_m,
            wall_j_per_m: battery_j_per_m / vehicle.charger_efficiency,
            range_m: vehicle.battery.usable_energy_j / battery_j_per_m,
        }
    }

    /// From the energies of the driven axles, each under its share, and the auxiliaries.
    #[must_use]
    pub fn of_axles(vehicle: &Vehicle, axles: &[AxleEnergy]) -> Self {
        let units_j: f64 = axles
            .iter()
            .map(|one| one.drawn_j - one.returned_j + one.battery_loss_j)
            .sum();
        let (duration_s, distance_m) = axles
            .first()
            .map_or((0.0, 0.0), |one| (one.duration_s, one.distance_m));
        Self::of(
            vehicle,
            units_j + vehicle.auxiliary_power_w * duration_s,
            distance_m,
        )
    }
}

/// With instructions of one's choice.
pub(crate) fn axle_energy(
    arch: Arch,
    axle: &PreparedAxle,
    cycle: &PreparedCycle,
    (map, inertia_kg_m2): (&OperatingMap, f64),
) -> AxleEnergy {
    let driver = Driver::new(axle, map, inertia_kg_m2);
    arch.dispatch(Points {
        driver: &driver,
        cycle,
        sum: driver.standing(cycle),
    })
}

struct Driver<'a> {
    lookup: Lookup<'a>,
    axle: &'a PreparedAxle,
    inertia_kg_m2: f64,
    auxiliary_w: f64,
    battery: AtCharge,
    /// One over the share.
    per_share: f64,
}

impl<'a> Driver<'a> {
    fn new(axle: &'a PreparedAxle, map: &'a OperatingMap, inertia_kg_m2: f64) -> Self {
        Self {
            lookup: Lookup::new(map),
            axle,
            inertia_kg_m2,
            auxiliary_w: axle.vehicle.auxiliary_power_w,
            battery: axle.battery,
            per_share: 1.0 / axle.share,
        }
    }

    /// The sum with what the unit takes at standstill.
    fn standing(&self, cycle: &PreparedCycle) -> AxleEnergy {
        let mut sum = AxleEnergy {
            distance_m: cycle.distance_m,
            duration_s: cycle.duration_s,
            ..AxleEnergy::default()
        };
        if let Some(at) = self.lookup.at(0.0, &mut self.lookup.cursor()) {
            let idle_w = self.lookup.loss_w(&at, 0.0);
            self.book(&mut sum, 0.0, idle_w, cycle.standing_s);
        }
        sum
    }

    /// One point by itself: what [`points`] does with many, and with those at a limit of map or battery.
    #[inline(always)]
    fn step(&self, point: &Point, cursor: &mut Cursor, sum: &mut AxleEnergy) {
        let speed = point.speed_rad_per_s;
        let asked_nm = asked_torque_nm(point, self.axle.share, self.inertia_kg_m2);
        let Some(at) = self.lookup.at(speed, cursor) else {
            sum.violations += 1;
            sum.missing_j += asked_nm.max(0.0) * speed * point.duration_s;
            return;
        };
        let limits = &self.axle.limits;
        if asked_nm <= 0.0 {
            let torque = asked_nm.max(limits.recuperating_nm(&at));
            let loss_w = self.lookup.loss_w(&at, torque);
            // Beyond the battery's limit the friction brakes take over; the loss stays a bound.
            let shaft_w = (torque * speed).max(-limits.charge_w - loss_w);
            self.book(sum, shaft_w, loss_w, point.duration_s);
            return;
        }
        let mut torque = asked_nm.min(limits.motoring_nm(&self.lookup, &at, speed));
        let mut loss_w = self.lookup.loss_w(&at, torque);
        if torque * speed + loss_w > limits.discharge_w {
            torque = self
                .lookup
                .within_power_nm(&at, speed, torque, limits.discharge_w);
            loss_w = self.lookup.loss_w(&at, torque);
        }
        if torque < asked_nm * (1.0 - 1e-9) {
            sum.violations += 1;
            sum.missing_j += (asked_nm - torque) * speed * point.duration_s;
        }
        self.book(sum, torque * speed, loss_w, point.duration_s);
    }

    #[inline(always)]
    fn book(&self, sum: &mut AxleEnergy, shaft_w: f64, loss_w: f64, duration_s: f64) {
        let dc_w = shaft_w + loss_w;
        if dc_w >= 0.0 {
            sum.drawn_j += dc_w * duration_s;
        } else {
            sum.returned_j -= dc_w * duration_s;
        }
        sum.unit_loss_j += loss_w * duration_s;
        let share = self.axle.share;
        // The whole car's power if the other axle did as much for its share; auxiliaries included.
        let whole_w = dc_w * self.per_share + self.auxiliary_w;
        let cells_w = self.battery.cell_power_w(whole_w);
        // Beyond what the battery can deliver: the loss at its largest power, U²/4R, as much again.
        let loss_w = cells_w.map_or(whole_w, |cells_w| cells_w - whole_w);
        sum.battery_loss_j += share * loss_w * duration_s;
    }
}

/// Torque that the cycle asks of a unit, N·m: its share of the tyres' force and its own inertia,
/// and while braking what the fade-out leaves of it.
#[inline]
pub(crate) fn asked_torque_nm(point: &Point, share: f64, inertia_kg_m2: f64) -> f64 {
    let torque = share * point.torque_nm + inertia_kg_m2 * point.acceleration_rad_per_s2;
    if torque < 0.0 {
        torque * point.fade
    } else {
        torque
    }
}

#[cfg(test)]
mod tests;
