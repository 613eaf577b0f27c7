//! programme: to be written.
