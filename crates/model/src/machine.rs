//! machine: to be written.
