//! The two curves between which all sensible operating points of a section lie.
//!
//! MTPA: most torque per ampere. MTPV: least flux linkage for a torque. Both are properties of
//! the section alone, in unit quantities; they are found once and serve every stack and winding.
//! The winding resistance and the end-winding leakage do not move MTPA; they move MTPV by a little
//! along a minimum that is flat, which is neglected.
//!
//! Source: Morimoto et al. 1990, doi:10.1109/28.60058.

use codrive_numerics::cubic::Cubic;
use codrive_numerics::golden::global_minimum;

use crate::error::DriveError;
use crate::flux::{UnitFlux, UnitPoint};

/// Current levels along MTPA.
const LEVELS: u32 = 72;
/// Cells and golden-section calls of the searches across.
const CELLS: u32 = 24;
const CALLS: usize = 26;

/// MTPA and MTPV of a section, in unit quantities.
#[derive(Clone, Debug)]
pub struct Loci {
    /// i_d along MTPA over torque.
    mtpa_i_d: Cubic,
    /// i_d along MTPV over torque.
    mtpv_i_d: Cubic,
    /// Torque along MTPA over current amplitude.
    torque_of_current: Cubic,
}

impl Loci {
    /// Finds both curves within the range of the map.
    ///
    /// # Errors
    /// A map that makes no torque.
    pub fn new(flux: &UnitFlux, section: &str) -> Result<Self, DriveError> {
        let points = mtpa(flux);
        if points.len() < 4 {
            let reason = "it makes no torque, or its range is too small for MTPA".to_owned();
            return Err(DriveError::FluxMap {
                section: section.to_owned(),
                reason,
            });
        }
        let torque: Vec<f64> = points.iter().map(|p| p.torque_nm_per_m).collect();
        let i_d: Vec<f64> = points.iter().map(|p| p.i_d_a).collect();
        let current: Vec<f64> = points.iter().map(UnitPoint::current_a).collect();
        let mtpv: Vec<f64> = points.iter().map(|p| mtpv_i_d(flux, p)).collect();
        let error = |source| DriveError::Table {
            section: section.to_owned(),
            source,
        };
        Ok(Self {
            mtpa_i_d: Cubic::new(&torque, &i_d).map_err(error)?,
            mtpv_i_d: Cubic::monotone(&torque, &mtpv).map_err(error)?,
            torque_of_current: Cubic::monotone(&current, &torque).map_err(error)?,
        })
    }

    /// Largest unit current of MTPA inside the map, A.
    #[must_use]
    pub fn current_reach_a(&self) -> f64 {
        self.torque_of_current.axis().last()
    }

    /// Largest unit torque of MTPA inside the map, N·m/m.
    #[must_use]
    pub fn torque_reach_nm_per_m(&self) -> f64 {
        self.mtpa_i_d.axis().last()
    }

    /// Unit torque of MTPA at a unit current up to [`Self::current_reach_a`], N·m/m.
    #[must_use]
    pub fn torque_nm_per_m(&self, current_a: f64) -> f64 {
        self.torque_of_current.held(current_a)
    }

    /// i_d of MTPA at a unit torque ≥ 0 within reach, A.
    #[must_use]
    pub fn mtpa_i_d_a(&self, torque_nm_per_m: f64) -> f64 {
        self.mtpa_i_d.held(torque_nm_per_m).min(0.0)
    }

    /// i_d of MTPA at a unit torque ≥ 0 within reach, A, and its slope over torque, A·m/(N·m).
    #[must_use]
    pub fn mtpa_i_d_with_slope(&self, torque_nm_per_m: f64) -> (f64, f64) {
        let (i_d_a, slope) = self.mtpa_i_d.held_with_slope(torque_nm_per_m);
        if i_d_a > 0.0 {
            (0.0, 0.0)
        } else {
            (i_d_a, slope)
        }
    }

    /// i_d of MTPV at a unit torque ≥ 0 within reach, A; the map's edge where MTPV lies beyond it.
    #[must_use]
    pub fn mtpv_i_d_a(&self, torque_nm_per_m: f64) -> f64 {
        self.mtpv_i_d.held(torque_nm_per_m)
    }
}

