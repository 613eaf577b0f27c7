//! What the units of a car do at an operating point: torques under a split rule and all limits.

use codrive_model::unit::OpenAxle;
use codrive_model::unit_heat::LUMPS;
use codrive_model::vehicle::Vehicle;

use crate::axle_energy::asked_torque_nm;
use crate::capability::AxleLimits;
use crate::cycle::Step;
use crate::lookup::AtSpeed;
use crate::prepared::{Load, Point};
use crate::resistance::Resistance;
use crate::split::Split;
use crate::temperature::ByLump;
use crate::unit_table::UnitTable;

/// Time over which closing has to pay, s: assumed.
const CLOSED_FOR_S: f64 = 10.0;

/// Torques of the units in a step and what they do.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Driven {
    pub(crate) torque_nm: [f64; 2],
    pub(crate) loss_w: [f64; 2],
    /// Whether the unit is uncoupled.
    pub(crate) rests: [bool; 2],
    /// Power of all units at the DC terminals, W.
    pub(crate) dc_w: f64,
    /// Part of it that brings a closing unit up to speed, W.
    closing_w: f64,
    /// Force that the trace asks for and the units cannot give, N.
    pub(crate) missing_n: f64,
}

/// What of the past decides a step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Past {
    /// Share of the envelope's torque that the temperatures release.
    pub(crate) released: [f64; 2],
    /// Whether the unit was uncoupled.
    pub(crate) rested: [bool; 2],
}

/// A unit in its car.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fitted<'a> {
    pub(crate) table: &'a UnitTable<'a>,
    pub(crate) limits: AxleLimits,
}

/// A car with its units, ready to be driven.
#[derive(Clone, Debug)]
pub(crate) struct Driver<'a> {
    pub(crate) vehicle: &'a Vehicle,
    pub(crate) units: Vec<Fitted<'a>>,
    pub(crate) resistance: Resistance,
    pub(crate) split: Split,
    pub(crate) load: Load,
    pub(crate) radius_m: f64,
    /// DC power that the battery leaves to the units, W.
    pub(crate) battery_w: f64,
}

impl<'a> Driver<'a> {
    pub(crate) fn new(
        vehicle: &'a Vehicle,
        tables: &[&'a UnitTable<'a>],
        split: Split,
        load: Load,
    ) -> Self {
        let fit = |table: &&'a UnitTable<'a>| Fitted {
            table,
            limits: AxleLimits::new(vehicle, table.drive.axle, 1.0),
        };
        Self {
            vehicle,
            units: tables.iter().map(fit).collect(),
            resistance: Resistance::of(vehicle),
            split,
            load,
            radius_m: vehicle.body.wheel_radius_m,
            battery_w: vehicle.battery.discharge_power_w - vehicle.auxiliary_power_w,
        }
    }

    /// Whether what the units do depends on the step before: an axle at rest has to be brought up to speed.
    pub(crate) fn looks_back(&self) -> bool {
        self.units.len() > 1 && !matches!(self.split, Split::Fixed(_))
    }

    pub(crate) fn point(&self, step: &Step) -> Point {
        Point::loaded(self.vehicle, &self.resistance, step, self.load)
    }

    /// Mass in motion with all rotating parts but those of units at rest, kg.
    pub(crate) fn moving_kg(&self, rests: [bool; 2]) -> f64 {
        let mass = &self.vehicle.mass;
        let units: f64 = self
            .units
            .iter()
            .zip(rests)
            .filter(|(_, rests)| !rests)
            .map(|(unit, _)| unit.table.drive.inertia_kg_m2)
            .sum();
        let car_kg = mass.test_kg + self.load.payload_kg + mass.rotating_kg;
        car_kg + units / (self.radius_m * self.radius_m)
    }

    /// What the units do under the split rule.
    pub(crate) fn best(&self, point: &Point, past: &Past) -> Driven {
        match self.split {
            _ if self.units.len() == 1 => self.shared(point, [1.0, 0.0], past),
            Split::Fixed(front) => self.shared(point, [front, 1.0 - front], past),
            Split::LeastLoss => self.least_loss(point, past),
            Split::Rule {
                alone,
                below_n,
                front,
            } => {
                if point.torque_nm.abs() >= below_n * self.radius_m {
                    return self.shared(point, [front, 1.0 - front], past);
                }
                let alone = usize::from(self.units[0].table.drive.axle != alone);
                self.one_rests(point, 1 - alone, past).unwrap_or_else(|| {
                    let mut shares = [0.0; 2];
                    shares[alone] = 1.0;
                    self.shared(point, shares, past)
                })
            }
        }
    }

