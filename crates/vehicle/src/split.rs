//! Units on axles, and how two of them share the force.

use codrive_model::operating_map::OperatingMap;
use codrive_model::unit::{OpenAxle, Unit};
use codrive_model::unit_heat::UnitHeat;
use codrive_model::vehicle::{Axle, Vehicle};

use crate::error::VehicleError;
use crate::temperature::HeatModes;

/// A unit on an axle.
#[derive(Clone, Copy, Debug)]
pub struct AxleDrive<'a> {
    /// The axle.
    pub axle: Axle,
    /// Its axle-side drive map, at the car's DC voltage.
    pub map: &'a OperatingMap,
    /// Moment of inertia of the unit, seen on the axle, kg·m².
    pub inertia_kg_m2: f64,
    /// What it takes while it is uncoupled and the other axle drives, if it can be: then its inertia
    /// is at rest. [`Split::Fixed`] makes no use of it.
    pub open: Option<&'a OpenAxle>,
    /// How it warms up, where that is known: then its temperatures are computed and derate it.
    pub heat: Option<&'a UnitHeat>,
}

impl<'a> AxleDrive<'a> {
    /// A unit with all that is known of it.
    #[must_use]
    pub fn of(axle: Axle, unit: &'a Unit) -> Self {
        Self {
            axle,
            map: &unit.axle,
            inertia_kg_m2: unit.axle_inertia_kg_m2,
            open: unit.open.as_ref(),
            heat: unit.heat.as_ref(),
        }
    }
}

/// How two driven axles share the force; of no effect with one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Split {
    /// The front axle always takes this share, 0 to 1; no axle helps out the other.
    Fixed(f64),
    /// At every step what takes least DC power: exact, see [`crate::AxleDrive`] for resting axles.
    LeastLoss,
    /// One axle drives and brakes alone below a force, a fixed share from there on.
    Rule {
        /// The axle that is alone below the force; the other rests if it can be uncoupled.
        alone: Axle,
        /// Magnitude of the force at the tyres, N.
        below_n: f64,
        /// Share of the front axle above it, 0 to 1.
        front: f64,
    },
}

impl Split {
    /// Refuses shares and forces that are none.
    pub(crate) fn check(self) -> Result<(), VehicleError> {
        match self {
            Self::Fixed(share) | Self::Rule { front: share, .. }
                if !(0.0..=1.0).contains(&share) =>
            {
                Err(VehicleError::Share { share })
            }
            Self::Rule { below_n, .. } if !(below_n >= 0.0 && below_n.is_finite()) => {
                Err(VehicleError::RuleForce { below_n })
            }
            _ => Ok(()),
        }
    }
}

/// Checks that the units are those of the car's driven axles, in the same order, with usable maps.
pub(crate) fn check_drives(
    vehicle: &Vehicle,
    drives: &[AxleDrive<'_>],
) -> Result<(), VehicleError> {
    check_axles(vehicle, drives.iter().map(|drive| drive.axle))?;
    drives.iter().try_for_each(check_drive)
}

/// Checks that units are those of the car's driven axles, in the same order.
pub(crate) fn check_axles(
    vehicle: &Vehicle,
    given: impl Iterator<Item = Axle>,
) -> Result<(), VehicleError> {
    let given: Vec<Axle> = given.collect();
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
    Ok(())
}

/// Checks a map and the tables that only some drives have.
pub(crate) fn check_drive(drive: &AxleDrive<'_>) -> Result<(), VehicleError> {
    check_map(drive.axle, drive.map)?;
    let fail = |why: &str| {
        Err(VehicleError::Map {
            axle: drive.axle,
            why: why.to_owned(),
        })
    };
    let (map, heat) = (drive.map, drive.heat);
    if heat.is_some_and(|heat| heat.heat_w.len() != map.loss_w.len()) {
        return fail("its heat and its losses differ in length");
    }
    if heat.is_some_and(|heat| heat.conductance_w_per_k.len() != map.speed_rad_per_s.len()) {
        return fail("its conductances and the speed axis differ in length");
    }
    if drive
        .open
        .is_some_and(|open| open.drag_nm.len() != map.speed_rad_per_s.len())
    {
        return fail("the drag of the open axle and the speed axis differ in length");
    }
    Ok(())
}

/// Its heat in modes, where its heat is known.
pub(crate) fn heat_modes(drive: &AxleDrive<'_>) -> Result<Option<HeatModes>, VehicleError> {
    let Some(heat) = drive.heat else {
        return Ok(None);
    };
    let modes = HeatModes::new(heat, drive.map).ok_or_else(|| VehicleError::Map {
        axle: drive.axle,
        why: "its heat capacities or conductances are not those of a body".to_owned(),
    })?;
    Ok(Some(modes))
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
