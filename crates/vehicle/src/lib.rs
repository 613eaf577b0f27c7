//! What units do in cars: consumption in cycles, performance, and what axles require.
//!
//! Three levels, from slow and whole to fast and partial:
//!
//! - [`judge`] drives a whole car with its one or two units: every target and every cycle, by
//!   [`simulate_cycle`] (backward in time: the speed is given) and [`performance`] (forward).
//!   [`simulate_lanes`] drives many cars through a cycle side by side, [`drive_day`] a car through
//!   a day of a fleet, [`repeated_accelerations`] until heat slows it.
//! - [`requirements`] goes the other way: the smallest force envelope that meets the targets.
//! - [`PreparedAxle`] judges one axle of a two-axle car alone, under a share of the targets. Two
//!   axles that meet their shares meet the whole ([`verdict`] gives the proof), so a family can be
//!   chosen axle by axle. It is made for being called a hundred thousand times.
//!
//! ```
//! use codrive_vehicle::DriveCycle;
//! let cycle = DriveCycle::parse("ramp", "time_s,speed_m_s\n0,0\n10,20\n20,0\n").unwrap();
//! assert_eq!(cycle.distance_m(), 200.0);
//! ```
//!
//! Forces in N at the tyres, torque and speed of an axle as the sum of its two wheels; motoring
//! positive. `docs/theory/vehicle.md` has the equations.

#[cfg(test)]
extern crate self as codrive_vehicle;

#[cfg(test)]
#[path = "../tests/common/mod.rs"]
mod common;

mod acceleration;
mod axle_energy;
mod battery;
mod capability;
mod cycle;
mod driver;
mod duty;
mod energy_density;
mod error;
mod judge;
mod lanes;
mod lookup;
mod outline;
pub mod performance;
mod prepared;
mod regeneration;
mod repeated;
mod requirement;
mod resistance;
mod simulate;
mod spectrum;
mod split;
mod supply;
mod temperature;
mod traction;
mod unit_table;
pub mod verdict;
mod wide;

pub use axle_energy::{AxleEnergy, Consumption};
pub use battery::voltage_under_load_v;
pub use cycle::{CycleSet, DriveCycle};
pub use duty::{DayPart, DayResult, drive_day};
pub use energy_density::EnergyDensity;
pub use error::VehicleError;
pub use judge::{judge, judge_with};
pub use lanes::{LaneCar, simulate_lanes};
pub use prepared::{PreparedAxle, PreparedCycle};
pub use repeated::{Repeated, RepeatedRun, repeated_accelerations};
pub use requirement::requirements;
pub use resistance::Resistance;
pub use simulate::{CycleResult, Options, TraceRow, Violations, simulate_cycle};
pub use spectrum::LoadSpectrum;
pub use split::{AxleDrive, Split};
pub use temperature::{ByLump, UnitTemperatures};
pub use unit_table::UnitTable;
pub use verdict::{AxleVerdict, axle_meets};

/// Standard gravity, m/s².
pub const GRAVITY_M_S2: f64 = 9.806_65;
