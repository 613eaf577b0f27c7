//! The slotless surface magnet as a series of harmonics.

use std::f64::consts::PI;

use super::Slotless;

/// Smallest share of the first harmonic that is still added.
const SMALLEST: f64 = 1e-14;

impl Slotless {
    /// Flux density (radial, tangential) at a radius in the gap and an angle from the magnet's
    /// middle, T.
    ///
    /// Internal rotor, radial magnetisation, iron infinitely permeable, more than one pole pair.
    /// Harmonics are added until the radial factor (R_m/r)^(np+1), which only gets smaller, is below
    /// 1e-14: at a distance from the magnet this is the converged sum, without Gibbs oscillation.
    ///
    /// Source: Zhu, Howe, Bolte & Ackermann 1993 (open-circuit field, internal rotor, np ≠ 1),
    /// doi:10.1109/20.195557.
    #[must_use]
    pub fn closed_form(&self, radius_m: f64, angle_rad: f64) -> [f64; 2] {
        let mut b = [0.0; 2];
        let mut n = 1;
        let decay = self.magnet_radius_m / radius_m;
        loop {
            let np = f64::from(n * self.pole_pairs);
            let share = decay.powf(np + 1.0);
            let amplitude = self.harmonic(n);
            let inward = (radius_m / self.bore_radius_m).powf(np - 1.0)
                * (self.magnet_radius_m / self.bore_radius_m).powf(np + 1.0);
            let (sin, cos) = (np * angle_rad).sin_cos();
            b[0] += amplitude * (inward + share) * cos;
            b[1] += amplitude * (share - inward) * sin;
            n += 2;
            if share < SMALLEST || n > 100_000 {
                return b;
            }
        }
    }

    /// Factor of a harmonic that does not depend on the place, T.
    fn harmonic(&self, n: u32) -> f64 {
        let np = f64::from(n * self.pole_pairs);
        let half = f64::from(n) * PI * self.pole_arc / 2.0;
        let magnetisation_t = 2.0 * self.remanence_t * self.pole_arc * half.sin() / half;
        let to = |r: f64, s: f64, power: f64| (r / s).powf(power);
        let (rotor, magnet, bore) = (
            self.rotor_radius_m,
            self.magnet_radius_m,
            self.bore_radius_m,
        );
        let source =
            np - 1.0 + 2.0 * to(rotor, magnet, np + 1.0) - (np + 1.0) * to(rotor, magnet, 2.0 * np);
        let iron = (self.mu_r + 1.0) / self.mu_r * (1.0 - to(rotor, bore, 2.0 * np));
        let ring = (self.mu_r - 1.0) / self.mu_r
            * (to(magnet, bore, 2.0 * np) - to(rotor, magnet, 2.0 * np));
        magnetisation_t / self.mu_r * np / (np * np - 1.0) * source / (iron - ring)
    }
}
