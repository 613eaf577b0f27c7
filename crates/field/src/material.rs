//! The magnetisation curve as the solver needs it: h(b), its slope and its energy.

use codrive_model::material::Steel;
use pulp::Simd;

use crate::error::FieldError;
use crate::solve::lanes::{F64, LANES, as_doubles, as_doubles_mut, doubles};

/// Magnetic constant, V·s/(A·m) (CODATA 2018; 4π·10⁻⁷ within 1e-9).
pub const MU_0: f64 = 1.256_637_062e-6;

/// Equal intervals over the table.
const INTERVALS: usize = 1024;
/// h/b at b = 0 is the slope; a billionth of a tesla stands for it.
const LEAST_FLUX_T: f64 = 1e-9;
/// Added to a small number this leaves the nearest whole one in the lowest bits.
const WHOLE: f64 = 1.5 * (1_u64 << 52) as f64;

/// h(b) of a lamination stack: monotone cubic interpolation of the table (Fritsch & Butland 1984),
/// brought onto equal intervals of flux density with value and slope, so that finding a place costs
/// nothing.
///
/// Beyond the table h continues with slope 1/μ0, and energy and slope with it, so that the energy
/// stays convex and Newton's method keeps its order.
#[derive(Clone, Debug)]
pub struct MagnetisationCurve {
    /// h = c0 + s (c1 + s (c2 + s c3)) and the energy at the start of each interval; the last is open.
    intervals: Vec<[f64; 5]>,
    step: f64,
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
        #[allow(clippy::cast_precision_loss)]
        let step = b[b.len() - 1] / INTERVALS as f64;
        let mut nodes: Vec<[f64; 2]> = (0..=INTERVALS)
            .map(|k| {
                #[allow(clippy::cast_precision_loss)]
                let at = step * k as f64;
                hermite(&b, &h, &slope, at)
            })
            .collect();
        nodes[0][0] = 0.0;
        nodes[INTERVALS][0] = h[h.len() - 1];
        let mut intervals = Vec::with_capacity(INTERVALS + 1);
        let mut energy = 0.0;
        for pair in nodes.windows(2) {
            let ([h0, d0], [h1, d1]) = (pair[0], pair[1]);
            // A cubic is monotone if its end slopes are at most three times the secant.
            let secant = (h1 - h0) / step;
            let (d0, d1) = (d0.min(3.0 * secant), d1.min(3.0 * secant));
            let c2 = (3.0 * secant - 2.0 * d0 - d1) / step;
            let c3 = (d0 + d1 - 2.0 * secant) / (step * step);
            intervals.push([h0, d0, c2, c3, energy]);
            energy += step * ((h0 + h1) / 2.0 + step * (d0 - d1) / 12.0);
        }
        intervals.push([h[h.len() - 1], 1.0 / MU_0, 0.0, 0.0, energy]);
        Ok(Self {
            intervals,
            step,
            per_tesla: 1.0 / step,
        })
    }

    /// The curve at a flux density b ≥ 0.
    #[must_use]
    #[inline(always)]
    pub fn at(&self, b: f64) -> CurvePoint {
        let b = b.max(LEAST_FLUX_T);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let i = ((b * self.per_tesla) as usize).min(INTERVALS);
        #[allow(clippy::cast_precision_loss)]
        let s = b - self.step * i as f64;
        let [c0, c1, c2, c3, energy] = self.intervals[i];
        CurvePoint {
            nu: (c0 + s * (c1 + s * (c2 + s * c3))) / b,
            slope: c1 + s * (2.0 * c2 + 3.0 * s * c3),
            energy: energy + s * (c0 + s * (c1 / 2.0 + s * (c2 / 3.0 + s * c3 / 4.0))),
        }
    }

    /// Finds the interval of sixteen flux densities.
    #[inline(always)]
    pub(crate) fn find<S: Simd>(&self, simd: S, b: &[F64; 2], place: &mut Place) {
        let splat = |v: f64| simd.splat_f64s(v);
        let w = doubles::<S>();
        for c in 0..w {
            let [x, y] = [0, 1].map(|k| as_doubles::<S>(std::slice::from_ref(&b[k]))[c]);
            let square = simd.mul_add_f64s(x, x, simd.mul_f64s(y, y));
            let size = simd.sqrt_f64s(simd.max_f64s(square, splat(LEAST_FLUX_T * LEAST_FLUX_T)));
            #[allow(clippy::cast_precision_loss)]
            let last = splat(INTERVALS as f64);
            let at = simd.min_f64s(simd.mul_f64s(size, splat(self.per_tesla)), last);
            let whole = simd.add_f64s(simd.sub_f64s(at, splat(0.5)), splat(WHOLE));
            let from = simd.mul_f64s(simd.sub_f64s(whole, splat(WHOLE)), splat(self.step));
            let beyond = simd.sub_f64s(size, from);
            let rows = [&mut place.size, &mut place.beyond, &mut place.whole];
            for (row, value) in rows.into_iter().zip([size, beyond, whole]) {
                as_doubles_mut::<S>(std::slice::from_mut(row))[c] = value;
            }
        }
    }

    /// Reads the interval that [`MagnetisationCurve::find`] asks for.
    #[inline(always)]
    pub(crate) fn read(&self, place: &mut Place) {
        for l in 0..LANES {
            #[allow(clippy::cast_possible_truncation)]
            let i = place.whole.0[l].to_bits().wrapping_sub(WHOLE.to_bits()) as usize;
            for (row, value) in place.row.iter_mut().zip(self.intervals[i.min(INTERVALS)]) {
                row.0[l] = value;
            }
        }
    }
}

