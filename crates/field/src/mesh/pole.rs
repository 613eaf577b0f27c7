//! Rotor and stator meshes of one pole with the strips of the air gap.

use codrive_model::section::Section;

use crate::error::FieldError;
use crate::geometry::outline::{Point, contains, polar, radius, segment_distance, turn};
use crate::geometry::slot::Slot;
use crate::geometry::{RotorRegion, rotor, slot};

use super::arrangement::Arrangement;
use super::size::{SizeField, SizeLimits, cut_by};
use super::triangulate::{Domain, Triangles, smallest_angle, triangulate};

/// How fine the mesh is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fineness {
    /// Wanted side length at the air gap over the thickness of one strip.
    pub gap_aspect: f64,
    /// Wanted length over the distance to the nearest feature.
    pub per_feature: f64,
    /// Growth of the length per length.
    pub growth: f64,
    /// Largest length over the rotor radius.
    pub largest: f64,
    /// Strips of the gap on the stator's side of the ring; the rotor's side has one.
    pub stator_strips: usize,
    /// The ring has a multiple of three times this many steps in a pole.
    pub positions: usize,
}

impl Fineness {
    /// For elements of second order: few and large.
    #[must_use]
    pub fn second_order(positions: usize) -> Self {
        Self {
            gap_aspect: 2.4,
            per_feature: 1.0,
            growth: 0.6,
            largest: 0.12,
            stator_strips: 1,
            positions,
        }
    }

    /// For elements of first order.
    #[must_use]
    pub fn first_order(positions: usize) -> Self {
        Self {
            gap_aspect: 2.0,
            per_feature: 0.42,
            growth: 0.22,
            largest: 0.05,
            stator_strips: 2,
            positions,
        }
    }

    /// All lengths multiplied by a factor.
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Self {
        self.gap_aspect *= factor;
        self.per_feature *= factor;
        self.growth *= factor.sqrt();
        self.largest *= factor;
        self
    }
}

/// What a triangle is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Lamination.
    Steel,
    /// Holes and slot openings.
    Air,
    /// The air gap, over which the torque is integrated.
    Gap,
    /// The magnet with this number in the pole.
    Magnet(usize),
    /// The winding of the slot with this number in the pole.
    Slot(usize),
}

/// The mesh of the rotor or of the stator of one pole.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// Nodes, m.
    pub nodes: Vec<Point>,
    /// Corners of the triangles.
    pub triangles: Vec<[u32; 3]>,
    /// What each triangle is made of.
    pub fill: Vec<Fill>,
    /// Nodes with A = 0 (shaft or outer surface).
    pub fixed: Vec<u32>,
    /// Nodes of the side at −half a pole, by radius.
    pub minus: Vec<u32>,
    /// Nodes of the side at +half a pole, by radius.
    pub plus: Vec<u32>,
    /// Ring nodes by angle, both ends included.
    pub ring: Vec<u32>,
}

/// Rotor and stator of one pole, d axis on +x, rotor angle zero.
#[derive(Clone, Debug)]
pub struct PoleMesh {
    /// Rotor.
    pub rotor: Part,
    /// Stator; the slots' triangles are copies of one slot pitch, slot by slot.
    pub stator: Part,
    /// Triangles of one slot pitch in the stator, which come first, before the gap strips.
    pub slot_triangles: usize,
    /// Steps of the ring in one pole.
    pub ring_steps: usize,
    /// Direction of magnetisation of each magnet of the pole, rad.
    pub magnets_rad: Vec<f64>,
    /// Radius of rotor surface, m.
    pub rotor_radius_m: f64,
    /// Radius of the bore, m.
    pub bore_radius_m: f64,
}

