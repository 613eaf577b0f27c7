//! The part of a solved field that losses and magnets need, at one rotor position, for all lanes.

use crate::geometry::outline::turn;
use crate::mesh::Fill;
use crate::slot_zones::SlotZones;
use crate::solve::batch::{Batch, Potential};
use crate::solve::equations::Equations;
use crate::solve::lanes::{F32, F64};
use crate::solve::model::Model;
use crate::winding::slot_place;
use pulp::{Arch, Simd, WithSimd};

/// Which cells take part in losses; the same for every position and current.
#[derive(Clone, Debug)]
pub struct LossCells {
    /// Steel cells of the first pole of the rotor: index and area, m².
    pub rotor: Vec<(usize, f64)>,
    /// Steel cells of the first slot pitch: index within the pitch and area, m².
    pub stator: Vec<(usize, f64)>,
    /// Cells of each magnet of the first pole: index and area, m².
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
        let poles = model.mesh.sector.poles as usize;
        Self {
            rotor: of(Fill::Steel, 0, rotor / poles),
            stator: of(Fill::Steel, rotor, rotor + pitch),
            magnets: (0..model.remanence_t.len() / poles)
                .map(|m| of(Fill::Magnet(m), 0, rotor / poles))
                .collect(),
        }
    }
}

/// Flux density and potential where losses arise, at one rotor position, a lane for each current.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Mean flux density of the steel cells of each pole, in the frame of that pole, the sign of every
    /// second one reversed, T; pole by pole.
    pub rotor_b: Vec<[F32; 2]>,
    /// Mean flux density of the steel cells of each slot pitch, in the frame of that slot, T; slot by slot.
    pub stator_b: Vec<[F32; 2]>,
    /// Mean flux density of the zones of each slot, tangential and radial, T; slot by slot.
    pub slot_b: Vec<[F32; 2]>,
    /// Potential at the centroid of each magnet cell, the sign of every second pole reversed, pole by
    /// pole and magnet by magnet, V·s/m.
    pub magnet_a: Vec<F64>,
    /// Lowest mean flux density of a magnet cell along its magnetisation, T; infinite without magnets.
    pub lowest_magnet_b: F64,
}

/// Takes snapshots of a section's fields.
#[derive(Clone, Debug)]
pub struct Camera<const N: usize> {
    rotor: Vec<Mean<N>>,
    stator: Vec<Mean<N>>,
    slots: SlotZones,
    magnets: Vec<InMagnet<N>>,
}

/// Mean flux density of a cell from its unknowns.
#[derive(Clone, Debug)]
struct Mean<const N: usize> {
    unknown: [u32; N],
    curl: [[f64; 2]; N],
}

/// Potential at the middle of a magnet cell, and mean flux density along the magnetisation.
#[derive(Clone, Debug)]
struct InMagnet<const N: usize> {
    unknown: [u32; N],
    middle: [f64; N],
    along: [f64; N],
}

