//! Multifrontal Cholesky factorisation of sixteen matrices at once, in single precision.
//!
//! All matrices share one [`Fronts`] plan; a scalar is a row of sixteen numbers, so that every
//! operation is a full vector instruction and nothing is ever gathered. Single precision is enough:
//! the factor only gives Newton's direction, energy and residual are summed in double precision.
//!
//! For each front: its columns are put together from the matrix and the children's updates, its
//! pivots are eliminated in blocks of four, the update −L Lᵀ is written and the children's updates
//! are added to it. All products run through one tile of 4 × 4 rows that stays in registers.

use pulp::Simd;

use super::fronts::{Front, Fronts, triangle};
use super::lanes::{F32, as_singles, as_singles_mut, singles};

/// Rows and columns of a tile.
const TILE: usize = 4;
/// Pivots below this share of the diagonal are replaced by the diagonal itself: the direction is
/// then not Newton's, but still one of descent.
const LEAST_PIVOT: f32 = 1e-6;

/// A matrix that gives its terms to the fronts.
pub(super) trait Terms {
    /// Adds what belongs into the columns of a front, which are zero before; for the last front, into
    /// the ring's triangle.
    fn add_columns<S: Simd>(&mut self, simd: S, front: usize, columns: &mut [F32]);

    /// Adds what belongs to the same front below its pivots, called after [`Terms::add_columns`].
    fn add_below<S: Simd>(&mut self, simd: S, front: usize, update: &mut [F32]);
}

/// Factor and memory of sixteen matrices.
#[derive(Clone, Debug)]
pub struct Factor {
    /// Columns of all fronts: rows of `width` entries; the diagonal holds reciprocals, the last row
    /// of each front the forward-substituted right-hand side.
    panels: Vec<F32>,
    /// Updates on their way to the parents.
    updates: Vec<F32>,
}

impl Factor {
    /// Memory for a plan.
    #[must_use]
    pub fn new(fronts: &Fronts) -> Self {
        Self {
            panels: vec![F32::ZERO; fronts.panel_len],
            updates: vec![F32::ZERO; fronts.update_len],
        }
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of::<F32>() * (self.panels.len() + self.updates.len())
    }

