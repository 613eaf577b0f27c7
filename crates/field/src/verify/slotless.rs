//! The slotless machine with magnets on the rotor surface.

use std::f64::consts::PI;

use crate::error::FieldError;
use crate::geometry::outline::{Point, cross, polar, sub};
use crate::mesh::Fill;
use crate::solve::equations::Equations;
use crate::solve::model::Model;

use super::{rows, solve, stand_in};

/// A slotless machine with magnets on the rotor surface, iron infinitely permeable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slotless {
    /// Radius of the rotor iron, m.
    pub rotor_radius_m: f64,
    /// Outer radius of the magnets, m.
    pub magnet_radius_m: f64,
    /// Bore radius, m.
    pub bore_radius_m: f64,
    /// Pole pairs.
    pub pole_pairs: u32,
    /// Magnet arc over pole pitch.
    pub pole_arc: f64,
    /// Remanence, T, radial.
    pub remanence_t: f64,
    /// Relative permeability of the whole magnet ring.
    pub mu_r: f64,
}

/// Radial remanence over the angle, T.
type Remanence<'a> = &'a dyn Fn(f64) -> f64;

/// Flux density (radial, tangential) on a circle at the given mechanical angles, second order.
///
/// # Errors
/// The iteration fails, which it cannot for sound dimensions.
pub fn slotless_field(
    case: &Slotless,
    radius_m: f64,
    angles_rad: &[f64],
    columns: usize,
) -> Result<Vec<[f64; 2]>, FieldError> {
    let half_arc = case.pole_arc * PI / (2.0 * f64::from(case.pole_pairs));
    let remanence = |angle: f64| {
        if angle.abs() < half_arc {
            case.remanence_t
        } else {
            0.0
        }
    };
    let model = annulus_model::<6, 3>(case, columns, &remanence)?;
    let equations = Equations::new(&model);
    let nodes = solve(&equations)?.nodes(0);
    Ok(angles_rad
        .iter()
        .map(|a| field_at(&model, &nodes, polar(radius_m, *a), *a))
        .collect())
}

/// Unknowns and sources' work f·a of a sinusoidal radial magnetisation, for a series of meshes.
///
/// # Errors
/// The iteration fails, which it cannot for sound dimensions.
pub fn energy_series(
    case: &Slotless,
    order: usize,
    columns: &[usize],
) -> Result<Vec<(usize, f64)>, FieldError> {
    let pole_pairs = f64::from(case.pole_pairs);
    let remanence = |angle: f64| case.remanence_t * (pole_pairs * angle).cos();
    columns
        .iter()
        .map(|n| {
            if order == 1 {
                energy(&annulus_model::<3, 1>(case, *n, &remanence)?)
            } else {
                energy(&annulus_model::<6, 3>(case, *n, &remanence)?)
            }
        })
        .collect()
}

fn energy<const N: usize, const Q: usize>(model: &Model<N, Q>) -> Result<(usize, f64), FieldError> {
    let equations = Equations::new(model);
    let work = solve(&equations)?.work().0[0];
    Ok((equations.unknowns(), work))
}

/// Flux density at a point, the mean of all cells that it lies in or on; B is linear in a cell.
fn field_at(model: &Model<6, 3>, potential: &[f64], p: Point, angle: f64) -> [f64; 2] {
    let (mut b, mut cells) = ([0.0; 2], 0.0);
    for (index, cell) in model.cells.iter().enumerate() {
        let l = place_in(corners(model, index), p);
        if l.iter().any(|l| *l < -1e-6) {
            continue;
        }
        let a = cell.nodes.map(|n| potential[n as usize]);
        cells += 1.0;
        for (k, l) in l.iter().enumerate() {
            let at = cell.element.flux_density(k, &a);
            b = [0, 1].map(|c| b[c] + (2.0 * l - 1.0 / 3.0) * at[c]);
        }
    }
    let (sin, cos) = angle.sin_cos();
    [b[0] * cos + b[1] * sin, b[1] * cos - b[0] * sin].map(|b| b / cells)
}

