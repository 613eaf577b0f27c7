//! Numbers of several cars or points side by side: as many as a vector of the machine holds.
//!
//! The instructions are chosen when the program runs: AVX-512 (8 numbers), AVX2 (4), NEON (2) or none
//! (1). Products and sums are rounded one by one, never fused, so that every machine gives the
//! same bits.

use std::ops::{Add, AddAssign, Div, Mul, Sub};

use pulp::{Simd, bytemuck};

/// Most cars side by side.
pub(crate) const MOST: usize = 8;

/// A number for each car; what lies beyond the vector is not used.
pub(crate) type Each<T> = [T; MOST];

/// A value of each of some cars; beyond the last one, its value again.
#[inline(always)]
pub(crate) fn each<'a, D, T>(of: &'a [D], f: impl Fn(&'a D) -> T) -> Each<T> {
    std::array::from_fn(|lane| f(&of[lane.min(of.len() - 1)]))
}

/// A number for each car or point, in a vector; in memory it fills a line of the cache.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(crate) struct Wide<S: Simd> {
    simd: S,
    of: S::f64s,
}

impl<S: Simd> Wide<S> {
    /// Cars side by side.
    pub(crate) const WIDTH: usize = if S::F64_LANES < MOST {
        S::F64_LANES
    } else {
        MOST
    };

    #[inline(always)]
    pub(crate) fn splat(simd: S, value: f64) -> Self {
        Self {
            simd,
            of: simd.splat_f64s(value),
        }
    }

    #[inline(always)]
    pub(crate) fn load(simd: S, each: &Each<f64>) -> Self {
        let bytes = bytemuck::cast_slice(&each[..Self::WIDTH]);
        Self {
            simd,
            of: bytemuck::pod_read_unaligned(bytes),
        }
    }

    /// A value of each car; written out, so that values stay in registers.
    #[inline(always)]
    pub(crate) fn each<T: Copy + Default>(f: impl Fn(usize) -> T) -> Each<T> {
        let at = |lane| {
            if lane < Self::WIDTH {
                f(lane)
            } else {
                T::default()
            }
        };
        [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)]
    }

    /// Values of a row from one of them on; zeros where it ends before.
    #[inline(always)]
    pub(crate) fn read(simd: S, row: &[f64], from: usize) -> Self {
        let Some(part) = row.get(from..from + Self::WIDTH) else {
            return Self::splat(simd, 0.0);
        };
        Self {
            simd,
            of: bytemuck::pod_read_unaligned(bytemuck::cast_slice(part)),
        }
    }

    /// The same, with zeros after `count` of them.
    #[inline(always)]
    pub(crate) fn read_some(simd: S, row: &[f64], from: usize, count: usize) -> Self {
        if count == Self::WIDTH {
            return Self::read(simd, row, from);
        }
        let mut each = [0.0; MOST];
        for (to, value) in each.iter_mut().zip(row.iter().skip(from)).take(count) {
            *to = *value;
        }
        Self::load(simd, &each)
    }

    /// Into a row from one of its values on, as far as it goes.
    #[inline(always)]
    pub(crate) fn write(self, row: &mut [f64], from: usize) {
        if let Some(part) = row.get_mut(from..from + Self::WIDTH) {
            let bytes: &mut [u8] = bytemuck::cast_slice_mut(part);
            bytes.copy_from_slice(bytemuck::bytes_of(&self.of));
        }
    }

    #[inline(always)]
    pub(crate) fn store(self) -> Each<f64> {
        let mut each = [0.0; MOST];
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut each[..Self::WIDTH]);
        bytes.copy_from_slice(bytemuck::bytes_of(&self.of));
        each
    }

    /// With another value for one car.
    #[inline(always)]
    pub(crate) fn with_lane(self, lane: usize, value: f64) -> Self {
        let mut each = self.store();
        each[lane] = value;
        Self::load(self.simd, &each)
    }

    #[inline(always)]
    pub(crate) fn min(self, other: Self) -> Self {
        self.with(self.simd.min_f64s(self.of, other.of))
    }

    #[inline(always)]
    pub(crate) fn max(self, other: Self) -> Self {
        self.with(self.simd.max_f64s(self.of, other.of))
    }

    #[inline(always)]
    pub(crate) fn sqrt(self) -> Self {
        self.with(self.simd.sqrt_f64s(self.of))
    }

    /// `yes` where this is below `limit`, else `no`.
    #[inline(always)]
    pub(crate) fn below(self, limit: Self, yes: Self, no: Self) -> Self {
        let mask = self.simd.less_than_f64s(self.of, limit.of);
        self.with(self.simd.select_f64s(mask, yes.of, no.of))
    }

    /// Whether this is below `limit` anywhere.
    #[inline(always)]
    pub(crate) fn any_below(self, limit: Self) -> bool {
        let mask = self.simd.less_than_f64s(self.of, limit.of);
        self.simd.first_true_m64s(mask) < Self::WIDTH
    }

    #[inline(always)]
    fn with(self, of: S::f64s) -> Self {
        Self { of, ..self }
    }
}

impl<S: Simd> Add for Wide<S> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.with(self.simd.add_f64s(self.of, other.of))
    }
}

impl<S: Simd> AddAssign for Wide<S> {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<S: Simd> Sub for Wide<S> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.with(self.simd.sub_f64s(self.of, other.of))
    }
}

impl<S: Simd> Mul for Wide<S> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.with(self.simd.mul_f64s(self.of, other.of))
    }
}

impl<S: Simd> Div for Wide<S> {
    type Output = Self;

    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self.with(self.simd.div_f64s(self.of, other.of))
    }
}
