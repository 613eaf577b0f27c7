//! The thermal network: balances, monotony, closed forms.

use proptest::prelude::*;

use super::{machine, tables};
use crate::thermal::heat::{CopperLoss, HeatLoad};
use crate::thermal::network::{ByNode, NODES};
use crate::thermal::{Cooling, Node, Temperatures, ThermalNetwork};
use crate::winding::copper_resistivity_ohm_m;
use crate::{Build, DriveError, Machine};

pub(super) fn network(cooling: &Cooling) -> ThermalNetwork {
    let tables = tables();
    ThermalNetwork::new(&machine(&tables), cooling).unwrap()
}

/// Copper losses at 100 °C, W, and whatever the other lumps lose.
pub(super) fn load(slot_w: f64, end_w: f64, fixed_w: ByNode) -> HeatLoad {
    let copper = |dc_w, ac_w| CopperLoss {
        dc_w,
        ac_w,
        reference_k: 373.15,
    };
    HeatLoad {
        fixed_w,
        slot: copper(0.8 * slot_w, 0.2 * slot_w),
        end: copper(end_w, 0.0),
        inverter_w: 0.0,
    }
}

/// A hot but possible point of an i3-like machine.
pub(super) fn heavy() -> HeatLoad {
    let mut fixed_w = [0.0; NODES];
    fixed_w[Node::Yoke as usize] = 400.0;
    fixed_w[Node::Teeth as usize] = 500.0;
    fixed_w[Node::RotorIron as usize] = 150.0;
    fixed_w[Node::Magnets as usize] = 100.0;
    fixed_w[Node::Bearings as usize] = 60.0;
    fixed_w[Node::Oil as usize] = 900.0;
    load(1_500.0, 700.0, fixed_w).with_inverter(1_500.0)
}

fn steady(network: &ThermalNetwork, heat: &HeatLoad, speed: f64) -> Temperatures {
    let at = network.at_speed(speed);
    at.steady().unwrap().temperatures(heat).unwrap()
}

/// What the losses are leaves with the coolant.
#[test]
fn all_heat_leaves_with_the_coolant() {
    for cooling in [Cooling::water_jacket(), Cooling::oil_spray()] {
        let network = network(&cooling);
        let heat = heavy();
        for speed in [0.0, 300.0, 1_200.0] {
            let t = steady(&network, &heat, speed);
            let jacket_k = network.coolant.behind_inverter_k(heat.inverter_w);
            let out: f64 = (0..NODES)
                .map(|i| network.sink_w_per_k[i] * (t.node_k[i] - jacket_k))
                .sum();
            let lost: f64 = heat.at(&t.node_k).iter().sum();
            assert!((out - lost).abs() < 1e-9 * lost, "{speed}: {out} {lost}");
        }
    }
}

/// Newton on the condensed network finds what plain iteration of the whole one converges to.
#[test]
fn the_copper_s_feedback_converges_to_the_fixed_point() {
    let network = network(&Cooling::water_jacket());
    let (at, heat) = (network.at_speed(700.0), heavy());
    let solver = at.steady().unwrap();
    let mut winding = [373.15; 2];
    let mut all = [0.0; NODES];
    for _ in 0..200 {
        let mut fixed = heat;
        fixed.slot.dc_w = heat.slot.at(winding[0]).0;
        fixed.end.dc_w = heat.end.at(winding[1]).0;
        (fixed.slot.ac_w, fixed.slot.reference_k) = (0.0, 0.0);
        (fixed.end.ac_w, fixed.end.reference_k) = (0.0, 0.0);
        all = solver.temperatures(&fixed).unwrap().node_k;
        winding = [all[Node::Slot as usize], all[Node::End as usize]];
    }
    let ours = solver.temperatures(&heat).unwrap();
    for (a, b) in ours.node_k.iter().zip(all) {
        assert!((a - b).abs() < 1e-8, "{a} {b}");
    }
}

/// One lump in the slots alone: T = T_c + R P_0 (1 + α ΔT) has no solution from R P_0 α = 1 on.
#[test]
fn runaway_begins_where_the_feedback_reaches_one() {
    let network = network(&Cooling::water_jacket());
    let solver = network.at_speed(500.0);
    let solver = solver.steady().unwrap();
    let [[resistance, _], _] = solver.winding_k_per_w();
    let rise = copper_resistivity_ohm_m(374.15) / copper_resistivity_ohm_m(373.15) - 1.0;
    let critical_w = 1.0 / (resistance * rise);
    let at = |share: f64| {
        let mut heat = load(0.0, 0.0, [0.0; NODES]);
        heat.slot.dc_w = share * critical_w;
        solver.temperatures(&heat)
    };
    let half = at(0.5).unwrap().at(Node::Slot);
    let coolant_k = network.coolant.inlet_k;
    let loss_at_coolant = 0.5 * critical_w * (1.0 + rise * (coolant_k - 373.15));
    let closed = coolant_k + resistance * loss_at_coolant / (1.0 - 0.5);
    assert!((half - closed).abs() < 1e-6, "{half} {closed}");
    assert!(at(0.999).is_ok());
    assert!(matches!(at(1.001), Err(DriveError::WindingRunaway { .. })));
}

