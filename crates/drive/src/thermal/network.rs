//! The lumps of a unit, and what conducts and stores heat between them, from geometry.
//!
//! Source of the choice of lumps: Boglietti et al. 2009, doi:10.1109/TIE.2008.2011622.

use std::f64::consts::PI;

use super::conduction::{FilledSlot, Part, pressed, ring_halves, rod, slab};
use super::cooling::Cooling;
use super::correlations::{AirGap, end_space_w_per_m2k};
use super::fluids::{AIR, OIL, glycol};
use crate::error::DriveError;
use crate::machine::Machine;
use crate::mass::{machine_mass, shaft_section_m2};

/// Lumps of the network.
pub const NODES: usize = 11;

/// A value by lump, in the order of [`Node`].
pub type ByNode = [f64; NODES];

/// A lump. Temperatures are means of the part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Node {
    /// Housing with the jacket's wall.
    Housing,
    /// Stator yoke.
    Yoke,
    /// Stator teeth.
    Teeth,
    /// Copper in the slots.
    Slot,
    /// Copper of both end windings.
    End,
    /// Rotor lamination.
    RotorIron,
    /// Magnets.
    Magnets,
    /// Shaft.
    Shaft,
    /// Both bearings.
    Bearings,
    /// Air in both end spaces.
    EndSpace,
    /// Oil of the gear and of the spray.
    Oil,
}

impl Node {
    /// All lumps.
    pub const ALL: [Self; NODES] = [
        Self::Housing,
        Self::Yoke,
        Self::Teeth,
        Self::Slot,
        Self::End,
        Self::RotorIron,
        Self::Magnets,
        Self::Shaft,
        Self::Bearings,
        Self::EndSpace,
        Self::Oil,
    ];
}

/// Conductivities, W/(m·K): lamination in its plane (SyR-e), copper at 100 °C, shaft steel, magnets
/// (NdFeB, 7 to 9).
const IRON_W_PER_MK: f64 = 25.0;
const COPPER_W_PER_MK: f64 = 390.0;
const SHAFT_W_PER_MK: f64 = 45.0;
const MAGNET_W_PER_MK: f64 = 8.0;
/// Slot liner 0.2 mm of 0.21 W/(m·K), and 0.02 mm of air to the lamination (TUM's ID.3 model).
const LINER_M2K_PER_W: f64 = 0.2e-3 / 0.21 + 0.02e-3 / AIR.conductivity_w_per_mk;
/// Glue of the magnets: 0.1 mm (assumed, 0.05 to 0.2) of 0.2 W/(m·K).
const GLUE_M2K_PER_W: f64 = 0.1e-3 / 0.2;
/// Rotor on its shaft, W/(m²·K): as stack and housing (assumed).
const SHAFT_CONTACT_W_PER_M2K: f64 = 1_000.0;
/// Radius of the shaft over that of the rotor that counts at least, where the lamination has no bore.
const LEAST_SHAFT: f64 = 0.05;
/// Bearings, both, as 0.099 mm of air (TUM's ID.3 model) at their mean diameter, half to each side of
/// the lump; two 6208, m².
const BEARING_GAP_M: f64 = 0.099e-3;
const BEARING_SURFACE_M2: f64 = 2.0 * PI * 0.060 * 0.018;
/// Mass of both, kg.
const BEARING_KG: f64 = 2.0 * 0.37;
/// Heat capacities, J/(kg·K): copper and iron (SyR-e), magnets (assumed, 440 to 500), aluminium.
pub(crate) const COPPER_J_PER_KGK: f64 = 393.0;
const IRON_J_PER_KGK: f64 = 490.0;
const MAGNET_J_PER_KGK: f64 = 460.0;
const ALUMINIUM_J_PER_KGK: f64 = 900.0;
/// Oil in the unit, m³: assumed (0.8 to 2 L).
const OIL_M3: f64 = 1.2e-3;

/// A symmetric matrix over the lumps.
pub(crate) type Matrix = [[f64; NODES]; NODES];

