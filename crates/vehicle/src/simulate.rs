//! A cycle driven step by step, backward: the speed is given, the power follows.

use codrive_model::driven_car::EnergyFlow;
use codrive_model::unit_heat::LUMPS;
use codrive_model::vehicle::Vehicle;

use crate::axle_energy::Consumption;
use crate::battery::{AtCharge, MID_CHARGE};
use crate::cycle::{DriveCycle, Step};
use crate::driver::{Driven, Driver, Past};
use crate::energy_density::EnergyDensity;
use crate::error::VehicleError;
use crate::prepared::{Load, road_n};
use crate::split::{AxleDrive, Split, check_axles};
use crate::temperature::{ByLump, HeatStep, UnitTemperatures, released};
use crate::unit_table::UnitTable;

/// How to drive a cycle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// How two axles share the force.
    pub split: Split,
    /// State of charge at the start, 0 to 1; the middle of a discharge unless changed.
    pub start_charge: f64,
    /// Whether to keep every step.
    pub keep_trace: bool,
    /// Mass on top of the test mass, kg.
    pub payload_kg: f64,
    /// Grade of the road, rise over horizontal distance.
    pub grade: f64,
    /// Temperatures of the front (or only) and the rear unit at the start, K; those of their coolant
    /// unless given. Only for units whose heat is known.
    pub start_k: Option<[ByLump; 2]>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            split: Split::Fixed(0.5),
            start_charge: MID_CHARGE,
            keep_trace: false,
            payload_kg: 0.0,
            grade: 0.0,
            start_k: None,
        }
    }
}

/// Energies and figures of a cycle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CycleResult {
    /// Name of the cycle.
    pub cycle: String,
    /// Distance, m.
    pub distance_m: f64,
    /// Duration, s.
    pub duration_s: f64,
    /// Work of the units at the axles, driving, J.
    pub driven_j: f64,
    /// Work that the units take at the axles, braking, J, positive.
    pub recuperated_j: f64,
    /// Work of the friction brakes, J, positive.
    pub friction_j: f64,
    /// Work against the road load without the grade, J.
    pub road_load_j: f64,
    /// Part of it against the quadratic part, the air, J.
    pub air_j: f64,
    /// Kinetic energy gained from start to end with all rotating parts, J.
    pub kinetic_j: f64,
    /// Losses of the units, J.
    pub unit_loss_j: f64,
    /// Auxiliaries, J.
    pub auxiliary_j: f64,
    /// Energy at the battery's terminals, J.
    pub terminal_j: f64,
    /// Loss in the battery's resistance, J.
    pub battery_loss_j: f64,
    /// Consumption and range.
    pub consumption: Consumption,
    /// State of charge at the end; below zero where one charge is not enough for the cycle.
    pub end_charge: f64,
    /// Where the car cannot follow.
    pub violations: Violations,
    /// Work against the grade, J; negative downhill.
    pub climbed_j: f64,
    /// Time for which the front (or only) and the rear unit were uncoupled, s.
    pub rested_s: [f64; 2],
    /// How warm the unit of each driven axle became; none where its heat is not known.
    pub temperatures: Vec<Option<UnitTemperatures>>,
    /// Where the energy goes, for each driven axle.
    pub density: Vec<EnergyDensity>,
    /// Every step, if asked for.
    pub trace: Vec<TraceRow>,
}

/// Where a car cannot follow a trace.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Violations {
    /// Steps.
    pub count: usize,
    /// Work missing in all, J.
    pub missing_j: f64,
    /// Largest force missing at the tyres, N.
    pub worst_n: f64,
    /// Beginning of that step, s.
    pub worst_at_s: f64,
    /// Speed in that step, m/s.
    pub worst_speed_m_s: f64,
}

/// One step of a cycle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TraceRow {
    /// Beginning, s.
    pub time_s: f64,
    /// Mean speed, m/s.
    pub speed_m_s: f64,
    /// Torque of the front (or only) unit at the axle, N·m.
    pub first_torque_nm: f64,
    /// Torque of the rear unit where there are two, N·m.
    pub second_torque_nm: f64,
    /// Friction braking power, W, positive.
    pub friction_w: f64,
    /// Force at the tyres that the trace asks for and the car cannot give, N.
    pub missing_n: f64,
    /// Power at the battery's terminals, W.
    pub terminal_w: f64,
    /// State of charge after the step.
    pub charge: f64,
    /// Losses of the front (or only) and the rear unit, W.
    pub unit_loss_w: [f64; 2],
    /// Their temperatures after the step, K; zero where their heat is not known.
    pub unit_k: [ByLump; 2],
}

