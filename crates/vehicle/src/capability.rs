//! What one unit gives on an axle: its envelope under the brand's software and the battery.

use codrive_model::vehicle::{Axle, Character, Vehicle};

use crate::lookup::{AtSpeed, Lookup};

/// Limits on one axle that do not depend on the unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AxleLimits {
    pub(crate) axle: Axle,
    torque: f64,
    power: f64,
    recuperation: f64,
    /// DC power that the battery leaves to this axle, W.
    pub(crate) discharge_w: f64,
    /// DC power that the battery takes from this axle, W, positive.
    pub(crate) charge_w: f64,
}

impl AxleLimits {
    /// The limits of an axle that has `share` of the battery's power.
    pub(crate) fn new(vehicle: &Vehicle, axle: Axle, share: f64) -> Self {
        let Character {
            torque,
            power,
            recuperation,
            ..
        } = vehicle.character_of(axle);
        let (battery, auxiliary_w) = (&vehicle.battery, vehicle.auxiliary_power_w);
        Self {
            axle,
            torque,
            power,
            recuperation,
            discharge_w: share * (battery.discharge_power_w - auxiliary_w).max(0.0),
            charge_w: share * (battery.charge_power_w + auxiliary_w),
        }
    }

    /// Largest torque that the software leaves of a unit's, N·m.
    pub(crate) fn largest_nm(&self, lookup: &Lookup<'_>) -> f64 {
        self.torque * lookup.largest_torque_nm()
    }

    /// Largest power that the software leaves of a unit's, W.
    pub(crate) fn largest_w(&self, lookup: &Lookup<'_>) -> f64 {
        self.power * lookup.largest_power_w()
    }

    /// Share of the recuperating envelope that the software leaves.
    pub(crate) fn recuperation(&self) -> f64 {
        self.recuperation
    }

    /// Highest motoring torque at a speed, N·m, with the software's limits but not the battery's.
    #[inline]
    pub(crate) fn motoring_nm(&self, lookup: &Lookup<'_>, at: &AtSpeed, speed: f64) -> f64 {
        let torque = at.torque_max_nm.min(self.largest_nm(lookup));
        let power_w = self.largest_w(lookup);
        if torque * speed > power_w {
            power_w / speed
        } else {
            torque
        }
    }

    /// Highest motoring torque at a speed, N·m, with the software's and the battery's limits.
    #[inline]
    pub(crate) fn driven_nm(&self, lookup: &Lookup<'_>, at: &AtSpeed, speed: f64) -> f64 {
        let torque = self.motoring_nm(lookup, at, speed);
        lookup.within_power_nm(at, speed, torque, self.discharge_w)
    }

    /// Highest recuperating torque at a speed, N·m, negative, with the software's limit.
    #[inline]
    pub(crate) fn recuperating_nm(&self, at: &AtSpeed) -> f64 {
        self.recuperation * at.torque_min_nm
    }
}
