//! Friction of rolling bearings.
//!
//! SKF's model, in mm, N, mm²/s, rpm and N·mm: M = φ G_rr (ν n)^0.6 + μ G_sl + M_drag, with
//! φ = 1/(1 + 1.84e-9 (n d_m)^1.28 ν^0.64) for heating at the inlet, μ from 0.12 (boundary) to that
//! of a full film by exp(−2.6e-8 (n ν)^1.4 d_m). Radial loads; no seals.
//!
//! Source: SKF general catalogue, The SKF model for calculating the frictional moment.

use std::f64::consts::PI;

use codrive_model::gear_set::BearingKind;

/// Ball bearings of the 160 series: G_rr = R_1 d_m^1.96 F^0.54, G_sl = S_1 d_m^−0.26 F^(5/3).
const BALL_ROLLING: f64 = 4.3e-7;
const BALL_SLIDING: f64 = 0.004_63;
const BALL_FULL_FILM: f64 = 0.04;
/// Cylindrical roller bearings of the series 2 and 3: G_rr = R_1 d_m^2.41 F^0.31, G_sl = S_2 d_m F.
const ROLLER_ROLLING: f64 = 1.09e-6;
const ROLLER_SLIDING: f64 = 0.001_5;
const ROLLER_FULL_FILM: f64 = 0.02;
/// Ball bearings in oil: K_Z, and (D + d)/(D − d) of light series (16010: 4.3).
const BALL_K_Z: f64 = 3.1;
const SLENDERNESS: f64 = 4.5;
/// V_M over H/d_m: SKF's diagram replaced by a line through the origin (assumed).
const DRAG_PER_LEVEL: f64 = 9e-4;

/// A bearing at one speed and viscosity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BearingAtSpeed {
    kind: BearingKind,
    /// Rolling moment over its power of the load, N·m.
    rolling: f64,
    /// Sliding moment over its power of the load, N·m.
    sliding: f64,
    /// Moment whatever the load, N·m.
    drag_nm: f64,
}

impl BearingAtSpeed {
    /// A ball bearing of a mean diameter, m, with oil of a kinematic viscosity, m²/s.
    #[must_use]
    pub fn new(mean_diameter_m: f64, viscosity_m2_per_s: f64, speed_rad_per_s: f64) -> Self {
        Self::of(
            BearingKind::Ball,
            mean_diameter_m,
            viscosity_m2_per_s,
            speed_rad_per_s,
        )
    }

    /// A bearing of a kind.
    #[must_use]
    pub fn of(
        kind: BearingKind,
        mean_diameter_m: f64,
        viscosity_m2_per_s: f64,
        speed_rad_per_s: f64,
    ) -> Self {
        let rpm = speed_rad_per_s * 30.0 / PI;
        let (d, nu) = (mean_diameter_m * 1e3, viscosity_m2_per_s * 1e6);
        let shear = 1.0 / (1.0 + 1.84e-9 * (rpm * d).powf(1.28) * nu.powf(0.64));
        let boundary = (-2.6e-8 * (rpm * nu).powf(1.4) * d).exp();
        let (rolling, sliding, full_film) = match kind {
            BearingKind::Ball => (
                BALL_ROLLING * d.powf(1.96),
                BALL_SLIDING * d.powf(-0.26),
                BALL_FULL_FILM,
            ),
            BearingKind::Roller => (
                ROLLER_ROLLING * d.powf(2.41),
                ROLLER_SLIDING * d,
                ROLLER_FULL_FILM,
            ),
        };
        let friction = 0.12 * boundary + full_film * (1.0 - boundary);
        Self {
            kind,
            rolling: shear * rolling * (nu * rpm).powf(0.6) * 1e-3,
            sliding: friction * sliding * 1e-3,
            drag_nm: 0.0,
        }
    }

    /// Friction torque under a radial load, N·m.
    #[must_use]
    pub fn torque_nm(&self, load_n: f64) -> f64 {
        let [rolling, sliding] = load_terms(self.kind, load_n);
        self.rolling * rolling + self.sliding * sliding + self.drag_nm
    }

    /// Factors of the two [`load_terms`], and the moment without load, N·m.
    #[must_use]
    pub fn coefficients(&self) -> [f64; 3] {
        [self.rolling, self.sliding, self.drag_nm]
    }

