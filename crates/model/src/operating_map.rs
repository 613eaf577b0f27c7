//! Losses of a drive over shaft speed and load, with its envelopes: what a vehicle drives with.
//!
//! The torque axis is relative to the envelope at each speed, so that the map ends exactly at the
//! envelope and no value is ever invented beyond it.

use serde::{Deserialize, Serialize};

/// Losses from the DC terminals to one shaft (motor shaft or axle), at one DC voltage.
///
/// DC power = torque · speed + loss, all signed: motoring positive, recuperating negative.
/// Tables are row-major with the load fastest: index `speed · n_load + load`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OperatingMap {
    /// DC voltage at which the map holds, V.
    pub dc_voltage_v: f64,
    /// Shaft speed, rad/s, ascending from 0 to the highest speed allowed.
    pub speed_rad_per_s: Vec<f64>,
    /// Highest (peak, short-time) motoring torque at each speed, N·m, positive.
    pub torque_max_nm: Vec<f64>,
    /// Highest recuperating torque at each speed, N·m, negative.
    pub torque_min_nm: Vec<f64>,
    /// Continuous motoring torque at each speed, N·m; at most `torque_max_nm`.
    pub torque_continuous_nm: Vec<f64>,
    /// Load: torque over the envelope of the same sign, ascending from −1 to 1, with 0 among them.
    pub load: Vec<f64>,
    /// All losses, W.
    pub loss_w: Vec<f64>,
    /// The same losses by origin.
    pub split: LossSplit,
}

/// Losses by origin, each with the shape of [`OperatingMap::loss_w`]; they sum to it. Empty where only the sum is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LossSplit {
    /// Winding, with its AC part, W.
    pub copper_w: Vec<f64>,
    /// Laminations of stator and rotor, W.
    pub iron_w: Vec<f64>,
    /// Magnets, W.
    pub magnet_w: Vec<f64>,
    /// Bearings and windage of the motor, W.
    pub mechanical_w: Vec<f64>,
    /// Inverter, W.
    pub inverter_w: Vec<f64>,
    /// Gear set, W; zero on the motor side.
    pub gear_w: Vec<f64>,
}

/// Lowest index of the cell of ascending `axis` that holds `x`, and the position in it, 0 to 1.
/// `x` beyond an end is held at that end: callers check limits first.
#[must_use]
pub fn cell(axis: &[f64], x: f64) -> (usize, f64) {
    let last = axis.len().saturating_sub(2);
    let upper = axis.partition_point(|knot| *knot <= x);
    let index = upper.saturating_sub(1).min(last);
    let (a, b) = (axis[index], axis[index + 1]);
    (index, ((x - a) / (b - a)).clamp(0.0, 1.0))
}

impl OperatingMap {
    /// Highest speed, rad/s.
    #[must_use]
    pub fn speed_limit_rad_per_s(&self) -> f64 {
        self.speed_rad_per_s[self.speed_rad_per_s.len() - 1]
    }

    /// Highest motoring torque at a speed, N·m; zero beyond the speed limit.
    #[must_use]
    pub fn torque_max_at_nm(&self, speed_rad_per_s: f64) -> f64 {
        self.along_speed(&self.torque_max_nm, speed_rad_per_s)
    }

    /// Highest recuperating torque at a speed, N·m, negative; zero beyond the speed limit.
    #[must_use]
    pub fn torque_min_at_nm(&self, speed_rad_per_s: f64) -> f64 {
        self.along_speed(&self.torque_min_nm, speed_rad_per_s)
    }

    /// Continuous motoring torque at a speed, N·m; zero beyond the speed limit.
    #[must_use]
    pub fn torque_continuous_at_nm(&self, speed_rad_per_s: f64) -> f64 {
        self.along_speed(&self.torque_continuous_nm, speed_rad_per_s)
    }

    fn along_speed(&self, table: &[f64], speed_rad_per_s: f64) -> f64 {
        if speed_rad_per_s > self.speed_limit_rad_per_s() * (1.0 + 1e-12) {
            return 0.0;
        }
        let (i, t) = cell(&self.speed_rad_per_s, speed_rad_per_s);
        table[i] * (1.0 - t) + table[i + 1] * t
    }

    /// Loss at a speed and torque, W, bilinear in speed and load; `None` outside the envelope.
    #[must_use]
    pub fn loss_at_w(&self, speed_rad_per_s: f64, torque_nm: f64) -> Option<f64> {
        if speed_rad_per_s < 0.0 || speed_rad_per_s > self.speed_limit_rad_per_s() * (1.0 + 1e-12) {
            return None;
        }
        let limit = if torque_nm < 0.0 {
            -self.torque_min_at_nm(speed_rad_per_s)
        } else {
            self.torque_max_at_nm(speed_rad_per_s)
        };
        let load = if torque_nm == 0.0 {
            0.0
        } else {
            torque_nm / limit
        };
        if !(-1.0 - 1e-9..=1.0 + 1e-9).contains(&load) {
            return None;
        }
        let (i, t) = cell(&self.speed_rad_per_s, speed_rad_per_s);
        let (j, u) = cell(&self.load, load);
        let n = self.load.len();
        let row = |i: usize| self.loss_w[i * n + j] * (1.0 - u) + self.loss_w[i * n + j + 1] * u;
        Some(row(i) * (1.0 - t) + row(i + 1) * t)
    }

    /// Torque of a table point, N·m.
    #[must_use]
    pub fn torque_nm(&self, speed: usize, load: usize) -> f64 {
        let load = self.load[load];
        if load < 0.0 {
            -load * self.torque_min_nm[speed]
        } else {
            load * self.torque_max_nm[speed]
        }
    }

    /// Largest mechanical power of the peak envelope, W.
    #[must_use]
    pub fn peak_power_w(&self) -> f64 {
        largest_power_w(&self.speed_rad_per_s, &self.torque_max_nm)
    }

    /// Largest mechanical power of the continuous envelope, W.
    #[must_use]
    pub fn continuous_power_w(&self) -> f64 {
        largest_power_w(&self.speed_rad_per_s, &self.torque_continuous_nm)
    }

    /// Largest recuperated mechanical power, W, positive.
    #[must_use]
    pub fn regenerating_power_w(&self) -> f64 {
        -self
            .speed_rad_per_s
            .iter()
            .zip(&self.torque_min_nm)
            .map(|(w, t)| w * t)
            .fold(0.0, f64::min)
    }
}

fn largest_power_w(speed: &[f64], torque: &[f64]) -> f64 {
    speed
        .iter()
        .zip(torque)
        .map(|(w, t)| w * t)
        .fold(0.0, f64::max)
}
