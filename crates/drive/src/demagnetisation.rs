//! How close the magnets come to the knee of their recoil line.
//!
//! The flux map carries the lowest flux density along the magnetisation, of all magnet cells and
//! rotor positions, over the currents. Below the knee of the grade the cell loses remanence for
//! good. Both hold at the magnet temperature of the map: a hot map is the worse one for NdFeB, a
//! cold one for ferrite.

use codrive_model::flux_map::FluxMap;
use codrive_model::material::MagnetGrade;
use codrive_model::safe_state::Finding;
use codrive_numerics::bilinear::Bilinear;

use crate::error::DriveError;

/// The magnets of a section, over its unit currents.
#[derive(Clone, Debug)]
pub struct Magnets {
    lowest_t: Option<Bilinear<1>>,
    /// Of the map's far grid, and where the map ends, A.
    far_t: Option<(Bilinear<1>, f64)>,
    knee_t: Finding,
}

impl Magnets {
    /// Reads the table of a map that holds at `temperature_k`.
    ///
    /// # Errors
    /// A table that does not fit the map's axes.
    pub fn new(map: &FluxMap, grade: &MagnetGrade, temperature_k: f64) -> Result<Self, DriveError> {
        let table = |i_d_a: &[f64], i_q_a: &[f64], table: &[f64]| {
            (!table.is_empty())
                .then(|| Bilinear::new(i_d_a, i_q_a, [table]))
                .transpose()
                .map_err(|source| DriveError::Table {
                    section: map.section.clone(),
                    source,
                })
        };
        let lowest_t = table(&map.i_d_a, &map.i_q_a, &map.magnet_flux_density_min_t)?;
        let far_t = match &map.far {
            Some(far) => table(&far.i_d_a, &far.i_q_a, &far.magnet_flux_density_min_t)?,
            None => None,
        };
        let edge_a = map.i_d_a.first().copied().unwrap_or_default();
        Ok(Self {
            lowest_t,
            far_t: far_t.map(|far| (far, edge_a)),
            knee_t: knee(grade, temperature_k),
        })
    }

    /// Lowest flux density along the magnetisation at unit currents, i_q of either sign, T; `None`
    /// without magnets. The caller keeps to the range of the map and its far grid, which goes on from the
    /// map's edge as in [`crate::far_flux`].
    #[must_use]
    pub fn lowest_t(&self, i_d_a: f64, i_q_a: f64) -> Option<f64> {
        let (table, i_q) = (self.lowest_t.as_ref()?, i_q_a.abs());
        let known = table.held(i_d_a, i_q)[0];
        Some(match &self.far_t {
            Some((far, edge)) if i_d_a < *edge => {
                known + far.held(i_d_a, i_q)[0] - far.held(*edge, i_q)[0]
            }
            _ => known,
        })
    }

    /// Lowest flux density over the given unit currents minus that of the knee, T.
    #[must_use]
    pub fn margin_t(&self, currents_a: impl IntoIterator<Item = [f64; 2]>) -> Finding {
        let lowest = currents_a
            .into_iter()
            .filter_map(|[i_d, i_q]| self.lowest_t(i_d, i_q))
            .reduce(f64::min);
        self.over_knee(lowest)
    }

    /// A flux density along the magnetisation, `None` without magnets, minus that of the knee, T.
    pub(crate) fn over_knee(&self, lowest_t: Option<f64>) -> Finding {
        match (lowest_t, &self.knee_t) {
            (None, _) => Finding::NotKnown("the flux map has no magnets".to_owned()),
            (Some(lowest), Finding::Known(knee)) => Finding::Known(lowest - knee),
            (Some(_), unknown) => unknown.clone(),
        }
    }
}

fn knee(grade: &MagnetGrade, temperature_k: f64) -> Finding {
    match grade.knee_t(temperature_k) {
        Some(knee) => Finding::Known(knee),
        None => Finding::NotKnown(format!(
            "the knee of magnet grade `{}` at {:.0} °C is not known",
            grade.name,
            temperature_k - crate::conditions::ZERO_CELSIUS_K
        )),
    }
}

#[cfg(test)]
mod tests {
    use codrive_model::material::Knee;

    use super::*;
    use crate::fixture;

    fn grade(knee: Option<Knee>) -> MagnetGrade {
        MagnetGrade {
            knee,
            ..fixture::magnet()
        }
    }

    fn rising_knee() -> Option<Knee> {
        Some(Knee {
            source: "test".to_owned(),
            temperature_k: vec![293.15, 393.15],
            b_t: vec![0.1, 0.5],
        })
    }

    /// The fixture's magnets have 0.8 T + i_d/4000 A; the knee at 343.15 K is 0.3 T.
    #[test]
    fn the_margin_is_the_lowest_flux_density_over_the_knee() {
        let magnets = Magnets::new(&fixture::saturating_map(), &grade(rising_knee()), 343.15);
        let magnets = magnets.unwrap();
        let margin = |currents: &[[f64; 2]]| magnets.margin_t(currents.iter().copied());
        let known = |currents: &[[f64; 2]]| margin(currents).value().unwrap();
        assert!((known(&[[0.0, 0.0]]) - 0.5).abs() < 1e-12);
        assert!((known(&[[-400.0, 300.0], [-800.0, -200.0]]) - 0.3).abs() < 1e-12);
    }

    #[test]
    fn what_is_not_known_is_said_by_name() {
        let map = fixture::saturating_map();
        let said = |grade: MagnetGrade, kelvin: f64| {
            let magnets = Magnets::new(&map, &grade, kelvin).unwrap();
            match magnets.margin_t([[0.0, 0.0]]) {
                Finding::NotKnown(why) => why,
                Finding::Known(margin) => format!("{margin} T"),
            }
        };
        assert!(said(grade(None), 373.15).contains("`N42SH` at 100 °C"));
        assert!(said(grade(rising_knee()), 423.15).contains("150 °C is not known"));
        let bare = FluxMap {
            magnet_flux_density_min_t: vec![],
            ..map.clone()
        };
        let magnets = Magnets::new(&bare, &grade(rising_knee()), 343.15).unwrap();
        assert_eq!(magnets.margin_t([[0.0, 0.0]]).value(), None);
    }
}
