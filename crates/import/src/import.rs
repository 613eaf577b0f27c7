//! The result of an import, and its files.

use std::path::{Path, PathBuf};

use codrive_model::machine::Machine;
use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::section::Section;

use crate::material::Grade;
use crate::write;

/// A machine read from another tool's file.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The machine; its `section` is the id of [`Import::section`].
    pub machine: Machine,
    /// Its section; `steel` and `magnet` name the grades below.
    pub section: Section,
    /// Its lamination.
    pub steel: Grade<Steel>,
    /// Its magnets.
    pub magnet: Grade<MagnetGrade>,
}

impl Import {
    /// What was left out, assumed, or put in place of something else.
    pub fn notes(&self) -> impl Iterator<Item = &str> {
        let all = self.section.assumptions.iter();
        all.chain(&self.machine.assumptions).map(String::as_str)
    }

    /// The files that make up the machine, in the order in which to write them: what is named
    /// before what names it, the machine file last.
    ///
    /// Beside `prius.toml` lie `prius-section.toml` and, where the grade is not shipped,
    /// `prius-steel.toml` and `prius-magnet.toml`.
    #[must_use]
    pub fn files(&self, machine_file: &Path) -> Vec<(PathBuf, String)> {
        let stem = machine_file.file_stem().map_or_else(
            || self.machine.id.clone(),
            |s| s.to_string_lossy().into_owned(),
        );
        let name = |what: &str| format!("{stem}-{what}.toml");
        let beside = |what: &str| machine_file.with_file_name(name(what));
        let mut section = self.section.clone();
        let mut machine = self.machine.clone();
        let mut files = Vec::new();
        if !self.steel.shipped {
            section.steel = name("steel");
            files.push((beside("steel"), write::steel(&self.steel.data)));
        }
        if !self.magnet.shipped {
            section.magnet = name("magnet");
            files.push((beside("magnet"), write::magnet(&self.magnet.data)));
        }
        machine.section = name("section");
        files.push((beside("section"), write::section(&section)));
        files.push((machine_file.to_owned(), write::machine(&machine)));
        files
    }
}
