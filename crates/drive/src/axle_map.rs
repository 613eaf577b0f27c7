//! The drive map on the axle: a motor map through a gear set.

use codrive_model::flux_map::{FluxMap, SectionFacts};
use codrive_model::gear_set::GearSet;
use codrive_model::inverter::Inverter;
use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::operating_map::{LossSplit, OperatingMap, cell};
use codrive_model::unit::{Configuration, OpenAxle, Unit, Winding};

use crate::axle_heat::axle_heat;
use crate::conditions::{Build, Conditions};
use crate::error::DriveError;
use crate::gear::{GearAtSpeed, GearModel};
use crate::machine::Machine;
use crate::mass::gear_volume_m3;
use crate::motor_map::{MotorMap, motor_map};
use crate::section_tables::SectionTables;

/// One unit from the modules' own data; for many units of a section, see the crate's head.
///
/// # Errors
/// Whatever is wrong with a module or their combination.
#[allow(clippy::too_many_arguments)]
pub fn evaluate(
    map: &FluxMap,
    facts: &SectionFacts,
    materials: (&Steel, &MagnetGrade),
    (stack_m, winding): (f64, Winding),
    build: Build,
    inverter: &Inverter,
    gear_set: &GearSet,
    (dc_voltage_v, conditions): (f64, &Conditions),
) -> Result<Unit, DriveError> {
    let tables = SectionTables::new(map, facts, materials.0, materials.1)?;
    let machine = Machine::new(&tables, stack_m, winding, build)?;
    axle_map(
        &motor_map(&machine, inverter, dc_voltage_v, conditions)?,
        gear_set,
    )
}

/// A motor map through a gear set.
///
/// Where the continuous torque of the motor does not cover the drag, that of the axle is zero.
/// The axle's envelope is that of the motor, cut to the rated torque and speed of the gear set.
/// The motor's own map stays as it is. Loss between the motor map's loads is linear in load; the
/// power balance DC = axle + losses holds exactly at every table point.
///
/// # Errors
/// A gear set whose data contradict each other, or whose drag leaves no torque.
pub fn axle_map(motor: &MotorMap, gear_set: &GearSet) -> Result<Unit, DriveError> {
    axle_map_at_oil(motor, gear_set, gear_set.oil_temperature_k)
}

/// [`axle_map`] with the gear set's oil at a temperature, K, instead of that of its file.
///
/// # Errors
/// As [`axle_map`]; an oil temperature outside −40 to 160 °C.
pub fn axle_map_at_oil(
    motor: &MotorMap,
    gear_set: &GearSet,
    oil_temperature_k: f64,
) -> Result<Unit, DriveError> {
    axle_map_through(motor, &GearModel::at_oil(gear_set, oil_temperature_k)?)
}

/// [`axle_map`] through a gear set whose model is built already: for many motors behind one gear set.
///
/// # Errors
/// A gear set whose drag leaves no torque.
pub fn axle_map_through(motor: &MotorMap, gear: &GearModel<'_>) -> Result<Unit, DriveError> {
    let gear_set = gear.set();
    let mut mass = motor.mass;
    mass.gear_kg = gear_set.total_mass_kg();
    let mut volume = motor.volume;
    volume.gear_m3 = gear_volume_m3(mass.gear_kg);
    let axle = through_gear(&motor.map, gear)?;
    let top_rad_per_s = axle.speed_limit_rad_per_s() * gear_set.ratio;
    let inertia = motor.rotor_inertia_kg_m2 + gear_set.input_inertia_kg_m2;
    Ok(Unit {
        configuration: Configuration {
            machine: motor.machine.clone(),
            inverter: motor.inverter.clone(),
            gear_set: gear_set.id.clone(),
        },
        open: gear_set.disconnect.map(|clutch| OpenAxle {
            drag_nm: axle
                .speed_rad_per_s
                .iter()
                .filter_map(|speed| gear.open_axle_nm(*speed))
                .collect(),
            holding_power_w: clutch.holding_power_w,
            closing_time_s: clutch.closing_time_s,
        }),
        heat: motor
            .heat
            .as_ref()
            .map(|heat| axle_heat(heat, (&motor.map, &axle), gear)),
        turns: motor.turns,
        gear_ratio: gear_set.ratio,
        motor: motor.map.clone(),
        ratings: motor.ratings.clone(),
        axle,
        mass,
        volume,
        axle_inertia_kg_m2: inertia * gear_set.ratio * gear_set.ratio,
        back_emf_at_top_speed_v: motor.line_back_emf_vs * top_rad_per_s,
    })
}

/// One motor speed of a motor map: its envelope and loss rows, interpolated where needed.
struct MotorRow {
    speed_rad_per_s: f64,
    max_nm: f64,
    min_nm: f64,
    continuous_nm: f64,
    /// Copper, iron, magnet, mechanical, inverter loss by load.
    split: [Vec<f64>; 5],
}

