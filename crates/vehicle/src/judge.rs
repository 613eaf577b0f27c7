//! A whole car with its units: every target, every cycle.

use codrive_model::requirement::{CycleFigure, Figure, Judged, Target, VehicleResults};
use codrive_model::vehicle::Vehicle;

use crate::acceleration::{KM_PER_H_80, KM_PER_H_100, KM_PER_H_120};
use crate::cycle::{CycleSet, DriveCycle};
use crate::error::VehicleError;
use crate::performance::Performance;
use crate::simulate::{Options, simulate_cycle};
use crate::split::{AxleDrive, Split};

/// The WLTP's cycle for cars of more than 34 kW/t, by name.
const WLTP_CYCLE: &str = "wltc3b";
/// The EPA's two cycles, by name: their label consumption is the measured one over 0.7.
const EPA_CYCLES: [&str; 2] = ["udds", "hwfet"];
/// Adjustment of unadjusted EPA results to label values (40 CFR 600.210-12, derived 5-cycle
/// alternative for electric cars); exact for i3 and I-Pace.
const EPA_LABEL: f64 = 0.7;
/// Steady speeds for which consumption is stated, km/h.
const STEADY_KM_PER_H: [f64; 5] = [50.0, 90.0, 100.0, 120.0, 130.0];
/// J/m in Wh/km.
const WH_PER_KM: f64 = 1.0 / 3.6;

