//! The second half, in the order of time: charge and temperatures.

use codrive_model::unit_heat::LUMPS;
use pulp::Simd;

use super::heat::Heat;
use super::plan::Record;
use crate::battery::Segment;
use crate::driver::Driver;
use crate::outline::Outline;
use crate::simulate::{CycleResult, Options};
use crate::wide::{Each, Wide, each};

/// A vector of cars on their way through what is planned.
pub(super) struct Follower<'g, 'a, S: Simd, const AXLES: usize> {
    simd: S,
    drivers: &'g [Driver<'a>],
    /// What is planned for each car.
    planned: Each<&'g [Record<AXLES>]>,
    battery: Batteries<S>,
    heats: [Option<Heat<S>>; AXLES],
    /// Duration for which the steps of the heat hold, s.
    fitted_s: f64,
}

/// The batteries: open-circuit voltage and resistance on the present line of each table.
struct Batteries<S: Simd> {
    charge: Wide<S>,
    /// What left the cells over the usable energy.
    drawn: Wide<S>,
    from: Wide<S>,
    to: Wide<S>,
    voltage: Line<S>,
    /// Four times the resistance.
    resistance_4: Line<S>,
    per_energy: Wide<S>,
}

/// A line over the charge: its value at a charge of zero, and its slope.
#[derive(Clone, Copy)]
struct Line<S: Simd> {
    at_zero: Wide<S>,
    slope: Wide<S>,
}

impl<'g, 'a, S: Simd, const AXLES: usize> Follower<'g, 'a, S, AXLES> {
    #[inline(always)]
    pub(super) fn new(
        simd: S,
        drivers: &'g [Driver<'a>],
        options: &Options,
        planned: &'g [Record<AXLES>],
    ) -> Self {
        let points = planned.len() / drivers.len();
        let of = each(drivers, |driver| driver);
        Self {
            simd,
            drivers,
            planned: std::array::from_fn(|lane| {
                let first = lane.min(drivers.len() - 1) * points;
                &planned[first..first + points]
            }),
            battery: Batteries::new(simd, drivers, options.start_charge),
            heats: std::array::from_fn(|axle| Heat::new(simd, &of, axle, options)),
            fitted_s: 0.0,
        }
    }

    /// Drives the cycle and completes the results.
    #[inline(always)]
    pub(super) fn drive(mut self, outline: &Outline, results: &mut [CycleResult]) {
        for point in &outline.of_step {
            self.step(*point, outline);
        }
        self.report(results);
    }

    /// Passes a step at a point.
    #[inline(always)]
    fn step(&mut self, point: usize, outline: &Outline) {
        let (seconds, speed_m_s) = (outline.duration_s[point], outline.speed_m_s[point]);
        if self.fitted_s != seconds {
            self.fit(seconds);
        }
        let simd = self.simd;
        let planned = &self.planned;
        for (axle, heat) in self.heats.iter_mut().enumerate() {
            if let Some(heat) = heat {
                let mut steady = [Wide::splat(simd, 0.0); LUMPS];
                for (k, steady) in steady.iter_mut().enumerate() {
                    *steady = column::<S>(simd, |lane| planned[lane][point].steady[axle][k]);
                }
                heat.pass(simd, &steady, speed_m_s);
            }
        }
        let terminal_w = column::<S>(simd, |lane| planned[lane][point].terminal_w);
        self.battery.draw(simd, self.drivers, terminal_w, seconds);
    }

    #[inline(always)]
    fn fit(&mut self, seconds: f64) {
        self.fitted_s = seconds;
        for (axle, heat) in self.heats.iter_mut().enumerate() {
            if let Some(heat) = heat {
                let steps = each(self.drivers, |d| d.units[axle].table.heat_step(seconds));
                heat.fit(self.simd, &steps);
            }
        }
    }

    #[inline(always)]
    fn report(&self, results: &mut [CycleResult]) {
        let (charge, drawn) = (self.battery.charge.store(), self.battery.drawn.store());
        for (lane, result) in results.iter_mut().enumerate() {
            let usable_j = self.drivers[lane].vehicle.battery.usable_energy_j;
            result.battery_loss_j = drawn[lane] * usable_j - result.terminal_j;
            result.end_charge = charge[lane];
        }
        for (axle, heat) in self.heats.iter().enumerate() {
            if let Some(heat) = heat {
                heat.report(axle, self.drivers, results);
            }
        }
    }
}

/// A value of each car.
#[inline(always)]
fn column<S: Simd>(simd: S, of: impl Fn(usize) -> f64) -> Wide<S> {
    Wide::load(simd, &Wide::<S>::each(of))
}

impl<S: Simd> Batteries<S> {
    #[inline(always)]
    fn new(simd: S, drivers: &[Driver<'_>], charge: f64) -> Self {
        let wide = |f: &dyn Fn(&Driver<'_>) -> f64| Wide::load(simd, &each(drivers, f));
        let nothing = Wide::splat(simd, 0.0);
        let not_yet = Line {
            at_zero: nothing,
            slope: nothing,
        };
        Self {
            charge: Wide::splat(simd, charge),
            drawn: nothing,
            from: Wide::splat(simd, f64::INFINITY),
            to: nothing,
            voltage: not_yet,
            resistance_4: not_yet,
            per_energy: wide(&|d| 1.0 / d.vehicle.battery.usable_energy_j),
        }
    }

    /// Takes power at the terminals, W.
    #[inline(always)]
    fn draw(&mut self, simd: S, drivers: &[Driver<'_>], terminal_w: Wide<S>, seconds: f64) {
        if self.charge.any_below(self.from) || self.to.any_below(self.charge) {
            self.find(simd, drivers);
        }
        let voltage = self.voltage.at(self.charge);
        let under = voltage * voltage - self.resistance_4.at(self.charge) * terminal_w;
        let twice = terminal_w * Wide::splat(simd, 2.0 * seconds) * self.per_energy;
        let mut drawn = voltage * twice / (voltage + under.sqrt());
        let zero = Wide::splat(simd, 0.0);
        if under.any_below(zero) {
            drawn = under.below(zero, twice, drawn);
        }
        self.charge = self.charge - drawn;
        self.drawn += drawn;
    }

    #[inline(always)]
    fn find(&mut self, simd: S, drivers: &[Driver<'_>]) {
        let charge = self.charge.store();
        let lines: Each<Segment> = std::array::from_fn(|lane| {
            let driver = &drivers[lane.min(drivers.len() - 1)];
            Segment::new(&driver.vehicle.battery, charge[lane])
        });
        let column = |of: &dyn Fn(&Segment) -> f64| Wide::load(simd, &lines.map(|line| of(&line)));
        (self.from, self.to) = (column(&|line| line.from), column(&|line| line.to));
        let along = |of: &dyn Fn(&Segment) -> [f64; 2]| {
            let slope = column(&|line| of(line)[1]);
            Line {
                at_zero: column(&|line| of(line)[0]) - slope * self.from,
                slope,
            }
        };
        self.voltage = along(&|line| line.voltage);
        self.resistance_4 = along(&|line| line.resistance.map(|r| 4.0 * r));
    }
}

impl<S: Simd> Line<S> {
    #[inline(always)]
    fn at(&self, charge: Wide<S>) -> Wide<S> {
        self.at_zero + self.slope * charge
    }
}
