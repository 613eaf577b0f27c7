//! Currents for a torque at a speed, under the voltage limit.
//!
//! On a contour of constant torque, going from MTPA towards more negative i_d, the current rises
//! and the voltage falls until MTPV. The point of least current that keeps the voltage limit is
//! therefore MTPA where it keeps it, else the one root between MTPA and MTPV. Resistance and
//! end-winding leakage move the minimum of the voltage from MTPV towards MTPA; where MTPV does not
//! keep the limit, that minimum is found by golden section and takes its place.

use codrive_numerics::golden;
use codrive_numerics::roots::{Tolerance, bracketed, bracketed_from};

use crate::flux::UnitPoint;
use crate::machine::{Machine, SpeedState};

/// Share by which the voltage may exceed its limit at MTPV: MTPV is found without resistance.
const MTPV_SLACK: f64 = 2e-3;

/// Most steps that close the torque balance. Each shrinks the miss by ∂(drag)/∂T, which in deep
/// field weakening, where iron loss changes much with little torque, is not far below 1.
const CLOSING_STEPS: usize = 200;

/// Secant steps before that, most.
const SECANT_STEPS: usize = 12;

/// Newton steps on torque and voltage limit at once, most, and the relative misses that end them.
const LIMIT_STEPS: usize = 8;
pub(crate) const LIMIT_MISS: f64 = 1e-8;

/// Relative distance from the voltage limit within which a guess counts as lying on it.
pub(crate) const AT_LIMIT: f64 = 1e-3;

/// Calls of golden section for the least voltage on a torque contour.
const MINIMUM_CALLS: usize = 40;

/// One machine at one speed under one voltage limit.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// The machine.
    pub machine: &'a Machine<'a>,
    /// The speed.
    pub state: SpeedState,
    /// Highest phase voltage amplitude over k and stack length, V/m.
    pub voltage_limit_per_m: f64,
}

/// A point with its derivatives by i_d and i_q.
pub(crate) struct Around {
    pub(crate) point: UnitPoint,
    /// [[∂ψ_d/∂i_d, ∂ψ_d/∂i_q], [∂ψ_q/∂i_d, ∂ψ_q/∂i_q]], V·s/(A·m).
    inductances: [[f64; 2]; 2],
    /// Of the air-gap torque, N·m/(A·m).
    pub(crate) torque_slope: [f64; 2],
}

/// The step that takes two misses with the given slopes to zero.
pub(crate) fn newton_step(slopes: [[f64; 2]; 2], misses: [f64; 2]) -> [f64; 2] {
    let [[a, b], [c, d]] = slopes;
    let determinant = a * d - b * c;
    [
        (b * misses[1] - d * misses[0]) / determinant,
        (c * misses[0] - a * misses[1]) / determinant,
    ]
}

/// How far a current amplitude reaches, whatever the speed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurrentCircle {
    /// Amplitude of the unit current, A.
    pub current_a: f64,
    /// i_d of MTPA at that amplitude, A.
    mtpa_i_d_a: f64,
    /// i_d where the circle meets MTPV, the map's edge or the negative d axis, A.
    end_i_d_a: f64,
}

impl CurrentCircle {
    /// The circle of a unit current; `current_a` at most the reach of the loci.
    #[must_use]
    pub fn new(machine: &Machine<'_>, current_a: f64) -> Self {
        let (flux, loci) = (&machine.tables.flux, &machine.tables.loci);
        let mtpa_i_d_a = loci
            .mtpa_i_d_a(loci.torque_nm_per_m(current_a))
            .max(-current_a);
        let floor = flux.i_d_min_a().max(-current_a);
        let beyond_mtpv = |i_d: f64| {
            let point = on_circle(machine, current_a, i_d);
            i_d - loci.mtpv_i_d_a(point.torque_nm_per_m.max(0.0))
        };
        let tolerance = Tolerance {
            x: 1e-6 * current_a,
            f: 1e-6 * current_a,
            calls: 40,
        };
        let end_i_d_a = if beyond_mtpv(floor) >= 0.0 {
            floor
        } else {
            bracketed(beyond_mtpv, mtpa_i_d_a, floor, tolerance).unwrap_or(mtpa_i_d_a)
        };
        Self {
            current_a,
            mtpa_i_d_a,
            end_i_d_a,
        }
    }

    /// Largest air-gap torque of the circle over stack length, N·m/m.
    pub(crate) fn torque_nm_per_m(&self, machine: &Machine<'_>) -> f64 {
        on_circle(machine, self.current_a, self.mtpa_i_d_a).torque_nm_per_m
    }
}

fn on_circle(machine: &Machine<'_>, current_a: f64, i_d_a: f64) -> UnitPoint {
    let flux = &machine.tables.flux;
    let i_q_a = (current_a * current_a - i_d_a * i_d_a).max(0.0).sqrt();
    flux.at(i_d_a, i_q_a.min(flux.i_q_max_a()))
}

