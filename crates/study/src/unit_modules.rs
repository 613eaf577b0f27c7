//! The modules that a unit file names, and the conditions under which it runs.

use codrive_catalogue::{Kind, names};
use codrive_drive::conditions::ZERO_CELSIUS_K;
use codrive_drive::thermal::Cooling;
use codrive_drive::thermal::limits::magnet_limit_k;
use codrive_drive::{Build, Conditions, DriveError};
use codrive_model::gear_set::GearSet;
use codrive_model::input::{InputError, Source, nearest, span_of};
use codrive_model::inverter::Inverter;
use codrive_model::unit_file::{CoolingKind, UnitFile};
use serde::de::DeserializeOwned;
use toml::Spanned;

use crate::error::StudyError;
use crate::inputs::shipped;
use crate::motor::{MachineInput, file_or_shipped, read_machine};

/// A unit file with all that it names.
#[derive(Clone, Debug)]
pub struct UnitInput {
    /// The file's text.
    pub source: Source,
    /// The file.
    pub file: UnitFile,
    /// Its machine.
    pub machine: MachineInput,
    /// Its inverter.
    pub inverter: Inverter,
    /// Its gear set.
    pub gear_set: GearSet,
    /// How its machine is built.
    pub build: Build,
    /// Under which its maps are computed.
    pub conditions: Conditions,
}

/// Reads a unit: a file, or a shipped name.
///
/// # Errors
/// Files that are wrong or missing, with line and hint.
pub fn read_unit(name: &str) -> Result<UnitInput, StudyError> {
    let source = file_or_shipped(Kind::Unit, name)?;
    let file = UnitFile::read(&source)?;
    let machine = machine(&file.machine, &source)?;
    let mut inverter: Inverter = module(Kind::Inverter, &file.inverter, &source)?;
    let gear_set = module(Kind::GearSet, &file.gear_set, &source)?;
    if file.dc_voltage_v > inverter.dc_voltage_max_v {
        let message = format!(
            "{} V is above the highest DC voltage of `{}`",
            file.dc_voltage_v, inverter.id
        );
        let hint = format!(
            "at most {} V, or another inverter",
            inverter.dc_voltage_max_v
        );
        let span = span_of(&source.text, "dc_voltage");
        return Err(source.error(span, &message).with_hint(hint).into());
    }
    if let Some(limit_a) = file.peak_current_rms_a {
        limit_current(&mut inverter, limit_a, &source)?;
    }
    let grade = &machine.section.magnet.name;
    check_temperatures(&file, grade, &source)?;
    Ok(UnitInput {
        conditions: conditions(&file, grade),
        build: Build::from_section(&machine.section.section),
        machine,
        inverter,
        gear_set,
        source,
        file,
    })
}

/// Highest temperature of an insulation, K: class R.
///
/// Source: IEC 60085:2007, table 1.
const INSULATION_LIMIT_K: f64 = 220.0 + ZERO_CELSIUS_K;

/// Refuses temperatures beyond what insulation and magnets bear.
fn check_temperatures(file: &UnitFile, magnet: &str, source: &Source) -> Result<(), InputError> {
    let hot = &file.temperatures;
    let celsius = |kelvin: f64| format!("{:.0} degC", kelvin - ZERO_CELSIUS_K);
    let check = |key: &str, kelvin: Option<f64>, limit_k: Option<f64>, whose: &str| {
        let Some((asked_k, limit_k)) = kelvin.zip(limit_k).filter(|(asked, limit)| asked > limit)
        else {
            return Ok(());
        };
        let message = format!(
            "{} is beyond {whose}, {}",
            celsius(asked_k),
            celsius(limit_k)
        );
        let span = span_of(&source.text, &format!("temperatures.{key}"));
        let hint = format!("at most {}", celsius(limit_k));
        Err(source.error(span, &message).with_hint(hint))
    };
    let insulation = "the highest class of insulation";
    check(
        "winding",
        hot.winding_k,
        Some(INSULATION_LIMIT_K),
        insulation,
    )?;
    check(
        "winding_limit",
        hot.winding_limit_k,
        Some(INSULATION_LIMIT_K),
        insulation,
    )?;
    let grade = format!("what magnets of grade {magnet} bear");
    check(
        "magnet_limit",
        hot.magnet_limit_k,
        magnet_limit_k(magnet),
        &grade,
    )
}

