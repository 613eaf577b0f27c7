//! The assembled equations, the vector instructions and a known topology.

use super::*;
use crate::mesh::{Fineness, PoleMesh};
use crate::solve::factor::Terms;
use crate::solve::model::Model;
use codrive_model::input::Source;
use codrive_model::section::Section;

fn model() -> Model<6, 3> {
    models(1.0).0
}

/// The coarse Prius pole, and the same mesh moved to a design with another outer diameter.
fn models(factor: f64) -> (Model<6, 3>, Model<6, 3>) {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let source = |path: &str| Source::read(&data.join(path)).unwrap();
    let section = Section::read(&source("sections/prius-2004.toml")).unwrap();
    let steel = source("materials/m400-50a.toml").parse().unwrap();
    let magnet = source("materials/prius-magnet.toml").parse().unwrap();
    let mesh = PoleMesh::new(&section, Fineness::second_order(12).scaled(2.0)).unwrap();
    let mut other = section.clone();
    other.stator.outer_diameter_m *= factor;
    let moved = mesh.morphed(&section, &other).unwrap();
    (
        Model::new(&section, &steel, &magnet, mesh).unwrap(),
        Model::new(&other, &steel, &magnet, moved).unwrap(),
    )
}

/// A design of a known topology takes over order and plan, and solves to the same field.
#[test]
fn a_known_topology_is_not_planned_again() {
    let (first, second) = models(1.03);
    let known = Equations::new(&first);
    let (like, fresh) = (Equations::like(&second, &known), Equations::new(&second));
    assert!(std::sync::Arc::ptr_eq(
        &like.rotor.fronts,
        &known.rotor.fronts
    ));
    assert!(std::sync::Arc::ptr_eq(
        &like.stator.fronts,
        &known.stator.fronts
    ));
    let solve = |equations: &Equations<6, 3>| {
        let mut batch = Batch::new(equations, Stop::default());
        assert!(batch.solve(&points()).iter().all(|e| e.converged));
        batch.nodes(3)
    };
    let (a, b) = (solve(&like), solve(&fresh));
    let largest = a.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    assert!(
        a.iter()
            .zip(&b)
            .all(|(a, b)| (a - b).abs() < 1e-5 * largest)
    );
}

fn points() -> Vec<Currents> {
    (0..LANES)
        .map(|l| Currents {
            i_d_a: -140.0 * l as f64,
            i_q_a: 150.0 * (LANES - l) as f64,
            i_f_a: 0.0,
        })
        .collect()
}

/// Adds K s of a part, in double precision, from the terms that the fronts are given.
fn add_product(part: &Part<6, 3>, memory: &mut PartMemory, lane: usize, product: &mut [f64]) {
    let mut tangent = Tangent {
        part,
        kept: &memory.kept,
        cells: &mut memory.cells,
    };
    let mut add = |i: usize, j: usize, value: &F32| {
        let value = f64::from(value.0[lane]);
        product[i] += value * f64::from(memory.step[j].0[lane]);
        if i != j {
            product[j] += value * f64::from(memory.step[i].0[lane]);
        }
    };
    for (at, front) in part.fronts.fronts.iter().enumerate() {
        let (k, first) = (front.width(), front.pivots.start);
        let mut columns = vec![F32::ZERO; front.panel_len()];
        let mut below = vec![F32::ZERO; front.update_len()];
        let into = if k > 0 { &mut columns } else { &mut below };
        tangent.add_columns(pulp::Scalar::new(), at, into);
        tangent.add_below(pulp::Scalar::new(), at, &mut below);
        let rows: Vec<usize> = front.rows.iter().map(|r| *r as usize).collect();
        for j in 0..k {
            for i in j..k {
                add(first + i, first + j, &columns[i * k + j]);
            }
            for (i, row) in rows.iter().enumerate() {
                add(*row, first + j, &columns[(k + i) * k + j]);
            }
        }
        for (i, row) in rows.iter().enumerate() {
            for (j, column) in rows[..=i].iter().enumerate() {
                add(*row, *column, &below[i * (i + 1) / 2 + j]);
            }
        }
    }
}

