//! The heat of a unit as a car needs it: four lumps, what they store and what flows between them.

use serde::{Deserialize, Serialize};

/// Lumps of a unit.
pub const LUMPS: usize = 4;

/// A symmetric matrix over the lumps.
pub type ByLumps = [[f64; LUMPS]; LUMPS];

/// A lump; its temperature is the mean of where its heat arises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Lump {
    /// Copper in slots and end windings.
    Winding,
    /// Stator lamination with the housing.
    Stator,
    /// Rotor lamination, magnets and shaft.
    Rotor,
    /// Oil of the gear set.
    Oil,
}

/// Four lumps that stand for the whole network of a unit: C dθ/dt = P − G θ, with θ the rise over
/// the coolant at the inlet of the unit.
///
/// Steady temperatures are those of the whole network at one motor speed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitHeat {
    /// Coolant at the inlet of the inverter, K.
    pub coolant_k: f64,
    /// Heat capacity flow of the coolant, W/K.
    pub coolant_w_per_k: f64,
    /// Heat capacities C, J/K.
    pub capacity_j_per_k: ByLumps,
    /// Conductances G, W/K: a row's sum is what the lump passes to the coolant.
    pub conductance_w_per_k: ByLumps,
    /// Share of the rotor in the iron loss.
    pub rotor_iron_share: f64,
    /// What the winding's hottest place lies above its mean, over what the mean lies above the stator.
    pub hot_spot: f64,
    /// Highest temperature of the winding's hottest place, K.
    pub winding_limit_k: f64,
    /// Highest temperature of the rotor, K.
    pub magnet_limit_k: f64,
    /// Below a limit, where derating begins, K.
    pub derating_span_k: f64,
}
