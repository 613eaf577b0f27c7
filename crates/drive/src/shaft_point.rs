//! Points of least current along rising shaft torque at one speed.
//!
//! Each is found by Newton's method in i_d and i_q at once, from where the last three points lead.
//! One equation is the torque balance: air-gap torque = shaft torque + drag. The other is the line on
//! which the point lies: MTPA, or the voltage limit between MTPA and MTPV
//! ([`crate::operating_point`] says why these two).

use crate::flux::UnitPoint;
use crate::operating_point::{AT_LIMIT, Around, LIMIT_MISS, Search, newton_step};

/// Steps of Newton's method, most; it takes two to four.
const STEPS: usize = 10;

/// Largest distance from MTPA, over the current of the map's far corner.
const MTPA_MISS: f64 = 1e-9;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Mtpa,
    VoltageLimit,
}

/// Points found so far at one speed.
pub(crate) struct Rising<'a> {
    search: &'a Search<'a>,
    /// Air-gap torque of the largest braking and motoring, N·m per metre.
    ends_nm_per_m: [f64; 2],
    /// Shaft torque, N·m, and currents, A, of the last three points, the latest first.
    last: [(f64, [f64; 2]); 3],
    count: usize,
    at_limit: bool,
    /// Drag at all currents of the map, N·m.
    drag_nm: Vec<f64>,
}

impl<'a> Rising<'a> {
    /// Starts without points; `ends` are those of largest braking and motoring.
    pub(crate) fn new(search: &'a Search<'a>, ends: (&UnitPoint, &UnitPoint)) -> Self {
        Self {
            search,
            ends_nm_per_m: [ends.0.torque_nm_per_m, ends.1.torque_nm_per_m],
            last: Default::default(),
            count: 0,
            at_limit: false,
            drag_nm: search.machine.drag_table_nm(&search.state),
        }
    }

    /// Takes a point as the latest.
    pub(crate) fn push(&mut self, shaft_nm: f64, point: &UnitPoint) {
        self.last.rotate_right(1);
        self.last[0] = (shaft_nm, [point.i_d_a, point.i_q_a]);
        self.count += 1;
        self.at_limit = self.search.excess(point).abs() < AT_LIMIT;
    }

    /// The point of a shaft torque; `None` where Newton's method leads elsewhere.
    pub(crate) fn at(&self, shaft_nm: f64) -> Option<UnitPoint> {
        let lines = if self.at_limit {
            [Line::VoltageLimit, Line::Mtpa]
        } else {
            [Line::Mtpa, Line::VoltageLimit]
        };
        let start = self.ahead(shaft_nm)?;
        lines.into_iter().find_map(|line| {
            let point = self.on_line(line, shaft_nm, start)?;
            self.belongs(line, &point).then_some(point)
        })
    }

    /// Where the parabola through the last three points leads; the last point itself without them.
    fn ahead(&self, shaft_nm: f64) -> Option<[f64; 2]> {
        let [(a, at_a), (b, at_b), (c, at_c)] = self.last;
        if self.count < 3 {
            return (self.count > 0).then_some(at_a);
        }
        let share = |x: f64, y: f64, z: f64| (shaft_nm - y) * (shaft_nm - z) / ((x - y) * (x - z));
        let (of_a, of_b, of_c) = (share(a, b, c), share(b, a, c), share(c, a, b));
        let ahead = [0, 1].map(|k| of_a * at_a[k] + of_b * at_b[k] + of_c * at_c[k]);
        let known = self.search.machine.tables.flux.contains(ahead[0], ahead[1]);
        Some(if known { ahead } else { at_a })
    }

    /// Whether a point of one line is the one of least current, inside the envelope.
    fn belongs(&self, line: Line, point: &UnitPoint) -> bool {
        let loci = &self.search.machine.tables.loci;
        let [low, high] = self.ends_nm_per_m;
        let torque = point.torque_nm_per_m.abs();
        let on_its_part = match line {
            Line::Mtpa => {
                torque <= loci.torque_reach_nm_per_m() && self.search.excess(point) <= 0.0
            }
            Line::VoltageLimit => {
                (loci.mtpv_i_d_a(torque)..=loci.mtpa_i_d_a(torque)).contains(&point.i_d_a)
            }
        };
        on_its_part && (low..=high).contains(&point.torque_nm_per_m)
    }

