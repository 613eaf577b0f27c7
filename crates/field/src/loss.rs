//! Iron and magnet losses from the waveforms that the rotor positions give.
//!
//! Positions over 60 electrical degrees are enough: what a slot or a pole sees later is what another
//! one sees now ([`crate::symmetry`]). In the stator, three slots give half a period and the change of
//! sign the other half. In the rotor, as many poles give a period as it is long.

mod harmonics;
mod loops;

use std::f64::consts::TAU;

use codrive_model::material::{MagnetGrade, Steel, SteelLoss};

use pulp::{Arch, Simd, WithSimd};

use crate::slot_zones::ZONES;
use crate::snapshot::{LossCells, Snapshot};
use crate::solve::lanes::{F32, F64, LANES};
use crate::symmetry::Sixth;

use harmonics::{Harmonics, Order};
use loops::{Loops, Shown, Track};

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
    /// The law of the hysteresis.
    loops: Loops,
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
            loops: Loops::new(steel.loss),
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
        let mut track = Track::default();
        let half_wave = Harmonics::odd(3 * self.positions);
        let alike = 3.0 * self.sectors * self.steel_density;
        for s in 0..self.sixth.different_slots() {
            for (j, (_, area)) in self.cells.stator.iter().enumerate() {
                self.stator_waveform(snapshots, s, j, &mut wave);
                let [hysteresis, eddy] = self.densities(&wave, Shown::Half, &half_wave, &mut track);
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
                let [hysteresis, eddy] = self.densities(&wave, Shown::Whole, &period, &mut track);
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
    /// Hysteresis follows the loops of both axes; eddy loss is k_e Σ (n f B_n)² over both components.
    /// The coefficients are fits to measured sheets with α between 1 and 2: k_h f^α holds hysteresis and excess.
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)]
    fn densities(
        &self,
        wave: &[[F32; 2]],
        shown: Shown,
        harmonics: &Harmonics,
        track: &mut Track,
    ) -> [F32; 2] {
        let steps_per_s = (6.0 * self.positions as f64 * self.frequency_hz) as f32;
        let hysteresis = self.loops.density(wave, shown, steps_per_s, track);
        let k_e = (self.coefficients.k_e * self.frequency_hz * self.frequency_hz) as f32;
        let [x, y] = harmonics.sums_of_squares(wave);
        let eddy = F32(std::array::from_fn(|l| k_e * (x.0[l] + y.0[l])));
        [hysteresis, eddy]
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

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

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
            loops: Loops::new(loss),
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
        let (harmonics, mut track) = (Harmonics::odd(wave.len()), Track::default());
        let densities = model.densities(&wave, Shown::Half, &harmonics, &mut track);
        let [h, e] = densities.map(|d| f64::from(d.0[5]));
        let (c, f) = (model.coefficients, model.frequency_hz);
        assert!((h / (c.k_h * f.powf(c.alpha) * 1.3_f64.powf(c.beta)) - 1.0).abs() < 1e-3);
        assert!((e / (c.k_e * f * f * 1.69) - 1.0).abs() < 1e-5);
    }

    /// W/kg times the mass of all slots' cells per metre: three slots here, twenty-four in the machine.
    #[test]
    fn densities_become_watts_per_metre_of_the_machine() {
        let mut model = model(24);
        model.cells.stator = vec![(0, 2e-6)];
        let still = |slots: usize| Snapshot {
            rotor_b: vec![],
            stator_b: vec![[F32::ZERO; 2]; slots],
            slot_b: vec![[F32::ZERO; 2]; slots * ZONES],
            magnet_a: vec![],
            lowest_magnet_b: F64::ZERO,
        };
        let mut shots = vec![still(3); 24];
        for m in 0..72 {
            let (slot, sign) = model.sixth.slot(0, m / 24);
            let b = 1.3 * (PI * m as f64 / 72.0).cos();
            let b = F64::splat(f64::from(sign) * b).single();
            shots[m % 24].stator_b[slot][1] = b;
        }
        let losses = model.evaluate(&shots.iter().collect::<Vec<_>>())[3];
        let (c, f) = (model.coefficients, model.frequency_hz);
        let mass_kg_per_m = 24.0 * 2e-6 * 7600.0;
        let hysteresis = mass_kg_per_m * c.k_h * f.powf(c.alpha) * 1.3_f64.powf(c.beta);
        let eddy = mass_kg_per_m * c.k_e * f * f * 1.69;
        assert!((losses.stator_hysteresis / hysteresis - 1.0).abs() < 1e-3);
        assert!((losses.stator_eddy / eddy - 1.0).abs() < 1e-5);
        assert_eq!((losses.rotor_hysteresis, losses.magnet_eddy), (0.0, 0.0));
    }
}
