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

impl<'a> Lookup<'a> {
    pub(crate) fn new(map: &'a OperatingMap) -> Self {
        let mut first_cell = [0_u16; BINS + 1];
        let last = map.load.len() - 2;
        let mut cell = 0;
        for (bin, slot) in first_cell.iter_mut().enumerate() {
            #[allow(clippy::cast_precision_loss)]
            let load = 2.0 * bin as f64 / BINS as f64 - 1.0;
            while cell < last && map.load[cell + 1] <= load {
                cell += 1;
            }
            *slot = u16::try_from(cell).unwrap_or(u16::MAX);
        }
        Self {
            map,
            first_cell,
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

    /// The map at a speed; `hint` is the cell of the last, not higher, speed (0 at first).
    /// `None` beyond the highest speed.
    #[inline]
    pub(crate) fn at(&self, speed_rad_per_s: f64, hint: &mut usize) -> Option<AtSpeed> {
        let axis = &self.map.speed_rad_per_s;
        let last = axis.len() - 2;
        if speed_rad_per_s > axis[last + 1] * (1.0 + 1e-12) {
            return None;
        }
        while *hint < last && axis[*hint + 1] <= speed_rad_per_s {
            *hint += 1;
        }
        let index = *hint;
        let width = axis[index + 1] - axis[index];
        let fraction = ((speed_rad_per_s - axis[index]) / width).min(1.0);
        let along = |table: &[f64]| table[index] + (table[index + 1] - table[index]) * fraction;
        Some(AtSpeed {
            index,
            fraction,
            torque_max_nm: along(&self.map.torque_max_nm),
            torque_min_nm: along(&self.map.torque_min_nm),
        })
    }

    /// The map at any speed.
    pub(crate) fn at_any(&self, speed_rad_per_s: f64) -> Option<AtSpeed> {
        let index = self.map.speed_rad_per_s.partition_point(|knot| *knot <= speed_rad_per_s);
        self.at(speed_rad_per_s, &mut index.saturating_sub(1).min(self.map.speed_rad_per_s.len() - 2))
    }

    /// Continuous motoring torque, N·m.
    pub(crate) fn continuous_nm(&self, at: &AtSpeed) -> f64 {
        let table = &self.map.torque_continuous_nm;
        table[at.index] + (table[at.index + 1] - table[at.index]) * at.fraction
    }

    /// Loss at a torque within the envelope, W.
    #[inline]
    pub(crate) fn loss_w(&self, at: &AtSpeed, torque_nm: f64) -> f64 {
        let limit = if torque_nm < 0.0 { -at.torque_min_nm } else { at.torque_max_nm };
        let load = if torque_nm == 0.0 { 0.0 } else { (torque_nm / limit).clamp(-1.0, 1.0) };
        let axis = &self.map.load;
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let bin = ((load + 1.0) * (BINS as f64 * 0.5)) as usize;
        let mut cell = usize::from(self.first_cell[bin]);
        while cell < axis.len() - 2 && axis[cell + 1] <= load {
            cell += 1;
        }
        let position = (load - axis[cell]) / (axis[cell + 1] - axis[cell]);
        let lower = self.in_row(at.index, cell, position);
        let upper = self.in_row(at.index + 1, cell, position);
        lower + (upper - lower) * at.fraction
    }

    #[inline]
    fn in_row(&self, row: usize, cell: usize, position: f64) -> f64 {
        let at = row * self.map.load.len() + cell;
        let (a, b) = (self.map.loss_w[at], self.map.loss_w[at + 1]);
        a + (b - a) * position
    }

    /// Largest torque up to `torque_nm` whose DC power stays within `power_w`, N·m; zero where even
    /// standing by needs more.
    ///
    /// DC power is linear between the load knots, so the crossing is exact.
    pub(crate) fn within_power_nm(&self, at: &AtSpeed, speed: f64, torque_nm: f64, power_w: f64) -> f64 {
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
