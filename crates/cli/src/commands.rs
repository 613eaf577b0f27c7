//! One file per command: read, call, print.

pub(crate) mod import;
pub(crate) mod motor;
pub(crate) mod overlap;
pub(crate) mod run;
pub(crate) mod unit;
pub(crate) mod validate;
pub(crate) mod vehicle;

use std::io::Write;

use codrive_study::error::StudyError;
use codrive_study::files::FileError;

/// Prints a value as JSON on stdout.
pub(crate) fn print_json<T: serde::Serialize>(value: &T) -> Result<(), StudyError> {
    let text = serde_json::to_string_pretty(value)
        .map_err(std::io::Error::from)
        .map_err(stdout)?;
    writeln!(std::io::stdout(), "{text}").map_err(stdout)
}

/// Prints a line on stdout.
pub(crate) fn print_line(text: &str) -> Result<(), StudyError> {
    writeln!(std::io::stdout(), "{text}").map_err(stdout)
}

fn stdout(error: std::io::Error) -> StudyError {
    FileError {
        path: "standard output".into(),
        error,
    }
    .into()
}
