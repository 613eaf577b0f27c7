//! The magnetisation curve as the solver needs it: h(b), its slope and its energy.

use codrive_model::material::Steel;

use crate::error::FieldError;

/// Magnetic constant, V·s/(A·m) (CODATA 2018; 4π·10⁻⁷ within 1e-9).
pub const MU_0: f64 = 1.256_637_062e-6;

/// Lookup intervals over the table, so that finding a knot costs nothing.
const LOOKUP: usize = 1024;

/// h(b) of a lamination stack by monotone cubic interpolation (Fritsch & Carlson 1980).
///
/// Beyond the table h continues with slope 1/μ0, and energy and slope with it, so that the energy
/// stays convex and Newton's method keeps its order.
#[derive(Clone, Debug)]
pub struct MagnetisationCurve {
    b: Vec<f64>,
    h: Vec<f64>,
    slope: Vec<f64>,
    energy: Vec<f64>,
    lookup: Vec<u32>,
    per_tesla: f64,
}

/// What the curve says at one flux density.
#[derive(Clone, Copy, Debug)]
pub struct CurvePoint {
    /// Reluctivity h/b, A·m/(V·s).
    pub nu: f64,
    /// Slope dh/db, A·m/(V·s).
    pub slope: f64,
    /// Energy density ∫ h db, J/m³.
    pub energy: f64,
}

impl MagnetisationCurve {
    /// The curve of a stack with a share `stacking` of steel: at equal h the flux densities add,
    /// b = k·b_steel + (1 − k)·μ0·h.
    ///
    /// # Errors
    /// The table is not a magnetisation curve.
    pub fn new(steel: &Steel, stacking: f64) -> Result<Self, FieldError> {
        check(steel)?;
        let (mut b, mut h) = (vec![0.0], vec![0.0]);
        for (bs, hs) in steel
            .b_t
            .iter()
            .zip(&steel.h_a_per_m)
            .filter(|(bs, _)| **bs > 0.0)
        {
            b.push(stacking * bs + (1.0 - stacking) * MU_0 * hs);
            h.push(*hs);
        }
        let slope = pchip_slopes(&b, &h);
        let mut energy = vec![0.0];
        for i in 0..b.len() - 1 {
            let w = b[i + 1] - b[i];
            let step = w * (h[i] + h[i + 1]) / 2.0 + w * w * (slope[i] - slope[i + 1]) / 12.0;
            energy.push(energy[i] + step);
        }
        #[allow(clippy::cast_precision_loss)]
        let per_tesla = LOOKUP as f64 / b[b.len() - 1];
        let lookup = (0..LOOKUP)
            .map(|k| {
                #[allow(clippy::cast_precision_loss)]
                let low = k as f64 / per_tesla;
                #[allow(clippy::cast_possible_truncation)]
                let knot = b
                    .partition_point(|x| *x <= low)
                    .saturating_sub(1)
                    .min(b.len() - 2) as u32;
                knot
            })
            .collect();
        Ok(Self {
            b,
            h,
            slope,
            energy,
            lookup,
            per_tesla,
        })
    }