impl PoleMesh {
    /// Draws and meshes a section.
    ///
    /// # Errors
    /// The section cannot be drawn, or its mesh fails.
    pub fn new(section: &Section, fineness: Fineness) -> Result<Self, FieldError> {
        let regions = rotor::draw(section)?;
        let slot = slot::draw(section);
        let mesh_error = |reason: String| FieldError::Mesh {
            section: section.id.clone(),
            reason,
        };
        let rotor_radius_m = section.rotor.outer_diameter_m / 2.0;
        let bore_radius_m = section.stator.bore_diameter_m / 2.0;
        let steps = ring_steps(section, fineness);
        let rotor = rotor_part(section, &regions, fineness, steps).map_err(mesh_error)?;
        let (stator, slot_triangles) =
            stator_part(section, &slot, fineness, steps).map_err(mesh_error)?;
        Ok(Self {
            rotor,
            stator,
            slot_triangles,
            ring_steps: steps,
            magnets_rad: regions.iter().filter_map(|r| r.magnetisation_rad).collect(),
            rotor_radius_m,
            bore_radius_m,
        })
    }

    /// Triangles of both parts.
    #[must_use]
    pub fn triangles(&self) -> usize {
        self.rotor.triangles.len() + self.stator.triangles.len()
    }

    /// Smallest angle of all triangles, degrees.
    #[must_use]
    pub fn smallest_angle_deg(&self) -> f64 {
        [&self.rotor, &self.stator]
            .iter()
            .flat_map(|part| {
                part.triangles
                    .iter()
                    .map(|t| smallest_angle(t.map(|n| part.nodes[n as usize])))
            })
            .fold(f64::MAX, f64::min)
            .to_degrees()
    }
}

fn half_pole(section: &Section) -> f64 {
    std::f64::consts::PI / (2.0 * f64::from(section.pole_pairs))
}

/// Steps of the ring: a multiple of three times the positions and of the slots per pole.
fn ring_steps(section: &Section, fineness: Fineness) -> usize {
    let slots = section.slots_per_pole() as usize;
    let unit = lcm(3 * fineness.positions.max(1), slots);
    #[allow(clippy::cast_precision_loss)]
    let strip = section.gap_m() / (fineness.stator_strips + 1) as f64;
    let arc = 2.0 * half_pole(section) * section.rotor.outer_diameter_m / 2.0;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss
    )]
    let multiple = (arc / (fineness.gap_aspect * strip) / unit as f64).round() as usize;
    let least = (4 * slots).div_ceil(unit);
    unit * multiple.clamp(least, least.max(1440 / unit))
}

fn lcm(a: usize, b: usize) -> usize {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    a / x * b
}

/// `n + 1` angles from −`half` to +`half`.
fn even_angles(half: f64, n: usize) -> Vec<f64> {
    #[allow(clippy::cast_precision_loss)]
    (0..=n)
        .map(|i| half * (2.0 * i as f64 / n as f64 - 1.0))
        .collect()
}

/// The closed boundary of an annular sector; arcs by angle, sides by radius, both ascending.
fn sector_boundary(
    inner: f64,
    inner_angles: &[f64],
    outer: f64,
    outer_angles: &[f64],
    side_radii: &[f64],
) -> Vec<Point> {
    let half = inner_angles[inner_angles.len() - 1];
    let mid = &side_radii[1..side_radii.len() - 1];
    let mut points: Vec<Point> = inner_angles
        .iter()
        .rev()
        .map(|a| polar(inner, *a))
        .collect();
    points.extend(mid.iter().map(|r| polar(*r, -half)));
    points.extend(outer_angles.iter().map(|a| polar(outer, *a)));
    points.extend(mid.iter().rev().map(|r| polar(*r, half)));
    points
}

