//! The equations of a section at any rotor position: rotor, stator and what drives them.

use crate::mesh::Fill;

use super::model::Model;
use super::part::Part;
use super::ring::Turn;

/// Rotor and stator of a model with their sources.
#[derive(Clone, Debug)]
pub struct Equations<'m, const N: usize, const Q: usize> {
    /// The elements.
    pub model: &'m Model<N, Q>,
    /// Rotor.
    pub rotor: Part<N, Q>,
    /// Stator.
    pub stator: Part<N, Q>,
    /// Source of the magnets over the rotor's unknowns, A, and what was added by hand in both parts.
    pub(super) permanent: [Vec<f64>; 2],
    /// Source of one ampere of a field winding, over the rotor's unknowns; empty without one.
    pub(super) field: Vec<(u32, f64)>,
    /// Source of one unit of each phase's current, over the stator's unknowns.
    pub(crate) phases: [Vec<(u32, f64)>; 3],
}

impl<'m, const N: usize, const Q: usize> Equations<'m, N, Q> {
    /// Sets up both parts.
    #[must_use]
    pub fn new(model: &'m Model<N, Q>) -> Self {
        Self::build(model, None)
    }

    /// As [`Equations::new`] for a model whose mesh has the topology of `known`: nothing is ordered
    /// or planned again.
    #[must_use]
    pub fn like<'k>(model: &'m Model<N, Q>, known: &Equations<'k, N, Q>) -> Self {
        Self::build(model, Some(known))
    }

    fn build(model: &'m Model<N, Q>, known: Option<&Equations<N, Q>>) -> Self {
        let (rotor_cells, stator_cells) = model.cells.split_at(model.rotor_cells);
        let nu = |fill| model.constant_nu(fill);
        let wrap = model.mesh.sector.sign();
        let (rotor, stator) = rayon::join(
            || {
                Part::new(
                    &model.rotor,
                    0,
                    rotor_cells,
                    nu,
                    wrap,
                    known.map(|k| &k.rotor),
                )
            },
            || {
                let (first, known) = (model.rotor.count, known.map(|k| &k.stator));
                Part::new(&model.stator, first, stator_cells, nu, wrap, known)
            },
        );
        let mut equations = Self {
            model,
            permanent: [&rotor, &stator].map(|p| vec![0.0; p.unknowns + 1]),
            field: Vec::new(),
            phases: Default::default(),
            rotor,
            stator,
        };
        equations.add_sources();
        equations
    }

    fn add_sources(&mut self) {
        let model = self.model;
        let mut phases = [0; 3].map(|_| vec![0.0; self.stator.unknowns + 1]);
        for (index, cell) in model.cells.iter().enumerate() {
            match cell.fill {
                Fill::Magnet(m) => {
                    for (i, node) in cell.nodes.iter().enumerate() {
                        let (unknown, sign) = self.rotor.unknown_of[*node as usize];
                        let flow: f64 = (0..Q)
                            .map(|k| {
                                let curl = cell.element.curl[k][i];
                                curl[0] * model.remanence_t[m][0]
                                    + curl[1] * model.remanence_t[m][1]
                            })
                            .sum();
                        self.permanent[0][unknown as usize] +=
                            sign * model.magnet_nu * cell.element.weight * flow;
                    }
                }
                Fill::Slot(slot) if index >= model.rotor_cells => {
                    for (i, node) in cell.nodes.iter().enumerate() {
                        let (unknown, sign) =
                            self.stator.unknown_of[*node as usize - model.rotor.count];
                        let share = sign * cell.element.integral[i] / model.slot_area_m2;
                        for (phase, of) in phases.iter_mut().enumerate() {
                            of[unknown as usize] += share * model.winding.turns[slot][phase];
                        }
                    }
                }
                _ => {}
            }
        }
        self.permanent[0][self.rotor.unknowns] = 0.0;
        let last = self.stator.unknowns;
        #[allow(clippy::cast_possible_truncation)]
        let sparse = |of: Vec<f64>| -> Vec<(u32, f64)> {
            of.into_iter()
                .take(last)
                .enumerate()
                .filter(|(_, v)| *v != 0.0)
                .map(|(j, v)| (j as u32, v))
                .collect()
        };
        self.phases = phases.map(sparse);
    }

    /// Adds a source at the nodes of the pole (the rotor's first), A; it does not depend on currents.
    pub fn add_source(&mut self, at_nodes: &[f64]) {
        let (rotor, stator) = at_nodes.split_at(self.model.rotor_nodes());
        let parts = [(&self.rotor, rotor), (&self.stator, stator)];
        for (permanent, (part, values)) in self.permanent.iter_mut().zip(parts) {
            for ((unknown, sign), value) in part.unknown_of.iter().zip(values) {
                permanent[*unknown as usize] += sign * value;
            }
            permanent[part.unknowns] = 0.0;
        }
    }

    /// Unknowns of a whole operating point.
    #[must_use]
    pub fn unknowns(&self) -> usize {
        self.rotor.unknowns + self.stator.fronts.interior
    }

    /// Electrical angle of the rotor after whole steps of the ring, rad.
    #[must_use]
    pub fn angle_el(&self, steps: usize) -> f64 {
        #[allow(clippy::cast_precision_loss)]
        let angle = std::f64::consts::PI * steps as f64 / self.model.mesh.steps_per_pole() as f64;
        angle
    }

    /// The rotor turned by whole steps of the ring.
    #[must_use]
    pub fn turn(&self, steps: usize) -> Turn {
        let nodes = steps * self.model.nodes_per_step();
        Turn::new(self.rotor.fronts.ring, nodes, self.model.mesh.sector.sign())
    }
}