impl Search<'_> {
    /// Phase voltage (v_d, v_q) over k and stack length, V/m:
    /// v = R i + jω (ψ + L_end i), resistance with its AC part.
    #[must_use]
    pub fn voltage_per_m(&self, point: &UnitPoint) -> (f64, f64) {
        let r = self.state.slot_resistance_per_m + self.state.end_resistance_per_m;
        let (w, leakage) = (self.state.electrical_rad_per_s, self.machine.leakage_per_m);
        let psi_d = point.psi_d_vs_per_m + leakage * point.i_d_a;
        let psi_q = point.psi_q_vs_per_m + leakage * point.i_q_a;
        (r * point.i_d_a - w * psi_q, r * point.i_q_a + w * psi_d)
    }

    /// Voltage over its limit, minus 1: at most zero where the point is possible.
    pub(crate) fn excess(&self, point: &UnitPoint) -> f64 {
        let (v_d, v_q) = self.voltage_per_m(point);
        v_d.hypot(v_q) / self.voltage_limit_per_m - 1.0
    }

    /// `point` or its mirror image.
    fn signed(point: UnitPoint, motoring: bool) -> UnitPoint {
        if motoring { point } else { point.mirrored() }
    }

    /// Voltage over its limit, minus 1, at MTPA of a current circle, motoring.
    #[must_use]
    pub fn excess_at_mtpa(&self, circle: &CurrentCircle) -> f64 {
        self.excess(&on_circle(
            self.machine,
            circle.current_a,
            circle.mtpa_i_d_a,
        ))
    }

    /// The point of largest air-gap torque in one direction; `None` where no torque is possible.
    #[must_use]
    pub fn largest(&self, circle: &CurrentCircle, motoring: bool) -> Option<UnitPoint> {
        let at = |i_d: f64| Self::signed(on_circle(self.machine, circle.current_a, i_d), motoring);
        let first = at(circle.mtpa_i_d_a);
        let at_first = self.excess(&first);
        if at_first <= 0.0 {
            return Some(first);
        }
        let last = at(circle.end_i_d_a);
        let at_last = self.excess(&last);
        if at_last <= 0.0 {
            let tolerance = Tolerance {
                x: 0.0,
                f: 1e-9,
                calls: 40,
            };
            let f = |i_d: f64| self.excess(&at(i_d));
            let ends = ((circle.mtpa_i_d_a, at_first), (circle.end_i_d_a, at_last));
            return bracketed_from(f, ends.0, ends.1, tolerance).map(at);
        }
        self.largest_on_mtpv(last.torque_nm_per_m.abs(), motoring)
    }

    /// The point of MTPV, below a torque, that just keeps the voltage limit.
    fn largest_on_mtpv(&self, below_nm_per_m: f64, motoring: bool) -> Option<UnitPoint> {
        let mut guess = 0.0;
        let mut at = |torque: f64| {
            let point = self.on_mtpv(torque, guess)?;
            guess = point.i_q_a;
            Some(Self::signed(point, motoring))
        };
        let mut excess = |torque: f64| at(torque).map_or(f64::INFINITY, |p| self.excess(&p));
        let none = excess(0.0);
        if none > 0.0 {
            return None;
        }
        let mut top = (below_nm_per_m, excess(below_nm_per_m));
        while !top.1.is_finite() && top.0 > 1e-3 * below_nm_per_m {
            top.0 *= 0.9;
            top.1 = excess(top.0);
        }
        if top.1 <= 0.0 {
            return at(top.0);
        }
        let tolerance = Tolerance {
            x: 0.0,
            f: 1e-9,
            calls: 40,
        };
        let torque = bracketed_from(excess, (0.0, none), top, tolerance)?;
        at(torque)
    }

    fn on_mtpv(&self, torque_nm_per_m: f64, guess: f64) -> Option<UnitPoint> {
        let tables = self.machine.tables;
        let i_d = tables.loci.mtpv_i_d_a(torque_nm_per_m);
        tables.flux.on_torque(torque_nm_per_m, i_d, guess)
    }

    /// The point of least current for an air-gap torque of either sign, N·m per metre; `None`
    /// where the torque is beyond the voltage limit or the map. `guess` speeds the search up.
    #[must_use]
    pub fn least_current(&self, torque_nm_per_m: f64, guess: &UnitPoint) -> Option<UnitPoint> {
        let tables = self.machine.tables;
        let (torque, motoring) = (torque_nm_per_m.abs(), torque_nm_per_m >= 0.0);
        if torque > tables.loci.torque_reach_nm_per_m() * (1.0 + 1e-9) {
            return None;
        }
        let i_d = tables.loci.mtpa_i_d_a(torque);
        // Beside a point at the voltage limit there is another, and MTPA need not be tried.
        let at_limit = self.excess(guess).abs() < AT_LIMIT;
        if at_limit && let Some(point) = self.on_limit(torque_nm_per_m, i_d, guess) {
            return Some(point);
        }
        let first = tables.flux.on_torque(torque, i_d, guess.i_q_a.abs())?;
        let at_first = self.excess(&Self::signed(first, motoring));
        if at_first <= 0.0 {
            return Some(Self::signed(first, motoring));
        }
        if !at_limit && let Some(point) = self.on_limit(torque_nm_per_m, i_d, guess) {
            return Some(point);
        }
        let mut last = self.on_mtpv(torque, first.i_q_a)?;
        let mut at_last = self.excess(&Self::signed(last, motoring));
        if at_last > 0.0 {
            last = self.least_voltage(&first, &last, motoring)?;
            at_last = self.excess(&Self::signed(last, motoring));
        }
        if at_last > 0.0 {
            return (at_last < MTPV_SLACK).then(|| Self::signed(last, motoring));
        }
        let mut found = last;
        let mut guess = first.i_q_a;
        let excess = |i_d: f64| match tables.flux.on_torque(torque, i_d, guess) {
            Some(point) => {
                (guess, found) = (point.i_q_a, point);
                self.excess(&Self::signed(point, motoring))
            }
            None => f64::NAN,
        };
        let tolerance = Tolerance {
            x: 1e-10 * i_d.abs().max(1.0),
            f: 1e-8,
            calls: 30,
        };
        let i_d = bracketed_from(excess, (i_d, at_first), (last.i_d_a, at_last), tolerance)?;
        #[allow(clippy::float_cmp)]
        let point = if found.i_d_a == i_d {
            found
        } else {
            tables.flux.on_torque(torque, i_d, found.i_q_a)?
        };
        Some(Self::signed(point, motoring))
    }

    /// The point of a torque at the voltage limit, between MTPA and MTPV, by Newton's method in both
    /// currents from `guess`; `None` where that leads elsewhere.
    fn on_limit(&self, torque: f64, mtpa_i_d_a: f64, guess: &UnitPoint) -> Option<UnitPoint> {
        let tables = self.machine.tables;
        let motoring = torque >= 0.0;
        let mut i = [guess.i_d_a, guess.i_q_a];
        for _ in 0..LIMIT_STEPS {
            if !tables.flux.contains(i[0], i[1]) || (i[1] >= 0.0) != motoring {
                return None;
            }
            let (point, step, misses) = self.limit_step(torque, i);
            if misses[0].abs() <= LIMIT_MISS * torque.abs() && misses[1].abs() <= LIMIT_MISS {
                let far = tables.loci.mtpv_i_d_a(torque.abs());
                return (far..=mtpa_i_d_a).contains(&i[0]).then_some(point);
            }
            i = [i[0] + step[0], i[1] + step[1]];
        }
        None
    }

    /// Point, Newton step and misses in torque and in the squared voltage over its limit.
    fn limit_step(&self, torque: f64, i: [f64; 2]) -> (UnitPoint, [f64; 2], [f64; 2]) {
        let around = self.around(i);
        let (voltage_miss, voltage_slope) = self.voltage_miss(&around);
        let misses = [around.point.torque_nm_per_m - torque, voltage_miss];
        let step = newton_step([around.torque_slope, voltage_slope], misses);
        (around.point, step, misses)
    }

    /// The point at unit currents with its derivatives.
    pub(crate) fn around(&self, [i_d, i_q]: [f64; 2]) -> Around {
        let flux = &self.machine.tables.flux;
        let (point, l) = flux.with_inductances(i_d, i_q);
        let k = flux.three_halves_pole_pairs();
        let torque_slope = [
            k * (l[0][0] * i_q - l[1][0] * i_d - point.psi_q_vs_per_m),
            k * (l[0][1] * i_q - l[1][1] * i_d + point.psi_d_vs_per_m),
        ];
        Around {
            point,
            inductances: l,
            torque_slope,
        }
    }

    /// Squared voltage over its squared limit, minus 1, and its derivatives by i_d and i_q.
    pub(crate) fn voltage_miss(&self, around: &Around) -> (f64, [f64; 2]) {
        let [[l_dd, l_dq], [l_qd, l_qq]] = around.inductances;
        let (r, w) = (
            self.state.resistance_per_m(),
            self.state.electrical_rad_per_s,
        );
        let leakage = self.machine.leakage_per_m;
        let (v_d, v_q) = self.voltage_per_m(&around.point);
        let squared = self.voltage_limit_per_m * self.voltage_limit_per_m;
        let slope = [
            2.0 * (v_d * (r - w * l_qd) + v_q * w * (l_dd + leakage)) / squared,
            2.0 * (v_q * (r + w * l_dq) - v_d * w * (l_qq + leakage)) / squared,
        ];
        ((v_d * v_d + v_q * v_q) / squared - 1.0, slope)
    }

    /// The point of least voltage on the torque contour from `first` (MTPA) to `last` (MTPV).
    fn least_voltage(
        &self,
        first: &UnitPoint,
        last: &UnitPoint,
        motoring: bool,
    ) -> Option<UnitPoint> {
        let flux = &self.machine.tables.flux;
        let at = |i_d: f64| flux.on_torque(first.torque_nm_per_m, i_d, first.i_q_a);
        let excess = |i_d: f64| {
            at(i_d).map_or(f64::INFINITY, |point| {
                self.excess(&Self::signed(point, motoring))
            })
        };
        at(golden::minimum(
            excess,
            last.i_d_a,
            first.i_d_a,
            MINIMUM_CALLS,
        ))
    }

    /// The point of least `cost` for the air-gap torque of `start`, between it and MTPV and inside
    /// a current amplitude.
    #[must_use]
    pub fn least_cost(
        &self,
        start: UnitPoint,
        current_limit_a: f64,
        cost: impl Fn(&UnitPoint) -> f64,
    ) -> UnitPoint {
        let tables = self.machine.tables;
        let (torque, motoring) = (start.torque_nm_per_m.abs(), start.i_q_a >= 0.0);
        let far = tables.loci.mtpv_i_d_a(torque).max(-current_limit_a);
        if far >= start.i_d_a {
            return start;
        }
        let at = |i_d: f64| {
            let point = tables.flux.on_torque(torque, i_d, start.i_q_a.abs())?;
            (point.current_a() <= current_limit_a).then(|| Self::signed(point, motoring))
        };
        let f = |i_d: f64| at(i_d).map_or(f64::INFINITY, |point| cost(&point));
        let i_d = golden::minimum(f, far, start.i_d_a, 18);
        match at(i_d) {
            Some(point) if cost(&point) < cost(&start) => point,
            _ => start,
        }
    }

    /// The point whose shaft torque is `shaft_nm`, its air-gap torque kept between those of
    /// `ends` (largest braking, largest motoring); the search starts at `guess`.
    #[must_use]
    pub fn at_shaft_torque(
        &self,
        shaft_nm: f64,
        ends: (&UnitPoint, &UnitPoint),
        guess: &UnitPoint,
        choose: impl Fn(UnitPoint) -> UnitPoint,
    ) -> Option<UnitPoint> {
        let (machine, state) = (self.machine, &self.state);
        let needed = |at: &UnitPoint| (shaft_nm + machine.drag_nm(at, state)) / machine.stack_m;
        let (low, high) = (ends.0.torque_nm_per_m, ends.1.torque_nm_per_m);
        let mut point = *guess;
        for _ in 0..2 {
            let torque = needed(&point).clamp(low, high);
            point = choose(self.least_current(torque, &point)?);
        }
        // The drag depends on the point: close the torque balance at this i_d.
        let tolerance = 1e-12 * high.max(-low);
        if let Some(closed) = self.closed(point, tolerance, needed) {
            return Some(closed);
        }
        for _ in 0..CLOSING_STEPS {
            let torque = needed(&point);
            let miss = torque - point.torque_nm_per_m;
            if miss.abs() <= tolerance {
                return Some(point);
            }
            let closed =
                machine
                    .tables
                    .flux
                    .on_torque(torque.abs(), point.i_d_a, point.i_q_a.abs())?;
            point = Self::signed(closed, torque >= 0.0);
        }
        None
    }

    /// The point of the same i_d whose torque is what it needs, by the secant method in i_q; `None`
    /// where that does not settle or changes the direction.
    fn closed(
        &self,
        mut point: UnitPoint,
        tolerance: f64,
        needed: impl Fn(&UnitPoint) -> f64,
    ) -> Option<UnitPoint> {
        let flux = &self.machine.tables.flux;
        let i_d = point.i_d_a;
        let positive = point.i_q_a >= 0.0;
        let (_, mut slope) = flux.with_torque_slope(i_d, point.i_q_a);
        let mut miss = point.torque_nm_per_m - needed(&point);
        for _ in 0..SECANT_STEPS {
            if miss.abs() <= tolerance {
                return Some(point);
            }
            let i_q = point.i_q_a - miss / slope;
            if !flux.contains(i_d, i_q) || (i_q >= 0.0) != positive {
                return None;
            }
            let next = flux.at(i_d, i_q);
            let next_miss = next.torque_nm_per_m - needed(&next);
            let secant = (next_miss - miss) / (i_q - point.i_q_a);
            if secant.is_finite() && secant > 0.1 * slope {
                slope = secant;
            }
            (point, miss) = (next, next_miss);
        }
        None
    }
}
