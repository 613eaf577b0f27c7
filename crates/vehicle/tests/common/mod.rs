//! A plausible drive map and cars for tests; nothing here is measured.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use codrive_model::input::Source;
use codrive_model::operating_map::{LossSplit, OperatingMap};
use codrive_model::vehicle::{Vehicle, VehicleFile};
use codrive_vehicle::DriveCycle;

/// A motor with a gear: peak torque and power on the motor shaft, losses by simple laws.
#[derive(Clone, Copy, Debug)]
pub struct Motor {
    pub torque_nm: f64,
    pub power_w: f64,
    pub speed_rad_per_s: f64,
    pub ratio: f64,
    /// Factor on all losses.
    pub loss: f64,
}

/// Of the size of the BMW i3's: 250 Nm, 125 kW, 11 400 rpm, 9.7.
pub const I3_SIZED: Motor = Motor {
    torque_nm: 250.0,
    power_w: 125e3,
    speed_rad_per_s: 1193.8,
    ratio: 9.7,
    loss: 1.0,
};

/// The axle-side map of a motor.
pub fn drive_map(motor: Motor) -> OperatingMap {
    let speeds: Vec<f64> = (0..=40)
        .map(|i| f64::from(i) / 40.0 * motor.speed_rad_per_s)
        .collect();
    let load: Vec<f64> = (-20..=20).map(|i| f64::from(i) / 20.0).collect();
    // Constant power up to 80 % of the top speed, falling from there, as with real envelopes.
    let field_weakened = |w: f64| (1.0 - 0.8 * (w / motor.speed_rad_per_s - 0.8).max(0.0)).max(0.1);
    let peak = |w: f64| motor.torque_nm.min(motor.power_w / w.max(1e-9)) * field_weakened(w);
    let mut loss_w = Vec::new();
    for &w in &speeds {
        for &l in &load {
            let torque = l.abs() * peak(w);
            let copper = 7500.0 * (torque / motor.torque_nm).powi(2);
            let iron = 1100.0 * (w / motor.speed_rad_per_s).powf(1.6);
            let inverter = 60.0 + 900.0 * (torque / motor.torque_nm);
            let gear = 0.35 * w + 0.015 * torque * w;
            loss_w.push(motor.loss * (copper + iron + inverter + gear));
        }
    }
    let zeros = vec![0.0; loss_w.len()];
    let axle = |table: &dyn Fn(f64) -> f64| -> Vec<f64> {
        speeds.iter().map(|&w| table(w) * motor.ratio).collect()
    };
    OperatingMap {
        dc_voltage_v: 350.0,
        speed_rad_per_s: speeds.iter().map(|w| w / motor.ratio).collect(),
        torque_max_nm: axle(&peak),
        torque_min_nm: axle(&|w| -peak(w)),
        torque_continuous_nm: axle(&|w| 0.6 * peak(w)),
        load,
        split: LossSplit {
            copper_w: loss_w.clone(),
            iron_w: zeros.clone(),
            magnet_w: zeros.clone(),
            mechanical_w: zeros.clone(),
            inverter_w: zeros.clone(),
            gear_w: zeros,
        },
        loss_w,
    }
}

/// Moment of inertia of such a unit on the axle, kg·m².
pub fn inertia_kg_m2(motor: Motor) -> f64 {
    0.03 * motor.torque_nm / 250.0 * motor.ratio * motor.ratio
}

fn vehicles() -> Vec<Vehicle> {
    let text = include_str!("vehicles.toml");
    VehicleFile::read(&Source::shipped("vehicles.toml", text))
        .unwrap()
        .vehicles
}

/// A small hatch with one driven axle, of the size of the BMW i3.
pub fn hatch() -> Vehicle {
    vehicles().remove(0)
}

/// A big car with two driven axles, of the size of the Jaguar I-Pace.
pub fn all_wheel() -> Vehicle {
    vehicles().remove(1)
}

/// A shipped cycle.
pub fn cycle(name: &str) -> DriveCycle {
    let path = format!(
        "{}/../../data/cycles/{name}.csv",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(&path).unwrap();
    DriveCycle::parse(name, &text).unwrap()
}
