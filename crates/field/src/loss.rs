//! Iron and magnet losses from the waveforms that the rotor positions give.
//!
//! Positions over 60 electrical degrees are enough. The rotor sees a period of 60°. In the stator
//! the field moves on by one phase belt in 60°, so that what a tooth sees later is what the tooth
//! one belt back sees now; with the change of sign from pole to pole that gives a whole period.

use std::f64::consts::{PI, TAU};

use codrive_model::material::{MagnetGrade, Steel, SteelLoss};

use crate::snapshot::{LossCells, Snapshot};

/// Losses of the whole machine at one operating point and the base frequency, W per metre of stack.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Losses {
    /// Hysteresis in the stator.
    pub stator_hysteresis: f64,
    /// Classical eddy loss in the stator laminations.
    pub stator_eddy: f64,
    /// Hysteresis in the rotor.
    pub rotor_hysteresis: f64,
    /// Classical eddy loss in the rotor laminations.
    pub rotor_eddy: f64,
    /// Eddy loss in the magnets, resistance-limited.
    pub magnet_eddy: f64,
}

/// What the evaluation needs besides the snapshots.
#[derive(Clone, Debug)]
pub struct LossModel {
    /// Cells and areas.
    pub cells: LossCells,
    /// Number of positions over 60 electrical degrees.
    pub positions: usize,
    /// Slots per pole and phase.
    pub q: usize,
    /// Poles of the machine.
    pub poles: f64,
    /// Base electrical frequency, Hz.
    pub frequency_hz: f64,
    /// Mass of steel per volume of stack, kg/m³.
    pub steel_density: f64,
    /// Share of steel in the stack.
    pub stacking: f64,
    /// Loss coefficients of the steel.
    pub coefficients: SteelLoss,
    /// Conductivity of the magnets, S/m.
    pub conductivity: f64,
    /// k_i of the improved generalised Steinmetz equation.
    k_i: f64,
}

