//! Four lumps in place of the network: what a car can carry along in every step of a cycle.
//!
//! Static condensation: each lump stands for the shape of temperatures that its heat causes in the
//! steady state, so that steady temperatures are kept exactly at the speed of the network, and heat
//! stored is counted for those shapes.
//!
//! Source: Guyan 1965, doi:10.2514/3.2874 (there for stiffness and mass).

use codrive_model::unit_heat::{ByLumps, LUMPS, Lump, UnitHeat};
use codrive_numerics::cholesky::Cholesky;

use super::limits::{DERATING_SPAN_K, Limits};
use super::network::{AtSpeed, ByNode, NODES, Node, ThermalNetwork};
use super::steady::Temperatures;
use crate::error::DriveError;

impl AtSpeed<'_> {
    /// The network at this speed in four lumps; `rotor_iron_share` of the iron loss is the rotor's.
    ///
    /// # Errors
    /// A network that no heat leaves.
    pub fn in_four_lumps(
        &self,
        limits: &Limits,
        rotor_iron_share: f64,
    ) -> Result<UnitHeat, DriveError> {
        let heat = heat_shares(self.network);
        let whole = factor(&self.conductance)?;
        let rises = heat.map(|share| whole.solve(share));
        let resistance = over_lumps(|i, j| dot(&heat[i], &rises[j]));
        let conductance_w_per_k = inverse(&resistance)?;
        let shapes = shapes(&rises, &conductance_w_per_k);
        let capacity = &self.network.capacity_j_per_k;
        let stored = |i: usize, j: usize| {
            let weighted: ByNode = std::array::from_fn(|n| shapes[i][n] * capacity[n]);
            dot(&weighted, &shapes[j])
        };
        Ok(UnitHeat {
            coolant_k: self.network.coolant.inlet_k,
            coolant_w_per_k: self.network.coolant.w_per_k,
            capacity_j_per_k: over_lumps(stored),
            conductance_w_per_k,
            rotor_iron_share,
            hot_spot: hot_spot(self.network, &rises[Lump::Winding as usize], &resistance),
            winding_limit_k: limits.winding_k,
            magnet_limit_k: limits.magnet_k,
            derating_span_k: DERATING_SPAN_K,
        })
    }
}

/// Where the heat of each lump arises: copper by length, stator by mass of teeth and yoke, rotor by
/// heat capacity of lamination and magnets.
fn heat_shares(network: &ThermalNetwork) -> [ByNode; LUMPS] {
    let capacity = |node: Node| network.capacity_j_per_k[node as usize];
    let two = |a: Node, b: Node, share: f64| {
        let mut shares = [0.0; NODES];
        shares[a as usize] += share;
        shares[b as usize] += 1.0 - share;
        shares
    };
    let by_capacity = |a, b| two(a, b, capacity(a) / (capacity(a) + capacity(b)));
    [
        by_capacity(Node::Slot, Node::End),
        two(Node::Teeth, Node::Yoke, network.tooth_share),
        by_capacity(Node::RotorIron, Node::Magnets),
        two(Node::Oil, Node::Oil, 1.0),
    ]
}

/// Temperatures of all nodes where one lump is 1 K above the coolant and the others are at it.
fn shapes(rises: &[ByNode; LUMPS], conductance_w_per_k: &ByLumps) -> [ByNode; LUMPS] {
    std::array::from_fn(|lump| {
        std::array::from_fn(|node| {
            let heat = |k: usize| conductance_w_per_k[k][lump];
            (0..LUMPS).map(|k| rises[k][node] * heat(k)).sum()
        })
    })
}

/// See [`UnitHeat::hot_spot`]; with heat in the winding alone.
fn hot_spot(network: &ThermalNetwork, rise: &ByNode, resistance: &ByLumps) -> f64 {
    let (winding, stator) = (Lump::Winding as usize, Lump::Stator as usize);
    let (mean, iron) = (resistance[winding][winding], resistance[stator][winding]);
    let hottest = Temperatures::new(network, *rise).winding_k;
    (hottest - mean).max(0.0) / (mean - iron)
}

fn factor<const N: usize>(matrix: &[[f64; N]; N]) -> Result<Cholesky<N>, DriveError> {
    Cholesky::new(matrix).ok_or(DriveError::OutOfRange {
        what: "conductance of the thermal network in W/K",
        value: 0.0,
        allowed: "above zero",
    })
}

fn inverse(matrix: &ByLumps) -> Result<ByLumps, DriveError> {
    let factor = factor(matrix)?;
    let one = over_lumps(|i, j| f64::from(u8::from(i == j)));
    let columns = one.map(|column| factor.solve(column));
    Ok(over_lumps(|i, j| 0.5 * (columns[i][j] + columns[j][i])))
}

fn over_lumps(f: impl Fn(usize, usize) -> f64) -> ByLumps {
    std::array::from_fn(|i| std::array::from_fn(|j| f(i, j)))
}

fn dot(a: &ByNode, b: &ByNode) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
