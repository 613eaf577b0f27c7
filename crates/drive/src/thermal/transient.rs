//! Temperatures over time at constant currents and speed.

use codrive_numerics::cholesky::Cholesky;

use super::heat::HeatLoad;
use super::network::{AtSpeed, ByNode, Matrix, NODES};
use super::steady::{Temperatures, runaway};
use crate::error::DriveError;

/// Share of a step that its implicit parts span: 1 − 1/√2; then both have one matrix.
const GAMMA: f64 = 1.0 - std::f64::consts::FRAC_1_SQRT_2;
/// Weight of the first part in the second, (√2 + 1)/2.
const WEIGHT: f64 = 0.5 * (std::f64::consts::SQRT_2 + 1.0);
/// Most halvings of a step that runs away.
const HALVINGS: u32 = 12;
/// First step after a change of load, s, and the growth of the steps: errors below 0.1 K.
const FIRST_STEP_S: f64 = 1.0;
const GROWTH: f64 = 1.25;

impl AtSpeed<'_> {
    /// All lumps at coolant temperature, K.
    #[must_use]
    pub fn soaked_k(&self) -> ByNode {
        [self.network.coolant.inlet_k; NODES]
    }

    /// Temperatures after `seconds` at a load, from those of a start, K.
    ///
    /// C dT/dt = P(T) − G (T − T_c) by TR-BDF2 steps that grow: second order, and L-stable, so that the
    /// air's short time constant limits no step. The copper's loss is linear in temperature within a step.
    ///
    /// Source: Bank et al. 1985, doi:10.1109/T-ED.1985.22232.
    ///
    /// # Errors
    /// A winding that runs away within the time.
    pub fn after(
        &self,
        start_k: &ByNode,
        heat: &HeatLoad,
        seconds: f64,
    ) -> Result<Temperatures, DriveError> {
        let mut node_k = *start_k;
        for step in steps(seconds) {
            node_k = self.step(&node_k, heat, step)?;
        }
        Ok(Temperatures::new(self.network, node_k))
    }

    /// One step of `seconds`, halved where the copper runs away too fast for it.
    ///
    /// # Errors
    /// A winding that runs away whatever the step.
    pub fn step(
        &self,
        node_k: &ByNode,
        heat: &HeatLoad,
        seconds: f64,
    ) -> Result<ByNode, DriveError> {
        let mut halvings = 0;
        let mut left = seconds;
        let (mut now, mut size) = (*node_k, seconds);
        while left > 0.5 * size {
            if let Some(next) = self.try_step(&now, heat, size) {
                now = next;
                left -= size;
            } else if halvings < HALVINGS {
                halvings += 1;
                size *= 0.5;
            } else {
                let winding_k = now.iter().copied().fold(0.0, f64::max);
                return Err(runaway(heat.at(&now).iter().sum(), winding_k));
            }
        }
        Ok(now)
    }

    /// TR-BDF2; `None` where the loss rises faster than heat is stored and leaves.
    fn try_step(&self, node_k: &ByNode, heat: &HeatLoad, seconds: f64) -> Option<ByNode> {
        let implicit = GAMMA * seconds;
        let capacity = &self.network.capacity_j_per_k;
        let mut matrix: Matrix = self.conductance;
        for (node, copper) in heat.winding() {
            let node = node as usize;
            matrix[node][node] -= copper.at(node_k[node]).1;
        }
        for (i, row) in matrix.iter_mut().enumerate() {
            row[i] += capacity[i] / implicit;
        }
        let factor = Cholesky::new(&matrix)?;
        let flow = self.heating_w(node_k, heat);
        let first = factor.solve(flow.map(|w| 2.0 * w));
        let stored = |i: usize| WEIGHT * capacity[i] / implicit * first[i];
        let second = factor.solve(std::array::from_fn(|i| stored(i) + flow[i]));
        Some(std::array::from_fn(|i| node_k[i] + second[i]))
    }

    /// What heats each lump, W: P(T) − G (T − T_c).
    #[must_use]
    pub fn heating_w(&self, node_k: &ByNode, heat: &HeatLoad) -> ByNode {
        let coolant = self.network.coolant.behind_inverter_k(heat.inverter_w);
        let rise = node_k.map(|k| k - coolant);
        let mut flow = heat.at(node_k);
        for (flow, row) in flow.iter_mut().zip(&self.conductance) {
            *flow -= row.iter().zip(&rise).map(|(g, t)| g * t).sum::<f64>();
        }
        flow
    }
}

/// Steps of a time: short after the change, growing, and together exactly the time.
pub(crate) fn steps(seconds: f64) -> impl Iterator<Item = f64> {
    let mut count = 1;
    while FIRST_STEP_S * (GROWTH.powi(count) - 1.0) / (GROWTH - 1.0) < seconds {
        count += 1;
    }
    let first = seconds * (GROWTH - 1.0) / (GROWTH.powi(count) - 1.0);
    (0..count)
        .map(move |i| first * GROWTH.powi(i))
        .filter(|step| *step > 0.0)
}
