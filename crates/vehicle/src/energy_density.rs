//! Where over axle speed and torque a cycle's energy goes: what lies on top of efficiency maps.

use codrive_model::operating_map::OperatingMap;

/// Energy passed through an axle, by cells of axle speed and torque.
#[derive(Clone, Debug, PartialEq)]
pub struct EnergyDensity {
    /// Edges of the cells, rad/s.
    pub speed_rad_per_s: Vec<f64>,
    /// Edges of the cells, N·m.
    pub torque_nm: Vec<f64>,
    /// Magnitude of the mechanical energy in each cell, J; row-major with the torque fastest.
    pub energy_j: Vec<f64>,
}

/// Cells over the speed.
const SPEEDS: usize = 32;
/// Cells over the torque.
const TORQUES: usize = 32;

impl EnergyDensity {
    /// Empty cells over a map.
    pub(crate) fn of(map: &OperatingMap) -> Self {
        let highest = map.torque_max_nm.iter().copied().fold(0.0, f64::max);
        let lowest = map.torque_min_nm.iter().copied().fold(0.0, f64::min);
        Self::new(map.speed_limit_rad_per_s(), lowest, highest)
    }

    /// Empty cells up to a speed and between two torques.
    fn new(highest_rad_per_s: f64, lowest_nm: f64, highest_nm: f64) -> Self {
        let edges = |from: f64, to: f64, n: usize| {
            #[allow(clippy::cast_precision_loss)]
            (0..=n)
                .map(|i| from + (to - from) * i as f64 / n as f64)
                .collect::<Vec<f64>>()
        };
        Self {
            speed_rad_per_s: edges(0.0, highest_rad_per_s, SPEEDS),
            torque_nm: edges(lowest_nm, highest_nm, TORQUES),
            energy_j: vec![0.0; SPEEDS * TORQUES],
        }
    }

    /// Adds the energy of an operating point; energy beyond the edges goes to the outermost cell.
    pub(crate) fn add(&mut self, speed_rad_per_s: f64, torque_nm: f64, energy_j: f64) {
        let cell = |edges: &[f64], value: f64| {
            edges
                .partition_point(|edge| *edge <= value)
                .clamp(1, edges.len() - 1)
                - 1
        };
        let speed = cell(&self.speed_rad_per_s, speed_rad_per_s);
        let torque = cell(&self.torque_nm, torque_nm);
        self.energy_j[speed * TORQUES + torque] += energy_j.abs();
    }
}
