//! A car as its maker enters it: masses, road load, battery, targets, volumes.
//!
//! `<partner>/vehicles.toml` holds `[[vehicle]]` blocks ([`VehicleFile`]); a car that exists, with
//! the units in it, is a [`CarFile`]. Reading checks every value where it stands, and what several
//! keys say together at the table that holds them.

mod battery;
mod body;
pub(crate) mod checks;
mod file;
mod target;

use serde::{Deserialize, Serialize};

pub use battery::{Battery, Regeneration};
pub use body::{Body, CoastDown, DriveDrag, Mass, RoadLoad, Shape};
pub use file::{CarFile, CarUnit, FittedUnit, GenericUnit, VehicleFile};
pub use target::{Character, ContinuousGrade, Targets, Volumes};

/// A driven axle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Axle {
    /// The front axle.
    Front,
    /// The rear axle.
    Rear,
}

impl Axle {
    /// The word in files: `front` or `rear`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::Rear => "rear",
        }
    }
}

impl std::fmt::Display for Axle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// One car, as written under `[[vehicle]]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Vehicle {
    /// Id, speaking: lower-case words with hyphens, at least 8 characters.
    #[serde(deserialize_with = "checks::speaking_id")]
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Where the figures come from.
    pub source: String,
    /// What is assumed, in words.
    #[serde(default)]
    pub assumptions: Vec<String>,
    /// Driven axles, one or two, the front one first.
    #[serde(deserialize_with = "checks::axles")]
    pub axles: Vec<Axle>,
    /// Power of everything but the drive, at the battery terminals, W.
    #[serde(rename(deserialize = "auxiliary_power"))]
    #[serde(deserialize_with = "crate::units::power::non_negative")]
    pub auxiliary_power_w: f64,
    /// Energy that leaves the cells in driving over energy taken from the wall to replace it.
    #[serde(deserialize_with = "checks::efficiency")]
    pub charger_efficiency: f64,
    /// Distance driven over the car's life, m.
    #[serde(rename(deserialize = "life_distance"))]
    #[serde(deserialize_with = "crate::units::distance::positive")]
    pub life_distance_m: f64,
    /// Masses.
    pub mass: Mass,
    /// Dimensions that decide traction.
    pub body: Body,
    /// Resistance to steady driving.
    pub road_load: RoadLoad,
    /// High-voltage battery.
    pub battery: Battery,
    /// What braking may recuperate.
    pub regeneration: Regeneration,
    /// What the car has to do.
    pub targets: Targets,
    /// The brand's own software characteristics, per driven axle; the hardware's limits where absent.
    #[serde(default)]
    pub character: Vec<Character>,
    /// Cars built per year.
    #[serde(default)]
    pub volumes: Volumes,
}

checks::checked!(Vehicle);

impl Vehicle {
    /// The software characteristics of an axle.
    #[must_use]
    pub fn character_of(&self, axle: Axle) -> Character {
        self.character
            .iter()
            .find(|character| character.axle == axle)
            .cloned()
            .unwrap_or_else(|| Character::of_hardware(axle))
    }

    fn check(&self) -> Result<(), String> {
        for (i, character) in self.character.iter().enumerate() {
            let axle = character.axle;
            if !self.axles.contains(&axle) {
                return Err(format!(
                    "`character` names the {axle} axle, which is not driven"
                ));
            }
            if self.character[..i]
                .iter()
                .any(|earlier| earlier.axle == axle)
            {
                return Err(format!("`character` names the {axle} axle twice"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