impl<const N: usize> Camera<N> {
    /// Prepares the snapshots of a model's fields.
    #[must_use]
    pub fn new<const Q: usize>(equations: &Equations<N, Q>, cells: &LossCells) -> Self {
        let model = equations.model;
        let mean = |cell: usize, angle: f64, reversed: f64| {
            let in_rotor = cell < model.rotor_cells;
            let (of, first) = if in_rotor {
                (&equations.rotor.unknown_of, 0)
            } else {
                (&equations.stator.unknown_of, model.rotor_nodes())
            };
            let local = model.cells[cell].nodes.map(|n| of[n as usize - first]);
            let element = &model.cells[cell].element;
            let curl = std::array::from_fn(|i| {
                let sum = (0..Q).fold([0.0; 2], |s, q| {
                    let c = element.curl[q][i];
                    [s[0] + c[0] / Q as f64, s[1] + c[1] / Q as f64]
                });
                turn(sum, angle).map(|c| reversed * local[i].1 * c)
            });
            Mean {
                unknown: local.map(|(u, _)| u),
                curl,
            }
        };
        let sector = model.mesh.sector;
        let pitch = std::f64::consts::PI / f64::from(model.pole_pairs);
        let in_slot = |slot: usize| {
            let first = model.rotor_cells + slot * model.mesh.slot_triangles;
            let angle = -pitch * slot_place(slot, sector);
            let cells = cells.stator.iter();
            cells.map(move |(i, _)| mean(first + i, angle, 1.0))
        };
        let poles = sector.poles as usize;
        let in_pole = model.rotor_cells / poles;
        let sign = |pole: usize| if pole.is_multiple_of(2) { 1.0 } else { -1.0 };
        let steel = |pole: usize| {
            let angle = -pitch * pole as f64;
            let cells = cells.rotor.iter();
            cells.map(move |(i, _)| mean(pole * in_pole + i, angle, sign(pole)))
        };
        let magnet = |cell: usize, magnetisation_rad: f64, sign: f64| {
            let element = &model.cells[cell].element;
            let nodes = &model.cells[cell].nodes;
            // The x axis turned into the magnetisation.
            let Mean { unknown, curl } = mean(cell, -magnetisation_rad, 1.0);
            let sign = |i: usize| sign * equations.rotor.unknown_of[nodes[i] as usize].1;
            InMagnet {
                unknown,
                middle: std::array::from_fn(|i| sign(i) * element.middle[i]),
                along: curl.map(|[x, _]| x),
            }
        };
        let magnets = |pole: usize| {
            let angles = model.mesh.magnets_rad.chunks(cells.magnets.len().max(1));
            let of_pole = cells
                .magnets
                .iter()
                .zip(angles.skip(pole).take(1).flatten());
            of_pole.flat_map(move |(cells, angle)| {
                let cells = cells.iter();
                cells.map(move |(i, _)| magnet(pole * in_pole + i, *angle, sign(pole)))
            })
        };
        Self {
            rotor: (0..poles).flat_map(steel).collect(),
            stator: (0..sector.slots as usize).flat_map(in_slot).collect(),
            slots: SlotZones::new(equations),
            magnets: (0..poles).flat_map(magnets).collect(),
        }
    }

    /// Bytes of a snapshot.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of::<[F32; 2]>() * (self.rotor.len() + self.stator.len() + self.slots.len())
            + size_of::<F64>() * self.magnets.len()
    }

    /// Takes a snapshot of a batch.
    #[must_use]
    pub fn take<const Q: usize>(&self, batch: &Batch<N, Q>) -> Snapshot {
        let potential = &batch.potential;
        let arch = Arch::new();
        Snapshot {
            rotor_b: arch.dispatch(Means {
                cells: &self.rotor,
                x: &potential.rotor,
            }),
            stator_b: arch.dispatch(Means {
                cells: &self.stator,
                x: &potential.stator,
            }),
            slot_b: self.slots.means(&potential.stator),
            magnet_a: self
                .magnets
                .iter()
                .map(|cell| weighted(potential, &cell.unknown, &cell.middle))
                .collect(),
            lowest_magnet_b: self.lowest_magnet_b(batch),
        }
    }

    /// Lowest mean flux density of a magnet cell along its magnetisation, T; infinite without magnets.
    #[must_use]
    pub fn lowest_magnet_b<const Q: usize>(&self, batch: &Batch<N, Q>) -> F64 {
        let mut lowest_magnet_b = F64::splat(f64::INFINITY);
        for cell in &self.magnets {
            let along = weighted(&batch.potential, &cell.unknown, &cell.along);
            for (lowest, b) in lowest_magnet_b.0.iter_mut().zip(along.0) {
                *lowest = lowest.min(b);
            }
        }
        lowest_magnet_b
    }
}

fn weighted<const N: usize>(potential: &Potential, unknown: &[u32; N], weight: &[f64; N]) -> F64 {
    let mut sum = F64::ZERO;
    for i in 0..N {
        sum.add_multiple(weight[i], &potential.rotor[unknown[i] as usize]);
    }
    sum
}

struct Means<'a, const N: usize> {
    cells: &'a [Mean<N>],
    x: &'a [F64],
}

impl<const N: usize> WithSimd for Means<'_, N> {
    type Output = Vec<[F32; 2]>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Self::Output {
        let mut means = Vec::with_capacity(self.cells.len());
        for cell in self.cells {
            let mut b = [F64::ZERO; 2];
            for i in 0..N {
                let a = self.x[cell.unknown[i] as usize];
                b[0].add_multiple(cell.curl[i][0], &a);
                b[1].add_multiple(cell.curl[i][1], &a);
            }
            means.push([b[0].single(), b[1].single()]);
        }
        means
    }
}
