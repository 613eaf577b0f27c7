//! Many cars through one cycle, side by side: as [`simulate_cycle`], without its trace and density.
//!
//! Each car has its own masses, units, battery and temperatures; they share the cycle alone. What units
//! do at a point of the cycle does not depend on charge and temperatures as long as nothing derates: it
//! is found first, for all points by ascending speed (`plan`), and then followed in the order of time
//! (`follow`). Where a limit of battery or map is met, torques come from the code for one car; a car
//! whose temperatures derate it, and one whose split depends on what was before, is driven by that code
//! altogether.
//!
//! [`simulate_cycle`]: crate::simulate_cycle

mod axle;
mod follow;
mod heat;
mod plan;

use codrive_model::vehicle::Vehicle;
use pulp::{Arch, Simd, WithSimd};

use crate::cycle::DriveCycle;
use crate::driver::Driver;
use crate::error::VehicleError;
use crate::simulate::{CycleResult, Options, at_start, drive_alone};
use crate::split::check_axles;
use crate::unit_table::UnitTable;
use crate::wide::Wide;
use follow::Follower;
use plan::{Record, plan};

/// A car with its units.
#[derive(Clone, Copy, Debug)]
pub struct LaneCar<'a> {
    /// The car.
    pub vehicle: &'a Vehicle,
    /// Its units, in the order of its driven axles.
    pub units: &'a [&'a UnitTable<'a>],
}

/// Drives many cars through a cycle; results in the order of the cars, equal to those of
/// [`crate::simulate_cycle`] to rounding, without trace and density.
///
/// # Errors
/// As [`crate::simulate_cycle`], for any of the cars.
pub fn simulate_lanes(
    cars: &[LaneCar<'_>],
    cycle: &DriveCycle,
    options: Options,
) -> Result<Vec<CycleResult>, VehicleError> {
    simulate_on(Arch::new(), cars, cycle, options)
}

/// [`simulate_lanes`] with instructions of one's choice.
fn simulate_on(
    arch: Arch,
    cars: &[LaneCar<'_>],
    cycle: &DriveCycle,
    options: Options,
) -> Result<Vec<CycleResult>, VehicleError> {
    let drivers = cars
        .iter()
        .map(|car| {
            check_axles(car.vehicle, car.units.iter().map(|unit| unit.drive.axle))?;
            options.check(car.vehicle)?;
            let (split, load) = (options.split, options.load());
            Ok(Driver::new(car.vehicle, car.units, split, load))
        })
        .collect::<Result<Vec<_>, VehicleError>>()?;
    let mut results: Vec<CycleResult> = drivers
        .iter()
        .map(|driver| at_start(driver, cycle, &options))
        .collect();
    arch.dispatch(All {
        drivers: &drivers,
        cycle,
        options: &options,
        results: &mut results,
    });
    let finished = drivers.iter().zip(results).map(|(driver, result)| {
        if driver.looks_back() || result.derated() {
            return drive_alone(driver, cycle, &options);
        }
        result.with_consumption(driver.vehicle)
    });
    Ok(finished.collect())
}

/// All cars, a vector's worth after the other.
struct All<'g, 'a> {
    drivers: &'g [Driver<'a>],
    cycle: &'g DriveCycle,
    options: &'g Options,
    results: &'g mut [CycleResult],
}

impl WithSimd for All<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (mut drivers, mut results) = (self.drivers, self.results);
        let mut space = (Vec::new(), Vec::new());
        while let Some(first) = drivers.first() {
            let kind = |driver: &Driver<'_>| (driver.looks_back(), driver.units.len());
            let count = drivers
                .iter()
                .take(Wide::<S>::WIDTH)
                .take_while(|driver| kind(driver) == kind(first))
                .count();
            let (now, later) = drivers.split_at(count);
            let (into, rest) = results.split_at_mut(count);
            let how = (self.cycle, self.options);
            match kind(first) {
                (true, _) => {}
                (false, 1) => drive::<S, 1>(simd, now, how, into, &mut space.0),
                (false, _) => drive::<S, 2>(simd, now, how, into, &mut space.1),
            }
            (drivers, results) = (later, rest);
        }
    }
}

/// Drives a vector of cars with as many units.
#[inline(always)]
fn drive<S: Simd, const AXLES: usize>(
    simd: S,
    drivers: &[Driver<'_>],
    (cycle, options): (&DriveCycle, &Options),
    results: &mut [CycleResult],
    planned: &mut Vec<Record<AXLES>>,
) {
    let outline = cycle.outline();
    planned.clear();
    planned.reserve_exact(drivers.len() * outline.seconds.len());
    for (driver, result) in drivers.iter().zip(results.iter_mut()) {
        plan::<S, AXLES>(simd, driver, cycle, result, planned);
    }
    Follower::new(simd, drivers, options, planned).drive(outline, results);
}

#[cfg(test)]
mod tests;