    /// Both units engaged, each with its share of the tyres' force.
    fn shared(&self, point: &Point, shares: [f64; 2], past: &Past) -> Driven {
        let mut asked = [0.0; 2];
        for (i, unit) in self.units.iter().enumerate() {
            asked[i] = asked_torque_nm(point, shares[i], unit.table.drive.inertia_kg_m2);
        }
        self.drive(point, asked, [false; 2], past)
    }

    /// The engagement and split of least DC power; what the trace asks comes first.
    fn least_loss(&self, point: &Point, past: &Past) -> Driven {
        let cost_w =
            |d: &Driven| d.dc_w - d.closing_w * (1.0 - (point.duration_s / CLOSED_FOR_S).min(1.0));
        let better = |a: &Driven, b: &Driven| (b.missing_n, cost_w(b)) < (a.missing_n, cost_w(a));
        let inertia: f64 = self
            .units
            .iter()
            .map(|unit| unit.table.drive.inertia_kg_m2)
            .sum();
        let torque_nm = asked_torque_nm(point, 1.0, inertia);
        let mut best = match self.least_loss_front_nm(point, torque_nm, past) {
            Some(front) => self.drive(point, [front, torque_nm - front], [false; 2], past),
            None => self.shared(point, [0.5, 0.5], past),
        };
        for resting in [0, 1] {
            if let Some(tried) = self.one_rests(point, resting, past)
                && better(&best, &tried)
            {
                best = tried;
            }
        }
        best
    }

