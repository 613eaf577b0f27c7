//! Materials as data: lamination steel and magnets, shipped or as a file of the user's own.

use serde::{Deserialize, Serialize};

use crate::input::{InputError, Source};
use crate::loss_table::LossTable;
use crate::section::SectionFault;
use crate::units::Shown;

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
    /// Loss p = k_h f^α B^β + k_e f² B² + k_exc (f B)^1.5, W/kg with f in Hz and B in T; or a loss table.
    #[serde(default)]
    pub loss: SteelLoss,
    /// Measured loss in the place of coefficients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss_table: Option<LossTable>,
}

/// Coefficients of p = k_h f^α B^β + k_e f² B² + k_exc (f B)^1.5 in W/kg.
///
/// Without `k_exc` this is SyR-e's form, whose free α holds hysteresis and excess together; with α = 1 it is
/// Bertotti's (1988, doi:10.1109/20.43994).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SteelLoss {
    /// k_h.
    pub k_h: f64,
    /// α.
    pub alpha: f64,
    /// β.
    pub beta: f64,
    /// k_e.
    pub k_e: f64,
    /// k_exc; none if left out.
    #[serde(default)]
    pub k_exc: f64,
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
    /// Mass of rare earths over mass.
    pub rare_earth_fraction: f64,
    /// Where its recoil line ends, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knee: Option<Knee>,
}

/// Where the recoil line of a magnet ends: below this flux density it loses remanence for good.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Knee {
    /// Source and licence of the data.
    pub source: String,
    /// Magnet temperatures, K, ascending.
    pub temperature_k: Vec<f64>,
    /// Lowest flux density of the recoil line along the magnetisation at each, T; below zero where
    /// the magnet bears a reversed field.
    pub b_t: Vec<f64>,
}

/// Refuses a number outside of its range; `allowed` says which that is.
pub(crate) fn within(key: &str, value: f64, least: f64, most: f64) -> Result<(), SectionFault> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let message = format!("{} is out of range", Shown(value));
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
        self.check_loss()
    }

    /// Either coefficients or a table.
    fn check_loss(&self) -> Result<(), SectionFault> {
        let coefficients = self.loss != SteelLoss::default();
        match &self.loss_table {
            Some(_) if coefficients => {
                let message = "the steel states coefficients and a table of its loss";
                let hint = "either [loss] or [loss_table]";
                return Err(SectionFault::new("loss_table", message, hint));
            }
            Some(table) => return table.check(),
            None if !coefficients => {
                let message = "the steel states no loss";
                return Err(SectionFault::new("loss", message, "[loss] or [loss_table]"));
            }
            None => {}
        }
        within("loss.k_h", self.loss.k_h, 0.0, 1e3)?;
        within("loss.alpha", self.loss.alpha, 0.5, 3.0)?;
        within("loss.beta", self.loss.beta, 0.5, 6.0)?;
        within("loss.k_e", self.loss.k_e, 0.0, 1.0)?;
        within("loss.k_exc", self.loss.k_exc, 0.0, 1.0)
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
        within("density_kg_per_m3", self.density_kg_per_m3, 500.0, 25_000.0)?;
        within("rare_earth_fraction", self.rare_earth_fraction, 0.0, 0.5)?;
        self.knee
            .as_ref()
            .map_or(Ok(()), |knee| knee.check(self.remanence_20c_t))
    }

    /// Flux density of the knee in T at a temperature in K, linear between the points of the table;
    /// `None` without a knee or beyond its temperatures.
    #[must_use]
    pub fn knee_t(&self, temperature_k: f64) -> Option<f64> {
        self.knee.as_ref()?.at_t(temperature_k)
    }

    /// Remanence in T at a temperature in K, linear in temperature.
    #[must_use]
    pub fn remanence_t(&self, temperature_k: f64) -> f64 {
        self.remanence_20c_t * (1.0 + self.remanence_per_k * (temperature_k - 293.15))
    }
}

impl Knee {
    fn check(&self, remanence_20c_t: f64) -> Result<(), SectionFault> {
        if self.b_t.len() < 2 || self.b_t.len() != self.temperature_k.len() {
            let message = format!(
                "the knee has {} flux densities and {} temperatures",
                self.b_t.len(),
                self.temperature_k.len()
            );
            let hint = "at least two points, temperature_k and b_t in equal number";
            return Err(SectionFault::new("knee.b_t", message, hint));
        }
        for kelvin in &self.temperature_k {
            within("knee.temperature_k", *kelvin, 100.0, 1000.0)?;
        }
        if let Some(step) = self.temperature_k.windows(2).find(|w| w[1] <= w[0]) {
            let message = format!("does not rise from {} to {}", step[0], step[1]);
            let hint = "each value above the one before";
            return Err(SectionFault::new("knee.temperature_k", message, hint));
        }
        let mut each = self.b_t.iter();
        each.try_for_each(|knee| within("knee.b_t", *knee, -5.0, remanence_20c_t))
    }

