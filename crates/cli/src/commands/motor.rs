//! `codrive motor`.

use std::path::PathBuf;

use codrive_study::error::StudyError;
use codrive_study::files::write_whole;
use codrive_study::motor;
use codrive_study::progress::Progress;

use super::{print_json, print_line};

/// Magnetic field of a machine
#[derive(clap::Subcommand, Debug)]
pub(crate) enum MotorCommand {
    Solve(SolveArgs),
    Map(MapArgs),
    Draw(DrawArgs),
}

/// One operating point at one rotor position, unskewed, whole machine
#[derive(clap::Args, Debug)]
pub(crate) struct SolveArgs {
    /// A machine file, or the name of a shipped machine (bmw-i3, jaguar-i-pace, prius-2004)
    machine: String,
    /// Direct-axis current, A, peak
    #[arg(long, allow_negative_numbers = true)]
    id: f64,
    /// Quadrature-axis current, A, peak
    #[arg(long, allow_negative_numbers = true)]
    iq: f64,
    /// Rotor position, electrical degrees from the axis of phase a
    #[arg(long, default_value_t = 0.0, allow_negative_numbers = true)]
    angle_el: f64,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

/// Flux map of a machine over currents: CSV, and a drawing of the section
#[derive(clap::Args, Debug)]
pub(crate) struct MapArgs {
    /// A machine file, or the name of a shipped machine (bmw-i3, jaguar-i-pace, prius-2004)
    machine: String,
    /// Folder for the results
    #[arg(long)]
    out: PathBuf,
    /// Folder for finished sections, readable by you only
    #[arg(long, default_value = ".codrive-cache")]
    cache: PathBuf,
}

/// Drawing of the cross-section as SVG, with dimensions, phases and magnetisation
#[derive(clap::Args, Debug)]
pub(crate) struct DrawArgs {
    /// A machine or section file, or a shipped name (bmw-i3, jaguar-i-pace, prius-2004)
    machine: String,
    /// File to write; without it, the drawing goes to standard output
    #[arg(short, long)]
    output: Option<PathBuf>,
}

pub(crate) fn run(command: &MotorCommand, progress: &dyn Progress) -> Result<(), StudyError> {
    match command {
        MotorCommand::Solve(args) => {
            let point = motor::solve(&args.machine, args.id, args.iq, args.angle_el)?;
            if args.json {
                return print_json(&point);
            }
            point.lines().iter().try_for_each(|line| print_line(line))
        }
        MotorCommand::Map(args) => {
            let mut files = motor::map(&args.machine, &args.out, &args.cache, progress)?;
            let svg = args.out.join("section.svg");
            write_whole(&svg, drawing(&args.machine)?.as_bytes())?;
            files.push(svg);
            files
                .iter()
                .try_for_each(|file| print_line(&file.display().to_string()))
        }
        MotorCommand::Draw(args) => {
            let svg = drawing(&args.machine)?;
            match &args.output {
                Some(path) => {
                    write_whole(path, svg.as_bytes())?;
                    print_line(&path.display().to_string())
                }
                None => print_line(svg.trim_end()),
            }
        }
    }
}

/// The drawing of a machine or section as SVG.
fn drawing(name: &str) -> Result<String, StudyError> {
    Ok(codrive_report::section_drawing(&motor::draw(name)?))
}
