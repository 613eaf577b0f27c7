//! A drive map packed for many reads: all that a step needs of it lies together.
//!
//! The bilinear interpolation of [`codrive_model::operating_map::OperatingMap::loss_at_w`], from four entries
//! that hold all values and where they lie.

use codrive_model::unit_heat::LUMPS;

use crate::error::VehicleError;
use crate::lookup::{AtSpeed, Lookup};
use crate::split::{AxleDrive, check_drive, heat_modes};
use crate::temperature::{ByLump, HeatModes, HeatStep};

/// Bins over the loads from −1 to 1; a power of two.
const BINS: usize = 256;
/// A point of the map, in one line of the cache: modes of its steady heat, the loss, its load, and one over the
/// distance to the next one.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(crate) struct Node(pub(crate) [f64; VALUES]);
pub(crate) const VALUES: usize = 8;
/// Where in it they are.
pub(crate) const LOSS: usize = LUMPS;
const LOAD: usize = LUMPS + 1;
const PER_WIDTH: usize = LUMPS + 2;

/// A unit on an axle, prepared once for all cars and cycles.
#[derive(Clone, Debug)]
pub struct UnitTable<'a> {
    pub(crate) drive: AxleDrive<'a>,
    pub(crate) lookup: Lookup<'a>,
    /// Between the map's speeds.
    pub(crate) speeds: Vec<SpeedCell>,
    /// Row by row for each speed of the map.
    nodes: Vec<Node>,
    /// How many a row has.
    loads: usize,
    load_bins: LoadBins,
    /// The unit's heat, where it is known.
    pub(crate) modes: Option<HeatModes>,
    /// The unit's heat in steps of a second, which most cycles have.
    second: Option<HeatStep>,
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
}

/// The points of a map at one of its speeds and at the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TwoRows<'a> {
    nodes: &'a [Node],
    loads: usize,
    load_bins: &'a LoadBins,
}

/// Four points around a load and a speed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Corners<'a> {
    /// At the lower speed, below and above the load.
    pub(crate) lower: [&'a Node; 2],
    /// At the upper speed.
    pub(crate) upper: [&'a Node; 2],
    /// Position of the load between them, 0 to 1.
    pub(crate) across: f64,
}

/// Finds the column of a load.
#[derive(Clone, Debug)]
struct LoadBins {
    bins: [LoadBin; BINS],
    /// Upper ends of the columns, the last one infinite; empty where no bin holds more than one.
    ends: Vec<f64>,
}

/// An even part of the loads.
#[derive(Clone, Copy, Debug)]
struct LoadBin {
    /// Column of its lower end, and where that ends.
    column: usize,
    end: f64,
}

/// Adding this to a number leaves its nearest integer in the lowest bits.
pub(crate) const ROUNDING: f64 = 6_755_399_441_055_744.0;
/// Bins over a load of one.
pub(crate) const BINS_PER_LOAD: f64 = (BINS - 1) as f64 / 2.0;

impl LoadBins {
    fn new(axis: &[f64]) -> Self {
        let ends: Vec<f64> = (1..axis.len())
            .map(|i| {
                if i + 1 == axis.len() {
                    f64::INFINITY
                } else {
                    axis[i]
                }
            })
            .collect();
        let bins = std::array::from_fn(|bin| {
            #[allow(clippy::cast_precision_loss)]
            let lower = bin as f64 / BINS_PER_LOAD - 1.0;
            let column = ends.partition_point(|end| *end <= lower);
            let end = ends[column];
            LoadBin { column, end }
        });
        let crowded = axis
            .windows(2)
            .any(|pair| (pair[1] - pair[0]) * BINS_PER_LOAD <= 2.0);
        Self {
            bins,
            ends: if crowded { ends } else { Vec::new() },
        }
    }

    /// The column of a load. `bin` is the load's distance from −1 in bins, less a half, plus [`ROUNDING`]:
    /// its lowest bits are the bin, or the one before at its lower end.
    #[inline(always)]
    fn column(&self, load: f64, bin: f64) -> usize {
        #![allow(clippy::cast_possible_truncation)]
        let bin = &self.bins[bin.to_bits() as usize & (BINS - 1)];
        let mut column = bin.column + usize::from(load >= bin.end);
        while self.ends.get(column).is_some_and(|end| load >= *end) {
            column += 1;
        }
        column
    }
}

impl<'a> TwoRows<'a> {
    /// The points around a load; `bin` as [`LoadBins::column`] has it.
    #[inline(always)]
    pub(crate) fn corners(&self, load: f64, bin: f64) -> Option<Corners<'a>> {
        let column = self.load_bins.column(load, bin);
        let [a, b, .., c, d] = self.nodes.get(column..column + self.loads + 2)? else {
            return None;
        };
        Some(Corners {
            lower: [a, b],
            upper: [c, d],
            across: (load - a.0[LOAD]) * a.0[PER_WIDTH],
        })
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
        let modes = heat_modes(&drive)?;
        Ok(Self {
            lookup: Lookup::new(map),
            speeds: speed_cells(&drive),
            nodes: nodes(&drive, modes.as_ref()),
            loads: map.load.len(),
            load_bins: LoadBins::new(&map.load),
            second: modes.as_ref().and_then(|modes| HeatStep::new(modes, 1.0)),
            modes,
            drive,
        })
    }

    /// The map at one of its speeds and at the next.
    pub(crate) fn two_rows(&self, speed: usize) -> TwoRows<'_> {
        let first = speed * self.loads;
        TwoRows {
            nodes: self.nodes.get(first..first + 2 * self.loads).unwrap_or(&[]),
            loads: self.loads,
            load_bins: &self.load_bins,
        }
    }

    /// An exact step of the unit's heat.
    pub(crate) fn heat_step(&self, seconds: f64) -> Option<HeatStep> {
        if seconds == 1.0 {
            return self.second;
        }
        HeatStep::new(self.modes.as_ref()?, seconds)
    }

    /// Modes of the steady heat at a torque within the envelope.
    pub(crate) fn steady(&self, at: &AtSpeed, torque_nm: f64) -> ByLump {
        let load = at.load(torque_nm);
        let bin = (load + 1.0) * BINS_PER_LOAD - 0.5 + ROUNDING;
        let Some(corners) = self.two_rows(at.index()).corners(load, bin) else {
            return [0.0; LUMPS];
        };
        std::array::from_fn(|k| {
            let [a, b] = corners.lower.map(|node| node.0[k]);
            let [c, d] = corners.upper.map(|node| node.0[k]);
            let (lower, upper) = (a + (b - a) * corners.across, c + (d - c) * corners.across);
            lower + (upper - lower) * at.fraction()
        })
    }
}

