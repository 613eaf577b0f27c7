//! vehicle: to be written.
