//! Sectors of several poles, and windings with fractional slots per pole and phase.
#![allow(clippy::unwrap_used, clippy::cast_precision_loss)]

mod common;

use std::f64::consts::{FRAC_PI_2, PI};

use codrive_field::loss::{LossModel, Losses};
use codrive_field::map::{MapPlan, solve_section};
use codrive_field::measure::{Meter, Reading};
use codrive_field::mesh::{Fineness, PoleMesh};
use codrive_field::snapshot::{Camera, LossCells, Snapshot};
use codrive_field::solve::batch::{Batch, Currents, Potential, Stop};
use codrive_field::solve::equations::Equations;
use codrive_field::solve::model::Model;
use codrive_field::symmetry::Sixth;
use codrive_field::verify::Slotless;
use codrive_field::winding::Winding;
use codrive_model::input::Source;
use codrive_model::section::{Section, Sector, SlotShape};

/// As near to the solution as single precision of the factor lets the iteration come.
const TIGHT: Stop = Stop {
    decrement: 1e-11,
    iterations: 20,
    halvings: 14,
};

const POSITIONS: usize = 4;

fn coarse() -> Fineness {
    Fineness::second_order(POSITIONS).scaled(1.6)
}

fn currents(amplitude: f64) -> Vec<Currents> {
    [[0.0, 0.0], [-0.5, 0.3], [0.0, 1.0], [-0.7, -0.7]]
        .map(|[i_d_a, i_q_a]| Currents {
            i_d_a: amplitude * i_d_a,
            i_q_a: amplitude * i_q_a,
            i_f_a: 0.0,
        })
        .to_vec()
}

fn model<const N: usize, const Q: usize>(section: &Section, mesh: PoleMesh) -> Model<N, Q> {
    let (steel, magnet) = (common::steel(section), common::magnet(section));
    Model::new(section, &steel, &magnet, mesh).unwrap()
}

/// Readings and snapshots at `count` positions a `POSITIONS`th of 60 electrical degrees apart.
fn solved<const N: usize, const Q: usize>(
    model: &Model<N, Q>,
    count: usize,
    amplitude: f64,
) -> (Vec<Vec<Reading>>, Vec<Snapshot>) {
    let equations = Equations::new(model);
    let camera = Camera::new(&equations, &LossCells::new(model));
    let meter = Meter::new(&equations);
    let stride = model.mesh.steps_per_pole() / (3 * POSITIONS);
    let mut batch = Batch::new(&equations, TIGHT);
    let points = currents(amplitude);
    let at = (0..count).map(|k| {
        batch.potential = Potential::zero(&equations);
        batch.turn(k * stride);
        batch.solve(&points);
        (meter.read(&batch, points.len()), camera.take(&batch))
    });
    at.unzip()
}

fn losses<const N: usize, const Q: usize>(
    section: &Section,
    model: &Model<N, Q>,
    shots: &[Snapshot],
) -> Losses {
    let (steel, magnet) = (common::steel(section), common::magnet(section));
    let loss = LossModel::new(
        LossCells::new(model),
        POSITIONS,
        Sixth::new(section, model.mesh.sector),
        model.sectors(),
        400.0,
        &steel,
        section.stacking_factor,
        &magnet,
    )
    .unwrap();
    loss.evaluate(&shots.iter().collect::<Vec<_>>())[1]
}

fn of(losses: Losses) -> [f64; 5] {
    [
        losses.stator_hysteresis,
        losses.stator_eddy,
        losses.rotor_hysteresis,
        losses.rotor_eddy,
        losses.magnet_eddy,
    ]
}

fn assert_same(a: &[Reading], b: &[Reading], what: &str) {
    let most = |f: fn(&Reading) -> f64| b.iter().fold(1e-12_f64, |m, r| m.max(f(r).abs()));
    let (flux, torque) = (most(|r| r.psi_d.hypot(r.psi_q)), most(|r| r.torque));
    for (a, b) in a.iter().zip(b) {
        let off = [
            (a.psi_d - b.psi_d) / flux,
            (a.psi_q - b.psi_q) / flux,
            (a.psi_0 - b.psi_0) / flux,
            (a.torque - b.torque) / torque,
        ];
        assert!(off.iter().all(|o| o.abs() < 1e-6), "{what}: {off:?}");
    }
}

