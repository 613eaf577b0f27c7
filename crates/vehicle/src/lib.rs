//! codrive-vehicle: under construction.
