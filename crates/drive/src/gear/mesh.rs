//! Meshes of a gear set: geometry of the contact and friction.

use std::f64::consts::PI;

use codrive_model::gear_set::{GearLayout, GearSet, GearStage};

use super::oil::OilAt;

/// Normal pressure angle, rad.
pub const PRESSURE_ANGLE_RAD: f64 = 20.0 * PI / 180.0;
/// Tooth roughness, µm (TUM's model).
const ROUGHNESS_UM: f64 = 0.5;
/// Pitch-line speed below which the mesh friction is held, m/s (Niemann & Winter).
const SLOWEST_PITCH_LINE_M_PER_S: f64 = 0.83;

/// What a mesh's loss needs, all seen from the input.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mesh {
    /// Power through all meshes of the stage by rolling, over input power.
    power_share: f64,
    /// Geometric loss factor H_V.
    loss_factor: f64,
    /// Pitch-line speed over input speed, m.
    pub(super) pitch_line_m: f64,
    /// Force in the plane of action over face width and input torque, 1/(m·m).
    line_load_per_m2: f64,
    /// Relative speed over pitch-line speed times relative radius, m.
    sum_speed_radius_m: f64,
}

impl Mesh {
    /// μ_m · H_V · power share over |T|^0.2 and the pitch-line speed to the −0.2:
    /// μ_m = 0.048 (F_bt/b / (v_ΣC ρ_redC))^0.2 η^−0.05 Ra^0.25 X_L, in N/mm, m/s, mm, mPa·s, µm.
    ///
    /// Source: Schlenk 1995 as in ISO/TR 14179-2.
    pub(super) fn friction(&self, oil: &OilAt) -> f64 {
        let load = self.line_load_per_m2 * 1e-3;
        let mu = 0.048
            * (load / (self.sum_speed_radius_m * 1e3)).powf(0.2)
            * oil.dynamic_mpas().powf(-0.05)
            * ROUGHNESS_UM.powf(0.25)
            * oil.friction_factor;
        mu * self.loss_factor * self.power_share
    }

    /// Pitch-line speed to the −0.2, held at low speed.
    pub(super) fn speed_factor(&self, speed_rad_per_s: f64) -> f64 {
        let pitch_line = self.pitch_line_m * speed_rad_per_s;
        pitch_line.max(SLOWEST_PITCH_LINE_M_PER_S).powf(-0.2)
    }
}

/// Motor speed over axle speed from the teeth.
#[must_use]
pub fn ratio_from_teeth(set: &GearSet) -> f64 {
    let product: f64 = set.stages.iter().map(GearStage::tooth_ratio).product();
    match set.layout {
        GearLayout::OffsetTwoStage => product,
        GearLayout::CoaxialPlanetary => 1.0 + product,
    }
}

pub(super) fn meshes(set: &GearSet) -> Vec<Mesh> {
    let total = ratio_from_teeth(set);
    // Of a planetary set with fixed ring only the share 1 − 1/i of the power rolls; the rest goes
    // through the carrier as a coupling.
    let (rolling, mut speed, mut torque) = match set.layout {
        GearLayout::OffsetTwoStage => (1.0, 1.0, 1.0),
        GearLayout::CoaxialPlanetary => (1.0 - 1.0 / total, 1.0 - 1.0 / total, 1.0),
    };
    let mut meshes = Vec::with_capacity(set.stages.len());
    for stage in &set.stages {
        meshes.push(mesh(
            stage,
            rolling,
            speed,
            torque / f64::from(stage.meshes),
        ));
        speed /= stage.tooth_ratio();
        torque *= stage.tooth_ratio();
    }
    meshes
}

/// One stage: `speed` and `torque` of its pinion over those of the input.
fn mesh(stage: &GearStage, rolling: f64, speed: f64, torque: f64) -> Mesh {
    let Transverse { angle, base_helix } = Transverse::of(stage);
    let (ratio, radius) = (stage.tooth_ratio(), 0.5 * stage.pinion_diameter_m());
    let inner = if stage.internal { -1.0 } else { 1.0 };
    // ρ_red = r sin α_t / cos β_b · u/(u ± 1), v_ΣC = 2 v sin α_t.
    let reduced = radius * angle.sin() / base_helix.cos() * ratio / (ratio + inner);
    Mesh {
        power_share: rolling,
        loss_factor: loss_factor(stage),
        pitch_line_m: radius * speed,
        line_load_per_m2: torque / (radius * angle.cos()) / stage.face_width_m,
        sum_speed_radius_m: 2.0 * angle.sin() * reduced,
    }
}

/// Angles of a stage's transverse section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transverse {
    /// Pressure angle α_t, rad.
    pub(crate) angle: f64,
    /// Helix angle on the base circle β_b, rad.
    pub(crate) base_helix: f64,
}

impl Transverse {
    pub(crate) fn of(stage: &GearStage) -> Self {
        let beta = stage.helix_angle_rad;
        Self {
            angle: (PRESSURE_ANGLE_RAD.tan() / beta.cos()).atan(),
            base_helix: (beta.sin() * PRESSURE_ANGLE_RAD.cos()).asin(),
        }
    }
}

/// Contact ratios (ε_1, ε_2) of the tips of driving and driven gear; addenda of one module, no
/// profile shift.
pub(crate) fn tip_contact(stage: &GearStage) -> (f64, f64) {
    let transverse = Transverse::of(stage).angle;
    let contact = |teeth: u32, diameter: f64, sign: f64| {
        let tip = diameter + 2.0 * sign * stage.module_m;
        let base = diameter * transverse.cos();
        let tan_tip = ((tip / base).powi(2) - 1.0).max(0.0).sqrt();
        sign * f64::from(teeth) / (2.0 * PI) * (tan_tip - transverse.tan())
    };
    let inner = if stage.internal { -1.0 } else { 1.0 };
    (
        contact(stage.pinion_teeth, stage.pinion_diameter_m(), 1.0),
        contact(stage.wheel_teeth, stage.wheel_diameter_m(), inner),
    )
}

/// H_V = π (u ± 1)/(z_1 u cos β_b) · (1 − ε_α + ε_1² + ε_2²), minus for a ring.
///
/// Source: Niemann & Winter, Maschinenelemente 2, section 21.11 (Ohlendorf 1958).
#[must_use]
pub fn loss_factor(stage: &GearStage) -> f64 {
    let (e1, e2) = tip_contact(stage);
    let inner = if stage.internal { -1.0 } else { 1.0 };
    let u = stage.tooth_ratio();
    let cos_base = Transverse::of(stage).base_helix.cos();
    let rolling = PI * (u + inner) / (f64::from(stage.pinion_teeth) * u * cos_base);
    rolling * (1.0 - (e1 + e2) + e1 * e1 + e2 * e2)
}
