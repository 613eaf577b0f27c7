//! Numbers as people read them: thin spaces, true minus signs, and never a NaN.

/// Narrow no-break space, between groups of three digits and before units.
pub(crate) const THIN: char = '\u{202f}';

/// Stands for a value that does not exist.
const ABSENT: &str = "–";

/// A number with `decimals` decimals and groups of three digits.
pub(crate) fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return ABSENT.to_owned();
    }
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::new();
    let is_zero = plain.bytes().all(|b| b == b'0' || b == b'.');
    if value < 0.0 && !is_zero {
        text.push('\u{2212}');
    }
    push_grouped(&mut text, whole);
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

fn push_grouped(text: &mut String, digits: &str) {
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) && digits.len() > 3 {
            text.push(THIN);
        }
        text.push(digit);
    }
}

/// A number with about `digits` significant digits.
pub(crate) fn significant(value: f64, digits: usize) -> String {
    let mut decimals = digits.saturating_sub(1);
    let mut bound = 10.0;
    while decimals > 0 && value.abs() >= bound {
        decimals -= 1;
        bound *= 10.0;
    }
    let mut low = 1.0;
    while value.abs() < low && value != 0.0 && decimals < 8 {
        decimals += 1;
        low /= 10.0;
    }
    fixed(value, decimals)
}

/// A count.
pub(crate) fn count(value: usize) -> String {
    let mut text = String::new();
    push_grouped(&mut text, &value.to_string());
    text
}

/// A number followed by its unit.
pub(crate) fn with_unit(value: f64, decimals: usize, unit: &str) -> String {
    format!("{}{THIN}{unit}", fixed(value, decimals))
}

/// A fraction as per cent.
pub(crate) fn percent(fraction: f64, decimals: usize) -> String {
    with_unit(fraction * 100.0, decimals, "%")
}

/// A fraction as per cent, its sign always shown.
pub(crate) fn signed_percent(fraction: f64, decimals: usize) -> String {
    with_sign(percent(fraction, decimals), fraction)
}

/// A number, its sign always shown.
pub(crate) fn signed(value: f64, decimals: usize) -> String {
    with_sign(fixed(value, decimals), value)
}

fn with_sign(text: String, value: f64) -> String {
    let is_plain = value.is_finite() && !text.starts_with('\u{2212}');
    if is_plain { format!("+{text}") } else { text }
}

/// Euros in millions.
pub(crate) fn million_eur(eur: f64) -> String {
    with_unit(eur / 1e6, 1, "M€")
}

/// Euros in millions, its sign always shown.
pub(crate) fn signed_million_eur(eur: f64) -> String {
    with_sign(million_eur(eur), eur)
}

/// Watts in kilowatts.
pub(crate) fn kilowatt(w: f64) -> String {
    with_unit(w / 1e3, 0, "kW")
}

/// Newton metres, whole.
pub(crate) fn newton_metre(nm: f64) -> String {
    with_unit(nm, 0, "Nm")
}

/// Revolutions per minute of a speed in rad/s.
pub(crate) fn rpm(rad_per_s: f64) -> f64 {
    rad_per_s * 30.0 / std::f64::consts::PI
}

/// Turns in series: a whole number as such, else with one decimal.
pub(crate) fn turns(value: f64) -> String {
    fixed(value, usize::from(value.fract() != 0.0))
}

/// `1 thing`, `2 things`.
pub(crate) fn plural(n: usize, one: &str) -> String {
    let ending = if n == 1 { "" } else { "s" };
    format!("{}\u{a0}{one}{ending}", count(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_thousands_and_keeps_signs() {
        assert_eq!(fixed(1_234_567.84, 1), "1\u{202f}234\u{202f}567.8");
        assert_eq!(fixed(-999.0, 0), "\u{2212}999");
        assert_eq!(fixed(-0.04, 1), "0.0");
        assert_eq!(signed_percent(0.125, 1), "+12.5\u{202f}%");
    }

    #[test]
    fn a_value_that_does_not_exist_is_a_dash() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(fixed(value, 2).starts_with('–'));
            assert!(signed_percent(value, 2).starts_with('–'));
        }
    }

    #[test]
    fn keeps_the_digits_that_matter() {
        assert_eq!(significant(0.012_345, 3), "0.0123");
        assert_eq!(significant(4.567, 3), "4.57");
        assert_eq!(significant(123.4, 3), "123");
    }
}
