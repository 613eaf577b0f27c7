//! Published heat transfer: channels, the air gap, the end space.

use std::f64::consts::PI;

use super::fluids::Fluid;

/// Reynolds numbers between which channel flow changes from laminar to turbulent.
const LAMINAR_TO: f64 = 2_300.0;
const TURBULENT_FROM: f64 = 4_000.0;

/// Nusselt number of a channel, on its hydraulic diameter; laminar, turbulent and between.
///
/// Turbulent: Nu = (ζ/8)(Re − 1000) Pr/(1 + 12.7 √(ζ/8)(Pr^⅔ − 1)) · (1 + (d/l)^⅔) with
/// ζ = (1.8 lg Re − 1.5)⁻². Laminar at a wall of one temperature:
/// Nu³ = 3.66³ + 0.7³ + (1.615 (Re Pr d/l)^⅓ − 0.7)³. Between Re = 2,300 and 4,000 linear in Re.
/// Made for tubes; rectangular channels by their hydraulic diameter (±10 % when turbulent).
///
/// Source: Gnielinski 2013, doi:10.1016/j.ijheatmasstransfer.2013.04.015.
#[must_use]
pub fn channel_nusselt(reynolds: f64, prandtl: f64, diameter_over_length: f64) -> f64 {
    let laminar = |re: f64| {
        let entry = 1.615 * (re * prandtl * diameter_over_length).cbrt() - 0.7;
        (3.66_f64.powi(3) + 0.7_f64.powi(3) + entry.powi(3)).cbrt()
    };
    let turbulent = |re: f64| {
        let eighth = (1.8 * re.log10() - 1.5).powi(-2) / 8.0;
        let wall = 1.0 + 12.7 * eighth.sqrt() * (prandtl.cbrt().powi(2) - 1.0);
        eighth * (re - 1_000.0) * prandtl / wall * (1.0 + diameter_over_length.cbrt().powi(2))
    };
    if reynolds <= LAMINAR_TO {
        laminar(reynolds)
    } else if reynolds < TURBULENT_FROM {
        let share = (reynolds - LAMINAR_TO) / (TURBULENT_FROM - LAMINAR_TO);
        (1.0 - share) * laminar(LAMINAR_TO) + share * turbulent(TURBULENT_FROM)
    } else {
        turbulent(reynolds)
    }
}

/// Nusselt number of a long channel by Dittus and Boelter, heating: 0.023 Re^0.8 Pr^0.4.
///
/// The check of [`channel_nusselt`] above Re = 10,000, not used for it.
///
/// Source: Winterton 1998, doi:10.1016/S0017-9310(97)00177-4.
#[must_use]
pub fn dittus_boelter_nusselt(reynolds: f64, prandtl: f64) -> f64 {
    0.023 * reynolds.powf(0.8) * prandtl.powf(0.4)
}

/// An annulus whose inner cylinder turns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AirGap {
    /// Radius of the inner cylinder, m.
    pub rotor_radius_m: f64,
    /// Width, m.
    pub width_m: f64,
    /// Length, m.
    pub length_m: f64,
}

impl AirGap {
    /// Conductance from rotor to stator, W/K, smooth surfaces and no flow through the gap.
    ///
    /// Nu on twice the gap width: 2 (conduction) while Ta² < 1,700, 0.128 (Ta²)^0.367 up to 1e4,
    /// 0.409 (Ta²)^0.241 above, Ta² = Ω² r_m g³/ν²; so Nu λ/2g from surface to surface, on the area at
    /// the mean radius. Fitted up to Ta² = 1e7. The geometric factor of Ta² is 1 within 1 % for gaps of
    /// a hundredth of the radius, and left out. Slots raise it by some ten per cent (not included).
    ///
    /// Source: Becker & Kaye 1962, doi:10.1115/1.3684318, as in Howey, Childs & Holmes 2012,
    /// doi:10.1109/TIE.2010.2100337.
    #[must_use]
    pub fn conductance_w_per_k(&self, air: &Fluid, speed_rad_per_s: f64) -> f64 {
        let mean_m = self.rotor_radius_m + 0.5 * self.width_m;
        let inertia = speed_rad_per_s / air.viscosity_m2_per_s;
        let nusselt = gap_nusselt(inertia * inertia * mean_m * self.width_m.powi(3));
        let surface = 2.0 * PI * mean_m * self.length_m;
        nusselt * air.conductivity_w_per_mk / (2.0 * self.width_m) * surface
    }
}

