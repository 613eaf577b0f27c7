//! The axes of a drive map: dense where the map bends.

/// Loads: torque over the envelope of the same sign, dense near zero.
pub(crate) const LOADS: [f64; 25] = [
    -1.0, -0.9, -0.78, -0.66, -0.54, -0.43, -0.33, -0.24, -0.16, -0.1, -0.05, -0.02, 0.0, 0.02,
    0.05, 0.1, 0.16, 0.24, 0.33, 0.43, 0.54, 0.66, 0.78, 0.9, 1.0,
];

/// Cells below and above base speed.
const BELOW: u32 = 9;
const ABOVE: u32 = 16;
/// How much denser the knots lie beside base speed than far from it.
const GATHERING: f64 = 1.6;

/// Speeds from 0 to `top`, gathered on both sides of `base`, rad/s.
pub(crate) fn speeds(base: f64, top: f64) -> Vec<f64> {
    let share = |i: u32, n: u32| f64::from(i) / f64::from(n);
    if base >= top * 0.98 {
        let n = BELOW + ABOVE;
        return (0..=n).map(|i| top * share(i, n)).collect();
    }
    let below = (0..=BELOW).map(|i| base * (1.0 - (1.0 - share(i, BELOW)).powf(GATHERING)));
    let above = (1..ABOVE).map(|i| base + (top - base) * share(i, ABOVE).powf(GATHERING));
    below.chain(above).chain([top]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_ascend_from_zero_to_the_top_with_the_base_among_them() {
        for (base, top) in [(400.0, 1200.0), (1190.0, 1200.0), (5000.0, 1200.0)] {
            let axis = speeds(base, top);
            assert_eq!((axis[0], axis[axis.len() - 1]), (0.0, top));
            assert!(axis.windows(2).all(|w| w[1] > w[0]));
            assert_eq!(axis.len(), 26);
        }
        assert!(speeds(400.0, 1200.0).contains(&400.0));
    }

    #[test]
    fn loads_are_symmetric_about_zero() {
        assert!(
            LOADS
                .iter()
                .zip(LOADS.iter().rev())
                .all(|(a, b)| a + b == 0.0)
        );
    }
}
