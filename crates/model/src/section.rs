//! A section as a person enters it: rotor and stator cross-section, as a template or as free outlines.
//!
//! One pole is described, with the d axis (pole centre) on +x and angles counter-clockwise.
//! Shapes stay parameters here; the field crate turns them into outlines and a mesh.

use serde::Deserialize;

use crate::input::{InputError, Source};
use crate::units::{angle, fraction, length, temperature};

/// One section file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Schema version, 1.
    pub schema: u32,
    /// Id by which other files name it.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Where the geometry comes from, with its licence.
    pub source: String,
    /// What is assumed rather than known.
    #[serde(default)]
    pub assumptions: Vec<String>,
    /// Pole pairs of the whole machine.
    pub pole_pairs: u32,
    /// Slots of the whole machine.
    pub slots: u32,
    /// Lamination grade of rotor and stator.
    pub steel: String,
    /// Share of the stack length that is steel.
    #[serde(deserialize_with = "fraction::positive")]
    pub stacking_factor: f64,
    /// Magnet grade.
    pub magnet: String,
    /// Magnet temperature at which the map holds, K.
    #[serde(
        rename = "magnet_temperature",
        deserialize_with = "temperature::positive"
    )]
    pub magnet_temperature_k: f64,
    /// Conductors and coil pitch.
    pub winding: SlotWinding,
    /// Stator lamination.
    pub stator: Stator,
    /// Rotor lamination and magnets.
    pub rotor: Rotor,
}

/// What fills the slots.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotWinding {
    /// Kind of conductor.
    pub conductor: Conductor,
    /// Coil sides in a slot: 1, or 2 (two sides of possibly different phases).
    #[serde(default = "one")]
    pub layers: u32,
    /// Coil pitch in slots; full pitch is slots / (2 · pole pairs).
    pub coil_pitch: u32,
    /// Copper area over the winding area of the slot.
    #[serde(deserialize_with = "fraction::positive")]
    pub copper_fill: f64,
}

fn one() -> u32 {
    1
}

/// Kind of conductor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conductor {
    /// Rectangular bars.
    Hairpin,
    /// Stranded round wire.
    Round,
}

/// Stator lamination: an annulus with equal slots.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stator {
    /// Outer diameter, m.
    #[serde(rename = "outer_diameter", deserialize_with = "length::positive")]
    pub outer_diameter_m: f64,
    /// Bore diameter, m.
    #[serde(rename = "bore_diameter", deserialize_with = "length::positive")]
    pub bore_diameter_m: f64,
    /// Shape of a slot.
    pub slot: SlotShape,
}

/// Shape of a slot, written as `[stator.slot.trapezoid]` or `[stator.slot.hairpin]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SlotShape {
    /// Sides that open towards the yoke, flat or rounded bottom (pyleecan's W11, W21, W23).
    Trapezoid(TrapezoidSlot),
    /// Parallel sides for rectangular bars.
    Hairpin(HairpinSlot),
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

impl SlotShape {
    /// Every shape as the trapezoid that it is.
    #[must_use]
    pub fn as_trapezoid(&self) -> TrapezoidSlot {
        match self {
            Self::Trapezoid(slot) => slot.clone(),
            Self::Hairpin(slot) => TrapezoidSlot {
                opening_width_m: slot.opening_width_m,
                opening_height_m: slot.opening_height_m,
                wedge_height_m: slot.wedge_height_m,
                top_width_m: slot.width_m,
                bottom_width_m: slot.width_m,
                depth_m: slot.depth_m,
                bottom_radius_m: 0.0,
            },
        }
    }

    /// The key under `[stator.slot]`.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Trapezoid(_) => "trapezoid",
            Self::Hairpin(_) => "hairpin",
        }
    }
}

/// Rotor lamination: templates (`[[rotor.v]]`, `[[rotor.bar]]`) or free outlines (`[[rotor.region]]`).
#[derive(Clone, Debug, PartialEq, Deserialize)]
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
    /// Corners in mm, `[x, y]`, in order; `[x, y, r]` is reached from the corner before by the shorter
    /// arc of radius `r`, counter-clockwise for positive `r`. The outline closes itself.
    pub outline: Vec<Vec<f64>>,
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

/// What is wrong with a section, at which key, and what to try.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{place}`: {message}")]
pub struct SectionFault {
    /// The key, such as `rotor.v[0].bridge`.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to try.
    pub hint: String,
}