/// One pole with a change of sign, two without one and three with one are the same Prius.
#[test]
fn larger_sectors_solve_to_the_same_machine() {
    let (section, ..) = common::prius();
    let sector = section.sector();
    assert_eq!((sector.poles, sector.slots), (1, 6));
    let of_poles = |n: u32| {
        let mesh = PoleMesh::of_sector(&section, sector.times(n), coarse()).unwrap();
        model::<6, 3>(&section, mesh)
    };
    let one = of_poles(1);
    let (readings, shots) = solved(&one, POSITIONS, 2000.0);
    let expected = of(losses(&section, &one, &shots));
    for poles in [2, 3] {
        let model = of_poles(poles);
        assert_eq!(
            model.mesh.triangles(),
            poles as usize * one.mesh.triangles()
        );
        let (pole, rotor) = (model.mesh.one_pole(), &one.mesh.rotor);
        assert_eq!(pole.triangles, rotor.triangles);
        assert_eq!(pole.minus, rotor.minus);
        assert_eq!(pole.plus, rotor.plus);
        assert_eq!(pole.ring, rotor.ring);
        let (same, shots) = solved(&model, POSITIONS, 2000.0);
        for (same, readings) in same.iter().zip(&readings) {
            assert_same(same, readings, &format!("{poles} poles"));
        }
        let losses = of(losses(&section, &model, &shots));
        for (loss, expected) in losses.iter().zip(expected) {
            // Flux densities are kept in single precision.
            assert!(
                (loss / expected - 1.0).abs() < 1e-4,
                "{poles}: {loss} {expected}"
            );
        }
    }
}

/// The tooth-coil machine with other slots and poles; slots keep their share of the pitch.
fn variant(slots: u32, poles: u32, layers: u32, coil_pitch: u32) -> Section {
    let text = common::source("crates/field/tests/sections/tooth-coil.toml").text;
    let text = text
        .replace("slots = 12", &format!("slots = {slots}"))
        .replace("pole_pairs = 5", &format!("pole_pairs = {}", poles / 2))
        .replace("layers = 2", &format!("layers = {layers}"))
        .replace("coil_pitch = 1", &format!("coil_pitch = {coil_pitch}"));
    let mut section: Section = Source::shipped("variant.toml", &text).parse().unwrap();
    if let SlotShape::Trapezoid(slot) = &mut section.stator.slot {
        let share = (12.0 / f64::from(slots)).min(1.0);
        slot.opening_width_m *= share;
        slot.top_width_m *= share;
        slot.bottom_width_m *= share;
    }
    section.check().unwrap();
    section
}

const VARIANTS: [(u32, u32, u32, u32); 7] = [
    (12, 10, 2, 1),
    (12, 10, 1, 1),
    (12, 8, 2, 1),
    (12, 8, 1, 1),
    (9, 8, 2, 1),
    (9, 6, 2, 1),
    (27, 6, 2, 4),
];

/// 60 electrical degrees later the machine gives the same ψ_d, ψ_q and torque and the opposite ψ_0;
/// slots and poles see what the mapping says others see now, and 180° later everything is reversed.
#[test]
fn a_sixth_of_a_period_maps_slots_and_poles() {
    for (slots, poles, layers, coil_pitch) in VARIANTS {
        let what = format!("{slots}/{poles}, {layers} layers");
        let section = variant(slots, poles, layers, coil_pitch);
        let model = model::<3, 1>(&section, PoleMesh::new(&section, coarse()).unwrap());
        let sixth = Sixth::new(&section, model.mesh.sector);
        let (readings, shots) = solved(&model, 3 * POSITIONS + 1, 1500.0);
        for sixths in 1..=3 {
            let later: Vec<Reading> = readings[sixths * POSITIONS]
                .iter()
                .map(|r| Reading {
                    psi_0: if sixths % 2 == 0 { r.psi_0 } else { -r.psi_0 },
                    ..*r
                })
                .collect();
            assert_same(&later, &readings[0], &what);
            assert_seen(
                &sixth,
                model.mesh.sector,
                &shots[0],
                &shots[sixths * POSITIONS],
                sixths,
                &what,
            );
        }
    }
}

