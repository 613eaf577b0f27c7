//! The equations of the rotor or of the stator for themselves, ready for sixteen operating points.
//!
//! Both parts meet on the ring of the air gap. Each keeps its own numbering of the ring, so that its
//! equations do not depend on the rotor's position.

use std::sync::Arc;

use crate::mesh::Fill;

use super::factor::Entries;
use super::fronts::{Fronts, Graph, triangle};
use super::lanes::F32;
use super::model::{Cell, Nodes};

/// The equations of one part.
#[derive(Clone, Debug)]
pub struct Part<const N: usize, const Q: usize> {
    /// Plan of the elimination.
    pub fronts: Arc<Fronts>,
    /// Unknowns, the ring's included; one more entry, always zero, stands for fixed nodes.
    pub unknowns: usize,
    /// Unknown and sign of each node of the part.
    pub unknown_of: Vec<(u32, f64)>,
    /// Places of the tangent's entries in the fronts.
    pub entries: Entries,
    /// Value of each entry that does not change (with one extra for fixed nodes).
    pub(super) constant: Vec<f32>,
    /// The constant part in double precision: row, column, value below and on the diagonal.
    pub(super) linear: Vec<(u32, u32, f64)>,
    /// Steel cells.
    pub(super) steel: Vec<SteelCell<N, Q>>,
    /// (B_xᵀB_x + B_yᵀB_y) w of each steel cell, point by point, lower triangles.
    pub(super) gram: Vec<f32>,
    /// Places of each steel cell's lower triangle among the entries.
    pub(super) places: Vec<u32>,
}

/// A cell of steel with the signs of its unknowns inside.
#[derive(Clone, Debug)]
pub(super) struct SteelCell<const N: usize, const Q: usize> {
    pub(super) unknown: [u32; N],
    pub(super) curl: [[[f64; 2]; N]; Q],
    pub(super) weight: f64,
}

impl<const N: usize, const Q: usize> Part<N, Q> {
    /// Sets up a part; `first` is the number of its first node among the cells' nodes.
    ///
    /// `known` is the plan of another design with the same topology, if there is one.
    pub(super) fn new(
        nodes: &Nodes,
        first: usize,
        cells: &[Cell<N, Q>],
        constant_nu: impl Fn(Fill) -> Option<f64>,
        wrap_sign: f64,
        known: Option<&Self>,
    ) -> Self {
        let numbering = Numbering::new(nodes, wrap_sign);
        let natural: Vec<[(u32, f64); N]> = cells
            .iter()
            .map(|c| c.nodes.map(|n| numbering.of[n as usize - first]))
            .collect();
        let fronts = match known {
            Some(part) => Arc::clone(&part.fronts),
            None => Arc::new(Fronts::new(&numbering.graph(&natural))),
        };
        let unknowns = numbering.interior + numbering.ring;
        #[allow(clippy::cast_possible_truncation)]
        let fixed = unknowns as u32;
        let place = |(j, sign): (u32, f64)| {
            if j < fixed {
                (fronts.place[j as usize], sign)
            } else {
                (fixed, 0.0)
            }
        };
        let local: Vec<[(u32, f64); N]> = natural.iter().map(|l| l.map(place)).collect();
        let entries = match known {
            Some(part) => part.entries.clone(),
            None => entries(&fronts, &local, unknowns),
        };
        let mut part = Self {
            unknowns,
            unknown_of: numbering.of.iter().map(|u| place(*u)).collect(),
            constant: vec![0.0; entries.row.len() + 1],
            entries,
            linear: Vec::new(),
            steel: Vec::new(),
            gram: Vec::new(),
            places: Vec::new(),
            fronts,
        };
        let mut linear = vec![0.0; part.entries.row.len() + 1];
        for (cell, local) in cells.iter().zip(&local) {
            let places = part.cell_places(local);
            match constant_nu(cell.fill) {
                Some(nu) => add_linear(cell, local, nu, &places, &mut linear),
                None => part.add_steel(cell, local, &places),
            }
        }
        part.keep_linear(&linear);
        part
    }

    fn add_steel(&mut self, cell: &Cell<N, Q>, local: &[(u32, f64); N], places: &[u32]) {
        let element = &cell.element;
        let curl = element
            .curl
            .map(|at| std::array::from_fn(|i| at[i].map(|component: f64| component * local[i].1)));
        for at in &curl {
            for i in 0..N {
                for j in 0..=i {
                    #[allow(clippy::cast_possible_truncation)]
                    self.gram.push((element.weight * dot(at[i], at[j])) as f32);
                }
            }
        }
        self.places.extend(places);
        self.steel.push(SteelCell {
            unknown: local.map(|(u, _)| u),
            curl,
            weight: element.weight,
        });
    }

    fn keep_linear(&mut self, linear: &[f64]) {
        for j in 0..self.unknowns {
            for at in self.entries.column[j] as usize..self.entries.column[j + 1] as usize {
                if linear[at] != 0.0 {
                    #[allow(clippy::cast_possible_truncation)]
                    {
                        self.linear
                            .push((self.entries.row[at], j as u32, linear[at]));
                        self.constant[at] = linear[at] as f32;
                    }
                }
            }
        }
    }

