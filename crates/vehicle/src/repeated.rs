//! Full accelerations one after the other, until heat slows them.

use codrive_model::unit_heat::{LUMPS, UnitHeat};
use codrive_model::vehicle::Vehicle;

use crate::battery::AtCharge;
use crate::error::VehicleError;
use crate::performance::Performance;
use crate::split::AxleDrive;
use crate::temperature::{ByLump, HeatModes, HeatStep, released};
use crate::unit_table::UnitTable;

/// Step of the acceleration, s.
const STEP_S: f64 = 0.05;
/// Time after which an acceleration that gets nowhere is given up, s.
const LONGEST_S: f64 = 120.0;

/// Accelerations to repeat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Repeated {
    /// Speed at which each begins, m/s.
    pub from_m_s: f64,
    /// Speed at which each ends, m/s.
    pub to_m_s: f64,
    /// How many.
    pub count: usize,
    /// Time between the end of one and the beginning of the next, s: the brakes slow the car, the units
    /// are off.
    pub pause_s: f64,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct RepeatedRun {
    /// Time, s; `None` where the speed was not reached within two minutes.
    pub time_s: Option<f64>,
    /// Smallest share of the envelope that derating left to any unit.
    pub least_released: f64,
    /// State of charge at the end.
    pub end_charge: f64,
    /// Temperatures at the end, K, by driven axle; `None` where heat is not known.
    pub end_k: Vec<Option<ByLump>>,
}

/// Repeats full accelerations from a car at coolant temperature, at test mass on the level.
///
/// Envelope times what derating releases; voltage, tyres and battery as in [`Performance::on_battery`], with
/// the charge that the runs before have left. `sets` hold the same units at ascending DC voltages; a single
/// one holds at every power, as in [`Performance::new`]. The list ends early with the run that empties the
/// battery.
///
/// # Errors
/// As [`Performance::on_battery`].
pub fn repeated_accelerations(
    vehicle: &Vehicle,
    sets: &[Vec<AxleDrive<'_>>],
    start_charge: f64,
    repeated: &Repeated,
) -> Result<Vec<RepeatedRun>, VehicleError> {
    Performance::on_battery(vehicle, sets, start_charge)?;
    let performance = |charge| match sets {
        [drives] => Performance::new(vehicle, drives),
        _ => Performance::on_battery(vehicle, sets, charge),
    };
    let axles = sets.first().map_or(0, Vec::len);
    let mut units = (0..axles)
        .map(|axle| Warm::new(sets.iter().map(|set| set[axle])))
        .collect::<Result<Vec<_>, _>>()?;
    let mut battery = Cells::new(vehicle, start_charge);
    let mut runs = Vec::with_capacity(repeated.count);
    while runs.len() < repeated.count && battery.charge >= 0.0 {
        let performance = performance(battery.charge)?;
        runs.push(run(&performance, &mut units, &mut battery, repeated));
        for unit in &mut units {
            unit.pause(repeated.pause_s);
        }
        battery.draw(0.0, repeated.pause_s);
    }
    Ok(runs)
}

fn run(
    performance: &Performance<'_>,
    units: &mut [Warm<'_>],
    battery: &mut Cells<'_>,
    repeated: &Repeated,
) -> RepeatedRun {
    let radius_m = battery.vehicle.body.wheel_radius_m;
    let (mut speed, mut time_s, mut least) = (repeated.from_m_s, 0.0, 1.0_f64);
    let mut reached = None;
    while time_s < LONGEST_S {
        let shares = [0, 1].map(|i| units.get(i).map_or(1.0, Warm::released));
        least = least.min(shares[0]).min(shares[1]);
        let (given, a, through) = performance.derated(speed, shares);
        let mut dc_w = 0.0;
        for (i, unit) in units.iter_mut().enumerate() {
            let torques = given.readings.map(|reading| {
                let torque_nm = through[i] * reading.torques_nm[i];
                (reading.level, reading.weight, torque_nm)
            });
            dc_w += unit.drive(speed / radius_m, torques);
        }
        let next = speed + a * STEP_S;
        if next >= repeated.to_m_s && a > 0.0 {
            let left_s = (repeated.to_m_s - speed) / a;
            battery.draw(dc_w, left_s);
            reached = Some(time_s + left_s);
            break;
        }
        battery.draw(dc_w, STEP_S);
        speed = next.max(0.0);
        time_s += STEP_S;
    }
    RepeatedRun {
        time_s: reached,
        least_released: least,
        end_charge: battery.charge,
        end_k: units.iter().map(Warm::now_k).collect(),
    }
}

/// The battery over the runs; voltage and resistance under the units are those of the charge at the
/// beginning of each.
struct Cells<'a> {
    vehicle: &'a Vehicle,
    charge: f64,
}

impl<'a> Cells<'a> {
    fn new(vehicle: &'a Vehicle, charge: f64) -> Self {
        Self { vehicle, charge }
    }

    /// Takes the units' power and the auxiliaries' for some seconds.
    fn draw(&mut self, dc_w: f64, seconds: f64) {
        let battery = &self.vehicle.battery;
        let terminal_w = dc_w + self.vehicle.auxiliary_power_w;
        let cells = AtCharge::new(battery, self.charge);
        // The power was found within what the battery gives.
        let cells_w = cells.cell_power_w(terminal_w).unwrap_or(2.0 * terminal_w);
        self.charge -= cells_w * seconds / battery.usable_energy_j;
    }
}

/// A unit with its temperatures.
struct Warm<'a> {
    /// At ascending DC voltages.
    tables: Vec<UnitTable<'a>>,
    heat: Option<&'a UnitHeat>,
    step: Option<HeatStep>,
    /// In the modes of the first table.
    modes: ByLump,
}

