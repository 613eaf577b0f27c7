//! Rotor and stator meshes of one pole, joined at the ring.

use codrive_model::section::Section;

use crate::error::FieldError;
use crate::geometry::{rotor, slot};

use super::fineness::Fineness;
use super::part::Part;
use super::rotor::rotor_part;
use super::size::SizeLimits;
use super::stator::stator_part;

/// Features smaller than this ask for no smaller triangles, m.
const SMALLEST_M: f64 = 0.5e-3;

/// Longest step of the ring over the thickness of a strip, for angles of 19° and more.
const FLATTEST: f64 = 2.9;

/// Rotor and stator of one pole, d axis on +x, rotor angle zero.
#[derive(Clone, Debug)]
pub struct PoleMesh {
    /// Rotor.
    pub rotor: Part,
    /// Stator; the slots' triangles are copies of one slot pitch, slot by slot.
    pub stator: Part,
    /// Triangles of one slot pitch in the stator, which come first, before those of the gap.
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
        let slot = slot::draw(section)?;
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
        self.rotor
            .smallest_angle_rad()
            .min(self.stator.smallest_angle_rad())
            .to_degrees()
    }
}

pub(super) fn half_pole(section: &Section) -> f64 {
    std::f64::consts::PI / (2.0 * f64::from(section.pole_pairs))
}

pub(super) fn limits(section: &Section, fineness: Fineness, gap_length: f64) -> SizeLimits {
    SizeLimits {
        smallest: gap_length.min(SMALLEST_M),
        largest: fineness.largest * section.rotor.outer_diameter_m / 2.0,
        per_feature: fineness.per_feature,
        growth: fineness.growth,
    }
}

/// Length that is asked for at sharp corners, in the geometric mean with their surroundings, m.
pub(super) fn corner_length(section: &Section, fineness: Fineness) -> f64 {
    fineness.corner * std::f64::consts::PI * section.stator.bore_diameter_m
        / f64::from(section.slots)
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
    let steps = |aspect: f64| arc / (aspect * strip) / unit as f64;
    let multiple = steps(fineness.gap_aspect)
        .round()
        .max(steps(FLATTEST).ceil()) as usize;
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
