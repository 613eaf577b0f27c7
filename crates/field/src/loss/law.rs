//! What a steel loses in a sinusoidal field, by origin.
//!
//! p(f, B) = h(B) f^α + k_e f² B² + e(B) f^1.5 in W/kg: hysteresis, classical eddy currents, excess
//! (Bertotti 1988, IEEE Trans. Magn. 24, 621, doi:10.1109/20.43994). A steel states either coefficients, h = k_h B^β
//! and e = k_exc B^1.5, or a measured table, which is separated here.

use std::f64::consts::PI;

use codrive_model::loss_table::LossTable;
use codrive_model::material::Steel;

use crate::error::FieldError;

/// Exponent of frequency of excess loss.
const EXCESS_EXPONENT: f64 = 1.5;
/// Largest root mean square of the relative errors of a separation.
const MOST_RESIDUAL: f64 = 0.10;

/// The law of a steel.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Law {
    pub(crate) hysteresis: Term,
    pub(crate) excess: Option<Term>,
    /// Classical eddy loss over f² B².
    pub(crate) k_e: f64,
}

/// Loss of one origin: size(B) f^α, W/kg.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Term {
    /// α.
    pub(crate) exponent: f64,
    pub(crate) size: Size,
}

/// The factor of f^α over flux density.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Size {
    /// k B^β.
    Power { k: f64, beta: f64 },
    /// size(B)/B^α, linear between flux densities, held below them and going on above them.
    Table { b_t: Vec<f64>, over_power: Vec<f64> },
}

impl Law {
    /// The law of a steel.
    ///
    /// # Errors
    /// A loss table that the three origins do not describe.
    pub(crate) fn new(steel: &Steel) -> Result<Self, FieldError> {
        if let Some(table) = &steel.loss_table {
            let (law, residual) = separated(table, steel.density_kg_per_m3);
            if residual <= MOST_RESIDUAL {
                return Ok(law);
            }
            return Err(FieldError::Steel {
                steel: steel.name.clone(),
                reason: format!(
                    "hysteresis, eddy and excess loss miss its loss table by {:.1} % rms: must be at most {:.0} %; \
                     leave out frequencies whose skin depth is below the sheet's thickness, or state [loss]",
                    100.0 * residual,
                    100.0 * MOST_RESIDUAL
                ),
            });
        }
        let loss = steel.loss;
        let power = |exponent: f64, k: f64, beta: f64| Term {
            exponent,
            size: Size::Power { k, beta },
        };
        Ok(Self {
            hysteresis: power(loss.alpha, loss.k_h, loss.beta),
            excess: (loss.k_exc > 0.0).then(|| power(EXCESS_EXPONENT, loss.k_exc, EXCESS_EXPONENT)),
            k_e: loss.k_e,
        })
    }

    /// Loss of a sinusoid, W/kg.
    pub(crate) fn at(&self, frequency_hz: f64, b_t: f64) -> f64 {
        let excess = self.excess.as_ref();
        self.hysteresis.at(frequency_hz, b_t)
            + self.k_e * (frequency_hz * b_t).powi(2)
            + excess.map_or(0.0, |term| term.at(frequency_hz, b_t))
    }
}

impl Term {
    fn at(&self, frequency_hz: f64, b_t: f64) -> f64 {
        let size = match &self.size {
            Size::Power { k, beta } => k * b_t.powf(*beta),
            Size::Table {
                b_t: knots,
                over_power,
            } => linear(knots, over_power, b_t) * b_t.powf(self.exponent),
        };
        size * frequency_hz.powf(self.exponent)
    }
}

/// Linear between knots, held below the first, going on above the last but not below zero.
pub(super) fn linear(knots: &[f64], values: &[f64], x: f64) -> f64 {
    let above = knots.partition_point(|knot| *knot <= x);
    if above == 0 {
        return values[0];
    }
    let i = above.min(knots.len() - 1) - 1;
    let share = (x - knots[i]) / (knots[i + 1] - knots[i]);
    (values[i] + share * (values[i + 1] - values[i])).max(0.0)
}

