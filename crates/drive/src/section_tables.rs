//! Everything about a section that does not depend on stack, winding or voltage: computed once.

use codrive_model::flux_map::{FluxMap, SectionFacts};
use codrive_model::material::{MagnetGrade, Steel};

use crate::demagnetisation::Magnets;
use crate::error::{DriveError, positive};
use crate::far_flux::FarFlux;
use crate::flux::UnitFlux;
use crate::loci::Loci;
use crate::loss_tables::LossTables;
use crate::proximity::SlotFields;

/// A section, ready for thousands of machines.
#[derive(Clone, Debug)]
pub struct SectionTables {
    /// Geometry.
    pub facts: SectionFacts,
    /// Flux linkages over unit currents.
    pub flux: UnitFlux,
    /// Flux linkages as far as a short circuit drives the currents, where the map has them.
    pub far_flux: Option<FarFlux>,
    /// MTPA and MTPV.
    pub loci: Loci,
    /// Iron and magnet losses over unit currents.
    pub losses: LossTables,
    /// Flux density in the magnets over unit currents, and the knee of their grade.
    pub magnets: Magnets,
    /// Field that crosses the slots.
    pub slot_fields: SlotFields,
    /// Density of the lamination, kg/m³.
    pub steel_density_kg_per_m3: f64,
    /// Density of the magnets, kg/m³.
    pub magnet_density_kg_per_m3: f64,
    /// Mass of rare earths over mass of the magnets.
    pub rare_earth_fraction: f64,
    /// Line-to-line peak of the unit back-EMF, V·s per metre and electrical rad/s.
    pub line_back_emf_vs_per_m: f64,
}

impl SectionTables {
    /// Prepares a section.
    ///
    /// # Errors
    /// A flux map that cannot be used, or geometry that contradicts it or itself.
    pub fn new(
        map: &FluxMap,
        facts: &SectionFacts,
        steel: &Steel,
        magnet: &MagnetGrade,
    ) -> Result<Self, DriveError> {
        check_geometry(map, facts)?;
        let flux = UnitFlux::new(map)?;
        Ok(Self {
            loci: Loci::new(&flux, &map.section)?,
            losses: LossTables::new(map)?,
            magnets: Magnets::new(map, magnet, facts.magnet_temperature_k)?,
            slot_fields: SlotFields::new(map)?,
            far_flux: FarFlux::new(map)?,
            flux,
            steel_density_kg_per_m3: positive(
                "density of the lamination",
                steel.density_kg_per_m3,
            )?,
            magnet_density_kg_per_m3: positive("density of the magnets", magnet.density_kg_per_m3)?,
            rare_earth_fraction: magnet.rare_earth_fraction,
            line_back_emf_vs_per_m: line_back_emf(map),
            facts: facts.clone(),
        })
    }
}

/// Upper bound of the line-to-line peak: √3 · Σ of all harmonics that do not cancel between phases.
///
/// The phases of the harmonics are not known, so their amplitudes add.
fn line_back_emf(map: &FluxMap) -> f64 {
    let harmonics = map
        .back_emf
        .order
        .iter()
        .zip(&map.back_emf.amplitude_vs_per_m);
    3.0_f64.sqrt()
        * harmonics
            .filter(|(n, _)| *n % 3 != 0)
            .map(|(_, a)| a.abs())
            .sum::<f64>()
}

fn check_geometry(map: &FluxMap, facts: &SectionFacts) -> Result<(), DriveError> {
    let wrong = |reason: &str| DriveError::FluxMap {
        section: map.section.clone(),
        reason: reason.to_owned(),
    };
    if map.pole_pairs != facts.pole_pairs || map.slots != facts.slots {
        return Err(wrong("it has other poles or slots than the section"));
    }
    if !facts.slots.is_multiple_of(3) {
        return Err(wrong("its slots are no multiple of three phases"));
    }
    for (what, value) in [
        ("slot area in m²", facts.slot_area_m2),
        ("slot depth in m", facts.slot_depth_m),
        ("slot width in m", facts.slot_width_m),
        ("tooth width in m", facts.tooth_width_m),
        ("yoke height in m", facts.yoke_height_m),
        ("stator iron area in m²", facts.stator_iron_area_m2),
        ("rotor iron area in m²", facts.rotor_iron_area_m2),
        ("stacking factor", facts.stacking_factor),
        ("burst speed in rad/s", facts.burst_speed_limit_rad_per_s),
    ] {
        positive(what, value)?;
    }
    let radii = [
        facts.rotor_inner_radius_m,
        facts.rotor_outer_radius_m,
        facts.stator_bore_radius_m,
        facts.stator_outer_radius_m - facts.yoke_height_m,
    ];
    if radii[0] < 0.0 || !radii.windows(2).all(|r| r[0] < r[1]) {
        return Err(wrong("its radii do not ascend from shaft to yoke"));
    }
    Ok(())
}
