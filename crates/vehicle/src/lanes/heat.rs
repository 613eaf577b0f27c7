//! Temperatures of the units of one axle, as rises over their coolant.

use codrive_model::unit_heat::{LUMPS, Lump, UnitHeat};
use pulp::Simd;

use crate::driver::Driver;
use crate::simulate::{CycleResult, Options};
use crate::temperature::{HeatModes, HeatStep, released_at};
use crate::wide::{Each, Wide};

/// Units that warm up, as [`crate::temperature`] has it; where the heat of one is not known it stays cold.
pub(super) struct Heat<S: Simd> {
    modes: [Wide<S>; LUMPS],
    highest: [Wide<S>; LUMPS],
    rise: [Wide<S>; LUMPS],
    /// Highest rise at the windings' hottest place.
    hottest: Wide<S>,
    hot_spot: Wide<S>,
    /// One over the cars' speed at the units' highest, s/m.
    per_top_m_s: Wide<S>,
    shapes: [[Wide<S>; LUMPS]; LUMPS],
    left: [Wide<S>; LUMPS],
    change: [Wide<S>; LUMPS],
}

impl<S: Simd> Heat<S> {
    /// `None` where no unit's heat is known.
    #[inline(always)]
    pub(super) fn new(
        simd: S,
        drivers: &Each<&Driver<'_>>,
        axle: usize,
        options: &Options,
    ) -> Option<Self> {
        let known = drivers.map(|driver| {
            let table = driver.units[axle].table;
            table.drive.heat.zip(table.modes.as_ref())
        });
        known.iter().flatten().next()?;
        let per_radius = Wide::load(simd, &drivers.map(|driver| 1.0 / driver.radius_m));
        let wide = |f: &dyn Fn(&UnitHeat, &HeatModes) -> f64| {
            Wide::load(
                simd,
                &known.map(|known| known.map_or(0.0, |(h, m)| f(h, m))),
            )
        };
        let zero = Wide::splat(simd, 0.0);
        let start = |heat: &UnitHeat| options.start_rise_k(axle, heat.coolant_k);
        let rise = std::array::from_fn(|lump| wide(&|heat, _| start(heat)[lump]));
        let mut heat = Self {
            modes: std::array::from_fn(|k| wide(&|heat, modes| modes.of(&start(heat))[k])),
            highest: rise,
            rise,
            hottest: Wide::splat(simd, f64::MIN),
            hot_spot: wide(&|heat, _| heat.hot_spot),
            per_top_m_s: wide(&|_, modes| modes.per_top) * per_radius,
            shapes: std::array::from_fn(|i| {
                std::array::from_fn(|k| wide(&|_, modes| modes.shapes[i][k]))
            }),
            left: [zero; LUMPS],
            change: [zero; LUMPS],
        };
        heat.keep_highest(simd);
        Some(heat)
    }

    /// Fits the steps to a duration.
    #[inline(always)]
    pub(super) fn fit(&mut self, simd: S, steps: &Each<Option<HeatStep>>) {
        let wide = |f: &dyn Fn(&HeatStep) -> f64| {
            Wide::load(simd, &steps.map(|step| step.as_ref().map_or(0.0, f)))
        };
        for k in 0..LUMPS {
            self.left[k] = wide(&|step| step.left[k]);
            self.change[k] = wide(&|step| step.change[k]);
        }
    }

    /// Passes a step towards a steady state at the cars' speed.
    #[inline(always)]
    pub(super) fn pass(&mut self, simd: S, steady: &[Wide<S>; LUMPS], speed_m_s: f64) {
        let speed_share = Wide::splat(simd, speed_m_s) * self.per_top_m_s;
        let speed_share = speed_share.min(Wide::splat(simd, 1.0));
        for (k, steady) in steady.iter().enumerate() {
            let left = self.left[k] + speed_share * self.change[k];
            self.modes[k] = *steady + left * (self.modes[k] - *steady);
        }
        for i in 0..LUMPS {
            let mut sum = self.shapes[i][0] * self.modes[0];
            for k in 1..LUMPS {
                sum += self.shapes[i][k] * self.modes[k];
            }
            self.rise[i] = sum;
        }
        self.keep_highest(simd);
    }

    #[inline(always)]
    fn keep_highest(&mut self, simd: S) {
        for (highest, now) in self.highest.iter_mut().zip(&self.rise) {
            *highest = highest.max(*now);
        }
        let winding = self.rise[Lump::Winding as usize];
        let above = (winding - self.rise[Lump::Stator as usize]).max(Wide::splat(simd, 0.0));
        self.hottest = self.hottest.max(winding + self.hot_spot * above);
    }

    /// Writes the temperatures of the cars.
    #[inline(always)]
    pub(super) fn report(&self, axle: usize, drivers: &[Driver<'_>], into: &mut [CycleResult]) {
        let (end, highest) = (self.rise.map(Wide::store), self.highest.map(Wide::store));
        let hottest = self.hottest.store();
        for (lane, (driver, result)) in drivers.iter().zip(into).enumerate() {
            let known = driver.units[axle].table.drive.heat;
            if let (Some(known), Some(warm)) = (known, &mut result.temperatures[axle]) {
                let kelvin = |rise: f64| rise + known.coolant_k;
                warm.end_k = end.map(|rise| kelvin(rise[lane]));
                warm.highest_k = highest.map(|rise| kelvin(rise[lane]));
                warm.winding_k = kelvin(hottest[lane]);
                warm.least_released =
                    released_at(known, hottest[lane], highest[Lump::Rotor as usize][lane]);
            }
        }
    }
}
