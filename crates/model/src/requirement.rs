//! requirement: to be written.
