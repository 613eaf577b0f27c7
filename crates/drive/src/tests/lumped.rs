//! Four lumps against the whole network: the same in the steady state, close on the way there.

use codrive_model::unit_heat::{LUMPS, Lump};

use super::heat::{load, network};
use crate::thermal::limits::Limits;
use crate::thermal::network::{NODES, Node};
use crate::thermal::{Cooling, HeatLoad};

const LIMITS: Limits = Limits {
    winding_k: 433.15,
    magnet_k: 413.15,
    junction_k: 448.15,
};

/// 2 kW of copper by length, 600 W of stator iron by mass, 150 W in the rotor, 200 W in the oil.
fn losses(at: &crate::thermal::AtSpeed<'_>) -> (HeatLoad, [f64; LUMPS]) {
    let capacity = at.network.capacity_j_per_k;
    let share = |a: Node, b: Node| {
        let (a, b) = (capacity[a as usize], capacity[b as usize]);
        a / (a + b)
    };
    let mut fixed_w = [0.0; NODES];
    let (teeth, iron) = (
        at.network.tooth_share,
        share(Node::RotorIron, Node::Magnets),
    );
    fixed_w[Node::Teeth as usize] = 600.0 * teeth;
    fixed_w[Node::Yoke as usize] = 600.0 * (1.0 - teeth);
    fixed_w[Node::RotorIron as usize] = 150.0 * iron;
    fixed_w[Node::Magnets as usize] = 150.0 * (1.0 - iron);
    fixed_w[Node::Oil as usize] = 200.0;
    let slot = share(Node::Slot, Node::End);
    let mut heat = load(2000.0 * slot, 2000.0 * (1.0 - slot), fixed_w);
    // Copper at one resistance, as in a car's map.
    (heat.slot.reference_k, heat.end.reference_k) = (0.0, 0.0);
    (heat, [2000.0, 600.0, 150.0, 200.0])
}

#[test]
fn the_steady_state_is_that_of_the_network() {
    for cooling in [Cooling::water_jacket(), Cooling::oil_spray()] {
        let network = network(&cooling);
        let at = network.at_speed(600.0);
        let (heat, by_lump) = losses(&at);
        let lumps = at.in_four_lumps(&LIMITS, 0.1).unwrap();
        let whole = at.steady().unwrap().temperatures(&heat).unwrap();
        let rise = |node: Node| whole.at(node) - lumps.coolant_k;
        let capacity = network.capacity_j_per_k;
        let (slot, end) = (capacity[Node::Slot as usize], capacity[Node::End as usize]);
        let teeth = network.tooth_share;
        let winding = (slot * rise(Node::Slot) + end * rise(Node::End)) / (slot + end);
        let stator = teeth * rise(Node::Teeth) + (1.0 - teeth) * rise(Node::Yoke);
        // G θ = P with the network's own temperatures; rotor from its row, oil as it is.
        let (iron, magnets) = (
            capacity[Node::RotorIron as usize],
            capacity[Node::Magnets as usize],
        );
        let rotor =
            (iron * rise(Node::RotorIron) + magnets * rise(Node::Magnets)) / (iron + magnets);
        let rises = [winding, stator, rotor, rise(Node::Oil)];
        for (row, asked) in lumps.conductance_w_per_k.iter().zip(by_lump) {
            let leaves: f64 = row.iter().zip(&rises).map(|(g, t)| g * t).sum();
            assert!((leaves - asked).abs() < 1e-6 * 2950.0, "{leaves} {asked}");
        }
    }
}

#[test]
fn on_the_way_the_winding_stays_close_to_the_network() {
    let network = network(&Cooling::water_jacket());
    let at = network.at_speed(600.0);
    let (heat, by_lump) = losses(&at);
    let lumps = at.in_four_lumps(&LIMITS, 0.1).unwrap();
    // C dθ/dt = P − G θ in short explicit steps.
    let factor = codrive_numerics::cholesky::Cholesky::new(&lumps.capacity_j_per_k).unwrap();
    let (mut rise, mut time_s) = ([0.0; LUMPS], 0.0);
    for until_s in [30.0, 300.0, 1800.0] {
        while time_s < until_s {
            let flow = std::array::from_fn(|i| {
                let row = &lumps.conductance_w_per_k[i];
                by_lump[i] - row.iter().zip(&rise).map(|(g, t)| g * t).sum::<f64>()
            });
            let rate = factor.solve(flow);
            rise.iter_mut().zip(rate).for_each(|(t, r)| *t += 0.05 * r);
            time_s += 0.05;
        }
        let whole = at.after(&at.soaked_k(), &heat, until_s).unwrap();
        let winding = rise[Lump::Winding as usize];
        let hottest = winding + lumps.hot_spot * (winding - rise[Lump::Stator as usize]);
        let ours = lumps.coolant_k + hottest;
        println!(
            "{until_s} s: {:.1} K, network {:.1} K",
            hottest,
            whole.winding_k - lumps.coolant_k
        );
        // Four lumps for eleven: a tenth of the rise.
        let allowed = 0.1 * (whole.winding_k - lumps.coolant_k);
        assert!((ours - whole.winding_k).abs() < allowed, "{until_s} s");
    }
}
