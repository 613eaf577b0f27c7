//! operating_map: to be written.
