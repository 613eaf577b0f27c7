//! Iron loss p = k_h f^α B^β + k_e f² B² fitted to a table.

use codrive_model::material::SteelLoss;

/// One row of a loss table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LossPoint {
    /// Frequency, Hz.
    pub frequency_hz: f64,
    /// Peak flux density, T.
    pub b_t: f64,
    /// Loss, W/kg.
    pub loss_w_per_kg: f64,
}

/// Fit and the root mean square of its relative errors; `None` for fewer than six points.
///
/// The relative errors are least in the squares: for given exponents the two coefficients follow
/// from linear equations, the exponents from a search on a grid that narrows about its best point.
pub(crate) fn fit(points: &[LossPoint]) -> Option<(SteelLoss, f64)> {
    if points.len() < 6 {
        return None;
    }
    let (mut alpha, mut beta) = (1.3, 2.0);
    let (mut step_alpha, mut step_beta) = (0.1, 0.2);
    let mut best = with_exponents(points, alpha, beta)?;
    for _ in 0..60 {
        let mut moved = false;
        for i in -3_i32..=3 {
            for j in -3_i32..=3 {
                let a = (alpha + f64::from(i) * step_alpha).clamp(0.8, 1.9);
                let b = (beta + f64::from(j) * step_beta).clamp(1.0, 4.0);
                let tried = with_exponents(points, a, b)?;
                if tried.1 < best.1 {
                    best = tried;
                    moved = true;
                }
            }
        }
        (alpha, beta) = (best.0.alpha, best.0.beta);
        if !moved {
            step_alpha /= 3.0;
            step_beta /= 3.0;
        }
    }
    best.1.is_finite().then_some(best)
}

/// Best coefficients for given exponents, none below zero.
fn with_exponents(points: &[LossPoint], alpha: f64, beta: f64) -> Option<(SteelLoss, f64)> {
    let scaled: Vec<[f64; 2]> = points
        .iter()
        .map(|p| {
            let hysteresis = p.frequency_hz.powf(alpha) * p.b_t.powf(beta);
            let eddy = (p.frequency_hz * p.b_t).powi(2);
            [hysteresis / p.loss_w_per_kg, eddy / p.loss_w_per_kg]
        })
        .collect();
    let sum = |f: fn(&[f64; 2]) -> f64| scaled.iter().map(f).sum::<f64>();
    let (xx, xy, yy) = (
        sum(|s| s[0] * s[0]),
        sum(|s| s[0] * s[1]),
        sum(|s| s[1] * s[1]),
    );
    let (x, y) = (sum(|s| s[0]), sum(|s| s[1]));
    let det = xx * yy - xy * xy;
    let (mut k_h, mut k_e) = ((x * yy - y * xy) / det, (y * xx - x * xy) / det);
    if !(k_h.is_finite() && k_e.is_finite()) || k_e < 0.0 {
        (k_h, k_e) = (x / xx, 0.0);
    } else if k_h < 0.0 {
        (k_h, k_e) = (0.0, y / yy);
    }
    #[allow(clippy::cast_precision_loss)]
    let count = scaled.len() as f64;
    let square: f64 = scaled
        .iter()
        .map(|s| (k_h * s[0] + k_e * s[1] - 1.0).powi(2))
        .sum();
    let loss = SteelLoss {
        k_h,
        alpha,
        beta,
        k_e,
        k_exc: 0.0,
    };
    (k_h.is_finite() && k_e.is_finite()).then_some((loss, (square / count).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table made of known coefficients gives them back.
    #[test]
    fn known_coefficients_are_found_again() {
        let (k_h, alpha, beta, k_e) = (0.0093, 1.194, 1.853, 2.3e-5);
        let mut points = Vec::new();
        for f in [50.0_f64, 200.0, 400.0, 1000.0, 2500.0] {
            for b in [0.2_f64, 0.5, 1.0, 1.4] {
                points.push(LossPoint {
                    frequency_hz: f,
                    b_t: b,
                    loss_w_per_kg: k_h * f.powf(alpha) * b.powf(beta) + k_e * (f * b).powi(2),
                });
            }
        }
        let (loss, rms) = fit(&points).unwrap();
        assert!(rms < 1e-3, "{rms} {loss:?}");
        assert!(
            (loss.alpha - alpha).abs() < 0.01 && (loss.beta - beta).abs() < 0.01,
            "{loss:?}"
        );
        assert!((loss.k_e / k_e - 1.0).abs() < 0.05, "{loss:?}");
        assert!(fit(&points[..5]).is_none());
    }
}
