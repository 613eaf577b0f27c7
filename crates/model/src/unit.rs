//! unit: to be written.
