//! Energy, gradient and tangent of a part at sixteen operating points.
//!
//! W(a) = Σ ∫ w(|B|) + ½ aᵀ K a, with K the part that does not change (air, magnets, slots).
//! Energy and gradient are summed in double precision, the tangent in single precision:
//! ∂h/∂b = ν I + 2 dν/d(b²) b bᵀ.

use pulp::Simd;

use super::lanes::{
    F32, F64, as_doubles, as_doubles_mut, as_singles, as_singles_mut, doubles, singles,
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

/// Energy at `x`; gradient and tangent are written (sources are not in them).
#[inline(always)]
pub(super) fn assemble<S: Simd, const N: usize, const Q: usize>(
    simd: S,
    part: &Part<N, Q>,
    curve: &MagnetisationCurve,
    x: &[F64],
    gradient: &mut [F64],
    values: &mut [F32],
) -> F64 {
    part.start_values(values);
    let mut energy = linear(simd, part, x, gradient);
    let pairs = N * (N + 1) / 2;
    for (block, cells) in part.steel.chunks(CELLS).enumerate() {
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
            let points = &mut points[at];
            evaluate(simd, cell, &places[at], points, &mut energy);
            add_force(simd, cell, points, gradient);
            let at = block * CELLS + at;
            let gram = &part.gram[at * Q * pairs..(at + 1) * Q * pairs];
            let places = &part.places[at * pairs..(at + 1) * pairs];
            add_tangent(simd, cell, points, gram, places, values);
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
    for &(row, column, value) in &part.linear {
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

/// Adds the cell's tangent to the values.
#[inline(always)]
fn add_tangent<S: Simd, const N: usize, const Q: usize>(
    simd: S,
    cell: &SteelCell<N, Q>,
    points: &[Point; Q],
    gram: &[f32],
    places: &[u32],
    values: &mut [F32],
) {
    let w = singles::<S>();
    let pairs = N * (N + 1) / 2;
    let short: [[F32; 4]; Q] = std::array::from_fn(|q| {
        let point = &points[q];
        [
            point.b[0].single(),
            point.b[1].single(),
            point.nu.single(),
            point.extra.single(),
        ]
    });
    let values = as_singles_mut::<S>(values);
    #[allow(clippy::cast_possible_truncation)]
    let weight = simd.splat_f32s(cell.weight as f32);
    for c in 0..w {
        let mut along = [[simd.splat_f32s(0.0); N]; Q];
        let mut scaled = [[simd.splat_f32s(0.0); N]; Q];
        let mut nu = [simd.splat_f32s(0.0); Q];
        for q in 0..Q {
            let [bx, by, n, extra] = std::array::from_fn(|k| as_singles::<S>(&short[q][k..=k])[c]);
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
        for i in 0..N {
            for j in 0..=i {
                let mut sum = values[w * places[at] as usize + c];
                for q in 0..Q {
                    let gram = simd.splat_f32s(gram[q * pairs + at]);
                    sum = simd.mul_add_f32s(nu[q], gram, sum);
                    sum = simd.mul_add_f32s(scaled[q][i], along[q][j], sum);
                }
                values[w * places[at] as usize + c] = sum;
                at += 1;
            }
        }
    }
}
