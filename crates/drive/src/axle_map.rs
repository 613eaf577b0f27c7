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

/// One motor speed of a motor map: its envelope, and between which of the map's speeds it lies.
struct MotorRow<'m> {
    motor: &'m OperatingMap,
    speed_rad_per_s: f64,
    max_nm: f64,
    min_nm: f64,
    continuous_nm: f64,
    /// Index of the lower speed, and the position between both.
    cell: (usize, f64),
}

fn through_gear(motor: &OperatingMap, gear: &GearModel<'_>) -> Result<OperatingMap, DriveError> {
    let set = gear.set();
    let mut axle = empty_like(motor);
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
                key: None,
                reason,
            });
        }
        axle.torque_max_nm.push(largest);
        axle.torque_min_nm.push(at_speed.axle_nm(lowest));
        axle.torque_continuous_nm
            .push(at_speed.axle_nm(continuous).max(0.0));
        push_losses(&mut axle, &row, &at_speed);
    }
    Ok(axle)
}

/// A map with room for as many points as another one has.
fn empty_like(motor: &OperatingMap) -> OperatingMap {
    let by_speed = || Vec::with_capacity(motor.speed_rad_per_s.len() + 1);
    let by_point = || Vec::with_capacity(motor.loss_w.len() + motor.load.len());
    OperatingMap {
        dc_voltage_v: motor.dc_voltage_v,
        speed_rad_per_s: by_speed(),
        torque_max_nm: by_speed(),
        torque_min_nm: by_speed(),
        torque_continuous_nm: by_speed(),
        load: motor.load.clone(),
        loss_w: by_point(),
        split: LossSplit {
            copper_w: by_point(),
            iron_w: by_point(),
            magnet_w: by_point(),
            mechanical_w: by_point(),
            inverter_w: by_point(),
            gear_w: by_point(),
        },
    }
}

/// Losses at all loads of the newest speed of `axle`.
fn push_losses(axle: &mut OperatingMap, row: &MotorRow<'_>, gear: &GearAtSpeed<'_>) {
    let speed = axle.speed_rad_per_s.len() - 1;
    let loads = &row.motor.load;
    let mut before: Option<[f64; 2]> = None;
    for load in 0..loads.len() {
        let axle_nm = axle.torque_nm(speed, load);
        // The gear's loss changes little from load to load.
        let motor_nm = match before {
            Some([axle_before, motor]) => {
                let near = motor + (axle_nm - axle_before) / gear.ratio();
                gear.motor_near_nm(axle_nm, near)
            }
            None => gear.motor_nm(axle_nm),
        };
        before = Some([axle_nm, motor_nm]);
        let axle_w = axle_nm * axle.speed_rad_per_s[speed];
        let gear_w = motor_nm * row.speed_rad_per_s - axle_w;
        let limit = if motor_nm < 0.0 {
            -row.min_nm
        } else {
            row.max_nm
        };
        let [copper, iron, magnet, mechanical, inverter] =
            row.losses(cell(loads, motor_nm / limit));
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
fn rows(motor: &OperatingMap, limit_rad_per_s: f64) -> Vec<MotorRow<'_>> {
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
        .map(|speed| MotorRow::new(motor, speed))
        .collect()
}

impl<'m> MotorRow<'m> {
    fn new(motor: &'m OperatingMap, speed_rad_per_s: f64) -> Self {
        let (i, t) = cell(&motor.speed_rad_per_s, speed_rad_per_s);
        let along = |table: &[f64]| between(table[i], table[i + 1], t);
        Self {
            motor,
            speed_rad_per_s,
            max_nm: along(&motor.torque_max_nm),
            min_nm: along(&motor.torque_min_nm),
            continuous_nm: along(&motor.torque_continuous_nm),
            cell: (i, t),
        }
    }

    /// Copper, iron, magnet, mechanical and inverter loss in a cell of the loads, W.
    fn losses(&self, (j, u): (usize, f64)) -> [f64; 5] {
        let (split, loads) = (&self.motor.split, self.motor.load.len());
        let (i, t) = self.cell;
        let at = |i: usize, table: &[f64]| {
            let from = i * loads + j;
            between(table[from], table[from + 1], u)
        };
        [
            &split.copper_w,
            &split.iron_w,
            &split.magnet_w,
            &split.mechanical_w,
            &split.inverter_w,
        ]
        .map(|table| match t {
            0.0 => at(i, table),
            1.0 => at(i + 1, table),
            _ => between(at(i, table), at(i + 1, table), t),
        })
    }
}

fn between(a: f64, b: f64, t: f64) -> f64 {
    a * (1.0 - t) + b * t
}
