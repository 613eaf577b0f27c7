//! Road load: the force that holds a steady speed.

use codrive_model::vehicle::{RoadLoad, Vehicle};

use crate::GRAVITY_M_S2;

/// Density of air at 20 °C and 101.325 kPa, kg/m³ (reference state of UN GTR 15, Annex 4).
const AIR_DENSITY_KG_M3: f64 = 1.189;

/// Rolling resistance lost with each kelvin of air and tyres, 1/K (UN GTR 15, Annex 4, 4.5.2).
const ROLLING_PER_K: f64 = 8.6e-3;

/// Resistance of a car without the drag of any drive unit: F = a·m/m_test + b·v + c·v² + slope.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resistance {
    /// Constant part at the test mass, N.
    pub a_n: f64,
    /// Linear part, N/(m/s).
    pub b_n_per_m_s: f64,
    /// Quadratic part, N/(m/s)².
    pub c_n_per_m_s_2: f64,
    /// Mass at which `a_n` holds, kg.
    pub test_mass_kg: f64,
}

impl Resistance {
    /// The resistance of a car; a coast-down loses the drag of the unit that it contained, so that
    /// the drag of the unit now fitted, which its own map holds, counts once.
    ///
    /// Coefficients hold at 20 °C; what is left of them without the unit is brought to the ambient
    /// temperature as UN GTR 15 (Annex 4, 4.5) brings a measured one to 20 °C.
    #[must_use]
    pub fn of(vehicle: &Vehicle) -> Self {
        let test_mass_kg = vehicle.mass.test_kg;
        let (a_n, b_n_per_m_s, c_n_per_m_s_2) = coefficients(&vehicle.road_load, test_mass_kg);
        let (rolling, air) = at_ambient(vehicle.road_load.ambient_k);
        Self {
            a_n: a_n * rolling,
            b_n_per_m_s: b_n_per_m_s * rolling,
            c_n_per_m_s_2: c_n_per_m_s_2 * air,
            test_mass_kg,
        }
    }

    /// Force at a speed on the level at the test mass, N.
    #[must_use]
    pub fn level_n(&self, speed_m_s: f64) -> f64 {
        self.a_n + speed_m_s * (self.b_n_per_m_s + speed_m_s * self.c_n_per_m_s_2)
    }

    /// Force at a speed on a grade (rise over horizontal distance) at a mass, N.
    ///
    /// The constant part is taken as rolling resistance: it scales with the load on the road.
    #[must_use]
    pub fn on_grade_n(&self, speed_m_s: f64, mass_kg: f64, grade: f64) -> f64 {
        let (sine, cosine) = slope(grade);
        let rolling_n = self.a_n * mass_kg / self.test_mass_kg * cosine;
        let moving_n = speed_m_s * (self.b_n_per_m_s + speed_m_s * self.c_n_per_m_s_2);
        rolling_n + moving_n + mass_kg * GRAVITY_M_S2 * sine
    }
}

/// Rolling resistance and air drag at a temperature over those at 20 °C: 1/(1 + K_0·ΔT), T_0/T.
fn at_ambient(ambient_k: f64) -> (f64, f64) {
    let warmer_k = ambient_k - RoadLoad::REFERENCE_K;
    let rolling = 1.0 / (1.0 + ROLLING_PER_K * warmer_k);
    (rolling, RoadLoad::REFERENCE_K / ambient_k)
}

fn coefficients(road_load: &RoadLoad, test_mass_kg: f64) -> (f64, f64, f64) {
    let mut sum = (0.0, 0.0, 0.0);
    if let Some(coast) = &road_load.coast_down {
        sum = (coast.a_n, coast.b_n_per_m_s, coast.c_n_per_m_s_2);
    }
    if let Some(drag) = &road_load.drive_drag {
        sum.0 -= drag.constant_n;
        sum.1 -= drag.per_speed_n_per_m_s;
    }
    if let Some(shape) = &road_load.shape {
        sum.0 += shape.rolling_resistance * test_mass_kg * GRAVITY_M_S2;
        sum.2 += 0.5 * AIR_DENSITY_KG_M3 * shape.drag_coefficient * shape.frontal_area_m2;
    }
    sum
}

/// Sine and cosine of the angle whose tangent is `grade`.
pub(crate) fn slope(grade: f64) -> (f64, f64) {
    let cosine = 1.0 / (1.0 + grade * grade).sqrt();
    (grade * cosine, cosine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::hatch;

    #[test]
    fn cold_air_is_denser_and_cold_tyres_roll_harder() {
        let mut car = hatch();
        let at_20 = Resistance::of(&car);
        car.road_load.ambient_k = 285.15;
        let at_12 = Resistance::of(&car);
        // Gas law at equal pressure; a force measured at 12 °C is stated 1 - 8 K x 8.6e-3 /K of itself at 20 °C.
        assert!((at_12.c_n_per_m_s_2 / at_20.c_n_per_m_s_2 * 285.15 / 293.15 - 1.0).abs() < 1e-12);
        assert!((at_12.a_n * (1.0 - 8.0 * 8.6e-3) / at_20.a_n - 1.0).abs() < 1e-12);
        assert!((at_12.b_n_per_m_s / at_12.a_n - at_20.b_n_per_m_s / at_20.a_n).abs() < 1e-12);
        car.road_load.ambient_k = RoadLoad::REFERENCE_K;
        assert_eq!(Resistance::of(&car), at_20);
    }
}
