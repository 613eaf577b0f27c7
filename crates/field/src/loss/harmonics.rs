//! Harmonics of the waveforms that rotor positions give: Σ n² |B_n|².

use std::f64::consts::{PI, TAU};

use crate::solve::lanes::F32;

/// Tables for the harmonics of a sampled waveform.
#[derive(Clone, Debug)]
pub(super) struct Harmonics {
    pub(super) orders: Vec<Order>,
}

#[derive(Clone, Debug)]
pub(super) struct Order {
    /// Order n of the electrical frequency.
    pub(super) n: f64,
    /// n times what makes an amplitude of a sum over the samples.
    scale: f32,
    /// Cosine and sine at the samples.
    turns: Vec<[f32; 2]>,
}

impl Harmonics {
    /// Odd orders of a half wave of `n` samples.
    pub(super) fn odd(n: usize) -> Self {
        let table = |order: usize| {
            let turn = |m: usize| (PI * (order * m % (2 * n)) as f64 / n as f64).sin_cos();
            Order {
                n: order as f64,
                scale: (order as f64 * 2.0 / n as f64) as f32,
                turns: (0..n).map(turn).map(single).collect(),
            }
        };
        Self {
            orders: (1..n).step_by(2).map(table).collect(),
        }
    }

    /// All orders of a waveform that repeats after some sixths of the period, `n` samples in each.
    pub(super) fn whole_period(n: usize, sixths: usize) -> Self {
        let first = 6.0 / sixths as f64;
        let n = sixths * n;
        let table = |k: usize| {
            let turn = |m: usize| (TAU * (k * m % n) as f64 / n as f64).sin_cos();
            let scale = if 2 * k == n { 1.0 } else { 2.0 };
            let order = first * k as f64;
            Order {
                n: order,
                scale: (order * scale / n as f64) as f32,
                turns: (0..n).map(turn).map(single).collect(),
            }
        };
        Self {
            orders: (1..=n / 2).map(table).collect(),
        }
    }

    #[inline(always)]
    pub(super) fn sums_of_squares(&self, wave: &[[F32; 2]]) -> [F32; 2] {
        let mut total = [F32::ZERO; 2];
        for order in &self.orders {
            for (total, square) in total.iter_mut().zip(order.square(wave)) {
                for (total, square) in total.0.iter_mut().zip(square.0) {
                    *total += square;
                }
            }
        }
        total
    }
}

impl Order {
    /// n² B_n² of both components.
    #[inline(always)]
    pub(super) fn square(&self, wave: &[[F32; 2]]) -> [F32; 2] {
        let mut sums = [[F32::ZERO; 2]; 2];
        for (b, turn) in wave.iter().zip(&self.turns) {
            for (sums, b) in sums.iter_mut().zip(b) {
                for (sum, turn) in sums.iter_mut().zip(turn) {
                    for (sum, b) in sum.0.iter_mut().zip(b.0) {
                        *sum += b * turn;
                    }
                }
            }
        }
        let scale = self.scale * self.scale;
        sums.map(|[c, s]| {
            F32(std::array::from_fn(|l| {
                scale * (c.0[l] * c.0[l] + s.0[l] * s.0[l])
            }))
        })
    }
}

fn single((sin, cos): (f64, f64)) -> [f32; 2] {
    [cos as f32, sin as f32]
}
