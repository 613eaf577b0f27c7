//! Colour scales: perceptually even, from a few anchors in OKLab.

/// An sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rgb(u8, u8, u8);

impl Rgb {
    /// `#rrggbb`.
    pub(crate) fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// A sequence of OKLab anchors (lightness, green-red, blue-yellow), lightness rising evenly.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sequence(&'static [[f64; 3]]);

/// Indigo over teal to yellow: efficiency.
pub(crate) const EFFICIENCY: Sequence = Sequence(&[
    [0.27, 0.035, -0.105],
    [0.40, -0.005, -0.105],
    [0.53, -0.055, -0.060],
    [0.66, -0.090, 0.010],
    [0.79, -0.100, 0.110],
    [0.92, -0.045, 0.165],
]);

/// Near-black over violet and orange to pale yellow: flux density.
pub(crate) const FLUX: Sequence = Sequence(&[
    [0.22, 0.010, -0.050],
    [0.36, 0.080, -0.100],
    [0.50, 0.150, -0.030],
    [0.64, 0.145, 0.075],
    [0.78, 0.065, 0.135],
    [0.94, -0.010, 0.105],
]);

impl Sequence {
    /// Colour at `t` from 0 to 1; held at the ends.
    pub(crate) fn at(self, t: f64) -> Rgb {
        let last = self.0.len() - 1;
        let t = if t.is_finite() {
            t.clamp(0.0, 1.0) * last as f64
        } else {
            0.0
        };
        let i = (t as usize).min(last - 1);
        let u = t - i as f64;
        let mix = |c: usize| self.0[i][c] * (1.0 - u) + self.0[i + 1][c] * u;
        from_oklab(mix(0), mix(1), mix(2))
    }
}

/// Source: B. Ottosson, "A perceptual color space for image processing", 2020.
fn from_oklab(l: f64, a: f64, b: f64) -> Rgb {
    let cube = |x: f64| x * x * x;
    let long = cube(l + 0.396_337_777_4 * a + 0.215_803_757_3 * b);
    let medium = cube(l - 0.105_561_345_8 * a - 0.063_854_172_8 * b);
    let short = cube(l - 0.089_484_177_5 * a - 1.291_485_548_0 * b);
    Rgb(
        encode(4.076_741_662_1 * long - 3.307_711_591_3 * medium + 0.230_969_929_2 * short),
        encode(-1.268_438_004_6 * long + 2.609_757_401_1 * medium - 0.341_319_396_5 * short),
        encode(-0.004_196_086_3 * long - 0.703_418_614_7 * medium + 1.707_614_701_0 * short),
    )
}

/// The sRGB transfer function of IEC 61966-2-1, to 8 bits.
fn encode(linear: f64) -> u8 {
    let x = linear.clamp(0.0, 1.0);
    let v = if x <= 0.003_130_8 {
        12.92 * x
    } else {
        1.055 * x.powf(1.0 / 2.4) - 0.055
    };
    (v * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.
    fn luminance(Rgb(r, g, b): Rgb) -> f64 {
        0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b)
    }

    #[test]
    fn lightness_rises_all_the_way() {
        for sequence in [EFFICIENCY, FLUX] {
            let steps: Vec<f64> = (0..=20)
                .map(|k| luminance(sequence.at(f64::from(k) / 20.0)))
                .collect();
            assert!(steps.windows(2).all(|w| w[1] > w[0]), "{steps:?}");
        }
    }

    #[test]
    fn white_and_black_are_exact() {
        assert_eq!(from_oklab(1.0, 0.0, 0.0).hex(), "#ffffff");
        assert_eq!(from_oklab(0.0, 0.0, 0.0).hex(), "#000000");
    }
}