/// The direction solves K s = −g, at a rotor position that turns the ring past its end.
#[test]
fn the_direction_solves_the_assembled_equations() {
    let model = model();
    let equations = Equations::new(&model);
    let mut batch = Batch::new(&equations, Stop::default());
    batch.turn(model.mesh.ring_steps / 2 + 5);
    batch.solve(&points());
    // Away from the solution, so that there is something to solve for.
    for x in batch
        .potential
        .rotor
        .iter_mut()
        .chain(&mut batch.potential.stator)
    {
        *x = x.map(|v| 1.05 * v);
    }
    batch.assemble();
    let gain = batch.direction();
    for lane in [0, 7, 15] {
        let (rotor, stator) = (&equations.rotor, &equations.stator);
        let mut of_rotor = vec![0.0; rotor.unknowns];
        let mut of_stator = vec![0.0; stator.unknowns];
        add_product(rotor, &mut batch.rotor, lane, &mut of_rotor);
        add_product(stator, &mut batch.stator, lane, &mut of_stator);
        for (sum, memory) in [
            (&mut of_rotor, &batch.rotor),
            (&mut of_stator, &batch.stator),
        ] {
            for (sum, g) in sum.iter_mut().zip(&memory.gradient) {
                *sum += g.0[lane];
            }
        }
        let interior = stator.fronts.interior;
        for j in 0..stator.fronts.ring {
            let (node, sign) = batch.turn.onto(j);
            of_rotor[rotor.fronts.interior + node] += f64::from(sign) * of_stator[interior + j];
        }
        let square = |v: &[f64]| v.iter().map(|v| v * v).sum::<f64>();
        let left = square(&of_rotor) + square(&of_stator[..interior]);
        let of = |m: &PartMemory| m.gradient.iter().map(|g| g.0[lane].powi(2)).sum::<f64>();
        let share = (left / (of(&batch.rotor) + of(&batch.stator))).sqrt();
        // Single precision, and a condition of about 10⁵.
        assert!(share < 1e-3, "lane {lane}: {share:e}");
        let work: f64 = [&batch.rotor, &batch.stator]
            .iter()
            .flat_map(|m| m.step.iter().zip(&m.gradient))
            .map(|(s, g)| -f64::from(s.0[lane]) * g.0[lane])
            .sum();
        assert!((f64::from(gain.0[lane]) / work - 1.0).abs() < 1e-3);
    }
}

/// Every kind of vector instructions that this machine has gives the same field.
#[test]
fn vector_instructions_do_not_change_the_field() {
    let model = model();
    let equations = Equations::new(&model);
    let stop = Stop {
        decrement: 1e-12,
        ..Stop::default()
    };
    let solve = |arch: Arch| {
        let mut batch = Batch::new(&equations, stop).with_arch(arch);
        assert!(batch.solve(&points()).iter().all(|e| e.converged));
        batch.nodes(9)
    };
    let plain = solve(Arch::Scalar);
    let largest = plain.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let mut kinds = vec![Arch::new()];
    #[cfg(target_arch = "x86_64")]
    kinds.extend(pulp::x86::V3::try_new().map(Arch::V3));
    for arch in kinds {
        let off = solve(arch)
            .iter()
            .zip(&plain)
            .fold(0.0_f64, |m, (a, b)| m.max((a - b).abs()));
        assert!(off < 1e-6 * largest, "{arch:?}: {:e}", off / largest);
    }
}

/// A point that does not converge says so and keeps what it went through, warm and cold.
#[test]
fn a_point_that_does_not_converge_keeps_its_history() {
    let model = model();
    let equations = Equations::new(&model);
    let stop = Stop {
        decrement: 1e-30,
        iterations: 3,
        ..Stop::default()
    };
    let mut batch = Batch::new(&equations, stop);
    let efforts = batch.solve(&points());
    assert!(efforts.iter().any(|e| !e.converged));
    let warm = batch.residuals(0);
    assert!(warm.len() >= 3 && warm[0] > warm[warm.len() - 1]);
    batch.solve_cold(LANES);
    assert_eq!(batch.residuals(0)[..warm.len()], warm);
    assert!(batch.residuals(0).len() > warm.len());
}
