//! The BMW i3's machine from a published kind of map, against the car's published figures.
//!
//! Flux linkages: computed with `NGSolve` on pyleecan's i3 section (Apache-2.0), 36 turns in series,
//! 132 mm, M400-50A and Br = 1.20 T assumed there. Losses of iron are the analytic fixture's, so
//! only torque, power and orders of magnitude are checked.

use codrive_model::flux_map::FluxMap;

use super::{WINDING, fs800};
use crate::{Build, Conditions, Machine, SectionTables, fixture, motor_map};

/// Largest current of either axis, A peak at 36 turns.
const LARGEST_A: f64 = 260.0;
/// ψ_d, V·s, by i_d from −260 to 0 A and i_q from 0 to 260 A.
const PSI_D: [[f64; 5]; 5] = [
    [0.00387061, 0.00499101, 0.00767419, 0.00942527, 0.0101699],
    [0.0233189, 0.0242558, 0.0258482, 0.0258934, 0.0252418],
    [0.0431458, 0.0440732, 0.0442888, 0.0425012, 0.0403923],
    [0.0635561, 0.0644448, 0.0627146, 0.0590795, 0.0555032],
    [0.0849743, 0.084828, 0.0804893, 0.0751088, 0.0702232],
];
/// ψ_q, V·s, likewise.
const PSI_Q: [[f64; 5]; 5] = [
    [0.0, 0.0641556, 0.110963, 0.132868, 0.144896],
    [0.0, 0.0661561, 0.112622, 0.133202, 0.144756],
    [0.0, 0.0678516, 0.11243, 0.131926, 0.143341],
    [0.0, 0.0689867, 0.110181, 0.129019, 0.140599],
    [0.0, 0.0682717, 0.105826, 0.124554, 0.136603],
];

/// The map in unit quantities: 36 turns are k = 3.
fn map() -> FluxMap {
    let mut map = fixture::saturating_map();
    let axis = |i: usize| 3.0 * LARGEST_A * f64::from(u32::try_from(i).unwrap()) / 4.0;
    map.i_q_a = (0..5).map(axis).collect();
    map.i_d_a = (0..5).map(|i| axis(i) - 3.0 * LARGEST_A).collect();
    let unit = |table: [[f64; 5]; 5]| table.into_iter().flatten().map(|v| v / (3.0 * 0.132));
    map.psi_d_vs_per_m = unit(PSI_D).collect();
    map.psi_q_vs_per_m = unit(PSI_Q).collect();
    let flux2: Vec<f64> = map
        .psi_d_vs_per_m
        .iter()
        .zip(&map.psi_q_vs_per_m)
        .map(|(d, q)| d * d + q * q)
        .collect();
    map.magnet_flux_density_min_t.clear();
    let scaled = |factor: f64| flux2.iter().map(|f| factor * f).collect::<Vec<f64>>();
    map.loss.stator_hysteresis_w_per_m = scaled(18e3);
    map.loss.stator_eddy_w_per_m = scaled(15e3);
    map.loss.rotor_hysteresis_w_per_m = scaled(1e3);
    map.loss.rotor_eddy_w_per_m = scaled(2e3);
    map.loss.magnet_eddy_w_per_m = scaled(2e3);
    let (i_d, i_q) = (map.i_d_a.clone(), map.i_q_a.clone());
    map.loss.slot_field = fixture::leakage(|f| {
        let row = |d: &f64| i_q.iter().map(|q| f(*d, *q)).collect::<Vec<_>>();
        i_d.iter().flat_map(row).collect()
    });
    map.torque_nm_per_m = scaled(0.0);
    map.torque_ripple_nm_per_m = scaled(0.0);
    map.back_emf.amplitude_vs_per_m = vec![PSI_D[4][0] / (3.0 * 0.132), 0.0, 0.0];
    map
}

pub(super) fn tables() -> SectionTables {
    SectionTables::new(
        &map(),
        &fixture::facts(),
        &fixture::steel(),
        &fixture::magnet(),
    )
    .unwrap()
}

/// BMW I01 training manual: 250 Nm, 125 kW for 30 s, about 75 kW continuous, 360 V, 400 A, motor
/// 49 kg. With 18 turns and 400 A rms the 2-D field alone makes about 290 Nm.
#[test]
fn the_i3_reaches_its_published_figures() {
    let tables = tables();
    let machine = Machine::new(&tables, 0.132, WINDING, Build::round_wire()).unwrap();
    let drive = motor_map(&machine, &fs800(), 360.0, &Conditions::default()).unwrap();
    let map = &drive.map;
    assert!(
        (250.0..300.0).contains(&map.torque_max_nm[0]),
        "{}",
        map.torque_max_nm[0]
    );
    assert!(
        (125e3..160e3).contains(&map.peak_power_w()),
        "{}",
        map.peak_power_w()
    );
    assert!(map.speed_limit_rad_per_s() >= 11_400.0 * std::f64::consts::PI / 30.0);
    // The declared continuous power is a lower bound; ours is far above it (127 kW).
    assert!(
        map.continuous_power_w() > 75e3,
        "{}",
        map.continuous_power_w()
    );
    assert!(
        (drive.mass.machine_kg() / 49.0 - 1.0).abs() < 0.15,
        "{}",
        drive.mass.machine_kg()
    );
    assert!(!drive.limited_by_map);
}
