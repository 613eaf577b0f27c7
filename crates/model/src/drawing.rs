//! A section as it is drawn: outlines and coil sides of the smallest sector that repeats.

use serde::{Deserialize, Serialize};

use crate::flux_map::Patch;

/// All that a drawing of a section shows; one sector, the d axis of its first pole on +x, the others
/// repeat it: with the opposite sign after an odd number of poles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SectionDrawing {
    /// Id of the section.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Rotor topology in words.
    pub topology: String,
    /// Lamination grade.
    pub steel: String,
    /// Magnet grade.
    pub magnet: String,
    /// Pole pairs.
    pub pole_pairs: u32,
    /// Slots.
    pub slots: u32,
    /// Poles in the sector.
    pub sector_poles: u32,
    /// Coil sides in a slot.
    pub layers: u32,
    /// Coil pitch, slots.
    pub coil_pitch_slots: u32,
    /// Diameters of stator, bore, rotor and shaft, m.
    pub diameters_m: [f64; 4],
    /// Stack length where a machine is drawn, m.
    pub stack_m: Option<f64>,
    /// Laminations first, then what lies in them.
    pub patches: Vec<Patch>,
    /// What lies in the slots.
    pub coil_sides: Vec<CoilSide>,
}

/// One coil side in a slot of the sector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoilSide {
    /// Phase: 0, 1, 2 for a, b, c.
    pub phase: usize,
    /// Whether its current flows towards the viewer when the phase current is positive.
    pub forward: bool,
    /// Corners, m.
    pub corners_m: Vec<[f64; 2]>,
}
