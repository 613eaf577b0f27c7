//! Roots of functions of one variable inside a bracket.

/// When to stop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// Width of the bracket at which the root is good enough.
    pub x: f64,
    /// Absolute value of the function at which the root is good enough.
    pub f: f64,
    /// Most function calls after the two at the ends.
    pub calls: usize,
}

/// The root of `f` between `a` and `b`; `None` where both ends have the same sign or a value is
/// not a number.
///
/// Regula falsi with the Anderson–Björck step: superlinear, never leaves the bracket. After the
/// allowed calls the best point so far is the answer; with 60 calls it is a root to rounding.
///
/// Source: Anderson & Björck 1973, doi:10.1007/BF01951936.
pub fn bracketed(
    mut f: impl FnMut(f64) -> f64,
    a: f64,
    b: f64,
    tolerance: Tolerance,
) -> Option<f64> {
    let (fa, fb) = (f(a), f(b));
    bracketed_from(f, (a, fa), (b, fb), tolerance)
}

/// [`bracketed`] where the values at both ends are known already.
pub fn bracketed_from(
    mut f: impl FnMut(f64) -> f64,
    a: (f64, f64),
    b: (f64, f64),
    tolerance: Tolerance,
) -> Option<f64> {
    let ((mut x0, mut f0), (mut x1, mut f1)) = (a, b);
    let mut weight = f0;
    if f0 == 0.0 {
        return Some(x0);
    }
    // x1 is always the newest point, x0 the one across the root, `weight` its adjusted value.
    for call in 0..=tolerance.calls {
        if !(f0.is_finite() && f1.is_finite()) || f0 * f1 > 0.0 {
            return None;
        }
        if f1.abs() <= tolerance.f || (x1 - x0).abs() <= tolerance.x || call == tolerance.calls {
            break;
        }
        let x = step(call, (x0, weight), (x1, f1));
        let fx = f(x);
        if fx * f1 < 0.0 {
            (x0, f0, weight) = (x1, f1, f1);
        } else {
            let m = 1.0 - fx / f1;
            weight *= if m > 0.0 { m } else { 0.5 };
        }
        (x1, f1) = (x, fx);
    }
    Some(if f0.abs() < f1.abs() { x0 } else { x1 })
}

/// The secant point, or the middle at each fifth call and where the secant leaves the bracket.
fn step(call: usize, (x0, f0): (f64, f64), (x1, f1): (f64, f64)) -> f64 {
    let secant = x1 - f1 * (x1 - x0) / (f1 - f0);
    let (low, high) = if x0 < x1 { (x0, x1) } else { (x1, x0) };
    if call % 5 == 4 || !(low..=high).contains(&secant) {
        0.5 * (x0 + x1)
    } else {
        secant
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: Tolerance = Tolerance {
        x: 1e-14,
        f: 1e-14,
        calls: 60,
    };

    #[test]
    fn roots_are_found_to_rounding_in_few_calls() {
        let mut calls = 0;
        let root = bracketed(
            |x| {
                calls += 1;
                x.powi(3) - 2.0
            },
            0.0,
            10.0,
            FINE,
        );
        assert!((root.unwrap() - 2.0_f64.cbrt()).abs() < 1e-12);
        assert!(calls < 25, "{calls}");
        let root = bracketed(|x| x.exp() - 1e6, 0.0, 100.0, FINE).unwrap();
        assert!((root - 1e6_f64.ln()).abs() < 1e-9);
    }

    #[test]
    fn a_bracket_without_a_change_of_sign_has_no_root() {
        assert_eq!(bracketed(|x| x * x + 1.0, -1.0, 1.0, FINE), None);
        assert_eq!(bracketed(|_| f64::NAN, -1.0, 1.0, FINE), None);
        assert_eq!(bracketed(|x| x, 0.0, 1.0, FINE), Some(0.0));
        assert_eq!(bracketed(|x| x - 1.0, 0.0, 1.0, FINE), Some(1.0));
    }
}
