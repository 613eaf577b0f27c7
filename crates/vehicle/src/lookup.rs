//! Fast reading of an operating map at ascending speeds.
//!
//! The same bilinear interpolation as [`OperatingMap::loss_at_w`], with the cell of the speed found
//! by walking on from the last one and the cell of the load through a table of bins.

use codrive_model::operating_map::OperatingMap;

/// Bins over the load from −1 to 1.
const BINS: usize = 128;

/// A map with its table of bins.
#[derive(Clone, Debug)]
pub(crate) struct Lookup<'a> {
    pub(crate) map: &'a OperatingMap,
    loss_w: &'a [f64],
    first_cell: [u16; BINS + 1],
    /// One over the widths of the load cells.
    per_width: Vec<f64>,
    last_cell: usize,
    /// Number of load cells if all are of the same width, else zero.
    even_cells: f64,
    /// The last of them; 32 bits, as the processor converts those faster.
    last_even_cell: i32,
    largest_torque_nm: f64,
    largest_power_w: f64,
}

/// A map at one speed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AtSpeed {
    index: usize,
    fraction: f64,
    /// Highest motoring torque, N·m.
    pub(crate) torque_max_nm: f64,
    /// Highest recuperating torque, N·m, negative.
    pub(crate) torque_min_nm: f64,
}

impl AtSpeed {
    /// Position in the cell of the speed, 0 to 1.
    pub(crate) fn fraction(&self) -> f64 {
        self.fraction
    }

    /// Index of the speed at the cell's beginning.
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// Share of the envelope that a torque takes, −1 to 1.
    #[inline(always)]
    pub(crate) fn load(&self, torque_nm: f64) -> f64 {
        let limit = if torque_nm < 0.0 {
            -self.torque_min_nm
        } else {
            self.torque_max_nm
        };
        if torque_nm == 0.0 {
            0.0
        } else {
            (torque_nm / limit).clamp(-1.0, 1.0)
        }
    }

    /// A table over the speeds of the map.
    pub(crate) fn along(&self, table: &[f64]) -> f64 {
        table[self.index] + (table[self.index + 1] - table[self.index]) * self.fraction
    }

    /// Envelope of the torques of a sign, N·m.
    pub(crate) fn envelope_nm(&self, sign: f64) -> f64 {
        if sign > 0.0 {
            self.torque_max_nm
        } else {
            self.torque_min_nm
        }
    }
}

/// Where a walk over reads at ascending speeds stands: a cell of the speed axis.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor {
    pub(crate) index: usize,
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) per_width: f64,
    /// Envelope at `from` and its change over the cell.
    pub(crate) torque_max: (f64, f64),
    pub(crate) torque_min: (f64, f64),
}

/// For each bin of the load, the cell that holds its lower end.
fn first_cells(load: &[f64]) -> [u16; BINS + 1] {
    let mut first = [0_u16; BINS + 1];
    let last = load.len() - 2;
    let mut cell = 0;
    for (bin, slot) in first.iter_mut().enumerate() {
        #[allow(clippy::cast_precision_loss)]
        let lower = 2.0 * bin as f64 / BINS as f64 - 1.0;
        while cell < last && load[cell + 1] <= lower {
            cell += 1;
        }
        *slot = u16::try_from(cell).unwrap_or(u16::MAX);
    }
    first
}

impl<'a> Lookup<'a> {
    pub(crate) fn new(map: &'a OperatingMap) -> Self {
        let last = map.load.len() - 2;
        #[allow(clippy::cast_precision_loss)]
        let cells = (last + 1) as f64;
        let width = 2.0 / cells;
        let even = map
            .load
            .windows(2)
            .all(|pair| (pair[1] - pair[0] - width).abs() < 1e-12);
        Self {
            map,
            loss_w: &map.loss_w,
            first_cell: if even {
                [0; BINS + 1]
            } else {
                first_cells(&map.load)
            },
            per_width: map.load.windows(2).map(|l| 1.0 / (l[1] - l[0])).collect(),
            last_cell: last,
            even_cells: if even { cells } else { 0.0 },
            last_even_cell: i32::try_from(last).unwrap_or(i32::MAX),
            largest_torque_nm: map.torque_max_nm.iter().copied().fold(0.0, f64::max),
            largest_power_w: map.peak_power_w(),
        }
    }

