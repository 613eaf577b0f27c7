//! A drive map packed for many reads: all that a step needs of it lies together.

use codrive_model::unit_heat::LUMPS;

use crate::error::VehicleError;
use crate::lookup::{AtSpeed, Lookup};
use crate::split::{AxleDrive, check_drive};
use crate::temperature::{ByLump, lump_losses_w};

/// Bins of an axis; a power of two.
pub(crate) const BINS: usize = 256;
/// Values at a point of the map: the loss, then what heats the lumps, then nothing.
pub(crate) const VALUES: usize = 8;

/// A unit on an axle, prepared once for all cars and cycles.
#[derive(Clone, Debug)]
pub struct UnitTable<'a> {
    pub(crate) drive: AxleDrive<'a>,
    pub(crate) lookup: Lookup<'a>,
    /// Row-major with the load fastest, as the map's own tables.
    pub(crate) nodes: Vec<[f64; VALUES]>,
    pub(crate) loads: usize,
    pub(crate) speed_bins: Bins,
    pub(crate) load_bins: Bins,
    pub(crate) speeds: Vec<SpeedCell>,
    pub(crate) load_cells: Vec<LoadCell>,
}

/// A cell of the speed axis.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpeedCell {
    pub(crate) from: f64,
    /// Infinite for the last one.
    pub(crate) to: f64,
    pub(crate) per_width: f64,
    /// Envelope at `from` and its change over the cell.
    pub(crate) most: [f64; 2],
    pub(crate) least: [f64; 2],
    /// Index of the map's first point at `from`.
    pub(crate) corner: usize,
}

/// A cell of the load axis.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LoadCell {
    pub(crate) from: f64,
    /// Infinite for the last one.
    pub(crate) to: f64,
    pub(crate) per_width: f64,
}

/// Even bins over an axis, each with the cell of its lower end.
#[derive(Clone, Debug)]
pub(crate) struct Bins {
    pub(crate) per_bin: f64,
    first: [u16; BINS],
}

/// Adding this to a number leaves its nearest integer in the lowest bits.
pub(crate) const ROUNDING: f64 = 6_755_399_441_055_744.0;

impl Bins {
    fn new(axis: &[f64]) -> Self {
        let (from, to) = (axis[0], axis[axis.len() - 1]);
        #[allow(clippy::cast_precision_loss)]
        let width = (to - from) / (BINS - 1) as f64;
        #[allow(clippy::cast_precision_loss)]
        let first = std::array::from_fn(|bin| {
            let lower = from + bin as f64 * width;
            let upper = axis.partition_point(|knot| *knot <= lower);
            let cell = upper.saturating_sub(1).min(axis.len() - 2);
            u16::try_from(cell).unwrap_or(u16::MAX)
        });
        Self {
            per_bin: 1.0 / width,
            first,
        }
    }

    /// A cell not above that of a value. `position` is the value in bins from the beginning, less a half,
    /// plus [`ROUNDING`]: its lowest bits are the bin, or the one before at its lower end.
    #[inline(always)]
    pub(crate) fn first(&self, position: f64) -> usize {
        #![allow(clippy::cast_possible_truncation)]
        usize::from(self.first[position.to_bits() as usize & (BINS - 1)])
    }
}

impl<'a> UnitTable<'a> {
    /// Prepares a unit.
    ///
    /// # Errors
    /// A map, a heat model or a drag that cannot be used.
    pub fn new(drive: AxleDrive<'a>) -> Result<Self, VehicleError> {
        check_drive(&drive)?;
        let map = drive.map;
        let heat = drive.heat.map(|heat| lump_losses_w(heat, map));
        let node = |(i, loss_w): (usize, &f64)| {
            let mut node = [0.0; VALUES];
            node[0] = *loss_w;
            if let Some(heat) = &heat {
                node[1..=LUMPS].copy_from_slice(&heat[i]);
            }
            node
        };
        let line = |table: &[f64], i: usize| [table[i], table[i + 1] - table[i]];
        let open_end = |axis: &[f64], i: usize| {
            let last = i + 2 == axis.len();
            if last { f64::INFINITY } else { axis[i + 1] }
        };
        let (speed_axis, load_axis) = (&map.speed_rad_per_s, &map.load);
        let speeds = speed_axis.windows(2).enumerate();
        let cells = speeds.map(|(i, ends)| SpeedCell {
            from: ends[0],
            to: open_end(speed_axis, i),
            corner: i * load_axis.len(),
            per_width: 1.0 / (ends[1] - ends[0]),
            most: line(&map.torque_max_nm, i),
            least: line(&map.torque_min_nm, i),
        });
        let loads = load_axis.windows(2).enumerate();
        let load_cells = loads.map(|(i, ends)| LoadCell {
            from: ends[0],
            to: open_end(load_axis, i),
            per_width: 1.0 / (ends[1] - ends[0]),
        });
        Ok(Self {
            lookup: Lookup::new(map),
            nodes: map.loss_w.iter().enumerate().map(node).collect(),
            loads: map.load.len(),
            speed_bins: Bins::new(&map.speed_rad_per_s),
            load_bins: Bins::new(&map.load),
            speeds: cells.collect(),
            load_cells: load_cells.collect(),
            drive,
        })
    }

    /// What heats the lumps at a torque within the envelope, W.
    pub(crate) fn heat_w(&self, at: &AtSpeed, torque_nm: f64) -> ByLump {
        let (corner, position) = self.lookup.corner(at, torque_nm);
        let mut heat_w = [0.0; LUMPS];
        for (lump, heat) in heat_w.iter_mut().enumerate() {
            let value = |corner: usize| self.nodes[corner][1 + lump];
            let line = |from: usize| {
                let (a, b) = (value(from), value(from + 1));
                a + (b - a) * position
            };
            let (lower, upper) = (line(corner), line(corner + self.loads));
            *heat = lower + (upper - lower) * at.fraction();
        }
        heat_w
    }
}
