//! Gear sets as data: ratio, ratings, teeth, and what losses, mass and cost need.

use serde::{Deserialize, Serialize};

use crate::units;

/// One gear set with its differential, a file of `data/gear_sets/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GearSet {
    /// Schema version, 1.
    pub schema: u32,
    /// Id by which programmes name it.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Where the figures come from.
    pub source: String,
    /// Licence of the figures.
    pub licence: String,
    /// What is assumed, one sentence each.
    #[serde(default)]
    pub assumptions: Vec<String>,
    /// Arrangement of the shafts.
    pub layout: GearLayout,
    /// Motor speed over axle speed.
    pub ratio: f64,
    /// Highest torque at the input, both directions, N·m.
    #[serde(
        rename = "rated_input_torque",
        deserialize_with = "units::torque::positive"
    )]
    pub rated_input_torque_nm: f64,
    /// Highest speed of the input, rad/s.
    #[serde(
        rename = "max_input_speed",
        deserialize_with = "units::rotation::positive"
    )]
    pub max_input_speed_rad_per_s: f64,
    /// Mass with housing, differential and oil, kg.
    #[serde(rename = "mass", deserialize_with = "units::mass::positive")]
    pub mass_kg: f64,
    /// Moment of inertia seen at the input, kg·m².
    #[serde(
        rename = "input_inertia",
        deserialize_with = "units::inertia::positive"
    )]
    pub input_inertia_kg_m2: f64,
    /// Oil temperature at which its losses are stated where no other is asked for, K.
    #[serde(
        rename = "oil_temperature",
        deserialize_with = "units::temperature::positive"
    )]
    pub oil_temperature_k: f64,
    /// Drag at the input whatever the load that the loss model alone does not explain, N·m.
    #[serde(
        rename = "added_drag",
        deserialize_with = "units::torque::non_negative"
    )]
    pub added_drag_nm: f64,
    /// Mesh friction over that of the equation in the loss model.
    pub mesh_factor: f64,
    /// The oil.
    #[serde(default)]
    pub oil: Oil,
    /// How the oil reaches the meshes.
    #[serde(default)]
    pub lubrication: Lubrication,
    /// The clutch that separates the wheels, where there is one.
    #[serde(default)]
    pub disconnect: Option<Disconnect>,
    /// The shafts with their bearings and seals.
    pub shafts: Vec<GearShaft>,
    /// The meshes, from motor to axle.
    pub stages: Vec<GearStage>,
}

/// Arrangement of the shafts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GearLayout {
    /// Two spur stages, axle beside the motor.
    OffsetTwoStage,
    /// Planetary set with stepped planets, axle through the hollow rotor.
    CoaxialPlanetary,
}

/// A transmission oil.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oil {
    /// Kinematic viscosity at 40 °C, m²/s.
    #[serde(
        rename = "viscosity_40",
        deserialize_with = "units::viscosity::positive"
    )]
    pub viscosity_40_m2_per_s: f64,
    /// Kinematic viscosity at 100 °C, m²/s.
    #[serde(
        rename = "viscosity_100",
        deserialize_with = "units::viscosity::positive"
    )]
    pub viscosity_100_m2_per_s: f64,
    /// Density at 15 °C, kg/m³.
    #[serde(rename = "density_15", deserialize_with = "units::density::positive")]
    pub density_15_kg_per_m3: f64,
    /// Factor X_L of the mesh friction: 1 for mineral oil, 0.75 for polyalphaolefin.
    pub friction_factor: f64,
}

impl Default for Oil {
    /// SAE 70W-75W as filled in the ID.3: 30.8 and 5.9 mm²/s, 845 kg/m³ (Liqui Moly's data sheet), X_L 0.75, as in
    /// TUMFTM/Holistic-Electric-Powertrain-Component-Design.
    fn default() -> Self {
        Self {
            viscosity_40_m2_per_s: 30.8e-6,
            viscosity_100_m2_per_s: 5.9e-6,
            density_15_kg_per_m3: 845.0,
            friction_factor: 0.75,
        }
    }
}

/// How the oil reaches the meshes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lubrication {
    /// Sprayed on each mesh, dry sump.
    Injection(Injection),
    /// The wheel on the axle (of a planetary set the carrier) dips into a sump.
    Bath(Bath),
}

impl Default for Lubrication {
    /// 2.5 L/min on each mesh, as in TUM's model.
    fn default() -> Self {
        Self::Injection(Injection {
            flow_m3_per_s: 2.5e-3 / 60.0,
        })
    }
}

/// Oil sprayed on meshes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Injection {
    /// Flow on each mesh, m³/s.
    #[serde(rename = "flow", deserialize_with = "units::volume_flow::non_negative")]
    pub flow_m3_per_s: f64,
}

