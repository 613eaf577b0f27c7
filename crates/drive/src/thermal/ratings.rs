//! How much can be held for how long: at one speed, over the loads of a map.
//!
//! For ever, for some seconds from a stated start, and for the 30 minutes of UN R85.

use codrive_numerics::roots::{Tolerance, bracketed_from};

use super::heat::HeatLoad;
use super::limits::{DERATING_SPAN_K, Limits};
use super::network::{AtSpeed, ByNode};
use super::steady::{Steady, Temperatures};
use super::transient::steps;
use crate::error::{DriveError, non_negative};

/// Time of the power of UN R85, s.
pub const THIRTY_MINUTES_S: f64 = 1_800.0;
/// Excess that stands for a winding that runs away, K.
const RUNAWAY_EXCESS_K: f64 = 1e3;

/// State from which a short-time rating starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Start {
    /// Everything at the temperature of the coolant's inlet.
    CoolantSoaked,
    /// The steady state at this share of the continuous torque, at the speed where that gives the largest
    /// power: one state for all speeds. A unit does not come to its highest speed from a steady state there.
    Continuous(f64),
}

impl Start {
    pub(crate) fn check(self) -> Result<(), DriveError> {
        match self {
            Self::Continuous(share) if share > 1.0 => Err(DriveError::OutOfRange {
                what: "share of the continuous torque",
                value: share,
                allowed: "from 0 to 1",
            }),
            Self::Continuous(share) => {
                non_negative("share of the continuous torque", share).map(|_| ())
            }
            Self::CoolantSoaked => Ok(()),
        }
    }
}

/// How near a load is found, in its square, in how many steps. Not in kelvin: over 10 s a magnet at its
/// limit hardly feels the load.
const NEAR: Tolerance = Tolerance {
    x: 1e-4,
    f: 0.0,
    calls: 20,
};

/// An operating point of one speed with what heats it.
#[derive(Clone, Copy, Debug)]
pub struct LoadPoint {
    /// Torque over that of the peak envelope, 0 to 1.
    pub load: f64,
    /// Losses.
    pub heat: HeatLoad,
    /// Hottest junction of the inverter when settled, K.
    pub junction_k: f64,
}

impl LoadPoint {
    /// Between two points: losses and junction linear in the square of the load, as copper loss is.
    #[must_use]
    pub fn between(a: &Self, b: &Self, squared: f64) -> Self {
        let (low, high) = (a.load * a.load, b.load * b.load);
        let t = (squared - low) / (high - low);
        Self {
            load: squared.sqrt(),
            heat: HeatLoad::between(&a.heat, &b.heat, t),
            junction_k: a.junction_k + (b.junction_k - a.junction_k) * t,
        }
    }

    /// The point of a load between those of a row ascending in load; held at the ends.
    #[must_use]
    pub fn at(row: &[Self], load: f64) -> Option<Self> {
        let upper = row.partition_point(|point| point.load < load);
        match (
            upper.checked_sub(1).and_then(|i| row.get(i)),
            row.get(upper),
        ) {
            (Some(a), Some(b)) => Some(Self::between(a, b, load * load)),
            (one, other) => other.or(one).copied(),
        }
    }
}

/// Largest load of a row at which `excess` is not above zero, found to 1e-4 of its square on the cool side; zero
/// where even the lowest is hot.
///
/// Bisection over the row, then a root between two neighbours: as losses, the excess rises with load.
fn largest_cool_load(row: &[LoadPoint], mut excess: impl FnMut(&LoadPoint) -> f64) -> f64 {
    let (Some(first), Some(last)) = (row.first(), row.last()) else {
        return 0.0;
    };
    let (mut above, mut below) = (excess(last), excess(first));
    if below > 0.0 {
        return 0.0;
    }
    if above <= 0.0 {
        return last.load;
    }
    let (mut cool, mut hot) = (0, row.len() - 1);
    while hot - cool > 1 {
        let middle = usize::midpoint(cool, hot);
        let value = excess(&row[middle]);
        if value > 0.0 {
            (hot, above) = (middle, value);
        } else {
            (cool, below) = (middle, value);
        }
    }
    let (low, high) = (row[cool].load.powi(2), row[hot].load.powi(2));
    let at = |squared: f64| excess(&LoadPoint::between(&row[cool], &row[hot], squared));
    let root = bracketed_from(at, (low, below), (high, above), NEAR);
    root.map_or(row[cool].load, |squared| (squared - NEAR.x).max(low).sqrt())
}

