//! Trade-offs: the least cost at which another objective stays within a limit (ε-constraint), each
//! point with its proven gap.
//!
//! For a price μ ≥ 0 on the objective z, no family with z ≤ ε costs less than
//! min(cost + μ z) − μ ε, whose minimum [`solve`] bounds from below. The price is where the lines of
//! a family within the limit and one beyond it cross, until neither is new: the largest of these
//! bounds (Geoffrion 1974, doi:10.1007/BFb0120690). What is left between it and the cheapest family
//! within the limit is the point's gap.

use codrive_model::family::{
    FamilyProblem, FamilySolution, FamilyVehicle, TargetSplit, VehicleChoice,
};

use crate::check::FamilyError;
use crate::cost::{cost_of, released_lines};
use crate::search::{Options, solve};

/// Most prices tried for a point.
const TRIES: usize = 12;

/// What can be asked for beside cost.
#[derive(Clone, Debug, PartialEq)]
pub enum Objective {
    /// Number of modules released: a module that two partners release apart counts twice.
    Modules,
    /// What each column adds, such as energy (J), rare earths (kg) or mass (kg) of all units of its
    /// axle: by vehicle, split, driven axle and column, as the problem lists them.
    Columns(Vec<Vec<Vec<Vec<f64>>>>),
}

impl Objective {
    /// What a column adds; modules are counted by line instead.
    fn of_column(&self, [vehicle, split, axle, column]: [usize; 4]) -> f64 {
        match self {
            Self::Modules => 0.0,
            Self::Columns(values) => values[vehicle][split][axle][column],
        }
    }

    /// Whether every column has a finite value.
    fn check(&self, problem: &FamilyProblem) -> Result<(), FamilyError> {
        let Self::Columns(values) = self else {
            return Ok(());
        };
        let lengths = |vehicle: &FamilyVehicle| -> Vec<Vec<usize>> {
            let split = |split: &TargetSplit| split.columns.iter().map(Vec::len).collect();
            vehicle.splits.iter().map(split).collect()
        };
        let given = |vehicle: &Vec<Vec<Vec<f64>>>| -> Vec<Vec<usize>> {
            let split = |split: &Vec<Vec<f64>>| split.iter().map(Vec::len).collect();
            vehicle.iter().map(split).collect()
        };
        let fits = (problem.vehicles.iter().map(lengths)).eq(values.iter().map(given));
        let mut all = values.iter().flatten().flatten().flatten();
        if fits && all.all(|value| value.is_finite()) {
            return Ok(());
        }
        Err(FamilyError::OutOfRange {
            what: "value",
            whose: "an objective".to_owned(),
            allowed: "finite, one for each column of the problem",
        })
    }
}

/// One point of a trade-off.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The limit of the objective.
    pub limit: f64,
    /// What the family has of it, at most the limit.
    pub value: f64,
    /// Its true cost, EUR.
    pub cost_eur: f64,
    /// No family within the limit costs less, EUR.
    pub lower_bound_eur: f64,
    /// (cost − bound) / cost, the cost that no decision changes left out.
    pub gap: f64,
    /// The family.
    pub choices: Vec<VehicleChoice>,
}

/// What a family has of an objective.
///
/// # Errors
/// A choice names what the problem does not have.
pub fn value_of(
    problem: &FamilyProblem,
    objective: &Objective,
    choices: &[VehicleChoice],
) -> Result<f64, FamilyError> {
    objective.check(problem)?;
    let released = released_lines(problem, choices)?;
    if *objective == Objective::Modules {
        #[allow(clippy::cast_precision_loss)]
        return Ok(released.len() as f64);
    }
    let of_vehicle = |(vehicle, choice): (usize, &VehicleChoice)| {
        let columns = choice.columns.iter().enumerate();
        let value = |(axle, column): (usize, &usize)| {
            objective.of_column([vehicle, choice.split, axle, *column])
        };
        columns.map(value).sum::<f64>()
    };
    Ok(choices.iter().enumerate().map(of_vehicle).sum())
}

/// The cheapest family and `count` more at limits between its value of the objective and the least
/// that can be had, evenly spaced.
///
/// # Errors
/// As [`solve`].
pub fn front(
    problem: &FamilyProblem,
    objective: &Objective,
    count: usize,
    options: &Options,
) -> Result<Vec<Point>, FamilyError> {
    let mut known = Known::new(problem, objective, options)?;
    let (most, least) = (known.ends[0].value, known.ends[1].value);
    #[allow(clippy::cast_precision_loss)]
    let limit = |k: usize| most + (least - most) * k as f64 / count.max(1) as f64;
    (0..=count).map(|k| known.point(limit(k))).collect()
}

/// The cheapest family within a limit of an objective.
///
/// # Errors
/// As [`solve`]; a limit below the least that can be had.
pub fn within(
    problem: &FamilyProblem,
    objective: &Objective,
    limit: f64,
    options: &Options,
) -> Result<Point, FamilyError> {
    Known::new(problem, objective, options)?.point(limit)
}

/// A family as a line over the price: cost + price · value.
#[derive(Clone, Debug)]
struct Family {
    cost: f64,
    value: f64,
    choices: Vec<VehicleChoice>,
}

/// What is known about one trade-off so far.
struct Known<'a> {
    problem: &'a FamilyProblem,
    objective: &'a Objective,
    options: &'a Options,
    unavoidable: f64,
    /// The cheapest family and the one with the least of the objective.
    ends: [Family; 2],
    families: Vec<Family>,
    /// Prices with their bounds of cost + price · value.
    bounds: Vec<(f64, f64)>,
}

