//! The modules that a unit file names, and the conditions under which it runs.

use codrive_catalogue::{Kind, names};
use codrive_drive::conditions::ZERO_CELSIUS_K;
use codrive_drive::gear::GearModel;
use codrive_drive::inverter::InverterModel;
use codrive_drive::thermal::Cooling;
use codrive_drive::thermal::limits::magnet_limit_k;
use codrive_drive::{Build, Conditions, DriveError};
use codrive_model::gear_set::GearSet;
use codrive_model::input::{InputError, Source, nearest, span_of};
use codrive_model::inverter::Inverter;
use codrive_model::unit_file::{CoolingKind, UnitFile};
use codrive_model::units::Shown;
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
    let mut inverter = module(Kind::Inverter, &file.inverter, &source, check_inverter)?;
    let gear_set = module(Kind::GearSet, &file.gear_set, &source, |set| {
        GearModel::new(set).map(|_| ())
    })?;
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
    check_maps(&file, &inverter, grade, &source)?;
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

/// Highest oil temperature of the gear model, K.
const OIL_LIMIT_K: f64 = 160.0 + ZERO_CELSIUS_K;

fn celsius(kelvin: f64) -> String {
    format!("{:.0} degC", kelvin - ZERO_CELSIUS_K)
}

/// What bears at most how much.
struct Limit<'a> {
    most: f64,
    whose: &'a str,
    shown: fn(f64) -> String,
}

impl Limit<'_> {
    /// Refuses a value above the limit, at its key.
    fn check(&self, asked: f64, key: &str, source: &Source) -> Result<(), InputError> {
        let (shown, whose) = (self.shown, self.whose);
        if asked <= self.most {
            return Ok(());
        }
        let most = shown(self.most);
        let message = format!("{} is beyond {whose}, {most}", shown(asked));
        let span = span_of(&source.text, key);
        let hint = format!("at most {most}");
        Err(source.error(span, &message).with_hint(hint))
    }
}

const INSULATION: Limit<'_> = Limit {
    most: INSULATION_LIMIT_K,
    whose: "the highest class of insulation",
    shown: celsius,
};

/// Refuses temperatures beyond what insulation and magnets bear.
fn check_temperatures(file: &UnitFile, magnet: &str, source: &Source) -> Result<(), InputError> {
    let hot = &file.temperatures;
    let own = format!("what magnets of grade {magnet} bear");
    let magnets = Limit {
        most: magnet_limit_k(magnet).unwrap_or(f64::INFINITY),
        whose: &own,
        shown: celsius,
    };
    for (key, kelvin, limit) in [
        ("winding", hot.winding_k, &INSULATION),
        ("winding_limit", hot.winding_limit_k, &INSULATION),
        ("magnet_limit", hot.magnet_limit_k, &magnets),
    ] {
        if let Some(asked_k) = kelvin {
            limit.check(asked_k, &format!("temperatures.{key}"), source)?;
        }
    }
    Ok(())
}

/// Refuses conditions of tables beyond what inverter, insulation, magnets and oil bear.
fn check_maps(
    file: &UnitFile,
    inverter: &Inverter,
    magnet: &str,
    source: &Source,
) -> Result<(), InputError> {
    let own = format!("what magnets of grade {magnet} bear");
    let whose = format!("the highest DC voltage of `{}`", inverter.id);
    let magnets = Limit {
        most: magnet_limit_k(magnet).unwrap_or(f64::INFINITY),
        whose: &own,
        shown: celsius,
    };
    let voltage = Limit {
        most: inverter.dc_voltage_max_v,
        whose: &whose,
        shown: |volts| format!("{volts} V"),
    };
    let oil = Limit {
        most: OIL_LIMIT_K,
        whose: "what the viscosity of gear oil is known for",
        shown: celsius,
    };
    let maps = &file.maps;
    for (key, values, limit) in [
        ("dc_voltage", &maps.dc_voltages_v, &voltage),
        ("winding", &maps.windings_k, &INSULATION),
        ("magnets", &maps.magnets_k, &magnets),
        ("oil", &maps.oils_k, &oil),
    ] {
        for (index, value) in values.iter().enumerate() {
            limit.check(*value, &format!("maps.{key}[{index}]"), source)?;
        }
    }
    Ok(())
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

fn check_inverter(inverter: &Inverter) -> Result<(), DriveError> {
    let highest_v = inverter.dc_voltage_max_v;
    InverterModel::new(inverter, highest_v, ZERO_CELSIUS_K).map(|_| ())
}

/// A shipped module, or one of a file beside the unit's; `check` says whether its data can be.
fn module<T: DeserializeOwned>(
    kind: Kind,
    name: &Spanned<String>,
    source: &Source,
    check: impl Fn(&T) -> Result<(), DriveError>,
) -> Result<T, StudyError> {
    let Some(path) = beside(name, source) else {
        return shipped(kind, name, source).map_err(StudyError::Input);
    };
    let text = Source::read(&path).map_err(|error| missing(name, &error, source))?;
    let module = text.parse()?;
    check(&module).map_err(|error| at_its_key(&error, &text))?;
    Ok(module)
}

/// What a model refuses of a module, at the key of its file that the model names.
fn at_its_key(error: &DriveError, source: &Source) -> InputError {
    let at = |key: &str| span_of(&source.text, key);
    match error {
        DriveError::Inverter {
            key,
            of,
            value,
            allowed,
            ..
        } => source
            .error(at(key), &format!("{key}{of} is {}", Shown(*value)))
            .with_hint(format!("must be {allowed}")),
        DriveError::GearSet { key, reason, .. } => {
            source.error(key.as_deref().and_then(at), reason)
        }
        other => source.error(None, &other.to_string()),
    }
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
