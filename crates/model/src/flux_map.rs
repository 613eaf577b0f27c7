//! What the field solver finds out about a section: flux linkages, torque and losses over current.
//!
//! Everything is per metre of stack and for the *unit winding*: one conductor in every slot, all
//! coils of a phase in series. A real winding with `n` conductors per slot and `a` parallel paths
//! has the ratio `k = n / a`; then with stack length `l`
//!
//! - unit current = k · phase current (ampere-conductors per slot, peak, dq),
//! - flux linkage = k · l · unit flux linkage,
//! - torque = l · unit torque, losses = l · unit losses.
//!
//! End windings and three-dimensional effects are not in the map; `drive` adds them.

use serde::{Deserialize, Serialize};

/// Unit flux linkages, torque and losses over (i_f, i_d, i_q), mean over 60 electrical degrees.
///
/// Tables are row-major with i_q fastest: index `(f · n_d + d) · n_q + q`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FluxMap {
    /// Id of the section.
    pub section: String,
    /// Pole pairs of the whole machine.
    pub pole_pairs: u32,
    /// Slots of the whole machine.
    pub slots: u32,
    /// Third current, of a field winding (ampere-turns per pole); `[0.0]` where there is none.
    pub i_f_a: Vec<f64>,
    /// Direct-axis current, ampere-conductors per slot, peak, ascending, all ≤ 0 up to 0 for magnets.
    pub i_d_a: Vec<f64>,
    /// Quadrature-axis current, ampere-conductors per slot, peak, ascending from 0; negative i_q by symmetry.
    pub i_q_a: Vec<f64>,
    /// Direct-axis unit flux linkage, V·s per metre of stack.
    pub psi_d_vs_per_m: Vec<f64>,
    /// Quadrature-axis unit flux linkage, V·s per metre of stack.
    pub psi_q_vs_per_m: Vec<f64>,
    /// Mean Arkkio torque, N·m per metre of stack, whole machine.
    pub torque_nm_per_m: Vec<f64>,
    /// Peak-to-peak torque ripple over a period, N·m per metre of stack, unskewed: an upper bound in a skewed map.
    pub torque_ripple_nm_per_m: Vec<f64>,
    /// Lowest flux density along the magnetisation, T: of all magnet cells the mean of B over the cell,
    /// projected on the direction of magnetisation, at the worst rotor position. Empty without magnets.
    ///
    /// The magnet is solved on its recoil line B = B_r + μ_0 μ_r H however low B comes; whether a value
    /// lies below the knee of the grade is for the reader of the map to check.
    pub magnet_flux_density_min_t: Vec<f64>,
    /// Iron and magnet losses from the element waveforms.
    pub loss: LossMap,
    /// Back-EMF harmonics at no load.
    pub back_emf: BackEmf,
    /// The solver's own checks.
    pub health: FieldHealth,
    /// Flux linkages as far as a short circuit drives the currents, where they were solved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub far: Option<FarFlux>,
}

/// Unit flux linkages on a coarse grid that goes on beyond the map's largest negative i_d: a short circuit
/// gets there.
///
/// Tables as in [`FluxMap`], from fewer rotor positions. Where both hold a current, the map's count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FarFlux {
    /// Direct-axis current, ampere-conductors per slot, peak, ascending to one within the map.
    pub i_d_a: Vec<f64>,
    /// Quadrature-axis current, ampere-conductors per slot, peak, from 0 to the map's largest.
    pub i_q_a: Vec<f64>,
    /// Direct-axis unit flux linkage, V·s per metre of stack.
    pub psi_d_vs_per_m: Vec<f64>,
    /// Quadrature-axis unit flux linkage, V·s per metre of stack.
    pub psi_q_vs_per_m: Vec<f64>,
    /// Lowest flux density along the magnetisation, T; empty without magnets.
    pub magnet_flux_density_min_t: Vec<f64>,
    /// Rotor positions over 60 electrical degrees.
    pub positions: usize,
}

