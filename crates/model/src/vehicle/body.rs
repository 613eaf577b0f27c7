//! Masses, dimensions and road load.

use serde::{Deserialize, Serialize};

use super::checks;
use crate::units::{HINT_MARK, Shown};

/// Masses of a car, kg.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Mass {
    /// Mass in running order with a driver of 75 kg (EU), kg.
    #[serde(
        rename(deserialize = "kerb"),
        deserialize_with = "crate::units::mass::positive"
    )]
    pub kerb_kg: f64,
    /// Mass in the consumption and acceleration tests, kg; the coast-down holds for it.
    #[serde(
        rename(deserialize = "test"),
        deserialize_with = "crate::units::mass::positive"
    )]
    pub test_kg: f64,
    /// Largest mass allowed; gradeability holds for it, kg.
    #[serde(
        rename(deserialize = "gross"),
        deserialize_with = "crate::units::mass::positive"
    )]
    pub gross_kg: f64,
    /// What wheels, brakes and shafts add to the mass in acceleration, kg; the drive unit's part is
    /// not in it.
    #[serde(
        rename(deserialize = "rotating"),
        deserialize_with = "crate::units::mass::positive"
    )]
    pub rotating_kg: f64,
}

/// Least rotating mass over kerb mass. A tyre's tread runs at the radius with all of its mass, 3 kg or more of the
/// lightest: 12 kg on a car of 1200 kg are 1 %, without sidewalls, rims, brakes and shafts; half of that is no car's.
const LEAST_ROTATING: f64 = 0.005;

checks::checked!(Mass);

impl Mass {
    fn check(&self) -> Result<(), String> {
        if !(300.0..=12_000.0).contains(&self.kerb_kg) {
            return Err(format!(
                "kerb mass {} kg is no car's: 300 to 12000 kg",
                Shown(self.kerb_kg)
            ));
        }
        if self.test_kg < 0.9 * self.kerb_kg || self.test_kg > self.gross_kg {
            return Err(format!(
                "test mass {} kg must lie between 0.9 x kerb mass ({} kg) and gross mass ({} kg)",
                Shown(self.test_kg),
                Shown(self.kerb_kg),
                Shown(self.gross_kg)
            ));
        }
        if self.kerb_kg >= self.gross_kg {
            return Err(format!(
                "gross mass {} kg is not above kerb mass {} kg",
                Shown(self.gross_kg),
                Shown(self.kerb_kg)
            ));
        }
        let rotating = Shown(self.rotating_kg);
        if self.rotating_kg > 0.2 * self.kerb_kg {
            return Err(format!(
                "rotating mass {rotating} kg is more than a fifth of the kerb mass"
            ));
        }
        if self.rotating_kg < LEAST_ROTATING * self.kerb_kg {
            return Err(format!(
                "rotating mass {rotating} kg is less than 0.5 % of the kerb mass: four wheels have more\
                 {HINT_MARK}3 % where nothing is measured (UN GTR 15)"
            ));
        }
        Ok(())
    }
}

/// Dimensions that decide traction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Body {
    /// Dynamic radius of the wheels, m: distance over angle rolled.
    #[serde(
        rename(deserialize = "wheel_radius"),
        deserialize_with = "crate::units::length::positive"
    )]
    pub wheel_radius_m: f64,
    /// Wheelbase, m.
    #[serde(
        rename(deserialize = "wheelbase"),
        deserialize_with = "crate::units::length::positive"
    )]
    pub wheelbase_m: f64,
    /// Height of the centre of gravity, m.
    #[serde(
        rename(deserialize = "centre_of_gravity_height"),
        deserialize_with = "crate::units::length::positive"
    )]
    pub centre_of_gravity_height_m: f64,
    /// Share of the weight on the front axle at standstill on the level.
    #[serde(deserialize_with = "checks::load_share")]
    pub front_load_share: f64,
    /// Coefficient of friction of tyre on dry road.
    #[serde(deserialize_with = "checks::friction")]
    pub tyre_friction: f64,
}

checks::checked!(Body);

impl Body {
    fn check(&self) -> Result<(), String> {
        let Self {
            wheel_radius_m,
            wheelbase_m,
            centre_of_gravity_height_m,
            ..
        } = self;
        if !(0.2..=0.6).contains(wheel_radius_m) {
            return Err(format!(
                "wheel radius {} m is no car's: 0.2 to 0.6 m",
                Shown(*wheel_radius_m)
            ));
        }
        if !(1.5..=6.0).contains(wheelbase_m) {
            return Err(format!(
                "wheelbase {} m is no car's: 1.5 to 6 m",
                Shown(*wheelbase_m)
            ));
        }
        // Keeps load transfer below what lifts an axle: friction · height < wheelbase · load share.
        if !(0.2..=0.4 * wheelbase_m).contains(centre_of_gravity_height_m) {
            return Err(format!(
                "centre of gravity at {} m: must be between 0.2 m and 40 % of the wheelbase",
                Shown(*centre_of_gravity_height_m)
            ));
        }
        Ok(())
    }
}

