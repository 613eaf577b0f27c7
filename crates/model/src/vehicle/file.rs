//! The files that hold cars.

use serde::Deserialize;
use toml::Spanned;

use super::{Axle, Vehicle, checks};
use crate::input::{InputError, Source};

/// `<partner>/vehicles.toml`, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct VehicleFile {
    /// The vehicles, in the order of the file.
    pub vehicles: Vec<Vehicle>,
    /// Where each stands in the text, for later messages.
    pub places: Vec<std::ops::Range<usize>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VehicleFileText {
    #[serde(rename = "schema")]
    _schema: u32,
    vehicle: Vec<Spanned<Vehicle>>,
}

impl VehicleFile {
    /// Reads and checks a partner's vehicles.
    ///
    /// # Errors
    /// What [`Source::parse`] finds, no vehicle, an id used twice, a vehicle without volumes.
    pub fn read(source: &Source) -> Result<Self, InputError> {
        let text: VehicleFileText = source.parse()?;
        if text.vehicle.is_empty() {
            return Err(source.error(None, "holds no [[vehicle]]"));
        }
        for (i, vehicle) in text.vehicle.iter().enumerate() {
            let id = &vehicle.get_ref().id;
            if text.vehicle[..i]
                .iter()
                .any(|earlier| earlier.get_ref().id == *id)
            {
                let message = format!("vehicle id `{id}` is used twice");
                return Err(source.error(Some(vehicle.span()), &message));
            }
            if vehicle.get_ref().volumes.cars_per_year.is_empty() {
                let message = format!("vehicle `{id}` has no `volumes`");
                return Err(source
                    .error(Some(vehicle.span()), &message)
                    .with_hint("add volumes = { first_year = 2029, cars_per_year = [40000] }"));
            }
        }
        let places = text.vehicle.iter().map(Spanned::span).collect();
        let vehicles = text.vehicle.into_iter().map(Spanned::into_inner).collect();
        Ok(Self { vehicles, places })
    }
}

/// A car that exists, with the units in it: `data/cars/*.toml`, checked.
#[derive(Clone, Debug)]
pub struct CarFile {
    /// The car.
    pub vehicle: Vehicle,
    /// Its units, one for each driven axle, in the order of [`Vehicle::axles`].
    pub units: Vec<FittedUnit>,
    /// Where each unit stands in the text, for later messages.
    pub places: Vec<std::ops::Range<usize>>,
}

/// What drives one axle of a [`CarFile`].
#[derive(Clone, Debug)]
pub enum FittedUnit {
    /// `[[unit]]`: modules that are known.
    Known(CarUnit),
    /// `[[generic_unit]]`: a unit of the right size, from a data sheet.
    Generic(GenericUnit),
}

impl FittedUnit {
    /// The axle that it drives.
    #[must_use]
    pub const fn axle(&self) -> Axle {
        match self {
            Self::Known(unit) => unit.axle,
            Self::Generic(unit) => unit.axle,
        }
    }
}

/// A unit whose modules are known, on one axle of a [`CarFile`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarUnit {
    /// The axle that it drives.
    pub axle: Axle,
    /// Shipped machine by id, or the path of a machine file.
    pub machine: Spanned<String>,
    /// Shipped inverter by id.
    pub inverter: Spanned<String>,
    /// Shipped gear set by id.
    pub gear_set: Spanned<String>,
    /// Published peak torque of the motor, N·m: what the software allows where the computed
    /// hardware can do more.
    #[serde(default, rename = "published_torque")]
    #[serde(deserialize_with = "crate::units::torque::optional_positive")]
    pub published_torque_nm: Option<f64>,
    /// Published peak power of the motor, W, at the battery's nominal voltage; likewise.
    #[serde(default, rename = "published_power")]
    #[serde(deserialize_with = "crate::units::power::optional_positive")]
    pub published_power_w: Option<f64>,
}

