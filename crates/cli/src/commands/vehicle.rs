//! `codrive vehicle`.

use std::path::PathBuf;

use codrive_study::car;
use codrive_study::error::StudyError;
use codrive_study::progress::Progress;

use super::{print_json, print_line};

/// A car with its units
#[derive(clap::Subcommand, Debug)]
pub(crate) enum VehicleCommand {
    Run(RunArgs),
}

/// Consumption in drive cycles, and performance
#[derive(clap::Args, Debug)]
pub(crate) struct RunArgs {
    /// A car file, or the name of a shipped car (bmw-i3-94ah, jaguar-i-pace, ...)
    vehicle: String,
    /// Drive cycles by name (udds, hwfet, us06, wltc3b, nedc, ...) or CSV file
    #[arg(long, num_args = 1.., required = true)]
    cycle: Vec<String>,
    /// Folder for finished sections, readable by you only
    #[arg(long, default_value = ".codrive-cache")]
    cache: PathBuf,
    /// Write JSON instead of a table
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(command: &VehicleCommand, progress: &dyn Progress) -> Result<(), StudyError> {
    let VehicleCommand::Run(args) = command;
    let results = car::run(&args.vehicle, &args.cycle, &args.cache, progress)?;
    if args.json {
        return print_json(&results);
    }
    results.lines().iter().try_for_each(|line| print_line(line))
}