/// Iron and magnet losses over the same grid as the flux map, at a base electrical frequency.
///
/// At electrical frequency f: hysteresis scales with (f/f_0)^`hysteresis_exponent`, excess with (f/f_0)^1.5,
/// eddy and magnet losses with (f/f_0)². No build factor is included.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LossMap {
    /// Electrical frequency f_0 at which the tables hold, Hz.
    pub base_frequency_hz: f64,
    /// Exponent of frequency of the hysteresis part.
    pub hysteresis_exponent: f64,
    /// Stator hysteresis loss, W per metre of stack, whole machine.
    pub stator_hysteresis_w_per_m: Vec<f64>,
    /// Stator eddy loss in the laminations, W per metre of stack.
    pub stator_eddy_w_per_m: Vec<f64>,
    /// Rotor hysteresis loss, W per metre of stack.
    pub rotor_hysteresis_w_per_m: Vec<f64>,
    /// Rotor eddy loss in the laminations, W per metre of stack.
    pub rotor_eddy_w_per_m: Vec<f64>,
    /// Stator excess loss, W per metre of stack; zero where the steel's hysteresis holds it.
    pub stator_excess_w_per_m: Vec<f64>,
    /// Rotor excess loss, likewise.
    pub rotor_excess_w_per_m: Vec<f64>,
    /// Eddy loss in the magnets, resistance-limited, axially unsegmented, W per metre of stack.
    pub magnet_eddy_w_per_m: Vec<f64>,
    /// Alternating field across the slots, for the AC loss of the conductors.
    pub slot_field: SlotField,
}

/// Alternating flux density in the slots by zones of equal area, from the bottom of the slot to its
/// opening, mean over the slots of the machine.
///
/// Each table is over the currents of the map and holds ⟨Ḃ²⟩/ω² = Σ n² B_n²/2 in T², B_n the amplitude of
/// the n-th harmonic of the zone's mean flux density: the slot leakage of the currents, and what
/// magnets and saturated teeth send through the slot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SlotField {
    /// Component along the circumference, zone by zone, T².
    pub tangential_t2: Vec<Vec<f64>>,
    /// Radial component, zone by zone, T².
    pub radial_t2: Vec<Vec<f64>>,
}

impl SlotField {
    /// Number of zones.
    #[must_use]
    pub fn zones(&self) -> usize {
        self.tangential_t2.len()
    }
}

/// Unit phase flux linkage at no load and its harmonics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackEmf {
    /// Order of each harmonic of the phase back-EMF.
    pub order: Vec<u32>,
    /// Amplitude of each, V·s per metre of stack and per electrical rad/s, unit winding
    /// (multiply by k · l · ω_el for volts, peak, per phase).
    pub amplitude_vs_per_m: Vec<f64>,
    /// Peak-to-peak cogging torque, N·m per metre of stack.
    pub cogging_nm_per_m: f64,
}

/// What the field solver checked about its own work.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FieldHealth {
    /// Unknowns of one operating point.
    pub unknowns: usize,
    /// Triangles of the mesh of the smallest periodic sector.
    pub triangles: usize,
    /// Smallest angle of the mesh, degrees.
    pub smallest_angle_deg: f64,
    /// Rotor positions over 60 electrical degrees.
    pub positions: usize,
    /// Operating points solved (currents times positions).
    pub operating_points: usize,
    /// Operating points that did not converge, with what their iterations went through; a map with any is
    /// not used.
    pub unconverged: Vec<Unconverged>,
    /// Newton iterations, summed over all points.
    pub newton_iterations: usize,
    /// Largest relative residual over all points.
    pub worst_residual: f64,
    /// Largest |mean Arkkio − dq torque| over the map, as a fraction of the largest torque.
    pub arkkio_dq_deviation: f64,
}

/// An operating point whose iteration did not end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unconverged {
    /// Unit direct-axis current, A peak.
    pub i_d_a: f64,
    /// Unit quadrature-axis current, A peak.
    pub i_q_a: f64,
    /// Rotor position, electrical degrees.
    pub angle_el_deg: f64,
    /// Root of the energy that each step could still gain over the energy, step by step: from the start
    /// value, then once more from no field at all.
    pub residuals: Vec<f64>,
}

