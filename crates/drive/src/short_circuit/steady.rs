//! The settled short circuit: 0 = R i + jω ψ(i).
//!
//! Multiplied by the conjugate of i its real part says i_d ψ_d + i_q ψ_q = 0: current and flux
//! linkage are perpendicular, whatever resistance and speed are. So the points of all speeds lie
//! on one curve of the machine, from no current at standstill to the characteristic current,
//! ψ_d(i_d, 0) = 0, at infinite speed; R |i| = ω |ψ| says which speed a point belongs to. The
//! largest braking torque, 3/2 p |ψ| |i|, does not depend on the resistance; its speed does.

use std::f64::consts::FRAC_PI_2;

use codrive_numerics::golden::global_minimum;
use codrive_numerics::roots::{Tolerance, bracketed};

use super::ShortCircuit;
use crate::error::DriveError;
use crate::flux::UnitPoint;

const CURRENT: &str = "the steady short-circuit current";
/// Halvings of the quarter turn from the negative q axis to the negative d axis.
const HALVINGS: usize = 52;
/// Search for the largest torque over that quarter turn.
const CELLS: u32 = 24;
const CALLS: usize = 40;
/// Angle beside the largest torque at which there must still be a map, rad.
const BESIDE: f64 = 1e-3;

/// The settled short circuit at one speed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steady {
    /// Motor speed, rad/s.
    pub speed_rad_per_s: f64,
    /// Unit currents, flux linkages without end-winding leakage, and torque, which is negative.
    pub unit: UnitPoint,
    /// Amplitude of the phase current, A peak.
    pub current_a: f64,
    /// Air-gap torque, N·m, negative: it brakes forward motion.
    pub torque_nm: f64,
}

impl ShortCircuit<'_> {
    /// The settled short circuit at a motor speed ≥ 0 and a winding temperature.
    ///
    /// # Errors
    /// A speed below zero or not finite; [`DriveError::BeyondMap`] where the current lies beyond
    /// the flux map.
    pub fn at_speed(
        &self,
        speed_rad_per_s: f64,
        winding_temperature_k: f64,
    ) -> Result<Steady, DriveError> {
        crate::error::non_negative("motor speed in rad/s", speed_rad_per_s)?;
        let state = self
            .machine
            .at_speed(speed_rad_per_s, winding_temperature_k);
        let resistance = state.resistance_per_m();
        let too_slow = |angle: f64| {
            self.on_ray(angle).is_ok_and(|point| {
                let [psi_d, psi_q] = self.flux_vs_per_m(&point);
                resistance * point.current_a() < state.electrical_rad_per_s * psi_d.hypot(psi_q)
            })
        };
        let (mut low, mut high) = (0.0, FRAC_PI_2);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if too_slow(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok(self.settled(speed_rad_per_s, self.on_ray(high)?))
    }

    /// The speed of the largest braking torque, and that torque; see the module's head.
    ///
    /// # Errors
    /// [`DriveError::BeyondMap`] where the largest torque may lie beyond the flux map.
    pub fn largest_torque(&self, winding_temperature_k: f64) -> Result<Steady, DriveError> {
        let torque = |angle: f64| {
            self.on_ray(angle)
                .map_or(f64::INFINITY, |point| point.torque_nm_per_m)
        };
        let angle = global_minimum(torque, 0.0, FRAC_PI_2, CELLS, CALLS);
        self.on_ray((angle + BESIDE).min(FRAC_PI_2))?;
        let point = self.on_ray(angle)?;
        let speed = self.speed_rad_per_s(&point, winding_temperature_k)?;
        Ok(self.settled(speed, point))
    }

    /// The current at infinite speed: ψ_d(i_d, 0) = 0, end-winding leakage counted.
    ///
    /// # Errors
    /// [`DriveError::BeyondMap`] where it lies beyond the flux map.
    pub fn characteristic(&self) -> Result<UnitPoint, DriveError> {
        self.on_negative_d(0.0, "the characteristic current")
    }

    /// The point of the negative d axis whose flux linkage is −`flux_vs_per_m`.
    pub(super) fn on_negative_d(
        &self,
        flux_vs_per_m: f64,
        what: &'static str,
    ) -> Result<UnitPoint, DriveError> {
        let flux = self.flux();
        let miss = |i_d: f64| self.flux_vs_per_m(&flux.at(i_d, 0.0))[0] + flux_vs_per_m;
        let edge = flux.i_d_min_a();
        let root = bracketed(miss, edge, 0.0, fine(edge.abs()));
        root.map(|i_d| flux.at(i_d, 0.0))
            .ok_or_else(|| self.beyond(what, edge, 0.0))
    }

    /// The point with i ⟂ ψ whose current lies at an angle from the negative q axis towards the
    /// negative d axis, 0 to π/2.
    fn on_ray(&self, angle: f64) -> Result<UnitPoint, DriveError> {
        let flux = self.flux();
        let (sin, cos) = angle.sin_cos();
        if angle <= 0.0 {
            return Ok(flux.at(0.0, 0.0));
        }
        let edge = (flux.i_d_min_a().abs() / sin).min(flux.i_q_max_a() / cos.max(1e-300));
        let along = |current: f64| {
            let [psi_d, psi_q] = self.flux_vs_per_m(&flux.at(-current * sin, -current * cos));
            -sin * psi_d - cos * psi_q
        };
        let root = bracketed(along, 0.0, edge, fine(edge));
        root.map(|current| flux.at(-current * sin, -current * cos))
            .ok_or_else(|| self.beyond(CURRENT, -edge * sin, -edge * cos))
    }

    /// The motor speed with R |i| = ω |ψ|.
    fn speed_rad_per_s(&self, point: &UnitPoint, winding_k: f64) -> Result<f64, DriveError> {
        let [psi_d, psi_q] = self.flux_vs_per_m(point);
        let surplus = |speed: f64| {
            let state = self.machine.at_speed(speed, winding_k);
            let flux = state.electrical_rad_per_s * psi_d.hypot(psi_q);
            state.resistance_per_m() * point.current_a() - flux
        };
        let mut high = 1.0;
        while surplus(high) > 0.0 && high < 1e9 {
            high *= 2.0;
        }
        bracketed(surplus, 0.0, high, fine(high))
            .ok_or_else(|| self.beyond(CURRENT, point.i_d_a, point.i_q_a))
    }

    fn settled(&self, speed_rad_per_s: f64, unit: UnitPoint) -> Steady {
        Steady {
            speed_rad_per_s,
            unit,
            current_a: unit.current_a() / self.machine.ratio(),
            torque_nm: unit.torque_nm_per_m * self.machine.stack_m,
        }
    }
}

/// A root to rounding, for arguments of a size.
fn fine(size: f64) -> Tolerance {
    Tolerance {
        x: 1e-14 * size,
        f: 0.0,
        calls: 60,
    }
}
