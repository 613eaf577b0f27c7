//! Temperatures of a unit on its way, and the torque that they leave.
//!
//! C dθ/dt = P − G θ over four lumps. Within a step the losses are constant, so that
//! θ(t + Δt) = e^(−C⁻¹GΔt) θ(t) + (1 − e^(−C⁻¹GΔt)) G⁻¹ P is exact for any step. Losses are those of
//! the drive map, at its own winding temperature.

use codrive_model::operating_map::{LossSplit, OperatingMap};
use codrive_model::unit_heat::{ByLumps, LUMPS, Lump, UnitHeat};
use codrive_numerics::cholesky::Cholesky;
use codrive_numerics::exponential::{exponential, product};

/// A value by lump, in the order of [`Lump`].
pub type ByLump = [f64; LUMPS];

/// How warm a unit became.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitTemperatures {
    /// At the end, K.
    pub end_k: ByLump,
    /// Highest of each lump, K.
    pub highest_k: ByLump,
    /// Highest at the winding's hottest place, K.
    pub winding_k: f64,
    /// Smallest share of the envelope's torque that derating left.
    pub least_released: f64,
}

impl UnitTemperatures {
    /// At the beginning.
    pub(crate) fn start(heat: &UnitHeat, rise_k: &ByLump) -> Self {
        let now = rise_k.map(|k| k + heat.coolant_k);
        Self {
            end_k: now,
            highest_k: now,
            winding_k: heat.coolant_k + hottest_k(heat, rise_k),
            least_released: released(heat, rise_k),
        }
    }

    /// Takes in a moment.
    pub(crate) fn pass(&mut self, heat: &UnitHeat, rise_k: &ByLump) {
        let now = Self::start(heat, rise_k);
        self.end_k = now.end_k;
        for (highest, now) in self.highest_k.iter_mut().zip(now.end_k) {
            *highest = highest.max(now);
        }
        self.winding_k = self.winding_k.max(now.winding_k);
        self.least_released = self.least_released.min(now.least_released);
    }
}

/// Rise of the winding's hottest place over the coolant, K.
pub(crate) fn hottest_k(heat: &UnitHeat, rise_k: &ByLump) -> f64 {
    let winding = rise_k[Lump::Winding as usize];
    winding + heat.hot_spot * (winding - rise_k[Lump::Stator as usize]).max(0.0)
}

/// Share of the envelope's torque that is released: 1 down to 0 over the span below the limit.
pub(crate) fn released(heat: &UnitHeat, rise_k: &ByLump) -> f64 {
    released_at(heat, hottest_k(heat, rise_k), rise_k[Lump::Rotor as usize])
}

/// The same at rises of the winding's hottest place and of the rotor.
pub(crate) fn released_at(heat: &UnitHeat, hottest_k: f64, rotor_k: f64) -> f64 {
    let winding = heat.winding_limit_k - heat.coolant_k - hottest_k;
    let rotor = heat.magnet_limit_k - heat.coolant_k - rotor_k;
    (winding.min(rotor) / heat.derating_span_k).clamp(0.0, 1.0)
}

/// A step of fixed length: θ' = a θ + b P.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct HeatStep {
    pub(crate) a: ByLumps,
    pub(crate) b: ByLumps,
}

impl HeatStep {
    /// `None` where capacities or conductances are not positive definite.
    pub(crate) fn new(heat: &UnitHeat, seconds: f64) -> Option<Self> {
        let conductance = Cholesky::new(&heat.conductance_w_per_k)?;
        let capacity = Cholesky::new(&heat.capacity_j_per_k)?;
        let one: ByLumps = over_lumps(|i, j| f64::from(u8::from(i == j)));
        let resistance = one.map(|column| conductance.solve(column));
        // Both matrices are symmetric: the rows of C⁻¹G are the columns of (C⁻¹G)ᵀ.
        let columns = heat
            .conductance_w_per_k
            .map(|column| capacity.solve(column));
        let a = exponential(&over_lumps(|i, j| -seconds * columns[j][i]))?;
        let passed = over_lumps(|i, j| one[i][j] - a[i][j]);
        Some(Self {
            a,
            b: product(&passed, &resistance),
        })
    }

