//! Junction temperatures over time: the inverter's Foster chain, as shares of its steady rise.

use codrive_model::inverter::{Device, Inverter};

/// Chain of an inverter that states none, shares and time constants, s: chip and solder, substrate, pin
/// fins and coolant; assumed, in the order of modules with direct cooling.
const ASSUMED: [Stage; 3] = [
    Stage::new(0.2, 0.005),
    Stage::new(0.5, 0.06),
    Stage::new(0.3, 0.5),
];

/// One stage: its share of the steady rise, and how fast it settles.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stage {
    share: f64,
    time_constant_s: f64,
}

impl Stage {
    const fn new(share: f64, time_constant_s: f64) -> Self {
        Self {
            share,
            time_constant_s,
        }
    }
}

/// The rise of the hottest junction over the coolant while loads change.
///
/// The steady rise, with thermal resistance and feedback, is the inverter model's; the chain of its
/// transistor says only when.
#[derive(Clone, Debug, PartialEq)]
pub struct Junction {
    stages: Vec<Stage>,
    rises_k: Vec<f64>,
}

impl Junction {
    /// A junction at coolant temperature.
    #[must_use]
    pub fn new(inverter: &Inverter) -> Self {
        let chain = match &inverter.device {
            Device::SiIgbt(switch) => &switch.transistor.thermal_chain,
            Device::SicMosfet(switch) => &switch.thermal_chain,
        };
        let whole: f64 = chain.iter().map(|stage| stage.resistance_k_per_w).sum();
        let stages: Vec<Stage> = if whole > 0.0 {
            let share = |r: f64| r / whole;
            chain
                .iter()
                .map(|s| Stage::new(share(s.resistance_k_per_w), s.time_constant_s))
                .collect()
        } else {
            ASSUMED.to_vec()
        };
        let rises_k = vec![0.0; stages.len()];
        Self { stages, rises_k }
    }

    /// Lets a time pass at a load whose steady rise is `settled_k`; exact.
    pub fn pass(&mut self, settled_k: f64, seconds: f64) {
        for (rise, stage) in self.rises_k.iter_mut().zip(&self.stages) {
            let goal = stage.share * settled_k;
            *rise = goal + (*rise - goal) * (-seconds / stage.time_constant_s).exp();
        }
    }

    /// Rise over the coolant, K.
    #[must_use]
    pub fn rise_k(&self) -> f64 {
        self.rises_k.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::fs800;

    #[test]
    fn a_junction_settles_at_the_steady_rise_and_times_add_up() {
        let mut once = Junction::new(&fs800());
        let mut twice = once.clone();
        once.pass(60.0, 0.4);
        twice.pass(60.0, 0.3);
        twice.pass(60.0, 0.1);
        assert!((once.rise_k() - twice.rise_k()).abs() < 1e-12);
        assert!((1.0..60.0).contains(&once.rise_k()));
        once.pass(60.0, 60.0);
        assert!((once.rise_k() - 60.0).abs() < 1e-9);
    }
}
