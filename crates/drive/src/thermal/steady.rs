//! Steady temperatures, with the copper loss that they cause.

use codrive_numerics::cholesky::Cholesky;

use super::heat::HeatLoad;
use super::network::{AtSpeed, ByNode, NODES, Node, ThermalNetwork};
use crate::error::DriveError;

/// Most Newton steps, and the last of them, K: what is left is far smaller, as the losses are nearly
/// linear in temperature.
const STEPS: usize = 40;
const CLOSE_K: f64 = 1e-3;

/// Temperatures of a unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Temperatures {
    /// Mean of each lump, K, in the order of [`Node`].
    pub node_k: ByNode,
    /// Hottest place of the winding, K.
    pub winding_k: f64,
}

impl Temperatures {
    /// Adds the hottest place of the winding: in the middle of the slot or of the end turn.
    ///
    /// The peak of a parabola lies 3/2 as far above its ends as its mean does.
    #[must_use]
    pub fn new(network: &ThermalNetwork, node_k: ByNode) -> Self {
        let at = |node: Node| node_k[node as usize];
        let over_wall = (at(Node::Slot) - at(Node::Teeth)).max(0.0);
        let slot = at(Node::Slot) + 0.5 * network.inside_share * over_wall;
        let end = at(Node::End) + 0.5 * (at(Node::End) - at(Node::Slot)).max(0.0);
        Self {
            node_k,
            winding_k: slot.max(end),
        }
    }

    /// Mean temperature of a lump, K.
    #[must_use]
    pub fn at(&self, node: Node) -> f64 {
        self.node_k[node as usize]
    }
}

/// A network at a speed, ready for many loads.
#[derive(Clone, Copy, Debug)]
pub struct Steady<'a> {
    network: &'a ThermalNetwork,
    factor: Cholesky<NODES>,
    /// Rise of all lumps for 1 W in the slots and in the end windings, K/W.
    of_slot: ByNode,
    of_end: ByNode,
}

impl<'a> AtSpeed<'a> {
    /// Prepares steady temperatures.
    ///
    /// # Errors
    /// A network that no heat leaves.
    pub fn steady(&self) -> Result<Steady<'a>, DriveError> {
        let factor = Cholesky::new(&self.conductance).ok_or(DriveError::OutOfRange {
            what: "conductance of the thermal network in W/K",
            value: 0.0,
            allowed: "above zero",
        })?;
        let unit = |node: Node| {
            let mut one = [0.0; NODES];
            one[node as usize] = 1.0;
            factor.solve(one)
        };
        Ok(Steady {
            network: self.network,
            of_slot: unit(Node::Slot),
            of_end: unit(Node::End),
            factor,
        })
    }
}

impl Steady<'_> {
    /// Steady temperatures, copper loss at the temperatures that it causes.
    ///
    /// The network is condensed on the two parts of the winding, so that Newton has two unknowns; it
    /// converges where the copper's feedback is below one.
    ///
    /// # Errors
    /// Copper loss that grows faster with temperature than heat leaves: runaway.
    pub fn temperatures(&self, heat: &HeatLoad) -> Result<Temperatures, DriveError> {
        let base = self.base_k(heat);
        let (s, e) = (Node::Slot as usize, Node::End as usize);
        let [[a, b], [_, d]] = self.winding_k_per_w();
        let mut x = [base[s], base[e]];
        for _ in 0..STEPS {
            let ((slot, slot_k), (end, end_k)) = (heat.slot.at(x[0]), heat.end.at(x[1]));
            let miss = [
                base[s] + a * slot + b * end - x[0],
                base[e] + b * slot + d * end - x[1],
            ];
            let (j00, j01, j10, j11) = (1.0 - a * slot_k, b * end_k, b * slot_k, 1.0 - d * end_k);
            let determinant = j00 * j11 - j01 * j10;
            if j00 <= 0.0 || determinant <= 0.0 {
                return Err(runaway(slot + end, x[0].max(x[1])));
            }
            let step = [
                (j11 * miss[0] + j01 * miss[1]) / determinant,
                (j10 * miss[0] + j00 * miss[1]) / determinant,
            ];
            x = [x[0] + step[0], x[1] + step[1]];
            if step[0].abs().max(step[1].abs()) < CLOSE_K {
                return Ok(self.with_copper(&base, [heat.slot.at(x[0]).0, heat.end.at(x[1]).0]));
            }
        }
        Err(runaway(heat.slot.at(x[0]).0, x[0].max(x[1])))
    }

    /// Steady temperatures with the copper loss of one temperature of the winding: no feedback.
    #[must_use]
    pub fn at_winding(&self, heat: &HeatLoad, winding_k: f64) -> Temperatures {
        let copper = [heat.slot.at(winding_k).0, heat.end.at(winding_k).0];
        self.with_copper(&self.base_k(heat), copper)
    }

    /// Thermal resistances between slots and end windings, K/W.
    #[must_use]
    pub fn winding_k_per_w(&self) -> [[f64; 2]; 2] {
        let (s, e) = (Node::Slot as usize, Node::End as usize);
        [
            [self.of_slot[s], self.of_slot[e]],
            [self.of_end[s], self.of_end[e]],
        ]
    }

    /// Temperatures by what does not depend on temperature, K.
    fn base_k(&self, heat: &HeatLoad) -> ByNode {
        let coolant = self.network.coolant.behind_inverter_k(heat.inverter_w);
        self.factor.solve(heat.fixed_w).map(|rise| coolant + rise)
    }

    fn with_copper(&self, base_k: &ByNode, [slot_w, end_w]: [f64; 2]) -> Temperatures {
        let node_k =
            std::array::from_fn(|i| base_k[i] + self.of_slot[i] * slot_w + self.of_end[i] * end_w);
        Temperatures::new(self.network, node_k)
    }
}

/// The error of copper that heats itself without end.
pub(crate) fn runaway(copper_w: f64, winding_k: f64) -> DriveError {
    DriveError::WindingRunaway {
        copper_w,
        winding_k,
    }
}
