//! Losses of a gear set as a torque at its input: mesh, bearings, oil, seals and constant drag.
//!
//! The lost torque is counted positive and taken from the shaft torque whatever its sign, so one
//! relation serves both directions: T_axle = ratio · (T_motor − T_lost(|T_motor|, ω)).
//!
//! The equations alone lose 15 to 20 % less than the published maps of a reference tool; a factor
//! on the mesh and a constant drag, both in the gear set's file, close the gap (see the page).
//!
//! What a torque does (|T|^1.2 in the meshes, powers of the bearing loads) does not depend on speed,
//! and what a speed does not on torque: [`GearModel`] tabulates the first once, [`GearAtSpeed`] adds
//! the columns up once, and a point is one piece of a cubic.
//!
//! | Idea | Module |
//! |---|---|
//! | teeth, loss factor, friction | [`mesh`] |
//! | viscosity, churning | [`oil`] |
//! | lost torque over torque at a speed | `table` |
//! | lost torque by origin | `parts` |
//! | data that cannot be | `check` |

mod check;
pub mod mesh;
pub mod oil;
mod parts;
mod table;

use std::f64::consts::PI;

use codrive_model::gear_set::{GearLayout, GearSet, GearShaft, Lubrication};

use crate::bearing::BearingAtSpeed;
use crate::error::DriveError;
use mesh::Mesh;
use oil::{Dipping, OilAt};
use table::{Columns, Row};

pub use mesh::{loss_factor, ratio_from_teeth};
pub use parts::GearParts;

/// A gear set with its oil at a temperature, ready for many points.
#[derive(Clone, Debug)]
pub struct GearModel<'a> {
    set: &'a GearSet,
    oil: OilAt,
    meshes: Vec<Mesh>,
    /// Friction of each mesh over |T|^0.2 at a pitch-line speed of 1 m/s.
    friction: Vec<f64>,
    columns: Columns,
}

/// The lost torque of a gear set at one input speed.
#[derive(Clone, Debug)]
pub struct GearAtSpeed<'m> {
    set: &'m GearSet,
    row: Row<'m>,
}

impl<'a> GearModel<'a> {
    /// Prepares a gear set at the oil temperature of its file.
    ///
    /// # Errors
    /// Values that no gear has, or that contradict each other, by name.
    pub fn new(set: &'a GearSet) -> Result<Self, DriveError> {
        Self::at_oil(set, set.oil_temperature_k)
    }

