//! What is assumed about how a machine is built and under which conditions it runs.

use codrive_model::section::{self, Section};

use crate::error::{DriveError, non_negative, positive};
use crate::thermal::{Cooling, Start};

/// 0 °C in K.
pub const ZERO_CELSIUS_K: f64 = 273.15;

/// How the machine is built, as far as its section does not say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Build {
    /// Copper over winding area of a slot.
    pub copper_fill: f64,
    /// The conductors.
    pub conductor: Conductor,
    /// Conductivity of the filled slot across the conductors, W/(m·K).
    pub slot_w_per_mk: f64,
    /// Length of an end turn over that of the formula in [`crate::winding`].
    pub end_turn_factor: f64,
    /// Iron loss of a built stack under an inverter over that of the element waveforms.
    pub iron_build_factor: f64,
    /// Magnet loss of a built rotor under an inverter over that of the element waveforms.
    pub magnet_build_factor: f64,
    /// Longest axial magnet segment, m.
    pub magnet_segment_m: f64,
    /// Housing over active mass (lamination, copper, magnets, shaft).
    pub housing_share: f64,
}

/// What fills the slots: decides the AC loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Conductor {
    /// One rectangular bar per layer, as wide as the slot allows.
    Hairpin,
    /// Transposed round strands of this diameter, m.
    Strands(f64),
}

impl Build {
    /// Hairpins.
    ///
    /// - Copper fill 0.60: the ID.3 has six bars of 4.713 x 1.95 mm in a slot of 6.1 x 15.5 mm,
    ///   0.58; thin film insulation reaches 0.65 (assumed middle).
    /// - Slot conductivity 1.1 W/(m·K): middle of 0.8 to 1.5 (assumed).
    /// - End turns 1.6 times the formula: ID.3, one case.
    /// - Build factors 1.25: TUM's ID.3 model; PWM included, as there.
    /// - Segments of at most 48 mm: ID.3, 192 mm in four.
    /// - Housing 30 %: middle of 25 to 35 % (assumed).
    ///
    /// Source of the ID.3 figures: TUMFTM/Holistic-Electric-Powertrain-Component-Design,
    /// `PSM_ID3_Deininger.mot`.
    #[must_use]
    pub fn hairpin() -> Self {
        Self {
            copper_fill: 0.60,
            conductor: Conductor::Hairpin,
            slot_w_per_mk: 1.1,
            end_turn_factor: 1.6,
            iron_build_factor: 1.25,
            magnet_build_factor: 1.25,
            magnet_segment_m: 0.048,
            housing_share: 0.30,
        }
    }

    /// Round wire, pulled in: fill 0.46 and 0.8 mm strands as in pyleecan's BMW i3 (6 conductors
    /// of 15 strands in 98 mm²); end turns as the formula; 0.4 W/(m·K) across the slot, between
    /// 0.3 (SyR-e) and 0.6 of impregnated wire.
    #[must_use]
    pub fn round_wire() -> Self {
        Self {
            copper_fill: 0.46,
            conductor: Conductor::Strands(0.8e-3),
            slot_w_per_mk: 0.4,
            end_turn_factor: 1.0,
            ..Self::hairpin()
        }
    }

    /// What a section says of its slots and its lamination; the rest as [`Self::hairpin`] or
    /// [`Self::round_wire`].
    #[must_use]
    pub fn from_section(section: &Section) -> Self {
        let kind = match section.winding.conductor {
            section::Conductor::Hairpin => Self::hairpin(),
            section::Conductor::Round => Self::round_wire(),
        };
        Self {
            copper_fill: section.winding.copper_fill,
            iron_build_factor: section.iron_build_factor,
            ..kind
        }
    }

