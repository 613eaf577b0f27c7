//! Hysteresis and excess along the major and the minor axis of a waveform, loop by loop.
//!
//! B(t) of an element is turned into its principal directions; the losses along both are summed, which is how a
//! rotating field counts. Along each, by the improved generalised Steinmetz equation (Venkatachalam,
//! Sullivan, Abdallah & Tacca 2002, doi:10.1109/CIPE.2002.1196712),
//!
//! p = (1/T) ∫ k_i |dB/dt|^α ΔB^(β−α) dt,
//!
//! or, for a loss s(B) f^α from a table, with s(ΔB/2)/(ΔB/2)^α / ((2π)^(α−1) ∫₀^2π |cos θ|^α dθ) for k_i ΔB^(β−α); ΔB is
//! the swing of the loop that a moment belongs to. Loops are told apart as in rainflow counting: from its
//! highest value on, a waveform that turns opens a branch, and a loop closes where it comes back to the value at
//! which it left the branch before; what remains at the end of the period is the major loop. A loop about B̄, its own
//! middle, has 1 + 0.65 B̄^2.1 times as much hysteresis as one about zero (as SyR-e).

use std::f64::consts::TAU;

use codrive_numerics::power::power;

use super::law::{Size, Term, linear};
use crate::solve::lanes::{F32, LANES};

/// Share of its path that a waveform may spend on minor loops before they are looked for.
const MINOR_SHARE: f32 = 1e-3;
/// Least swing of a loop that counts, T.
const LEAST_SWING_T: f32 = 1e-6;

/// One loss of a steel along waveforms.
#[derive(Clone, Debug)]
pub(super) struct Loops {
    k_i: f32,
    alpha: f32,
    swing: Swing,
    bias: Bias,
}

/// What the swing ΔB of a loop makes of |dB/dt|^α.
#[derive(Clone, Debug)]
enum Swing {
    /// ΔB^(β − α).
    Power(f32),
    /// size(ΔB/2)/(ΔB/2)^α over ΔB/2.
    Table { b_t: Vec<f64>, over_power: Vec<f64> },
}

/// Whether a loop about a value of its own loses more than one about zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bias {
    /// It does: hysteresis.
    Counts,
    /// It does not.
    None,
}

/// How much of its period a waveform shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// Half; the other half has the opposite sign.
    Half,
    /// All.
    Whole,
}

/// Memory of one waveform along an axis, kept from cell to cell.
#[derive(Debug, Default)]
pub(super) struct Track {
    /// Flux density without its mean, T, the first value once more at the end (with the sign that it has there).
    along: Vec<F32>,
    /// |dB/dt|^α from each value to the next.
    rates: Vec<F32>,
    /// Branches of one lane that no loop has closed yet.
    branches: Vec<Branch>,
    /// Minor loops of all lanes.
    closed: Vec<Closed>,
}

/// The way of a waveform from where it turned, without what belongs to closed loops.
#[derive(Clone, Copy, Debug)]
struct Branch {
    /// Value at which it turned, T.
    start: f32,
    /// Σ |dB/dt|^α.
    sum: f32,
}

/// A minor loop.
#[derive(Clone, Copy, Debug)]
struct Closed {
    lane: usize,
    /// Its lowest and its highest value, T.
    ends: [f32; 2],
    /// Σ |dB/dt|^α.
    sum: f32,
}

impl Loops {
    /// The law of k_h f^α B^β: k_i = k_h / ((2π)^(α−1) ∫₀^2π |cos θ|^α 2^(β−α) dθ), by the midpoint rule.
    #[allow(clippy::cast_possible_truncation)]
    pub(super) fn new(term: &Term, bias: Bias) -> Self {
        const PIECES: u32 = 2000;
        let alpha = term.exponent;
        let step = TAU / f64::from(PIECES);
        let at = |i| step * ((f64::from(i) + 0.5) * step).cos().abs().powf(alpha);
        let integral: f64 = (0..PIECES).map(at).sum();
        let (k_i, swing) = match &term.size {
            Size::Power { k, beta } => {
                let rest = beta - alpha;
                let k_i = k / (TAU.powf(alpha - 1.0) * integral * 2.0_f64.powf(rest));
                (k_i, Swing::Power(rest as f32))
            }
            Size::Table { b_t, over_power } => {
                let swing = Swing::Table {
                    b_t: b_t.clone(),
                    over_power: over_power.clone(),
                };
                (1.0 / (TAU.powf(alpha - 1.0) * integral), swing)
            }
        };
        Self {
            k_i: k_i as f32,
            alpha: alpha as f32,
            swing,
            bias,
        }
    }

