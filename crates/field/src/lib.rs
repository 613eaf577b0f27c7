//! codrive-field: under construction.
pub mod error;
pub mod geometry;
pub mod mesh;