fn speed_cells(drive: &AxleDrive<'_>) -> Vec<SpeedCell> {
    let map = drive.map;
    let (axis, last) = (&map.speed_rad_per_s, map.speed_rad_per_s.len() - 2);
    let line = |table: &[f64], i: usize| [table[i], table[i + 1] - table[i]];
    let cells = (0..=last).map(|i| SpeedCell {
        from: axis[i],
        to: if i == last {
            f64::INFINITY
        } else {
            axis[i + 1]
        },
        per_width: 1.0 / (axis[i + 1] - axis[i]),
        most: line(&map.torque_max_nm, i),
        least: line(&map.torque_min_nm, i),
    });
    cells.collect()
}

fn nodes(drive: &AxleDrive<'_>, modes: Option<&HeatModes>) -> Vec<Node> {
    let map = drive.map;
    let heat = drive.heat.zip(modes);
    let axis = &map.load;
    let node = |(i, loss_w): (usize, &f64)| {
        let (column, mut node) = (i % axis.len(), [0.0; VALUES]);
        if let Some((heat, modes)) = &heat {
            let steady = modes.steady(i / axis.len(), &heat.heat_w[i]);
            node[..LUMPS].copy_from_slice(&steady);
        }
        node[LOSS] = *loss_w;
        node[LOAD] = axis[column];
        let width = axis.get(column + 1).map(|next| next - axis[column]);
        node[PER_WIDTH] = width.map_or(0.0, |width| 1.0 / width);
        Node(node)
    };
    map.loss_w.iter().enumerate().map(node).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_load_has_its_column() {
        let even = (-20..=20).map(|i| f64::from(i) / 20.0).collect();
        let crowded = vec![
            -1.0, -0.9999, -0.4, 0.0, 0.001, 0.002, 0.003, 0.5, 0.9999, 1.0,
        ];
        for axis in [even, crowded, vec![-1.0, 0.0, 1.0]] {
            let axis: Vec<f64> = axis;
            let bins = LoadBins::new(&axis);
            let fine = (-5000..=5000).map(|i| f64::from(i) / 5000.0);
            for load in fine.chain(axis.iter().copied()) {
                let bin = (load + 1.0) * BINS_PER_LOAD - 0.5 + ROUNDING;
                let above = axis.partition_point(|knot| *knot <= load);
                assert_eq!(
                    bins.column(load, bin),
                    (above - 1).min(axis.len() - 2),
                    "{load}"
                );
            }
        }
    }
}
