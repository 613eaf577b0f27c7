//! A mesh carried to a design of the same topology: the same triangles, its nodes moved.
//!
//! Nodes on outlines keep their place along their side, nodes on arcs and on the sides of the sector
//! their place between the corners there. Inner nodes follow as the knots of a net of equal springs
//! do. Numbering, ordering and symbolic factorisation stay valid for the new design.

use codrive_model::section::Section;

use crate::geometry::outline::{Outline, Point, along, distance, polar, radius, sub, turn};
use crate::geometry::{RotorRegion, rotor, slot};

use super::arrangement::Arrangement;
use super::part::Part;
use super::pole::{PoleMesh, half_pole, half_slot, magnets_rad, slot_angle};
use super::sector::LEAST_ANGLE_RAD;
use super::triangulate::open_angles;

/// A node this near to a line lies on it, m.
const ON_LINE_M: f64 = 1e-8;
/// Corners nearer than this are one, m; as in the arrangement of outlines.
const SAME_CORNER_M: f64 = 2e-6;
/// Sweeps over the net of springs.
const SWEEPS: usize = 120;
/// Over-relaxation of a sweep.
const OVER: f64 = 1.7;
/// Share of the least angle of a fresh mesh that a moved one must keep.
const KEPT_ANGLE: f64 = 0.85;

impl PoleMesh {
    /// This mesh of `from`, moved to `to`; `None` where the designs differ in more than parameters,
    /// or where an angle would fall below 15°, so that a fresh mesh is needed.
    #[must_use]
    pub fn morphed(&self, from: &Section, to: &Section) -> Option<Self> {
        if from.pole_pairs != to.pole_pairs
            || from.slots != to.slots
            || from.sector() != to.sector()
        {
            return None;
        }
        let regions = [rotor::draw(from).ok()?, rotor::draw(to).ok()?];
        let share = (self.rotor.ring_radius() - self.rotor_radius_m) / from.gap_m();
        let ring = to.rotor.outer_diameter_m / 2.0 + share * to.gap_m();
        let mut mesh = self.clone();
        mesh.rotor_radius_m = to.rotor.outer_diameter_m / 2.0;
        mesh.bore_radius_m = to.stator.bore_diameter_m / 2.0;
        mesh.magnets_rad = magnets_rad(to, self.sector, &regions[1]);
        mesh.rotor.nodes = self.moved_rotor(from, to, &regions, ring)?;
        mesh.stator.nodes = self.moved_stator(from, to, ring)?;
        let enough = KEPT_ANGLE * LEAST_ANGLE_RAD.min(self.smallest_angle_deg().to_radians());
        let sound = mesh.smallest_angle_deg().to_radians() >= enough;
        (sound && mesh.rotor.is_periodic() && mesh.stator.is_periodic()).then_some(mesh)
    }

    fn moved_rotor(
        &self,
        from: &Section,
        to: &Section,
        regions: &[Vec<RotorRegion>; 2],
        ring: f64,
    ) -> Option<Vec<Point>> {
        let outer = [from, to].map(|s| s.rotor.outer_diameter_m / 2.0);
        let alike = regions[0].len() == regions[1].len()
            && regions[0].iter().zip(&regions[1]).all(|(a, b)| {
                a.outline.len() == b.outline.len()
                    && a.magnetisation_rad.is_some() == b.magnetisation_rad.is_some()
            });
        if !alike {
            return None;
        }
        let lines: [Vec<(Outline, bool)>; 2] = [0, 1].map(|i| {
            regions[i]
                .iter()
                .flat_map(|r| r.inner_lines(outer[i]))
                .collect()
        });
        let shaft = self.rotor.fixed_radius();
        let thicker = to.rotor.inner_diameter_m / from.rotor.inner_diameter_m;
        let net = Net::new(
            &lines,
            half_pole(from),
            [shaft, outer[0], self.rotor.ring_radius()],
            [shaft * thicker, outer[1], ring],
        )?;
        let poles = self.sector.poles as usize;
        let pole = self.one_pole();
        let moved = net.carry(&pole)?;
        let triangles = pole.triangles.len();
        let copies = self
            .rotor
            .copies_of(&pole, poles, |k| k * triangles..(k + 1) * triangles);
        let nodes = copies
            .iter()
            .map(|&(own, pole)| turn(moved[own], 2.0 * half_pole(from) * pole as f64));
        Some(nodes.collect())
    }

