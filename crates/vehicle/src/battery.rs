//! The battery under load: open-circuit voltage behind a resistance.

use codrive_model::vehicle::Battery;

/// Charge at which figures of a single cycle hold: the middle of a discharge.
pub(crate) const MID_CHARGE: f64 = 0.5;

/// Open-circuit voltage at a state of charge, V; linear between equal steps.
pub(crate) fn open_circuit_v(battery: &Battery, charge: f64) -> f64 {
    let table = &battery.open_circuit_voltage_v;
    let last = table.len() - 1;
    #[allow(clippy::cast_precision_loss)]
    let position = charge.clamp(0.0, 1.0) * last as f64;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let index = (position as usize).min(last - 1);
    #[allow(clippy::cast_precision_loss)]
    let fraction = position - index as f64;
    table[index] * (1.0 - fraction) + table[index + 1] * fraction
}

/// The line of the open-circuit voltage on which a charge lies: from and to which charge, voltage at
/// its beginning, V, and slope, V. Beyond empty and full the voltage stays.
pub(crate) fn segment(battery: &Battery, charge: f64) -> [f64; 4] {
    let table = &battery.open_circuit_voltage_v;
    let last = table.len() - 1;
    if charge < 0.0 {
        return [-f64::MAX, 0.0, table[0], 0.0];
    }
    if charge > 1.0 {
        return [1.0, f64::MAX, table[last], 0.0];
    }
    #[allow(clippy::cast_precision_loss)]
    let lines = last as f64;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let index = ((charge * lines) as usize).min(last - 1);
    #[allow(clippy::cast_precision_loss)]
    let from = index as f64 / lines;
    let slope = (table[index + 1] - table[index]) * lines;
    // A little wide, so that rounding at a knot does not look for the line again and again.
    [from, from + (1.0 + 1e-12) / lines, table[index], slope]
}

/// Voltage at the terminals in the middle of a discharge while the battery gives a power, V; `None`
/// where it cannot. Drive maps hold at one DC voltage: this one, at the peak power, is the voltage
/// for performance.
#[must_use]
pub fn voltage_under_load_v(battery: &Battery, terminal_w: f64) -> Option<f64> {
    let voltage_v = open_circuit_v(battery, MID_CHARGE);
    let cells_w = cell_power_w(voltage_v, battery.resistance_ohm, terminal_w)?;
    Some(voltage_v - battery.resistance_ohm * cells_w / voltage_v)
}

/// Power drawn from the cells (positive when discharging) for a power at the terminals, W.
///
/// P = U·I − R·I² gives I = (U − √(U² − 4·R·P)) / 2R; the cells give U·I. `None` where the battery
/// cannot deliver the power.
#[inline]
pub(crate) fn cell_power_w(
    open_circuit_v: f64,
    resistance_ohm: f64,
    terminal_w: f64,
) -> Option<f64> {
    let root = open_circuit_v * open_circuit_v - 4.0 * resistance_ohm * terminal_w;
    if root < 0.0 {
        return None;
    }
    // The same root without cancellation, good for R = 0 as well.
    Some(open_circuit_v * 2.0 * terminal_w / (open_circuit_v + root.sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_power_is_cell_power_less_the_resistance_loss() {
        for terminal_w in [-50e3, -1.0, 0.0, 1.0, 100e3] {
            let cells_w = cell_power_w(360.0, 0.1, terminal_w).unwrap();
            let current_a = cells_w / 360.0;
            assert!((cells_w - 0.1 * current_a * current_a - terminal_w).abs() < 1e-9);
        }
        let battery = Battery {
            usable_energy_j: 1e8,
            nominal_voltage_v: 360.0,
            open_circuit_voltage_v: vec![330.0, 360.0, 390.0],
            resistance_ohm: 0.1,
            discharge_power_w: 1e5,
            charge_power_w: 1e5,
        };
        let loaded_v = voltage_under_load_v(&battery, 100e3).unwrap();
        let current_a = (360.0 - loaded_v) / 0.1;
        assert!((loaded_v * current_a - 100e3).abs() < 1e-6, "{loaded_v}");
        assert!(cell_power_w(360.0, 0.1, 400e3).is_none());
        assert_eq!(cell_power_w(360.0, 0.0, 1e3), Some(1e3));
    }
}
