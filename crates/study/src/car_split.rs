//! How a car's axles share the force, in words.

use codrive_model::vehicle::Axle;
use codrive_vehicle::CycleResult;
use serde::Serialize;

pub use codrive_vehicle::Split;

use crate::car::Car;

/// How two driven axles share the force.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AxleSplit {
    /// `even`, `fixed`, `rule` or `least-loss`.
    pub split: &'static str,
    /// Share of the front axle where it is fixed, 0 to 1.
    pub front: Option<f64>,
    /// The axle that drives alone below a force.
    pub alone: Option<Axle>,
    /// That force at the tyres, N.
    pub below_n: Option<f64>,
    /// Axles whose gear set has a disconnect: they rest where the split lets the other one drive alone.
    pub can_rest: Vec<Axle>,
    /// Time for which an axle rested in a cycle.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rested: Vec<Rested>,
}

/// An axle that was uncoupled.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rested {
    /// Cycle.
    pub cycle: String,
    /// Axle.
    pub axle: Axle,
    /// Share of the cycle's time, 0 to 1.
    pub share: f64,
}

impl AxleSplit {
    /// Of a car, with what its cycles say; none for a car with one driven axle.
    pub(crate) fn of(car: &Car, results: &[CycleResult]) -> Option<Self> {
        if car.units.len() < 2 {
            return None;
        }
        let (split, front, rule) = match car.split() {
            Split::Fixed(0.5) => ("even", Some(0.5), None),
            Split::Fixed(front) => ("fixed", Some(front), None),
            Split::LeastLoss => ("least-loss", None, None),
            Split::Rule {
                alone,
                below_n,
                front,
            } => ("rule", Some(front), Some((alone, below_n))),
        };
        let units = car.vehicle.axles.iter().zip(&car.units);
        let can_rest = units.filter(|(_, unit)| unit.open.is_some());
        Some(Self {
            split,
            front,
            alone: rule.map(|(alone, _)| alone),
            below_n: rule.map(|(_, below_n)| below_n),
            can_rest: can_rest.map(|(axle, _)| *axle).collect(),
            rested: results.iter().flat_map(|one| rested(car, one)).collect(),
        })
    }

    /// How it shares, and which axles can rest.
    pub(crate) fn words(&self) -> String {
        let shares = self.front.map_or(String::new(), |front| {
            format!("{} front, {} rear", percent(front), percent(1.0 - front))
        });
        let how = match (self.split, self.alone, self.below_n) {
            ("least-loss", ..) => "at every step what takes least power".to_owned(),
            (_, Some(alone), Some(n)) => format!("{alone} alone below {n:.0} N, then {shares}"),
            _ => shares,
        };
        let rest = match self.can_rest.as_slice() {
            [] => "no axle can be uncoupled".to_owned(),
            axles => {
                let axles: Vec<&str> = axles.iter().map(|axle| axle.word()).collect();
                format!("can be uncoupled: {}", axles.join(", "))
            }
        };
        format!("split {}: {how}; {rest}", self.split)
    }

    /// For people.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("  {}", self.words())];
        lines.extend(self.rested.iter().map(|one| {
            let Rested { cycle, axle, share } = one;
            format!(
                "  {cycle}: {axle} axle uncoupled for {} of the time",
                percent(*share)
            )
        }));
        lines
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

fn rested(car: &Car, result: &CycleResult) -> Vec<Rested> {
    let axles = car.vehicle.axles.iter().zip(result.rested_s);
    let some = axles.filter(|(_, seconds)| *seconds > 0.0);
    some.map(|(axle, seconds)| Rested {
        cycle: result.cycle.clone(),
        axle: *axle,
        share: seconds / result.duration_s,
    })
    .collect()
}