impl<'a> Warm<'a> {
    fn new(drives: impl Iterator<Item = AxleDrive<'a>>) -> Result<Self, VehicleError> {
        let tables = drives.map(UnitTable::new).collect::<Result<Vec<_>, _>>()?;
        let heat = tables.first().and_then(|table| table.drive.heat);
        Ok(Self {
            heat,
            step: tables.first().and_then(|table| table.heat_step(STEP_S)),
            tables,
            modes: [0.0; LUMPS],
        })
    }

    fn heat_modes(&self) -> Option<&HeatModes> {
        self.tables.first()?.modes.as_ref()
    }

    fn rise_k(&self) -> ByLump {
        let modes = self.heat_modes();
        modes.map_or([0.0; LUMPS], |modes| modes.lumps_k(&self.modes))
    }

    fn released(&self) -> f64 {
        self.heat.map_or(1.0, |heat| released(heat, &self.rise_k()))
    }

    /// Passes a step with level, weight and torque of two readings; returns the DC power, W.
    fn drive(&mut self, speed_rad_per_s: f64, readings: [(usize, f64, f64); 2]) -> f64 {
        let (mut dc_w, mut steady_k) = (0.0, [0.0; LUMPS]);
        for (level, weight, torque_nm) in readings {
            let table = &self.tables[level];
            let Some(at) = table.lookup.at_any(speed_rad_per_s) else {
                continue;
            };
            let loss_w = table.lookup.loss_w(&at, torque_nm);
            dc_w += weight * (torque_nm * speed_rad_per_s + loss_w);
            let Some(modes) = &table.modes else {
                continue;
            };
            let of_table = modes.lumps_k(&table.steady(&at, torque_nm));
            for (sum, steady_k) in steady_k.iter_mut().zip(of_table) {
                *sum += weight * steady_k;
            }
        }
        if let (Some(step), Some(modes)) = (&self.step, self.heat_modes()) {
            let share = modes.speed_share(speed_rad_per_s);
            self.modes = step.pass(&self.modes, &modes.of(&steady_k), share);
        }
        dc_w
    }

    fn pause(&mut self, seconds: f64) {
        if let Some(modes) = self.heat_modes()
            && let Some(step) = HeatStep::new(modes, seconds)
        {
            self.modes = step.pass(&self.modes, &[0.0; LUMPS], 0.0);
        }
    }

    fn now_k(&self) -> Option<ByLump> {
        let coolant_k = self.heat?.coolant_k;
        Some(self.rise_k().map(|rise| rise + coolant_k))
    }
}
