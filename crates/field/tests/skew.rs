//! Maps of skewed machines from maps of straight ones.

#![allow(clippy::unwrap_used)]

mod common;

use codrive_field::error::FieldError;
use codrive_field::grid::CurrentGrid;
use codrive_field::map::{MapPlan, solve_section};
use codrive_field::skew::skewed;
use codrive_model::flux_map::{BackEmf, FarFlux, FieldHealth, FluxMap, LossMap, SlotField};

const LARGEST_A: f64 = 1000.0;
const POLE_PAIRS: u32 = 4;

/// A map of `n` × `n` currents and what it takes to turn them by `turn` (electrical rad).
fn map(n: usize, turn: f64, psi: impl Fn(f64, f64) -> [f64; 2]) -> FluxMap {
    let CurrentGrid { i_d_a, i_q_a } = CurrentGrid::new([n, n], LARGEST_A, turn);
    let over = |f: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
        let row = |d: &f64| i_q_a.iter().map(|q| f(*d, *q)).collect::<Vec<_>>();
        i_d_a.iter().flat_map(row).collect()
    };
    let torque =
        |d: f64, q: f64| 1.5 * f64::from(POLE_PAIRS) * (psi(d, q)[0] * q - psi(d, q)[1] * d);
    let even = || over(&|d, q| 1.0 + 1e-7 * (d * d + q * q));
    FluxMap {
        section: "analytic".into(),
        pole_pairs: POLE_PAIRS,
        slots: 48,
        i_f_a: vec![0.0],
        psi_d_vs_per_m: over(&|d, q| psi(d, q)[0]),
        psi_q_vs_per_m: over(&|d, q| psi(d, q)[1]),
        torque_nm_per_m: over(&torque),
        torque_ripple_nm_per_m: even(),
        magnet_flux_density_min_t: over(&|d, _| 0.8 + d / 4000.0),
        loss: LossMap {
            base_frequency_hz: 400.0,
            hysteresis_exponent: 1.1,
            stator_hysteresis_w_per_m: even(),
            stator_eddy_w_per_m: even(),
            rotor_hysteresis_w_per_m: even(),
            rotor_eddy_w_per_m: even(),
            stator_excess_w_per_m: even(),
            rotor_excess_w_per_m: even(),
            magnet_eddy_w_per_m: even(),
            slot_field: SlotField {
                tangential_t2: vec![even(); 8],
                radial_t2: vec![even(); 8],
            },
        },
        back_emf: BackEmf {
            order: vec![1, 5],
            amplitude_vs_per_m: vec![psi(0.0, 0.0)[0], 0.02],
            cogging_nm_per_m: 1.0,
        },
        health: FieldHealth::default(),
        far: None,
        i_d_a,
        i_q_a,
    }
}

/// Without saturation: ψ_d = ψ + L_d i_d, ψ_q = L_q i_q.
fn linear(d: f64, q: f64) -> [f64; 2] {
    [0.2 + 1.5e-4 * d, 4e-4 * q]
}

/// Gradient of the co-energy 75 ln cosh u, u² = x² + y² + 0.05: saturating and coupled.
fn saturating(d: f64, q: f64) -> [f64; 2] {
    let (x, y) = ((d + 900.0) / 1500.0, q / 500.0);
    let u = (x * x + y * y + 0.05).sqrt();
    let slope = 0.15 * u.tanh() / u;
    [slope * x / 3.0, slope * y]
}

/// Angles of `n` equal slices of a rotor that is skewed evenly over an angle, rad.
fn slices(n: u32, angle: f64) -> Vec<f64> {
    let at = |k: u32| angle * ((f64::from(k) + 0.5) / f64::from(n) - 0.5);
    (0..n).map(at).collect()
}

fn largest_difference(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).fold(0.0, |m, (a, b)| m.max((a - b).abs()))
}

#[test]
fn packs_in_line_change_nothing() {
    let straight = map(9, 0.0, saturating);
    let same = skewed(&straight, &[0.0, 0.0, 0.0], LARGEST_A).unwrap();
    assert_eq!(
        (&same.i_d_a, &same.i_q_a),
        (&straight.i_d_a, &straight.i_q_a)
    );
    for (a, b) in [
        (&same.psi_d_vs_per_m, &straight.psi_d_vs_per_m),
        (&same.psi_q_vs_per_m, &straight.psi_q_vs_per_m),
        (&same.torque_nm_per_m, &straight.torque_nm_per_m),
        (
            &same.loss.stator_eddy_w_per_m,
            &straight.loss.stator_eddy_w_per_m,
        ),
        (
            &same.magnet_flux_density_min_t,
            &straight.magnet_flux_density_min_t,
        ),
    ] {
        assert!(largest_difference(a, b) < 1e-12 * b.iter().fold(1.0, |m, v| v.abs().max(m)));
    }
}

