//! A car on its own: driven through cycles, at full acceleration and at steady speeds, for its pictures.

use std::path::{Path, PathBuf};

use codrive_model::driven_car::{
    Acceleration, CarTrace, DrivenAxle, DrivenCar, DrivenCycle, Steady, UnitTemperatureTrace,
};
use codrive_model::summary::EnergyDensity;
use codrive_model::unit_heat::Lump;
use codrive_vehicle::performance::{Performance, TEST_CHARGE};
use codrive_vehicle::{
    CycleResult, CycleSet, DriveCycle, Options, TraceRow, VehicleError, simulate_cycle,
};

use crate::car::{Car, Choice};
use crate::car_results::cycle;
use crate::car_split::AxleSplit;
use crate::car_tables;
use crate::error::StudyError;
use crate::files::{create_private_folder, write_whole};
use crate::folders::json_bytes;
use crate::progress::Progress;

/// Steps of the speed in a full acceleration.
const ACCELERATION_STEPS: u32 = 240;
/// Steady speeds, km/h: from the first, in steps, to at most the last.
const STEADY_KM_PER_H: (f64, f64, f64) = (20.0, 5.0, 180.0);

/// Drives a car, a file or a shipped name, through cycles, shipped names or CSV files.
///
/// # Errors
/// Files that are wrong, a model that refuses its inputs, a cycle that is unknown or wrong.
pub fn drive(
    choice: &Choice<'_>,
    cycle_names: &[String],
    progress: &dyn Progress,
) -> Result<DrivenCar, StudyError> {
    let cycles = cycle_names
        .iter()
        .map(|name| cycle(name))
        .collect::<Result<Vec<_>, _>>()?;
    let car = choice.build(progress)?;
    let set: CycleSet = cycles.iter().cloned().collect();
    let results = car.judge(&set)?;
    let driven = || {
        let performance = car.performance(TEST_CHARGE)?;
        Ok(DrivenCar {
            schema: 1,
            codrive: env!("CARGO_PKG_VERSION").to_owned(),
            id: car.vehicle.id.clone(),
            name: car.vehicle.name.clone(),
            assumptions: car.vehicle.assumptions.clone(),
            dc_voltage_v: car.dc_voltage_v,
            axles: axles(&car),
            axle_split: AxleSplit::of(&car, &[]).map(|split| split.words()),
            ambient_k: car.vehicle.road_load.ambient_k,
            cycles: cycles
                .iter()
                .map(|cycle| driven_cycle(&car, cycle))
                .collect::<Result<_, _>>()?,
            acceleration: acceleration(&performance),
            steady: steady(&car, performance.top_speed_m_s())?,
            results,
        })
    };
    driven().map_err(|error: VehicleError| car.refused(&error))
}