/// Steepest grade of a road.
const STEEPEST: f64 = 0.5;

impl Options {
    /// Refuses what the car cannot be asked.
    pub(crate) fn check(&self, vehicle: &Vehicle) -> Result<(), VehicleError> {
        self.split.check()?;
        if !(0.0..=1.0).contains(&self.start_charge) {
            let charge = self.start_charge;
            return Err(VehicleError::Charge { charge });
        }
        let within = |what, value: f64, low, high, allowed| {
            let ok = (low..=high).contains(&value);
            let error = VehicleError::Load {
                what,
                value,
                allowed,
            };
            if ok { Ok(()) } else { Err(error) }
        };
        let (payload_kg, most_kg) = (
            self.payload_kg,
            vehicle.mass.gross_kg - vehicle.mass.kerb_kg,
        );
        if payload_kg > most_kg {
            let vehicle = vehicle.id.clone();
            return Err(VehicleError::Payload {
                vehicle,
                payload_kg,
                most_kg,
            });
        }
        within("payload in kg", payload_kg, 0.0, most_kg, "zero or above")?;
        within("grade", self.grade, -STEEPEST, STEEPEST, "from -0.5 to 0.5")?;
        let temperatures = self.start_k.iter().flatten().flatten();
        match temperatures
            .into_iter()
            .find(|k| !(200.0..=500.0).contains(*k))
        {
            Some(kelvin) => Err(VehicleError::StartTemperature { kelvin: *kelvin }),
            None => Ok(()),
        }
    }

    pub(crate) fn load(&self) -> Load {
        Load {
            payload_kg: self.payload_kg,
            grade: self.grade,
        }
    }

    /// Rise of a unit's lumps over its coolant at the start, K.
    pub(crate) fn start_rise_k(&self, unit: usize, coolant_k: f64) -> ByLump {
        self.start_k
            .map_or([0.0; LUMPS], |start| start[unit].map(|k| k - coolant_k))
    }
}

/// Drives a cycle.
///
/// Mean speed and constant acceleration in each step; force from the road load, the mass and all
/// rotating inertia; friction brakes take what recuperation may not or cannot. Where a unit or the
/// battery cannot give what the trace asks, the car is taken along at the trace's speed and the
/// missing work is reported.
///
/// # Errors
/// The units are not those of the driven axles, a map cannot be used; a share, charge, payload, grade
/// or temperature that is none.
pub fn simulate_cycle(
    vehicle: &Vehicle,
    drives: &[AxleDrive<'_>],
    cycle: &DriveCycle,
    options: Options,
) -> Result<CycleResult, VehicleError> {
    check_axles(vehicle, drives.iter().map(|drive| drive.axle))?;
    options.check(vehicle)?;
    let tables = drives
        .iter()
        .map(|drive| UnitTable::new(*drive))
        .collect::<Result<Vec<_>, _>>()?;
    let tables: Vec<&UnitTable<'_>> = tables.iter().collect();
    let driver = Driver::new(vehicle, &tables, options.split, options.load());
    let mut run = Run::new(&driver, cycle, options);
    run.result.density = densities(&driver);
    Ok(run.drive(cycle))
}

/// Drives one car through a cycle, without density.
pub(crate) fn drive_alone(
    driver: &Driver<'_>,
    cycle: &DriveCycle,
    options: &Options,
) -> CycleResult {
    Run::new(driver, cycle, *options).drive(cycle)
}

fn densities(driver: &Driver<'_>) -> Vec<EnergyDensity> {
    let maps = driver.units.iter().map(|unit| unit.table.drive.map);
    maps.map(EnergyDensity::of).collect()
}

struct Run<'a> {
    driver: &'a Driver<'a>,
    options: Options,
    charge: f64,
    /// Heat of the units in modes, and as rises of their lumps, K.
    modes: [ByLump; 2],
    rise_k: [ByLump; 2],
    rested: [bool; 2],
    /// For steps of this length, s.
    heat_steps: (f64, [Option<HeatStep>; 2]),
    result: CycleResult,
}

