//! Steady temperatures of a machine: six nodes, conductances from geometry and cooling.
//!
//! Housing, yoke, teeth, copper in the slots, end windings, rotor. Node values are means of the
//! part; the hot spot of the winding follows from the parabolas across the slot and along the end
//! turn.
//!
//! Sources: Boglietti et al. 2009, doi:10.1109/TIE.2008.2011622, for the choice of nodes; single
//! coefficients at their constants.

use std::f64::consts::PI;

use codrive_model::flux_map::SectionFacts;
use codrive_numerics::linear;

use crate::conditions::Build;
use crate::error::{DriveError, non_negative, positive};
use crate::winding::EndTurn;

/// Nodes of the network.
const HOUSING: usize = 0;
const YOKE: usize = 1;
const TEETH: usize = 2;
const SLOT: usize = 3;
const END: usize = 4;
const ROTOR: usize = 5;

/// Conductivity of lamination in its plane, W/(m·K) (SyR-e).
const IRON_W_PER_MK: f64 = 25.0;
/// Conductivity of copper at 100 °C, W/(m·K).
const COPPER_W_PER_MK: f64 = 390.0;
/// Slot liner: 0.2 mm of 0.21 W/(m·K) (TUM's ID.3 model).
const LINER_M2K_PER_W: f64 = 0.2e-3 / 0.21;
/// Gap between liner and lamination: 0.02 mm (TUM's ID.3 model) of air at 0.03 W/(m·K).
const LINER_GAP_M2K_PER_W: f64 = 0.02e-3 / 0.03;
/// Air in the gap at 100 °C: conductivity W/(m·K), viscosity m²/s, Prandtl number.
const AIR: (f64, f64, f64) = (0.0314, 2.3e-5, 0.70);

/// How heat leaves the machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cooling {
    /// Coolant at the inlet of machine and inverter, K.
    pub coolant_inlet_k: f64,
    /// Heat capacity flow of the coolant, W/K.
    pub coolant_w_per_k: f64,
    /// Jacket channel to coolant, W/(m²·K) on the outer surface of the stack.
    pub jacket_w_per_m2k: f64,
    /// Contact of stack and housing, W/(m²·K).
    pub contact_w_per_m2k: f64,
    /// End windings to what cools them (end-space air at housing temperature, or oil at coolant
    /// temperature), W/(m²·K).
    pub end_winding_w_per_m2k: f64,
    /// Rotor ends, hollow shaft and bearings to the same, W/(m²·K) on both rotor faces.
    pub rotor_w_per_m2k: f64,
    /// Whether oil at coolant temperature reaches end windings and rotor.
    pub oil: bool,
}

impl Cooling {
    /// A water jacket: 6 L/min of 50 % glycol at 65 °C (1,051 kg/m³, 3,504 J/(kg·K); ID.3 model).
    ///
    /// Jacket 4,000 W/(m²·K): middle of 2,000 to 6,000 (assumed). Contact 1,000 W/(m²·K): SyR-e
    /// after Mellor 1991. End space 60 W/(m²·K) of moving air, rotor faces 40 (assumed).
    #[must_use]
    pub fn water_jacket() -> Self {
        Self {
            coolant_inlet_k: 338.15,
            coolant_w_per_k: 1e-4 * 1_051.0 * 3_504.0,
            jacket_w_per_m2k: 4_000.0,
            contact_w_per_m2k: 1_000.0,
            end_winding_w_per_m2k: 60.0,
            rotor_w_per_m2k: 40.0,
            oil: false,
        }
    }

    /// The jacket, and oil on end windings and rotor at coolant temperature.
    ///
    /// 1,200 W/(m²·K) on the end windings: lower half of 800 to 3,000 (assumed); 500 in the rotor
    /// (assumed). The oil's own cooler is not modelled.
    #[must_use]
    pub fn oil_spray() -> Self {
        Self {
            end_winding_w_per_m2k: 1_200.0,
            rotor_w_per_m2k: 500.0,
            oil: true,
            ..Self::water_jacket()
        }
    }

    pub(crate) fn check(&self) -> Result<(), DriveError> {
        positive("coolant temperature in K", self.coolant_inlet_k)?;
        positive("coolant flow in W/K", self.coolant_w_per_k)?;
        positive("jacket coefficient in W/(m²·K)", self.jacket_w_per_m2k)?;
        positive("contact coefficient in W/(m²·K)", self.contact_w_per_m2k)?;
        non_negative(
            "end-winding coefficient in W/(m²·K)",
            self.end_winding_w_per_m2k,
        )?;
        non_negative("rotor coefficient in W/(m²·K)", self.rotor_w_per_m2k)?;
        Ok(())
    }
}