/// Radii along a side, cut by the smaller size of both sides and at corners that lie on either.
fn side_radii(
    size: &SizeField,
    graph: &Arrangement,
    inner: f64,
    outer: f64,
    half: f64,
) -> Vec<f64> {
    let both = |p: Point| size.at(turn(p, half)).min(size.at(turn(p, -half)));
    let mut stops: Vec<f64> = graph
        .points
        .iter()
        .filter(|p| on_side(**p, half))
        .map(|p| radius(*p))
        .collect();
    stops.push(outer);
    stops.sort_by(f64::total_cmp);
    let mut radii = vec![inner];
    for stop in stops {
        let from = radii[radii.len() - 1];
        if stop - from > 1e-6 {
            radii.extend(
                cut_by([from, 0.0], [stop, 0.0], both)
                    .iter()
                    .skip(1)
                    .map(|p| p[0]),
            );
        }
    }
    radii
}

fn on_side(p: Point, half: f64) -> bool {
    (radius(p) * (p[1].atan2(p[0]).abs() - half)).abs() < 1e-8
}

/// Triangulates a sector with the sides of a graph inside; returns the mesh and its boundary.
fn mesh_sector(
    boundary: Vec<Point>,
    half: f64,
    graph: &Arrangement,
    size: &SizeField,
) -> Result<Triangles, String> {
    let mut domain = Domain {
        boundary: boundary.len(),
        points: boundary,
        sides: Vec::new(),
    };
    let mut number = vec![usize::MAX; graph.points.len()];
    for (i, p) in graph.points.iter().enumerate() {
        number[i] = domain.points[..domain.boundary]
            .iter()
            .position(|q| crate::geometry::outline::distance(*q, *p) < 1e-7)
            .unwrap_or_else(|| {
                domain.points.push(*p);
                domain.points.len() - 1
            });
    }
    for &side in &graph.sides {
        let (a, b) = graph.ends(side);
        if on_side(a, half) && on_side(b, half) && a[1] * b[1] > 0.0 {
            continue;
        }
        let cuts = size.cut(a, b);
        let mut from = number[side[0]];
        for p in &cuts[1..cuts.len() - 1] {
            domain.points.push(*p);
            domain.sides.push([from, domain.points.len() - 1]);
            from = domain.points.len() - 1;
        }
        domain.sides.push([from, number[side[1]]]);
    }
    triangulate(&domain, size)
}

fn limits(section: &Section, fineness: Fineness, gap_length: f64) -> SizeLimits {
    SizeLimits {
        smallest: gap_length.min(0.5e-3),
        largest: fineness.largest * section.rotor.outer_diameter_m / 2.0,
        per_feature: fineness.per_feature,
        growth: fineness.growth,
    }
}

fn rotor_part(
    section: &Section,
    regions: &[RotorRegion],
    fineness: Fineness,
    steps: usize,
) -> Result<Part, String> {
    let half = half_pole(section);
    let (inner, outer) = (
        section.rotor.inner_diameter_m / 2.0,
        section.rotor.outer_diameter_m / 2.0,
    );
    #[allow(clippy::cast_precision_loss)]
    let gap_length = 2.0 * half * outer / steps as f64;
    let limits = limits(section, fineness, gap_length);
    let graph = Arrangement::new(regions.iter().map(|r| (r.outline.as_slice(), true)));
    let mut size = SizeField::new(limits);
    let surface = even_angles(half, steps);
    surface
        .iter()
        .for_each(|a| size.ask(polar(outer, *a), gap_length));
    let side = polar(1.0, half);
    size.ask_features(&graph, limits, |p| {
        let to_side = segment_distance([p[0], p[1].abs()], [0.0, 0.0], [side[0], side[1]]);
        (outer - radius(p)).min(2.0 * to_side).max(0.2e-3)
    });
    size.prune();
    let radii = side_radii(&size, &graph, inner, outer, half);
    let shaft = even_angles(half, pieces(2.0 * half * inner, size.at([inner, 0.0]), 3));
    let boundary = sector_boundary(inner, &shaft, outer, &surface, &radii);
    let mesh = mesh_sector(boundary, half, &graph, &size)?;
    let mut part = Part {
        nodes: mesh.points,
        triangles: mesh.triangles,
        ..Part::default()
    };
    part.fill = part
        .triangles
        .iter()
        .map(|t| rotor_fill(regions, part.middle(t)))
        .collect();
    part.find_boundary(half, inner, shaft.len(), radii.len());
    let on_surface: Vec<u32> = part.arc(outer, steps + 1);
    #[allow(clippy::cast_precision_loss)]
    let ring_radius = outer + section.gap_m() / (fineness.stator_strips + 1) as f64;
    part.ring = part.add_strip(&on_surface, &surface, ring_radius, false);
    Ok(part)
}