fn assert_seen(
    sixth: &Sixth,
    sector: Sector,
    now: &Snapshot,
    later: &Snapshot,
    sixths: usize,
    what: &str,
) {
    let cells = now.stator_b.len() / sector.slots as usize;
    for slot in 0..sector.slots as usize {
        let (from, sign) = sixth.slot(slot, sixths);
        for j in 0..cells {
            let (a, b) = (
                later.stator_b[slot * cells + j],
                now.stator_b[from * cells + j],
            );
            for (a, b) in a.iter().zip(b) {
                for (a, b) in a.0.iter().zip(b.0) {
                    assert!((a - sign * b).abs() < 2e-4, "{what}: slot {slot}, {a} {b}");
                }
            }
        }
    }
    let poles = sector.poles as usize;
    let (steel, magnet) = (now.rotor_b.len() / poles, now.magnet_a.len() / poles);
    for pole in 0..poles {
        let from = sixth.pole(pole, sixths);
        for j in 0..steel {
            let (a, b) = (
                later.rotor_b[pole * steel + j],
                now.rotor_b[from * steel + j],
            );
            for (a, b) in a.iter().zip(b) {
                for (a, b) in a.0.iter().zip(b.0) {
                    assert!((a - b).abs() < 2e-4, "{what}: pole {pole}, {a} {b}");
                }
            }
        }
        for j in 0..magnet {
            let (a, b) = (
                later.magnet_a[pole * magnet + j],
                now.magnet_a[from * magnet + j],
            );
            for (a, b) in a.0.iter().zip(b.0) {
                assert!(
                    (a - b).abs() < 1e-7,
                    "{what}: magnet of pole {pole}, {a} {b}"
                );
            }
        }
    }
}

/// The rotor of 12/10 sees the field of one pole pair, that turns the other way: 6/5 of the frequency.
#[test]
fn rotors_see_the_period_of_the_subharmonics() {
    for (slots, poles, layers, pitch, period) in [
        (12, 10, 2, 1, 5),
        (12, 8, 2, 1, 2),
        (9, 6, 2, 1, 2),
        (9, 8, 2, 1, 8),
        (48, 8, 1, 6, 1),
    ] {
        let section = variant(slots, poles, layers, pitch);
        let sixth = Sixth::new(&section, section.sector());
        assert_eq!(sixth.rotor_period(), period, "{slots}/{poles}");
    }
}

/// Linkage at no load: the slotless field with Carter's gap, times the winding factor.
///
/// ψ = k_w N 2 r B₁/p with N = Q/6 turns of the unit winding (Zhu & Howe 1993; Carter's factor by
/// γ = (b/g')²/(5 + b/g'), g' = g + h/μ_r: Pyrhönen, Jokinen & Hrabovcová 2014, section 3.1).
/// 0.5 %: Carter's factor lengthens the gap by 0.7 % and is an approximation itself, the steel takes a few
/// tenths of a percent, and between the magnets there is air instead of their μ_r.
#[test]
fn the_linkage_of_tooth_coils_is_that_of_the_slotless_field() {
    for (slots, poles, factor) in [(12, 10, 0.9330), (12, 8, 0.8660), (9, 8, 0.9452)] {
        let section = variant(slots, poles, 2, 1);
        let winding = Winding::new(&section, section.sector());
        assert!((winding.factor - factor).abs() < 1e-4, "{}", winding.factor);
        let magnet = common::magnet(&section);
        let surface = &section.rotor.surface[0];
        let SlotShape::Trapezoid(slot) = &section.stator.slot else {
            panic!("a trapezoid");
        };
        let by_magnet = surface.magnet_thickness_m / magnet.mu_r;
        let gap = section.gap_m() + by_magnet;
        let opening = slot.opening_width_m / gap;
        let pitch = PI * section.stator.bore_diameter_m / f64::from(slots);
        let carter = pitch / (pitch - gap * opening * opening / (5.0 + opening));
        let rotor = section.rotor.outer_diameter_m / 2.0;
        let case = Slotless {
            rotor_radius_m: rotor - surface.magnet_thickness_m,
            magnet_radius_m: rotor,
            bore_radius_m: rotor + carter * gap - by_magnet,
            pole_pairs: section.pole_pairs,
            pole_arc: surface.pole_arc,
            remanence_t: magnet.remanence_t(section.magnet_temperature_k),
            mu_r: magnet.mu_r,
        };
        let pole_pairs = f64::from(section.pole_pairs);
        let fundamental: f64 = (0..720)
            .map(|k| (f64::from(k) + 0.5) / 720.0 * PI)
            .map(|e| case.closed_form(case.bore_radius_m, e / pole_pairs)[0] * e.cos())
            .sum::<f64>()
            * 2.0
            / 720.0;
        let turns = f64::from(slots) / 6.0;
        let expected = factor * turns * 2.0 * case.bore_radius_m * fundamental / pole_pairs;
        let mesh = PoleMesh::new(&section, Fineness::second_order(POSITIONS)).unwrap();
        let (readings, _) = solved(&model::<6, 3>(&section, mesh), POSITIONS, 0.0);
        let psi = readings.iter().map(|r| r[0].psi_d).sum::<f64>() / POSITIONS as f64;
        println!("{slots}/{poles}: {psi} {expected} {:.4}", psi / expected);
        assert!((psi / expected - 1.0).abs() < 0.005, "{psi} {expected}");
    }
}

