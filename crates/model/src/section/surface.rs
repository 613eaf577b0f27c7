//! Template of magnets on the rotor's surface.

use serde::Deserialize;

use super::layer::{LEAST_MAGNET_M, zero_or_at_least};
use super::{SectionFault, millimetres};
use crate::units::{fraction, length};

/// Magnets on the surface of the rotor's steel, or let into it.
///
/// The rotor's outer diameter is the magnets' outer surface, so the air gap is the one that the
/// stator sees; a bandage counts as air gap. The magnets' base is a circle, `magnet_thickness` below.
/// What lies between the magnets of two poles is air down to the base, or down to the steel teeth
/// where the magnets are let in by `inset`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurfaceMagnet {
    /// Thickness of the magnet along the radius, m.
    #[serde(rename = "magnet_thickness", deserialize_with = "length::positive")]
    pub magnet_thickness_m: f64,
    /// Angle of the magnet at the rotor's surface over the pole pitch.
    #[serde(rename = "pole_arc", deserialize_with = "fraction::positive")]
    pub pole_arc: f64,
    /// Direction of magnetisation.
    pub magnetisation: SurfaceMagnetisation,
    /// How the magnet's sides run.
    #[serde(default)]
    pub sides: MagnetSides,
    /// Equal blocks of magnet side by side in a pole.
    #[serde(default = "one")]
    pub segments: u32,
    /// Height of the steel between the magnets above their base, m.
    #[serde(rename = "inset", default, deserialize_with = "length::non_negative")]
    pub inset_m: f64,
}

fn one() -> u32 {
    1
}

/// Direction of magnetisation of surface magnets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SurfaceMagnetisation {
    /// All blocks of a pole along the d axis.
    Parallel,
    /// Every block along the radius through its own middle.
    Radial,
}

/// How the sides of a surface magnet run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MagnetSides {
    /// Along the radius.
    #[default]
    Radial,
    /// Parallel to the d axis.
    Parallel,
}

impl SurfaceMagnet {
    pub(super) fn check(&self, place: &str, rotor_radius_m: f64) -> Result<(), SectionFault> {
        let allowed = |limit: f64| format!("at most {}", millimetres(limit));
        let most = 0.6 * rotor_radius_m;
        if !(LEAST_MAGNET_M..=most).contains(&self.magnet_thickness_m) {
            return Err(SectionFault::out_of_range(
                format!("{place}.magnet_thickness"),
                millimetres(self.magnet_thickness_m),
                &format!(
                    "from {} to {}",
                    millimetres(LEAST_MAGNET_M),
                    millimetres(most)
                ),
                "surface magnets are 2-10 mm thick",
            ));
        }
        if self.pole_arc < 0.1 {
            return Err(SectionFault::out_of_range(
                format!("{place}.pole_arc"),
                format!("{:.1} %", 100.0 * self.pole_arc),
                "from 10 % to 100 %",
                "70-95 % is usual",
            ));
        }
        if !(1..=16).contains(&self.segments) {
            return Err(SectionFault::out_of_range(
                format!("{place}.segments"),
                self.segments.to_string(),
                "from 1 to 16",
                "blocks side by side in one pole",
            ));
        }
        if self.inset_m > self.magnet_thickness_m {
            return Err(SectionFault::out_of_range(
                format!("{place}.inset"),
                millimetres(self.inset_m),
                &allowed(self.magnet_thickness_m),
                "the steel between the magnets ends at the rotor's surface",
            ));
        }
        zero_or_at_least(format!("{place}.inset"), self.inset_m)
    }
}
