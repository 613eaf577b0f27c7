//! Modules and what they make together: machine variants, configurations, evaluated units.

use serde::{Deserialize, Serialize};

use crate::machine::Connection;
use crate::operating_map::OperatingMap;
use crate::unit_heat::UnitHeat;

/// The electric connection of a winding, as candidates list it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Winding {
    /// Conductors in one slot.
    pub conductors_per_slot: u32,
    /// Parallel paths of a phase.
    pub parallel_paths: u32,
    /// Connection of the phases.
    #[serde(default, skip_serializing_if = "Connection::is_star")]
    pub connection: Connection,
}

impl Winding {
    /// Turns in series of a phase, as wound, in a machine of `slots` slots and three phases.
    #[must_use]
    pub fn turns(&self, slots: u32) -> f64 {
        f64::from(slots * self.conductors_per_slot) / f64::from(6 * self.parallel_paths)
    }

    /// Conductors per slot over parallel paths, of the star that behaves alike at the terminals: the ratio
    /// that scales the unit winding of a flux map.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        let wound = f64::from(self.conductors_per_slot) / f64::from(self.parallel_paths);
        wound * self.connection.star_turns()
    }
}

/// A machine variant: section, stack and winding.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MachineVariant {
    /// Section id.
    pub section: String,
    /// Stack length, mm.
    pub stack_mm: u32,
    /// Winding.
    pub winding: Winding,
}

impl MachineVariant {
    /// Stack length, m.
    #[must_use]
    pub fn stack_m(&self) -> f64 {
        f64::from(self.stack_mm) * 1e-3
    }

    /// A speaking id, such as `bmw-i3 132mm 6x4` (conductors per slot x parallel paths; `delta` where it is).
    #[must_use]
    pub fn id(&self) -> String {
        let Winding {
            conductors_per_slot,
            parallel_paths,
            connection,
        } = self.winding;
        let delta = if connection.is_star() { "" } else { " delta" };
        format!(
            "{} {}mm {conductors_per_slot}x{parallel_paths}{delta}",
            self.section, self.stack_mm
        )
    }
}

/// A distinct tuple section x stack x winding x inverter x gear set.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Configuration {
    /// Section, stack and winding.
    pub machine: MachineVariant,
    /// Inverter id.
    pub inverter: String,
    /// Gear set id.
    pub gear_set: String,
}

/// Masses of one EDU, kg. Coolant hoses, mounts and drive shafts are not included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UnitMass {
    /// Stator lamination.
    pub stator_steel_kg: f64,
    /// Rotor lamination.
    pub rotor_steel_kg: f64,
    /// Copper with end windings.
    pub copper_kg: f64,
    /// Magnets.
    pub magnet_kg: f64,
    /// Rare earths in the magnets: a part of `magnet_kg`.
    pub rare_earth_kg: f64,
    /// Rotor shaft.
    pub shaft_kg: f64,
    /// Housing (aluminium).
    pub housing_kg: f64,
    /// Inverter.
    pub inverter_kg: f64,
    /// Gear set with its oil.
    pub gear_kg: f64,
}

impl UnitMass {
    /// Lamination, copper and magnets, kg.
    #[must_use]
    pub fn active_kg(&self) -> f64 {
        self.stator_steel_kg + self.rotor_steel_kg + self.copper_kg + self.magnet_kg
    }

    /// Machine alone with its share of the housing, kg.
    #[must_use]
    pub fn machine_kg(&self) -> f64 {
        self.active_kg() + self.shaft_kg + self.housing_kg
    }

    /// The whole EDU, kg.
    #[must_use]
    pub fn total_kg(&self) -> f64 {
        self.machine_kg() + self.inverter_kg + self.gear_kg
    }
}

/// What a motor with its inverter holds for a time, over the speeds of its map.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ratings {
    /// Motoring torque held for 10 s from the stated start, N·m; at most the peak envelope.
    pub torque_10s_nm: Vec<f64>,
    /// Motoring torque held for 30 s from the stated start, N·m.
    pub torque_30s_nm: Vec<f64>,
    /// Largest power held for 30 minutes from coolant temperature at a speed with at least 90 % of the
    /// largest peak power, W (UN R85).
    pub power_30min_w: f64,
    /// Speed of that power, rad/s.
    pub speed_30min_rad_per_s: f64,
}

/// Volumes of one EDU as cylinders and by bulk density, m³; concept level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UnitVolume {
    /// Active parts of the machine: stator's outer circle times stack length.
    pub active_m3: f64,
    /// Machine with end windings, bearings' ends and housing.
    pub machine_m3: f64,
    /// Inverter.
    pub inverter_m3: f64,
    /// Gear set.
    pub gear_m3: f64,
}

impl UnitVolume {
    /// The whole EDU, m³.
    #[must_use]
    pub fn total_m3(&self) -> f64 {
        self.machine_m3 + self.inverter_m3 + self.gear_m3
    }
}

/// Which parts a power density counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boundary {
    /// Lamination, copper with end turns and magnets; the volume is the stack's.
    Active,
    /// Machine with end windings, shaft and housing, without inverter and gear set.
    Machine,
    /// Machine, inverter and gear set.
    Unit,
}

/// Power over mass and over volume within a boundary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerDensity {
    /// W/kg.
    pub w_per_kg: f64,
    /// W/m³.
    pub w_per_m3: f64,
}

/// An EDU with its physics, at one DC voltage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// Its modules.
    pub configuration: Configuration,
    /// Turns in series per phase.
    pub turns: f64,
    /// Ratio of the gear set, motor speed over axle speed.
    pub gear_ratio: f64,
    /// Losses and envelopes on the motor shaft.
    pub motor: OperatingMap,
    /// What the motor holds for a time, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratings: Option<Ratings>,
    /// Losses and envelopes on the axle.
    pub axle: OperatingMap,
    /// Masses.
    pub mass: UnitMass,
    /// Volumes.
    #[serde(default)]
    pub volume: UnitVolume,
    /// Moment of inertia seen on the axle, kg·m².
    pub axle_inertia_kg_m2: f64,
    /// Line-to-line peak back-EMF at the highest motor speed, V.
    pub back_emf_at_top_speed_v: f64,
    /// What it takes with its disconnect open; none where the gear set has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<OpenAxle>,
    /// How it warms up, where what it holds for a time was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heat: Option<UnitHeat>,
}

/// A unit separated from its wheels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenAxle {
    /// Drag on the axle at each speed of the axle's map, N·m ≥ 0.
    pub drag_nm: Vec<f64>,
    /// Power that holds the clutch, W.
    pub holding_power_w: f64,
    /// Time to close, s.
    pub closing_time_s: f64,
}

impl Unit {
    /// Peak power of the motor shaft over mass and volume within a boundary.
    #[must_use]
    pub fn power_density(&self, boundary: Boundary) -> PowerDensity {
        let (mass, volume) = match boundary {
            Boundary::Active => (self.mass.active_kg(), self.volume.active_m3),
            Boundary::Machine => (self.mass.machine_kg(), self.volume.machine_m3),
            Boundary::Unit => (self.mass.total_kg(), self.volume.total_m3()),
        };
        let power = self.motor.peak_power_w();
        PowerDensity {
            w_per_kg: power / mass,
            w_per_m3: power / volume,
        }
    }
}
