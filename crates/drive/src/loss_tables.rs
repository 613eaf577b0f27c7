//! Iron and magnet losses of a section over its unit currents, at any electrical frequency.

use codrive_model::flux_map::FluxMap;
use codrive_numerics::bilinear::{Bilinear, Place};

use crate::error::DriveError;

/// Iron and magnet losses, W per metre of stack, without build factors.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CoreLoss {
    /// Stator lamination.
    pub stator_w_per_m: f64,
    /// Rotor lamination.
    pub rotor_w_per_m: f64,
    /// Magnets, axially unsegmented.
    pub magnet_w_per_m: f64,
}

/// Factors of the tables at one frequency.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FrequencyFactors {
    hysteresis: f64,
    excess: f64,
    eddy: f64,
}

/// The loss tables of a section. Linear between knots, so never below zero.
#[derive(Clone, Debug)]
pub struct LossTables {
    /// Stator hysteresis and eddy, rotor hysteresis and eddy, magnets.
    tables: Bilinear<5>,
    /// Stator and rotor excess, of a steel that tells it from hysteresis.
    excess: Option<Bilinear<2>>,
    base_frequency_hz: f64,
    hysteresis_exponent: f64,
}

impl LossTables {
    /// Reads the tables of a map.
    ///
    /// # Errors
    /// Tables that do not fit the map's axes, or a base frequency that is not positive.
    pub fn new(map: &FluxMap) -> Result<Self, DriveError> {
        let loss = &map.loss;
        if !(loss.base_frequency_hz > 0.0 && loss.hysteresis_exponent > 0.0) {
            let reason = "its losses have no base frequency or exponent".to_owned();
            return Err(DriveError::FluxMap {
                section: map.section.clone(),
                reason,
            });
        }
        let tables = [
            &loss.stator_hysteresis_w_per_m[..],
            &loss.stator_eddy_w_per_m,
            &loss.rotor_hysteresis_w_per_m,
            &loss.rotor_eddy_w_per_m,
            &loss.magnet_eddy_w_per_m,
        ];
        let error = |source| DriveError::Table {
            section: map.section.clone(),
            source,
        };
        let excess = [&loss.stator_excess_w_per_m[..], &loss.rotor_excess_w_per_m];
        let told = excess.iter().any(|table| table.iter().any(|w| *w != 0.0));
        let excess = told.then(|| Bilinear::new(&map.i_d_a, &map.i_q_a, excess));
        Ok(Self {
            excess: excess.transpose().map_err(error)?,
            tables: Bilinear::new(&map.i_d_a, &map.i_q_a, tables).map_err(error)?,
            base_frequency_hz: loss.base_frequency_hz,
            hysteresis_exponent: loss.hysteresis_exponent,
        })
    }

    /// The factors (f/f_0)^α, (f/f_0)^1.5 and (f/f_0)².
    #[must_use]
    pub fn factors(&self, frequency_hz: f64) -> FrequencyFactors {
        let ratio = frequency_hz / self.base_frequency_hz;
        FrequencyFactors {
            hysteresis: ratio.powf(self.hysteresis_exponent),
            excess: ratio * ratio.sqrt(),
            eddy: ratio * ratio,
        }
    }

    /// Where unit currents lie, i_q of either sign, in the tables of losses over the map's currents.
    #[must_use]
    pub fn place(&self, i_d_a: f64, i_q_a: f64) -> Place {
        self.tables.place(i_d_a, i_q_a.abs())
    }

    /// Adds losses at all currents of the map, parts weighted, to a table of them; see [`Self::at`].
    pub(crate) fn add_to(&self, sum: &mut [f64], factors: FrequencyFactors, weights: CoreLoss) {
        let FrequencyFactors {
            hysteresis,
            excess,
            eddy,
        } = factors;
        let CoreLoss {
            stator_w_per_m: stator,
            rotor_w_per_m: rotor,
            magnet_w_per_m: magnet,
        } = weights;
        let weights = [
            stator * hysteresis,
            stator * eddy,
            rotor * hysteresis,
            rotor * eddy,
            magnet * eddy,
        ];
        self.tables.add_weighted(weights, sum);
        if let Some(tables) = &self.excess {
            tables.add_weighted([stator * excess, rotor * excess], sum);
        }
    }

    /// Number of currents of the map.
    pub(crate) fn currents(&self) -> usize {
        self.tables.nodes()
    }

    /// Value and slopes by i_d and i_q (i_q of either sign, the table even in it) of a table over the map's
    /// currents.
    pub(crate) fn slopes_in(&self, table: &[f64], i_d_a: f64, i_q_a: f64) -> (f64, [f64; 2]) {
        let place = self.place(i_d_a, i_q_a);
        let (value, [by_i_d, by_i_q]) = self.tables.slopes_in(table, place);
        (value, [by_i_d, by_i_q * 1.0_f64.copysign(i_q_a)])
    }

    /// Classical eddy loss of the stator at a place, W per metre of stack.
    #[must_use]
    pub fn stator_classical_w_per_m(&self, place: Place, factors: FrequencyFactors) -> f64 {
        let [_, classical, ..] = self.tables.at(place);
        classical * factors.eddy
    }

    /// Losses at a place.
    #[must_use]
    pub fn at(&self, place: Place, factors: FrequencyFactors) -> CoreLoss {
        let [sh, se, rh, re, m] = self.tables.at(place);
        let mut loss = CoreLoss {
            stator_w_per_m: sh * factors.hysteresis + se * factors.eddy,
            rotor_w_per_m: rh * factors.hysteresis + re * factors.eddy,
            magnet_w_per_m: m * factors.eddy,
        };
        if let Some(tables) = &self.excess {
            let [stator, rotor] = tables.at(place);
            loss.stator_w_per_m += stator * factors.excess;
            loss.rotor_w_per_m += rotor * factors.excess;
        }
        loss
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    /// Excess goes with f^1.5, from the table of losses and from the sum of all tables alike.
    #[test]
    fn excess_grows_with_the_frequency_to_the_power_of_three_halves() {
        let plain = LossTables::new(&fixture::saturating_map()).unwrap();
        let mut map = fixture::saturating_map();
        map.loss.stator_excess_w_per_m.fill(200.0);
        map.loss.rotor_excess_w_per_m.fill(30.0);
        let told = LossTables::new(&map).unwrap();
        for frequency_hz in [50.0, 500.0, 1500.0] {
            let place = told.place(-300.0, 400.0);
            let factors = told.factors(frequency_hz);
            let [with, without] = [&told, &plain].map(|tables| tables.at(place, factors));
            let factor = (frequency_hz / 500.0_f64).powf(1.5);
            let stator = with.stator_w_per_m - without.stator_w_per_m;
            let rotor = with.rotor_w_per_m - without.rotor_w_per_m;
            assert!((stator / (200.0 * factor) - 1.0).abs() < 1e-9);
            assert!((rotor / (30.0 * factor) - 1.0).abs() < 1e-9);
            let mut sum = vec![0.0; told.currents()];
            let weights = CoreLoss {
                stator_w_per_m: 1.0,
                rotor_w_per_m: 1.0,
                magnet_w_per_m: 1.0,
            };
            told.add_to(&mut sum, factors, weights);
            let all = with.stator_w_per_m + with.rotor_w_per_m + with.magnet_w_per_m;
            let (value, _) = told.slopes_in(&sum, -300.0, 400.0);
            assert!((value / all - 1.0).abs() < 1e-9);
        }
    }
}