    /// Torque of the front unit, N·m, at which both together lose least.
    ///
    /// Losses are linear between the loads of each map, so their sum is linear between the loads of
    /// both: its minimum lies at one of them or at an end.
    fn least_loss_front_nm(&self, point: &Point, torque_nm: f64, past: &Past) -> Option<f64> {
        let [front, rear] = [self.units.first()?, self.units.get(1)?];
        let speed = point.speed_rad_per_s;
        let at = [front, rear].map(|unit| unit.table.lookup.at_any(speed));
        let [Some(at_front), Some(at_rear)] = at else {
            return None;
        };
        let most = |unit: &Fitted<'_>, at: &AtSpeed, released| {
            if torque_nm > 0.0 {
                unit.motoring_nm(at, speed, released)
            } else {
                unit.recuperating_nm(at, released)
            }
        };
        let front_most = most(front, &at_front, past.released[0]);
        let rear_most = most(rear, &at_rear, past.released[1]);
        // Ends of what the front unit may take, by magnitude.
        let sign = if torque_nm > 0.0 { 1.0 } else { -1.0 };
        let low = (sign * (torque_nm - rear_most)).max(0.0);
        let high = (sign * front_most).min(sign * torque_nm);
        if low >= high {
            return Some(sign * high.max(0.0));
        }
        let loss_w = |magnitude: f64| {
            let front_nm = sign * magnitude;
            front.table.lookup.loss_w(&at_front, front_nm)
                + rear.table.lookup.loss_w(&at_rear, torque_nm - front_nm)
        };
        let mut best = (low, loss_w(low));
        let mut try_at = |magnitude: f64| {
            if magnitude > low && magnitude <= high {
                let loss_w = loss_w(magnitude);
                if loss_w < best.1 {
                    best = (magnitude, loss_w);
                }
            }
        };
        try_at(high);
        let knots = |at: &AtSpeed, load: f64| (load * at.envelope_nm(sign)).abs();
        let of_sign = |load: &&f64| **load * sign > 0.0;
        for load in front.table.drive.map.load.iter().filter(of_sign) {
            try_at(knots(&at_front, *load));
        }
        for load in rear.table.drive.map.load.iter().filter(of_sign) {
            try_at(sign * torque_nm - knots(&at_rear, *load));
        }
        Some(sign * best.0)
    }

    /// One unit is uncoupled and the other overcomes its drag; `None` where it cannot be.
    fn one_rests(&self, point: &Point, resting: usize, past: &Past) -> Option<Driven> {
        let (drag_nm, _) = self.units.get(resting)?.open(point.speed_rad_per_s)?;
        let working = &self.units.get(1 - resting)?.table.drive;
        let with_drag = Point {
            torque_nm: point.torque_nm + drag_nm,
            ..*point
        };
        let (mut asked, mut rests) = ([0.0; 2], [false; 2]);
        asked[1 - resting] = asked_torque_nm(&with_drag, 1.0, working.inertia_kg_m2);
        rests[resting] = true;
        Some(self.drive(point, asked, rests, past))
    }

    /// The units' torques and power when torques are asked of them, within all limits.
    fn drive(&self, point: &Point, asked: [f64; 2], rests: [bool; 2], past: &Past) -> Driven {
        let speed = point.speed_rad_per_s;
        let mut driven = Driven {
            rests,
            ..Driven::default()
        };
        for (i, unit) in self.units.iter().enumerate() {
            if let (true, Some((drag_nm, open))) = (rests[i], unit.open(speed)) {
                driven.torque_nm[i] = -drag_nm;
                driven.loss_w[i] = drag_nm * speed + open.holding_power_w;
                driven.dc_w += open.holding_power_w;
                continue;
            }
            let asked = asked[i];
            let Some(at) = unit.table.lookup.at_any(speed) else {
                driven.missing_n += asked.max(0.0) / self.radius_m;
                continue;
            };
            let torque = self.limited_nm(i, &at, (speed, asked, driven.dc_w), past);
            let missing = asked.max(0.0) - torque.max(0.0);
            if missing > asked.abs() * 1e-9 {
                driven.missing_n += missing / self.radius_m;
            }
            let mut loss_w = unit.table.lookup.loss_w(&at, torque);
            if past.rested[i] {
                // A unit that closes is brought up to speed first.
                let inertia = unit.table.drive.inertia_kg_m2;
                driven.closing_w += 0.5 * inertia * speed * speed / point.duration_s;
                loss_w += driven.closing_w;
            }
            driven.torque_nm[i] = torque;
            driven.loss_w[i] = loss_w;
            driven.dc_w += torque * speed + loss_w;
        }
        driven
    }

    /// Torque within envelope, software, derating and battery.
    fn limited_nm(
        &self,
        i: usize,
        at: &AtSpeed,
        (speed, asked, dc_w): (f64, f64, f64),
        past: &Past,
    ) -> f64 {
        let unit = &self.units[i];
        if asked > 0.0 {
            let torque = asked.min(unit.motoring_nm(at, speed, past.released[i]));
            let left_w = self.battery_w - dc_w;
            return unit.table.lookup.within_power_nm(at, speed, torque, left_w);
        }
        let torque = asked.max(unit.recuperating_nm(at, past.released[i]));
        unit.within_charge(at, (speed, torque, dc_w))
    }

    /// Modes of the steady heat of each unit, and its share of its highest speed.
    pub(crate) fn steady(&self, point: &Point, driven: &Driven) -> [(ByLump, f64); 2] {
        let mut steady = [([0.0; LUMPS], 0.0); 2];
        for (i, unit) in self.units.iter().enumerate() {
            let Some(modes) = &unit.table.modes else {
                continue;
            };
            if driven.rests[i] {
                steady[i].0 = modes.steady_at_rest(driven.loss_w[i]);
                continue;
            }
            steady[i].1 = modes.speed_share(point.speed_rad_per_s);
            if let Some(at) = unit.table.lookup.at_any(point.speed_rad_per_s) {
                steady[i].0 = unit.table.steady(&at, driven.torque_nm[i]);
            }
        }
        steady
    }
}

impl<'a> Fitted<'a> {
    fn motoring_nm(&self, at: &AtSpeed, speed: f64, released: f64) -> f64 {
        let software = self.limits.motoring_nm(&self.table.lookup, at, speed);
        software.min(released * at.torque_max_nm)
    }

    fn recuperating_nm(&self, at: &AtSpeed, released: f64) -> f64 {
        let software = self.limits.recuperating_nm(at);
        software.max(released * at.torque_min_nm)
    }

    /// Drag on the axle, N·m, and what it takes to be uncoupled, where it can be at a speed.
    fn open(&self, speed: f64) -> Option<(f64, &'a OpenAxle)> {
        let open = self.table.drive.open?;
        let at = self.table.lookup.at_any(speed)?;
        Some((at.along(&open.drag_nm), open))
    }

    /// Recuperating torque that the battery can take on top of the DC power already there.
    fn within_charge(&self, at: &AtSpeed, (speed, torque, dc_w): (f64, f64, f64)) -> f64 {
        let lowest_w = -self.limits.charge_w;
        let power_w = |torque: f64| dc_w + torque * speed + self.table.lookup.loss_w(at, torque);
        if torque == 0.0 || power_w(torque) >= lowest_w {
            return torque;
        }
        let (mut low, mut high) = (torque, 0.0);
        for _ in 0..40 {
            let middle = 0.5 * (low + high);
            if power_w(middle) >= lowest_w {
                high = middle;
            } else {
                low = middle;
            }
        }
        high
    }
}
