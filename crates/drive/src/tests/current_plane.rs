//! The plane of the currents: every line is what it says, by the flux linkages alone.

use super::{fs800, machine, map_at, tables};
use crate::operating_point::Search;
use crate::{Conditions, current_plane};

#[test]
fn a_voltage_limit_holds_points_of_one_voltage_and_the_peak_envelope() {
    let tables = tables();
    let machine = machine(&tables);
    let map = map_at(360.0);
    let n = map.map.load.len();
    let speeds = &map.map.speed_rad_per_s;
    let (row, speed) = (speeds.len() - 3, speeds[speeds.len() - 3]);
    let inverter = fs800();
    let conditions = Conditions::default();
    let plane = current_plane(&machine, (&inverter, 360.0), &conditions, &[], &[speed]).unwrap();
    let k = machine.ratio();
    let search = Search {
        machine: &machine,
        state: machine.at_speed(speed, conditions.winding_temperature_k),
        voltage_limit_per_m: 1.0,
    };
    let volts = |[i_d, i_q]: [f64; 2]| {
        let (v_d, v_q) = search.voltage_per_m(&tables.flux.at(k * i_d, k * i_q));
        v_d.hypot(v_q)
    };
    let points: Vec<[f64; 2]> = plane.voltage[0].lines.iter().flatten().copied().collect();
    assert!(points.len() > 20, "{}", points.len());
    // In field weakening the envelope needs all the voltage: another search found that point.
    let of_envelope = volts(map.currents_a[row * n + n - 1]);
    for point in points {
        assert!((volts(point) / of_envelope - 1.0).abs() < 1e-6, "{point:?}");
    }
}

#[test]
fn torque_lines_have_their_torque_and_mtpa_the_least_current_of_it() {
    let tables = tables();
    let machine = machine(&tables);
    let inverter = fs800();
    let torques = [50.0, 150.0];
    let at = (&inverter, 360.0);
    let plane = current_plane(&machine, at, &Conditions::default(), &torques, &[]).unwrap();
    let k = machine.ratio();
    let torque = |[i_d, i_q]: [f64; 2]| {
        let point = tables.flux.at(k * i_d, k * i_q);
        let poles = f64::from(tables.facts.pole_pairs);
        let dq = point.psi_d_vs_per_m * i_q - point.psi_q_vs_per_m * i_d;
        1.5 * poles * k * machine.stack_m * dq
    };
    for line in &plane.torque {
        assert!(line.points.len() > 20);
        for point in &line.points {
            assert!(
                (torque(*point) / line.torque_nm - 1.0).abs() < 1e-9,
                "{point:?}"
            );
        }
        let current = |p: &[f64; 2]| p[0].hypot(p[1]);
        let least = line
            .points
            .iter()
            .map(current)
            .fold(f64::INFINITY, f64::min);
        let needed = |p: &&[f64; 2]| torque(**p) >= line.torque_nm;
        let mtpa = plane.mtpa.iter().find(needed).map(current).unwrap();
        // The first of MTPA's points beyond the torque: at most one step of MTPA farther out.
        assert!(
            mtpa >= least * (1.0 - 1e-3) && mtpa < least + 20.0,
            "{mtpa} {least}"
        );
    }
}

#[test]
fn what_is_not_above_zero_is_refused() {
    let tables = tables();
    let machine = machine(&tables);
    let inverter = fs800();
    for (torque, speed) in [(0.0, 100.0), (50.0, -1.0), (f64::NAN, 100.0)] {
        let at = (&inverter, 360.0);
        let plane = current_plane(&machine, at, &Conditions::default(), &[torque], &[speed]);
        assert!(plane.is_err());
    }
}
