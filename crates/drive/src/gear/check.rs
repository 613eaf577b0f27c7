//! Gear data that no gear has, refused by name and limit.

use std::ops::RangeInclusive;

use codrive_model::gear_set::{GearLayout, GearSet, GearShaft, GearStage, Lubrication};

use super::mesh::ratio_from_teeth;
use crate::error::DriveError;

/// Oil temperatures, K: from a cold start in winter to where additives decay.
pub(super) const OIL_K: RangeInclusive<f64> = 233.15..=433.15;
/// Relative miss of a ratio and of the axis distances of a planetary set.
const SLACK: f64 = 0.01;

/// Refuses a gear set whose data cannot be, or contradict each other.
pub(super) fn check(set: &GearSet) -> Result<(), DriveError> {
    let check = Check { set };
    check.within("ratio", "", set.ratio, 1.0..=100.0)?;
    check.within("mesh_factor", "", set.mesh_factor, 0.1..=10.0)?;
    check.within("oil_temperature", " in K", set.oil_temperature_k, OIL_K)?;
    check.oil()?;
    let (least, most) = match set.layout {
        GearLayout::OffsetTwoStage => (1, 4),
        GearLayout::CoaxialPlanetary => (2, 2),
    };
    check.count("stages", set.stages.len(), least, most)?;
    check.count("shafts", set.shafts.len(), 1, 8)?;
    for (i, stage) in set.stages.iter().enumerate() {
        check.stage(i, stage)?;
    }
    for (i, shaft) in set.shafts.iter().enumerate() {
        check.shaft(i, shaft)?;
    }
    check.whole()?;
    check.disconnect()
}

struct Check<'a> {
    set: &'a GearSet,
}

impl Check<'_> {
    fn oil(&self) -> Result<(), DriveError> {
        let oil = &self.set.oil;
        let thin = oil.viscosity_100_m2_per_s;
        let thick = 1.000_001 * thin..=1.0;
        self.within(
            "oil.viscosity_40",
            " in m²/s",
            oil.viscosity_40_m2_per_s,
            thick,
        )?;
        self.within("oil.viscosity_100", " in m²/s", thin, 1e-6..=1.0)?;
        self.within(
            "oil.density_15",
            " in kg/m³",
            oil.density_15_kg_per_m3,
            500.0..=1500.0,
        )?;
        self.within("oil.friction_factor", "", oil.friction_factor, 0.1..=3.0)
    }

    fn stage(&self, i: usize, stage: &GearStage) -> Result<(), DriveError> {
        let named = |key: &str| format!("stages[{i}].{key}");
        let count = |teeth: u32| f64::from(teeth);
        self.within(
            &named("pinion_teeth"),
            "",
            count(stage.pinion_teeth),
            5.0..=500.0,
        )?;
        let least = if stage.internal {
            stage.pinion_teeth + 1
        } else {
            5
        };
        self.within(
            &named("wheel_teeth"),
            "",
            count(stage.wheel_teeth),
            count(least)..=2000.0,
        )?;
        self.within(&named("meshes"), "", count(stage.meshes), 1.0..=12.0)?;
        self.within(&named("load_share"), "", stage.load_share, 1.0..=2.0)?;
        self.within(
            &named("helix_angle"),
            " in rad",
            stage.helix_angle_rad,
            0.0..=0.79,
        )?;
        self.within(&named("module"), " in m", stage.module_m, 1e-4..=0.05)?;
        self.within(
            &named("face_width"),
            " in m",
            stage.face_width_m,
            1e-3..=1.0,
        )
    }

    fn shaft(&self, i: usize, shaft: &GearShaft) -> Result<(), DriveError> {
        let named = |key: &str| format!("shafts[{i}].{key}");
        self.within(&named("speed_ratio"), "", shaft.speed_ratio, 1e-4..=10.0)?;
        self.within(
            &named("load_per_torque"),
            " in N/(N·m)",
            shaft.load_per_torque,
            0.0..=1e4,
        )?;
        self.within(
            &named("bearing_diameter"),
            " in m",
            shaft.bearing_diameter_m,
            1e-3..=2.0,
        )
    }

    fn whole(&self) -> Result<(), DriveError> {
        let set = self.set;
        let ratio = ratio_from_teeth(set);
        if (ratio / set.ratio - 1.0).abs() > SLACK {
            let reason = format!("its teeth make a ratio of {ratio:.3}, not {}", set.ratio);
            return Err(self.wrong("ratio", reason));
        }
        if let (GearLayout::CoaxialPlanetary, [sun, ring]) = (set.layout, &set.stages[..]) {
            let (a, b) = (sun.centre_distance_m(), ring.centre_distance_m());
            if (a / b - 1.0).abs() > SLACK {
                let reason = format!(
                    "sun and planet are {:.2} mm apart, planet and ring {:.2} mm: one axis has to serve both",
                    a * 1e3,
                    b * 1e3
                );
                return Err(self.wrong("stages", reason));
            }
        }
        match (set.lubrication, super::dipping(set)) {
            (Lubrication::Bath(bath), Some(wheel)) => {
                let deepest = 2.0 * wheel.radius_m;
                self.within(
                    "lubrication.bath.immersion",
                    " in m",
                    bath.immersion_m,
                    0.0..=deepest,
                )
            }
            _ => Ok(()),
        }
    }

    fn disconnect(&self) -> Result<(), DriveError> {
        let Some(clutch) = self.set.disconnect else {
            return Ok(());
        };
        let slowest = 1.0 / self.set.ratio * (1.0 - SLACK);
        self.within(
            "disconnect.speed_ratio",
            "",
            clutch.speed_ratio,
            slowest..=1.0,
        )?;
        let carried = self.set.rated_input_torque_nm / clutch.speed_ratio;
        self.within(
            "disconnect.torque",
            " in N·m",
            clutch.torque_nm,
            carried..=1e6,
        )
    }

    fn count(&self, what: &str, n: usize, least: usize, most: usize) -> Result<(), DriveError> {
        if (least..=most).contains(&n) {
            return Ok(());
        }
        let reason = format!("it has {n} {what}: must be {least} to {most}");
        Err(self.wrong(what, reason))
    }

    fn within(
        &self,
        key: &str,
        of: &str,
        value: f64,
        allowed: RangeInclusive<f64>,
    ) -> Result<(), DriveError> {
        if allowed.contains(&value) {
            return Ok(());
        }
        let (from, to) = (allowed.start(), allowed.end());
        let reason = format!("{key}{of} is {value}: must be {from} to {to}");
        Err(self.wrong(key, reason))
    }

    fn wrong(&self, key: &str, reason: String) -> DriveError {
        DriveError::GearSet {
            gear_set: self.set.id.clone(),
            key: Some(key.to_owned()),
            reason,
        }
    }
}
