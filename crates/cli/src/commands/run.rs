//! `codrive run`.

use std::path::PathBuf;

use codrive_report::render;
use codrive_study::error::StudyError;
use codrive_study::progress::Progress;
use codrive_study::run::{Options, run as run_study};

use super::print_line;

/// From the partners' files to a shared EDU family, and a folder for each reader
///
/// Writes OUT/clean-team and OUT/<partner>, each with report.html and summary.json.
/// Finished sections are kept in the cache; a second run uses them.
#[derive(clap::Args, Debug)]
pub(crate) struct RunArgs {
    /// The programme's folder, or its programme.toml
    programme: PathBuf,
    /// Folder for the results; what codrive wrote there before is replaced
    #[arg(long, default_value = "out")]
    out: PathBuf,
    /// Folder for finished sections, readable by you only
    #[arg(long, default_value = ".codrive-cache")]
    cache: PathBuf,
    /// Use nothing from the cache
    #[arg(long)]
    fresh: bool,
    /// Print the clean team's summary as JSON on stdout
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &RunArgs, progress: &dyn Progress) -> Result<(), StudyError> {
    let options = Options {
        out: args.out.clone(),
        cache: args.cache.clone(),
        fresh: args.fresh,
        render: &render,
    };
    let outcome = run_study(&args.programme, &options, progress)?;
    if args.json {
        return super::print_json(&outcome.summary);
    }
    for line in outcome.lines() {
        print_line(&line)?;
    }
    Ok(())
}
