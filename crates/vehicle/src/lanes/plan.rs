//! The first half, by ascending speed: what the units of a car do at each point of a cycle.
//!
//! Nothing here depends on charge or temperatures, so each point is found once, however often and
//! wherever in the cycle it comes, and eight points of one map are found side by side.

use codrive_model::unit_heat::LUMPS;
use pulp::Simd;

use super::axle::{Asked, AxleUnit, BLOCK, Block};
use crate::GRAVITY_M_S2;
use crate::cycle::DriveCycle;
use crate::driver::{Driver, Past};
use crate::outline::{Integrals, Outline};
use crate::resistance::slope;
use crate::simulate::CycleResult;
use crate::split::Split;
use crate::temperature::ByLump;
use crate::wide::{MOST, Wide};

/// What a point asks of battery and heat.
#[derive(Clone, Copy)]
pub(super) struct Record<const AXLES: usize> {
    /// Modes of the steady heat of each unit.
    pub(super) steady: [ByLump; AXLES],
    /// Power at the battery's terminals, W.
    pub(super) terminal_w: f64,
}

/// A car whose points are found.
struct Planner<'g, 'a, S: Simd, const AXLES: usize> {
    simd: S,
    driver: &'g Driver<'a>,
    outline: &'g Outline,
    car: Car<S>,
    axles: [AxleUnit<'a, S>; AXLES],
    /// Of each of eight points; the same sums whatever the vectors' width.
    sums: [Sums<S>; MOST],
    blocks: [Block; AXLES],
    /// Records of this car from here on.
    first: usize,
    planned: &'g mut Vec<Record<AXLES>>,
    /// Points at which the car cannot follow, and by how much, N.
    missing: Vec<(usize, f64)>,
}

/// What of a car no step changes.
struct Car<S: Simd> {
    /// Road load with grade: constant, per speed, per speed squared.
    road: [Wide<S>; 3],
    inertia_kg: Wide<S>,
    /// With all units engaged, kg.
    moving_kg: Wide<S>,
    lowest_n: Wide<S>,
    radius_m: Wide<S>,
    per_radius: Wide<S>,
    fade_from: Wide<S>,
    fade_per_width: Wide<S>,
    auxiliary_w: Wide<S>,
    discharge_w: Wide<S>,
    /// Lowest DC power of the units, W, negative.
    charge_w: Wide<S>,
}

/// Energies, J.
#[derive(Clone, Copy)]
struct Sums<S: Simd> {
    driven: Wide<S>,
    recuperated: Wide<S>,
    friction: Wide<S>,
    unit_loss: Wide<S>,
    terminal: Wide<S>,
}

/// What all units of a car do together at some points.
struct Together<S: Simd, const AXLES: usize> {
    torque: [Wide<S>; AXLES],
    loss: Wide<S>,
    dc: Wide<S>,
    missing_n: Wide<S>,
}

/// Appends all points of a cycle for a car; writes into the result what no order in time changes.
#[inline(always)]
pub(super) fn plan<S: Simd, const AXLES: usize>(
    simd: S,
    driver: &Driver<'_>,
    cycle: &DriveCycle,
    result: &mut CycleResult,
    into: &mut Vec<Record<AXLES>>,
) {
    let mut planner = Planner::new(simd, driver, cycle.outline(), into);
    planner.points();
    planner.report(&cycle.outline().integrals, result);
    planner.report_missing(cycle, result);
}

impl<'g, 'a, S: Simd, const AXLES: usize> Planner<'g, 'a, S, AXLES> {
    #[inline(always)]
    fn new(
        simd: S,
        driver: &'g Driver<'a>,
        outline: &'g Outline,
        planned: &'g mut Vec<Record<AXLES>>,
    ) -> Self {
        let shares = match driver.split {
            Split::Fixed(front) if AXLES == 2 => [front, 1.0 - front],
            _ => [1.0, 0.0],
        };
        Self {
            simd,
            driver,
            outline,
            car: Car::new(simd, driver),
            axles: std::array::from_fn(|i| AxleUnit::new(simd, &driver.units[i], shares[i])),
            sums: [Sums::new(Wide::splat(simd, 0.0)); MOST],
            blocks: [Block::new(); AXLES],
            first: planned.len(),
            planned,
            missing: Vec::new(),
        }
    }