    /// Rises after the step, K, with losses by lump, W.
    pub(crate) fn pass(&self, rise_k: &ByLump, loss_w: &ByLump) -> ByLump {
        std::array::from_fn(|i| {
            let mut sum = 0.0;
            for j in 0..LUMPS {
                sum += self.a[i][j] * rise_k[j] + self.b[i][j] * loss_w[j];
            }
            sum
        })
    }
}

fn over_lumps(f: impl Fn(usize, usize) -> f64) -> ByLumps {
    std::array::from_fn(|i| std::array::from_fn(|j| f(i, j)))
}

/// What heats the lumps at each point of a map, W.
///
/// Half of the motor's friction goes to each side of its gap. The inverter warms the coolant ahead of
/// the other parts: what each passes to the coolant per kelvin times that warmth counts as its heat.
pub(crate) fn lump_losses_w(heat: &UnitHeat, map: &OperatingMap) -> Vec<ByLump> {
    let LossSplit {
        copper_w,
        iron_w,
        magnet_w,
        mechanical_w,
        inverter_w,
        gear_w,
    } = &map.split;
    let sinks = heat.conductance_w_per_k.map(|row| row.iter().sum::<f64>());
    let at = |i: usize| {
        let rotor = heat.rotor_iron_share * iron_w[i];
        let friction = 0.5 * mechanical_w[i];
        let warmth_k = inverter_w[i] / heat.coolant_w_per_k;
        let own = [
            copper_w[i],
            iron_w[i] - rotor + friction,
            rotor + magnet_w[i] + friction,
            gear_w[i],
        ];
        std::array::from_fn(|lump| own[lump] + sinks[lump] * warmth_k)
    };
    (0..map.loss_w.len()).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::heat;

    const LOSS_W: ByLump = [1500.0, 500.0, 80.0, 150.0];

    #[test]
    fn one_long_step_is_many_short_ones() {
        let heat = heat();
        let start = [20.0, 5.0, 3.0, 0.0];
        let long = HeatStep::new(&heat, 300.0).unwrap().pass(&start, &LOSS_W);
        let short = HeatStep::new(&heat, 0.5).unwrap();
        let many = (0..600).fold(start, |rise, _| short.pass(&rise, &LOSS_W));
        for (long, many) in long.iter().zip(many) {
            assert!((long - many).abs() < 1e-9, "{long} {many}");
        }
    }

    #[test]
    fn heat_stored_and_heat_passed_on_add_up_to_the_losses() {
        // C θ(t) = ∫ (P − G θ) dt; the integral by Simpson's rule over the exact steps.
        let heat = heat();
        let (step, n) = (HeatStep::new(&heat, 1.0).unwrap(), 120_u32);
        let (mut rise, mut passed) = ([0.0; LUMPS], [0.0; LUMPS]);
        for i in 0..=n {
            let weight = match i {
                0 => 1.0,
                i if i == n => 1.0,
                i if i % 2 == 1 => 4.0,
                _ => 2.0,
            } / 3.0;
            for (sum, row) in passed.iter_mut().zip(&heat.conductance_w_per_k) {
                *sum += weight * row.iter().zip(&rise).map(|(g, t)| g * t).sum::<f64>();
            }
            if i < n {
                rise = step.pass(&rise, &LOSS_W);
            }
        }
        for (i, row) in heat.capacity_j_per_k.iter().enumerate() {
            let stored: f64 = row.iter().zip(&rise).map(|(c, t)| c * t).sum();
            let lost = LOSS_W[i] * f64::from(n);
            assert!((stored + passed[i] - lost).abs() < 1e-4 * lost, "lump {i}");
        }
    }

    #[test]
    fn torque_is_released_down_to_the_limit() {
        let heat = heat();
        let mut rise = [0.0; LUMPS];
        assert_eq!(released(&heat, &rise), 1.0);
        rise[Lump::Rotor as usize] = 75.0 - 7.5;
        assert!((released(&heat, &rise) - 0.5).abs() < 1e-12);
        rise[Lump::Rotor as usize] = 80.0;
        assert_eq!(released(&heat, &rise), 0.0);
        let winding = [95.0 / 1.3, 0.0, 0.0, 0.0];
        assert!(released(&heat, &winding) < 1e-12);
    }

    #[test]
    fn heat_that_no_body_stores_is_refused() {
        let mut wrong = heat();
        wrong.capacity_j_per_k[0][0] = -1.0;
        assert!(HeatStep::new(&wrong, 1.0).is_none());
        assert!(HeatStep::new(&heat(), f64::NAN).is_none());
    }
}
