//! The axes of a drive map: dense where the map bends.

use crate::error::DriveError;

/// Loads and number of speeds of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Torque over the envelope of the same sign, ascending from −1 to 1 with 0 among them.
    loads: Vec<f64>,
    /// Cells below and above base speed.
    below: u32,
    above: u32,
}

impl Default for Grid {
    /// 26 speeds and 25 loads, dense near zero load.
    fn default() -> Self {
        Self {
            loads: LOADS.to_vec(),
            below: BELOW,
            above: ABOVE,
        }
    }
}

impl Grid {
    /// A grid of evenly spaced loads, with as many speeds as asked for.
    ///
    /// # Errors
    /// Fewer than 5 or more than 1001 of either, or an even number of loads: zero is to be among them.
    pub fn even(speeds: u32, loads: u32) -> Result<Self, DriveError> {
        for (what, value) in [("speeds of a map", speeds), ("loads of a map", loads)] {
            if !(5..=1001).contains(&value) {
                let allowed = "from 5 to 1001";
                let value = f64::from(value);
                return Err(DriveError::OutOfRange {
                    what,
                    value,
                    allowed,
                });
            }
        }
        if loads.is_multiple_of(2) {
            return Err(DriveError::OutOfRange {
                what: "loads of a map",
                value: f64::from(loads),
                allowed: "odd, so that zero is among them",
            });
        }
        let half = f64::from(loads / 2);
        let below = ((speeds - 1) * BELOW / (BELOW + ABOVE)).max(1);
        Ok(Self {
            loads: (0..loads).map(|j| (f64::from(j) - half) / half).collect(),
            below,
            above: speeds - 1 - below,
        })
    }

    /// The loads.
    #[must_use]
    pub fn loads(&self) -> &[f64] {
        &self.loads
    }

    /// The loads from zero on.
    pub(crate) fn motoring(&self) -> &[f64] {
        &self.loads[self.loads.partition_point(|load| *load < 0.0)..]
    }

    /// Speeds from 0 to `top`, gathered on both sides of `base`, rad/s.
    pub(crate) fn speeds(&self, base: f64, top: f64) -> Vec<f64> {
        let share = |i: u32, n: u32| f64::from(i) / f64::from(n);
        if base >= top * 0.98 {
            let n = self.below + self.above;
            return (0..=n).map(|i| top * share(i, n)).collect();
        }
        let slow = |i| base * (1.0 - (1.0 - share(i, self.below)).powf(GATHERING));
        let fast = |i| base + (top - base) * share(i, self.above).powf(GATHERING);
        let below = (0..=self.below).map(slow);
        below
            .chain((1..self.above).map(fast))
            .chain([top])
            .collect()
    }
}

const LOADS: [f64; 25] = [
    -1.0, -0.9, -0.78, -0.66, -0.54, -0.43, -0.33, -0.24, -0.16, -0.1, -0.05, -0.02, 0.0, 0.02,
    0.05, 0.1, 0.16, 0.24, 0.33, 0.43, 0.54, 0.66, 0.78, 0.9, 1.0,
];

/// Cells below and above base speed.
const BELOW: u32 = 9;
const ABOVE: u32 = 16;
/// How much denser the knots lie beside base speed than far from it.
const GATHERING: f64 = 1.6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_ascend_from_zero_to_the_top_with_the_base_among_them() {
        for (base, top) in [(400.0, 1200.0), (1190.0, 1200.0), (5000.0, 1200.0)] {
            let axis = Grid::default().speeds(base, top);
            assert_eq!((axis[0], axis[axis.len() - 1]), (0.0, top));
            assert!(axis.windows(2).all(|w| w[1] > w[0]));
            assert_eq!(axis.len(), 26);
        }
        assert!(Grid::default().speeds(400.0, 1200.0).contains(&400.0));
    }

    #[test]
    fn loads_are_symmetric_about_zero() {
        assert!(
            LOADS
                .iter()
                .zip(LOADS.iter().rev())
                .all(|(a, b)| a + b == 0.0)
        );
    }

    #[test]
    fn even_grids_have_the_ends_and_zero() {
        let grid = Grid::even(41, 41).unwrap();
        assert_eq!((grid.loads.len(), grid.motoring().len()), (41, 21));
        assert_eq!(
            (grid.loads[0], grid.loads[20], grid.loads[40]),
            (-1.0, 0.0, 1.0)
        );
        assert_eq!(grid.speeds(400.0, 1200.0).len(), 41);
        for (speeds, loads) in [(41, 40), (4, 41), (41, 3), (41, 2001)] {
            assert!(Grid::even(speeds, loads).is_err());
        }
    }
}
