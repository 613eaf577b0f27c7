//! One stage: the smallest pinion whose flank holds, with as many teeth as its root allows.

use codrive_model::gear_set::GearStage;

use super::design::Rules;
use super::strength::{FLANK_STRENGTH_PA, ROOT_STRENGTH_PA, flank_stress_pa, root_stress_pa};

/// Pinion teeth that are tried, from quiet to strong.
const MOST_TEETH: u32 = 36;
const LEAST_TEETH: u32 = 17;
/// Smallest normal module, m: below it teeth are no longer those of a car's gear set (assumed).
pub(super) const LEAST_MODULE_M: f64 = 0.5e-3;
/// Step by which a pinion grows whose root does not hold with the fewest teeth.
const GROWTH: f64 = 1.02;
/// Steps of the search for a diameter.
const STEPS: usize = 60;

/// What a mesh has to carry, at its pinion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct MeshLoad {
    /// Torque of the most loaded mesh that stands for the duty on the flank, N·m.
    pub(super) flank_nm: f64,
    /// The same for the root.
    pub(super) root_nm: f64,
}

/// Safety factors of a stage against pitting and root breakage, for its duty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Safety {
    /// S_H, on stress.
    pub flank: f64,
    /// S_F of driving and driven gear.
    pub root: [f64; 2],
}

pub(super) fn safety(stage: &GearStage, load: MeshLoad, rules: &Rules) -> Safety {
    let flank = FLANK_STRENGTH_PA / flank_stress_pa(stage, load.flank_nm, rules.load_factor);
    let root = root_stress_pa(stage, load.root_nm, rules.load_factor)
        .map(|stress| ROOT_STRENGTH_PA / stress);
    Safety { flank, root }
}

pub(super) fn holds(safety: &Safety, rules: &Rules) -> bool {
    let root = safety.root[0].min(safety.root[1]);
    safety.flank >= rules.flank_safety * (1.0 - 1e-9) && root >= rules.root_safety
}

/// Shape of a stage before its size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) ratio: f64,
    pub(super) helix_angle_rad: f64,
    /// Face width over pinion diameter.
    pub(super) width_ratio: f64,
    pub(super) meshes: u32,
    pub(super) load_share: f64,
    /// Least pinion diameter, m.
    pub(super) least_diameter_m: f64,
}

impl Shape {
    fn stage(&self, pinion_teeth: u32, diameter_m: f64) -> GearStage {
        GearStage {
            pinion_teeth,
            wheel_teeth: coprime_wheel(pinion_teeth, self.ratio),
            internal: false,
            meshes: self.meshes,
            load_share: self.load_share,
            module_m: diameter_m * self.helix_angle_rad.cos() / f64::from(pinion_teeth),
            helix_angle_rad: self.helix_angle_rad,
            face_width_m: self.width_ratio * diameter_m,
        }
    }

    /// The stage, wheel outside.
    pub(super) fn size(&self, load: MeshLoad, rules: &Rules) -> GearStage {
        for teeth in (LEAST_TEETH..=MOST_TEETH).rev() {
            let stage = self.flank_sized(teeth, load, rules);
            if holds(&safety(&stage, load, rules), rules) {
                return stage;
            }
        }
        let mut stage = self.flank_sized(LEAST_TEETH, load, rules);
        for _ in 0..STEPS {
            if holds(&safety(&stage, load, rules), rules) {
                break;
            }
            stage = self.stage(LEAST_TEETH, stage.pinion_diameter_m() * GROWTH);
        }
        stage
    }

    /// Diameter at which the flank just holds: its stress falls with d^−1.5 as the width grows along.
    fn flank_sized(&self, teeth: u32, load: MeshLoad, rules: &Rules) -> GearStage {
        let mut diameter_m = 0.05;
        for _ in 0..STEPS {
            let stage = self.stage(teeth, diameter_m);
            let short = rules.flank_safety / safety(&stage, load, rules).flank;
            if (short - 1.0).abs() < 1e-10 {
                break;
            }
            diameter_m *= short.powf(2.0 / 3.0);
        }
        self.stage(teeth, diameter_m.max(self.least_diameter_m))
    }
}

/// Wheel teeth nearest a ratio that share no factor with the pinion's, so that every tooth meets every other.
fn coprime_wheel(pinion: u32, ratio: f64) -> u32 {
    let exact = f64::from(pinion) * ratio;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let nearest = exact.round() as u32;
    let miss = |teeth: &u32| (f64::from(*teeth) - exact).abs();
    (nearest.saturating_sub(2)..=nearest + 2)
        .filter(|teeth| gcd(*teeth, pinion) == 1)
        .min_by(|a, b| miss(a).total_cmp(&miss(b)))
        .unwrap_or(nearest)
}

pub(super) fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}
