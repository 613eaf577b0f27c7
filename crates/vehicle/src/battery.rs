//! The battery under load: open-circuit voltage behind a resistance, both over the charge.

use codrive_model::vehicle::Battery;

/// Charge at which figures of a single cycle hold: the middle of a discharge.
pub(crate) const MID_CHARGE: f64 = 0.5;

/// The battery at one charge: a source of voltage behind a resistance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct AtCharge {
    /// V.
    pub(crate) open_circuit_v: f64,
    /// Ω.
    pub(crate) resistance_ohm: f64,
}

impl AtCharge {
    /// At a state of charge; linear between equal steps of it, and beyond empty and full as there.
    pub(crate) fn new(battery: &Battery, charge: f64) -> Self {
        Self {
            open_circuit_v: at(&battery.open_circuit_voltage_v, charge),
            resistance_ohm: at(&battery.resistance_ohm, charge),
        }
    }

    /// The voltage of half the charge behind the largest resistance of all charges.
    pub(crate) fn most_lossy(battery: &Battery) -> Self {
        let resistances = battery.resistance_ohm.iter().copied();
        Self {
            resistance_ohm: resistances.fold(0.0, f64::max),
            ..Self::new(battery, MID_CHARGE)
        }
    }

    /// Power drawn from the cells (positive when discharging) for a power at the terminals, W.
    ///
    /// P = U·I − R·I² gives I = (U − √(U² − 4·R·P)) / 2R; the cells give U·I. `None` where the battery
    /// cannot deliver the power.
    #[inline]
    pub(crate) fn cell_power_w(self, terminal_w: f64) -> Option<f64> {
        let voltage_v = self.open_circuit_v;
        let root = voltage_v * voltage_v - 4.0 * self.resistance_ohm * terminal_w;
        if root < 0.0 {
            return None;
        }
        // The same root without cancellation, good for R = 0 as well.
        Some(voltage_v * 2.0 * terminal_w / (voltage_v + root.sqrt()))
    }

    /// Voltage at the terminals, V, for a power there, W.
    pub(crate) fn terminal_v(self, terminal_w: f64) -> Option<f64> {
        let current_a = self.cell_power_w(terminal_w)? / self.open_circuit_v;
        Some(self.open_circuit_v - self.resistance_ohm * current_a)
    }
}

/// A value over the charge at a charge: a single one holds at every charge.
fn at(table: &[f64], charge: f64) -> f64 {
    if let [one] = table {
        return *one;
    }
    let (index, fraction) = line(table.len(), charge.clamp(0.0, 1.0));
    table[index] * (1.0 - fraction) + table[index + 1] * fraction
}

/// On which line between so many equal steps a charge from 0 to 1 lies, and where on it.
fn line(knots: usize, charge: f64) -> (usize, f64) {
    let last = knots - 1;
    #[allow(clippy::cast_precision_loss)]
    let position = charge * last as f64;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let index = (position as usize).min(last - 1);
    #[allow(clippy::cast_precision_loss)]
    let fraction = position - index as f64;
    (index, fraction)
}

/// The lines of open-circuit voltage and resistance on which a charge lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment {
    /// From and to which charge.
    pub(crate) from: f64,
    pub(crate) to: f64,
    /// Voltage at `from`, V, and its slope.
    pub(crate) voltage: [f64; 2],
    /// Resistance at `from`, Ω, and its slope.
    pub(crate) resistance: [f64; 2],
}