    /// Loss of a waveform, W/kg; `steps_per_s` is the rate of its samples.
    #[inline(always)]
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn density(
        &self,
        wave: &[[F32; 2]],
        shown: Shown,
        steps_per_s: f32,
        track: &mut Track,
    ) -> F32 {
        let bias = match shown {
            Shown::Half => [F32::ZERO; 2],
            Shown::Whole => mean(wave),
        };
        let scale = self.k_i / wave.len() as f32;
        let mut density = F32::ZERO;
        for axis in principal_axes(wave, &bias) {
            track.turn(wave, &bias, &axis, shown);
            let reach = track.follow(self.alpha, steps_per_s, shown);
            let about = turned(&bias, &axis);
            let major = track.split(&reach, shown);
            let minor = self.minor(&track.closed, &about);
            let weight = self.weight([&reach.low, &reach.high], &about);
            for l in 0..LANES {
                let loss = scale * (major.0[l] * weight.0[l] + minor.0[l]);
                let counts = reach.high.0[l] - reach.low.0[l] > LEAST_SWING_T;
                density.0[l] += if counts { loss } else { 0.0 };
            }
        }
        density
    }

    /// Σ |dB/dt|^α of the minor loops of each lane times their weights, sixteen loops at a time.
    #[inline(always)]
    fn minor(&self, closed: &[Closed], about: &[F32; 2]) -> F32 {
        let mut minor = F32::ZERO;
        for loops in closed.chunks(LANES) {
            let (mut ends, mut around) = ([F32::ZERO; 2], [F32::ZERO; 2]);
            for (k, closed) in loops.iter().enumerate() {
                for side in 0..2 {
                    ends[side].0[k] = closed.ends[side];
                    around[side].0[k] = about[side].0[closed.lane];
                }
            }
            let weight = self.weight([&ends[0], &ends[1]], &around);
            for (closed, weight) in loops.iter().zip(weight.0) {
                minor.0[closed.lane] += closed.sum * weight;
            }
        }
        minor
    }

    /// ΔB^(β−α) with the bias factor of loops between two values along an axis; `about` is the mean of the waveform
    /// along and across it.
    #[inline(always)]
    fn weight(&self, [low, high]: [&F32; 2], about: &[F32; 2]) -> F32 {
        let mut weight = F32(std::array::from_fn(|l| high.0[l] - low.0[l]));
        self.swing.over(&mut weight);
        if self.bias == Bias::Counts {
            for l in 0..LANES {
                let along = about[0].0[l] + 0.5 * (low.0[l] + high.0[l]);
                let bias = (along * along + about[1].0[l] * about[1].0[l]).sqrt();
                weight.0[l] *= 1.0 + 0.65 * power(bias, 2.1);
            }
        }
        weight
    }
}

impl Swing {
    /// Puts what a swing makes in its place.
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)]
    fn over(&self, swings_t: &mut F32) {
        match self {
            Self::Power(rest) => {
                for swing in &mut swings_t.0 {
                    *swing = power(*swing, *rest);
                }
            }
            Self::Table { b_t, over_power } => {
                for swing in &mut swings_t.0 {
                    *swing = linear(b_t, over_power, 0.5 * f64::from(*swing)) as f32;
                }
            }
        }
    }
}

/// What a waveform reaches along an axis.
struct Reach {
    low: F32,
    high: F32,
    /// Σ |ΔB|, T.
    path: F32,
    /// Σ |dB/dt|^α.
    rate: F32,
    /// Where the largest value lies; of half a period, the largest of either sign.
    peak: [u32; LANES],
}

impl Reach {
    /// Whether a lane goes to and fro more than once in a period.
    #[inline(always)]
    fn has_minor_loops(&self, lane: usize, shown: Shown) -> bool {
        let ways = match shown {
            Shown::Half => 1.0,
            Shown::Whole => 2.0,
        };
        let swing = self.high.0[lane] - self.low.0[lane];
        self.path.0[lane] > (1.0 + MINOR_SHARE) * ways * swing
    }
}

impl Track {
    /// Takes the part of a waveform along an axis.
    #[inline(always)]
    fn turn(&mut self, wave: &[[F32; 2]], bias: &[F32; 2], [c, s]: &[F32; 2], shown: Shown) {
        let along = |b: &[F32; 2]| {
            F32(std::array::from_fn(|l| {
                c.0[l] * (b[0].0[l] - bias[0].0[l]) + s.0[l] * (b[1].0[l] - bias[1].0[l])
            }))
        };
        self.along.clear();
        self.along.extend(wave.iter().map(along));
        let first = self.along[0];
        self.along.push(match shown {
            Shown::Half => F32(first.0.map(|b| -b)),
            Shown::Whole => first,
        });
    }

