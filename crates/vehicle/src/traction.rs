//! What the tyres carry to the road: axle loads with load transfer, times friction.

use codrive_model::vehicle::{Axle, Body};

use crate::GRAVITY_M_S2;
use crate::resistance::slope;

/// Tyre limits of a car at one mass.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Traction {
    mass_kg: f64,
    friction: f64,
    front_share: f64,
    /// Height of the centre of gravity over the wheelbase.
    height: f64,
}

impl Traction {
    pub(crate) fn new(body: &Body, mass_kg: f64) -> Self {
        Self {
            mass_kg,
            friction: body.tyre_friction,
            front_share: body.front_load_share,
            height: body.centre_of_gravity_height_m / body.wheelbase_m,
        }
    }

    /// Limit of an axle's tyres on a grade without acceleration, N.
    ///
    /// N_f = m·g·(cos·φ − sin·h/L), N_r = m·g·(cos·(1 − φ) + sin·h/L).
    pub(crate) fn on_grade_n(&self, axle: Axle, grade: f64) -> f64 {
        let (sine, cosine) = slope(grade);
        let transfer = sine * self.height;
        let load = match axle {
            Axle::Front => cosine * self.front_share - transfer,
            Axle::Rear => cosine * (1.0 - self.front_share) + transfer,
        };
        (self.friction * self.mass_kg * GRAVITY_M_S2 * load).max(0.0)
    }

    /// Limit of an axle's tyres as `p + q·a` over the acceleration `a`, in N and kg.
    pub(crate) fn over_acceleration(&self, axle: Axle) -> (f64, f64) {
        let transfer_kg = self.friction * self.mass_kg * self.height;
        match axle {
            Axle::Front => (self.on_grade_n(axle, 0.0), -transfer_kg),
            Axle::Rear => (self.on_grade_n(axle, 0.0), transfer_kg),
        }
    }

    /// Lowest limit of an axle's tyres over the accelerations from 0 to `highest_m_s2`, N.
    pub(crate) fn lowest_n(&self, axle: Axle, highest_m_s2: f64) -> f64 {
        let (at_rest_n, per_acceleration_kg) = self.over_acceleration(axle);
        at_rest_n
            .min(at_rest_n + per_acceleration_kg * highest_m_s2)
            .max(0.0)
    }

    /// Acceleration, m/s², at which the front axle's tyres are just able to take `front_share` of
    /// the force: µ·g·φ / (s + µ·h/L), at most µ·g.
    pub(crate) fn shared_limit_m_s2(&self, front_share: f64) -> f64 {
        let load = self.friction * GRAVITY_M_S2 * self.front_share;
        let limit = load / (front_share + self.friction * self.height);
        limit.min(self.friction * GRAVITY_M_S2)
    }

    /// Largest acceleration, m/s², of inertia `inertia_kg` against `resistance_n` with drives that
    /// give at most `limits_n` (axle, force).
    ///
    /// Each axle gives min(limit, p + q·a): the sum is concave in a, so the solution is the least
    /// of the roots of its linear pieces.
    pub(crate) fn acceleration_m_s2(
        &self,
        limits_n: &[(Axle, f64)],
        resistance_n: f64,
        inertia_kg: f64,
    ) -> f64 {
        let mut least = f64::INFINITY;
        for pattern in 0..(1_u32 << limits_n.len()) {
            let (mut force_n, mut inertia) = (-resistance_n, inertia_kg);
            for (bit, (axle, limit_n)) in limits_n.iter().enumerate() {
                if pattern >> bit & 1 == 1 {
                    let (p, q) = self.over_acceleration(*axle);
                    force_n += p;
                    inertia -= q;
                } else {
                    force_n += limit_n;
                }
            }
            least = least.min(force_n / inertia);
        }
        least
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: Body = Body {
        wheel_radius_m: 0.35,
        wheelbase_m: 2.8,
        centre_of_gravity_height_m: 0.56,
        front_load_share: 0.5,
        tyre_friction: 1.0,
    };

    #[test]
    fn rear_drive_at_the_limit_has_its_closed_form() {
        // m·a = µ·m·(g·(1 − φ) + a·h/L)  =>  a = µ·g·(1 − φ) / (1 − µ·h/L).
        let traction = Traction::new(&BODY, 1500.0);
        let a = traction.acceleration_m_s2(&[(Axle::Rear, 1e9)], 0.0, 1500.0);
        assert!((a - GRAVITY_M_S2 * 0.5 / 0.8).abs() < 1e-12, "{a}");
        let a = traction.acceleration_m_s2(&[(Axle::Front, 1e9)], 0.0, 1500.0);
        assert!((a - GRAVITY_M_S2 * 0.5 / 1.2).abs() < 1e-12, "{a}");
    }

    #[test]
    fn four_driven_wheels_reach_friction_times_gravity() {
        let traction = Traction::new(&BODY, 1500.0);
        let a = traction.acceleration_m_s2(&[(Axle::Front, 1e9), (Axle::Rear, 1e9)], 0.0, 1500.0);
        assert!((a - GRAVITY_M_S2).abs() < 1e-12, "{a}");
    }

    #[test]
    fn weak_drives_never_feel_the_tyres() {
        let traction = Traction::new(&BODY, 1500.0);
        let limits = [(Axle::Front, 1000.0), (Axle::Rear, 2000.0)];
        let a = traction.acceleration_m_s2(&limits, 300.0, 1600.0);
        assert!((a - 2700.0 / 1600.0).abs() < 1e-12, "{a}");
    }
}
