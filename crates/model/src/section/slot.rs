//! Shapes of a stator slot, each symmetrical about +x unless it is a free outline.

use serde::Deserialize;

use super::{Corner, SectionFault, Stator};
use crate::units::length;

/// Shape of a slot, written as `[stator.slot.trapezoid]`, `[stator.slot.hairpin]` or
/// `[stator.slot.outline]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SlotShape {
    /// Sides that open towards the yoke, flat or rounded bottom (pyleecan's W11, W21, W23).
    Trapezoid(TrapezoidSlot),
    /// Parallel sides for rectangular bars.
    Hairpin(HairpinSlot),
    /// Any shape, corner by corner.
    Outline(OutlineSlot),
}

/// A slot whose winding space is a trapezoid, symmetrical about its axis.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrapezoidSlot {
    /// Width of the opening at the bore, m.
    #[serde(rename = "opening_width", deserialize_with = "length::positive")]
    pub opening_width_m: f64,
    /// Height of the opening, m.
    #[serde(rename = "opening_height", deserialize_with = "length::positive")]
    pub opening_height_m: f64,
    /// Height over which the opening widens to the winding space, m.
    #[serde(
        rename = "wedge_height",
        default,
        deserialize_with = "length::non_negative"
    )]
    pub wedge_height_m: f64,
    /// Width of the winding space at the wedge, m.
    #[serde(rename = "top_width", deserialize_with = "length::positive")]
    pub top_width_m: f64,
    /// Width at the bottom (yoke side), m.
    #[serde(rename = "bottom_width", deserialize_with = "length::positive")]
    pub bottom_width_m: f64,
    /// Depth of the winding space with the bottom radius, m.
    #[serde(rename = "depth", deserialize_with = "length::positive")]
    pub depth_m: f64,
    /// Radius of the bottom corners, m; half the bottom width gives a half circle.
    #[serde(
        rename = "bottom_radius",
        default,
        deserialize_with = "length::non_negative"
    )]
    pub bottom_radius_m: f64,
}

/// A slot with parallel sides.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HairpinSlot {
    /// Width of the opening at the bore, m.
    #[serde(rename = "opening_width", deserialize_with = "length::positive")]
    pub opening_width_m: f64,
    /// Height of the opening, m.
    #[serde(rename = "opening_height", deserialize_with = "length::positive")]
    pub opening_height_m: f64,
    /// Height over which the opening widens to the winding space, m.
    #[serde(
        rename = "wedge_height",
        default,
        deserialize_with = "length::non_negative"
    )]
    pub wedge_height_m: f64,
    /// Width of the winding space, m.
    #[serde(rename = "width", deserialize_with = "length::positive")]
    pub width_m: f64,
    /// Depth of the winding space, m.
    #[serde(rename = "depth", deserialize_with = "length::positive")]
    pub depth_m: f64,
}

/// A slot of any shape, its axis on +x and the machine's centre at the origin.
///
/// Corners are in mm, `[x, y]` or `[x, y, r]` as in `[[rotor.region]]`. The middle of the opening at
/// the bore lies on +x; the rest need not be symmetrical.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutlineSlot {
    /// From the bore along one side of the opening to the winding, and back along the other side to
    /// the bore: the first and the last corner lie on the bore.
    pub opening: Vec<Corner>,
    /// The winding space, closed, sharing a side with the opening.
    pub winding: Vec<Corner>,
}

impl HairpinSlot {
    /// The slot as the trapezoid that it is.
    #[must_use]
    pub fn as_trapezoid(&self) -> TrapezoidSlot {
        TrapezoidSlot {
            opening_width_m: self.opening_width_m,
            opening_height_m: self.opening_height_m,
            wedge_height_m: self.wedge_height_m,
            top_width_m: self.width_m,
            bottom_width_m: self.width_m,
            depth_m: self.depth_m,
            bottom_radius_m: 0.0,
        }
    }
}

impl SlotShape {
    /// The key of a value under `[stator.slot]`, such as `stator.slot.hairpin.depth`.
    #[must_use]
    pub fn place(&self, key: &str) -> String {
        let shape = match self {
            Self::Trapezoid(_) => "trapezoid",
            Self::Hairpin(_) => "hairpin",
            Self::Outline(_) => "outline",
        };
        format!("stator.slot.{shape}.{key}")
    }

    /// Refuses a shape that leaves no tooth or no yoke; free outlines are judged when drawn.
    pub(super) fn check(&self, stator: &Stator, slots: u32) -> Result<(), SectionFault> {
        let slot = match self {
            Self::Trapezoid(slot) => slot.clone(),
            Self::Hairpin(slot) => slot.as_trapezoid(),
            Self::Outline(_) => return Ok(()),
        };
        let fault = |key: &str, message: &str, hint: &str| {
            Err(SectionFault::new(self.place(key), message, hint))
        };
        let bore = stator.bore_diameter_m / 2.0;
        let pitch = std::f64::consts::TAU / f64::from(slots);
        let top = bore + slot.opening_height_m + slot.wedge_height_m;
        let bottom = top + slot.depth_m;
        if bottom > 0.97 * stator.outer_diameter_m / 2.0 {
            let hint = "less depth, or a larger outer diameter";
            return fault("depth", "the slot cuts through the yoke", hint);
        }
        if slot.opening_width_m > 0.9 * pitch * bore {
            let hint = "less than the slot pitch";
            return fault("opening_width", "the opening leaves no tooth", hint);
        }
        let widest_top = 2.0 * top * (pitch / 2.0).tan();
        if slot.top_width_m.max(slot.bottom_width_m * top / bottom) > 0.92 * widest_top {
            let key = if matches!(self, Self::Hairpin(_)) {
                "width"
            } else {
                "top_width"
            };
            let hint = format!(
                "the slot pitch at the top of the winding is {:.2} mm",
                1e3 * widest_top
            );
            return fault(key, "the slots leave no tooth between them", &hint);
        }
        if slot.opening_width_m > slot.top_width_m + 1e-9 {
            let hint = "make it at most the width of the winding space";
            return fault("opening_width", "the opening is wider than the slot", hint);
        }
        if slot.bottom_radius_m > slot.bottom_width_m / 2.0 + 1e-9
            || slot.bottom_radius_m >= slot.depth_m
        {
            let message = "the bottom radius does not fit the slot";
            return fault("bottom_radius", message, "at most half the bottom width");
        }
        Ok(())
    }
}
