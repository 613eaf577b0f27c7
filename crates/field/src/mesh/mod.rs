//! Triangles of one pole: rotor and stator apart, joined by a ring of nodes in the air gap.
//!
//! The rotor lamination of one pole and one slot pitch of the stator are triangulated
//! ([`triangulate`]) inside a boundary that is discretised beforehand, with sizes from [`size`].
//! The slot pitch is replicated. The gap is filled with structured strips ([`pole`]), whose nodes
//! lie at equal angles on the ring, so that the rotor turns by whole ring steps without re-meshing.

pub mod arrangement;
pub mod pole;
pub mod size;
pub mod triangulate;

pub use pole::{Fill, Fineness, Part, PoleMesh};
