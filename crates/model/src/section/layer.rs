//! Templates of buried magnets: V, flat bar, spoke.

use serde::Deserialize;

use super::SectionFault;
use super::fault::{degrees, millimetres};
use crate::units::{angle, length};

/// Thinnest steel that is left in a drawing, m.
const LEAST_STEEL_M: f64 = 0.05e-3;
/// Smallest side of a magnet, m.
pub(super) const LEAST_MAGNET_M: f64 = 0.3e-3;

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

/// One magnet between two poles, magnetised along the circumference.
///
/// Its long sides are parallel to the pole's side, on which its middle lies: half of it belongs to
/// each of the two poles.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpokeLayer {
    /// Width of the magnet along the radius, m.
    #[serde(rename = "magnet_width", deserialize_with = "length::positive")]
    pub magnet_width_m: f64,
    /// Thickness of the magnet along its magnetisation, m.
    #[serde(rename = "magnet_thickness", deserialize_with = "length::positive")]
    pub magnet_thickness_m: f64,
    /// From the rotor surface to the magnet's outer face, along the pole's side, m.
    #[serde(rename = "depth", deserialize_with = "length::positive")]
    pub depth_m: f64,
    /// Smallest steel between the pocket above the magnet and the rotor surface, m.
    #[serde(rename = "bridge", deserialize_with = "length::positive")]
    pub bridge_m: f64,
    /// Height of the pocket below the magnet, which keeps its flux off the shaft, m.
    #[serde(
        rename = "inner_pocket",
        default,
        deserialize_with = "length::non_negative"
    )]
    pub inner_pocket_m: f64,
}

impl VLayer {
    pub(super) fn check(&self, place: &str, rotor_radius_m: f64) -> Result<(), SectionFault> {
        if !(0.5..=std::f64::consts::PI).contains(&self.v_angle_rad) {
            return Err(SectionFault::out_of_range(
                format!("{place}.v_angle"),
                degrees(self.v_angle_rad),
                "from 29° to 180°",
                "a flat magnet is a [[rotor.bar]]",
            ));
        }
        at_least_magnet(place, self.magnet_width_m, self.magnet_thickness_m)?;
        check_steel(place, "bridge", self.bridge_m, rotor_radius_m)?;
        check_steel(place, "rib", self.rib_m, rotor_radius_m)?;
        check_barrier(place, self.barrier_angle_rad)
    }
}

impl BarLayer {
    pub(super) fn check(&self, place: &str, rotor_radius_m: f64) -> Result<(), SectionFault> {
        at_least_magnet(place, self.magnet_width_m, self.magnet_thickness_m)?;
        check_steel(place, "bridge", self.bridge_m, rotor_radius_m)?;
        check_barrier(place, self.barrier_angle_rad)
    }
}

impl SpokeLayer {
    pub(super) fn check(&self, place: &str, rotor_radius_m: f64) -> Result<(), SectionFault> {
        at_least_magnet(place, self.magnet_width_m, self.magnet_thickness_m)?;
        check_steel(place, "bridge", self.bridge_m, rotor_radius_m)?;
        zero_or_at_least(format!("{place}.inner_pocket"), self.inner_pocket_m)
    }
}

fn check_steel(
    place: &str,
    key: &str,
    value_m: f64,
    rotor_radius_m: f64,
) -> Result<(), SectionFault> {
    let most = 0.25 * rotor_radius_m;
    if !(LEAST_STEEL_M..=most).contains(&value_m) {
        return Err(SectionFault::out_of_range(
            format!("{place}.{key}"),
            millimetres(value_m),
            &format!(
                "from {} to {}",
                millimetres(LEAST_STEEL_M),
                millimetres(most)
            ),
            "1 mm or so can be punched and holds a magnet",
        ));
    }
    Ok(())
}

/// Refuses a height so small that nothing can be drawn; zero leaves the feature out.
pub(super) fn zero_or_at_least(place: String, value_m: f64) -> Result<(), SectionFault> {
    if value_m > 0.0 && value_m < LEAST_STEEL_M {
        return Err(SectionFault::out_of_range(
            place,
            millimetres(value_m),
            &format!("zero, or at least {}", millimetres(LEAST_STEEL_M)),
            "leave it out where there is none",
        ));
    }
    Ok(())
}

fn at_least_magnet(place: &str, width_m: f64, thickness_m: f64) -> Result<(), SectionFault> {
    for (key, value_m) in [("magnet_width", width_m), ("magnet_thickness", thickness_m)] {
        if value_m < LEAST_MAGNET_M {
            return Err(SectionFault::out_of_range(
                format!("{place}.{key}"),
                millimetres(value_m),
                &format!("at least {}", millimetres(LEAST_MAGNET_M)),
                "is the unit right?",
            ));
        }
    }
    Ok(())
}

fn check_barrier(place: &str, angle_rad: Option<f64>) -> Result<(), SectionFault> {
    match angle_rad {
        Some(angle) if angle > std::f64::consts::FRAC_PI_2 => Err(SectionFault::out_of_range(
            format!("{place}.barrier_angle"),
            degrees(angle),
            "from 0° to 90°",
            "it is measured from the d axis",
        )),
        _ => Ok(()),
    }
}