/// An empty result, at the start.
pub(crate) fn at_start(driver: &Driver<'_>, cycle: &DriveCycle, options: &Options) -> CycleResult {
    let warm = driver.units.iter().enumerate().map(|(i, unit)| {
        let heat = unit.table.drive.heat?;
        let rise_k = options.start_rise_k(i, heat.coolant_k);
        Some(UnitTemperatures::start(heat, &rise_k))
    });
    CycleResult {
        cycle: cycle.name().to_owned(),
        distance_m: cycle.distance_m(),
        duration_s: cycle.duration_s(),
        end_charge: options.start_charge,
        temperatures: warm.collect(),
        ..CycleResult::default()
    }
}

/// Exact steps of the units' heat for a duration.
fn heat_steps(driver: &Driver<'_>, seconds: f64) -> [Option<HeatStep>; 2] {
    std::array::from_fn(|i| driver.units.get(i)?.table.heat_step(seconds))
}

impl<'a> Run<'a> {
    fn new(driver: &'a Driver<'a>, cycle: &DriveCycle, options: Options) -> Self {
        let rise_k: [ByLump; 2] = std::array::from_fn(|i| {
            let heat = driver.units.get(i).and_then(|unit| unit.table.drive.heat);
            heat.map_or([0.0; LUMPS], |heat| options.start_rise_k(i, heat.coolant_k))
        });
        Self {
            driver,
            options,
            charge: options.start_charge,
            modes: std::array::from_fn(|i| {
                let modes = driver
                    .units
                    .get(i)
                    .and_then(|unit| unit.table.modes.as_ref());
                modes.map_or([0.0; LUMPS], |modes| modes.of(&rise_k[i]))
            }),
            rise_k,
            rested: [false; 2],
            heat_steps: (0.0, [None; 2]),
            result: at_start(driver, cycle, &options),
        }
    }

    fn drive(mut self, cycle: &DriveCycle) -> CycleResult {
        for step in cycle.steps() {
            self.step(&step);
        }
        self.finish()
    }

    fn step(&mut self, step: &Step) {
        let point = self.driver.point(step);
        let past = Past {
            released: std::array::from_fn(|i| self.released(i)),
            rested: self.rested,
        };
        let driven = self.driver.best(&point, &past);
        self.rested = driven.rests;
        let steady = self.driver.steady(&point, &driven);
        self.warm(&steady, step.duration_s);
        self.book(step, &driven);
    }

    fn released(&self, unit: usize) -> f64 {
        let heat = self.driver.units.get(unit).and_then(|u| u.table.drive.heat);
        heat.map_or(1.0, |heat| released(heat, &self.rise_k[unit]))
    }

    fn warm(&mut self, steady: &[(ByLump, f64); 2], duration_s: f64) {
        if self.heat_steps.0 != duration_s {
            self.heat_steps = (duration_s, heat_steps(self.driver, duration_s));
        }
        for (i, unit) in self.driver.units.iter().enumerate() {
            if let (Some(heat), Some(modes), Some(step), Some(warm)) = (
                unit.table.drive.heat,
                &unit.table.modes,
                &self.heat_steps.1[i],
                &mut self.result.temperatures[i],
            ) {
                let (steady, speed_share) = &steady[i];
                self.modes[i] = step.pass(&self.modes[i], steady, *speed_share);
                self.rise_k[i] = modes.lumps_k(&self.modes[i]);
                warm.pass(heat, &self.rise_k[i]);
            }
        }
    }