/// Evenly skewed over 2x electrical, a sinusoidal machine keeps sin(x)/x of its magnet's flux, and
/// harmonic k keeps sin(kx)/(kx).
#[test]
fn even_skew_keeps_sin_x_over_x_of_the_flux() {
    let x = 0.26;
    let straight = map(11, x, linear);
    let packs = slices(40, 2.0 * x / f64::from(POLE_PAIRS));
    let skew = skewed(&straight, &packs, LARGEST_A).unwrap();
    let no_load = skew.psi_d_vs_per_m[(skew.i_d_a.len() - 1) * skew.i_q_a.len()];
    // Slices by the midpoint rule: x²/(6 n²) relative.
    assert!((no_load / (0.2 * x.sin() / x) - 1.0).abs() < 1e-5);
    let fifth = skew.back_emf.amplitude_vs_per_m[1] / 0.02;
    assert!((fifth - (5.0 * x).sin() / (5.0 * x)).abs() < 2e-4);
    // Of the inductances, too, the mean over the angle by hand: L_d cos² + L_q sin².
    let share = 0.5 * (1.0 + (2.0 * x).sin() / (2.0 * x));
    let l_d = 1.5e-4 * share + 4e-4 * (1.0 - share);
    let slope = (no_load - skew.psi_d_vs_per_m[0]) / LARGEST_A;
    assert!((slope / l_d - 1.0).abs() < 1e-4, "{slope} {l_d}");
}

/// ∂ψ_d/∂i_q = ∂ψ_q/∂i_d holds for a skewed map as for a straight one.
#[test]
fn a_skewed_map_has_a_co_energy() {
    let turn = 0.3;
    let straight = map(41, turn, saturating);
    let packs = [-turn, -0.5 * turn, 0.0, 0.5 * turn, turn].map(|e| e / f64::from(POLE_PAIRS));
    let skew = skewed(&straight, &packs, LARGEST_A).unwrap();
    let n = skew.i_q_a.len();
    let step = skew.i_q_a[1];
    let (mut worst, mut largest) = (0.0_f64, 0.0_f64);
    for d in 1..skew.i_d_a.len() - 1 {
        for q in 1..n - 1 {
            let at = d * n + q;
            let dq = (skew.psi_d_vs_per_m[at + 1] - skew.psi_d_vs_per_m[at - 1]) / (2.0 * step);
            let qd = (skew.psi_q_vs_per_m[at + n] - skew.psi_q_vs_per_m[at - n]) / (2.0 * step);
            worst = worst.max((dq - qd).abs());
            largest = largest.max(dq.abs());
        }
    }
    // Central differences over 25 A of curves that bend over 500 A: (25/500)²/6 of a slope.
    assert!(worst < 4e-3 * largest, "{worst} {largest}");
}

/// Far grids of linear flux linkages: packs in line change nothing; turned ones give the mean by hand,
/// ψ cos ε + (L_d cos² + L_q sin²) i_d + (L_d − L_q) sin ε cos ε i_q and alike along q.
#[test]
fn the_far_grid_of_a_linear_rotor_is_the_mean_by_hand() {
    let turn = 0.3_f64;
    let (reach, steps) = (3000.0_f64, 9_u32);
    let i_d_a: Vec<f64> = (0..16)
        .map(|k| -reach + (reach - 400.0) * f64::from(k) / 15.0)
        .collect();
    let i_q_a: Vec<f64> = (0..steps).map(|k| 250.0 * f64::from(k)).collect();
    let over = |f: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
        let row = |d: &f64| i_q_a.iter().map(|q| f(*d, *q)).collect::<Vec<_>>();
        i_d_a.iter().flat_map(row).collect()
    };
    let straight = FluxMap {
        far: Some(FarFlux {
            psi_d_vs_per_m: over(&|d, q| linear(d, q)[0]),
            psi_q_vs_per_m: over(&|d, q| linear(d, q)[1]),
            magnet_flux_density_min_t: over(&|d, _| 0.8 + d / 4000.0),
            positions: 3,
            i_d_a: i_d_a.clone(),
            i_q_a: i_q_a.clone(),
        }),
        ..map(9, turn, linear)
    };
    let far = |turns: &[f64]| {
        let packs: Vec<f64> = turns.iter().map(|e| e / f64::from(POLE_PAIRS)).collect();
        skewed(&straight, &packs, LARGEST_A).unwrap().far.unwrap()
    };
    let same = far(&[0.0, 0.0]);
    assert!((same.i_d_a[0] + reach).abs() < 1e-9 && same.i_q_a == [0.0, 500.0, 1000.0]);
    for turns in [
        vec![0.0, 0.0],
        vec![-turn, turn],
        vec![-turn, -0.1, 0.1, turn],
    ] {
        let far = far(&turns);
        let mean = |f: &dyn Fn(f64) -> f64| {
            turns.iter().map(|turn| f(*turn)).sum::<f64>() / turns.len() as f64
        };
        let (cos, sin2) = (mean(&f64::cos), mean(&|e| e.sin().powi(2)));
        let (l_d, l_q) = (1.5e-4 + 2.5e-4 * sin2, 4e-4 - 2.5e-4 * sin2);
        for (at, (psi_d, psi_q)) in far
            .psi_d_vs_per_m
            .iter()
            .zip(&far.psi_q_vs_per_m)
            .enumerate()
        {
            let (i_d, i_q) = (far.i_d_a[at / 3], far.i_q_a[at % 3]);
            assert!(
                (psi_d - (0.2 * cos + l_d * i_d)).abs() < 1e-12,
                "{i_d} {i_q}"
            );
            assert!((psi_q - l_q * i_q).abs() < 1e-12, "{i_d} {i_q}");
            let worst = turns.iter().map(|e| i_d * e.cos() + i_q * e.sin());
            let lowest = 0.8 + worst.fold(f64::INFINITY, f64::min) / 4000.0;
            assert!((far.magnet_flux_density_min_t[at] - lowest).abs() < 1e-12);
        }
    }
}

