//! Shapes of a stator slot, each symmetrical about +x unless it is a free outline.

use serde::Deserialize;

use super::layer::zero_or_at_least;
use super::{Corner, SectionFault, Stator, millimetres};
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
        let room = Room::new(&slot, stator, slots);
        let [top_width, bottom_width] = match self {
            Self::Hairpin(_) => ["width"; 2],
            _ => ["top_width", "bottom_width"],
        };
        let at_least = |key: &str, value: f64, least: f64| {
            let allowed = format!("at least {}", millimetres(least));
            let hint = "is the unit right?";
            self.allow(value >= least, key, value, &allowed, hint)
        };
        let at_most = |key: &str, value: f64, most: f64, why: &str| {
            let allowed = format!("at most {}", millimetres(most));
            self.allow(value <= most + ROUNDING_M, key, value, &allowed, why)
        };
        at_least("opening_width", slot.opening_width_m, LEAST_M)?;
        at_least("opening_height", slot.opening_height_m, LEAST_M)?;
        at_least(top_width, slot.top_width_m, LEAST_M)?;
        at_least(bottom_width, slot.bottom_width_m, LEAST_M)?;
        at_least("depth", slot.depth_m, LEAST_M)?;
        zero_or_at_least(self.place("wedge_height"), slot.wedge_height_m)?;
        zero_or_at_least(self.place("bottom_radius"), slot.bottom_radius_m)?;
        at_most("opening_height", slot.opening_height_m, room.height, YOKE)?;
        at_most("wedge_height", slot.wedge_height_m, room.height, YOKE)?;
        at_most("depth", slot.depth_m, room.depth, YOKE)?;
        at_most("opening_width", slot.opening_width_m, room.opening, TOOTH)?;
        at_most(top_width, slot.top_width_m, room.top, TOOTH)?;
        at_most(bottom_width, slot.bottom_width_m, room.bottom, TOOTH)?;
        let neck = "the opening is at most as wide as the winding space";
        at_most(
            "opening_width",
            slot.opening_width_m,
            slot.top_width_m,
            neck,
        )?;
        let corner = (slot.bottom_width_m / 2.0).min(0.9 * slot.depth_m);
        let radius = "the corners fit half the bottom width and the depth";
        at_most("bottom_radius", slot.bottom_radius_m, corner, radius)
    }

    fn allow(
        &self,
        holds: bool,
        key: &str,
        value_m: f64,
        allowed: &str,
        hint: &str,
    ) -> Result<(), SectionFault> {
        if holds {
            return Ok(());
        }
        Err(SectionFault::out_of_range(
            self.place(key),
            millimetres(value_m),
            allowed,
            hint,
        ))
    }
}

/// What two values that should be equal may differ by, m.
const ROUNDING_M: f64 = 1e-8;
/// Smallest length in a slot, m.
const LEAST_M: f64 = 0.05e-3;
/// Largest share of the slot pitch that a slot may take.
const SLOT_SHARE: f64 = 0.92;
const YOKE: &str = "more would cut through the yoke";
const TOOTH: &str = "more would leave no tooth between the slots";

/// What the stator leaves for a slot, m.
struct Room {
    height: f64,
    depth: f64,
    opening: f64,
    top: f64,
    bottom: f64,
}

impl Room {
    fn new(slot: &TrapezoidSlot, stator: &Stator, slots: u32) -> Self {
        let bore = stator.bore_diameter_m / 2.0;
        let end = 0.97 * stator.outer_diameter_m / 2.0;
        let top = bore + slot.opening_height_m + slot.wedge_height_m;
        let half_pitch = std::f64::consts::PI / f64::from(slots);
        let widest = |radius: f64| SLOT_SHARE * 2.0 * radius * half_pitch.tan();
        Self {
            height: end - bore,
            depth: (end - top).max(0.0),
            opening: widest(bore),
            top: widest(top),
            bottom: widest(top + slot.depth_m),
        }
    }
}
