//! The sector as finite elements: nodes of first or second order, materials, and the ring.

use std::collections::HashMap;

use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::section::Section;

use crate::error::FieldError;
use crate::material::{MU_0, MagnetisationCurve};
use crate::mesh::{Fill, Part, PoleMesh};
use crate::winding::Winding;

use super::element::Element;

/// One element with its nodes.
#[derive(Clone, Debug)]
pub struct Cell<const N: usize, const Q: usize> {
    /// Shape functions and weights.
    pub element: Element<N, Q>,
    /// Nodes of the whole sector; the rotor's come first.
    pub nodes: [u32; N],
    /// What it is made of.
    pub fill: Fill,
}

/// A part's nodes with mid-side nodes where the order asks for them.
#[derive(Clone, Debug)]
pub(super) struct Nodes {
    pub(super) count: usize,
    pub(super) fixed: Vec<u32>,
    pub(super) minus: Vec<u32>,
    pub(super) plus: Vec<u32>,
    pub(super) ring: Vec<u32>,
}

/// Everything about the sector that does not depend on rotor angle or current.
#[derive(Clone, Debug)]
pub struct Model<const N: usize, const Q: usize> {
    /// The mesh.
    pub mesh: PoleMesh,
    /// Elements, the rotor's first.
    pub cells: Vec<Cell<N, Q>>,
    /// Number of elements of the rotor.
    pub rotor_cells: usize,
    /// Winding of the sector.
    pub winding: Winding,
    /// Pole pairs of the machine.
    pub pole_pairs: u32,
    /// Magnetisation curve of the laminations.
    pub curve: MagnetisationCurve,
    /// Reluctivity of the magnets, A·m/(V·s).
    pub magnet_nu: f64,
    /// Remanence vector of each magnet of the sector, T.
    pub remanence_t: Vec<[f64; 2]>,
    /// Area of one slot's winding on this mesh, m².
    pub slot_area_m2: f64,
    pub(super) rotor: Nodes,
    pub(super) stator: Nodes,
}

impl<const N: usize, const Q: usize> Model<N, Q> {
    /// Builds the elements of a meshed section.
    ///
    /// # Errors
    /// The steel's curve cannot be used, or the mesh has a bad triangle.
    pub fn new(
        section: &Section,
        steel: &Steel,
        magnet: &MagnetGrade,
        mesh: PoleMesh,
    ) -> Result<Self, FieldError> {
        let curve = MagnetisationCurve::new(steel, section.stacking_factor)?;
        if mesh.smallest_angle_deg() < 0.5 {
            let reason = format!("smallest angle {:.2}°", mesh.smallest_angle_deg());
            return Err(FieldError::Mesh {
                section: section.id.clone(),
                reason,
            });
        }
        let (rotor, rotor_nodes) = second_order::<N>(&mesh.rotor);
        let (stator, stator_nodes) = second_order::<N>(&mesh.stator);
        let mut cells: Vec<Cell<N, Q>> = build_cells(&mesh.rotor, &rotor_nodes, 0);
        let rotor_cells = cells.len();
        #[allow(clippy::cast_possible_truncation)]
        cells.extend(build_cells(&mesh.stator, &stator_nodes, rotor.count as u32));
        let remanence = magnet.remanence_t(section.magnet_temperature_k);
        let slot_area_m2 = cells
            .iter()
            .filter(|c| c.fill == Fill::Slot(0))
            .map(|c| c.element.area())
            .sum();
        Ok(Self {
            remanence_t: mesh
                .magnets_rad
                .iter()
                .map(|a| [remanence * a.cos(), remanence * a.sin()])
                .collect(),
            magnet_nu: 1.0 / (MU_0 * magnet.mu_r),
            winding: Winding::new(section, mesh.sector),
            pole_pairs: section.pole_pairs,
            mesh,
            cells,
            rotor_cells,
            curve,
            slot_area_m2,
            rotor,
            stator,
        })
    }