/// Hysteresis and excess at each flux density by least squares of the relative errors, none below zero, classical
/// loss being π² σ d² B² f²/(6 ρ); with the root mean square of the relative errors of all points.
fn separated(table: &LossTable, density_kg_per_m3: f64) -> (Law, f64) {
    let k_e = PI * PI * table.conductivity_s_per_m * table.thickness_m.powi(2)
        / (6.0 * density_kg_per_m3);
    let (mut b, mut hysteresis, mut excess) = (Vec::new(), Vec::new(), Vec::new());
    let (mut squares, mut count) = (0.0, 0.0);
    for (b_t, points) in table.by_flux_density() {
        let rows: Vec<[f64; 3]> = points
            .iter()
            .map(|[f, p]| {
                [
                    f / p,
                    f.powf(EXCESS_EXPONENT) / p,
                    1.0 - k_e * (f * b_t).powi(2) / p,
                ]
            })
            .collect();
        let [h, e] = least_squares(&rows);
        squares += rows
            .iter()
            .map(|[x, y, z]| (h * x + e * y - z).powi(2))
            .sum::<f64>();
        count += rows.iter().map(|_| 1.0).sum::<f64>();
        b.push(b_t);
        hysteresis.push(h / b_t);
        excess.push(e / b_t.powf(EXCESS_EXPONENT));
    }
    let term = |exponent: f64, over_power: Vec<f64>| Term {
        exponent,
        size: Size::Table {
            b_t: b.clone(),
            over_power,
        },
    };
    let law = Law {
        hysteresis: term(1.0, hysteresis),
        excess: Some(term(EXCESS_EXPONENT, excess)),
        k_e,
    };
    (law, (squares / count).sqrt())
}

