//! Flank and root stress of a mesh by the quantities of ISO 6336, at concept level.
//!
//! No profile shift, standard rack (addendum 1, dedendum 1.25, fillet 0.38 modules), one load factor
//! K for application, dynamics and distribution; factors of lubricant, size, roughness and notch
//! sensitivity are 1. A ring's teeth count as those of a rack.
//!
//! Sources: ISO 6336-2:2019 (flank), ISO 6336-3:2019 and DIN 3990-3 method C (root), ISO 6336-5 (steel).

use std::f64::consts::PI;

use codrive_model::gear_set::GearStage;

use crate::gear::mesh::{PRESSURE_ANGLE_RAD, Transverse, tip_contact};

/// Elasticity factor of steel on steel, sqrt(Pa).
const Z_E: f64 = 189.8e3;
/// Case-hardened steel, quality MQ: flank strength, Pa.
pub const FLANK_STRENGTH_PA: f64 = 1_500e6;
/// The same with a core of 30 HRC or more, nominal root strength times the stress correction factor 2 of the test
/// gears, Pa.
pub const ROOT_STRENGTH_PA: f64 = 2.0 * 500e6;
/// Dedendum and fillet of the standard rack over the module.
const DEDENDUM: f64 = 1.25;
const FILLET: f64 = 0.38;
/// Teeth of the gear that stands for a rack.
const RACK_TEETH: f64 = 1e4;

/// A stress-cycle curve, in torque.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LifeCurve {
    /// p in n T^p = const.
    pub torque_exponent: f64,
    /// Cycles from which the strength is the nominal one.
    pub reference_cycles: f64,
    /// Torque over the nominal one that few cycles may carry.
    pub few_cycles_torque: f64,
}

/// Flank of case-hardened steel: Z_NT = 1.6 at 1e5 and 1 at 5e7 cycles, so 13.22 in stress, 6.61 in
/// torque.
pub const FLANK: LifeCurve = LifeCurve {
    torque_exponent: 6.611,
    reference_cycles: 5e7,
    few_cycles_torque: 1.6 * 1.6,
};
/// Root of case-hardened steel: Y_NT = 2.5 at 1e3 and 1 at 3e6 cycles.
pub const ROOT: LifeCurve = LifeCurve {
    torque_exponent: 8.738,
    reference_cycles: 3e6,
    few_cycles_torque: 2.5,
};

/// Contact stress at the pitch point, Pa, of one mesh with `torque_nm` at its pinion:
/// Z_H Z_E Z_ε Z_β sqrt(K F_t/(d_1 b) · (u ± 1)/u), minus for a ring.
#[must_use]
pub fn flank_stress_pa(stage: &GearStage, torque_nm: f64, load_factor: f64) -> f64 {
    let Transverse { angle, base_helix } = Transverse::of(stage);
    let (d, b, u) = (
        stage.pinion_diameter_m(),
        stage.face_width_m,
        stage.tooth_ratio(),
    );
    let inner = if stage.internal { -1.0 } else { 1.0 };
    let z_h = (2.0 * base_helix.cos() / (angle.cos().powi(2) * angle.tan())).sqrt();
    let z_beta = 1.0 / stage.helix_angle_rad.cos().sqrt();
    let line = load_factor * 2.0 * torque_nm / (d * d * b) * (u + inner) / u;
    z_h * Z_E * z_epsilon(stage) * z_beta * line.sqrt()
}

/// Z_ε = sqrt((4 − ε_α)/3 (1 − ε_β) + ε_β/ε_α) below ε_β = 1, sqrt(1/ε_α) from there.
fn z_epsilon(stage: &GearStage) -> f64 {
    let (alpha, beta) = contact_ratios(stage);
    let beta = beta.min(1.0);
    ((4.0 - alpha) / 3.0 * (1.0 - beta) + beta / alpha).sqrt()
}

/// Transverse contact ratio and overlap ratio.
fn contact_ratios(stage: &GearStage) -> (f64, f64) {
    let (e1, e2) = tip_contact(stage);
    let overlap = stage.face_width_m * stage.helix_angle_rad.sin() / (PI * stage.module_m);
    (e1 + e2, overlap)
}

/// Root stress of driving and driven gear, Pa: K F_t/(b m_n) Y_Fa Y_Sa Y_ε Y_β with
/// Y_ε = 0.25 + 0.75 cos²β_b/ε_α and Y_β = 1 − ε_β β/120°.
#[must_use]
pub fn root_stress_pa(stage: &GearStage, torque_nm: f64, load_factor: f64) -> [f64; 2] {
    let base_helix = Transverse::of(stage).base_helix;
    let (alpha, beta) = contact_ratios(stage);
    let helix = stage.helix_angle_rad;
    let force = 2.0 * torque_nm / stage.pinion_diameter_m();
    let nominal = load_factor * force / (stage.face_width_m * stage.module_m);
    let y_epsilon = 0.25 + 0.75 * base_helix.cos().powi(2) / alpha;
    let y_beta = 1.0 - beta.min(1.0) * helix.to_degrees().min(30.0) / 120.0;
    let virtual_teeth = |teeth: u32| f64::from(teeth) / (base_helix.cos().powi(2) * helix.cos());
    let wheel = if stage.internal {
        RACK_TEETH
    } else {
        virtual_teeth(stage.wheel_teeth)
    };
    [virtual_teeth(stage.pinion_teeth), wheel].map(|teeth| {
        let (form, correction) = form_factors(teeth);
        nominal * form * correction * y_epsilon * y_beta
    })
}

