//! What `codrive vehicle` prints of a car: consumption in cycles, and performance.

use std::collections::BTreeMap;
use std::path::Path;

use codrive_model::input::{InputError, Source};
use codrive_model::requirement::VehicleResults;
use codrive_model::summary::Outcome;
use codrive_vehicle::performance::TEST_CHARGE;
use codrive_vehicle::{CycleResult, CycleSet, DriveCycle, Options, VehicleError, simulate_cycle};
use serde::Serialize;

use crate::car::{Car, Choice};
use crate::car_endurance::{Endurance, Warmth};
use crate::car_split::AxleSplit;
use crate::chosen::outcomes;
use crate::error::StudyError;
use crate::fleet::shipped_cycle;
use crate::progress::Progress;

/// 0 °C, K.
const ZERO_CELSIUS_K: f64 = 273.15;
/// Charges over which performance is compared.
const CHARGES: [f64; 3] = [0.9, TEST_CHARGE, 0.2];
/// Speed at which the sustained grade and the voltage under full power are stated, m/s.
const GRADE_SPEED_M_S: f64 = 80.0 / 3.6;
/// 60 mph, m/s, and one foot, m: how times to 60 mph are told in the USA.
const MPH_60_M_S: f64 = 60.0 * 0.44704;
const FOOT_M: f64 = 0.3048;
/// J/m in Wh/km.
const WH_PER_KM: f64 = 1.0 / 3.6;
/// Wh/km that are 1 MPGe: 33.705 kWh per gallon, 1.609344 km per mile (40 CFR 600.002).
const WH_PER_KM_MPGE: f64 = 33_705.0 / 1.609_344;
/// Share of the city in the EPA's combined figures (40 CFR 600.210-12), and what a label is of a test.
const CITY: f64 = 0.55;
const LABEL: f64 = 0.7;

/// Results of a car, as `codrive vehicle run` prints them.
#[derive(Clone, Debug, Serialize)]
pub struct CarResults {
    /// Vehicle id.
    pub vehicle: String,
    /// DC voltage of the maps that the cycles are driven with, V.
    pub dc_voltage_v: f64,
    /// By name, such as `udds_wall_wh_per_km`.
    pub results: BTreeMap<String, Outcome>,
    /// Cycles that the car cannot follow, and where.
    pub shortfalls: Vec<Shortfall>,
    /// Where the energy goes in each cycle.
    pub balances: Vec<Balance>,
    /// How warm the units become in each cycle, from the temperature of their coolant.
    pub temperatures: Vec<Warmth>,
    /// Temperature of air and tyres, °C.
    pub ambient_degc: f64,
    /// How two driven axles share the force; absent with one.
    pub axle_split: Option<AxleSplit>,
}

/// Where a car cannot follow a cycle.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shortfall {
    /// Cycle.
    pub cycle: String,
    /// Steps in which force is missing.
    pub steps: usize,
    /// Work missing in all, Wh.
    pub missing_wh: f64,
    /// Largest force missing at the tyres, N.
    pub worst_n: f64,
    /// When, s.
    pub worst_at_s: f64,
    /// Speed then, km/h.
    pub worst_speed_km_per_h: f64,
}

/// Where the energy of a cycle goes, Wh/km; the first row is the sum of the others.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Balance {
    /// Cycle.
    pub cycle: String,
    /// From the wall.
    pub wall_wh_per_km: f64,
    /// Lost in charging.
    pub charging_wh_per_km: f64,
    /// Lost in the battery while driving.
    pub battery_wh_per_km: f64,
    /// Auxiliaries.
    pub auxiliary_wh_per_km: f64,
    /// Losses of the units, with their drag.
    pub units_wh_per_km: f64,
    /// Friction brakes.
    pub brakes_wh_per_km: f64,
    /// Road load without the units' drag.
    pub road_wh_per_km: f64,
    /// What the rest leaves: kinetic energy between start and end, and work that the car cannot give.
    pub rest_wh_per_km: f64,
}

impl Balance {
    fn new(result: &CycleResult) -> Self {
        let flow = result.flow();
        let per_km = |energy_j: f64| energy_j / result.distance_m * WH_PER_KM;
        let used_j = flow.battery_j + flow.auxiliary_j + flow.unit_j + flow.friction_j;
        let road_j = flow.rolling_j + flow.air_j;
        Self {
            cycle: result.cycle.clone(),
            wall_wh_per_km: per_km(flow.wall_j),
            charging_wh_per_km: per_km(flow.charger_j),
            battery_wh_per_km: per_km(flow.battery_j),
            auxiliary_wh_per_km: per_km(flow.auxiliary_j),
            units_wh_per_km: per_km(flow.unit_j),
            brakes_wh_per_km: per_km(flow.friction_j),
            road_wh_per_km: per_km(road_j),
            rest_wh_per_km: per_km(flow.wall_j - flow.charger_j - used_j - road_j),
        }
    }

