//! What switching adds to the iron loss of the stator.
//!
//! Eddies follow the voltage, whatever its waveform, so their loss goes with its mean square; hysteresis follows
//! the peak of the flux, which ripple leaves alone as long as it opens no loops of its own. With the fundamental's
//! classical loss P_e, switching adds (ξ² − 1) P_e, ξ the rms of the phase voltage over that of its fundamental.
//!
//! To the high side: ripple of tens of kHz does not fill a sheet, and part of it is leakage. Ripple in rotor,
//! magnets and copper is not in it.
//!
//! Source: Boglietti, Cavagnino, Lazzari and Pastorelli 2003, IEEE Trans. Magnetics 39(2), 981.

use std::f64::consts::PI;

/// Mean square of a bridge's phase voltage over that of its fundamental, ξ²: 8/(√3 π M) at the modulation
/// M = 2 v̂/V_dc up to 2/√3.
///
/// In a switching period the voltage between two legs is zero or V_dc, of one sign: its mean square is V_dc times
/// its mean, 2√3 v̂/π over a period of the fundamental, and that of a phase a third.
#[must_use]
pub fn mean_square_over_fundamental(modulation: f64) -> f64 {
    8.0 / (3.0_f64.sqrt() * PI * modulation)
}

/// Iron loss that switching adds, W, to the classical loss of the stator, W; none at no voltage.
#[must_use]
pub fn ripple_iron_w(classical_w: f64, modulation: f64) -> f64 {
    if modulation <= 0.0 {
        return 0.0;
    }
    classical_w * (mean_square_over_fundamental(modulation) - 1.0).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Duty cycles of space-vector modulation, squared and summed over a period of the fundamental.
    fn summed(modulation: f64) -> f64 {
        let steps = 36_000;
        let squares = (0..steps).map(|step| {
            let angle = 2.0 * PI * f64::from(step) / f64::from(steps);
            let leg = |k: f64| 0.5 * modulation * (angle - k * 2.0 * PI / 3.0).cos();
            let legs = [leg(0.0), leg(1.0), leg(2.0)];
            let middle = 0.5
                * (legs.iter().copied().fold(f64::MIN, f64::max)
                    + legs.iter().copied().fold(f64::MAX, f64::min));
            // Share of the switching period in which a leg is up; pulses are centred.
            let up = legs.map(|v| 0.5 + v - middle);
            let between = |a: usize, b: usize| (up[a] - up[b]).abs();
            (between(0, 1) + between(1, 2) + between(2, 0)) / 9.0
        });
        let mean = squares.sum::<f64>() / f64::from(steps);
        mean / (modulation * modulation / 8.0)
    }

    #[test]
    fn the_mean_square_is_that_of_the_duty_cycles() {
        for modulation in [0.05, 0.3, 0.8, 1.0, 2.0 / 3.0_f64.sqrt()] {
            let ratio = mean_square_over_fundamental(modulation) / summed(modulation);
            assert!((ratio - 1.0).abs() < 1e-6, "{modulation}: {ratio}");
        }
    }

    /// Full modulation: 27.3 % of the classical loss; standstill none.
    #[test]
    fn switching_adds_least_beside_the_largest_voltage() {
        assert!((ripple_iron_w(100.0, 2.0 / 3.0_f64.sqrt()) - 27.32).abs() < 0.01);
        assert!(ripple_iron_w(100.0, 0.5) > ripple_iron_w(100.0, 1.0));
        assert_eq!(ripple_iron_w(0.0, 0.0), 0.0);
    }
}
