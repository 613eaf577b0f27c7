//! Figures for the choice of a safe state, on the analytic sections.

use codrive_model::material::{Knee, MagnetGrade};
use codrive_model::safe_state::{Finding, SafeState};

use super::{WINDING, fs800};
use crate::{Build, Conditions, Machine, SectionTables, fixture, motor_map, safe_state};

const HOT_K: f64 = 393.15;

fn state_of(map: &codrive_model::flux_map::FluxMap, grade: &MagnetGrade) -> SafeState {
    let tables = SectionTables::new(map, &fixture::facts(), &fixture::steel(), grade).unwrap();
    let machine = Machine::new(&tables, 0.132, WINDING, Build::round_wire()).unwrap();
    let motor = motor_map(&machine, &fs800(), 360.0, &Conditions::default()).unwrap();
    safe_state(&machine, &fs800(), &motor, HOT_K)
}

/// At `knee_t` whatever the temperature.
fn grade(knee_t: f64) -> MagnetGrade {
    MagnetGrade {
        knee: Some(Knee {
            source: "test".to_owned(),
            temperature_k: vec![250.0, 450.0],
            b_t: vec![knee_t; 2],
        }),
        ..fixture::magnet()
    }
}

fn said(finding: &Finding) -> String {
    match finding {
        Finding::NotKnown(why) => why.clone(),
        Finding::Known(value) => format!("{value}"),
    }
}

/// With constant inductances the first peak is (ψ + |ψ_0|)/L_d, the steady one ψ/L_d; the fixture's
/// magnets have 0.8 T + i_d/4000 A. Without the far grid the first peak is not known, and what it gives goes on
/// from the map's edge.
#[test]
fn figures_of_a_linear_section_are_the_closed_forms() {
    let (psi, l_d) = (0.01, 1.6e-5);
    let map = fixture::linear_map_with_far(psi, l_d, 2e-5, 2500.0);
    let found = state_of(&map, &grade(0.1));
    let k = WINDING.ratio();
    let steady = found.steady_current_a.value().unwrap() * k;
    let transient = found.first_peak.current_a.value().unwrap() * k;
    let tables = super::tables();
    let machine = super::machine(&tables);
    let l_d = l_d + machine.leakage_per_m;
    // At top speed the resistance takes less than 1 %.
    assert!((0.99..1.0).contains(&(steady * l_d / psi)), "{steady}");
    assert!(transient > 2.0 * steady, "{found:?}");
    let margin = found.first_peak.magnet_margin_t.value().unwrap();
    assert!((margin - (0.7 - transient / 4000.0)).abs() < 1e-9);
    let margin = found.magnet_margin_t.steady_t.value().unwrap();
    assert!((margin - (0.7 - steady / 4000.0)).abs() < 1e-3);
    let operation = found.magnet_margin_t.operation_t.value().unwrap();
    assert!(operation <= 0.7 && operation > 0.7 - found.device_current_a * k / 4000.0 - 1e-9);
    assert!(found.steady_torque_nm.value().unwrap() > found.worst_torque_nm.value().unwrap());
    assert!(found.first_peak.torque_nm.value().unwrap() < found.worst_torque_nm.value().unwrap());
    assert!(found.back_emf_v > 0.0 && found.blocking_voltage_v == 650.0);
    let without = state_of(&fixture::linear_map(psi, 1.6e-5, 2e-5), &grade(0.1));
    assert!(said(&without.first_peak.current_a).contains("lies beyond"));
    assert_eq!(without.steady_current_a, found.steady_current_a);
}

/// Where the back-EMF exceeds the DC voltage, the flux linkage is held to what the voltage allows: about that
/// of the magnets, so that the first peak is about twice the characteristic current, and below that of the
/// largest torque. A machine whose back-EMF never does so has no such peak.
#[test]
fn the_first_peak_above_the_dc_voltage_is_that_of_field_weakening() {
    let (psi, l_d) = (0.13, 1.2e-4);
    let map = fixture::linear_map_with_far(psi, l_d, 2e-4, 4000.0);
    let found = state_of(&map, &grade(0.1));
    assert!(found.back_emf_v > 360.0, "{found:?}");
    let tables = super::tables();
    let l_d = l_d + super::machine(&tables).leakage_per_m;
    let characteristic = psi / l_d / WINDING.ratio();
    let above = found.first_peak_above_dc.unwrap();
    let current = above.current_a.value().unwrap();
    assert!(current < found.first_peak.current_a.value().unwrap());
    assert!(
        (1.8..2.1).contains(&(current / characteristic)),
        "{current} {characteristic}"
    );
    let weak = state_of(&fixture::linear_map(0.002, 4e-5, 8e-5), &grade(0.1));
    assert!(weak.back_emf_v < 360.0 && weak.first_peak_above_dc.is_none());
}

/// A higher knee takes as much from every margin.
#[test]
fn margins_fall_as_the_knee_rises() {
    let map = fixture::saturating_map();
    let [low, high] = [0.1, 0.3].map(|knee| state_of(&map, &grade(knee)).magnet_margin_t);
    for (low, high) in [
        (&low.operation_t, &high.operation_t),
        (&low.steady_t, &high.steady_t),
    ] {
        assert!((low.value().unwrap() - high.value().unwrap() - 0.2).abs() < 1e-12);
    }
}

/// The saturating section's map ends before the transient peak; its grade has no knee.
#[test]
fn what_is_not_known_is_named() {
    let found = state_of(&fixture::saturating_map(), &fixture::magnet());
    let beyond = "transient short-circuit current lies beyond";
    assert!(said(&found.first_peak.current_a).contains(beyond));
    assert!(said(&found.first_peak.magnet_margin_t).contains(beyond));
    for margin in [
        &found.magnet_margin_t.operation_t,
        &found.magnet_margin_t.steady_t,
    ] {
        assert!(said(margin).contains("`N42SH` at 100 °C is not known"));
    }
}
