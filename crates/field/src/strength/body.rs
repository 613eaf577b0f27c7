//! The lamination of a pole as an elastic body: its nodes, their unknowns and its stiffness.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::error::FieldError;
use crate::geometry::outline::Point;
use crate::mesh::{Fill, Part};

use super::element::{DOFS, Triangle};
use super::factor::Symmetric;
use super::load;

/// An isotropic elastic material.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Elastic {
    /// Young's modulus, Pa.
    pub young_pa: f64,
    /// Poisson's ratio.
    pub poisson: f64,
    /// Density, kg/m³.
    pub density_kg_per_m3: f64,
}

impl Elastic {
    /// Plane stress (σ_x, σ_y, τ_xy), Pa, of a strain (ε_x, ε_y, γ_xy).
    #[must_use]
    pub fn stress(&self, strain: [f64; 3]) -> [f64; 3] {
        let c = self.young_pa / (1.0 - self.poisson * self.poisson);
        [
            c * (strain[0] + self.poisson * strain[1]),
            c * (strain[1] + self.poisson * strain[0]),
            c * (1.0 - self.poisson) / 2.0 * strain[2],
        ]
    }
}

/// How the lamination sits on the shaft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shaft {
    /// Nothing holds the bore; it only cannot turn.
    Free,
    /// The bore cannot move.
    Rigid,
}

/// What magnets do to the lamination; densities are per metre of steel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Magnets {
    /// Mass of this density, kg/m³: a pressure on the outer wall, as even as its moment allows. It bends a
    /// thin pole shoe more than a stiff magnet does, a bound on the safe side.
    Mass(f64),
    /// Elastic bodies that stick to the outer wall and touch no other. Magnets that no wall faces, or that
    /// the side of the pole cuts, are mass.
    Leaning(Elastic),
}

/// A rotor of one pole to be spun.
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    /// Its mesh; what is neither steel nor magnet is left out.
    pub part: &'a Part,
    /// The lamination.
    pub steel: Elastic,
    /// The magnets.
    pub magnets: Magnets,
    /// The bore.
    pub shaft: Shaft,
}

/// Lamination that hangs on nothing is left out up to this share of the area: slivers of a drawing.
const LEAST_LOOSE: f64 = 2e-3;

/// Where a node's displacement is found among the unknowns.
#[derive(Clone, Copy)]
struct Place {
    /// Unknowns of both components; `None` where the node does not move.
    unknowns: [Option<u32>; 2],
    /// Angle of the node's own axes against x and y, rad.
    axes_rad: f64,
}

/// A structural element with its nodes.
pub(super) struct Cell {
    pub(super) triangle: Triangle,
    pub(super) corners: [u32; 3],
    pub(super) nodes: [u32; 6],
    pub(super) fill: Fill,
}

/// The equations of a body.
pub(super) struct System<'a> {
    pub(super) body: &'a Body<'a>,
    pub(super) cells: Vec<Cell>,
    /// Corners, then mid-side nodes, m.
    pub(super) nodes: Vec<Point>,
    /// Magnets that are elastic bodies; the others are mass.
    pub(super) leaning: BTreeSet<usize>,
    #[cfg(test)]
    middle: HashMap<(u32, u32), u32>,
    places: BTreeMap<u32, Place>,
    stiffness: Symmetric,
}

impl<'a> System<'a> {
    pub(super) fn new(body: &'a Body<'a>) -> Result<Self, FieldError> {
        let (mut nodes, middle, all) = second_order(body.part);
        let cell = |t: usize, elastic: Elastic| {
            let corners = body.part.triangles[t];
            let places = corners.map(|n| body.part.nodes[n as usize]);
            Cell {
                triangle: Triangle::new(places, elastic),
                corners,
                nodes: all[t],
                fill: body.part.fill[t],
            }
        };
        let held = held(body.part)?;
        let mut cells: Vec<Cell> = held.iter().map(|t| cell(*t, body.steel)).collect();
        let mut leaning = BTreeSet::new();
        if let Magnets::Leaning(elastic) = body.magnets {
            let walls = load::walls_leaned_on(body.part, &nodes, &cells);
            let mut own = HashMap::new();
            for (t, fill) in body.part.fill.iter().enumerate() {
                let Fill::Magnet(magnet) = fill else { continue };
                let Some(stuck) = walls.get(magnet) else {
                    continue;
                };
                let mut part = cell(t, elastic);
                for node in part.nodes.iter_mut().filter(|n| !stuck.contains(n)) {
                    *node = *own.entry(*node).or_insert_with(|| {
                        nodes.push(nodes[*node as usize]);
                        #[allow(clippy::cast_possible_truncation)]
                        let number = (nodes.len() - 1) as u32;
                        number
                    });
                }
                cells.push(part);
                leaning.insert(*magnet);
            }
        }
        let (places, unknowns) = places(body, &cells, &middle);
        let mut system = Self {
            body,
            cells,
            nodes,
            leaning,
            #[cfg(test)]
            middle,
            places,
            stiffness: Symmetric::new(unknowns),
        };
        system.assemble();
        Ok(system)
    }

