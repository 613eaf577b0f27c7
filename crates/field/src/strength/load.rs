//! Forces on the lamination at 1 rad/s: its own mass, and the magnets in their pockets.

use std::collections::{BTreeMap, BTreeSet};

use crate::geometry::outline::{Point, cross, distance, sub};
use crate::mesh::{Fill, Part};

use super::Magnets;
use super::body::{Cell, System, key};

/// Forces on all nodes, N per metre of steel.
pub(super) fn forces(system: &System<'_>) -> Vec<Point> {
    let mut forces = vec![[0.0; 2]; system.nodes.len()];
    for cell in &system.cells {
        let places = cell.nodes.map(|n| system.nodes[n as usize]);
        let pulls = cell.triangle.centrifugal(&places);
        for (node, pull) in cell.nodes.iter().zip(pulls) {
            add(&mut forces, *node, pull);
        }
    }
    let density = match system.body.magnets {
        Magnets::Mass(density) => density,
        Magnets::Leaning(elastic) => elastic.density_kg_per_m3,
    };
    let walls = walls(system.body.part, &system.nodes, &system.cells);
    for (magnet, pull) in pulls(system.body.part, density) {
        if let (Some(walls), false) = (walls.get(&magnet), system.leaning.contains(&magnet)) {
            lean(&mut forces, system, walls, pull);
        }
    }
    forces
}

fn add(forces: &mut [Point], node: u32, pull: Point) {
    forces[node as usize][0] += pull[0];
    forces[node as usize][1] += pull[1];
}

/// The centrifugal force of each magnet; its line of action goes through the axis.
///
/// Of a magnet that a side of the pole cuts, only the force along that side: across it, its other
/// half pulls the other way.
pub(super) fn pulls(part: &Part, density: f64) -> BTreeMap<usize, Point> {
    let mut pulls: BTreeMap<usize, Point> = BTreeMap::new();
    for (triangle, fill) in part.triangles.iter().zip(&part.fill) {
        let Fill::Magnet(magnet) = fill else { continue };
        let [a, b, c] = triangle.map(|n| part.nodes[n as usize]);
        let mass = density * cross(sub(b, a), sub(c, a)).abs() / 2.0;
        let pull = pulls.entry(*magnet).or_insert([0.0; 2]);
        *pull = [0, 1].map(|i| pull[i] + mass * (a[i] + b[i] + c[i]) / 3.0);
    }
    for side in [&part.minus, &part.plus] {
        for (magnet, end) in cut_by(part, side) {
            if let Some(pull) = pulls.get_mut(&magnet) {
                *pull = projected(*pull, part.nodes[end as usize]);
            }
        }
    }
    pulls
}

/// Magnets with a triangle's side on a side of the pole, and a node of it there.
fn cut_by(part: &Part, side: &[u32]) -> Vec<(usize, u32)> {
    let on_side: BTreeSet<u32> = side.iter().copied().collect();
    let mut cut = Vec::new();
    for (triangle, fill) in part.triangles.iter().zip(&part.fill) {
        let on: Vec<u32> = triangle
            .iter()
            .copied()
            .filter(|n| on_side.contains(n))
            .collect();
        if let (Fill::Magnet(magnet), [_, end]) = (fill, &on[..]) {
            cut.push((*magnet, *end));
        }
    }
    cut
}

/// The part of a vector along a direction.
fn projected(v: Point, direction: Point) -> Point {
    let [x, y] = direction;
    let share = (v[0] * x + v[1] * y) / (x * x + y * y);
    [share * x, share * y]
}

/// A piece of a pocket's wall: its ends and middle, and its normal into the steel times its length.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Wall {
    pub(super) nodes: [u32; 3],
    normal: Point,
}

impl Wall {
    fn length(&self) -> f64 {
        self.normal[0].hypot(self.normal[1])
    }

    /// Cosine between the normal and a force, 0 where the force pulls off the wall.
    pub(super) fn outward(&self, force: Point) -> f64 {
        let along = self.normal[0] * force[0] + self.normal[1] * force[1];
        (along / (self.length() * force[0].hypot(force[1]))).max(0.0)
    }
}

/// Walls that each magnet touches; where it touches none, all walls of its pocket.
pub(super) fn walls(part: &Part, nodes: &[Point], cells: &[Cell]) -> BTreeMap<usize, Vec<Wall>> {
    let mut behind: BTreeMap<(u32, u32), Wall> = BTreeMap::new();
    for cell in cells.iter().filter(|c| c.fill == Fill::Steel) {
        for i in 0..3 {
            let (a, b) = (cell.corners[i], cell.corners[(i + 1) % 3]);
            let along = sub(nodes[b as usize], nodes[a as usize]);
            let nodes = [a, b, cell.nodes[3 + i]];
            // Steel lies to the left of its own counter-clockwise sides.
            let normal = [-along[1], along[0]];
            behind.insert(key(a, b), Wall { nodes, normal });
        }
    }
    let touching = |t: usize| {
        let corners = part.triangles[t];
        (0..3).map(move |i| key(corners[i], corners[(i + 1) % 3]))
    };
    let wall_of = |t: usize| touching(t).filter_map(|side| behind.get(&side).copied());
    let mut walls: BTreeMap<usize, Vec<Wall>> = BTreeMap::new();
    for (t, fill) in part.fill.iter().enumerate() {
        if let Fill::Magnet(magnet) = fill {
            walls.entry(*magnet).or_default().extend(wall_of(t));
        }
    }
    for (magnet, walls) in walls.iter_mut().filter(|(_, walls)| walls.is_empty()) {
        walls.extend(pocket(part, *magnet).into_iter().flat_map(wall_of));
    }
    walls
}