    /// The curve at a flux density b ≥ 0.
    #[must_use]
    #[inline]
    pub fn at(&self, b: f64) -> CurvePoint {
        let last = self.b.len() - 1;
        if b >= self.b[last] {
            let over = b - self.b[last];
            let h = self.h[last] + over / MU_0;
            let energy = self.energy[last] + over * (self.h[last] + h) / 2.0;
            return CurvePoint {
                nu: h / b,
                slope: 1.0 / MU_0,
                energy,
            };
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let mut i = self.lookup[((b * self.per_tesla) as usize).min(LOOKUP - 1)] as usize;
        while i + 1 < last && b > self.b[i + 1] {
            i += 1;
        }
        let w = self.b[i + 1] - self.b[i];
        let s = b - self.b[i];
        let secant = (self.h[i + 1] - self.h[i]) / w;
        let c2 = (3.0 * secant - 2.0 * self.slope[i] - self.slope[i + 1]) / w;
        let c3 = (self.slope[i] + self.slope[i + 1] - 2.0 * secant) / (w * w);
        let h = self.h[i] + s * (self.slope[i] + s * (c2 + s * c3));
        let slope = self.slope[i] + s * (2.0 * c2 + 3.0 * s * c3);
        let energy = self.energy[i]
            + s * (self.h[i] + s * (self.slope[i] / 2.0 + s * (c2 / 3.0 + s * c3 / 4.0)));
        CurvePoint {
            nu: if b > 1e-12 { h / b } else { self.slope[0] },
            slope,
            energy,
        }
    }
}

fn check(steel: &Steel) -> Result<(), FieldError> {
    let error = |reason: &str| {
        Err(FieldError::Steel {
            steel: steel.name.clone(),
            reason: reason.to_owned(),
        })
    };
    if steel.b_t.len() != steel.h_a_per_m.len() || steel.b_t.len() < 4 {
        return error(
            "the magnetisation curve needs at least four points, b and h in equal number",
        );
    }
    let rising = |v: &[f64]| {
        v.windows(2).all(|w| w[1] > w[0]) && v.iter().all(|x| x.is_finite() && *x >= 0.0)
    };
    if !rising(&steel.b_t) || !rising(&steel.h_a_per_m) {
        return error("b and h must rise from point to point");
    }
    let (b, h) = (
        steel.b_t[steel.b_t.len() - 1],
        steel.h_a_per_m[steel.h_a_per_m.len() - 1],
    );
    if h < 1.0 || b < MU_0 * h {
        return error("the last point of the curve has less flux density than vacuum");
    }
    Ok(())
}

/// Slopes of the monotone cubic (Fritsch & Butland 1984 weights, as scipy's `PchipInterpolator`).
fn pchip_slopes(x: &[f64], y: &[f64]) -> Vec<f64> {
    let n = x.len();
    let w: Vec<f64> = x.windows(2).map(|p| p[1] - p[0]).collect();
    let d: Vec<f64> = (0..n - 1).map(|i| (y[i + 1] - y[i]) / w[i]).collect();
    let mut slope = vec![0.0; n];
    for i in 1..n - 1 {
        let (w1, w2) = (2.0 * w[i] + w[i - 1], w[i] + 2.0 * w[i - 1]);
        slope[i] = (w1 + w2) / (w1 / d[i - 1] + w2 / d[i]);
    }
    let first = ((2.0 * w[0] + w[1]) * d[0] - w[0] * d[1]) / (w[0] + w[1]);
    slope[0] = first.clamp(0.1 * d[0], 3.0 * d[0]);
    slope[n - 1] = (1.0 / MU_0).clamp(0.1 * d[n - 2], 3.0 * d[n - 2]);
    slope
}

#[cfg(test)]
mod tests {
    use super::*;
    use codrive_model::material::SteelLoss;

    fn steel() -> Steel {
        Steel {
            name: "test".into(),
            source: String::new(),
            b_t: vec![0.0, 0.5, 1.0, 1.5, 1.8, 2.1],
            h_a_per_m: vec![0.0, 100.0, 250.0, 2450.0, 12_000.0, 60_000.0],
            density_kg_per_m3: 7650.0,
            yield_pa: 4e8,
            loss: SteelLoss {
                k_h: 0.0,
                alpha: 1.0,
                beta: 2.0,
                k_e: 0.0,
            },
        }
    }

    #[test]
    fn slope_and_energy_are_derivatives_of_the_same_curve_also_past_the_table() {
        let curve = MagnetisationCurve::new(&steel(), 0.95).unwrap();
        for i in 1..300 {
            let b = 0.01 * f64::from(i) + 0.003;
            let e = 1e-6;
            let (low, mid, high) = (curve.at(b - e), curve.at(b), curve.at(b + e));
            let h = mid.nu * b;
            assert!(
                ((high.energy - low.energy) / (2.0 * e) - h).abs() < 1e-3 * h + 1e-3,
                "energy at {b}"
            );
            let slope = (high.nu * (b + e) - low.nu * (b - e)) / (2.0 * e);
            assert!((slope - mid.slope).abs() < 2e-2 * mid.slope, "slope at {b}");
            assert!(mid.slope > 0.0);
        }
    }

    #[test]
    fn a_falling_table_is_refused() {
        let mut bad = steel();
        bad.h_a_per_m[3] = 10.0;
        assert!(MagnetisationCurve::new(&bad, 1.0).is_err());
    }
}
