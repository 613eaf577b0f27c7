//! Which phase lies in which slot, and the dq transform.

use codrive_model::section::{Section, Sector};
use std::f64::consts::{FRAC_PI_2, PI};

/// Share of each phase's unit current in each slot of a sector: `turns[slot][phase]`, in −1..1.
#[derive(Clone, Debug, PartialEq)]
pub struct Winding {
    /// Conductors of each phase in each slot of the sector, whole slot = 1.
    pub turns: Vec<[f64; 3]>,
    /// Electrical angle of each phase's axis in the stator at rotor angle zero, rad.
    pub axis_rad: [f64; 3],
    /// Fundamental winding factor.
    pub factor: f64,
}

impl Winding {
    /// The winding of a sector of a section; each coil side takes half a slot.
    #[must_use]
    pub fn new(section: &Section, sector: Sector) -> Self {
        let star = section.star();
        let mut turns = vec![[0.0; 3]; sector.slots as usize];
        for (k, slot) in (0..sector.slots).zip(&mut turns) {
            for (phase, sign) in star.sides(k) {
                slot[phase] += 0.5 * sign;
            }
        }
        let mut axis_rad = [0.0; 3];
        let mut factor = 0.0;
        for (phase, axis) in axis_rad.iter_mut().enumerate() {
            let (mut x, mut y, mut sides) = (0.0, 0.0, 0.0);
            for (k, slot) in turns.iter().enumerate() {
                let angle = PI * slot_place(k, sector);
                x += slot[phase] * angle.cos();
                y += slot[phase] * angle.sin();
                sides += slot[phase].abs();
            }
            *axis = y.atan2(x) - FRAC_PI_2;
            factor = f64::hypot(x, y) / f64::max(sides, f64::from(sector.slots / 3));
        }
        Self {
            turns,
            axis_rad,
            factor,
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

/// Middle of a slot of the sector in pole pitches; the middle of the first pole is at zero.
pub(crate) fn slot_place(k: usize, sector: Sector) -> f64 {
    f64::from(sector.poles) * (k as f64 + 0.5) / f64::from(sector.slots) - 0.5
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
        };
        let dq0 = winding.dq0(winding.phases(-3.0, 7.0, 0.4), 0.4);
        assert!(
            (dq0[0] + 3.0).abs() < 1e-12 && (dq0[1] - 7.0).abs() < 1e-12 && dq0[2].abs() < 1e-12
        );
    }
}
