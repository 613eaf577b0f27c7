//! Losses of a gear set as a torque at its input: mesh, bearings, oil, seals and constant drag.
//!
//! The lost torque is counted positive and taken from the shaft torque whatever its sign, so one
//! relation serves both directions: T_axle = ratio · (T_motor − T_lost(|T_motor|, ω)).
//!
//! The equations alone lose 15 to 20 % less than the published maps of a reference tool; a factor
//! on the mesh and a constant drag, both in the gear set's file, close the gap (see the page).

use std::f64::consts::PI;

use codrive_model::gear_set::{GearLayout, GearSet, GearShaft, GearStage};

use crate::error::{DriveError, positive};
use crate::mechanical::BearingAtSpeed;

/// Transmission oil: kinematic viscosity at 40 and 100 °C, mm²/s, density at 15 °C, kg/m³, factor
/// X_L of the mesh friction, flow through each mesh, m³/s, tooth roughness, µm (TUM's model).
const OIL_NU_40: f64 = 30.8;
const OIL_NU_100: f64 = 5.9;
const OIL_DENSITY_15C: f64 = 845.0;
const OIL_X_L: f64 = 0.75;
const OIL_FLOW_M3_PER_S: f64 = 2.5e-3 / 60.0;
const ROUGHNESS_UM: f64 = 0.5;
/// Normal pressure angle, rad.
const PRESSURE_ANGLE_RAD: f64 = 20.0 * PI / 180.0;
/// Load that a bearing carries without torque, N (preload, weight): assumed.
const BEARING_PRELOAD_N: f64 = 50.0;
/// Pitch-line speed below which the mesh friction is held, m/s (Niemann & Winter).
const SLOWEST_PITCH_LINE_M_PER_S: f64 = 0.83;

/// A gear set, ready for many points.
#[derive(Clone, Debug)]
pub struct GearModel<'a> {
    set: &'a GearSet,
    meshes: Vec<Mesh>,
    /// Kinematic viscosity, m²/s.
    viscosity_m2_per_s: f64,
}

/// What a mesh's loss needs, all seen from the input.
#[derive(Clone, Copy, Debug)]
struct Mesh {
    /// Power through all meshes of the stage by rolling, over input power.
    power_share: f64,
    /// Geometric loss factor H_V.
    loss_factor: f64,
    /// Pitch-line speed over input speed, m.
    pitch_line_m: f64,
    /// Force in the plane of action over face width and input torque, 1/(m·m).
    line_load_per_m2: f64,
    /// Relative speed over pitch-line speed times relative radius, m.
    sum_speed_radius_m: f64,
}

/// The lost torque of a gear set at one input speed.
#[derive(Clone, Debug)]
pub struct GearAtSpeed<'m> {
    set: &'m GearSet,
    /// The bearings of each shaft.
    bearings: Vec<BearingAtSpeed>,
    /// Mesh friction of each stage over |T|^1.2.
    mesh: f64,
    /// Lost torque whatever the load, without bearings, N·m.
    constant_nm: f64,
}

impl<'a> GearModel<'a> {
    /// Prepares a gear set.
    ///
    /// # Errors
    /// Teeth that do not make the stated ratio within 1 %, or values that no gear has.
    pub fn new(set: &'a GearSet) -> Result<Self, DriveError> {
        positive("gear ratio", set.ratio)?;
        positive("mesh factor", set.mesh_factor)?;
        let wrong = |reason: String| DriveError::GearSet {
            gear_set: set.id.clone(),
            reason,
        };
        if set.stages.is_empty()
            || set
                .stages
                .iter()
                .any(|s| s.pinion_teeth < 5 || s.meshes == 0)
        {
            return Err(wrong(
                "a stage needs 5 teeth on its pinion, and one mesh".to_owned(),
            ));
        }
        let ratio = ratio_from_teeth(set);
        if (ratio / set.ratio - 1.0).abs() > 0.01 {
            return Err(wrong(format!(
                "its teeth make a ratio of {ratio:.3}, not {}",
                set.ratio
            )));
        }
        Ok(Self {
            set,
            meshes: meshes(set),
            viscosity_m2_per_s: oil_viscosity_m2_per_s(set.oil_temperature_k),
        })
    }

