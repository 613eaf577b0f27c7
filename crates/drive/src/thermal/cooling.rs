//! How heat leaves a unit: what a person states about coolant, jacket and oil.

use super::correlations::channel_nusselt;
use super::fluids::{Fluid, OIL, glycol};
use crate::error::{DriveError, non_negative, positive};

/// Cooling of a unit. The coolant passes the inverter first, then the jacket and, beside it, the
/// cooler of the oil.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cooling {
    /// Coolant (50 % glycol) at the inlet of the inverter, K.
    pub coolant_inlet_k: f64,
    /// Flow of the coolant, m³/s.
    pub coolant_flow_m3_per_s: f64,
    /// Channels of the jacket.
    pub channel: Channel,
    /// Contact of stack and housing, W/(m²·K).
    pub contact_w_per_m2k: f64,
    /// Speed of the air in the end space over the peripheral speed of the rotor.
    pub end_air_speed_share: f64,
    /// Oil of the gear to the housing where no cooler is in the oil, W/K.
    pub sump_w_per_k: f64,
    /// Heat of the gear over the shaft power where the gear set is not known yet.
    pub gear_loss_share: f64,
    /// Oil sprayed on end windings and rotor, if any.
    pub spray: Option<Spray>,
}

/// Channels around the stack.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Channel {
    /// Axial width of a passage, m.
    pub width_m: f64,
    /// Radial height, m.
    pub height_m: f64,
    /// Passages side by side; 1 for a single spiral.
    pub parallel: f64,
    /// Share of the stack's outer surface that they cover; the rest are ribs, not counted.
    pub coverage: f64,
}

/// Oil on end windings and rotor, with its own cooler in the coolant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spray {
    /// Flow, m³/s.
    pub flow_m3_per_s: f64,
    /// On the end windings, W/(m²·K).
    pub end_winding_w_per_m2k: f64,
    /// On both faces of the rotor (hollow shaft included), W/(m²·K).
    pub rotor_w_per_m2k: f64,
    /// Effectiveness of the oil's cooler: heat over that of oil leaving at coolant temperature.
    pub cooler_effectiveness: f64,
}

impl Cooling {
    /// A water jacket.
    ///
    /// - 6 L/min at 65 °C: TUM's ID.3 model (`PSM_ID3_Deininger.mot`); cars run 6 to 12.
    /// - One spiral of 20 x 5 mm covering 80 %: assumed (width 10 to 40, height 3 to 8 mm).
    /// - Contact 1,000 W/(m²·K): SyR-e after Mellor 1991; a gap of 10 to 50 µm of air is 3,000 to 600.
    /// - Air in the end space at half the rotor's peripheral speed: assumed (0.3 to 0.8).
    /// - Gear oil to housing 30 W/K: assumed (15 to 60). Gear loss 2 % of shaft power: assumed
    ///   (1 to 3 %).
    #[must_use]
    pub fn water_jacket() -> Self {
        Self {
            coolant_inlet_k: 338.15,
            coolant_flow_m3_per_s: 1e-4,
            channel: Channel {
                width_m: 0.020,
                height_m: 0.005,
                parallel: 1.0,
                coverage: 0.8,
            },
            contact_w_per_m2k: 1_000.0,
            end_air_speed_share: 0.5,
            sump_w_per_k: 30.0,
            gear_loss_share: 0.02,
            spray: None,
        }
    }

    /// The jacket, and 8 L/min of oil (assumed, 4 to 12) on end windings and rotor.
    ///
    /// 1,200 W/(m²·K) on the end windings: lower half of 800 to 3,000 (assumed); 500 in the rotor
    /// (assumed, 200 to 1,000); cooler of 0.7 effectiveness (assumed, 0.5 to 0.85).
    #[must_use]
    pub fn oil_spray() -> Self {
        Self {
            spray: Some(Spray {
                flow_m3_per_s: 8e-3 / 60.0,
                end_winding_w_per_m2k: 1_200.0,
                rotor_w_per_m2k: 500.0,
                cooler_effectiveness: 0.7,
            }),
            ..Self::water_jacket()
        }
    }

