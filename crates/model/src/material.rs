//! Materials as data: lamination steel, magnets, conductors.

use serde::{Deserialize, Serialize};

/// A lamination grade.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Steel {
    /// Grade, as sections name it.
    pub name: String,
    /// Source and licence of the data.
    pub source: String,
    /// Magnetisation curve: flux density, T, ascending from 0.
    pub b_t: Vec<f64>,
    /// Magnetisation curve: field strength, A/m, ascending from 0.
    pub h_a_per_m: Vec<f64>,
    /// Density, kg/m³.
    pub density_kg_per_m3: f64,
    /// Yield strength, Pa.
    pub yield_pa: f64,
    /// Loss p = k_h f^α B^β + k_e f² B², W/kg with f in Hz and B in T.
    pub loss: SteelLoss,
}

/// Coefficients of p = k_h f^α B^β + k_e f² B² in W/kg (SyR-e's form).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SteelLoss {
    /// k_h.
    pub k_h: f64,
    /// α.
    pub alpha: f64,
    /// β.
    pub beta: f64,
    /// k_e.
    pub k_e: f64,
}

/// A magnet grade with linear recoil.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MagnetGrade {
    /// Grade, as sections name it.
    pub name: String,
    /// Source and licence of the data.
    pub source: String,
    /// Remanence at 20 °C, T.
    pub remanence_20c_t: f64,
    /// Relative change of remanence per kelvin (negative).
    pub remanence_per_k: f64,
    /// Relative recoil permeability.
    pub mu_r: f64,
    /// Electrical conductivity, S/m.
    pub conductivity_s_per_m: f64,
    /// Density, kg/m³.
    pub density_kg_per_m3: f64,
}

impl MagnetGrade {
    /// Remanence in T at a temperature in K, linear in temperature.
    #[must_use]
    pub fn remanence_t(&self, temperature_k: f64) -> f64 {
        self.remanence_20c_t * (1.0 + self.remanence_per_k * (temperature_k - 293.15))
    }
}
