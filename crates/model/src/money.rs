//! money: to be written.
