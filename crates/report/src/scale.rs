//! From values to pixels, and ticks at round values.

use crate::number;

/// A linear scale from a domain to pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Linear {
    low: f64,
    high: f64,
    first_px: f64,
    last_px: f64,
}

impl Linear {
    /// `low..high` onto `first_px..last_px`; an empty or undefined domain becomes 0 to 1.
    pub(crate) fn new(low: f64, high: f64, first_px: f64, last_px: f64) -> Self {
        let valid = low.is_finite() && high.is_finite() && high > low;
        let (low, high) = if valid { (low, high) } else { (0.0, 1.0) };
        Self {
            low,
            high,
            first_px,
            last_px,
        }
    }

    /// Pixel of a value.
    pub(crate) fn px(&self, value: f64) -> f64 {
        let t = (value - self.low) / (self.high - self.low);
        self.first_px + t * (self.last_px - self.first_px)
    }

    /// Lower end of the domain.
    pub(crate) fn low(&self) -> f64 {
        self.low
    }

    /// Upper end of the domain.
    pub(crate) fn high(&self) -> f64 {
        self.high
    }

    /// Round values inside the domain, about `target` of them, with their labels.
    pub(crate) fn ticks(&self, target: usize) -> Vec<(f64, String)> {
        let step = round_step((self.high - self.low) / target.max(1) as f64);
        let decimals = (0..9)
            .find(|d| is_whole(step * 10f64.powi(*d)))
            .unwrap_or(9) as usize;
        let first = (self.low / step - 1e-9).ceil();
        let last = (self.high / step + 1e-9).floor();
        let steps = (last - first).clamp(0.0, 200.0) as usize;
        (0..=steps)
            .map(|k| (first + k as f64) * step)
            .map(|value| (value, number::fixed(value, decimals)))
            .collect()
    }
}

fn is_whole(x: f64) -> bool {
    (x - x.round()).abs() < 1e-6 * x.abs().max(1.0)
}

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `rough`.
pub(crate) fn round_step(rough: f64) -> f64 {
    if !(rough.is_finite() && rough > 0.0) {
        return 1.0;
    }
    let power = 10f64.powi(rough.log10().floor() as i32);
    let factor = [1.0, 2.0, 2.5, 5.0]
        .into_iter()
        .find(|f| f * power >= rough * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * power
}

/// The next round value at or above `value`, as the end of an axis with about `target` ticks.
pub(crate) fn round_up(value: f64, target: usize) -> f64 {
    if !(value.is_finite() && value > 0.0) {
        return 1.0;
    }
    let step = round_step(value / target.max(1) as f64);
    (value / step - 1e-9).ceil() * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        let labels: Vec<_> = Linear::new(0.0, 1_430.0, 0.0, 1.0)
            .ticks(6)
            .into_iter()
            .map(|t| t.1)
            .collect();
        assert_eq!(
            labels,
            ["0", "250", "500", "750", "1\u{202f}000", "1\u{202f}250"]
        );
    }

    #[test]
    fn an_empty_domain_has_no_undefined_pixel() {
        for (low, high) in [(1.0, 1.0), (f64::NAN, 2.0), (0.0, f64::INFINITY)] {
            assert!(Linear::new(low, high, 10.0, 20.0).px(0.5).is_finite());
        }
    }

    #[test]
    fn axes_end_at_round_values() {
        assert_eq!(round_up(3_410.0, 5), 4_000.0);
        assert_eq!(round_up(1.01, 5), 1.25);
    }
}
