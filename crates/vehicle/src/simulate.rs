//! A cycle driven step by step, backward: the speed is given, the power follows.

use codrive_model::vehicle::Vehicle;

use crate::axle_energy::{Consumption, asked_torque_nm};
use crate::battery::{MID_CHARGE, cell_power_w, open_circuit_v};
use crate::capability::AxleLimits;
use crate::cycle::{DriveCycle, Step};
use crate::energy_density::EnergyDensity;
use crate::error::VehicleError;
use crate::lookup::Lookup;
use crate::prepared::Point;
use crate::resistance::Resistance;
use crate::split::{AxleDrive, Split, TRIED, check_drives};

/// How to drive a cycle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// How two axles share the force.
    pub split: Split,
    /// State of charge at the start, 0 to 1; the middle of a discharge unless changed.
    pub start_charge: f64,
    /// Whether to keep every step.
    pub keep_trace: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            split: Split::Fixed(0.5),
            start_charge: MID_CHARGE,
            keep_trace: false,
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
    /// Work against the road load, J.
    pub road_load_j: f64,
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
    /// Power at the battery's terminals, W.
    pub terminal_w: f64,
    /// State of charge after the step.
    pub charge: f64,
}

/// Drives a cycle.
///
/// Mean speed and constant acceleration in each step; force from the road load, the mass and all
/// rotating inertia; friction brakes take what recuperation may not or cannot. Where a unit or the
/// battery cannot give what the trace asks, the car is taken along at the trace's speed and the
/// missing work is reported.
///
/// # Errors
/// The units are not those of the driven axles, a map cannot be used, a fixed share or a
/// charge is not one.
pub fn simulate_cycle(
    vehicle: &Vehicle,
    drives: &[AxleDrive<'_>],
    cycle: &DriveCycle,
    options: Options,
) -> Result<CycleResult, VehicleError> {
    check_drives(vehicle, drives)?;
    if let Split::Fixed(share) = options.split
        && !(0.0..=1.0).contains(&share)
    {
        return Err(VehicleError::Share { share });
    }
    if !(0.0..=1.0).contains(&options.start_charge) {
        return Err(VehicleError::Charge {
            charge: options.start_charge,
        });
    }
    let mut run = Run::new(vehicle, drives, cycle, options);
    for step in cycle.steps() {
        run.step(&step);
    }
    Ok(run.finish())
}

/// Torques of the units in a step and what they do.
#[derive(Clone, Copy, Debug, Default)]
struct Driven {
    torque_nm: [f64; 2],
    loss_w: [f64; 2],
    /// Power of all units at the DC terminals, W.
    dc_w: f64,
    /// Force that the trace asks for and the units cannot give, N.
    missing_n: f64,
}

struct Run<'a> {
    vehicle: &'a Vehicle,
    drives: &'a [AxleDrive<'a>],
    options: Options,
    lookups: Vec<Lookup<'a>>,
    limits: Vec<AxleLimits>,
    resistance: Resistance,
    radius_m: f64,
    charge: f64,
    result: CycleResult,
}

