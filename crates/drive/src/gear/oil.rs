//! Transmission oil: viscosity and density over temperature, and what it costs to move it.

use codrive_model::gear_set::{Bath, Oil};

/// Gravity, m/s².
const GRAVITY: f64 = 9.806_65;
/// Change of the density, kg/(m³·K).
const DENSITY_PER_K: f64 = -0.7;
/// Reynolds numbers Ω R b/ν between which churning goes from viscous to inertial.
const VISCOUS_REYNOLDS: f64 = 6_000.0;
const INERTIAL_REYNOLDS: f64 = 9_000.0;

/// An oil at a temperature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OilAt {
    /// Kinematic viscosity, m²/s.
    pub viscosity_m2_per_s: f64,
    /// Density, kg/m³.
    pub density_kg_per_m3: f64,
    /// Factor X_L of the mesh friction.
    pub friction_factor: f64,
}

impl OilAt {
    /// lg lg (ν + 0.8) is linear in lg T, with ν in mm²/s.
    ///
    /// Source: Ubbelohde-Walther, DIN 51563:2011.
    #[must_use]
    pub fn new(oil: &Oil, temperature_k: f64) -> Self {
        let w = |nu: f64| (nu * 1e6 + 0.8).log10().log10();
        let (cold, hot) = (313.15_f64.log10(), 373.15_f64.log10());
        let (w_40, w_100) = (w(oil.viscosity_40_m2_per_s), w(oil.viscosity_100_m2_per_s));
        let at = w_40 + (w_100 - w_40) / (hot - cold) * (temperature_k.log10() - cold);
        Self {
            viscosity_m2_per_s: (10.0_f64.powf(10.0_f64.powf(at)) - 0.8) * 1e-6,
            density_kg_per_m3: oil.density_15_kg_per_m3 + DENSITY_PER_K * (temperature_k - 288.15),
            friction_factor: oil.friction_factor,
        }
    }

    /// Dynamic viscosity, mPa·s.
    #[must_use]
    pub fn dynamic_mpas(&self) -> f64 {
        self.viscosity_m2_per_s * self.density_kg_per_m3 * 1e3
    }
}

/// A wheel, or a carrier with its planets, that dips into a sump.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dipping {
    /// Pitch radius; outer radius of a carrier with planets, m.
    pub radius_m: f64,
    /// Face width; width of both planets of a carrier, m.
    pub width_m: f64,
    /// The sump.
    pub bath: Bath,
}

impl Dipping {
    /// Churning torque at its shaft, N·m: ½ ρ Ω² R³ S C with the wetted surface
    /// S = R² (2θ − sin 2θ) + 2 R b θ, cos θ = 1 − h/R, and with D = 2R, Fr = Ω² R/g
    ///
    /// - below Re = Ω R b/ν = 6,000: C = 1.366 (h/D)^0.45 (V/D³)^0.1 Fr^−0.6 Re_R^−0.21, Re_R = Ω R²/ν;
    /// - above 9,000: C = 3.644 (h/D)^0.1 (V/D³)^−0.35 Fr^−0.88 (b/D)^0.85; linear in Re between.
    ///
    /// One wheel in a wide housing, level at rest; close walls lower it.
    ///
    /// Source: Changenet & Velex 2007, A model for the prediction of churning losses in geared
    /// transmissions, J. Mech. Des. 129(1), 128–133.
    #[must_use]
    pub fn torque_nm(&self, oil: &OilAt, speed_rad_per_s: f64) -> f64 {
        if speed_rad_per_s <= 0.0 {
            return 0.0;
        }
        let (r, b) = (self.radius_m, self.width_m);
        let reynolds = speed_rad_per_s * r * b / oil.viscosity_m2_per_s;
        let inertial = (reynolds - VISCOUS_REYNOLDS) / (INERTIAL_REYNOLDS - VISCOUS_REYNOLDS);
        let share = inertial.clamp(0.0, 1.0);
        let coefficient = if share == 0.0 {
            self.viscous(oil, speed_rad_per_s)
        } else if share == 1.0 {
            self.inertial(speed_rad_per_s)
        } else {
            let (low, high) = (
                self.viscous(oil, speed_rad_per_s),
                self.inertial(speed_rad_per_s),
            );
            low + (high - low) * share
        };
        let pressure = 0.5 * oil.density_kg_per_m3 * speed_rad_per_s * speed_rad_per_s;
        pressure * r.powi(3) * self.wetted_m2() * coefficient
    }