    /// All points, from rows of the maps to rows of the maps.
    #[inline(always)]
    fn points(&mut self) {
        let outline = self.outline;
        let per_radius = 1.0 / self.driver.radius_m;
        let speeds = &outline.speed_m_s[..outline.seconds.len()];
        let mut from = 0;
        while let Some(speed_m_s) = speeds.get(from) {
            let mut end = f64::INFINITY;
            for axle in &mut self.axles {
                end = end.min(axle.seek(self.simd, speed_m_s * per_radius));
            }
            let within = |i: usize| speeds.get(i).is_some_and(|v| v * per_radius <= end);
            let mut to = from + 1;
            while within(to + MOST - 1) {
                to += MOST;
            }
            while within(to) {
                to += 1;
            }
            while from < to {
                self.block(from, (to - from).min(BLOCK));
                from = to.min(from + BLOCK);
            }
        }
    }

    /// Up to [`BLOCK`] points: what is asked, what the maps say, what it comes to. One after the other for
    /// all of them, so that no point waits for what another one has to wait for.
    #[inline(always)]
    fn block(&mut self, from: usize, count: usize) {
        let (simd, width) = (self.simd, Wide::<S>::WIDTH);
        for at in (0..count).step_by(width) {
            let asked = self.car.asked(simd, self.outline, from + at);
            for (axle, block) in self.axles.iter().zip(&mut self.blocks) {
                axle.limit(simd, &asked, block, at);
            }
        }
        let first = self.planned.len();
        self.planned.resize(first + count, Record::nothing());
        for (i, (axle, block)) in self.axles.iter().zip(&mut self.blocks).enumerate() {
            let records = self.planned[first..].iter_mut();
            axle.read(
                simd,
                block,
                count,
                records.map(|record| &mut record.steady[i]),
            );
        }
        for at in (0..count).step_by(width) {
            self.vector(from, at, (count - at).min(width));
        }
    }

    /// A vector of points of a block, of which `count` are meant.
    #[inline(always)]
    fn vector(&mut self, from: usize, at: usize, count: usize) {
        let simd = self.simd;
        let zero = Wide::splat(simd, 0.0);
        let v = Wide::read(simd, &self.outline.speed_m_s, from + at);
        let speed = v * self.car.per_radius;
        let mut together = Together {
            torque: [zero; AXLES],
            loss: zero,
            dc: zero,
            missing_n: zero,
        };
        // Above zero where a limit is passed.
        let mut beyond = Wide::splat(simd, -1.0);
        for (i, (axle, block)) in self.axles.iter().zip(&self.blocks).enumerate() {
            let loss = Wide::read(simd, &block.loss_w, at);
            let missing = Wide::read(simd, &block.missing_nm, at);
            together.torque[i] = Wide::read(simd, &block.torque_nm, at);
            together.loss += loss;
            together.dc += together.torque[i] * speed + loss;
            together.missing_n += missing * self.car.per_radius;
            beyond = beyond
                .max(speed - axle.top)
                .max(together.dc - self.car.discharge_w)
                .max(self.car.charge_w - together.dc);
        }
        if zero.any_below(beyond) {
            let beyond = beyond.store();
            for lane in (0..count).filter(|lane| beyond[*lane] > 0.0) {
                self.at_a_limit(from + at + lane, lane, &mut together);
            }
        }
        self.book((from, at, count), (v, speed), &together);
    }