impl SectionFault {
    /// A fault at a key.
    #[must_use]
    pub fn new(
        place: impl Into<String>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            place: place.into(),
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// The fault as an error that points into the section's file.
    #[must_use]
    pub fn in_file(&self, source: &Source) -> InputError {
        source
            .error(span_of(&source.text, &self.place), &self.message)
            .with_hint(self.hint.clone())
    }
}

/// Bytes of the value at a key such as `rotor.v[0].bridge`, or of the nearest table around it.
#[must_use]
pub fn span_of(text: &str, place: &str) -> Option<std::ops::Range<usize>> {
    use toml::de::DeValue;
    let document = toml::de::DeTable::parse(text).ok()?;
    let mut table = document.get_ref();
    let mut span = None;
    for step in place.split('.') {
        let (key, index) = match step.split_once('[') {
            Some((key, rest)) => (key, rest.trim_end_matches(']').parse::<usize>().ok()),
            None => (step, None),
        };
        let Some(mut value) = table.get(key) else {
            break;
        };
        if let (Some(index), DeValue::Array(items)) = (index, value.get_ref()) {
            let Some(item) = items.get(index) else { break };
            value = item;
        }
        span = Some(value.span());
        let DeValue::Table(inner) = value.get_ref() else {
            break;
        };
        table = inner;
    }
    span
}

impl Section {
    /// Reads and checks a section file.
    ///
    /// # Errors
    /// Not a section, or one that [`Section::check`] refuses; with file, line and hint.
    pub fn read(source: &Source) -> Result<Self, InputError> {
        let section: Self = source.parse()?;
        section.check().map_err(|fault| fault.in_file(source))?;
        Ok(section)
    }

    /// Slots per pole.
    #[must_use]
    pub fn slots_per_pole(&self) -> u32 {
        self.slots / (2 * self.pole_pairs.max(1))
    }

    /// Radial air gap, m.
    #[must_use]
    pub fn gap_m(&self) -> f64 {
        (self.stator.bore_diameter_m - self.rotor.outer_diameter_m) / 2.0
    }

    /// The rotor topology in words.
    #[must_use]
    pub fn topology(&self) -> &'static str {
        match (
            self.rotor.v.len(),
            self.rotor.bar.len(),
            self.rotor.region.len(),
        ) {
            (1, 0, 0) => "single V",
            (2, 0, 0) => "double V",
            (1, 1, 0) => "V + bar",
            (0, 1, 0) => "flat bar",
            (_, _, 0) => "layers",
            _ => "free outline",
        }
    }

    /// Checks what can be checked without drawing the section.
    ///
    /// # Errors
    /// The first fault, with its key.
    pub fn check(&self) -> Result<(), SectionFault> {
        self.check_winding()?;
        self.check_radii()?;
        self.check_slot()?;
        self.check_rotor()
    }

    fn check_winding(&self) -> Result<(), SectionFault> {
        let fault =
            |place: &str, message: String, hint: &str| Err(SectionFault::new(place, message, hint));
        if !(1..=24).contains(&self.pole_pairs) {
            return fault(
                "pole_pairs",
                format!("{} pole pairs are out of range", self.pole_pairs),
                "from 1 to 24",
            );
        }
        if self.slots == 0 || !self.slots.is_multiple_of(6 * self.pole_pairs) {
            let message = format!(
                "{} slots with {} pole pairs are not a whole number of slots per pole and phase",
                self.slots, self.pole_pairs
            );
            return fault(
                "slots",
                message,
                "use a multiple of 6 × pole pairs, such as 48 with 4 or 54 with 3",
            );
        }
        if self.slots_per_pole() > 18 {
            return fault(
                "slots",
                format!("{} slots per pole are more than 18", self.slots_per_pole()),
                "up to q = 6",
            );
        }
        if self.winding.coil_pitch == 0 || self.winding.coil_pitch > self.slots_per_pole() {
            let hint = format!(
                "from 1 to the pole pitch of {} slots",
                self.slots_per_pole()
            );
            return fault(
                "winding.coil_pitch",
                format!("a coil pitch of {} slots", self.winding.coil_pitch),
                &hint,
            );
        }
        if !(1..=2).contains(&self.winding.layers) {
            return fault(
                "winding.layers",
                format!("{} layers", self.winding.layers),
                "1 or 2",
            );
        }
        if self.winding.layers == 1 && self.winding.coil_pitch != self.slots_per_pole() {
            let hint = format!(
                "a single layer has full pitch, {} slots here; or use layers = 2",
                self.slots_per_pole()
            );
            return fault(
                "winding.coil_pitch",
                "a short pitch needs two layers".into(),
                &hint,
            );
        }
        if self.winding.copper_fill > 0.95 {
            let message = format!(
                "{:.0} % of the slot cannot be copper",
                100.0 * self.winding.copper_fill
            );
            return fault(
                "winding.copper_fill",
                message,
                "round wire 35-50 %, hairpins 60-80 %",
            );
        }
        if !(0.8..=1.0).contains(&self.stacking_factor) {
            return fault(
                "stacking_factor",
                format!("{} is out of range", self.stacking_factor),
                "from 0.8 to 1",
            );
        }
        Ok(())
    }