    /// Rates from value to value, and what the waveform reaches.
    #[inline(always)]
    fn follow(&mut self, alpha: f32, steps_per_s: f32, shown: Shown) -> Reach {
        let first = self.along[0];
        let size = |b: f32| match shown {
            Shown::Half => b.abs(),
            Shown::Whole => b,
        };
        let mut reach = Reach {
            low: first,
            high: first,
            path: F32::ZERO,
            rate: F32::ZERO,
            peak: [0; LANES],
        };
        let mut largest = F32(first.0.map(size));
        self.rates.clear();
        for (at, pair) in (0_u32..).zip(self.along.windows(2)) {
            let mut rate = F32::ZERO;
            for l in 0..LANES {
                let (from, to) = (pair[0].0[l], pair[1].0[l]);
                let length = (to - from).abs();
                rate.0[l] = power(length * steps_per_s, alpha);
                reach.low.0[l] = reach.low.0[l].min(to);
                reach.high.0[l] = reach.high.0[l].max(to);
                reach.path.0[l] += length;
                reach.rate.0[l] += rate.0[l];
                let larger = size(from) >= largest.0[l];
                largest.0[l] = if larger { size(from) } else { largest.0[l] };
                reach.peak[l] = if larger { at } else { reach.peak[l] };
            }
            self.rates.push(rate);
        }
        if shown == Shown::Half {
            for l in 0..LANES {
                let peak = reach.high.0[l].max(-reach.low.0[l]);
                (reach.low.0[l], reach.high.0[l]) = (-peak, peak);
            }
        }
        reach
    }

    /// Σ |dB/dt|^α of the major loop of each lane; the minor loops are collected.
    #[inline(always)]
    fn split(&mut self, reach: &Reach, shown: Shown) -> F32 {
        self.closed.clear();
        let mut major = reach.rate;
        for lane in 0..LANES {
            if reach.has_minor_loops(lane, shown) {
                major.0[lane] = self.split_lane(lane, reach.peak[lane] as usize, shown);
            }
        }
        major
    }

    /// As [`Track::split`] for one lane.
    ///
    /// Half a period is walked from its largest value to the opposite one, a whole one from the highest value
    /// to itself.
    fn split_lane(&mut self, lane: usize, first: usize, shown: Shown) -> f32 {
        let Self {
            along,
            rates,
            branches,
            closed,
        } = self;
        let start = along[first].0[lane];
        let (sign, onwards) = match shown {
            Shown::Half => (1.0_f32.copysign(start), -1.0),
            Shown::Whole => (1.0, 1.0),
        };
        let mut walk = Walk::new(sign * start, branches);
        let n = rates.len();
        for (sign, part) in [(sign, first..n), (onwards * sign, 0..first)] {
            for (to, rate) in along[part.start + 1..=part.end].iter().zip(&rates[part]) {
                walk.step(sign * to.0[lane], rate.0[lane], |ends, sum| {
                    closed.push(Closed { lane, ends, sum });
                });
            }
        }
        walk.major()
    }
}

/// The walk along a waveform, down first; branches go down and up by turns.
struct Walk<'b> {
    /// Where it is, T.
    at: f32,
    down: bool,
    /// The branch that it is on.
    open: Branch,
    /// The branches before, which no loop has closed yet.
    branches: &'b mut Vec<Branch>,
    /// Value at which a loop closes, T.
    level: f32,
}

impl<'b> Walk<'b> {
    fn new(from: f32, branches: &'b mut Vec<Branch>) -> Self {
        branches.clear();
        Self {
            at: from,
            down: true,
            open: Branch {
                start: from,
                sum: 0.0,
            },
            branches,
            level: f32::NEG_INFINITY,
        }
    }

    /// Goes one step, and reports the loops that it closes.
    #[inline(always)]
    fn step(&mut self, to: f32, mut rate: f32, mut close: impl FnMut([f32; 2], f32)) {
        if to != self.at && (to < self.at) != self.down {
            self.branches.push(self.open);
            self.open = Branch {
                start: self.at,
                sum: 0.0,
            };
            self.down = !self.down;
            self.find_level();
        }
        while to != self.at && self.passes(to) {
            let [.., before, left] = self.branches[..] else {
                break;
            };
            let share = ((self.level - self.at) / (to - self.at)).clamp(0.0, 1.0);
            let (start, level) = (self.open.start, self.level);
            let sum = left.sum + self.open.sum + share * rate;
            close([start.min(level), start.max(level)], sum);
            (self.at, rate) = (level, (1.0 - share) * rate);
            self.open = before;
            self.branches.truncate(self.branches.len() - 2);
            self.find_level();
        }
        self.open.sum += rate;
        self.at = to;
    }