    /// The ring's triangle: Schur complement, right-hand side in the last row, −yᵀy in the last entry.
    #[must_use]
    pub fn ring<'a>(&'a self, fronts: &Fronts) -> &'a [F32] {
        let front = &fronts.fronts[fronts.fronts.len() - 1];
        &self.updates[front.update..front.update + front.update_len()]
    }

    /// Eliminates the interior of all sixteen matrices; `rhs` are the right-hand sides in the order of
    /// elimination.
    #[inline(always)]
    pub(super) fn eliminate<S: Simd>(
        &mut self,
        simd: S,
        fronts: &Fronts,
        terms: &mut impl Terms,
        rhs: &[F32],
    ) {
        for (at, front) in fronts.fronts.iter().enumerate() {
            let update = front.update..front.update + front.update_len();
            if front.width() > 0 {
                let panel = &mut self.panels[front.panel..front.panel + front.panel_len()];
                panel.fill(F32::ZERO);
                terms.add_columns(simd, at, panel);
                let last = panel.len() - front.width();
                panel[last..].copy_from_slice(&rhs[front.pivots.clone()]);
                self.add_children(simd, fronts, front);
                let panel = &mut self.panels[front.panel..front.panel + front.panel_len()];
                let rows = front.width() + front.below();
                eliminate_pivots(simd, panel, front.width(), rows);
                self.update(simd, front);
            } else {
                let block = &mut self.updates[update.clone()];
                block.fill(F32::ZERO);
                terms.add_columns(simd, at, block);
                let last = triangle(front.rows.len());
                block[last..last + front.rows.len()]
                    .copy_from_slice(&rhs[front.pivots.start..][..front.rows.len()]);
            }
            terms.add_below(simd, at, &mut self.updates[update]);
            for child in &front.children {
                self.add_update(simd, &fronts.fronts[*child as usize], front);
            }
        }
    }

    /// Adds what of the children's updates lies in the front's columns.
    #[inline(always)]
    fn add_children<S: Simd>(&mut self, simd: S, fronts: &Fronts, front: &Front) {
        let (k, w) = (front.width(), singles::<S>());
        let panel = &mut self.panels[front.panel..front.panel + front.panel_len()];
        let panel = as_singles_mut::<S>(panel);
        for child in &front.children {
            let child = &fronts.fronts[*child as usize];
            let update =
                as_singles::<S>(&self.updates[child.update..child.update + child.update_len()]);
            let inner = child.in_parent.partition_point(|p| (*p as usize) < k);
            for (i, row) in child.in_parent.iter().enumerate() {
                let (from, to) = (w * triangle(i), w * k * *row as usize);
                for (j, column) in child.in_parent[..inner.min(i + 1)].iter().enumerate() {
                    for c in 0..w {
                        let at = to + w * *column as usize + c;
                        panel[at] = simd.add_f32s(panel[at], update[from + w * j + c]);
                    }
                }
            }
        }
    }

    /// Writes −L Lᵀ of the rows below the pivots.
    #[inline(always)]
    fn update<S: Simd>(&mut self, simd: S, front: &Front) {
        let (k, below) = (front.width(), front.below());
        let from = front.panel + k * k;
        let rows = as_singles::<S>(&self.panels[from..from + k * below]);
        let update =
            as_singles_mut::<S>(&mut self.updates[front.update..front.update + triangle(below)]);
        let mut i = 0;
        while i < below {
            match (below - i).min(TILE) {
                1 => update_rows::<S, 1>(simd, rows, k, i, update),
                2 => update_rows::<S, 2>(simd, rows, k, i, update),
                3 => update_rows::<S, 3>(simd, rows, k, i, update),
                _ => update_rows::<S, 4>(simd, rows, k, i, update),
            }
            i += TILE;
        }
    }

    /// Adds what of a child's update lies below the parent's pivots.
    #[inline(always)]
    fn add_update<S: Simd>(&mut self, simd: S, child: &Front, parent: &Front) {
        let (k, w) = (parent.width(), singles::<S>());
        let inner = child.in_parent.partition_point(|p| (*p as usize) < k);
        let updates = as_singles_mut::<S>(&mut self.updates);
        let (source, target) = (w * child.update, w * parent.update);
        for (i, row) in child.in_parent.iter().enumerate().skip(inner) {
            let from = source + w * triangle(i);
            let to = target + w * triangle(*row as usize - k);
            for (j, column) in child.in_parent[..=i].iter().enumerate().skip(inner) {
                for c in 0..w {
                    let at = to + w * (*column as usize - k) + c;
                    updates[at] = simd.add_f32s(updates[at], updates[from + w * j + c]);
                }
            }
        }
    }

    /// Forward substitution of another right-hand side with the factor that is there.
    ///
    /// `x` holds the right-hand side, its ring part included, and is used up: what is left of it is
    /// the ring's reduced right-hand side. Returns Σ y² of the interior.
    #[inline(always)]
    pub(super) fn substitute_forward<S: Simd>(
        &mut self,
        simd: S,
        fronts: &Fronts,
        x: &mut [F32],
    ) -> F32 {
        let mut gain = F32::ZERO;
        for front in fronts.fronts.iter().filter(|f| f.width() > 0) {
            let panel = &mut self.panels[front.panel..front.panel + front.panel_len()];
            forward_rows(
                simd,
                as_singles_mut::<S>(panel),
                front.width(),
                &front.rows,
                front.pivots.start,
                as_singles_mut::<S>(x),
                as_singles_mut::<S>(std::slice::from_mut(&mut gain)),
            );
        }
        gain
    }

    /// Solves for the interior once the ring's part of `x` is known.
    #[inline(always)]
    pub(super) fn substitute_back<S: Simd>(&self, simd: S, fronts: &Fronts, x: &mut [F32]) {
        for front in fronts.fronts.iter().rev().filter(|f| f.width() > 0) {
            let panel = &self.panels[front.panel..front.panel + front.panel_len()];
            back_rows(
                simd,
                as_singles::<S>(panel),
                front.width(),
                &front.rows,
                front.pivots.start,
                as_singles_mut::<S>(x),
            );
        }
    }
}

/// Σ_p a[i][p] b[j][p] of a tile; `depth` entries of the rows, vector `c` of each.
#[inline(always)]
#[allow(unsafe_code)]
fn products<S: Simd, const M: usize, const N: usize>(
    simd: S,
    rows: &[S::f32s],
    (a, b): (usize, usize),
    stride: usize,
    depth: usize,
    c: usize,
) -> [[S::f32s; N]; M] {
    let w = singles::<S>();
    let mut sum = [[simd.splat_f32s(0.0); N]; M];
    let (a, b) = (a * stride * w + c, b * stride * w + c);
    if depth == 0 {
        return sum;
    }
    // The last entries that the loop reads; what lies before them is then in range too.
    assert!(a + ((M - 1) * stride + depth - 1) * w < rows.len());
    assert!(b + ((N - 1) * stride + depth - 1) * w < rows.len());
    for p in 0..depth {
        let at =
            |start: usize, i: usize| unsafe { *rows.get_unchecked(start + (i * stride + p) * w) };
        let right: [S::f32s; N] = std::array::from_fn(|j| at(b, j));
        for (i, sum) in sum.iter_mut().enumerate() {
            let left = at(a, i);
            for (sum, right) in sum.iter_mut().zip(right) {
                *sum = simd.mul_add_f32s(left, right, *sum);
            }
        }
    }
    sum
}

