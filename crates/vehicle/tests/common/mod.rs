//! A plausible drive map and cars for tests; nothing here is measured.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use codrive_model::input::Source;
use codrive_model::operating_map::{LossSplit, OperatingMap};
use codrive_model::unit::OpenAxle;
use codrive_model::unit_heat::{ByLumps, UnitHeat};
use codrive_model::vehicle::{Axle, Vehicle, VehicleFile};
use codrive_vehicle::{AxleDrive, DriveCycle};

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

/// The axle-side map of a motor, on even axes.
pub fn drive_map(motor: Motor) -> OperatingMap {
    let even: Vec<f64> = (0..=40).map(|i| f64::from(i) / 40.0).collect();
    let load: Vec<f64> = (-20..=20).map(|i| f64::from(i) / 20.0).collect();
    drive_map_on(motor, &even, load)
}

/// The same on axes as uneven as those of computed units.
pub fn uneven_drive_map(motor: Motor) -> OperatingMap {
    let slow = (0..=9).map(|i| 0.34 * (1.0 - (1.0 - f64::from(i) / 9.0_f64).powf(1.6)));
    let fast = (1..=16).map(|i| 0.34 + 0.66 * (f64::from(i) / 16.0_f64).powf(1.6));
    let half = [
        0.02, 0.05, 0.1, 0.16, 0.24, 0.33, 0.43, 0.54, 0.66, 0.78, 0.9, 1.0,
    ];
    let braking = half.iter().rev().map(|load| -load);
    let load = braking.chain([0.0]).chain(half.iter().copied());
    let mut speed: Vec<f64> = slow.chain(fast).collect();
    speed[25] = 1.0;
    drive_map_on(motor, &speed, load.collect())
}

fn drive_map_on(motor: Motor, speed: &[f64], load: Vec<f64>) -> OperatingMap {
    let speeds: Vec<f64> = speed.iter().map(|s| s * motor.speed_rad_per_s).collect();
    // Constant power up to 80 % of the top speed, falling from there, as with real envelopes.
    let field_weakened = |w: f64| (1.0 - 0.8 * (w / motor.speed_rad_per_s - 0.8).max(0.0)).max(0.1);
    let peak = |w: f64| motor.torque_nm.min(motor.power_w / w.max(1e-9)) * field_weakened(w);
    let mut split = LossSplit::default();
    let mut loss_w = Vec::new();
    for &w in &speeds {
        for &l in &load {
            let torque = l.abs() * peak(w);
            let copper = 7500.0 * (torque / motor.torque_nm).powi(2);
            let iron = 1100.0 * (w / motor.speed_rad_per_s).powf(1.6);
            let inverter = 60.0 + 900.0 * (torque / motor.torque_nm);
            let gear = 0.35 * w + 0.015 * torque * w;
            let by_origin = [copper, 0.95 * iron, 0.05 * iron, 0.0, inverter, gear];
            let by_origin = by_origin.map(|w| w * motor.loss);
            split.copper_w.push(by_origin[0]);
            split.iron_w.push(by_origin[1]);
            split.magnet_w.push(by_origin[2]);
            split.mechanical_w.push(by_origin[3]);
            split.inverter_w.push(by_origin[4]);
            split.gear_w.push(by_origin[5]);
            loss_w.push(by_origin.iter().sum());
        }
    }
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
        split,
        loss_w,
    }
}

/// Moment of inertia of such a unit on the axle, kg·m².
pub fn inertia_kg_m2(motor: Motor) -> f64 {
    0.03 * motor.torque_nm / 250.0 * motor.ratio * motor.ratio
}

/// A unit with the inertia of the i3's on an axle: always coupled, its heat unknown.
pub fn drive(axle: Axle, map: &OperatingMap) -> AxleDrive<'_> {
    AxleDrive {
        axle,
        map,
        inertia_kg_m2: inertia_kg_m2(I3_SIZED),
        open: None,
        heat: None,
    }
}

/// What an uncoupled unit of the kind takes: a drag of 3 N·m and 10 W to hold the clutch.
pub fn open_axle(map: &OperatingMap) -> OpenAxle {
    OpenAxle {
        drag_nm: vec![3.0; map.speed_rad_per_s.len()],
        holding_power_w: 10.0,
        closing_time_s: 0.5,
    }
}

/// Heat of the unit whose map is `uneven_drive_map(I3_SIZED)`, with a water jacket.
pub fn heat() -> UnitHeat {
    heat_of(&uneven_drive_map(I3_SIZED))
}

/// Heat of a unit of the size of the i3's at the points of its map: the air gap conducts 4 W/K at rest and twice
/// that at the highest speed; a tenth of the iron's loss is the rotor's.
pub fn heat_of(map: &OperatingMap) -> UnitHeat {
    let top = map.speed_limit_rad_per_s();
    let conductance = |speed: &f64| {
        let gap = 4.0 * (1.0 + speed / top);
        [
            [60.0, -55.0, -1.0, 0.0],
            [-55.0, 190.0 + gap, -4.0 - gap, -15.0],
            [-1.0, -4.0 - gap, 7.0 + gap, -1.0],
            [0.0, -15.0, -1.0, 17.0],
        ]
    };
    let conductance_w_per_k: Vec<ByLumps> = map.speed_rad_per_s.iter().map(conductance).collect();
    let split = &map.split;
    let heat_w = |i: usize| {
        let sinks = conductance_w_per_k[i / map.load.len()].map(|row| row.iter().sum::<f64>());
        let warmth_k = split.inverter_w[i] / COOLANT_W_PER_K;
        let own = [
            split.copper_w[i],
            0.9 * split.iron_w[i],
            0.1 * split.iron_w[i] + split.magnet_w[i],
            split.gear_w[i],
        ];
        std::array::from_fn(|lump| own[lump] + sinks[lump] * warmth_k)
    };
    UnitHeat {
        coolant_k: 338.15,
        capacity_j_per_k: [
            [4000.0, 300.0, 0.0, 0.0],
            [300.0, 16000.0, 200.0, 0.0],
            [0.0, 200.0, 6000.0, 100.0],
            [0.0, 0.0, 100.0, 2500.0],
        ],
        heat_w: (0..map.loss_w.len()).map(heat_w).collect(),
        conductance_w_per_k,
        hot_spot: 0.3,
        winding_limit_k: 433.15,
        magnet_limit_k: 413.15,
        derating_span_k: 15.0,
    }
}

/// Heat capacity flow of its coolant, W/K.
pub const COOLANT_W_PER_K: f64 = 500.0;

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