    fn assemble(&mut self) {
        for cell in &self.cells {
            let k = cell.triangle.stiffness();
            let terms: Vec<Vec<(usize, f64)>> = (0..DOFS)
                .map(|i| self.terms(cell.nodes[i / 2], i % 2))
                .collect();
            for i in 0..DOFS {
                for j in 0..DOFS {
                    for (row, a) in &terms[i] {
                        for (column, b) in terms[j].iter().filter(|(c, _)| c >= row) {
                            self.stiffness.add(*row, *column, a * k[i][j] * b);
                        }
                    }
                }
            }
        }
    }

    /// A displacement along x (0) or y (1) as a sum of unknowns.
    fn terms(&self, node: u32, axis: usize) -> Vec<(usize, f64)> {
        let Some(place) = self.places.get(&node) else {
            return Vec::new();
        };
        let (sin, cos) = place.axes_rad.sin_cos();
        let shares = if axis == 0 { [cos, -sin] } else { [sin, cos] };
        let unknowns = place.unknowns.iter().zip(shares);
        unknowns
            .filter_map(|(u, share)| u.map(|u| (u as usize, share)))
            .filter(|(_, share)| *share != 0.0)
            .collect()
    }

    /// Displacements of all nodes under forces on them, m at 1 rad/s.
    pub(super) fn solve(&self, forces: &[Point]) -> Result<Vec<Point>, FieldError> {
        let mut load = vec![0.0; self.unknowns()];
        for node in self.places.keys() {
            for (axis, force) in forces[*node as usize].iter().enumerate() {
                for (unknown, share) in self.terms(*node, axis) {
                    load[unknown] += share * force;
                }
            }
        }
        let solution = self.stiffness.solve(&load).ok_or_else(|| {
            let reason = "part of the lamination is not held by the rest".to_owned();
            FieldError::Strength { reason }
        })?;
        let mut displacement = vec![[0.0; 2]; self.nodes.len()];
        for node in self.places.keys() {
            displacement[*node as usize] = [0, 1].map(|axis| {
                let terms = self.terms(*node, axis);
                terms.iter().map(|(u, share)| share * solution[*u]).sum()
            });
        }
        Ok(displacement)
    }

    /// Force across the side of the pole at +half a pole, normal to it, N per metre of steel: what the
    /// elements there pull beyond their own forces.
    #[cfg(test)]
    pub(super) fn side_force(&self, displacement: &[Point], forces: &[Point]) -> f64 {
        let side: BTreeSet<u32> = with_middles(&self.body.part.plus, &self.middle)
            .into_iter()
            .collect();
        let mut pull = [0.0; 2];
        for cell in &self.cells {
            let k = cell.triangle.stiffness();
            for (i, row) in k.iter().enumerate() {
                if side.contains(&cell.nodes[i / 2]) {
                    let work = row.iter().enumerate();
                    pull[i % 2] += work
                        .map(|(j, k)| k * displacement[cell.nodes[j / 2] as usize][j % 2])
                        .sum::<f64>();
                }
            }
        }
        for node in &side {
            (0..2).for_each(|axis| pull[axis] -= forces[*node as usize][axis]);
        }
        let end = self
            .body
            .part
            .plus
            .last()
            .map_or([1.0, 0.0], |n| self.nodes[*n as usize]);
        let angle = end[1].atan2(end[0]);
        pull[1] * angle.cos() - pull[0] * angle.sin()
    }

    pub(super) fn unknowns(&self) -> usize {
        self.stiffness.size()
    }
}

/// All nodes, mid-side nodes by their corners, and the six nodes of each triangle.
type SecondOrder = (Vec<Point>, HashMap<(u32, u32), u32>, Vec<[u32; 6]>);

pub(super) fn key(a: u32, b: u32) -> (u32, u32) {
    (a.min(b), a.max(b))
}

fn second_order(part: &Part) -> SecondOrder {
    let mut nodes = part.nodes.clone();
    let mut middle = HashMap::new();
    let triangles = part
        .triangles
        .iter()
        .map(|t| {
            std::array::from_fn(|i| {
                if i < 3 {
                    return t[i];
                }
                let (a, b) = (t[i - 3], t[(i - 2) % 3]);
                *middle.entry(key(a, b)).or_insert_with(|| {
                    let (p, q) = (nodes[a as usize], nodes[b as usize]);
                    nodes.push([(p[0] + q[0]) / 2.0, (p[1] + q[1]) / 2.0]);
                    #[allow(clippy::cast_possible_truncation)]
                    let number = (nodes.len() - 1) as u32;
                    number
                })
            })
        })
        .collect();
    (nodes, middle, triangles)
}

