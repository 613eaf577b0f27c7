//! Plants, the lines that stand in them, and what flows between them: the clean team's view.

use serde::{Deserialize, Serialize};

use crate::family::ModuleKind;

/// The joint programme's plants.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlantNetwork {
    /// Plants with a line or an assembly.
    pub plants: Vec<Plant>,
    /// Lines of modules, by plant.
    pub lines: Vec<ModuleLine>,
    /// From each line to each assembly.
    pub flows: Vec<ModuleFlow>,
}

/// A plant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plant {
    /// Partner id.
    pub partner: String,
    /// Plant id.
    pub id: String,
    /// EDUs that its final assembly can make in a year.
    pub capacity_per_year: f64,
    /// EDUs that it assembles in a year, mean over its years of production.
    pub assembled_per_year: f64,
    /// EDUs that it assembles in the year with the most: these must fit its capacity.
    pub peak_per_year: f64,
}

/// A line that makes a module.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModuleLine {
    /// Index in [`PlantNetwork::plants`].
    pub plant: usize,
    /// Kind of module.
    pub kind: ModuleKind,
    /// Module id.
    pub module: String,
    /// Partners that it serves, by id.
    pub users: Vec<String>,
    /// Modules that it makes in the peak year of all cars it serves.
    pub peak_per_year: f64,
    /// What its steps of capacity hold.
    pub capacity_per_year: f64,
}

/// Modules that go from a line to an assembly.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModuleFlow {
    /// Index in [`PlantNetwork::lines`].
    pub line: usize,
    /// Index in [`PlantNetwork::plants`].
    pub to: usize,
    /// Modules over the whole programme.
    pub units: f64,
}
