//! The strength of a section's rotor: the counted stress, the speed it allows, and its picture.

use codrive_model::flux_map::{SectionFacts, StressPicture};
use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::section::Section;

use crate::error::FieldError;
use crate::mesh::{Fineness, Part, PoleMesh};

use super::{Body, COUNTED, Elastic, Magnets, Shaft, spin};

/// Overspeed over top speed.
pub const OVERSPEED: f64 = 1.2;
/// Yield strength over counted stress at overspeed.
pub const SAFETY: f64 = 1.1;

/// What a rotor's lamination bears.
#[derive(Clone, Debug, PartialEq)]
pub struct RotorStrength {
    /// Counted von Mises stress over the square of speed, Pa·s².
    pub stress_pa_s2: f64,
    /// Highest rotor speed, rad/s.
    pub speed_limit_rad_per_s: f64,
    /// Stress on the mesh.
    pub picture: StressPicture,
}

/// The highest rotor speed at which yield is [`SAFETY`] times the counted stress at [`OVERSPEED`]
/// times that speed, rad/s.
#[must_use]
pub fn speed_limit_rad_per_s(stress_pa_s2: f64, yield_pa: f64) -> f64 {
    (yield_pa / SAFETY / stress_pa_s2).sqrt() / OVERSPEED
}

/// Young's modulus, Pa, and Poisson's ratio of magnets (sintered NdFeB, as in SyR-e's structural model,
/// Apache-2.0); ferrite is as stiff.
const MAGNET_YOUNG_PA: f64 = 175e9;
const MAGNET_POISSON: f64 = 0.24;

/// The strength of a section's rotor on a mesh of its own, finer than that of its flux map: the limit
/// of speed is then within 2 % of that of a mesh with six times the unknowns.
///
/// # Errors
/// The section cannot be drawn or meshed, or those of [`spin`].
pub fn of_section(
    section: &Section,
    steel: &Steel,
    magnet: &MagnetGrade,
) -> Result<RotorStrength, FieldError> {
    let mesh = PoleMesh::new(section, Fineness::second_order(POSITIONS).refined())?;
    of_rotor(section, steel, magnet, &mesh.one_pole())
}

/// Sets the steps on the rotor's surface, as in a flux map of twelve positions.
const POSITIONS: usize = 12;

/// Von Mises stress that counts at [`OVERSPEED`] times a rotor speed, Pa.
///
/// # Errors
/// [`FieldError::BeyondStrength`], with the limit, where that is more than yield over [`SAFETY`].
pub fn stress_at_speed_pa(facts: &SectionFacts, speed_rad_per_s: f64) -> Result<f64, FieldError> {
    let limit = facts.burst_speed_limit_rad_per_s;
    if (0.0..=limit).contains(&speed_rad_per_s) {
        return Ok(facts.rotor_stress_pa_s2 * (OVERSPEED * speed_rad_per_s).powi(2));
    }
    let rpm = |speed: f64| speed * 30.0 / std::f64::consts::PI;
    Err(FieldError::BeyondStrength {
        speed_rpm: rpm(speed_rad_per_s),
        limit_rpm: rpm(limit),
        steel: facts.steel.clone(),
    })
}

/// The strength of a section's rotor on a mesh of its pole.
///
/// # Errors
/// Those of [`spin`].
pub fn of_rotor(
    section: &Section,
    steel: &Steel,
    magnet: &MagnetGrade,
    part: &Part,
) -> Result<RotorStrength, FieldError> {
    let body = Body {
        part,
        steel: Elastic {
            young_pa: steel.young_pa(),
            poisson: steel.poisson(),
            density_kg_per_m3: steel.density_kg_per_m3,
        },
        magnets: Magnets::Leaning(Elastic {
            young_pa: MAGNET_YOUNG_PA / section.stacking_factor,
            poisson: MAGNET_POISSON,
            density_kg_per_m3: magnet.density_kg_per_m3 / section.stacking_factor,
        }),
        shaft: Shaft::Free,
    };
    let stress = spin(&body)?;
    let stress_pa_s2 = stress.percentile_pa_s2(COUNTED);
    Ok(RotorStrength {
        stress_pa_s2,
        speed_limit_rad_per_s: speed_limit_rad_per_s(stress_pa_s2, steel.yield_pa),
        picture: picture(part, &stress),
    })
}

fn picture(part: &Part, stress: &super::Stress) -> StressPicture {
    #[allow(clippy::cast_possible_truncation)]
    let single = |v: &f64| *v as f32;
    StressPicture {
        nodes_m: part
            .nodes
            .iter()
            .map(|n| [single(&n[0]), single(&n[1])])
            .collect(),
        triangles: stress.triangles.clone(),
        von_mises_pa_s2: stress.by_triangle_pa_s2().iter().map(single).collect(),
    }
}