/// The network of a machine in its unit.
#[derive(Clone, Copy, Debug)]
pub struct ThermalNetwork {
    /// Coolant at the inlet of the inverter, K, and its heat capacity flow, W/K.
    pub coolant: Coolant,
    /// Heat capacity of each lump, J/K.
    pub capacity_j_per_k: ByNode,
    /// Share of the stator lamination that is teeth.
    pub tooth_share: f64,
    /// Conductance of each lump to the coolant at the inlet of the jacket, W/K.
    pub sink_w_per_k: ByNode,
    /// Conductances that no speed changes: the matrix without the air's.
    fixed: Matrix,
    gap: AirGap,
    /// Resistance of both sides of the gap to their lumps, K/W.
    gap_sides_k_per_w: f64,
    /// Surfaces in the end space, m².
    end_surfaces: [(Node, f64); 3],
    /// Speed of its air over motor speed, m.
    end_air_m: f64,
    /// Share of the resistance from copper to teeth that lies between the conductors.
    pub(crate) inside_share: f64,
}

/// The coolant on its way through the unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coolant {
    /// At the inlet of the inverter, K.
    pub inlet_k: f64,
    /// Heat capacity flow, W/K.
    pub w_per_k: f64,
}

impl Coolant {
    /// At the inlet of the jacket, K, behind an inverter that loses `inverter_w`.
    #[must_use]
    pub fn behind_inverter_k(&self, inverter_w: f64) -> f64 {
        self.inlet_k + inverter_w / self.w_per_k
    }
}

/// The network at one motor speed.
#[derive(Clone, Copy, Debug)]
pub struct AtSpeed<'a> {
    /// The network.
    pub network: &'a ThermalNetwork,
    /// Conductance matrix, W/K: symmetric, positive definite, no positive value off its diagonal.
    pub(crate) conductance: Matrix,
}

impl ThermalNetwork {
    /// The network of a machine with its cooling.
    ///
    /// # Errors
    /// Coolant at a temperature for which it is not known.
    pub fn new(machine: &Machine<'_>, cooling: &Cooling) -> Result<Self, DriveError> {
        let facts = &machine.tables.facts;
        let fluid = glycol(cooling.coolant_inlet_k)?;
        let surface = 2.0 * PI * facts.stator_outer_radius_m * machine.stack_m;
        let slot = Slot::new(machine);
        let mut network = Self {
            coolant: Coolant {
                inlet_k: cooling.coolant_inlet_k,
                w_per_k: fluid.capacity_flow_w_per_k(cooling.coolant_flow_m3_per_s),
            },
            capacity_j_per_k: capacities(machine, cooling),
            tooth_share: tooth_share(machine),
            sink_w_per_k: [0.0; NODES],
            fixed: [[0.0; NODES]; NODES],
            gap: AirGap {
                rotor_radius_m: facts.rotor_outer_radius_m,
                width_m: facts.stator_bore_radius_m - facts.rotor_outer_radius_m,
                length_m: machine.stack_m,
            },
            gap_sides_k_per_w: half_tooth(machine) + rotor_rings(machine)[1],
            end_surfaces: end_surfaces(machine),
            end_air_m: cooling.end_air_speed_share * facts.rotor_outer_radius_m,
            inside_share: slot.inside_share,
        };
        let wall = cooling
            .channel
            .wall_w_per_m2k(&fluid, cooling.coolant_flow_m3_per_s, surface);
        let jacket = wall * cooling.channel.coverage * surface;
        network.sink(
            Node::Housing,
            pressed(2.0 * network.coolant.w_per_k, jacket),
        );
        network.stator(machine, cooling.contact_w_per_m2k * surface, &slot);
        network.rotor(machine);
        network.oil(machine, cooling);
        Ok(network)
    }

