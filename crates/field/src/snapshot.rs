//! The part of a solved field that losses need, at one rotor position.

use crate::geometry::outline::turn;
use crate::mesh::Fill;
use crate::solve::model::Model;
use crate::solve::system::System;

/// Which cells take part in losses; the same for every position and current.
#[derive(Clone, Debug)]
pub struct LossCells {
    /// Steel cells of the rotor: index and area, m².
    pub rotor: Vec<(usize, f64)>,
    /// Steel cells of the first slot pitch: index within the pitch and area, m².
    pub stator: Vec<(usize, f64)>,
    /// Cells of each magnet: index and area, m².
    pub magnets: Vec<Vec<(usize, f64)>>,
}

impl LossCells {
    /// Lists the cells of a model.
    #[must_use]
    pub fn new<const N: usize, const Q: usize>(model: &Model<N, Q>) -> Self {
        let of = |fill: Fill, from: usize, to: usize| -> Vec<(usize, f64)> {
            (from..to)
                .filter(|i| model.cells[*i].fill == fill)
                .map(|i| (i - from, model.cells[i].element.area()))
                .collect()
        };
        let (rotor, pitch) = (model.rotor_cells, model.mesh.slot_triangles);
        Self {
            rotor: of(Fill::Steel, 0, rotor),
            stator: of(Fill::Steel, rotor, rotor + pitch),
            magnets: (0..model.remanence_t.len())
                .map(|m| of(Fill::Magnet(m), 0, rotor))
                .collect(),
        }
    }
}

/// Flux density and potential where losses arise, at one rotor position.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Mean flux density of each rotor steel cell, rotor frame, T.
    pub rotor_b: Vec<[f32; 2]>,
    /// Mean flux density of the steel cells of each slot pitch, in the frame of that slot, T; slot by slot.
    pub stator_b: Vec<[f32; 2]>,
    /// Potential at the centroid of each magnet cell, magnet by magnet, V·s/m.
    pub magnet_a: Vec<f64>,
}

impl Snapshot {
    /// Takes a snapshot of a solution.
    #[must_use]
    pub fn take<const N: usize, const Q: usize>(
        system: &System<N, Q>,
        cells: &LossCells,
        x: &[f64],
    ) -> Self {
        let model = system.model;
        #[allow(clippy::cast_possible_truncation)]
        let mean = |cell: usize| {
            model.cells[cell]
                .element
                .mean_flux_density(&system.gather(cell, x))
        };
        #[allow(clippy::cast_possible_truncation)]
        let short = |b: [f64; 2]| [b[0] as f32, b[1] as f32];
        let slots = model.winding.turns.len();
        let pole = std::f64::consts::PI / f64::from(model.pole_pairs);
        let mut stator_b = Vec::with_capacity(slots * cells.stator.len());
        for slot in 0..slots {
            #[allow(clippy::cast_precision_loss)]
            let angle = pole * ((slot as f64 + 0.5) / slots as f64 - 0.5);
            let first = model.rotor_cells + slot * model.mesh.slot_triangles;
            stator_b.extend(
                cells
                    .stator
                    .iter()
                    .map(|(i, _)| short(turn(mean(first + i), -angle))),
            );
        }
        let potential = |cell: usize| model.cells[cell].element.potential(&system.gather(cell, x));
        Self {
            rotor_b: cells.rotor.iter().map(|(i, _)| short(mean(*i))).collect(),
            stator_b,
            magnet_a: cells
                .magnets
                .iter()
                .flatten()
                .map(|(i, _)| potential(*i))
                .collect(),
        }
    }
}
