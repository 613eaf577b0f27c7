//! The files that hold cars.

use serde::Deserialize;
use toml::Spanned;

use super::{Axle, Vehicle};
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
    pub units: Vec<CarUnit>,
}

/// The unit on one axle of a [`CarFile`].
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
    /// Published peak power of the motor, W; likewise.
    #[serde(default, rename = "published_power")]
    #[serde(deserialize_with = "crate::units::power::optional_positive")]
    pub published_power_w: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CarFileText {
    #[serde(rename = "schema")]
    _schema: u32,
    vehicle: Vehicle,
    unit: Vec<Spanned<CarUnit>>,
}

impl CarFile {
    /// Reads and checks a car with its units.
    ///
    /// # Errors
    /// What [`Source::parse`] finds, a driven axle without a unit, a unit without a driven axle.
    pub fn read(source: &Source) -> Result<Self, InputError> {
        let CarFileText { vehicle, unit, .. } = source.parse()?;
        for (i, one) in unit.iter().enumerate() {
            let axle = one.get_ref().axle;
            if !vehicle.axles.contains(&axle) {
                let message = format!("the {axle} axle of `{}` is not driven", vehicle.id);
                return Err(source.error(Some(one.span()), &message));
            }
            if unit[..i]
                .iter()
                .any(|earlier| earlier.get_ref().axle == axle)
            {
                let message = format!("a second unit on the {axle} axle");
                return Err(source.error(Some(one.span()), &message));
            }
        }
        if let Some(bare) = vehicle
            .axles
            .iter()
            .find(|axle| unit.iter().all(|one| one.get_ref().axle != **axle))
        {
            let message = format!(
                "the {bare} axle of `{}` is driven but has no [[unit]]",
                vehicle.id
            );
            return Err(source.error(None, &message));
        }
        let mut units: Vec<CarUnit> = unit.into_iter().map(Spanned::into_inner).collect();
        units.sort_by_key(|one| one.axle);
        Ok(Self { vehicle, units })
    }
}