    /// The network at a motor speed.
    #[must_use]
    pub fn at_speed(&self, speed_rad_per_s: f64) -> AtSpeed<'_> {
        let mut conductance = self.fixed;
        let air = self.gap.conductance_w_per_k(&AIR, speed_rad_per_s);
        let gap = 1.0 / (1.0 / air + self.gap_sides_k_per_w);
        link(&mut conductance, Node::Teeth, Node::RotorIron, gap);
        let end = end_space_w_per_m2k(self.end_air_m * speed_rad_per_s);
        for (node, surface) in self.end_surfaces {
            link(&mut conductance, Node::EndSpace, node, end * surface);
        }
        AtSpeed {
            network: self,
            conductance,
        }
    }

    fn sink(&mut self, node: Node, w_per_k: f64) {
        self.sink_w_per_k[node as usize] += w_per_k;
        self.fixed[node as usize][node as usize] += w_per_k;
    }

    fn stator(&mut self, machine: &Machine<'_>, contact_w_per_k: f64, slot: &Slot) {
        let half_yoke = half_yoke(machine);
        let mut add = |a, b, g| link(&mut self.fixed, a, b, g);
        add(
            Node::Housing,
            Node::Yoke,
            1.0 / (1.0 / contact_w_per_k + half_yoke),
        );
        add(
            Node::Yoke,
            Node::Teeth,
            1.0 / (half_yoke + half_tooth(machine)),
        );
        add(Node::Slot, Node::Teeth, slot.sides_w_per_k);
        add(Node::Slot, Node::Yoke, slot.bottom_w_per_k);
        let length = machine.stack_m + machine.end.length_m;
        let along = rod(COPPER_W_PER_MK, slot.copper_m2, length);
        add(Node::Slot, Node::End, along);
    }

    fn rotor(&mut self, machine: &Machine<'_>) {
        let facts = &machine.tables.facts;
        let mut add = |a, b, g| link(&mut self.fixed, a, b, g);
        add(Node::RotorIron, Node::Magnets, magnet_bond(machine));
        let seat_radius = facts
            .rotor_inner_radius_m
            .max(LEAST_SHAFT * facts.rotor_outer_radius_m);
        let inner = 2.0 * PI * seat_radius * machine.stack_m;
        let seat = 1.0 / (SHAFT_CONTACT_W_PER_M2K * inner) + rotor_rings(machine)[0];
        add(Node::RotorIron, Node::Shaft, 1.0 / seat);
        let (section, length) = shaft_section_m2(machine);
        let section = section.max(PI * (LEAST_SHAFT * facts.rotor_outer_radius_m).powi(2));
        let stubs = 4.0 * SHAFT_W_PER_MK * section / (length - machine.stack_m);
        let along = pressed(rod(SHAFT_W_PER_MK, section, machine.stack_m), stubs);
        let half = 2.0 * AIR.conductivity_w_per_mk / BEARING_GAP_M * BEARING_SURFACE_M2;
        add(Node::Shaft, Node::Bearings, pressed(along, half));
        add(Node::Bearings, Node::Housing, half);
    }

    fn oil(&mut self, machine: &Machine<'_>, cooling: &Cooling) {
        let Some(spray) = cooling.spray else {
            return link(
                &mut self.fixed,
                Node::Oil,
                Node::Housing,
                cooling.sump_w_per_k,
            );
        };
        self.sink(Node::Oil, spray.cooler_w_per_k());
        let [(_, end), _, (_, faces)] = end_surfaces(machine);
        let mut add = |node, g| link(&mut self.fixed, Node::Oil, node, g);
        add(Node::End, spray.end_winding_w_per_m2k * end);
        add(Node::RotorIron, spray.rotor_w_per_m2k * faces);
    }
}

/// Adds a conductance between two lumps to a matrix.
fn link(matrix: &mut Matrix, a: Node, b: Node, w_per_k: f64) {
    let (a, b) = (a as usize, b as usize);
    matrix[a][a] += w_per_k;
    matrix[b][b] += w_per_k;
    matrix[a][b] -= w_per_k;
    matrix[b][a] -= w_per_k;
}

/// The copper in all slots and its way to the iron.
struct Slot {
    copper_m2: f64,
    sides_w_per_k: f64,
    bottom_w_per_k: f64,
    inside_share: f64,
}

impl Slot {
    fn new(machine: &Machine<'_>) -> Self {
        let (facts, build) = (&machine.tables.facts, &machine.build);
        let slots = f64::from(facts.slots);
        let filled = FilledSlot {
            width_m: facts.slot_width_m,
            depth_m: facts.slot_depth_m,
            conductivity_w_per_mk: build.slot_w_per_mk,
            liner_m2k_per_w: LINER_M2K_PER_W,
        };
        let [sides, bottom] = filled.walls_w_per_mk();
        Self {
            copper_m2: slots * facts.slot_area_m2 * build.copper_fill,
            sides_w_per_k: slots * machine.stack_m * sides,
            bottom_w_per_k: slots * machine.stack_m * bottom,
            inside_share: filled.inside_share(),
        }
    }
}