    /// Largest torque of the envelope, N·m.
    pub(crate) fn largest_torque_nm(&self) -> f64 {
        self.largest_torque_nm
    }

    /// Largest mechanical power of the envelope, W.
    pub(crate) fn largest_power_w(&self) -> f64 {
        self.largest_power_w
    }

    /// A cursor at the lowest speed.
    pub(crate) fn cursor(&self) -> Cursor {
        self.cursor_at(0)
    }

    fn cursor_at(&self, index: usize) -> Cursor {
        let map = self.map;
        let (from, to) = (map.speed_rad_per_s[index], map.speed_rad_per_s[index + 1]);
        let line = |table: &[f64]| (table[index], table[index + 1] - table[index]);
        Cursor {
            index,
            from,
            to: if index == map.speed_rad_per_s.len() - 2 {
                to * (1.0 + 1e-12)
            } else {
                to
            },
            per_width: 1.0 / (to - from),
            torque_max: line(&map.torque_max_nm),
            torque_min: line(&map.torque_min_nm),
        }
    }

    /// The map at a speed that is not below those asked before with the cursor; `None` beyond the
    /// highest speed.
    #[inline(always)]
    pub(crate) fn at(&self, speed_rad_per_s: f64, cursor: &mut Cursor) -> Option<AtSpeed> {
        while speed_rad_per_s > cursor.to {
            if cursor.index + 2 >= self.map.speed_rad_per_s.len() {
                return None;
            }
            *cursor = self.cursor_at(cursor.index + 1);
        }
        let fraction = ((speed_rad_per_s - cursor.from) * cursor.per_width).min(1.0);
        Some(AtSpeed {
            index: cursor.index,
            fraction,
            torque_max_nm: cursor.torque_max.0 + cursor.torque_max.1 * fraction,
            torque_min_nm: cursor.torque_min.0 + cursor.torque_min.1 * fraction,
        })
    }

    /// The map at any speed.
    pub(crate) fn at_any(&self, speed_rad_per_s: f64) -> Option<AtSpeed> {
        let axis = &self.map.speed_rad_per_s;
        let last = axis.len() - 2;
        if speed_rad_per_s > axis[last + 1] * (1.0 + 1e-12) {
            return None;
        }
        let upper = axis.partition_point(|knot| *knot <= speed_rad_per_s);
        let index = upper.saturating_sub(1).min(last);
        let (from, to) = (axis[index], axis[index + 1]);
        let fraction = ((speed_rad_per_s - from) / (to - from)).min(1.0);
        let along = |table: &[f64]| table[index] + (table[index + 1] - table[index]) * fraction;
        Some(AtSpeed {
            index,
            fraction,
            torque_max_nm: along(&self.map.torque_max_nm),
            torque_min_nm: along(&self.map.torque_min_nm),
        })
    }

    /// Continuous motoring torque, N·m.
    pub(crate) fn continuous_nm(&self, at: &AtSpeed) -> f64 {
        at.along(&self.map.torque_continuous_nm)
    }

    /// Loss at a torque within the envelope, W.
    #[inline(always)]
    pub(crate) fn loss_w(&self, at: &AtSpeed, torque_nm: f64) -> f64 {
        self.loss_in_w(at.index, at.load(torque_nm), at.fraction)
    }

    /// Loss at a load and a place in a cell of the speed, W.
    #[inline(always)]
    pub(crate) fn loss_in_w(&self, index: usize, load: f64, along: f64) -> f64 {
        let (cell, position) = self.load_cell(load);
        let corner = index * (self.last_cell + 2) + cell;
        let [a, b] = self.pair(corner);
        let [c, d] = self.pair(corner + self.last_cell + 2);
        let lower = a + (b - a) * position;
        let upper = c + (d - c) * position;
        lower + (upper - lower) * along
    }

    /// Two neighbours in the loss table, W.
    #[inline(always)]
    fn pair(&self, index: usize) -> [f64; 2] {
        let pair = &self.loss_w[index..index + 2];
        [pair[0], pair[1]]
    }

