//! A part that heats itself: loss linear in junction temperature, steady and after a change.

use codrive_model::inverter::ThermalStage;

/// Junction temperature below which the parameters are held, K: data sheets state 25 °C and two hot
/// values, and the linear fits turn negative soon below.
const COLDEST_PARAMETERS_K: f64 = 298.15;
/// Time steps after a change, and the first of them over the whole time.
const STEPS: u32 = 96;
const FIRST_STEP: f64 = 1e-4;

/// Losses of one part, each linear in junction temperature: p_0 + p_1 · (T − T_ref), W.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LinearLoss {
    pub(super) conduction: [f64; 2],
    pub(super) switching: [f64; 2],
}

/// A part at the temperature that it reaches itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settled {
    pub(super) conduction_w: f64,
    pub(super) switching_w: f64,
    pub(super) junction_k: f64,
}

/// Where a part's heat goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'a> {
    pub(super) coolant_k: f64,
    pub(super) reference_k: f64,
    pub(super) k_per_w: f64,
    pub(super) chain: &'a [ThermalStage],
}

impl LinearLoss {
    /// T = T_c + K_c P_c(T) + K_s P_s(T) in closed form, with K in K/W for conduction and switching.
    /// `None` where there is no such temperature: thermal runaway.
    pub(super) fn settle(&self, path: Path<'_>, [k_c, k_s]: [f64; 2]) -> Option<Settled> {
        let above = path.coolant_k - path.reference_k;
        let feedback = 1.0 - k_c * self.conduction[1] - k_s * self.switching[1];
        if feedback <= 0.0 {
            return None;
        }
        let (c, s) = self.at(above);
        let junction_k = path.coolant_k + (k_c * c + k_s * s) / feedback;
        let held_k = junction_k.max(COLDEST_PARAMETERS_K);
        let (conduction_w, switching_w) = self.at(held_k - path.reference_k);
        let junction_k = if junction_k < COLDEST_PARAMETERS_K {
            path.coolant_k + k_c * conduction_w + k_s * switching_w
        } else {
            junction_k
        };
        Some(Settled {
            conduction_w,
            switching_w,
            junction_k,
        })
    }

    /// Conduction and switching loss, W, at a temperature above the reference, K.
    fn at(&self, above_reference: f64) -> (f64, f64) {
        let at = |p: [f64; 2]| p[0] + p[1] * above_reference;
        (at(self.conduction), at(self.switching))
    }

    fn total_at_w(&self, junction_k: f64, reference_k: f64) -> f64 {
        let (c, s) = self.at(junction_k.max(COLDEST_PARAMETERS_K) - reference_k);
        c + s
    }
}

impl Path<'_> {
    /// K/W of a loss whose peak is `peak` times its mean and pulses with ω, rad/s:
    /// Σ R_i [1 + (peak − 1)/sqrt(1 + (ω τ_i)²)].
    ///
    /// Exact at standstill and at high frequency; between, every ripple counts as if all of it were
    /// first harmonic, which errs to the hot side.
    pub(super) fn pulsed_k_per_w(&self, peak: f64, omega_rad_per_s: f64) -> f64 {
        let ripple = |stage: &ThermalStage| {
            let lag = omega_rad_per_s * stage.time_constant_s;
            stage.resistance_k_per_w * (1.0 + (peak - 1.0) / (1.0 + lag * lag).sqrt())
        };
        self.chain.iter().map(ripple).sum()
    }

    /// Junction temperature, K, a time after the loss changed from `before`, settled, to `after`.
    ///
    /// Each stage relaxes exponentially to R_i P; P follows the temperature in steps that grow with
    /// time. `None` where `before` has no steady temperature.
    pub(super) fn after_k(
        &self,
        before: LinearLoss,
        after: LinearLoss,
        seconds: f64,
    ) -> Option<f64> {
        let steady = before.settle(*self, [self.k_per_w; 2])?;
        let before_w = steady.conduction_w + steady.switching_w;
        let start = |stage: &ThermalStage| stage.resistance_k_per_w * before_w;
        let mut rises: Vec<f64> = self.chain.iter().map(start).collect();
        let mut junction_k = self.coolant_k + rises.iter().sum::<f64>();
        let growth = FIRST_STEP.powf(-1.0 / f64::from(STEPS - 1));
        let mut now_s = 0.0;
        for step in 0..STEPS {
            let until_s = seconds * FIRST_STEP * growth.powf(f64::from(step));
            let watt = after.total_at_w(junction_k, self.reference_k);
            for (rise, stage) in rises.iter_mut().zip(self.chain) {
                let goal = stage.resistance_k_per_w * watt;
                *rise = goal + (*rise - goal) * (-(until_s - now_s) / stage.time_constant_s).exp();
            }
            junction_k = self.coolant_k + rises.iter().sum::<f64>();
            now_s = until_s;
        }
        Some(junction_k)
    }
}
