//! Heat of a unit: a network of eleven lumps, steady and over time, and the ratings that follow.
//!
//! | Idea | Module |
//! |---|---|
//! | what coolant, air and oil are like; published heat transfer | [`fluids`], [`correlations`] |
//! | what a person states about the cooling | [`cooling`] |
//! | lumps, conductances and capacities from geometry | [`network`] |
//! | losses by lump, copper over temperature | [`heat`] |
//! | steady temperatures, runaway | [`steady`] |
//! | temperatures over time | [`transient`] |
//! | junctions of the inverter over time | [`junction`] |
//! | insulation, magnets, derating | [`limits`] |
//! | what can be held for how long | [`ratings`] |
//! | four lumps that stand for the network in cars | [`lumped`] |
//! | temperatures over a duty, with derating | [`trace`] |
//!
//! Everything is of fixed size and on the stack: the thermal part of a map costs well below a
//! millisecond. Equations and sources are gathered in `docs/theory/drive-unit.md`, section 7.

mod conduction;
pub mod cooling;
pub mod correlations;
pub mod fluids;
pub mod heat;
pub mod junction;
pub mod limits;
pub mod lumped;
pub mod network;
pub mod ratings;
pub mod steady;
pub mod trace;
pub mod transient;

pub use cooling::{Channel, Cooling, Spray};
pub use heat::{CopperLoss, HeatLoad};
pub use junction::Junction;
pub use limits::{InsulationClass, Limits};
pub use network::{AtSpeed, ByNode, Node, ThermalNetwork};
pub use ratings::Start;
pub use steady::Temperatures;
