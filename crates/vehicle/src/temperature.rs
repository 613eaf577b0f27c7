//! Temperatures of a unit on its way, and the torque that they leave.
//!
//! C dθ/dt = P − G θ over four lumps, P and G those of the point of the map. A step goes towards the steady rise
//! G⁻¹P of its point, and does so in modes: the shapes of C and G at half of the highest speed, each with its rate
//! vᵀGv (Rayleigh's quotient), what is left of the way linear between those of rest and of the highest speed. Steady
//! temperatures are those of G whatever the speed, and a constant step is exact at both ends, however long. Losses are those of the drive map, at its own winding
//! temperature.

use codrive_model::operating_map::OperatingMap;
use codrive_model::unit_heat::{ByLumps, LUMPS, Lump, UnitHeat};
use codrive_numerics::cholesky::Cholesky;
use codrive_numerics::exponential::exponential;
use codrive_numerics::modes::Modes;

pub use codrive_model::unit_heat::ByLump;

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

/// A unit's heat in modes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HeatModes {
    /// Rise of the lumps for each mode: θ = V m.
    pub(crate) shapes: ByLumps,
    /// m = Vᵀ C θ.
    of_lumps: ByLumps,
    /// Rates at rest and at the highest speed, 1/s.
    rates: [ByLump; 2],
    /// One over the highest speed, s/rad.
    pub(crate) per_top: f64,
    /// Modes for 1 W in each lump at each speed: Vᵀ C G⁻¹, K/W.
    steady: Vec<ByLumps>,
}

impl HeatModes {
    /// `None` where capacities or conductances are not positive definite.
    pub(crate) fn new(heat: &UnitHeat, map: &OperatingMap) -> Option<Self> {
        let capacity = &heat.capacity_j_per_k;
        let usual = heat.conductance_w_per_k.get(usual_speed(map))?;
        let Modes { shapes, .. } = Modes::new(usual, capacity)?;
        let of_lumps = shapes.map(|shape| times(capacity, &shape));
        let rates = |g: &ByLumps| shapes.map(|shape| dot(&shape, &times(g, &shape)));
        let steady = heat.conductance_w_per_k.iter().map(|g| {
            let factor = Cholesky::new(g)?;
            Some(of_lumps.map(|row| factor.solve(row)))
        });
        Some(Self {
            shapes: over_lumps(|lump, mode| shapes[mode][lump]),
            of_lumps,
            rates: [
                rates(heat.conductance_w_per_k.first()?),
                rates(heat.conductance_w_per_k.last()?),
            ],
            per_top: 1.0 / map.speed_limit_rad_per_s(),
            steady: steady.collect::<Option<_>>()?,
        })
    }

    /// Modes of rises by lump, K.
    pub(crate) fn of(&self, rise_k: &ByLump) -> ByLump {
        times(&self.of_lumps, rise_k)
    }

    /// Rises by lump of modes, K.
    pub(crate) fn lumps_k(&self, modes: &ByLump) -> ByLump {
        times(&self.shapes, modes)
    }

    /// Modes of the steady state with losses by lump, W, at a speed of the map.
    pub(crate) fn steady(&self, speed: usize, loss_w: &ByLump) -> ByLump {
        times(&self.steady[speed], loss_w)
    }

    /// The same for a motor that stands still, with a loss in the oil, W.
    pub(crate) fn steady_at_rest(&self, oil_w: f64) -> ByLump {
        let mut loss_w = [0.0; LUMPS];
        loss_w[Lump::Oil as usize] = oil_w;
        self.steady(0, &loss_w)
    }

    /// Share of the highest speed, 0 to 1; held beyond it, where a car cannot follow.
    pub(crate) fn speed_share(&self, speed_rad_per_s: f64) -> f64 {
        (speed_rad_per_s * self.per_top).min(1.0)
    }
}

/// Index of the map's speed nearest half of its highest.
fn usual_speed(map: &OperatingMap) -> usize {
    let half = 0.5 * map.speed_limit_rad_per_s();
    let off = |speed: &f64| (speed - half).abs();
    let speeds = map.speed_rad_per_s.iter().enumerate();
    let nearest = speeds.min_by(|(_, a), (_, b)| off(a).total_cmp(&off(b)));
    nearest.map_or(0, |(i, _)| i)
}

/// A step of fixed length: what is left of the way to the steady state, by mode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct HeatStep {
    /// At rest.
    pub(crate) left: ByLump,
    /// What the highest speed adds.
    pub(crate) change: ByLump,
}

impl HeatStep {
    /// `None` where the time is not finite.
    pub(crate) fn new(modes: &HeatModes, seconds: f64) -> Option<Self> {
        let mut left = [[0.0; LUMPS]; 2];
        for (left, rates) in left.iter_mut().zip(&modes.rates) {
            for (left, rate) in left.iter_mut().zip(rates) {
                let [[decayed]] = exponential(&[[-rate * seconds]])?;
                *left = decayed;
            }
        }
        let [rest, top] = left;
        Some(Self {
            left: rest,
            change: std::array::from_fn(|i| top[i] - rest[i]),
        })
    }

