//! One vector of cars through a cycle.

use codrive_model::unit_heat::LUMPS;
use pulp::Simd;

use super::axle::{Asked, AxleUnits};
use crate::GRAVITY_M_S2;
use crate::battery::segment;
use crate::cycle::{DriveCycle, Step};
use crate::driver::{Driver, Fitted, Past};
use crate::resistance::slope;
use crate::simulate::{CycleResult, Options, heat_steps};
use crate::split::Split;
use crate::wide::{Each, MOST, Wide};

/// Cars side by side, on their way.
pub(super) struct Group<'g, 'a, S: Simd, const AXLES: usize> {
    simd: S,
    drivers: &'g [Driver<'a>],
    cars: Cars<S>,
    axles: [AxleUnits<'a, S>; AXLES],
    battery: Batteries<S>,
    sums: Sums<S>,
    /// Whether the split is found car by car.
    one_by_one: bool,
    rested: Each<[bool; 2]>,
    /// Duration for which the steps of the heat hold, s.
    fitted_s: f64,
    /// What the units do at standstill, where nothing but the time passes.
    standing: Option<Together<S, AXLES>>,
    /// ∫ v dt, ∫ v² dt and ∫ v³ dt of the cycle so far.
    distance: [f64; 3],
}

/// What of the cars no step changes.
struct Cars<S: Simd> {
    /// Road load with grade: constant, per speed, per speed squared.
    road: [Wide<S>; 3],
    /// The constant part on the level, N.
    level_n: Wide<S>,
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

/// The batteries: open-circuit voltage on the present line of each table.
struct Batteries<S: Simd> {
    charge: Wide<S>,
    from: Wide<S>,
    to: Wide<S>,
    voltage: Wide<S>,
    slope: Wide<S>,
    resistance: Wide<S>,
    per_energy: Wide<S>,
}

/// What all units of the cars do together in a step.
#[derive(Clone, Copy)]
struct Together<S: Simd, const AXLES: usize> {
    torque: [Wide<S>; AXLES],
    loss: [Wide<S>; AXLES],
    heat: [[Wide<S>; LUMPS]; AXLES],
    dc: Wide<S>,
    missing_n: Wide<S>,
    moving_kg: Wide<S>,
}

/// The same in plain numbers, where cars are looked at one by one.
struct Plain {
    torque: [Each<f64>; 2],
    loss: [Each<f64>; 2],
    heat: [[Each<f64>; LUMPS]; 2],
    dc: Each<f64>,
    missing_n: Each<f64>,
    moving_kg: Each<f64>,
}

/// Energies, J.
struct Sums<S: Simd> {
    driven: Wide<S>,
    recuperated: Wide<S>,
    friction: Wide<S>,
    kinetic: Wide<S>,
    unit_loss: Wide<S>,
    terminal: Wide<S>,
    battery_loss: Wide<S>,
}

/// A value of each driver; beyond the last one, its value again.
#[inline(always)]
fn each<'a, T: Copy>(drivers: &[Driver<'a>], f: impl Fn(&Driver<'a>) -> T) -> Each<T> {
    std::array::from_fn(|lane| f(&drivers[lane.min(drivers.len() - 1)]))
}

