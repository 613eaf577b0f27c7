//! Many cars through one cycle, side by side: as [`simulate_cycle`], without its trace and density.
//!
//! Each car has its own masses, units, battery and temperatures; they share the cycle alone. A step
//! allocates nothing. Where a limit of battery or map is met, or the split is not a fixed one, the
//! car's torques come from the same code as step by step, one car at a time; everything else is done
//! for all cars of a vector at once.
//!
//! [`simulate_cycle`]: crate::simulate_cycle

mod axle;
mod group;

use codrive_model::vehicle::Vehicle;
use pulp::{Arch, Simd, WithSimd};

use crate::cycle::DriveCycle;
use crate::driver::Driver;
use crate::error::VehicleError;
use crate::simulate::{CycleResult, Options, at_start};
use crate::split::check_axles;
use crate::unit_table::UnitTable;
use crate::wide::Wide;
use group::Group;

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
    options.check()?;
    let drivers = cars
        .iter()
        .map(|car| {
            check_axles(car.vehicle, car.units.iter().map(|unit| unit.drive.axle))?;
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
    let finished = results.into_iter().zip(cars);
    Ok(finished
        .map(|(result, car)| result.with_consumption(car.vehicle))
        .collect())
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
        while let Some(first) = drivers.first() {
            // Cars with as many units as the first one.
            let alike = |driver: &&Driver<'_>| driver.units.len() == first.units.len();
            let count = drivers
                .iter()
                .take(Wide::<S>::WIDTH)
                .take_while(alike)
                .count();
            let (now, later) = drivers.split_at(count);
            let (into, rest) = results.split_at_mut(count);
            if first.units.len() == 1 {
                Group::<S, 1>::new(simd, now, self.options).drive(self.cycle, into);
            } else {
                Group::<S, 2>::new(simd, now, self.options).drive(self.cycle, into);
            }
            (drivers, results) = (later, rest);
        }
    }
}

#[cfg(test)]
mod tests;
