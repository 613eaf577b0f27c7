//! A cycle without its order in time: each distinct step once, by ascending speed.
//!
//! What a step asks of a car depends on its speed, acceleration and duration alone, and at ascending
//! speeds a map is walked through from its slowest to its fastest row once.

use crate::cycle::Step;
use crate::wide::MOST;

/// The distinct steps of a cycle, by ascending speed, then acceleration.
///
/// The columns but `seconds` end with [`MOST`] more rows, so that a vector may be read from any point.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outline {
    /// Mean speed, m/s, and one over it.
    pub(crate) speed_m_s: Vec<f64>,
    pub(crate) per_speed_s_m: Vec<f64>,
    pub(crate) acceleration_m_s2: Vec<f64>,
    /// Duration of one such step, s.
    pub(crate) duration_s: Vec<f64>,
    /// Duration of all such steps, s.
    pub(crate) seconds: Vec<f64>,
    /// For each step of the cycle its point.
    pub(crate) of_step: Vec<usize>,
    /// Integrals over the cycle that hold for every car.
    pub(crate) integrals: Integrals,
}

/// Integrals of mean speed v and acceleration a over the time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Integrals {
    /// ∫ dt, s.
    pub(crate) time_s: f64,
    /// ∫ v dt, m.
    pub(crate) distance_m: f64,
    /// ∫ v² dt, m²/s.
    pub(crate) speed_squared: f64,
    /// ∫ v³ dt, m³/s².
    pub(crate) speed_cubed: f64,
    /// ∫ a v dt, m²/s².
    pub(crate) acceleration_speed: f64,
}

impl Outline {
    pub(crate) fn new(steps: impl Iterator<Item = Step>) -> Self {
        let steps: Vec<Step> = steps.collect();
        let mut by_speed: Vec<usize> = (0..steps.len()).collect();
        by_speed.sort_by(|a, b| {
            let (a, b) = (&steps[*a], &steps[*b]);
            let speed = a.mean_speed_m_s.total_cmp(&b.mean_speed_m_s);
            let acceleration = a.acceleration_m_s2.total_cmp(&b.acceleration_m_s2);
            speed
                .then(acceleration)
                .then(a.duration_s.total_cmp(&b.duration_s))
        });
        let mut points: Vec<Step> = Vec::new();
        let mut seconds = Vec::new();
        let mut of_step = vec![0; steps.len()];
        for i in by_speed {
            if !points.last().is_some_and(|last| last.asks_as(&steps[i])) {
                points.push(steps[i]);
                seconds.push(0.0);
            }
            of_step[i] = points.len() - 1;
            seconds[of_step[i]] += steps[i].duration_s;
        }
        points.extend(points.last().copied().into_iter().cycle().take(MOST));
        let column = |of: fn(&Step) -> f64| points.iter().map(of).collect();
        Self {
            speed_m_s: column(|step| step.mean_speed_m_s),
            per_speed_s_m: column(|step| 1.0 / step.mean_speed_m_s),
            acceleration_m_s2: column(|step| step.acceleration_m_s2),
            duration_s: column(|step| step.duration_s),
            seconds,
            of_step,
            integrals: Integrals::of(&steps),
        }
    }

    /// A point as a step, at no time.
    pub(crate) fn step(&self, point: usize) -> Step {
        Step {
            start_s: 0.0,
            duration_s: self.duration_s[point],
            mean_speed_m_s: self.speed_m_s[point],
            acceleration_m_s2: self.acceleration_m_s2[point],
        }
    }
}

impl Integrals {
    fn of(steps: &[Step]) -> Self {
        let mut sum = Self::default();
        for step in steps {
            let (v, dt) = (step.mean_speed_m_s, step.duration_s);
            sum.time_s += dt;
            sum.distance_m += v * dt;
            sum.speed_squared += v * v * dt;
            sum.speed_cubed += v * v * v * dt;
            sum.acceleration_speed += step.acceleration_m_s2 * v * dt;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use crate::DriveCycle;

    #[test]
    fn every_step_has_its_point_and_every_point_its_time() {
        let text = "time_s,speed_m_s\n0,0\n1,0\n2,5\n3,0\n4,0\n5,5\n7,5\n8,5\n9,0\n";
        let cycle = DriveCycle::parse("stops", text).unwrap();
        let outline = cycle.outline();
        // Standing, up, down, steady for one and for two seconds.
        assert_eq!(outline.seconds.len(), 5);
        let mut seconds = vec![0.0; 5];
        for (step, point) in cycle.steps().zip(&outline.of_step) {
            assert!(step.asks_as(&outline.step(*point)), "{step:?}");
            seconds[*point] += step.duration_s;
        }
        assert_eq!(outline.seconds, seconds);
        assert!(outline.speed_m_s.is_sorted());
        assert_eq!(outline.integrals.time_s, cycle.duration_s());
        assert_eq!(outline.integrals.distance_m, cycle.distance_m());
        // ∫ a v dt is half the difference of the squared speeds at the ends.
        assert!(outline.integrals.acceleration_speed.abs() < 1e-12);
    }
}
