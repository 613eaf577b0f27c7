//! codrive-numerics: under construction.
