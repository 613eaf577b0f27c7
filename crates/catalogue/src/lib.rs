//! What codrive ships: materials, devices, gear sets, drive units, prices, targets, cycles, machines, cars and
//! duties.
//!
//! Everything under `data/` is built into the binary; each file names its source and licence.
//! A name is the file's stem in any case, so `data/materials/m400-50a.toml` is the steel `M400-50A`.

use codrive_model::input::{InputError, Source, nearest};
use include_dir::{Dir, include_dir};
use serde::de::DeserializeOwned;

static DATA: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../data");

/// What a shipped file holds, which is also the folder it lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Lamination steels.
    Steel,
    /// Magnet grades.
    Magnet,
    /// Rotor and stator sections.
    Section,
    /// Machines: a section with stack and winding.
    Machine,
    /// Inverters.
    Inverter,
    /// Gear sets.
    GearSet,
    /// Drive units of cars that exist.
    Unit,
    /// Drive cycles, CSV.
    Cycle,
    /// Cars that exist.
    Car,
    /// Price sets.
    Prices,
    /// Days of cars in fleets.
    Duty,
    /// Targets of agencies.
    Targets,
}

impl Kind {
    /// Folder under `data/`, word for messages, file extension.
    const fn place(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Steel => ("materials", "steel", "toml"),
            Self::Magnet => ("materials", "magnet grade", "toml"),
            Self::Section => ("sections", "section", "toml"),
            Self::Machine => ("machines", "machine", "toml"),
            Self::Inverter => ("inverters", "inverter", "toml"),
            Self::GearSet => ("gear_sets", "gear set", "toml"),
            Self::Unit => ("units", "drive unit", "toml"),
            Self::Cycle => ("cycles", "drive cycle", "csv"),
            Self::Car => ("cars", "car", "toml"),
            Self::Prices => ("prices", "price set", "toml"),
            Self::Duty => ("duties", "duty", "toml"),
            Self::Targets => ("targets", "target set", "toml"),
        }
    }
}

/// A name that is not in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no {kind} `{name}` is shipped")]
pub struct UnknownName {
    /// Word for what was looked for.
    pub kind: &'static str,
    /// The name looked for.
    pub name: String,
    /// What to try.
    pub hint: String,
}

/// Why a shipped thing could not be had.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The name is unknown.
    #[error(transparent)]
    Unknown(#[from] UnknownName),
    /// The shipped file does not read: a fault of codrive's own.
    #[error(transparent)]
    Input(#[from] InputError),
}

/// Names shipped of a kind, sorted.
#[must_use]
pub fn names(kind: Kind) -> Vec<&'static str> {
    let (folder, _, extension) = kind.place();
    let mut names: Vec<&str> = DATA
        .get_dir(folder)
        .map(|dir| dir.files().map(include_dir::File::path).collect::<Vec<_>>())
        .unwrap_or_default()
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .filter_map(|path| path.file_stem()?.to_str())
        .collect();
    names.sort_unstable();
    names
}

/// The text of a shipped file.
///
/// # Errors
/// The name is unknown; the hint lists what is there.
pub fn source(kind: Kind, name: &str) -> Result<Source, UnknownName> {
    let (folder, word, extension) = kind.place();
    let path = format!("{folder}/{}.{extension}", name.to_lowercase());
    match DATA
        .get_file(&path)
        .and_then(include_dir::File::contents_utf8)
    {
        Some(text) => Ok(Source::shipped(&format!("data/{path}"), text)),
        None => Err(unknown(kind, word, name)),
    }
}

fn unknown(kind: Kind, word: &'static str, name: &str) -> UnknownName {
    let all = names(kind);
    let hint = match nearest(name, &all) {
        Some(near) => format!("did you mean `{near}`? shipped: {}", all.join(", ")),
        None => format!("shipped: {}", all.join(", ")),
    };
    UnknownName {
        kind: word,
        name: name.to_owned(),
        hint,
    }
}

/// A shipped TOML file, read.
///
/// # Errors
/// The name is unknown, or the shipped file does not read as `T`.
pub fn get<T: DeserializeOwned>(kind: Kind, name: &str) -> Result<T, CatalogueError> {
    Ok(source(kind, name)?.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_says_what_is_shipped() {
        let error = source(Kind::Cycle, "wltc3").unwrap_err();
        assert_eq!(error.to_string(), "no drive cycle `wltc3` is shipped");
        assert!(error.hint.contains("wltc3b"), "{}", error.hint);
    }

    #[test]
    fn every_shipped_file_names_its_source_and_licence() {
        let mut checked = 0;
        for folder in DATA.dirs() {
            for file in folder.files() {
                let path = file.path().display();
                let text = file.contents_utf8().unwrap().to_lowercase();
                for word in ["source", "licence"] {
                    assert!(text.contains(word), "data/{path} has no {word}");
                }
                checked += 1;
            }
        }
        let kinds = [
            Kind::Steel,
            Kind::Section,
            Kind::Machine,
            Kind::Inverter,
            Kind::GearSet,
            Kind::Unit,
            Kind::Cycle,
            Kind::Car,
            Kind::Prices,
            Kind::Duty,
            Kind::Targets,
        ];
        let named: usize = kinds.into_iter().map(|kind| names(kind).len()).sum();
        assert_eq!(
            checked, named,
            "a file of no kind, or deeper than its folder"
        );
        assert!(kinds.into_iter().all(|kind| !names(kind).is_empty()));
    }
}
