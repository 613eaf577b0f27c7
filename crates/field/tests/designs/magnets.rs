//! Magnets that fit a random rotor.

use super::{Random, RotorRoom, Table, deg, mm, table};

/// Steel that is left between shapes, mm.
const STEEL: f64 = 0.8;

/// Magnets of a random template, and the radius down to which the rotor is free of them.
pub(crate) fn random(random: &mut Random, room: &RotorRoom) -> (Vec<Table>, f64) {
    let mut attempt = || match random.case(7) {
        0 => v(random, room),
        1 => double_v(random, room),
        2 => v_and_bar(random, room),
        3 => bar(random, room),
        4 => spoke(random, room),
        _ => surface(random, room),
    };
    (0..500).find_map(|_| attempt()).unwrap()
}

/// One V, as the corners that matter.
struct Arm {
    half: f64,
    thickness: f64,
    width: f64,
    depth: f64,
    bridge: f64,
    rib: f64,
    /// Radius and angle of the magnet's outer corners: shaft side, gap side.
    corners: [(f64, f64); 2],
    /// Angles at which the barrier meets the bridge: shaft side, gap side.
    barrier: [f64; 2],
    apex_x: f64,
}

impl Arm {
    /// An arm whose shaft-side outer corner lies at a radius and an angle from the d axis.
    fn to(
        room: &RotorRoom,
        at: (f64, f64),
        half: f64,
        thickness: f64,
        bridge: f64,
        rib: f64,
    ) -> Option<Self> {
        let (x, y) = (at.0 * at.1.cos(), at.0 * at.1.sin());
        let length = (y - rib / 2.0) / half.sin();
        let start = (thickness * half.cos() / half.sin()).max(0.0) + 0.15 * thickness;
        let apex_x = x - length * half.cos();
        let gap_side = (x + thickness * half.sin(), y - thickness * half.cos());
        let corners = [(x, y), gap_side].map(|(x, y)| (x.hypot(y), y.atan2(x)));
        let limit = room.radius - bridge;
        let barrier = [(x, y), gap_side].map(|(x, y)| {
            let b = x * half.cos() + y * half.sin();
            let s = -b + (b * b - x * x - y * y + limit * limit).max(0.0).sqrt();
            (y + s * half.sin()).atan2(x + s * half.cos())
        });
        let arm = Self {
            half,
            thickness,
            width: length - start,
            depth: room.radius - apex_x,
            bridge,
            rib,
            corners,
            barrier,
            apex_x,
        };
        let below = arm.corners.iter().all(|c| c.0 < limit - 0.5);
        let inside = arm.barrier[0] < 0.95 * room.half_pole
            && room.radius * (room.half_pole - arm.barrier[0]) > STEEL;
        let sound =
            below && inside && arm.width > 1.5 * thickness && arm.apex_x > 0.2 * room.radius;
        sound.then_some(arm)
    }

    fn table(&self) -> Table {
        table(
            "[[rotor.v]]",
            &[
                ("magnet_width", mm(self.width)),
                ("magnet_thickness", mm(self.thickness)),
                ("v_angle", deg(2.0 * self.half)),
                ("depth", mm(self.depth)),
                ("bridge", mm(self.bridge)),
                ("rib", mm(self.rib)),
            ],
        )
    }

    /// Where the gap side of the channel crosses the d axis.
    fn inner_x(&self) -> f64 {
        self.apex_x + self.thickness / self.half.sin()
    }
}

fn random_arm(random: &mut Random, room: &RotorRoom) -> Option<Arm> {
    let r = room.radius;
    let bridge = (random.within(0.008, 0.03) * r).max(0.4);
    let rib = random.within(0.01, 0.05) * r;
    let thickness = random.within(0.03, 0.08) * r;
    let half = random.within(40.0, 86.0).to_radians();
    let at = (
        r - bridge - random.within(1.0, 1.0 + 0.12 * r),
        random.within(0.5, 0.9) * room.half_pole,
    );
    Arm::to(room, at, half, thickness, bridge, rib)
}

fn v(random: &mut Random, room: &RotorRoom) -> Option<(Vec<Table>, f64)> {
    let arm = random_arm(random, room)?;
    Some((vec![arm.table()], arm.apex_x - STEEL))
}

/// Two parallel channels, the outer one nearer to the gap.
fn double_v(random: &mut Random, room: &RotorRoom) -> Option<(Vec<Table>, f64)> {
    let inner = random_arm(random, room)?;
    let steel = random.within(0.04, 0.1) * room.radius;
    let shift = (inner.thickness + steel.max(1.5)) / inner.half.sin();
    let apex_x = inner.apex_x + shift;
    let thickness = random.within(0.6, 1.0) * inner.thickness;
    // The outer arm ends so that its shaft-side corner lies below the same bridge.
    let limit = room.radius - inner.bridge - random.within(1.0, 1.0 + 0.05 * room.radius);
    let (c, s) = (inner.half.cos(), inner.half.sin());
    let b = apex_x * c + inner.rib / 2.0 * s;
    let square = b * b - apex_x * apex_x - inner.rib * inner.rib / 4.0 + limit * limit;
    if square < 0.0 {
        return None;
    }
    let length = random.within(0.7, 1.0) * (square.sqrt() - b);
    let (x, y) = (apex_x + length * c, inner.rib / 2.0 + length * s);
    let at = (x.hypot(y), y.atan2(x));
    let outer = Arm::to(room, at, inner.half, thickness, inner.bridge, inner.rib)?;
    Some((vec![inner.table(), outer.table()], inner.apex_x - STEEL))
}

