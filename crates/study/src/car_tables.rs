//! A car's results as CSV: one line a step, the unit of each column in its name.

use std::fmt::Write as _;

use codrive_model::driven_car::CarTrace;

/// A cycle step by step.
pub(crate) fn trace(trace: &CarTrace) -> String {
    let mut text = String::from(
        "time_s,speed_m_s,axles_w,terminal_w,unit_loss_w,friction_w,missing_n,state_of_charge",
    );
    for unit in &trace.temperatures {
        for part in ["winding", "stator", "rotor", "oil"] {
            let _ = write!(text, ",{}_{part}_k", unit.axle);
        }
    }
    text.push('\n');
    for (i, time_s) in trace.time_s.iter().enumerate() {
        let _ = write!(
            text,
            "{time_s},{:.4},{:.2},{:.2},{:.2},{:.2},{:.1},{:.6}",
            trace.speed_m_s[i],
            trace.axles_w[i],
            trace.terminal_w[i],
            trace.unit_loss_w[i],
            trace.friction_w[i],
            trace.missing_n[i],
            trace.charge[i],
        );
        for unit in &trace.temperatures {
            for part in [&unit.winding_k, &unit.stator_k, &unit.rotor_k, &unit.oil_k] {
                let _ = write!(text, ",{:.3}", part[i]);
            }
        }
        text.push('\n');
    }
    text
}
