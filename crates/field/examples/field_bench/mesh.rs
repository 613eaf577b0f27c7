//! The pole as plain data: what another program needs to solve exactly the same equations.

use std::error::Error;

use codrive_field::material::MagnetisationCurve;
use codrive_field::mesh::{Fill, PoleMesh};
use codrive_field::winding::Winding;
use codrive_model::section::Section;
use serde_json::{Value, json};

use crate::case::Case;

/// Rotor and stator at rotor position zero, joined in the ring, with curve and sources.
pub(crate) fn export(case: &Case) -> Result<Value, Box<dyn Error>> {
    let mesh = case.mesh()?;
    let (unknowns, slot_area_m2) = if case.order == 1 {
        let model = case.model::<3, 1>(mesh.clone())?;
        (model.unknowns(), model.slot_area_m2)
    } else {
        let model = case.model::<6, 3>(mesh.clone())?;
        (model.unknowns(), model.slot_area_m2)
    };
    let curve = MagnetisationCurve::new(&case.steel, case.section.stacking_factor)?;
    let remanence = case.magnet.remanence_t(case.section.magnet_temperature_k);
    let winding = Winding::new(&case.section, case.section.sector());
    let mut pole = joined(&mesh);
    let extra = json!({
        "order": case.order,
        "unknowns": unknowns,
        "smallest_angle_deg": mesh.smallest_angle_deg(),
        "curve": curve_points(&case.section, &case.steel.b_t, &case.steel.h_a_per_m, &curve),
        "magnet_mu_r": case.magnet.mu_r,
        "remanence_t": mesh.magnets_rad.iter()
            .map(|a| [remanence * a.cos(), remanence * a.sin()]).collect::<Vec<_>>(),
        "slot_area_m2": slot_area_m2,
        "turns": winding.turns,
        "axis_rad": winding.axis_rad,
        "conductors_per_path": case.machine.turns_ratio(),
        "stack_m": case.machine.stack_m,
        "pole_pairs": case.section.pole_pairs,
        "gap_m": mesh.bore_radius_m - mesh.rotor_radius_m,
        "i_d_a": Case::i_d_a(),
        "i_q_a": Case::i_q_a(),
    });
    if let (Some(pole), Value::Object(extra)) = (pole.as_object_mut(), extra) {
        pole.extend(extra);
    }
    Ok(pole)
}

/// Flux density, field strength and slope at the knots of the curve: a cubic in between.
fn curve_points(
    section: &Section,
    b_t: &[f64],
    h_a_per_m: &[f64],
    curve: &MagnetisationCurve,
) -> Value {
    let stacked = |(b, h): (&f64, &f64)| {
        section.stacking_factor * b
            + (1.0 - section.stacking_factor) * codrive_field::material::MU_0 * h
    };
    let knots: Vec<f64> = b_t.iter().zip(h_a_per_m).map(stacked).collect();
    // Slopes from the left: at the last knot the straight line has already begun.
    let slopes: Vec<f64> = knots
        .iter()
        .map(|b| {
            curve
                .at(if *b > 0.0 { b * (1.0 - 1e-12) } else { 0.0 })
                .slope
        })
        .collect();
    json!({ "b_t": knots, "h_a_per_m": h_a_per_m, "slope_m_per_h": slopes })
}

fn joined(mesh: &PoleMesh) -> Value {
    let (rotor, stator) = (&mesh.rotor, &mesh.stator);
    let mut number = vec![usize::MAX; stator.nodes.len()];
    for (s, r) in stator.ring.iter().zip(&rotor.ring) {
        number[*s as usize] = *r as usize;
    }
    let mut nodes = rotor.nodes.clone();
    for (node, number) in stator.nodes.iter().zip(&mut number) {
        if *number == usize::MAX {
            *number = nodes.len();
            nodes.push(*node);
        }
    }
    let of_stator = |n: &u32| number[*n as usize];
    let of_rotor = |n: &u32| *n as usize;
    let mut triangles: Vec<Vec<usize>> = rotor
        .triangles
        .iter()
        .map(|t| t.iter().map(of_rotor).collect())
        .collect();
    triangles.extend(
        stator
            .triangles
            .iter()
            .map(|t| t.iter().map(of_stator).collect()),
    );
    let mut pairs: Vec<[usize; 2]> = rotor
        .minus
        .iter()
        .zip(&rotor.plus)
        .map(|(m, p)| [of_rotor(m), of_rotor(p)])
        .collect();
    pairs.extend(
        stator
            .minus
            .iter()
            .zip(&stator.plus)
            .map(|(m, p)| [of_stator(m), of_stator(p)]),
    );
    pairs.sort_unstable();
    pairs.dedup();
    let mut fixed: Vec<usize> = rotor.fixed.iter().map(of_rotor).collect();
    fixed.extend(stator.fixed.iter().map(of_stator));
    let fill: Vec<String> = rotor.fill.iter().chain(&stator.fill).map(name).collect();
    json!({ "nodes": nodes, "triangles": triangles, "fill": fill, "fixed": fixed, "pairs": pairs })
}

fn name(fill: &Fill) -> String {
    match fill {
        Fill::Steel => "steel".into(),
        Fill::Air => "air".into(),
        Fill::Gap => "gap".into(),
        Fill::Magnet(m) => format!("magnet{m}"),
        Fill::Slot(s) => format!("slot{s}"),
    }
}
