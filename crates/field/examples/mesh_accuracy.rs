//! Error of the default meshes against a fine one over a map of 5 x 5 currents and 12 positions;
//! prints the table of the theory page. `cargo run --release -p codrive-field --example mesh_accuracy`

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use codrive_field::map::MapPlan;
use codrive_field::measure::Meter;
use codrive_field::mesh::{Fineness, PoleMesh};
use codrive_field::solve::batch::{Batch, Currents, Stop};
use codrive_field::solve::equations::Equations;
use codrive_field::solve::lanes::LANES;
use codrive_field::solve::model::Model;
use codrive_model::input::Source;
use codrive_model::material::{MagnetGrade, Steel};
use codrive_model::section::Section;

const POSITIONS: usize = 12;
/// Currents of each axis, from none to the largest.
const CURRENTS: usize = 5;

/// Mean ψ_d, ψ_q and torque at every current, and what the mesh is like.
struct Map {
    means: Vec<[f64; 3]>,
    unknowns: usize,
    angle_deg: f64,
    meshing_ms: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("| Machine | Mesh | Unknowns | Smallest angle | Meshing | ψ | ψ_d | ψ_q | Torque |");
    println!("|---|---|---|---|---|---|---|---|---|");
    for id in ["prius-2004", "bmw-i3-reference", "jaguar-i-pace"] {
        let section = Section::read(&shipped(&format!("sections/{id}"))?)?;
        let second = Fineness::second_order(POSITIONS);
        let fine = Fineness {
            corner: 0.0008,
            growth: 0.5,
            ..second.scaled(0.5)
        };
        let exact = solve::<6, 3>(&section, fine)?;
        let first = solve::<3, 1>(&section, Fineness::first_order(POSITIONS))?;
        let half = solve::<6, 3>(&section, second.refined())?;
        let rows = [
            ("second order", solve::<6, 3>(&section, second)?),
            ("second order, refined", half),
            ("first order", first),
        ];
        for (name, map) in rows {
            let [flux, d, q, torque] = errors(&map, &exact).map(|e| 100.0 * e);
            println!(
                "| {id} | {name} | {} | {:.1}° | {:.0} ms | {flux:.3} % | {d:.3} % | {q:.3} % | {torque:.3} % |",
                map.unknowns, map.angle_deg, map.meshing_ms
            );
        }
        println!(
            "| {id} | reference | {} | {:.1}° | | | | | |",
            exact.unknowns, exact.angle_deg
        );
    }
    Ok(())
}

fn shipped(path: &str) -> Result<Source, Box<dyn Error>> {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    Ok(Source::read(&root.join(format!("{path}.toml")))?)
}

fn solve<const N: usize, const Q: usize>(
    section: &Section,
    fineness: Fineness,
) -> Result<Map, Box<dyn Error>> {
    let material = |name: &str| shipped(&format!("materials/{}", name.to_lowercase()));
    let steel: Steel = material(&section.steel)?.parse()?;
    let magnet: MagnetGrade = material(&section.magnet)?.parse()?;
    let start = Instant::now();
    let mesh = PoleMesh::new(section, fineness)?;
    let meshing_ms = 1e3 * start.elapsed().as_secs_f64();
    let angle_deg = mesh.smallest_angle_deg();
    let model = Model::<N, Q>::new(section, &steel, &magnet, mesh)?;
    // Rounded, because the slot's area depends on the mesh by a trace.
    let largest = MapPlan::default().largest_current(section, model.slot_area_m2);
    let largest = (largest / 100.0).round() * 100.0;
    #[allow(clippy::cast_precision_loss)]
    let level = |i: usize| largest * i as f64 / (CURRENTS - 1) as f64;
    let currents: Vec<Currents> = (0..CURRENTS * CURRENTS)
        .map(|i| Currents {
            i_d_a: -level(i / CURRENTS),
            i_q_a: level(i % CURRENTS),
            i_f_a: 0.0,
        })
        .collect();
    let equations = Equations::new(&model);
    let meter = Meter::new(&equations);
    let mut means = vec![[0.0; 3]; currents.len()];
    for position in 0..POSITIONS {
        let mut batch = Batch::new(&equations, Stop::default());
        batch.turn(position * model.mesh.steps_per_pole() / (3 * POSITIONS));
        for (points, means) in currents.chunks(LANES).zip(means.chunks_mut(LANES)) {
            if batch.solve(points).iter().any(|e| !e.converged) {
                return Err(format!("{}: a point did not converge", section.id).into());
            }
            for (reading, mean) in meter.read(&batch, points.len()).iter().zip(means) {
                #[allow(clippy::cast_precision_loss)]
                let share = 1.0 / POSITIONS as f64;
                mean[0] += share * reading.psi_d;
                mean[1] += share * reading.psi_q;
                mean[2] += share * reading.torque;
            }
        }
    }
    Ok(Map {
        means,
        unknowns: equations.unknowns(),
        angle_deg,
        meshing_ms,
    })
}

/// Largest error of the flux linkage (as a vector, over the largest), of ψ_d, ψ_q and torque (each
/// over its own largest).
fn errors(map: &Map, exact: &Map) -> [f64; 4] {
    let largest = |f: &dyn Fn(&[f64; 3]) -> f64| exact.means.iter().map(f).fold(0.0, f64::max);
    let flux = largest(&|m| m[0].hypot(m[1]));
    let own: [f64; 3] = std::array::from_fn(|k| largest(&|m| m[k].abs()));
    let mut worst = [0.0_f64; 4];
    for (m, e) in map.means.iter().zip(&exact.means) {
        let off: [f64; 3] = std::array::from_fn(|k| (m[k] - e[k]).abs());
        worst[0] = worst[0].max(off[0].hypot(off[1]) / flux);
        for k in 0..3 {
            worst[k + 1] = worst[k + 1].max(off[k] / own[k]);
        }
    }
    worst
}
