//! What coolant, air and oil are like, over temperature.

use crate::error::DriveError;

/// A fluid at one temperature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fluid {
    /// Density, kg/m³.
    pub density_kg_per_m3: f64,
    /// Specific heat capacity, J/(kg·K).
    pub heat_j_per_kgk: f64,
    /// Conductivity, W/(m·K).
    pub conductivity_w_per_mk: f64,
    /// Kinematic viscosity, m²/s.
    pub viscosity_m2_per_s: f64,
}

impl Fluid {
    /// Prandtl number.
    #[must_use]
    pub fn prandtl(&self) -> f64 {
        self.viscosity_m2_per_s * self.density_kg_per_m3 * self.heat_j_per_kgk
            / self.conductivity_w_per_mk
    }

    /// Heat capacity of a volume, J/(m³·K).
    #[must_use]
    pub fn heat_j_per_m3k(&self) -> f64 {
        self.density_kg_per_m3 * self.heat_j_per_kgk
    }

    /// Heat capacity flow of a volume flow, W/K.
    #[must_use]
    pub fn capacity_flow_w_per_k(&self, flow_m3_per_s: f64) -> f64 {
        self.heat_j_per_m3k() * flow_m3_per_s
    }
}

/// Air at 100 °C and 1 bar; in the gap and the end space.
///
/// Source: Incropera et al., Fundamentals of Heat and Mass Transfer, table A.4, between 350 and
/// 400 K.
pub const AIR: Fluid = Fluid {
    density_kg_per_m3: 0.934,
    heat_j_per_kgk: 1_011.0,
    conductivity_w_per_mk: 0.0318,
    viscosity_m2_per_s: 23.3e-6,
};

/// Transmission oil at 90 °C.
///
/// Source: Energies 18 (2025) 3134, the ATF of an end-winding spray.
pub const OIL: Fluid = Fluid {
    density_kg_per_m3: 846.0,
    heat_j_per_kgk: 1_963.0,
    conductivity_w_per_mk: 0.2,
    viscosity_m2_per_s: 0.0066 / 846.0,
};

/// Temperatures between which the coolant is known, °C.
const GLYCOL_C: [f64; 8] = [-30.0, -20.0, 0.0, 20.0, 40.0, 60.0, 80.0, 100.0];
/// Its density, kg/m³; heat capacity, J/(kg·K); conductivity, W/(m·K); viscosity, m²/s.
const GLYCOL: [[f64; 4]; 8] = [
    [1085.1, 3027.0, 0.3589, 38.498e-6],
    [1082.2, 3087.0, 0.3647, 20.494e-6],
    [1074.6, 3203.0, 0.3768, 7.3791e-6],
    [1064.9, 3312.0, 0.3891, 3.4680e-6],
    [1053.4, 3413.0, 0.4015, 1.9966e-6],
    [1040.5, 3503.0, 0.4138, 1.3214e-6],
    [1026.4, 3582.0, 0.4257, 0.94354e-6],
    [1011.5, 3646.0, 0.4371, 0.68213e-6],
];

/// Water with 50 % (mass) ethylene glycol at a temperature, K; viscosity between the knots linear
/// in its logarithm, the rest linear.
///
/// Source: Melinder 2010 (IIR), as in `CoolProp` 8 (MIT), `INCOMP::MEG[0.5]`.
///
/// # Errors
/// A temperature outside −30 to 100 °C.
pub fn glycol(temperature_k: f64) -> Result<Fluid, DriveError> {
    let celsius = temperature_k - 273.15;
    if !(GLYCOL_C[0]..=GLYCOL_C[7]).contains(&celsius) {
        return Err(DriveError::OutOfRange {
            what: "coolant temperature in K",
            value: temperature_k,
            allowed: "from 243.15 to 373.15 (-30 to 100 degC)",
        });
    }
    let upper = GLYCOL_C
        .partition_point(|knot| *knot <= celsius)
        .clamp(1, 7);
    let (a, b) = (GLYCOL[upper - 1], GLYCOL[upper]);
    let t = (celsius - GLYCOL_C[upper - 1]) / (GLYCOL_C[upper] - GLYCOL_C[upper - 1]);
    let at = |k: usize| a[k] + (b[k] - a[k]) * t;
    Ok(Fluid {
        density_kg_per_m3: at(0),
        heat_j_per_kgk: at(1),
        conductivity_w_per_mk: at(2),
        viscosity_m2_per_s: a[3] * (b[3] / a[3]).powf(t),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `CoolProp` between the knots, and the coolant of TUM's ID.3 model (1,051 kg/m³,
    /// 3,504 J/(kg·K), 0.411 W/(m·K), 1.305e-6 m²/s at 65 °C), which is 1.3 % denser and 8 % more
    /// viscous: another mixture or temperature, not stated there.
    #[test]
    fn glycol_at_65_degrees_is_that_of_the_references() {
        let at = glycol(338.15).unwrap();
        let near = |value: f64, expected: f64, share: f64| {
            assert!((value / expected - 1.0).abs() < share, "{value} {expected}");
        };
        near(at.density_kg_per_m3, 1037.1, 1e-3);
        near(at.heat_j_per_kgk, 3524.0, 1e-3);
        near(at.conductivity_w_per_mk, 0.4168, 1e-3);
        near(at.viscosity_m2_per_s, 1.2091e-6, 5e-3);
        near(at.density_kg_per_m3, 1051.0, 0.02);
        near(at.viscosity_m2_per_s, 1.305e-6, 0.09);
        near(glycol(333.15).unwrap().prandtl(), 11.64, 1e-3);
    }

    #[test]
    fn glycol_is_not_extrapolated() {
        for wrong in [200.0, 243.0, 374.0, f64::NAN] {
            assert!(glycol(wrong).is_err(), "{wrong}");
        }
        assert!(glycol(243.15).is_ok() && glycol(373.15).is_ok());
    }

    /// Prandtl number of air at 100 °C: 0.69 to 0.70 in every table.
    #[test]
    fn air_has_its_prandtl_number() {
        assert!((AIR.prandtl() - 0.692).abs() < 5e-3, "{}", AIR.prandtl());
    }
}