impl<'g, 'a, S: Simd, const AXLES: usize> Group<'g, 'a, S, AXLES> {
    #[inline(always)]
    pub(super) fn new(simd: S, drivers: &'g [Driver<'a>], options: &Options) -> Self {
        let two = AXLES == 2;
        let shares = match options.split {
            _ if !two => [1.0, 0.0],
            Split::Fixed(front) => [front, 1.0 - front],
            Split::LeastLoss | Split::Rule { .. } => [0.5, 0.5],
        };
        let axles = std::array::from_fn(|axle| {
            let units: Each<&Fitted<'a>> =
                std::array::from_fn(|lane| &drivers[lane.min(drivers.len() - 1)].units[axle]);
            AxleUnits::new(simd, &units, shares[axle], (axle, options))
        });
        Self {
            simd,
            drivers,
            cars: Cars::new(simd, drivers),
            axles,
            battery: Batteries::new(simd, drivers, options.start_charge),
            sums: Sums::new(Wide::splat(simd, 0.0)),
            one_by_one: two && !matches!(options.split, Split::Fixed(_)),
            rested: [[false; 2]; MOST],
            fitted_s: 0.0,
            standing: None,
            distance: [0.0; 3],
        }
    }

    /// Drives the cycle and writes the results.
    #[inline(always)]
    pub(super) fn drive(mut self, cycle: &DriveCycle, results: &mut [CycleResult]) {
        for step in cycle.steps() {
            self.step(&step, results);
        }
        self.report(results);
    }

    #[inline(always)]
    fn step(&mut self, step: &Step, results: &mut [CycleResult]) {
        if self.fitted_s != step.duration_s {
            self.fit(step.duration_s);
        }
        let stands = step.mean_speed_m_s == 0.0;
        let together = if self.one_by_one {
            let mut plain = Plain::zero();
            self.look_at(step, &mut plain, &[true; MOST]);
            plain.wide(self.simd)
        } else if let (true, Some(standing)) = (stands, &self.standing) {
            *standing
        } else {
            self.side_by_side(step)
        };
        if stands {
            self.standing = Some(together);
        }
        for (axle, heat) in self.axles.iter_mut().zip(&together.heat) {
            axle.warm(self.simd, heat);
        }
        self.book(step, &together, results);
    }

    /// All units at once; cars at a limit of battery or map one by one.
    #[inline(always)]
    fn side_by_side(&mut self, step: &Step) -> Together<S, AXLES> {
        let simd = self.simd;
        let zero = Wide::splat(simd, 0.0);
        let asked = self.cars.asked(simd, step);
        let mut together = Together {
            torque: [zero; AXLES],
            loss: [zero; AXLES],
            heat: [[zero; LUMPS]; AXLES],
            dc: zero,
            missing_n: zero,
            moving_kg: self.cars.moving_kg,
        };
        // Above zero where a limit is passed.
        let mut beyond = Wide::splat(simd, -1.0);
        for (i, axle) in self.axles.iter().enumerate() {
            let done = axle.step(simd, &asked);
            together.torque[i] = done.torque;
            together.loss[i] = done.loss;
            together.heat[i] = done.heat;
            together.dc += done.torque * asked.speed + done.loss;
            together.missing_n += done.missing * self.cars.per_radius;
            beyond = beyond
                .max(asked.speed - axle.top)
                .max(together.dc - self.cars.discharge_w)
                .max(self.cars.charge_w - together.dc);
        }
        if zero.any_below(beyond) {
            let mut plain = Plain::of(&together);
            self.look_at(step, &mut plain, &beyond.store().map(|beyond| beyond > 0.0));
            together = plain.wide(simd);
        }
        together
    }

    /// Finds the torques of some cars one by one.
    #[inline(always)]
    fn look_at(&mut self, step: &Step, plain: &mut Plain, which: &Each<bool>) {
        let released: [Each<f64>; 2] = std::array::from_fn(|i| {
            let axle = self.axles.get(i);
            axle.map_or([1.0; MOST], AxleUnits::released)
        });
        look_at(
            self.drivers,
            step,
            (which, &released),
            &mut self.rested,
            plain,
        );
    }

    #[inline(always)]
    fn fit(&mut self, seconds: f64) {
        self.fitted_s = seconds;
        let steps = each(self.drivers, |driver| heat_steps(driver, seconds));
        for (i, axle) in self.axles.iter_mut().enumerate() {
            axle.fit(self.simd, &steps.map(|steps| steps[i]));
        }
    }

    #[inline(always)]
    fn book(&mut self, step: &Step, together: &Together<S, AXLES>, results: &mut [CycleResult]) {
        let (simd, cars) = (self.simd, &self.cars);
        let zero = Wide::splat(simd, 0.0);
        let (v, seconds) = (
            Wide::splat(simd, step.mean_speed_m_s),
            Wide::splat(simd, step.duration_s),
        );
        let distance = v * seconds;
        let mut power = step.duration_s;
        for integral in &mut self.distance {
            power *= step.mean_speed_m_s;
            *integral += power;
        }
        let a = Wide::splat(simd, step.acceleration_m_s2);
        let road_n = cars.road_n(simd, step.mean_speed_m_s);
        let gained_n = together.moving_kg * a;
        let speed = v * cars.per_radius;
        let both = |of: &[Wide<S>; AXLES]| of.iter().fold(zero, |sum, one| sum + *one);
        let shafts_w = both(&together.torque) * speed;
        let needed_w = (gained_n + road_n) * v;
        let friction_w = (shafts_w + together.missing_n * v - needed_w).max(zero);
        let terminal_w = together.dc + cars.auxiliary_w;
        let cells_w = self.battery.draw(simd, self.drivers, terminal_w, seconds);

        let sums = &mut self.sums;
        for torque in together.torque {
            let energy = torque * speed * seconds;
            sums.driven += energy.max(zero);
            sums.recuperated += (zero - energy).max(zero);
        }
        sums.friction += friction_w * seconds;
        sums.kinetic += gained_n * distance;
        sums.unit_loss += both(&together.loss) * seconds;
        sums.terminal += terminal_w * seconds;
        sums.battery_loss += (cells_w - terminal_w) * seconds;
        if zero.any_below(together.missing_n) {
            let missing_n = together.missing_n.store();
            for (result, missing_n) in results.iter_mut().zip(missing_n) {
                result.violations.add(step, missing_n);
            }
        }
    }

    #[inline(always)]
    fn report(&self, results: &mut [CycleResult]) {
        let sums = &self.sums;
        let charge = self.battery.charge.store();
        let [way, way2, way3] = self.distance;
        let (road, level) = (self.cars.road.map(Wide::store), [self.cars.level_n.store()]);
        let columns = [
            sums.driven,
            sums.recuperated,
            sums.friction,
            sums.kinetic,
            sums.unit_loss,
            sums.terminal,
            sums.battery_loss,
        ]
        .map(Wide::store);
        for (lane, result) in results.iter_mut().enumerate() {
            result.driven_j = columns[0][lane];
            result.recuperated_j = columns[1][lane];
            result.friction_j = columns[2][lane];
            result.kinetic_j = columns[3][lane];
            result.unit_loss_j = columns[4][lane];
            result.terminal_j = columns[5][lane];
            result.battery_loss_j = columns[6][lane];
            result.air_j = road[2][lane] * way3;
            result.road_load_j = level[0][lane] * way + road[1][lane] * way2 + result.air_j;
            result.climbed_j = (road[0][lane] - level[0][lane]) * way;
            result.auxiliary_j = self.drivers[lane].vehicle.auxiliary_power_w * result.duration_s;
            result.end_charge = charge[lane];
        }
        for (i, axle) in self.axles.iter().enumerate() {
            axle.report(i, self.drivers, results);
        }
    }
}

