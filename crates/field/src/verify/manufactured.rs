//! Potentials that are chosen first: the current density follows from them, and the solution must
//! come back.
//!
//! The steel is linear, ν = const., so that J = −ν ∇²A. The whole pole is steel: every cell goes through
//! the curve and Newton's iteration. The energy is read as the work of the sources f·a, whose
//! error is the square of the error in the energy norm (Strang & Fix 1973): of order 2 for
//! elements of first and 4 for elements of second order, where nothing else is in the way.

use std::f64::consts::PI;

use crate::error::FieldError;
use crate::geometry::outline::{Point, cross, polar, sub};
use crate::mesh::{Fill, Part, PoleMesh};
use crate::solve::equations::Equations;
use crate::solve::model::Model;

use super::{rows, solve, stand_in};

const POLE_PAIRS: u32 = 4;
const INNER_M: f64 = 0.05;
const OUTER_M: f64 = 0.10;
/// Largest potential times a length, chosen so that B stays below 0.5 T.
const AMPLITUDE_VS_PER_M3: f64 = 8.0;

/// What bounds the pole inside and outside; the sides are straight in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Borders {
    /// Straight lines across the pole: the mesh fills the domain exactly.
    Straight,
    /// Arcs, which the straight sides of the elements cut short.
    Arcs,
}

/// One mesh of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// Columns of cells across the pole.
    pub columns: usize,
    /// Unknowns.
    pub unknowns: usize,
    /// Error of the field energy, relative.
    pub energy_error: f64,
}

/// Error of the energy for a series of meshes, elements of order 1 or 2.
///
/// # Errors
/// The iteration fails, which it cannot for a sound number of columns.
pub fn manufactured_series(
    borders: Borders,
    order: usize,
    columns: &[usize],
) -> Result<Vec<Level>, FieldError> {
    let level = |n: &usize| {
        if order == 1 {
            level::<3, 1>(borders, *n)
        } else {
            level::<6, 3>(borders, *n)
        }
    };
    columns.iter().map(level).collect()
}

fn level<const N: usize, const Q: usize>(
    borders: Borders,
    columns: usize,
) -> Result<Level, FieldError> {
    let model = Model::<N, Q>::new(
        &stand_in::section(POLE_PAIRS),
        &stand_in::steel(),
        &stand_in::magnet(1.0),
        borders.mesh(columns),
    )?;
    let mut source = vec![0.0; model.nodes()];
    for (index, cell) in model.cells.iter().enumerate() {
        for (at, place, weight) in points_of(corners(&model, index)) {
            let current = weight * borders.current_density(at);
            for (node, shape) in cell.nodes.iter().zip(shapes::<N>(place)) {
                source[*node as usize] += current * shape;
            }
        }
    }
    let mut equations = Equations::new(&model);
    equations.add_source(&source);
    let work = solve(&equations)?.work().0[0];
    let exact = borders.work();
    Ok(Level {
        columns,
        unknowns: equations.unknowns(),
        energy_error: ((work - exact) / exact).abs(),
    })
}

fn corners<const N: usize, const Q: usize>(model: &Model<N, Q>, cell: usize) -> [Point; 3] {
    let (part, t) = if cell < model.rotor_cells {
        (&model.mesh.rotor, cell)
    } else {
        (&model.mesh.stator, cell - model.rotor_cells)
    };
    part.triangles[t].map(|n| part.nodes[n as usize])
}

/// Place, barycentric coordinates and weight of six points, exact to degree 4 (Dunavant 1985), in m².
fn points_of([a, b, c]: [Point; 3]) -> impl Iterator<Item = (Point, [f64; 3], f64)> {
    const RULE: [(f64, f64); 2] = [
        (0.108_103_018_168_070, 0.223_381_589_678_011),
        (0.816_847_572_980_459, 0.109_951_743_655_322),
    ];
    let area = cross(sub(b, a), sub(c, a)) / 2.0;
    RULE.into_iter().flat_map(move |(l, weight)| {
        (0..3).map(move |k| {
            let mut place = [(1.0 - l) / 2.0; 3];
            place[k] = l;
            let at = [0, 1].map(|i| place[0] * a[i] + place[1] * b[i] + place[2] * c[i]);
            (at, place, weight * area)
        })
    })
}

/// Shape functions of first or second order.
fn shapes<const N: usize>(l: [f64; 3]) -> [f64; N] {
    std::array::from_fn(|i| match (N, i) {
        (3, _) => l[i],
        (_, 0..=2) => l[i] * (2.0 * l[i] - 1.0),
        _ => 4.0 * l[i - 3] * l[(i - 2) % 3],
    })
}

