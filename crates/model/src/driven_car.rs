//! A car with its units on its own: all that its pictures show.

use serde::{Deserialize, Serialize};

use crate::operating_map::OperatingMap;
use crate::requirement::VehicleResults;
use crate::summary::EnergyDensity;
use crate::vehicle::Axle;

/// A car driven through cycles, at full acceleration and at steady speeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrivenCar {
    /// Schema version of this file, 1.
    pub schema: u32,
    /// Version of codrive.
    pub codrive: String,
    /// Vehicle id.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What is assumed, in words.
    pub assumptions: Vec<String>,
    /// DC voltage of the units' maps, V.
    pub dc_voltage_v: f64,
    /// The driven axles, the front one first.
    pub axles: Vec<DrivenAxle>,
    /// How two driven axles share the force, in words; absent with one.
    pub axle_split: Option<String>,
    /// Temperature of air and tyres, K.
    pub ambient_k: f64,
    /// Targets, figures and consumption.
    pub results: VehicleResults,
    /// Each cycle with its trace and its energies.
    pub cycles: Vec<DrivenCycle>,
    /// From standstill with all that units, tyres and battery give.
    pub acceleration: Acceleration,
    /// Consumption and range at steady speeds.
    pub steady: Steady,
}

/// A driven axle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrivenAxle {
    /// Which.
    pub axle: Axle,
    /// Drive map of its unit on the axle.
    pub map: OperatingMap,
}

/// A cycle as it was driven.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrivenCycle {
    /// Name of the cycle.
    pub cycle: String,
    /// Distance, m.
    pub distance_m: f64,
    /// Every step.
    pub trace: CarTrace,
    /// Where the energy goes.
    pub flow: EnergyFlow,
    /// Energy over the map of each driven axle.
    pub densities: Vec<EnergyDensity>,
}

/// Steps of a cycle; columns of one length.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CarTrace {
    /// Beginning of the step, s.
    pub time_s: Vec<f64>,
    /// Mean speed, m/s.
    pub speed_m_s: Vec<f64>,
    /// Power of all units at their axles, W, driving positive.
    pub axles_w: Vec<f64>,
    /// Power at the battery's terminals, W, discharging positive.
    pub terminal_w: Vec<f64>,
    /// Losses of all units, W.
    pub unit_loss_w: Vec<f64>,
    /// Power of the friction brakes, W.
    pub friction_w: Vec<f64>,
    /// Force that the cycle asks for and the car cannot give, N; zero where it follows.
    pub missing_n: Vec<f64>,
    /// State of charge after the step.
    pub charge: Vec<f64>,
    /// Temperatures of the units whose heat is known.
    pub temperatures: Vec<UnitTemperatureTrace>,
}

/// Temperatures of a unit after each step, K.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitTemperatureTrace {
    /// The unit's axle.
    pub axle: Axle,
    /// Copper, mean.
    pub winding_k: Vec<f64>,
    /// Stator lamination with the housing.
    pub stator_k: Vec<f64>,
    /// Rotor with magnets and shaft.
    pub rotor_k: Vec<f64>,
    /// Oil of the gear set.
    pub oil_k: Vec<f64>,
}

/// Energies of a cycle on the level, J: wall − charger = battery loss + auxiliaries + unit loss + driven −
/// recuperated. Where the car follows the cycle also driven − recuperated = rolling + air + friction +
/// kinetic; where it does not, the right side is the whole trace's, and larger by the work that is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EnergyFlow {
    /// From the wall.
    pub wall_j: f64,
    /// Lost in the charger and in charging.
    pub charger_j: f64,
    /// Lost in the battery's resistance.
    pub battery_j: f64,
    /// Auxiliaries.
    pub auxiliary_j: f64,
    /// Lost in the units, driving and recuperating.
    pub unit_j: f64,
    /// Work of the units at the axles, driving.
    pub driven_j: f64,
    /// Work that the units take at the axles, braking.
    pub recuperated_j: f64,
    /// Work against the constant and linear parts of the road load: tyres, bearings.
    pub rolling_j: f64,
    /// Work against its quadratic part: air.
    pub air_j: f64,
    /// Work of the friction brakes.
    pub friction_j: f64,
    /// Kinetic energy at the end less that at the start.
    pub kinetic_j: f64,
}

/// A full acceleration from standstill on the level at test mass; columns of one length.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Acceleration {
    /// Speed, m/s, ascending from zero.
    pub speed_m_s: Vec<f64>,
    /// Time at which it is reached, s.
    pub time_s: Vec<f64>,
    /// Force that the tyres let through, N.
    pub force_n: Vec<f64>,
    /// Force that the units give at the battery's voltage and within its power, N.
    pub units_n: Vec<f64>,
    /// Force that the tyres of the driven axles carry at that acceleration, N; those of one axle may be at their limit
    /// while the other's carry more.
    pub tyres_n: Vec<f64>,
    /// DC voltage under the units' full power, V.
    pub dc_voltage_v: Vec<f64>,
    /// Road load, N.
    pub resistance_n: Vec<f64>,
}

/// Steady speeds on the level; columns of one length.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Steady {
    /// Speed, m/s, ascending.
    pub speed_m_s: Vec<f64>,
    /// Energy from the battery over distance, J/m.
    pub battery_j_per_m: Vec<f64>,
    /// Distance on one charge, m.
    pub range_m: Vec<f64>,
}