impl LossModel {
    /// Collects what the evaluation needs.
    #[must_use]
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        cells: LossCells,
        positions: usize,
        q: usize,
        poles: f64,
        frequency_hz: f64,
        steel: &Steel,
        stacking: f64,
        magnet: &MagnetGrade,
    ) -> Self {
        Self {
            cells,
            positions,
            q,
            poles,
            frequency_hz,
            steel_density: steel.density_kg_per_m3 * stacking,
            stacking,
            coefficients: steel.loss,
            conductivity: magnet.conductivity_s_per_m,
            k_i: steinmetz_constant(steel.loss),
        }
    }

    /// Losses of one lane from the snapshots of all positions.
    #[must_use]
    pub fn evaluate(&self, snapshots: &[&Snapshot], lane: usize) -> Losses {
        let mut losses = Losses::default();
        let (mut bx, mut by) = (Vec::new(), Vec::new());
        let half_wave = Harmonics::odd(3 * self.positions);
        let belts = 3.0 * self.poles * self.steel_density;
        for s in 0..self.q {
            for (j, (_, area)) in self.cells.stator.iter().enumerate() {
                self.stator_waveform(snapshots, lane, s, j, &mut bx, &mut by);
                let density = self.densities(&bx, &by, true, &half_wave);
                losses.stator_hysteresis += belts * area * density[0];
                losses.stator_eddy += belts * area * density[1];
            }
        }
        let sixth = Harmonics::multiples_of_six(self.positions);
        for (j, (_, area)) in self.cells.rotor.iter().enumerate() {
            let samples = snapshots.iter().map(|s| s.rotor_b[j].map(|b| b.0[lane]));
            self.fill(&mut bx, &mut by, samples);
            let density = self.densities(&bx, &by, false, &sixth);
            losses.rotor_hysteresis += self.poles * self.steel_density * area * density[0];
            losses.rotor_eddy += self.poles * self.steel_density * area * density[1];
        }
        losses.magnet_eddy = self.magnets(snapshots, lane, &sixth);
        losses
    }

    fn fill(&self, bx: &mut Vec<f64>, by: &mut Vec<f64>, samples: impl Iterator<Item = [f32; 2]>) {
        bx.clear();
        by.clear();
        for [x, y] in samples {
            bx.push(f64::from(x) / self.stacking);
            by.push(f64::from(y) / self.stacking);
        }
    }

    /// Half a period seen by stator cell `j` of slot `s` of the first belt.
    fn stator_waveform(
        &self,
        snapshots: &[&Snapshot],
        lane: usize,
        s: usize,
        j: usize,
        bx: &mut Vec<f64>,
        by: &mut Vec<f64>,
    ) {
        let (slots, cells) = (3 * self.q, self.cells.stator.len());
        let samples = (0..3).flat_map(|belt| {
            let back = belt * self.q;
            let (slot, sign) = if s >= back {
                (s - back, 1.0)
            } else {
                (s + slots - back, -1.0)
            };
            snapshots
                .iter()
                .map(move |shot| shot.stator_b[slot * cells + j].map(|b| sign * b.0[lane]))
        });
        self.fill(bx, by, samples);
    }

    /// Hysteresis and eddy loss density at the base frequency, W/kg.
    ///
    /// The waveform is turned into its major and minor axes (principal directions); hysteresis by
    /// the improved generalised Steinmetz equation on both (Venkatachalam et al. 2002), without
    /// splitting minor loops; a bias multiplies it by 1 + 0.65 B^2.1 (as SyR-e). Eddy loss
    /// k_e Σ (n f B_n)² over both components.
    fn densities(
        &self,
        bx: &[f64],
        by: &[f64],
        half_wave: bool,
        harmonics: &Harmonics,
    ) -> [f64; 2] {
        let bias = if half_wave {
            [0.0; 2]
        } else {
            [mean(bx), mean(by)]
        };
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for (x, y) in bx.iter().zip(by) {
            let (x, y) = (x - bias[0], y - bias[1]);
            xx += x * x;
            xy += x * y;
            yy += y * y;
        }
        let (sin, cos) = (0.5 * (2.0 * xy).atan2(xx - yy)).sin_cos();
        let along = |i: usize, c: f64, s: f64| c * (bx[i] - bias[0]) + s * (by[i] - bias[1]);
        let n = bx.len();
        let step = 1.0 / (6.0 * self.positions as f64 * self.frequency_hz);
        let mut hysteresis = 0.0;
        for (c, s) in [(cos, sin), (-sin, cos)] {
            let (mut low, mut high, mut rate) = (f64::MAX, f64::MIN, 0.0);
            for i in 0..n {
                let value = along(i, c, s);
                let next = if i + 1 < n {
                    along(i + 1, c, s)
                } else {
                    along(0, c, s) * if half_wave { -1.0 } else { 1.0 }
                };
                low = low.min(value);
                high = high.max(value);
                rate += ((next - value).abs() / step).powf(self.coefficients.alpha);
            }
            let swing = if half_wave {
                2.0 * high.max(-low)
            } else {
                high - low
            };
            if swing > 1e-6 {
                hysteresis +=
                    self.k_i * swing.powf(self.coefficients.beta - self.coefficients.alpha) * rate
                        / n as f64;
            }
        }
        let offset = bias[0].hypot(bias[1]);
        let eddy = harmonics.sum_of_squares(bx) + harmonics.sum_of_squares(by);
        let eddy = self.coefficients.k_e * self.frequency_hz * self.frequency_hz * eddy;
        [hysteresis * (1.0 + 0.65 * offset.powf(2.1)), eddy]
    }

    /// σ ω² |A − Ā|²/2 over all harmonics, A minus its mean over the magnet at every instant.
    fn magnets(&self, snapshots: &[&Snapshot], lane: usize, harmonics: &Harmonics) -> f64 {
        let mut loss = 0.0;
        let mut first = 0;
        let mut wave = vec![0.0; snapshots.len()];
        for cells in &self.cells.magnets {
            let total: f64 = cells.iter().map(|(_, area)| area).sum();
            let means: Vec<f64> = snapshots
                .iter()
                .map(|s| {
                    cells
                        .iter()
                        .zip(&s.magnet_a[first..])
                        .map(|((_, area), a)| area * a.0[lane])
                        .sum::<f64>()
                        / total
                })
                .collect();
            for (j, (_, area)) in cells.iter().enumerate() {
                for (w, (s, m)) in wave.iter_mut().zip(snapshots.iter().zip(&means)) {
                    *w = s.magnet_a[first + j].0[lane] - m;
                }
                loss += area * harmonics.sum_of_squares(&wave);
            }
            first += cells.len();
        }
        let omega = TAU * self.frequency_hz;
        0.5 * self.poles * self.conductivity * omega * omega * loss
    }
}

