//! Analytic sections for tests: constant inductances, and a saturating one in the size of an i3.

use codrive_model::flux_map::{
    BackEmf, FarFlux, FieldHealth, FluxMap, LossMap, SectionFacts, SlotField,
};
use codrive_model::material::{MagnetGrade, Steel, SteelLoss};

/// Flux linkages ψ_d = ψ + L_d·i_d, ψ_q = L_q·i_q on a 17 x 17 grid up to 1000 A.
pub(crate) fn linear_map(psi: f64, l_d: f64, l_q: f64) -> FluxMap {
    map(1000.0, move |i_d, i_q| (psi + l_d * i_d, l_q * i_q))
}

/// [`linear_map`] with a far grid to i_d = −`reach` A that is off by a constant, as fewer positions may leave it.
pub(crate) fn linear_map_with_far(psi: f64, l_d: f64, l_q: f64, reach: f64) -> FluxMap {
    let off = 1e-3;
    let i_d_a: Vec<f64> = (0..=15)
        .map(|i| -reach + (reach - 800.0) * f64::from(i) / 15.0)
        .collect();
    let i_q_a = vec![0.0, 500.0, 1000.0];
    let over = |f: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
        let row = |d: &f64| i_q_a.iter().map(|q| f(*d, *q)).collect::<Vec<_>>();
        i_d_a.iter().flat_map(row).collect()
    };
    let far = FarFlux {
        psi_d_vs_per_m: over(&|d, _| psi + l_d * d + off),
        psi_q_vs_per_m: over(&|_, q| l_q * q),
        magnet_flux_density_min_t: over(&|d, _| 0.9 + d / 4000.0),
        positions: 3,
        i_d_a: i_d_a.clone(),
        i_q_a: i_q_a.clone(),
    };
    FluxMap {
        far: Some(far),
        ..linear_map(psi, l_d, l_q)
    }
}

/// A saturating, cross-coupled map: unit quantities of 72 slots, 12 poles, 180 mm bore.
pub(crate) fn saturating_map() -> FluxMap {
    map(1400.0, saturating_flux)
}

/// The flux linkages of [`saturating_map`].
pub(crate) fn saturating_flux(i_d: f64, i_q: f64) -> (f64, f64) {
    let magnet = 0.26 / (1.0 + (i_q / 2600.0).powi(2));
    let psi_d = magnet + 0.22 * (i_d / 900.0) / (1.0 + (i_q / 2400.0).powi(2));
    let knee = 430.0 * (1.0 - 0.12 * i_d / 1400.0);
    (psi_d, 0.36 * (i_q / knee).tanh() + 6.0e-5 * i_q)
}

fn map(largest: f64, psi: impl Fn(f64, f64) -> (f64, f64)) -> FluxMap {
    let i_d_a: Vec<f64> = (0..=16)
        .map(|i| largest * (f64::from(i) / 16.0 - 1.0))
        .collect();
    let i_q_a: Vec<f64> = (0..=16).map(|i| largest * f64::from(i) / 16.0).collect();
    let over = |f: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
        let row = |d: &f64| i_q_a.iter().map(|q| f(*d, *q)).collect::<Vec<_>>();
        i_d_a.iter().flat_map(row).collect()
    };
    let flux2 = |d: f64, q: f64| psi(d, q).0.powi(2) + psi(d, q).1.powi(2);
    let torque = |d: f64, q: f64| 9.0 * (psi(d, q).0 * q - psi(d, q).1 * d);
    FluxMap {
        section: "fixture".to_owned(),
        pole_pairs: 6,
        slots: 72,
        i_f_a: vec![0.0],
        psi_d_vs_per_m: over(&|d, q| psi(d, q).0),
        psi_q_vs_per_m: over(&|d, q| psi(d, q).1),
        torque_nm_per_m: over(&torque),
        torque_ripple_nm_per_m: over(&|_, _| 0.0),
        magnet_flux_density_min_t: over(&|d, _| 0.8 + d / 4000.0),
        loss: LossMap {
            base_frequency_hz: 500.0,
            hysteresis_exponent: 1.1,
            stator_hysteresis_w_per_m: over(&|d, q| 1800.0 * flux2(d, q) / 0.1),
            stator_eddy_w_per_m: over(&|d, q| 1500.0 * flux2(d, q) / 0.1),
            rotor_hysteresis_w_per_m: over(&|d, q| 60.0 + 1e-4 * (d * d + q * q)),
            rotor_eddy_w_per_m: over(&|d, q| 100.0 + 2e-4 * (d * d + q * q)),
            stator_excess_w_per_m: over(&|_, _| 0.0),
            rotor_excess_w_per_m: over(&|_, _| 0.0),
            magnet_eddy_w_per_m: over(&|d, q| 80.0 + 2e-4 * (d * d + q * q)),
            slot_field: leakage(over),
        },
        back_emf: BackEmf {
            order: vec![1, 3, 5],
            amplitude_vs_per_m: vec![psi(0.0, 0.0).0, 0.02, 0.01],
            cogging_nm_per_m: 0.0,
        },
        health: FieldHealth::default(),
        far: None,
        i_d_a,
        i_q_a,
    }
}

