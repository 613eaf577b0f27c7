//! What a step has shown of the tangent since the last factorisation.
//!
//! A direction with an old factor H ≈ K⁻¹ converges linearly, since the tangent has changed along the last step s by
//! more than H knows: the gradient changed by y. The smallest change of H that maps y onto s is that of Broyden,
//! Fletcher, Goldfarb and Shanno (Nocedal & Wright 2006, algorithm 7.4 with one pair),
//!
//! H' = (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ,   ρ = 1/(yᵀs),
//!
//! of which nothing is formed: H' r = t + s (a − ρ yᵀt) and rᵀH'r = (r − a y)ᵀt + a sᵀr, with a = ρ sᵀr and
//! t = H (r − a y). W is convex, so yᵀs > 0 and H'
//! stays positive definite; a lane that has not moved keeps H.

use super::lanes::{F32, F64, LANES};

/// The last step of a part and the change of its gradient, lane by lane.
#[derive(Clone, Debug)]
pub(super) struct Secant {
    /// Right-hand side, minus the gradient, of the last direction.
    rhs: Vec<F32>,
    /// s, the step as taken.
    step: Vec<F32>,
    /// y, the change of the gradient.
    change: Vec<F32>,
}

impl Secant {
    /// Memory for a part with `n` rows.
    pub(super) fn new(n: usize) -> Self {
        Self {
            rhs: vec![F32::ZERO; n],
            step: vec![F32::ZERO; n],
            change: vec![F32::ZERO; n],
        }
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        3 * size_of::<F32>() * self.rhs.len()
    }

    /// Keeps the right-hand side of a direction with a new factor.
    #[inline(always)]
    pub(super) fn start(&mut self, rhs: &[F32]) {
        self.rhs.copy_from_slice(rhs);
    }

    /// Takes up the step `taken · direction` and the gradient that it led to; returns yᵀs and sᵀr.
    #[inline(always)]
    pub(super) fn look(&mut self, gradient: &[F64], direction: &[F32], taken: &F64) -> [F32; 2] {
        let taken = taken.single();
        let mut sums = [F32::ZERO; 2];
        let kept = self
            .rhs
            .iter_mut()
            .zip(&mut self.step)
            .zip(&mut self.change);
        for (((rhs, step), change), (g, d)) in kept.zip(gradient.iter().zip(direction)) {
            let now = g.single();
            for l in 0..LANES {
                step.0[l] = taken.0[l] * d.0[l];
                change.0[l] = rhs.0[l] + now.0[l];
                rhs.0[l] = -now.0[l];
                sums[0].0[l] += change.0[l] * step.0[l];
                sums[1].0[l] += step.0[l] * rhs.0[l];
            }
        }
        sums
    }

    /// r − a y.
    #[inline(always)]
    pub(super) fn right_hand_side(&self, share: &F32, into: &mut [F32]) {
        for (to, (rhs, change)) in into.iter_mut().zip(self.rhs.iter().zip(&self.change)) {
            for l in 0..LANES {
                to.0[l] = rhs.0[l] - share.0[l] * change.0[l];
            }
        }
    }

    /// yᵀt.
    #[inline(always)]
    pub(super) fn along(&self, direction: &[F32]) -> F32 {
        let mut sum = F32::ZERO;
        for (y, t) in self.change.iter().zip(direction) {
            for l in 0..LANES {
                sum.0[l] += y.0[l] * t.0[l];
            }
        }
        sum
    }

    /// Adds `length` · s to the direction.
    #[inline(always)]
    pub(super) fn correct(&self, length: &F32, direction: &mut [F32]) {
        for (d, s) in direction.iter_mut().zip(&self.step) {
            for l in 0..LANES {
                d.0[l] += length.0[l] * s.0[l];
            }
        }
    }
}

/// a = sᵀr/(yᵀs) from [yᵀs, sᵀr]; zero for a lane that has not moved.
pub(super) fn share([curvature, along]: &[F32; 2]) -> F32 {
    F32(std::array::from_fn(|l| ratio(along.0[l], curvature.0[l])))
}

