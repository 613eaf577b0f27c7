//! Meshes of a pole in rows of equal cells: rotor and stator, joined in the ring.

use codrive_model::section::Sector;

use crate::geometry::outline::Point;
use crate::mesh::{Fill, Part, PoleMesh};

/// `n + 1` equally spaced values.
pub(super) fn spaced(from: f64, to: f64, n: usize) -> Vec<f64> {
    #[allow(clippy::cast_precision_loss)]
    (0..=n)
        .map(|i| from + (to - from) * i as f64 / n as f64)
        .collect()
}

/// Cells between rows and columns, each cut into two triangles; `place` says where a node lies, `fill`
/// what a cell (row, column) is made of. The ring is the last row.
pub(super) fn part(
    rows: &[f64],
    columns: &[f64],
    place: impl Fn(f64, f64) -> Point,
    fill: impl Fn(usize, usize) -> Fill,
) -> Part {
    let across = columns.len();
    let mut part = Part {
        nodes: rows
            .iter()
            .flat_map(|r| columns.iter().map(|c| place(*r, *c)))
            .collect(),
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

/// First row of a part.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn first_row(columns: &[f64]) -> Vec<u32> {
    (0..columns.len() as u32).collect()
}

/// Both parts as a pole; the stator's ring is its first row.
pub(super) fn pole(rotor: Part, mut stator: Part, columns: &[f64], radii_m: [f64; 2]) -> PoleMesh {
    stator.ring = first_row(columns);
    PoleMesh {
        rotor,
        stator,
        sector: Sector { poles: 1, slots: 3 },
        slot_triangles: 0,
        ring_steps: columns.len() - 1,
        magnets_rad: Vec::new(),
        rotor_radius_m: radii_m[0],
        bore_radius_m: radii_m[1],
    }
}
