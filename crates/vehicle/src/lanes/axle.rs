//! The units of one axle of all cars of a group: limits, losses and heat.

use codrive_model::unit_heat::{LUMPS, Lump};
use pulp::Simd;

use crate::driver::{Driver, Fitted};
use crate::simulate::Options;
use crate::temperature::HeatStep;
use crate::unit_table::{ROUNDING, UnitTable, VALUES};
use crate::wide::{Each, MOST, Wide};

/// What all axles of a car see of a step.
#[derive(Clone, Copy)]
pub(super) struct Asked<S: Simd> {
    /// Speed of the axles, rad/s, and one over it.
    pub(super) speed: Wide<S>,
    pub(super) per_speed: Wide<S>,
    /// Torque of both axles together, N·m.
    pub(super) torque: Wide<S>,
    /// Acceleration of the axles, rad/s².
    pub(super) acceleration: Wide<S>,
    /// Share of recuperation left.
    pub(super) fade: Wide<S>,
}

/// What a unit does in a step.
#[derive(Clone, Copy)]
pub(super) struct Done<S: Simd> {
    pub(super) torque: Wide<S>,
    pub(super) loss: Wide<S>,
    pub(super) heat: [Wide<S>; LUMPS],
    /// Torque that the trace asks for and the unit cannot give, N·m.
    pub(super) missing: Wide<S>,
}

/// The units on one axle.
pub(super) struct AxleUnits<'a, S: Simd> {
    tables: Each<&'a UnitTable<'a>>,
    share: Wide<S>,
    inertia: Wide<S>,
    largest_nm: Wide<S>,
    largest_w: Wide<S>,
    recuperation: Wide<S>,
    /// Highest speed of the map, rad/s, with the slack of its reader.
    pub(super) top: Wide<S>,
    /// Bins over a rad/s and over a load of one.
    speed_bins: Wide<S>,
    load_bins: Wide<S>,
    heat: Option<Heat<S>>,
}

/// Temperatures of the units, as rises over the coolant.
struct Heat<S: Simd> {
    rise: [Wide<S>; LUMPS],
    highest: [Wide<S>; LUMPS],
    hottest: Wide<S>,
    released: Wide<S>,
    least_released: Wide<S>,
    hot_spot: Wide<S>,
    winding_limit: Wide<S>,
    rotor_limit: Wide<S>,
    per_span: Wide<S>,
    a: [[Wide<S>; LUMPS]; LUMPS],
    b: [[Wide<S>; LUMPS]; LUMPS],
}

/// Where a speed lies in a map.
#[derive(Clone, Copy, Default)]
struct Row {
    /// First point of the lower speed.
    corner: usize,
    fraction: f64,
    most: f64,
    least: f64,
}

