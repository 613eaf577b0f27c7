//! Electric drive units: from the flux map of a section to the losses and envelopes on the axle.
//!
//! Two levels, so that thousands of variants share what they can:
//!
//! 1. [`SectionTables::new`] once for a section: smooth flux linkages, MTPA, MTPV, losses, all for
//!    the unit winding and a metre of stack.
//! 2. [`Machine::new`] for a stack length and a winding; [`motor_map()`] for it with an inverter at a
//!    DC voltage; [`axle_map()`] for that with a gear set gives a [`codrive_model::unit::Unit`].
//!
//! [`evaluate`] does both for a single unit. Everything is a pure function of its arguments,
//! `Send` and `Sync`, and serial inside.
//!
//! | Idea | Module |
//! |---|---|
//! | flux linkages, losses over unit currents | [`flux`], [`loss_tables`] |
//! | copper and its AC loss, bearings and windage | [`winding`], [`proximity`], [`bearing`], [`mechanical`] |
//! | MTPA, MTPV; points and envelopes under a voltage limit | [`loci`], [`operating_point`] |
//! | active short circuit; flux density of the magnets against their knee | [`short_circuit`], [`demagnetisation`] |
//! | the plane of the currents | [`current_plane`](mod@current_plane) |
//! | inverter losses and junction temperature | [`inverter`] |
//! | temperatures, ratings in time | [`thermal`] |
//! | every loss by its origin; what switching adds in iron | [`loss_points`](mod@loss_points), [`switching_ripple`] |
//! | gear losses, sizing | [`gear`], [`gear_sizing`] |
//! | maps of motor and axle | [`motor_map`](mod@motor_map), [`axle_map`](mod@axle_map) |
//! | whether a unit can serve at all; figures for its safe state | [`mod@ceiling`], [`mod@feasibility`], [`mod@safe_state`] |
//! | mass and inertia | [`mass`] |
//!
//! Equations and sources are gathered in `docs/theory/drive-unit.md`.

pub mod axes;
mod axle_heat;
pub mod axle_map;
pub mod bearing;
pub mod ceiling;
pub mod conditions;
pub mod current_plane;
pub mod demagnetisation;
pub mod error;
pub mod far_flux;
pub mod feasibility;
#[cfg(test)]
mod fixture;
pub mod flux;
pub mod gear;
pub mod gear_sizing;
mod held;
pub mod inverter;
pub mod loci;
pub mod loss_points;
pub mod loss_tables;
pub mod machine;
pub mod mass;
pub mod mechanical;
pub mod motor_map;
pub mod operating_point;
pub mod proximity;
pub mod safe_state;
pub mod section_tables;
mod shaft_point;
pub mod short_circuit;
pub mod switching_ripple;
#[cfg(test)]
mod tests;
pub mod thermal;
pub mod top_speed;
pub mod winding;

pub use axes::Grid;
pub use axle_map::{axle_losses_through, axle_map, axle_map_at_oil, axle_map_through, evaluate};
pub use ceiling::{Ceiling, ceiling};
pub use conditions::{Build, Conditions, Conductor, Strategy};
pub use current_plane::current_plane;
pub use error::DriveError;
pub use feasibility::{Feasibility, feasibility};
pub use gear::GearModel;
pub use loss_points::{LossPoint, loss_points};
pub use machine::Machine;
pub use motor_map::{MotorMap, motor_map, motor_map_on};
pub use safe_state::safe_state;
pub use section_tables::SectionTables;
pub use short_circuit::starts::short_circuits;
pub use thermal::Cooling;