fn pieces(length: f64, size: f64, least: usize) -> usize {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    ((length / size).round() as usize).max(least)
}

fn rotor_fill(regions: &[RotorRegion], p: Point) -> Fill {
    let mut magnet = 0;
    for r in regions {
        let inside = contains(&r.outline, p);
        match r.magnetisation_rad {
            Some(_) if inside => return Fill::Magnet(magnet),
            None if inside => return Fill::Air,
            Some(_) => magnet += 1,
            None => {}
        }
    }
    Fill::Steel
}

/// Angles of the bore nodes of one slot pitch, with nodes at the edges of the opening.
fn bore_angles(half: f64, half_opening: f64, steps: usize) -> Vec<f64> {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss
    )]
    let mut open = (half_opening / half * steps as f64).round() as usize;
    if !(steps - open.min(steps)).is_multiple_of(2) {
        #[allow(clippy::cast_precision_loss)]
        let exact = half_opening / half * steps as f64;
        #[allow(clippy::cast_precision_loss)]
        let up = exact > open as f64;
        open = if up { open + 1 } else { open.saturating_sub(1) };
    }
    let open = open.clamp(if steps.is_multiple_of(2) { 2 } else { 1 }, steps - 2);
    let tooth = (steps - open) / 2;
    let mut angles = Vec::with_capacity(steps + 1);
    let mut run = |from: f64, to: f64, n: usize| {
        #[allow(clippy::cast_precision_loss)]
        angles.extend((0..n).map(|i| from + (to - from) * i as f64 / n as f64));
    };
    run(-half, -half_opening, tooth);
    run(-half_opening, half_opening, open);
    run(half_opening, half, tooth);
    angles.push(half);
    angles
}

fn stator_part(
    section: &Section,
    slot: &Slot,
    fineness: Fineness,
    steps: usize,
) -> Result<(Part, usize), String> {
    let slots = section.slots_per_pole() as usize;
    let per_slot = steps / slots;
    #[allow(clippy::cast_precision_loss)]
    let half_slot = half_pole(section) / slots as f64;
    let bore = bore_angles(half_slot, slot.half_opening_rad, per_slot);
    let template = slot_pitch(section, slot, fineness, half_slot, &bore)?;
    let slot_triangles = template.triangles.len();
    let (mut part, on_bore) = replicate(&template, slots, half_slot);
    let even = even_angles(half_pole(section), steps);
    let snapped: Vec<f64> = (0..=steps)
        .map(|i| {
            let k = (i / per_slot).min(slots - 1);
            #[allow(clippy::cast_precision_loss)]
            let centre = half_slot * (2.0 * k as f64 + 1.0) - half_pole(section);
            centre + bore[i - k * per_slot]
        })
        .collect();
    let (bore_radius, strips) = (section.stator.bore_diameter_m / 2.0, fineness.stator_strips);
    let mut row = on_bore;
    for strip in 1..=strips {
        #[allow(clippy::cast_precision_loss)]
        let (depth, weight) = (
            strip as f64 / (strips + 1) as f64,
            strip as f64 / strips as f64,
        );
        let angles: Vec<f64> = snapped
            .iter()
            .zip(&even)
            .map(|(s, e)| s + weight * (e - s))
            .collect();
        row = part.add_strip(&row, &angles, bore_radius - depth * section.gap_m(), true);
    }
    part.ring = row;
    Ok((part, slot_triangles))
}