/// Resistance to steady driving on the level; exactly one of `coast_down` and `shape`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct RoadLoad {
    /// Where it comes from.
    pub source: String,
    /// Coefficients found by coasting down.
    pub coast_down: Option<CoastDown>,
    /// Drag of the unit that was in the car, contained in the coast-down; taken out once.
    pub drive_drag: Option<DriveDrag>,
    /// Air drag and rolling resistance, for a car that has not been coasted down.
    pub shape: Option<Shape>,
    /// Temperature of air and tyres that the car is driven at, K: 20 °C; no key of a file, a condition of a test.
    #[serde(skip_deserializing, default = "reference_k")]
    pub ambient_k: f64,
}

checks::checked!(RoadLoad);

/// Temperatures at which UN GTR 15 (Annex 4, 4.1.1.2) lets road loads be measured, and hence corrected, K.
const CORRECTED_K: std::ops::RangeInclusive<f64> = 274.15..=313.15;

const fn reference_k() -> f64 {
    RoadLoad::REFERENCE_K
}

impl RoadLoad {
    /// Temperature at which coefficients of a road load are stated, K: 20 °C.
    pub const REFERENCE_K: f64 = 293.15;

    /// Refuses a temperature of air and tyres for which the correction of road loads is not made.
    ///
    /// # Errors
    /// The value and what is allowed, in words.
    pub fn check_ambient(ambient_k: f64) -> Result<(), String> {
        if CORRECTED_K.contains(&ambient_k) {
            return Ok(());
        }
        Err(format!(
            "an ambient temperature of {:.1} degC is out of range: road loads are corrected from 1 to 40 degC",
            ambient_k - 273.15
        ))
    }

    fn check(&self) -> Result<(), String> {
        match (&self.coast_down, &self.shape, &self.drive_drag) {
            (Some(coast), None, Some(drag)) if drag.constant_n > coast.a_n => Err(format!(
                "a drive drag of {} N is more than the whole coast-down at low speed, {} N",
                drag.constant_n, coast.a_n
            )),
            (Some(_), None, Some(_)) | (None, Some(_), None) => Ok(()),
            (Some(_), None, None) => Err(format!(
                "a coast-down contains the drag of the unit that was in the car: `drive_drag` is missing\
                 {HINT_MARK}write drive_drag = {{ constant = \"0 N\", per_speed = \"0 N/(m/s)\", \
                 source = \"...\" }} if the unit was decoupled"
            )),
            (None, Some(_), Some(_)) => {
                Err("`drive_drag` belongs to a `coast_down`; `shape` contains none".to_owned())
            }
            _ => Err("the road load needs either `coast_down` or `shape`".to_owned()),
        }
    }
}

/// F = a + b·v + c·v², N, at the test mass.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoastDown {
    /// Constant part, N; scales with mass.
    #[serde(
        rename(deserialize = "a"),
        deserialize_with = "crate::units::force::non_negative"
    )]
    pub a_n: f64,
    /// Linear part, N/(m/s); some published fits have it below zero.
    #[serde(
        rename(deserialize = "b"),
        deserialize_with = "crate::units::force_per_speed::any"
    )]
    pub b_n_per_m_s: f64,
    /// Quadratic part, N/(m/s)².
    #[serde(
        rename(deserialize = "c"),
        deserialize_with = "crate::units::force_per_speed2::positive"
    )]
    pub c_n_per_m_s_2: f64,
}

/// Drag force of the coasting drive unit at the wheels: constant + per_speed · v.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DriveDrag {
    /// Constant part, N.
    #[serde(rename(deserialize = "constant"))]
    #[serde(deserialize_with = "crate::units::force::non_negative")]
    pub constant_n: f64,
    /// Linear part, N/(m/s).
    #[serde(rename(deserialize = "per_speed"))]
    #[serde(deserialize_with = "crate::units::force_per_speed::non_negative")]
    pub per_speed_n_per_m_s: f64,
    /// Where it comes from.
    pub source: String,
}

/// Air drag and rolling resistance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// Drag coefficient.
    #[serde(deserialize_with = "checks::drag_coefficient")]
    pub drag_coefficient: f64,
    /// Frontal area, m².
    #[serde(
        rename(deserialize = "frontal_area"),
        deserialize_with = "crate::units::area::positive"
    )]
    pub frontal_area_m2: f64,
    /// Coefficient of rolling resistance.
    #[serde(deserialize_with = "checks::rolling")]
    pub rolling_resistance: f64,
}
