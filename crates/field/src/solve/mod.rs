//! From a mesh to the field: elements, equations, factorisation, Newton's iteration.
//!
//! Sixteen operating points are solved at once ([`lanes`]). Rotor and stator are set up apart
//! ([`part`]), planned once for a mesh topology ([`ordering`], [`fronts`], [`pattern`]) and factorised apart
//! ([`factor`]); they meet on the ring of the air gap ([`ring`]), which alone knows the rotor's
//! position. [`tangent`] gives energy, gradient and tangent, [`batch`] iterates.

// Loops count nodes, points and lanes, as the formulas do.
#![allow(clippy::needless_range_loop)]

pub mod batch;
pub mod element;
pub mod equations;
pub mod factor;
pub mod fronts;
pub mod lanes;
pub mod model;
pub mod ordering;
pub mod part;
mod pattern;
pub mod ring;
mod secant;
pub mod tangent;
