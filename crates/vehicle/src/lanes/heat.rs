//! Temperatures of the units of one axle, as rises over their coolant.

use codrive_model::unit_heat::{LUMPS, Lump, UnitHeat};
use pulp::Simd;

use crate::driver::Driver;
use crate::simulate::{CycleResult, Options};
use crate::temperature::{HeatStep, released_at};
use crate::wide::{Each, Wide};

/// Units that warm up, as [`crate::temperature`] has it; where the heat of one is not known it stays cold.
pub(super) struct Heat<S: Simd> {
    rise: [Wide<S>; LUMPS],
    highest: [Wide<S>; LUMPS],
    /// Highest rise at the windings' hottest place.
    hottest: Wide<S>,
    hot_spot: Wide<S>,
    a: [[Wide<S>; LUMPS]; LUMPS],
    b: [[Wide<S>; LUMPS]; LUMPS],
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
        let heats: Each<Option<&UnitHeat>> = drivers.map(|d| d.units[axle].table.drive.heat);
        heats.iter().flatten().next()?;
        let wide =
            |f: &dyn Fn(&UnitHeat) -> f64| Wide::load(simd, &heats.map(|heat| heat.map_or(0.0, f)));
        let zero = Wide::splat(simd, 0.0);
        let rise = std::array::from_fn(|lump| {
            wide(&|heat| options.start_rise_k(axle, heat.coolant_k)[lump])
        });
        let mut heat = Self {
            rise,
            highest: rise,
            hottest: Wide::splat(simd, f64::MIN),
            hot_spot: wide(&|heat| heat.hot_spot),
            a: [[zero; LUMPS]; LUMPS],
            b: [[zero; LUMPS]; LUMPS],
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
        for i in 0..LUMPS {
            for j in 0..LUMPS {
                self.a[i][j] = wide(&|step| step.a[i][j]);
                self.b[i][j] = wide(&|step| step.b[i][j]);
            }
        }
    }

    /// Passes a step with its losses by lump, W.
    #[inline(always)]
    pub(super) fn pass(&mut self, simd: S, loss: &[Wide<S>; LUMPS]) {
        let rise = self.rise;
        for i in 0..LUMPS {
            let mut sum = self.a[i][0] * rise[0] + self.b[i][0] * loss[0];
            for j in 1..LUMPS {
                sum += self.a[i][j] * rise[j] + self.b[i][j] * loss[j];
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
