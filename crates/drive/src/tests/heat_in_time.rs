//! Temperatures over time: against the matrix exponential, the steady state, and adiabatic heating.

use super::heat::{heavy, load, network};
use super::{machine, tables};
use crate::thermal::heat::HeatLoad;
use crate::thermal::limits::{DERATING_SPAN_K, Limits};
use crate::thermal::network::{AtSpeed, ByNode, NODES};
use crate::thermal::ratings::{LoadPoint, short_time_load, time_to_derating_s};
use crate::thermal::{Cooling, Node, ThermalNetwork};

type Matrix = [[f64; NODES]; NODES];

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| (0..NODES).map(|k| a[i][k] * b[k][j]).sum()))
}

/// e^M by Taylor's series of M/2^20 and squaring.
fn exponential(m: &Matrix) -> Matrix {
    let small = m.map(|row| row.map(|v| v / f64::from(1 << 20)));
    let one: Matrix = std::array::from_fn(|i| std::array::from_fn(|j| f64::from(u8::from(i == j))));
    let (mut term, mut sum) = (one, one);
    for n in 1..18 {
        term = product(&term, &small).map(|row| row.map(|v| v / f64::from(n)));
        for (row, add) in sum.iter_mut().zip(&term) {
            row.iter_mut().zip(add).for_each(|(v, a)| *v += a);
        }
    }
    (0..20).fold(sum, |e, _| product(&e, &e))
}

/// T(t) = T_∞ + e^(J t) (T_0 − T_∞), J from finite differences of the heating: exact where the copper
/// loss is linear.
fn exact(at: &AtSpeed<'_>, start_k: &ByNode, heat: &HeatLoad, seconds: f64) -> ByNode {
    let steady = at.steady().unwrap().temperatures(heat).unwrap().node_k;
    let here = at.heating_w(start_k, heat);
    let mut rate: Matrix = [[0.0; NODES]; NODES];
    for j in 0..NODES {
        let mut moved = *start_k;
        moved[j] += 1.0;
        let there = at.heating_w(&moved, heat);
        for i in 0..NODES {
            rate[i][j] = seconds * (there[i] - here[i]) / at.network.capacity_j_per_k[i];
        }
    }
    let e = exponential(&rate);
    std::array::from_fn(|i| {
        let gap: f64 = (0..NODES).map(|j| e[i][j] * (start_k[j] - steady[j])).sum();
        steady[i] + gap
    })
}

fn linear() -> HeatLoad {
    let mut heat = heavy();
    (heat.slot.ac_w, heat.end.ac_w) = (0.0, 0.0);
    heat
}

fn both() -> [ThermalNetwork; 2] {
    [Cooling::water_jacket(), Cooling::oil_spray()].map(|cooling| network(&cooling))
}

/// The steps of a rating are fine enough: 0.1 K for a rise of up to 150 K.
#[test]
fn the_transient_agrees_with_the_matrix_exponential() {
    for network in both() {
        for speed in [0.0, 900.0] {
            let at = network.at_speed(speed);
            let start = at.soaked_k();
            for seconds in [1.0, 10.0, 30.0, 300.0, 1_800.0] {
                let ours = at.after(&start, &linear(), seconds).unwrap().node_k;
                let exact = exact(&at, &start, &linear(), seconds);
                for node in Node::ALL {
                    let miss = ours[node as usize] - exact[node as usize];
                    assert!(miss.abs() < 0.1, "{speed} {seconds} {node:?}: {miss}");
                }
            }
        }
    }
}

/// Halving all steps takes the error to a quarter.
#[test]
fn the_steps_are_of_second_order() {
    let network = network(&Cooling::water_jacket());
    let at = network.at_speed(500.0);
    let start = at.soaked_k();
    let exact = exact(&at, &start, &linear(), 16.0);
    let miss = |count: u32| {
        let mut now = start;
        for _ in 0..count {
            now = at.step(&now, &linear(), 16.0 / f64::from(count)).unwrap();
        }
        (now[Node::Slot as usize] - exact[Node::Slot as usize]).abs()
    };
    let order = (miss(16) / miss(32)).log2();
    assert!((1.8..2.2).contains(&order), "{order}");
}

#[test]
fn a_long_transient_ends_in_the_steady_state() {
    for network in both() {
        let at = network.at_speed(700.0);
        let late = at.after(&at.soaked_k(), &heavy(), 1e6).unwrap().node_k;
        let steady = at.steady().unwrap().temperatures(&heavy()).unwrap().node_k;
        for (a, b) in late.iter().zip(steady) {
            assert!((a - b).abs() < 1e-6, "{a} {b}");
        }
    }
}

