//! Active short circuit from full torque and from no load, with constant inductances.

use codrive_model::flux_map::FluxMap;
use codrive_model::safe_state::{Finding, LoadAtStart, ShortCircuitFrom};

use super::{WINDING, fs800};
use crate::short_circuit::ShortCircuit;
use crate::{
    Build, Conditions, Machine, SectionTables, fixture, motor_map, safe_state, short_circuits,
};

const COLD_K: f64 = 293.15;
/// ψ_m, L_d, L_q, unit quantities.
const LINEAR: (f64, f64, f64) = (0.02, 2.5e-5, 6.0e-5);

fn tables_of(map: &FluxMap) -> SectionTables {
    let (facts, steel, magnet) = (fixture::facts(), fixture::steel(), fixture::magnet());
    SectionTables::new(map, &facts, &steel, &magnet).unwrap()
}

fn linear_tables() -> SectionTables {
    let (psi, l_d, l_q) = LINEAR;
    tables_of(&fixture::linear_map_with_far(psi, l_d, l_q, 4000.0))
}

fn of(tables: &SectionTables) -> Machine<'_> {
    Machine::new(tables, 0.132, WINDING, Build::round_wire()).unwrap()
}

/// Largest current over the first period by ψ(t) = ψ_s + e^(−at) [cos βt + (A + a) sin βt/β] (ψ_0 − ψ_s), with
/// A = [[−R/L_d, ω], [−ω, −R/L_q]], a = (R/L_d + R/L_q)/2, β² = ω² − (R/L_d − R/L_q)²/4: the motoring way through
/// positive i_d too.
fn closed_peak_a(machine: &Machine<'_>, speed: f64, [i_d, i_q]: [f64; 2]) -> f64 {
    let (psi_m, leakage) = (LINEAR.0, machine.leakage_per_m);
    let (l_d, l_q) = (LINEAR.1 + leakage, LINEAR.2 + leakage);
    let state = machine.at_speed(speed, COLD_K);
    let (r, w) = (state.resistance_per_m(), state.electrical_rad_per_s);
    let below = r * r + w * w * l_d * l_q;
    let steady = [
        psi_m - l_d * w * w * l_q * psi_m / below,
        -l_q * w * r * psi_m / below,
    ];
    let from = [psi_m + l_d * i_d - steady[0], l_q * i_q - steady[1]];
    let (a, half) = (0.5 * (r / l_d + r / l_q), 0.5 * (r / l_d - r / l_q));
    let beta = (w * w - half * half).sqrt();
    let along = [
        (-half * from[0] + w * from[1]) / beta,
        (-w * from[0] + half * from[1]) / beta,
    ];
    let current = |step: u32| {
        let time = std::f64::consts::TAU / w * f64::from(step) / 3600.0;
        let (sin, cos) = (beta * time).sin_cos();
        let psi = |k: usize| steady[k] + (-a * time).exp() * (cos * from[k] + sin * along[k]);
        ((psi(0) - psi_m) / l_d).hypot(psi(1) / l_q)
    };
    (0..=3600).map(current).fold(0.0, f64::max)
}

/// From braking and no load the closed form; from motoring never less than it, and at speed hardly more: the
/// resistance takes little on the way through positive i_d.
#[test]
fn the_first_swing_is_the_closed_form_and_from_motoring_at_least_it() {
    let tables = linear_tables();
    let machine = of(&tables);
    let short = ShortCircuit::new(&machine);
    for speed in [100.0, 300.0, 1000.0] {
        for [i_d, i_q] in [[0.0, 0.0], [-300.0, -250.0], [-100.0, -200.0]] {
            let braking = short
                .first_swing(speed, COLD_K, &tables.flux.at(i_d, i_q))
                .unwrap();
            let closed = closed_peak_a(&machine, speed, [i_d, i_q]);
            let miss = braking.peak.current_a() / closed - 1.0;
            assert!(miss.abs() < 1e-4, "{speed} {i_q}: {miss}");
            let motoring = short
                .first_swing(speed, COLD_K, &tables.flux.at(i_d, -i_q))
                .unwrap();
            let closed = closed_peak_a(&machine, speed, [i_d, -i_q]);
            let over = motoring.peak.current_a() / closed - 1.0;
            assert!(
                (-1e-4..10.0 / speed).contains(&over),
                "{speed} {i_q}: {over}"
            );
        }
    }
}

/// Without resistance the peak from no load is 2 ψ/L_d; with it, less, and the more the slower.
#[test]
fn the_peak_from_no_load_rises_with_speed_to_twice_the_characteristic_current() {
    let tables = linear_tables();
    let machine = of(&tables);
    let short = ShortCircuit::new(&machine);
    let limit = 2.0 * LINEAR.0 / (LINEAR.1 + machine.leakage_per_m);
    let mut before = 0.0;
    for speed in [3.0, 10.0, 30.0, 100.0, 300.0, 1000.0] {
        let found = short.first_swing(speed, COLD_K, &tables.flux.at(0.0, 0.0));
        let peak = found.unwrap().peak.current_a();
        assert!(peak > before && peak < limit, "{speed}: {peak} {limit}");
        before = peak;
    }
    assert!(before > 0.9 * limit, "{before} {limit}");
}

fn found(map: &FluxMap) -> (Vec<ShortCircuitFrom>, f64) {
    let tables = tables_of(map);
    let machine = of(&tables);
    let motor = motor_map(&machine, &fs800(), 360.0, &Conditions::default()).unwrap();
    let bound = safe_state(&machine, &fs800(), &motor, COLD_K).first_peak;
    let bound = bound.current_a.value().unwrap_or(f64::NAN);
    (short_circuits(&machine, &motor, COLD_K), bound)
}

/// Full torque gives more current than no load, none more than the bound without resistance over all points;
/// from no load the peak is below 2 ψ/L_d.
#[test]
fn the_worst_over_speed_stays_below_the_bound_without_resistance() {
    let (psi, l_d, l_q) = (0.01, 1.6e-5, 3e-5);
    let (found, bound) = found(&fixture::linear_map_with_far(psi, l_d, l_q, 4000.0));
    let loads: Vec<LoadAtStart> = found.iter().map(|from| from.load).collect();
    let all = [
        LoadAtStart::FullMotoring,
        LoadAtStart::None,
        LoadAtStart::FullBraking,
    ];
    assert_eq!(loads, all);
    let current = |k: usize| found[k].current_a.value().unwrap();
    assert!(current(0) > current(1) && current(2) > current(1));
    assert!(current(0) <= bound && current(2) <= bound);
    assert!(current(1) < 2.0 * psi / l_d / WINDING.ratio());
    for from in &found {
        assert!(from.torque_nm.value().unwrap() < 0.0);
        assert!(from.current_speed_rad_per_s.value().unwrap() > 0.0);
    }
}

/// The saturating section's map ends before the first peak.
#[test]
fn what_the_map_does_not_hold_is_named() {
    let (found, _) = found(&fixture::saturating_map());
    for from in &found {
        let Finding::NotKnown(why) = &from.current_a else {
            panic!("{from:?}");
        };
        assert!(
            why.contains("transient short-circuit current lies beyond"),
            "{why}"
        );
        assert_eq!(from.current_a, from.torque_nm);
    }
}
