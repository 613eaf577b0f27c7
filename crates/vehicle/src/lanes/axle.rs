//! A unit on its axle at points of ascending speed: limits, losses and heat.

use codrive_model::unit_heat::LUMPS;
use pulp::Simd;

use crate::driver::Fitted;
use crate::temperature::ByLump;
use crate::unit_table::{BINS_PER_LOAD, Corners, LOSS, Node, ROUNDING, SpeedCell, TwoRows};
use crate::unit_table::{UnitTable, VALUES};
use crate::wide::Wide;

/// What all axles of a car see of some points.
#[derive(Clone, Copy)]
pub(super) struct Asked<S: Simd> {
    /// Speed of the axles, rad/s, and one over it.
    pub(super) speed: Wide<S>,
    pub(super) per_speed: Wide<S>,
    /// Torque of both axles together, N·m.
    pub(super) torque: Wide<S>,
    /// Acceleration of the axles, rad/s².
    pub(super) acceleration: Wide<S>,
    /// Share of recuperation left.
    pub(super) fade: Wide<S>,
}

/// Points that are found together.
pub(super) const BLOCK: usize = 64;
/// A number for each of them.
pub(super) type Row = [f64; BLOCK];

/// What a unit does at some points.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Block {
    /// Torque within all limits of its own, N·m.
    pub(super) torque_nm: Row,
    /// Torque that the trace asks for and the unit cannot give, N·m.
    pub(super) missing_nm: Row,
    /// Loss, W.
    pub(super) loss_w: Row,
    /// Where in the map: load, its bin, and position between two speeds.
    load: Row,
    bin: Row,
    along: Row,
}

/// A unit on its axle.
pub(super) struct AxleUnit<'a, S: Simd> {
    table: &'a UnitTable<'a>,
    rows: Rows<'a, S>,
    share: Wide<S>,
    inertia: Wide<S>,
    largest_nm: Wide<S>,
    largest_w: Wide<S>,
    recuperation: Wide<S>,
    /// Highest speed of the map, rad/s, with the slack of its reader.
    pub(super) top: Wide<S>,
}

/// The map between two of its speeds.
struct Rows<'a, S: Simd> {
    index: usize,
    /// Where it ends, rad/s.
    to: f64,
    from: Wide<S>,
    per_width: Wide<S>,
    /// Envelope at `from` and its change over the cell.
    most: [Wide<S>; 2],
    least: [Wide<S>; 2],
    rows: TwoRows<'a>,
}

impl<'a, S: Simd> AxleUnit<'a, S> {
    #[inline(always)]
    pub(super) fn new(simd: S, unit: &Fitted<'a>, share: f64) -> Self {
        let wide = |value| Wide::splat(simd, value);
        let (table, limits) = (unit.table, &unit.limits);
        Self {
            table,
            rows: Rows::new(simd, table, 0),
            share: wide(share),
            inertia: wide(table.drive.inertia_kg_m2),
            largest_nm: wide(limits.largest_nm(&table.lookup)),
            largest_w: wide(limits.largest_w(&table.lookup)),
            recuperation: wide(limits.recuperation()),
            top: wide(table.drive.map.speed_limit_rad_per_s() * (1.0 + 1e-12)),
        }
    }

    /// Goes to the rows of a speed not below the last one; returns up to which speed they hold.
    #[inline(always)]
    pub(super) fn seek(&mut self, simd: S, speed: f64) -> f64 {
        // The last rows have no end.
        while speed > self.rows.to {
            self.rows = Rows::new(simd, self.table, self.rows.index + 1);
        }
        self.rows.to
    }

