//! From the parameters of a section to closed outlines of one pole.

pub mod outline;
pub mod rotor;
pub mod slot;

pub use outline::{Outline, Point};

/// What fills an outline of the rotor.
#[derive(Clone, Debug, PartialEq)]
pub struct RotorRegion {
    /// The key it comes from, for messages.
    pub place: String,
    /// A name for messages.
    pub name: String,
    /// Direction of magnetisation, rad; `None` for a hole.
    pub magnetisation_rad: Option<f64>,
    /// Its corners, m, counter-clockwise.
    pub outline: Outline,
}
