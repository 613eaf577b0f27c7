//! Fast reading of an operating map at ascending speeds.
//!
//! The same bilinear interpolation as [`OperatingMap::loss_at_w`], with the cell of the speed found
//! by walking on from the last one and the cell of the load through a table of bins.

use codrive_model::operating_map::OperatingMap;

/// Bins over the load from −1 to 1.
const BINS: usize = 128;

/// A map with its table of bins.
pub(crate) struct Lookup<'a> {
    pub(crate) map: &'a OperatingMap,
    first_cell: [u16; BINS + 1],
    last_cell: usize,
    /// Number of load cells if all are of the same width, else zero.
    even_cells: f64,
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

/// Where a walk over reads at ascending speeds stands: a cell of the speed axis.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor {
    index: usize,
    from: f64,
    to: f64,
    per_width: f64,
    torque_max: (f64, f64),
    torque_min: (f64, f64),
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
            first_cell: if even {
                [0; BINS + 1]
            } else {
                first_cells(&map.load)
            },
            last_cell: last,
            even_cells: if even { cells } else { 0.0 },
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
        let table = &self.map.torque_continuous_nm;
        table[at.index] + (table[at.index + 1] - table[at.index]) * at.fraction
    }

    /// Loss at a torque within the envelope, W.
    #[inline(always)]
    pub(crate) fn loss_w(&self, at: &AtSpeed, torque_nm: f64) -> f64 {
        let limit = if torque_nm < 0.0 {
            -at.torque_min_nm
        } else {
            at.torque_max_nm
        };
        let load = if torque_nm == 0.0 {
            0.0
        } else {
            (torque_nm / limit).clamp(-1.0, 1.0)
        };
        let (cell, position) = self.load_cell(load);
        let width = self.map.load.len();
        let rows = &self.map.loss_w[at.index * width..(at.index + 2) * width];
        let (below, above) = rows.split_at(width);
        let lower = below[cell] + (below[cell + 1] - below[cell]) * position;
        let upper = above[cell] + (above[cell + 1] - above[cell]) * position;
        lower + (upper - lower) * at.fraction
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
            let cell = (position as usize).min(self.last_cell);
            return (cell, position - cell as f64);
        }
        let axis = &self.map.load;
        let bin = ((load + 1.0) * (BINS as f64 * 0.5)) as usize;
        let mut cell = usize::from(self.first_cell[bin.min(BINS)]);
        while cell < self.last_cell && axis[cell + 1] <= load {
            cell += 1;
        }
        (cell, (load - axis[cell]) / (axis[cell + 1] - axis[cell]))
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