/// Nusselt number of the air gap over the squared Taylor number; see [`AirGap`].
#[must_use]
pub fn gap_nusselt(taylor_squared: f64) -> f64 {
    if taylor_squared < 1_700.0 {
        2.0
    } else if taylor_squared < 1e4 {
        (0.128 * taylor_squared.powf(0.367)).max(2.0)
    } else {
        0.409 * taylor_squared.powf(0.241)
    }
}

/// Heat transfer coefficient of surfaces in the end space, W/(m²·K): 15.5 (1 + 0.29 v) with the
/// speed v of the air, m/s.
///
/// Measured up to about 10 m/s; published fits of the same kind lie within a factor of two.
///
/// Source: Mellor, Roberts & Turner 1991, doi:10.1049/ip-b.1991.0025, as compared with others by
/// Staton, Boglietti & Cavagnino 2005, doi:10.1109/TEC.2005.847979.
#[must_use]
pub fn end_space_w_per_m2k(air_m_per_s: f64) -> f64 {
    15.5 * (1.0 + 0.29 * air_m_per_s)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thermal::fluids::AIR;

    /// Gnielinski and Dittus-Boelter agree within their own accuracies (10 and 25 %) for long
    /// channels of water and glycol.
    #[test]
    fn turbulent_channels_agree_with_dittus_boelter() {
        for reynolds in [1e4, 2e4, 5e4, 1e5] {
            for prandtl in [0.7, 3.0, 7.0, 12.0] {
                let ratio = channel_nusselt(reynolds, prandtl, 0.0)
                    / dittus_boelter_nusselt(reynolds, prandtl);
                assert!(
                    (0.8..1.25).contains(&ratio),
                    "{reynolds} {prandtl}: {ratio}"
                );
            }
        }
    }

    /// A long laminar tube at a wall of one temperature: 3.66 (Graetz).
    #[test]
    fn long_laminar_channels_reach_the_closed_form() {
        assert!((channel_nusselt(1_000.0, 5.0, 0.0) - 3.66).abs() < 0.01);
        // Lévêque's entry: 1.615 (Re Pr d/l)^⅓ within the 7 % that the terms add at 1e4.
        let entry = channel_nusselt(1_000.0, 10.0, 1.0);
        assert!(
            (entry / (1.615 * 1e4_f64.cbrt()) - 1.0).abs() < 0.03,
            "{entry}"
        );
    }

    #[test]
    fn the_channel_is_continuous_in_reynolds() {
        for seam in [LAMINAR_TO, TURBULENT_FROM] {
            let below = channel_nusselt(seam * (1.0 - 1e-9), 10.0, 0.01);
            let above = channel_nusselt(seam * (1.0 + 1e-9), 10.0, 0.01);
            assert!((above / below - 1.0).abs() < 1e-6, "{seam}");
        }
    }

    /// At rest the gap conducts as an annulus: 2π λ l/ln(r_o/r_i).
    #[test]
    fn a_gap_at_rest_conducts_as_an_annulus() {
        let gap = AirGap {
            rotor_radius_m: 0.0893,
            width_m: 0.7e-3,
            length_m: 0.132,
        };
        let closed = 2.0 * PI * AIR.conductivity_w_per_mk * 0.132 / (0.09_f64 / 0.0893).ln();
        let ours = gap.conductance_w_per_k(&AIR, 0.0);
        assert!((ours / closed - 1.0).abs() < 1e-4, "{ours} {closed}");
    }

    /// The three branches meet: Becker and Kaye's lines cross at Ta² = 1,700 and 1e4.
    #[test]
    fn the_gap_is_continuous_and_rises_with_speed() {
        for (seam, jump) in [(1_700.0, 0.02), (1e4, 0.01)] {
            let ratio = gap_nusselt(seam * 0.999) / gap_nusselt(seam * 1.001);
            assert!((ratio - 1.0).abs() < jump, "{seam}: {ratio}");
        }
        // 0.409 · (1e6)^0.241.
        assert!((gap_nusselt(1e6) - 11.42).abs() < 0.01);
    }
}
