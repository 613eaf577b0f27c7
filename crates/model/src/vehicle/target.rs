//! What a car has to do, how it is meant to feel, and how many are built.

use serde::{Deserialize, Serialize};

use super::{Axle, checks};
use crate::programme::ByYear;

/// What the car has to do; a target that is absent is not asked for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Targets {
    /// Longest time from 0 to 100 km/h at test mass, s.
    #[serde(
        rename(deserialize = "zero_to_100"),
        deserialize_with = "crate::units::time::positive"
    )]
    pub zero_to_100_s: f64,
    /// Longest time from 80 to 120 km/h at test mass, s.
    #[serde(default, rename(deserialize = "eighty_to_120"))]
    #[serde(deserialize_with = "crate::units::time::optional_positive")]
    pub eighty_to_120_s: Option<f64>,
    /// Lowest top speed, m/s.
    #[serde(
        rename(deserialize = "top_speed"),
        deserialize_with = "crate::units::speed::positive"
    )]
    pub top_speed_m_s: f64,
    /// Grade on which the car starts at gross mass, rise over horizontal distance.
    #[serde(deserialize_with = "checks::grade")]
    pub gradeability: f64,
    /// Lowest speed that is held without end on the level at test mass, m/s.
    #[serde(default, rename(deserialize = "continuous_speed"))]
    #[serde(deserialize_with = "crate::units::speed::optional_positive")]
    pub continuous_speed_m_s: Option<f64>,
    /// Grade that is held without end at gross mass.
    pub continuous_grade: Option<ContinuousGrade>,
    /// Shortest WLTP range, m.
    #[serde(default, rename(deserialize = "wltp_range"))]
    #[serde(deserialize_with = "crate::units::distance::optional_positive")]
    pub wltp_range_m: Option<f64>,
}

checks::checked!(Targets);

impl Targets {
    fn check(&self) -> Result<(), String> {
        let top_km_per_h = self.top_speed_m_s * 3.6;
        if top_km_per_h < 100.0 {
            return Err(format!(
                "top speed {top_km_per_h:.0} km/h is below 100 km/h, to which `zero_to_100` accelerates"
            ));
        }
        if self.eighty_to_120_s.is_some() && top_km_per_h < 120.0 {
            return Err(format!(
                "top speed {top_km_per_h:.0} km/h is below 120 km/h, to which `eighty_to_120` accelerates"
            ));
        }
        if self
            .continuous_speed_m_s
            .is_some_and(|speed| speed > self.top_speed_m_s)
        {
            return Err("the continuous speed is above the top speed".to_owned());
        }
        if self
            .continuous_grade
            .is_some_and(|held| held.speed_m_s > self.top_speed_m_s)
        {
            return Err("the speed of `continuous_grade` is above the top speed".to_owned());
        }
        Ok(())
    }
}

/// A grade and the speed at which it is held.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContinuousGrade {
    /// Grade, rise over horizontal distance.
    #[serde(deserialize_with = "checks::grade")]
    pub grade: f64,
    /// Speed, m/s.
    #[serde(
        rename(deserialize = "speed"),
        deserialize_with = "crate::units::speed::positive"
    )]
    pub speed_m_s: f64,
}

/// The brand's software on one axle, as fractions of the hardware's limits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Character {
    /// The axle.
    pub axle: Axle,
    /// Torque that the driver gets over the hardware's largest.
    #[serde(deserialize_with = "checks::share_of_limit")]
    pub torque: f64,
    /// Power that the driver gets over the hardware's largest.
    #[serde(deserialize_with = "checks::share_of_limit")]
    pub power: f64,
    /// Recuperating torque over the hardware's largest.
    #[serde(deserialize_with = "checks::share_of_limit")]
    pub recuperation: f64,
}

impl Character {
    /// The hardware's own limits.
    #[must_use]
    pub const fn of_hardware(axle: Axle) -> Self {
        Self {
            axle,
            torque: 1.0,
            power: 1.0,
            recuperation: 1.0,
        }
    }
}

/// Cars built per year from a first year on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Volumes {
    /// Year of the start of production.
    pub first_year: i32,
    /// Cars in that year and the following ones.
    pub cars_per_year: Vec<f64>,
}

checks::checked!(Volumes);

impl Volumes {
    /// Cars by year.
    #[must_use]
    pub fn by_year(&self) -> ByYear {
        (self.first_year..)
            .zip(self.cars_per_year.iter().copied())
            .collect()
    }

    /// Cars over all years.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.cars_per_year.iter().sum()
    }

    fn check(&self) -> Result<(), String> {
        if !(1990..=2100).contains(&self.first_year) {
            return Err(format!(
                "first year {} is not between 1990 and 2100",
                self.first_year
            ));
        }
        if self.cars_per_year.is_empty() || self.cars_per_year.len() > 50 {
            return Err("`cars_per_year` needs 1 to 50 values".to_owned());
        }
        match self
            .cars_per_year
            .iter()
            .find(|cars| !(0.0..=1e7).contains(*cars))
        {
            Some(cars) => Err(format!(
                "{cars} cars per year is out of range: 0 to 10 million"
            )),
            None if self.total() <= 0.0 => Err("no car is built in any year".to_owned()),
            None => Ok(()),
        }
    }
}
