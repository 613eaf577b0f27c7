//! Iron and magnet losses from the waveforms that the rotor positions give.
//!
//! Positions over 60 electrical degrees are enough: what a slot or a pole sees later is what another
//! one sees now ([`crate::symmetry`]). In the stator, three slots give half a period and the change of
//! sign the other half. In the rotor, as many poles give a period as it is long.

use std::f64::consts::{PI, TAU};

use codrive_model::material::{MagnetGrade, Steel, SteelLoss};

use codrive_numerics::power::power;
use pulp::{Arch, Simd, WithSimd};

use crate::slot_zones::ZONES;
use crate::snapshot::{LossCells, Snapshot};
use crate::solve::lanes::{F32, F64, LANES};
use crate::symmetry::Sixth;

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
    /// Σ n² B_n²/2 of the zones of a slot, tangential and radial, mean over the slots, T².
    pub slot_field: [[f64; 2]; ZONES],
}

/// What the evaluation needs besides the snapshots.
#[derive(Clone, Debug)]
pub struct LossModel {
    /// Cells and areas.
    pub cells: LossCells,
    /// Number of positions over 60 electrical degrees.
    pub positions: usize,
    /// What slots and poles see later.
    pub sixth: Sixth,
    /// Sectors of the machine.
    pub sectors: f64,
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
        sixth: Sixth,
        sectors: f64,
        frequency_hz: f64,
        steel: &Steel,
        stacking: f64,
        magnet: &MagnetGrade,
    ) -> Self {
        Self {
            cells,
            positions,
            sixth,
            sectors,
            frequency_hz,
            steel_density: steel.density_kg_per_m3 * stacking,
            stacking,
            coefficients: steel.loss,
            conductivity: magnet.conductivity_s_per_m,
            k_i: steinmetz_constant(steel.loss),
        }
    }

    /// Losses of every lane from the snapshots of all positions.
    #[must_use]
    pub fn evaluate(&self, snapshots: &[&Snapshot]) -> [Losses; LANES] {
        Arch::new().dispatch(Evaluate {
            model: self,
            snapshots,
        })
    }

    #[inline(always)]
    fn evaluate_lanes(&self, snapshots: &[&Snapshot]) -> [Losses; LANES] {
        let mut losses = [Losses::default(); LANES];
        let mut wave: Vec<[F32; 2]> = Vec::new();
        let half_wave = Harmonics::odd(3 * self.positions);
        let alike = 3.0 * self.sectors * self.steel_density;
        for s in 0..self.sixth.different_slots() {
            for (j, (_, area)) in self.cells.stator.iter().enumerate() {
                self.stator_waveform(snapshots, s, j, &mut wave);
                let [hysteresis, eddy] = self.densities(&wave, true, &half_wave);
                for (l, losses) in losses.iter_mut().enumerate() {
                    losses.stator_hysteresis += alike * area * f64::from(hysteresis.0[l]);
                    losses.stator_eddy += alike * area * f64::from(eddy.0[l]);
                }
            }
        }
        self.slot_field(snapshots, &half_wave, &mut losses);
        let period = Harmonics::whole_period(self.positions, self.sixth.rotor_period());
        let in_rotor = self.alike_poles() * self.steel_density;
        for pole in 0..self.sixth.different_poles() {
            let seen = self.seen_by_pole(snapshots, pole, self.cells.rotor.len());
            for (j, (_, area)) in self.cells.rotor.iter().enumerate() {
                wave.clear();
                wave.extend(
                    seen.iter()
                        .map(|(s, at)| self.in_steel(s.rotor_b[at + j], 1.0)),
                );
                let [hysteresis, eddy] = self.densities(&wave, false, &period);
                for (l, losses) in losses.iter_mut().enumerate() {
                    losses.rotor_hysteresis += in_rotor * area * f64::from(hysteresis.0[l]);
                    losses.rotor_eddy += in_rotor * area * f64::from(eddy.0[l]);
                }
            }
        }
        let magnets = self.magnets(snapshots, &period);
        for (losses, magnet) in losses.iter_mut().zip(magnets.0) {
            losses.magnet_eddy = magnet;
        }
        losses
    }

    /// Iron losses of stator and rotor in the first lane, by their harmonics, W per metre of stack.
    ///
    /// Σ k_h (n f)^α |B_n|^β + k_e (n f)² |B_n|², |B_n|² = B_nx² + B_ny²: every harmonic on its own, both
    /// components as one amplitude. This is how pyleecan (`LossModelSteinmetz`) and others reckon; it is here
    /// for comparison with them. [`Self::evaluate`] follows the loops.
    #[must_use]
    pub fn by_harmonics(&self, snapshots: &[&Snapshot]) -> [f64; 2] {
        let mut wave: Vec<[F32; 2]> = Vec::new();
        let half_wave = Harmonics::odd(3 * self.positions);
        let mut stator = 0.0;
        for s in 0..self.sixth.different_slots() {
            for (j, (_, area)) in self.cells.stator.iter().enumerate() {
                self.stator_waveform(snapshots, s, j, &mut wave);
                stator += area * self.harmonic_density(&wave, &half_wave);
            }
        }
        let period = Harmonics::whole_period(self.positions, self.sixth.rotor_period());
        let mut rotor = 0.0;
        for pole in 0..self.sixth.different_poles() {
            let seen = self.seen_by_pole(snapshots, pole, self.cells.rotor.len());
            for (j, (_, area)) in self.cells.rotor.iter().enumerate() {
                wave.clear();
                let waves = seen.iter();
                wave.extend(waves.map(|(s, at)| self.in_steel(s.rotor_b[at + j], 1.0)));
                rotor += area * self.harmonic_density(&wave, &period);
            }
        }
        [
            3.0 * self.sectors * self.steel_density * stator,
            self.alike_poles() * self.steel_density * rotor,
        ]
    }

    /// Loss of the first lane by harmonics, W/kg.
    fn harmonic_density(&self, wave: &[[F32; 2]], harmonics: &Harmonics) -> f64 {
        let SteelLoss {
            k_h,
            alpha,
            beta,
            k_e,
        } = self.coefficients;
        let of = |order: &Order| {
            let [x, y] = order.square(wave);
            let b = (f64::from(x.0[0]) + f64::from(y.0[0])).sqrt() / order.n;
            let f = order.n * self.frequency_hz;
            k_h * f.powf(alpha) * b.powf(beta) + k_e * (f * b).powi(2)
        };
        harmonics.orders.iter().map(of).sum()
    }

    /// The alternating field in the slots' zones.
    #[inline(always)]
    fn slot_field(
        &self,
        snapshots: &[&Snapshot],
        half_wave: &Harmonics,
        losses: &mut [Losses; LANES],
    ) {
        let mut wave: Vec<[F32; 2]> = Vec::new();
        let slots = self.sixth.different_slots();
        for (s, zone) in (0..slots).flat_map(|s| (0..ZONES).map(move |zone| (s, zone))) {
            wave.clear();
            for sixths in 0..3 {
                let (slot, sign) = self.sixth.slot(s, sixths);
                let of = |shot: &&Snapshot| {
                    shot.slot_b[slot * ZONES + zone].map(|b| F32(b.0.map(|b| sign * b)))
                };
                wave.extend(snapshots.iter().map(of));
            }
            for (k, sum) in half_wave.sums_of_squares(&wave).iter().enumerate() {
                for (losses, sum) in losses.iter_mut().zip(sum.0) {
                    losses.slot_field[zone][k] += 0.5 * f64::from(sum) / slots as f64;
                }
            }
        }
    }

    /// Poles of the machine that see the same, one after the other.
    fn alike_poles(&self) -> f64 {
        self.sectors * self.sixth.rotor_period() as f64
    }

    /// Snapshots over a period of the rotor, each with the first cell of the pole to look at.
    fn seen_by_pole<'s>(
        &self,
        snapshots: &[&'s Snapshot],
        pole: usize,
        cells: usize,
    ) -> Vec<(&'s Snapshot, usize)> {
        (0..self.sixth.rotor_period())
            .flat_map(|sixths| {
                let first = self.sixth.pole(pole, sixths) * cells;
                snapshots.iter().map(move |s| (*s, first))
            })
            .collect()
    }

    /// Flux density in the steel itself.
    #[inline(always)]
    fn in_steel(&self, b: [F32; 2], sign: f32) -> [F32; 2] {
        #[allow(clippy::cast_possible_truncation)]
        let factor = sign / self.stacking as f32;
        b.map(|b| F32(b.0.map(|b| factor * b)))
    }

    /// Half a period seen by stator cell `j` of slot `s`.
    #[inline(always)]
    fn stator_waveform(
        &self,
        snapshots: &[&Snapshot],
        s: usize,
        j: usize,
        wave: &mut Vec<[F32; 2]>,
    ) {
        let cells = self.cells.stator.len();
        wave.clear();
        for sixths in 0..3 {
            let (slot, sign) = self.sixth.slot(s, sixths);
            let of = |shot: &&Snapshot| self.in_steel(shot.stator_b[slot * cells + j], sign);
            wave.extend(snapshots.iter().map(of));
        }
    }

    /// Hysteresis and eddy loss density at the base frequency, W/kg.
    ///
    /// The waveform is turned into its major and minor axes (principal directions); hysteresis by
    /// the improved generalised Steinmetz equation on both (Venkatachalam et al. 2002), without
    /// splitting minor loops; a bias multiplies it by 1 + 0.65 B^2.1 (as SyR-e). Eddy loss
    /// k_e Σ (n f B_n)² over both components.
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)]
    fn densities(&self, wave: &[[F32; 2]], half_wave: bool, harmonics: &Harmonics) -> [F32; 2] {
        let n = wave.len();
        let bias = if half_wave {
            [F32::ZERO; 2]
        } else {
            mean(wave)
        };
        let axes = principal_axes(wave, &bias);
        let step = 1.0 / (6.0 * self.positions as f64 * self.frequency_hz);
        let per_step = (1.0 / step) as f32;
        let (alpha, beta) = (
            self.coefficients.alpha as f32,
            self.coefficients.beta as f32,
        );
        let scale = (self.k_i / n as f64) as f32;
        let mut hysteresis = F32::ZERO;
        for [c, s] in axes {
            let along = |b: &[F32; 2]| {
                F32(std::array::from_fn(|l| {
                    c.0[l] * (b[0].0[l] - bias[0].0[l]) + s.0[l] * (b[1].0[l] - bias[1].0[l])
                }))
            };
            let first = along(&wave[0]);
            let (mut low, mut high, mut rate) = (first, first, F32::ZERO);
            let mut value = first;
            for i in 0..n {
                let next = match wave.get(i + 1) {
                    Some(b) => along(b),
                    None if half_wave => F32(first.0.map(|v| -v)),
                    None => first,
                };
                for l in 0..LANES {
                    low.0[l] = low.0[l].min(value.0[l]);
                    high.0[l] = high.0[l].max(value.0[l]);
                    rate.0[l] += power((next.0[l] - value.0[l]).abs() * per_step, alpha);
                }
                value = next;
            }
            for l in 0..LANES {
                let swing = if half_wave {
                    2.0 * high.0[l].max(-low.0[l])
                } else {
                    high.0[l] - low.0[l]
                };
                let loss = scale * power(swing, beta - alpha) * rate.0[l];
                hysteresis.0[l] += if swing > 1e-6 { loss } else { 0.0 };
            }
        }
        let eddy = harmonics.sums_of_squares(wave);
        let k_e = (self.coefficients.k_e * self.frequency_hz * self.frequency_hz) as f32;
        let mut densities = [F32::ZERO; 2];
        for l in 0..LANES {
            let offset = (bias[0].0[l] * bias[0].0[l] + bias[1].0[l] * bias[1].0[l]).sqrt();
            densities[0].0[l] = hysteresis.0[l] * (1.0 + 0.65 * power(offset, 2.1));
            densities[1].0[l] = k_e * (eddy[0].0[l] + eddy[1].0[l]);
        }
        densities
    }

    /// σ ω² |A − Ā|²/2 over all harmonics, A minus its mean over the magnet at every instant.
    #[inline(always)]
    fn magnets(&self, snapshots: &[&Snapshot], harmonics: &Harmonics) -> F64 {
        let mut loss = F64::ZERO;
        let in_pole = self.cells.magnets.iter().map(Vec::len).sum();
        for pole in 0..self.sixth.different_poles() {
            let seen = self.seen_by_pole(snapshots, pole, in_pole);
            let mut first = 0;
            for cells in &self.cells.magnets {
                add_magnet(&mut loss, &seen, first, cells, harmonics);
                first += cells.len();
            }
        }
        let omega = TAU * self.frequency_hz;
        let factor = 0.5 * self.alike_poles() * self.conductivity * omega * omega;
        loss.map(|l| factor * l)
    }
}

