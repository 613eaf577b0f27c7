//! Copper: end turns, resistance with temperature, AC loss, end-winding leakage.
//!
//! All results are for the unit winding (one conductor per slot, one path); with `n` conductors
//! per slot and `a` paths, k = n/a, resistance and leakage are k² times as large.

use std::f64::consts::PI;

use codrive_model::flux_map::SectionFacts;

use crate::conditions::{Build, Conductor};

/// Vacuum permeability, V·s/(A·m).
pub const MU_0: f64 = 4e-7 * PI;
/// Resistivity of copper at 20 °C, Ω·m (IEC 60028).
pub const COPPER_RESISTIVITY_20C: f64 = 1.724_1e-8;
/// Relative change of the resistivity per kelvin from 20 °C (IEC 60028).
pub const COPPER_RESISTIVITY_PER_K: f64 = 3.93e-3;
/// Density of copper, kg/m³.
pub const COPPER_DENSITY_KG_PER_M3: f64 = 8_940.0;

/// Resistivity of copper in Ω·m at a temperature in K, linear in temperature.
#[must_use]
pub fn copper_resistivity_ohm_m(temperature_k: f64) -> f64 {
    COPPER_RESISTIVITY_20C * (1.0 + COPPER_RESISTIVITY_PER_K * (temperature_k - 293.15))
}

/// Geometry of one end turn: from the end of one slot to the end of the next of the coil.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EndTurn {
    /// Conductor length on one side of the machine, m.
    pub length_m: f64,
    /// Axial overhang beyond the stack, m.
    pub overhang_m: f64,
    /// Chord along the circumference, m.
    pub span_m: f64,
}

impl EndTurn {
    /// l = factor · [2 h + (r + h/2) α] with slot depth h, bore radius r, coil pitch α.
    ///
    /// Source: SyR-e (Apache-2.0), end-winding length; the ID.3 has 151 mm where it gives 93, so
    /// 1.6 for hairpins (one case).
    #[must_use]
    pub fn new(facts: &SectionFacts, factor: f64) -> Self {
        let pitch = 2.0 * PI * f64::from(facts.coil_pitch_slots) / f64::from(facts.slots);
        let span_m = (facts.stator_bore_radius_m + 0.5 * facts.slot_depth_m) * pitch;
        let length_m = factor * (2.0 * facts.slot_depth_m + span_m);
        Self {
            length_m,
            overhang_m: 0.5 * (length_m - span_m).max(0.0),
            span_m,
        }
    }
}

/// Leakage inductance of both end windings of the unit winding, V·s/A per phase.
///
/// L = (2/p) N² μ_0 (2 l_ew λ_l + w_ew λ_w), N = Q/6 for the unit winding, λ_l = 0.5, λ_w = 0.2.
///
/// Source: Pyrhönen, Jokinen & Hrabovcová, Design of Rotating Electrical Machines, section 4.5;
/// the two permeance factors are typical values (assumed).
#[must_use]
pub fn end_leakage_vs_per_a(facts: &SectionFacts, end: &EndTurn) -> f64 {
    let turns = f64::from(facts.slots) / 6.0;
    let length = 2.0 * end.overhang_m * 0.5 + end.span_m * 0.2;
    2.0 / f64::from(facts.pole_pairs) * turns * turns * MU_0 * length
}

/// DC resistance of the unit winding for `length_m` of conductor in every slot, Ω per phase.
///
/// R = ρ · (Q/3) · length / (fill · A_slot).
#[must_use]
pub fn unit_resistance_ohm(facts: &SectionFacts, fill: f64, length_m: f64, rho: f64) -> f64 {
    rho * f64::from(facts.slots) / 3.0 * length_m / (fill * facts.slot_area_m2)
}

/// The stack of conductor layers in a slot, for the AC loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layers {
    /// Layers above each other.
    pub count: f64,
    /// Radial height of a layer's copper, m.
    pub height_m: f64,
    /// Width of a layer's copper over the width of the slot.
    pub width_share: f64,
}

impl Layers {
    /// Layers of a slot of `n` conductors. The insulation takes the same share of height and width.
    #[must_use]
    pub fn new(facts: &SectionFacts, build: &Build, conductors_per_slot: u32) -> Self {
        let share = build.copper_fill.sqrt();
        match build.conductor {
            Conductor::Hairpin => {
                let count = f64::from(conductors_per_slot);
                let height_m = share * facts.slot_depth_m / count;
                Self {
                    count,
                    height_m,
                    width_share: share,
                }
            }
            Conductor::Strands(diameter_m) => {
                // A round strand as a square bar of the same area.
                let height_m = diameter_m * (0.25 * PI).sqrt();
                Self {
                    count: share * facts.slot_depth_m / height_m,
                    height_m,
                    width_share: share,
                }
            }
        }
    }
}

/// Height of a conductor over the skin depth, ξ = h sqrt(π f μ_0 σ b_c/b_s), `width_share` = b_c/b_s.
#[must_use]
pub fn reduced_height(height_m: f64, frequency_hz: f64, rho_ohm_m: f64, width_share: f64) -> f64 {
    height_m * (PI * frequency_hz * MU_0 / rho_ohm_m * width_share).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ID.3's end turn: the bare formula gives 93 mm, the car has 151 mm.
    #[test]
    fn the_end_turn_of_the_id3_is_reproduced() {
        let facts = SectionFacts {
            slots: 36,
            pole_pairs: 4,
            coil_pitch_slots: 4,
            stator_bore_radius_m: 0.0815,
            slot_depth_m: 0.01551,
            ..crate::fixture::facts()
        };
        assert!((EndTurn::new(&facts, 1.0).length_m - 0.0934).abs() < 1e-3);
        assert!((EndTurn::new(&facts, 1.6).length_m - 0.1513).abs() < 3e-3);
    }

    #[test]
    fn resistance_follows_temperature() {
        let ratio = copper_resistivity_ohm_m(393.15) / copper_resistivity_ohm_m(293.15);
        assert!((ratio - 1.393).abs() < 1e-12);
    }
}
