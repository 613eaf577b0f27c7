//! A machine as a person enters it: a section, its stack and its winding.

use serde::{Deserialize, Serialize};

use crate::input::{InputError, Source};
use crate::section::SectionFault;
use crate::units::{angle, length};

/// Stacks between the shortest lamination packs and those whose rotor no two bearings carry, m: assumed.
const STACK_M: std::ops::RangeInclusive<f64> = 0.01..=1.0;

/// One machine file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// Schema version, 1.
    pub schema: u32,
    /// Id by which other files name it.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Where the figures come from.
    pub source: String,
    /// What is assumed rather than known.
    #[serde(default)]
    pub assumptions: Vec<String>,
    /// Id of a shipped section, or the path of a section file beside this one.
    pub section: String,
    /// Active stack length, m.
    #[serde(rename = "stack", deserialize_with = "length::positive")]
    pub stack_m: f64,
    /// Conductors in one slot.
    pub conductors_per_slot: u32,
    /// Parallel paths of a phase.
    pub parallel_paths: u32,
    /// Connection of the phases. A field solution (`codrive motor`) tells quantities of a phase, whatever the
    /// connection; a unit sees the terminals.
    #[serde(default)]
    pub connection: Connection,
    /// Rotor skew.
    #[serde(default)]
    pub skew: Option<Skew>,
}

/// Connection of the phases.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Connection {
    /// Star.
    #[default]
    Star,
    /// Delta. At its terminals it is the star with 1/√3 of its turns; what harmonics of order three drive
    /// around it is not computed.
    Delta,
}

impl Connection {
    /// Turns of the star that behaves alike at its terminals, over those of a phase.
    #[must_use]
    pub fn star_turns(self) -> f64 {
        match self {
            Self::Star => 1.0,
            Self::Delta => 3.0_f64.sqrt().recip(),
        }
    }

    /// Whether it is a star.
    #[must_use]
    pub fn is_star(&self) -> bool {
        *self == Self::Star
    }
}

/// Rotor built of turned packs.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skew {
    /// Angle between the extreme packs, mechanical rad.
    #[serde(rename = "angle", deserialize_with = "angle::positive")]
    pub angle_rad: f64,
    /// Number of packs at different angles.
    pub steps: u32,
}

impl Skew {
    /// Angle of each pack against the mean, mechanical rad: equal steps between the extreme ones.
    #[must_use]
    pub fn pack_angles_rad(&self) -> Vec<f64> {
        if self.steps < 2 {
            return vec![0.0];
        }
        let step = self.angle_rad / f64::from(self.steps - 1);
        (0..self.steps)
            .map(|pack| step * f64::from(pack) - 0.5 * self.angle_rad)
            .collect()
    }
}

impl Machine {
    /// Reads and checks a machine file.
    ///
    /// # Errors
    /// Not a machine, or one that [`Machine::check`] refuses; with file, line and hint.
    pub fn read(source: &Source) -> Result<Self, InputError> {
        let machine: Self = source.parse()?;
        machine.check().map_err(|fault| fault.in_file(source))?;
        Ok(machine)
    }

    /// Checks the winding and the skew.
    ///
    /// # Errors
    /// The first fault, with its key.
    pub fn check(&self) -> Result<(), SectionFault> {
        let range = |place: &str, value: u32, most: u32| {
            if (1..=most).contains(&value) {
                return Ok(());
            }
            Err(SectionFault::new(
                place,
                format!("{value} is out of range"),
                format!("from 1 to {most}"),
            ))
        };
        if !STACK_M.contains(&self.stack_m) {
            let mm = |metres: f64| (metres * 1e5).round() * 1e-2;
            let message = format!("a stack of {} mm", mm(self.stack_m));
            let [least, most] = [STACK_M.start(), STACK_M.end()].map(|end| mm(*end));
            let hint = format!("from {least} to {most} mm");
            return Err(SectionFault::new("stack", message, hint));
        }
        range("conductors_per_slot", self.conductors_per_slot, 400)?;
        range("parallel_paths", self.parallel_paths, 48)?;
        if let Some(skew) = &self.skew {
            range("skew.steps", skew.steps, 32)?;
        }
        Ok(())
    }

    /// Conductors per slot over parallel paths: multiplies unit currents' inverse and unit flux linkages
    /// (see [`crate::flux_map`]).
    #[must_use]
    pub fn turns_ratio(&self) -> f64 {
        f64::from(self.conductors_per_slot) / f64::from(self.parallel_paths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_reads_and_refuses_zero_paths() {
        let text = "schema = 1\nid = \"m\"\nname = \"M\"\nsource = \"test\"\nsection = \"v\"\nstack = \"132 mm\"\nconductors_per_slot = 6\nparallel_paths = 2\n";
        let machine = Machine::read(&Source::shipped("m.toml", text)).unwrap();
        assert_eq!(machine.turns_ratio(), 3.0);
        let error = Machine::read(&Source::shipped(
            "m.toml",
            &text.replace("paths = 2", "paths = 0"),
        ))
        .unwrap_err();
        assert_eq!(error.line_column().unwrap().0, 8);
        let long = text.replace("132 mm", "5 m");
        let error = Machine::read(&Source::shipped("m.toml", &long)).unwrap_err();
        assert_eq!(error.line_column().unwrap().0, 6);
        assert!(error.message.contains("5000 mm"), "{error}");
    }
}
