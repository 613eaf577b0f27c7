//! A section as a person enters it: rotor and stator cross-section, as a template or as free outlines.
//!
//! One pole is described, with the d axis (pole centre) on +x and angles counter-clockwise.
//! Shapes stay parameters here; the field crate turns them into outlines and a mesh.

mod fault;
mod layer;
mod outline;
mod region;
mod rotor;
mod similar;
mod slot;
mod star;
mod stator;
mod surface;
mod winding;

pub use fault::{SectionFault, degrees, millimetres};
pub use layer::{BarLayer, SpokeLayer, VLayer};
pub use outline::Corner;
pub use region::{Region, RegionMaterial};
pub use rotor::Rotor;
pub use slot::{HairpinSlot, OutlineSlot, SlotShape, TrapezoidSlot};
pub use star::{Sector, Side, StarOfSlots};
pub use stator::Stator;
pub use surface::{MagnetSides, SurfaceMagnet, SurfaceMagnetisation};
pub use winding::{Conductor, SlotWinding};

use serde::Deserialize;

use crate::input::{InputError, Source};
use crate::units::{Shown, fraction, temperature};

/// The build factor of a section that states none.
///
/// Source: TUMFTM/Holistic-Electric-Powertrain-Component-Design, `PSM_ID3_Deininger.mot`. Stamped stacks under an
/// inverter are found between 1.3 and 1.8 too.
#[must_use]
pub fn usual_iron_build_factor() -> f64 {
    1.25
}

/// Smallest air gap, m.
const LEAST_GAP_M: f64 = 0.1e-3;

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
    /// Iron loss of a stamped and stacked lamination under an inverter over that of the field's waveforms; 1.25
    /// unless stated, as in TUM's model of the ID.3.
    #[serde(default = "usual_iron_build_factor")]
    pub iron_build_factor: f64,
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

    /// Radial air gap, m.
    #[must_use]
    pub fn gap_m(&self) -> f64 {
        (self.stator.bore_diameter_m - self.rotor.outer_diameter_m) / 2.0
    }

    /// The rotor topology in words.
    #[must_use]
    pub fn topology(&self) -> &'static str {
        self.rotor.topology()
    }

    /// Checks what can be checked without drawing the section.
    ///
    /// # Errors
    /// The first fault, with its key.
    pub fn check(&self) -> Result<(), SectionFault> {
        self.check_counts()?;
        self.star().check()?;
        self.winding.check()?;
        self.stator.check(self.slots)?;
        self.check_gap()?;
        self.rotor.check()
    }

    fn check_counts(&self) -> Result<(), SectionFault> {
        if !(1..=24).contains(&self.pole_pairs) {
            let message = format!("{} pole pairs are out of range", self.pole_pairs);
            return Err(SectionFault::new("pole_pairs", message, "from 1 to 24"));
        }
        if !(0.8..=1.0).contains(&self.stacking_factor) {
            let message = format!("{} is out of range", Shown(self.stacking_factor));
            return Err(SectionFault::new(
                "stacking_factor",
                message,
                "from 0.8 to 1",
            ));
        }
        if !(1.0..=3.0).contains(&self.iron_build_factor) {
            let message = format!("{} is out of range", Shown(self.iron_build_factor));
            let hint = "from 1 to 3";
            return Err(SectionFault::new("iron_build_factor", message, hint));
        }
        Ok(())
    }

    fn check_gap(&self) -> Result<(), SectionFault> {
        let bore = self.stator.bore_diameter_m;
        let gap = self.gap_m();
        let range = [LEAST_GAP_M, 0.1 * bore];
        if gap >= range[0] && gap <= range[1] {
            return Ok(());
        }
        let [least, most] = range.map(millimetres);
        Err(SectionFault::new(
            "rotor.outer_diameter",
            format!(
                "{} gives an air gap of {}: must be from {least} to {most}",
                millimetres(self.rotor.outer_diameter_m),
                millimetres(gap)
            ),
            format!("the bore diameter is {}", millimetres(bore)),
        ))
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
        assert_eq!(section.iron_build_factor, 1.25);
    }

    #[test]
    fn faults_point_at_their_line() {
        for (from, to, line, part) in [
            ("\"138.6 mm\"", "\"140 mm\"", 26, "air gap"),
            (
                "slots = 48",
                "slots = 50",
                7,
                "50 slots with 8 poles and 3 phases",
            ),
            (
                "\"97 %\"",
                "\"97 %\"\niron_build_factor = 0.9",
                10,
                "0.9 is out of range",
            ),
            ("\"14 mm\"", "\"34 mm\"", 24, "must be at most 25.6 mm"),
            ("\"4.4 mm\"", "\"9.4 mm\"", 23, "at most 8.611 mm"),
            ("coil_pitch = 6", "coil_pitch = 5", 14, "two layers"),
            ("bridge = \"1.2 mm\"", "bridge = \"0 mm\"", 33, "above zero"),
            ("v_angle = \"130 deg\"", "v_angle = \"190 deg\"", 31, "180°"),
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
