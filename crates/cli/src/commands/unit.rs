//! `codrive unit`.

use std::path::PathBuf;

use codrive_study::error::StudyError;
use codrive_study::progress::Progress;
use codrive_study::unit;

use super::print_line;

/// A drive unit on its own
#[derive(clap::Subcommand, Debug)]
pub(crate) enum UnitCommand {
    Map(MapArgs),
}

/// Maps, envelopes, temperatures over time, currents and rotor stress: pictures, a page and tables
#[derive(clap::Args, Debug)]
pub(crate) struct MapArgs {
    /// A unit file, or the name of a shipped unit (bmw-i3, jaguar-i-pace)
    unit: String,
    /// Folder for the results
    #[arg(long)]
    out: PathBuf,
    /// Folder for finished sections, readable by you only
    #[arg(long, default_value = ".codrive-cache")]
    cache: PathBuf,
}

pub(crate) fn run(command: &UnitCommand, progress: &dyn Progress) -> Result<(), StudyError> {
    let UnitCommand::Map(args) = command;
    let computed = unit::compute(&args.unit, &args.cache, progress)?;
    let pictures = codrive_report::unit_pictures(&computed.map, &computed.section);
    unit::write(&computed, pictures, &args.out)?
        .iter()
        .try_for_each(|file| print_line(&file.display().to_string()))
}
