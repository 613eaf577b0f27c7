//! The two-dimensional magnetic field of a section: from its outlines to flux and loss maps.
//!
//! - [`map::solve_section`]: everything about a section for the other stages (flux map, losses, facts, drawing).
//! - [`point::solve_point`]: one operating point of a machine at one rotor position.
//! - [`mean::mean_points`]: mean values of a machine over 60 electrical degrees at a list of currents.
//! - [`loss_point::loss_point`]: losses of a section at one current.
//! - [`skew::skewed`]: the map of a skewed machine from that of the straight one.
//! - [`mesh_error::mesh_error`]: what a second, finer mesh says about the error of the first.
//! - [`facts::of_section`] and [`drawing::of_section`]: geometry without a field solution.
//! - [`verify`]: cases with a known answer.
//!
//! On the way: [`geometry`] draws outlines, [`mesh`] triangulates the smallest sector, [`solve`] finds the field,
//! [`measure`] reads flux and torque from it, [`snapshot`], [`slot_zones`] and [`loss`] the losses,
//! [`strength`] the stress of the spinning rotor and the speed that its bridges hold.
//!
//! This crate has never heard of a vehicle, a partner or money. The theory is in
//! `docs/theory/magnetic-field.md`.

pub mod drawing;
pub mod error;
pub mod facts;
mod far;
pub mod geometry;
pub mod grid;
pub mod loss;
pub mod loss_point;
pub mod map;
pub mod march;
pub mod material;
pub mod mean;
pub mod measure;
pub mod mesh;
pub mod mesh_error;
pub mod picture;
pub mod point;
pub mod skew;
mod skew_far;
pub mod slot_zones;
pub mod snapshot;
pub mod solve;
pub mod strength;
pub mod symmetry;
pub mod verify;
pub mod winding;
