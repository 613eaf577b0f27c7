//! The first moments of a short circuit, at constant speed.
//!
//! dψ_d/dt = −R i_d + ω ψ_q, dψ_q/dt = −R i_q − ω ψ_d: without resistance the flux linkage keeps
//! its amplitude and turns once per electrical period, through ψ_q = 0 on the negative d axis,
//! where the current peaks.
//!
//! Source of the closed estimate: SyR-e, "transient short circuit": ψ_d(i_pk, 0) = −|ψ_dq0|.

use super::ShortCircuit;
use crate::error::{DriveError, non_negative, positive};
use crate::flux::UnitPoint;

const CURRENT: &str = "the transient short-circuit current";
/// Steps of an electrical period.
const STEPS_PER_TURN: f64 = 720.0;
/// Longest trace, electrical periods.
const LONGEST_TURNS: f64 = 1e4;

/// Without resistance only the angle counts.
const LOSSLESS: Circuit = Circuit {
    electrical_rad_per_s: 1.0,
    resistance_per_m: 0.0,
};
const FIVE_DEGREES: f64 = std::f64::consts::PI / 36.0;
const QUARTER_TURN: usize = 18;

/// A motor speed with the resistance that the short circuit sees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circuit {
    /// Electrical angular frequency, rad/s.
    pub electrical_rad_per_s: f64,
    /// Resistance over k² and stack length, Ω/m.
    pub resistance_per_m: f64,
}

/// What a trace found, in unit quantities and per metre of stack.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transient {
    /// The point of largest current amplitude.
    pub peak: UnitPoint,
    /// When it was reached, s.
    pub peak_at_s: f64,
    /// Lowest air-gap torque, N·m/m.
    pub torque_min_nm_per_m: f64,
    /// Highest air-gap torque, N·m/m.
    pub torque_max_nm_per_m: f64,
    /// Lowest flux density along the magnetisation, T; `None` without magnets.
    pub magnet_lowest_t: Option<f64>,
    /// Copper loss, J/m.
    pub copper_j_per_m: f64,
    /// Work that the shaft did against the air-gap torque, J/m.
    pub work_j_per_m: f64,
    /// The last point.
    pub end: UnitPoint,
}

/// Unit currents, copper loss, work of the shaft.
type State = [f64; 4];

