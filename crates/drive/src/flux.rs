//! The flux map of a section as a smooth function of the unit currents.
//!
//! All quantities are those of the unit winding and per metre of stack (see
//! [`codrive_model::flux_map`]): currents are ampere-conductors per slot.

use codrive_model::flux_map::FluxMap;
use codrive_numerics::bicubic::{Bicubic, Sample, Symmetry};

use crate::error::DriveError;

/// Currents with the flux linkages and the air-gap torque that they make.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct UnitPoint {
    /// Direct-axis unit current, A.
    pub i_d_a: f64,
    /// Quadrature-axis unit current, A.
    pub i_q_a: f64,
    /// Direct-axis unit flux linkage, V·s/m.
    pub psi_d_vs_per_m: f64,
    /// Quadrature-axis unit flux linkage, V·s/m.
    pub psi_q_vs_per_m: f64,
    /// Air-gap torque, N·m per metre of stack, positive when motoring forward.
    pub torque_nm_per_m: f64,
}

impl UnitPoint {
    /// Amplitude of the unit current, A.
    #[must_use]
    pub fn current_a(&self) -> f64 {
        self.i_d_a.hypot(self.i_q_a)
    }

    /// Amplitude of the unit flux linkage, V·s/m.
    #[must_use]
    pub fn flux_vs_per_m(&self) -> f64 {
        self.psi_d_vs_per_m.hypot(self.psi_q_vs_per_m)
    }

    /// The point that brakes with the same currents and the opposite torque.
    #[must_use]
    pub fn mirrored(self) -> Self {
        Self {
            i_q_a: -self.i_q_a,
            psi_q_vs_per_m: -self.psi_q_vs_per_m,
            torque_nm_per_m: -self.torque_nm_per_m,
            ..self
        }
    }
}

/// ψ_d and ψ_q over (i_d, i_q), C2, with ψ_d even and ψ_q odd in i_q.
#[derive(Clone, Debug)]
pub struct UnitFlux {
    map: Bicubic<2>,
    three_halves_pole_pairs: f64,
}

impl UnitFlux {
    /// Reads a map without field winding.
    ///
    /// # Errors
    /// A map that did not converge, has a field current, or makes no grid from i_q = 0 and to
    /// i_d = 0.
    pub fn new(map: &FluxMap) -> Result<Self, DriveError> {
        check(map)?;
        let table = |source| DriveError::Table {
            section: map.section.clone(),
            source,
        };
        let psi_q = odd_in_i_q(&map.psi_q_vs_per_m, map.i_q_a.len());
        let psi = [
            (map.psi_d_vs_per_m.as_slice(), Symmetry::Even),
            (psi_q.as_slice(), Symmetry::Odd),
        ];
        let three_halves_pole_pairs = 1.5 * f64::from(map.pole_pairs);
        Ok(Self {
            map: Bicubic::new(&map.i_d_a, &map.i_q_a, psi).map_err(table)?,
            three_halves_pole_pairs,
        })
    }

    /// Most negative direct-axis current of the map, A.
    #[must_use]
    pub fn i_d_min_a(&self) -> f64 {
        self.map.x().first()
    }

    /// Largest quadrature-axis current of the map, A.
    #[must_use]
    pub fn i_q_max_a(&self) -> f64 {
        self.map.y().last()
    }

    /// The point at given unit currents, i_q of either sign.
    ///
    /// T = 3/2 · p · (ψ_d·i_q − ψ_q·i_d). The caller keeps to the map's range.
    #[must_use]
    pub fn at(&self, i_d_a: f64, i_q_a: f64) -> UnitPoint {
        if i_q_a < 0.0 {
            return self.with_slope(i_d_a, -i_q_a).0.mirrored();
        }
        self.with_slope(i_d_a, i_q_a).0
    }

    /// Whether unit currents lie in the map, i_q of either sign.
    #[must_use]
    pub fn contains(&self, i_d_a: f64, i_q_a: f64) -> bool {
        self.map.contains(i_d_a, i_q_a.abs())
    }

    /// The point at given unit currents, i_q of either sign, with its incremental inductances
    /// [[∂ψ_d/∂i_d, ∂ψ_d/∂i_q], [∂ψ_q/∂i_d, ∂ψ_q/∂i_q]], V·s/(A·m). The caller keeps to the map's
    /// range.
    #[must_use]
    pub fn with_inductances(&self, i_d_a: f64, i_q_a: f64) -> (UnitPoint, [[f64; 2]; 2]) {
        self.signed(i_d_a, i_q_a, self.samples(i_d_a, i_q_a.abs()))
    }

    /// ψ_d and ψ_q with their slopes, i_q ≥ 0.
    pub(crate) fn samples(&self, i_d_a: f64, i_q_a: f64) -> [Sample; 2] {
        self.map.sample(i_d_a, i_q_a)
    }

    /// Point and incremental inductances at i_q of either sign from the samples at |i_q|.
    pub(crate) fn signed(
        &self,
        i_d_a: f64,
        i_q_a: f64,
        [d, q]: [Sample; 2],
    ) -> (UnitPoint, [[f64; 2]; 2]) {
        let sign = 1.0_f64.copysign(i_q_a);
        let inductances = [[d.dx, sign * d.dy], [sign * q.dx, q.dy]];
        let (psi_d_vs_per_m, psi_q_vs_per_m) = (d.value, sign * q.value);
        let torque = psi_d_vs_per_m * i_q_a - psi_q_vs_per_m * i_d_a;
        let point = UnitPoint {
            i_d_a,
            i_q_a,
            psi_d_vs_per_m,
            psi_q_vs_per_m,
            torque_nm_per_m: self.three_halves_pole_pairs * torque,
        };
        (point, inductances)
    }

