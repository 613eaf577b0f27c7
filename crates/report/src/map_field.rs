//! Efficiency or loss over speed and load, and filled contours of it over speed and torque.
//!
//! Contours are made over (speed, load), where the table is a rectangle that ends at the envelope,
//! and only then carried to (speed, torque): nothing is drawn beyond the envelope and nothing is
//! cut off before it.

use codrive_model::operating_map::{OperatingMap, cell};
use contour::ContourBuilder;

use crate::number::rpm;

/// What the power flows through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// From the DC terminals to the shaft of the map.
    Unit,
    /// Winding, laminations, magnets, bearings.
    Machine,
    /// Inverter.
    Inverter,
    /// Gear set.
    Gear,
}

/// A quantity on a grid finer than the map's, on which the envelope's knots are kept.
#[derive(Clone, Debug)]
pub(crate) struct MapField<'a> {
    map: &'a OperatingMap,
    speed: Vec<f64>,
    load: Vec<f64>,
    /// Row-major with load fastest.
    values: Vec<f64>,
}

impl<'a> MapField<'a> {
    /// Efficiency of a stage; `None` if the map's tables do not fit each other.
    pub(crate) fn efficiency(map: &'a OperatingMap, stage: Stage) -> Option<Self> {
        Self::of(map, |speed, load| stage_efficiency(map, stage, speed, load))
    }

    /// Loss of a stage, W; `None` if the map's tables do not fit each other.
    pub(crate) fn loss_w(map: &'a OperatingMap, stage: Stage) -> Option<Self> {
        Self::of(map, |speed, load| stage_loss_w(map, stage, speed, load))
    }

    fn of(map: &'a OperatingMap, value: impl Fn(f64, f64) -> f64) -> Option<Self> {
        if !is_consistent(map) {
            return None;
        }
        let speed = refined(&map.speed_rad_per_s, 96);
        let load = refined(&map.load, 96);
        let mut values = Vec::with_capacity(speed.len() * load.len());
        for w in &speed {
            for u in &load {
                values.push(value(*w, *u));
            }
        }
        Some(Self {
            map,
            speed,
            load,
            values,
        })
    }

    /// Highest value on the grid.
    pub(crate) fn highest(&self) -> f64 {
        self.values.iter().copied().fold(0.0, f64::max)
    }

    /// Highest speed of the map, rad/s.
    pub(crate) fn top_speed_rad_per_s(&self) -> f64 {
        self.speed.last().copied().unwrap_or(0.0)
    }

    /// Rings around everything at or above `level`: speed in rpm, torque in Nm, load.
    pub(crate) fn rings(&self, level: f64) -> Vec<Vec<[f64; 3]>> {
        let builder = ContourBuilder::new(self.load.len(), self.speed.len(), true);
        let Ok(lines) = builder.lines(&self.values, &[level]) else {
            return Vec::new();
        };
        let on_map = |line: &contour::Line| -> Vec<Vec<[f64; 3]>> {
            let rings = line.geometry().0.iter();
            rings
                .map(|ring| ring.0.iter().map(|c| self.on_map(c.x, c.y)).collect())
                .collect()
        };
        lines.iter().flat_map(on_map).collect()
    }

    /// Grid position to speed (rpm), torque (Nm) and load; samples lie at the middle of cells.
    fn on_map(&self, x: f64, y: f64) -> [f64; 3] {
        let load = along(&self.load, x - 0.5);
        let speed = along(&self.speed, y - 0.5);
        [rpm(speed), torque_at(self.map, speed, load), load]
    }
}

/// Torque of a load at a speed, Nm.
fn torque_at(map: &OperatingMap, speed: f64, load: f64) -> f64 {
    if load < 0.0 {
        -load * map.torque_min_at_nm(speed)
    } else {
        load * map.torque_max_at_nm(speed)
    }
}

fn along(axis: &[f64], position: f64) -> f64 {
    let last = axis.len() - 1;
    let position = position.clamp(0.0, last as f64);
    let i = (position as usize).min(last.saturating_sub(1));
    let t = position - i as f64;
    axis[i] * (1.0 - t) + axis[(i + 1).min(last)] * t
}