/// The leakage of the currents alone in the slots of [`facts`]: B_t = μ_0 i y/(h b), in eight zones.
pub(crate) fn leakage(over: impl Fn(&dyn Fn(f64, f64) -> f64) -> Vec<f64>) -> SlotField {
    let zone = |z: i32| {
        let share = (f64::from(z) + 0.5) / 8.0;
        let per_ampere = crate::winding::MU_0 * share / facts().slot_width_m;
        over(&|d, q| 0.5 * per_ampere * per_ampere * (d * d + q * q))
    };
    SlotField {
        tangential_t2: (0..8).map(zone).collect(),
        radial_t2: (0..8).map(|_| over(&|_, _| 0.0)).collect(),
    }
}

/// Geometry in the size of a BMW i3 (pyleecan's file, rounded).
pub(crate) fn facts() -> SectionFacts {
    SectionFacts {
        id: "fixture".to_owned(),
        name: "Fixture".to_owned(),
        topology: "free outline".to_owned(),
        pole_pairs: 6,
        slots: 72,
        stator_outer_radius_m: 0.121,
        stator_bore_radius_m: 0.090,
        rotor_outer_radius_m: 0.0893,
        rotor_inner_radius_m: 0.060,
        stator_iron_area_m2: 0.0135,
        rotor_iron_area_m2: 0.0105,
        magnet_area_m2: 0.0024,
        slot_area_m2: 97e-6,
        slot_depth_m: 0.0216,
        slot_width_m: 0.0045,
        slot_perimeter_m: 0.052,
        tooth_width_m: 0.0040,
        yoke_height_m: 0.0076,
        magnets: 24,
        magnet_width_m: 0.018,
        winding_factor: 0.966,
        coil_pitch_slots: 6,
        steel: "M250-35A".to_owned(),
        magnet: "N42SH".to_owned(),
        magnet_temperature_k: 373.15,
        stacking_factor: 0.97,
        rotor_stress_pa_s2: 147.0,
        rotor_yield_pa: 455e6,
        burst_speed_limit_rad_per_s: 1400.0,
    }
}

pub(crate) fn steel() -> Steel {
    Steel {
        name: "M250-35A".to_owned(),
        source: "test".to_owned(),
        b_t: vec![0.0, 1.0, 2.0],
        h_a_per_m: vec![0.0, 100.0, 50e3],
        density_kg_per_m3: 7600.0,
        yield_pa: 455e6,
        young_modulus_pa: None,
        poisson_ratio: None,
        loss_table: None,
        loss: SteelLoss {
            k_h: 0.01,
            alpha: 1.1,
            beta: 1.8,
            k_e: 4e-5,
            k_exc: 0.0,
        },
    }
}

pub(crate) fn magnet() -> MagnetGrade {
    MagnetGrade {
        name: "N42SH".to_owned(),
        source: "test".to_owned(),
        remanence_20c_t: 1.28,
        remanence_per_k: -0.0012,
        mu_r: 1.05,
        conductivity_s_per_m: 6.25e5,
        density_kg_per_m3: 7500.0,
        rare_earth_fraction: 0.31,
        knee: None,
    }
}
