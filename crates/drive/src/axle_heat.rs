//! How a unit warms up at the points of its axle's map: the motor's heat through the gear set.

use codrive_model::operating_map::{OperatingMap, cell};
use codrive_model::unit_heat::{ByLump, ByLumps, LUMPS, Lump, UnitHeat};

use crate::gear::GearModel;

/// The motor's heat at the points of the axle's map, with the gear set's loss in the oil; linear between the points
/// of the motor's map, as the losses are.
pub(crate) fn axle_heat(
    heat: &UnitHeat,
    (motor, axle): (&OperatingMap, &OperatingMap),
    gear: &GearModel<'_>,
) -> UnitHeat {
    let loads = axle.load.len();
    let mut through = UnitHeat {
        conductance_w_per_k: Vec::with_capacity(axle.speed_rad_per_s.len()),
        heat_w: Vec::with_capacity(axle.loss_w.len()),
        ..heat.clone()
    };
    for (row, speed) in axle.speed_rad_per_s.iter().enumerate() {
        let motor_speed = speed * gear.set().ratio;
        let (i, t) = cell(&motor.speed_rad_per_s, motor_speed);
        let [low, high] = [i, i + 1].map(|i| &heat.conductance_w_per_k[i]);
        through
            .conductance_w_per_k
            .push(between_matrices(low, high, t));
        let at_speed = gear.at_speed(motor_speed);
        let along = |table: &[f64]| table[i] + (table[i + 1] - table[i]) * t;
        let limits = [along(&motor.torque_min_nm), along(&motor.torque_max_nm)];
        for load in 0..loads {
            let motor_nm = at_speed.motor_nm(axle.torque_nm(row, load));
            let limit = if motor_nm < 0.0 {
                -limits[0]
            } else {
                limits[1]
            };
            let (j, u) = cell(&motor.load, motor_nm / limit);
            let at = |i: usize| {
                let point = i * motor.load.len() + j;
                between(&heat.heat_w[point], &heat.heat_w[point + 1], u)
            };
            let mut heat_w = between(&at(i), &at(i + 1), t);
            heat_w[Lump::Oil as usize] += axle.split.gear_w[row * loads + load];
            through.heat_w.push(heat_w);
        }
    }
    through
}

fn between(a: &ByLump, b: &ByLump, t: f64) -> ByLump {
    std::array::from_fn(|i| a[i] + (b[i] - a[i]) * t)
}

fn between_matrices(a: &ByLumps, b: &ByLumps, t: f64) -> ByLumps {
    let rows: [ByLump; LUMPS] = std::array::from_fn(|i| between(&a[i], &b[i], t));
    rows
}
