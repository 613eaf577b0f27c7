//! What braking may recuperate.

use codrive_model::vehicle::Regeneration;

/// Share of the recuperation that is left at a speed while it fades out, 0 to 1.
pub(crate) fn fade(rules: &Regeneration, speed_m_s: f64) -> f64 {
    let width = rules.full_above_m_s - rules.none_below_m_s;
    ((speed_m_s - rules.none_below_m_s) / width).clamp(0.0, 1.0)
}

/// Braking force that the drive units may take together, N, negative; driving force is unchanged.
pub(crate) fn limited_n(rules: &Regeneration, mass_kg: f64, force_n: f64) -> f64 {
    force_n.max(-rules.largest_deceleration_m_s2 * mass_kg)
}
