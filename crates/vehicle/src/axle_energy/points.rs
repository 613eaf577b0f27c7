//! Operating points of a cycle side by side, as many as a vector of the machine holds.
//!
//! Points follow one another by ascending speed, so that up to eight of them lie between the same two speeds of the
//! map. Those at a limit of map or battery are left to the code for one point. Sums are of eight parts, the same on all
//! machines.

use pulp::{Simd, WithSimd};

use super::{AxleEnergy, Driver};
use crate::lookup::Cursor;
use crate::prepared::{Columns, PreparedCycle};
use crate::wide::{MOST, Wide};

/// All points of a cycle, to be added to a sum.
pub(super) struct Points<'d, 'a> {
    pub(super) driver: &'d Driver<'a>,
    pub(super) cycle: &'d PreparedCycle,
    pub(super) sum: AxleEnergy,
}

impl WithSimd for Points<'_, '_> {
    type Output = AxleEnergy;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> AxleEnergy {
        let mut run = Run::new(simd, &self);
        run.side(0, self.cycle.braking_from);
        run.side(self.cycle.braking_from, self.cycle.points.len());
        run.total()
    }
}

/// What of car and unit no point changes.
struct Constants<S: Simd> {
    share: Wide<S>,
    inertia: Wide<S>,
    largest_nm: Wide<S>,
    largest_w: Wide<S>,
    recuperation: Wide<S>,
    discharge_w: Wide<S>,
    lowest_w: Wide<S>,
    per_share: Wide<S>,
    auxiliary_w: Wide<S>,
    voltage_v: Wide<S>,
    /// Square of the voltage, and four times the resistance.
    squared: Wide<S>,
    resistance_4: Wide<S>,
}

/// Energies, J, without the share of the battery's loss.
#[derive(Clone, Copy)]
struct Sums<S: Simd> {
    drawn: Wide<S>,
    returned: Wide<S>,
    unit_loss: Wide<S>,
    battery_loss: Wide<S>,
}

struct Run<'d, 'a, S: Simd> {
    simd: S,
    driver: &'d Driver<'a>,
    cycle: &'d PreparedCycle,
    fixed: Constants<S>,
    sums: [Sums<S>; MOST],
    /// What is found by the code for one point.
    alone: AxleEnergy,
}

impl<'d, 'a, S: Simd> Run<'d, 'a, S> {
    #[inline(always)]
    fn new(simd: S, points: &Points<'d, 'a>) -> Self {
        let nothing = Wide::splat(simd, 0.0);
        let nothing = Sums {
            drawn: nothing,
            returned: nothing,
            unit_loss: nothing,
            battery_loss: nothing,
        };
        Self {
            simd,
            driver: points.driver,
            cycle: points.cycle,
            fixed: Constants::new(simd, points.driver),
            sums: [nothing; MOST],
            alone: points.sum,
        }
    }

    /// Points of ascending speed.
    #[inline(always)]
    fn side(&mut self, from: usize, to: usize) {
        let (driver, cycle) = (self.driver, self.cycle);
        let mut cursor = driver.lookup.cursor();
        let mut first = from;
        while first < to {
            let speeds = &cycle.columns.speed[first..to.min(first + MOST)];
            if driver.lookup.at(speeds[0], &mut cursor).is_none() {
                // All others are beyond the map as well.
                for point in &cycle.points[first..to] {
                    driver.step(point, &mut cursor, &mut self.alone);
                }
                return;
            }
            let within = speeds.iter().take_while(|speed| **speed <= cursor.to);
            let count = within.count();
            for (part, at) in (0..count).step_by(Wide::<S>::WIDTH).enumerate() {
                let here = (count - at).min(Wide::<S>::WIDTH);
                self.vector((first + at, here), &cursor, part);
            }
            first += count;
        }
    }

