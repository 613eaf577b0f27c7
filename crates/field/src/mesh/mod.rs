//! Triangles of the smallest sector: rotor and stator apart, joined by a ring of nodes in the air gap.
//!
//! The rotor lamination of one pole (`rotor`) and one slot pitch of the stator (`stator`) are
//! triangulated ([`triangulate`]) inside a boundary that is discretised beforehand (`sector`), with
//! sizes from [`size`]. Both are copied (`copies`). The gap is filled with structured strips
//! (`strip`), whose nodes lie at equal angles on the ring, so that the rotor turns by whole ring
//! steps without re-meshing. [`pole`] joins both; [`fineness`] says how fine; `morph`
//! carries a mesh to a design that differs in its parameters only.

pub mod arrangement;
mod copies;
pub mod fineness;
mod morph;
pub mod part;
pub mod pole;
mod rotor;
mod sector;
pub mod size;
mod stator;
mod strip;
pub mod triangulate;

pub use fineness::Fineness;
pub use part::{Fill, Part};
pub use pole::PoleMesh;
