//! Every loss of machine and inverter by its origin, over motor speed and torque.

use codrive_model::inverter::Inverter;

use crate::axes::Grid;
use crate::conditions::Conditions;
use crate::error::DriveError;
use crate::inverter::InverterLoss;
use crate::machine::{Machine, MachineLoss};
use crate::motor_map::{Bench, Row, RowPoint, row};
use crate::operating_point::Search;
use crate::switching_ripple::ripple_iron_w;

/// An operating point with its losses by origin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossPoint {
    /// Motor speed, rad/s.
    pub speed_rad_per_s: f64,
    /// Torque on the motor's shaft, N·m.
    pub torque_nm: f64,
    /// Phase currents i_d and i_q, A, peak.
    pub currents_a: [f64; 2],
    /// Amplitude of the phase voltage over half of the DC voltage.
    pub modulation: f64,
    /// Losses of the machine; its iron with the build factor.
    pub machine: MachineLoss,
    /// Stator and rotor iron without the build factor, W.
    pub iron_as_computed_w: f64,
    /// What switching adds to the stator's iron loss, W: an estimate to the high side. It is not in the losses,
    /// where the build factor stands for it.
    pub switching_ripple_w: f64,
    /// Losses of the inverter.
    pub inverter: InverterLoss,
}

/// Losses over the speeds and torques of [`motor_map`](crate::motor_map()), the loads of a speed together.
///
/// # Errors
/// As [`motor_map`](crate::motor_map()).
pub fn loss_points(
    machine: &Machine<'_>,
    inverter: &Inverter,
    dc_voltage_v: f64,
    conditions: &Conditions,
) -> Result<Vec<LossPoint>, DriveError> {
    let grid = Grid::default();
    let bench = Bench::new(machine, inverter, dc_voltage_v, conditions)?;
    let (base, top, _) = bench.speed_range()?;
    let mut points = Vec::new();
    for speed in grid.speeds(base, top) {
        let row = row(&bench, speed, grid.loads())?;
        let search = bench.search_in(row.state);
        let at = row.loads.iter().zip(&row.points);
        points.extend(at.map(|(load, point)| loss_point(&bench, &search, &row, (*load, point))));
    }
    Ok(points)
}

fn loss_point(
    bench: &Bench<'_>,
    search: &Search<'_>,
    row: &Row<'_>,
    (load, point): (f64, &RowPoint),
) -> LossPoint {
    let machine = bench.machine;
    let [braking_nm, motoring_nm] = row.envelope_nm;
    let limit_nm = if load < 0.0 { -braking_nm } else { motoring_nm };
    let modulation = bench.ac_point(search, &point.unit).modulation;
    let classical_w = machine.stator_classical_w(&point.unit, &row.state);
    LossPoint {
        speed_rad_per_s: row.state.speed_rad_per_s,
        torque_nm: load * limit_nm,
        currents_a: [point.unit.i_d_a, point.unit.i_q_a].map(|a| a / machine.ratio()),
        modulation,
        machine: point.loss,
        iron_as_computed_w: point.loss.iron_w() / machine.build.iron_build_factor,
        switching_ripple_w: ripple_iron_w(classical_w, modulation),
        inverter: point.inverter,
    }
}
