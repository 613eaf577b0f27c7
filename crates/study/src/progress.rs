//! How long work reports what it does, and learns that it should stop.

/// Receives progress; the command line draws it, tests ignore it.
pub trait Progress: Sync {
    /// A stage begins, with so many steps.
    fn stage(&self, name: &str, steps: usize);
    /// So many steps of the stage are done.
    fn done(&self, steps: usize);
    /// Something worth knowing that is no error.
    fn note(&self, text: &str);
    /// Whether the user wants to stop; finished parts are kept.
    fn cancelled(&self) -> bool;
}

/// Says nothing and never stops.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn stage(&self, _: &str, _: usize) {}
    fn done(&self, _: usize) {}
    fn note(&self, _: &str) {}
    fn cancelled(&self) -> bool {
        false
    }
}
