//! What of a map's envelope can be held: for ever, for seconds, for 30 minutes.

use std::f64::consts::PI;

use codrive_model::unit::Ratings;
use codrive_model::unit_heat::UnitHeat;

use crate::error::DriveError;
use crate::motor_map::{Bench, Row, RowPoint};
use crate::thermal::ratings::{
    LoadPoint, THIRTY_MINUTES_S, continuous_load, short_time_load, start_k,
};
use crate::thermal::{AtSpeed, HeatLoad, Limits, Start, ThermalNetwork};

/// Share of the largest peak power that the speed of the 30-minute power must leave.
///
/// Source: UN Regulation No. 85, paragraph 5.3.2.
const LEAST_PEAK_SHARE: f64 = 0.9;

/// What a map holds.
pub(crate) struct Held {
    /// Motoring torque held for ever at each speed, N·m.
    pub(crate) continuous_nm: Vec<f64>,
    pub(crate) ratings: Option<Ratings>,
    pub(crate) heat: Option<UnitHeat>,
}

/// One speed with what heats the unit there.
struct Heated<'n> {
    at: AtSpeed<'n>,
    points: Vec<LoadPoint>,
    /// Share of the peak torque held for ever.
    continuous: f64,
    peak_nm: f64,
    speed_rad_per_s: f64,
}

/// All that the rows of a map hold.
pub(crate) fn held(bench: &Bench<'_>, rows: &[Row<'_>]) -> Result<Held, DriveError> {
    let network = ThermalNetwork::new(bench.machine, &bench.conditions.cooling)?;
    let limits = limits(bench);
    let heated: Vec<Heated<'_>> = rows
        .iter()
        .map(|row| {
            let at = network.at_speed(row.state.speed_rad_per_s);
            let points = load_points(bench, &network, row)?;
            Ok(Heated {
                continuous: continuous_load(&at, &points, &limits)?,
                at,
                points,
                peak_nm: row.envelope_nm[1],
                speed_rad_per_s: row.state.speed_rad_per_s,
            })
        })
        .collect::<Result<_, DriveError>>()?;
    let ratings = bench.conditions.ratings_from;
    let heat = ratings
        .map(|_| in_cars(&network, &limits, rows))
        .transpose()?;
    Ok(Held {
        heat,
        continuous_nm: heated.iter().map(|h| h.continuous * h.peak_nm).collect(),
        ratings: ratings
            .map(|start| in_time(&heated, &limits, start))
            .transpose()?,
    })
}

/// How the unit warms up in cars; the gear set's heat comes with the gear set.
fn in_cars(
    network: &ThermalNetwork,
    limits: &Limits,
    rows: &[Row<'_>],
) -> Result<UnitHeat, DriveError> {
    let loads = |row: &Row<'_>| {
        let points = row.points.iter();
        let heat = |point: &RowPoint| {
            HeatLoad::of_machine(&point.loss, &row.state, network.tooth_share)
                .with_inverter(point.inverter.total_w)
        };
        (row.state.speed_rad_per_s, points.map(heat).collect())
    };
    let rows: Vec<(f64, Vec<HeatLoad>)> = rows.iter().map(loads).collect();
    network.in_four_lumps(limits, &rows)
}

/// What may become how hot.
pub(crate) fn limits(bench: &Bench<'_>) -> Limits {
    Limits {
        winding_k: bench.conditions.winding_limit_k,
        magnet_k: bench.conditions.magnet_limit_k,
        junction_k: bench.inverter.inverter().junction_limit_k,
    }
}

/// What heats the unit at all motoring loads of a speed.
fn load_points(
    bench: &Bench<'_>,
    network: &ThermalNetwork,
    row: &Row<'_>,
) -> Result<Vec<LoadPoint>, DriveError> {
    let gear = bench.conditions.cooling.gear_loss_share * row.state.speed_rad_per_s;
    let search = bench.search_in(row.state);
    let frequency_hz = row.state.electrical_rad_per_s / (2.0 * PI);
    let motoring = row
        .loads
        .iter()
        .zip(&row.points)
        .filter(|(load, _)| **load >= 0.0);
    motoring
        .map(|(load, point)| {
            let heat = HeatLoad::of_machine(&point.loss, &row.state, network.tooth_share)
                .with_gear(gear * load * row.envelope_nm[1])
                .with_inverter(point.inverter.total_w);
            let ac = bench.ac_point(&search, &point.unit);
            Ok(LoadPoint {
                load: *load,
                heat,
                junction_k: bench.inverter.peak_junction_k(ac, frequency_hz)?,
            })
        })
        .collect()
}

fn in_time(heated: &[Heated<'_>], limits: &Limits, start: Start) -> Result<Ratings, DriveError> {
    let mut ratings = Ratings::default();
    let held_w = |h: &&Heated<'_>| h.continuous * h.peak_nm * h.speed_rad_per_s;
    let Some(usual) = heated.iter().max_by(|a, b| held_w(a).total_cmp(&held_w(b))) else {
        return Ok(ratings);
    };
    let from = start_k(&usual.at, &usual.points, usual.continuous, start)?;
    for h in heated {
        let held_nm = |seconds| {
            let load = short_time_load(&h.at, &h.points, limits, &from, seconds);
            h.peak_nm * load.max(h.continuous)
        };
        ratings.torque_10s_nm.push(held_nm(10.0));
        ratings.torque_30s_nm.push(held_nm(30.0));
    }
    let peak_w = |h: &Heated<'_>| h.peak_nm * h.speed_rad_per_s;
    let largest_w = heated.iter().map(peak_w).fold(0.0, f64::max);
    for h in heated
        .iter()
        .filter(|h| peak_w(h) >= LEAST_PEAK_SHARE * largest_w)
    {
        let soaked = h.at.soaked_k();
        let load = short_time_load(&h.at, &h.points, limits, &soaked, THIRTY_MINUTES_S);
        if load * peak_w(h) > ratings.power_30min_w {
            ratings.power_30min_w = load * peak_w(h);
            ratings.speed_30min_rad_per_s = h.speed_rad_per_s;
        }
    }
    Ok(ratings)
}