/// The mesh of one slot pitch, centred on +x, fills numbered for slot 0.
fn slot_pitch(
    section: &Section,
    slot: &Slot,
    fineness: Fineness,
    half: f64,
    bore: &[f64],
) -> Result<Part, String> {
    let (inner, outer) = (
        section.stator.bore_diameter_m / 2.0,
        section.stator.outer_diameter_m / 2.0,
    );
    #[allow(clippy::cast_precision_loss)]
    let gap_length = 2.0 * half * inner / (bore.len() - 1) as f64;
    let limits = limits(section, fineness, gap_length);
    let n = slot.opening.len();
    let graph = Arrangement::new(
        [
            (&slot.opening[..n / 2], false),
            (&slot.opening[n / 2..], false),
            (slot.winding.as_slice(), true),
        ]
        .into_iter(),
    );
    let mut size = SizeField::new(limits);
    bore.windows(2)
        .for_each(|w| size.ask(polar(inner, w[0]), inner * (w[1] - w[0])));
    let side = polar(2.0, half);
    size.ask_features(&graph, limits, |p| {
        2.0 * segment_distance([p[0], p[1].abs()], [0.0, 0.0], side)
            .min((radius(p) - inner).max(gap_length))
    });
    size.prune();
    let radii = side_radii(&size, &graph, inner, outer, half);
    let yoke = even_angles(half, pieces(2.0 * half * outer, size.at([outer, 0.0]), 2));
    let boundary = sector_boundary(inner, bore, outer, &yoke, &radii);
    let mesh = mesh_sector(boundary, half, &graph, &size)?;
    let mut part = Part {
        nodes: mesh.points,
        triangles: mesh.triangles,
        ..Part::default()
    };
    part.fill = part
        .triangles
        .iter()
        .map(|t| match part.middle(t) {
            p if contains(&slot.winding, p) => Fill::Slot(0),
            p if contains(&slot.opening, p) => Fill::Air,
            _ => Fill::Steel,
        })
        .collect();
    part.find_boundary(half, outer, yoke.len(), radii.len());
    part.ring = part.arc(inner, bore.len());
    Ok(part)
}

/// Copies of one slot pitch side by side, and their bore nodes by angle.
fn replicate(template: &Part, slots: usize, half_slot: f64) -> (Part, Vec<u32>) {
    let mut part = Part::default();
    let mut bore: Vec<u32> = Vec::new();
    let mut previous: Vec<u32> = Vec::new();
    for k in 0..slots {
        #[allow(clippy::cast_precision_loss)]
        let angle = half_slot * (2.0 * k as f64 + 1.0 - slots as f64);
        let mut number = vec![u32::MAX; template.nodes.len()];
        for (shared, own) in previous.iter().zip(&template.minus) {
            number[*own as usize] = *shared;
        }
        for (i, p) in template.nodes.iter().enumerate() {
            if number[i] == u32::MAX {
                #[allow(clippy::cast_possible_truncation)]
                let next = part.nodes.len() as u32;
                number[i] = next;
                part.nodes.push(turn(*p, angle));
            }
        }
        let map = |ids: &[u32]| {
            ids.iter()
                .map(|i| number[*i as usize])
                .collect::<Vec<u32>>()
        };
        part.triangles.extend(
            template
                .triangles
                .iter()
                .map(|t| t.map(|i| number[i as usize])),
        );
        part.fill.extend(template.fill.iter().map(|f| {
            if *f == Fill::Slot(0) {
                Fill::Slot(k)
            } else {
                *f
            }
        }));
        part.fixed.extend(map(&template.fixed));
        let arc = map(&template.ring);
        bore.extend(arc.iter().skip(usize::from(k > 0)));
        previous = map(&template.plus);
        if k == 0 {
            part.minus = map(&template.minus);
        }
    }
    part.plus = previous;
    part.fixed.sort_unstable();
    part.fixed.dedup();
    (part, bore)
}

