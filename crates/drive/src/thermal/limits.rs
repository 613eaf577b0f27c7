//! What may become how hot, and derating towards it.

use super::steady::Temperatures;

/// Kelvin below a limit at which derating begins: assumed (10 to 20 is usual).
pub const DERATING_SPAN_K: f64 = 15.0;

/// Thermal classes of insulation.
///
/// Source: IEC 60085:2007, table 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsulationClass {
    /// 105 °C.
    A,
    /// 120 °C.
    E,
    /// 130 °C.
    B,
    /// 155 °C.
    F,
    /// 180 °C.
    H,
    /// 200 °C.
    N,
    /// 220 °C.
    R,
}

impl InsulationClass {
    /// Highest temperature at the hottest place, K.
    #[must_use]
    pub fn limit_k(self) -> f64 {
        273.15
            + match self {
                Self::A => 105.0,
                Self::E => 120.0,
                Self::B => 130.0,
                Self::F => 155.0,
                Self::H => 180.0,
                Self::N => 200.0,
                Self::R => 220.0,
            }
    }
}

/// Highest working temperature of a sintered NdFeB grade by the letters of its coercivity, K; `None`
/// for a name that is none, such as `N42SH`.
///
/// N 80, M 100, H 120, SH 150, UH 180, EH 200, AH 230 °C: makers' figures for a magnet at a usual
/// load line. What a rotor bears depends on its demagnetising field.
///
/// Source: Arnold Magnetic Technologies and others, grade tables of sintered NdFeB.
#[must_use]
pub fn magnet_limit_k(grade: &str) -> Option<f64> {
    let letters = grade
        .strip_prefix('N')?
        .trim_start_matches(|c: char| c.is_ascii_digit());
    if letters.len() + 1 == grade.len() {
        return None;
    }
    let celsius = match letters {
        "" => 80.0,
        "M" => 100.0,
        "H" => 120.0,
        "SH" => 150.0,
        "UH" => 180.0,
        "EH" => 200.0,
        "AH" => 230.0,
        _ => return None,
    };
    Some(celsius + 273.15)
}

/// The limits of a unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Winding at its hottest place, K.
    pub winding_k: f64,
    /// Magnets, K.
    pub magnet_k: f64,
    /// Junctions of the inverter, K.
    pub junction_k: f64,
}

impl Limits {
    /// Largest excess of winding, magnets and junctions over their limits, K; negative below.
    #[must_use]
    pub fn excess_k(&self, at: &Temperatures, junction_k: f64) -> f64 {
        let magnets = at.at(super::network::Node::Magnets);
        (at.winding_k - self.winding_k)
            .max(magnets - self.magnet_k)
            .max(junction_k - self.junction_k)
    }
}

/// Share of the torque that is released at an excess (negative below the limit): 1 down to 0 over
/// [`DERATING_SPAN_K`] below the limit.
#[must_use]
pub fn released_share(excess_k: f64) -> f64 {
    (-excess_k / DERATING_SPAN_K).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_the_standard() {
        let celsius = |class: InsulationClass| class.limit_k() - 273.15;
        assert!((celsius(InsulationClass::F) - 155.0).abs() < 1e-9);
        assert!((celsius(InsulationClass::H) - 180.0).abs() < 1e-9);
    }

    #[test]
    fn magnet_grades_are_read_by_their_letters() {
        let celsius = |grade| magnet_limit_k(grade).map(|k| (k - 273.15).round());
        assert_eq!(celsius("N42SH"), Some(150.0));
        assert_eq!(celsius("N35"), Some(80.0));
        assert_eq!(celsius("N38UH"), Some(180.0));
        for wrong in ["", "N", "NSH", "42SH", "N42XX", "ferrite"] {
            assert_eq!(celsius(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn derating_is_linear_over_its_span() {
        assert_eq!(released_share(-100.0), 1.0);
        assert_eq!(released_share(-DERATING_SPAN_K), 1.0);
        assert!((released_share(-7.5) - 0.5).abs() < 1e-12);
        assert_eq!(released_share(5.0), 0.0);
    }
}
