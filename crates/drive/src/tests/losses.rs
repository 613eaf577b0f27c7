//! Losses over torque, speed, DC voltage and temperatures: which way each takes them.

use codrive_model::operating_map::OperatingMap;

use super::{fs800, machine, map_at, tables};
use crate::winding::copper_resistivity_ohm_m;
use crate::{Build, Conditions, Machine, MotorMap, SectionTables, fixture, motor_map};

/// Part of the loss at a speed, rad/s, and a torque, N·m.
fn part_w(map: &OperatingMap, part: &[f64], [speed, torque]: [f64; 2]) -> f64 {
    let map = OperatingMap {
        loss_w: part.to_vec(),
        ..map.clone()
    };
    map.loss_at_w(speed, torque).unwrap()
}

fn with_winding_at(winding_temperature_k: f64) -> MotorMap {
    let conditions = Conditions {
        winding_temperature_k,
        ..Conditions::default()
    };
    motor_map(&machine(&tables()), &fs800(), 360.0, &conditions).unwrap()
}

/// Switching grows with the voltage; field weakening needs less current.
#[test]
fn more_dc_voltage_costs_in_the_inverter_and_saves_in_the_winding() {
    let [low, high] = [300.0, 420.0].map(|v| map_at(v).map);
    let (slow, fast) = ([200.0, 100.0], [900.0, 40.0]);
    let inverter = |map: &OperatingMap| part_w(map, &map.split.inverter_w, slow);
    assert!(inverter(&high) > 1.1 * inverter(&low));
    let copper = |map: &OperatingMap, at| part_w(map, &map.split.copper_w, at);
    assert!(copper(&high, fast) < 0.95 * copper(&low, fast));
    // MTPA at either voltage; between knots the maps are linear.
    assert!((copper(&high, slow) / copper(&low, slow) - 1.0).abs() < 0.02);
}

/// Copper loss follows the resistivity where current is all that matters; eddies go against it.
#[test]
fn a_hot_winding_loses_more_in_resistance_and_less_in_eddies() {
    let [cold, hot] = [293.15, 433.15].map(|kelvin| with_winding_at(kelvin).map);
    let copper = |map: &OperatingMap| part_w(map, &map.split.copper_w, [100.0, 100.0]);
    let resistivity = copper_resistivity_ohm_m(433.15) / copper_resistivity_ohm_m(293.15);
    assert!((copper(&hot) / copper(&cold) / resistivity - 1.0).abs() < 0.01);
    let tables = tables();
    let machine = machine(&tables);
    let point = tables.flux.at(-300.0, 300.0);
    let eddies = |kelvin| {
        machine
            .loss(&point, &machine.at_speed(500.0, kelvin))
            .proximity_w
    };
    assert!((eddies(293.15) / eddies(433.15) / resistivity - 1.0).abs() < 1e-3);
}

/// A tenth less remanence: more current for the same torque, less flux in the iron.
#[test]
fn hot_magnets_cost_copper_and_save_iron() {
    let map = |psi: f64| {
        let flux = fixture::linear_map(psi, 2.0e-4, 4.0e-4);
        let (facts, steel, magnet) = (fixture::facts(), fixture::steel(), fixture::magnet());
        let tables = SectionTables::new(&flux, &facts, &steel, &magnet).unwrap();
        let map = motor_map(&machine(&tables), &fs800(), 360.0, &Conditions::default());
        map.unwrap().map
    };
    let (cold, hot) = (map(0.26), map(0.234));
    let copper = |map: &OperatingMap| part_w(map, &map.split.copper_w, [200.0, 100.0]);
    assert!(copper(&hot) > 1.1 * copper(&cold));
    let iron = |map: &OperatingMap| part_w(map, &map.split.iron_w, [200.0, 0.0]);
    assert!((iron(&hot) / iron(&cold) / 0.81 - 1.0).abs() < 0.02);
}

#[test]
fn iron_friction_and_windage_rise_with_speed() {
    let map = map_at(360.0).map;
    for part in [&map.split.iron_w, &map.split.mechanical_w] {
        let at = |speed: f64| part_w(&map, part, [speed, 50.0]);
        assert!(
            [50.0, 100.0, 200.0, 400.0]
                .windows(2)
                .all(|s| at(s[1]) > at(s[0]))
        );
    }
}

/// TUM's model of the ID.3 has 1.25, and so have all builds unless told otherwise.
#[test]
fn the_build_factor_multiplies_iron_loss_and_is_stated() {
    assert_eq!(Build::hairpin().iron_build_factor, 1.25);
    assert_eq!(Build::round_wire().iron_build_factor, 1.25);
    let tables = tables();
    let point = tables.flux.at(-300.0, 300.0);
    let iron_w = |iron_build_factor: f64| {
        let build = Build {
            iron_build_factor,
            ..Build::round_wire()
        };
        let machine = Machine::new(&tables, 0.132, super::WINDING, build).unwrap();
        machine
            .loss(&point, &machine.at_speed(500.0, 373.15))
            .iron_w()
    };
    assert!((iron_w(1.6) / iron_w(1.0) - 1.6).abs() < 1e-12);
}
