//! The drive map on the axle: a motor map through a gear set.

use codrive_model::flux_map::{FluxMap, SectionFacts};
use codrive_model::gear_set::GearSet;
use codrive_model::inverter::Inverter;
use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::operating_map::{LossSplit, OperatingMap, cell};
use codrive_model::unit::{Configuration, OpenAxle, Unit, UnitMass, Winding};

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
    let mass = motor.mass_with(gear_set);
    let mut volume = motor.volume;
    volume.gear_m3 = gear_volume_m3(mass.gear_kg);
    let axle = through_gear(&motor.map, gear, Kept::ByOrigin)?;
    let top_rad_per_s = axle.speed_limit_rad_per_s() * gear_set.ratio;
    Ok(Unit {
        configuration: motor.configuration(gear_set),
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
        axle_inertia_kg_m2: motor.axle_inertia_kg_m2(gear_set),
        back_emf_at_top_speed_v: motor.line_back_emf_vs * top_rad_per_s,
    })
}

/// The map on the axle alone, its losses in one sum ([`OperatingMap::split`] stays empty): all that judging a unit
/// takes, where many are judged.
///
/// # Errors
/// As [`axle_map_through`].
pub fn axle_losses_through(
    motor: &MotorMap,
    gear: &GearModel<'_>,
) -> Result<OperatingMap, DriveError> {
    through_gear(&motor.map, gear, Kept::Sum)
}

impl MotorMap {
    /// With a gear set behind it.
    #[must_use]
    pub fn configuration(&self, gear_set: &GearSet) -> Configuration {
        Configuration {
            machine: self.machine.clone(),
            inverter: self.inverter.clone(),
            gear_set: gear_set.id.clone(),
        }
    }

    /// Masses with those of a gear set.
    #[must_use]
    pub fn mass_with(&self, gear_set: &GearSet) -> UnitMass {
        UnitMass {
            gear_kg: gear_set.total_mass_kg(),
            ..self.mass
        }
    }

    /// Moment of inertia on the axle with a gear set, kg·m².
    #[must_use]
    pub fn axle_inertia_kg_m2(&self, gear_set: &GearSet) -> f64 {
        let inertia = self.rotor_inertia_kg_m2 + gear_set.input_inertia_kg_m2;
        inertia * gear_set.ratio * gear_set.ratio
    }
}

/// What is kept of the losses on the axle.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    Sum,
    ByOrigin,
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

fn through_gear(
    motor: &OperatingMap,
    gear: &GearModel<'_>,
    kept: Kept,
) -> Result<OperatingMap, DriveError> {
    let set = gear.set();
    let mut axle = empty_like(motor, kept);
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
        push_losses(&mut axle, &row, &at_speed, kept);
    }
    Ok(axle)
}

/// A map with room for as many points as another one has.
fn empty_like(motor: &OperatingMap, kept: Kept) -> OperatingMap {
    let by_speed = || Vec::with_capacity(motor.speed_rad_per_s.len() + 1);
    let points = motor.loss_w.len() + motor.load.len();
    let by_origin = || Vec::with_capacity(if kept == Kept::ByOrigin { points } else { 0 });
    OperatingMap {
        dc_voltage_v: motor.dc_voltage_v,
        speed_rad_per_s: by_speed(),
        torque_max_nm: by_speed(),
        torque_min_nm: by_speed(),
        torque_continuous_nm: by_speed(),
        load: motor.load.clone(),
        loss_w: Vec::with_capacity(points),
        split: LossSplit {
            copper_w: by_origin(),
            iron_w: by_origin(),
            magnet_w: by_origin(),
            mechanical_w: by_origin(),
            inverter_w: by_origin(),
            gear_w: by_origin(),
        },
    }
}

/// Losses at all loads of the newest speed of `axle`.
fn push_losses(axle: &mut OperatingMap, row: &MotorRow<'_>, gear: &GearAtSpeed<'_>, kept: Kept) {
    let speed = axle.speed_rad_per_s.len() - 1;
    let loads = &row.motor.load;
    let (mut before, mut j) = (None, 0);
    for load in 0..loads.len() {
        let axle_nm = axle.torque_nm(speed, load);
        let at = gear.motor_from(axle_nm, before);
        before = Some(at);
        let axle_w = axle_nm * axle.speed_rad_per_s[speed];
        let gear_w = at.motor_nm * row.speed_rad_per_s - axle_w;
        let limit = if at.motor_nm < 0.0 {
            -row.min_nm
        } else {
            row.max_nm
        };
        // Loads ascend, and so do the motor's.
        let motor_load = at.motor_nm / limit;
        while j + 2 < loads.len() && loads[j + 1] <= motor_load {
            j += 1;
        }
        let along = ((motor_load - loads[j]) / (loads[j + 1] - loads[j])).clamp(0.0, 1.0);
        let motor_w = match kept {
            Kept::Sum => row.at(&row.motor.loss_w, (j, along)),
            Kept::ByOrigin => row.push_split(&mut axle.split, (j, along), gear_w),
        };
        axle.loss_w.push(motor_w + gear_w);
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

    /// A table of the motor's map in a cell of the loads.
    fn at(&self, table: &[f64], (j, u): (usize, f64)) -> f64 {
        let (loads, (i, t)) = (self.motor.load.len(), self.cell);
        let at = |i: usize| {
            let from = i * loads + j;
            between(table[from], table[from + 1], u)
        };
        match t {
            0.0 => at(i),
            1.0 => at(i + 1),
            _ => between(at(i), at(i + 1), t),
        }
    }

    /// Adds the motor's losses in a cell of the loads, and the gear set's, by origin; the sum of the motor's, W.
    fn push_split(&self, to: &mut LossSplit, cell: (usize, f64), gear_w: f64) -> f64 {
        let of = &self.motor.split;
        let tables = [
            (&of.copper_w, &mut to.copper_w),
            (&of.iron_w, &mut to.iron_w),
            (&of.magnet_w, &mut to.magnet_w),
            (&of.mechanical_w, &mut to.mechanical_w),
            (&of.inverter_w, &mut to.inverter_w),
        ];
        to.gear_w.push(gear_w);
        let mut sum = 0.0;
        for (from, to) in tables {
            let loss_w = self.at(from, cell);
            to.push(loss_w);
            sum += loss_w;
        }
        sum
    }
}

fn between(a: f64, b: f64, t: f64) -> f64 {
    a * (1.0 - t) + b * t
}
