//! Losses of a machine against another program's.

use std::f64::consts::{PI, SQRT_2};
use std::path::Path;

use codrive_drive::machine::MachineLoss;
use codrive_drive::winding::EndTurn;
use codrive_drive::{Build, Conductor, Machine};
use codrive_field::loss_point::{LossPoint, loss_point};
use codrive_field::map::{MapPlan, solve_section};
use codrive_field::mesh::Fineness;
use codrive_model::material::SteelLoss;
use codrive_model::unit::Winding;

use super::case::{Allowed, CaseResult, Check};
use crate::error::StudyError;
use crate::motor::{MachineInput, read_machine};
use crate::progress::Progress;

const SPEED_RAD_PER_S: f64 = 1200.0 * PI / 30.0;
/// 230 A rms at 140 degrees from the d axis.
const CURRENT_A: f64 = 230.0 * SQRT_2;
const ANGLE_DEG: f64 = 140.0;
const WINDING_K: f64 = 373.15;
const MAGNET_K: f64 = 293.15;
/// pyleecan leaves the lamination solid in the field and divides the loss by this stacking factor.
const STACKING: f64 = 0.95;
/// 13 wires of 0.912 mm in each of 9 conductors, m², and the overhang on each side of a half-turn, m.
const COPPER_M2: f64 = 9.0 * 13.0 * 0.25 * PI * WIRE_M * WIRE_M;
const WIRE_M: f64 = 0.912e-3;
const OVERHANG_M: f64 = 19.366e-3;
/// Least squares of the absolute error over its loss table of M400-50A, as `scipy.optimize.curve_fit` finds
/// them from ones: what pyleecan's `LossModelSteinmetz` reckons with.
const PYLEECAN: SteelLoss = SteelLoss {
    k_h: 7.679_937e-4,
    alpha: 1.718_601,
    beta: 2.895_156,
    k_e: 6.027_270e-5,
    k_exc: 0.0,
};

pub(super) fn prius_losses(_: &Path, _: &dyn Progress) -> Result<CaseResult, StudyError> {
    let mut input = read_machine("prius-2004")?;
    input.section.section.magnet_temperature_k = MAGNET_K;
    let shipped = point(&input, input.section.steel.loss)?;
    let fitted = point(&input, PYLEECAN)?;
    let winding = machine_loss(&input)?;
    let stack = input.machine.stack_m;
    let iron = |w_per_m: f64| w_per_m * stack / STACKING;
    let stator = |p: &LossPoint| iron(p.losses.stator_iron());
    let rotor = |p: &LossPoint| iron(p.losses.rotor_iron());
    let [stator_orders, rotor_orders] = fitted.by_harmonics.map(iron);
    let joule_w = winding.copper_w() - winding.proximity_w;
    let watts = |what: &str, reference: f64, ours: f64, allowed: f64| {
        Check::new(what, "W", reference, ours, Allowed::Relative(allowed))
    };
    let torque_nm = fitted.torque_nm_per_m * stack;
    let checks = vec![
        watts(
            "air-gap power",
            54_596.16,
            torque_nm * SPEED_RAD_PER_S,
            0.01,
        ),
        watts("joule", 7_579.03, joule_w, 0.02),
        watts("proximity", 16.826, winding.proximity_w, 0.1),
        watts("magnets", 12.179, fitted.losses.magnet_eddy * stack, 0.1),
        watts("stator core, by harmonics", 292.64, stator_orders, 0.02),
        watts("rotor core, by harmonics", 14.808, rotor_orders, 0.2),
        watts("stator core, loops followed", 292.64, stator(&fitted), 0.2),
        watts("rotor core, loops followed", 14.808, rotor(&fitted), 0.2),
        watts("stator core, shipped steel", 292.64, stator(&shipped), 0.2),
        watts("rotor core, shipped steel", 14.808, rotor(&shipped), 0.2),
    ];
    CaseResult::new("prius-2004-losses", checks)
}

/// Unit currents of the point.
fn currents_a(input: &MachineInput) -> [f64; 2] {
    let (sin, cos) = ANGLE_DEG.to_radians().sin_cos();
    let unit = input.machine.turns_ratio() * CURRENT_A;
    [unit * cos, unit * sin]
}

fn point(input: &MachineInput, loss: SteelLoss) -> Result<LossPoint, StudyError> {
    let section = &input.section;
    let mut steel = section.steel.clone();
    steel.loss = loss;
    let frequency_hz = SPEED_RAD_PER_S * f64::from(section.section.pole_pairs) / (2.0 * PI);
    loss_point(
        &section.section,
        &steel,
        &section.magnet,
        currents_a(input),
        frequency_hz,
        Fineness::second_order(12),
    )
    .map_err(|error| failed(&error))
}

/// Copper and magnet losses as the drive reckons them from a flux map, which has a knot at the point's i_d and
/// one near to its i_q.
fn machine_loss(input: &MachineInput) -> Result<MachineLoss, StudyError> {
    let [i_d_a, i_q_a] = currents_a(input);
    let section = &input.section;
    let plan = MapPlan {
        n_d: 11,
        n_q: 11,
        largest_current_a: Some(-i_d_a * 10.0 / 6.0),
        ..MapPlan::default()
    };
    let (steel, magnet) = (&section.steel, &section.magnet);
    let solved = solve_section(&section.section, steel, magnet, &plan, &|_, _| ())
        .map_err(|error| failed(&error))?;
    let tables = input.tables(&solved).map_err(|error| failed(&error))?;
    let formula_m = EndTurn::new(&tables.facts, 1.0).length_m;
    let build = Build {
        copper_fill: COPPER_M2 / tables.facts.slot_area_m2,
        conductor: Conductor::Strands(WIRE_M),
        end_turn_factor: 2.0 * OVERHANG_M / formula_m,
        ..Build::round_wire()
    };
    let winding = Winding {
        conductors_per_slot: input.machine.conductors_per_slot,
        parallel_paths: input.machine.parallel_paths,
        connection: input.machine.connection,
    };
    let machine = Machine::new(&tables, input.machine.stack_m, winding, build)
        .map_err(|error| failed(&error))?;
    let state = machine.at_speed(SPEED_RAD_PER_S, WINDING_K);
    Ok(machine.loss(&tables.flux.at(i_d_a, i_q_a), &state))
}

fn failed(error: &dyn std::error::Error) -> StudyError {
    StudyError::Model {
        what: "validation of losses".to_owned(),
        reason: error.to_string(),
    }
}
