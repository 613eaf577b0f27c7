//! Energy, gradient and tangent of a part at sixteen operating points.
//!
//! W(a) = Σ ∫ w(|B|) + ½ aᵀ K a, with K the part that does not change (air, magnets, slots).
//! Energy and gradient are summed in double precision. The tangent, ∂h/∂b = ν I + 2 dν/d(b²) b bᵀ, is
//! needed in single precision and by the factorisation alone: until then only the field and the material
//! at the points of integration are kept, and each front is given its cells' tangents when its turn comes.

use pulp::Simd;

use super::factor::Terms;
use super::lanes::{
    F32, F64, LANES, as_doubles, as_doubles_mut, as_singles, as_singles_mut, doubles, singles,
};
use super::part::{Part, SteelCell};
use crate::material::{MagnetisationCurve, Place};

/// Cells whose places on the curve are read together.
const CELLS: usize = 4;

/// Flux density and material at one point of integration.
#[derive(Clone, Copy)]
struct Point {
    b: [F64; 2],
    nu: F64,
    /// (dh/db − ν)/b².
    extra: F64,
}

const NO_POINT: Point = Point {
    b: [F64::ZERO; 2],
    nu: F64::ZERO,
    extra: F64::ZERO,
};

/// Rows kept for each point: B_x, B_y, ν and (dh/db − ν)/b².
const KEPT: usize = 4;

/// Field and material at the points of a part's steel cells, all that the tangent needs.
#[derive(Clone, Debug)]
pub(super) struct Kept(Vec<F32>);

impl Kept {
    /// Memory for a part.
    pub(super) fn new<const N: usize, const Q: usize>(part: &Part<N, Q>) -> Self {
        Self(vec![F32::ZERO; KEPT * Q * part.steel.len()])
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        size_of::<F32>() * self.0.len()
    }
}

/// Energy at `x`; gradient and what the tangent needs are written (sources are not in them).
#[inline(always)]
pub(super) fn assemble<S: Simd, const N: usize, const Q: usize>(
    simd: S,
    part: &Part<N, Q>,
    curve: &MagnetisationCurve,
    x: &[F64],
    gradient: &mut [F64],
    kept: &mut Kept,
) -> F64 {
    let mut energy = linear(simd, part, x, gradient);
    let kept = kept.0.chunks_mut(CELLS * Q * KEPT);
    for (cells, kept) in part.steel.chunks(CELLS).zip(kept) {
        let mut points = [[NO_POINT; Q]; CELLS];
        let mut places = [[Place::NONE; Q]; CELLS];
        for (cell, (points, places)) in cells.iter().zip(points.iter_mut().zip(&mut places)) {
            flux_density(simd, cell, x, points);
            for (point, place) in points.iter().zip(places) {
                curve.find(simd, &point.b, place);
            }
        }
        places
            .as_flattened_mut()
            .iter_mut()
            .for_each(|place| curve.read(place));
        for (at, cell) in cells.iter().enumerate() {
            evaluate(simd, cell, &places[at], &mut points[at], &mut energy);
            add_force(simd, cell, &points[at], gradient);
        }
        let points = points.as_flattened();
        for (kept, point) in kept.chunks_exact_mut(KEPT).zip(points) {
            let [b_x, b_y] = point.b;
            for (kept, row) in kept.iter_mut().zip([b_x, b_y, point.nu, point.extra]) {
                *kept = row.single();
            }
        }
    }
    energy
}

/// Product of the constant part with `x`, and the energy ½ xᵀ K x.
#[inline(always)]
fn linear<S: Simd, const N: usize, const Q: usize>(
    simd: S,
    part: &Part<N, Q>,
    x: &[F64],
    gradient: &mut [F64],
) -> F64 {
    gradient.fill(F64::ZERO);
    let w = doubles::<S>();
    let mut energy = F64::ZERO;
    let (x, gradient) = (as_doubles::<S>(x), as_doubles_mut::<S>(gradient));
    for (&(row, column), &value) in part.pattern.entries.iter().zip(&part.constant) {
        let (row, column) = (w * row as usize, w * column as usize);
        let value = simd.splat_f64s(value);
        for c in 0..w {
            gradient[row + c] = simd.mul_add_f64s(value, x[column + c], gradient[row + c]);
        }
        if row != column {
            for c in 0..w {
                gradient[column + c] = simd.mul_add_f64s(value, x[row + c], gradient[column + c]);
            }
        }
    }
    let sum = as_doubles_mut::<S>(std::slice::from_mut(&mut energy));
    // The last row stands for fixed nodes; its x is zero.
    for (at, (x, g)) in x.iter().zip(&*gradient).enumerate() {
        sum[at % w] = simd.mul_add_f64s(*x, *g, sum[at % w]);
    }
    energy.map(|e| 0.5 * e)
}