/// Adds Σ area · Σ n² |A_n − Ā_n|² over a magnet's cells, the first of which is `first` in its pole.
#[inline(always)]
fn add_magnet(
    loss: &mut F64,
    seen: &[(&Snapshot, usize)],
    first: usize,
    cells: &[(usize, f64)],
    harmonics: &Harmonics,
) {
    let total: f64 = cells.iter().map(|(_, area)| area).sum();
    let means: Vec<F64> = seen
        .iter()
        .map(|(s, at)| {
            let mut mean = F64::ZERO;
            for ((_, area), a) in cells.iter().zip(&s.magnet_a[at + first..]) {
                mean.add_multiple(area / total, a);
            }
            mean
        })
        .collect();
    let mut wave = vec![[F32::ZERO; 2]; seen.len()];
    for (j, (_, area)) in cells.iter().enumerate() {
        for (w, ((s, at), m)) in wave.iter_mut().zip(seen.iter().zip(&means)) {
            let mut off = s.magnet_a[at + first + j];
            off.add_multiple(-1.0, m);
            w[0] = off.single();
        }
        let sum = harmonics.sums_of_squares(&wave)[0];
        loss.add_multiple(*area, &F64(sum.0.map(f64::from)));
    }
}

/// The evaluation, compiled for each kind of vector instructions.
struct Evaluate<'a> {
    model: &'a LossModel,
    snapshots: &'a [&'a Snapshot],
}