    pub(crate) fn check(&self) -> Result<(), DriveError> {
        glycol(self.coolant_inlet_k)?;
        positive("coolant flow in m³/s", self.coolant_flow_m3_per_s)?;
        self.channel.check()?;
        positive("contact coefficient in W/(m²·K)", self.contact_w_per_m2k)?;
        non_negative("speed of the end-space air", self.end_air_speed_share)?;
        positive("gear oil to housing in W/K", self.sump_w_per_k)?;
        non_negative("gear loss share", self.gear_loss_share)?;
        self.spray.map_or(Ok(()), |spray| spray.check())
    }
}

impl Channel {
    /// Heat transfer coefficient at the channel wall, W/(m²·K), over `surface_m2` of stack.
    #[must_use]
    pub fn wall_w_per_m2k(&self, coolant: &Fluid, flow_m3_per_s: f64, surface_m2: f64) -> f64 {
        let (w, h) = (self.width_m, self.height_m);
        let diameter = 2.0 * w * h / (w + h);
        let speed = flow_m3_per_s / (self.parallel * w * h);
        let length = self.coverage * surface_m2 / (self.parallel * w);
        let reynolds = speed * diameter / coolant.viscosity_m2_per_s;
        let nusselt = channel_nusselt(reynolds, coolant.prandtl(), diameter / length);
        nusselt * coolant.conductivity_w_per_mk / diameter
    }

    fn check(&self) -> Result<(), DriveError> {
        positive("channel width in m", self.width_m)?;
        positive("channel height in m", self.height_m)?;
        positive("channel passages", self.parallel)?;
        share("channel coverage", self.coverage)
    }
}

impl Spray {
    /// Oil to coolant through the cooler, W/K.
    #[must_use]
    pub fn cooler_w_per_k(&self) -> f64 {
        self.cooler_effectiveness * OIL.capacity_flow_w_per_k(self.flow_m3_per_s)
    }

    fn check(&self) -> Result<(), DriveError> {
        positive("oil flow in m³/s", self.flow_m3_per_s)?;
        non_negative(
            "spray on end windings in W/(m²·K)",
            self.end_winding_w_per_m2k,
        )?;
        non_negative("spray on rotor in W/(m²·K)", self.rotor_w_per_m2k)?;
        share("effectiveness of the oil cooler", self.cooler_effectiveness)
    }
}

fn share(what: &'static str, value: f64) -> Result<(), DriveError> {
    let value = positive(what, value)?;
    if value > 1.0 {
        return Err(DriveError::OutOfRange {
            what,
            value,
            allowed: "above zero, at most 1",
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The usual range for jackets of cars, 2,000 to 6,000 W/(m²·K), at the usual flows.
    #[test]
    fn the_default_jacket_lies_in_the_usual_range() {
        let coolant = glycol(338.15).unwrap();
        let at = |litres: f64| {
            let flow = litres * 1e-3 / 60.0;
            Cooling::water_jacket()
                .channel
                .wall_w_per_m2k(&coolant, flow, 0.1)
        };
        assert!((2_000.0..6_000.0).contains(&at(6.0)), "{}", at(6.0));
        assert!((2_000.0..6_500.0).contains(&at(10.0)), "{}", at(10.0));
        assert!(at(2.0) < at(6.0) && at(6.0) < at(10.0));
    }

    #[test]
    fn cooling_that_cannot_be_is_refused() {
        let jacket = Cooling::water_jacket();
        let narrow = Channel {
            width_m: 0.0,
            ..jacket.channel
        };
        let wrapped = Channel {
            coverage: 1.2,
            ..jacket.channel
        };
        for wrong in [
            Cooling {
                coolant_inlet_k: 400.0,
                ..jacket
            },
            Cooling {
                coolant_flow_m3_per_s: -1e-4,
                ..jacket
            },
            Cooling {
                channel: narrow,
                ..jacket
            },
            Cooling {
                channel: wrapped,
                ..jacket
            },
            Cooling {
                contact_w_per_m2k: f64::NAN,
                ..jacket
            },
        ] {
            assert!(wrong.check().is_err(), "{wrong:?}");
        }
        assert!(jacket.check().is_ok() && Cooling::oil_spray().check().is_ok());
    }
}