    fn line(&self) -> String {
        let parts = [
            ("charging", self.charging_wh_per_km),
            ("battery", self.battery_wh_per_km),
            ("auxiliaries", self.auxiliary_wh_per_km),
            ("units", self.units_wh_per_km),
            ("brakes", self.brakes_wh_per_km),
            ("road", self.road_wh_per_km),
            ("rest", self.rest_wh_per_km),
        ];
        // Adding zero makes the zero that is left of a small negative number a positive one.
        let tenths = |value: f64| (10.0 * value).round() / 10.0 + 0.0;
        let parts = parts.map(|(name, value)| format!("{name} {:.1}", tenths(value)));
        let (cycle, wall) = (&self.cycle, self.wall_wh_per_km);
        format!("  {cycle}: wall {wall:.1} Wh/km = {}", parts.join(" + "))
    }
}

impl CarResults {
    /// For people.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!(
            "{} with units at {:.0} V",
            self.vehicle, self.dc_voltage_v
        )];
        lines.extend(self.axle_split.iter().flat_map(AxleSplit::lines));
        lines.extend(table(&self.results));
        lines.extend(self.balances.iter().map(Balance::line));
        lines.extend(self.temperatures.iter().map(Warmth::line));
        lines.extend(self.shortfalls.iter().map(|short| {
            format!(
                "  {}: not followed in {} steps, {:.1} Wh missing; worst at {:.0} s and {:.0} km/h, {:.0} N",
                short.cycle,
                short.steps,
                short.missing_wh,
                short.worst_at_s,
                short.worst_speed_km_per_h,
                short.worst_n
            )
        }));
        lines
    }
}

fn table(results: &BTreeMap<String, Outcome>) -> impl Iterator<Item = String> + '_ {
    results.iter().map(|(name, outcome)| {
        let target = outcome
            .target
            .map_or(String::new(), |t| format!("   (stated {t:.2})"));
        let decimals = if name.ends_with("_trace_violations") {
            0
        } else {
            2
        };
        format!("  {name:<40} {:>9.decimals$}{target}", outcome.value)
    })
}

/// Performance of a car, as `codrive vehicle performance` prints it.
#[derive(Clone, Debug, Serialize)]
pub struct CarPerformance {
    /// Vehicle id.
    pub vehicle: String,
    /// Charge of the figures in `results`, 0 to 1.
    pub charge: f64,
    /// By name, such as `zero_to_100_s`; what the car cannot do is absent.
    pub results: BTreeMap<String, Outcome>,
    /// What falls with the charge.
    pub charges: Vec<AtCharge>,
    /// What heat makes of it.
    pub endurance: Endurance,
    /// Temperature of air and tyres, °C.
    pub ambient_degc: f64,
    /// How two driven axles share the force in the hour and at steady speeds; absent with one.
    pub axle_split: Option<AxleSplit>,
}

/// What falls with the battery's voltage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AtCharge {
    /// State of charge, 0 to 1.
    pub charge: f64,
    /// DC voltage under full power at 80 km/h, V.
    pub voltage_v: f64,
    /// 0 to 100 km/h, s; absent where the car does not reach it.
    pub zero_to_100_s: Option<f64>,
    /// 80 to 120 km/h, s; likewise.
    pub eighty_to_120_s: Option<f64>,
}

impl CarPerformance {
    /// For people.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!(
            "{} at {:.0} % charge",
            self.vehicle,
            100.0 * self.charge
        )];
        lines.extend(self.axle_split.iter().flat_map(AxleSplit::lines));
        lines.extend(table(&self.results));
        let time = |s: Option<f64>| s.map_or("never".to_owned(), |s| format!("{s:.2} s"));
        lines.extend(self.charges.iter().map(|at| {
            format!(
                "  at {:>3.0} % charge: {:.0} V at 80 km/h, 0 to 100 km/h {}, 80 to 120 km/h {}",
                100.0 * at.charge,
                at.voltage_v,
                time(at.zero_to_100_s),
                time(at.eighty_to_120_s)
            )
        }));
        lines.extend(self.endurance.lines());
        lines
    }
}

/// Builds a car and judges it in cycles: shipped names, or CSV files.
///
/// # Errors
/// As [`Choice::build`]; a cycle that is unknown or wrong.
pub fn run(
    choice: &Choice<'_>,
    cycle_names: &[String],
    progress: &dyn Progress,
) -> Result<CarResults, StudyError> {
    let cycles = cycle_names
        .iter()
        .map(|name| cycle(name))
        .collect::<Result<Vec<_>, _>>()?;
    let car = choice.build(progress)?;
    let driven = drive(&car, &cycles).map_err(|error| car.refused(&error))?;
    let results = car.judge(&cycles.into_iter().collect())?;
    let mut named = outcomes(&results);
    named.extend(epa_label(&results));
    Ok(CarResults {
        axle_split: AxleSplit::of(&car, &driven),
        vehicle: car.vehicle.id.clone(),
        dc_voltage_v: car.dc_voltage_v,
        results: named,
        shortfalls: driven.iter().filter_map(shortfall).collect(),
        balances: driven.iter().map(Balance::new).collect(),
        temperatures: driven
            .iter()
            .flat_map(|result| Warmth::of(&car.vehicle, result))
            .collect(),
        ambient_degc: car.vehicle.road_load.ambient_k - ZERO_CELSIUS_K,
    })
}