impl ShortCircuit<'_> {
    /// Estimate of the first current peak after short-circuiting a flux linkage, V·s per metre with
    /// leakage: ψ_d(i_pk, 0) = −|ψ|. Resistance neglected.
    ///
    /// # Errors
    /// [`DriveError::BeyondMap`] where the current lies beyond the flux map; a flux linkage below
    /// zero.
    pub fn transient_peak(&self, flux_vs_per_m: f64) -> Result<UnitPoint, DriveError> {
        non_negative("flux linkage in V·s/m", flux_vs_per_m)?;
        self.on_negative_d(flux_vs_per_m, CURRENT)
    }

    /// Largest braking torque while a flux linkage, V·s per metre with leakage, turns without resistance, N·m/m,
    /// negative.
    ///
    /// It is sought backwards from the first peak up to ψ_d = 0: with L_q ≥ L_d it lies between the two. From the
    /// negative d axis the flux linkage goes on to motoring torques, the mirror of what it came from. Steps of five
    /// electrical degrees, the parabola through the largest and its neighbours.
    ///
    /// # Errors
    /// As [`Self::transient_peak`].
    pub fn transient_torque_nm_per_m(&self, flux_vs_per_m: f64) -> Result<f64, DriveError> {
        let peak = self.transient_peak(flux_vs_per_m)?;
        let mut state = [peak.i_d_a, peak.i_q_a, 0.0, 0.0];
        let (mut before, mut best) = (0.0, 0.0);
        for _ in 0..QUARTER_TURN {
            state = self.stepped(LOSSLESS, state, FIVE_DEGREES)?;
            let torque = self.flux().at(state[0], state[1]).torque_nm_per_m;
            if torque < best {
                let bend = before - 2.0 * best + torque;
                return Ok((torque - before).powi(2) / (8.0 * bend) - best);
            }
            (before, best) = (best, torque);
        }
        Ok(-best)
    }

    /// Follows the currents from an operating point for some electrical periods, by the classical
    /// Runge-Kutta method in steps of half an electrical degree; without allocation.
    ///
    /// # Errors
    /// A speed that is not above zero, a resistance below zero, more than 10,000 periods;
    /// [`DriveError::BeyondMap`] where the currents leave the flux map.
    pub fn trace(
        &self,
        circuit: Circuit,
        start: &UnitPoint,
        turns: f64,
    ) -> Result<Transient, DriveError> {
        positive("electrical speed in rad/s", circuit.electrical_rad_per_s)?;
        non_negative("resistance in Ω/m", circuit.resistance_per_m)?;
        if !(0.0..=LONGEST_TURNS).contains(&turns) {
            return Err(DriveError::OutOfRange {
                what: "electrical periods of a short circuit",
                value: turns,
                allowed: "from 0 to 10000",
            });
        }
        let period_s = 2.0 * std::f64::consts::PI / circuit.electrical_rad_per_s;
        let step_s = period_s / STEPS_PER_TURN;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let steps = (turns * STEPS_PER_TURN).ceil() as u32;
        let mut state = [start.i_d_a, start.i_q_a, 0.0, 0.0];
        let mut found = self.from(start);
        for step in 1..=steps {
            state = self.stepped(circuit, state, step_s)?;
            self.note(&mut found, &state, f64::from(step) * step_s);
        }
        Ok(found)
    }

    fn from(&self, start: &UnitPoint) -> Transient {
        let at = self.flux().at(start.i_d_a, start.i_q_a);
        Transient {
            peak: at,
            peak_at_s: 0.0,
            torque_min_nm_per_m: at.torque_nm_per_m,
            torque_max_nm_per_m: at.torque_nm_per_m,
            magnet_lowest_t: self.machine.tables.magnets.lowest_t(at.i_d_a, at.i_q_a),
            copper_j_per_m: 0.0,
            work_j_per_m: 0.0,
            end: at,
        }
    }

    fn note(&self, found: &mut Transient, state: &State, time_s: f64) {
        let tables = self.machine.tables;
        let at = self.flux().at(state[0], state[1]);
        if at.current_a() > found.peak.current_a() {
            (found.peak, found.peak_at_s) = (at, time_s);
        }
        found.torque_min_nm_per_m = found.torque_min_nm_per_m.min(at.torque_nm_per_m);
        found.torque_max_nm_per_m = found.torque_max_nm_per_m.max(at.torque_nm_per_m);
        let lowest_t = tables.magnets.lowest_t(at.i_d_a, at.i_q_a);
        found.magnet_lowest_t = found.magnet_lowest_t.zip(lowest_t).map(|(a, b)| a.min(b));
        (found.copper_j_per_m, found.work_j_per_m) = (state[2], state[3]);
        found.end = at;
    }

    fn stepped(&self, circuit: Circuit, at: State, step_s: f64) -> Result<State, DriveError> {
        let ahead = |slope: &State, share: f64| -> State {
            std::array::from_fn(|i| at[i] + share * step_s * slope[i])
        };
        let k1 = self.slope(circuit, &at)?;
        let k2 = self.slope(circuit, &ahead(&k1, 0.5))?;
        let k3 = self.slope(circuit, &ahead(&k2, 0.5))?;
        let k4 = self.slope(circuit, &ahead(&k3, 1.0))?;
        let mean: State = std::array::from_fn(|i| (k1[i] + 2.0 * (k2[i] + k3[i]) + k4[i]) / 6.0);
        Ok(ahead(&mean, 1.0))
    }

    /// di/dt by the incremental inductances, copper loss and power of the shaft.
    fn slope(&self, circuit: Circuit, state: &State) -> Result<State, DriveError> {
        let flux = self.flux();
        let [i_d, i_q, ..] = *state;
        let outside = || self.beyond(CURRENT, i_d, i_q);
        if !flux.contains(i_d, i_q) {
            return Err(outside());
        }
        let (point, [[l_dd, l_dq], [l_qd, l_qq]]) = flux.with_inductances(i_d, i_q);
        let [psi_d, psi_q] = self.flux_vs_per_m(&point);
        let (r, w) = (circuit.resistance_per_m, circuit.electrical_rad_per_s);
        let leakage = self.machine.leakage_per_m;
        let (l_dd, l_qq) = (l_dd + leakage, l_qq + leakage);
        let (u_d, u_q) = (-r * i_d + w * psi_q, -r * i_q - w * psi_d);
        let determinant = l_dd * l_qq - l_dq * l_qd;
        if determinant <= 0.0 {
            return Err(outside());
        }
        Ok([
            (l_qq * u_d - l_dq * u_q) / determinant,
            (l_dd * u_q - l_qd * u_d) / determinant,
            1.5 * r * (i_d * i_d + i_q * i_q),
            1.5 * w * (psi_q * i_d - psi_d * i_q),
        ])
    }
}