impl Segment {
    /// Beyond empty and full both stay.
    pub(crate) fn new(battery: &Battery, charge: f64) -> Self {
        let level = |from, to, at: AtCharge| Self {
            from,
            to,
            voltage: [at.open_circuit_v, 0.0],
            resistance: [at.resistance_ohm, 0.0],
        };
        if charge < 0.0 {
            return level(-f64::MAX, 0.0, AtCharge::new(battery, 0.0));
        }
        if charge > 1.0 {
            return level(1.0, f64::MAX, AtCharge::new(battery, 1.0));
        }
        let knots = battery.open_circuit_voltage_v.len();
        let (index, _) = line(knots, charge);
        #[allow(clippy::cast_precision_loss)]
        let (lines, from) = ((knots - 1) as f64, index as f64 / (knots - 1) as f64);
        let along = |table: &[f64]| match table {
            [one] => [*one, 0.0],
            _ => [table[index], (table[index + 1] - table[index]) * lines],
        };
        Self {
            from,
            // A little wide, so that rounding at a knot does not look for the line again and again.
            to: from + (1.0 + 1e-12) / lines,
            voltage: along(&battery.open_circuit_voltage_v),
            resistance: along(&battery.resistance_ohm),
        }
    }
}

/// Voltage at the terminals in the middle of a discharge while the battery gives a power, V; `None`
/// where it cannot. Drive maps hold at one DC voltage: this one, at the peak power, is the voltage
/// for performance.
#[must_use]
pub fn voltage_under_load_v(battery: &Battery, terminal_w: f64) -> Option<f64> {
    AtCharge::new(battery, MID_CHARGE).terminal_v(terminal_w)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn battery() -> Battery {
        Battery {
            usable_energy_j: 1e8,
            nominal_voltage_v: 360.0,
            open_circuit_voltage_v: vec![330.0, 360.0, 390.0],
            resistance_ohm: vec![0.1],
            discharge_power_w: 1e5,
            charge_power_w: 1e5,
        }
    }

    #[test]
    fn terminal_power_is_cell_power_less_the_resistance_loss() {
        let half = AtCharge::new(&battery(), MID_CHARGE);
        for terminal_w in [-50e3, -1.0, 0.0, 1.0, 100e3] {
            let cells_w = half.cell_power_w(terminal_w).unwrap();
            let current_a = cells_w / 360.0;
            assert!((cells_w - 0.1 * current_a * current_a - terminal_w).abs() < 1e-9);
        }
        let loaded_v = voltage_under_load_v(&battery(), 100e3).unwrap();
        let current_a = (360.0 - loaded_v) / 0.1;
        assert!((loaded_v * current_a - 100e3).abs() < 1e-6, "{loaded_v}");
        assert!(half.cell_power_w(400e3).is_none());
        let ideal = AtCharge {
            resistance_ohm: 0.0,
            ..half
        };
        assert_eq!(ideal.cell_power_w(1e3), Some(1e3));
    }

    #[test]
    fn voltage_and_resistance_are_linear_between_their_charges() {
        let mut battery = battery();
        battery.resistance_ohm = vec![0.2, 0.08, 0.1];
        let known = [
            (-0.1, 330.0, 0.2),
            (0.0, 330.0, 0.2),
            (0.25, 345.0, 0.14),
            (0.5, 360.0, 0.08),
            (0.9, 384.0, 0.096),
            (1.0, 390.0, 0.1),
            (1.1, 390.0, 0.1),
        ];
        for (charge, voltage, resistance) in known {
            let at = AtCharge::new(&battery, charge);
            assert!((at.open_circuit_v - voltage).abs() < 1e-12);
            assert!((at.resistance_ohm - resistance).abs() < 1e-15);
            let on = Segment::new(&battery, charge);
            assert!((on.from..=on.to).contains(&charge), "{on:?}");
            // Beyond the ends the slope is nothing, whatever the distance.
            let along = |[start, slope]: [f64; 2]| match slope {
                0.0 => start,
                _ => start + slope * (charge - on.from),
            };
            assert!((along(on.voltage) - voltage).abs() < 1e-12);
            assert!((along(on.resistance) - resistance).abs() < 1e-15);
        }
        assert_eq!(AtCharge::most_lossy(&battery).resistance_ohm, 0.2);
        assert_eq!(AtCharge::most_lossy(&battery).open_circuit_v, 360.0);
    }
}