    /// Cell of the load axis and the position in it.
    #[inline(always)]
    fn load_cell(&self, load: f64) -> (usize, f64) {
        #![allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss
        )]
        if self.even_cells > 0.0 {
            let position = (load + 1.0) * (0.5 * self.even_cells);
            let cell = (position as i32).min(self.last_even_cell);
            return (cell as usize, position - f64::from(cell));
        }
        let axis = &self.map.load;
        let bin = ((load + 1.0) * (BINS as f64 * 0.5)) as usize;
        let mut cell = usize::from(self.first_cell[bin.min(BINS)]);
        while cell < self.last_cell && axis[cell + 1] <= load {
            cell += 1;
        }
        (cell, (load - axis[cell]) * self.per_width[cell])
    }

    /// Largest torque up to `torque_nm` whose DC power stays within `power_w`, N·m; zero where even
    /// standing by needs more.
    ///
    /// DC power is linear between the load knots, so the crossing is exact.
    pub(crate) fn within_power_nm(
        &self,
        at: &AtSpeed,
        speed: f64,
        torque_nm: f64,
        power_w: f64,
    ) -> f64 {
        let dc_w = |torque: f64| torque * speed + self.loss_w(at, torque);
        let mut upper = (torque_nm, dc_w(torque_nm));
        if upper.1 <= power_w {
            return torque_nm;
        }
        for load in self.map.load.iter().rev().filter(|load| **load >= 0.0) {
            let torque = load * at.torque_max_nm;
            if torque >= upper.0 {
                continue;
            }
            let dc = dc_w(torque);
            if dc <= power_w {
                return torque + (upper.0 - torque) * (power_w - dc) / (upper.1 - dc);
            }
            upper = (torque, dc);
        }
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codrive_model::operating_map::LossSplit;

    fn map(load: Vec<f64>) -> OperatingMap {
        let speed_rad_per_s = vec![0.0, 10.0, 35.0, 120.0];
        let loss = |w: f64, l: f64| 50.0 + 3.0 * w + 900.0 * l * l + 2.0 * w * l;
        let rows = speed_rad_per_s
            .iter()
            .flat_map(|w| load.iter().map(|l| loss(*w, *l)));
        OperatingMap {
            dc_voltage_v: 350.0,
            loss_w: rows.collect(),
            speed_rad_per_s,
            torque_max_nm: vec![2000.0, 2000.0, 1500.0, 400.0],
            torque_min_nm: vec![-1000.0, -2000.0, -1400.0, -300.0],
            torque_continuous_nm: vec![1000.0, 1000.0, 900.0, 300.0],
            load,
            split: LossSplit::default(),
        }
    }

    #[test]
    fn the_fast_reading_is_the_map_s_own() {
        let even = (-10..=10).map(|i| f64::from(i) / 10.0).collect();
        let uneven = vec![-1.0, -0.995, -0.99, -0.4, 0.0, 0.1, 0.101, 0.102, 0.7, 1.0];
        for map in [map(even), map(uneven)] {
            let lookup = Lookup::new(&map);
            let mut cursor = lookup.cursor();
            for i in 0..=240 {
                let speed = f64::from(i) * 0.5;
                let at = lookup.at(speed, &mut cursor).unwrap();
                let torque = |load: f64| {
                    load * if load < 0.0 {
                        -at.torque_min_nm
                    } else {
                        at.torque_max_nm
                    }
                };
                for load in (-100..=100).map(|k| torque(f64::from(k) / 100.0)) {
                    let slow_w = map.loss_at_w(speed, load).unwrap();
                    assert!((lookup.loss_w(&at, load) - slow_w).abs() < 1e-9 * slow_w.abs());
                    let any = lookup.at_any(speed).unwrap();
                    assert!((lookup.loss_w(&any, load) - slow_w).abs() < 1e-9 * slow_w.abs());
                }
            }
            assert!(lookup.at(120.1, &mut cursor).is_none() && lookup.at_any(120.1).is_none());
        }
    }

    #[test]
    fn torque_within_a_power_takes_just_that_power() {
        let map = map((-10..=10).map(|i| f64::from(i) / 10.0).collect());
        let lookup = Lookup::new(&map);
        let at = lookup.at_any(60.0).unwrap();
        let torque = lookup.within_power_nm(&at, 60.0, at.torque_max_nm, 30e3);
        assert!((torque * 60.0 + lookup.loss_w(&at, torque) - 30e3).abs() < 1e-6);
        assert_eq!(lookup.within_power_nm(&at, 60.0, 10.0, 30e3), 10.0);
        assert_eq!(lookup.within_power_nm(&at, 60.0, 10.0, 1.0), 0.0);
    }
}
