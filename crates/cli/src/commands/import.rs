//! `codrive import`.

use std::path::PathBuf;

use codrive_catalogue::{Kind, get, names};
use codrive_import::{Catalogue, pyleecan};
use codrive_model::input::Source;
use codrive_model::units::temperature;
use codrive_study::error::StudyError;
use codrive_study::files::write_new;
use codrive_study::inputs::draw;
use codrive_study::progress::Progress;

use super::print_line;

/// Machines of other tools, as files that codrive reads
#[derive(clap::Subcommand, Debug)]
pub(crate) enum ImportCommand {
    Pyleecan(PyleecanArgs),
}

/// A pyleecan machine file (JSON)
///
/// Writes MACHINE.toml, and beside it MACHINE-section.toml and, for grades that are not shipped,
/// MACHINE-steel.toml and MACHINE-magnet.toml. Prints the files; what was left out or assumed is
/// noted on stderr and in the files.
#[derive(clap::Args, Debug)]
pub(crate) struct PyleecanArgs {
    /// The pyleecan file
    file: PathBuf,
    /// The machine file to write
    #[arg(long, short, value_name = "MACHINE.toml")]
    output: PathBuf,
    /// Magnet temperature, which a pyleecan file does not hold; 20 degC when left out
    #[arg(long, value_name = "TEMPERATURE", value_parser = temperature::parse)]
    magnet_temperature: Option<f64>,
    /// Replace files that are there
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(command: &ImportCommand, progress: &dyn Progress) -> Result<(), StudyError> {
    let ImportCommand::Pyleecan(args) = command;
    let source = Source::read(&args.file)?;
    let import = pyleecan::read(&source, &shipped(), args.magnet_temperature)?;
    draw(&import.section).map_err(|fault| pyleecan::refused(&source, "section", fault))?;
    let files = import.files(&args.output);
    write_new(&files, args.force)?;
    import.notes().for_each(|note| progress.note(note));
    files
        .iter()
        .try_for_each(|(path, _)| print_line(&path.display().to_string()))
}

/// The grades that need no file of their own.
fn shipped() -> Catalogue {
    Catalogue {
        steels: names(Kind::Steel)
            .into_iter()
            .filter_map(|name| get(Kind::Steel, name).ok())
            .collect(),
        magnets: names(Kind::Magnet)
            .into_iter()
            .filter_map(|name| get(Kind::Magnet, name).ok())
            .collect(),
    }
}