    /// Where the entries (i, j ≤ i) of a cell lie; one past the end for fixed nodes.
    fn cell_places(&self, local: &[(u32, f64); N]) -> Vec<u32> {
        let entries = &self.entries;
        let mut places = Vec::with_capacity(triangle(N));
        for i in 0..N {
            for j in 0..=i {
                let (row, column) = (local[i].0.max(local[j].0), local[i].0.min(local[j].0));
                let place = if row as usize == self.unknowns {
                    entries.row.len()
                } else {
                    let from = entries.column[column as usize] as usize;
                    let to = entries.column[column as usize + 1] as usize;
                    from + entries.row[from..to].partition_point(|r| *r < row)
                };
                #[allow(clippy::cast_possible_truncation)]
                places.push(place as u32);
            }
        }
        places
    }

    /// Number of values of sixteen tangents, one for fixed nodes included.
    pub(super) fn values(&self) -> usize {
        self.constant.len()
    }

    /// The constant part as start of a tangent.
    #[inline(always)]
    pub(super) fn start_values(&self, values: &mut [F32]) {
        for (value, constant) in values.iter_mut().zip(&self.constant) {
            *value = F32([*constant; 16]);
        }
    }
}

fn add_linear<const N: usize, const Q: usize>(
    cell: &Cell<N, Q>,
    local: &[(u32, f64); N],
    nu: f64,
    places: &[u32],
    linear: &mut [f64],
) {
    let curl = &cell.element.curl;
    let mut at = 0;
    for i in 0..N {
        for j in 0..=i {
            let sum: f64 = (0..Q).map(|k| dot(curl[k][i], curl[k][j])).sum();
            linear[places[at] as usize] += local[i].1 * local[j].1 * nu * cell.element.weight * sum;
            at += 1;
        }
    }
}

#[inline]
fn dot(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

/// Unknowns of a part before they are ordered: interior first, then the ring by angle.
struct Numbering {
    interior: usize,
    ring: usize,
    of: Vec<(u32, f64)>,
}

impl Numbering {
    /// Fixed nodes have no unknown; the side at +half a sector follows the one at −half.
    fn new(nodes: &Nodes, wrap_sign: f64) -> Self {
        const OPEN: u32 = u32::MAX;
        const FIXED: u32 = u32::MAX - 1;
        let mut of = vec![(OPEN, 0.0); nodes.count];
        for n in &nodes.fixed {
            of[*n as usize].0 = FIXED;
        }
        let mut slave = vec![false; nodes.count];
        for n in nodes.plus.iter().chain(&nodes.ring) {
            slave[*n as usize] = true;
        }
        let mut next = 0;
        for (n, unknown) in of.iter_mut().enumerate() {
            if unknown.0 == OPEN && !slave[n] {
                *unknown = (next, 1.0);
                next += 1;
            }
        }
        let interior = next as usize;
        let ring = nodes.ring.len() - 1;
        for n in &nodes.ring[..ring] {
            of[*n as usize] = (next, 1.0);
            next += 1;
        }
        for (plus, minus) in nodes.plus.iter().zip(&nodes.minus) {
            if of[*plus as usize].0 == OPEN {
                let (master, sign) = of[*minus as usize];
                of[*plus as usize] = (master, wrap_sign * sign);
            }
        }
        for unknown in &mut of {
            if unknown.0 >= FIXED {
                *unknown = (next, 0.0);
            }
        }
        Self { interior, ring, of }
    }

    fn graph<const N: usize>(&self, cells: &[[(u32, f64); N]]) -> Graph {
        let all = self.interior + self.ring;
        let mut neighbours: Vec<Vec<u32>> = vec![Vec::new(); all];
        for cell in cells {
            for (a, _) in cell.iter().filter(|(a, _)| (*a as usize) < all) {
                for (b, _) in cell.iter().filter(|(b, _)| (*b as usize) < all && b != a) {
                    neighbours[*a as usize].push(*b);
                }
            }
        }
        for list in &mut neighbours {
            list.sort_unstable();
            list.dedup();
        }
        Graph {
            interior: self.interior,
            neighbours,
        }
    }
}

/// The tangent's entries by columns, in the order of elimination, and their places in the fronts.
fn entries<const N: usize>(fronts: &Fronts, local: &[[(u32, f64); N]], unknowns: usize) -> Entries {
    let mut columns: Vec<Vec<u32>> = vec![Vec::new(); unknowns];
    for cell in local {
        for (a, _) in cell {
            for (b, _) in cell {
                if a <= b && (*b as usize) < unknowns {
                    columns[*a as usize].push(*b);
                }
            }
        }
    }
    let mut entries = Entries {
        column: vec![0],
        ..Entries::default()
    };
    for rows in &mut columns {
        rows.sort_unstable();
        rows.dedup();
        entries.row.extend(rows.iter());
        #[allow(clippy::cast_possible_truncation)]
        entries.column.push(entries.row.len() as u32);
    }
    entries.place = vec![0; entries.row.len()];
    for front in &fronts.fronts {
        let (k, first) = (front.width(), front.pivots.start);
        let columns = if k > 0 {
            front.pivots.clone()
        } else {
            first..unknowns
        };
        for j in columns {
            for at in entries.column[j] as usize..entries.column[j + 1] as usize {
                let row = entries.row[at] as usize;
                let place = if k == 0 {
                    triangle(row - first) + j - first
                } else if row < front.pivots.end {
                    (row - first) * k + j - first
                } else {
                    let below = front.rows.partition_point(|r| (*r as usize) < row);
                    (k + below) * k + j - first
                };
                #[allow(clippy::cast_possible_truncation)]
                {
                    entries.place[at] = place as u32;
                }
            }
        }
    }
    entries
}
