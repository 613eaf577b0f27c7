//! Windage of the rotor; its bearings are those of [`crate::bearing`].

use std::f64::consts::PI;

use codrive_numerics::roots::{Tolerance, bracketed};

pub use crate::bearing::BearingAtSpeed;

/// Kinematic viscosity of air at about 80 °C, m²/s, and its density there, kg/m³.
const AIR_VISCOSITY_M2_PER_S: f64 = 2.1e-5;
const AIR_DENSITY_KG_PER_M3: f64 = 1.0;

/// A cylindrical rotor in its air gap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drum {
    /// Radius, m.
    pub radius_m: f64,
    /// Length, m.
    pub length_m: f64,
    /// Air gap, m.
    pub gap_m: f64,
}

/// Windage loss of a drum in air, W.
///
/// P = π C_d ρ R⁴ ω³ L with 1/√C_d = 2.04 + 1.768 ln(Re √C_d), Re = R ω g/ν. Pyrhönen's form gives
/// less than half of it: the spread of published forms is a factor of three.
///
/// Source: Vrancik 1968, NASA TN D-4849.
#[must_use]
pub fn windage_w(drum: Drum, speed_rad_per_s: f64, density: f64, viscosity: f64) -> f64 {
    let reynolds = drum.radius_m * speed_rad_per_s * drum.gap_m / viscosity;
    if reynolds < 1.0 {
        return 0.0;
    }
    // In s = Re·√C_d: 2.04 + 1.768 ln s − Re/s = 0, rising in s.
    let f = |s: f64| 2.04 + 1.768 * s.ln() - reynolds / s;
    let tolerance = Tolerance {
        x: 1e-9 * reynolds,
        f: 1e-10,
        calls: 40,
    };
    let Some(s) = bracketed(f, 0.3, 10.0 * reynolds, tolerance) else {
        return 0.0;
    };
    let drag = (s / reynolds).powi(2);
    PI * drag * density * drum.radius_m.powi(4) * speed_rad_per_s.powi(3) * drum.length_m
}

/// Windage loss in air at 80 °C, W.
#[must_use]
pub fn windage_in_air_w(drum: Drum, speed_rad_per_s: f64) -> f64 {
    windage_w(
        drum,
        speed_rad_per_s,
        AIR_DENSITY_KG_PER_M3,
        AIR_VISCOSITY_M2_PER_S,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Check values computed from Vrancik's equations: R 72 mm, L 150 mm, gap 0.7 mm. They state
    /// Re = 3676 at 16,000 rpm, so ν = 2.297e-5 m²/s, and C_d = 0.00678, 382.4 W, so 1.0 kg/m³.
    #[test]
    fn windage_reaches_the_check_values() {
        let drum = Drum {
            radius_m: 0.072,
            length_m: 0.150,
            gap_m: 0.7e-3,
        };
        let nu = 0.072 * (16_000.0 * PI / 30.0) * 0.7e-3 / 3676.3;
        let cases = [(8e3, 57.4), (12e3, 173.8), (16e3, 382.4), (20e3, 706.1)];
        let density = {
            let omega: f64 = 16_000.0 * PI / 30.0;
            382.4 / (PI * 0.00678 * 0.072_f64.powi(4) * omega.powi(3) * 0.150)
        };
        for (rpm, expected) in cases {
            let p = windage_w(drum, rpm * PI / 30.0, density, nu);
            assert!((p / expected - 1.0).abs() < 5e-3, "{rpm}: {p} {expected}");
        }
    }

    #[test]
    fn windage_at_standstill_is_nothing() {
        let drum = Drum {
            radius_m: 0.072,
            length_m: 0.150,
            gap_m: 0.7e-3,
        };
        assert_eq!(windage_in_air_w(drum, 0.0), 0.0);
    }
}
