//! The equations of the rotor or of the stator for themselves, ready for sixteen operating points.
//!
//! Both parts meet on the ring of the air gap. Each keeps its own numbering of the ring, so that its
//! equations do not depend on the rotor's position.

use std::sync::Arc;

use crate::mesh::Fill;

use super::fronts::{Fronts, Graph};
use super::model::{Cell, Nodes};
use super::pattern::{Pattern, pairs};

/// The equations of one part.
#[derive(Clone, Debug)]
pub struct Part<const N: usize, const Q: usize> {
    /// Plan of the elimination.
    pub fronts: Arc<Fronts>,
    /// Unknowns, the ring's included; one more entry, always zero, stands for fixed nodes.
    pub unknowns: usize,
    /// Unknown and sign of each node of the part.
    pub unknown_of: Vec<(u32, f64)>,
    /// Where the tangent's terms go.
    pub(super) pattern: Arc<Pattern>,
    /// The constant part, by the entries of the pattern.
    pub(super) constant: Vec<f64>,
    /// The same in single precision.
    pub(super) constant_single: Vec<f32>,
    /// Steel cells, in the order of fronts.
    pub(super) steel: Vec<SteelCell<N, Q>>,
    /// (B_xᵀB_x + B_yᵀB_y) w of each steel cell, point by point, pair by pair.
    pub(super) gram: Vec<f32>,
}

/// A cell of steel with the signs of its unknowns inside; its unknowns ascend.
#[derive(Clone, Debug)]
pub(super) struct SteelCell<const N: usize, const Q: usize> {
    pub(super) unknown: [u32; N],
    pub(super) curl: [[[f64; 2]; N]; Q],
    pub(super) weight: f64,
}

/// A cell's unknowns, ascending: number, sign, and node within the cell.
type Local<const N: usize> = [(u32, f64, usize); N];

impl<const N: usize, const Q: usize> Part<N, Q> {
    /// Sets up a part; `first` is the number of its first node among the cells' nodes.
    ///
    /// `known` is another design with the same topology, if there is one.
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
        let local: Vec<Local<N>> = natural
            .iter()
            .map(|cell| ascending(cell.map(place)))
            .collect();
        let pattern = match known {
            Some(part) => Arc::clone(&part.pattern),
            None => {
                let numbers: Vec<[u32; N]> = local.iter().map(|l| l.map(|(j, ..)| j)).collect();
                let is_steel = |cell: usize| constant_nu(cells[cell].fill).is_none();
                Arc::new(Pattern::new(&fronts, &numbers, is_steel))
            }
        };
        let mut part = Self {
            unknowns,
            unknown_of: numbering.of.iter().map(|u| place(*u)).collect(),
            constant: Vec::new(),
            constant_single: Vec::new(),
            steel: Vec::with_capacity(pattern.steel.len()),
            gram: Vec::new(),
            fronts,
            pattern,
        };
        part.add_constant(cells, &local, &constant_nu);
        for cell in Arc::clone(&part.pattern).steel.iter() {
            let cell = *cell as usize;
            part.add_steel(&cells[cell], &local[cell]);
        }
        part
    }

    fn add_constant(
        &mut self,
        cells: &[Cell<N, Q>],
        local: &[Local<N>],
        constant_nu: impl Fn(Fill) -> Option<f64>,
    ) {
        let pattern = &self.pattern;
        // One more for fixed nodes.
        let mut sum = vec![0.0; pattern.entries.len() + 1];
        let mut entry = pattern.constant_pairs.iter();
        for (cell, local) in cells.iter().zip(local) {
            let Some(nu) = constant_nu(cell.fill) else {
                continue;
            };
            let curl = signed_curl(cell, local);
            for ((i, j), entry) in pairs::<N>().zip(&mut entry) {
                let gram: f64 = curl.iter().map(|at| dot(at[i], at[j])).sum();
                sum[*entry as usize] += nu * cell.element.weight * gram;
            }
        }
        sum.truncate(pattern.entries.len());
        #[allow(clippy::cast_possible_truncation)]
        let single = sum.iter().map(|v| *v as f32).collect();
        (self.constant, self.constant_single) = (sum, single);
    }

    fn add_steel(&mut self, cell: &Cell<N, Q>, local: &Local<N>) {
        let (curl, weight) = (signed_curl(cell, local), cell.element.weight);
        for at in &curl {
            for (i, j) in pairs::<N>() {
                #[allow(clippy::cast_possible_truncation)]
                self.gram.push((weight * dot(at[i], at[j])) as f32);
            }
        }
        self.steel.push(SteelCell {
            unknown: local.map(|(u, ..)| u),
            curl,
            weight,
        });
    }
}

fn ascending<const N: usize>(cell: [(u32, f64); N]) -> Local<N> {
    let mut local: Local<N> = std::array::from_fn(|node| (cell[node].0, cell[node].1, node));
    local.sort_unstable_by_key(|(unknown, _, node)| (*unknown, *node));
    local
}

/// The curl of a cell's shape functions in the order of its unknowns, with their signs.
fn signed_curl<const N: usize, const Q: usize>(
    cell: &Cell<N, Q>,
    local: &Local<N>,
) -> [[[f64; 2]; N]; Q] {
    cell.element
        .curl
        .map(|at| local.map(|(_, sign, node)| at[node].map(|component| sign * component)))
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
