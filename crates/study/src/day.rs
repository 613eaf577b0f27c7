//! A day of a car in a fleet, as `codrive vehicle day` prints it.

use std::path::Path;

use codrive_catalogue::{CatalogueError, Kind};
use codrive_model::duty::{Duty, Part};
use codrive_model::input::{InputError, Source, span_of};
use codrive_model::unit_heat::Lump;
use codrive_vehicle::{CycleSet, DayPart, DayResult, DriveCycle, VehicleError, drive_day};
use serde::Serialize;

use crate::car::Choice;
use crate::car_results::cycle_file;
use crate::car_split::AxleSplit;
use crate::error::StudyError;
use crate::fleet::shipped_cycle;
use crate::motor::file_or_shipped;
use crate::progress::Progress;

/// 0 °C, K.
const ZERO_CELSIUS_K: f64 = 273.15;

/// A day with its car and duty.
#[derive(Clone, Debug, Serialize)]
pub struct DayReport {
    /// Vehicle id.
    pub vehicle: String,
    /// Id of the duty.
    pub duty: String,
    /// What the duty assumes.
    pub assumptions: Vec<String>,
    /// How two driven axles share the force; absent with one.
    pub axle_split: Option<AxleSplit>,
    /// Parts and load spectra.
    pub day: DayResult,
}

impl DayReport {
    /// For people.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let day = &self.day;
        let sum = |of: &dyn Fn(&DayPart) -> f64| day.sum(of);
        let km = sum(&|part| part.distance_m) * 1e-3;
        let driven_kwh = sum(&|part| part.battery_j.max(0.0)) / 3.6e6;
        let charges = day.parts.iter().map(|part| part.end_charge);
        let winding_k = |part: &DayPart| {
            let units = part.unit_k.iter().map(|unit| unit[Lump::Winding as usize]);
            units.fold(0.0, f64::max)
        };
        let hottest_k = day.parts.iter().map(winding_k).fold(0.0, f64::max);
        let mut lines = vec![
            format!("{}, {}", self.vehicle, self.duty),
            row("duration", sum(&|part| part.duration_s) / 3600.0, "h"),
            row("distance", km, "km"),
            row("from the cells", driven_kwh, "kWh"),
            row("from the wall", sum(&|part| part.wall_j) / 3.6e6, "kWh"),
            row(
                "from the cells over distance",
                driven_kwh / km * 1e3,
                "Wh/km",
            ),
            row("lowest charge", 100.0 * charges.fold(1.0, f64::min), "%"),
            row("missing work", sum(&|part| part.missing_j) / 3.6e6, "kWh"),
        ];
        lines.extend(self.axle_split.iter().flat_map(AxleSplit::lines));
        if hottest_k > 0.0 {
            let celsius = hottest_k - ZERO_CELSIUS_K;
            lines.push(row("hottest winding at the end of a part", celsius, "°C"));
        }
        if let Some(part) = day.empty_in.and_then(|i| day.parts.get(i)) {
            let hour = part.start_s / 3600.0;
            lines.push(format!(
                "  empty in `{}`, which begins at {hour:.1} h",
                part.what
            ));
        }
        lines
    }
}

fn row(what: &str, value: f64, unit: &str) -> String {
    format!("  {what:<37} {value:>9.2} {unit}")
}

/// Builds a car and drives a day with it: a duty file, or a shipped name.
///
/// # Errors
/// As [`Choice::build`]; a duty that is unknown or wrong, a cycle that is neither shipped nor a file.
pub fn run(
    choice: &Choice<'_>,
    duty: &str,
    progress: &dyn Progress,
) -> Result<DayReport, StudyError> {
    let source = file_or_shipped(Kind::Duty, duty)?;
    let duty = Duty::read(&source)?;
    let cycles = cycles(&duty, &source)?;
    let car = choice.build(progress)?;
    let (drives, split) = (car.drives(), car.split());
    let day = drive_day(&car.vehicle, &drives, split, &duty, &cycles)
        .map_err(|error| refused(&error, &duty, &source, &car.vehicle.id))?;
    Ok(DayReport {
        axle_split: AxleSplit::of(&car, &[]),
        vehicle: car.vehicle.id.clone(),
        duty: duty.id,
        assumptions: duty.assumptions,
        day,
    })
}

/// What a car cannot do, at the first part that asks for it.
fn refused(error: &VehicleError, duty: &Duty, source: &Source, car: &str) -> StudyError {
    let asks = |part: &Part| match (part, error) {
        (
            Part::Drive {
                payload_kg: asked, ..
            },
            VehicleError::Payload { payload_kg, .. },
        ) => (asked == payload_kg).then_some("payload"),
        (Part::Charge { power_w: asked, .. }, VehicleError::ChargePower { power_w, .. }) => {
            (asked == power_w).then_some("power")
        }
        _ => None,
    };
    // Rounds repeat the parts of the file, in its order.
    let mut parts = duty.parts.iter().enumerate();
    match parts.find_map(|(index, part)| Some((index, asks(part)?))) {
        Some((index, key)) => at_part(source, index, key, &error.to_string()).into(),
        None => StudyError::Model {
            what: format!("day of `{car}`"),
            reason: error.to_string(),
        },
    }
}

/// The error at a key of a part.
fn at_part(source: &Source, index: usize, key: &str, message: &str) -> InputError {
    let span = span_of(&source.text, &format!("part[{index}].{key}"));
    source.error(span, message)
}

fn cycles(duty: &Duty, source: &Source) -> Result<CycleSet, StudyError> {
    let names = duty.parts.iter().enumerate();
    let names = names.filter_map(|(index, part)| match part {
        Part::Drive { cycle, .. } => Some((index, cycle)),
        Part::Stop { .. } | Part::Charge { .. } => None,
    });
    names
        .map(|(index, name)| cycle(name, source, index))
        .collect()
}

/// A shipped cycle, or a CSV file named from the duty's folder.
fn cycle(name: &str, source: &Source, index: usize) -> Result<DriveCycle, StudyError> {
    let is_file = Path::new(name).extension().is_some_and(|of| of == "csv");
    if is_file {
        let folder = source.file.parent().unwrap_or(Path::new(""));
        let path = folder.join(name);
        if !path.is_file() {
            let message = format!("there is no file {}", path.display());
            let hint = "a cycle file is named from the folder of this one; without `.csv` the name is that of a shipped cycle";
            return Err(at_part(source, index, "drive", &message)
                .with_hint(hint)
                .into());
        }
        return cycle_file(&path, name);
    }
    shipped_cycle(name).map_err(|error| match error {
        StudyError::Catalogue(CatalogueError::Unknown(unknown)) => {
            at_part(source, index, "drive", &unknown.to_string())
                .with_hint(format!("{}; or a CSV file beside this one", unknown.hint))
                .into()
        }
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_day_is_read_with_its_cycles() {
        for name in codrive_catalogue::names(Kind::Duty) {
            let source = codrive_catalogue::source(Kind::Duty, name).unwrap();
            let duty = Duty::read(&source).unwrap();
            assert_eq!(duty.id, name);
            assert!(cycles(&duty, &source).unwrap().iter().count() >= 3);
        }
    }
}
