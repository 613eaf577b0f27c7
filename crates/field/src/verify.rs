//! Cases with a known answer that need no section: the slotless surface magnet and the order of
//! convergence. `codrive validate` and the tests call them.
//!
//! Both run through the same elements, ring and Newton iteration as a section; only the mesh, an
//! annulus of equal columns, is made here.

use std::f64::consts::PI;

use codrive_model::material::{MagnetGrade, Steel, SteelLoss};
use codrive_model::section::Section;

use crate::error::FieldError;
use crate::geometry::outline::{Point, cross, polar, sub};
use crate::mesh::{Fill, Part, PoleMesh};
use crate::solve::model::Model;
use crate::solve::newton::Newton;
use crate::solve::system::System;

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
    let system = System::new(&model, 0);
    let x = solve(&system)?;
    Ok(angles_rad
        .iter()
        .map(|a| field_at(&system, &x, polar(radius_m, *a), *a))
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
    let system = System::new(model, 0);
    let x = solve(&system)?;
    Ok((
        system.unknowns,
        system
            .source(0.0, 0.0)
            .iter()
            .zip(&x)
            .map(|(f, x)| f * x)
            .sum(),
    ))
}

fn solve<const N: usize, const Q: usize>(system: &System<N, Q>) -> Result<Vec<f64>, FieldError> {
    let failed = |_| FieldError::Factorisation {
        section: "annulus".into(),
    };
    let mut x = vec![0.0; system.unknowns + 1];
    Newton::new(system)
        .map_err(failed)?
        .solve(system, &system.source(0.0, 0.0), &mut x)
        .map_err(failed)?;
    Ok(x)
}

/// Flux density in the cell around a point; B is linear in it.
fn field_at(system: &System<6, 3>, x: &[f64], p: Point, angle: f64) -> [f64; 2] {
    let nodes = |cell: usize| {
        let model = system.model;
        let (part, t) = if cell < model.rotor_cells {
            (&model.mesh.rotor, cell)
        } else {
            (&model.mesh.stator, cell - model.rotor_cells)
        };
        part.triangles[t].map(|n| part.nodes[n as usize])
    };
    let weights = |[a, b, c]: [Point; 3]| {
        let double = cross(sub(b, a), sub(c, a));
        [
            cross(sub(b, p), sub(c, p)),
            cross(sub(c, p), sub(a, p)),
            cross(sub(a, p), sub(b, p)),
        ]
        .map(|v| v / double)
    };
    let inside = |cell: &usize| {
        weights(nodes(*cell))
            .iter()
            .fold(f64::MAX, |m, w| m.min(*w))
    };
    let cell = (0..system.model.cells.len())
        .max_by(|a, b| inside(a).total_cmp(&inside(b)))
        .unwrap_or(0);
    let (l, a) = (weights(nodes(cell)), system.gather(cell, x));
    let mut b = [0.0; 2];
    for (k, l) in l.iter().enumerate() {
        let at = system.model.cells[cell].element.flux_density(k, &a);
        b = [0, 1].map(|c| b[c] + (2.0 * l - 1.0 / 3.0) * at[c]);
    }
    let (sin, cos) = angle.sin_cos();
    [b[0] * cos + b[1] * sin, b[1] * cos - b[0] * sin]
}

/// The annulus of one pole: magnets as many thin sectors with their own remanence, then the gap.
fn annulus_model<const N: usize, const Q: usize>(
    case: &Slotless,
    columns: usize,
    remanence: Remanence,
) -> Result<Model<N, Q>, FieldError> {
    let half = PI / (2.0 * f64::from(case.pole_pairs));
    #[allow(clippy::cast_precision_loss)]
    let angles: Vec<f64> = (0..=columns)
        .map(|i| half * (2.0 * i as f64 / columns as f64 - 1.0))
        .collect();
    let magnet_rows = columns.div_ceil(6);
    let gap_rows = columns.div_ceil(24);
    let (inner, middle) = (
        case.magnet_radius_m,
        (case.magnet_radius_m + case.bore_radius_m) / 2.0,
    );
    let magnets = radii(case.rotor_radius_m, inner, magnet_rows);
    let mut rows = magnets.clone();
    rows.extend(radii(inner, middle, gap_rows).into_iter().skip(1));
    let rotor = annulus(&rows, &angles, |row, column| {
        if row < magnet_rows {
            Fill::Magnet(column)
        } else {
            Fill::Gap
        }
    });
    let mut stator = annulus(
        &radii(middle, case.bore_radius_m, gap_rows),
        &angles,
        |_, _| Fill::Gap,
    );
    #[allow(clippy::cast_possible_truncation)]
    {
        stator.ring = (0..=columns as u32).collect();
    }
    let mids: Vec<f64> = angles.windows(2).map(|w| (w[0] + w[1]) / 2.0).collect();
    let mesh = PoleMesh {
        rotor,
        stator,
        slot_triangles: 0,
        ring_steps: columns,
        magnets_rad: mids.clone(),
        rotor_radius_m: case.magnet_radius_m,
        bore_radius_m: case.bore_radius_m,
    };
    let mut model = Model::new(
        &any_section(case.pole_pairs),
        &any_steel(),
        &any_magnet(case.mu_r),
        mesh,
    )?;
    model.remanence_t = mids.iter().map(|a| polar(remanence(*a), *a)).collect();
    Ok(model)
}

