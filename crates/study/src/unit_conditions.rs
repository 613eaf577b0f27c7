//! A unit's losses by origin and its envelopes, at every DC voltage with every temperature that its file asks for.

use std::fmt::Write as _;

use codrive_drive::gear::GearModel;
use codrive_drive::{Conditions, DriveError, LossPoint, Machine, loss_points, motor_map};
use codrive_model::operating_map::OperatingMap;
use codrive_model::unit_map::EnvelopesAt;

use crate::cache::Cache;
use crate::error::StudyError;
use crate::motor::solve_machine;
use crate::progress::Progress;
use crate::unit::motor_envelopes;
use crate::unit_modules::UnitInput;

/// Steps of the gear set's table over speed and torque.
const GEAR_STEPS: u32 = 20;

/// What a unit does under its conditions.
pub(crate) struct Tabulated {
    /// Envelopes of the motor.
    pub(crate) envelopes: Vec<EnvelopesAt>,
    /// `losses.csv` and `gear-losses.csv`.
    pub(crate) tables: Vec<(String, String)>,
}

/// Conditions of one table.
#[derive(Clone, Copy)]
struct At {
    dc_voltage_v: f64,
    winding_k: f64,
    magnet_k: f64,
}

/// Losses and envelopes of a unit under all conditions of its file; a section is solved for each magnet temperature.
///
/// # Errors
/// A section that cannot be solved; a voltage at which the motor has no torque.
pub(crate) fn tabulate(
    input: &UnitInput,
    cache: &Cache,
    progress: &dyn Progress,
) -> Result<Tabulated, StudyError> {
    let (maps, conditions) = (&input.file.maps, &input.conditions);
    let own_magnet_k = input.machine.section.section.magnet_temperature_k;
    let magnets_k = or_own(&maps.magnets_k, own_magnet_k);
    progress.stage("maps", magnets_k.len());
    let mut losses = String::from(LOSS_COLUMNS);
    let mut envelopes = Vec::new();
    for magnet_k in magnets_k {
        let mut machine = input.machine.clone();
        machine.section.section.magnet_temperature_k = magnet_k;
        let solved = solve_machine(&machine, cache, progress)?;
        let refused = |error: DriveError| input.refused(&error);
        let tables = machine.tables(&solved).map_err(refused)?;
        let built = machine.built(&tables, input.build).map_err(refused)?;
        for dc_voltage_v in or_own(&maps.dc_voltages_v, input.file.dc_voltage_v) {
            for winding_k in or_own(&maps.windings_k, conditions.winding_temperature_k) {
                let at = At {
                    dc_voltage_v,
                    winding_k,
                    magnet_k,
                };
                envelopes.push(one(input, &built, at, &mut losses).map_err(refused)?);
            }
        }
        progress.done(1);
    }
    let gear = gear_losses(input).map_err(|error| input.refused(&error))?;
    let named = [("losses.csv", losses), ("gear-losses.csv", gear)];
    Ok(Tabulated {
        envelopes,
        tables: named.map(|(name, text)| (name.to_owned(), text)).into(),
    })
}

fn or_own(asked: &[f64], own: f64) -> Vec<f64> {
    if asked.is_empty() {
        vec![own]
    } else {
        asked.to_vec()
    }
}

/// Envelopes under one set of conditions; its losses are added to the table.
fn one(
    input: &UnitInput,
    machine: &Machine<'_>,
    at: At,
    losses: &mut String,
) -> Result<EnvelopesAt, DriveError> {
    let At {
        dc_voltage_v,
        winding_k,
        magnet_k,
    } = at;
    let conditions = Conditions {
        winding_temperature_k: winding_k,
        ..input.conditions
    };
    let inverter = &input.inverter;
    let motor = motor_map(machine, inverter, dc_voltage_v, &conditions)?;
    let points = loss_points(machine, inverter, dc_voltage_v, &conditions)?;
    push_losses(losses, at, &motor.map, &points, inverter.standby_power_w);
    Ok(EnvelopesAt {
        dc_voltage_v,
        winding_k,
        magnet_k,
        envelopes: motor_envelopes(&motor.map, motor.ratings),
    })
}

const LOSS_COLUMNS: &str = "dc_voltage_v,winding_k,magnet_k,speed_rad_per_s,torque_nm,i_d_a,i_q_a,modulation,\
     loss_w,slot_dc_and_own_field_w,proximity_w,end_winding_w,stator_iron_w,rotor_iron_w,\
     of_iron_build_factor_w,switching_ripple_at_most_w,magnet_w,windage_w,bearing_w,\
     inverter_conduction_w,inverter_switching_w,dc_link_w,standby_w,junction_k\n";

fn push_losses(
    text: &mut String,
    at: At,
    map: &OperatingMap,
    points: &[LossPoint],
    standby_w: f64,
) {
    for (point, loss_w) in points.iter().zip(&map.loss_w) {
        let (m, i) = (&point.machine, &point.inverter);
        let _ = write!(
            text,
            "{},{:.2},{:.2},{:.4},{:.4}",
            at.dc_voltage_v, at.winding_k, at.magnet_k, point.speed_rad_per_s, point.torque_nm
        );
        for value in [
            point.currents_a[0],
            point.currents_a[1],
            point.modulation,
            *loss_w,
            m.slot_copper_w - m.proximity_w,
            m.proximity_w,
            m.end_copper_w,
            m.stator_iron_w,
            m.rotor_iron_w,
            m.iron_w() - point.iron_as_computed_w,
            point.switching_ripple_w,
            m.magnet_w,
            m.windage_w,
            m.bearing_w,
            6.0 * (i.transistor_conduction_w + i.diode_conduction_w),
            6.0 * (i.transistor_switching_w + i.diode_switching_w),
            i.dc_link_w,
            standby_w,
            i.junction_k,
        ] {
            let _ = write!(text, ",{value:.4}");
        }
        text.push('\n');
    }
}

/// Losses of the gear set by origin over oil temperature, speed and torque of its input, up to what it bears.
fn gear_losses(input: &UnitInput) -> Result<String, DriveError> {
    let set = &input.gear_set;
    let mut text = String::from(
        "oil_k,input_speed_rad_per_s,input_torque_nm,loss_w,mesh_w,bearing_w,seal_w,oil_w,added_w\n",
    );
    let share = |step: u32| f64::from(step) / f64::from(GEAR_STEPS);
    for oil_k in or_own(&input.file.maps.oils_k, set.oil_temperature_k) {
        let model = GearModel::at_oil(set, oil_k)?;
        for speed in (0..=GEAR_STEPS).map(|step| share(step) * set.max_input_speed_rad_per_s) {
            for torque in (0..=GEAR_STEPS).map(|step| share(step) * set.rated_input_torque_nm) {
                let lost = model.parts(speed, torque);
                let _ = write!(text, "{oil_k:.2},{speed:.4},{torque:.4}");
                for nm in [
                    lost.total_nm(),
                    lost.mesh_nm,
                    lost.bearing_nm,
                    lost.seal_nm,
                    lost.oil_nm,
                    lost.added_nm,
                ] {
                    let _ = write!(text, ",{:.4}", nm * speed);
                }
                text.push('\n');
            }
        }
    }
    Ok(text)
}