    /// A vector of points in one cell of the speed, of which `count` are meant.
    #[inline(always)]
    fn vector(&mut self, (from, count): (usize, usize), cursor: &Cursor, part: usize) {
        let (simd, fixed) = (self.simd, &self.fixed);
        let Columns {
            speed,
            per_speed,
            torque,
            acceleration,
            duration,
            fade,
        } = &self.cycle.columns;
        let read = |row: &[f64]| Wide::read(simd, row, from);
        let wide = |value| Wide::splat(simd, value);
        let (zero, one) = (wide(0.0), wide(1.0));
        let speed = read(speed);
        let mut seconds = Wide::read_some(simd, duration, from, count);

        let asked = fixed.share * read(torque) + fixed.inertia * read(acceleration);
        let asked = asked.below(zero, asked * read(fade), asked);
        let along = ((speed - wide(cursor.from)) * wide(cursor.per_width)).min(one);
        let most = wide(cursor.torque_max.0) + wide(cursor.torque_max.1) * along;
        let least = wide(cursor.torque_min.0) + wide(cursor.torque_min.1) * along;
        let highest = most
            .min(fixed.largest_nm)
            .min(fixed.largest_w * read(per_speed));
        let torque = asked.min(highest).max(least * fixed.recuperation);
        let loss = self.loss_w(
            cursor.index,
            along,
            torque,
            torque.below(zero, zero - least, most),
        );
        let shaft = torque * speed;
        let dc = shaft + loss;

        // Above zero where a driving unit meets a limit.
        let short = asked * wide(1.0 - 1e-9) - torque;
        let limit = short.max(dc - fixed.discharge_w);
        let limit = zero.below(asked, limit, zero - one);
        if zero.any_below(limit) {
            let limit = limit.store();
            for lane in (0..count).filter(|lane| limit[*lane] > 0.0) {
                seconds = seconds.with_lane(lane, 0.0);
                let point = &self.cycle.points[from + lane];
                self.driver
                    .step(point, &mut cursor.clone(), &mut self.alone);
            }
        }
        let limited = shaft.max(fixed.lowest_w - loss);
        let dc = zero.below(asked, dc, limited + loss);
        self.book((dc, loss, seconds), part);
    }

    /// Losses at torques within an envelope, W.
    #[inline(always)]
    fn loss_w(&self, index: usize, along: Wide<S>, torque: Wide<S>, limit: Wide<S>) -> Wide<S> {
        let (simd, lookup) = (self.simd, &self.driver.lookup);
        let (zero, one) = (Wide::splat(simd, 0.0), Wide::splat(simd, 1.0));
        let load = zero.below(limit, torque / limit, zero);
        let load = load.min(one).max(zero - one);
        let mut losses_w = [0.0; MOST];
        let places = load.store().into_iter().zip(along.store());
        for (loss_w, (load, along)) in losses_w.iter_mut().zip(places).take(Wide::<S>::WIDTH) {
            *loss_w = lookup.loss_in_w(index, load, along);
        }
        Wide::load(simd, &losses_w)
    }

    #[inline(always)]
    fn book(&mut self, (dc, loss, seconds): (Wide<S>, Wide<S>, Wide<S>), part: usize) {
        let (simd, fixed, sums) = (self.simd, &self.fixed, &mut self.sums[part]);
        let zero = Wide::splat(simd, 0.0);
        sums.drawn += dc.max(zero) * seconds;
        sums.returned += (zero - dc).max(zero) * seconds;
        sums.unit_loss += loss * seconds;
        let whole = dc * fixed.per_share + fixed.auxiliary_w;
        let root = fixed.squared - fixed.resistance_4 * whole;
        let cells = fixed.voltage_v * (whole + whole) / (fixed.voltage_v + root.max(zero).sqrt());
        let battery_loss = root.below(zero, whole, cells - whole);
        sums.battery_loss += battery_loss * seconds;
    }

    #[inline(always)]
    fn total(self) -> AxleEnergy {
        let (sums, width) = (self.sums, Wide::<S>::WIDTH);
        let total = |of: &dyn Fn(&Sums<S>) -> Wide<S>| -> f64 {
            let parts = sums[..MOST / width].iter();
            let lanes = parts.flat_map(|sums| of(sums).store().into_iter().take(width));
            lanes.sum()
        };
        let alone = self.alone;
        let share = self.driver.axle.share;
        AxleEnergy {
            drawn_j: alone.drawn_j + total(&|sums| sums.drawn),
            returned_j: alone.returned_j + total(&|sums| sums.returned),
            unit_loss_j: alone.unit_loss_j + total(&|sums| sums.unit_loss),
            battery_loss_j: alone.battery_loss_j + share * total(&|sums| sums.battery_loss),
            ..alone
        }
    }
}

impl<S: Simd> Constants<S> {
    #[inline(always)]
    fn new(simd: S, driver: &Driver<'_>) -> Self {
        let wide = |value| Wide::splat(simd, value);
        let (limits, battery) = (&driver.axle.limits, &driver.battery);
        Self {
            share: wide(driver.axle.share),
            inertia: wide(driver.inertia_kg_m2),
            largest_nm: wide(limits.largest_nm(&driver.lookup)),
            largest_w: wide(limits.largest_w(&driver.lookup)),
            recuperation: wide(limits.recuperation()),
            discharge_w: wide(limits.discharge_w),
            lowest_w: wide(-limits.charge_w),
            per_share: wide(driver.per_share),
            auxiliary_w: wide(driver.auxiliary_w),
            voltage_v: wide(battery.open_circuit_v),
            squared: wide(battery.open_circuit_v * battery.open_circuit_v),
            resistance_4: wide(4.0 * battery.resistance_ohm),
        }
    }
}