impl<'a, S: Simd> AxleUnits<'a, S> {
    #[inline(always)]
    pub(super) fn new(
        simd: S,
        units: &Each<&Fitted<'a>>,
        share: f64,
        (axle, options): (usize, &Options),
    ) -> Self {
        let wide = |f: &dyn Fn(&Fitted<'a>) -> f64| Wide::load(simd, &units.map(f));
        let heated = units.iter().any(|unit| unit.table.drive.heat.is_some());
        Self {
            tables: units.map(|unit| unit.table),
            share: Wide::splat(simd, share),
            inertia: wide(&|unit| unit.table.drive.inertia_kg_m2),
            largest_nm: wide(&|unit| unit.limits.largest_nm(&unit.table.lookup)),
            largest_w: wide(&|unit| unit.limits.largest_w(&unit.table.lookup)),
            recuperation: wide(&|unit| unit.limits.recuperation()),
            top: wide(&|unit| unit.table.drive.map.speed_limit_rad_per_s() * (1.0 + 1e-12)),
            speed_bins: wide(&|unit| unit.table.speed_bins.per_bin),
            load_bins: wide(&|unit| unit.table.load_bins.per_bin),
            heat: heated.then(|| Heat::new(simd, units, axle, options)),
        }
    }

    /// Torque, loss and heat within envelope, software and derating.
    #[inline(always)]
    pub(super) fn step(&self, simd: S, asked: &Asked<S>) -> Done<S> {
        let zero = Wide::splat(simd, 0.0);
        let one = Wide::splat(simd, 1.0);
        let bin = |value: Wide<S>, per_bin| {
            let bins = value * per_bin - Wide::splat(simd, 0.5);
            (bins + Wide::splat(simd, ROUNDING)).store()
        };
        let speed = asked.speed.min(self.top);
        let rows = self.rows(&speed.store(), &bin(speed, self.speed_bins));
        let most = Wide::load(simd, &rows.map(|row| row.most));
        let least = Wide::load(simd, &rows.map(|row| row.least));

        let torque = self.share * asked.torque + self.inertia * asked.acceleration;
        let wanted = torque.below(zero, torque * asked.fade, torque);
        let by_power = self.largest_w * asked.per_speed;
        let mut highest = most.min(self.largest_nm).min(by_power);
        let mut lowest = least * self.recuperation;
        // A branch, so that torques need not wait for the temperatures of the step before.
        if let Some(heat) = &self.heat
            && heat.released.any_below(one)
        {
            highest = highest.min(heat.released * most);
            lowest = lowest.max(heat.released * least);
        }
        let torque = wanted.min(highest).max(lowest);
        let missing = wanted.max(zero) - torque.max(zero);
        let missing = (wanted.max(zero) * Wide::splat(simd, 1e-9)).below(missing, missing, zero);
        let limit = torque.below(zero, zero - least, most);
        let load = zero.below(limit, torque / limit, zero);
        let load = load.min(one).max(zero - one);
        let column = bin(load + one, self.load_bins);
        let load = (&load.store(), &column);

        let value = |values: &Each<[f64; VALUES]>, k: usize| {
            Wide::load(simd, &Wide::<S>::each(|lane| values[lane][k]))
        };
        let (loss, heat) = if self.heat.is_some() {
            let values = self.values::<{ 1 + LUMPS }>(simd, &rows, load);
            let heat = std::array::from_fn(|lump| value(&values, 1 + lump));
            (value(&values, 0), heat)
        } else {
            let values = self.values::<1>(simd, &rows, load);
            (value(&values, 0), [zero; LUMPS])
        };
        Done {
            torque,
            loss,
            heat,
            missing,
        }
    }

    /// Where the speed lies in each map.
    #[inline(always)]
    fn rows(&self, speed: &Each<f64>, position: &Each<f64>) -> Each<Row> {
        Wide::<S>::each(|lane| {
            let (table, speed) = (self.tables[lane], speed[lane]);
            let mut row = table.speed_bins.first(position[lane]);
            row += usize::from(speed >= table.speeds[row].to);
            while speed >= table.speeds[row].to {
                row += 1;
            }
            let cell = &table.speeds[row];
            let fraction = (speed - cell.from) * cell.per_width;
            let fraction = if fraction < 1.0 { fraction } else { 1.0 };
            Row {
                corner: cell.corner,
                fraction,
                most: cell.most[0] + cell.most[1] * fraction,
                least: cell.least[0] + cell.least[1] * fraction,
            }
        })
    }

    /// The first values of the maps' points, bilinear.
    ///
    /// A loop over a function that is always inlined: vector instructions in a closure that is not would be
    /// calls, with the vectors in memory.
    #[inline(always)]
    fn values<const N: usize>(
        &self,
        simd: S,
        rows: &Each<Row>,
        (load, position): (&Each<f64>, &Each<f64>),
    ) -> Each<[f64; VALUES]> {
        let mut values = [[0.0; VALUES]; MOST];
        for lane in 0..Wide::<S>::WIDTH {
            values[lane] = point::<S, N>(
                simd,
                self.tables[lane],
                &rows[lane],
                (load[lane], position[lane]),
            );
        }
        values
    }

    /// Fits the steps of the heat to a duration.
    #[inline(always)]
    pub(super) fn fit(&mut self, simd: S, steps: &Each<Option<HeatStep>>) {
        let Some(heat) = &mut self.heat else { return };
        let wide = |f: &dyn Fn(&HeatStep) -> f64| {
            Wide::load(simd, &steps.map(|step| step.as_ref().map_or(0.0, f)))
        };
        for i in 0..LUMPS {
            for j in 0..LUMPS {
                heat.a[i][j] = wide(&|step| step.a[i][j]);
                heat.b[i][j] = wide(&|step| step.b[i][j]);
            }
        }
    }

    /// Passes a step with its heat.
    #[inline(always)]
    pub(super) fn warm(&mut self, simd: S, loss: &[Wide<S>; LUMPS]) {
        if let Some(heat) = &mut self.heat {
            heat.pass(simd, loss);
        }
    }

    /// Share of the envelope that is released.
    #[inline(always)]
    pub(super) fn released(&self) -> Each<f64> {
        self.heat
            .as_ref()
            .map_or([1.0; MOST], |heat| heat.released.store())
    }

    /// Writes the temperatures of the cars.
    #[inline(always)]
    pub(super) fn report(
        &self,
        axle: usize,
        drivers: &[Driver<'_>],
        into: &mut [crate::CycleResult],
    ) {
        let Some(heat) = &self.heat else { return };
        let (end, highest) = (heat.rise.map(Wide::store), heat.highest.map(Wide::store));
        let (hottest, least) = (heat.hottest.store(), heat.least_released.store());
        for (lane, (driver, result)) in drivers.iter().zip(into).enumerate() {
            let known = driver.units[axle].table.drive.heat;
            if let (Some(known), Some(warm)) = (known, &mut result.temperatures[axle]) {
                let kelvin = |rise: f64| rise + known.coolant_k;
                warm.end_k = end.map(|rise| kelvin(rise[lane]));
                warm.highest_k = highest.map(|rise| kelvin(rise[lane]));
                warm.winding_k = kelvin(hottest[lane]);
                warm.least_released = least[lane];
            }
        }
    }
}

/// The first `N` values of one map at a load.
#[inline(always)]
fn point<S: Simd, const N: usize>(
    simd: S,
    table: &UnitTable<'_>,
    row: &Row,
    (load, position): (f64, f64),
) -> [f64; VALUES] {
    let mut column = table.load_bins.first(position);
    column += usize::from(load >= table.load_cells[column].to);
    while load >= table.load_cells[column].to {
        column += 1;
    }
    let cell = &table.load_cells[column];
    let across = (load - cell.from) * cell.per_width;
    let corner = row.corner + column;
    let (lower, upper) = (&table.nodes[corner..], &table.nodes[corner + table.loads..]);
    let ([a, b, ..], [c, d, ..]) = (lower, upper) else {
        return [0.0; VALUES];
    };
    bilinear::<S, N>(simd, [a, b, c, d], across, row.fraction)
}

/// The first `N` values at least, a vector's worth at a time.
#[inline(always)]
fn bilinear<S: Simd, const N: usize>(
    simd: S,
    corners: [&[f64; VALUES]; 4],
    across: f64,
    along: f64,
) -> [f64; VALUES] {
    let (across, along) = (Wide::splat(simd, across), Wide::splat(simd, along));
    let mut point = [0.0; VALUES];
    let width = Wide::<S>::WIDTH;
    let mut from = 0;
    while from < N {
        let a = Wide::load_part(simd, corners[0], from);
        let b = Wide::load_part(simd, corners[1], from);
        let c = Wide::load_part(simd, corners[2], from);
        let d = Wide::load_part(simd, corners[3], from);
        let lower = a + (b - a) * across;
        let upper = c + (d - c) * across;
        let values = (lower + (upper - lower) * along).store();
        for (point, value) in point.iter_mut().skip(from).zip(&values[..width]) {
            *point = *value;
        }
        from += width;
    }
    point
}

impl<S: Simd> Heat<S> {
    #[inline(always)]
    fn new(simd: S, units: &Each<&Fitted<'_>>, axle: usize, options: &Options) -> Self {
        let wide = |none: f64, f: &dyn Fn(&codrive_model::unit_heat::UnitHeat) -> f64| {
            Wide::load(
                simd,
                &units.map(|unit| unit.table.drive.heat.map_or(none, f)),
            )
        };
        let zero = Wide::splat(simd, 0.0);
        let rise = std::array::from_fn(|lump| {
            wide(0.0, &|heat| {
                options.start_rise_k(axle, heat.coolant_k)[lump]
            })
        });
        let mut heat = Self {
            rise,
            highest: rise,
            hottest: Wide::splat(simd, f64::MIN),
            released: zero,
            least_released: Wide::splat(simd, 1.0),
            hot_spot: wide(0.0, &|heat| heat.hot_spot),
            winding_limit: wide(1.0, &|heat| heat.winding_limit_k - heat.coolant_k),
            rotor_limit: wide(1.0, &|heat| heat.magnet_limit_k - heat.coolant_k),
            per_span: wide(1.0, &|heat| 1.0 / heat.derating_span_k),
            a: [[zero; LUMPS]; LUMPS],
            b: [[zero; LUMPS]; LUMPS],
        };
        heat.derate(simd);
        heat
    }

    #[inline(always)]
    fn pass(&mut self, simd: S, loss: &[Wide<S>; LUMPS]) {
        let rise = self.rise;
        for i in 0..LUMPS {
            let mut sum = self.a[i][0] * rise[0] + self.b[i][0] * loss[0];
            for j in 1..LUMPS {
                sum += self.a[i][j] * rise[j] + self.b[i][j] * loss[j];
            }
            self.rise[i] = sum;
            self.highest[i] = self.highest[i].max(sum);
        }
        self.derate(simd);
    }

    #[inline(always)]
    fn derate(&mut self, simd: S) {
        let zero = Wide::splat(simd, 0.0);
        let winding = self.rise[Lump::Winding as usize];
        let above = (winding - self.rise[Lump::Stator as usize]).max(zero);
        let hottest = winding + self.hot_spot * above;
        let left =
            (self.winding_limit - hottest).min(self.rotor_limit - self.rise[Lump::Rotor as usize]);
        self.hottest = self.hottest.max(hottest);
        self.released = (left * self.per_span).max(zero).min(Wide::splat(simd, 1.0));
        self.least_released = self.least_released.min(self.released);
    }
}