    /// The same with its lowest place below the oil level at rest, m.
    ///
    /// M_drag = 0.4 V_M K_ball d_m⁵ n² + 1.093e-7 n² d_m³ (n d_m² f_t/ν)^−1.379 R_s with
    /// K_ball = K_Z (D + d)/(D − d) 1e-12, R_s = 0.36 d_m² (t − sin t) f_A, f_A = 0.05 K_Z (D + d)/(D − d),
    /// t = 2 acos(1 − H/0.6 d_m), f_t = sin(t/2) up to t = π, then 1; a level above 1.2 d_m changes nothing.
    #[must_use]
    pub fn in_oil(
        self,
        mean_diameter_m: f64,
        viscosity_m2_per_s: f64,
        speed_rad_per_s: f64,
        level_m: f64,
    ) -> Self {
        if level_m <= 0.0 || speed_rad_per_s <= 0.0 {
            return self;
        }
        let rpm = speed_rad_per_s * 30.0 / PI;
        let (d, nu) = (mean_diameter_m * 1e3, viscosity_m2_per_s * 1e6);
        let depth = (level_m / mean_diameter_m).min(1.2);
        let t = 2.0 * (1.0 - depth / 0.6).acos();
        let f_t = if t < PI { (0.5 * t).sin() } else { 1.0 };
        let k = BALL_K_Z * SLENDERNESS;
        let pumping = 0.4 * DRAG_PER_LEVEL * depth * k * 1e-12 * d.powi(5) * rpm * rpm;
        let wetted = 0.36 * d * d * (t - t.sin()) * 0.05 * k;
        let reynolds = rpm * d * d * f_t / nu;
        let shear = 1.093e-7 * rpm * rpm * d.powi(3) * reynolds.powf(-1.379) * wetted;
        Self {
            drag_nm: (pumping + shear) * 1e-3,
            ..self
        }
    }
}

/// How rolling and sliding moment grow with the load, N.
#[must_use]
pub fn load_terms(kind: BearingKind, load_n: f64) -> [f64; 2] {
    match kind {
        BearingKind::Ball => {
            let root = load_n.cbrt();
            [load_n.powf(0.54), load_n * root * root]
        }
        BearingKind::Roller => [load_n.powf(0.31), load_n],
    }
}

/// Derivatives of [`load_terms`], 1/N.
#[must_use]
pub fn load_slopes(kind: BearingKind, load_n: f64) -> [f64; 2] {
    match kind {
        BearingKind::Ball => {
            let root = load_n.cbrt();
            [0.54 * load_n.powf(-0.46), 5.0 / 3.0 * root * root]
        }
        BearingKind::Roller => [0.31 * load_n.powf(-0.69), 1.0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn friction_rises_with_load_and_speed() {
        let torque =
            |load_n: f64, speed: f64| BearingAtSpeed::new(0.06, 40e-6, speed).torque_nm(load_n);
        assert!(torque(300.0, 500.0) > torque(150.0, 500.0));
        assert!(torque(150.0, 1000.0) > torque(150.0, 500.0));
        let torque = torque(150.0, 1256.0);
        assert!((0.01..0.1).contains(&torque), "{torque}");
    }

    /// The common estimate of SKF's catalogue, M = μ F d/2 with μ = 0.0015 for ball and 0.0011 for
    /// cylindrical roller bearings, holds within a factor of two near a tenth of the rated load.
    #[test]
    fn friction_is_near_the_constant_coefficients() {
        for (kind, coefficient) in [(BearingKind::Ball, 0.0015), (BearingKind::Roller, 0.0011)] {
            let ours = BearingAtSpeed::of(kind, 0.06, 10e-6, 300.0).torque_nm(3_000.0);
            let simple = coefficient * 3_000.0 * 0.5 * 0.05;
            assert!(
                (0.5..2.0).contains(&(ours / simple)),
                "{kind:?}: {ours} {simple}"
            );
        }
    }

    #[test]
    fn oil_drags_more_the_deeper_the_bearing_lies() {
        let dry = BearingAtSpeed::new(0.08, 20e-6, 100.0);
        let at = |level: f64| dry.in_oil(0.08, 20e-6, 100.0, level).coefficients()[2];
        assert_eq!(at(-0.01), 0.0);
        let levels = [0.005, 0.01, 0.03, 0.06, 0.09].map(at);
        assert!(levels.windows(2).all(|w| w[1] > w[0]), "{levels:?}");
        // Above 1.2 d_m it is flooded.
        assert_eq!(at(0.2), at(0.096));
        assert!((0.001..0.1).contains(&at(0.03)), "{}", at(0.03));
    }

    #[test]
    fn slopes_are_derivatives() {
        for kind in [BearingKind::Ball, BearingKind::Roller] {
            let (low, high) = (load_terms(kind, 999.0), load_terms(kind, 1001.0));
            for (i, slope) in load_slopes(kind, 1000.0).iter().enumerate() {
                let difference = 0.5 * (high[i] - low[i]);
                assert!((slope / difference - 1.0).abs() < 1e-5);
            }
        }
    }
}
