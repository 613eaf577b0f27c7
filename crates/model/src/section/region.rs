//! Free outlines of a rotor pole.

use serde::Deserialize;

use super::{Corner, SectionFault};
use crate::units::angle;

/// One closed outline within a pole.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// A name for messages.
    pub name: String,
    /// What is inside.
    pub material: RegionMaterial,
    /// Direction of magnetisation from the d axis, rad; for magnets, outward is a north pole.
    #[serde(rename = "magnetisation", default, deserialize_with = "optional_angle")]
    pub magnetisation_rad: Option<f64>,
    /// Corners in order; the outline closes itself.
    pub outline: Vec<Corner>,
}

fn optional_angle<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<f64>, D::Error> {
    angle::any(d).map(Some)
}

/// What a free outline holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegionMaterial {
    /// A hole.
    Air,
    /// A magnet.
    Magnet,
}

impl Region {
    pub(super) fn check(&self, index: usize) -> Result<(), SectionFault> {
        let place = |key: &str| format!("rotor.region[{index}]{key}");
        if self.outline.len() < 2 {
            let message = format!("outline `{}` has fewer than two corners", self.name);
            let hint = "list corners as [x, y] in mm";
            return Err(SectionFault::new(place(".outline"), message, hint));
        }
        if (self.material == RegionMaterial::Magnet) != self.magnetisation_rad.is_some() {
            let message = format!(
                "`{}`: a magnet has a magnetisation, a hole has none",
                self.name
            );
            let hint = "magnetisation = \"0 deg\" points outward along the d axis";
            return Err(SectionFault::new(place(""), message, hint));
        }
        Ok(())
    }
}