/// The AC part at another temperature, against Dowell there, up to 1 kHz: within 1 % of the copper loss
/// up to 60 K from the reference; 80 K from it hairpins at 1 kHz are 1.1 % low.
#[test]
fn copper_loss_follows_dowell_over_temperature() {
    let tables = tables();
    for build in [Build::round_wire(), Build::hairpin()] {
        let machine = Machine::new(&tables, 0.132, super::WINDING, build).unwrap();
        for speed in [100.0, 500.0, 1_050.0] {
            let point = tables.flux.at(-200.0, 400.0);
            let warm = machine.at_speed(speed, 373.15);
            let heat = HeatLoad::of_machine(&machine.loss(&point, &warm), &warm, 0.5);
            for (temperature_k, share) in [(340.0, 0.01), (433.15, 0.01), (453.15, 0.012)] {
                let there = machine.at_speed(speed, temperature_k);
                let loss = machine.loss(&point, &there);
                let ratio = heat.slot.at(temperature_k).0 / loss.slot_copper_w;
                assert!(
                    (ratio - 1.0).abs() < share,
                    "{speed} {temperature_k}: {ratio}"
                );
                let ratio = heat.end.at(temperature_k).0 / loss.end_copper_w;
                assert!((ratio - 1.0).abs() < 1e-12);
            }
        }
    }
}

/// A rotor without bore or magnets has temperatures like any other.
#[test]
fn a_solid_rotor_without_magnets_has_temperatures() {
    let facts = codrive_model::flux_map::SectionFacts {
        rotor_inner_radius_m: 0.0,
        magnets: 0,
        magnet_area_m2: 0.0,
        magnet_width_m: 0.0,
        ..crate::fixture::facts()
    };
    let map = crate::fixture::saturating_map();
    let tables = crate::SectionTables::new(
        &map,
        &facts,
        &crate::fixture::steel(),
        &crate::fixture::magnet(),
    )
    .unwrap();
    let network = ThermalNetwork::new(&machine(&tables), &Cooling::water_jacket()).unwrap();
    let t = steady(&network, &heavy(), 500.0);
    assert!(t.node_k.iter().all(|k| k.is_finite() && *k > 338.0));
    let at = network.at_speed(500.0);
    let late = at.after(&at.soaked_k(), &heavy(), 1e6).unwrap();
    assert!((late.winding_k - t.winding_k).abs() < 1e-6);
}

/// Without copper there is nothing that conducts other than along the network: what one lump's
/// watt does to another is what the other's does to it.
#[test]
fn heat_flows_back_as_it_flows_there() {
    let network = network(&Cooling::oil_spray());
    let one = |node: Node| {
        let mut heat = HeatLoad::NONE;
        heat.fixed_w[node as usize] = 1.0;
        steady(&network, &heat, 800.0)
    };
    for a in Node::ALL {
        for b in Node::ALL {
            let miss = one(a).at(b) - one(b).at(a);
            assert!(miss.abs() < 1e-11, "{a:?} {b:?}: {miss}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// A lump without loss is never the hottest; none is below the coolant; more loss anywhere
    /// cools nothing.
    #[test]
    fn the_network_is_passive_and_monotone(
        losses in proptest::array::uniform11(0.0_f64..800.0),
        lossless in 0_usize..NODES,
        more in 0_usize..NODES,
        oil in any::<bool>(),
        speed in 0.0_f64..1_500.0,
    ) {
        let cooling = if oil { Cooling::oil_spray() } else { Cooling::water_jacket() };
        let network = network(&cooling);
        let mut heat = HeatLoad { fixed_w: losses, ..HeatLoad::NONE };
        heat.fixed_w[lossless] = 0.0;
        let t = steady(&network, &heat, speed);
        let hottest = t.node_k.iter().copied().fold(0.0, f64::max);
        let others = (0..NODES).filter(|i| *i != lossless);
        let of_others = others.map(|i| t.node_k[i]).fold(0.0, f64::max);
        prop_assert!(of_others >= hottest - 1e-9);
        prop_assert!(t.node_k.iter().all(|k| *k >= network.coolant.inlet_k - 1e-9));
        heat.fixed_w[more] += 50.0;
        let warmer = steady(&network, &heat, speed);
        prop_assert!(warmer.node_k.iter().zip(t.node_k).all(|(a, b)| *a >= b - 1e-9));
        prop_assert!(warmer.winding_k >= t.winding_k - 1e-9);
    }
}
