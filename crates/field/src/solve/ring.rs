//! The ring of the air gap: where rotor and stator meet at any position.
//!
//! Both parts leave a dense matrix of the ring's unknowns. The stator's is turned onto the rotor's by
//! whole steps: stator node j lies on rotor node j − steps, with a change of sign for every end of an
//! odd sector that it passes. Nothing else depends on the position.

use pulp::Simd;

use super::factor::{back_rows, eliminate_pivots, forward_rows};
use super::fronts::triangle;
use super::lanes::{F32, as_singles, as_singles_mut};

/// Where the stator's ring lies on the rotor's.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Rotor node and sign for each stator node.
    onto: Vec<(u32, f32)>,
}

impl Turn {
    /// Turns the stator back by a number of nodes; `wrap_sign` is −1 for a sector of an odd number of poles.
    #[must_use]
    pub fn new(ring: usize, nodes: usize, wrap_sign: f64) -> Self {
        #[allow(clippy::cast_possible_wrap)]
        let (ring_i, nodes) = (ring as isize, nodes as isize);
        let onto = (0..ring_i)
            .map(|j| {
                let turned = j - nodes;
                let odd = turned.div_euclid(ring_i) % 2 != 0;
                #[allow(clippy::cast_sign_loss, clippy::cast_possible_truncation)]
                let node = turned.rem_euclid(ring_i) as u32;
                #[allow(clippy::cast_possible_truncation)]
                (node, if odd { wrap_sign as f32 } else { 1.0 })
            })
            .collect();
        Self { onto }
    }

    /// Rotor node and sign of a stator node.
    #[must_use]
    #[inline(always)]
    pub fn onto(&self, j: usize) -> (usize, f32) {
        let (node, sign) = self.onto[j];
        (node as usize, sign)
    }
}

/// Dense equations of the ring for sixteen operating points.
#[derive(Clone, Debug)]
pub struct Ring {
    size: usize,
    /// Rows of `size` entries; the right-hand side is the last row.
    panel: Vec<F32>,
}

impl Ring {
    /// Memory for a ring.
    #[must_use]
    pub fn new(size: usize) -> Self {
        Self {
            size,
            panel: vec![F32::ZERO; size * (size + 1)],
        }
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of::<F32>() * self.panel.len()
    }

    /// Adds both parts, solves, and writes the rotor's ring of the solution; returns Σ y² of each lane.
    ///
    /// `rotor` and `stator` are the triangles that the parts leave, right-hand sides in the last row.
    #[inline(always)]
    pub(super) fn solve<S: Simd>(
        &mut self,
        simd: S,
        turn: &Turn,
        rotor: &[F32],
        stator: &[F32],
        x: &mut [F32],
    ) -> F32 {
        let m = self.size;
        for i in 0..m {
            let row = &rotor[triangle(i)..triangle(i + 1)];
            self.panel[i * m..i * m + i + 1].copy_from_slice(row);
        }
        self.panel[m * m..].copy_from_slice(&rotor[triangle(m)..triangle(m) + m]);
        for i in 0..m {
            let (a, sign) = turn.onto(i);
            for (j, value) in stator[triangle(i)..triangle(i + 1)].iter().enumerate() {
                let (b, other) = turn.onto(j);
                let to = &mut self.panel[a.max(b) * m + a.min(b)];
                for (to, value) in to.0.iter_mut().zip(value.0) {
                    *to += sign * other * value;
                }
            }
            let rhs = &stator[triangle(m) + i];
            for (to, value) in self.panel[m * m + a].0.iter_mut().zip(rhs.0) {
                *to += sign * value;
            }
        }
        eliminate_pivots(simd, &mut self.panel, m, m + 1);
        let mut gain = F32::ZERO;
        for y in &self.panel[m * m..] {
            for (g, y) in gain.0.iter_mut().zip(y.0) {
                *g += y * y;
            }
        }
        let rest = [rotor, stator].map(|t| t[triangle(m + 1) - 1]);
        for (l, g) in gain.0.iter_mut().enumerate() {
            *g -= rest[0].0[l] + rest[1].0[l];
        }
        back_rows(
            simd,
            as_singles::<S>(&self.panel),
            m,
            &[],
            0,
            as_singles_mut::<S>(x),
        );
        gain
    }

    /// Solves another right-hand side, given by the rotor's and the stator's reduced ones, with the
    /// factor that is there; as [`Ring::solve`] for the rest.
    #[inline(always)]
    pub(super) fn solve_again<S: Simd>(
        &mut self,
        simd: S,
        turn: &Turn,
        stator: &[F32],
        rotor: &mut [F32],
    ) -> F32 {
        for (j, value) in stator.iter().enumerate() {
            let (node, sign) = turn.onto(j);
            for (to, value) in rotor[node].0.iter_mut().zip(value.0) {
                *to += sign * value;
            }
        }
        let mut gain = F32::ZERO;
        let panel = as_singles_mut::<S>(&mut self.panel);
        let x = as_singles_mut::<S>(rotor);
        let sum = as_singles_mut::<S>(std::slice::from_mut(&mut gain));
        forward_rows(simd, panel, self.size, &[], 0, x, sum);
        back_rows(simd, panel, self.size, &[], 0, x);
        gain
    }
}