    fn moved_stator(&self, from: &Section, to: &Section, ring: f64) -> Option<Vec<Point>> {
        let slots = self.sector.slots as usize;
        let slot = [slot::draw(from).ok()?, slot::draw(to).ok()?];
        let lines = slot.map(|s| vec![(s.opening, false), (s.winding, true)]);
        let outer = self.stator.fixed_radius();
        let larger = to.stator.outer_diameter_m / from.stator.outer_diameter_m;
        let bore = [from, to].map(|s| s.stator.bore_diameter_m / 2.0);
        let half = half_slot(from, self.sector);
        let net = Net::new(
            &lines,
            half,
            [self.stator.ring_radius(), bore[0], outer],
            [ring, bore[1], outer * larger],
        )?;
        let back = -slot_angle(from, self.sector, 0);
        let (template, copies) = self.first_slot_pitch(slots, back);
        let moved = net.carry(&template)?;
        let nodes = copies
            .iter()
            .map(|&(own, slot)| turn(moved[own], slot_angle(from, self.sector, slot)));
        Some(nodes.collect())
    }

    /// The first slot pitch turned to +x by `back`, and for every node of the stator its original and slot.
    fn first_slot_pitch(&self, slots: usize, back: f64) -> (Part, Vec<(usize, usize)>) {
        let stator = &self.stator;
        let behind = slots * self.slot_triangles;
        let gap = (stator.triangles.len() - behind) / slots;
        let of_slot = |k: usize| {
            (k * self.slot_triangles..(k + 1) * self.slot_triangles)
                .chain(behind + k * gap..behind + (k + 1) * gap)
        };
        let mut own = vec![usize::MAX; stator.nodes.len()];
        let mut template = Part::default();
        for t in of_slot(0) {
            let triangle = stator.triangles[t].map(|n| {
                let n = n as usize;
                if own[n] == usize::MAX {
                    own[n] = template.nodes.len();
                    template.nodes.push(turn(stator.nodes[n], back));
                }
                #[allow(clippy::cast_possible_truncation)]
                let number = own[n] as u32;
                number
            });
            template.triangles.push(triangle);
        }
        let copies = stator.copies_of(&template, slots, of_slot);
        (template, copies)
    }
}

impl Part {
    /// For every node its original in a template and its copy; `of_copy` lists a copy's triangles.
    fn copies_of<I: Iterator<Item = usize>>(
        &self,
        template: &Self,
        copies: usize,
        of_copy: impl Fn(usize) -> I,
    ) -> Vec<(usize, usize)> {
        let mut found = vec![(usize::MAX, 0); self.nodes.len()];
        for k in 0..copies {
            for (t, original) in of_copy(k).zip(&template.triangles) {
                for (n, o) in self.triangles[t].iter().zip(original) {
                    let copy = &mut found[*n as usize];
                    if copy.0 == usize::MAX {
                        *copy = (*o as usize, k);
                    }
                }
            }
        }
        found
    }

    fn ring_radius(&self) -> f64 {
        self.first_radius(&self.ring)
    }

    /// Radius of the corners of the polygon where A = 0.
    fn fixed_radius(&self) -> f64 {
        self.first_radius(&self.fixed)
    }

    fn first_radius(&self, nodes: &[u32]) -> f64 {
        nodes
            .first()
            .map_or(0.0, |n| radius(self.nodes[*n as usize]))
    }

    /// Whether the nodes of both sides still face each other.
    fn is_periodic(&self) -> bool {
        let r = |n: &u32| radius(self.nodes[*n as usize]);
        self.minus
            .iter()
            .zip(&self.plus)
            .all(|(a, b)| (r(a) - r(b)).abs() < ON_LINE_M)
    }
}

/// Lines whose nodes know where to go: outlines, circles, and the sides of a sector.
struct Net {
    graph: Arrangement,
    /// New places of the graph's corners.
    corners: Vec<Point>,
    half: f64,
    /// Radii of circles of nodes, before and after.
    circles: [[f64; 3]; 2],
    /// Radii of corners on the sides, before and after, ascending.
    stops: Vec<[f64; 2]>,
}

impl Net {
    fn new(
        lines: &[Vec<(Outline, bool)>; 2],
        half: f64,
        before: [f64; 3],
        after: [f64; 3],
    ) -> Option<Self> {
        if lines[0].len() != lines[1].len() {
            return None;
        }
        let graph = Arrangement::new(lines[0].iter().map(|(l, closed)| (l.as_slice(), *closed)));
        let mut corners = vec![None; graph.points.len()];
        for ((old, _), (new, _)) in lines[0].iter().zip(&lines[1]) {
            if old.len() != new.len() {
                return None;
            }
            for (p, q) in old.iter().zip(new) {
                let at = graph
                    .points
                    .iter()
                    .position(|c| distance(*c, *p) < SAME_CORNER_M)?;
                // Corners that were one must stay one.
                let known: Point = *corners[at].get_or_insert(*q);
                if distance(known, *q) > SAME_CORNER_M {
                    return None;
                }
            }
        }
        let corners: Vec<Point> = corners.into_iter().collect::<Option<_>>()?;
        let mut stops: Vec<[f64; 2]> = graph
            .points
            .iter()
            .zip(&corners)
            .filter(|(p, _)| on_ray(**p, half))
            .map(|(p, q)| [radius(*p), radius(*q)])
            .chain(before.iter().zip(&after).map(|(b, a)| [*b, *a]))
            .collect();
        stops.sort_by(|a, b| a[0].total_cmp(&b[0]));
        stops.dedup_by(|a, b| (a[0] - b[0]).abs() < SAME_CORNER_M);
        Some(Self {
            graph,
            corners,
            half,
            circles: [before, after],
            stops,
        })
    }