fn through_gear(motor: &OperatingMap, gear: &GearModel<'_>) -> Result<OperatingMap, DriveError> {
    let set = gear.set();
    let mut axle = OperatingMap {
        dc_voltage_v: motor.dc_voltage_v,
        speed_rad_per_s: Vec::new(),
        torque_max_nm: Vec::new(),
        torque_min_nm: Vec::new(),
        torque_continuous_nm: Vec::new(),
        load: motor.load.clone(),
        loss_w: Vec::new(),
        split: LossSplit::default(),
    };
    for row in rows(motor, set.max_input_speed_rad_per_s) {
        let at_speed = gear.at_speed(row.speed_rad_per_s);
        let highest = row.max_nm.min(set.rated_input_torque_nm);
        let lowest = row.min_nm.max(-set.rated_input_torque_nm);
        let continuous = row.continuous_nm.min(highest);
        axle.speed_rad_per_s.push(row.speed_rad_per_s / set.ratio);
        let largest = at_speed.axle_nm(highest);
        if largest <= 0.0 {
            let rpm = row.speed_rad_per_s * 30.0 / std::f64::consts::PI;
            let reason = format!("its drag leaves no torque of the motor's at {rpm:.0} rpm");
            return Err(DriveError::GearSet {
                gear_set: set.id.clone(),
                reason,
            });
        }
        axle.torque_max_nm.push(largest);
        axle.torque_min_nm.push(at_speed.axle_nm(lowest));
        axle.torque_continuous_nm
            .push(at_speed.axle_nm(continuous).max(0.0));
        push_losses(&mut axle, &motor.load, &row, &at_speed);
    }
    Ok(axle)
}

/// Losses at all loads of the newest speed of `axle`.
fn push_losses(axle: &mut OperatingMap, loads: &[f64], row: &MotorRow, gear: &GearAtSpeed<'_>) {
    let speed = axle.speed_rad_per_s.len() - 1;
    for load in 0..loads.len() {
        let axle_nm = axle.torque_nm(speed, load);
        let motor_nm = gear.motor_nm(axle_nm);
        let axle_w = axle_nm * axle.speed_rad_per_s[speed];
        let gear_w = motor_nm * row.speed_rad_per_s - axle_w;
        let limit = if motor_nm < 0.0 {
            -row.min_nm
        } else {
            row.max_nm
        };
        let (j, t) = cell(loads, motor_nm / limit);
        let [copper, iron, magnet, mechanical, inverter] =
            std::array::from_fn(|k| row.split[k][j] * (1.0 - t) + row.split[k][j + 1] * t);
        axle.split.copper_w.push(copper);
        axle.split.iron_w.push(iron);
        axle.split.magnet_w.push(magnet);
        axle.split.mechanical_w.push(mechanical);
        axle.split.inverter_w.push(inverter);
        axle.split.gear_w.push(gear_w);
        axle.loss_w
            .push(copper + iron + magnet + mechanical + inverter + gear_w);
    }
}

/// The speeds of a motor map up to a limit; where the limit cuts it, the last one is interpolated.
fn rows(motor: &OperatingMap, limit_rad_per_s: f64) -> Vec<MotorRow> {
    let speeds = &motor.speed_rad_per_s;
    let mut wanted: Vec<f64> = speeds
        .iter()
        .copied()
        .filter(|s| *s < limit_rad_per_s)
        .collect();
    if wanted.len() < speeds.len() {
        wanted.push(limit_rad_per_s.min(motor.speed_limit_rad_per_s()));
    }
    wanted
        .into_iter()
        .map(|speed| motor_row(motor, speed))
        .collect()
}

fn motor_row(motor: &OperatingMap, speed_rad_per_s: f64) -> MotorRow {
    let (i, t) = cell(&motor.speed_rad_per_s, speed_rad_per_s);
    let n = motor.load.len();
    let between = |a: f64, b: f64| a * (1.0 - t) + b * t;
    let row = |table: &[f64]| {
        (0..n)
            .map(|j| between(table[i * n + j], table[(i + 1) * n + j]))
            .collect::<Vec<f64>>()
    };
    let split = &motor.split;
    MotorRow {
        speed_rad_per_s,
        max_nm: between(motor.torque_max_nm[i], motor.torque_max_nm[i + 1]),
        min_nm: between(motor.torque_min_nm[i], motor.torque_min_nm[i + 1]),
        continuous_nm: between(
            motor.torque_continuous_nm[i],
            motor.torque_continuous_nm[i + 1],
        ),
        split: [
            row(&split.copper_w),
            row(&split.iron_w),
            row(&split.magnet_w),
            row(&split.mechanical_w),
            row(&split.inverter_w),
        ],
    }
}
