//! Everything that can stop a study, with what to try.

use codrive_catalogue::CatalogueError;
use codrive_model::input::InputError;

use crate::files::FileError;

/// Why a study stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// Input files are wrong; every fault that was found.
    #[error("{} input errors, the first: {}", .0.len(), .0[0])]
    Input(Vec<InputError>),
    /// A shipped name is unknown.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A section could not be solved.
    #[error("section `{section}`: {reason}")]
    Section {
        /// Section id.
        section: String,
        /// What the field solver says.
        reason: String,
    },
    /// A model refused its inputs.
    #[error("{what}: {reason}")]
    Model {
        /// Which part of the study.
        what: String,
        /// What the model says.
        reason: String,
    },
    /// No candidate unit meets the targets of an axle: shown at the target in its partner's file, with
    /// the nearest candidate, what it misses and what to try.
    #[error(transparent)]
    Unreachable(Box<InputError>),
    /// The place for the results is taken by something that codrive did not write.
    #[error("{}: {why}", path.display())]
    OutTaken {
        /// What is in the way.
        path: std::path::PathBuf,
        /// What it is.
        why: &'static str,
    },
    /// A file to write is there already, with something else in it.
    #[error("{}: is there already", .0.display())]
    FileTaken(std::path::PathBuf),
    /// The user stopped it.
    #[error("stopped; finished sections are kept in the cache and a second run uses them")]
    Cancelled,
    /// A validation case failed that does not declare its miss.
    #[error("{0} validation case(s) failed without a declared reason")]
    Validation(usize),
}

impl StudyError {
    /// What to try.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Catalogue(CatalogueError::Unknown(unknown)) => Some(unknown.hint.clone()),
            Self::OutTaken { .. } => {
                Some("move it, or choose another folder with --out".to_owned())
            }
            Self::FileTaken(_) => {
                Some("choose another name, or replace it with --force".to_owned())
            }
            _ => None,
        }
    }

    /// The exit code documented in `codrive --help`.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Input(_)
            | Self::Catalogue(_)
            | Self::Section { .. }
            | Self::Model { .. }
            | Self::OutTaken { .. }
            | Self::FileTaken(_) => 2,
            Self::Unreachable(_) => 3,
            Self::Cancelled => 130,
            Self::File(_) | Self::Validation(_) => 1,
        }
    }
}

impl From<InputError> for StudyError {
    fn from(error: InputError) -> Self {
        Self::Input(vec![error])
    }
}
