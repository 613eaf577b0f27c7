//! The vehicles of a programme, ready to judge thousands of units: requirements, voltages, shares.

use codrive_catalogue::{Kind, source};
use codrive_model::input::span_of;
use codrive_model::requirement::AxleRequirement;
use codrive_model::vehicle::{Axle, Vehicle};
use codrive_vehicle::{
    DriveCycle, PreparedAxle, PreparedCycle, VehicleError, requirements, voltage_under_load_v,
};

use crate::error::StudyError;
use crate::partner::Partner;

/// DC voltages of drive maps are rounded down to this, V, so that cars of one class share maps.
const VOLTAGE_STEP_V: f64 = 10.0;

/// A vehicle with what its axles require.
#[derive(Clone, Debug)]
pub struct FleetVehicle {
    /// Index of its partner.
    pub partner: usize,
    /// The vehicle.
    pub vehicle: Vehicle,
    /// Voltage at which its units are judged, V.
    pub dc_voltage_v: f64,
    /// Shares of the front axle that are offered; one entry of no effect with one driven axle.
    pub front_shares: Vec<f64>,
    /// For each driven axle and share, the axle ready to judge units.
    pub axles: Vec<Vec<PreparedAxle>>,
    /// For each driven axle and share, what it requires.
    pub requirements: Vec<Vec<AxleRequirement>>,
    /// The WLTC, driven by this car.
    pub wltc: PreparedCycle,
    /// Energy that the units may take at most in the WLTC for the range that is asked, J/m.
    pub units_allowance_j_per_m: f64,
}

impl FleetVehicle {
    /// The share of an axle under the share of the front axle number `share`.
    #[must_use]
    pub fn share_of(&self, axle: usize, share: usize) -> f64 {
        share_of(
            &self.vehicle,
            self.vehicle.axles[axle],
            self.front_shares[share],
        )
    }
}

fn share_of(vehicle: &Vehicle, axle: Axle, front_share: f64) -> f64 {
    match (vehicle.axles.len(), axle) {
        (1, _) => 1.0,
        (_, Axle::Front) => front_share,
        (_, Axle::Rear) => 1.0 - front_share,
    }
}

/// A shipped cycle.
///
/// # Errors
/// It is not shipped, or does not read.
pub fn shipped_cycle(name: &str) -> Result<DriveCycle, StudyError> {
    let source = source(Kind::Cycle, name).map_err(codrive_catalogue::CatalogueError::from)?;
    Ok(DriveCycle::parse(name, &source.text)?)
}

/// Prepares the vehicles of some partners; `first` is the index of the first of them.
///
/// # Errors
/// A target that no tyre can carry, or a vehicle that cannot be prepared.
pub fn prepare(
    partners: &[Partner],
    front_shares: &[f64],
) -> Result<Vec<FleetVehicle>, StudyError> {
    let wltc = shipped_cycle("wltc3b")?;
    let mut fleet = Vec::new();
    for (index, partner) in partners.iter().enumerate() {
        for vehicle in &partner.vehicles {
            fleet.push(prepare_one(index, partner, vehicle, front_shares, &wltc)?);
        }
    }
    Ok(fleet)
}

fn prepare_one(
    partner: usize,
    owner: &Partner,
    vehicle: &Vehicle,
    front_shares: &[f64],
    wltc: &DriveCycle,
) -> Result<FleetVehicle, StudyError> {
    let failed = |error| refused(owner, vehicle, &error);
    let front_shares = if vehicle.axles.len() == 1 {
        vec![1.0]
    } else {
        front_shares.to_vec()
    };
    let mut axles = vec![Vec::new(); vehicle.axles.len()];
    let mut needs = vec![Vec::new(); vehicle.axles.len()];
    for front_share in &front_shares {
        let required =
            requirements(&owner.id, vehicle, *front_share, Some(wltc)).map_err(failed)?;
        for (i, (axle, requirement)) in vehicle.axles.iter().zip(required).enumerate() {
            let share = share_of(vehicle, *axle, *front_share);
            axles[i].push(PreparedAxle::new(vehicle, *axle, share).map_err(failed)?);
            needs[i].push(requirement);
        }
    }
    let peak_w: f64 = needs.iter().map(|of_axle| of_axle[0].power_w).sum();
    let wltc_prepared = PreparedCycle::new(vehicle, wltc);
    let range_m = vehicle.targets.wltp_range_m.unwrap_or(0.0);
    let auxiliary_j_per_m = vehicle.auxiliary_power_w * wltc.duration_s() / wltc.distance_m();
    let allowance = vehicle.battery.usable_energy_j / range_m - auxiliary_j_per_m;
    Ok(FleetVehicle {
        partner,
        dc_voltage_v: loaded_voltage_v(vehicle, peak_w),
        front_shares,
        axles,
        requirements: needs,
        wltc: wltc_prepared,
        units_allowance_j_per_m: allowance,
        vehicle: vehicle.clone(),
    })
}

/// What the vehicle model refuses; a target beyond the tyres is shown at its place.
fn refused(owner: &Partner, vehicle: &Vehicle, error: &VehicleError) -> StudyError {
    let VehicleError::BeyondTyres { target, .. } = error else {
        let what = format!("vehicle `{}` of `{}`", vehicle.id, owner.id);
        return StudyError::Model {
            what,
            reason: error.to_string(),
        };
    };
    let key = ["_km_per_h", "_km", "_s", "_percent"]
        .iter()
        .find_map(|unit| target.strip_suffix(unit))
        .unwrap_or(target);
    let index = owner
        .vehicles
        .iter()
        .position(|v| v.id == vehicle.id)
        .unwrap_or(0);
    let source = &owner.vehicle_source;
    let span = span_of(&source.text, &format!("vehicle[{index}].targets.{key}"));
    let hint = "lower the target, raise `tyre_friction`, or drive both axles";
    source
        .error(
            span,
            &error.to_string().replace(target, &format!("`{key}`")),
        )
        .with_hint(hint)
        .into()
}

/// Terminal voltage at which envelopes hold: that of the half-full battery under the peak power that
/// is required, rounded down to [`VOLTAGE_STEP_V`].
#[must_use]
pub fn loaded_voltage_v(vehicle: &Vehicle, peak_w: f64) -> f64 {
    let battery = &vehicle.battery;
    let power_w = peak_w.min(battery.discharge_power_w);
    let loaded_v =
        voltage_under_load_v(battery, power_w).unwrap_or(0.5 * battery.nominal_voltage_v);
    (loaded_v / VOLTAGE_STEP_V).floor() * VOLTAGE_STEP_V
}