/// Coefficients of x and y that come nearest to z, none below zero.
fn least_squares(rows: &[[f64; 3]]) -> [f64; 2] {
    let sum = |i: usize, j: usize| rows.iter().map(|row| row[i] * row[j]).sum::<f64>();
    let (xx, xy, yy, xz, yz) = (sum(0, 0), sum(0, 1), sum(1, 1), sum(0, 2), sum(1, 2));
    let determinant = xx * yy - xy * xy;
    let [x, y] = [
        (xz * yy - yz * xy) / determinant,
        (yz * xx - xz * xy) / determinant,
    ];
    if x.is_finite() && x < 0.0 {
        [0.0, (yz / yy).max(0.0)]
    } else if y.is_finite() && y >= 0.0 {
        [x, y]
    } else {
        [(xz / xx).max(0.0), 0.0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steel(points: Vec<[f64; 3]>) -> Steel {
        Steel {
            loss_table: Some(LossTable {
                source: "test".to_owned(),
                thickness_m: 0.35e-3,
                conductivity_s_per_m: 1.0 / 59e-8,
                points,
            }),
            density_kg_per_m3: 7600.0,
            ..crate::verify::a_steel()
        }
    }

    /// A table made of h = 0.014 B^1.7, e = 6e-4 B^1.5 and the classical loss gives them back.
    #[test]
    fn a_made_up_table_gives_its_coefficients_back() {
        let k_e = PI * PI * (0.35e-3_f64).powi(2) / (6.0 * 7600.0 * 59e-8);
        let loss = |f: f64, b: f64| {
            0.014 * b.powf(1.7) * f + k_e * (f * b).powi(2) + 6e-4 * (f * b).powf(1.5)
        };
        let mut points = Vec::new();
        for f in [400.0, 50.0, 1000.0, 200.0] {
            points.extend([0.3, 0.1, 0.8, 1.5].map(|b| [f, b, loss(f, b)]));
        }
        let law = Law::new(&steel(points)).unwrap();
        assert!((law.k_e / k_e - 1.0).abs() < 1e-12);
        for b in [0.1_f64, 0.3, 0.8, 1.5] {
            let hysteresis = law.hysteresis.at(1.0, b);
            assert!((hysteresis / (0.014 * b.powf(1.7)) - 1.0).abs() < 1e-9);
            let excess = law.excess.as_ref().unwrap().at(1.0, b);
            assert!((excess / (6e-4 * b.powf(1.5)) - 1.0).abs() < 1e-8);
            assert!((law.at(700.0, b) / loss(700.0, b) - 1.0).abs() < 1e-9);
        }
        // Above the last flux density it goes on.
        assert!(law.at(400.0, 1.7) > loss(400.0, 1.5));
    }

    /// M235-35A: frequency, Hz, and loss, W/kg, at 0.1, 0.2, ... T. Thickness of the grade's name; 59 µΩcm and
    /// 7600 kg/m³ of the class in Cogent's brochure of fully processed steels.
    ///
    /// Source: pyleecan, material M235-35A (Apache-2.0).
    const M235_35A: [(f64, &[f64]); 5] = [
        (
            50.0,
            &[
                0.02, 0.06, 0.11, 0.2, 0.29, 0.38, 0.5, 0.62, 0.77, 0.92, 1.1, 1.31, 1.56, 1.92,
                2.25,
            ],
        ),
        (
            100.0,
            &[
                0.04, 0.14, 0.3, 0.49, 0.71, 0.97, 1.25, 1.57, 1.92, 2.31, 2.75, 3.26, 3.88, 4.67,
                5.54,
            ],
        ),
        (
            200.0,
            &[
                0.08, 0.32, 0.73, 1.21, 1.78, 2.44, 3.19, 4.03, 4.97, 6.01, 7.19, 8.54, 10.1, 12.2,
                14.4,
            ],
        ),
        (
            400.0,
            &[
                0.19, 0.87, 1.88, 3.17, 4.73, 6.56, 8.67, 11.0, 13.8, 16.9, 20.3, 24.3, 28.9, 34.8,
                41.2,
            ],
        ),
        (
            1000.0,
            &[
                0.93, 3.55, 7.45, 12.3, 18.5, 25.8, 34.6, 45.0, 57.2, 71.5, 88.3,
            ],
        ),
    ];

    /// Three origins describe the published table within 6 % rms, and within 4 % rms from 0.5 T on.
    #[test]
    fn a_published_table_is_described() {
        let at = |(f, losses): &(f64, &[f64])| -> Vec<[f64; 3]> {
            let level = |(k, p): (usize, &f64)| [*f, 0.1 * (k + 1) as f64, *p];
            losses.iter().enumerate().map(level).collect()
        };
        let points: Vec<[f64; 3]> = M235_35A.iter().flat_map(at).collect();
        let law = Law::new(&steel(points.clone())).unwrap();
        let rms = |least_t: f64| {
            let points = points.iter().filter(|p| p[1] > least_t - 1e-9);
            let errors: Vec<f64> = points.map(|[f, b, p]| law.at(*f, *b) / p - 1.0).collect();
            (errors.iter().map(|e| e * e).sum::<f64>() / errors.len() as f64).sqrt()
        };
        let (all, strong) = (rms(0.0), rms(0.5));
        assert!(all < 0.06 && strong < 0.04, "{all} {strong}");
    }

    #[test]
    fn a_table_that_no_law_describes_is_refused_with_its_residual() {
        let points = |f: f64| [0.5, 1.0, 1.5].map(|b| [f, b, 1e-9 * (f * b).powi(3)]);
        let points = [50.0, 400.0, 2500.0].into_iter().flat_map(points).collect();
        let error = Law::new(&steel(points)).unwrap_err().to_string();
        assert!(error.contains("% rms: must be at most 10 %"), "{error}");
    }
}