    #[inline(always)]
    fn passes(&self, to: f32) -> bool {
        if self.down {
            to <= self.level
        } else {
            to >= self.level
        }
    }

    /// A loop closes where the branch before began, if there is one more before that.
    #[inline(always)]
    fn find_level(&mut self) {
        self.level = match self.branches[..] {
            [.., _, left] => left.start,
            _ if self.down => f32::NEG_INFINITY,
            _ => f32::INFINITY,
        };
    }

    /// Σ |dB/dt|^α of the branches that are left.
    fn major(&self) -> f32 {
        let before: f32 = self.branches.iter().map(|branch| branch.sum).sum();
        before + self.open.sum
    }
}

/// A vector along and across an axis.
#[inline(always)]
fn turned(b: &[F32; 2], [c, s]: &[F32; 2]) -> [F32; 2] {
    let mut turned = [F32::ZERO; 2];
    for l in 0..LANES {
        turned[0].0[l] = c.0[l] * b[0].0[l] + s.0[l] * b[1].0[l];
        turned[1].0[l] = c.0[l] * b[1].0[l] - s.0[l] * b[0].0[l];
    }
    turned
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

#[cfg(test)]
mod tests {
    use codrive_model::material::SteelLoss;

    use super::*;

    const LAW: SteelLoss = SteelLoss {
        k_h: 0.008,
        alpha: 1.2,
        beta: 1.8,
        k_e: 0.0,
        k_exc: 0.0,
    };

    fn hysteresis() -> Term {
        Term {
            exponent: LAW.alpha,
            size: Size::Power {
                k: LAW.k_h,
                beta: LAW.beta,
            },
        }
    }
    const FREQUENCY_HZ: f64 = 400.0;

    fn law(b: f64) -> f64 {
        LAW.k_h * FREQUENCY_HZ.powf(LAW.alpha) * b.powf(LAW.beta)
    }

    /// Hysteresis of one period of samples, in one lane of sixteen that differ.
    fn density(period: &[[f64; 2]], shown: Shown) -> f64 {
        let seen = match shown {
            Shown::Half => &period[..period.len() / 2],
            Shown::Whole => period,
        };
        let lane = |value: f64| F32(std::array::from_fn(|l| value as f32 * (1.0 + l as f32)));
        let wave: Vec<[F32; 2]> = seen.iter().map(|b| b.map(lane)).collect();
        let steps_per_s = (period.len() as f64 * FREQUENCY_HZ) as f32;
        let loops = Loops::new(&hysteresis(), Bias::Counts);
        let density = loops.density(&wave, shown, steps_per_s, &mut Track::default());
        f64::from(density.0[0])
    }

    fn near(ours: f64, expected: f64, relative: f64) {
        assert!(
            (ours / expected - 1.0).abs() < relative,
            "{ours} {expected}"
        );
    }

    fn circle(samples: u32) -> impl Iterator<Item = (f64, f64)> {
        (0..samples).map(move |m| (TAU * f64::from(m) / f64::from(samples)).sin_cos())
    }

    #[test]
    fn a_rotating_field_loses_what_both_axes_lose() {
        for (major, minor) in [(1.3, 0.0), (1.3, 0.5), (1.1, 1.1)] {
            let (s, c) = 0.7_f64.sin_cos();
            let ellipse = |(sin, cos): (f64, f64)| {
                let (x, y) = (major * cos, minor * sin);
                [c * x - s * y, s * x + c * y]
            };
            let wave: Vec<[f64; 2]> = circle(288).map(ellipse).collect();
            for shown in [Shown::Half, Shown::Whole] {
                near(density(&wave, shown), law(major) + law(minor), 1e-3);
            }
        }
    }

    /// Straight lines between corners: time in samples, T.
    fn lines(corners: &[(u32, f64)]) -> Vec<f64> {
        let mut wave = Vec::new();
        for pair in corners.windows(2) {
            let [(from, a), (to, b)] = [pair[0], pair[1]];
            let at = |t: u32| a + (b - a) * f64::from(t - from) / f64::from(to - from);
            wave.extend((from..to).map(at));
        }
        wave
    }

    /// k_i/T · Σ |dB/dt|^α ΔB^(β−α) Δt of straight lines: (swing of the loop, ΔB, Δt in samples).
    fn closed_form(period: usize, parts: &[(f64, f64, f64)]) -> f64 {
        let step_s = 1.0 / (period as f64 * FREQUENCY_HZ);
        let integral = |power: f64| {
            let f = |i: u32| ((f64::from(i) + 0.5) * TAU / 4e4).cos().abs().powf(power);
            (0..40_000).map(f).sum::<f64>() * TAU / 4e4
        };
        let (a, b) = (LAW.alpha, LAW.beta);
        let k_i = LAW.k_h / (TAU.powf(a - 1.0) * integral(a) * 2.0_f64.powf(b - a));
        let of = |(swing, change, steps): &(f64, f64, f64)| {
            (change / (steps * step_s)).powf(a) * swing.powf(b - a) * steps / period as f64
        };
        k_i * parts.iter().map(of).sum::<f64>()
    }

    /// A fall from 0.9 to 0.5 T on the way from −1.2 to 1.2 T, and its mirror on the way back.
    #[test]
    fn minor_loops_reach_the_closed_form_wherever_the_waveform_begins() {
        let half = [(0, -1.2), (10, 0.9), (16, 0.5), (20, 0.9), (26, 1.2)];
        let back = half.map(|(t, b)| (t + 26, -b));
        let corners = [&half[..], &back[1..]].concat();
        let wave = lines(&corners);
        assert_eq!(wave.len(), 52);
        let biased = 1.0 + 0.65 * 0.7_f64.powf(2.1);
        let major = closed_form(52, &[(2.4, 2.1, 10.0), (2.4, 0.3, 6.0)]);
        let minor = closed_form(52, &[(0.4, 0.4, 6.0), (0.4, 0.4, 4.0)]);
        let expected = 2.0 * (major + biased * minor);
        for start in [0, 7, 13, 18, 26, 33, 51] {
            let mut wave = wave.clone();
            wave.rotate_left(start);
            let wave: Vec<[f64; 2]> = wave.iter().map(|b| [0.6 * b, 0.8 * b]).collect();
            for shown in [Shown::Half, Shown::Whole] {
                near(density(&wave, shown), expected, 1e-4);
            }
        }
    }

    /// A loop within a minor loop, 0.7 to 0.8 T within 0.5 to 0.9 T, once or twice in the period that is looked at.
    #[test]
    fn loops_within_loops_count_with_their_own_swing() {
        let corners = [
            (0, -1.2),
            (10, 0.9),
            (13, 0.7),
            (16, 0.8),
            (17, 0.7),
            (20, 0.5),
            (24, 0.9),
            (30, 1.2),
            (50, -1.2),
        ];
        let once = lines(&corners);
        let about = |b: f64| 1.0 + 0.65 * b.powf(2.1);
        let major = closed_form(50, &[(2.4, 2.1, 10.0), (2.4, 0.3, 6.0), (2.4, 2.4, 20.0)]);
        let parts = [(0.4, 0.2, 3.0), (0.4, 0.2, 3.0), (0.4, 0.4, 4.0)];
        let inner = [(0.1, 0.1, 3.0), (0.1, 0.1, 1.0)];
        let minor = about(0.7) * closed_form(50, &parts) + about(0.75) * closed_form(50, &inner);
        let twice = [&once[..], &once[..]].concat();
        let seen = |wave: &[f64]| wave.iter().map(|b| [*b, 0.0]).collect::<Vec<_>>();
        near(density(&seen(&once), Shown::Whole), major + minor, 1e-3);
        near(
            density(&seen(&twice), Shown::Whole),
            2.0_f64.powf(LAW.alpha) * density(&seen(&once), Shown::Whole),
            1e-4,
        );
    }

    /// A ripple of two unlike parts about 1.1 T, as a rotor sees it, at right angles to another 0.5 T.
    #[test]
    fn a_biased_ripple_reaches_the_closed_form() {
        let corners = [(0, 1.0), (3, 1.2), (6, 1.1), (8, 1.15), (12, 1.0)];
        let wave = lines(&corners);
        let about = |b: f64| 1.0 + 0.65 * b.hypot(0.5).powf(2.1);
        let major = [(0.2, 0.2, 3.0), (0.2, 0.1, 3.0), (0.2, 0.1, 8.0 / 3.0)];
        let minor = [(0.05, 0.05, 2.0), (0.05, 0.05, 4.0 / 3.0)];
        let expected =
            about(1.1) * closed_form(12, &major) + about(1.125) * closed_form(12, &minor);
        let wave: Vec<[f64; 2]> = wave.iter().map(|b| [*b, 0.5]).collect();
        near(density(&wave, Shown::Whole), expected, 1e-3);
    }
}