    /// Modes after the step towards a steady state, at a share of the highest speed.
    pub(crate) fn pass(&self, modes: &ByLump, steady: &ByLump, speed_share: f64) -> ByLump {
        std::array::from_fn(|i| {
            let left = self.left[i] + speed_share * self.change[i];
            steady[i] + left * (modes[i] - steady[i])
        })
    }
}

fn over_lumps(f: impl Fn(usize, usize) -> f64) -> ByLumps {
    std::array::from_fn(|i| std::array::from_fn(|j| f(i, j)))
}

fn times(matrix: &ByLumps, by: &ByLump) -> ByLump {
    std::array::from_fn(|i| dot(&matrix[i], by))
}

fn dot(a: &ByLump, b: &ByLump) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::{I3_SIZED, heat, uneven_drive_map};

    const LOSS_W: ByLump = [1500.0, 500.0, 80.0, 150.0];

    fn modes() -> HeatModes {
        HeatModes::new(&heat(), &uneven_drive_map(I3_SIZED)).unwrap()
    }

    #[test]
    fn one_long_step_is_many_short_ones() {
        let modes = modes();
        let start = modes.of(&[20.0, 5.0, 3.0, 0.0]);
        for (speed, share) in [(0, 0.0), (modes.steady.len() - 1, 1.0)] {
            let steady = modes.steady(speed, &LOSS_W);
            let step = |seconds| HeatStep::new(&modes, seconds).unwrap();
            let long = step(300.0).pass(&start, &steady, share);
            let short = step(0.5);
            let many = (0..600).fold(start, |now, _| short.pass(&now, &steady, share));
            for (long, many) in long.iter().zip(many) {
                assert!((long - many).abs() < 1e-9, "{long} {many}");
            }
        }
    }

    #[test]
    fn the_steady_state_is_that_of_the_conductances_at_every_speed() {
        let (heat, modes) = (heat(), modes());
        let hour = HeatStep::new(&modes, 1e6).unwrap();
        for (speed, g) in heat.conductance_w_per_k.iter().enumerate() {
            let end = hour.pass(&[0.0; LUMPS], &modes.steady(speed, &LOSS_W), 0.5);
            let leaves_w = times(g, &modes.lumps_k(&end));
            for (leaves_w, lost_w) in leaves_w.iter().zip(LOSS_W) {
                assert!(
                    (leaves_w - lost_w).abs() < 1e-9,
                    "{speed}: {leaves_w} {lost_w}"
                );
            }
        }
    }

    #[test]
    fn heat_stored_and_heat_passed_on_add_up_to_the_losses_at_the_usual_speed() {
        // C θ(t) = ∫ (P − G θ) dt; the integral by Simpson's rule over the exact steps.
        let (heat, modes) = (heat(), modes());
        let usual = usual_speed(&uneven_drive_map(I3_SIZED));
        let conductance = &heat.conductance_w_per_k[usual];
        let exact = HeatModes {
            rates: [Modes::new(conductance, &heat.capacity_j_per_k)
                .unwrap()
                .rates; 2],
            ..modes
        };
        let (step, n) = (HeatStep::new(&exact, 1.0).unwrap(), 120_u32);
        let steady = exact.steady(usual, &LOSS_W);
        let (mut now, mut passed) = ([0.0; LUMPS], [0.0; LUMPS]);
        for i in 0..=n {
            let weight = match i {
                0 => 1.0,
                i if i == n => 1.0,
                i if i % 2 == 1 => 4.0,
                _ => 2.0,
            } / 3.0;
            let rise = exact.lumps_k(&now);
            for (sum, row) in passed.iter_mut().zip(conductance) {
                *sum += weight * dot(row, &rise);
            }
            if i < n {
                now = step.pass(&now, &steady, 0.5);
            }
        }
        let rise = exact.lumps_k(&now);
        for (i, row) in heat.capacity_j_per_k.iter().enumerate() {
            let lost = LOSS_W[i] * f64::from(n);
            assert!(
                (dot(row, &rise) + passed[i] - lost).abs() < 1e-4 * lost,
                "lump {i}"
            );
        }
    }

    #[test]
    fn modes_are_rises_in_other_words() {
        let (modes, rise_k) = (modes(), [30.0, 12.0, -4.0, 7.0]);
        for (back, k) in modes.lumps_k(&modes.of(&rise_k)).iter().zip(rise_k) {
            assert!((back - k).abs() < 1e-12, "{back} {k}");
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
        let map = uneven_drive_map(I3_SIZED);
        let mut wrong = heat();
        wrong.capacity_j_per_k[0][0] = -1.0;
        assert!(HeatModes::new(&wrong, &map).is_none());
        let mut wrong = heat();
        wrong.conductance_w_per_k[3][1][1] = -1.0;
        assert!(HeatModes::new(&wrong, &map).is_none());
        assert!(HeatStep::new(&modes(), f64::NAN).is_none());
    }
}
