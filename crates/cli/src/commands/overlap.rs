//! `codrive overlap`.

use std::path::PathBuf;

use codrive_study::error::StudyError;
use codrive_study::overlap;
use codrive_study::progress::Progress;

use super::{print_json, print_line};

/// Show what each axle requires and which axles one unit can serve
///
/// This is the clean team's view: it reads every partner's files.
#[derive(clap::Args, Debug)]
pub(crate) struct OverlapArgs {
    /// The programme's folder, or its programme.toml
    programme: PathBuf,
    /// Folder for finished sections, readable by you only
    #[arg(long, default_value = ".codrive-cache")]
    cache: PathBuf,
    /// Use nothing from the cache
    #[arg(long)]
    fresh: bool,
    /// Write JSON instead of a table
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &OverlapArgs, progress: &dyn Progress) -> Result<(), StudyError> {
    let overlap = overlap::overlap(&args.programme, &args.cache, args.fresh, progress)?;
    if args.json {
        return print_json(&overlap);
    }
    for line in overlap.lines() {
        print_line(&line)?;
    }
    Ok(())
}
