//! Any variant of a section is either evaluated soundly or refused with a reason.

use codrive_model::unit::Winding;
use proptest::prelude::*;

use super::{fs800, gears, i3, tables};
use crate::{
    Build, Conditions, Cooling, DriveError, Machine, MotorMap, Strategy, axle_map, motor_map,
};

fn sound(drive: &MotorMap) {
    let map = &drive.map;
    let tables = [
        &map.loss_w,
        &map.torque_max_nm,
        &map.torque_min_nm,
        &map.torque_continuous_nm,
    ];
    assert!(
        tables
            .iter()
            .all(|table| table.iter().all(|value| value.is_finite()))
    );
    assert!(map.loss_w.iter().all(|loss| *loss >= 0.0));
    assert!(map.torque_max_nm.iter().all(|torque| *torque > 0.0));
    assert!(map.torque_min_nm.iter().all(|torque| *torque < 0.0));
    let both = map.torque_max_nm.iter().zip(&map.torque_continuous_nm);
    assert!(
        both.into_iter()
            .all(|(max, continuous)| (0.0..=*max).contains(continuous))
    );
    assert!(map.speed_rad_per_s.windows(2).all(|s| s[1] > s[0]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_variant_is_sound_or_refused(
        stack_m in 0.03_f64..0.4,
        conductors_per_slot in 1_u32..30,
        parallel_paths in 1_u32..13,
        dc_voltage_v in 20.0_f64..450.0,
        peak_rms_a in 20.0_f64..1200.0,
        coolant_k in 250.0_f64..360.0,
        flags in (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()),
    ) {
        let (hairpin, oil, least_loss, computed) = flags;
        let tables = if computed { i3::tables() } else { tables() };
        let winding = Winding { conductors_per_slot, parallel_paths, connection: codrive_model::machine::Connection::Star };
        let build = if hairpin { Build::hairpin() } else { Build::round_wire() };
        let machine = match Machine::new(&tables, stack_m, winding, build) {
            Ok(machine) => machine,
            Err(error) => {
                let thin = error.to_string();
                prop_assert!(hairpin && thin.contains("fewer conductors per slot"), "{thin}");
                return Ok(());
            }
        };
        let inverter =
            codrive_model::inverter::Inverter { peak_current_rms_a: peak_rms_a, ..fs800() };
        let cooling = if oil { Cooling::oil_spray() } else { Cooling::water_jacket() };
        let conditions = Conditions {
            strategy: if least_loss { Strategy::LeastLoss } else { Strategy::LeastCurrent },
            cooling: Cooling { coolant_inlet_k: coolant_k, ..cooling },
            ..Conditions::default()
        };
        match motor_map(&machine, &inverter, dc_voltage_v, &conditions) {
            Ok(drive) => {
                sound(&drive);
                match axle_map(&drive, &gears::gear_set()) {
                    Ok(unit) => {
                        let gear_w = &unit.axle.split.gear_w;
                        prop_assert!(unit.axle.loss_w.iter().all(|loss| loss.is_finite()));
                        prop_assert!(gear_w.iter().all(|loss| *loss >= -1e-6));
                    }
                    Err(error) => prop_assert!(error.to_string().contains("drag"), "{error}"),
                }
            }
            Err(
                DriveError::NoTorque { .. }
                | DriveError::ThermalRunaway { .. }
                | DriveError::OutOfRange { .. },
            ) => {}
            Err(error) => prop_assert!(false, "{error}"),
        }
    }
}
