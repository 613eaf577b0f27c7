//! summary: to be written.