/// Nodes of the walls that each magnet leans on; none for magnets that no wall faces, and for those that
/// a side of the pole cuts.
pub(super) fn walls_leaned_on(
    part: &Part,
    nodes: &[Point],
    steel: &[Cell],
) -> BTreeMap<usize, BTreeSet<u32>> {
    let pulls = pulls(part, 1.0);
    let cut: BTreeSet<usize> = [&part.minus, &part.plus]
        .into_iter()
        .flat_map(|side| cut_by(part, side))
        .map(|(magnet, _)| magnet)
        .collect();
    let mut leaned_on = BTreeMap::new();
    for (magnet, walls) in walls(part, nodes, steel) {
        let facing = walls.iter().filter(|w| {
            pulls
                .get(&magnet)
                .is_some_and(|pull| w.outward(*pull) > LEAST_COSINE)
        });
        let nodes: BTreeSet<u32> = facing.flat_map(|w| w.nodes).collect();
        let touches = part.triangles.iter().zip(&part.fill).any(|(t, fill)| {
            *fill == Fill::Magnet(magnet) && t.iter().filter(|n| nodes.contains(n)).count() > 1
        });
        if touches && !cut.contains(&magnet) {
            leaned_on.insert(magnet, nodes);
        }
    }
    leaned_on
}

/// Cosine between wall and force above which an elastic magnet sticks to the wall: 60°.
const LEAST_COSINE: f64 = 0.5;

/// Triangles of the holes around a magnet that reach it without passing steel or the air gap.
fn pocket(part: &Part, magnet: usize) -> Vec<usize> {
    let mut nodes: BTreeSet<u32> = BTreeSet::new();
    let mut inside = vec![false; part.triangles.len()];
    loop {
        let before = inside.iter().filter(|i| **i).count();
        for (t, corners) in part.triangles.iter().enumerate() {
            let touches = corners.iter().any(|n| nodes.contains(n));
            let own = part.fill[t] == Fill::Magnet(magnet);
            if own || (touches && part.fill[t] == Fill::Air) {
                inside[t] = true;
                nodes.extend(corners);
            }
        }
        if inside.iter().filter(|i| **i).count() == before {
            return (0..inside.len()).filter(|t| inside[*t]).collect();
        }
    }
}

/// Hands a magnet's force on to its walls as a distributing coupling does: each piece bears a share
/// by its weight, and a couple makes the moment right, so that the line of action stays.
///
/// The weight is the square of the cosine between wall and force, on the outer side only: the wall
/// that the magnet leans on counts, flanks hardly. A magnet that leans on no steel, such as one on
/// the surface, is held by all that it touches.
fn lean(forces: &mut [Point], system: &System<'_>, walls: &[Wall], force: Point) {
    let facing = |wall: &Wall| wall.outward(force).powi(2) * wall.length();
    let mut weights: Vec<f64> = walls.iter().map(facing).collect();
    let length: f64 = walls.iter().map(Wall::length).sum();
    if weights.iter().sum::<f64>() < LEAST_LEANING * length {
        weights = walls.iter().map(Wall::length).collect();
    }
    distribute(forces, system, walls, &weights, force);
}

/// Share of a magnet's wall that must face its force for the magnet to lean on it.
const LEAST_LEANING: f64 = 1e-3;

fn distribute(
    forces: &mut [Point],
    system: &System<'_>,
    walls: &[Wall],
    weights: &[f64],
    force: Point,
) {
    // Simpson's rule on a side of second order: a sixth at its ends, two thirds in its middle.
    let mut shares: BTreeMap<u32, f64> = BTreeMap::new();
    let total: f64 = weights.iter().sum();
    for (wall, weight) in walls.iter().zip(weights) {
        for (node, part) in wall.nodes.iter().zip([1.0, 1.0, 4.0]) {
            *shares.entry(*node).or_insert(0.0) += weight / total * part / 6.0;
        }
    }
    let at = |node: u32| system.nodes[node as usize];
    let middle = shares.iter().fold([0.0; 2], |m, (node, share)| {
        [0, 1].map(|axis| m[axis] + share * at(*node)[axis])
    });
    let spread: f64 = shares
        .iter()
        .map(|(node, share)| share * distance(at(*node), middle).powi(2))
        .sum();
    // The magnet's own force has no moment about the axis.
    let couple = -cross(middle, force) / spread.max(f64::MIN_POSITIVE);
    for (node, share) in &shares {
        let arm = sub(at(*node), middle);
        let pull = [
            share * (force[0] - couple * arm[1]),
            share * (force[1] + couple * arm[0]),
        ];
        add(forces, *node, pull);
    }
}
