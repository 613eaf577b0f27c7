//! Rebuilds when a validation case changes; `include_dir` cannot see that by itself.
fn main() {
    println!("cargo:rerun-if-changed=../../validation");
}
