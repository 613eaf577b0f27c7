//! codrive-family: under construction.