    fn on_line(&self, line: Line, shaft_nm: f64, start: [f64; 2]) -> Option<UnitPoint> {
        let machine = self.search.machine;
        let [low, high] = self.ends_nm_per_m;
        let tolerance = 1e-11 * high.max(-low);
        let mut i = start;
        for _ in 0..STEPS {
            if !machine.tables.flux.contains(i[0], i[1]) {
                return None;
            }
            let around = self.search.around(i);
            let (drag_nm, drag_slope) = machine.tables.losses.slopes_in(&self.drag_nm, i[0], i[1]);
            let miss = around.point.torque_nm_per_m - (shaft_nm + drag_nm) / machine.stack_m;
            let ((line_miss, line_slope), reached) = match line {
                Line::Mtpa => (mtpa_miss(self.search, &around), MTPA_MISS),
                Line::VoltageLimit => (self.search.voltage_miss(&around), LIMIT_MISS),
            };
            if miss.abs() <= tolerance && line_miss.abs() <= reached {
                return Some(around.point);
            }
            let slope = [0, 1].map(|k| around.torque_slope[k] - drag_slope[k] / machine.stack_m);
            let step = newton_step([slope, line_slope], [miss, line_miss]);
            i = [i[0] + step[0], i[1] + step[1]];
        }
        None
    }
}

/// Distance from MTPA over the current of the map's far corner, and its derivatives by i_d and i_q.
fn mtpa_miss(search: &Search<'_>, around: &Around) -> (f64, [f64; 2]) {
    let (flux, loci) = (&search.machine.tables.flux, &search.machine.tables.loci);
    let point = &around.point;
    let (mtpa_i_d_a, slope) = loci.mtpa_i_d_with_slope(point.torque_nm_per_m.abs());
    let slope = slope * point.torque_nm_per_m.signum();
    let [by_i_d, by_i_q] = around.torque_slope;
    let scale = flux.i_d_min_a().hypot(flux.i_q_max_a());
    let slopes = [1.0 - slope * by_i_d, -slope * by_i_q];
    let miss = (point.i_d_a - mtpa_i_d_a) / scale;
    (miss, slopes.map(|s| s / scale))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{machine, tables};

    /// Against the bracketed search, which knows nothing of neighbours: the same shaft torque, the same
    /// currents, both below the voltage limit and on it.
    #[test]
    fn points_along_the_torque_are_those_of_the_bracketed_search() {
        let tables = tables();
        let machine = machine(&tables);
        let voltage_limit_per_m =
            0.93 * 360.0 / 3.0_f64.sqrt() / (machine.ratio() * machine.stack_m);
        for speed in [0.0, 100.0, 500.0, 800.0, 1100.0] {
            let search = Search {
                machine: &machine,
                state: machine.at_speed(speed, 373.15),
                voltage_limit_per_m,
            };
            let idle = tables.flux.at(0.0, 0.0);
            let at_limit = |torque: f64| search.least_current(torque, &idle);
            let Some(largest) = (1..=30).rev().find_map(|n| at_limit(50.0 * f64::from(n))) else {
                panic!("no torque at {speed}");
            };
            let braking = at_limit(-0.99 * largest.torque_nm_per_m).unwrap();
            let ends = (&braking, &largest);
            let shaft = |point: &UnitPoint| {
                point.torque_nm_per_m * machine.stack_m - machine.drag_nm(point, &search.state)
            };
            let mut rising = Rising::new(&search, ends);
            rising.push(shaft(&braking), &braking);
            let (low, high) = (shaft(&braking), shaft(&largest));
            let mut found = 0;
            for step in 1..40 {
                let shaft_nm = low + (high - low) * f64::from(step) / 40.0;
                let slow = search
                    .at_shaft_torque(shaft_nm, ends, &largest, |point| point)
                    .unwrap();
                let point = rising.at(shaft_nm).unwrap_or(slow);
                found += usize::from(point != slow);
                rising.push(shaft_nm, &point);
                assert!((shaft(&point) - shaft_nm).abs() < 1e-9 * high, "{speed}");
                let excess = point.current_a() - slow.current_a();
                assert!(
                    excess < 1e-4 * slow.current_a() + 1e-3,
                    "{speed} {shaft_nm}: {excess}"
                );
                assert!(search.excess(&point) < 1e-7, "{speed} {shaft_nm}");
            }
            assert!(found >= 30, "{speed}: Newton's method found {found} of 39");
        }
    }

    #[test]
    fn the_table_of_drag_is_the_drag() {
        let tables = tables();
        let machine = machine(&tables);
        for speed in [0.0, 300.0, 1200.0] {
            let state = machine.at_speed(speed, 373.15);
            let table = machine.drag_table_nm(&state);
            for (i_d, i_q) in [(-10.0, 0.0), (-333.0, 500.0), (-400.0, -77.0)] {
                let (drag_nm, _) = tables.losses.slopes_in(&table, i_d, i_q);
                let direct = machine.drag_nm(&tables.flux.at(i_d, i_q), &state);
                assert!(
                    (drag_nm - direct).abs() < 1e-12 * direct,
                    "{speed}: {drag_nm}"
                );
            }
        }
    }
}
