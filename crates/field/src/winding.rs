//! Which phase lies in which slot, and the dq transform.

use codrive_model::section::Section;
use std::f64::consts::{FRAC_PI_2, PI};

/// Share of each phase's unit current in each slot of a pole: `turns[slot][phase]`, in −1..1.
#[derive(Clone, Debug, PartialEq)]
pub struct Winding {
    /// Conductors of each phase in each slot of the pole, whole slot = 1.
    pub turns: Vec<[f64; 3]>,
    /// Electrical angle of each phase's axis in the stator at rotor angle zero, rad.
    pub axis_rad: [f64; 3],
    /// Fundamental winding factor.
    pub factor: f64,
    /// Slots per pole and phase.
    pub q: usize,
}

impl Winding {
    /// The integer-slot winding of a section: 60° belts a, −c, b; a second layer is shifted by the
    /// pitch and reversed.
    #[must_use]
    pub fn new(section: &Section) -> Self {
        let slots = section.slots_per_pole() as usize;
        let q = slots / 3;
        let pitch = section.winding.coil_pitch as usize;
        let mut turns = vec![[0.0; 3]; slots];
        for (k, slot) in turns.iter_mut().enumerate() {
            let (phase, sign) = belt(k as isize, q);
            slot[phase] += 0.5 * sign;
            let (phase, sign) = belt(k as isize - pitch as isize, q);
            slot[phase] -= 0.5 * sign;
        }
        let mut axis_rad = [0.0; 3];
        let mut factor = 0.0;
        for (phase, axis) in axis_rad.iter_mut().enumerate() {
            let (mut x, mut y, mut sides) = (0.0, 0.0, 0.0);
            for (k, slot) in turns.iter().enumerate() {
                let angle = slot_angle(k, slots);
                x += slot[phase] * angle.cos();
                y += slot[phase] * angle.sin();
                sides += slot[phase].abs();
            }
            *axis = y.atan2(x) - FRAC_PI_2;
            factor = f64::hypot(x, y) / f64::max(sides, q as f64);
        }
        Self {
            turns,
            axis_rad,
            factor,
            q,
        }
    }

    /// Phase values of a dq pair, amplitude invariant, at electrical rotor angle `e`.
    #[must_use]
    pub fn phases(&self, d: f64, q: f64, e: f64) -> [f64; 3] {
        self.axis_rad.map(|a| d * (e - a).cos() - q * (e - a).sin())
    }

    /// dq pair and zero component of phase values.
    #[must_use]
    pub fn dq0(&self, x: [f64; 3], e: f64) -> [f64; 3] {
        let mut dq0 = [0.0; 3];
        for (value, axis) in x.iter().zip(self.axis_rad) {
            dq0[0] += 2.0 / 3.0 * value * (e - axis).cos();
            dq0[1] -= 2.0 / 3.0 * value * (e - axis).sin();
            dq0[2] += value / 3.0;
        }
        dq0
    }
}

/// Electrical angle of a slot of the pole; the pole's middle is at zero.
fn slot_angle(k: usize, slots: usize) -> f64 {
    PI * ((k as f64 + 0.5) / slots as f64 - 0.5)
}

/// Phase and sign of the belt in which slot `k` lies.
pub(crate) fn belt(k: isize, q: usize) -> (usize, f64) {
    let belt = k.div_euclid(q as isize).rem_euclid(6) as usize;
    [
        (0, 1.0),
        (2, -1.0),
        (1, 1.0),
        (0, -1.0),
        (2, 1.0),
        (1, -1.0),
    ][belt]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transform_returns_what_it_was_given() {
        let axis_rad = [210.0_f64, 330.0, 90.0].map(f64::to_radians);
        let winding = Winding {
            turns: vec![],
            axis_rad,
            factor: 1.0,
            q: 2,
        };
        let dq0 = winding.dq0(winding.phases(-3.0, 7.0, 0.4), 0.4);
        assert!(
            (dq0[0] + 3.0).abs() < 1e-12 && (dq0[1] - 7.0).abs() < 1e-12 && dq0[2].abs() < 1e-12
        );
    }
}