/// A grid of a straight rotor holds no turned currents beyond its own: nothing is extrapolated.
#[test]
fn a_far_grid_that_is_too_small_is_left_out() {
    let turn = 0.3;
    let corners = |f: fn(f64, f64) -> f64| {
        let at = |d: f64, q: f64| f(d, q);
        vec![
            at(-1300.0, 0.0),
            at(-1300.0, 1000.0),
            at(-400.0, 0.0),
            at(-400.0, 1000.0),
        ]
    };
    let straight = FluxMap {
        far: Some(FarFlux {
            psi_d_vs_per_m: corners(|d, q| linear(d, q)[0]),
            psi_q_vs_per_m: corners(|d, q| linear(d, q)[1]),
            magnet_flux_density_min_t: vec![],
            positions: 3,
            i_d_a: vec![-1300.0, -400.0],
            i_q_a: vec![0.0, 1000.0],
        }),
        ..map(9, turn, linear)
    };
    let packs = [-turn, turn].map(|e| e / f64::from(POLE_PAIRS));
    assert_eq!(skewed(&straight, &packs, LARGEST_A).unwrap().far, None);
}

#[test]
fn currents_that_leave_the_map_are_named() {
    let straight = map(9, 0.0, linear);
    let error = skewed(&straight, &[-0.02, 0.02], LARGEST_A).unwrap_err();
    assert!(matches!(error, FieldError::Skew { .. }));
    let text = error.to_string();
    assert!(
        text.contains("4.58 electrical degrees") && text.contains("-1000.0 A"),
        "{text}"
    );
    assert!(skewed(&straight, &[], LARGEST_A).is_err());
}

/// Currents of a solved map that turn to positive i_d are in it, and no load is found among them.
#[test]
fn a_wide_map_agrees_with_the_narrow_one() {
    let (section, _, steel, magnet) = common::prius();
    let plan = MapPlan {
        n_d: 3,
        n_q: 3,
        ..MapPlan::default()
    };
    let solve = |turn_el_rad| {
        let plan = MapPlan {
            turn_el_rad,
            ..plan
        };
        let result = solve_section(&section, &steel, &magnet, &plan, &|_, _| ());
        result.unwrap().flux_map
    };
    let (narrow, wide) = (solve(0.0), solve(0.1));
    let cut = skewed(&wide, &[0.0], narrow.i_q_a[2]).unwrap();
    assert_eq!(narrow.i_d_a, cut.i_d_a);
    let most = narrow
        .psi_q_vs_per_m
        .iter()
        .fold(0.0_f64, |m, v| v.abs().max(m));
    let difference = largest_difference(&narrow.psi_q_vs_per_m, &cut.psi_q_vs_per_m);
    assert!(difference < 1e-4 * most, "{difference} {most}");
    let ratio = wide.back_emf.amplitude_vs_per_m[0] / narrow.back_emf.amplitude_vs_per_m[0];
    assert!((ratio - 1.0).abs() < 1e-4, "{ratio}");
    let turned = skewed(
        &wide,
        &[-0.1, 0.1].map(|e| e / f64::from(wide.pole_pairs)),
        narrow.i_q_a[2],
    );
    assert_eq!(turned.unwrap().psi_d_vs_per_m.len(), 9);
}
