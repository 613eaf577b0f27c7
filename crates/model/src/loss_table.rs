//! The loss of a lamination as makers publish it: a table over frequency and flux density.

use serde::{Deserialize, Serialize};

use crate::section::SectionFault;

/// Measured loss of a lamination under sinusoidal flux density, `[loss_table]` of a steel file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LossTable {
    /// Source and licence of the data.
    pub source: String,
    /// Thickness of the sheet, m.
    pub thickness_m: f64,
    /// Conductivity of the steel, S/m.
    pub conductivity_s_per_m: f64,
    /// Frequency, Hz, peak flux density, T, and loss, W/kg, of each point, in any order.
    pub points: Vec<[f64; 3]>,
}

/// Least frequencies at a flux density, and least such flux densities.
const LEAST: usize = 3;

impl LossTable {
    /// Points by flux density, ascending, each as frequency in Hz and loss in W/kg, ascending; only flux densities
    /// with three frequencies at least.
    #[must_use]
    pub fn by_flux_density(&self) -> Vec<(f64, Vec<[f64; 2]>)> {
        let mut points = self.points.clone();
        points.sort_by(|a, b| a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0])));
        let levels = points.chunk_by(|a, b| a[1].to_bits() == b[1].to_bits());
        let level =
            |points: &[[f64; 3]]| (points[0][1], points.iter().map(|p| [p[0], p[2]]).collect());
        levels
            .map(level)
            .filter(|(_, at): &(f64, Vec<_>)| at.len() >= LEAST)
            .collect()
    }

    /// Checks sheet and points.
    ///
    /// # Errors
    /// The first fault, with its key.
    pub fn check(&self) -> Result<(), SectionFault> {
        let within = |key: &str, value: f64, least: f64, most: f64| {
            crate::material::within(&format!("loss_table.{key}"), value, least, most)
        };
        within("thickness_m", self.thickness_m, 1e-5, 2e-3)?;
        within("conductivity_s_per_m", self.conductivity_s_per_m, 1e5, 2e7)?;
        for [frequency_hz, b_t, loss_w_per_kg] in &self.points {
            within("points", *frequency_hz, 1.0, 1e5)?;
            within("points", *b_t, 1e-3, 2.5)?;
            within("points", *loss_w_per_kg, 1e-6, 1e6)?;
        }
        let fault = |message: String, hint: &str| {
            Err(SectionFault::new("loss_table.points", message, hint))
        };
        let levels = self.by_flux_density();
        if levels.len() < LEAST {
            let message = format!("{} flux densities with three frequencies", levels.len());
            return fault(message, "at least three such flux densities");
        }
        for (b_t, at) in &levels {
            if let Some(pair) = at
                .windows(2)
                .find(|p| p[1][0] <= p[0][0] || p[1][1] <= p[0][1])
            {
                let [[f, p], [g, q]] = [pair[0], pair[1]];
                let message = format!("at {b_t} T, {p} W/kg at {f} Hz and {q} at {g} Hz");
                return fault(message, "each frequency once, and loss that rises with it");
            }
        }
        Ok(())
    }
}
