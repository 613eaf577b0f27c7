//! How long a unit spends at which load and temperature: what its bearings, gears and insulation live by.

use codrive_model::operating_map::OperatingMap;
use codrive_model::unit_heat::Lump;
use serde::Serialize;

use crate::temperature::ByLump;

/// Classes of speed, torque and temperature.
const SPEEDS: usize = 16;
const TORQUES: usize = 24;
const TEMPERATURES: usize = 24;
/// Lowest edge of the temperatures, K, and width of a class, K: −20 to 220 °C.
const COLDEST_K: f64 = 253.15;
const CLASS_K: f64 = 10.0;

/// Time by classes, s. What lies beyond the outermost edges counts in the outermost class, so that
/// every spectrum sums to the whole time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoadSpectrum {
    /// Edges of the classes of axle speed, rad/s.
    pub speed_rad_per_s: Vec<f64>,
    /// Edges of the classes of axle torque, N·m.
    pub torque_nm: Vec<f64>,
    /// Time by speed and torque, s; row-major with the torque fastest.
    pub load_s: Vec<f64>,
    /// Edges of the classes of temperature, K.
    pub temperature_k: Vec<f64>,
    /// Time by mean temperature of the winding, s; empty where heat is not known.
    pub winding_s: Vec<f64>,
    /// Time by temperature of the rotor, s; likewise.
    pub rotor_s: Vec<f64>,
}

/// What a unit does for a while.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) speed_rad_per_s: f64,
    pub(crate) torque_nm: f64,
    pub(crate) unit_k: Option<ByLump>,
}

impl LoadSpectrum {
    /// Empty classes over a map.
    pub(crate) fn new(map: &OperatingMap) -> Self {
        let highest = map.torque_max_nm.iter().copied().fold(0.0, f64::max);
        let lowest = map.torque_min_nm.iter().copied().fold(0.0, f64::min);
        #[allow(clippy::cast_precision_loss)]
        let warmest_k = COLDEST_K + CLASS_K * TEMPERATURES as f64;
        Self {
            speed_rad_per_s: edges(0.0, map.speed_limit_rad_per_s(), SPEEDS),
            torque_nm: edges(lowest, highest, TORQUES),
            load_s: vec![0.0; SPEEDS * TORQUES],
            temperature_k: edges(COLDEST_K, warmest_k, TEMPERATURES),
            winding_s: Vec::new(),
            rotor_s: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, load: &Load, seconds: f64) {
        let speed = class(&self.speed_rad_per_s, load.speed_rad_per_s);
        let torque = class(&self.torque_nm, load.torque_nm);
        self.load_s[speed * TORQUES + torque] += seconds;
        let Some(unit_k) = load.unit_k else { return };
        for (times, lump) in [
            (&mut self.winding_s, Lump::Winding),
            (&mut self.rotor_s, Lump::Rotor),
        ] {
            times.resize(TEMPERATURES, 0.0);
            times[class(&self.temperature_k, unit_k[lump as usize])] += seconds;
        }
    }
}

fn edges(from: f64, to: f64, classes: usize) -> Vec<f64> {
    #[allow(clippy::cast_precision_loss)]
    let edge = |i: usize| from + (to - from) * i as f64 / classes as f64;
    (0..=classes).map(edge).collect()
}

fn class(edges: &[f64], value: f64) -> usize {
    let above = edges.partition_point(|edge| *edge <= value);
    above.clamp(1, edges.len() - 1) - 1
}