/// Builds a car and states its performance.
///
/// # Errors
/// As [`Choice::build`].
pub fn performance(
    choice: &Choice<'_>,
    progress: &dyn Progress,
) -> Result<CarPerformance, StudyError> {
    performance_of(&choice.build(progress)?)
}

fn performance_of(car: &Car) -> Result<CarPerformance, StudyError> {
    let refused = |error| car.refused(&error);
    let at_test = car.performance(TEST_CHARGE).map_err(refused)?;
    let mut results = outcomes(&car.judge(&CycleSet::default())?);
    for (name, value) in [
        ("gradeability", at_test.gradeability()),
        (
            "continuous_grade_at_80_km_per_h",
            at_test.continuous_grade(GRADE_SPEED_M_S),
        ),
        ("continuous_power_kw", at_test.continuous_power_w() * 1e-3),
    ] {
        results.entry(name.to_owned()).or_insert(plain(value));
    }
    let rolled_s = at_test.time_after_rollout_s(FOOT_M, MPH_60_M_S);
    if rolled_s.is_finite() {
        results.insert(
            "zero_to_60_mph_after_one_foot_s".to_owned(),
            plain(rolled_s),
        );
    }
    let charges = CHARGES.into_iter().map(|charge| at_charge(car, charge));
    Ok(CarPerformance {
        axle_split: AxleSplit::of(car, &[]),
        vehicle: car.vehicle.id.clone(),
        charge: TEST_CHARGE,
        results,
        charges: charges.collect::<Result<_, _>>().map_err(refused)?,
        endurance: Endurance::of(car).map_err(refused)?,
        ambient_degc: car.vehicle.road_load.ambient_k - ZERO_CELSIUS_K,
    })
}

fn at_charge(car: &Car, charge: f64) -> Result<AtCharge, VehicleError> {
    let performance = car.performance(charge)?;
    let time = |from_km_per_h: f64, to_km_per_h: f64| {
        let time_s = performance.time_s(from_km_per_h / 3.6, to_km_per_h / 3.6);
        time_s.is_finite().then_some(time_s)
    };
    Ok(AtCharge {
        charge,
        voltage_v: performance.voltage_v(GRADE_SPEED_M_S),
        zero_to_100_s: time(0.0, 100.0),
        eighty_to_120_s: time(80.0, 120.0),
    })
}

/// Drives the cycles one by one.
fn drive(car: &Car, cycles: &[DriveCycle]) -> Result<Vec<CycleResult>, VehicleError> {
    let options = Options {
        split: car.split(),
        ..Options::default()
    };
    cycles
        .iter()
        .map(|cycle| simulate_cycle(&car.vehicle, &car.drives(), cycle, options))
        .collect()
}

fn shortfall(result: &CycleResult) -> Option<Shortfall> {
    let missing = &result.violations;
    (missing.count > 0).then(|| Shortfall {
        cycle: result.cycle.clone(),
        steps: missing.count,
        missing_wh: missing.missing_j / 3600.0,
        worst_n: missing.worst_n,
        worst_at_s: missing.worst_at_s,
        worst_speed_km_per_h: missing.worst_speed_m_s * 3.6,
    })
}

const fn plain(value: f64) -> Outcome {
    Outcome {
        value,
        target: None,
        margin: None,
    }
}

/// What the EPA's label says, by the two-cycle rule: consumption over 0.7, range times 0.7, 55 % city.
///
/// Empty unless both cycles were driven and followed.
fn epa_label(results: &VehicleResults) -> BTreeMap<String, Outcome> {
    let followed = |name: &str| results.cycle(name).filter(|c| c.trace_violations == 0);
    let (Some(city), Some(highway)) = (followed("udds"), followed("hwfet")) else {
        return BTreeMap::new();
    };
    let wall = CITY * city.wall_wh_per_km + (1.0 - CITY) * highway.wall_wh_per_km;
    let range_km = LABEL * (CITY * city.range_km + (1.0 - CITY) * highway.range_km);
    let mpge = |wall_wh_per_km: f64| LABEL * WH_PER_KM_MPGE / wall_wh_per_km;
    [
        ("epa_label_city_mpge", mpge(city.wall_wh_per_km)),
        ("epa_label_highway_mpge", mpge(highway.wall_wh_per_km)),
        ("epa_label_combined_mpge", mpge(wall)),
        ("epa_label_range_km", range_km),
        ("epa_label_range_mi", range_km / 1.609_344),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), plain(value)))
    .collect()
}

pub(crate) fn cycle(name: &str) -> Result<DriveCycle, StudyError> {
    let path = Path::new(name);
    let is_file = path.is_file() || path.extension().is_some();
    if !is_file {
        return shipped_cycle(name);
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    cycle_file(path, &stem)
}

/// A cycle from its file, under a name.
pub(crate) fn cycle_file(path: &Path, name: &str) -> Result<DriveCycle, StudyError> {
    let source = Source::read(path)?;
    let at_file = |mut error: InputError| {
        error.file = path.to_owned();
        error
    };
    Ok(DriveCycle::parse(name, &source.text).map_err(at_file)?)
}
