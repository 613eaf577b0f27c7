//! Gear sets sized for a torque, a ratio and a duty: teeth, widths, bearings, mass, inertia.

use std::f64::consts::PI;

use codrive_model::gear_set::{
    BearingKind, GearLayout, GearSet, GearShaft, GearStage, Lubrication, Oil,
};

use super::duty::{DutyBlock, equivalent_share};
use super::formula::first_stage_ratio;
use super::mass;
use super::stage::{LEAST_MODULE_M, MeshLoad, Shape, gcd, holds, safety};
use super::strength::{FLANK, ROOT};
use crate::error::{DriveError, positive};

pub use super::stage::Safety;

/// Speeds of bearings and seals grow with the cube root of torque from this set's: 260 N·m, as shipped.
const TYPICAL_NM: f64 = 260.0;
const BEARINGS_M: [f64; 3] = [0.050, 0.054, 0.082];
const SEALS_M: [f64; 2] = [0.032, 0.045];
/// Axle shaft inside a sun: shear stress at peak torque, Pa; clearance and wall around it, m.
const SHAFT_SHEAR_PA: f64 = 500e6;
const SUN_CLEARANCE_M: f64 = 0.004;
const SUN_WALL_M: f64 = 0.005;
/// Least gap between planets, m.
const PLANET_GAP_M: f64 = 0.002;

/// What a gear set is wanted for.
#[derive(Clone, Debug)]
pub struct Demand<'a> {
    /// Id of the set.
    pub id: String,
    /// Motor speed over axle speed; the teeth meet it within 1 %.
    pub ratio: f64,
    /// Peak torque at the input, N·m.
    pub peak_torque_nm: f64,
    /// Highest speed of the input, rad/s.
    pub max_input_speed_rad_per_s: f64,
    /// The life at the input.
    pub duty: &'a [DutyBlock],
}

/// How sets are laid out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// Application, dynamic and distribution factors together.
    pub load_factor: f64,
    /// Least S_H.
    pub flank_safety: f64,
    /// Least S_F.
    pub root_safety: f64,
    /// Helix angle of the first and the second stage, rad.
    pub helix_angle_rad: [f64; 2],
    /// Face width over pinion diameter of the first and the second stage.
    pub width_ratio: [f64; 2],
    /// Planets.
    pub planets: u32,
    /// Torque of the most loaded planet over the mean.
    pub load_share: f64,
}

impl Default for Rules {
    /// - Load factor 1.5: application and load factors together 1.4 to 1.8 (assumed).
    /// - S_H 1.0, S_F 1.4 (usual).
    /// - Helix 25° and 20°; widths 0.75 and 0.85 pinion diameters: teardowns of the ID.3 and the Model 3 have
    ///   0.74 and 0.69, 0.85 and 0.76.
    /// - Three planets, load share 1.15: middle of 1.1 to 1.25 (assumed).
    fn default() -> Self {
        Self {
            load_factor: 1.5,
            flank_safety: 1.0,
            root_safety: 1.4,
            helix_angle_rad: [25.0_f64.to_radians(), 20.0_f64.to_radians()],
            width_ratio: [0.75, 0.85],
            planets: 3,
            load_share: 1.15,
        }
    }
}

/// A sized gear set.
#[derive(Clone, Debug, PartialEq)]
pub struct Sized {
    /// The set.
    pub set: GearSet,
    /// Safety factors of its stages for the duty.
    pub safety: Vec<Safety>,
}

impl Demand<'_> {
    fn check(&self, rules: &Rules) -> Result<(), DriveError> {
        positive("peak torque in N·m", self.peak_torque_nm)?;
        positive("highest speed in rad/s", self.max_input_speed_rad_per_s)?;
        let ratio = |least: f64, most: f64| (least..=most).contains(&self.ratio);
        if !ratio(4.0, 20.0) {
            return Err(DriveError::OutOfRange {
                what: "ratio of a gear set to size",
                value: self.ratio,
                allowed: "4 to 20",
            });
        }
        positive("load factor", rules.load_factor)?;
        positive("flank safety", rules.flank_safety)?;
        positive("root safety", rules.root_safety)?;
        for i in 0..2 {
            positive("face width over pinion diameter", rules.width_ratio[i])?;
            let helix = rules.helix_angle_rad[i];
            if !(0.0..=0.6).contains(&helix) {
                return Err(DriveError::OutOfRange {
                    what: "helix angle in rad",
                    value: helix,
                    allowed: "0 to 0.6",
                });
            }
        }
        if !(3..=6).contains(&rules.planets) || !(1.0..=2.0).contains(&rules.load_share) {
            return Err(DriveError::OutOfRange {
                what: "number of planets or their load share",
                value: f64::from(rules.planets),
                allowed: "3 to 6 planets, share 1 to 2",
            });
        }
        Ok(())
    }

    /// Torque at the pinion of a mesh, over that at the input, with `cycles` load cycles a revolution
    /// of the input, as the flank and the root count it.
    fn load(&self, torque_ratio: f64, cycles: f64) -> Result<MeshLoad, DriveError> {
        let torque_nm = self.peak_torque_nm * torque_ratio;
        Ok(MeshLoad {
            flank_nm: torque_nm * equivalent_share(self.duty, cycles, &FLANK)?,
            root_nm: torque_nm * equivalent_share(self.duty, cycles, &ROOT)?,
        })
    }
}