    /// Finds a point by the code for one car.
    #[inline(never)]
    fn at_a_limit(&mut self, point: usize, lane: usize, together: &mut Together<S, AXLES>) {
        let fresh = Past {
            released: [1.0; 2],
            rested: [false; 2],
        };
        let at = self.driver.point(&self.outline.step(point));
        let driven = self.driver.best(&at, &fresh);
        let steady = self.driver.steady(&at, &driven);
        let record = &mut self.planned[self.first + point];
        for (record, (steady, _)) in record.steady.iter_mut().zip(steady) {
            *record = steady;
        }
        for (torque, torque_nm) in together.torque.iter_mut().zip(driven.torque_nm) {
            *torque = torque.with_lane(lane, torque_nm);
        }
        let loss_w = driven.loss_w.iter().sum();
        together.loss = together.loss.with_lane(lane, loss_w);
        together.dc = together.dc.with_lane(lane, driven.dc_w);
        together.missing_n = together.missing_n.with_lane(lane, driven.missing_n);
    }

    #[inline(always)]
    fn book(
        &mut self,
        (from, at, count): (usize, usize, usize),
        (v, speed): (Wide<S>, Wide<S>),
        together: &Together<S, AXLES>,
    ) {
        let (simd, car, width) = (self.simd, &self.car, Wide::<S>::WIDTH);
        let (point, zero) = (from + at, Wide::splat(simd, 0.0));
        let a = Wide::read(simd, &self.outline.acceleration_m_s2, point);
        let seconds = Wide::read_some(simd, &self.outline.seconds, point, count);
        let needed_w = (car.moving_kg * a + car.road_n(simd, v) - together.missing_n) * v;
        let terminal = together.dc + car.auxiliary_w;

        let sums = &mut self.sums[at / width % (MOST / width)];
        let mut shafts_w = zero;
        for torque in together.torque {
            let power = torque * speed;
            sums.driven += power.max(zero) * seconds;
            sums.recuperated += (zero - power).max(zero) * seconds;
            shafts_w += power;
        }
        sums.friction += (shafts_w - needed_w).max(zero) * seconds;
        sums.unit_loss += together.loss * seconds;
        sums.terminal += terminal * seconds;
        let records = self.planned[self.first + point..].iter_mut();
        for (record, terminal_w) in records.zip(terminal.store()).take(width) {
            record.terminal_w = terminal_w;
        }
        if zero.any_below(together.missing_n) {
            let missing_n = together.missing_n.store();
            let all = missing_n.iter().take(count).enumerate();
            let some = all.filter(|(_, missing_n)| **missing_n > 0.0);
            self.missing
                .extend(some.map(|(i, missing_n)| (point + i, *missing_n)));
        }
    }

    #[inline(always)]
    fn report(&self, over: &Integrals, result: &mut CycleResult) {
        let sum = |of: &dyn Fn(&Sums<S>) -> Wide<S>| -> f64 {
            let width = Wide::<S>::WIDTH;
            let parts = self.sums[..MOST / width].iter();
            parts
                .flat_map(|sums| of(sums).store().into_iter().take(width))
                .sum()
        };
        result.driven_j = sum(&|sums| sums.driven);
        result.recuperated_j = sum(&|sums| sums.recuperated);
        result.friction_j = sum(&|sums| sums.friction);
        result.unit_loss_j = sum(&|sums| sums.unit_loss);
        result.terminal_j = sum(&|sums| sums.terminal);
        let (driver, road) = (self.driver, &self.driver.resistance);
        let rolling_n = rolling_n(driver);
        result.air_j = road.c_n_per_m_s_2 * over.speed_cubed;
        let moving_j = road.b_n_per_m_s * over.speed_squared + result.air_j;
        result.road_load_j = rolling_n * over.distance_m + moving_j;
        result.climbed_j = (at_rest_n(driver) - rolling_n) * over.distance_m;
        result.kinetic_j = driver.moving_kg([false; 2]) * over.acceleration_speed;
        result.auxiliary_j = driver.vehicle.auxiliary_power_w * over.time_s;
    }