/// Form factor Y_Fa, load at the tip, and stress correction factor Y_Sa of a number of (virtual)
/// teeth: the 30° tangent to the fillet.
///
/// Source: DIN 3990-3 section 5, external gears.
#[must_use]
pub fn form_factors(teeth: f64) -> (f64, f64) {
    let alpha = PRESSURE_ANGLE_RAD;
    let e = PI / 4.0 - DEDENDUM * alpha.tan() - (1.0 - alpha.sin()) * FILLET / alpha.cos();
    let g = FILLET - DEDENDUM;
    let h = 2.0 / teeth * (PI / 2.0 - e) - PI / 3.0;
    let mut theta = PI / 6.0;
    for _ in 0..30 {
        theta = 2.0 * g / teeth * theta.tan() - h;
    }
    let chord = teeth * (PI / 3.0 - theta).sin() + 3.0_f64.sqrt() * (g / theta.cos() - FILLET);
    let cos2 = theta.cos().powi(2);
    let fillet = FILLET + 2.0 * g * g / (theta.cos() * (teeth * cos2 - 2.0 * g));
    let tip = teeth + 2.0;
    let tip_angle = (teeth * alpha.cos() / tip).acos();
    let involute = |a: f64| a.tan() - a;
    let gamma = 0.5 * PI / teeth + involute(alpha) - involute(tip_angle);
    let load_angle = tip_angle - gamma;
    let lever = 0.5
        * ((gamma.cos() - gamma.sin() * load_angle.tan()) * tip
            - teeth * (PI / 3.0 - theta).cos()
            - g / theta.cos()
            + FILLET);
    let form = 6.0 * lever * load_angle.cos() / (chord * chord * alpha.cos());
    let slender = chord / lever;
    let notch = chord / (2.0 * fillet);
    let correction = (1.2 + 0.13 * slender) * notch.powf(1.0 / (1.21 + 2.3 / slender));
    (form, correction)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Form factors as printed in textbooks for the standard rack without profile shift (for example
    /// Pu and Ji, Machine Design, table 10-5): Y_Fa, Y_Sa.
    #[test]
    fn form_factors_are_those_of_textbooks() {
        for (teeth, form, correction) in [
            (17.0, 2.97, 1.52),
            (20.0, 2.80, 1.55),
            (25.0, 2.62, 1.59),
            (30.0, 2.52, 1.625),
            (50.0, 2.32, 1.70),
            (100.0, 2.18, 1.79),
        ] {
            let (ours, other) = form_factors(teeth);
            assert!((ours / form - 1.0).abs() < 0.015, "{teeth}: {ours} {form}");
            assert!(
                (other / correction - 1.0).abs() < 0.02,
                "{teeth}: {other} {correction}"
            );
        }
    }

    fn stage(internal: bool, helix_deg: f64) -> GearStage {
        GearStage {
            pinion_teeth: 23,
            wheel_teeth: 68,
            internal,
            meshes: 1,
            load_share: 1.0,
            module_m: 2e-3,
            helix_angle_rad: helix_deg.to_radians(),
            face_width_m: 0.035,
        }
    }

    /// Spur gears: Z_H = 2.495 at 20°, and Hertz's own formula for two cylinders at the pitch point,
    /// p = sqrt(F E'/(π b ρ)) with E' = E/(2 (1 − ν²)), over Z_ε.
    #[test]
    fn flank_stress_is_hertzian() {
        let spur = stage(false, 0.0);
        let torque = 200.0;
        let alpha = PRESSURE_ANGLE_RAD;
        let (r1, r2) = (
            0.5 * spur.pinion_diameter_m(),
            0.5 * spur.wheel_diameter_m(),
        );
        let curvature = (1.0 / r1 + 1.0 / r2) / alpha.sin();
        let force = torque / r1 / alpha.cos();
        let modulus = 206e9 / (2.0 * (1.0 - 0.3 * 0.3));
        let hertz = (force * modulus * curvature / (PI * spur.face_width_m)).sqrt();
        let ours = flank_stress_pa(&spur, torque, 1.0) / z_epsilon(&spur);
        assert!((ours / hertz - 1.0).abs() < 2e-3, "{ours} {hertz}");
    }

    #[test]
    fn helix_and_ring_relieve_and_torque_loads() {
        let (spur, helical) = (stage(false, 0.0), stage(false, 25.0));
        let ring = stage(true, 25.0);
        let flank = |s: &GearStage, t: f64| flank_stress_pa(s, t, 1.5);
        assert!(flank(&helical, 200.0) < flank(&spur, 200.0));
        assert!(flank(&ring, 200.0) < flank(&helical, 200.0));
        assert!((flank(&spur, 800.0) / flank(&spur, 200.0) - 2.0).abs() < 1e-12);
        let root = root_stress_pa(&helical, 200.0, 1.5);
        assert!(root[0] > 0.9 * root[1]);
        let doubled = root_stress_pa(&helical, 400.0, 1.5);
        assert!((doubled[0] / root[0] - 2.0).abs() < 1e-12);
    }
}