impl Part {
    fn middle(&self, t: &[u32; 3]) -> Point {
        let [a, b, c] = t.map(|i| self.nodes[i as usize]);
        [(a[0] + b[0] + c[0]) / 3.0, (a[1] + b[1] + c[1]) / 3.0]
    }

    /// Finds the nodes of both sides and of the arc where A = 0.
    fn find_boundary(&mut self, half: f64, fixed_radius: f64, on_arc: usize, on_side: usize) {
        self.fixed = self.arc(fixed_radius, on_arc);
        for (angle, sign) in [(-half, -1.0), (half, 1.0)] {
            let direction = polar(1.0, angle);
            let mut side: Vec<u32> = self.select(|p| {
                (p[0] * direction[1] - p[1] * direction[0]).abs() < 1e-9 && sign * p[1] > 0.0
            });
            side.sort_by(|a, b| {
                radius(self.nodes[*a as usize]).total_cmp(&radius(self.nodes[*b as usize]))
            });
            debug_assert_eq!(side.len(), on_side);
            if sign < 0.0 {
                self.minus = side
            } else {
                self.plus = side
            }
        }
    }

    /// Nodes on the circle of a radius, by angle.
    fn arc(&self, r: f64, expected: usize) -> Vec<u32> {
        let mut arc = self.select(|p| (radius(p) - r).abs() < 1e-9);
        let angle = |i: &u32| self.nodes[*i as usize][1].atan2(self.nodes[*i as usize][0]);
        arc.sort_by(|a, b| angle(a).total_cmp(&angle(b)));
        debug_assert_eq!(arc.len(), expected);
        arc
    }

    fn select(&self, keep: impl Fn(Point) -> bool) -> Vec<u32> {
        #[allow(clippy::cast_possible_truncation)]
        (0..self.nodes.len())
            .filter(|i| keep(self.nodes[*i]))
            .map(|i| i as u32)
            .collect()
    }

    /// Adds a row of nodes and a strip of gap triangles between `row` and it; returns the new row.
    fn add_strip(&mut self, row: &[u32], angles: &[f64], r: f64, inward: bool) -> Vec<u32> {
        #[allow(clippy::cast_possible_truncation)]
        let first = self.nodes.len() as u32;
        self.nodes.extend(angles.iter().map(|a| polar(r, *a)));
        #[allow(clippy::cast_possible_truncation)]
        let new: Vec<u32> = (0..angles.len()).map(|i| first + i as u32).collect();
        let (low, high) = if inward {
            (&new[..], row)
        } else {
            (row, &new[..])
        };
        for i in 0..angles.len() - 1 {
            let quad = [low[i], low[i + 1], high[i + 1], high[i]];
            let [a, b, c, d] = quad;
            let across = |x: u32, y: u32| {
                crate::geometry::outline::distance(self.nodes[x as usize], self.nodes[y as usize])
            };
            let (ac, bd) = (across(a, c), across(b, d));
            let use_ac = if (ac - bd).abs() < 1e-3 * ac {
                i % 2 == 0
            } else {
                ac < bd
            };
            // Angles grow along a row, radii from low to high: a, d, c, b runs counter-clockwise.
            let pair = if use_ac {
                [[a, d, c], [a, c, b]]
            } else {
                [[a, d, b], [b, d, c]]
            };
            for t in pair {
                let positive = smallest_angle(t.map(|n| self.nodes[n as usize])) > 0.0;
                self.triangles
                    .push(if positive { t } else { [t[0], t[2], t[1]] });
                self.fill.push(Fill::Gap);
            }
        }
        let (start, end) = (new[0], new[new.len() - 1]);
        for (side, node) in [(&mut self.minus, start), (&mut self.plus, end)] {
            if inward {
                side.insert(0, node)
            } else {
                side.push(node)
            }
        }
        new
    }
}
