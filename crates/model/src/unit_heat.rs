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

/// A value by lump, in the order of [`Lump`].
pub type ByLump = [f64; LUMPS];

/// Four lumps that stand for the whole network of a unit: C dθ/dt = P − G θ, with θ the rise over
/// the coolant at the inlet of the unit.
///
/// It belongs to an operating map: G is known at each of its speeds, P at each of its points, so that the steady
/// temperatures of the whole network are kept at every point of the map, with copper at the map's winding
/// temperature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitHeat {
    /// Coolant at the inlet of the inverter, K.
    pub coolant_k: f64,
    /// Heat capacities C, J/K; those of one speed.
    pub capacity_j_per_k: ByLumps,
    /// Conductances G at each speed of the map, W/K: a row's sum is what the lump passes to the coolant.
    pub conductance_w_per_k: Vec<ByLumps>,
    /// What heats the lumps at each point of the map, P, W; what the inverter warms the coolant counts as heat of
    /// all that the coolant cools.
    pub heat_w: Vec<ByLump>,
    /// What the winding's hottest place lies above its mean, over what the mean lies above the stator.
    pub hot_spot: f64,
    /// Highest temperature of the winding's hottest place, K.
    pub winding_limit_k: f64,
    /// Highest temperature of the rotor, K.
    pub magnet_limit_k: f64,
    /// Below a limit, where derating begins, K.
    pub derating_span_k: f64,
}
