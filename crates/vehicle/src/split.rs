//! Units on axles, and how two of them share the force.

use codrive_model::operating_map::OperatingMap;
use codrive_model::vehicle::{Axle, Vehicle};

use crate::error::VehicleError;

/// A unit on an axle.
#[derive(Clone, Copy, Debug)]
pub struct AxleDrive<'a> {
    /// The axle.
    pub axle: Axle,
    /// Its axle-side drive map, at the car's DC voltage.
    pub map: &'a OperatingMap,
    /// Moment of inertia of the unit, seen on the axle, kg·m².
    pub inertia_kg_m2: f64,
    /// Whether it can be uncoupled while the other axle drives: then it takes nothing and its
    /// inertia is at rest. Only [`Split::LeastLoss`] makes use of it.
    pub disconnects: bool,
}

/// How two driven axles share the force; of no effect with one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Split {
    /// The front axle always takes this share, 0 to 1; no axle helps out the other.
    Fixed(f64),
    /// At every step the one of eleven shares (0, 0.1 … 1) that takes least DC power.
    LeastLoss,
}

/// Shares that [`Split::LeastLoss`] tries.
pub(crate) const TRIED: [f64; 11] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];

/// Checks that the units are those of the car's driven axles, in the same order, with usable maps.
pub(crate) fn check_drives(
    vehicle: &Vehicle,
    drives: &[AxleDrive<'_>],
) -> Result<(), VehicleError> {
    let given: Vec<Axle> = drives.iter().map(|drive| drive.axle).collect();
    if given != vehicle.axles {
        let words = |axles: &[Axle]| {
            axles
                .iter()
                .map(|axle| axle.word())
                .collect::<Vec<_>>()
                .join(" and ")
        };
        return Err(VehicleError::AxlesDiffer {
            vehicle: vehicle.id.clone(),
            driven: words(&vehicle.axles),
            given: words(&given),
        });
    }
    drives
        .iter()
        .try_for_each(|drive| check_map(drive.axle, drive.map))
}

/// Checks the shape of a map and the ends of its axes; costs nothing beside using it.
pub(crate) fn check_map(axle: Axle, map: &OperatingMap) -> Result<(), VehicleError> {
    let (speeds, loads) = (map.speed_rad_per_s.len(), map.load.len());
    let envelopes = [
        &map.torque_max_nm,
        &map.torque_min_nm,
        &map.torque_continuous_nm,
    ];
    let why = if speeds < 2 || loads < 2 || loads > usize::from(u16::MAX) {
        "an axis has fewer than two knots"
    } else if envelopes.iter().any(|table| table.len() != speeds) {
        "an envelope and the speed axis differ in length"
    } else if map.loss_w.len() != speeds * loads {
        "the loss table and the axes differ in length"
    } else if map.speed_rad_per_s[0] != 0.0 || !map.speed_rad_per_s[speeds - 1].is_finite() {
        "the speed axis does not begin at zero"
    } else if map.load[0] != -1.0 || map.load[loads - 1] != 1.0 {
        "the load axis does not reach from -1 to 1"
    } else {
        return Ok(());
    };
    Err(VehicleError::Map {
        axle,
        why: why.to_owned(),
    })
}
