//! The speed that the bridges of a rotor hold, at concept level.
//!
//! The steel that carries a pole shoe is its smallest cut from the rest of the rotor, which is the
//! largest flow through the triangles (Ford & Fulkerson 1956) with their shared sides as
//! capacities: it finds bridges and ribs in any outline. The stress in the cut is
//! σ = K_t · Σ(ρ A r) · ω² / Σ t, with the mass outside the cut and the magnets that lean on it.
//! Cuts are sought from the surface inwards, layer by layer; the worst one counts.

use std::collections::{HashMap, VecDeque};

use codrive_model::material::{MagnetGrade, Steel};

use crate::geometry::outline::{Point, cross, distance, radius, sub};
use crate::mesh::{Fill, Part};

/// Stress concentration in a bridge: the lower end of the usual 1.8 to 2.5.
const CONCENTRATION: f64 = 1.8;
/// Yield strength over stress at overspeed.
const SAFETY: f64 = 1.1;
/// Overspeed over top speed.
const OVERSPEED: f64 = 1.2;
/// Share of the half pole whose surface certainly belongs to the pole shoe.
const SHOE: f64 = 0.35;
const LAYERS: usize = 4;

/// Highest speed at which the worst cut stays below yield / 1.1 at 1.2 times that speed, rad/s.
#[must_use]
pub fn speed_limit(rotor: &Part, steel: &Steel, magnet: &MagnetGrade) -> f64 {
    let graph = Graph::new(rotor);
    let mut inside = graph.shoe(rotor);
    let mut worst = ring_load(rotor, steel);
    for _ in 0..LAYERS {
        let Some(cut) = graph.smallest_cut(&inside) else {
            break;
        };
        let leaning = graph.leaning_magnets(&cut.inside);
        let moment: f64 = (0..rotor.triangles.len())
            .map(|t| match rotor.fill[t] {
                Fill::Steel if cut.inside[t] => steel.density_kg_per_m3 * graph.moment[t],
                Fill::Magnet(m) if leaning.contains(&m) => {
                    magnet.density_kg_per_m3 * graph.moment[t]
                }
                _ => 0.0,
            })
            .sum();
        worst = worst.max(CONCENTRATION * moment / cut.length);
        inside = graph.beyond(&cut.inside, &leaning);
    }
    (steel.yield_pa / SAFETY / worst).sqrt() / OVERSPEED
}

/// σ/ω² of a thin free ring at the rotor surface, ρ R².
fn ring_load(rotor: &Part, steel: &Steel) -> f64 {
    let surface = rotor.nodes.iter().map(|p| radius(*p)).fold(0.0, f64::max);
    steel.density_kg_per_m3 * surface * surface
}

struct Cut {
    inside: Vec<bool>,
    length: f64,
}

struct Graph {
    fill: Vec<Fill>,
    /// Neighbours of each triangle and the length of the shared side, m.
    neighbours: Vec<Vec<(usize, f64)>>,
    /// Area times radius of each triangle, m³.
    moment: Vec<f64>,
    /// Triangles at the shaft.
    shaft: Vec<bool>,
}

impl Graph {
    fn new(rotor: &Part) -> Self {
        let n = rotor.triangles.len();
        let mut neighbours: Vec<Vec<(usize, f64)>> = vec![Vec::new(); n];
        let mut sides: HashMap<(u32, u32), usize> = HashMap::new();
        for (t, corners) in rotor.triangles.iter().enumerate() {
            for i in 0..3 {
                let (a, b) = (corners[i], corners[(i + 1) % 3]);
                if let Some(other) = sides.insert((a.min(b), a.max(b)), t) {
                    let length = distance(rotor.nodes[a as usize], rotor.nodes[b as usize]);
                    neighbours[t].push((other, length));
                    neighbours[other].push((t, length));
                }
            }
        }
        let moment = rotor
            .triangles
            .iter()
            .map(|t| moment(t.map(|i| rotor.nodes[i as usize])))
            .collect();
        let shaft = rotor
            .triangles
            .iter()
            .map(|t| t.iter().any(|i| rotor.fixed.contains(i)))
            .collect();
        Self {
            fill: rotor.fill.clone(),
            neighbours,
            moment,
            shaft,
        }
    }

