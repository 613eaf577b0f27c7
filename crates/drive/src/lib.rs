//! codrive-drive: under construction.
