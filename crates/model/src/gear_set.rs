//! gear_set: to be written.