    fn check_radii(&self) -> Result<(), SectionFault> {
        let mm = |m: f64| format!("{:.3} mm", 1e3 * m);
        if self.gap_m() < 0.1e-3 {
            let message = format!("the air gap is {}, smaller than 0.1 mm", mm(self.gap_m()));
            let hint = format!("the bore diameter is {}", mm(self.stator.bore_diameter_m));
            return Err(SectionFault::new("rotor.outer_diameter", message, hint));
        }
        if self.gap_m() > 0.1 * self.stator.bore_diameter_m {
            let message = format!(
                "the air gap of {} is more than a tenth of the bore",
                mm(self.gap_m())
            );
            return Err(SectionFault::new(
                "rotor.outer_diameter",
                message,
                "is it the diameter, not the radius?",
            ));
        }
        if self.rotor.inner_diameter_m > 0.97 * self.rotor.outer_diameter_m {
            let message = "the rotor has no lamination between shaft and surface";
            return Err(SectionFault::new(
                "rotor.inner_diameter",
                message,
                "make it smaller than the outer diameter",
            ));
        }
        Ok(())
    }

    fn check_slot(&self) -> Result<(), SectionFault> {
        let slot = self.stator.slot.as_trapezoid();
        let place = |key: &str| format!("stator.slot.{}.{key}", self.stator.slot.key());
        let bore = self.stator.bore_diameter_m / 2.0;
        let pitch = std::f64::consts::TAU / f64::from(self.slots);
        let top = bore + slot.opening_height_m + slot.wedge_height_m;
        let bottom = top + slot.depth_m;
        if bottom > 0.97 * self.stator.outer_diameter_m / 2.0 {
            let message = "the slot cuts through the yoke".to_owned();
            return Err(SectionFault::new(
                place("depth"),
                message,
                "less depth, or a larger outer diameter",
            ));
        }
        if slot.opening_width_m > 0.9 * pitch * bore {
            return Err(SectionFault::new(
                place("opening_width"),
                "the opening leaves no tooth",
                "less than the slot pitch",
            ));
        }
        let widest_top = 2.0 * top * (pitch / 2.0).tan();
        if slot.top_width_m.max(slot.bottom_width_m * top / bottom) > 0.92 * widest_top {
            let key = if matches!(self.stator.slot, SlotShape::Hairpin(_)) {
                "width"
            } else {
                "top_width"
            };
            let hint = format!(
                "the slot pitch at the top of the winding is {:.2} mm",
                1e3 * widest_top
            );
            return Err(SectionFault::new(
                place(key),
                "the slots leave no tooth between them",
                hint,
            ));
        }
        if slot.opening_width_m > slot.top_width_m + 1e-9 {
            let hint = "make it at most the width of the winding space";
            return Err(SectionFault::new(
                place("opening_width"),
                "the opening is wider than the slot",
                hint,
            ));
        }
        if slot.bottom_radius_m > slot.bottom_width_m / 2.0 + 1e-9
            || slot.bottom_radius_m >= slot.depth_m
        {
            let hint = "at most half the bottom width";
            return Err(SectionFault::new(
                place("bottom_radius"),
                "the bottom radius does not fit the slot",
                hint,
            ));
        }
        Ok(())
    }