impl WithSimd for Evaluate<'_> {
    type Output = [Losses; LANES];

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Self::Output {
        self.model.evaluate_lanes(self.snapshots)
    }
}

#[inline(always)]
#[allow(clippy::cast_precision_loss)]
fn mean(wave: &[[F32; 2]]) -> [F32; 2] {
    let mut sum = [F32::ZERO; 2];
    let share = 1.0 / wave.len() as f32;
    for b in wave {
        for (sum, b) in sum.iter_mut().zip(b) {
            for (sum, b) in sum.0.iter_mut().zip(b.0) {
                *sum += share * b;
            }
        }
    }
    sum
}

/// Unit vectors along the largest and the smallest spread of a waveform about its bias.
#[inline(always)]
fn principal_axes(wave: &[[F32; 2]], bias: &[F32; 2]) -> [[F32; 2]; 2] {
    let (mut xx, mut xy, mut yy) = (F32::ZERO, F32::ZERO, F32::ZERO);
    for b in wave {
        for l in 0..LANES {
            let (x, y) = (b[0].0[l] - bias[0].0[l], b[1].0[l] - bias[1].0[l]);
            xx.0[l] += x * x;
            xy.0[l] += x * y;
            yy.0[l] += y * y;
        }
    }
    let mut axes = [[F32::ZERO; 2]; 2];
    for l in 0..LANES {
        // Half-angle formulas of tan 2φ = 2 xy / (xx − yy).
        let (difference, twice) = (xx.0[l] - yy.0[l], 2.0 * xy.0[l]);
        let size = (difference * difference + twice * twice).sqrt();
        let cosine = if size > 0.0 { difference / size } else { 1.0 };
        let c = (0.5 * (1.0 + cosine)).max(0.0).sqrt();
        let s = (0.5 * (1.0 - cosine)).max(0.0).sqrt().copysign(twice);
        axes[0][0].0[l] = c;
        axes[0][1].0[l] = s;
        axes[1][0].0[l] = -s;
        axes[1][1].0[l] = c;
    }
    axes
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

/// Tables for the harmonics of a sampled waveform.
#[derive(Clone, Debug)]
struct Harmonics {
    orders: Vec<Order>,
}

#[derive(Clone, Debug)]
struct Order {
    /// Order n of the electrical frequency.
    n: f64,
    /// n times what makes an amplitude of a sum over the samples.
    scale: f32,
    /// Cosine and sine at the samples.
    turns: Vec<[f32; 2]>,
}

impl Harmonics {
    /// Odd orders of a half wave of `n` samples.
    fn odd(n: usize) -> Self {
        let table = |order: usize| {
            let turn = |m: usize| (PI * (order * m % (2 * n)) as f64 / n as f64).sin_cos();
            Order {
                n: order as f64,
                scale: (order as f64 * 2.0 / n as f64) as f32,
                turns: (0..n).map(turn).map(single).collect(),
            }
        };
        Self {
            orders: (1..n).step_by(2).map(table).collect(),
        }
    }

    /// All orders of a waveform that repeats after some sixths of the period, `n` samples in each.
    fn whole_period(n: usize, sixths: usize) -> Self {
        let first = 6.0 / sixths as f64;
        let n = sixths * n;
        let table = |k: usize| {
            let turn = |m: usize| (TAU * (k * m % n) as f64 / n as f64).sin_cos();
            let scale = if 2 * k == n { 1.0 } else { 2.0 };
            let order = first * k as f64;
            Order {
                n: order,
                scale: (order * scale / n as f64) as f32,
                turns: (0..n).map(turn).map(single).collect(),
            }
        };
        Self {
            orders: (1..=n / 2).map(table).collect(),
        }
    }

    #[inline(always)]
    fn sums_of_squares(&self, wave: &[[F32; 2]]) -> [F32; 2] {
        let mut total = [F32::ZERO; 2];
        for order in &self.orders {
            for (total, square) in total.iter_mut().zip(order.square(wave)) {
                for (total, square) in total.0.iter_mut().zip(square.0) {
                    *total += square;
                }
            }
        }
        total
    }
}

impl Order {
    /// n² B_n² of both components.
    #[inline(always)]
    fn square(&self, wave: &[[F32; 2]]) -> [F32; 2] {
        let mut sums = [[F32::ZERO; 2]; 2];
        for (b, turn) in wave.iter().zip(&self.turns) {
            for (sums, b) in sums.iter_mut().zip(b) {
                for (sum, turn) in sums.iter_mut().zip(turn) {
                    for (sum, b) in sum.0.iter_mut().zip(b.0) {
                        *sum += b * turn;
                    }
                }
            }
        }
        let scale = self.scale * self.scale;
        sums.map(|[c, s]| {
            F32(std::array::from_fn(|l| {
                scale * (c.0[l] * c.0[l] + s.0[l] * s.0[l])
            }))
        })
    }
}

fn single((sin, cos): (f64, f64)) -> [f32; 2] {
    [cos as f32, sin as f32]
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
            sixth: Sixth::new(
                &crate::verify::a_section(),
                codrive_model::section::Sector { poles: 1, slots: 3 },
            ),
            sectors: 8.0,
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
        let wave: Vec<[F32; 2]> = (0..n)
            .map(|m| {
                let b = 1.3 * (PI * f64::from(m) / f64::from(n)).cos();
                [F64::splat(b).single(), F32::ZERO]
            })
            .collect();
        let densities = model.densities(&wave, true, &Harmonics::odd(wave.len()));
        let [h, e] = densities.map(|d| f64::from(d.0[5]));
        let (c, f) = (model.coefficients, model.frequency_hz);
        assert!((h / (c.k_h * f.powf(c.alpha) * 1.3_f64.powf(c.beta)) - 1.0).abs() < 1e-3);
        assert!((e / (c.k_e * f * f * 1.69) - 1.0).abs() < 1e-5);
    }
}
