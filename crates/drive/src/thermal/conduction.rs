//! Conduction through slabs, rods and rings, each a closed form.

/// Both in series: a·b/(a + b).
#[must_use]
pub(crate) fn pressed(a: f64, b: f64) -> f64 {
    a * b / (a + b)
}

/// Resistance of an evenly heated slab from its mean to the cooled face, m²K/W: d/3λ for a depth d
/// behind the face, nothing leaving at the back.
#[must_use]
pub(crate) fn slab(depth_m: f64, conductivity_w_per_mk: f64) -> f64 {
    depth_m / (3.0 * conductivity_w_per_mk)
}

/// Conductance of an evenly heated rod from its mean to both ends together, W/K: 12 λ A/l.
#[must_use]
pub(crate) fn rod(conductivity_w_per_mk: f64, section_m2: f64, length_m: f64) -> f64 {
    12.0 * conductivity_w_per_mk * section_m2 / length_m
}

/// A ring's material and axial length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) conductivity_w_per_mk: f64,
    pub(crate) length_m: f64,
}

/// Resistances of a ring from its geometric mean radius to its inner and outer surface, K/W: each
/// half of ln(r_o/r_i)/2πλl. Inside a massive rotor (r_i = 0) a twentieth of the radius counts as inner.
#[must_use]
pub(crate) fn ring_halves(part: Part, inner_m: f64, outer_m: f64) -> [f64; 2] {
    let inner = inner_m.max(0.05 * outer_m);
    let whole = (outer_m / inner).ln()
        / (2.0 * std::f64::consts::PI * part.conductivity_w_per_mk * part.length_m);
    [0.5 * whole, 0.5 * whole]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean of u'' = −q on cells, u = 0 at the left face; at the right face zero or no flux.
    fn mean_rise(right_is_cooled: bool) -> f64 {
        let n = 2_000;
        let h = 1.0 / f64::from(n);
        // Closed by integrating the flux, which is q (1 − x) or q (½ − x).
        let flux = |x: f64| if right_is_cooled { 0.5 - x } else { 1.0 - x };
        let (mut u, mut sum) = (0.0, 0.0);
        for i in 0..n {
            let middle = flux((f64::from(i) + 0.5) * h);
            sum += (u + 0.5 * h * middle) * h;
            u += h * middle;
        }
        sum
    }

    /// q = λ = A = 1: the mean rise is the resistance from the mean.
    #[test]
    fn slabs_and_rods_are_the_mean_of_their_parabola() {
        assert!((slab(1.0, 1.0) - mean_rise(false)).abs() < 1e-6);
        assert!((1.0 / rod(1.0, 1.0, 1.0) - mean_rise(true)).abs() < 1e-6);
        // Half a slot's width behind each side is the slab cooled on both sides: w/6λ.
        assert!((slab(0.5, 1.0) - 1.0 / 6.0).abs() < 1e-15);
    }

    #[test]
    fn both_halves_of_a_ring_are_the_cylinder_of_fourier() {
        let part = Part {
            conductivity_w_per_mk: 25.0,
            length_m: 0.13,
        };
        let [a, b] = ring_halves(part, 0.06, 0.09);
        // A thin shell: thickness over conductivity and mean surface.
        let closed: f64 = (0..10_000)
            .map(|i| 0.06 + 0.03 * (f64::from(i) + 0.5) / 1e4)
            .map(|r| 0.03 / 1e4 / (2.0 * std::f64::consts::PI * r * 0.13 * 25.0))
            .sum();
        assert!((a + b - closed).abs() < 1e-6 * closed);
    }
}
