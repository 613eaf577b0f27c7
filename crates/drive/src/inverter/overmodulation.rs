//! Between the end of linear modulation and six-step operation: voltage, switching, distortion.
//!
//! The reference of space-vector modulation is a circle until it touches the hexagon of the
//! inverter's voltages, M = 2/√3. Beyond, in *mode 1*, the circle is cut by the hexagon over an
//! angle α on both sides of the middle of each side; at α = 30° the trajectory is the hexagon. In
//! *mode 2* the vector rests in the corners and passes each side in a shrinking angle ±w; at w = 0
//! six-step operation is reached, M = 4/π.
//!
//! On a side only one leg switches, the one whose voltage crosses zero; in a corner none does.
//!
//! Source: Holtz, Lotzkat & Khambadkone 1993, On continuous control of PWM inverters in the
//! overmodulation range including the six-step mode, IEEE Trans. Power Electronics 8(4), for the two
//! modes; the switching shares follow from integrating |i| over the angles in which a leg switches.

use std::f64::consts::{FRAC_PI_6, PI};
use std::sync::LazyLock;

/// Six-step voltage over the end of linear modulation, 2√3/π.
pub const SIX_STEP: f64 = 1.102_657_790_843_585;
/// The hexagon's voltage over the end of linear modulation, (3/π) ln 3.
const HEXAGON: f64 = 1.0490974576981795;

/// Cells of each table.
const CELLS: u32 = 64;
/// Cells of Simpson's rule over half a side.
const SIMPSON: u32 = 16;

static TABLES: LazyLock<[Vec<Knot>; 2]> = LazyLock::new(|| [table(mode_1), table(mode_2)]);

/// How the voltage vector runs at a fundamental voltage beyond linear modulation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trajectory {
    /// A circle cut by the hexagon over ±α about the middle of each side, rad.
    Cut(f64),
    /// Passing each side within ±w about its middle, rad, at rest in the corners.
    Resting(f64),
}

#[derive(Clone, Copy, Debug)]
struct Knot {
    voltage: f64,
    angle_rad: f64,
    distortion: f64,
}

impl Trajectory {
    /// The trajectory whose fundamental is `voltage` times the end of linear modulation, 1 to
    /// [`SIX_STEP`]; `None` outside.
    #[must_use]
    pub fn at(voltage: f64) -> Option<Self> {
        let (mode, i, t) = find(voltage)?;
        let knots = &TABLES[mode];
        let angle = knots[i].angle_rad + (knots[i + 1].angle_rad - knots[i].angle_rad) * t;
        Some(if mode == 0 {
            Self::Cut(angle)
        } else {
            Self::Resting(angle)
        })
    }

    /// Fundamental voltage over the end of linear modulation.
    ///
    /// Mode 1: (6/π) [ln tan(π/4 + α/2) + (π/6 − α)/cos α].
    /// Mode 2: (6/π) ∫ of the vector's projection on the turning axis over half a side.
    #[must_use]
    pub fn voltage(self) -> f64 {
        match self {
            Self::Cut(a) => {
                6.0 / PI * ((0.25 * PI + 0.5 * a).tan().ln() + (FRAC_PI_6 - a) / a.cos())
            }
            Self::Resting(_) => self.harmonic(0),
        }
    }

    /// Switching loss over that of continuous modulation at the same current, whose phase angle
    /// against the voltage is φ: the share of ∫|i| in which a leg switches.
    #[must_use]
    pub fn switching_share(self, phi_rad: f64) -> f64 {
        let between = |from: f64, to: f64| integral_of_abs_cos(to) - integral_of_abs_cos(from);
        let about = |middle: f64, half: f64| between(middle - half, middle + half);
        match self {
            Self::Cut(a) => {
                let held = about(FRAC_PI_6 - phi_rad, a) + about(-FRAC_PI_6 - phi_rad, a);
                1.0 - 0.5 * held
            }
            Self::Resting(w) => 0.5 * about(0.5 * PI - phi_rad, w),
        }
    }

    /// Harmonic flux linkage over the fundamental's, sqrt(Σ (V_h/h)²)/V_1 over h = 5, 7, 11, 13,
    /// 17, 19: what an inductance turns into harmonic current.
    #[must_use]
    pub fn flux_distortion(self) -> f64 {
        let squares: f64 = (1..=3)
            .flat_map(|k| [(k, 6 * k + 1), (-k, 6 * k - 1)])
            .map(|(k, order)| (self.harmonic(k) / f64::from(order)).powi(2))
            .sum();
        squares.sqrt() / self.harmonic(0)
    }

    /// Amplitude of the vector that turns 6k + 1 times as fast, over the end of linear modulation.
    fn harmonic(self, k: i32) -> f64 {
        let at = |psi: f64| {
            let (along, across) = self.vector(psi);
            let turn = f64::from(6 * k) * psi;
            along * turn.cos() + across * turn.sin()
        };
        let corner = match self {
            Self::Cut(angle) | Self::Resting(angle) => angle,
        };
        6.0 / PI * (simpson(at, 0.0, corner) + simpson(at, corner, FRAC_PI_6))
    }

    /// The vector at an angle from the middle of a side, seen from the turning axis.
    fn vector(self, psi: f64) -> (f64, f64) {
        match self {
            Self::Cut(a) => (1.0 / psi.min(a).cos(), 0.0),
            Self::Resting(w) => {
                let on_side = if psi < w {
                    psi / w * FRAC_PI_6
                } else {
                    FRAC_PI_6
                };
                let (across, along) = (on_side - psi).sin_cos();
                (along / on_side.cos(), across / on_side.cos())
            }
        }
    }
}

