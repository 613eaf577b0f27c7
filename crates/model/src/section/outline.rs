//! Corners of a free outline.

use serde::Deserialize;

use crate::units::HINT_MARK;

/// Coordinates are refused beyond this, m: no section is that large.
const FARTHEST_M: f64 = 10.0;

/// A corner of a free outline, written `[x, y]` or `[x, y, r]` in mm.
///
/// With a radius, the corner is reached from the one before by the shorter arc of that radius,
/// counter-clockwise if positive; without, by a straight side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corner {
    /// Position, m.
    pub at_m: [f64; 2],
    /// Signed radius of the arc that ends here, m; `None` for a straight side.
    pub radius_m: Option<f64>,
}

impl<'de> Deserialize<'de> for Corner {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Vec::<f64>::deserialize(deserializer)?;
        let near = written.iter().all(|v| v.abs() <= 1e3 * FARTHEST_M);
        let (at_m, radius_m) = match written[..] {
            [x, y] if near => ([1e-3 * x, 1e-3 * y], None),
            [x, y, r] if near => ([1e-3 * x, 1e-3 * y], (r != 0.0).then_some(1e-3 * r)),
            _ => {
                return Err(serde::de::Error::custom(format!(
                    "{written:?} is not a corner [x, y] or [x, y, radius]\
                     {HINT_MARK}numbers in mm, for example [72.9, -13.3]"
                )));
            }
        };
        Ok(Self { at_m, radius_m })
    }
}
