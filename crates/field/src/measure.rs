//! What a solved field says: flux linkages and torque of each lane.

use pulp::{Arch, Simd, WithSimd};

use crate::material::MU_0;
use crate::mesh::Fill;
use crate::solve::batch::{Batch, Potential};
use crate::solve::equations::Equations;
use crate::solve::lanes::{F64, LANES};

/// Flux linkages and torque at one rotor position, unit winding, per metre of stack.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reading {
    /// Direct-axis flux linkage, V·s/m.
    pub psi_d: f64,
    /// Quadrature-axis flux linkage, V·s/m.
    pub psi_q: f64,
    /// Zero-sequence flux linkage, V·s/m.
    pub psi_0: f64,
    /// Arkkio torque of the whole machine, N·m/m.
    pub torque: f64,
}

/// Reads flux linkages and torque of all points of a section.
///
/// ψ_x = 2p Σ turns · mean A over each slot; torque from the whole gap,
/// T = 2p/(μ0 g) ∫ r B_r B_t dS (Arkkio 1987).
#[derive(Clone, Debug)]
pub struct Meter<const N: usize, const Q: usize> {
    rotor: Vec<GapCell<N, Q>>,
    stator: Vec<GapCell<N, Q>>,
    phases: [Vec<(u32, f64)>; 3],
    sectors: f64,
    per_torque: f64,
}

/// A cell of the gap: radial and tangential flux density of its unknowns, radius times weight.
#[derive(Clone, Debug)]
struct GapCell<const N: usize, const Q: usize> {
    unknown: [u32; N],
    radial: [[f64; N]; Q],
    tangential: [[f64; N]; Q],
    moment: [f64; Q],
}

impl<const N: usize, const Q: usize> Meter<N, Q> {
    /// Prepares the reading of a model's fields.
    #[must_use]
    pub fn new(equations: &Equations<N, Q>) -> Self {
        let model = equations.model;
        let gap = model.mesh.bore_radius_m - model.mesh.rotor_radius_m;
        let sectors = model.sectors();
        let mut meter = Self {
            rotor: Vec::new(),
            stator: Vec::new(),
            phases: equations.phases.clone(),
            sectors,
            per_torque: sectors / (MU_0 * gap),
        };
        for (index, cell) in model
            .cells
            .iter()
            .enumerate()
            .filter(|(_, c)| c.fill == Fill::Gap)
        {
            let in_rotor = index < model.rotor_cells;
            let (of, first) = if in_rotor {
                (&equations.rotor.unknown_of, 0)
            } else {
                (&equations.stator.unknown_of, model.rotor_nodes())
            };
            let local = cell.nodes.map(|n| of[n as usize - first]);
            let element = &cell.element;
            let unit = element
                .points
                .map(|[x, y]| [x / x.hypot(y), y / x.hypot(y)]);
            let along = |q: usize, direction: [f64; 2]| -> [f64; N] {
                std::array::from_fn(|i| {
                    let [x, y] = element.curl[q][i];
                    local[i].1 * (x * direction[0] + y * direction[1])
                })
            };
            let gap_cell = GapCell {
                unknown: local.map(|(u, _)| u),
                radial: std::array::from_fn(|q| along(q, unit[q])),
                tangential: std::array::from_fn(|q| along(q, [-unit[q][1], unit[q][0]])),
                moment: element.points.map(|[x, y]| x.hypot(y) * element.weight),
            };
            if in_rotor {
                &mut meter.rotor
            } else {
                &mut meter.stator
            }
            .push(gap_cell);
        }
        meter
    }

    /// Readings of a batch's first `lanes` points.
    #[must_use]
    pub fn read(&self, batch: &Batch<N, Q>, lanes: usize) -> Vec<Reading> {
        let potential = &batch.potential;
        let linked = self.phases.each_ref().map(|phase| {
            let mut sum = F64::ZERO;
            for (j, share) in phase {
                sum.add_multiple(self.sectors * share, &potential.stator[*j as usize]);
            }
            sum
        });
        let torque = Arch::new().dispatch(Torque {
            meter: self,
            potential,
        });
        let winding = &batch.equations().model.winding;
        (0..lanes)
            .map(|l| {
                let phases = linked.each_ref().map(|p| p.0[l]);
                let [psi_d, psi_q, psi_0] = winding.dq0(phases, batch.angle_el());
                Reading {
                    psi_d,
                    psi_q,
                    psi_0,
                    torque: self.per_torque * torque.0[l],
                }
            })
            .collect()
    }
}

struct Torque<'a, const N: usize, const Q: usize> {
    meter: &'a Meter<N, Q>,
    potential: &'a Potential,
}

impl<const N: usize, const Q: usize> WithSimd for Torque<'_, N, Q> {
    type Output = F64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> F64 {
        let mut sum = F64::ZERO;
        let parts = [
            (&self.meter.rotor, &self.potential.rotor),
            (&self.meter.stator, &self.potential.stator),
        ];
        for (cells, x) in parts {
            for cell in cells {
                for q in 0..Q {
                    let (mut radial, mut tangential) = (F64::ZERO, F64::ZERO);
                    for i in 0..N {
                        let a = x[cell.unknown[i] as usize];
                        radial.add_multiple(cell.radial[q][i], &a);
                        tangential.add_multiple(cell.tangential[q][i], &a);
                    }
                    for l in 0..LANES {
                        sum.0[l] += cell.moment[q] * radial.0[l] * tangential.0[l];
                    }
                }
            }
        }
        sum
    }
}