    /// Books in the order of time where the car cannot follow.
    #[inline(never)]
    fn report_missing(&self, cycle: &DriveCycle, result: &mut CycleResult) {
        if self.missing.is_empty() {
            return;
        }
        for (step, point) in cycle.steps().zip(&self.outline.of_step) {
            if let Ok(i) = self
                .missing
                .binary_search_by_key(point, |missing| missing.0)
            {
                result.violations.add(&step, self.missing[i].1);
            }
        }
    }
}

impl<const AXLES: usize> Record<AXLES> {
    const fn nothing() -> Self {
        Self {
            steady: [[0.0; LUMPS]; AXLES],
            terminal_w: 0.0,
        }
    }
}

fn mass_kg(driver: &Driver<'_>) -> f64 {
    driver.vehicle.mass.test_kg + driver.load.payload_kg
}

/// Constant part of the road load on the level, N.
fn rolling_n(driver: &Driver<'_>) -> f64 {
    driver.resistance.a_n * mass_kg(driver) / driver.resistance.test_mass_kg
}

/// Constant part of the road load with the grade, N.
fn at_rest_n(driver: &Driver<'_>) -> f64 {
    let (sine, cosine) = slope(driver.load.grade);
    rolling_n(driver) * cosine + mass_kg(driver) * GRAVITY_M_S2 * sine
}

impl<S: Simd> Car<S> {
    #[inline(always)]
    fn new(simd: S, driver: &Driver<'_>) -> Self {
        let wide = |value| Wide::splat(simd, value);
        let (rules, mass_kg) = (&driver.vehicle.regeneration, mass_kg(driver));
        Self {
            road: [
                wide(at_rest_n(driver)),
                wide(driver.resistance.b_n_per_m_s),
                wide(driver.resistance.c_n_per_m_s_2),
            ],
            inertia_kg: wide(mass_kg + driver.vehicle.mass.rotating_kg),
            moving_kg: wide(driver.moving_kg([false; 2])),
            lowest_n: wide(-rules.largest_deceleration_m_s2 * mass_kg),
            radius_m: wide(driver.radius_m),
            per_radius: wide(1.0 / driver.radius_m),
            fade_from: wide(rules.none_below_m_s),
            fade_per_width: wide(1.0 / (rules.full_above_m_s - rules.none_below_m_s)),
            auxiliary_w: wide(driver.vehicle.auxiliary_power_w),
            discharge_w: wide(driver.battery_w),
            charge_w: wide(-driver.units[0].limits.charge_w),
        }
    }

    /// Road load, N; standing, the brakes hold the car.
    #[inline(always)]
    fn road_n(&self, simd: S, v: Wide<S>) -> Wide<S> {
        let zero = Wide::splat(simd, 0.0);
        let moving_n = self.road[0] + v * (self.road[1] + v * self.road[2]);
        zero.below(v, moving_n, zero)
    }

    /// What points ask of the units, as [`crate::prepared::Point`].
    #[inline(always)]
    fn asked(&self, simd: S, outline: &Outline, from: usize) -> Asked<S> {
        let v = Wide::read(simd, &outline.speed_m_s, from);
        let a = Wide::read(simd, &outline.acceleration_m_s2, from);
        let per_v = Wide::read(simd, &outline.per_speed_s_m, from);
        let (zero, one) = (Wide::splat(simd, 0.0), Wide::splat(simd, 1.0));
        let force = self.inertia_kg * a + self.road_n(simd, v);
        let fade = (v - self.fade_from) * self.fade_per_width;
        Asked {
            speed: v * self.per_radius,
            per_speed: self.radius_m * per_v,
            torque: force.max(self.lowest_n) * self.radius_m,
            acceleration: a * self.per_radius,
            fade: fade.max(zero).min(one),
        }
    }
}

impl<S: Simd> Sums<S> {
    #[inline(always)]
    fn new(zero: Wide<S>) -> Self {
        Self {
            driven: zero,
            recuperated: zero,
            friction: zero,
            unit_loss: zero,
            terminal: zero,
        }
    }
}