/// Flux density at a cell's points.
#[inline(always)]
fn flux_density<S: Simd, const N: usize, const Q: usize>(
    simd: S,
    cell: &SteelCell<N, Q>,
    x: &[F64],
    points: &mut [Point; Q],
) {
    let w = doubles::<S>();
    let x = as_doubles::<S>(x);
    for c in 0..w {
        let a: [S::f64s; N] = std::array::from_fn(|i| x[w * cell.unknown[i] as usize + c]);
        for (point, curl) in points.iter_mut().zip(&cell.curl) {
            let mut b = [simd.splat_f64s(0.0); 2];
            for i in 0..N {
                for (b, curl) in b.iter_mut().zip(curl[i]) {
                    *b = simd.mul_add_f64s(simd.splat_f64s(curl), a[i], *b);
                }
            }
            for (to, b) in point.b.iter_mut().zip(b) {
                as_doubles_mut::<S>(std::slice::from_mut(to))[c] = b;
            }
        }
    }
}

/// The material at a cell's points; adds the cell's energy.
#[inline(always)]
fn evaluate<S: Simd, const N: usize, const Q: usize>(
    simd: S,
    cell: &SteelCell<N, Q>,
    places: &[Place; Q],
    points: &mut [Point; Q],
    energy: &mut F64,
) {
    let weight = simd.splat_f64s(cell.weight);
    let sum = as_doubles_mut::<S>(std::slice::from_mut(energy));
    for c in 0..doubles::<S>() {
        for (point, place) in points.iter_mut().zip(places) {
            let [nu, extra, density] = place.evaluate(simd, c);
            as_doubles_mut::<S>(std::slice::from_mut(&mut point.nu))[c] = nu;
            as_doubles_mut::<S>(std::slice::from_mut(&mut point.extra))[c] = extra;
            sum[c] = simd.mul_add_f64s(weight, density, sum[c]);
        }
    }
}

/// Adds ∫ H · curl N to the gradient.
#[inline(always)]
fn add_force<S: Simd, const N: usize, const Q: usize>(
    simd: S,
    cell: &SteelCell<N, Q>,
    points: &[Point; Q],
    gradient: &mut [F64],
) {
    let w = doubles::<S>();
    let gradient = as_doubles_mut::<S>(gradient);
    let weight = simd.splat_f64s(cell.weight);
    for c in 0..w {
        let at = |row: &F64| as_doubles::<S>(std::slice::from_ref(row))[c];
        let mut force = [simd.splat_f64s(0.0); N];
        for (point, curl) in points.iter().zip(&cell.curl) {
            let nu = simd.mul_f64s(weight, at(&point.nu));
            let h = [
                simd.mul_f64s(nu, at(&point.b[0])),
                simd.mul_f64s(nu, at(&point.b[1])),
            ];
            for i in 0..N {
                for (h, curl) in h.iter().zip(curl[i]) {
                    force[i] = simd.mul_add_f64s(simd.splat_f64s(curl), *h, force[i]);
                }
            }
        }
        for i in 0..N {
            let to = w * cell.unknown[i] as usize + c;
            gradient[to] = simd.add_f64s(gradient[to], force[i]);
        }
    }
}

/// The tangent of a part, given to the fronts term by term.
pub(super) struct Tangent<'a, const N: usize, const Q: usize> {
    pub(super) part: &'a Part<N, Q>,
    pub(super) kept: &'a Kept,
    /// Tangents of the front's cells, pair by pair; room for [`Tangent::room`] rows.
    pub(super) cells: &'a mut [F32],
}

impl<const N: usize, const Q: usize> Tangent<'_, N, Q> {
    const PAIRS: usize = N * (N + 1) / 2;

    /// Rows that the cells of the largest front need.
    pub(super) fn room(part: &Part<N, Q>) -> usize {
        Self::PAIRS * part.pattern.most_steel
    }

    /// Places and values of the constant part in a front.
    #[inline(always)]
    fn constants(&self, front: usize) -> impl Iterator<Item = (usize, f32)> {
        let pattern = &self.part.pattern;
        let of = pattern.entries_of[front] as usize..pattern.entries_of[front + 1] as usize;
        let values = &self.part.constant_single[of.clone()];
        let places = pattern.entry_places[of].iter().map(|place| *place as usize);
        places.zip(values.iter().copied())
    }

    /// Steel cells of a front.
    #[inline(always)]
    fn steel(&self, front: usize) -> std::ops::Range<usize> {
        let of = &self.part.pattern.steel_of;
        of[front] as usize..of[front + 1] as usize
    }
}

