//! Time from one speed to another.

use codrive_numerics::roots::{Tolerance, bracketed};

/// Steps of the integral over speed.
pub(crate) const STEPS: usize = 48;

/// 100 km/h in m/s.
pub(crate) const KM_PER_H_100: f64 = 100.0 / 3.6;
/// 120 km/h in m/s.
pub(crate) const KM_PER_H_120: f64 = 120.0 / 3.6;
/// 80 km/h in m/s.
pub(crate) const KM_PER_H_80: f64 = 80.0 / 3.6;

/// Time from `from` to `to`, s: T = ∫ dv / a(v), by the midpoint rule; infinite where the
/// acceleration (m/s², of speed in m/s) is not above zero.
///
/// The midpoint rule with 48 steps is within 0.1 % for envelopes of constant force and constant
/// power (tested).
pub(crate) fn time_s(from: f64, to: f64, acceleration: impl FnMut(f64) -> f64) -> f64 {
    over_acceleration(from, to, acceleration, |_| 1.0)
}

/// Time to a speed by a clock that starts when the car has rolled a way from standstill, s; infinite where the speed
/// is not reached, or sooner than the way is rolled.
///
/// The way to the speed v is s = ∫ v dv / a(v).
pub(crate) fn time_after_rollout_s(
    rollout_m: f64,
    to: f64,
    acceleration: impl Fn(f64) -> f64,
) -> f64 {
    let missing_m = |v: f64| over_acceleration(0.0, v, &acceleration, |v| v) - rollout_m;
    let tolerance = Tolerance {
        x: 1e-9,
        f: 1e-9,
        calls: 60,
    };
    bracketed(missing_m, 0.0, to, tolerance)
        .map_or(f64::INFINITY, |rolling| time_s(rolling, to, &acceleration))
}

/// ∫ f(v) dv / a(v) by the midpoint rule; infinite where a(v) is not above zero.
fn over_acceleration(
    from: f64,
    to: f64,
    mut acceleration: impl FnMut(f64) -> f64,
    f: impl Fn(f64) -> f64,
) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let step = (to - from) / STEPS as f64;
    let mut sum = 0.0;
    for i in 0..STEPS {
        #[allow(clippy::cast_precision_loss)]
        let v = from + (i as f64 + 0.5) * step;
        let a = acceleration(v);
        if a <= 0.0 {
            return f64::INFINITY;
        }
        sum += f(v) / a;
    }
    sum * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_force_takes_speed_over_acceleration() {
        assert!((time_s(0.0, KM_PER_H_100, |_| 4.0) - KM_PER_H_100 / 4.0).abs() < 1e-12);
        assert_eq!(time_s(0.0, 1.0, |v| 0.5 - v), f64::INFINITY);
    }

    /// v² = 2·a·s where the clock starts, and (v_to − v)/a from there.
    #[test]
    fn a_rolling_start_has_its_closed_form() {
        let (a, foot_m) = (4.0_f64, 0.3048);
        let exact = (KM_PER_H_100 - (2.0 * a * foot_m).sqrt()) / a;
        let found = time_after_rollout_s(foot_m, KM_PER_H_100, |_| a);
        assert!((found - exact).abs() < 1e-8, "{found} {exact}");
        assert_eq!(time_after_rollout_s(1e3, 1.0, |_| a), f64::INFINITY);
        assert_eq!(time_after_rollout_s(0.1, 1.0, |v| 0.5 - v), f64::INFINITY);
    }

    #[test]
    fn constant_force_then_constant_power_has_its_closed_form() {
        // T = m·v_c/F + m·(v² − v_c²)/(2·P), v_c = P/F.
        let (m, f, p) = (1400.0, 7000.0, 120e3);
        let corner: f64 = p / f;
        let exact = m * corner / f + m * (KM_PER_H_100.powi(2) - corner.powi(2)) / (2.0 * p);
        let found = time_s(0.0, KM_PER_H_100, |v| f.min(p / v) / m);
        assert!((found / exact - 1.0).abs() < 1e-3, "{found} {exact}");
    }
}
