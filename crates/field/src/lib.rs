//! codrive-field: under construction.