/// Two helical stages beside each other, the ratio split as Römhild does.
///
/// # Errors
/// A demand or rules that cannot be, by name.
pub fn offset_two_stage(demand: &Demand<'_>, rules: &Rules) -> Result<Sized, DriveError> {
    demand.check(rules)?;
    let shape = |i: usize, ratio: f64| Shape {
        ratio,
        helix_angle_rad: rules.helix_angle_rad[i],
        width_ratio: rules.width_ratio[i],
        meshes: 1,
        load_share: 1.0,
        least_diameter_m: 0.0,
    };
    let first_load = demand.load(1.0, 1.0)?;
    let first = shape(0, first_stage_ratio(demand.ratio)).size(first_load, rules);
    let u = first.tooth_ratio();
    let second_load = demand.load(u, 1.0 / u)?;
    let second = shape(1, demand.ratio / u).size(second_load, rules);
    let safeties = vec![
        safety(&first, first_load, rules),
        safety(&second, second_load, rules),
    ];
    let grown = typical_growth(demand);
    let [input, middle, output] = bearing_loads(&first, &second);
    let ratio = u * second.tooth_ratio();
    let shaft = |i: usize, speed_ratio: f64, load_per_torque: f64, seal: Option<usize>| GearShaft {
        speed_ratio,
        bearing_diameter_m: BEARINGS_M[i] * grown,
        bearing_kind: BearingKind::Ball,
        bearings: 2,
        load_per_torque,
        seal_diameter_m: seal.map_or(0.0, |s| SEALS_M[s] * grown),
        seals: seal.map_or(0, |s| if s == 0 { 1 } else { 2 }),
    };
    let shafts = vec![
        shaft(0, 1.0, input, Some(0)),
        shaft(1, 1.0 / u, middle, None),
        shaft(2, 1.0 / ratio, output, Some(1)),
    ];
    let stages = vec![first, second];
    let set = finished(demand, GearLayout::OffsetTwoStage, ratio, shafts, stages);
    finish(set, safeties, rules)
}

/// Radial load of each of two bearings a shaft over torque at the input, N/(N·m): half the normal
/// forces of its meshes, as if they added up.
fn bearing_loads(first: &GearStage, second: &GearStage) -> [f64; 3] {
    let normal = |stage: &GearStage, torque: f64| {
        2.0 * torque / stage.pinion_diameter_m() / crate::gear::mesh::PRESSURE_ANGLE_RAD.cos()
    };
    let (one, two) = (normal(first, 1.0), normal(second, first.tooth_ratio()));
    [0.5 * one, 0.5 * (one + two), 0.5 * two]
}

fn typical_growth(demand: &Demand<'_>) -> f64 {
    (demand.peak_torque_nm / TYPICAL_NM).cbrt()
}

/// A coaxial set with stepped planets and fixed ring, the axle shaft through the sun: sun to large planet,
/// small planet to ring, axle on the carrier. Of all splits the one with the smallest ring.
///
/// # Errors
/// A demand or rules that cannot be, by name; no split whose planets fit beside each other.
pub fn coaxial_planetary(demand: &Demand<'_>, rules: &Rules) -> Result<Sized, DriveError> {
    demand.check(rules)?;
    let mut best: Option<(f64, [GearStage; 2], Vec<Safety>)> = None;
    for step in 0..=60 {
        let u = 1.0 + 0.05 * f64::from(step);
        let Some((stages, safeties)) = planetary_split(demand, rules, u)? else {
            continue;
        };
        if stages.iter().any(|stage| stage.module_m < LEAST_MODULE_M) {
            continue;
        }
        let size = stages[1].wheel_diameter_m().max(outer_m(&stages[0]));
        if best.as_ref().is_none_or(|(smallest, ..)| size < *smallest) {
            best = Some((size, stages, safeties));
        }
    }
    let Some((_, stages, safeties)) = best else {
        return Err(DriveError::GearSet {
            gear_set: demand.id.clone(),
            key: None,
            reason: "no planetary set of this ratio and torque has planets that fit".to_owned(),
        });
    };
    let shafts = planetary_shafts(demand, rules, &stages);
    let ratio = 1.0 + stages[0].tooth_ratio() * stages[1].tooth_ratio();
    let layout = GearLayout::CoaxialPlanetary;
    let set = finished(demand, layout, ratio, shafts, stages.to_vec());
    finish(set, safeties, rules)
}

