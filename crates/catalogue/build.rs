//! Rebuilds the catalogue when a shipped file changes; `include_dir` cannot see that by itself.
fn main() {
    println!("cargo:rerun-if-changed=../../data");
}