/// Writes `vehicle.json`, a trace of each cycle as CSV, then the `pictures`, named. The folder is for
/// its owner only.
///
/// # Errors
/// A file that cannot be written.
pub fn write(
    car: &DrivenCar,
    pictures: Vec<(String, String)>,
    out: &Path,
) -> Result<Vec<PathBuf>, StudyError> {
    create_private_folder(out)?;
    let json = out.join("vehicle.json");
    let mut files = vec![(json.clone(), json_bytes(&json, car)?)];
    let traces = car.cycles.iter().map(|cycle| {
        (
            format!("{}-trace.csv", cycle.cycle),
            car_tables::trace(&cycle.trace),
        )
    });
    for (name, text) in traces.chain(pictures) {
        files.push((out.join(name), text.into_bytes()));
    }
    for (path, bytes) in &files {
        write_whole(path, bytes)?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

fn axles(car: &Car) -> Vec<DrivenAxle> {
    let units = car.vehicle.axles.iter().zip(&car.units);
    units
        .map(|(axle, unit)| DrivenAxle {
            axle: *axle,
            map: unit.axle.clone(),
        })
        .collect()
}

fn driven_cycle(car: &Car, cycle: &DriveCycle) -> Result<DrivenCycle, VehicleError> {
    let options = Options {
        split: car.split(),
        keep_trace: true,
        ..Options::default()
    };
    let result = simulate_cycle(&car.vehicle, &car.drives(), cycle, options)?;
    Ok(DrivenCycle {
        cycle: result.cycle.clone(),
        distance_m: result.distance_m,
        trace: trace(car, &result),
        flow: result.flow(),
        densities: result
            .density
            .into_iter()
            .map(|density| EnergyDensity {
                speed_edges_rad_per_s: density.speed_rad_per_s,
                torque_edges_nm: density.torque_nm,
                energy_j: density.energy_j,
            })
            .collect(),
    })
}

fn trace(car: &Car, result: &CycleResult) -> CarTrace {
    let radius_m = car.vehicle.body.wheel_radius_m;
    let axles_w =
        |row: &TraceRow| (row.first_torque_nm + row.second_torque_nm) * row.speed_m_s / radius_m;
    let column = |f: &dyn Fn(&TraceRow) -> f64| result.trace.iter().map(f).collect::<Vec<f64>>();
    CarTrace {
        time_s: column(&|row| row.time_s),
        speed_m_s: column(&|row| row.speed_m_s),
        axles_w: column(&axles_w),
        terminal_w: column(&|row| row.terminal_w),
        unit_loss_w: column(&|row| row.unit_loss_w.iter().sum()),
        friction_w: column(&|row| row.friction_w),
        missing_n: column(&|row| row.missing_n),
        charge: column(&|row| row.charge),
        temperatures: temperatures(car, result),
    }
}

/// Temperatures of the units whose heat is known.
fn temperatures(car: &Car, result: &CycleResult) -> Vec<UnitTemperatureTrace> {
    let units = car.vehicle.axles.iter().zip(&car.units).enumerate();
    units
        .filter(|(_, (_, unit))| unit.heat.is_some())
        .map(|(i, (axle, _))| {
            let lump = |lump: Lump| {
                let rows = result.trace.iter();
                rows.map(|row| row.unit_k[i][lump as usize]).collect()
            };
            UnitTemperatureTrace {
                axle: *axle,
                winding_k: lump(Lump::Winding),
                stator_k: lump(Lump::Stator),
                rotor_k: lump(Lump::Rotor),
                oil_k: lump(Lump::Oil),
            }
        })
        .collect()
}

/// Time over speed: t = ∫ dv / a(v) by the trapezoidal rule, up to where the car still accelerates.
fn acceleration(performance: &Performance<'_>) -> Acceleration {
    let top_m_s = performance.top_speed_m_s();
    let mut run = Acceleration::default();
    let mut last: Option<(f64, f64)> = None;
    let mut time_s = 0.0;
    for step in 0..=ACCELERATION_STEPS {
        let speed_m_s = top_m_s * f64::from(step) / f64::from(ACCELERATION_STEPS);
        let forces = performance.forces_at(speed_m_s);
        if forces.acceleration_m_s2 <= 0.0 {
            break;
        }
        let slowness = 1.0 / forces.acceleration_m_s2;
        if let Some((speed, before)) = last {
            time_s += 0.5 * (slowness + before) * (speed_m_s - speed);
        }
        last = Some((speed_m_s, slowness));
        run.speed_m_s.push(speed_m_s);
        run.time_s.push(time_s);
        run.force_n.push(forces.through_tyres_n);
        run.units_n.push(forces.units_n);
        run.tyres_n.push(forces.tyres_n);
        run.dc_voltage_v.push(forces.dc_voltage_v);
        run.resistance_n.push(forces.resistance_n);
    }
    run
}

fn steady(car: &Car, top_m_s: f64) -> Result<Steady, VehicleError> {
    let (first, step, last) = STEADY_KM_PER_H;
    let options = Options {
        split: car.split(),
        ..Options::default()
    };
    let mut steady = Steady::default();
    let mut km_per_h = first;
    while km_per_h <= last && km_per_h / 3.6 <= top_m_s {
        let speed_m_s = km_per_h / 3.6;
        let cycle = DriveCycle::steady("steady", speed_m_s);
        let result = simulate_cycle(&car.vehicle, &car.drives(), &cycle, options)?;
        if result.violations.count == 0 {
            steady.speed_m_s.push(speed_m_s);
            steady
                .battery_j_per_m
                .push(result.consumption.battery_j_per_m);
            steady.range_m.push(result.consumption.range_m);
        }
        km_per_h += step;
    }
    Ok(steady)
}
