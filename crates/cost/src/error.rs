//! Why a cost cannot be stated.

/// What is wrong with the money's inputs.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CostError {
    /// A number is impossible.
    #[error("{what} is out of range: must be {allowed}")]
    OutOfRange {
        /// The number.
        what: &'static str,
        /// What it must be.
        allowed: &'static str,
    },
    /// The plants of a partner cannot build what its cars need.
    #[error("the plants hold {capacity:.0} EDUs a year, the cars need {needed:.0}")]
    Capacity {
        /// All plants together, EDUs a year.
        capacity: f64,
        /// Peak need, EDUs a year.
        needed: f64,
    },
    /// No plant has room for a vehicle, which is not split over two.
    #[error(
        "no plant has room left for {needed:.0} EDUs a year of one vehicle, which is not split"
    )]
    NoRoom {
        /// Index of the vehicle among those to place.
        vehicle: usize,
        /// Its peak need, EDUs a year.
        needed: f64,
    },
    /// A group of partners has no cost, so that nothing can be split fairly.
    #[error("no cost is known for the partners {partners:?} together")]
    MissingCoalition {
        /// The partners.
        partners: Vec<usize>,
    },
    /// More partners than every group of them can be looked at.
    #[error("{count} partners: at most {most}")]
    TooManyPartners {
        /// How many.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// A rule gives no split.
    #[error("the cost cannot be split: {reason}")]
    Split {
        /// Why.
        reason: &'static str,
    },
}