    /// Torques within envelope and software at a vector of points, and where they lie in the map.
    #[inline(always)]
    pub(super) fn limit(&self, simd: S, asked: &Asked<S>, block: &mut Block, at: usize) {
        let zero = Wide::splat(simd, 0.0);
        let one = Wide::splat(simd, 1.0);
        let rows = &self.rows;
        let along = (asked.speed.min(self.top) - rows.from) * rows.per_width;
        let along = along.min(one);
        let most = rows.most[0] + rows.most[1] * along;
        let least = rows.least[0] + rows.least[1] * along;

        let torque = self.share * asked.torque + self.inertia * asked.acceleration;
        let wanted = torque.below(zero, torque * asked.fade, torque);
        let by_power = self.largest_w * asked.per_speed;
        let highest = most.min(self.largest_nm).min(by_power);
        let torque = wanted.min(highest).max(least * self.recuperation);
        let missing = wanted.max(zero) - torque.max(zero);
        let missing = (wanted.max(zero) * Wide::splat(simd, 1e-9)).below(missing, missing, zero);
        let limit = torque.below(zero, zero - least, most);
        let load = zero.below(limit, torque / limit, zero);
        let load = load.min(one).max(zero - one);
        let bins = (load + one) * Wide::splat(simd, BINS_PER_LOAD) - Wide::splat(simd, 0.5);
        torque.write(&mut block.torque_nm, at);
        missing.write(&mut block.missing_nm, at);
        load.write(&mut block.load, at);
        (bins + Wide::splat(simd, ROUNDING)).write(&mut block.bin, at);
        along.write(&mut block.along, at);
    }

    /// Reads the map at `count` points: losses into the block, modes of the steady heat in turn into `steady`.
    #[inline(always)]
    pub(super) fn read<'r>(
        &self,
        simd: S,
        block: &mut Block,
        count: usize,
        steady: impl Iterator<Item = &'r mut ByLump>,
    ) {
        let rows = self.rows.rows;
        let Block {
            loss_w,
            load,
            bin,
            along,
            ..
        } = block;
        let places = load.iter().zip(bin.iter()).zip(along.iter());
        let into = loss_w.iter_mut().zip(steady);
        for (((load, bin), along), (loss_w, steady)) in places.zip(into).take(count) {
            if let Some(corners) = rows.corners(*load, *bin) {
                let node = between(simd, &corners, *along);
                steady.copy_from_slice(&node.0[..LUMPS]);
                *loss_w = node.0[LOSS];
            }
        }
    }
}

impl Block {
    pub(super) const fn new() -> Self {
        Self {
            torque_nm: [0.0; BLOCK],
            missing_nm: [0.0; BLOCK],
            loss_w: [0.0; BLOCK],
            load: [0.0; BLOCK],
            bin: [0.0; BLOCK],
            along: [0.0; BLOCK],
        }
    }
}

impl<'a, S: Simd> Rows<'a, S> {
    #[inline(always)]
    fn new(simd: S, table: &'a UnitTable<'a>, index: usize) -> Self {
        let cell: &SpeedCell = &table.speeds[index];
        let line = |line: [f64; 2]| line.map(|value| Wide::splat(simd, value));
        Self {
            index,
            to: cell.to,
            from: Wide::splat(simd, cell.from),
            per_width: Wide::splat(simd, cell.per_width),
            most: line(cell.most),
            least: line(cell.least),
            rows: table.two_rows(index),
        }
    }
}

/// Values between four corners, a vector's worth at a time; after loss and heat of no meaning.
#[inline(always)]
fn between<S: Simd>(simd: S, corners: &Corners<'_>, along: f64) -> Node {
    let Corners {
        lower: [a, b],
        upper: [c, d],
        across,
    } = *corners;
    let (across, along) = (Wide::splat(simd, across), Wide::splat(simd, along));
    let (mut into, mut from) = (Node([0.0; VALUES]), 0);
    while from <= LOSS {
        let (a, b) = (Wide::read(simd, &a.0, from), Wide::read(simd, &b.0, from));
        let (c, d) = (Wide::read(simd, &c.0, from), Wide::read(simd, &d.0, from));
        let lower = a + (b - a) * across;
        let upper = c + (d - c) * across;
        (lower + (upper - lower) * along).write(&mut into.0, from);
        from += Wide::<S>::WIDTH;
    }
    into
}
