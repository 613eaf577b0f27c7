//! Iron and magnet losses from the waveforms that the rotor positions give.
//!
//! Positions over 60 electrical degrees are enough: what a slot or a pole sees later is what another
//! one sees now ([`crate::symmetry`]). In the stator, three slots give half a period and the change of
//! sign the other half. In the rotor, as many poles give a period as it is long.

mod harmonics;
pub(crate) mod law;
mod loops;

use std::f64::consts::TAU;

use codrive_model::material::{MagnetGrade, Steel};

use pulp::{Arch, Simd, WithSimd};

use crate::error::FieldError;
use crate::slot_zones::ZONES;
use crate::snapshot::{LossCells, Snapshot};
use crate::solve::lanes::{F32, F64, LANES};
use crate::symmetry::Sixth;

use harmonics::{Harmonics, Order};
use law::Law;
use loops::{Bias, Loops, Shown, Track};

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
    /// Excess loss in the stator, where the steel tells it from hysteresis.
    pub stator_excess: f64,
    /// Excess loss in the rotor, likewise.
    pub rotor_excess: f64,
    /// Eddy loss in the magnets, resistance-limited.
    pub magnet_eddy: f64,
    /// Σ n² B_n²/2 of the zones of a slot, tangential and radial, mean over the slots, T².
    pub slot_field: [[f64; 2]; ZONES],
}

impl Losses {
    /// All of the stator's lamination.
    #[must_use]
    pub fn stator_iron(&self) -> f64 {
        self.stator_hysteresis + self.stator_eddy + self.stator_excess
    }

    /// All of the rotor's lamination.
    #[must_use]
    pub fn rotor_iron(&self) -> f64 {
        self.rotor_hysteresis + self.rotor_eddy + self.rotor_excess
    }
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
    /// Loss law of the steel.
    pub(crate) law: Law,
    /// Conductivity of the magnets, S/m.
    pub conductivity: f64,
    /// Hysteresis along waveforms.
    hysteresis: Loops,
    /// Excess along waveforms.
    excess: Option<Loops>,
}