impl<'a> Known<'a> {
    fn new(
        problem: &'a FamilyProblem,
        objective: &'a Objective,
        options: &'a Options,
    ) -> Result<Self, FamilyError> {
        objective.check(problem)?;
        let cheapest = solve(problem, options)?;
        let least = solve(&priced(problem, objective, None), options)?;
        let family = |solution: &FamilySolution| {
            Ok::<_, FamilyError>(Family {
                cost: cost_of(problem, &solution.choices)?,
                value: value_of(problem, objective, &solution.choices)?,
                choices: solution.choices.clone(),
            })
        };
        let ends = [family(&cheapest)?, family(&least)?];
        Ok(Self {
            problem,
            objective,
            options,
            unavoidable: cheapest.unavoidable_eur,
            families: ends.to_vec(),
            ends,
            bounds: vec![(0.0, cheapest.lower_bound_eur)],
        })
    }

    fn point(&mut self, limit: f64) -> Result<Point, FamilyError> {
        let slack = 1e-9 * limit.abs();
        let inside = |family: &Family| family.value <= limit + slack;
        for _ in 0..TRIES {
            let cheaper = |a: &&Family, b: &&Family| a.cost.total_cmp(&b.cost);
            let Some(best) = self.families.iter().filter(|f| inside(f)).min_by(cheaper) else {
                return Err(FamilyError::OutOfRange {
                    what: "limit of an objective",
                    whose: "a trade-off".to_owned(),
                    allowed: "no less than the least that a family can have",
                });
            };
            let Some(price) = self.crossing(best, limit + slack) else {
                break;
            };
            if self
                .bounds
                .iter()
                .any(|(known, _)| (known - price).abs() <= 1e-9 * price)
            {
                break;
            }
            self.try_price(price)?;
        }
        self.best_within(limit, limit + slack)
    }

    /// The price at which the lower envelope of the known lines turns from families beyond the
    /// limit to those within it; `None` where the cheapest of all is within.
    fn crossing(&self, best: &Family, limit: f64) -> Option<f64> {
        let beyond = self
            .families
            .iter()
            .filter(|f| f.value > limit && f.cost < best.cost);
        let price = |f: &Family| {
            let inside = self.families.iter().filter(|g| g.value <= limit);
            let crossing = |g: &Family| (g.cost - f.cost) / (f.value - g.value);
            inside.map(crossing).fold(f64::INFINITY, f64::min)
        };
        beyond.map(price).max_by(f64::total_cmp)
    }

    fn try_price(&mut self, price: f64) -> Result<(), FamilyError> {
        let solution = solve(
            &priced(self.problem, self.objective, Some(price)),
            self.options,
        )?;
        self.bounds.push((price, solution.lower_bound_eur));
        self.families.push(Family {
            cost: cost_of(self.problem, &solution.choices)?,
            value: value_of(self.problem, self.objective, &solution.choices)?,
            choices: solution.choices,
        });
        Ok(())
    }

    fn best_within(&self, limit: f64, reached: f64) -> Result<Point, FamilyError> {
        let inside = self.families.iter().filter(|f| f.value <= reached);
        let best = inside
            .min_by(|a, b| a.cost.total_cmp(&b.cost))
            .unwrap_or(&self.ends[1]);
        let bound = self
            .bounds
            .iter()
            .map(|(price, bound)| bound - price * reached);
        let lower_bound_eur = bound.fold(f64::NEG_INFINITY, f64::max).min(best.cost);
        let avoidable = (best.cost - self.unavoidable).max(f64::MIN_POSITIVE);
        Ok(Point {
            limit,
            value: best.value,
            cost_eur: best.cost,
            lower_bound_eur,
            gap: (best.cost - lower_bound_eur) / avoidable,
            choices: best.choices.clone(),
        })
    }
}

/// The problem with a price on the objective; without one, the objective alone.
fn priced(problem: &FamilyProblem, objective: &Objective, price: Option<f64>) -> FamilyProblem {
    let mut result = problem.clone();
    let (keep, price) = (
        if price.is_some() { 1.0 } else { 0.0 },
        price.unwrap_or(1.0),
    );
    for (v, vehicle) in result.vehicles.iter_mut().enumerate() {
        for (s, split) in vehicle.splits.iter_mut().enumerate() {
            for (axle, list) in split.columns.iter_mut().enumerate() {
                for (c, column) in list.iter_mut().enumerate() {
                    let added = price * objective.of_column([v, s, axle, c]);
                    column.direct_eur = keep * column.direct_eur + added;
                }
            }
        }
    }
    let each = if *objective == Objective::Modules {
        price
    } else {
        0.0
    };
    for module in &mut result.modules {
        module.capacity.used_eur_per_unit *= keep;
        module.capacity.idle_eur_per_unit *= keep;
    }
    for line in result
        .modules
        .iter_mut()
        .flat_map(|module| &mut module.lines)
    {
        line.development_eur *= keep;
        line.tooling_eur = keep * line.tooling_eur + each;
        line.conversion.reference_eur *= keep;
        for to in &mut line.deliveries {
            to.logistics_eur_per_unit *= keep;
        }
    }
    for site in &mut result.sites {
        site.conversion.reference_eur *= keep;
        site.capacity_eur_per_unit *= keep;
    }
    result
}
