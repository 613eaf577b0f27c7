//! `codrive vehicle`.

use std::path::PathBuf;

use codrive_model::units::{HINT_MARK, temperature};
use codrive_model::vehicle::RoadLoad;
use codrive_study::car::Choice;
use codrive_study::error::StudyError;
use codrive_study::progress::Progress;
use codrive_study::{car_results, day, driven_car};

use super::{print_json, print_line};
use crate::split::SplitArgs;

/// A car with its units
#[derive(clap::Subcommand, Debug)]
pub(crate) enum VehicleCommand {
    Run(RunArgs),
    Performance(PerformanceArgs),
    Day(DayArgs),
    Draw(DrawArgs),
}

/// Pictures, a page and tables: traces, energy from wall to road, acceleration, range over speed
#[derive(clap::Args, Debug)]
pub(crate) struct DrawArgs {
    #[command(flatten)]
    choice: ChoiceArgs,
    /// Drive cycles by name (udds, hwfet, us06, wltc3b, nedc, ...) or CSV file
    #[arg(long, num_args = 1.., required = true)]
    cycle: Vec<String>,
    /// Folder for the results
    #[arg(long)]
    out: PathBuf,
}

/// Consumption in drive cycles, label values, and performance
#[derive(clap::Args, Debug)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    car: CarArgs,
    /// Drive cycles by name (udds, hwfet, us06, wltc3b, nedc, ...) or CSV file
    #[arg(long, num_args = 1.., required = true)]
    cycle: Vec<String>,
}

/// Acceleration, top speed, grades, sustained power, and consumption at constant speeds
#[derive(clap::Args, Debug)]
pub(crate) struct PerformanceArgs {
    #[command(flatten)]
    car: CarArgs,
}

#[derive(clap::Args, Debug)]
struct ChoiceArgs {
    /// A car file, or the name of a shipped car (bmw-i3-94ah, jaguar-i-pace, ...)
    vehicle: String,
    /// Temperature of air and tyres, such as "12 degC"; 20 degC when left out
    #[arg(long, value_parser = ambient, allow_hyphen_values = true)]
    ambient: Option<f64>,
    #[command(flatten)]
    split: SplitArgs,
    /// Folder for finished sections, readable by you only
    #[arg(long, default_value = ".codrive-cache")]
    cache: PathBuf,
}

impl ChoiceArgs {
    fn get(&self) -> Result<Choice<'_>, StudyError> {
        Ok(Choice {
            name: &self.vehicle,
            ambient_k: self.ambient,
            split: self.split.get()?,
            cache: &self.cache,
        })
    }
}

fn ambient(text: &str) -> Result<f64, String> {
    let ambient_k = temperature::parse(text).map_err(|why| why.replace(HINT_MARK, "; "))?;
    RoadLoad::check_ambient(ambient_k)?;
    Ok(ambient_k)
}

#[derive(clap::Args, Debug)]
struct CarArgs {
    #[command(flatten)]
    choice: ChoiceArgs,
    /// Write JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// A day in a fleet: energy, charge and temperatures of every part, and load spectra
#[derive(clap::Args, Debug)]
pub(crate) struct DayArgs {
    #[command(flatten)]
    car: CarArgs,
    /// A duty file, or the name of a shipped duty (robotaxi-city-day, ride-sharing-day)
    duty: String,
}

pub(crate) fn run(command: &VehicleCommand, progress: &dyn Progress) -> Result<(), StudyError> {
    match command {
        VehicleCommand::Run(RunArgs { car, cycle }) => {
            let results = car_results::run(&car.choice.get()?, cycle, progress)?;
            print(car, &results, &results.lines())
        }
        VehicleCommand::Performance(PerformanceArgs { car }) => {
            let results = car_results::performance(&car.choice.get()?, progress)?;
            print(car, &results, &results.lines())
        }
        VehicleCommand::Day(DayArgs { car, duty }) => {
            let report = day::run(&car.choice.get()?, duty, progress)?;
            print(car, &report, &report.lines())
        }
        VehicleCommand::Draw(args) => {
            let car = driven_car::drive(&args.choice.get()?, &args.cycle, progress)?;
            let pictures = codrive_report::car_pictures(&car);
            driven_car::write(&car, pictures, &args.out)?
                .iter()
                .try_for_each(|file| print_line(&file.display().to_string()))
        }
    }
}

fn print<T: serde::Serialize>(
    car: &CarArgs,
    results: &T,
    lines: &[String],
) -> Result<(), StudyError> {
    if car.json {
        return print_json(results);
    }
    lines.iter().try_for_each(|line| print_line(line))
}
