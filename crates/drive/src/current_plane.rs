//! The plane of the currents as a picture shows it: MTPA, MTPV, torque lines, voltage limits.

use std::f64::consts::PI;

use codrive_model::inverter::Inverter;
use codrive_model::unit_map::{CurrentPlane, Currents, TorqueLine, VoltageLimit};
use codrive_numerics::roots::{Tolerance, bracketed};

use crate::conditions::Conditions;
use crate::error::{DriveError, positive};
use crate::flux::UnitPoint;
use crate::machine::Machine;
use crate::motor_map::Bench;
use crate::operating_point::Search;

/// Points along a locus and along a torque line.
const POINTS: u32 = 60;
/// Rays from the middle of a voltage limit to its rim, over half a turn.
const RAYS: u32 = 120;

/// Loci, torque lines and voltage limits of a machine with an inverter, in the machine's amperes.
///
/// Motoring half, i_q ≥ 0, within the flux map. The torque of a line is that of the air gap; voltage limits
/// are those of the maps, with resistance, end-winding leakage, drops and dead times. `envelope` is left
/// empty: it is that of [`crate::MotorMap::currents_a`].
///
/// # Errors
/// As [`crate::motor_map()`]; a torque or speed that is not above zero.
pub fn current_plane(
    machine: &Machine<'_>,
    (inverter, dc_voltage_v): (&Inverter, f64),
    conditions: &Conditions,
    torques_nm: &[f64],
    speeds_rad_per_s: &[f64],
) -> Result<CurrentPlane, DriveError> {
    let bench = Bench::new(machine, inverter, dc_voltage_v, conditions)?;
    let (flux, k) = (&machine.tables.flux, machine.ratio());
    let torque = torques_nm.iter().map(|nm| torque_line(machine, *nm));
    let voltage = speeds_rad_per_s.iter().map(|speed| {
        let speed_rad_per_s = positive("speed of a voltage limit in rad/s", *speed)?;
        Ok(VoltageLimit {
            speed_rad_per_s,
            lines: rim(&bench.search(speed_rad_per_s)),
        })
    });
    Ok(CurrentPlane {
        inverter_peak_a: inverter.peak_current_a(),
        map_end_a: [flux.i_d_min_a() / k, flux.i_q_max_a() / k],
        mtpa: mtpa(machine),
        mtpv: mtpv(machine),
        envelope: Vec::new(),
        torque: torque.collect::<Result<_, DriveError>>()?,
        voltage: voltage.collect::<Result<_, DriveError>>()?,
    })
}

/// A unit point in the machine's amperes.
fn amperes(machine: &Machine<'_>, point: &UnitPoint) -> [f64; 2] {
    [point.i_d_a / machine.ratio(), point.i_q_a / machine.ratio()]
}

/// Torques from zero to the reach of the loci, N·m per metre.
fn reach(machine: &Machine<'_>) -> impl Iterator<Item = f64> {
    let most = machine.tables.loci.torque_reach_nm_per_m();
    (0..=POINTS).map(move |i| most * f64::from(i) / f64::from(POINTS))
}

fn mtpa(machine: &Machine<'_>) -> Currents {
    let tables = machine.tables;
    let mut guess = 0.0;
    reach(machine)
        .filter_map(|torque| {
            let i_d = tables.loci.mtpa_i_d_a(torque);
            let point = tables.flux.on_torque(torque, i_d, guess)?;
            guess = point.i_q_a;
            Some(amperes(machine, &point))
        })
        .collect()
}

/// MTPV where it lies inside the map; at its edge it is not known.
fn mtpv(machine: &Machine<'_>) -> Currents {
    let tables = machine.tables;
    let edge = tables.flux.i_d_min_a() * (1.0 - 1e-3);
    let mut guess = 0.0;
    reach(machine)
        .filter_map(|torque| {
            let i_d = tables.loci.mtpv_i_d_a(torque);
            let point = tables.flux.on_torque(torque, i_d, guess)?;
            guess = point.i_q_a;
            (i_d > edge).then(|| amperes(machine, &point))
        })
        .collect()
}

fn torque_line(machine: &Machine<'_>, torque_nm: f64) -> Result<TorqueLine, DriveError> {
    let per_m = positive("torque of a line in N·m", torque_nm)? / machine.stack_m;
    let flux = &machine.tables.flux;
    let i_d = (0..=POINTS).map(|i| flux.i_d_min_a() * (1.0 - f64::from(i) / f64::from(POINTS)));
    let points = i_d.filter_map(|i_d| flux.on_torque(per_m, i_d, 0.5 * flux.i_q_max_a()));
    Ok(TorqueLine {
        torque_nm,
        points: points.map(|point| amperes(machine, &point)).collect(),
    })
}

/// The rim of the currents that a voltage limit allows: along rays from the least flux linkage, in
/// lines that break where a ray leaves the map first.
fn rim(search: &Search<'_>) -> Vec<Currents> {
    let machine = search.machine;
    let middle = machine.tables.loci.mtpv_i_d_a(0.0);
    let mut lines = vec![Currents::new()];
    for ray in 0..=RAYS {
        let angle = PI * f64::from(ray) / f64::from(RAYS);
        match on_ray(search, middle, angle) {
            Some(point) => {
                if let Some(line) = lines.last_mut() {
                    line.push(amperes(machine, &point));
                }
            }
            None => lines.push(Currents::new()),
        }
    }
    lines.retain(|line| line.len() > 1);
    lines
}

/// Where a ray reaches the voltage limit inside the map.
fn on_ray(search: &Search<'_>, middle_i_d_a: f64, angle: f64) -> Option<UnitPoint> {
    let flux = &search.machine.tables.flux;
    let (sin, cos) = angle.sin_cos();
    let at = |r: f64| flux.at(middle_i_d_a + r * cos, (r * sin).max(0.0));
    let to_side = if cos > 0.0 {
        -middle_i_d_a / cos
    } else {
        (flux.i_d_min_a() - middle_i_d_a) / cos.min(-1e-12)
    };
    let longest = to_side.min(flux.i_q_max_a() / sin.max(1e-12));
    let tolerance = Tolerance {
        x: 1e-9 * longest,
        f: 1e-9,
        calls: 60,
    };
    let excess = |r: f64| search.excess(&at(r));
    (longest > 0.0 && excess(0.0) < 0.0 && excess(longest) > 0.0)
        .then(|| bracketed(excess, 0.0, longest, tolerance).map(at))
        .flatten()
}