/// Sixteen flux densities on the curve. Finding, reading and evaluating are apart, so that many can be
/// read before the first is evaluated: a vector must not be loaded right after its sixteen parts were stored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    size: F64,
    /// Flux density beyond the start of the interval, T.
    beyond: F64,
    /// Number of the interval, plus [`WHOLE`].
    whole: F64,
    row: [F64; 5],
}

impl Place {
    pub(crate) const NONE: Self = Self {
        size: F64::ZERO,
        beyond: F64::ZERO,
        whole: F64::ZERO,
        row: [F64::ZERO; 5],
    };

    /// Reluctivity, (dh/db − ν)/b² and energy density, vector `c` of each row.
    #[inline(always)]
    pub(crate) fn evaluate<S: Simd>(&self, simd: S, c: usize) -> [S::f64s; 3] {
        let at = |row: &F64| as_doubles::<S>(std::slice::from_ref(row))[c];
        let splat = |v: f64| simd.splat_f64s(v);
        let [c0, c1, c2, c3, e0] = [0, 1, 2, 3, 4].map(|k| at(&self.row[k]));
        let b = at(&self.size);
        let s = at(&self.beyond);
        let upper = simd.mul_add_f64s(s, c3, c2);
        let h = simd.mul_add_f64s(s, simd.mul_add_f64s(s, upper, c1), c0);
        let bend = simd.mul_f64s(splat(2.0), c2);
        let bend = simd.mul_add_f64s(simd.mul_f64s(splat(3.0), s), c3, bend);
        let slope = simd.mul_add_f64s(s, bend, c1);
        let e = simd.mul_f64s(splat(1.0 / 3.0), c2);
        let e = simd.mul_add_f64s(s, simd.mul_f64s(splat(0.25), c3), e);
        let e = simd.mul_add_f64s(s, e, simd.mul_f64s(splat(0.5), c1));
        let energy = simd.mul_add_f64s(s, simd.mul_add_f64s(s, e, c0), e0);
        let inverse = simd.div_f64s(splat(1.0), b);
        let nu = simd.mul_f64s(h, inverse);
        let extra = simd.mul_f64s(simd.sub_f64s(slope, nu), simd.mul_f64s(inverse, inverse));
        [nu, extra, energy]
    }
}

/// Value and slope of a piecewise cubic at `x` within the table.
fn hermite(x: &[f64], y: &[f64], slope: &[f64], at: f64) -> [f64; 2] {
    let i = x
        .partition_point(|k| *k <= at)
        .saturating_sub(1)
        .min(x.len() - 2);
    let (w, s) = (x[i + 1] - x[i], at - x[i]);
    let secant = (y[i + 1] - y[i]) / w;
    let c2 = (3.0 * secant - 2.0 * slope[i] - slope[i + 1]) / w;
    let c3 = (slope[i] + slope[i + 1] - 2.0 * secant) / (w * w);
    [
        y[i] + s * (slope[i] + s * (c2 + s * c3)),
        slope[i] + s * (2.0 * c2 + 3.0 * s * c3),
    ]
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
            young_modulus_pa: None,
            poisson_ratio: None,
            loss_table: None,
            loss: SteelLoss {
                k_h: 0.0,
                alpha: 1.0,
                beta: 2.0,
                k_e: 0.0,
                k_exc: 0.0,
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
