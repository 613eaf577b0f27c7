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

/// An evenly heated rectangle, per metre: cooled through a liner at both sides and the bottom, nothing
/// leaving at the opening.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FilledSlot {
    pub(crate) width_m: f64,
    pub(crate) depth_m: f64,
    pub(crate) conductivity_w_per_mk: f64,
    pub(crate) liner_m2k_per_w: f64,
}

impl FilledSlot {
    /// From the mean to both sides and to the bottom, W/(m·K).
    ///
    /// Sides: slabs of half the width. Towards the bottom the slot is an evenly heated fin that loses
    /// heat at its sides: with g = sides over depth, m² = g/λw and B = 1/(1 + r λ m tanh md), its mean lies
    /// s = B tanh(md)/md below that without bottom, hence bottom = sides · s/(1 − s).
    pub(crate) fn walls_w_per_mk(&self) -> [f64; 2] {
        let (k, liner) = (self.conductivity_w_per_mk, self.liner_m2k_per_w);
        let side = slab(0.5 * self.width_m, k) + liner;
        let m = (2.0 / (side * k * self.width_m)).sqrt();
        let (sides, fall) = (2.0 * self.depth_m / side, (m * self.depth_m).tanh());
        let bare = 1.0 / (1.0 + liner * k * m * fall);
        let share = bare * fall / (m * self.depth_m);
        [sides, sides * share / (1.0 - share)]
    }

    /// Share of the resistance to the sides that lies inside.
    pub(crate) fn inside_share(&self) -> f64 {
        let inside = slab(0.5 * self.width_m, self.conductivity_w_per_mk);
        inside / (inside + self.liner_m2k_per_w)
    }
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

    /// Conductance of a filled slot by finite volumes, W/(m·K): half of it by symmetry, Gauss-Seidel.
    fn by_cells(slot: &FilledSlot) -> f64 {
        const X: usize = 12;
        const Y: usize = 60;
        let k = slot.conductivity_w_per_mk;
        let (dx, dy) = (0.5 * slot.width_m / 12.0, slot.depth_m / 60.0);
        let (gx, gy) = (k * dy / dx, k * dx / dy);
        let wall = |face: f64, half: f64| face / (0.5 * half / k + slot.liner_m2k_per_w);
        let mut u = [[0.0_f64; X]; Y];
        for _ in 0..20_000 {
            for y in 0..Y {
                for x in 0..X {
                    let (mut sum, mut flow) = (0.0, dx * dy);
                    let mut add = |g: f64, there: f64| {
                        sum += g;
                        flow += g * there;
                    };
                    if x > 0 {
                        add(gx, u[y][x - 1]);
                    } else {
                        add(wall(dy, dx), 0.0);
                    }
                    if x + 1 < X {
                        add(gx, u[y][x + 1]);
                    }
                    if y > 0 {
                        add(gy, u[y - 1][x]);
                    } else {
                        add(wall(dx, dy), 0.0);
                    }
                    if y + 1 < Y {
                        add(gy, u[y + 1][x]);
                    }
                    u[y][x] = flow / sum;
                }
            }
        }
        let mean = u.iter().flatten().sum::<f64>() / 720.0;
        slot.width_m * slot.depth_m / mean
    }

    /// Slots of round wire and of hairpins, as wide and deep as an i3's and an ID.3's: within 1 % of the field.
    #[test]
    fn a_filled_slot_conducts_as_the_field_in_it() {
        let liner_m2k_per_w = 0.2e-3 / 0.21 + 0.02e-3 / 0.032;
        for (width_m, depth_m, k) in [(4.5e-3, 21.6e-3, 0.4), (6.1e-3, 15.5e-3, 1.1)] {
            let slot = FilledSlot {
                width_m,
                depth_m,
                conductivity_w_per_mk: k,
                liner_m2k_per_w,
            };
            let ratio = slot.walls_w_per_mk().iter().sum::<f64>() / by_cells(&slot);
            assert!((ratio - 1.0).abs() < 0.01, "{width_m} {depth_m}: {ratio}");
        }
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