/// Diameter that the large planets sweep, m.
fn outer_m(sun: &GearStage) -> f64 {
    2.0 * sun.centre_distance_m() + sun.wheel_diameter_m() + 2.0 * sun.module_m
}

/// Both stages with a ratio of sun to large planet; `None` where they cannot be built.
#[allow(clippy::type_complexity)]
fn planetary_split(
    demand: &Demand<'_>,
    rules: &Rules,
    u: f64,
) -> Result<Option<([GearStage; 2], Vec<Safety>)>, DriveError> {
    let planets = f64::from(rules.planets);
    let per_planet = rules.load_share / planets;
    // A revolution of the input turns the sun by 1 − 1/i against the carrier, past every planet.
    let rolling = 1.0 - 1.0 / demand.ratio;
    let sun_load = demand.load(per_planet, planets * rolling)?;
    let sun = Shape {
        ratio: u,
        helix_angle_rad: rules.helix_angle_rad[1],
        width_ratio: 0.4 * rules.width_ratio[0],
        meshes: rules.planets,
        load_share: rules.load_share,
        least_diameter_m: least_sun_m(demand),
    }
    .size(sun_load, rules);
    let u = sun.tooth_ratio();
    let planet_load = demand.load(per_planet * u, rolling / u)?;
    let Some(planet) = planet_stage(demand, rules, &sun, planet_load) else {
        return Ok(None);
    };
    let apart = 2.0 * sun.centre_distance_m() * (PI / planets).sin();
    let large = sun.wheel_diameter_m() + 2.0 * sun.module_m + PLANET_GAP_M;
    let safeties = vec![
        safety(&sun, sun_load, rules),
        safety(&planet, planet_load, rules),
    ];
    let fits = apart >= large && safeties.iter().all(|s| holds(s, rules));
    Ok(fits.then_some(([sun, planet], safeties)))
}

/// Least sun that an axle shaft fits through: half the axle torque in shear, clearance, a wall, a root.
fn least_sun_m(demand: &Demand<'_>) -> f64 {
    let half_nm = 0.5 * demand.peak_torque_nm * demand.ratio;
    let shaft_m = (16.0 * half_nm / (PI * SHAFT_SHEAR_PA)).cbrt();
    1.08 * (shaft_m + SUN_CLEARANCE_M + 2.0 * SUN_WALL_M)
}

/// Small planet and ring on the sun's axis distance, assembled with all planets alike: the narrowest
/// that holds, with the ratio within a half per cent.
fn planet_stage(
    demand: &Demand<'_>,
    rules: &Rules,
    sun: &GearStage,
    load: MeshLoad,
) -> Option<GearStage> {
    let wanted = (demand.ratio - 1.0) / sun.tooth_ratio();
    let helix = rules.helix_angle_rad[1];
    let mut best: Option<GearStage> = None;
    for teeth in 17..=36_u32 {
        for ring in ring_teeth(teeth, wanted) {
            let share = f64::from(ring) / f64::from(teeth) / wanted - 1.0;
            if share.abs() > 0.005 || !assembles(sun, teeth, ring, rules.planets) {
                continue;
            }
            let module_m = 2.0 * sun.centre_distance_m() * helix.cos() / f64::from(ring - teeth);
            let stage = GearStage {
                pinion_teeth: teeth,
                wheel_teeth: ring,
                internal: true,
                meshes: rules.planets,
                load_share: rules.load_share,
                module_m,
                helix_angle_rad: helix,
                face_width_m: 0.0,
            };
            let Some(stage) = widened(stage, load, rules) else {
                continue;
            };
            if best
                .as_ref()
                .is_none_or(|b| stage.face_width_m < b.face_width_m)
            {
                best = Some(stage);
            }
        }
    }
    best
}

fn ring_teeth(planet: u32, ratio: f64) -> std::ops::RangeInclusive<u32> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let nearest = (f64::from(planet) * ratio).round() as u32;
    nearest.saturating_sub(2).max(planet + 8)..=nearest + 2
}