/// Keeps an inverter below the current that a unit is released for.
fn limit_current(inverter: &mut Inverter, limit_a: f64, source: &Source) -> Result<(), StudyError> {
    if limit_a > inverter.peak_current_rms_a {
        let (own_a, id) = (inverter.peak_current_rms_a, &inverter.id);
        let message = format!("{limit_a} A are more than `{id}` carries");
        let hint = format!("at most {own_a} A rms, or another inverter");
        let span = span_of(&source.text, "peak_current_rms");
        return Err(source.error(span, &message).with_hint(hint).into());
    }
    inverter.peak_current_rms_a = limit_a;
    Ok(())
}

/// The path beside the unit file that a name such as `own.toml` means.
fn beside(name: &Spanned<String>, source: &Source) -> Option<std::path::PathBuf> {
    let path = name.get_ref();
    path.ends_with(".toml")
        .then(|| source.file.parent().unwrap_or("".as_ref()).join(path))
}

/// A file that is not there, at the key that names it.
fn missing(name: &Spanned<String>, error: &InputError, source: &Source) -> InputError {
    let message = format!("{}: {}", error.file.display(), error.message);
    source
        .error(Some(name.span()), &message)
        .with_hint("a shipped name, or the path of a file from this one's folder")
}

fn machine(name: &Spanned<String>, source: &Source) -> Result<MachineInput, StudyError> {
    if let Some(path) = beside(name, source) {
        Source::read(&path).map_err(|error| missing(name, &error, source))?;
        return read_machine(&path.to_string_lossy());
    }
    let all = names(Kind::Machine);
    if all.contains(&name.get_ref().as_str()) {
        return read_machine(name.get_ref());
    }
    let near = nearest(name.get_ref(), &all)
        .map_or_else(String::new, |near| format!("did you mean `{near}`? "));
    let message = format!("`{}` is not in the catalogue", name.get_ref());
    let hint = format!(
        "{near}shipped: {}; or a file beside this one, such as \"own-machine.toml\"",
        all.join(", ")
    );
    Err(source
        .error(Some(name.span()), &message)
        .with_hint(hint)
        .into())
}

fn module<T: DeserializeOwned>(
    kind: Kind,
    name: &Spanned<String>,
    source: &Source,
) -> Result<T, StudyError> {
    let Some(path) = beside(name, source) else {
        return shipped(kind, name, source).map_err(StudyError::Input);
    };
    let text = Source::read(&path).map_err(|error| missing(name, &error, source))?;
    Ok(text.parse()?)
}

/// The conditions of a file; where it says nothing, magnets of a grade that bears less than usual stay below it.
fn conditions(file: &UnitFile, magnet: &str) -> Conditions {
    let (hot, cool) = (&file.temperatures, &file.cooling);
    let kind = match cool.kind {
        CoolingKind::WaterJacket => Cooling::water_jacket(),
        CoolingKind::OilSpray => Cooling::oil_spray(),
    };
    let cooling = Cooling {
        coolant_inlet_k: cool.coolant_inlet_k.unwrap_or(kind.coolant_inlet_k),
        coolant_flow_m3_per_s: cool
            .coolant_flow_m3_per_s
            .unwrap_or(kind.coolant_flow_m3_per_s),
        ..kind
    };
    let usual = Conditions::rated();
    Conditions {
        winding_temperature_k: hot.winding_k.unwrap_or(usual.winding_temperature_k),
        winding_limit_k: hot.winding_limit_k.unwrap_or(usual.winding_limit_k),
        magnet_limit_k: hot.magnet_limit_k.unwrap_or_else(|| {
            let own_k = magnet_limit_k(magnet).unwrap_or(f64::INFINITY);
            usual.magnet_limit_k.min(own_k)
        }),
        cooling,
        ..usual
    }
}

impl UnitInput {
    /// What a model refuses of the unit.
    #[must_use]
    pub fn refused(&self, error: &DriveError) -> StudyError {
        StudyError::Model {
            what: format!("unit `{}`", self.file.id),
            reason: error.to_string(),
        }
    }
}
