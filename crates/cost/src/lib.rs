//! codrive-cost: under construction.