/// Geometry of a section as `drive` and `cost` need it; areas are of the whole machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SectionFacts {
    /// Id of the section.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Rotor topology in words, such as `double V`, `spoke`, `surface magnets`, `free outline`.
    pub topology: String,
    /// Pole pairs.
    pub pole_pairs: u32,
    /// Slots.
    pub slots: u32,
    /// Stator outer radius, m.
    pub stator_outer_radius_m: f64,
    /// Stator bore radius, m.
    pub stator_bore_radius_m: f64,
    /// Rotor outer radius, m.
    pub rotor_outer_radius_m: f64,
    /// Rotor inner (shaft) radius, m.
    pub rotor_inner_radius_m: f64,
    /// Stator lamination, m², without slots.
    pub stator_iron_area_m2: f64,
    /// Rotor lamination, m², without magnets and holes.
    pub rotor_iron_area_m2: f64,
    /// Magnets, m².
    pub magnet_area_m2: f64,
    /// Winding area of one slot, m².
    pub slot_area_m2: f64,
    /// Radial depth of the winding area of a slot, m.
    pub slot_depth_m: f64,
    /// Mean width of the winding area of a slot, m.
    pub slot_width_m: f64,
    /// Perimeter of the winding area of a slot, m.
    pub slot_perimeter_m: f64,
    /// Narrowest tooth width, m.
    pub tooth_width_m: f64,
    /// Radial height of the stator yoke, m.
    pub yoke_height_m: f64,
    /// Magnet pieces in the whole machine.
    pub magnets: u32,
    /// Mean width (across the magnetisation) of a magnet piece, m.
    pub magnet_width_m: f64,
    /// Fundamental winding factor.
    pub winding_factor: f64,
    /// Coil pitch in slots.
    pub coil_pitch_slots: u32,
    /// Lamination grade.
    pub steel: String,
    /// Magnet grade.
    pub magnet: String,
    /// Magnet temperature at which the map holds, K.
    pub magnet_temperature_k: f64,
    /// Share of the stack length that is steel.
    pub stacking_factor: f64,
    /// Von Mises stress over the square of rotor speed that 99.9 % of the rotor lamination's area do not
    /// exceed, Pa·s².
    pub rotor_stress_pa_s2: f64,
    /// Yield strength of the rotor lamination, Pa.
    pub rotor_yield_pa: f64,
    /// Highest rotor speed at which the bridges hold, rad/s: the stress above is yield over 1.1 at 1.2 × this speed.
    pub burst_speed_limit_rad_per_s: f64,
}

/// A polygon of one material, for drawing; one pole pitch or the smallest periodic sector, m.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Patch {
    /// `stator-steel`, `rotor-steel`, `magnet`, `air`, `slot`.
    pub material: String,
    /// Direction of magnetisation, rad, for magnets.
    pub magnetisation_rad: Option<f64>,
    /// Corners, m.
    pub corners_m: Vec<[f64; 2]>,
}

/// |B| on the mesh at one operating point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldPicture {
    /// Unit currents of the point, A.
    pub i_d_a: f64,
    /// Unit currents of the point, A.
    pub i_q_a: f64,
    /// Mesh nodes, m.
    pub nodes_m: Vec<[f32; 2]>,
    /// Corner nodes of each triangle.
    pub triangles: Vec<[u32; 3]>,
    /// |B| of each triangle, T.
    pub b_t: Vec<f32>,
    /// Vector potential at the nodes, V·s/m: its contours are field lines.
    pub a_vs_per_m: Vec<f32>,
}

/// Von Mises stress in the rotor lamination, over the square of speed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StressPicture {
    /// Mesh nodes, m.
    pub nodes_m: Vec<[f32; 2]>,
    /// Corner nodes of each steel triangle.
    pub triangles: Vec<[u32; 3]>,
    /// Stress of each triangle, Pa·s²; times the square of a speed in rad/s, Pa.
    pub von_mises_pa_s2: Vec<f32>,
}

/// All that the field stage hands on about one section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SectionResult {
    /// Geometry.
    pub facts: SectionFacts,
    /// The map.
    pub flux_map: FluxMap,
    /// The drawing, one periodic sector.
    pub drawing: Vec<Patch>,
    /// |B| at the map's highest torque per ampere at its largest current.
    pub picture: FieldPicture,
    /// Stress of the spinning rotor.
    pub stress: StressPicture,
}