    /// The gear set.
    #[must_use]
    pub fn set(&self) -> &'a GearSet {
        self.set
    }

    /// What an input speed decides.
    #[must_use]
    pub fn at_speed(&self, speed_rad_per_s: f64) -> GearAtSpeed<'_> {
        let rpm = speed_rad_per_s * 30.0 / PI;
        let mesh = self
            .meshes
            .iter()
            .map(|m| self.mesh_coefficient(m, speed_rad_per_s))
            .sum();
        let seals: f64 = self.set.shafts.iter().map(|s| seal_w(s, rpm)).sum();
        let oil: f64 = self
            .set
            .stages
            .iter()
            .zip(&self.meshes)
            .map(|(stage, mesh)| {
                let speed = mesh.pitch_line_m * speed_rad_per_s;
                f64::from(stage.meshes) * OIL_DENSITY_15C * OIL_FLOW_M3_PER_S * speed * speed
            })
            .sum();
        let constant_nm = if speed_rad_per_s > 0.0 {
            (seals + oil) / speed_rad_per_s
        } else {
            0.0
        };
        let bearing = |shaft: &GearShaft| {
            let speed = speed_rad_per_s * shaft.speed_ratio;
            BearingAtSpeed::new(shaft.bearing_diameter_m, self.viscosity_m2_per_s, speed)
        };
        GearAtSpeed {
            set: self.set,
            bearings: self.set.shafts.iter().map(bearing).collect(),
            mesh,
            constant_nm: constant_nm + self.set.added_drag_nm,
        }
    }

    /// μ_m · H_V · power share over |T|^0.2:
    /// μ_m = 0.048 (F_bt/b / (v_ΣC ρ_redC))^0.2 η^−0.05 Ra^0.25 X_L, in N/mm, m/s, mm, mPa·s, µm.
    ///
    /// Source: Schlenk 1995 as in ISO/TR 14179-2.
    fn mesh_coefficient(&self, mesh: &Mesh, speed_rad_per_s: f64) -> f64 {
        let pitch_line = (mesh.pitch_line_m * speed_rad_per_s).max(SLOWEST_PITCH_LINE_M_PER_S);
        let celsius = self.set.oil_temperature_k - 273.15;
        let density = OIL_DENSITY_15C - 0.7 * (celsius - 15.0);
        let eta_mpas = self.viscosity_m2_per_s * density * 1e3;
        let load = mesh.line_load_per_m2 * 1e-3;
        let sum_speed_radius = mesh.sum_speed_radius_m * 1e3 * pitch_line;
        let mu = 0.048
            * (load / sum_speed_radius).powf(0.2)
            * eta_mpas.powf(-0.05)
            * ROUGHNESS_UM.powf(0.25)
            * OIL_X_L;
        mu * self.set.mesh_factor * mesh.loss_factor * mesh.power_share
    }
}

