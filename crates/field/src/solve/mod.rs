//! From a mesh to the field: elements, unknowns, factorisation, Newton's iteration.

pub mod element;
pub mod linear;
pub mod model;
pub mod newton;
pub mod system;