/// Harmonic flux linkage over the fundamental's at a fundamental voltage; none in linear modulation.
#[must_use]
pub fn flux_distortion(voltage: f64) -> Option<f64> {
    if (0.0..=1.0).contains(&voltage) {
        return Some(0.0);
    }
    let (mode, i, t) = find(voltage)?;
    let knots = &TABLES[mode];
    Some(knots[i].distortion + (knots[i + 1].distortion - knots[i].distortion) * t)
}

/// Table, cell and place in the cell of a fundamental voltage.
fn find(voltage: f64) -> Option<(usize, usize, f64)> {
    if !(1.0..=SIX_STEP * (1.0 + 1e-12)).contains(&voltage) {
        return None;
    }
    let mode = usize::from(voltage > HEXAGON);
    let knots = &TABLES[mode];
    let above = knots.partition_point(|knot| knot.voltage < voltage);
    let i = above.clamp(1, knots.len() - 1) - 1;
    let width = knots[i + 1].voltage - knots[i].voltage;
    Some((mode, i, ((voltage - knots[i].voltage) / width).min(1.0)))
}

fn mode_1(share: f64) -> Trajectory {
    Trajectory::Cut(FRAC_PI_6 * share)
}

fn mode_2(share: f64) -> Trajectory {
    Trajectory::Resting(FRAC_PI_6 * (1.0 - share))
}

fn table(mode: fn(f64) -> Trajectory) -> Vec<Knot> {
    let knot = |i: u32| {
        let trajectory = mode(f64::from(i) / f64::from(CELLS));
        let (Trajectory::Cut(angle_rad) | Trajectory::Resting(angle_rad)) = trajectory;
        Knot {
            voltage: trajectory.voltage(),
            angle_rad,
            distortion: trajectory.flux_distortion(),
        }
    };
    (0..=CELLS).map(knot).collect()
}

fn simpson(f: impl Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    let h = (to - from) / f64::from(SIMPSON);
    let weight = |i: u32| match i {
        0 | SIMPSON => 1.0,
        i if i % 2 == 1 => 4.0,
        _ => 2.0,
    };
    let sum: f64 = (0..=SIMPSON)
        .map(|i| weight(i) * f(from + h * f64::from(i)))
        .sum();
    sum * h / 3.0
}

/// ∫ |cos x| dx from 0.
fn integral_of_abs_cos(x: f64) -> f64 {
    let half_turns = (x / PI).round();
    2.0 * half_turns + (x - half_turns * PI).sin()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Holtz et al.: the hexagon has 0.952 of the six-step voltage, linear modulation 0.907.
    #[test]
    fn the_modes_meet_at_the_hexagon_and_end_in_six_step() {
        let hexagon = [mode_1(1.0).voltage(), mode_2(0.0).voltage()];
        assert!((hexagon[0] - HEXAGON).abs() < 1e-12 && (hexagon[1] - HEXAGON).abs() < 1e-5);
        assert!((HEXAGON / SIX_STEP - 0.952).abs() < 1e-3);
        assert!((1.0 / SIX_STEP - 0.907).abs() < 1e-3);
        assert!((mode_1(0.0).voltage() - 1.0).abs() < 1e-12);
        assert!((mode_2(1.0).voltage() - SIX_STEP).abs() < 1e-6);
    }

    #[test]
    fn a_trajectory_is_found_from_its_voltage() {
        for voltage in [1.0, 1.001, 1.02, 1.048, 1.06, 1.09, 1.102] {
            let found = Trajectory::at(voltage).unwrap().voltage();
            assert!((found - voltage).abs() < 2e-4, "{found} {voltage}");
        }
        assert!(Trajectory::at(0.999).is_none() && Trajectory::at(1.11).is_none());
    }

    /// Six-step: V_h = V_1/h, so the sum is that of 1/h⁴: 4.64 % with all orders.
    #[test]
    fn six_step_distorts_the_flux_as_its_fourier_series_says() {
        let exact = [5, 7, 11, 13, 17, 19]
            .map(|h| f64::from(h).powi(-4))
            .iter()
            .sum::<f64>()
            .sqrt();
        let ours = flux_distortion(SIX_STEP).unwrap();
        assert!((ours - exact).abs() < 2e-4, "{ours} {exact}");
        assert!((ours - 0.0464).abs() < 3e-4, "{ours}");
        assert_eq!(flux_distortion(0.7), Some(0.0));
    }

    /// On the hexagon two legs rest at a time: with current in phase, 1 − √3/2 of the loss remains;
    /// in quadrature the switching leg carries its largest current, and a half remains. In six-step
    /// only the two commutations of a period are left, which this share does not count.
    #[test]
    fn switching_falls_from_all_to_none() {
        let at = |share: f64, phi: f64| mode_1(share).switching_share(phi);
        assert!((at(0.0, 0.3) - 1.0).abs() < 1e-12);
        assert!((at(1.0, 0.0) - (1.0 - 0.75_f64.sqrt())).abs() < 1e-12);
        assert!((at(1.0, 0.5 * PI) - 0.5).abs() < 1e-12);
        for phi in [-2.5, -1.0, 0.0, 0.4, 1.2, 3.0] {
            let meet = mode_2(0.0).switching_share(phi);
            assert!((at(1.0, phi) - meet).abs() < 1e-12, "{phi}");
            assert!(mode_2(1.0).switching_share(phi).abs() < 1e-12);
        }
    }
}