/// Whether all stepped planets can be alike: (z_sun z_small + z_ring z_large) is a whole multiple
/// of the planets times the common divisor of both planets' teeth.
///
/// Source: Müller, Die Umlaufgetriebe, 2nd edition 1998.
fn assembles(sun: &GearStage, small: u32, ring: u32, planets: u32) -> bool {
    let common = gcd(sun.wheel_teeth, small);
    (sun.pinion_teeth * small + ring * sun.wheel_teeth).is_multiple_of(planets * common)
}

/// The stage with the least face width that holds, at most as wide as 1.2 planet diameters.
fn widened(stage: GearStage, load: MeshLoad, rules: &Rules) -> Option<GearStage> {
    let at = |share: f64| GearStage {
        face_width_m: share * stage.pinion_diameter_m(),
        ..stage.clone()
    };
    (8..=60)
        .map(|i| at(0.02 * f64::from(i)))
        .find(|s| holds(&safety(s, load, rules), rules))
}

/// Sun shaft, planets on rollers, carrier; of the planets' speed that against the carrier.
fn planetary_shafts(demand: &Demand<'_>, rules: &Rules, stages: &[GearStage; 2]) -> Vec<GearShaft> {
    let [sun, ring] = stages;
    let ratio = 1.0 + sun.tooth_ratio() * ring.tooth_ratio();
    let grown = typical_growth(demand);
    let per_planet = 1.0 / f64::from(rules.planets);
    // Tangential forces of both meshes of a planet add up on its pin.
    let sun_force = 2.0 * per_planet / sun.pinion_diameter_m();
    let ring_force = 2.0 * per_planet * sun.tooth_ratio() / ring.pinion_diameter_m();
    let shaft = |speed_ratio: f64, bearing_diameter_m: f64| GearShaft {
        speed_ratio,
        bearing_diameter_m,
        bearing_kind: BearingKind::Ball,
        bearings: 2,
        load_per_torque: 0.0,
        seal_diameter_m: 0.0,
        seals: 0,
    };
    vec![
        shaft(1.0, 1.3 * sun.pinion_diameter_m()),
        GearShaft {
            bearing_kind: BearingKind::Roller,
            bearings: 2 * rules.planets,
            load_per_torque: 0.5 * (sun_force + ring_force),
            ..shaft(
                (1.0 - 1.0 / ratio) / sun.tooth_ratio(),
                0.6 * ring.pinion_diameter_m(),
            )
        },
        GearShaft {
            seal_diameter_m: SEALS_M[1] * grown,
            seals: 2,
            ..shaft(1.0 / ratio, BEARINGS_M[2] * grown)
        },
    ]
}

/// Everything but mass and inertia.
fn finished(
    demand: &Demand<'_>,
    layout: GearLayout,
    ratio: f64,
    shafts: Vec<GearShaft>,
    stages: Vec<GearStage>,
) -> GearSet {
    let words = match layout {
        GearLayout::OffsetTwoStage => "Two-stage offset",
        GearLayout::CoaxialPlanetary => "Coaxial planetary",
    };
    let torque_nm = demand.peak_torque_nm;
    GearSet {
        schema: 1,
        id: demand.id.clone(),
        name: format!("{words}, i = {ratio:.2}, {torque_nm:.0} Nm"),
        source: "Sized by codrive with the quantities of ISO 6336-2, -3, -5 and -6".to_owned(),
        licence: "CC0-1.0".to_owned(),
        assumptions: vec![
            "Mesh factor 1.25 and added drag of 0.14 Nm are those fitted to a published map of a two-stage set.".to_owned(),
            "Bearing and seal diameters are typical of the class.".to_owned(),
        ],
        layout,
        ratio,
        rated_input_torque_nm: torque_nm,
        max_input_speed_rad_per_s: demand.max_input_speed_rad_per_s,
        mass_kg: 0.0,
        input_inertia_kg_m2: 0.0,
        oil_temperature_k: 323.15,
        added_drag_nm: 0.14,
        mesh_factor: 1.25,
        oil: Oil::default(),
        lubrication: Lubrication::default(),
        disconnect: None,
        shafts,
        stages,
    }
}

fn finish(mut set: GearSet, safety: Vec<Safety>, rules: &Rules) -> Result<Sized, DriveError> {
    if !safety.iter().all(|s| holds(s, rules)) {
        return Err(DriveError::GearSet {
            gear_set: set.id,
            key: None,
            reason: "no teeth hold this torque and duty".to_owned(),
        });
    }
    set.mass_kg = mass::of(&set).total_kg();
    set.input_inertia_kg_m2 = mass::input_inertia_kg_m2(&set);
    Ok(Sized { set, safety })
}
