//! The field against closed forms and against other programs. Cases in `validation/`.

#![allow(clippy::unwrap_used)]

mod common;

use codrive_field::mean::mean_points;
use codrive_field::mesh::Fineness;
use codrive_field::point::{solve_point, solve_point_on};
use codrive_field::verify::{
    Borders, Slotless, energy_series, manufactured_series, slotless_field,
};

const SLOTLESS: Slotless = Slotless {
    rotor_radius_m: 21.5e-3,
    magnet_radius_m: 24.5e-3,
    bore_radius_m: 25.5e-3,
    pole_pairs: 4,
    pole_arc: 0.8,
    remanence_t: 1.2,
    mu_r: 1.05,
};

/// Our closed form against third-order elements of NGSolve at r = 25 mm, which are good to 4e-5 T.
#[test]
fn closed_form_matches_another_programs_field() {
    for row in common::table("validation/slotless-magnet/field_r25mm.csv") {
        let [radial, tangential] = SLOTLESS.closed_form(25.0e-3, row[0].to_radians());
        assert!((radial - row[3]).abs() < 5e-5, "{row:?} {radial}");
        assert!((tangential - row[4]).abs() < 5e-5, "{row:?} {tangential}");
    }
}

/// Zhu & Howe 1993 at r = 25 mm, the magnet edge at 18° included: 0.1 % of the largest radial field.
#[test]
fn slotless_magnet_converges_to_the_closed_form() {
    let angles: Vec<f64> = (0..=90)
        .map(|i| (0.25 * f64::from(i)).to_radians())
        .collect();
    let worst = |columns: usize| {
        let field = slotless_field(&SLOTLESS, 25.0e-3, &angles, columns).unwrap();
        let off = angles.iter().zip(&field).map(|(angle, b)| {
            let exact = SLOTLESS.closed_form(25.0e-3, *angle);
            (exact[0] - b[0]).abs().max((exact[1] - b[1]).abs())
        });
        off.fold(0.0, f64::max)
    };
    let (coarse, fine) = (worst(60), worst(240));
    println!("slotless: worst {coarse:.6} T on 60 columns, {fine:.6} T on 240");
    assert!(fine < 1e-3 * 0.8328 && fine < coarse / 4.0);
}

/// Strang & Fix 1973: the error of the energy is of order 2 for first, 4 for second order, where
/// straight sides fill the domain; arcs cut short by straight sides leave order 2 to both.
#[test]
fn the_energy_converges_with_the_order_that_the_elements_have() {
    for (borders, order, least, most) in [
        (Borders::Straight, 1, 1.9, 2.2),
        (Borders::Straight, 2, 3.5, 4.3),
        (Borders::Arcs, 1, 1.9, 2.2),
        (Borders::Arcs, 2, 1.9, 2.4),
    ] {
        let series = manufactured_series(borders, order, &[12, 24, 48]).unwrap();
        for pair in series.windows(2) {
            let seen = (pair[0].energy_error / pair[1].energy_error).log2();
            println!("{borders:?}, order {order}: {:?}, order {seen:.2}", pair[1]);
            assert!((least..most).contains(&seen), "{borders:?} {order}: {seen}");
        }
    }
}

/// The concentric case: the energy of first-order elements converges with order 2.
#[test]
fn first_order_elements_converge_with_order_two() {
    let exact = energy_series(&SLOTLESS, 2, &[192]).unwrap()[0].1;
    let series = energy_series(&SLOTLESS, 1, &[24, 48, 96]).unwrap();
    let errors: Vec<f64> = series
        .iter()
        .map(|(_, e)| (e - exact).abs() / exact.abs())
        .collect();
    println!("relative energy errors {errors:?}");
    for pair in errors.windows(2) {
        let order = (pair[0] / pair[1]).log2();
        assert!((1.8..2.3).contains(&order), "order {order}");
    }
}

/// 353.6 Nm by NGSolve (353.57, second order, 167k unknowns) and GetDP, Br 1.1904 T.
#[test]
fn prius_point_matches_two_other_programs() {
    let (section, machine, steel, magnet) = common::prius();
    assert!((magnet.remanence_t(section.magnet_temperature_k) - 1.1904).abs() < 1e-9);
    let point = solve_point(
        &section,
        &machine,
        &steel,
        &magnet,
        [-160.697, 191.511],
        0.0,
    )
    .unwrap();
    let fine = Fineness::second_order(12).scaled(0.5);
    let finer = solve_point_on(
        &section,
        &machine,
        &steel,
        &magnet,
        [-160.697, 191.511],
        0.0,
        fine,
        2,
    )
    .unwrap();
    println!(
        "prius: {:.2} Nm on {} unknowns, {:.2} Nm on {}",
        point.torque_arkkio_nm, point.unknowns, finer.torque_arkkio_nm, finer.unknowns
    );
    // 0.3 % for the default mesh, 0.1 % for one of half the length.
    assert!(
        (point.torque_arkkio_nm - 353.57).abs() < 1.1,
        "{}",
        point.torque_arkkio_nm
    );
    assert!(
        (finer.torque_arkkio_nm - 353.57).abs() < 0.4,
        "{}",
        finer.torque_arkkio_nm
    );
}

