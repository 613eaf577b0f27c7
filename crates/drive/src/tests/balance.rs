//! Power balances: what goes in comes out or is lost.

use super::{WINDING, fs800, machine, map_at, tables};
use crate::flux::UnitPoint;
use crate::operating_point::Search;
use crate::{Build, Conditions, Machine, MotorMap, Strategy, motor_map};

/// The DC power from phase currents and voltages equals shaft power plus the map's losses.
fn assert_balanced(machine: &Machine<'_>, map: &MotorMap, winding_k: f64) {
    let (k, n) = (machine.ratio(), map.map.load.len());
    for (s, speed) in map.map.speed_rad_per_s.iter().enumerate() {
        let search = Search {
            machine,
            state: machine.at_speed(*speed, winding_k),
            voltage_limit_per_m: 1.0,
        };
        for l in 0..n {
            let [i_d, i_q] = map.currents_a[s * n + l];
            let unit = machine.tables.flux.at(k * i_d, k * i_q);
            let (v_d, v_q) = search.voltage_per_m(&unit);
            let volts = k * machine.stack_m;
            let ac_w = 1.5 * volts * (v_d * i_d + v_q * i_q);
            let dc_w = ac_w + map.map.split.inverter_w[s * n + l];
            let shaft_w = map.map.torque_nm(s, l) * speed;
            let miss = dc_w - shaft_w - map.map.loss_w[s * n + l];
            assert!(
                miss.abs() < 1e-9 * dc_w.abs().max(1e4),
                "{speed} {l}: {miss}"
            );
        }
    }
}

#[test]
fn electrical_power_closes_the_balance_at_every_point() {
    assert_balanced(&machine(&tables()), &map_at(360.0), 373.15);
}

/// At other voltages and temperatures, with other build factors, conductors and strategies too.
#[test]
fn the_balance_closes_whatever_the_conditions() {
    let tables = tables();
    for (dc_v, winding_k, factor, strategy) in [
        (250.0, 253.15, 1.0, Strategy::LeastCurrent),
        (300.0, 433.15, 1.8, Strategy::LeastLoss),
        (420.0, 293.15, 1.6, Strategy::LeastCurrent),
        (420.0, 433.15, 1.25, Strategy::LeastLoss),
    ] {
        let build = Build {
            iron_build_factor: factor,
            magnet_build_factor: factor,
            ..Build::hairpin()
        };
        let machine = Machine::new(&tables, 0.132, WINDING, build).unwrap();
        let conditions = Conditions {
            winding_temperature_k: winding_k,
            strategy,
            ..Conditions::default()
        };
        let map = motor_map(&machine, &fs800(), dc_v, &conditions).unwrap();
        assert_balanced(&machine, &map, winding_k);
    }
}

#[test]
fn the_parts_of_the_loss_sum_to_it_and_none_is_negative() {
    let map = map_at(360.0).map;
    let s = &map.split;
    let parts = [
        &s.copper_w,
        &s.iron_w,
        &s.magnet_w,
        &s.mechanical_w,
        &s.inverter_w,
        &s.gear_w,
    ];
    for (i, loss) in map.loss_w.iter().enumerate() {
        assert!(
            parts
                .iter()
                .all(|part| part[i] >= 0.0 && part[i].is_finite())
        );
        let sum: f64 = parts.iter().map(|part| part[i]).sum();
        assert!((sum - loss).abs() < 1e-9 * loss.max(1.0));
    }
}

/// A winding of k' = c·k at V·c and I/c is the same machine but for the inverter.
#[test]
fn rescaled_turns_and_voltage_make_the_same_machine() {
    let tables = tables();
    let unit = |currents: [f64; 2], k: f64| tables.flux.at(k * currents[0], k * currents[1]);
    let single = Machine::new(&tables, 0.132, WINDING, Build::round_wire()).unwrap();
    let winding = codrive_model::unit::Winding {
        conductors_per_slot: 6,
        parallel_paths: 2,
        connection: codrive_model::machine::Connection::Star,
    };
    let double = Machine::new(&tables, 0.132, winding, Build::round_wire()).unwrap();
    let at = |m: &Machine<'_>, p: &UnitPoint| {
        let search = Search {
            machine: m,
            state: m.at_speed(500.0, 373.15),
            voltage_limit_per_m: 1.0,
        };
        search.voltage_per_m(p)
    };
    let (a, b) = (unit([-100.0, 200.0], 1.5), unit([-50.0, 100.0], 3.0));
    assert_eq!(a, b);
    assert_eq!(at(&single, &a), at(&double, &b));
    let ratio = double.phase_resistance_ohm(373.15) / single.phase_resistance_ohm(373.15);
    assert!((ratio - 4.0).abs() < 1e-12);
}

#[test]
fn least_loss_never_loses_more_than_least_current() {
    let tables = tables();
    let machine = machine(&tables);
    let conditions = Conditions {
        strategy: Strategy::LeastLoss,
        ..Conditions::default()
    };
    let least = motor_map(&machine, &fs800(), 360.0, &conditions)
        .unwrap()
        .map;
    let current = map_at(360.0).map;
    assert_eq!(least.speed_rad_per_s, current.speed_rad_per_s);
    let pairs = || least.loss_w.iter().zip(&current.loss_w);
    // The golden section stops at about 1e-4 of its bracket.
    assert!(pairs().all(|(a, b)| *a <= b * (1.0 + 1e-4)));
    assert!(pairs().any(|(a, b)| *a < b * 0.99));
}