/// Writes `M` rows of the update from row `i` on.
#[inline(always)]
fn update_rows<S: Simd, const M: usize>(
    simd: S,
    rows: &[S::f32s],
    k: usize,
    i: usize,
    update: &mut [S::f32s],
) {
    let w = singles::<S>();
    for c in 0..w {
        let mut j = 0;
        while j < i {
            let sum = products::<S, M, TILE>(simd, rows, (i, j), k, k, c);
            for (r, sum) in sum.iter().enumerate() {
                let to = w * (triangle(i + r) + j) + c;
                for (s, value) in sum.iter().enumerate() {
                    update[to + w * s] = simd.neg_f32s(*value);
                }
            }
            j += TILE;
        }
        let sum = products::<S, M, M>(simd, rows, (i, i), k, k, c);
        for (r, sum) in sum.iter().enumerate() {
            let to = w * (triangle(i + r) + i) + c;
            for (s, value) in sum.iter().enumerate().take(r + 1) {
                update[to + w * s] = simd.neg_f32s(*value);
            }
        }
    }
}

/// Eliminates the `k` pivots of a front of `rows` rows: L of all rows, reciprocals on the diagonal.
#[inline(always)]
pub(super) fn eliminate_pivots<S: Simd>(simd: S, panel: &mut [F32], k: usize, rows: usize) {
    let panel = as_singles_mut::<S>(panel);
    let mut j = 0;
    while j < k {
        for c in 0..singles::<S>() {
            match (k - j).min(TILE) {
                1 => eliminate_block::<S, 1>(simd, panel, k, rows, j, c),
                2 => eliminate_block::<S, 2>(simd, panel, k, rows, j, c),
                3 => eliminate_block::<S, 3>(simd, panel, k, rows, j, c),
                _ => eliminate_block::<S, 4>(simd, panel, k, rows, j, c),
            }
        }
        j += TILE;
    }
}

/// Eliminates `B` pivots from column `j` on.
#[inline(always)]
fn eliminate_block<S: Simd, const B: usize>(
    simd: S,
    panel: &mut [S::f32s],
    k: usize,
    rows: usize,
    j: usize,
    c: usize,
) {
    let block = pivot_block::<S, B>(simd, panel, k, j, c);
    let mut i = j + B;
    while i < rows {
        match (rows - i).min(TILE) {
            1 => solve_rows::<S, 1, B>(simd, panel, &block, k, (i, j), c),
            2 => solve_rows::<S, 2, B>(simd, panel, &block, k, (i, j), c),
            3 => solve_rows::<S, 3, B>(simd, panel, &block, k, (i, j), c),
            _ => solve_rows::<S, 4, B>(simd, panel, &block, k, (i, j), c),
        }
        i += TILE;
    }
}

/// Cholesky factor of the block on the diagonal, with reciprocals on its diagonal.
#[inline(always)]
fn pivot_block<S: Simd, const B: usize>(
    simd: S,
    panel: &mut [S::f32s],
    k: usize,
    j: usize,
    c: usize,
) -> [[S::f32s; B]; B] {
    let w = singles::<S>();
    let mut l = products::<S, B, B>(simd, panel, (j, j), k, j, c);
    let at = |r: usize, s: usize| w * ((j + r) * k + j + s) + c;
    let one = simd.splat_f32s(1.0);
    for s in 0..B {
        for r in s..B {
            let mut value = simd.sub_f32s(panel[at(r, s)], l[r][s]);
            for p in 0..s {
                value = simd.sub_f32s(value, simd.mul_f32s(l[r][p], l[s][p]));
            }
            if r == s {
                let original = panel[at(s, s)];
                let least = simd.mul_f32s(simd.splat_f32s(LEAST_PIVOT), original);
                let sound = simd.greater_than_f32s(value, least);
                let pivot = simd.select_f32s(sound, value, original);
                l[s][s] = simd.div_f32s(one, simd.sqrt_f32s(pivot));
            } else {
                l[r][s] = simd.mul_f32s(value, l[s][s]);
            }
        }
    }
    for r in 0..B {
        for s in 0..=r {
            panel[at(r, s)] = l[r][s];
        }
    }
    l
}

