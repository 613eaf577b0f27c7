//! `codrive validate`.

use std::path::PathBuf;

use codrive_study::error::StudyError;
use codrive_study::progress::Progress;
use codrive_study::validate;

use super::{print_json, print_line};

/// Recompute every validation case and write the page of results
///
/// Exits with 0 only when every case passes or declares its miss with the reason.
#[derive(clap::Args, Debug)]
pub(crate) struct ValidateArgs {
    /// The page to write
    #[arg(long, default_value = "docs/validation.md")]
    page: PathBuf,
    /// Folder for finished sections, readable by you only
    #[arg(long, default_value = ".codrive-cache")]
    cache: PathBuf,
    /// Write JSON on stdout instead of a table
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &ValidateArgs, progress: &dyn Progress) -> Result<(), StudyError> {
    let results = validate::validate(&args.cache, progress)?;
    codrive_study::files::write_whole(&args.page, validate::page(&results).as_bytes())?;
    if args.json {
        print_json(&results)?;
    } else {
        for line in validate::lines(&results) {
            print_line(&line)?;
        }
    }
    match results.iter().filter(|case| !case.acceptable()).count() {
        0 => Ok(()),
        failed => Err(StudyError::Validation(failed)),
    }
}
