//! Four lumps in place of the network: what a car can carry along in every step of a cycle.
//!
//! Static condensation: each lump stands for the shape of temperatures that its heat causes in the steady state, D
//! its heat by node. Conductances G = (Dᵀ·K⁻¹·D)⁻¹ and heat Ψᵀ·p = G·Dᵀ·K⁻¹·p, of whatever nodes lose p, follow
//! the network K at each speed, so that steady temperatures are kept exactly; heat stored, Ψᵀ·C·Ψ, is counted for
//! the shapes Ψ = K⁻¹·D·G of one speed.
//!
//! Source: Guyan 1965, doi:10.2514/3.2874 (there for stiffness and mass).

use codrive_model::unit_heat::{ByLump, ByLumps, LUMPS, Lump, UnitHeat};
use codrive_numerics::cholesky::Cholesky;

use super::heat::HeatLoad;
use super::limits::{DERATING_SPAN_K, Limits};
use super::network::{ByNode, NODES, Node, ThermalNetwork};
use super::steady::Temperatures;
use crate::error::DriveError;

/// The network at one speed, condensed.
struct Condensed<'a> {
    network: &'a ThermalNetwork,
    /// Rises of all nodes for 1 W of each lump, K/W.
    rises_k_per_w: [ByNode; LUMPS],
    /// Dᵀ·K⁻¹·D, K/W.
    resistance_k_per_w: ByLumps,
    conductance_w_per_k: ByLumps,
}

impl ThermalNetwork {
    /// The network in four lumps at ascending speeds, rad/s, each with what it loses at the points of a map; copper at
    /// the temperature for which the loads state it. Shapes and capacities are those of half of the highest speed.
    ///
    /// # Errors
    /// A network that no heat leaves.
    pub fn in_four_lumps(
        &self,
        limits: &Limits,
        rows: &[(f64, Vec<HeatLoad>)],
    ) -> Result<UnitHeat, DriveError> {
        let top = rows.last().map_or(0.0, |(speed, _)| *speed);
        let usual = Condensed::new(self, 0.5 * top)?;
        let mut conductance_w_per_k = Vec::with_capacity(rows.len());
        let mut heat_w = Vec::new();
        for (speed, loads) in rows {
            let condensed = Condensed::new(self, *speed)?;
            heat_w.extend(loads.iter().map(|load| condensed.heat_w(load)));
            conductance_w_per_k.push(condensed.conductance_w_per_k);
        }
        Ok(UnitHeat {
            coolant_k: self.coolant.inlet_k,
            capacity_j_per_k: usual.capacity_j_per_k(),
            conductance_w_per_k,
            heat_w,
            hot_spot: usual.hot_spot(),
            winding_limit_k: limits.winding_k,
            magnet_limit_k: limits.magnet_k,
            derating_span_k: DERATING_SPAN_K,
        })
    }
}

impl<'a> Condensed<'a> {
    fn new(network: &'a ThermalNetwork, speed_rad_per_s: f64) -> Result<Self, DriveError> {
        let heat = heat_shares(network);
        let whole = factor(&network.at_speed(speed_rad_per_s).conductance)?;
        let rises_k_per_w = heat.map(|share| whole.solve(share));
        let resistance_k_per_w = over_lumps(|i, j| dot(&heat[i], &rises_k_per_w[j]));
        Ok(Self {
            network,
            rises_k_per_w,
            conductance_w_per_k: inverse(&resistance_k_per_w)?,
            resistance_k_per_w,
        })
    }

    /// What heats the lumps as a load heats the network, W. The inverter warms the coolant ahead of all nodes.
    fn heat_w(&self, load: &HeatLoad) -> ByLump {
        let by_node = load.as_stated();
        let warmth_k = load.inverter_w / self.network.coolant.w_per_k;
        let rise_k = self
            .rises_k_per_w
            .map(|rise| dot(&rise, &by_node) + warmth_k);
        self.conductance_w_per_k
            .map(|row| row.iter().zip(&rise_k).map(|(g, k)| g * k).sum())
    }

    fn capacity_j_per_k(&self) -> ByLumps {
        let shapes = self.shapes();
        let capacity = &self.network.capacity_j_per_k;
        let stored = |i: usize, j: usize| {
            let weighted: ByNode = std::array::from_fn(|n| shapes[i][n] * capacity[n]);
            dot(&weighted, &shapes[j])
        };
        over_lumps(stored)
    }

    /// Temperatures of all nodes where one lump is 1 K above the coolant and the others are at it.
    fn shapes(&self) -> [ByNode; LUMPS] {
        std::array::from_fn(|lump| {
            std::array::from_fn(|node| {
                let heat = |k: usize| self.conductance_w_per_k[k][lump];
                let rises = self.rises_k_per_w.iter().enumerate();
                rises.map(|(k, rise)| rise[node] * heat(k)).sum()
            })
        })
    }

    /// See [`UnitHeat::hot_spot`]; with heat in the winding alone.
    fn hot_spot(&self) -> f64 {
        let (winding, stator) = (Lump::Winding as usize, Lump::Stator as usize);
        let resistance = &self.resistance_k_per_w;
        let (mean, iron) = (resistance[winding][winding], resistance[stator][winding]);
        let hottest = Temperatures::new(self.network, self.rises_k_per_w[winding]).winding_k;
        (hottest - mean).max(0.0) / (mean - iron)
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
