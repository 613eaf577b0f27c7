//! Stress in the spinning rotor lamination: plane stress, linear elastic, on the triangles of the
//! magnetic field with second-order elements.
//!
//! Stress goes with the square of speed, so the rotor is solved once at 1 rad/s ([`spin`]); stresses
//! are Pa/(rad/s)², written Pa·s². Everything is per metre of steel: the stacking factor scales the
//! stiffness and the density of the lamination alike and drops out, while magnets, which fill the
//! whole length, pull 1/(stacking factor) times as hard.
//!
//! - The sides of the pole are coupled cyclically: the displacement of one side is that of the other,
//!   turned by the pole pitch. This holds for any pole, also one that is not its own mirror image.
//! - The shaft holds nothing ([`Shaft::Free`]): the lamination carries itself. A shrink fit, its
//!   pressure at standstill and what the shaft carries are out of scope; [`Shaft::Rigid`] is the
//!   other extreme, a bore glued to a rigid shaft.
//! - Magnets lean on the outer wall of their pocket and hold nothing ([`Magnets`]): their whole force
//!   goes outwards, whatever glue may add.
//! - Corners are drawn sharp. There the exact stress is unbounded, so that a nodal maximum says how
//!   fine the mesh is and nothing else; what counts is the area-weighted percentile [`COUNTED`].
//!
//! The theory is in `docs/theory/rotor-strength.md`.

mod body;
mod element;
mod factor;
mod load;
mod rotor;
mod stress;
#[cfg(test)]
mod tests;

pub use body::{Body, Elastic, Magnets, Shaft};
pub use rotor::{
    OVERSPEED, RotorStrength, SAFETY, of_rotor, of_section, speed_limit_rad_per_s,
    stress_at_speed_pa,
};
pub use stress::{Stress, von_mises};

/// Share of the lamination's area whose von Mises stress may not exceed the counted one: 99.9 %.
pub const COUNTED: f64 = 0.999;

use crate::error::FieldError;

/// The stress at 1 rad/s.
///
/// # Errors
/// [`FieldError::Strength`] where lamination hangs on nothing, or the equations cannot be solved.
pub fn spin(body: &Body<'_>) -> Result<Stress, FieldError> {
    let system = body::System::new(body)?;
    let displacement = system.solve(&load::forces(&system))?;
    Ok(stress::of_displacement(&system, &displacement))
}