/// Cogging repeats after 360°/lcm(slots, poles), and not after half of that.
#[test]
fn cogging_repeats_with_the_least_common_multiple() {
    for (slots, poles, periods_in_60) in [(12, 10, 2), (12, 8, 1), (9, 6, 1)] {
        let section = variant(slots, poles, 2, 1);
        let positions = 12;
        let mesh = PoleMesh::new(&section, Fineness::second_order(positions)).unwrap();
        let model = model::<6, 3>(&section, mesh);
        let equations = Equations::new(&model);
        let meter = Meter::new(&equations);
        let stride = model.mesh.steps_per_pole() / (3 * positions);
        let mut batch = Batch::new(&equations, TIGHT);
        let torque: Vec<f64> = (0..positions)
            .map(|k| {
                batch.potential = Potential::zero(&equations);
                batch.turn(k * stride);
                batch.solve(&currents(0.0)[..1]);
                meter.read(&batch, 1)[0].torque
            })
            .collect();
        let most = torque.iter().fold(0.0_f64, |m, t| m.max(t.abs()));
        let period = positions / periods_in_60;
        let differs = |by: usize| {
            (0..positions - by).fold(0.0_f64, |m, k| m.max((torque[k] - torque[k + by]).abs()))
        };
        println!("{slots}/{poles}: {torque:?}");
        if period < positions {
            assert!(differs(period) < 1e-3 * most, "{torque:?}");
        }
        assert!(differs(period / 2) > 0.5 * most, "{torque:?}");
    }
}

/// The map of a 12/10 machine: both torques agree, the field rotates, losses are there.
#[test]
fn a_map_of_tooth_coils_is_healthy() {
    let section = variant(12, 10, 2, 1);
    let (steel, magnet) = (common::steel(&section), common::magnet(&section));
    let plan = MapPlan {
        n_d: 3,
        n_q: 3,
        ..MapPlan::default()
    };
    let result = solve_section(&section, &steel, &magnet, &plan, &|_, _| ()).unwrap();
    let map = &result.flux_map;
    assert!(map.health.unconverged.is_empty());
    println!("{:?}", map.health);
    assert!(map.health.arkkio_dq_deviation < 3e-3, "{:?}", map.health);
    let no_load = (map.i_d_a.len() - 1) * map.i_q_a.len();
    // Without current there is no q flux.
    assert!(map.psi_q_vs_per_m[no_load].abs() < 1e-4 * map.psi_d_vs_per_m[no_load]);
    assert!((map.back_emf.amplitude_vs_per_m[0] / map.psi_d_vs_per_m[no_load] - 1.0).abs() < 1e-3);
    assert!((result.facts.winding_factor - 0.933).abs() < 1e-3);
    assert_eq!(result.facts.magnets, 10 * 12);
    // Armature reaction's subharmonics shake the rotor: more than at no load by far.
    let rotor = &map.loss.rotor_eddy_w_per_m;
    assert!(
        rotor[map.i_q_a.len() - 1] > 5.0 * rotor[no_load],
        "{rotor:?}"
    );
    assert_eq!(
        result
            .drawing
            .iter()
            .filter(|p| p.material == "slot")
            .count(),
        6
    );
}

/// The three phases lie 120 electrical degrees apart whatever the number of slots.
#[test]
fn axes_are_120_degrees_apart() {
    for (slots, poles, layers, pitch) in VARIANTS {
        let section = variant(slots, poles, layers, pitch);
        let [a, b, c] = Winding::new(&section, section.sector()).axis_rad;
        for (from, to) in [(a, b), (b, c), (c, a)] {
            let off = (to - from - 2.0 * PI / 3.0 + FRAC_PI_2).rem_euclid(2.0 * PI) - FRAC_PI_2;
            assert!(off.abs() < 1e-9, "{slots}/{poles}: {a} {b} {c}");
        }
    }
}