    /// New places of a part's nodes.
    fn carry(&self, part: &Part) -> Option<Vec<Point>> {
        let led: Vec<Option<Point>> = part.nodes.iter().map(|p| self.lead(*p)).collect();
        let mut nodes: Vec<Point> = part.nodes.clone();
        let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
        for t in &part.triangles {
            for i in 0..3 {
                neighbours[t[i] as usize].push(t[(i + 1) % 3] as usize);
                neighbours[t[i] as usize].push(t[(i + 2) % 3] as usize);
            }
        }
        let mut shift: Vec<Point> = led
            .iter()
            .zip(&part.nodes)
            .map(|(to, p)| to.map_or([0.0; 2], |to| sub(to, *p)))
            .collect();
        let inner: Vec<usize> = (0..nodes.len()).filter(|i| led[*i].is_none()).collect();
        for _ in 0..SWEEPS {
            for &i in &inner {
                #[allow(clippy::cast_precision_loss)]
                let share = 1.0 / neighbours[i].len() as f64;
                let mean = neighbours[i]
                    .iter()
                    .fold([0.0; 2], |sum, n| along(sum, shift[*n], share));
                shift[i] = along(shift[i], sub(mean, shift[i]), OVER);
            }
        }
        for ((node, to), shift) in nodes.iter_mut().zip(&led).zip(&shift) {
            *node = to.unwrap_or(along(*node, *shift, 1.0));
        }
        for _ in 0..3 {
            open_angles(&mut nodes, &part.triangles, inner.iter().copied());
        }
        Some(nodes)
    }

    /// Where a node on a line goes; `None` for inner nodes.
    fn lead(&self, p: Point) -> Option<Point> {
        self.on_outline(p)
            .or_else(|| self.on_side(p))
            .or_else(|| self.on_circle(p))
    }

    fn on_outline(&self, p: Point) -> Option<Point> {
        let corner = self
            .graph
            .points
            .iter()
            .position(|c| distance(*c, p) < SAME_CORNER_M);
        if let Some(i) = corner {
            return Some(self.corners[i]);
        }
        self.graph.sides.iter().find_map(|side| {
            let (a, b) = self.graph.ends(*side);
            let d = sub(b, a);
            let length = distance(a, b);
            let u = [d[0] / length, d[1] / length];
            let q = sub(p, a);
            let (t, off) = (q[0] * u[0] + q[1] * u[1], q[0] * u[1] - q[1] * u[0]);
            let on = off.abs() < ON_LINE_M && t > 0.0 && t < length;
            let (a, b) = (self.corners[side[0]], self.corners[side[1]]);
            on.then(|| along(a, sub(b, a), t / length))
        })
    }

    fn on_side(&self, p: Point) -> Option<Point> {
        on_ray(p, self.half)
            .then(|| polar(between(&self.stops, radius(p)), self.half * p[1].signum()))
    }

    /// On an arc, angles follow the outlines' corners that lie on it.
    fn on_circle(&self, p: Point) -> Option<Point> {
        let r = radius(p);
        let [before, after] = &self.circles;
        let k = (0..3).find(|k| (r - before[*k]).abs() < ON_LINE_M)?;
        let (old, new) = (before[k], after[k]);
        let mut stops: Vec<[f64; 2]> = self
            .graph
            .points
            .iter()
            .zip(&self.corners)
            .filter(|(c, _)| (radius(**c) - old).abs() < SAME_CORNER_M)
            .map(|(c, q)| [c[1].atan2(c[0]), q[1].atan2(q[0])])
            .chain([[-self.half; 2], [self.half; 2]])
            .collect();
        stops.sort_by(|a, b| a[0].total_cmp(&b[0]));
        Some(polar(new, between(&stops, p[1].atan2(p[0]))))
    }
}

fn on_ray(p: Point, half: f64) -> bool {
    (radius(p) * (p[1].atan2(p[0]).abs() - half)).abs() < ON_LINE_M
}

/// Piecewise linear between pairs (before, after); beyond the ends, in proportion.
fn between(stops: &[[f64; 2]], x: f64) -> f64 {
    let (first, last) = (stops[0], stops[stops.len() - 1]);
    if x <= first[0] {
        return first[1] * x / first[0];
    }
    if x >= last[0] {
        return last[1] * x / last[0];
    }
    let i = stops.partition_point(|s| s[0] < x).max(1);
    let (a, b) = (stops[i - 1], stops[i]);
    a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0])
}
