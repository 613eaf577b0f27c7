//! What a unit gives on an axle at one DC voltage, and at the voltage of each car that it drives.

use codrive_model::summary::{AxleEnvelope, ChosenUnit};

use crate::chart::Chart;
use crate::context::Context;
use crate::envelopes::in_rpm;
use crate::number::{self, THIN};
use crate::svg::Svg;

/// Peak and continuous torque of a unit over axle speed, at one DC voltage under load.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnitEnvelope<'a> {
    dc_voltage_v: f64,
    /// Axle speed, rad/s.
    pub(crate) speed_rad_per_s: &'a [f64],
    /// Peak axle torque, N·m.
    pub(crate) peak_nm: &'a [f64],
    continuous_nm: &'a [f64],
}

impl<'a> UnitEnvelope<'a> {
    /// The unit of an axle at the voltage of that axle's car.
    pub(crate) fn at_car(axle: &'a AxleEnvelope) -> Self {
        Self {
            dc_voltage_v: axle.dc_voltage_v,
            speed_rad_per_s: &axle.unit_speed_rad_per_s,
            peak_nm: &axle.unit_torque_nm,
            continuous_nm: &axle.unit_continuous_nm,
        }
    }

    /// A unit at the voltage of its maps.
    pub(crate) fn of_map(unit: &'a ChosenUnit) -> Self {
        let map = &unit.unit.axle;
        Self {
            dc_voltage_v: map.dc_voltage_v,
            speed_rad_per_s: &map.speed_rad_per_s,
            peak_nm: &map.torque_max_nm,
            continuous_nm: &map.torque_continuous_nm,
        }
    }

    /// Torque from standstill, N·m; NaN without an envelope.
    pub(crate) fn standstill_nm(&self) -> f64 {
        self.peak_nm.first().copied().unwrap_or(f64::NAN)
    }

    /// Largest power of the peak envelope, W; NaN without an envelope.
    pub(crate) fn peak_power_w(&self) -> f64 {
        self.speed_rad_per_s
            .iter()
            .zip(self.peak_nm)
            .map(|(speed, torque)| speed * torque)
            .fold(f64::NAN, f64::max)
    }

    /// Draws peak and continuous torque.
    pub(crate) fn draw(&self, svg: &mut Svg, chart: &Chart, name: &str) {
        let speed = in_rpm(self.speed_rad_per_s);
        let title = format!("{name} at {}", volts(self));
        let curves = [
            (self.peak_nm, r#"class="peak""#),
            (self.continuous_nm, r#"class="cont""#),
        ];
        for (torque, class) in curves {
            svg.titled_path(&chart.line(&speed, torque), class, &title);
        }
    }
}

/// A unit's envelopes at the voltages of the cars that it drives, each voltage once, upwards.
pub(crate) fn at_each_voltage<'a>(context: &Context<'a>, unit: usize) -> Vec<UnitEnvelope<'a>> {
    let mut found: Vec<UnitEnvelope<'a>> =
        context.axles_of(unit).map(UnitEnvelope::at_car).collect();
    if found.is_empty() {
        found.extend(context.data.units.get(unit).map(UnitEnvelope::of_map));
    }
    found.sort_by(|a, b| a.dc_voltage_v.total_cmp(&b.dc_voltage_v));
    found.dedup_by(|a, b| a.dc_voltage_v == b.dc_voltage_v);
    found
}

/// The DC voltage of an envelope.
pub(crate) fn volts(envelope: &UnitEnvelope<'_>) -> String {
    number::with_unit(envelope.dc_voltage_v, 0, "V")
}

/// Peak power and voltage of some envelopes, from the least to the most: `240–252 kW at 680–720 V DC`.
pub(crate) fn facts(envelopes: &[UnitEnvelope<'_>]) -> String {
    let power = envelopes.iter().map(|e| e.peak_power_w() / 1e3);
    let voltage = envelopes.iter().map(|e| e.dc_voltage_v);
    format!(
        "{}{THIN}kW at {}{THIN}V DC",
        range(power, 0),
        range(voltage, 0)
    )
}

/// Least and greatest value, once where both read alike.
fn range(values: impl Iterator<Item = f64> + Clone, decimals: usize) -> String {
    let low = number::fixed(values.clone().fold(f64::NAN, f64::min), decimals);
    let high = number::fixed(values.fold(f64::NAN, f64::max), decimals);
    if low == high {
        return low;
    }
    format!("{low}–{high}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEED: [f64; 3] = [0.0, 50.0, 100.0];

    fn envelope(dc_voltage_v: f64, peak_nm: &[f64]) -> UnitEnvelope<'_> {
        UnitEnvelope {
            dc_voltage_v,
            speed_rad_per_s: &SPEED,
            peak_nm,
            continuous_nm: &[],
        }
    }

    #[test]
    fn facts_give_the_range_of_power_and_voltage() {
        let low = envelope(640.0, &[3000.0, 3000.0, 1800.0]);
        let high = envelope(720.0, &[3000.0, 3000.0, 2000.0]);
        assert_eq!(
            facts(&[low, high]),
            "180–200\u{202f}kW at 640–720\u{202f}V DC"
        );
        assert_eq!(facts(&[low]), "180\u{202f}kW at 640\u{202f}V DC");
    }

    #[test]
    fn power_and_torque_of_nothing_are_unknown() {
        let none = envelope(640.0, &[]);
        assert!(none.peak_power_w().is_nan() && none.standstill_nm().is_nan());
        assert_eq!(envelope(1.0, &[7.0]).standstill_nm(), 7.0);
    }
}
