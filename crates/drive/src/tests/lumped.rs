//! Four lumps against the whole network: the same in the steady state at every speed, close on the way there.

use codrive_model::unit_heat::{ByLump, LUMPS, Lump, UnitHeat};
use codrive_numerics::cholesky::Cholesky;

use super::heat::{heavy, network};
use crate::thermal::limits::Limits;
use crate::thermal::network::Node;
use crate::thermal::{AtSpeed, Cooling, HeatLoad, Temperatures, ThermalNetwork};

const LIMITS: Limits = Limits {
    winding_k: 433.15,
    magnet_k: 413.15,
    junction_k: 448.15,
};
const SPEEDS: [f64; 4] = [0.0, 300.0, 600.0, 1_200.0];

/// What loses heat in every node, copper at one resistance, as in a car's map.
fn losses() -> HeatLoad {
    let mut heat = heavy();
    (heat.slot.reference_k, heat.end.reference_k) = (0.0, 0.0);
    heat
}

fn lumps(network: &ThermalNetwork) -> UnitHeat {
    let rows = SPEEDS.map(|speed| (speed, vec![losses()]));
    network.in_four_lumps(&LIMITS, &rows).unwrap()
}

fn steady(at: &AtSpeed<'_>) -> Temperatures {
    at.steady().unwrap().temperatures(&losses()).unwrap()
}

/// Rises of the network's nodes as means over the lumps.
fn means(network: &ThermalNetwork, t: &Temperatures) -> ByLump {
    let rise = |node: Node| t.at(node) - network.coolant.inlet_k;
    let capacity = |node: Node| network.capacity_j_per_k[node as usize];
    let mean = |a, b| {
        let (c, d) = (capacity(a), capacity(b));
        (c * rise(a) + d * rise(b)) / (c + d)
    };
    let teeth = network.tooth_share;
    [
        mean(Node::Slot, Node::End),
        teeth * rise(Node::Teeth) + (1.0 - teeth) * rise(Node::Yoke),
        mean(Node::RotorIron, Node::Magnets),
        rise(Node::Oil),
    ]
}

#[test]
fn the_steady_state_is_that_of_the_network_at_every_speed() {
    for cooling in [Cooling::water_jacket(), Cooling::oil_spray()] {
        let network = network(&cooling);
        let lumps = lumps(&network);
        for (i, speed) in SPEEDS.into_iter().enumerate() {
            let whole = steady(&network.at_speed(speed));
            let conductance = Cholesky::new(&lumps.conductance_w_per_k[i]).unwrap();
            let ours = conductance.solve(lumps.heat_w[i]);
            for (ours, theirs) in ours.iter().zip(means(&network, &whole)) {
                // Both are direct solutions.
                assert!((ours - theirs).abs() < 1e-6, "{speed}: {ours} {theirs}");
            }
            let [winding, stator, rotor, _] = ours;
            let hottest = winding + lumps.hot_spot * (winding - stator).max(0.0);
            let rise = |k: f64| k - lumps.coolant_k;
            // The hottest place by one factor, found with heat in the winding alone; here teeth are warmed by
            // their own loss, and end windings cooled by oil.
            let off = hottest - rise(whole.winding_k);
            assert!(off.abs() < 7.0, "{speed}: {off} of {hottest}");
            let off = rotor - rise(whole.at(Node::Magnets));
            assert!(off.abs() < 1.0, "{speed}: rotor {off}");
        }
    }
}

#[test]
fn a_faster_rotor_passes_on_more_to_the_stator() {
    let lumps = lumps(&network(&Cooling::water_jacket()));
    let (stator, rotor) = (Lump::Stator as usize, Lump::Rotor as usize);
    let gap = lumps.conductance_w_per_k.iter().map(|g| -g[stator][rotor]);
    let gap: Vec<f64> = gap.collect();
    assert!(gap.is_sorted() && gap[3] > 1.5 * gap[0], "{gap:?}");
}

#[test]
fn on_the_way_the_winding_stays_close_to_the_network() {
    let network = network(&Cooling::water_jacket());
    let (at, usual) = (network.at_speed(600.0), 2);
    let lumps = lumps(&network);
    // C dθ/dt = P − G θ in short explicit steps.
    let factor = Cholesky::new(&lumps.capacity_j_per_k).unwrap();
    let (mut rise, mut time_s) = ([0.0; LUMPS], 0.0);
    for until_s in [30.0, 300.0, 1800.0] {
        while time_s < until_s {
            let flow = std::array::from_fn(|i| {
                let row = &lumps.conductance_w_per_k[usual][i];
                lumps.heat_w[usual][i] - row.iter().zip(&rise).map(|(g, t)| g * t).sum::<f64>()
            });
            let rate = factor.solve(flow);
            rise.iter_mut().zip(rate).for_each(|(t, r)| *t += 0.05 * r);
            time_s += 0.05;
        }
        let whole = at.after(&at.soaked_k(), &losses(), until_s).unwrap();
        let winding = rise[Lump::Winding as usize];
        let hottest = winding + lumps.hot_spot * (winding - rise[Lump::Stator as usize]);
        let ours = lumps.coolant_k + hottest;
        println!(
            "{until_s} s: {:.1} K, network {:.1} K; rotor {:.1} K, network {:.1} K",
            hottest,
            whole.winding_k - lumps.coolant_k,
            rise[Lump::Rotor as usize],
            whole.at(Node::Magnets) - lumps.coolant_k
        );
        // Four lumps for eleven: a tenth of the rise.
        let allowed = 0.1 * (whole.winding_k - lumps.coolant_k);
        assert!((ours - whole.winding_k).abs() < allowed, "{until_s} s");
    }
}