/// Torques, losses and heat of some cars by the code for one car.
#[inline(never)]
fn look_at(
    drivers: &[Driver<'_>],
    step: &Step,
    (which, released): (&Each<bool>, &[Each<f64>; 2]),
    rested: &mut Each<[bool; 2]>,
    plain: &mut Plain,
) {
    for (lane, driver) in drivers.iter().enumerate() {
        if !which[lane] {
            continue;
        }
        let point = driver.point(step);
        let past = Past {
            released: [released[0][lane], released[1][lane]],
            rested: rested[lane],
        };
        let driven = driver.best(&point, &past);
        let heat_w = driver.heat_w(&point, &driven);
        rested[lane] = driven.rests;
        for (i, heat_w) in heat_w.iter().enumerate() {
            plain.torque[i][lane] = driven.torque_nm[i];
            plain.loss[i][lane] = driven.loss_w[i];
            for (heat, heat_w) in plain.heat[i].iter_mut().zip(heat_w) {
                heat[lane] = *heat_w;
            }
        }
        plain.dc[lane] = driven.dc_w;
        plain.missing_n[lane] = driven.missing_n;
        plain.moving_kg[lane] = driver.moving_kg(driven.rests);
    }
}

impl<S: Simd> Cars<S> {
    #[inline(always)]
    fn new(simd: S, drivers: &[Driver<'_>]) -> Self {
        let wide = |f: &dyn Fn(&Driver<'_>) -> f64| Wide::load(simd, &each(drivers, f));
        let mass_kg = |d: &Driver<'_>| d.vehicle.mass.test_kg + d.load.payload_kg;
        let rolling_n = |d: &Driver<'_>| d.resistance.a_n * mass_kg(d) / d.resistance.test_mass_kg;
        Self {
            road: [
                wide(&|d| {
                    let (sine, cosine) = slope(d.load.grade);
                    rolling_n(d) * cosine + mass_kg(d) * GRAVITY_M_S2 * sine
                }),
                wide(&|d| d.resistance.b_n_per_m_s),
                wide(&|d| d.resistance.c_n_per_m_s_2),
            ],
            level_n: wide(&rolling_n),
            inertia_kg: wide(&|d| mass_kg(d) + d.vehicle.mass.rotating_kg),
            moving_kg: wide(&|d| d.moving_kg([false; 2])),
            lowest_n: wide(&|d| -d.vehicle.regeneration.largest_deceleration_m_s2 * mass_kg(d)),
            radius_m: wide(&|d| d.radius_m),
            per_radius: wide(&|d| 1.0 / d.radius_m),
            fade_from: wide(&|d| d.vehicle.regeneration.none_below_m_s),
            fade_per_width: wide(&|d| {
                let rules = &d.vehicle.regeneration;
                1.0 / (rules.full_above_m_s - rules.none_below_m_s)
            }),
            auxiliary_w: wide(&|d| d.vehicle.auxiliary_power_w),
            discharge_w: wide(&|d| d.battery_w),
            charge_w: wide(&|d| -d.units[0].limits.charge_w),
        }
    }

    #[inline(always)]
    fn road_n(&self, simd: S, speed_m_s: f64) -> Wide<S> {
        if speed_m_s > 0.0 {
            let v = Wide::splat(simd, speed_m_s);
            self.road[0] + v * (self.road[1] + v * self.road[2])
        } else {
            Wide::splat(simd, 0.0)
        }
    }

    /// What a step asks of the units, as [`crate::prepared::Point`].
    #[inline(always)]
    fn asked(&self, simd: S, step: &Step) -> Asked<S> {
        let v = Wide::splat(simd, step.mean_speed_m_s);
        let a = Wide::splat(simd, step.acceleration_m_s2);
        let (zero, one) = (Wide::splat(simd, 0.0), Wide::splat(simd, 1.0));
        let force = self.inertia_kg * a + self.road_n(simd, step.mean_speed_m_s);
        let fade = (v - self.fade_from) * self.fade_per_width;
        Asked {
            speed: v * self.per_radius,
            per_speed: self.radius_m * Wide::splat(simd, 1.0 / step.mean_speed_m_s),
            torque: force.max(self.lowest_n) * self.radius_m,
            acceleration: a * self.per_radius,
            fade: fade.max(zero).min(one),
        }
    }
}

impl<S: Simd> Batteries<S> {
    #[inline(always)]
    fn new(simd: S, drivers: &[Driver<'_>], charge: f64) -> Self {
        let wide = |f: &dyn Fn(&Driver<'_>) -> f64| Wide::load(simd, &each(drivers, f));
        let nothing = Wide::splat(simd, 0.0);
        Self {
            charge: Wide::splat(simd, charge),
            from: Wide::splat(simd, f64::INFINITY),
            to: nothing,
            voltage: nothing,
            slope: nothing,
            resistance: wide(&|d| d.vehicle.battery.resistance_ohm),
            per_energy: wide(&|d| 1.0 / d.vehicle.battery.usable_energy_j),
        }
    }

    /// Takes power at the terminals; returns what leaves the cells, W.
    #[inline(always)]
    fn draw(
        &mut self,
        simd: S,
        drivers: &[Driver<'_>],
        terminal_w: Wide<S>,
        seconds: Wide<S>,
    ) -> Wide<S> {
        if self.charge.any_below(self.from) || self.to.any_below(self.charge) {
            self.find(simd, drivers);
        }
        let two = Wide::splat(simd, 2.0);
        let voltage = self.voltage + self.slope * (self.charge - self.from);
        let under = voltage * voltage - Wide::splat(simd, 4.0) * self.resistance * terminal_w;
        let zero = Wide::splat(simd, 0.0);
        let root = under.max(zero).sqrt();
        let cells = voltage * two * terminal_w / (voltage + root);
        let cells = under.below(zero, two * terminal_w, cells);
        self.charge = self.charge - cells * seconds * self.per_energy;
        cells
    }

    #[inline(always)]
    fn find(&mut self, simd: S, drivers: &[Driver<'_>]) {
        let charge = self.charge.store();
        let lines: Each<[f64; 4]> = std::array::from_fn(|lane| {
            let driver = &drivers[lane.min(drivers.len() - 1)];
            segment(&driver.vehicle.battery, charge[lane])
        });
        let column = |k: usize| Wide::load(simd, &lines.map(|line| line[k]));
        (self.from, self.to) = (column(0), column(1));
        (self.voltage, self.slope) = (column(2), column(3));
    }
}

impl<S: Simd> Sums<S> {
    #[inline(always)]
    fn new(zero: Wide<S>) -> Self {
        Self {
            driven: zero,
            recuperated: zero,
            friction: zero,
            kinetic: zero,
            unit_loss: zero,
            terminal: zero,
            battery_loss: zero,
        }
    }
}

impl Plain {
    #[inline(always)]
    fn zero() -> Self {
        Self {
            torque: [[0.0; MOST]; 2],
            loss: [[0.0; MOST]; 2],
            heat: [[[0.0; MOST]; LUMPS]; 2],
            dc: [0.0; MOST],
            missing_n: [0.0; MOST],
            moving_kg: [0.0; MOST],
        }
    }

    #[inline(always)]
    fn of<S: Simd, const AXLES: usize>(together: &Together<S, AXLES>) -> Self {
        let mut plain = Self::zero();
        for i in 0..AXLES.min(2) {
            plain.torque[i] = together.torque[i].store();
            plain.loss[i] = together.loss[i].store();
            plain.heat[i] = together.heat[i].map(Wide::store);
        }
        plain.dc = together.dc.store();
        plain.missing_n = together.missing_n.store();
        plain.moving_kg = together.moving_kg.store();
        plain
    }

    #[inline(always)]
    fn wide<S: Simd, const AXLES: usize>(&self, simd: S) -> Together<S, AXLES> {
        let wide = |each: &Each<f64>| Wide::load(simd, each);
        Together {
            torque: std::array::from_fn(|i| wide(&self.torque[i])),
            loss: std::array::from_fn(|i| wide(&self.loss[i])),
            heat: std::array::from_fn(|i| std::array::from_fn(|k| wide(&self.heat[i][k]))),
            dc: Wide::load(simd, &self.dc),
            missing_n: Wide::load(simd, &self.missing_n),
            moving_kg: Wide::load(simd, &self.moving_kg),
        }
    }
}
