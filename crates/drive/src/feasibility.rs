//! What decides whether a unit can serve at all, without its map: envelope, continuous torque, mass.
//!
//! The figures are those of [`crate::motor_map()`] at the same speeds; losses at braking loads are
//! not computed, nor are losses at any voltage but the first.

use codrive_model::inverter::Inverter;
use codrive_model::unit::UnitMass;

use crate::axes::Grid;
use crate::conditions::Conditions;
use crate::error::DriveError;
use crate::held::held;
use crate::machine::Machine;
use crate::mass::machine_mass;
use crate::motor_map::{Bench, Row, row};

/// Envelope of the motor shaft at one DC voltage.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// DC voltage, V.
    pub dc_voltage_v: f64,
    /// Motor speeds, rad/s, as those of the map.
    pub speed_rad_per_s: Vec<f64>,
    /// Largest motoring torque, N·m.
    pub torque_max_nm: Vec<f64>,
    /// Largest recuperating torque, N·m, negative.
    pub torque_min_nm: Vec<f64>,
}

/// Whether a machine with an inverter can serve at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Feasibility {
    /// At the first DC voltage.
    pub envelope: Envelope,
    /// Motoring torque held for ever at the speeds of that envelope, N·m.
    pub continuous_nm: Vec<f64>,
    /// Envelopes at the other DC voltages.
    pub others: Vec<Envelope>,
    /// Masses of machine and inverter; no gear.
    pub mass: UnitMass,
}

impl Feasibility {
    /// Largest continuous power of the shaft, W.
    #[must_use]
    pub fn continuous_power_w(&self) -> f64 {
        let speeds = self.envelope.speed_rad_per_s.iter();
        let powers = speeds.zip(&self.continuous_nm).map(|(w, t)| w * t);
        powers.fold(0.0, f64::max)
    }
}

/// Envelope and continuous torque at `dc_voltage_v`, envelopes at `others_v`, and mass.
///
/// # Errors
/// As [`crate::motor_map()`].
pub fn feasibility(
    machine: &Machine<'_>,
    inverter: &Inverter,
    (dc_voltage_v, others_v): (f64, &[f64]),
    conditions: &Conditions,
) -> Result<Feasibility, DriveError> {
    let grid = Grid::default();
    let loaded = |dc_voltage_v, loads| {
        let bench = Bench::new(machine, inverter, dc_voltage_v, conditions)?;
        let (base, top, _) = bench.speed_range()?;
        let speeds = grid.speeds(base, top).into_iter();
        let rows: Result<Vec<Row<'_>>, _> = speeds.map(|w| row(&bench, w, loads)).collect();
        Ok::<_, DriveError>((bench, rows?))
    };
    let (bench, rows) = loaded(dc_voltage_v, grid.motoring())?;
    let others = others_v.iter().map(|v| {
        let (_, rows) = loaded(*v, &[])?;
        Ok(envelope(*v, &rows))
    });
    let mut mass = machine_mass(machine);
    mass.inverter_kg = inverter.mass_kg;
    Ok(Feasibility {
        envelope: envelope(dc_voltage_v, &rows),
        continuous_nm: held(&bench, &rows)?.continuous_nm,
        others: others.collect::<Result<_, DriveError>>()?,
        mass,
    })
}

fn envelope(dc_voltage_v: f64, rows: &[Row<'_>]) -> Envelope {
    Envelope {
        dc_voltage_v,
        speed_rad_per_s: rows.iter().map(|row| row.state.speed_rad_per_s).collect(),
        torque_max_nm: rows.iter().map(|row| row.envelope_nm[1]).collect(),
        torque_min_nm: rows.iter().map(|row| row.envelope_nm[0]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{fs800, machine, map_at, tables};

    /// What is left out is work, not accuracy.
    #[test]
    fn feasibility_has_the_figures_of_the_map() {
        let tables = tables();
        let machine = machine(&tables);
        let conditions = Conditions::default();
        let found = feasibility(&machine, &fs800(), (360.0, &[300.0]), &conditions).unwrap();
        let others = [300.0].map(map_at);
        let map = map_at(360.0);
        assert_eq!(found.envelope.torque_max_nm, map.map.torque_max_nm);
        assert_eq!(found.envelope.torque_min_nm, map.map.torque_min_nm);
        assert_eq!(found.others[0].torque_max_nm, others[0].map.torque_max_nm);
        assert_eq!(found.mass, map.mass);
        for (ours, of_map) in found
            .continuous_nm
            .iter()
            .zip(&map.map.torque_continuous_nm)
        {
            assert!((ours - of_map).abs() <= 1e-6 * of_map, "{ours} {of_map}");
        }
        let power = map.map.continuous_power_w();
        assert!((found.continuous_power_w() / power - 1.0).abs() < 1e-6);
    }

    #[test]
    fn what_cannot_run_is_said() {
        let tables = tables();
        let machine = machine(&tables);
        let conditions = Conditions::default();
        let error = |at: f64, others: &[f64]| {
            feasibility(&machine, &fs800(), (at, others), &conditions).unwrap_err()
        };
        assert!(matches!(error(500.0, &[]), DriveError::Overvoltage { .. }));
        assert!(matches!(
            error(360.0, &[500.0]),
            DriveError::Overvoltage { .. }
        ));
        assert!(matches!(error(6.0, &[]), DriveError::NoTorque { .. }));
    }
}
