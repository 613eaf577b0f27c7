//! The binary `codrive`: the only place that prints, reads the environment or exits.

mod commands;
mod diagnostics;
mod split;
mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Design the electric drive units that several carmakers develop together
///
/// Results go to files and stdout, progress and messages to stderr.
/// Exit codes: 0 done; 1 a validation case failed or a file could not be written;
/// 2 an input or argument is wrong; 3 a target that no candidate meets; 130 stopped by Ctrl-C.
#[derive(Parser, Debug)]
#[command(name = "codrive", version)]
struct Arguments {
    /// Threads to use; all cores when left out. The results do not depend on it
    #[arg(long, global = true, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// No progress on stderr
    #[arg(long, short, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Run(commands::run::RunArgs),
    Overlap(commands::overlap::OverlapArgs),
    #[command(subcommand)]
    Motor(commands::motor::MotorCommand),
    #[command(subcommand)]
    Unit(commands::unit::UnitCommand),
    #[command(subcommand)]
    Import(commands::import::ImportCommand),
    #[command(subcommand)]
    Vehicle(commands::vehicle::VehicleCommand),
    Validate(commands::validate::ValidateArgs),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let threads = usize::from(arguments.threads.unwrap_or(0));
    if let Err(error) = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()
    {
        eprintln!("error: threads cannot be started: {error}");
        return ExitCode::from(1);
    }
    let progress = terminal::Terminal::new(arguments.quiet);
    let result = match &arguments.command {
        Command::Run(args) => commands::run::run(args, &progress),
        Command::Overlap(args) => commands::overlap::run(args, &progress),
        Command::Motor(command) => commands::motor::run(command, &progress),
        Command::Unit(command) => commands::unit::run(command, &progress),
        Command::Import(command) => commands::import::run(command, &progress),
        Command::Vehicle(command) => commands::vehicle::run(command, &progress),
        Command::Validate(args) => commands::validate::run(args, &progress),
    };
    progress.finish();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => diagnostics::report(&error),
    }
}
