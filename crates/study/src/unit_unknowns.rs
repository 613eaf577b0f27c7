//! What a unit file says is not known, as variations of the unit.

use codrive_catalogue::{Kind, get, names};
use codrive_model::input::{InputError, nearest, span_of};
use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::unknowns::{Grades, Range, Unknowns};
use serde::de::DeserializeOwned;

use crate::unit_modules::UnitInput;

/// A quantity that is not known, with what else it may be.
#[derive(Clone, Debug)]
pub(crate) struct Variation {
    /// Name for people.
    pub(crate) name: &'static str,
    /// As which it is assumed.
    pub(crate) assumed: String,
    /// Why it may be something else.
    pub(crate) source: String,
    /// What else, as written.
    pub(crate) cases: Vec<(String, Setting)>,
}

/// A value in place of the assumed one.
#[derive(Clone, Debug)]
pub(crate) enum Setting {
    Steel(Box<Steel>),
    Magnet(Box<MagnetGrade>),
    Number(Quantity, f64),
}

/// Numbers of a unit that may not be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    DcVoltage,
    CoolantInlet,
    CoolantFlow,
    Contact,
    SlotConductivity,
    CopperFill,
    IronBuildFactor,
    HousingShare,
}

impl Quantity {
    const ALL: [Self; 8] = [
        Self::DcVoltage,
        Self::CoolantInlet,
        Self::CoolantFlow,
        Self::Contact,
        Self::SlotConductivity,
        Self::CopperFill,
        Self::IronBuildFactor,
        Self::HousingShare,
    ];

    /// Name for people, and key in the file.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::DcVoltage => ("DC voltage", "dc_voltage"),
            Self::CoolantInlet => ("coolant at the inlet", "coolant_inlet"),
            Self::CoolantFlow => ("coolant flow", "coolant_flow"),
            Self::Contact => ("contact of stack and housing", "contact"),
            Self::SlotConductivity => ("conductivity of the slot", "slot_conductivity"),
            Self::CopperFill => ("copper fill", "copper_fill"),
            Self::IronBuildFactor => ("build factor of iron loss", "iron_build_factor"),
            Self::HousingShare => ("housing over active mass", "housing_share"),
        }
    }

    /// Where the unit holds it.
    fn place(self, input: &mut UnitInput) -> &mut f64 {
        match self {
            Self::DcVoltage => &mut input.file.dc_voltage_v,
            Self::CoolantInlet => &mut input.conditions.cooling.coolant_inlet_k,
            Self::CoolantFlow => &mut input.conditions.cooling.coolant_flow_m3_per_s,
            Self::Contact => &mut input.conditions.cooling.contact_w_per_m2k,
            Self::SlotConductivity => &mut input.build.slot_w_per_mk,
            Self::CopperFill => &mut input.build.copper_fill,
            Self::IronBuildFactor => &mut input.build.iron_build_factor,
            Self::HousingShare => &mut input.build.housing_share,
        }
    }

    fn range(self, unknown: &Unknowns) -> Option<&Range> {
        match self {
            Self::DcVoltage => &unknown.dc_voltage,
            Self::CoolantInlet => &unknown.coolant_inlet,
            Self::CoolantFlow => &unknown.coolant_flow,
            Self::Contact => &unknown.contact,
            Self::SlotConductivity => &unknown.slot_conductivity,
            Self::CopperFill => &unknown.copper_fill,
            Self::IronBuildFactor => &unknown.iron_build_factor,
            Self::HousingShare => &unknown.housing_share,
        }
        .as_ref()
    }

    /// A value for people.
    fn shown(self, value: f64) -> String {
        let (factor, offset, unit) = match self {
            Self::DcVoltage => (1.0, 0.0, " V"),
            Self::CoolantInlet => (1.0, -273.15, " degC"),
            Self::CoolantFlow => (6e4, 0.0, " L/min"),
            Self::Contact => (1.0, 0.0, " W/(m2K)"),
            Self::SlotConductivity => (1.0, 0.0, " W/(mK)"),
            Self::CopperFill | Self::HousingShare => (100.0, 0.0, " %"),
            Self::IronBuildFactor => (1.0, 0.0, ""),
        };
        let text = format!("{:.3}", value * factor + offset);
        let short = text.trim_end_matches('0').trim_end_matches('.');
        format!("{short}{unit}")
    }
}