impl LossModel {
    /// Collects what the evaluation needs.
    ///
    /// # Errors
    /// A loss table of the steel that hysteresis, eddy and excess loss do not describe.
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
    ) -> Result<Self, FieldError> {
        let law = Law::new(steel)?;
        Ok(Self {
            cells,
            positions,
            sixth,
            sectors,
            frequency_hz,
            steel_density: steel.density_kg_per_m3 * stacking,
            stacking,
            conductivity: magnet.conductivity_s_per_m,
            hysteresis: Loops::new(&law.hysteresis, Bias::Counts),
            excess: law.excess.as_ref().map(|term| Loops::new(term, Bias::None)),
            law,
        })
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
                let [hysteresis, eddy, excess] =
                    self.densities(&wave, Shown::Half, &half_wave, &mut track);
                for (l, losses) in losses.iter_mut().enumerate() {
                    losses.stator_hysteresis += alike * area * f64::from(hysteresis.0[l]);
                    losses.stator_eddy += alike * area * f64::from(eddy.0[l]);
                    losses.stator_excess += alike * area * f64::from(excess.0[l]);
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
                let [hysteresis, eddy, excess] =
                    self.densities(&wave, Shown::Whole, &period, &mut track);
                for (l, losses) in losses.iter_mut().enumerate() {
                    losses.rotor_hysteresis += in_rotor * area * f64::from(hysteresis.0[l]);
                    losses.rotor_eddy += in_rotor * area * f64::from(eddy.0[l]);
                    losses.rotor_excess += in_rotor * area * f64::from(excess.0[l]);
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
    /// Σ p(n f, |B_n|) of the steel's law p, |B_n|² = B_nx² + B_ny²: every harmonic on its own, both
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
        let of = |order: &Order| {
            let [x, y] = order.square(wave);
            let b = (f64::from(x.0[0]) + f64::from(y.0[0])).sqrt() / order.n;
            let f = order.n * self.frequency_hz;
            self.law.at(f, b)
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

    /// Hysteresis, eddy and excess loss density at the base frequency, W/kg.
    ///
    /// Hysteresis and excess follow the loops of both axes; eddy loss is k_e Σ (n f B_n)² over both components.
    /// Where a steel states no excess, its hysteresis k_h f^α is a fit that holds both.
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)]
    fn densities(
        &self,
        wave: &[[F32; 2]],
        shown: Shown,
        harmonics: &Harmonics,
        track: &mut Track,
    ) -> [F32; 3] {
        let steps_per_s = (6.0 * self.positions as f64 * self.frequency_hz) as f32;
        let hysteresis = self.hysteresis.density(wave, shown, steps_per_s, track);
        let excess = self.excess.as_ref().map_or(F32::ZERO, |excess| {
            excess.density(wave, shown, steps_per_s, track)
        });
        let k_e = (self.law.k_e * self.frequency_hz * self.frequency_hz) as f32;
        let [x, y] = harmonics.sums_of_squares(wave);
        let eddy = F32(std::array::from_fn(|l| k_e * (x.0[l] + y.0[l])));
        [hysteresis, eddy, excess]
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

    use codrive_model::material::SteelLoss;

    use super::*;

    fn model(positions: usize) -> LossModel {
        let loss = SteelLoss {
            k_h: 0.008,
            alpha: 1.2,
            beta: 1.8,
            k_e: 3e-5,
            k_exc: 2e-4,
        };
        let steel = Steel {
            loss,
            ..crate::verify::a_steel()
        };
        let law = Law::new(&steel).unwrap();
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
            conductivity: 0.0,
            hysteresis: Loops::new(&law.hysteresis, Bias::Counts),
            excess: law.excess.as_ref().map(|e| Loops::new(e, Bias::None)),
            law,
        }
    }

    /// A sinusoid must give the fitted law k_h f^α B^β + k_e f² B² + k_exc (f B)^1.5.
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
        let [h, e, x] = densities.map(|d| f64::from(d.0[5]));
        let f = model.frequency_hz;
        assert!((h / (0.008 * f.powf(1.2) * 1.3_f64.powf(1.8)) - 1.0).abs() < 1e-3);
        assert!((e / (3e-5 * f * f * 1.69) - 1.0).abs() < 1e-5);
        assert!((x / (2e-4 * (f * 1.3).powf(1.5)) - 1.0).abs() < 1e-3);
    }

    /// A table's sinusoid is the table's law, whatever the amplitude.
    #[test]
    fn a_sinusoid_gives_the_law_of_a_table() {
        let loss = |f: f64, b: f64| {
            0.014 * b.powf(1.7) * f + 5e-5 * (f * b).powi(2) + 6e-4 * (f * b).powf(1.5)
        };
        let points = [50.0, 200.0, 400.0, 1000.0]
            .into_iter()
            .flat_map(|f| [0.2, 0.5, 1.0, 1.4].map(|b| [f, b, loss(f, b)]))
            .collect();
        let steel = Steel {
            loss_table: Some(codrive_model::loss_table::LossTable {
                source: "test".to_owned(),
                thickness_m: 0.35e-3,
                conductivity_s_per_m: 1.0 / 53e-8,
                points,
            }),
            ..crate::verify::a_steel()
        };
        let mut model = model(48);
        model.law = Law::new(&steel).unwrap();
        model.hysteresis = Loops::new(&model.law.hysteresis, Bias::Counts);
        model.excess = model.law.excess.as_ref().map(|e| Loops::new(e, Bias::None));
        let n = 3 * 48;
        let (harmonics, mut track) = (Harmonics::odd(n), Track::default());
        for amplitude in [0.1, 0.5, 0.77, 1.3, 1.6] {
            let at = |m: usize| amplitude * (PI * m as f64 / n as f64).cos();
            let wave: Vec<[F32; 2]> = (0..n)
                .map(|m| [F64::splat(at(m)).single(), F32::ZERO])
                .collect();
            let densities = model.densities(&wave, Shown::Half, &harmonics, &mut track);
            let sum: f64 = densities.map(|d| f64::from(d.0[5])).iter().sum();
            let law = model.law.at(model.frequency_hz, amplitude);
            assert!((sum / law - 1.0).abs() < 1e-3, "{amplitude}: {sum} {law}");
        }
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
        let f = model.frequency_hz;
        let mass_kg_per_m = 24.0 * 2e-6 * 7600.0;
        let hysteresis = mass_kg_per_m * 0.008 * f.powf(1.2) * 1.3_f64.powf(1.8);
        let eddy = mass_kg_per_m * 3e-5 * f * f * 1.69;
        let excess = mass_kg_per_m * 2e-4 * (f * 1.3).powf(1.5);
        assert!((losses.stator_hysteresis / hysteresis - 1.0).abs() < 1e-3);
        assert!((losses.stator_eddy / eddy - 1.0).abs() < 1e-5);
        assert!((losses.stator_excess / excess - 1.0).abs() < 1e-3);
        let all = losses.stator_hysteresis + losses.stator_eddy + losses.stator_excess;
        assert_eq!(losses.stator_iron(), all);
        assert_eq!((losses.rotor_iron(), losses.magnet_eddy), (0.0, 0.0));
    }
}