/// Torque over current angle at 250 A peak: NGSolve's mean of 15 positions, first order.
#[test]
fn prius_torque_over_angle_matches_ngsolve() {
    let (section, machine, steel, magnet) = common::prius();
    let rows = common::table("validation/prius-2004-torque-angle/torque_over_angle.csv");
    let currents: Vec<[f64; 2]> = rows.iter().map(|r| [r[1], r[2]]).collect();
    let points = mean_points(
        &section,
        &machine,
        &steel,
        &magnet,
        &currents,
        Fineness::second_order(12),
    )
    .unwrap();
    let mut worst = 0.0_f64;
    for (row, point) in rows.iter().zip(&points) {
        println!(
            "{:5} deg: {:.2} Nm (ours {:.2}, dq {:.2})",
            row[0], row[4], point.torque_nm, point.torque_dq_nm
        );
        worst = worst.max((point.torque_nm - row[4]).abs());
    }
    // 0.5 % of the largest torque: the reference has first-order elements and 15 positions.
    assert!(worst < 1.8, "{worst}");
}

/// Flux linkages and torque of the BMW i3 section over 25 currents, NGSolve second order.
#[test]
fn bmw_i3_map_matches_ngsolve() {
    let (section, machine, steel, magnet) = common::bmw_i3_reference();
    let rows = common::table("validation/bmw-i3-field/map.csv");
    let currents: Vec<[f64; 2]> = rows.iter().map(|r| [r[0], r[1]]).collect();
    let points = mean_points(
        &section,
        &machine,
        &steel,
        &magnet,
        &currents,
        Fineness::second_order(12),
    )
    .unwrap();
    let mut worst = [0.0_f64; 4];
    for (row, p) in rows.iter().zip(&points) {
        let off = [
            p.psi_d_vs - row[2],
            p.psi_q_vs - row[3],
            p.torque_nm - row[4],
            p.torque_dq_nm - p.torque_nm,
        ];
        worst = std::array::from_fn(|i| worst[i].max(off[i].abs()));
    }
    let relative = [
        worst[0] / 0.0850,
        worst[1] / 0.1449,
        worst[2] / 362.8,
        worst[3] / 362.8,
    ];
    println!(
        "bmw i3 map: worst of maximum psi_d {:.4} psi_q {:.4} torque {:.4} arkkio-dq {:.4}",
        relative[0], relative[1], relative[2], relative[3]
    );
    // 0.5 % of each maximum: the reference itself moves by 0.25 % between its meshes.
    assert!(
        relative[0] < 5e-3 && relative[1] < 5e-3 && relative[2] < 5e-3,
        "{relative:?}"
    );
    assert!(relative[3] < 2e-3, "{relative:?}");
}

/// The mesh-independent point of the BMW i3: 273.156 Nm, 26.447 and 131.917 mVs at (−195, 195) A, 5°.
#[test]
fn bmw_i3_point_converges_to_the_reference() {
    let (section, machine, steel, magnet) = common::bmw_i3_reference();
    let solve = |factor: f64| {
        let fine = Fineness::second_order(12).scaled(factor);
        solve_point_on(
            &section,
            &machine,
            &steel,
            &magnet,
            [-195.0, 195.0],
            5.0_f64.to_radians(),
            fine,
            2,
        )
        .unwrap()
    };
    let (coarse, fine) = (solve(1.0), solve(0.3));
    for p in [&coarse, &fine] {
        println!(
            "bmw i3 point: {} unknowns {:.3} Nm {:.6} {:.6}",
            p.unknowns, p.torque_arkkio_nm, p.psi_d_vs, p.psi_q_vs
        );
    }
    assert!((fine.torque_arkkio_nm - 273.156).abs() < 0.4);
    assert!((fine.psi_d_vs - 0.026_447).abs() < 5e-5 && (fine.psi_q_vs - 0.131_917).abs() < 2e-4);
    // 0.5 % on the default mesh.
    assert!(
        (coarse.torque_arkkio_nm - 273.156).abs() < 1.4
            && (coarse.psi_q_vs - 0.131_917).abs() < 7e-4
    );
}