    /// Linear between the points; `None` beyond them.
    fn at_t(&self, temperature_k: f64) -> Option<f64> {
        let above = self
            .temperature_k
            .iter()
            .position(|t| *t >= temperature_k)?;
        if above == 0 {
            return (self.temperature_k[0] <= temperature_k).then(|| self.b_t[0]);
        }
        let (low, high) = (self.temperature_k[above - 1], self.temperature_k[above]);
        let share = (temperature_k - low) / (high - low);
        Some(self.b_t[above - 1] * (1.0 - share) + self.b_t[above] * share)
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
    fn a_loss_table_stands_in_the_place_of_coefficients() {
        let bare = STEEL.split("[loss]").next().unwrap();
        let table = "[loss_table]
source = \"test\"
thickness_m = 0.35e-3
conductivity_s_per_m = 2e6
points = [[50, 0.5, 0.3], [400, 0.5, 4.7], [1000, 0.5, 18.5],
  [50, 1.0, 0.9], [400, 1.0, 17], [1000, 1.0, 71], [50, 1.5, 2.2], [400, 1.5, 41], [1000, 1.5, 180]]
";
        let read = |text: &str| Steel::read(&Source::shipped("s.toml", text));
        let steel = read(&format!("{bare}{table}")).unwrap();
        let levels = steel.loss_table.unwrap().by_flux_density();
        assert_eq!(levels.len(), 3);
        assert_eq!(
            levels[1],
            (1.0, vec![[50.0, 0.9], [400.0, 17.0], [1000.0, 71.0]])
        );
        let refused = |text: &str, with: &str| {
            let said = read(text).unwrap_err().to_string();
            assert!(said.contains(with), "{said}");
        };
        refused(bare, "states no loss");
        refused(&format!("{STEEL}{table}"), "coefficients and a table");
        for (from, to, with) in [
            (
                "[400, 1.0, 17]",
                "[400, 1.0, 0.8]",
                "0.9 W/kg at 50 Hz and 0.8 at 400 Hz",
            ),
            ("[50, 0.5, 0.3], ", "", "2 flux densities"),
            ("0.35e-3", "0.35", "0.35 is out of range"),
            ("2.2]", "-2.2]", "-2.2 is out of range"),
        ] {
            refused(&format!("{bare}{}", table.replace(from, to)), with);
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
            rare_earth_fraction: 0.31,
            knee: None,
        };
        assert!(grade.check().is_ok());
        let absurd = MagnetGrade {
            remanence_20c_t: 20.0,
            ..grade
        };
        assert!(absurd.check().unwrap_err().message.contains("20"));
        let pure = MagnetGrade {
            remanence_20c_t: 1.2,
            rare_earth_fraction: 1.0,
            ..absurd
        };
        assert!(pure.check().unwrap_err().message.contains("out of range"));
    }

    const MAGNET: &str = "schema = 1
name = \"M\"
source = \"test\"
remanence_20c_t = 1.26
remanence_per_k = -0.001
mu_r = 1.05
conductivity_s_per_m = 6e5
density_kg_per_m3 = 7500.0
rare_earth_fraction = 0.31
[knee]
source = \"test\"
temperature_k = [300, 400, 500]
b_t = [-0.5, 0.1, 0.5]
";

    #[test]
    fn a_knee_is_linear_between_its_points_and_unknown_beyond_them() {
        let grade = MagnetGrade::read(&Source::shipped("m.toml", MAGNET)).unwrap();
        for (kelvin, knee) in [(300.0, -0.5), (350.0, -0.2), (400.0, 0.1), (500.0, 0.5)] {
            assert!((grade.knee_t(kelvin).unwrap() - knee).abs() < 1e-12);
        }
        assert_eq!(grade.knee_t(299.0), None);
        assert_eq!(grade.knee_t(501.0), None);
        let unknown = MagnetGrade {
            knee: None,
            ..grade
        };
        assert_eq!(unknown.knee_t(400.0), None);
    }

    #[test]
    fn absurd_knees_are_refused_at_their_line() {
        for (from, to, line) in [
            ("[300, 400, 500]", "[300, 500, 400]", 12),
            ("[300, 400, 500]", "[20, 100, 150]", 12),
            ("[-0.5, 0.1, 0.5]", "[-0.5, 0.1]", 13),
            ("[-0.5, 0.1, 0.5]", "[-0.5, nan, 0.5]", 13),
            ("[-0.5, 0.1, 0.5]", "[-0.5, 0.1, 1.5]", 13),
        ] {
            let text = MAGNET.replace(from, to);
            let error = MagnetGrade::read(&Source::shipped("m.toml", &text)).unwrap_err();
            assert_eq!(error.line_column().unwrap().0, line, "{to}: {error}");
        }
    }
}
