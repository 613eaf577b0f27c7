//! A duty as one torque that damages as much in the reference number of cycles.

use super::strength::LifeCurve;
use crate::error::{DriveError, positive};

/// Part of a life at one torque.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DutyBlock {
    /// Torque over the peak torque, above 0 up to 1.
    pub torque_share: f64,
    /// Revolutions of the input.
    pub revolutions: f64,
}

/// A private car's life for sizing: 250,000 km with 4.6 revolutions of the input per metre (ratio 9.5,
/// wheel radius 0.33 m), a half per mille of it at peak torque. Assumed; low torques hardly count.
#[must_use]
pub fn private_car() -> Vec<DutyBlock> {
    let life = 250e6 * 4.6;
    [
        (1.0, 0.0005),
        (0.7, 0.005),
        (0.4, 0.05),
        (0.2, 0.40),
        (0.08, 0.5445),
    ]
    .map(|(torque_share, share)| DutyBlock {
        torque_share,
        revolutions: life * share,
    })
    .to_vec()
}

/// Torque over peak torque that damages in the curve's reference cycles as much as a duty:
/// (Σ n T^p / N)^(1/p), where each revolution of the input makes `cycles` load cycles of a tooth; at
/// least so much that the peak stays below what few cycles may carry.
///
/// Above N the curve is continued with the same slope (elementary Miner), which is cautious.
///
/// Source: ISO 6336-6.
///
/// # Errors
/// A duty without a block at peak torque, or with a share or number of revolutions that cannot be.
pub fn equivalent_share(
    duty: &[DutyBlock],
    cycles: f64,
    curve: &LifeCurve,
) -> Result<f64, DriveError> {
    positive("load cycles per revolution", cycles)?;
    let mut highest: f64 = 0.0;
    let mut damage = 0.0;
    for block in duty {
        positive("torque share of a duty block", block.torque_share)?;
        positive("revolutions of a duty block", block.revolutions)?;
        highest = highest.max(block.torque_share);
        damage += block.revolutions * cycles / curve.reference_cycles
            * block.torque_share.powf(curve.torque_exponent);
    }
    if (highest - 1.0).abs() > 1e-9 {
        return Err(DriveError::OutOfRange {
            what: "highest torque share of a duty",
            value: highest,
            allowed: "1: shares are of the peak torque",
        });
    }
    let miner = damage.powf(1.0 / curve.torque_exponent);
    Ok(miner.max(1.0 / curve.few_cycles_torque))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gear_sizing::strength::{FLANK, ROOT};

    fn constant(revolutions: f64) -> Vec<DutyBlock> {
        vec![DutyBlock {
            torque_share: 1.0,
            revolutions,
        }]
    }

    #[test]
    fn the_reference_cycles_at_peak_are_the_peak() {
        for curve in [FLANK, ROOT] {
            let duty = constant(curve.reference_cycles);
            assert!((equivalent_share(&duty, 1.0, &curve).unwrap() - 1.0).abs() < 1e-12);
            let twice = equivalent_share(&duty, 2.0, &curve).unwrap();
            assert!((twice - 2.0_f64.powf(1.0 / curve.torque_exponent)).abs() < 1e-12);
        }
    }

    /// ISO 6336-2 and -3, case-hardened: Z_NT = 1.6 at 1e5 cycles, Y_NT = 2.5 at 1e3; fewer carry
    /// no more.
    #[test]
    fn life_factors_are_those_of_the_standard() {
        let at = |n: f64, curve: &LifeCurve| equivalent_share(&constant(n), 1.0, curve).unwrap();
        assert!((1.0 / at(1e5, &FLANK) - 1.6 * 1.6).abs() < 0.01);
        assert!((1.0 / at(1e3, &ROOT) - 2.5).abs() < 0.01);
        assert!((1.0 / at(1.0, &FLANK) - 2.56).abs() < 1e-9);
        assert!((1.0 / at(1.0, &ROOT) - 2.5).abs() < 1e-9);
    }

    #[test]
    fn a_car_life_is_between_a_half_and_the_peak() {
        let share = equivalent_share(&private_car(), 1.0, &FLANK).unwrap();
        assert!((0.5..0.7).contains(&share), "{share}");
    }

    #[test]
    fn impossible_duties_are_refused() {
        let mut duty = constant(1e6);
        duty[0].torque_share = 0.8;
        let said = equivalent_share(&duty, 1.0, &FLANK)
            .unwrap_err()
            .to_string();
        assert!(
            said.contains("highest torque share of a duty is 0.8"),
            "{said}"
        );
        duty[0].torque_share = -1.0;
        assert!(equivalent_share(&duty, 1.0, &FLANK).is_err());
        assert!(equivalent_share(&constant(f64::NAN), 1.0, &FLANK).is_err());
        assert!(equivalent_share(&[], 1.0, &FLANK).is_err());
    }
}