/// A flat magnet with barriers at 45°; half its width, the barrier's angle at the bridge.
struct Flat {
    width: f64,
    thickness: f64,
    depth: f64,
    bridge: f64,
    back_x: f64,
    end_angle: f64,
}

impl Flat {
    fn new(room: &RotorRoom, [width, thickness, depth, bridge]: [f64; 4]) -> Option<Self> {
        let (face, back) = (room.radius - depth, room.radius - depth - thickness);
        let limit = room.radius - bridge;
        let half = width / 2.0;
        if face.hypot(half) > limit - 0.5 {
            return None;
        }
        let b = (back + half) / 2.0_f64.sqrt();
        let s = -b + (b * b - back * back - half * half + limit * limit).sqrt();
        let (x, y) = (back + s / 2.0_f64.sqrt(), half + s / 2.0_f64.sqrt());
        let end_angle = y.atan2(x);
        let inside = end_angle < 0.95 * room.half_pole
            && room.radius * (room.half_pole - end_angle) > STEEL
            && back.hypot(half) * (room.half_pole - half.atan2(back)) > STEEL;
        inside.then_some(Self {
            width,
            thickness,
            depth,
            bridge,
            back_x: back,
            end_angle,
        })
    }

    fn table(&self) -> Table {
        table(
            "[[rotor.bar]]",
            &[
                ("magnet_width", mm(self.width)),
                ("magnet_thickness", mm(self.thickness)),
                ("depth", mm(self.depth)),
                ("bridge", mm(self.bridge)),
            ],
        )
    }
}

fn bar(random: &mut Random, room: &RotorRoom) -> Option<(Vec<Table>, f64)> {
    let r = room.radius;
    let flat = Flat::new(
        room,
        [
            random.within(0.4, 1.6) * r * room.half_pole.sin(),
            random.within(0.03, 0.08) * r,
            random.within(0.04, 0.2) * r,
            (random.within(0.008, 0.03) * r).max(0.4),
        ],
    )?;
    Some((vec![flat.table()], flat.back_x - STEEL))
}

fn v_and_bar(random: &mut Random, room: &RotorRoom) -> Option<(Vec<Table>, f64)> {
    let arm = random_arm(random, room)?;
    let r = room.radius;
    let thickness = random.within(0.5, 0.9) * arm.thickness;
    let depth = random.within(0.03, 0.08) * r;
    let back = r - depth - thickness;
    if back - arm.inner_x() < 2.0 * STEEL {
        return None;
    }
    let width = random.within(0.3, 0.8) * 2.0 * r * arm.barrier[1].sin();
    let flat = Flat::new(room, [width, thickness, depth, arm.bridge])?;
    // Steel between the flat magnet's corner and its barrier, and the channel of the V.
    let distance = (back - arm.inner_x()) * arm.half.sin() - width / 2.0 * arm.half.cos();
    let to_barrier = r * (arm.barrier[1] - flat.end_angle);
    let clear = distance > 2.0 * STEEL && to_barrier > 2.0 * STEEL;
    let corner = arm.corners[1].1 > flat.end_angle;
    (clear && corner).then(|| (vec![arm.table(), flat.table()], arm.apex_x - STEEL))
}

fn spoke(random: &mut Random, room: &RotorRoom) -> Option<(Vec<Table>, f64)> {
    let r = room.radius;
    let bridge = (random.within(0.008, 0.03) * r).max(0.4);
    let half = random.within(0.02, 0.1) * r;
    let roof = ((r - bridge) * (r - bridge) - half * half).sqrt();
    let depth = r - roof + [0.0, random.within(0.5, 3.0)][random.case(2)] + 1e-4;
    let width = random.within(0.2, 0.5) * r;
    let pocket = [0.0, random.within(0.5, 3.0)][random.case(2)];
    let foot = r - depth - width - pocket;
    let sound = foot > 0.25 * r && foot * room.half_pole.sin() > half + STEEL;
    sound.then(|| {
        let keys = [
            ("magnet_width", mm(width)),
            ("magnet_thickness", mm(2.0 * half)),
            ("depth", mm(depth)),
            ("bridge", mm(bridge)),
            ("inner_pocket", mm(pocket)),
        ];
        (vec![table("[[rotor.spoke]]", &keys)], foot - STEEL)
    })
}

fn surface(random: &mut Random, room: &RotorRoom) -> Option<(Vec<Table>, f64)> {
    let r = room.radius;
    let thickness = random.within(0.03, 0.15) * r;
    let base = r - thickness;
    let pole_arc = [random.within(0.4, 0.97), 1.0][usize::from(random.case(5) == 0)];
    let parallel = random.case(2) == 0;
    let y = r * (pole_arc * room.half_pole).sin();
    if parallel && (y > 0.98 * base || base * (room.half_pole - (y / base).asin()) < 0.3) {
        return None;
    }
    let inset = match random.case(4) {
        0 => thickness,
        1 => random.within(0.2, 0.8) * thickness,
        _ => 0.0,
    };
    let keys = [
        ("magnet_thickness", mm(thickness)),
        ("pole_arc", format!("\"{:.4} %\"", 100.0 * pole_arc)),
        (
            "magnetisation",
            ["\"parallel\"", "\"radial\""][random.case(2)].to_owned(),
        ),
        (
            "sides",
            ["\"radial\"", "\"parallel\""][usize::from(parallel)].to_owned(),
        ),
        ("segments", (1 + random.case(5)).to_string()),
        ("inset", mm(inset)),
    ];
    Some((vec![table("[[rotor.surface]]", &keys)], base - STEEL))
}