/// Points of most torque at each current, up to where the curve leaves the map or stops rising.
fn mtpa(flux: &UnitFlux) -> Vec<UnitPoint> {
    let (i_d_min, i_q_max) = (flux.i_d_min_a(), flux.i_q_max_a());
    let largest = i_d_min.hypot(i_q_max);
    let mut points = vec![flux.at(0.0, 0.0)];
    for level in 1..=LEVELS {
        let current = largest * f64::from(level) / f64::from(LEVELS);
        // i_q stays in the map above this i_d; below i_d_min nothing is known.
        let nearest = -(current * current - i_q_max * i_q_max).max(0.0).sqrt();
        let farthest = i_d_min.max(-current);
        let at = |i_d: f64| flux.at(i_d, (current * current - i_d * i_d).max(0.0).sqrt());
        let i_d = global_minimum(
            |i_d| -at(i_d).torque_nm_per_m,
            farthest,
            nearest,
            CELLS,
            CALLS,
        );
        let point = at(i_d);
        let leaves = (nearest < 0.0 && i_d > nearest - 1e-6 * current) || i_d <= i_d_min;
        let before = points[points.len() - 1].torque_nm_per_m;
        if leaves || point.torque_nm_per_m <= before {
            break;
        }
        points.push(point);
    }
    points
}

/// i_d of least flux linkage on the torque contour of an MTPA point.
fn mtpv_i_d(flux: &UnitFlux, mtpa: &UnitPoint) -> f64 {
    let squared = |i_d: f64| match flux.on_torque(mtpa.torque_nm_per_m, i_d, mtpa.i_q_a) {
        Some(point) => point.flux_vs_per_m().powi(2),
        None => f64::INFINITY,
    };
    global_minimum(squared, mtpa.i_d_a, flux.i_d_min_a(), CELLS, CALLS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    /// With constant inductances MTPA is closed: i_d = ψ/2Δ − sqrt(ψ²/4Δ² + i_q²), Δ = L_q − L_d.
    #[test]
    fn mtpa_with_constant_inductances_is_the_closed_form() {
        let (psi, l_d, l_q) = (0.02, 1.5e-5, 4.0e-5);
        let flux = UnitFlux::new(&fixture::linear_map(psi, l_d, l_q)).unwrap();
        let loci = Loci::new(&flux, "linear").unwrap();
        let half = psi / (2.0 * (l_q - l_d));
        for share in [0.1, 0.37, 0.8, 0.99] {
            let torque = share * loci.torque_reach_nm_per_m();
            let i_d = loci.mtpa_i_d_a(torque);
            let i_q = flux.on_torque(torque, i_d, 0.0).unwrap().i_q_a;
            let closed = half - (half * half + i_q * i_q).sqrt();
            assert!(
                (i_d - closed).abs() < 2e-3 * closed.abs() + 0.3,
                "{i_d} {closed}"
            );
        }
    }

    /// With constant inductances the flux circle is centred on i_d = −ψ/L_d: MTPV starts there.
    #[test]
    fn mtpv_starts_at_the_characteristic_current() {
        let (psi, l_d, l_q) = (0.02, 2.5e-5, 4.0e-5);
        let flux = UnitFlux::new(&fixture::linear_map(psi, l_d, l_q)).unwrap();
        let loci = Loci::new(&flux, "linear").unwrap();
        assert!((loci.mtpv_i_d_a(0.0) + psi / l_d).abs() < 1.0);
    }

    #[test]
    fn on_a_saturating_map_no_other_angle_gives_more_torque() {
        let flux = UnitFlux::new(&fixture::saturating_map()).unwrap();
        let loci = Loci::new(&flux, "saturating").unwrap();
        let current = 0.7 * loci.current_reach_a();
        let torque = loci.torque_nm_per_m(current);
        for degrees in 0..=90 {
            let angle = f64::from(degrees).to_radians();
            let point = flux.at(-current * angle.sin(), current * angle.cos());
            assert!(point.torque_nm_per_m <= torque * (1.0 + 1e-4), "{degrees}");
        }
    }

    /// The curve is that of the flux linkages between the knots too: from knots 87.5 A apart it keeps within
    /// 1 A of the optimum, so that it does not waver from cell to cell.
    #[test]
    fn mtpa_of_a_sampled_map_is_that_of_its_flux_linkages() {
        let flux = UnitFlux::new(&fixture::saturating_map()).unwrap();
        let loci = Loci::new(&flux, "saturating").unwrap();
        for percent in 10..=95 {
            let current = 0.01 * f64::from(percent) * loci.current_reach_a();
            let torque = |i_d: f64| {
                let i_q = (current * current - i_d * i_d).max(0.0).sqrt();
                let (psi_d, psi_q) = fixture::saturating_flux(i_d, i_q);
                psi_d * i_q - psi_q * i_d
            };
            let exact = global_minimum(|i_d| -torque(i_d), -current, 0.0, 64, 48);
            let found = loci.mtpa_i_d_a(loci.torque_nm_per_m(current));
            assert!((found - exact).abs() < 1.0, "{percent} {found} {exact}");
        }
    }
}
