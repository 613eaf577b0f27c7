//! codrive-study: under construction.