fn corners(model: &Model<6, 3>, cell: usize) -> [Point; 3] {
    let (part, t) = if cell < model.rotor_cells {
        (&model.mesh.rotor, cell)
    } else {
        (&model.mesh.stator, cell - model.rotor_cells)
    };
    part.triangles[t].map(|n| part.nodes[n as usize])
}

/// Barycentric coordinates.
fn place_in([a, b, c]: [Point; 3], p: Point) -> [f64; 3] {
    let double = cross(sub(b, a), sub(c, a));
    [
        cross(sub(b, p), sub(c, p)),
        cross(sub(c, p), sub(a, p)),
        cross(sub(a, p), sub(b, p)),
    ]
    .map(|v| v / double)
}

/// The annulus of one pole: magnets as many thin sectors with their own remanence, then the gap.
fn annulus_model<const N: usize, const Q: usize>(
    case: &Slotless,
    columns: usize,
    remanence: Remanence,
) -> Result<Model<N, Q>, FieldError> {
    let half = PI / (2.0 * f64::from(case.pole_pairs));
    let angles = rows::spaced(-half, half, columns);
    let magnet_rows = columns.div_ceil(6);
    let gap_rows = columns.div_ceil(24);
    let (inner, middle) = (
        case.magnet_radius_m,
        (case.magnet_radius_m + case.bore_radius_m) / 2.0,
    );
    let mut radii = rows::spaced(case.rotor_radius_m, inner, magnet_rows);
    radii.extend(rows::spaced(inner, middle, gap_rows).into_iter().skip(1));
    let rotor = rows::part(&radii, &angles, polar, |row, column| {
        if row < magnet_rows {
            Fill::Magnet(column)
        } else {
            Fill::Gap
        }
    });
    let radii = rows::spaced(middle, case.bore_radius_m, gap_rows);
    let stator = rows::part(&radii, &angles, polar, |_, _| Fill::Gap);
    let mids: Vec<f64> = angles.windows(2).map(|w| (w[0] + w[1]) / 2.0).collect();
    let mut mesh = rows::pole(rotor, stator, &angles, [inner, case.bore_radius_m]);
    mesh.magnets_rad.clone_from(&mids);
    let mut model = Model::new(
        &stand_in::section(case.pole_pairs),
        &stand_in::steel(),
        &stand_in::magnet(case.mu_r),
        mesh,
    )?;
    model.remanence_t = mids.iter().map(|a| polar(remanence(*a), *a)).collect();
    Ok(model)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::snapshot::{Camera, LossCells};

    /// Between pole edges far away a magnet sits on its load line, B = B_r h / (h + μ_r g).
    ///
    /// At 2 m radius, magnet and gap are flat to 0.3 %: their flux density is inverse to the radius.
    #[test]
    fn the_middle_of_a_flat_magnet_lies_on_the_load_line() {
        let (h, g, mu_r, remanence_t) = (6e-3, 1e-3, 1.05, 1.2);
        let case = Slotless {
            rotor_radius_m: 2.0,
            magnet_radius_m: 2.0 + h,
            bore_radius_m: 2.0 + h + g,
            pole_pairs: 80,
            pole_arc: 1.0,
            remanence_t,
            mu_r,
        };
        let model = annulus_model::<6, 3>(&case, 48, &|_| remanence_t).unwrap();
        let equations = Equations::new(&model);
        let batch = solve(&equations).unwrap();
        let mut cells = LossCells::new(&model);
        let lowest = |cells: &LossCells| {
            let shot = Camera::new(&equations, cells).take(&batch);
            shot.lowest_magnet_b.0[0]
        };
        let at_an_edge = lowest(&cells);
        for (column, cells) in cells.magnets.iter_mut().enumerate() {
            if column != 24 {
                cells.clear();
            }
        }
        let by_hand = remanence_t * h / (h + mu_r * g);
        let in_the_middle = lowest(&cells);
        assert!(
            (in_the_middle / by_hand - 1.0).abs() < 4e-3,
            "{in_the_middle} {by_hand}"
        );
        assert!(at_an_edge < 0.9 * in_the_middle, "{at_an_edge}");
    }
}
