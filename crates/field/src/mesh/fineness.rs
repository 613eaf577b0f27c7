//! How fine a mesh is.

/// How fine the mesh is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fineness {
    /// Wanted side length at the air gap over the thickness of one strip.
    pub gap_aspect: f64,
    /// Wanted length over the distance to the nearest feature.
    pub per_feature: f64,
    /// Growth of the length per length.
    pub growth: f64,
    /// Length over the slot pitch that sharp corners ask for, in the geometric mean with what their
    /// surroundings ask for.
    pub corner: f64,
    /// Largest length over the rotor radius.
    pub largest: f64,
    /// Strips of the gap on the stator's side of the ring; the rotor's side has one.
    pub stator_strips: usize,
    /// The ring has a multiple of three times this many steps in a pole.
    pub positions: usize,
}

impl Fineness {
    /// For elements of second order: few and large.
    #[must_use]
    pub fn second_order(positions: usize) -> Self {
        Self {
            gap_aspect: 2.4,
            per_feature: 1.0,
            growth: 0.95,
            corner: 0.011,
            largest: 0.12,
            stator_strips: 1,
            positions,
        }
    }

    /// For elements of first order.
    #[must_use]
    pub fn first_order(positions: usize) -> Self {
        Self {
            gap_aspect: 1.5,
            per_feature: 0.8,
            growth: 0.3,
            corner: 0.015,
            largest: 0.08,
            stator_strips: 1,
            positions,
        }
    }

    /// The finer mesh, of about two and a half times the unknowns, that tells the error of this one.
    #[must_use]
    pub fn refined(self) -> Self {
        self.scaled(0.55)
    }

    /// All lengths multiplied by a factor.
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Self {
        self.gap_aspect *= factor;
        self.per_feature *= factor;
        self.corner *= factor;
        self.growth *= factor.sqrt();
        self.largest *= factor;
        self
    }
}