    /// Refuses values that no machine has.
    pub(crate) fn check(&self) -> Result<(), DriveError> {
        let fill = positive("copper fill", self.copper_fill)?;
        if fill >= 1.0 {
            let what = "copper fill";
            return Err(DriveError::OutOfRange {
                what,
                value: fill,
                allowed: "below 1",
            });
        }
        if let Conductor::Strands(diameter_m) = self.conductor {
            positive("strand diameter in m", diameter_m)?;
        }
        positive("slot conductivity in W/(m·K)", self.slot_w_per_mk)?;
        positive("end turn factor", self.end_turn_factor)?;
        positive("iron build factor", self.iron_build_factor)?;
        positive("magnet build factor", self.magnet_build_factor)?;
        positive("magnet segment length in m", self.magnet_segment_m)?;
        non_negative("housing share", self.housing_share)?;
        Ok(())
    }
}

impl Default for Build {
    fn default() -> Self {
        Self::hairpin()
    }
}

/// How the currents for a torque are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// Least phase current: MTPA, field weakening along the voltage limit.
    #[default]
    LeastCurrent,
    /// Least loss of machine and inverter together.
    LeastLoss,
}

/// The conditions under which a map is computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// Winding temperature of the map, K. The magnets have the temperature of the flux map.
    pub winding_temperature_k: f64,
    /// Highest winding temperature of the continuous envelope, K, at the hottest place.
    pub winding_limit_k: f64,
    /// Highest magnet temperature of the continuous envelope, K.
    pub magnet_limit_k: f64,
    /// Share of the linear modulation range V_dc/√3 that control uses; the drop of the switches and
    /// the voltage lost in dead times come off besides.
    pub voltage_use: f64,
    /// Least switching periods per electrical period.
    pub least_pulses: f64,
    /// Highest line-to-line peak of the back-EMF over the blocking voltage of a switch, which
    /// limits the motor speed; infinite where active short circuit is trusted always.
    pub blocking_use: f64,
    /// How currents are chosen.
    pub strategy: Strategy,
    /// Cooling.
    pub cooling: Cooling,
    /// Start of the ratings over 10 s and 30 s; `None` leaves all ratings in time out.
    pub ratings_from: Option<Start>,
}

impl Default for Conditions {
    /// - Winding 100 °C; 160 °C continuous, 20 K below class H; magnets 140 °C: assumed.
    /// - 0.97 of the linear range, for current control and shortest pulses: with dead times (2 µs and
    ///   10 kHz take 0.044) that makes 0.93 with IGBTs and 0.96 with SiC; 0.93 to 0.97 in all is usual
    ///   (assumed).
    /// - 6 pulses per period: below that, synchronous pulse patterns are needed (assumed).
    /// - Back-EMF up to 0.95 of the blocking voltage (assumed).
    fn default() -> Self {
        Self {
            winding_temperature_k: 100.0 + ZERO_CELSIUS_K,
            winding_limit_k: 160.0 + ZERO_CELSIUS_K,
            magnet_limit_k: 140.0 + ZERO_CELSIUS_K,
            voltage_use: 0.97,
            least_pulses: 6.0,
            blocking_use: 0.95,
            strategy: Strategy::LeastCurrent,
            cooling: Cooling::water_jacket(),
            ratings_from: None,
        }
    }
}

impl Conditions {
    /// The defaults, with ratings over 10 s and 30 s from the steady state at half of the torque of the largest
    /// continuous power: assumed, as no rule names a start.
    #[must_use]
    pub fn rated() -> Self {
        Self {
            ratings_from: Some(Start::Continuous(0.5)),
            ..Self::default()
        }
    }

    /// Refuses values under which nothing runs.
    pub(crate) fn check(&self) -> Result<(), DriveError> {
        positive("winding temperature in K", self.winding_temperature_k)?;
        positive("winding limit in K", self.winding_limit_k)?;
        positive("magnet limit in K", self.magnet_limit_k)?;
        positive("voltage use", self.voltage_use)?;
        positive("least pulses", self.least_pulses)?;
        if self.blocking_use.is_nan() || self.blocking_use <= 0.0 {
            let (what, value) = ("blocking use", self.blocking_use);
            return Err(DriveError::OutOfRange {
                what,
                value,
                allowed: "above zero",
            });
        }
        self.cooling.check()?;
        self.ratings_from.map_or(Ok(()), Start::check)
    }
}
