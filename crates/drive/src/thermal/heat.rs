//! Losses by lump; copper loss follows the temperature of the copper.

use super::network::{ByNode, NODES, Node};
use crate::machine::{MachineLoss, SpeedState};
use crate::winding::copper_resistivity_ohm_m;

/// Copper loss of one part of the winding at given currents.
///
/// P(T) = dc·r + ac/r with r = ρ(T)/ρ(T_0): the DC part rises with resistivity, the AC part falls
/// with it (exact for conductors well below the skin depth).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CopperLoss {
    /// Loss by DC resistance at the reference temperature, W.
    pub dc_w: f64,
    /// What AC adds at the reference temperature, W.
    pub ac_w: f64,
    /// Reference temperature T_0, K.
    pub reference_k: f64,
}

/// All losses of a unit at an operating point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeatLoad {
    /// What does not depend on temperature, W by lump; none in the winding.
    pub fixed_w: ByNode,
    /// Copper in the slots.
    pub slot: CopperLoss,
    /// Copper of both end windings.
    pub end: CopperLoss,
    /// Inverter, W: it warms the coolant before the jacket.
    pub inverter_w: f64,
}

impl CopperLoss {
    /// Loss at a temperature, W, and its slope, W/K.
    #[must_use]
    pub fn at(&self, temperature_k: f64) -> (f64, f64) {
        if self.reference_k == 0.0 {
            return (self.dc_w + self.ac_w, 0.0);
        }
        let reference = copper_resistivity_ohm_m(self.reference_k);
        let per_k = (copper_resistivity_ohm_m(self.reference_k + 1.0) - reference) / reference;
        let r = 1.0 + per_k * (temperature_k - self.reference_k);
        let (dc, ac) = (self.dc_w * r, self.ac_w / r);
        (dc + ac, per_k * (dc - ac) / r)
    }

    fn between(a: &Self, b: &Self, t: f64) -> Self {
        Self {
            dc_w: mix(a.dc_w, b.dc_w, t),
            ac_w: mix(a.ac_w, b.ac_w, t),
            reference_k: a.reference_k,
        }
    }
}

impl HeatLoad {
    /// Nothing lost anywhere.
    pub const NONE: Self = Self {
        fixed_w: [0.0; NODES],
        slot: CopperLoss {
            dc_w: 0.0,
            ac_w: 0.0,
            reference_k: 0.0,
        },
        end: CopperLoss {
            dc_w: 0.0,
            ac_w: 0.0,
            reference_k: 0.0,
        },
        inverter_w: 0.0,
    };

    /// Losses of a machine by lump: stator iron by the mass of teeth and yoke (`tooth_share`), windage
    /// half to each side of the gap.
    #[must_use]
    pub fn of_machine(loss: &MachineLoss, state: &SpeedState, tooth_share: f64) -> Self {
        let dc_w = (loss.slot_copper_w - loss.proximity_w) / state.own_field_factor;
        let copper = |dc_w, ac_w| CopperLoss {
            dc_w,
            ac_w,
            reference_k: state.winding_temperature_k,
        };
        let mut fixed_w = [0.0; NODES];
        fixed_w[Node::Yoke as usize] = (1.0 - tooth_share) * loss.stator_iron_w;
        fixed_w[Node::Teeth as usize] = tooth_share * loss.stator_iron_w + 0.5 * loss.windage_w;
        fixed_w[Node::RotorIron as usize] = loss.rotor_iron_w + 0.5 * loss.windage_w;
        fixed_w[Node::Magnets as usize] = loss.magnet_w;
        fixed_w[Node::Bearings as usize] = loss.bearing_w;
        Self {
            fixed_w,
            slot: copper(dc_w, loss.slot_copper_w - dc_w),
            end: copper(loss.end_copper_w, 0.0),
            inverter_w: 0.0,
        }
    }

    /// The same with the loss of the gear set in its oil, W.
    #[must_use]
    pub fn with_gear(mut self, gear_w: f64) -> Self {
        self.fixed_w[Node::Oil as usize] += gear_w;
        self
    }

    /// The same with the loss of the inverter, W.
    #[must_use]
    pub fn with_inverter(self, inverter_w: f64) -> Self {
        Self { inverter_w, ..self }
    }

    /// Between two loads of one speed, linear in `t` from 0 to 1.
    #[must_use]
    pub fn between(a: &Self, b: &Self, t: f64) -> Self {
        Self {
            fixed_w: std::array::from_fn(|i| mix(a.fixed_w[i], b.fixed_w[i], t)),
            slot: CopperLoss::between(&a.slot, &b.slot, t),
            end: CopperLoss::between(&a.end, &b.end, t),
            inverter_w: mix(a.inverter_w, b.inverter_w, t),
        }
    }

    /// All losses with copper at the temperature for which it is stated, W, by lump.
    #[must_use]
    pub fn as_stated(&self) -> ByNode {
        let mut loss = self.fixed_w;
        for (node, copper) in self.winding() {
            loss[node as usize] += copper.dc_w + copper.ac_w;
        }
        loss
    }

    /// All losses at the temperatures of a state, W, by lump.
    #[must_use]
    pub fn at(&self, node_k: &ByNode) -> ByNode {
        let mut loss = self.fixed_w;
        for (node, copper) in self.winding() {
            loss[node as usize] += copper.at(node_k[node as usize]).0;
        }
        loss
    }

    /// The two parts of the winding.
    pub(crate) fn winding(&self) -> [(Node, &CopperLoss); 2] {
        [(Node::Slot, &self.slot), (Node::End, &self.end)]
    }
}

fn mix(a: f64, b: f64, t: f64) -> f64 {
    a + (b - a) * t
}
