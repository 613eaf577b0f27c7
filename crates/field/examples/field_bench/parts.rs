//! Where the time of a full map goes: Newton's iteration, readings, snapshots, losses, and what is left.

use std::error::Error;

use codrive_field::error::FieldError;
use codrive_field::loss::LossModel;
use codrive_field::map::POSITIONS_TOGETHER;
use codrive_field::march::{Along, March};
use codrive_field::measure::Meter;
use codrive_field::snapshot::{Camera, LossCells, Snapshot};
use codrive_field::solve::batch::{Batch, Stop};
use codrive_field::solve::equations::Equations;
use codrive_field::solve::lanes::LANES;
use codrive_field::solve::model::Model;
use codrive_field::symmetry::Sixth;
use serde_json::{Value, json};

use crate::case::{Case, POSITIONS};
use crate::clock::Clock;
use crate::peak;

/// Processor seconds of the parts on one thread, and the multiply-adds of the factorisations.
pub(crate) fn measure(case: &Case) -> Result<Value, Box<dyn Error>> {
    if case.order == 1 {
        parts::<3, 1>(case)
    } else {
        parts::<6, 3>(case)
    }
}

fn parts<const N: usize, const Q: usize>(case: &Case) -> Result<Value, Box<dyn Error>> {
    let clock = Clock::start();
    let model: Model<N, Q> = case.model(case.mesh()?)?;
    let mesh_s = clock.seconds().1;
    let clock = Clock::start();
    let equations = Equations::new(&model);
    let meter = Meter::new(&equations);
    let mut batch = Batch::new(&equations, Stop::default());
    let set_up_s = clock.seconds().1;
    let k = case.machine.turns_ratio();
    let [i_d, i_q] = [Case::i_d_a(), Case::i_q_a()].map(|i| i.iter().map(|i| k * i).collect());
    let (i_d, i_q): (Vec<f64>, Vec<f64>) = (i_d, i_q);
    let stride = model.mesh.steps_per_pole() / (3 * POSITIONS);
    let (mut newton_s, mut readings_s, mut snapshots_s, mut factorisations) = (0.0, 0.0, 0.0, 0);
    let losses = loss_model(case, &model)?;
    let camera = Camera::new(&equations, &losses.cells);
    let mut shots: Vec<Vec<Snapshot>> = vec![Vec::new(); i_d.len()];
    let steps: Vec<usize> = (0..POSITIONS).map(|k| k * stride).collect();
    for steps in steps.chunks(POSITIONS_TOGETHER) {
        let clock = Clock::start();
        let (mut reading_s, mut snapshot_s) = (0.0, 0.0);
        let mut march = March::new(Along::Direct, steps, &i_q);
        march.solve(&mut batch, &i_d, |_, d, batch, efforts| {
            factorisations += efforts.iter().map(|e| e.iterations).max().unwrap_or(0);
            let clock = Clock::start();
            std::hint::black_box(meter.read(batch, efforts.len()));
            reading_s += clock.seconds().1;
            let clock = Clock::start();
            shots[d].push(camera.take(batch));
            snapshot_s += clock.seconds().1;
        });
        newton_s += clock.seconds().1 - reading_s - snapshot_s;
        readings_s += reading_s;
        snapshots_s += snapshot_s;
    }
    let clock = Clock::start();
    for of_current in &shots {
        let shots: Vec<&Snapshot> = of_current.iter().collect();
        std::hint::black_box(losses.evaluate(&shots));
    }
    let losses_s = clock.seconds().1;
    let peak = peak::multiply_adds_per_s();
    let multiply_adds = (factorisations * LANES * one_factorisation(&equations)) as f64;
    Ok(json!({
        "path": batch.path(),
        "mesh_s": mesh_s,
        "set_up_s": set_up_s,
        "newton_s": newton_s,
        "readings_s": readings_s,
        "snapshots_s": snapshots_s,
        "losses_s": losses_s,
        "factorisations_of_16": factorisations,
        "peak_gflops": 2e-9 * peak,
        "factorisation_at_peak_s": multiply_adds / peak,
        "share_of_peak_in_newton": multiply_adds / peak / newton_s,
        "batch_mib": batch.bytes() as f64 / f64::from(1 << 20),
    }))
}

fn loss_model<const N: usize, const Q: usize>(
    case: &Case,
    model: &Model<N, Q>,
) -> Result<LossModel, FieldError> {
    LossModel::new(
        LossCells::new(model),
        POSITIONS,
        Sixth::new(&case.section, model.mesh.sector),
        model.sectors(),
        400.0,
        &case.steel,
        case.section.stacking_factor,
        &case.magnet,
    )
}

/// Multiply-adds of rotor, stator and ring for one operating point.
fn one_factorisation<const N: usize, const Q: usize>(equations: &Equations<N, Q>) -> usize {
    let part = |fronts: &codrive_field::solve::fronts::Fronts| fronts.effort().multiply_adds;
    let ring = equations.rotor.fronts.ring;
    part(&equations.rotor.fronts)
        + part(&equations.stator.fronts)
        + ring * (ring + 1) * (ring + 2) / 6
}
