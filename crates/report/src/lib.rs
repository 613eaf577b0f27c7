//! codrive-report: under construction.
