//! What a gear set loses, by origin.

use super::GearModel;
use super::table::{BEARING_PRELOAD_N, MESH_EXPONENT};

/// Torque lost at the input by origin, N·m ≥ 0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GearParts {
    /// Friction of the teeth, with the set's mesh factor.
    pub mesh_nm: f64,
    /// Bearings, with what they churn.
    pub bearing_nm: f64,
    /// Seals.
    pub seal_nm: f64,
    /// Spraying or churning of the oil.
    pub oil_nm: f64,
    /// Drag that the set's file adds.
    pub added_nm: f64,
}

impl GearParts {
    /// All of it, N·m.
    #[must_use]
    pub fn total_nm(&self) -> f64 {
        self.mesh_nm + self.bearing_nm + self.seal_nm + self.oil_nm + self.added_nm
    }
}

impl GearModel<'_> {
    /// Torque lost by origin at an input speed, rad/s, and an input torque of either sign, N·m: the equations
    /// that [`super::GearAtSpeed::lost_nm`] tabulates.
    #[must_use]
    pub fn parts(&self, speed_rad_per_s: f64, input_torque_nm: f64) -> GearParts {
        let torque_nm = input_torque_nm.abs();
        let friction = self.meshes.iter().zip(&self.friction);
        let mesh: f64 = friction
            .map(|(mesh, friction)| friction * mesh.speed_factor(speed_rad_per_s))
            .sum();
        let bearings = self.set.shafts.iter().map(|shaft| {
            let load_n = BEARING_PRELOAD_N + shaft.load_per_torque * torque_nm;
            let one_nm = self.bearing(shaft, speed_rad_per_s).torque_nm(load_n);
            f64::from(shaft.bearings) * one_nm * shaft.speed_ratio
        });
        GearParts {
            mesh_nm: mesh * torque_nm.powf(MESH_EXPONENT),
            bearing_nm: bearings.sum(),
            seal_nm: self.seals_nm(speed_rad_per_s, 1.0),
            oil_nm: self.oil_nm(speed_rad_per_s),
            added_nm: self.set.added_drag_nm,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::gears::gear_set;

    #[test]
    fn the_parts_sum_to_what_is_lost() {
        let set = gear_set();
        for oil_k in [253.15, 323.15, 373.15] {
            let model = GearModel::at_oil(&set, oil_k).unwrap();
            for speed in [0.0, 1.0, 100.0, 1200.0] {
                for torque in [-200.0, 0.0, 3.0, 150.0, 1.5 * set.rated_input_torque_nm] {
                    let parts = model.parts(speed, torque);
                    let lost = model.at_speed(speed).lost_nm(torque);
                    let miss = (parts.total_nm() - lost).abs();
                    assert!(
                        miss < 2e-4 + 1e-4 * lost,
                        "{speed} {torque}: {parts:?} {lost}"
                    );
                }
            }
        }
    }
}