/// Losses by node, W.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HeatLoad {
    /// Stator lamination.
    pub stator_iron_w: f64,
    /// Copper in the slots.
    pub slot_copper_w: f64,
    /// Copper of both end windings.
    pub end_copper_w: f64,
    /// Rotor lamination and magnets.
    pub rotor_w: f64,
    /// Windage, half to each side of the gap.
    pub windage_w: f64,
    /// Bearings.
    pub bearing_w: f64,
}

/// Mean temperatures by node, K.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Temperatures {
    /// Housing.
    pub housing_k: f64,
    /// Stator yoke.
    pub yoke_k: f64,
    /// Stator teeth.
    pub teeth_k: f64,
    /// Copper in the slots.
    pub slot_copper_k: f64,
    /// End windings.
    pub end_winding_k: f64,
    /// Rotor with magnets.
    pub rotor_k: f64,
    /// Hottest place of the winding.
    pub hot_spot_k: f64,
}

/// The conductances of a machine, W/K.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThermalNetwork {
    coolant_inlet_k: f64,
    oil: bool,
    /// Coolant to housing, with the warming of the coolant on its way.
    coolant_housing: f64,
    housing_yoke: f64,
    yoke_teeth: f64,
    copper_teeth: f64,
    copper_yoke: f64,
    copper_end: f64,
    end_sink: f64,
    rotor_sink: f64,
    /// Surface of the gap, m², its width, m, and the rotor radius, m.
    gap: [f64; 3],
    /// Share of the stator iron loss that arises in the teeth.
    tooth_share: f64,
    /// Share of the resistance from copper to teeth that lies between the conductors.
    inside_share: f64,
}

impl ThermalNetwork {
    /// Conductances of a section with a stack length and end turns.
    #[must_use]
    pub fn new(
        facts: &SectionFacts,
        stack_m: f64,
        end: &EndTurn,
        build: &Build,
        cooling: &Cooling,
    ) -> Self {
        let slots = f64::from(facts.slots);
        let outer = facts.stator_outer_radius_m;
        let iron = facts.stacking_factor * stack_m;
        let surface = 2.0 * PI * outer * stack_m;
        let inner = outer - facts.yoke_height_m;
        let half_yoke = 0.5 * (outer / inner).ln() / (2.0 * PI * IRON_W_PER_MK * iron);
        let half_tooth =
            0.5 * facts.slot_depth_m / (IRON_W_PER_MK * slots * facts.tooth_width_m * iron);
        // Rise of the mean above the walls of an evenly heated slab cooled on both sides.
        let inside = facts.slot_width_m / (6.0 * build.slot_w_per_mk);
        let wall = inside + LINER_M2K_PER_W + LINER_GAP_M2K_PER_W;
        let sides = 2.0 * facts.slot_depth_m * stack_m * slots / wall;
        let bottom = facts.slot_width_m * stack_m * slots / wall;
        let copper = slots * facts.slot_area_m2 * build.copper_fill;
        Self {
            coolant_inlet_k: cooling.coolant_inlet_k,
            oil: cooling.oil,
            coolant_housing: series(
                2.0 * cooling.coolant_w_per_k,
                cooling.jacket_w_per_m2k * surface,
            ),
            housing_yoke: 1.0 / (1.0 / (cooling.contact_w_per_m2k * surface) + half_yoke),
            yoke_teeth: 1.0 / (half_yoke + half_tooth),
            copper_teeth: sides,
            copper_yoke: bottom,
            copper_end: 12.0 * COPPER_W_PER_MK * copper / (stack_m + end.length_m),
            end_sink: cooling.end_winding_w_per_m2k * end_winding_surface(facts, end),
            rotor_sink: cooling.rotor_w_per_m2k * rotor_faces(facts),
            gap: [
                2.0 * PI * facts.rotor_outer_radius_m * stack_m,
                facts.stator_bore_radius_m - facts.rotor_outer_radius_m,
                facts.rotor_outer_radius_m,
            ],
            tooth_share: tooth_share(facts),
            inside_share: inside / wall,
        }
    }

