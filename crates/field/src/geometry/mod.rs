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
    /// Share of a whole magnet that lies in this pole: a half for a magnet between two poles.
    pub share_of_magnet: f64,
    /// Its corners, m, counter-clockwise. Where it lies on a side of the pole, its neighbour
    /// continues it; where it lies on the rotor's surface, it faces the gap.
    pub outline: Outline,
}

impl RotorRegion {
    /// A region with its corners in either order.
    fn new(place: &str, name: &str, magnetisation_rad: Option<f64>, outline: Outline) -> Self {
        Self {
            place: place.to_owned(),
            name: name.to_owned(),
            magnetisation_rad,
            share_of_magnet: 1.0,
            outline: outline::counter_clockwise(outline),
        }
    }

    /// The outline as the polylines that are not on the rotor's surface, and whether they close.
    #[must_use]
    pub fn inner_lines(&self, surface_m: f64) -> Vec<(Outline, bool)> {
        outline::lines_off_circle(&self.outline, surface_m)
    }
}
