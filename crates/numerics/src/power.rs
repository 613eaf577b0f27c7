//! Powers in single precision that give the same bits on every machine and run in vector registers.

/// x^a for x ≥ 0; the relative error is below 1.5·10⁻⁷ (2 + |a log₂ x|): the rounding of the exponent
/// enters with ln 2.
///
/// 2^(a log₂ x): log₂ from the odd series of artanh on [√½, √2), 2^y from the series of the
/// exponential on [−½, ½]. The result is 0 for x = 0 and stays within 2^±126.
#[must_use]
#[inline(always)]
pub fn power(x: f32, a: f32) -> f32 {
    let y = (a * log2(x)).clamp(-126.0, 126.0);
    let value = exp2(y);
    if x > 0.0 { value } else { 0.0 }
}

#[inline(always)]
fn log2(x: f32) -> f32 {
    const TWO_OVER_LN_2: f32 = 2.0 * std::f32::consts::LOG2_E;
    // The bits of √½ as base make the exponent round to nearest.
    let shifted = x.to_bits().wrapping_sub(0x3F35_04F3);
    #[allow(clippy::cast_possible_wrap, clippy::cast_precision_loss)]
    let exponent = ((shifted as i32) >> 23) as f32;
    let m = f32::from_bits((shifted & 0x007F_FFFF).wrapping_add(0x3F35_04F3));
    let t = (m - 1.0) / (m + 1.0);
    let s = t * t;
    let series = 1.0 + s * (1.0 / 3.0 + s * (0.2 + s * (1.0 / 7.0 + s / 9.0)));
    exponent + TWO_OVER_LN_2 * t * series
}

#[inline(always)]
fn exp2(y: f32) -> f32 {
    // Adding 1.5·2²³ rounds to the nearest whole number, which is then the difference of the bits too.
    const ROUND: f32 = 12_582_912.0;
    let rounded = y + ROUND;
    let whole = rounded.to_bits().wrapping_sub(ROUND.to_bits());
    let f = (y - (rounded - ROUND)) * std::f32::consts::LN_2;
    let series = 1.0
        + f * (1.0
            + f * (0.5 + f * (1.0 / 6.0 + f * (1.0 / 24.0 + f * (1.0 / 120.0 + f / 720.0)))));
    series * f32::from_bits(whole.wrapping_add(127) << 23)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_agree_with_double_precision() {
        for i in 0..2000_i16 {
            let x = 10.0_f32.powf(-12.0 + 0.012 * f32::from(i));
            for a in [0.1_f32, 0.6, 1.2, 1.63, 2.1] {
                let exact = f64::from(x).powf(f64::from(a));
                if exact > 1e-37 && exact < 1e37 {
                    let off = (f64::from(power(x, a)) / exact - 1.0).abs();
                    let allowed = 1.5e-7 * (2.0 + (a * x.log2()).abs());
                    assert!(off < f64::from(allowed), "{x}^{a}: {off:e}");
                }
            }
        }
        assert_eq!(power(0.0, 1.3).to_bits(), 0.0_f32.to_bits());
    }
}
