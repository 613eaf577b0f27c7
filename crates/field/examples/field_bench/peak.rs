//! Multiply-adds in single precision that one core reaches at best, on the vectors the solver uses.

use std::hint::black_box;
use std::time::Instant;

use pulp::{Arch, Simd, WithSimd};

/// Independent chains: more than latency times units of any core, fewer than it has registers.
const CHAINS: usize = 12;
const ROUNDS: usize = 2_000_000;

/// Best of five runs, multiply-adds per second.
pub(crate) fn multiply_adds_per_s() -> f64 {
    (0..5)
        .map(|_| Arch::new().dispatch(Chains))
        .fold(0.0, f64::max)
}

struct Chains;

impl WithSimd for Chains {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let (factor, term) = (
            simd.splat_f32s(black_box(0.999)),
            simd.splat_f32s(black_box(1e-3)),
        );
        let mut chains = [simd.splat_f32s(black_box(1.0)); CHAINS];
        let begun = Instant::now();
        for _ in 0..ROUNDS {
            for chain in &mut chains {
                *chain = simd.mul_add_f32s(*chain, factor, term);
            }
        }
        let spent_s = begun.elapsed().as_secs_f64();
        black_box(chains.map(|chain| simd.reduce_sum_f32s(chain)));
        (CHAINS * ROUNDS * S::F32_LANES) as f64 / spent_s
    }
}
