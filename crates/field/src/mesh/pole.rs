//! Rotor and stator meshes of the smallest sector that repeats, joined at the ring.

use std::f64::consts::PI;

use codrive_model::section::{Section, Sector};

use crate::error::FieldError;
use crate::geometry::{RotorRegion, rotor, slot};

use super::fineness::Fineness;
use super::part::Part;
use super::rotor::rotor_part;
use super::size::SizeLimits;
use super::stator::stator_part;

/// Features smaller than this ask for no smaller triangles, m.
const SMALLEST_M: f64 = 0.5e-3;

/// Longest step of the ring over the thickness of a strip, for angles of 19° and more.
const FLATTEST: f64 = 2.9;

/// Rotor and stator of a sector, rotor angle zero. The d axis of its first pole lies on +x, and half a
/// pole before it the sector begins.
#[derive(Clone, Debug)]
pub struct PoleMesh {
    /// Poles and slots of the sector.
    pub sector: Sector,
    /// Rotor; its triangles are copies of those of one pole, pole by pole.
    pub rotor: Part,
    /// Stator; the slots' triangles are copies of one slot pitch, slot by slot.
    pub stator: Part,
    /// Triangles of one slot pitch in the stator, which come first, before those of the gap.
    pub slot_triangles: usize,
    /// Steps of the ring in the sector.
    pub ring_steps: usize,
    /// Direction of magnetisation of each magnet of the sector, pole by pole, rad.
    pub magnets_rad: Vec<f64>,
    /// Radius of rotor surface, m.
    pub rotor_radius_m: f64,
    /// Radius of the bore, m.
    pub bore_radius_m: f64,
}

impl PoleMesh {
    /// Draws and meshes the smallest sector of a section.
    ///
    /// # Errors
    /// The section cannot be drawn, or its mesh fails.
    pub fn new(section: &Section, fineness: Fineness) -> Result<Self, FieldError> {
        Self::of_sector(section, section.sector(), fineness)
    }

    /// As [`PoleMesh::new`] for a sector of several smallest ones; only tests need it.
    ///
    /// # Errors
    /// As [`PoleMesh::new`].
    pub fn of_sector(
        section: &Section,
        sector: Sector,
        fineness: Fineness,
    ) -> Result<Self, FieldError> {
        let regions = rotor::draw(section)?;
        let slot = slot::draw(section)?;
        let mesh_error = |reason: String| FieldError::Mesh {
            section: section.id.clone(),
            reason,
        };
        let rotor_radius_m = section.rotor.outer_diameter_m / 2.0;
        let bore_radius_m = section.stator.bore_diameter_m / 2.0;
        let steps = ring_steps(section, sector, fineness);
        let poles = sector.poles as usize;
        let (pole, stator) = rayon::join(
            || rotor_part(section, &regions, fineness, steps / poles),
            || stator_part(section, sector, &slot, fineness, steps),
        );
        let pole = pole.map_err(mesh_error)?;
        let (stator, slot_triangles) = stator.map_err(mesh_error)?;
        Ok(Self {
            sector,
            rotor: pole.copied(poles, |k| 2.0 * half_pole(section) * k as f64),
            stator,
            slot_triangles,
            ring_steps: steps,
            magnets_rad: magnets_rad(section, sector, &regions),
            rotor_radius_m,
            bore_radius_m,
        })
    }

    /// Steps of the ring in one pole.
    #[must_use]
    pub fn steps_per_pole(&self) -> usize {
        self.ring_steps / self.sector.poles as usize
    }

    /// The rotor's first pole.
    #[must_use]
    pub fn one_pole(&self) -> Part {
        self.rotor.first_copy(self.sector.poles as usize)
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

/// Directions of magnetisation, pole by pole; every second pole has the opposite sign.
pub(super) fn magnets_rad(section: &Section, sector: Sector, regions: &[RotorRegion]) -> Vec<f64> {
    let of_first: Vec<f64> = regions.iter().filter_map(|r| r.magnetisation_rad).collect();
    let of_pole = |k: u32| {
        let turned = 2.0 * half_pole(section) * f64::from(k) + PI * f64::from(k % 2);
        of_first.iter().map(move |angle| angle + turned)
    };
    (0..sector.poles).flat_map(of_pole).collect()
}

/// Half the pitch of a slot, rad.
pub(super) fn half_slot(section: &Section, sector: Sector) -> f64 {
    half_pole(section) / sector.slots_per_pole()
}

/// Angle by which a slot of the sector is turned from +x, rad.
pub(super) fn slot_angle(section: &Section, sector: Sector, slot: usize) -> f64 {
    half_slot(section, sector) * (2.0 * slot as f64 + 1.0 - sector.slots_per_pole())
}

pub(super) fn half_pole(section: &Section) -> f64 {
    PI / (2.0 * f64::from(section.pole_pairs))
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
    fineness.corner * PI * section.stator.bore_diameter_m / f64::from(section.slots)
}

/// Steps of the ring: a multiple of three times the positions in each pole, and of the slots.
fn ring_steps(section: &Section, sector: Sector, fineness: Fineness) -> usize {
    let (poles, slots) = (sector.poles as usize, sector.slots as usize);
    let unit = lcm(3 * fineness.positions.max(1) * poles, slots);
    #[allow(clippy::cast_precision_loss)]
    let strip = section.gap_m() / (fineness.stator_strips + 1) as f64;
    let pole = 2.0 * half_pole(section) * section.rotor.outer_diameter_m / 2.0;
    let arc = pole * f64::from(sector.poles);
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
    unit * multiple.clamp(least, least.max(1440 * poles / unit))
}

fn lcm(a: usize, b: usize) -> usize {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    a / x * b
}