fn mean(v: &[f64]) -> f64 {
    v.iter().sum::<f64>() / v.len() as f64
}

/// k_i = k_h / ((2π)^(α−1) ∫₀^2π |cos θ|^α 2^(β−α) dθ), by the midpoint rule.
fn steinmetz_constant(loss: SteelLoss) -> f64 {
    const PIECES: u32 = 2000;
    let step = TAU / f64::from(PIECES);
    let integral: f64 = (0..PIECES)
        .map(|i| step * ((f64::from(i) + 0.5) * step).cos().abs().powf(loss.alpha))
        .sum();
    loss.k_h / (TAU.powf(loss.alpha - 1.0) * integral * 2.0_f64.powf(loss.beta - loss.alpha))
}

/// Tables for Σ n² |B_n|² over the harmonics of a sampled waveform.
#[derive(Clone, Debug)]
struct Harmonics {
    /// Order times amplitude scale, and cosine and sine at the samples.
    orders: Vec<(f64, Vec<[f64; 2]>)>,
}

impl Harmonics {
    /// Odd orders of a half wave of `n` samples.
    fn odd(n: usize) -> Self {
        let table = |order: usize| {
            let turn = |m: usize| (PI * (order * m % (2 * n)) as f64 / n as f64).sin_cos();
            let waves = (0..n).map(turn).map(|(s, c)| [c, s]).collect();
            (order as f64 * 2.0 / n as f64, waves)
        };
        Self {
            orders: (1..n).step_by(2).map(table).collect(),
        }
    }

    /// Orders 6, 12 … of `n` samples over a sixth of the period.
    fn multiples_of_six(n: usize) -> Self {
        let table = |k: usize| {
            let turn = |m: usize| (TAU * (k * m % n) as f64 / n as f64).sin_cos();
            let waves = (0..n).map(turn).map(|(s, c)| [c, s]).collect();
            let scale = if 2 * k == n { 1.0 } else { 2.0 };
            (6.0 * k as f64 * scale / n as f64, waves)
        };
        Self {
            orders: (1..=n / 2).map(table).collect(),
        }
    }

    fn sum_of_squares(&self, samples: &[f64]) -> f64 {
        let mut total = 0.0;
        for (scale, waves) in &self.orders {
            let (mut c, mut s) = (0.0, 0.0);
            for (b, [cos, sin]) in samples.iter().zip(waves) {
                c += b * cos;
                s += b * sin;
            }
            total += scale * scale * (c * c + s * s);
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(positions: usize) -> LossModel {
        let loss = SteelLoss {
            k_h: 0.008,
            alpha: 1.2,
            beta: 1.8,
            k_e: 3e-5,
        };
        LossModel {
            cells: LossCells {
                rotor: vec![],
                stator: vec![],
                magnets: vec![],
            },
            positions,
            q: 2,
            poles: 8.0,
            frequency_hz: 400.0,
            steel_density: 7600.0,
            stacking: 1.0,
            coefficients: loss,
            conductivity: 0.0,
            k_i: steinmetz_constant(loss),
        }
    }

    /// A sinusoid must give the fitted law k_h f^α B^β + k_e f² B².
    #[test]
    fn a_sinusoid_gives_the_fitted_law() {
        let model = model(48);
        let n = 3 * 48;
        let wave: Vec<f64> = (0..n)
            .map(|m| 1.3 * (PI * f64::from(m) / f64::from(n)).cos())
            .collect();
        let [h, e] = model.densities(
            &wave,
            &vec![0.0; wave.len()],
            true,
            &Harmonics::odd(wave.len()),
        );
        let (c, f) = (model.coefficients, model.frequency_hz);
        assert!((h / (c.k_h * f.powf(c.alpha) * 1.3_f64.powf(c.beta)) - 1.0).abs() < 1e-3);
        assert!((e / (c.k_e * f * f * 1.69) - 1.0).abs() < 1e-9);
    }
}