/// Half of the yoke in the radial direction, K/W.
fn half_yoke(machine: &Machine<'_>) -> f64 {
    let facts = &machine.tables.facts;
    let outer = facts.stator_outer_radius_m;
    let iron = facts.stacking_factor * machine.stack_m;
    0.5 * (outer / (outer - facts.yoke_height_m)).ln() / (2.0 * PI * IRON_W_PER_MK * iron)
}

/// Half of all teeth in the radial direction, K/W.
fn half_tooth(machine: &Machine<'_>) -> f64 {
    let facts = &machine.tables.facts;
    let iron = facts.stacking_factor * machine.stack_m;
    let section = f64::from(facts.slots) * facts.tooth_width_m * iron;
    0.5 * facts.slot_depth_m / (IRON_W_PER_MK * section)
}

/// From the middle of the rotor's ring to its inner and to its outer surface, K/W.
fn rotor_rings(machine: &Machine<'_>) -> [f64; 2] {
    let facts = &machine.tables.facts;
    let part = Part {
        conductivity_w_per_mk: IRON_W_PER_MK,
        length_m: facts.stacking_factor * machine.stack_m,
    };
    ring_halves(part, facts.rotor_inner_radius_m, facts.rotor_outer_radius_m)
}

/// Magnets to the lamination around them, W/K, through both faces; without magnets the empty lump
/// hangs on the iron.
fn magnet_bond(machine: &Machine<'_>) -> f64 {
    let facts = &machine.tables.facts;
    let width = f64::from(facts.magnets) * facts.magnet_width_m;
    if width <= 0.0 || facts.magnet_area_m2 <= 0.0 {
        return 1.0;
    }
    let thickness = facts.magnet_area_m2 / width;
    let through = slab(0.5 * thickness, MAGNET_W_PER_MK) + GLUE_M2K_PER_W;
    2.0 * width * machine.stack_m / through
}

/// End windings (inside and outside, both ends), housing, rotor faces, m².
fn end_surfaces(machine: &Machine<'_>) -> [(Node, f64); 3] {
    let (facts, end) = (&machine.tables.facts, &machine.end);
    let mean = facts.stator_bore_radius_m + 0.5 * facts.slot_depth_m;
    let outer = facts.stator_outer_radius_m;
    let faces = facts.rotor_outer_radius_m.powi(2) - facts.rotor_inner_radius_m.powi(2);
    [
        (Node::End, 2.0 * 2.0 * 2.0 * PI * mean * end.overhang_m),
        (
            Node::Housing,
            2.0 * PI * outer * (outer + 2.0 * end.overhang_m),
        ),
        (Node::RotorIron, 2.0 * PI * faces),
    ]
}

/// Share of the teeth in the stator lamination.
fn tooth_share(machine: &Machine<'_>) -> f64 {
    let facts = &machine.tables.facts;
    let inner = facts.stator_outer_radius_m - facts.yoke_height_m;
    let yoke = PI * (facts.stator_outer_radius_m.powi(2) - inner * inner);
    (1.0 - yoke / facts.stator_iron_area_m2).clamp(0.0, 1.0)
}

/// Heat capacities, J/K. Insulation and coolant in the channels are left out: cautious.
fn capacities(machine: &Machine<'_>, cooling: &Cooling) -> ByNode {
    let facts = &machine.tables.facts;
    let mass = machine_mass(machine);
    let turn = machine.stack_m + machine.end.length_m;
    let copper = mass.copper_kg * COPPER_J_PER_KGK / turn;
    let stator = mass.stator_steel_kg * IRON_J_PER_KGK;
    let teeth = tooth_share(machine);
    let end_space = 2.0 * PI * facts.stator_outer_radius_m.powi(2) * machine.end.overhang_m;
    let air = AIR.heat_j_per_m3k() * end_space.max(1e-6);
    let spare = cooling.spray.map_or(0.0, |_| 1.0);
    [
        mass.housing_kg * ALUMINIUM_J_PER_KGK,
        (1.0 - teeth) * stator,
        teeth * stator,
        copper * machine.stack_m,
        copper * machine.end.length_m,
        mass.rotor_steel_kg * IRON_J_PER_KGK,
        (mass.magnet_kg * MAGNET_J_PER_KGK).max(1e-3),
        (mass.shaft_kg * IRON_J_PER_KGK).max(1e-3),
        BEARING_KG * IRON_J_PER_KGK,
        air,
        OIL.heat_j_per_m3k() * OIL_M3 * (1.0 + spare),
    ]
}
