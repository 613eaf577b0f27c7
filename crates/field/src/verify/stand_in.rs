//! A section, a steel and a magnet that only lend pole pairs and permeability; nothing is drawn.

use codrive_model::material::{MagnetGrade, Steel, SteelLoss};
use codrive_model::section::{
    Conductor, HairpinSlot, Rotor, Section, SlotShape, SlotWinding, Stator,
};

/// Id of the section.
pub(super) const ID: &str = "verification";

/// Reluctivity of the steel below 1 T, A·m/(V·s).
pub(super) const STEEL_NU: f64 = 200.0;

pub(super) fn section(pole_pairs: u32) -> Section {
    let slot = HairpinSlot {
        opening_width_m: 1e-3,
        opening_height_m: 1e-3,
        wedge_height_m: 0.0,
        width_m: 1e-3,
        depth_m: 1e-3,
    };
    Section {
        schema: 1,
        id: ID.into(),
        name: String::new(),
        source: String::new(),
        assumptions: vec![],
        pole_pairs,
        slots: 6 * pole_pairs,
        steel: String::new(),
        iron_build_factor: 1.25,
        stacking_factor: 1.0,
        magnet: String::new(),
        magnet_temperature_k: 293.15,
        winding: SlotWinding {
            conductor: Conductor::Hairpin,
            layers: 1,
            coil_pitch: 3,
            copper_fill: 0.5,
        },
        stator: Stator {
            outer_diameter_m: 0.1,
            bore_diameter_m: 0.05,
            slot: SlotShape::Hairpin(slot),
        },
        rotor: Rotor {
            outer_diameter_m: 0.049,
            inner_diameter_m: 0.02,
            ..Rotor::default()
        },
    }
}

pub(super) fn steel() -> Steel {
    Steel {
        name: "linear".into(),
        source: String::new(),
        b_t: vec![0.0, 0.5, 1.0, 1.5],
        h_a_per_m: [0.0, 0.5, 1.0, 1.5].map(|b| STEEL_NU * b).to_vec(),
        density_kg_per_m3: 7650.0,
        yield_pa: 4e8,
        young_modulus_pa: None,
        poisson_ratio: None,
        loss_table: None,
        loss: SteelLoss {
            k_h: 0.0,
            alpha: 1.0,
            beta: 2.0,
            k_e: 0.0,
            k_exc: 0.0,
        },
    }
}

pub(super) fn magnet(mu_r: f64) -> MagnetGrade {
    MagnetGrade {
        name: "ring".into(),
        source: String::new(),
        remanence_20c_t: 1.0,
        remanence_per_k: 0.0,
        mu_r,
        conductivity_s_per_m: 0.0,
        density_kg_per_m3: 7500.0,
        rare_earth_fraction: 0.31,
        knee: None,
    }
}