/// A unit of which only the data sheet is known, on one axle of a [`CarFile`]: a shipped section is
/// scaled to it by one rule for all cars.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenericUnit {
    /// The axle that it drives.
    pub axle: Axle,
    /// Published peak torque of the motor, N·m.
    #[serde(rename = "peak_torque")]
    #[serde(deserialize_with = "crate::units::torque::positive")]
    pub peak_torque_nm: f64,
    /// Published peak power of the motor, W, at the battery's nominal voltage.
    #[serde(rename = "peak_power")]
    #[serde(deserialize_with = "crate::units::power::positive")]
    pub peak_power_w: f64,
    /// Motor speed over axle speed; either this or `motor_speed_per_speed`.
    #[serde(default)]
    pub gear_ratio: Option<f64>,
    /// Motor speed over vehicle speed, rad/m, such as the N/V of the EPA test car lists in rpm/mph.
    #[serde(default, rename = "motor_speed_per_speed")]
    #[serde(deserialize_with = "checks::turns_per_distance")]
    pub motor_rad_per_m: Option<f64>,
    /// Shipped inverter whose devices it has, by id; a silicon one of the battery's voltage class
    /// where left out.
    #[serde(default)]
    pub inverter: Option<Spanned<String>>,
}

/// Gear ratios that one fixed gear set of an electric car has.
const RATIOS: std::ops::RangeInclusive<f64> = 4.0..=20.0;

impl GenericUnit {
    /// Motor speed over axle speed with wheels of this radius.
    ///
    /// # Errors
    /// Neither or both of ratio and motor speed per vehicle speed are stated, or the ratio is none of a
    /// car's.
    pub fn ratio(&self, wheel_radius_m: f64) -> Result<f64, String> {
        let ratio = match (self.gear_ratio, self.motor_rad_per_m) {
            (Some(ratio), None) => ratio,
            (None, Some(rad_per_m)) => rad_per_m * wheel_radius_m,
            _ => {
                return Err(
                    "a generic unit needs either `gear_ratio` or `motor_speed_per_speed`"
                        .to_owned(),
                );
            }
        };
        if RATIOS.contains(&ratio) {
            return Ok(ratio);
        }
        Err(format!(
            "a gear ratio of {ratio:.2} is no electric car's: 4 to 20 (a final drive alone is not the \
             whole ratio; `motor_speed_per_speed` gives it with the wheel radius)"
        ))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CarFileText {
    #[serde(rename = "schema")]
    _schema: u32,
    vehicle: Vehicle,
    #[serde(default)]
    unit: Vec<Spanned<CarUnit>>,
    #[serde(default)]
    generic_unit: Vec<Spanned<GenericUnit>>,
}

impl CarFile {
    /// Reads and checks a car with its units.
    ///
    /// # Errors
    /// What [`Source::parse`] finds, a driven axle without a unit, a unit without a driven axle, a
    /// generic unit without a possible gear ratio.
    pub fn read(source: &Source) -> Result<Self, InputError> {
        let CarFileText {
            vehicle,
            unit,
            generic_unit,
            ..
        } = source.parse()?;
        for one in &generic_unit {
            let ratio = one.get_ref().ratio(vehicle.body.wheel_radius_m);
            ratio.map_err(|message| source.error(Some(one.span()), &message))?;
        }
        let known = unit
            .into_iter()
            .map(|one| (one.span(), FittedUnit::Known(one.into_inner())));
        let generic = generic_unit
            .into_iter()
            .map(|one| (one.span(), FittedUnit::Generic(one.into_inner())));
        let mut units: Vec<_> = known.chain(generic).collect();
        check_axles(&vehicle, &units, source)?;
        units.sort_by_key(|(_, unit)| unit.axle());
        let (places, units) = units.into_iter().unzip();
        Ok(Self {
            vehicle,
            units,
            places,
        })
    }
}

/// One unit on each driven axle, none elsewhere.
fn check_axles(
    vehicle: &Vehicle,
    units: &[(std::ops::Range<usize>, FittedUnit)],
    source: &Source,
) -> Result<(), InputError> {
    for (i, (span, one)) in units.iter().enumerate() {
        let axle = one.axle();
        let fail = |message: String| Err(source.error(Some(span.clone()), &message));
        if !vehicle.axles.contains(&axle) {
            return fail(format!("the {axle} axle of `{}` is not driven", vehicle.id));
        }
        if units[..i].iter().any(|(_, earlier)| earlier.axle() == axle) {
            return fail(format!("a second unit on the {axle} axle"));
        }
    }
    let bare = |axle: &&Axle| units.iter().all(|(_, one)| one.axle() != **axle);
    let Some(axle) = vehicle.axles.iter().find(bare) else {
        return Ok(());
    };
    let message = format!(
        "the {axle} axle of `{}` is driven but has no [[unit]]",
        vehicle.id
    );
    let hint =
        "add a [[unit]] with its modules, or a [[generic_unit]] with the data sheet's figures";
    Err(source.error(None, &message).with_hint(hint))
}
