//! The full map: 16 x 16 currents at 12 rotor positions, every point solved.

use std::error::Error;

use codrive_field::map::{MapPlan, solve_map};
use serde_json::{Value, json};

use crate::case::{CURRENTS, Case, LARGEST_A, POSITIONS};
use crate::clock::{Clock, median, peak_memory_mib};

/// Wall and processor time, memory and health of the map.
pub(crate) fn measure(
    case: &Case,
    threads: usize,
    repeats: usize,
) -> Result<Value, Box<dyn Error>> {
    let plan = plan(case, CURRENTS, POSITIONS);
    let (mut wall_s, mut cpu_s) = (Vec::new(), Vec::new());
    let mut health = Value::Null;
    for _ in 0..repeats.max(1) {
        let clock = Clock::start();
        let (map, _) = solve_map(&case.section, &case.steel, &case.magnet, &plan, &|_, _| {})?;
        let (wall, cpu) = clock.seconds();
        wall_s.push(wall);
        cpu_s.push(cpu);
        health = serde_json::to_value(&map.health)?;
    }
    Ok(json!({
        "threads": threads,
        "wall_s": median(wall_s),
        "cpu_s": median(cpu_s),
        "peak_memory_mib": peak_memory_mib(),
        "health": health,
    }))
}

/// The map's plan with that many currents on each axis and rotor positions.
pub(crate) fn plan(case: &Case, currents: usize, positions: usize) -> MapPlan {
    MapPlan {
        n_d: currents,
        n_q: currents,
        positions,
        largest_current_a: Some(LARGEST_A * case.machine.turns_ratio()),
        order: case.order,
        fineness: case.fineness,
        ..MapPlan::default()
    }
}

/// Threads of everything that follows; once in a program, and first.
pub(crate) fn use_threads(threads: usize) -> Result<(), Box<dyn Error>> {
    Ok(rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()?)
}
