//! Rotor lamination: layers of magnets as templates, or free outlines.

use serde::Deserialize;

use super::{Corner, SectionFault};
use crate::units::{angle, length};

/// Rotor lamination: templates (`[[rotor.v]]`, `[[rotor.bar]]`) or free outlines (`[[rotor.region]]`).
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rotor {
    /// Outer diameter, m.
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
    /// Free outlines.
    #[serde(default)]
    pub region: Vec<Region>,
}

/// Two equal magnets in a V that opens towards the gap, symmetrical about the d axis.
///
/// The channel of both arms is `magnet_thickness` wide. Its inner end is cut parallel to the d axis,
/// half a `rib` from it; its outer end reaches up to `bridge` below the rotor surface.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VLayer {
    /// Width of one magnet along its arm, m.
    #[serde(rename = "magnet_width", deserialize_with = "length::positive")]
    pub magnet_width_m: f64,
    /// Thickness of a magnet along its magnetisation, m.
    #[serde(rename = "magnet_thickness", deserialize_with = "length::positive")]
    pub magnet_thickness_m: f64,
    /// Angle between the two arms, rad.
    #[serde(rename = "v_angle", deserialize_with = "angle::positive")]
    pub v_angle_rad: f64,
    /// From the rotor surface to the shaft-side corner of the channel at the rib, along the d axis, m.
    #[serde(rename = "depth", deserialize_with = "length::positive")]
    pub depth_m: f64,
    /// Steel between the channel's outer end and the rotor surface, m.
    #[serde(rename = "bridge", deserialize_with = "length::positive")]
    pub bridge_m: f64,
    /// Steel between the two arms on the d axis, m.
    #[serde(rename = "rib", deserialize_with = "length::positive")]
    pub rib_m: f64,
    /// Angle of the outer end of the channel from the d axis, rad; half the V angle if left out.
    #[serde(
        rename = "barrier_angle",
        default,
        deserialize_with = "angle::optional_positive"
    )]
    pub barrier_angle_rad: Option<f64>,
}

/// One flat magnet across the d axis.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BarLayer {
    /// Width of the magnet, m.
    #[serde(rename = "magnet_width", deserialize_with = "length::positive")]
    pub magnet_width_m: f64,
    /// Thickness of the magnet along its magnetisation, m.
    #[serde(rename = "magnet_thickness", deserialize_with = "length::positive")]
    pub magnet_thickness_m: f64,
    /// From the rotor surface to the magnet's gap side, along the d axis, m.
    #[serde(rename = "depth", deserialize_with = "length::positive")]
    pub depth_m: f64,
    /// Steel between the end barriers and the rotor surface, m.
    #[serde(rename = "bridge", deserialize_with = "length::positive")]
    pub bridge_m: f64,
    /// Angle of the end barriers from the d axis, rad; 45° if left out.
    #[serde(
        rename = "barrier_angle",
        default,
        deserialize_with = "angle::optional_positive"
    )]
    pub barrier_angle_rad: Option<f64>,
}

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

impl Rotor {
    /// The topology in words.
    #[must_use]
    pub fn topology(&self) -> &'static str {
        match (self.v.len(), self.bar.len(), self.region.len()) {
            (1, 0, 0) => "single V",
            (2, 0, 0) => "double V",
            (1, 1, 0) => "V + bar",
            (0, 1, 0) => "flat bar",
            (_, _, 0) => "layers",
            _ => "free outline",
        }
    }

    /// Refuses what can be refused without drawing.
    pub(super) fn check(&self) -> Result<(), SectionFault> {
        if self.inner_diameter_m > 0.97 * self.outer_diameter_m {
            let message = "the rotor has no lamination between shaft and surface";
            let hint = "make it smaller than the outer diameter";
            return Err(SectionFault::new("rotor.inner_diameter", message, hint));
        }
        let templates = self.v.len() + self.bar.len();
        if templates > 0 && !self.region.is_empty() {
            let message = "templates and free outlines are mixed";
            let hint = "use [[rotor.v]] and [[rotor.bar]], or [[rotor.region]]";
            return Err(SectionFault::new("rotor.region", message, hint));
        }
        let mut regions = self.region.iter();
        if templates == 0 && !regions.any(|r| r.material == RegionMaterial::Magnet) {
            let hint = "add a [[rotor.v]], [[rotor.bar]] or [[rotor.region]]";
            return Err(SectionFault::new("rotor", "the rotor has no magnet", hint));
        }
        for (i, region) in self.region.iter().enumerate() {
            region.check(i)?;
        }
        for (i, layer) in self.v.iter().enumerate() {
            if !(0.5..=std::f64::consts::PI).contains(&layer.v_angle_rad) {
                let place = format!("rotor.v[{i}].v_angle");
                let message = "the V angle is out of range";
                return Err(SectionFault::new(place, message, "from 29° to 180°"));
            }
        }
        Ok(())
    }
}

impl Region {
    fn check(&self, index: usize) -> Result<(), SectionFault> {
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