    /// Steel triangles at the surface near the d axis: those with a gap triangle as neighbour.
    fn shoe(&self, rotor: &Part) -> Vec<bool> {
        let side = rotor
            .plus
            .first()
            .map_or([1.0, 0.0], |n| rotor.nodes[*n as usize]);
        let half_pole = side[1].atan2(side[0]);
        (0..self.fill.len())
            .map(|t| {
                let p = rotor.nodes[rotor.triangles[t][0] as usize];
                self.fill[t] == Fill::Steel
                    && p[1].atan2(p[0]).abs() < SHOE * half_pole
                    && self.neighbours[t]
                        .iter()
                        .any(|(o, _)| self.fill[*o] == Fill::Gap)
            })
            .collect()
    }

    /// The smallest cut through steel between `source` and the shaft.
    fn smallest_cut(&self, source: &[bool]) -> Option<Cut> {
        let n = self.fill.len();
        let mut flow: HashMap<(usize, usize), f64> = HashMap::new();
        let mut length = 0.0;
        for _ in 0..4 * n {
            let mut from = vec![usize::MAX; n];
            let mut queue: VecDeque<usize> = (0..n).filter(|t| source[*t]).collect();
            queue.iter().for_each(|t| from[*t] = *t);
            let mut end = None;
            while let Some(t) = queue.pop_front() {
                if self.shaft[t] {
                    end = Some(t);
                    break;
                }
                for &(o, capacity) in &self.neighbours[t] {
                    let used = flow.get(&(t, o)).copied().unwrap_or(0.0);
                    if from[o] == usize::MAX
                        && self.fill[o] == Fill::Steel
                        && capacity - used > 1e-9
                    {
                        from[o] = t;
                        queue.push_back(o);
                    }
                }
            }
            let Some(end) = end else {
                let inside: Vec<bool> = from.iter().map(|f| *f != usize::MAX).collect();
                return (length > 0.0).then_some(Cut { inside, length });
            };
            if source[end] {
                return None;
            }
            length += self.push(&mut flow, &from, end);
        }
        None
    }

    /// Pushes the most that fits along the path found; returns it.
    fn push(&self, flow: &mut HashMap<(usize, usize), f64>, from: &[usize], end: usize) -> f64 {
        let mut path = vec![end];
        while from[path[path.len() - 1]] != path[path.len() - 1] {
            path.push(from[path[path.len() - 1]]);
        }
        let room = |pair: &[usize], flow: &HashMap<(usize, usize), f64>| {
            let (o, t) = (pair[0], pair[1]);
            let capacity = self.neighbours[t]
                .iter()
                .find(|(n, _)| *n == o)
                .map_or(0.0, |(_, c)| *c);
            capacity - flow.get(&(t, o)).copied().unwrap_or(0.0)
        };
        let amount = path
            .windows(2)
            .map(|pair| room(pair, flow))
            .fold(f64::MAX, f64::min);
        for pair in path.windows(2) {
            *flow.entry((pair[1], pair[0])).or_insert(0.0) += amount;
            *flow.entry((pair[0], pair[1])).or_insert(0.0) -= amount;
        }
        amount
    }

    /// Magnets that share a side with steel inside the cut.
    fn leaning_magnets(&self, inside: &[bool]) -> Vec<usize> {
        let mut magnets: Vec<usize> = (0..self.fill.len())
            .filter_map(|t| match self.fill[t] {
                Fill::Magnet(m) if self.neighbours[t].iter().any(|(o, _)| inside[*o]) => Some(m),
                _ => None,
            })
            .collect();
        magnets.sort_unstable();
        magnets.dedup();
        magnets
    }

    /// The next source: what is inside, the steel behind its magnets, and the next triangles.
    fn beyond(&self, inside: &[bool], leaning: &[usize]) -> Vec<bool> {
        let behind = |t: usize| {
            self.neighbours[t].iter().any(|(o, _)| {
                inside[*o] || matches!(self.fill[*o], Fill::Magnet(m) if leaning.contains(&m))
            })
        };
        (0..self.fill.len())
            .map(|t| self.fill[t] == Fill::Steel && (inside[t] || behind(t)))
            .collect()
    }
}

fn moment([a, b, c]: [Point; 3]) -> f64 {
    let area = cross(sub(b, a), sub(c, a)).abs() / 2.0;
    area * radius([(a[0] + b[0] + c[0]) / 3.0, (a[1] + b[1] + c[1]) / 3.0])
}