    fn wetted_m2(&self) -> f64 {
        let (r, b) = (self.radius_m, self.width_m);
        let theta = (1.0 - self.bath.immersion_m / r).clamp(-1.0, 1.0).acos();
        r * r * (2.0 * theta - (2.0 * theta).sin()) + 2.0 * r * b * theta
    }

    fn froude(&self, speed_rad_per_s: f64) -> f64 {
        speed_rad_per_s * speed_rad_per_s * self.radius_m / GRAVITY
    }

    fn viscous(&self, oil: &OilAt, speed_rad_per_s: f64) -> f64 {
        let d = 2.0 * self.radius_m;
        let reynolds = speed_rad_per_s * self.radius_m.powi(2) / oil.viscosity_m2_per_s;
        1.366
            * (self.bath.immersion_m / d).powf(0.45)
            * (self.bath.volume_m3 / d.powi(3)).powf(0.1)
            * self.froude(speed_rad_per_s).powf(-0.6)
            * reynolds.powf(-0.21)
    }

    fn inertial(&self, speed_rad_per_s: f64) -> f64 {
        let d = 2.0 * self.radius_m;
        3.644
            * (self.bath.immersion_m / d).powf(0.1)
            * (self.bath.volume_m3 / d.powi(3)).powf(-0.35)
            * self.froude(speed_rad_per_s).powf(-0.88)
            * (self.width_m / d).powf(0.85)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The oil's own data sheet: 30.8 mm²/s at 40 °C, 5.9 at 100 °C; TUM's model notes 9.12 mm²/s at
    /// 80 °C and 7.25 at 90 °C from the same formula.
    #[test]
    fn viscosity_goes_through_the_data_sheet() {
        let nu =
            |celsius: f64| OilAt::new(&Oil::default(), celsius + 273.15).viscosity_m2_per_s * 1e6;
        for (celsius, expected) in [(40.0, 30.8), (100.0, 5.9), (80.0, 9.12), (90.0, 7.25)] {
            assert!(
                (nu(celsius) / expected - 1.0).abs() < 5e-3,
                "{celsius}: {}",
                nu(celsius)
            );
        }
        assert!(nu(-20.0) > 400.0);
    }

    fn wheel(immersion_m: f64) -> Dipping {
        Dipping {
            radius_m: 0.1,
            width_m: 0.04,
            bath: Bath {
                volume_m3: 1.2e-3,
                immersion_m,
            },
        }
    }

    /// Worked by hand: R 100 mm, b 40 mm, h 30 mm, 1.2 L, 100 rad/s. θ = 0.7954, S = 0.01226 m²,
    /// Fr = 101.97, C = 0.02546; with 822.6 kg/m³ T = 1.284 N·m.
    #[test]
    fn churning_follows_the_equation() {
        let oil = OilAt {
            viscosity_m2_per_s: 21e-6,
            density_kg_per_m3: 822.6,
            friction_factor: 0.75,
        };
        let ours = wheel(0.03).torque_nm(&oil, 100.0);
        assert!((ours - 1.284).abs() < 0.005, "{ours}");
    }

    #[test]
    fn churning_rises_with_speed_depth_and_is_without_steps() {
        let warm = OilAt::new(&Oil::default(), 333.15);
        let cold = OilAt::new(&Oil::default(), 273.15);
        let at = |speed: f64| wheel(0.03).torque_nm(&warm, speed);
        assert!(at(0.0) == 0.0 && at(120.0) > at(60.0));
        assert!(wheel(0.05).torque_nm(&warm, 100.0) > at(100.0));
        // Cold oil at low speed is in the viscous regime: thicker costs more.
        let viscous = |oil: &OilAt| wheel(0.03).torque_nm(oil, 10.0);
        assert!(viscous(&cold) > viscous(&warm));
        for re in [VISCOUS_REYNOLDS, INERTIAL_REYNOLDS] {
            let speed = re * warm.viscosity_m2_per_s / (0.1 * 0.04);
            let step = at(speed * (1.0 + 1e-9)) / at(speed * (1.0 - 1e-9)) - 1.0;
            assert!(step.abs() < 1e-6, "{step}");
        }
    }
}
