//! Materials as data: lamination steel and magnets, shipped or as a file of the user's own.

use serde::{Deserialize, Serialize};

use crate::input::{InputError, Source};
use crate::section::SectionFault;

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
    /// Young's modulus, Pa. Stresses under centrifugal load do not depend on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub young_modulus_pa: Option<f64>,
    /// Poisson's ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poisson_ratio: Option<f64>,
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

/// Refuses a number outside of its range; `allowed` says which that is.
fn within(key: &str, value: f64, least: f64, most: f64) -> Result<(), SectionFault> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let message = format!("{value} is out of range");
    Err(SectionFault::new(
        key,
        message,
        format!("from {least} to {most}"),
    ))
}

/// Young's modulus, Pa, and Poisson's ratio where a file has none, as in SyR-e (Apache-2.0).
const USUAL_YOUNG_PA: f64 = 210e9;
const USUAL_POISSON: f64 = 0.3;

impl Steel {
    /// Young's modulus, Pa: the file's, or 210 GPa.
    #[must_use]
    pub fn young_pa(&self) -> f64 {
        self.young_modulus_pa.unwrap_or(USUAL_YOUNG_PA)
    }

    /// Poisson's ratio: the file's, or 0.3.
    #[must_use]
    pub fn poisson(&self) -> f64 {
        self.poisson_ratio.unwrap_or(USUAL_POISSON)
    }

    /// Reads and checks a steel file.
    ///
    /// # Errors
    /// Not a steel, or one that [`Steel::check`] refuses; with file, line and hint.
    pub fn read(source: &Source) -> Result<Self, InputError> {
        let steel: Self = source.parse()?;
        steel.check().map_err(|fault| fault.in_file(source))?;
        Ok(steel)
    }

    /// Checks the magnetisation curve, the loss coefficients and the rest.
    ///
    /// # Errors
    /// The first fault, with its key.
    pub fn check(&self) -> Result<(), SectionFault> {
        if self.b_t.len() < 4 || self.b_t.len() != self.h_a_per_m.len() {
            let message = format!(
                "the magnetisation curve has {} flux densities and {} field strengths",
                self.b_t.len(),
                self.h_a_per_m.len()
            );
            let hint = "at least four points, b_t and h_a_per_m in equal number";
            return Err(SectionFault::new("b_t", message, hint));
        }
        for (key, values, most) in [
            ("b_t", &self.b_t, 10.0),
            ("h_a_per_m", &self.h_a_per_m, 1e8),
        ] {
            if values[0] != 0.0 {
                let message = format!("begins at {}", values[0]);
                return Err(SectionFault::new(key, message, "the first point is 0"));
            }
            if let Some(step) = values
                .windows(2)
                .find(|w| w[1] <= w[0] || !w[1].is_finite())
            {
                let message = format!("does not rise from {} to {}", step[0], step[1]);
                return Err(SectionFault::new(
                    key,
                    message,
                    "each value above the one before",
                ));
            }
            within(key, values[values.len() - 1], 0.1, most)?;
        }
        within("density_kg_per_m3", self.density_kg_per_m3, 500.0, 25_000.0)?;
        within("yield_pa", self.yield_pa, 1e7, 5e9)?;
        within("young_modulus_pa", self.young_pa(), 1e10, 1e12)?;
        within("poisson_ratio", self.poisson(), 0.0, 0.49)?;
        within("loss.k_h", self.loss.k_h, 0.0, 1e3)?;
        within("loss.alpha", self.loss.alpha, 0.5, 3.0)?;
        within("loss.beta", self.loss.beta, 0.5, 6.0)?;
        within("loss.k_e", self.loss.k_e, 0.0, 1.0)
    }
}

impl MagnetGrade {
    /// Reads and checks a magnet file.
    ///
    /// # Errors
    /// Not a magnet grade, or one that [`MagnetGrade::check`] refuses; with file, line and hint.
    pub fn read(source: &Source) -> Result<Self, InputError> {
        let grade: Self = source.parse()?;
        grade.check().map_err(|fault| fault.in_file(source))?;
        Ok(grade)
    }

    /// Checks every value against what magnets reach.
    ///
    /// # Errors
    /// The first fault, with its key.
    pub fn check(&self) -> Result<(), SectionFault> {
        within("remanence_20c_t", self.remanence_20c_t, 0.05, 2.0)?;
        within("remanence_per_k", self.remanence_per_k, -0.02, 0.02)?;
        within("mu_r", self.mu_r, 1.0, 3.0)?;
        within("conductivity_s_per_m", self.conductivity_s_per_m, 0.0, 1e8)?;
        within("density_kg_per_m3", self.density_kg_per_m3, 500.0, 25_000.0)
    }

    /// Remanence in T at a temperature in K, linear in temperature.
    #[must_use]
    pub fn remanence_t(&self, temperature_k: f64) -> f64 {
        self.remanence_20c_t * (1.0 + self.remanence_per_k * (temperature_k - 293.15))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEEL: &str = "schema = 1
name = \"S\"
source = \"test\"
density_kg_per_m3 = 7650.0
yield_pa = 3.5e8
b_t = [0, 0.5, 1.0, 2.0]
h_a_per_m = [0, 100, 250, 33000]
[loss]
k_h = 0.01
alpha = 1.3
beta = 2.0
k_e = 1e-4
";

    #[test]
    fn absurd_steels_are_refused_at_their_line() {
        assert!(Steel::read(&Source::shipped("s.toml", STEEL)).is_ok());
        for (from, to, line) in [
            ("[0, 0.5, 1.0, 2.0]", "[0, 0.5, 0.4, 2.0]", 6),
            ("[0, 0.5, 1.0, 2.0]", "[0.1, 0.5, 1.0, 2.0]", 6),
            ("[0, 0.5, 1.0, 2.0]", "[0, 0.5, 1.0]", 6),
            ("33000]", "nan]", 7),
            ("7650.0", "7.65", 4),
            ("k_h = 0.01", "k_h = -0.01", 9),
        ] {
            let text = STEEL.replace(from, to);
            let error = Steel::read(&Source::shipped("s.toml", &text)).unwrap_err();
            assert_eq!(error.line_column().unwrap().0, line, "{to}: {error}");
        }
    }

    #[test]
    fn a_magnet_of_twenty_tesla_is_refused() {
        let grade = MagnetGrade {
            name: "m".to_owned(),
            source: "test".to_owned(),
            remanence_20c_t: 1.2,
            remanence_per_k: -0.001,
            mu_r: 1.05,
            conductivity_s_per_m: 6e5,
            density_kg_per_m3: 7500.0,
        };
        assert!(grade.check().is_ok());
        let absurd = MagnetGrade {
            remanence_20c_t: 20.0,
            ..grade
        };
        assert!(absurd.check().unwrap_err().message.contains("20"));
    }
}