    /// Prepares a gear set at an oil temperature, K.
    ///
    /// # Errors
    /// As [`Self::new`]; a temperature outside −40 to 160 °C.
    pub fn at_oil(set: &'a GearSet, oil_temperature_k: f64) -> Result<Self, DriveError> {
        check::check(set)?;
        if !check::OIL_K.contains(&oil_temperature_k) {
            return Err(DriveError::OutOfRange {
                what: "oil temperature in K",
                value: oil_temperature_k,
                allowed: "233.15 to 433.15 (-40 to 160 degC)",
            });
        }
        let oil = OilAt::new(&set.oil, oil_temperature_k);
        let meshes = mesh::meshes(set);
        let friction = meshes
            .iter()
            .map(|mesh| mesh.friction(&oil) * set.mesh_factor)
            .collect();
        Ok(Self {
            set,
            oil,
            meshes,
            friction,
            columns: Columns::new(set),
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
        let mesh: f64 = self
            .meshes
            .iter()
            .zip(&self.friction)
            .map(|(mesh, friction)| friction * mesh.speed_factor(speed_rad_per_s))
            .sum();
        let bearings = self
            .set
            .shafts
            .iter()
            .map(|shaft| self.bearing(shaft, speed_rad_per_s));
        let constant_nm = self.seals_nm(speed_rad_per_s, 1.0)
            + self.oil_nm(speed_rad_per_s)
            + self.set.added_drag_nm;
        GearAtSpeed {
            set: self.set,
            row: self.columns.row(mesh, bearings, constant_nm),
        }
    }

    /// Drag on the axle with the disconnect open, N·m ≥ 0: what still turns with the wheels;
    /// `None` without a disconnect.
    ///
    /// The shafts no faster than the clutch with their bearings, unloaded, and seals, the clutch's own drag,
    /// and the churning of the axle's wheel unless the clutch lies behind it.
    #[must_use]
    pub fn open_axle_nm(&self, axle_rad_per_s: f64) -> Option<f64> {
        let clutch = self.set.disconnect?;
        let input_rad_per_s = axle_rad_per_s * self.set.ratio;
        let fastest = clutch.speed_ratio * 1.01;
        let bearings: f64 = self
            .set
            .shafts
            .iter()
            .filter(|shaft| shaft.speed_ratio <= fastest)
            .map(|shaft| {
                let unloaded = self.bearing(shaft, input_rad_per_s);
                let torque = unloaded.torque_nm(table::BEARING_PRELOAD_N);
                f64::from(shaft.bearings) * torque * shaft.speed_ratio
            })
            .sum();
        let seals = self.seals_nm(input_rad_per_s, fastest);
        let wheel_turns = clutch.speed_ratio > 1.01 / self.set.ratio;
        let churning = if wheel_turns {
            self.churning_nm(input_rad_per_s)
        } else {
            0.0
        };
        let open = clutch.open_drag_nm * clutch.speed_ratio;
        Some((bearings + seals + churning + open) * self.set.ratio)
    }

    fn bearing(&self, shaft: &GearShaft, speed_rad_per_s: f64) -> BearingAtSpeed {
        let speed = speed_rad_per_s * shaft.speed_ratio;
        let (d, nu) = (shaft.bearing_diameter_m, self.oil.viscosity_m2_per_s);
        let bearing = BearingAtSpeed::of(shaft.bearing_kind, d, nu, speed);
        match self.bearing_level_m(shaft) {
            Some(level_m) => bearing.in_oil(d, nu, speed, level_m),
            None => bearing,
        }
    }

    /// Oil level above the lowest place of a bearing on the axle's shaft, m.
    fn bearing_level_m(&self, shaft: &GearShaft) -> Option<f64> {
        let wheel = dipping(self.set)?;
        let on_axle = shaft.speed_ratio * self.set.ratio < 1.01;
        let below_axle = wheel.radius_m - wheel.bath.immersion_m;
        on_axle.then_some(0.6 * shaft.bearing_diameter_m - below_axle)
    }

    /// Torque of the seals on shafts up to a speed ratio, at the input, N·m: each 7.69e-6 d² n W with
    /// d in mm and n in rpm, so 7.69e-6 d² · 30/π at its shaft.
    ///
    /// Source: Simrit as in ISO/TR 14179-2.
    fn seals_nm(&self, speed_rad_per_s: f64, fastest: f64) -> f64 {
        if speed_rad_per_s <= 0.0 {
            return 0.0;
        }
        let shafts = self.set.shafts.iter();
        shafts
            .filter(|shaft| shaft.speed_ratio <= fastest)
            .map(|shaft| {
                let diameter_mm = shaft.seal_diameter_m * 1e3;
                let at_shaft_nm = 7.69e-6 * diameter_mm.powi(2) * 30.0 / PI;
                f64::from(shaft.seals) * at_shaft_nm * shaft.speed_ratio
            })
            .sum()
    }

    /// Torque that moving the oil takes at the input, N·m: sprayed oil ρ Q v² in each mesh, or
    /// churning.
    fn oil_nm(&self, speed_rad_per_s: f64) -> f64 {
        let Lubrication::Injection(injection) = self.set.lubrication else {
            return self.churning_nm(speed_rad_per_s);
        };
        let flow = self.set.oil.density_15_kg_per_m3 * injection.flow_m3_per_s;
        let meshes = self.set.stages.iter().zip(&self.meshes);
        meshes
            .map(|(stage, mesh)| {
                let lever = mesh.pitch_line_m * mesh.pitch_line_m;
                f64::from(stage.meshes) * flow * lever * speed_rad_per_s
            })
            .sum()
    }

    fn churning_nm(&self, speed_rad_per_s: f64) -> f64 {
        let axle_rad_per_s = speed_rad_per_s / self.set.ratio;
        let torque = dipping(self.set).map(|wheel| wheel.torque_nm(&self.oil, axle_rad_per_s));
        torque.unwrap_or(0.0) / self.set.ratio
    }
}

/// What dips into the sump: the wheel on the axle; of a planetary set the carrier, as a disc that
/// reaches over its planets (assumed).
fn dipping(set: &GearSet) -> Option<Dipping> {
    let Lubrication::Bath(bath) = set.lubrication else {
        return None;
    };
    let (first, last) = (set.stages.first()?, set.stages.last()?);
    let (radius_m, width_m) = match set.layout {
        GearLayout::OffsetTwoStage => (0.5 * last.wheel_diameter_m(), last.face_width_m),
        GearLayout::CoaxialPlanetary => (
            first.centre_distance_m() + 0.5 * first.wheel_diameter_m(),
            first.face_width_m + last.face_width_m,
        ),
    };
    Some(Dipping {
        radius_m,
        width_m,
        bath,
    })
}

/// Last of Newton's steps for the motor's torque, over it: what it leaves is its square, by far less than rounding shows.
const CLOSE: f64 = 1e-6;

/// Motor torque for a torque on the axle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MotorTorque {
    /// Torque on the axle, N·m.
    pub(crate) axle_nm: f64,
    /// Motor torque, N·m.
    pub(crate) motor_nm: f64,
    /// Its change over that of the torque on the axle.
    slope: f64,
}

impl GearAtSpeed<'_> {
    /// Torque lost at the input, N·m ≥ 0, at an input torque of either sign.
    #[must_use]
    pub fn lost_nm(&self, input_torque_nm: f64) -> f64 {
        self.row.at(input_torque_nm.abs())[0]
    }

    /// Torque on the axle at a motor torque, N·m.
    #[must_use]
    pub fn axle_nm(&self, motor_nm: f64) -> f64 {
        self.set.ratio * (motor_nm - self.lost_nm(motor_nm))
    }

    /// Motor torque for a torque on the axle, N·m.
    #[must_use]
    pub fn motor_nm(&self, axle_nm: f64) -> f64 {
        self.motor_from(axle_nm, None).motor_nm
    }

    /// The same, from where another one leads: Newton's steps, as the lost torque rises by a few percent of the motor
    /// torque only.
    pub(crate) fn motor_from(&self, axle_nm: f64, beside: Option<MotorTorque>) -> MotorTorque {
        let wanted = axle_nm / self.set.ratio;
        let mut motor = match beside {
            Some(beside) => beside.motor_nm + (axle_nm - beside.axle_nm) * beside.slope,
            None => wanted,
        };
        let mut per_loss = 1.0;
        for _ in 0..30 {
            let [lost, slope] = self.row.at(motor.abs());
            let before = motor;
            per_loss = 1.0 / (1.0 - slope * motor.signum());
            motor += (wanted + lost - motor) * per_loss;
            // A step so small is right to twice as many digits, unless it passes the kink at zero.
            let step = (motor - before).abs();
            if step <= CLOSE * (1.0 + motor.abs()) && motor * before > 0.0 || step == 0.0 {
                break;
            }
        }
        MotorTorque {
            axle_nm,
            motor_nm: motor,
            slope: per_loss / self.set.ratio,
        }
    }
}