/// What is stored is what was lost and has not left: over one step of the scheme, to rounding.
#[test]
fn stored_heat_is_lost_less_removed() {
    let network = network(&Cooling::water_jacket());
    let (at, heat) = (network.at_speed(700.0), linear());
    // At constant temperature nothing leaves: all lumps at the coolant's temperature behind the inverter.
    let start = [network.coolant.behind_inverter_k(heat.inverter_w); NODES];
    let lost: f64 = heat.at(&start).iter().sum();
    let flow: f64 = at.heating_w(&start, &heat).iter().sum();
    assert!((flow - lost).abs() < 1e-9 * lost);
}

/// 2.76 K/s at 20 A/mm² and 120 °C with no heat leaving: j² ρ/(density · c).
#[test]
fn the_winding_heats_adiabatically_as_published() {
    let tables = tables();
    let machine = machine(&tables);
    let network = ThermalNetwork::new(&machine, &Cooling::water_jacket()).unwrap();
    let at = network.at_speed(0.0);
    let facts = &tables.facts;
    let slot_a = 20e6 * facts.slot_area_m2 * machine.build.copper_fill * 2.0_f64.sqrt();
    let state = machine.at_speed(0.0, 393.15);
    let loss = machine.loss(&tables.flux.at(0.0, slot_a.min(1400.0)), &state);
    let scale = (slot_a / slot_a.min(1400.0)).powi(2);
    let mut heat = HeatLoad::of_machine(&loss, &state, network.tooth_share);
    heat.slot.dc_w *= scale;
    let flow = at.heating_w(&[393.15; NODES], &heat)[Node::Slot as usize];
    let rate = flow / network.capacity_j_per_k[Node::Slot as usize];
    assert!((rate - 2.76).abs() < 0.03, "{rate}");
}

const LIMITS: Limits = Limits {
    winding_k: 433.15,
    magnet_k: 413.15,
    junction_k: 423.15,
};

fn row() -> Vec<LoadPoint> {
    let loads = [0.0, 0.25, 0.5, 0.75, 1.0_f64];
    let at = |l: f64| load(9e3 * l * l, 4.5e3 * l * l, [0.0; NODES]);
    let point = |l: f64| LoadPoint {
        load: l,
        heat: at(l),
        junction_k: 350.0,
    };
    loads.map(point).into()
}

/// The load found for a time just reaches the limit at that time; longer times allow less.
#[test]
fn a_short_time_load_reaches_its_limit_at_its_time() {
    let network = network(&Cooling::water_jacket());
    let (at, row) = (network.at_speed(600.0), row());
    let start = at.soaked_k();
    let loads =
        [10.0, 30.0, 120.0, 1_800.0].map(|s| short_time_load(&at, &row, &LIMITS, &start, s));
    assert!(loads.windows(2).all(|l| l[1] <= l[0]), "{loads:?}");
    assert!(loads[2] < 1.0 && loads[3] > 0.1, "{loads:?}");
    for (load, seconds) in loads.into_iter().zip([10.0, 30.0, 120.0, 1_800.0]) {
        let point = LoadPoint::at(&row, load).unwrap();
        let t = at.after(&start, &point.heat, seconds).unwrap();
        let excess = LIMITS.excess_k(&t, point.junction_k);
        // The load is found to 1e-4 of its square, on the cool side: 0.1 K here.
        assert!(excess <= 0.0, "{load}: {excess}");
        assert!(load == 1.0 || excess > -0.1, "{load}: {excess}");
    }
}

#[test]
fn the_time_to_derating_is_when_its_temperature_is_reached() {
    let network = network(&Cooling::water_jacket());
    let (at, row) = (network.at_speed(600.0), row());
    let start = at.soaked_k();
    let full = row.last().unwrap();
    let time = time_to_derating_s(&at, full, &LIMITS, &start, 3_600.0)
        .unwrap()
        .unwrap();
    let t = at.after(&start, &full.heat, time).unwrap();
    let left = LIMITS.excess_k(&t, full.junction_k) + DERATING_SPAN_K;
    assert!(left.abs() < 0.3, "{time} s: {left} K");
    let idle = time_to_derating_s(&at, &row[0], &LIMITS, &start, 3_600.0).unwrap();
    assert_eq!(idle, None);
}