impl<'a> Run<'a> {
    fn new(
        vehicle: &'a Vehicle,
        drives: &'a [AxleDrive<'a>],
        cycle: &DriveCycle,
        options: Options,
    ) -> Self {
        let density = |drive: &AxleDrive<'_>| {
            let map = drive.map;
            let highest = map.torque_max_nm.iter().copied().fold(0.0, f64::max);
            let lowest = map.torque_min_nm.iter().copied().fold(0.0, f64::min);
            EnergyDensity::new(map.speed_limit_rad_per_s(), lowest, highest)
        };
        let result = CycleResult {
            cycle: cycle.name().to_owned(),
            distance_m: cycle.distance_m(),
            duration_s: cycle.duration_s(),
            end_charge: options.start_charge,
            density: drives.iter().map(density).collect(),
            ..CycleResult::default()
        };
        Self {
            vehicle,
            drives,
            options,
            lookups: drives.iter().map(|drive| Lookup::new(drive.map)).collect(),
            limits: drives
                .iter()
                .map(|drive| AxleLimits::new(vehicle, drive.axle, 1.0))
                .collect(),
            resistance: Resistance::of(vehicle),
            radius_m: vehicle.body.wheel_radius_m,
            charge: options.start_charge,
            result,
        }
    }

    fn step(&mut self, step: &Step) {
        let speed_m_s = step.mean_speed_m_s;
        let inertia_kg = self.vehicle.mass.test_kg + self.vehicle.mass.rotating_kg;
        let road_n = if speed_m_s > 0.0 {
            self.resistance.level_n(speed_m_s)
        } else {
            0.0
        };
        let point = Point::new(self.vehicle, &self.resistance, step);
        let driven = self.best(&point);
        self.book(step, &driven, road_n, inertia_kg);
    }

    /// The torques under the split rule.
    fn best(&self, point: &Point) -> Driven {
        let one = match self.options.split {
            _ if self.drives.len() == 1 => return self.drive(point, [1.0, 0.0], [false, false]),
            Split::Fixed(front) => return self.drive(point, [front, 1.0 - front], [false, false]),
            Split::LeastLoss => self.drive(point, [0.5, 0.5], [false, false]),
        };
        let better = |a: &Driven, b: &Driven| (b.missing_n, b.dc_w) < (a.missing_n, a.dc_w);
        let mut best = one;
        for front in TRIED {
            let rests = [
                front == 0.0 && self.drives[0].disconnects,
                front == 1.0 && self.drives[1].disconnects,
            ];
            let tried = self.drive(point, [front, 1.0 - front], rests);
            if better(&best, &tried) {
                best = tried;
            }
        }
        best
    }

    /// The units' torques and power when they take the shares of the force.
    fn drive(&self, point: &Point, shares: [f64; 2], rests: [bool; 2]) -> Driven {
        let speed = point.speed_rad_per_s;
        let mut driven = Driven::default();
        let battery_w = self.vehicle.battery.discharge_power_w - self.vehicle.auxiliary_power_w;
        for (i, lookup) in self.lookups.iter().enumerate() {
            if rests[i] {
                continue;
            }
            let asked = asked_torque_nm(point, shares[i], self.drives[i].inertia_kg_m2);
            let Some(at) = lookup.at_any(speed) else {
                driven.missing_n += asked.max(0.0) / self.radius_m;
                continue;
            };
            let mut torque = if asked > 0.0 {
                asked.min(self.limits[i].motoring_nm(lookup, &at, speed))
            } else {
                asked.max(self.limits[i].recuperating_nm(&at))
            };
            if torque > 0.0 {
                torque = lookup.within_power_nm(&at, speed, torque, battery_w - driven.dc_w);
            } else {
                torque = self.within_charge(lookup, i, &at, (speed, torque, driven.dc_w));
            }
            let missing = asked.max(0.0) - torque.max(0.0);
            if missing > asked.abs() * 1e-9 {
                driven.missing_n += missing / self.radius_m;
            }
            driven.torque_nm[i] = torque;
            driven.loss_w[i] = lookup.loss_w(&at, torque);
            driven.dc_w += torque * speed + driven.loss_w[i];
        }
        driven
    }

    /// Recuperating torque that the battery can take on top of the DC power already there.
    fn within_charge(
        &self,
        lookup: &Lookup<'_>,
        unit: usize,
        at: &crate::lookup::AtSpeed,
        (speed, torque, dc_w): (f64, f64, f64),
    ) -> f64 {
        let lowest_w = -self.limits[unit].charge_w;
        let power_w = |torque: f64| dc_w + torque * speed + lookup.loss_w(at, torque);
        if torque == 0.0 || power_w(torque) >= lowest_w {
            return torque;
        }
        let (mut low, mut high) = (torque, 0.0);
        for _ in 0..40 {
            let middle = 0.5 * (low + high);
            if power_w(middle) >= lowest_w {
                high = middle;
            } else {
                low = middle;
            }
        }
        high
    }

    fn book(&mut self, step: &Step, driven: &Driven, road_n: f64, inertia_kg: f64) {
        let (speed_m_s, duration_s) = (step.mean_speed_m_s, step.duration_s);
        let speed = speed_m_s / self.radius_m;
        let radius2 = self.radius_m * self.radius_m;
        let moving_kg = inertia_kg
            + self
                .drives
                .iter()
                .map(|drive| drive.inertia_kg_m2)
                .sum::<f64>()
                / radius2;
        let needed_w = (moving_kg * step.acceleration_m_s2 + road_n) * speed_m_s;
        let shafts_w = (driven.torque_nm[0] + driven.torque_nm[1]) * speed;
        let missing_w = driven.missing_n * speed_m_s;
        // What the units hold back more than the trace asks is done by the friction brakes.
        let friction_w = (shafts_w + missing_w - needed_w).max(0.0);
        let auxiliary_w = self.vehicle.auxiliary_power_w;
        let terminal_w = driven.dc_w + auxiliary_w;
        let cells_w = self.draw(terminal_w, duration_s);

        let sum = &mut self.result;
        for (i, density) in sum.density.iter_mut().enumerate() {
            let energy_j = driven.torque_nm[i] * speed * duration_s;
            density.add(speed, driven.torque_nm[i], energy_j);
            sum.driven_j += energy_j.max(0.0);
            sum.recuperated_j -= energy_j.min(0.0);
            sum.unit_loss_j += driven.loss_w[i] * duration_s;
        }
        sum.friction_j += friction_w * duration_s;
        sum.road_load_j += road_n * speed_m_s * duration_s;
        sum.kinetic_j += moving_kg * step.acceleration_m_s2 * speed_m_s * duration_s;
        sum.auxiliary_j += auxiliary_w * duration_s;
        sum.terminal_j += terminal_w * duration_s;
        sum.battery_loss_j += (cells_w - terminal_w) * duration_s;
        sum.violations.add(step, driven.missing_n);
        if self.options.keep_trace {
            sum.trace.push(TraceRow {
                time_s: step.start_s,
                speed_m_s,
                first_torque_nm: driven.torque_nm[0],
                second_torque_nm: driven.torque_nm[1],
                friction_w,
                terminal_w,
                charge: self.charge,
            });
        }
    }

    /// Takes power from the battery; returns what leaves the cells, W.
    fn draw(&mut self, terminal_w: f64, duration_s: f64) -> f64 {
        let battery = &self.vehicle.battery;
        let voltage_v = open_circuit_v(battery, self.charge);
        // Limits were kept before, and the reader checks that the battery can deliver its limit.
        let cells_w =
            cell_power_w(voltage_v, battery.resistance_ohm, terminal_w).unwrap_or(2.0 * terminal_w);
        self.charge -= cells_w * duration_s / battery.usable_energy_j;
        cells_w
    }

    fn finish(mut self) -> CycleResult {
        let cells_j = self.result.terminal_j + self.result.battery_loss_j;
        self.result.consumption = Consumption::of(self.vehicle, cells_j, self.result.distance_m);
        self.result.end_charge = self.charge;
        self.result
    }
}

impl Violations {
    fn add(&mut self, step: &Step, missing_n: f64) {
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