/// Whether all tables have the shape that their axes ask for.
pub(crate) fn is_consistent(map: &OperatingMap) -> bool {
    let (speeds, loads) = (map.speed_rad_per_s.len(), map.load.len());
    let split = &map.split;
    let ascending = |axis: &[f64]| axis.windows(2).all(|w| w[1] > w[0]);
    let by_speed = [
        &map.torque_max_nm,
        &map.torque_min_nm,
        &map.torque_continuous_nm,
    ];
    let by_point = [
        &map.loss_w,
        &split.copper_w,
        &split.iron_w,
        &split.magnet_w,
        &split.mechanical_w,
        &split.inverter_w,
        &split.gear_w,
    ];
    speeds >= 2
        && loads >= 2
        && ascending(&map.speed_rad_per_s)
        && ascending(&map.load)
        && by_speed.iter().all(|table| table.len() == speeds)
        && by_point.iter().all(|table| table.len() == speeds * loads)
}

/// All knots of `axis` with points between them, about `target` in all, denser beside zero.
fn refined(axis: &[f64], target: usize) -> Vec<f64> {
    let usual = (target / axis.len()).clamp(1, 16);
    let mut out = Vec::new();
    for pair in axis.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let n = if a == 0.0 || b == 0.0 {
            usual.max(8)
        } else {
            usual
        };
        let position = |k: usize| {
            let t = k as f64 / n as f64;
            match (a == 0.0, b == 0.0) {
                (true, _) => t * t,
                (_, true) => 1.0 - (1.0 - t) * (1.0 - t),
                _ => t,
            }
        };
        out.extend((0..n).map(|k| a + (b - a) * position(k)));
    }
    out.extend(axis.last());
    out
}

/// A table at a speed and load, bilinear.
fn at(map: &OperatingMap, table: &[f64], speed: f64, load: f64) -> f64 {
    let (i, t) = cell(&map.speed_rad_per_s, speed);
    let (j, u) = cell(&map.load, load);
    let n = map.load.len();
    let row = |i: usize| table[i * n + j] * (1.0 - u) + table[i * n + j + 1] * u;
    row(i) * (1.0 - t) + row(i + 1) * t
}

fn stage_efficiency(map: &OperatingMap, stage: Stage, speed: f64, load: f64) -> f64 {
    let loss = |stage| stage_loss_w(map, stage, speed, load);
    let output = torque_at(map, speed, load) * speed;
    let towards_the_axle = match stage {
        Stage::Unit | Stage::Gear => 0.0,
        Stage::Machine => loss(Stage::Gear),
        Stage::Inverter => loss(Stage::Gear) + loss(Stage::Machine),
    };
    efficiency(output + towards_the_axle, loss(stage))
}

fn stage_loss_w(map: &OperatingMap, stage: Stage, speed: f64, load: f64) -> f64 {
    let split = &map.split;
    let tables: &[&[f64]] = match stage {
        Stage::Unit => &[&map.loss_w],
        Stage::Gear => &[&split.gear_w],
        Stage::Inverter => &[&split.inverter_w],
        Stage::Machine => &[
            &split.copper_w,
            &split.iron_w,
            &split.magnet_w,
            &split.mechanical_w,
        ],
    };
    tables.iter().map(|t| at(map, t, speed, load)).sum()
}

/// Power out over power in, in the direction in which it flows; 0 where both ends take power.
///
/// `output_w` is the signed power at the end nearer to the axle.
fn efficiency(output_w: f64, loss_w: f64) -> f64 {
    let input_w = output_w + loss_w;
    let value = if output_w > 0.0 && input_w > 0.0 {
        output_w / input_w
    } else if output_w < 0.0 && input_w < 0.0 {
        input_w / output_w
    } else {
        0.0
    };
    if value.is_finite() { value } else { 0.0 }
}