/// L of `M` rows from row `i` on in the columns of a block.
#[inline(always)]
fn solve_rows<S: Simd, const M: usize, const B: usize>(
    simd: S,
    panel: &mut [S::f32s],
    block: &[[S::f32s; B]; B],
    k: usize,
    (i, j): (usize, usize),
    c: usize,
) {
    let w = singles::<S>();
    let mut rows = products::<S, M, B>(simd, panel, (i, j), k, j, c);
    for (r, row) in rows.iter_mut().enumerate() {
        let at = w * ((i + r) * k + j) + c;
        for s in 0..B {
            let mut value = simd.sub_f32s(panel[at + w * s], row[s]);
            for p in 0..s {
                value = simd.sub_f32s(value, simd.mul_f32s(row[p], block[s][p]));
            }
            row[s] = simd.mul_f32s(value, block[s][s]);
        }
        for s in 0..B {
            panel[at + w * s] = row[s];
        }
    }
}

/// y of `k` pivots, which start at `first`, and what it takes from the rows: L_p y = b_p, b_r − L_r y.
///
/// y goes to the last row of the panel, where [`back_rows`] expects it, and its square to `gain`.
#[inline(always)]
pub(super) fn forward_rows<S: Simd>(
    simd: S,
    panel: &mut [S::f32s],
    k: usize,
    rows: &[u32],
    first: usize,
    x: &mut [S::f32s],
    gain: &mut [S::f32s],
) {
    let w = singles::<S>();
    let first = w * first;
    let rhs = w * k * (k + rows.len());
    for c in 0..w {
        for p in 0..k {
            let mut value = x[first + w * p + c];
            for q in 0..p {
                let l = simd.neg_f32s(panel[w * (p * k + q) + c]);
                value = simd.mul_add_f32s(l, panel[rhs + w * q + c], value);
            }
            value = simd.mul_f32s(value, panel[w * (p * k + p) + c]);
            panel[rhs + w * p + c] = value;
            gain[c] = simd.mul_add_f32s(value, value, gain[c]);
        }
        for (r, row) in rows.iter().enumerate() {
            let at = w * (k + r) * k + c;
            let mut sum = [simd.splat_f32s(0.0); 2];
            for p in 0..k {
                sum[p % 2] =
                    simd.mul_add_f32s(panel[at + w * p], panel[rhs + w * p + c], sum[p % 2]);
            }
            let to = w * *row as usize + c;
            x[to] = simd.sub_f32s(x[to], simd.add_f32s(sum[0], sum[1]));
        }
    }
}

/// x of `k` pivots, which start at `first`, from x of the rows: L_pᵀ x_p = y − L_rᵀ x_r.
#[inline(always)]
pub(super) fn back_rows<S: Simd>(
    simd: S,
    panel: &[S::f32s],
    k: usize,
    rows: &[u32],
    first: usize,
    x: &mut [S::f32s],
) {
    const AT_ONCE: usize = 8;
    let w = singles::<S>();
    let first = w * first;
    let rhs = w * k * (k + rows.len());
    for c in 0..w {
        let mut p = 0;
        while p < k {
            let m = (k - p).min(AT_ONCE);
            let mut sum = [simd.splat_f32s(0.0); AT_ONCE];
            if m == AT_ONCE {
                for (r, row) in rows.iter().enumerate() {
                    let (value, at) = (x[w * *row as usize + c], w * ((k + r) * k + p) + c);
                    for (s, sum) in sum.iter_mut().enumerate() {
                        *sum = simd.mul_add_f32s(panel[at + w * s], value, *sum);
                    }
                }
            } else {
                for (r, row) in rows.iter().enumerate() {
                    let (value, at) = (x[w * *row as usize + c], w * ((k + r) * k + p) + c);
                    for (s, sum) in sum.iter_mut().enumerate().take(m) {
                        *sum = simd.mul_add_f32s(panel[at + w * s], value, *sum);
                    }
                }
            }
            for (s, sum) in sum.iter().enumerate().take(m) {
                x[first + w * (p + s) + c] = simd.sub_f32s(panel[rhs + w * (p + s) + c], *sum);
            }
            p += AT_ONCE;
        }
        for p in (0..k).rev() {
            let value = simd.mul_f32s(x[first + w * p + c], panel[w * (p * k + p) + c]);
            x[first + w * p + c] = value;
            for q in 0..p {
                let at = first + w * q + c;
                x[at] = simd.sub_f32s(x[at], simd.mul_f32s(panel[w * (p * k + q) + c], value));
            }
        }
    }
}
