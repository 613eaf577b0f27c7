//! Sixteen operating points side by side: the scalars of the batched solver.
//!
//! Every number of a batch is a row of sixteen, one per operating point (lane). The vector
//! instructions of the machine are chosen when the program runs: AVX-512, AVX2 with FMA, NEON or
//! none; a row is then one, two, four or sixteen vectors. No lane ever reads another.

use pulp::Simd;
use pulp::bytemuck::{self, Pod, Zeroable};

/// Operating points solved together.
pub const LANES: usize = 16;

/// One number in single precision for each lane.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct F32(pub [f32; LANES]);

/// One number in double precision for each lane.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct F64(pub [f64; LANES]);

// Plain numbers without padding: 64 bytes and 128 bytes, aligned to 64.
#[allow(unsafe_code)]
unsafe impl Zeroable for F32 {}
#[allow(unsafe_code)]
unsafe impl Pod for F32 {}
#[allow(unsafe_code)]
unsafe impl Zeroable for F64 {}
#[allow(unsafe_code)]
unsafe impl Pod for F64 {}

impl F32 {
    /// All lanes zero.
    pub const ZERO: Self = Self([0.0; LANES]);
}

impl F64 {
    /// All lanes zero.
    pub const ZERO: Self = Self([0.0; LANES]);

    /// The same value in all lanes.
    #[must_use]
    #[inline(always)]
    pub fn splat(value: f64) -> Self {
        Self([value; LANES])
    }

    /// A value for each lane.
    #[must_use]
    #[inline(always)]
    pub fn map(self, f: impl FnMut(f64) -> f64) -> Self {
        Self(self.0.map(f))
    }

    /// Adds a multiple of another row.
    #[inline(always)]
    pub fn add_multiple(&mut self, factor: f64, other: &Self) {
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            *a += factor * b;
        }
    }

    /// Adds a product of two rows.
    #[inline(always)]
    pub fn add_product(&mut self, a: &Self, b: &Self) {
        for ((s, a), b) in self.0.iter_mut().zip(&a.0).zip(&b.0) {
            *s += a * b;
        }
    }

    /// In single precision.
    #[must_use]
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)]
    pub fn single(&self) -> F32 {
        F32(self.0.map(|v| v as f32))
    }
}

/// Vectors of single precision that make a row.
#[inline(always)]
pub(crate) const fn singles<S: Simd>() -> usize {
    LANES / S::F32_LANES
}

/// Vectors of double precision that make a row.
#[inline(always)]
pub(crate) const fn doubles<S: Simd>() -> usize {
    LANES / S::F64_LANES
}

/// Rows seen as vectors of the machine, [`singles`] for each row.
#[inline(always)]
pub(crate) fn as_singles<S: Simd>(rows: &[F32]) -> &[S::f32s] {
    bytemuck::cast_slice(rows)
}

/// As [`as_singles`], to write.
#[inline(always)]
pub(crate) fn as_singles_mut<S: Simd>(rows: &mut [F32]) -> &mut [S::f32s] {
    bytemuck::cast_slice_mut(rows)
}

/// Rows seen as vectors of the machine, [`doubles`] for each row.
#[inline(always)]
pub(crate) fn as_doubles<S: Simd>(rows: &[F64]) -> &[S::f64s] {
    bytemuck::cast_slice(rows)
}

/// As [`as_doubles`], to write.
#[inline(always)]
pub(crate) fn as_doubles_mut<S: Simd>(rows: &mut [F64]) -> &mut [S::f64s] {
    bytemuck::cast_slice_mut(rows)
}