/// Leaves out points of a ring that lie within `tolerance` of the line without them (px).
pub(crate) fn simplified(points: &[(f64, f64)], tolerance: f64) -> Vec<(f64, f64)> {
    if points.len() < 4 {
        return points.to_vec();
    }
    let mut keep = vec![false; points.len()];
    let middle = points.len() / 2;
    let last = points.len() - 1;
    for fixed in [0, middle, last] {
        keep[fixed] = true;
    }
    let mut pending = vec![(0, middle), (middle, last)];
    while let Some((from, to)) = pending.pop() {
        let farthest = (from + 1..to)
            .map(|k| (k, distance(points[k], points[from], points[to])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((k, _)) = farthest.filter(|(_, far)| *far > tolerance) {
            keep[k] = true;
            pending.extend([(from, k), (k, to)]);
        }
    }
    points
        .iter()
        .zip(keep)
        .filter(|(_, keep)| *keep)
        .map(|(p, _)| *p)
        .collect()
}

/// Distance of `p` from the segment `a`–`b`.
fn distance(p: (f64, f64), a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length2 = dx * dx + dy * dy;
    let along = ((p.0 - a.0) * dx + (p.1 - a.1) * dy) / length2.max(1e-12);
    let t = along.clamp(0.0, 1.0);
    ((p.0 - a.0 - t * dx).powi(2) + (p.1 - a.1 - t * dy).powi(2)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use codrive_model::operating_map::LossSplit;

    /// Constant loss of 1 kW, torque falling from 200 to 50 Nm.
    fn map() -> OperatingMap {
        let zero = vec![0.0; 9];
        OperatingMap {
            dc_voltage_v: 400.0,
            speed_rad_per_s: vec![0.0, 100.0, 400.0],
            torque_max_nm: vec![200.0, 200.0, 50.0],
            torque_min_nm: vec![-150.0, -150.0, -40.0],
            torque_continuous_nm: vec![100.0, 100.0, 30.0],
            load: vec![-1.0, 0.0, 1.0],
            loss_w: vec![1000.0; 9],
            split: LossSplit {
                copper_w: vec![1000.0; 9],
                iron_w: zero.clone(),
                magnet_w: zero.clone(),
                mechanical_w: zero.clone(),
                inverter_w: zero.clone(),
                gear_w: zero,
            },
        }
    }

    #[test]
    fn efficiency_follows_the_flow_of_power() {
        assert_eq!(efficiency(9_000.0, 1_000.0), 0.9);
        assert_eq!(efficiency(-10_000.0, 1_000.0), 0.9);
        assert_eq!(efficiency(-500.0, 1_000.0), 0.0);
        assert_eq!(efficiency(0.0, 0.0), 0.0);
    }

    #[test]
    fn contours_end_at_the_envelope_and_not_beyond() {
        let map = map();
        let field = MapField::efficiency(&map, Stage::Unit).unwrap();
        let rings = field.rings(0.5);
        assert!(!rings.is_empty());
        let mut touches = false;
        for [n, torque, load] in rings.into_iter().flatten() {
            let w = n * std::f64::consts::PI / 30.0;
            assert!(torque <= map.torque_max_at_nm(w) + 1e-9);
            assert!(torque >= map.torque_min_at_nm(w) - 1e-9);
            touches |= load == 1.0;
        }
        assert!(touches);
    }

    #[test]
    fn contours_lie_where_the_loss_says() {
        // Half of the power is lost where T·ω = 1 kW.
        let map = map();
        let field = MapField::efficiency(&map, Stage::Unit).unwrap();
        let is_inside = |p: &[f64; 3]| p[0] < 3_800.0 && p[2] > 0.02 && p[2] < 0.9;
        let inner = field.rings(0.5).into_iter().flatten().filter(is_inside);
        for [n, torque, _] in inner {
            let power = torque * n * std::f64::consts::PI / 30.0;
            assert!((power - 1000.0).abs() < 60.0, "{power} W at {n} rpm");
        }
    }

    #[test]
    fn the_loss_is_the_same_at_every_point_of_this_map() {
        let map = map();
        let field = MapField::loss_w(&map, Stage::Machine).unwrap();
        assert_eq!(field.highest(), 1000.0);
        assert!(field.values.iter().all(|w| *w == 1000.0));
        assert_eq!(MapField::loss_w(&map, Stage::Gear).unwrap().highest(), 0.0);
    }

    #[test]
    fn a_map_of_the_wrong_shape_is_refused() {
        let mut map = map();
        map.loss_w.pop();
        assert!(MapField::efficiency(&map, Stage::Unit).is_none());
    }

    #[test]
    fn straight_runs_lose_their_inner_points() {
        let ring: Vec<_> = (0..=10).map(|k| (f64::from(k), 0.0)).collect();
        assert_eq!(simplified(&ring, 0.1).len(), 3);
    }
}
