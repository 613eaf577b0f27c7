//! Machines of other tools, read into codrive's own words.
//!
//! [`pyleecan::read`] takes the text of a pyleecan machine file (JSON) and gives an [`Import`]: a
//! machine, its section, and the materials that codrive does not ship. [`Import::files`] writes them
//! as the TOML files that a person could have written, which are then the user's own.
//!
//! Nothing is put in place of something else in silence: whatever the file holds that the section
//! cannot, and whatever had to be assumed, is among [`Import::notes`] and in the files' `assumptions`.
//! What would make another machine of it is refused, with its class and place.
//!
//! The way through the crate: `json` (a value that knows its place), `hole`, `ducts`, `slot`,
//! `winding` and `material` (one class after the other), `pole` (what of the rotor lies in one pole),
//! `write` (TOML).

mod dropped;
mod ducts;
mod fault;
mod hole;
mod import;
mod json;
mod loss_fit;
mod material;
mod notes;
mod outline;
mod pole;
pub mod pyleecan;
mod rotor;
mod skew;
mod slot;
mod surface;
mod winding;
mod write;

pub use fault::Fault;
pub use import::Import;
pub use material::{Catalogue, Grade};
