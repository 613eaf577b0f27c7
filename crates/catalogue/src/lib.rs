//! codrive-catalogue: under construction.