/// Judges a car with its units by every target that it states and in every cycle given.
///
/// The WLTP range needs the cycle `wltc3b` in the set; without it the target is left out.
///
/// # Errors
/// The units are not those of the driven axles, or a map cannot be used.
pub fn judge(
    vehicle: &Vehicle,
    drives: &[AxleDrive<'_>],
    split: Split,
    cycles: &CycleSet,
) -> Result<VehicleResults, VehicleError> {
    let performance = Performance::new(vehicle, drives)?;
    judge_with(vehicle, drives, split, cycles, &performance)
}

/// [`judge`] with the performance of units whose voltage follows the battery
/// ([`Performance::on_battery`]); the cycles are driven with the maps of `drives`.
///
/// # Errors
/// As [`judge`].
pub fn judge_with(
    vehicle: &Vehicle,
    drives: &[AxleDrive<'_>],
    split: Split,
    cycles: &CycleSet,
    performance: &Performance<'_>,
) -> Result<VehicleResults, VehicleError> {
    let options = Options {
        split,
        ..Options::default()
    };
    let figures_of = |cycle: &DriveCycle| cycle_figure(vehicle, drives, cycle, options);
    let cycle_figures: Vec<CycleFigure> =
        cycles.iter().map(figures_of).collect::<Result<_, _>>()?;
    let mut targets = performance_targets(vehicle, performance);
    let wltp = cycle_figures
        .iter()
        .find(|figure| figure.cycle == WLTP_CYCLE);
    if let (Some(asked), Some(wltp)) = (vehicle.targets.wltp_range_m, wltp) {
        targets.push(Judged::new(Target::WltpRange, wltp.range_km, asked * 1e-3));
    }
    let mut figures = performance_figures(performance);
    figures.extend(label_figures(&cycle_figures));
    figures.extend(steady_figures(vehicle, drives, options, performance)?);
    Ok(VehicleResults {
        vehicle: vehicle.id.clone(),
        targets,
        figures,
        cycles: cycle_figures,
    })
}

fn performance_targets(vehicle: &Vehicle, performance: &Performance<'_>) -> Vec<Judged> {
    let asked = &vehicle.targets;
    let time = |from, to| performance.time_s(from, to).min(f64::MAX);
    let mut judged = vec![Judged::new(
        Target::ZeroTo100,
        time(0.0, KM_PER_H_100),
        asked.zero_to_100_s,
    )];
    judged.extend(
        asked
            .eighty_to_120_s
            .map(|s| Judged::new(Target::EightyTo120, time(KM_PER_H_80, KM_PER_H_120), s)),
    );
    let top_m_s = performance.top_speed_m_s();
    judged.push(Judged::new(
        Target::TopSpeed,
        top_m_s * 3.6,
        asked.top_speed_m_s * 3.6,
    ));
    let grade = performance.gradeability();
    judged.push(Judged::new(
        Target::Gradeability,
        grade * 100.0,
        asked.gradeability * 100.0,
    ));
    judged.extend(asked.continuous_speed_m_s.map(|speed| {
        let held_m_s = performance.continuous_speed_m_s();
        Judged::new(Target::ContinuousSpeed, held_m_s * 3.6, speed * 3.6)
    }));
    judged.extend(asked.continuous_grade.map(|held| {
        let grade = performance.continuous_grade(held.speed_m_s);
        Judged::new(Target::ContinuousGrade, grade * 100.0, held.grade * 100.0)
    }));
    judged
}

fn performance_figures(performance: &Performance<'_>) -> Vec<Figure> {
    let time = |name: &str, from_km_per_h: f64, to_km_per_h: f64| {
        let time_s = performance.time_s(from_km_per_h / 3.6, to_km_per_h / 3.6);
        Figure {
            name: name.to_owned(),
            value: time_s.is_finite().then_some(time_s),
        }
    };
    let value = |name: &str, value: f64| Figure {
        name: name.to_owned(),
        value: Some(value),
    };
    vec![
        time("zero_to_60_km_per_h_s", 0.0, 60.0),
        time("zero_to_60_mph_s", 0.0, 60.0 * 1.609_344),
        time("zero_to_100_s", 0.0, 100.0),
        time("sixty_to_100_s", 60.0, 100.0),
        time("eighty_to_120_s", 80.0, 120.0),
        value("top_speed_km_per_h", performance.top_speed_m_s() * 3.6),
        value(
            "continuous_speed_km_per_h",
            performance.continuous_speed_m_s() * 3.6,
        ),
    ]
}

/// The EPA label's consumption, Wh/km at the wall.
fn label_figures(cycles: &[CycleFigure]) -> Vec<Figure> {
    EPA_CYCLES
        .iter()
        .filter_map(|name| cycles.iter().find(|figure| figure.cycle == *name))
        .map(|figure| Figure {
            name: format!("{}_label_wall_wh_per_km", figure.cycle),
            value: (figure.trace_violations == 0).then_some(figure.wall_wh_per_km / EPA_LABEL),
        })
        .collect()
}

fn cycle_figure(
    vehicle: &Vehicle,
    drives: &[AxleDrive<'_>],
    cycle: &DriveCycle,
    options: Options,
) -> Result<CycleFigure, VehicleError> {
    let result = simulate_cycle(vehicle, drives, cycle, options)?;
    Ok(CycleFigure {
        cycle: result.cycle,
        battery_wh_per_km: result.consumption.battery_j_per_m * WH_PER_KM,
        wall_wh_per_km: result.consumption.wall_j_per_m * WH_PER_KM,
        range_km: result.consumption.range_m * 1e-3,
        trace_violations: result.violations.count,
    })
}

/// Consumption at steady speeds, Wh/km from the battery; absent above the top speed.
fn steady_figures(
    vehicle: &Vehicle,
    drives: &[AxleDrive<'_>],
    options: Options,
    performance: &Performance<'_>,
) -> Result<Vec<Figure>, VehicleError> {
    let top_m_s = performance.top_speed_m_s();
    let mut figures = Vec::new();
    for km_per_h in STEADY_KM_PER_H {
        let name = format!("steady_{km_per_h:.0}_km_per_h_wh_per_km");
        let speed_m_s = km_per_h / 3.6;
        let value = if speed_m_s <= top_m_s {
            let steady = DriveCycle::steady(&name, speed_m_s);
            let result = simulate_cycle(vehicle, drives, &steady, options)?;
            Some(result.consumption.battery_j_per_m * WH_PER_KM)
        } else {
            None
        };
        figures.push(Figure { name, value });
    }
    Ok(figures)
}
