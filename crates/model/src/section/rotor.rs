//! Rotor lamination: magnets as templates, or free outlines.

use serde::Deserialize;

use super::fault::millimetres;
use super::{BarLayer, Region, RegionMaterial, SectionFault, SpokeLayer, SurfaceMagnet, VLayer};
use crate::units::length;

/// Rotor lamination: templates (`[[rotor.v]]`, `[[rotor.bar]]`, `[[rotor.spoke]]`,
/// `[[rotor.surface]]`) or free outlines (`[[rotor.region]]`).
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rotor {
    /// Outer diameter with surface magnets, m.
    #[serde(rename = "outer_diameter", deserialize_with = "length::positive")]
    pub outer_diameter_m: f64,
    /// Inner (shaft) diameter, m.
    #[serde(rename = "inner_diameter", deserialize_with = "length::positive")]
    pub inner_diameter_m: f64,
    /// V-shaped layers of two magnets.
    #[serde(default)]
    pub v: Vec<VLayer>,
    /// Layers of one flat magnet.
    #[serde(default)]
    pub bar: Vec<BarLayer>,
    /// A magnet between the poles; at most one.
    #[serde(default)]
    pub spoke: Vec<SpokeLayer>,
    /// Magnets on the surface; at most one.
    #[serde(default)]
    pub surface: Vec<SurfaceMagnet>,
    /// Free outlines.
    #[serde(default)]
    pub region: Vec<Region>,
}

/// Smallest diameter of a shaft, m.
const LEAST_SHAFT_M: f64 = 1e-3;
const TEMPLATES: &str = "[[rotor.v]], [[rotor.bar]], [[rotor.spoke]], [[rotor.surface]]";

impl Rotor {
    /// The topology in words.
    #[must_use]
    pub fn topology(&self) -> &'static str {
        if !self.region.is_empty() {
            return "free outline";
        }
        match (
            self.v.len(),
            self.bar.len(),
            self.spoke.len(),
            self.surface.first(),
        ) {
            (1, 0, 0, None) => "single V",
            (2, 0, 0, None) => "double V",
            (1, 1, 0, None) => "V + bar",
            (0, 1, 0, None) => "flat bar",
            (0, 0, 1, None) => "spoke",
            (0, 0, 0, Some(magnet)) if magnet.inset_m > 0.0 => "inset magnets",
            (0, 0, 0, Some(_)) => "surface magnets",
            _ => "layers",
        }
    }

    /// Refuses what can be refused without drawing.
    pub(super) fn check(&self) -> Result<(), SectionFault> {
        let most = 0.97 * self.outer_diameter_m;
        if !(LEAST_SHAFT_M..=most).contains(&self.inner_diameter_m) {
            return Err(SectionFault::out_of_range(
                "rotor.inner_diameter",
                millimetres(self.inner_diameter_m),
                &format!(
                    "from {} to {}",
                    millimetres(LEAST_SHAFT_M),
                    millimetres(most)
                ),
                "between shaft and surface is the lamination",
            ));
        }
        self.check_kinds()?;
        for (i, region) in self.region.iter().enumerate() {
            region.check(i)?;
        }
        let radius = self.outer_diameter_m / 2.0;
        for (i, layer) in self.v.iter().enumerate() {
            layer.check(&format!("rotor.v[{i}]"), radius)?;
        }
        for (i, layer) in self.bar.iter().enumerate() {
            layer.check(&format!("rotor.bar[{i}]"), radius)?;
        }
        for (i, layer) in self.spoke.iter().enumerate() {
            layer.check(&format!("rotor.spoke[{i}]"), radius)?;
        }
        for (i, magnet) in self.surface.iter().enumerate() {
            magnet.check(&format!("rotor.surface[{i}]"), radius)?;
        }
        Ok(())
    }

    /// Which kinds of magnets may stand together, and that there is one.
    fn check_kinds(&self) -> Result<(), SectionFault> {
        let buried = self.v.len() + self.bar.len() + self.spoke.len();
        let templates = buried + self.surface.len();
        if templates > 0 && !self.region.is_empty() {
            let message = "templates and free outlines are mixed";
            let hint = format!("use {TEMPLATES}, or [[rotor.region]] alone");
            return Err(SectionFault::new("rotor.region", message, hint));
        }
        if self.spoke.len() > 1 {
            let message = format!("{} spoke magnets in one place", self.spoke.len());
            let hint = "one [[rotor.spoke]] draws the magnet between all poles";
            return Err(SectionFault::new("rotor.spoke[1]", message, hint));
        }
        if self.surface.len() > 1 || (!self.surface.is_empty() && buried > 0) {
            let message = "surface magnets stand alone";
            let hint = "one [[rotor.surface]] and no other magnet, or [[rotor.region]]";
            return Err(SectionFault::new("rotor.surface", message, hint));
        }
        let mut regions = self.region.iter();
        if templates == 0 && !regions.any(|r| r.material == RegionMaterial::Magnet) {
            let hint = format!("add one of {TEMPLATES}, or a magnet as [[rotor.region]]");
            return Err(SectionFault::new("rotor", "the rotor has no magnet", hint));
        }
        Ok(())
    }
}