    fn book(&mut self, step: &Step, driven: &Driven) {
        let (speed_m_s, duration_s) = (step.mean_speed_m_s, step.duration_s);
        let driver = self.driver;
        let speed = speed_m_s / driver.radius_m;
        let mass_kg = driver.vehicle.mass.test_kg + driver.load.payload_kg;
        let road_n = |grade| road_n(&driver.resistance, speed_m_s, mass_kg, grade);
        let (all_n, level_n) = (road_n(driver.load.grade), road_n(0.0));
        let moving_kg = driver.moving_kg(driven.rests);
        let needed_w = (moving_kg * step.acceleration_m_s2 + all_n) * speed_m_s;
        let shafts_w = (driven.torque_nm[0] + driven.torque_nm[1]) * speed;
        let missing_w = driven.missing_n * speed_m_s;
        // What the units hold back more than the trace asks is done by the friction brakes.
        let friction_w = (shafts_w + missing_w - needed_w).max(0.0);
        let auxiliary_w = driver.vehicle.auxiliary_power_w;
        let terminal_w = driven.dc_w + auxiliary_w;
        let cells_w = self.draw(terminal_w, duration_s);

        let sum = &mut self.result;
        for i in 0..driver.units.len() {
            let energy_j = driven.torque_nm[i] * speed * duration_s;
            if let Some(density) = sum.density.get_mut(i) {
                density.add(speed, driven.torque_nm[i], energy_j);
            }
            sum.driven_j += energy_j.max(0.0);
            sum.recuperated_j -= energy_j.min(0.0);
            sum.unit_loss_j += driven.loss_w[i] * duration_s;
            sum.rested_s[i] += if driven.rests[i] { duration_s } else { 0.0 };
        }
        sum.friction_j += friction_w * duration_s;
        sum.road_load_j += level_n * speed_m_s * duration_s;
        let air_n = driver.resistance.c_n_per_m_s_2 * speed_m_s * speed_m_s;
        sum.air_j += air_n * speed_m_s * duration_s;
        sum.climbed_j += (all_n - level_n) * speed_m_s * duration_s;
        sum.kinetic_j += moving_kg * step.acceleration_m_s2 * speed_m_s * duration_s;
        sum.auxiliary_j += auxiliary_w * duration_s;
        sum.terminal_j += terminal_w * duration_s;
        sum.battery_loss_j += (cells_w - terminal_w) * duration_s;
        sum.violations.add(step, driven.missing_n);
        if self.options.keep_trace {
            let row = self.row(step, driven, (friction_w, terminal_w));
            self.result.trace.push(row);
        }
    }

    fn row(&self, step: &Step, driven: &Driven, (friction_w, terminal_w): (f64, f64)) -> TraceRow {
        TraceRow {
            time_s: step.start_s,
            speed_m_s: step.mean_speed_m_s,
            first_torque_nm: driven.torque_nm[0],
            second_torque_nm: driven.torque_nm[1],
            friction_w,
            missing_n: driven.missing_n,
            terminal_w,
            charge: self.charge,
            unit_loss_w: driven.loss_w,
            unit_k: std::array::from_fn(|i| {
                let warm = self.result.temperatures.get(i).copied().flatten();
                warm.map_or([0.0; LUMPS], |warm| warm.end_k)
            }),
        }
    }

    /// Takes power from the battery; returns what leaves the cells, W.
    fn draw(&mut self, terminal_w: f64, duration_s: f64) -> f64 {
        let battery = &self.driver.vehicle.battery;
        let cells = AtCharge::new(battery, self.charge);
        // Limits were kept before, and the reader checks that the battery can deliver its limit.
        let cells_w = cells.cell_power_w(terminal_w).unwrap_or(2.0 * terminal_w);
        self.charge -= cells_w * duration_s / battery.usable_energy_j;
        cells_w
    }

    fn finish(mut self) -> CycleResult {
        self.result.end_charge = self.charge;
        self.result.with_consumption(self.driver.vehicle)
    }
}

impl CycleResult {
    /// Where the energy goes.
    #[must_use]
    pub fn flow(&self) -> EnergyFlow {
        let wall_j = self.consumption.wall_j_per_m * self.distance_m;
        EnergyFlow {
            wall_j,
            charger_j: wall_j - (self.terminal_j + self.battery_loss_j),
            battery_j: self.battery_loss_j,
            auxiliary_j: self.auxiliary_j,
            unit_j: self.unit_loss_j,
            driven_j: self.driven_j,
            recuperated_j: self.recuperated_j,
            rolling_j: self.road_load_j - self.air_j,
            air_j: self.air_j,
            friction_j: self.friction_j,
            kinetic_j: self.kinetic_j,
        }
    }

    /// Whether temperatures took something from an envelope.
    pub(crate) fn derated(&self) -> bool {
        let units = self.temperatures.iter().flatten();
        units.into_iter().any(|warm| warm.least_released < 1.0)
    }

    /// Completes the sums.
    pub(crate) fn with_consumption(mut self, vehicle: &Vehicle) -> Self {
        let cells_j = self.terminal_j + self.battery_loss_j;
        self.consumption = Consumption::of(vehicle, cells_j, self.distance_m);
        self
    }
}

impl Violations {
    pub(crate) fn add(&mut self, step: &Step, missing_n: f64) {
        if missing_n <= 0.0 {
            return;
        }
        self.count += 1;
        self.missing_j += missing_n * step.mean_speed_m_s * step.duration_s;
        if missing_n > self.worst_n {
            self.worst_n = missing_n;
            self.worst_at_s = step.start_s;
            self.worst_speed_m_s = step.mean_speed_m_s;
        }
    }
}