/// A sump.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bath {
    /// Oil in it, m³.
    #[serde(rename = "volume", deserialize_with = "units::volume::positive")]
    pub volume_m3: f64,
    /// Depth of the lowest point of the dipping wheel below the level at rest, m.
    #[serde(rename = "immersion", deserialize_with = "units::length::positive")]
    pub immersion_m: f64,
}

/// A dog clutch that separates the wheels from what lies before it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disconnect {
    /// Speed of its shaft over speed of the input; only shafts no faster stay with the wheels.
    pub speed_ratio: f64,
    /// Highest torque it carries, N·m, at its shaft.
    #[serde(rename = "torque", deserialize_with = "units::torque::positive")]
    pub torque_nm: f64,
    /// Drag at its shaft when open, N·m.
    #[serde(rename = "open_drag", deserialize_with = "units::torque::non_negative")]
    pub open_drag_nm: f64,
    /// Power that holds its state, W.
    #[serde(
        rename = "holding_power",
        deserialize_with = "units::power::non_negative"
    )]
    pub holding_power_w: f64,
    /// Time to close, s.
    #[serde(
        rename = "closing_time",
        deserialize_with = "units::time::non_negative"
    )]
    pub closing_time_s: f64,
    /// Mass with actuator, kg, not part of the gear set's own.
    #[serde(rename = "mass", deserialize_with = "units::mass::non_negative")]
    pub mass_kg: f64,
}

/// Rolling elements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BearingKind {
    /// Deep-groove balls.
    #[default]
    Ball,
    /// Cylindrical rollers with cage, as of planets.
    Roller,
}

/// One mesh: helical, external, or planet in ring.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GearStage {
    /// Teeth of the driving gear (sun, or small planet).
    pub pinion_teeth: u32,
    /// Teeth of the driven gear (large planet, or ring).
    pub wheel_teeth: u32,
    /// Whether the driven gear is a ring with internal teeth.
    #[serde(default)]
    pub internal: bool,
    /// Meshes that share the torque: 1, or the number of planets.
    pub meshes: u32,
    /// Torque of the most loaded mesh over the mean.
    #[serde(default = "even")]
    pub load_share: f64,
    /// Normal module, m.
    #[serde(rename = "module", deserialize_with = "units::length::positive")]
    pub module_m: f64,
    /// Helix angle at the pitch circle, rad.
    #[serde(
        rename = "helix_angle",
        deserialize_with = "units::angle::non_negative"
    )]
    pub helix_angle_rad: f64,
    /// Common face width, m.
    #[serde(rename = "face_width", deserialize_with = "units::length::positive")]
    pub face_width_m: f64,
}

/// One shaft on its bearings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GearShaft {
    /// Speed of the shaft over speed of the input.
    pub speed_ratio: f64,
    /// Mean diameter of its bearings, m.
    #[serde(
        rename = "bearing_diameter",
        deserialize_with = "units::length::positive"
    )]
    pub bearing_diameter_m: f64,
    /// Their rolling elements.
    #[serde(default)]
    pub bearing_kind: BearingKind,
    /// Bearings on it.
    pub bearings: u32,
    /// Radial load of each bearing over torque at the input, N per N·m.
    pub load_per_torque: f64,
    /// Diameter of its shaft seals, m; zero without.
    #[serde(
        rename = "seal_diameter",
        deserialize_with = "units::length::non_negative"
    )]
    pub seal_diameter_m: f64,
    /// Seals on it.
    #[serde(default)]
    pub seals: u32,
}

/// Without a stated load share every mesh takes the mean.
fn even() -> f64 {
    1.0
}

impl GearSet {
    /// Mass with the disconnect, kg.
    #[must_use]
    pub fn total_mass_kg(&self) -> f64 {
        self.mass_kg + self.disconnect.map_or(0.0, |d| d.mass_kg)
    }
}

impl GearStage {
    /// Pitch diameter of the driving gear, m.
    #[must_use]
    pub fn pinion_diameter_m(&self) -> f64 {
        f64::from(self.pinion_teeth) * self.module_m / self.helix_angle_rad.cos()
    }

    /// Pitch diameter of the driven gear, m.
    #[must_use]
    pub fn wheel_diameter_m(&self) -> f64 {
        f64::from(self.wheel_teeth) * self.module_m / self.helix_angle_rad.cos()
    }

    /// Teeth of the driven over teeth of the driving gear.
    #[must_use]
    pub fn tooth_ratio(&self) -> f64 {
        f64::from(self.wheel_teeth) / f64::from(self.pinion_teeth)
    }

    /// Distance of the axes, m.
    #[must_use]
    pub fn centre_distance_m(&self) -> f64 {
        let (a, b) = (self.pinion_diameter_m(), self.wheel_diameter_m());
        if self.internal {
            0.5 * (b - a)
        } else {
            0.5 * (a + b)
        }
    }
}