impl GearAtSpeed<'_> {
    /// Torque lost at the input, N·m ≥ 0, at an input torque of either sign.
    #[must_use]
    pub fn lost_nm(&self, input_torque_nm: f64) -> f64 {
        let torque = input_torque_nm.abs();
        let shafts = self.set.shafts.iter().zip(&self.bearings);
        let bearings: f64 = shafts
            .map(|(shaft, bearing)| {
                let load_n = BEARING_PRELOAD_N + shaft.load_per_torque * torque;
                f64::from(shaft.bearings) * bearing.torque_nm(load_n) * shaft.speed_ratio
            })
            .sum();
        self.mesh * torque.powf(1.2) + self.constant_nm + bearings
    }

    /// Torque on the axle at a motor torque, N·m.
    #[must_use]
    pub fn axle_nm(&self, motor_nm: f64) -> f64 {
        self.set.ratio * (motor_nm - self.lost_nm(motor_nm))
    }

    /// Motor torque for a torque on the axle, N·m.
    ///
    /// The lost torque rises by a few percent of the motor torque, so that the iteration contracts;
    /// the slope of the last two steps speeds it up (Steffensen).
    #[must_use]
    pub fn motor_nm(&self, axle_nm: f64) -> f64 {
        let wanted = axle_nm / self.set.ratio;
        let mut motor = wanted + self.lost_nm(wanted);
        for _ in 0..30 {
            let miss = wanted + self.lost_nm(motor) - motor;
            if miss.abs() <= 1e-12 * (1.0 + motor.abs()) {
                break;
            }
            let next = motor + miss;
            let rest = wanted + self.lost_nm(next) - next;
            let contraction = rest / miss;
            motor = if contraction.abs() < 0.5 {
                next + rest / (1.0 - contraction)
            } else {
                next
            };
        }
        motor
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

fn meshes(set: &GearSet) -> Vec<Mesh> {
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
    let beta = stage.helix_angle_rad;
    let transverse = (PRESSURE_ANGLE_RAD.tan() / beta.cos()).atan();
    let beta_base = (beta.sin() * PRESSURE_ANGLE_RAD.cos()).asin();
    let (ratio, radius) = (stage.tooth_ratio(), 0.5 * stage.pinion_diameter_m());
    let inner = if stage.internal { -1.0 } else { 1.0 };
    // ρ_red = r sin α_t / cos β_b · u/(u ± 1), v_ΣC = 2 v sin α_t.
    let reduced = radius * transverse.sin() / beta_base.cos() * ratio / (ratio + inner);
    Mesh {
        power_share: rolling,
        loss_factor: loss_factor(stage),
        pitch_line_m: radius * speed,
        line_load_per_m2: torque / (radius * transverse.cos()) / stage.face_width_m,
        sum_speed_radius_m: 2.0 * transverse.sin() * reduced,
    }
}

/// H_V = π (u ± 1)/(z_1 u cos β_b) · (1 − ε_α + ε_1² + ε_2²), minus for a ring; addenda of one
/// module, no profile shift.
///
/// Source: Niemann & Winter, Maschinenelemente 2, section 21.11 (Ohlendorf 1958).
#[must_use]
pub fn loss_factor(stage: &GearStage) -> f64 {
    let beta = stage.helix_angle_rad;
    let transverse = (PRESSURE_ANGLE_RAD.tan() / beta.cos()).atan();
    let beta_base = (beta.sin() * PRESSURE_ANGLE_RAD.cos()).asin();
    let contact = |teeth: u32, diameter: f64, sign: f64| {
        let tip = diameter + 2.0 * sign * stage.module_m;
        let base = diameter * transverse.cos();
        let tan_tip = ((tip / base).powi(2) - 1.0).max(0.0).sqrt();
        sign * f64::from(teeth) / (2.0 * PI) * (tan_tip - transverse.tan())
    };
    let inner = if stage.internal { -1.0 } else { 1.0 };
    let e1 = contact(stage.pinion_teeth, stage.pinion_diameter_m(), 1.0);
    let e2 = contact(stage.wheel_teeth, stage.wheel_diameter_m(), inner);
    let u = stage.tooth_ratio();
    let rolling = PI * (u + inner) / (f64::from(stage.pinion_teeth) * u * beta_base.cos());
    rolling * (1.0 - (e1 + e2) + e1 * e1 + e2 * e2)
}

/// Loss of a shaft's seals, W: 7.69e-6 d² n with d in mm and n in rpm.
///
/// Source: Simrit as in ISO/TR 14179-2.
fn seal_w(shaft: &GearShaft, input_rpm: f64) -> f64 {
    let diameter_mm = shaft.seal_diameter_m * 1e3;
    f64::from(shaft.seals) * 7.69e-6 * diameter_mm.powi(2) * input_rpm * shaft.speed_ratio
}

/// Kinematic viscosity of the oil, m²/s: log log (ν + 0.7) is linear in log T.
///
/// Source: Ubbelohde-Walther, DIN 51563.
#[must_use]
pub fn oil_viscosity_m2_per_s(temperature_k: f64) -> f64 {
    let w = |nu: f64| (nu + 0.7).log10().log10();
    let (cold, hot) = (313.15_f64.log10(), 373.15_f64.log10());
    let slope = (w(OIL_NU_100) - w(OIL_NU_40)) / (hot - cold);
    let at = w(OIL_NU_40) + slope * (temperature_k.log10() - cold);
    (10.0_f64.powf(10.0_f64.powf(at)) - 0.7) * 1e-6
}