impl Borders {
    fn mesh(self, columns: usize) -> PoleMesh {
        let half = PI / f64::from(2 * POLE_PAIRS);
        let middle = (INNER_M + OUTER_M) / 2.0;
        let across = match self {
            Self::Straight => rows::spaced(-half.tan(), half.tan(), columns),
            Self::Arcs => rows::spaced(-half, half, columns),
        };
        let part = |from: f64, to: f64| -> Part {
            let along = rows::spaced(from, to, columns.div_ceil(3));
            match self {
                Self::Straight => {
                    rows::part(&along, &across, |x, t| [x, x * t], |_, _| Fill::Steel)
                }
                Self::Arcs => rows::part(&along, &across, polar, |_, _| Fill::Steel),
            }
        };
        let (mut rotor, mut stator) = (part(INNER_M, middle), part(middle, OUTER_M));
        rotor.fixed = rows::first_row(&across);
        stator.fixed.clone_from(&stator.ring);
        rows::pole(rotor, stator, &across, [INNER_M, OUTER_M])
    }

    /// A in V·s/m. Straight: c (x − x₀)(x₁ − x)(t²x² − y²)/x₁² with t the tangent of half a pole: zero on
    /// all borders and even in y, so that it is also anti-periodic.
    /// Arcs: c (r − r₀)(r₁ − r) cos(pφ + ¼), which is anti-periodic and not zero on the sides.
    fn potential(self, [x, y]: Point) -> f64 {
        match self {
            Self::Straight => {
                AMPLITUDE_VS_PER_M3 / (OUTER_M * OUTER_M) * along(x)[0] * (slope2() * x * x - y * y)
            }
            Self::Arcs => AMPLITUDE_VS_PER_M3 * along(x.hypot(y))[0] * wave(x, y),
        }
    }

    /// J = −ν ∇²A in A/m².
    fn current_density(self, [x, y]: Point) -> f64 {
        let laplace = match self {
            Self::Straight => {
                let [w, dw, ddw] = along(x);
                let t2 = slope2();
                let across = t2 * x * x - y * y;
                (ddw * across + 4.0 * dw * t2 * x + 2.0 * w * (t2 - 1.0)) / (OUTER_M * OUTER_M)
            }
            Self::Arcs => {
                let (r, p) = (x.hypot(y), f64::from(POLE_PAIRS));
                let [w, dw, ddw] = along(r);
                (ddw + dw / r - p * p * w / (r * r)) * wave(x, y)
            }
        };
        -stand_in::STEEL_NU * AMPLITUDE_VS_PER_M3 * laplace
    }

    /// ∫ J A dS over the exact domain by Gauss's three points on many pieces, J/m.
    fn work(self) -> f64 {
        let half = PI / f64::from(2 * POLE_PAIRS);
        let most = match self {
            Self::Straight => half.tan(),
            Self::Arcs => half,
        };
        let mut sum = 0.0;
        for (r, dr) in gauss(INNER_M, OUTER_M) {
            for (s, ds) in gauss(-most, most) {
                let at = match self {
                    Self::Straight => [r, r * s],
                    Self::Arcs => polar(r, s),
                };
                sum += self.current_density(at) * self.potential(at) * r * dr * ds;
            }
        }
        sum
    }
}

/// (x − x₀)(x₁ − x) with its first and second derivative.
fn along(x: f64) -> [f64; 3] {
    let (from, to) = (x - INNER_M, OUTER_M - x);
    [from * to, to - from, -2.0]
}

/// Square of the tangent of half a pole.
fn slope2() -> f64 {
    (PI / f64::from(2 * POLE_PAIRS)).tan().powi(2)
}

fn wave(x: f64, y: f64) -> f64 {
    (f64::from(POLE_PAIRS) * y.atan2(x) + 0.25).cos()
}

/// Points and weights: Gauss's three on each of 64 pieces.
fn gauss(from: f64, to: f64) -> impl Iterator<Item = (f64, f64)> {
    const PIECES: u32 = 64;
    let width = (to - from) / f64::from(PIECES);
    (0..PIECES).flat_map(move |piece| {
        let middle = from + width * (f64::from(piece) + 0.5);
        let reach = width / 2.0 * 0.6_f64.sqrt();
        [(-reach, 5.0), (0.0, 8.0), (reach, 5.0)]
            .map(|(off, weight)| (middle + off, width * weight / 18.0))
    })
}
