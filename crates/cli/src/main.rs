//! The `codrive` binary.
fn main() {}