    /// Steady temperatures at a motor speed; `None` where the network is singular.
    #[must_use]
    pub fn temperatures(&self, heat: &HeatLoad, speed_rad_per_s: f64) -> Option<Temperatures> {
        let mut a = [[0.0; 6]; 6];
        let mut link = |i: usize, j: usize, g: f64| {
            a[i][i] += g;
            a[j][j] += g;
            a[i][j] -= g;
            a[j][i] -= g;
        };
        link(HOUSING, YOKE, self.housing_yoke);
        link(YOKE, TEETH, self.yoke_teeth);
        link(SLOT, TEETH, self.copper_teeth);
        link(SLOT, YOKE, self.copper_yoke);
        link(SLOT, END, self.copper_end);
        link(TEETH, ROTOR, self.gap_w_per_k(speed_rad_per_s));
        if self.oil {
            a[END][END] += self.end_sink;
            a[ROTOR][ROTOR] += self.rotor_sink;
        } else {
            link(END, HOUSING, self.end_sink);
            link(ROTOR, HOUSING, self.rotor_sink);
        }
        a[HOUSING][HOUSING] += self.coolant_housing;
        let teeth = self.tooth_share * heat.stator_iron_w + 0.5 * heat.windage_w;
        let yoke = (1.0 - self.tooth_share) * heat.stator_iron_w;
        let rotor = heat.rotor_w + 0.5 * heat.windage_w;
        let p = [
            heat.bearing_w,
            yoke,
            teeth,
            heat.slot_copper_w,
            heat.end_copper_w,
            rotor,
        ];
        let rise = linear::solve(a, p)?;
        let at = |node: usize| self.coolant_inlet_k + rise[node];
        Some(Temperatures {
            housing_k: at(HOUSING),
            yoke_k: at(YOKE),
            teeth_k: at(TEETH),
            slot_copper_k: at(SLOT),
            end_winding_k: at(END),
            rotor_k: at(ROTOR),
            hot_spot_k: self.hot_spot_k(at(SLOT), at(END), at(TEETH)),
        })
    }

    /// Hottest place of the winding, K: in the middle of the slot or of the end turn.
    ///
    /// The peak of a parabola lies 3/2 as far above its ends as its mean does.
    fn hot_spot_k(&self, slot_k: f64, end_k: f64, teeth_k: f64) -> f64 {
        let slot = slot_k + 0.5 * self.inside_share * (slot_k - teeth_k).max(0.0);
        let end = end_k + 0.5 * (end_k - slot_k).max(0.0);
        slot.max(end)
    }

    /// Conductance of the air gap, W/K.
    ///
    /// Nu = 2 below Ta = 41, 0.212 Ta^0.63 Pr^0.27 up to 100, 0.386 Ta^0.5 Pr^0.27 above, with
    /// Ta = (ω R g/ν) sqrt(g/R) and Nu on the gap width.
    ///
    /// Source: Becker & Kaye 1962, doi:10.1115/1.3684318.
    fn gap_w_per_k(&self, speed_rad_per_s: f64) -> f64 {
        let [surface, gap, radius] = self.gap;
        let (conductivity, viscosity, prandtl) = AIR;
        let taylor = speed_rad_per_s * radius * gap / viscosity * (gap / radius).sqrt();
        let nusselt = if taylor < 41.0 {
            2.0
        } else if taylor < 100.0 {
            0.212 * taylor.powf(0.63) * prandtl.powf(0.27)
        } else {
            0.386 * taylor.sqrt() * prandtl.powf(0.27)
        };
        nusselt * conductivity / gap * surface
    }
}

fn series(a: f64, b: f64) -> f64 {
    a * b / (a + b)
}

/// Share of the teeth in the stator lamination.
fn tooth_share(facts: &SectionFacts) -> f64 {
    let inner = facts.stator_outer_radius_m - facts.yoke_height_m;
    let yoke = PI * (facts.stator_outer_radius_m.powi(2) - inner * inner);
    (1.0 - yoke / facts.stator_iron_area_m2).clamp(0.0, 1.0)
}

/// Inner and outer surface of both overhangs, m².
fn end_winding_surface(facts: &SectionFacts, end: &EndTurn) -> f64 {
    let mean_radius = facts.stator_bore_radius_m + 0.5 * facts.slot_depth_m;
    2.0 * 2.0 * 2.0 * PI * mean_radius * end.overhang_m
}

/// Both faces of the rotor, m².
fn rotor_faces(facts: &SectionFacts) -> f64 {
    2.0 * PI * (facts.rotor_outer_radius_m.powi(2) - facts.rotor_inner_radius_m.powi(2))
}
