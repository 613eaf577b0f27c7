//! Unknowns, constant matrix and sources at one rotor position.
//!
//! The rotor stays; the stator is turned back by whole ring steps. Its ring nodes take the unknowns
//! of the rotor's, with a change of sign where they pass the end of the pole (A is anti-periodic).

use std::f64::consts::PI;

use crate::mesh::Fill;

use super::linear::Pattern;
use super::model::Model;

/// The unknown behind each node: index and sign; fixed nodes point at an extra zero.
#[derive(Clone, Debug)]
pub struct Unknowns {
    /// Number of unknowns.
    pub count: usize,
    /// Index (or `count` for fixed nodes) and sign of each node.
    pub of: Vec<(u32, f64)>,
}

/// The equations at one rotor position, ready for Newton's iteration.
#[derive(Clone, Debug)]
pub struct System<'m, const N: usize, const Q: usize> {
    /// The pole.
    pub model: &'m Model<N, Q>,
    /// Electrical rotor angle, rad.
    pub angle_el: f64,
    /// Number of unknowns.
    pub unknowns: usize,
    /// Index and sign of each cell's unknowns.
    pub local: Vec<[(u32, f64); N]>,
    /// Lower triangle of the tangent.
    pub pattern: Pattern,
    /// Places of the steel cells' entries in the values of the tangent, N(N+1)/2 a cell.
    pub(super) places: Vec<u32>,
    /// Indices of the steel cells.
    pub(super) steel: Vec<usize>,
    /// Values of the constant part of the tangent, with one extra place for fixed nodes.
    pub(super) constant: Vec<f64>,
    /// Source of the magnets.
    pub(super) from_magnets: Vec<f64>,
    /// Source of one unit of direct and quadrature current, and of zero-sequence current.
    pub(crate) from_current: [Vec<f64>; 3],
}

impl<'m, const N: usize, const Q: usize> System<'m, N, Q> {
    /// The equations with the rotor turned by a whole number of ring steps.
    #[must_use]
    pub fn new(model: &'m Model<N, Q>, steps: usize) -> Self {
        let unknowns = number_unknowns(model, steps);
        #[allow(clippy::cast_precision_loss)]
        let angle_el = PI * steps as f64 / model.mesh.ring_steps as f64;
        let local: Vec<[(u32, f64); N]> = model
            .cells
            .iter()
            .map(|c| c.nodes.map(|n| unknowns.of[n as usize]))
            .collect();
        let pattern = build_pattern(&local, unknowns.count);
        let steel: Vec<usize> = (0..model.cells.len())
            .filter(|i| model.cells[*i].fill == Fill::Steel)
            .collect();
        let places = steel
            .iter()
            .flat_map(|i| cell_places(&pattern, &local[*i]))
            .collect();
        let mut system = Self {
            model,
            angle_el,
            unknowns: unknowns.count,
            constant: vec![0.0; pattern.row.len() + 1],
            from_magnets: vec![0.0; unknowns.count + 1],
            from_current: std::array::from_fn(|_| vec![0.0; unknowns.count + 1]),
            local,
            pattern,
            places,
            steel,
        };
        system.assemble_constant();
        system.assemble_sources();
        system
    }

    /// Values of the potential at a cell's nodes.
    #[must_use]
    #[inline]
    pub fn gather(&self, cell: usize, x: &[f64]) -> [f64; N] {
        self.local[cell].map(|(i, sign)| sign * x[i as usize])
    }

    /// Right-hand side for dq currents of the unit winding, A.
    #[must_use]
    pub fn source(&self, i_d: f64, i_q: f64) -> Vec<f64> {
        let [d, q, _] = &self.from_current;
        self.from_magnets
            .iter()
            .zip(d)
            .zip(q)
            .map(|((m, d), q)| m + i_d * d + i_q * q)
            .collect()
    }

    fn assemble_constant(&mut self) {
        for (index, cell) in self.model.cells.iter().enumerate() {
            let Some(nu) = self.model.constant_nu(cell.fill) else {
                continue;
            };
            let places = cell_places(&self.pattern, &self.local[index]);
            let mut at = 0;
            for i in 0..N {
                for j in 0..=i {
                    let dot: f64 = (0..Q)
                        .map(|k| dot(cell.element.curl[k][i], cell.element.curl[k][j]))
                        .sum();
                    let sign = self.local[index][i].1 * self.local[index][j].1;
                    self.constant[places[at] as usize] += sign * nu * cell.element.weight * dot;
                    at += 1;
                }
            }
        }
    }

