//! Delta windings against star windings of the same coils, and against star windings that behave alike.

use codrive_model::machine::Connection;
use codrive_model::unit::Winding;

use super::{fs800, tables};
use crate::{Build, Conditions, Machine, MotorMap, SectionTables, motor_map};

const HOT_K: f64 = 393.15;

fn winding(conductors_per_slot: u32, connection: Connection) -> Winding {
    Winding {
        conductors_per_slot,
        parallel_paths: 12,
        connection,
    }
}

fn of(tables: &SectionTables, winding: Winding) -> Machine<'_> {
    Machine::new(tables, 0.132, winding, Build::round_wire()).unwrap()
}

fn map(machine: &Machine<'_>) -> MotorMap {
    motor_map(machine, &fs800(), 360.0, &Conditions::default()).unwrap()
}

/// Between two terminals a star has two phases in series, a delta of the same coils one beside the two others:
/// 2 R and R · 2R/(3R).
#[test]
fn resistance_between_terminals() {
    let tables = tables();
    let [star, delta] = [Connection::Star, Connection::Delta].map(|c| of(&tables, winding(18, c)));
    let phase_ohm = star.phase_resistance_ohm(HOT_K);
    let between_ohm = 1.0 / (1.0 / phase_ohm + 1.0 / (2.0 * phase_ohm));
    let alike = 2.0 * delta.phase_resistance_ohm(HOT_K);
    assert!((alike / between_ohm - 1.0).abs() < 1e-12);
    assert!((alike / (2.0 * phase_ohm) - 1.0 / 3.0).abs() < 1e-12);
}

/// 26 conductors in delta are 26/√3 = 15.011 in star: at one DC voltage and line current the same torque over
/// speed, losses and continuous torque as 15 in star, up to these 0.07 %.
#[test]
fn root_three_times_the_turns_in_delta_drive_like_star() {
    let tables = tables();
    let [star, delta] = [(15, Connection::Star), (26, Connection::Delta)]
        .map(|(n, connection)| map(&of(&tables, winding(n, connection))));
    let off = 26.0 / 3.0_f64.sqrt() / 15.0 - 1.0;
    assert!(off < 8e-4);
    let near = |a: f64, b: f64, of: f64| assert!((a - b).abs() < 3.0 * off * of, "{a} {b}");
    let largest = star.map.torque_max_nm[0];
    for rad_per_s in [0.0, 100.0, 300.0, 600.0, 900.0] {
        let at = |m: &MotorMap| {
            let interpolated = |table: &[f64]| {
                let (i, t) = codrive_model::operating_map::cell(&m.map.speed_rad_per_s, rad_per_s);
                table[i] * (1.0 - t) + table[i + 1] * t
            };
            [
                interpolated(&m.map.torque_max_nm),
                interpolated(&m.map.torque_min_nm),
                interpolated(&m.map.torque_continuous_nm),
            ]
        };
        let pairs = at(&star).into_iter().zip(at(&delta));
        pairs.for_each(|(a, b)| near(a, b, largest));
    }
    near(star.mass.copper_kg, delta.mass.copper_kg, 1e-9);
    near(
        star.line_back_emf_vs,
        delta.line_back_emf_vs,
        star.line_back_emf_vs,
    );
    let power = |m: &MotorMap| m.map.speed_limit_rad_per_s() * m.map.torque_max_nm[0];
    near(power(&star), power(&delta), power(&star));
}

/// The coils themselves, instant by instant: in delta the voltage of a phase is that between two terminals and a
/// terminal carries the difference of two phases' currents.
#[test]
fn phases_in_delta_carry_what_the_terminals_say() {
    let tables = tables();
    let machine = of(&tables, winding(26, Connection::Delta));
    let (phase_ratio, stack_m) = (26.0 / 12.0, machine.stack_m);
    let state = machine.at_speed(200.0, HOT_K);
    let point = tables.flux.at(-250.0, 400.0);
    let (w, r) = (state.electrical_rad_per_s, state.resistance_per_m());
    let voltage_d = r * point.i_d_a - w * point.psi_q_vs_per_m;
    let voltage_q = r * point.i_q_a + w * point.psi_d_vs_per_m;
    let at = |[d, q]: [f64; 2], angle: f64| d * angle.cos() - q * angle.sin();
    let third = std::f64::consts::TAU / 3.0;
    let (mut line_a, mut line_v, mut heat_w, mut power_w) = (0.0_f64, 0.0_f64, 0.0, 0.0);
    let phase_ohm = r * stack_m * phase_ratio * phase_ratio;
    let samples = 3600;
    for n in 0..samples {
        let angle = std::f64::consts::TAU * f64::from(n) / f64::from(samples);
        let currents = [0.0, 1.0, 2.0]
            .map(|k| at([point.i_d_a, point.i_q_a], angle - k * third) / phase_ratio);
        let voltages = [0.0, 1.0, 2.0]
            .map(|k| at([voltage_d, voltage_q], angle - k * third) * phase_ratio * stack_m);
        line_a = line_a.max(currents[0] - currents[2]);
        line_v = line_v.max(voltages[0]);
        for (i, v) in currents.iter().zip(voltages) {
            heat_w += phase_ohm * i * i / f64::from(samples);
            power_w += v * i / f64::from(samples);
        }
    }
    let terminal_a = point.current_a() / machine.ratio();
    let between_v = 3.0_f64.sqrt() * voltage_d.hypot(voltage_q) * machine.ratio() * stack_m;
    assert!((line_a / terminal_a - 1.0).abs() < 1e-6);
    assert!((line_v / between_v - 1.0).abs() < 1e-6);
    let loss = machine.loss(&point, &state);
    assert!((heat_w / (loss.copper_w() - loss.proximity_w) - 1.0).abs() < 1e-9);
    let shaft_w = point.torque_nm_per_m * stack_m * state.speed_rad_per_s;
    assert!((power_w / (shaft_w + heat_w) - 1.0).abs() < 1e-9);
}

/// The inverter's current bounds the terminals': a phase in delta carries 1/√3 of it.
#[test]
fn the_inverters_current_is_that_of_the_terminals() {
    let tables = tables();
    let machine = of(&tables, winding(26, Connection::Delta));
    let motor = map(&machine);
    let largest = motor.currents_a.iter().map(|[d, q]| d.hypot(*q));
    let largest = largest.fold(0.0, f64::max);
    let limit = fs800().peak_current_a();
    let reach = tables.loci.current_reach_a() / machine.ratio();
    assert!((largest / limit.min(reach) - 1.0).abs() < 1e-6, "{largest}");
    let in_slot = largest * machine.ratio();
    let phase_a = in_slot / (26.0 / 12.0);
    assert!((phase_a * 3.0_f64.sqrt() / largest - 1.0).abs() < 1e-12);
}