/// Load up to which a speed can be held for ever; `row` ascends in load.
///
/// It is what derating leaves: the load at which the steady state releases just that load. Held to the limits
/// themselves, a unit would release nothing of it.
///
/// # Errors
/// A network that no heat leaves.
pub fn continuous_load(
    at: &AtSpeed<'_>,
    row: &[LoadPoint],
    limits: &Limits,
) -> Result<f64, DriveError> {
    let steady = at.steady()?;
    Ok(largest_cool_load(row, |point| {
        steady_excess_k(&steady, point, limits) + DERATING_SPAN_K * point.load
    }))
}

/// Excess in the steady state; where the winding runs away, that with the copper loss at its limit
/// temperature, which is then above zero: were it not, a steady state below the limit existed.
fn steady_excess_k(steady: &Steady<'_>, point: &LoadPoint, limits: &Limits) -> f64 {
    let at = steady
        .temperatures(&point.heat)
        .unwrap_or_else(|_| steady.at_winding(&point.heat, limits.winding_k));
    limits.excess_k(&at, point.junction_k)
}

/// Temperatures of a start at one speed, K; `continuous` is the continuous load of that speed.
///
/// # Errors
/// A network that no heat leaves, or a share of the continuous load at which the winding runs away.
pub fn start_k(
    at: &AtSpeed<'_>,
    row: &[LoadPoint],
    continuous: f64,
    start: Start,
) -> Result<ByNode, DriveError> {
    match (start, LoadPoint::at(row, continuous * share_of(start))) {
        (Start::Continuous(_), Some(point)) => Ok(at.steady()?.temperatures(&point.heat)?.node_k),
        _ => Ok(at.soaked_k()),
    }
}

fn share_of(start: Start) -> f64 {
    match start {
        Start::CoolantSoaked => 0.0,
        Start::Continuous(share) => share,
    }
}

/// Largest load that a speed can be held at for `seconds` from a start; `row` ascends in load.
///
/// Junctions settle within seconds and count as settled.
#[must_use]
pub fn short_time_load(
    at: &AtSpeed<'_>,
    row: &[LoadPoint],
    limits: &Limits,
    start_k: &ByNode,
    seconds: f64,
) -> f64 {
    let excess = |point: &LoadPoint| {
        at.after(start_k, &point.heat, seconds)
            .map_or(RUNAWAY_EXCESS_K, |t| limits.excess_k(&t, point.junction_k))
    };
    largest_cool_load(row, excess)
}

/// Time until derating begins at a load, from a start, s: the first limit is nearer than
/// [`DERATING_SPAN_K`]. `None` where that does not happen within `longest_s`.
///
/// # Errors
/// A winding that runs away before.
pub fn time_to_derating_s(
    at: &AtSpeed<'_>,
    point: &LoadPoint,
    limits: &Limits,
    start_k: &ByNode,
    longest_s: f64,
) -> Result<Option<f64>, DriveError> {
    let nearness = |node_k: &ByNode| {
        let now = Temperatures::new(at.network, *node_k);
        limits.excess_k(&now, point.junction_k) + DERATING_SPAN_K
    };
    let (mut now, mut time, mut below) = (*start_k, 0.0, nearness(start_k));
    if below >= 0.0 {
        return Ok(Some(0.0));
    }
    for step in steps(longest_s) {
        let next = at.step(&now, &point.heat, step)?;
        let above = nearness(&next);
        if above >= 0.0 {
            let within = |part: f64| {
                at.step(&now, &point.heat, part)
                    .map_or(RUNAWAY_EXCESS_K, |k| nearness(&k))
            };
            let root = bracketed_from(within, (0.0, below), (step, above), NEAR);
            return Ok(Some(time + root.unwrap_or(step)));
        }
        (now, time, below) = (next, time + step, above);
    }
    Ok(None)
}
