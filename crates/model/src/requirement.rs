//! What an axle requires, and how what a car does compares with what was asked.
//!
//! Requirements are lower bounds: a stronger unit serves as well.

use serde::{Deserialize, Serialize};

use crate::vehicle::Axle;

/// What one axle of one vehicle requires of a unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AxleRequirement {
    /// Partner id.
    pub partner: String,
    /// Vehicle id.
    pub vehicle: String,
    /// Axle.
    pub axle: Axle,
    /// Share of the vehicle's targets that this axle takes, 0 to 1.
    pub share: f64,
    /// Axle torque at low speed, N·m.
    pub wheel_torque_nm: f64,
    /// The target that sets it.
    pub wheel_torque_from: Target,
    /// Peak power at the axle, W.
    pub power_w: f64,
    /// The target that sets it.
    pub power_from: Target,
    /// Axle speed at the top speed target, rad/s.
    pub max_speed_rad_per_s: f64,
    /// Continuous power at the axle, W.
    pub continuous_power_w: f64,
    /// The target that sets it; `None` where no continuous target is stated.
    pub continuous_power_from: Option<Target>,
    /// Nominal voltage of the car's battery, V.
    pub battery_voltage_v: f64,
    /// Smallest envelope that meets the targets, over axle speed.
    pub envelope: Vec<EnvelopePoint>,
    /// What the WLTC asks of this axle, where the cycle was given.
    pub cycle: Option<CycleDemand>,
}

/// One speed of a required envelope.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnvelopePoint {
    /// Axle speed, rad/s.
    pub speed_rad_per_s: f64,
    /// Peak axle torque, N·m.
    pub torque_nm: f64,
    /// Continuous axle torque, N·m.
    pub continuous_torque_nm: f64,
}

/// What a cycle asks of an axle, without the losses and the inertia of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CycleDemand {
    /// Driving energy at the axle per distance, J/m.
    pub driving_j_per_m: f64,
    /// Braking energy that regeneration limits let the axle take, per distance, J/m.
    pub recuperable_j_per_m: f64,
    /// Largest driving power at the axle, W.
    pub largest_power_w: f64,
    /// Largest recuperable power at the axle, W.
    pub largest_recuperation_w: f64,
}

/// A figure that a car is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Time from 0 to 100 km/h.
    #[serde(rename = "zero_to_100_s")]
    ZeroTo100,
    /// Time from 80 to 120 km/h.
    #[serde(rename = "eighty_to_120_s")]
    EightyTo120,
    /// Top speed.
    #[serde(rename = "top_speed_km_per_h")]
    TopSpeed,
    /// Grade on which the car starts at gross mass.
    #[serde(rename = "gradeability_percent")]
    Gradeability,
    /// Speed held without end.
    #[serde(rename = "continuous_speed_km_per_h")]
    ContinuousSpeed,
    /// Grade held without end at a stated speed and gross mass.
    #[serde(rename = "continuous_grade_percent")]
    ContinuousGrade,
    /// WLTP range.
    #[serde(rename = "wltp_range_km")]
    WltpRange,
}

impl Target {
    /// The name in tables, with its unit.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ZeroTo100 => "zero_to_100_s",
            Self::EightyTo120 => "eighty_to_120_s",
            Self::TopSpeed => "top_speed_km_per_h",
            Self::Gradeability => "gradeability_percent",
            Self::ContinuousSpeed => "continuous_speed_km_per_h",
            Self::ContinuousGrade => "continuous_grade_percent",
            Self::WltpRange => "wltp_range_km",
        }
    }

    /// Whether a smaller value is better.
    #[must_use]
    pub const fn smaller_is_better(self) -> bool {
        matches!(self, Self::ZeroTo100 | Self::EightyTo120)
    }
}

/// A value beside what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Which figure.
    pub target: Target,
    /// What the car does, in the unit of the name; infinite times are `f64::MAX`.
    pub value: f64,
    /// What was asked, in the same unit.
    pub asked: f64,
    /// By how much it is better than asked, as a fraction of what was asked; negative when missed.
    pub margin: f64,
}

impl Judged {
    /// Compares a value with what was asked.
    #[must_use]
    pub fn new(target: Target, value: f64, asked: f64) -> Self {
        let better_by = if target.smaller_is_better() {
            asked - value
        } else {
            value - asked
        };
        Self {
            target,
            value,
            asked,
            margin: better_by / asked,
        }
    }

    /// Whether it is met.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.margin >= 0.0
    }
}

/// All results of one vehicle with its units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VehicleResults {
    /// Vehicle id.
    pub vehicle: String,
    /// Each target that the vehicle states, met or missed.
    pub targets: Vec<Judged>,
    /// Further figures, each `(name with unit, value)`, such as `zero_to_60_mph_s`.
    pub figures: Vec<Figure>,
    /// Consumption in each cycle.
    pub cycles: Vec<CycleFigure>,
}

/// A figure without a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Name with unit, such as `sixty_to_100_s`.
    pub name: String,
    /// Value; absent where the car cannot do it.
    pub value: Option<f64>,
}

/// Consumption in one cycle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CycleFigure {
    /// Cycle name.
    pub cycle: String,
    /// Energy at the battery's terminals, Wh/km.
    pub battery_wh_per_km: f64,
    /// Energy at the wall, Wh/km.
    pub wall_wh_per_km: f64,
    /// Range on one charge, km.
    pub range_km: f64,
    /// Steps in which the car cannot follow the trace.
    pub trace_violations: usize,
}

impl VehicleResults {
    /// Whether every target is met.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.targets.iter().all(Judged::ok)
    }

    /// A target's result.
    #[must_use]
    pub fn target(&self, target: Target) -> Option<&Judged> {
        self.targets.iter().find(|judged| judged.target == target)
    }

    /// A cycle's consumption.
    #[must_use]
    pub fn cycle(&self, name: &str) -> Option<&CycleFigure> {
        self.cycles.iter().find(|figure| figure.cycle == name)
    }
}