    fn assemble_sources(&mut self) {
        let model = self.model;
        let winding = &model.winding;
        for (index, cell) in model.cells.iter().enumerate() {
            for (i, (unknown, sign)) in self.local[index].iter().enumerate() {
                let place = *unknown as usize;
                match cell.fill {
                    Fill::Magnet(m) => {
                        let flow: f64 = (0..Q)
                            .map(|k| dot(cell.element.curl[k][i], model.remanence_t[m]))
                            .sum();
                        self.from_magnets[place] +=
                            sign * model.magnet_nu * cell.element.weight * flow;
                    }
                    Fill::Slot(slot) => {
                        let share = sign * cell.element.integral[i] / model.slot_area_m2;
                        for (phase, axis) in winding.axis_rad.iter().enumerate() {
                            let turns = share * winding.turns[slot][phase];
                            self.from_current[0][place] += turns * (self.angle_el - axis).cos();
                            self.from_current[1][place] -= turns * (self.angle_el - axis).sin();
                            self.from_current[2][place] += turns;
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Product of the constant part with a vector, and the energy ½ xᵀKx.
    pub(super) fn constant_product(&self, x: &[f64], y: &mut [f64]) -> f64 {
        y.fill(0.0);
        for c in 0..self.unknowns {
            let (start, end) = (self.pattern.column[c], self.pattern.column[c + 1]);
            let mut sum = self.constant[start] * x[c];
            for k in start + 1..end {
                let r = self.pattern.row[k];
                sum += self.constant[k] * x[r];
                y[r] += self.constant[k] * x[c];
            }
            y[c] += sum;
        }
        0.5 * x.iter().zip(y.iter()).map(|(a, b)| a * b).sum::<f64>()
    }
}

#[inline]
fn dot(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

/// Numbers the unknowns: rotor, then stator; sides and ring by their masters.
fn number_unknowns<const N: usize, const Q: usize>(model: &Model<N, Q>, steps: usize) -> Unknowns {
    const OPEN: (u32, f64) = (u32::MAX, 0.0);
    const FIXED: (u32, f64) = (u32::MAX - 1, 0.0);
    let (rotor, stator) = (&model.rotor, &model.stator);
    let offset = rotor.count;
    let mut of = vec![OPEN; rotor.count + stator.count];
    rotor.fixed.iter().for_each(|n| of[*n as usize] = FIXED);
    stator
        .fixed
        .iter()
        .for_each(|n| of[offset + *n as usize] = FIXED);
    let mut slave = vec![false; of.len()];
    rotor.plus.iter().for_each(|n| slave[*n as usize] = true);
    stator
        .plus
        .iter()
        .chain(&stator.ring)
        .for_each(|n| slave[offset + *n as usize] = true);
    let mut count = 0;
    for (n, unknown) in of.iter_mut().enumerate() {
        if *unknown == OPEN && !slave[n] {
            *unknown = (count, 1.0);
            count += 1;
        }
    }
    let follow = |of: &mut Vec<(u32, f64)>, slave: usize, master: usize, sign: f64| {
        if of[slave] == OPEN {
            of[slave] = (of[master].0, sign * of[master].1);
        }
    };
    for (p, m) in rotor.plus.iter().zip(&rotor.minus) {
        follow(&mut of, *p as usize, *m as usize, -1.0);
    }
    let (around, shift) = (rotor.ring.len() - 1, steps * model.nodes_per_step());
    for (j, node) in stator.ring.iter().enumerate() {
        let turned = (j + around * 4 - shift % (2 * around)) % (2 * around);
        let (master, sign) = if turned >= around {
            (turned - around, -1.0)
        } else {
            (turned, 1.0)
        };
        follow(
            &mut of,
            offset + *node as usize,
            rotor.ring[master] as usize,
            sign,
        );
    }
    for (p, m) in stator.plus.iter().zip(&stator.minus) {
        follow(&mut of, offset + *p as usize, offset + *m as usize, -1.0);
    }
    for unknown in &mut of {
        if unknown.0 >= FIXED.0 {
            *unknown = (count, 0.0);
        }
    }
    Unknowns {
        count: count as usize,
        of,
    }
}

fn build_pattern<const N: usize>(local: &[[(u32, f64); N]], n: usize) -> Pattern {
    let mut columns: Vec<Vec<u32>> = vec![Vec::new(); n];
    for cell in local {
        for (a, _) in cell {
            for (b, _) in cell {
                if a <= b && (*b as usize) < n {
                    columns[*a as usize].push(*b);
                }
            }
        }
    }
    let mut pattern = Pattern {
        n,
        column: vec![0],
        row: Vec::new(),
    };
    for rows in &mut columns {
        rows.sort_unstable();
        rows.dedup();
        pattern.row.extend(rows.iter().map(|r| *r as usize));
        pattern.column.push(pattern.row.len());
    }
    pattern
}

/// Where the entries (i, j ≤ i) of a cell lie in the values; the extra place for fixed nodes.
fn cell_places<const N: usize>(pattern: &Pattern, local: &[(u32, f64); N]) -> Vec<u32> {
    let mut places = Vec::with_capacity(N * (N + 1) / 2);
    for i in 0..N {
        for j in 0..=i {
            let (r, c) = (
                local[i].0.max(local[j].0) as usize,
                local[i].0.min(local[j].0) as usize,
            );
            let place = if r >= pattern.n {
                pattern.row.len()
            } else {
                let (start, end) = (pattern.column[c], pattern.column[c + 1]);
                start + pattern.row[start..end].partition_point(|x| *x < r)
            };
            #[allow(clippy::cast_possible_truncation)]
            places.push(place as u32);
        }
    }
    places
}