/// The steel triangles that are joined, side by side and over the sides of the pole, to the bore;
/// all of them where only slivers are not.
fn held(part: &Part) -> Result<Vec<usize>, FieldError> {
    let of_side: HashMap<u32, u32> = part.plus.iter().copied().zip(part.minus.clone()).collect();
    let same = |n: u32| of_side.get(&n).copied().unwrap_or(n);
    let ends = |t: usize, i: usize| {
        let corners = part.triangles[t];
        key(same(corners[i]), same(corners[(i + 1) % 3]))
    };
    let steel: Vec<usize> = (0..part.triangles.len())
        .filter(|t| part.fill[*t] == Fill::Steel)
        .collect();
    let mut sides: HashMap<(u32, u32), Vec<usize>> = HashMap::new();
    for &t in &steel {
        (0..3).for_each(|i| sides.entry(ends(t, i)).or_default().push(t));
    }
    let bore: BTreeSet<u32> = part.fixed.iter().copied().collect();
    let at_bore = |t: &usize| part.triangles[*t].iter().any(|n| bore.contains(n));
    let mut open: Vec<usize> = steel.iter().copied().filter(at_bore).collect();
    let mut found = vec![false; part.triangles.len()];
    while let Some(t) = open.pop() {
        if !std::mem::replace(&mut found[t], true) {
            (0..3).for_each(|i| open.extend(&sides[&ends(t, i)]));
        }
    }
    let (held, loose): (Vec<usize>, Vec<usize>) = steel.iter().partition(|t| found[**t]);
    let area = |of: &[usize]| -> f64 { of.iter().map(|t| area_m2(part, *t)).sum() };
    if area(&loose) > LEAST_LOOSE * area(&steel) {
        let reason = format!(
            "{:.1} mm2 of a pole's lamination hang on nothing: no bridge or rib joins them to the shaft",
            area(&loose) * 1e6
        );
        return Err(FieldError::Strength { reason });
    }
    Ok(held)
}

fn area_m2(part: &Part, t: usize) -> f64 {
    let [a, b, c] = part.triangles[t].map(|n| part.nodes[n as usize]);
    ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])).abs() / 2.0
}

/// Numbers the unknowns: both sides of the pole share theirs, in axes turned with the side.
fn places(
    body: &Body<'_>,
    cells: &[Cell],
    middle: &HashMap<(u32, u32), u32>,
) -> (BTreeMap<u32, Place>, usize) {
    let part = body.part;
    let (minus, plus) = (
        with_middles(&part.minus, middle),
        with_middles(&part.plus, middle),
    );
    let angle = |side: &[u32]| {
        let last = side.last().map_or([1.0, 0.0], |n| part.nodes[*n as usize]);
        last[1].atan2(last[0])
    };
    let axes: HashMap<u32, f64> = [(&minus, angle(&part.minus)), (&plus, angle(&part.plus))]
        .into_iter()
        .flat_map(|(side, angle)| side.iter().map(move |n| (*n, angle)))
        .collect();
    let partner: HashMap<u32, u32> = plus.iter().copied().zip(minus.iter().copied()).collect();
    let bore: BTreeSet<u32> = match body.shaft {
        Shaft::Rigid => part
            .fixed
            .iter()
            .copied()
            .chain(arc_middles(part, middle))
            .collect(),
        Shaft::Free => BTreeSet::new(),
    };
    let used: BTreeSet<u32> = cells.iter().flat_map(|c| c.nodes).collect();
    // Where less than two nodes are held, nothing keeps the rotor from turning but this one.
    let mut side = minus
        .iter()
        .filter(|n| used.contains(n) && !bore.contains(n));
    let pin = side.next().filter(|_| bore.len() < 2);
    let mut numbers: BTreeMap<u32, [Option<u32>; 2]> = BTreeMap::new();
    let mut next = 0;
    let mut places = BTreeMap::new();
    for node in used {
        let own = partner.get(&node).copied().unwrap_or(node);
        let unknowns = *numbers.entry(own).or_insert_with(|| {
            [false, Some(&own) == pin].map(|stays| {
                let moves = !stays && !bore.contains(&own) && !bore.contains(&node);
                next += u32::from(moves);
                moves.then(|| next - 1)
            })
        });
        let axes_rad = axes.get(&node).copied().unwrap_or(0.0);
        places.insert(node, Place { unknowns, axes_rad });
    }
    (places, next as usize)
}

fn with_middles(line: &[u32], middle: &HashMap<(u32, u32), u32>) -> Vec<u32> {
    let mut all: Vec<u32> = line.first().copied().into_iter().collect();
    for pair in line.windows(2) {
        all.extend(middle.get(&key(pair[0], pair[1])));
        all.push(pair[1]);
    }
    all
}

fn arc_middles<'a>(
    part: &'a Part,
    middle: &'a HashMap<(u32, u32), u32>,
) -> impl Iterator<Item = u32> + 'a {
    let pairs = part.fixed.windows(2);
    pairs.filter_map(|pair| middle.get(&key(pair[0], pair[1])).copied())
}