fn radii(from: f64, to: f64, n: usize) -> Vec<f64> {
    #[allow(clippy::cast_precision_loss)]
    (0..=n)
        .map(|i| from + (to - from) * i as f64 / n as f64)
        .collect()
}

fn annulus(rows: &[f64], angles: &[f64], fill: impl Fn(usize, usize) -> Fill) -> Part {
    let across = angles.len();
    let nodes = rows
        .iter()
        .flat_map(|r| angles.iter().map(move |a| polar(*r, *a)))
        .collect();
    let mut part = Part {
        nodes,
        ..Part::default()
    };
    #[allow(clippy::cast_possible_truncation)]
    let node = |row: usize, column: usize| (row * across + column) as u32;
    for row in 0..rows.len() - 1 {
        for column in 0..across - 1 {
            let [a, b] = [node(row, column), node(row, column + 1)];
            let [d, c] = [node(row + 1, column), node(row + 1, column + 1)];
            let pair = if (row + column) % 2 == 0 {
                [[a, d, c], [a, c, b]]
            } else {
                [[a, d, b], [b, d, c]]
            };
            part.triangles.extend(pair);
            part.fill.extend([fill(row, column); 2]);
        }
    }
    part.minus = (0..rows.len()).map(|row| node(row, 0)).collect();
    part.plus = (0..rows.len()).map(|row| node(row, across - 1)).collect();
    part.ring = (0..across)
        .map(|column| node(rows.len() - 1, column))
        .collect();
    part
}

/// A section that only lends its pole pairs; nothing of it is drawn.
fn any_section(pole_pairs: u32) -> Section {
    use codrive_model::section::{Conductor, HairpinSlot, Rotor, SlotShape, SlotWinding, Stator};
    let slot = HairpinSlot {
        opening_width_m: 1e-3,
        opening_height_m: 1e-3,
        wedge_height_m: 0.0,
        width_m: 1e-3,
        depth_m: 1e-3,
    };
    Section {
        schema: 1,
        id: "annulus".into(),
        name: String::new(),
        source: String::new(),
        assumptions: vec![],
        pole_pairs,
        slots: 6 * pole_pairs,
        steel: String::new(),
        stacking_factor: 1.0,
        magnet: String::new(),
        magnet_temperature_k: 293.15,
        winding: SlotWinding {
            conductor: Conductor::Hairpin,
            layers: 1,
            coil_pitch: 3,
            copper_fill: 0.5,
        },
        stator: Stator {
            outer_diameter_m: 0.1,
            bore_diameter_m: 0.05,
            slot: SlotShape::Hairpin(slot),
        },
        rotor: Rotor {
            outer_diameter_m: 0.049,
            inner_diameter_m: 0.02,
            ..Rotor::default()
        },
    }
}

fn any_steel() -> Steel {
    Steel {
        name: "none".into(),
        source: String::new(),
        b_t: vec![0.0, 0.5, 1.0, 1.5],
        h_a_per_m: vec![0.0, 100.0, 200.0, 300.0],
        density_kg_per_m3: 7650.0,
        yield_pa: 4e8,
        loss: SteelLoss {
            k_h: 0.0,
            alpha: 1.0,
            beta: 2.0,
            k_e: 0.0,
        },
    }
}

fn any_magnet(mu_r: f64) -> MagnetGrade {
    MagnetGrade {
        name: "ring".into(),
        source: String::new(),
        remanence_20c_t: 1.0,
        remanence_per_k: 0.0,
        mu_r,
        conductivity_s_per_m: 0.0,
        density_kg_per_m3: 7500.0,
    }
}
