//! Mass and inertia of a gear set from its geometry.

use std::f64::consts::PI;

use codrive_model::gear_set::{GearLayout, GearSet, GearStage};

const STEEL_KG_PER_M3: f64 = 7_850.0;
const ALUMINIUM_KG_PER_M3: f64 = 2_700.0;
/// Wheels have webs: share of a solid disc (assumed, as the shipped sets).
const WEB: f64 = 0.6;
/// Ring body outside its teeth over the module.
const RING_BODY: f64 = 6.0;
/// Differential over torque on the axle, kg/(N·m): 5 to 6 kg at 3.5 kN·m (assumed).
const DIFFERENTIAL_KG_PER_NM: f64 = 1.6e-3;
/// Carrier over its planets, sun and ring teeth (assumed).
const CARRIER: f64 = 0.7;
/// A bearing over the cube of its mean diameter, kg/m³: 6210, 0.46 kg, 70 mm.
const BEARING_KG_PER_M3: f64 = 1_340.0;
/// Shaft diameter 2.17 (1.5 T/σ)^(1/3) in mm, N·mm, MPa with σ = 236 MPa (Naunheimer), length beyond
/// its gears, m; share that is not bored hollow.
const SHAFT_MPA: f64 = 520.0 * 0.85 * 0.8 / 1.5;
const SHAFT_BEYOND_M: f64 = 0.08;
const SHAFT_FILL: f64 = 0.8;
/// Housing: wall, m, factor for ribs and flanges, room around the gears, m (assumed).
const WALL_M: f64 = 4.5e-3;
const RIBS: f64 = 1.3;
const ROOM_M: f64 = 0.010;
const DEPTH_BEYOND_M: f64 = 0.05;
/// Oil, kg (1 L).
const OIL_KG: f64 = 0.85;

/// Masses of the parts, kg.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Parts {
    gears_kg: f64,
    shafts_kg: f64,
    differential_kg: f64,
    bearings_kg: f64,
    housing_kg: f64,
}

impl Parts {
    pub(super) fn total_kg(&self) -> f64 {
        self.gears_kg
            + self.shafts_kg
            + self.differential_kg
            + self.bearings_kg
            + self.housing_kg
            + OIL_KG
    }
}

fn disc_kg(diameter_m: f64, width_m: f64) -> f64 {
    0.25 * PI * diameter_m * diameter_m * width_m * STEEL_KG_PER_M3
}

fn pinion_kg(stage: &GearStage) -> f64 {
    disc_kg(stage.pinion_diameter_m(), stage.face_width_m)
}

fn wheel_kg(stage: &GearStage) -> f64 {
    let d = stage.wheel_diameter_m();
    if stage.internal {
        let body = d + 2.0 * RING_BODY * stage.module_m;
        disc_kg(body, stage.face_width_m) - disc_kg(d, stage.face_width_m)
    } else {
        WEB * disc_kg(d, stage.face_width_m)
    }
}

pub(super) fn of(set: &GearSet) -> Parts {
    let planets = |stage: &GearStage| f64::from(stage.meshes);
    let bearings_kg = set
        .shafts
        .iter()
        .map(|s| f64::from(s.bearings) * BEARING_KG_PER_M3 * s.bearing_diameter_m.powi(3))
        .sum();
    let (gears_kg, carrier_kg) = match (set.layout, &set.stages[..]) {
        (GearLayout::CoaxialPlanetary, [sun, ring]) => {
            let small = planets(ring) * pinion_kg(ring);
            let large = planets(sun) * wheel_kg(sun);
            let all = pinion_kg(sun) + large + small + wheel_kg(ring);
            (all, CARRIER * (large + small))
        }
        (_, stages) => (stages.iter().map(|s| pinion_kg(s) + wheel_kg(s)).sum(), 0.0),
    };
    Parts {
        gears_kg: gears_kg + carrier_kg,
        shafts_kg: shafts_kg(set),
        differential_kg: DIFFERENTIAL_KG_PER_NM * set.rated_input_torque_nm * set.ratio,
        bearings_kg,
        housing_kg: housing_kg(set),
    }
}

/// Input and intermediate shaft.
fn shafts_kg(set: &GearSet) -> f64 {
    let width: f64 = set.stages.iter().map(|s| s.face_width_m).sum();
    let mut torque_nm = set.rated_input_torque_nm;
    let mut sum = 0.0;
    for stage in set.stages.iter().filter(|stage| !stage.internal) {
        let d = 2.17e-3 * (1.5 * torque_nm * 1e3 / SHAFT_MPA).cbrt();
        sum += SHAFT_FILL * disc_kg(d, width + SHAFT_BEYOND_M);
        torque_nm *= stage.tooth_ratio() / f64::from(stage.meshes);
    }
    sum
}

/// An aluminium shell around the gears.
fn housing_kg(set: &GearSet) -> f64 {
    let width: f64 = set.stages.iter().map(|s| s.face_width_m).sum();
    let depth = width + DEPTH_BEYOND_M;
    let largest = set
        .stages
        .iter()
        .map(GearStage::wheel_diameter_m)
        .fold(0.0, f64::max);
    let area = match (set.layout, set.stages.first(), set.stages.last()) {
        (GearLayout::OffsetTwoStage, Some(first), Some(last)) => {
            let axes: f64 = set.stages.iter().map(GearStage::centre_distance_m).sum();
            let ends = 0.5 * (first.pinion_diameter_m() + last.wheel_diameter_m());
            let (length, height) = (axes + ends + 2.0 * ROOM_M, largest + 2.0 * ROOM_M);
            // The sides taper towards the pinion.
            1.6 * length * height + 2.0 * (length + height) * depth
        }
        (_, Some(sun), _) => {
            let planets = 2.0 * sun.centre_distance_m() + sun.wheel_diameter_m();
            let d = largest.max(planets) + 2.0 * ROOM_M;
            0.5 * PI * d * d + PI * d * depth
        }
        _ => 0.0,
    };
    area * WALL_M * RIBS * ALUMINIUM_KG_PER_M3
}

/// Moment of inertia at the input, kg·m²: gears as discs, each with its speed squared; planets turn
/// about their own axis and with the carrier.
pub(super) fn input_inertia_kg_m2(set: &GearSet) -> f64 {
    let disc = |mass_kg: f64, d: f64| mass_kg * d * d / 8.0;
    let pinion = |s: &GearStage| disc(pinion_kg(s), s.pinion_diameter_m());
    let wheel = |s: &GearStage| disc(wheel_kg(s), s.wheel_diameter_m());
    match (set.layout, &set.stages[..]) {
        (GearLayout::CoaxialPlanetary, [sun, ring]) => {
            let planets = f64::from(sun.meshes);
            let carrier = 1.0 / set.ratio;
            let spin = (1.0 - carrier) / sun.tooth_ratio();
            let turning = planets * (wheel(sun) + pinion(ring)) * spin * spin;
            let orbiting = planets * (wheel_kg(sun) + pinion_kg(ring)) * (1.0 + CARRIER);
            let radius = sun.centre_distance_m();
            pinion(sun) + turning + orbiting * radius * radius * carrier * carrier
        }
        (_, stages) => {
            let mut speed = 1.0;
            let mut sum = 0.0;
            for stage in stages {
                sum += pinion(stage) * speed * speed;
                speed /= stage.tooth_ratio();
                sum += wheel(stage) * speed * speed;
            }
            sum
        }
    }
}
