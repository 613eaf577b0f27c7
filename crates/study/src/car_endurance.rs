//! What heat makes of a car: how warm its units become in a cycle, in repeated full accelerations and in
//! an hour on the motorway, and what derating takes of it.

use codrive_model::unit_heat::Lump;
use codrive_model::vehicle::{Axle, Vehicle};
use codrive_vehicle::{
    CycleResult, DriveCycle, Options, Repeated, RepeatedRun, VehicleError, repeated_accelerations,
    simulate_cycle,
};
use serde::Serialize;

use crate::car::Car;

/// 0 °C, K.
const ZERO_CELSIUS_K: f64 = 273.15;
/// Charge at the beginning of both.
const FULL: f64 = 1.0;
/// Ten accelerations from rest to 100 km/h, a quarter of a minute apart.
const ACCELERATIONS: Repeated = Repeated {
    from_m_s: 0.0,
    to_m_s: 100.0 / 3.6,
    count: 10,
    pause_s: 15.0,
};
/// Speed on the motorway, km/h, unless the car is slower, and for how long, s.
const MOTORWAY_KM_PER_H: f64 = 130.0;
const HOUR_S: u32 = 3600;
/// J/m in Wh/km.
const WH_PER_KM: f64 = 1.0 / 3.6;

/// Highest temperatures of the unit of an axle.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Warmth {
    /// Cycle.
    pub cycle: String,
    /// Axle.
    pub axle: Axle,
    /// Of the winding's hottest place, °C.
    pub winding_degc: f64,
    /// Of the rotor, °C.
    pub rotor_degc: f64,
    /// Smallest share of the envelope's torque that derating left, 1 where nothing derates.
    pub least_released: f64,
}

impl Warmth {
    /// Of the units in a cycle; none of those whose heat is not known.
    pub(crate) fn of(vehicle: &Vehicle, result: &CycleResult) -> Vec<Self> {
        let units = vehicle.axles.iter().zip(&result.temperatures);
        let warm = units.filter_map(|(axle, warm)| Some((axle, warm.as_ref()?)));
        warm.map(|(axle, warm)| Self {
            cycle: result.cycle.clone(),
            axle: *axle,
            winding_degc: warm.winding_k - ZERO_CELSIUS_K,
            rotor_degc: warm.highest_k[Lump::Rotor as usize] - ZERO_CELSIUS_K,
            least_released: warm.least_released,
        })
        .collect()
    }

    /// For people.
    pub(crate) fn line(&self) -> String {
        format!(
            "  {}: {} unit up to {:.0} degC in the winding and {:.0} degC in the rotor, {:.0} % of its torque left",
            self.cycle,
            self.axle,
            self.winding_degc,
            self.rotor_degc,
            100.0 * self.least_released
        )
    }
}

/// Repeated full accelerations and an hour on the motorway, each with a full battery, from units at the
/// temperature of their coolant.
#[derive(Clone, Debug, Serialize)]
pub struct Endurance {
    /// From rest to 100 km/h, one after the other, 15 s apart.
    pub accelerations: Vec<Acceleration>,
    /// The hour.
    pub motorway: Motorway,
}

/// One of the repeated accelerations.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Acceleration {
    /// Time, s; absent where the speed is not reached.
    pub time_s: Option<f64>,
    /// Smallest share of the envelope's torque that derating left to any unit.
    pub least_released: f64,
    /// Charge at the end, 0 to 1.
    pub end_charge: f64,
    /// Mean temperature of the warmest unit's winding at the end, °C; absent where heat is not known.
    pub winding_degc: Option<f64>,
}

/// An hour at constant speed.
#[derive(Clone, Debug, Serialize)]
pub struct Motorway {
    /// Speed, km/h: 130, or the car's top speed if that is less.
    pub speed_km_per_h: f64,
    /// Consumption from the cells, Wh/km; too low where the speed is not held.
    pub wh_per_km: f64,
    /// Charge at the end; too high where the speed is not held, below zero where one charge is not enough for the hour.
    pub end_charge: f64,
    /// Seconds in which the units cannot hold the speed.
    pub short_s: usize,
    /// Largest force missing at the tyres, N.
    pub worst_n: f64,
    /// How warm the units become.
    pub temperatures: Vec<Warmth>,
}

impl Endurance {
    pub(crate) fn of(car: &Car) -> Result<Self, VehicleError> {
        let runs = repeated_accelerations(&car.vehicle, &car.at_voltages(), FULL, &ACCELERATIONS)?;
        Ok(Self {
            accelerations: runs.iter().map(Acceleration::new).collect(),
            motorway: Motorway::of(car)?,
        })
    }

    /// For people.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let (Some(first), Some(last)) = (self.accelerations.first(), self.accelerations.last()) {
            let time = |s: Option<f64>| s.map_or("never".to_owned(), |s| format!("{s:.2} s"));
            lines.push(format!(
                "  {} times 0 to 100 km/h, 15 s apart from full: first {}, last {}; {:.0} % of the torque left{}",
                self.accelerations.len(),
                time(first.time_s),
                time(last.time_s),
                100.0 * last.least_released,
                last.winding_degc
                    .map_or(String::new(), |c| format!(", winding at {c:.0} degC"))
            ));
        }
        lines.extend(self.motorway.lines());
        lines
    }
}

impl Acceleration {
    fn new(run: &RepeatedRun) -> Self {
        let windings = run.end_k.iter().flatten();
        let winding_k = windings.map(|unit| unit[Lump::Winding as usize]);
        Self {
            time_s: run.time_s,
            least_released: run.least_released,
            end_charge: run.end_charge,
            winding_degc: winding_k.reduce(f64::max).map(|k| k - ZERO_CELSIUS_K),
        }
    }
}

impl Motorway {
    fn of(car: &Car) -> Result<Self, VehicleError> {
        let top_m_s = car.performance(FULL)?.top_speed_m_s();
        let speed_m_s = top_m_s.min(MOTORWAY_KM_PER_H / 3.6);
        let hour = DriveCycle::held("motorway-hour", speed_m_s, HOUR_S);
        let options = Options {
            split: car.split(),
            start_charge: FULL,
            ..Options::default()
        };
        let result = simulate_cycle(&car.vehicle, &car.drives(), &hour, options)?;
        Ok(Self {
            speed_km_per_h: speed_m_s * 3.6,
            wh_per_km: result.consumption.battery_j_per_m * WH_PER_KM,
            end_charge: result.end_charge,
            short_s: result.violations.count,
            worst_n: result.violations.worst_n,
            temperatures: Warmth::of(&car.vehicle, &result),
        })
    }

    fn lines(&self) -> Vec<String> {
        let charge = match self.end_charge {
            left if left < 0.0 => "one charge is not enough".to_owned(),
            left => format!("{:.0} % of the charge left", 100.0 * left),
        };
        // What a car takes that does not hold the speed is nobody's consumption.
        let held = match self.short_s {
            0 => format!("held, {:.1} Wh/km, {charge}", self.wh_per_km),
            short_s => format!("not held in {short_s} s, by up to {:.0} N", self.worst_n),
        };
        let mut lines = vec![format!(
            "  an hour at {:.0} km/h: {held}",
            self.speed_km_per_h
        )];
        lines.extend(self.temperatures.iter().map(Warmth::line));
        lines
    }
}