/// ρ (sᵀr)², which H' adds to (r − a y)ᵀ H (r − a y).
pub(super) fn gain([_, along]: &[F32; 2], share: &F32) -> F32 {
    F32(std::array::from_fn(|l| share.0[l] * along.0[l]))
}

/// a − ρ yᵀt.
pub(super) fn length([curvature, _]: &[F32; 2], share: &F32, along: &F32) -> F32 {
    F32(std::array::from_fn(|l| {
        share.0[l] - ratio(along.0[l], curvature.0[l])
    }))
}

fn ratio(over: f32, curvature: f32) -> f32 {
    if curvature > f32::MIN_POSITIVE {
        over / curvature
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: usize = 7;

    fn row(seed: usize) -> Vec<F64> {
        let value = |i: usize, l: usize| ((13 * i + 7 * l + 5 * seed) % 17) as f64 / 8.0 - 1.0;
        (0..ROWS)
            .map(|i| F64(std::array::from_fn(|l| value(i, l))))
            .collect()
    }

    fn minus(rows: &[F64]) -> Vec<F32> {
        rows.iter().map(|r| r.map(|v| -v).single()).collect()
    }

    /// H' of a gradient with H = 1 after a step; its rᵀH'r too.
    fn corrected(before: &[F64], step: &[F32], now: &[F64]) -> (Vec<F32>, F32) {
        let mut secant = Secant::new(ROWS);
        secant.start(&minus(before));
        let sums = secant.look(now, step, &F64::splat(1.0));
        let share = share(&sums);
        let mut t = vec![F32::ZERO; ROWS];
        secant.right_hand_side(&share, &mut t);
        let mut of_rest = F32::ZERO;
        for t in &t {
            for l in 0..LANES {
                of_rest.0[l] += t.0[l] * t.0[l];
            }
        }
        let length = length(&sums, &share, &secant.along(&t));
        secant.correct(&length, &mut t);
        let more = gain(&sums, &share);
        let gain = F32(std::array::from_fn(|l| of_rest.0[l] + more.0[l]));
        (t, gain)
    }

    /// The corrected H' maps the change of the gradient onto the step, whatever H is.
    #[test]
    fn the_secant_equation_holds() {
        let (now, change) = (row(1), row(2));
        // With the gradient −y the right-hand side is y; before the step it was −2 y.
        let gradient: Vec<F64> = change.iter().map(|y| y.map(|y| -y)).collect();
        let before: Vec<F64> = change.iter().map(|y| y.map(|y| -2.0 * y)).collect();
        let step: Vec<F32> = change
            .iter()
            .zip(&now)
            .map(|(y, n)| F64(std::array::from_fn(|l| 2.0 * y.0[l] + 0.1 * n.0[l])).single())
            .collect();
        let (direction, _) = corrected(&before, &step, &gradient);
        for (d, s) in direction.iter().zip(&step) {
            for l in 0..LANES {
                assert!((d.0[l] - s.0[l]).abs() < 1e-5, "{} {}", d.0[l], s.0[l]);
            }
        }
    }

    /// The gain is that of the direction, rᵀd; a lane that has not moved keeps H.
    #[test]
    fn the_gain_is_the_direction_s_and_a_still_lane_keeps_its_factor() {
        let (before, now) = (row(3), row(4));
        let mut step: Vec<F32> = before
            .iter()
            .zip(&now)
            .map(|(b, n)| F64(std::array::from_fn(|l| n.0[l] - b.0[l])).single())
            .collect();
        for s in &mut step {
            s.0[2] = 0.0;
        }
        let (direction, gain) = corrected(&before, &step, &now);
        for l in 0..LANES {
            let along: f32 = (0..ROWS)
                .map(|i| -(now[i].0[l] as f32) * direction[i].0[l])
                .sum();
            assert!((along - gain.0[l]).abs() < 1e-4 * (1.0 + along.abs()));
        }
        for (d, n) in direction.iter().zip(&now) {
            assert_eq!(d.0[2], -n.0[2] as f32);
        }
    }
}