impl Setting {
    /// Puts the value in the place of the assumed one.
    pub(crate) fn apply(&self, input: &mut UnitInput) {
        match self {
            Self::Steel(steel) => input.machine.section.steel = (**steel).clone(),
            Self::Magnet(magnet) => input.machine.section.magnet = (**magnet).clone(),
            Self::Number(quantity, value) => *quantity.place(input) = *value,
        }
    }
}

/// The variations of a unit, in a fixed order.
///
/// # Errors
/// A grade that is not shipped; a range that does not hold the value assumed.
pub(crate) fn variations(input: &UnitInput) -> Result<Vec<Variation>, InputError> {
    let unknown = &input.file.unknown;
    let mut found = Vec::new();
    if let Some(grades) = &unknown.steel {
        let own = &input.machine.section.steel.name;
        let as_setting = |steel| Setting::Steel(Box::new(steel));
        found.push(graded(
            input,
            (Kind::Steel, "steel"),
            grades,
            own,
            as_setting,
        )?);
    }
    if let Some(grades) = &unknown.magnet {
        let own = &input.machine.section.magnet.name;
        let as_setting = |magnet| Setting::Magnet(Box::new(magnet));
        found.push(graded(
            input,
            (Kind::Magnet, "magnet"),
            grades,
            own,
            as_setting,
        )?);
    }
    for quantity in Quantity::ALL {
        if let Some(range) = quantity.range(unknown) {
            found.push(ranged(input, quantity, range)?);
        }
    }
    Ok(found)
}

fn graded<T: DeserializeOwned>(
    input: &UnitInput,
    (kind, key): (Kind, &'static str),
    grades: &Grades,
    own: &str,
    as_setting: impl Fn(T) -> Setting,
) -> Result<Variation, InputError> {
    let named = |(index, name): (usize, &String)| {
        let grade = get(kind, name).map_err(|_| not_shipped(input, kind, (key, index), name))?;
        Ok((name.clone(), as_setting(grade)))
    };
    Ok(Variation {
        name: if kind == Kind::Steel {
            "steel"
        } else {
            "magnets"
        },
        assumed: own.to_owned(),
        source: grades.source.clone(),
        cases: grades
            .values
            .iter()
            .enumerate()
            .map(named)
            .collect::<Result<_, InputError>>()?,
    })
}

fn not_shipped(
    input: &UnitInput,
    kind: Kind,
    (key, index): (&str, usize),
    name: &str,
) -> InputError {
    let all = names(kind);
    let near =
        nearest(name, &all).map_or_else(String::new, |near| format!("did you mean `{near}`? "));
    let span = span_of(
        &input.source.text,
        &format!("unknown.{key}.values[{index}]"),
    );
    let message = format!("`{name}` is not in the catalogue");
    let hint = format!("{near}shipped: {}", all.join(", "));
    input.source.error(span, &message).with_hint(hint)
}

fn ranged(input: &UnitInput, quantity: Quantity, range: &Range) -> Result<Variation, InputError> {
    let assumed = *quantity.place(&mut input.clone());
    let (name, key) = quantity.words();
    let shown = quantity.shown(assumed);
    // Written values may differ from defaults by rounding.
    let slack = 1e-9 * assumed.abs();
    if assumed < range.low - slack || assumed > range.high + slack {
        let [low, high] = &range.written;
        let message = format!("{name} is assumed as {shown}, outside of {low} to {high}");
        let span = span_of(&input.source.text, &format!("unknown.{key}"));
        let hint = "widen the range, or assume a value within it";
        return Err(input.source.error(span, &message).with_hint(hint));
    }
    let ends = [range.low, range.high].into_iter().zip(&range.written);
    let beside = ends.filter(|(end, _)| (end - assumed).abs() > slack);
    Ok(Variation {
        name,
        assumed: shown,
        source: range.source.clone(),
        cases: beside
            .map(|(end, text)| (text.clone(), Setting::Number(quantity, end)))
            .collect(),
    })
}