    /// The point and ∂T/∂i_q, i_q of either sign.
    #[must_use]
    pub fn with_torque_slope(&self, i_d_a: f64, i_q_a: f64) -> (UnitPoint, f64) {
        let (point, slope) = self.with_slope(i_d_a, i_q_a.abs());
        let signed = if i_q_a < 0.0 { point.mirrored() } else { point };
        (signed, slope)
    }

    /// 3/2 · p.
    #[must_use]
    pub fn three_halves_pole_pairs(&self) -> f64 {
        self.three_halves_pole_pairs
    }

    /// The point and ∂T/∂i_q, i_q ≥ 0.
    #[inline]
    fn with_slope(&self, i_d_a: f64, i_q_a: f64) -> (UnitPoint, f64) {
        let [d, q] = self.map.sample(i_d_a, i_q_a);
        let point = UnitPoint {
            i_d_a,
            i_q_a,
            psi_d_vs_per_m: d.value,
            psi_q_vs_per_m: q.value,
            torque_nm_per_m: self.three_halves_pole_pairs * (d.value * i_q_a - q.value * i_d_a),
        };
        let slope = self.three_halves_pole_pairs * (d.value + d.dy * i_q_a - q.dy * i_d_a);
        (point, slope)
    }

    /// The point of torque `torque_nm_per_m` ≥ 0 at `i_d_a`, by Newton from `i_q_guess_a`, kept in
    /// a bracket; `None` where the map does not reach that torque at this i_d.
    #[must_use]
    pub fn on_torque(
        &self,
        torque_nm_per_m: f64,
        i_d_a: f64,
        i_q_guess_a: f64,
    ) -> Option<UnitPoint> {
        let (mut low, mut high) = (0.0, self.i_q_max_a());
        let mut i_q = i_q_guess_a.clamp(low, high);
        let tolerance = 1e-12 * torque_nm_per_m + 1e-13;
        let mut reached = false;
        for _ in 0..60 {
            let (point, slope) = self.with_slope(i_d_a, i_q);
            let miss = point.torque_nm_per_m - torque_nm_per_m;
            if miss.abs() <= tolerance {
                return Some(point);
            }
            if miss < 0.0 {
                low = i_q;
            } else {
                (high, reached) = (i_q, true);
            }
            if low >= self.i_q_max_a() * (1.0 - 1e-15) {
                return None;
            }
            let newton = i_q - miss / slope;
            i_q = if slope > 0.0 && newton > low && newton < high {
                newton
            } else if !reached && miss < 0.0 {
                self.i_q_max_a()
            } else {
                0.5 * (low + high)
            };
        }
        let point = self.with_slope(i_d_a, i_q).0;
        let close = (point.torque_nm_per_m - torque_nm_per_m).abs() <= 1e-9 * torque_nm_per_m;
        close.then_some(point)
    }
}

/// ψ_q over `rows` quadrature currents with exactly zero at i_q = 0: what a mesh or a slightly lopsided rotor
/// leaves there would be a torque without quadrature current, of opposite sign when braking.
pub(crate) fn odd_in_i_q(psi_q_vs_per_m: &[f64], rows: usize) -> Vec<f64> {
    let mut psi_q = psi_q_vs_per_m.to_vec();
    psi_q
        .iter_mut()
        .step_by(rows.max(1))
        .for_each(|value| *value = 0.0);
    psi_q
}

fn check(map: &FluxMap) -> Result<(), DriveError> {
    let wrong = |reason: String| DriveError::FluxMap {
        section: map.section.clone(),
        reason,
    };
    if map.i_f_a.len() != 1 {
        return Err(wrong(
            "maps with a field winding are not evaluated yet".to_owned(),
        ));
    }
    let points = map.health.unconverged.len();
    if points > 0 {
        return Err(wrong(format!("{points} operating points did not converge")));
    }
    if map.i_q_a.first() != Some(&0.0) {
        return Err(wrong("its i_q axis does not start at zero".to_owned()));
    }
    if map.i_d_a.last() != Some(&0.0) {
        return Err(wrong("its i_d axis does not end at zero".to_owned()));
    }
    if map.pole_pairs == 0 {
        return Err(wrong("it has no poles".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn the_map_is_reproduced_at_its_knots_and_mirrored_in_i_q() {
        let map = fixture::saturating_map();
        let flux = UnitFlux::new(&map).unwrap();
        let n = map.i_q_a.len();
        for (d, i_d) in map.i_d_a.iter().enumerate() {
            for (q, i_q) in map.i_q_a.iter().enumerate() {
                let point = flux.at(*i_d, *i_q);
                assert!((point.psi_d_vs_per_m - map.psi_d_vs_per_m[d * n + q]).abs() < 1e-12);
                assert_eq!(flux.at(*i_d, -*i_q).torque_nm_per_m, -point.torque_nm_per_m);
            }
        }
    }

    #[test]
    fn points_on_a_torque_have_that_torque() {
        let flux = UnitFlux::new(&fixture::saturating_map()).unwrap();
        for torque in [0.0, 1e-3, 50.0, 1500.0] {
            for guess in [0.0, 200.0, 1e9] {
                let point = flux.on_torque(torque, -300.0, guess).unwrap();
                assert!((point.torque_nm_per_m - torque).abs() <= 1e-9 * torque + 1e-12);
            }
        }
        assert_eq!(flux.on_torque(1e6, -300.0, 10.0), None);
    }
}