impl<const N: usize, const Q: usize> Terms for Tangent<'_, N, Q> {
    #[inline(always)]
    fn add_columns<S: Simd>(&mut self, simd: S, front: usize, columns: &mut [F32]) {
        for (place, value) in self.constants(front) {
            columns[place] = F32([value; LANES]);
        }
        let cells = self.steel(front);
        let (w, pattern) = (singles::<S>(), &self.part.pattern);
        for (cell, tangent) in cells.zip(self.cells.chunks_exact_mut(Self::PAIRS)) {
            let kept = &self.kept.0[KEPT * Q * cell..KEPT * Q * (cell + 1)];
            let gram = &self.part.gram[Q * Self::PAIRS * cell..Q * Self::PAIRS * (cell + 1)];
            cell_tangent(simd, &self.part.steel[cell], kept, gram, tangent);
            let places = &pattern.steel_places[Self::PAIRS * cell..Self::PAIRS * (cell + 1)];
            let count = pattern.in_columns[cell] as usize;
            let columns = as_singles_mut::<S>(columns);
            let tangent = as_singles::<S>(tangent);
            for (at, place) in places[..count].iter().enumerate() {
                for c in 0..w {
                    let to = w * *place as usize + c;
                    columns[to] = simd.add_f32s(columns[to], tangent[w * at + c]);
                }
            }
        }
    }

    #[inline(always)]
    fn add_below<S: Simd>(&mut self, simd: S, front: usize, update: &mut [F32]) {
        let (w, pattern) = (singles::<S>(), &self.part.pattern);
        let update = as_singles_mut::<S>(update);
        for (cell, tangent) in self.steel(front).zip(self.cells.chunks_exact(Self::PAIRS)) {
            let places = &pattern.steel_places[Self::PAIRS * cell..Self::PAIRS * (cell + 1)];
            let count = pattern.in_columns[cell] as usize;
            let tangent = as_singles::<S>(tangent);
            for (at, place) in places.iter().enumerate().skip(count) {
                for c in 0..w {
                    let to = w * *place as usize + c;
                    update[to] = simd.add_f32s(update[to], tangent[w * at + c]);
                }
            }
        }
    }
}

/// The tangent of one cell, pair by pair.
#[inline(always)]
fn cell_tangent<S: Simd, const N: usize, const Q: usize>(
    simd: S,
    cell: &SteelCell<N, Q>,
    kept: &[F32],
    gram: &[f32],
    tangent: &mut [F32],
) {
    let w = singles::<S>();
    let (kept, tangent) = (as_singles::<S>(kept), as_singles_mut::<S>(tangent));
    #[allow(clippy::cast_possible_truncation)]
    let weight = simd.splat_f32s(cell.weight as f32);
    for c in 0..w {
        let mut along = [[simd.splat_f32s(0.0); N]; Q];
        let mut scaled = [[simd.splat_f32s(0.0); N]; Q];
        let mut nu = [simd.splat_f32s(0.0); Q];
        for q in 0..Q {
            let [bx, by, n, extra] = std::array::from_fn(|k| kept[w * (KEPT * q + k) + c]);
            let extra = simd.mul_f32s(weight, extra);
            nu[q] = n;
            for i in 0..N {
                let [x, y] = cell.curl[q][i];
                #[allow(clippy::cast_possible_truncation)]
                let (x, y) = (simd.splat_f32s(x as f32), simd.splat_f32s(y as f32));
                along[q][i] = simd.mul_add_f32s(x, bx, simd.mul_f32s(y, by));
                scaled[q][i] = simd.mul_f32s(extra, along[q][i]);
            }
        }
        let mut at = 0;
        for j in 0..N {
            for i in j..N {
                let mut sum = simd.splat_f32s(0.0);
                for q in 0..Q {
                    let gram = simd.splat_f32s(gram[q * (N * (N + 1) / 2) + at]);
                    sum = simd.mul_add_f32s(nu[q], gram, sum);
                    sum = simd.mul_add_f32s(scaled[q][i], along[q][j], sum);
                }
                tangent[w * at + c] = sum;
                at += 1;
            }
        }
    }
}