    /// Reluctivity of a cell with a constant one; `None` for steel.
    #[must_use]
    pub fn constant_nu(&self, fill: Fill) -> Option<f64> {
        match fill {
            Fill::Steel => None,
            Fill::Magnet(_) => Some(self.magnet_nu),
            Fill::Air | Fill::Gap | Fill::Slot(_) => Some(1.0 / MU_0),
        }
    }

    /// Steps of the ring in nodes per step of the mesh: 1 for first, 2 for second order.
    #[must_use]
    pub fn nodes_per_step(&self) -> usize {
        if N == 3 { 1 } else { 2 }
    }

    /// Unknowns at any rotor position.
    #[must_use]
    pub fn unknowns(&self) -> usize {
        let part = |n: &Nodes, shared: usize| n.count - n.fixed.len() - shared;
        // A side's nodes less the fixed one; the stator's ring belongs to the rotor, with the side's end.
        part(&self.rotor, self.rotor.plus.len() - 1)
            + part(
                &self.stator,
                self.stator.ring.len() + self.stator.plus.len() - 2,
            )
    }

    /// Nodes of the whole sector, mid-side nodes included.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.rotor.count + self.stator.count
    }

    /// Nodes of the rotor, mid-side nodes included.
    #[must_use]
    pub fn rotor_nodes(&self) -> usize {
        self.rotor.count
    }
}

fn build_cells<const N: usize, const Q: usize>(
    part: &Part,
    nodes: &[[u32; N]],
    offset: u32,
) -> Vec<Cell<N, Q>> {
    part.triangles
        .iter()
        .zip(nodes)
        .zip(&part.fill)
        .map(|((t, n), fill)| Cell {
            element: Element::new(t.map(|i| part.nodes[i as usize])),
            nodes: n.map(|i| i + offset),
            fill: *fill,
        })
        .collect()
}

/// Numbers mid-side nodes; for first order (`N` = 3) nothing is added.
fn second_order<const N: usize>(part: &Part) -> (Nodes, Vec<[u32; N]>) {
    #[allow(clippy::cast_possible_truncation)]
    let mut next = part.nodes.len() as u32;
    let key = |a: u32, b: u32| (a.min(b), a.max(b));
    let mut middle: HashMap<(u32, u32), (u32, u32)> = HashMap::new();
    let mut fixed = part.fixed.clone();
    let mut elements = Vec::with_capacity(part.triangles.len());
    for t in &part.triangles {
        let mut nodes = [0; N];
        nodes[..3].copy_from_slice(t);
        for i in 3..N {
            let entry = middle
                .entry(key(t[i - 3], t[(i - 2) % 3]))
                .or_insert((next, 0));
            if entry.0 == next {
                next += 1;
            }
            entry.1 += 1;
            nodes[i] = entry.0;
        }
        elements.push(nodes);
    }
    let is_fixed: std::collections::HashSet<u32> = part.fixed.iter().copied().collect();
    let mut outer: Vec<u32> = middle
        .iter()
        .filter(|((a, b), (_, uses))| *uses == 1 && is_fixed.contains(a) && is_fixed.contains(b))
        .map(|(_, (m, _))| *m)
        .collect();
    outer.sort_unstable();
    fixed.extend(outer);
    let with_middles = |line: &[u32]| -> Vec<u32> {
        let mut all = Vec::with_capacity(2 * line.len());
        for (i, n) in line.iter().enumerate() {
            if i > 0 && N > 3 {
                all.push(middle[&key(line[i - 1], *n)].0);
            }
            all.push(*n);
        }
        all
    };
    let nodes = Nodes {
        count: next as usize,
        minus: with_middles(&part.minus),
        plus: with_middles(&part.plus),
        ring: with_middles(&part.ring),
        fixed,
    };
    (nodes, elements)
}

impl<const N: usize, const Q: usize> Model<N, Q> {
    /// Meshed sectors in the whole machine.
    #[must_use]
    pub fn sectors(&self) -> f64 {
        2.0 * f64::from(self.pole_pairs) / f64::from(self.mesh.sector.poles)
    }
}