    fn check_rotor(&self) -> Result<(), SectionFault> {
        let templates = self.rotor.v.len() + self.rotor.bar.len();
        let regions = &self.rotor.region;
        if templates > 0 && !regions.is_empty() {
            let message = "templates and free outlines are mixed";
            return Err(SectionFault::new(
                "rotor.region",
                message,
                "use [[rotor.v]] and [[rotor.bar]], or [[rotor.region]]",
            ));
        }
        if templates == 0 && !regions.iter().any(|r| r.material == RegionMaterial::Magnet) {
            return Err(SectionFault::new(
                "rotor",
                "the rotor has no magnet",
                "add a [[rotor.v]], [[rotor.bar]] or [[rotor.region]]",
            ));
        }
        for (i, region) in regions.iter().enumerate() {
            region.check(i)?;
        }
        for (i, layer) in self.rotor.v.iter().enumerate() {
            if !(0.5..=std::f64::consts::PI).contains(&layer.v_angle_rad) {
                let place = format!("rotor.v[{i}].v_angle");
                return Err(SectionFault::new(
                    place,
                    "the V angle is out of range",
                    "from 29° to 180°",
                ));
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
            return Err(SectionFault::new(
                place(".outline"),
                message,
                "list corners as [x, y] in mm",
            ));
        }
        if self
            .outline
            .iter()
            .any(|c| !(2..=3).contains(&c.len()) || c.iter().any(|v| !v.is_finite()))
        {
            let message = format!(
                "a corner of `{}` is not [x, y] or [x, y, radius]",
                self.name
            );
            return Err(SectionFault::new(
                place(".outline"),
                message,
                "numbers in mm, for example [72.9, -13.3]",
            ));
        }
        if (self.material == RegionMaterial::Magnet) != self.magnetisation_rad.is_some() {
            let message = format!(
                "`{}`: a magnet has a magnetisation, a hole has none",
                self.name
            );
            return Err(SectionFault::new(
                place(""),
                message,
                "magnetisation = \"0 deg\" points outward along the d axis",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
schema = 1
id = "v"
name = "V"
source = "test"
pole_pairs = 4
slots = 48
steel = "M250-35A"
stacking_factor = "97 %"
magnet = "N42SH"
magnet_temperature = "100 degC"
[winding]
conductor = "hairpin"
coil_pitch = 6
copper_fill = "70 %"
[stator]
outer_diameter = "200 mm"
bore_diameter = "140 mm"
[stator.slot.hairpin]
opening_width = "1.2 mm"
opening_height = "0.8 mm"
wedge_height = "0.6 mm"
width = "4.4 mm"
depth = "14 mm"
[rotor]
outer_diameter = "138.6 mm"
inner_diameter = "50 mm"
[[rotor.v]]
magnet_width = "18 mm"
magnet_thickness = "5 mm"
v_angle = "130 deg"
depth = "17 mm"
bridge = "1.2 mm"
rib = "1.2 mm"
"#;

    fn fault(from: &str, to: &str) -> InputError {
        assert!(GOOD.contains(from), "{from}");
        Section::read(&Source::shipped("v.toml", &GOOD.replace(from, to))).unwrap_err()
    }

    #[test]
    fn a_good_section_reads() {
        let section = Section::read(&Source::shipped("v.toml", GOOD)).unwrap();
        assert_eq!(section.topology(), "single V");
        assert!((section.gap_m() - 0.7e-3).abs() < 1e-9);
    }

    #[test]
    fn faults_point_at_their_line() {
        for (from, to, line, part) in [
            ("\"138.6 mm\"", "\"140 mm\"", 26, "air gap"),
            ("slots = 48", "slots = 50", 7, "whole number"),
            ("\"14 mm\"", "\"34 mm\"", 24, "yoke"),
            ("\"4.4 mm\"", "\"9.4 mm\"", 23, "no tooth"),
            ("coil_pitch = 6", "coil_pitch = 5", 14, "two layers"),
            ("bridge = \"1.2 mm\"", "bridge = \"0 mm\"", 33, "above zero"),
            (
                "v_angle = \"130 deg\"",
                "v_angle = \"190 deg\"",
                31,
                "V angle",
            ),
        ] {
            let error = fault(from, to);
            assert_eq!(error.line_column().unwrap().0, line, "{to}: {error}");
            assert!(error.message.contains(part), "{to}: {error}");
        }
        assert!(
            fault("[[rotor.v]]", "[[rotor.w]]")
                .message
                .contains("unknown key")
        );
    }
}
