//! codrive-field: under construction.
pub mod burst;
pub mod error;
pub mod facts;
pub mod geometry;
pub mod loss;
pub mod map;
pub mod material;
pub mod mean;
pub mod measure;
pub mod mesh;
pub mod picture;
pub mod point;
pub mod snapshot;
pub mod solve;
pub mod verify;
pub mod winding;
