//! What cost buys: the cheapest families of all partners that take less energy, need fewer modules, fewer
//! rare earths, or weigh less.
//!
//! Chosen among the configurations of [`crate::kept`], the best of every axle by each objective among
//! them; each point's gap is proven within these.

use codrive_cost::time::plain_units;
use codrive_family::tradeoff::{Objective as Asked, Point, front, value_of};
use codrive_family::{FamilyError, GapOf, Options};
use codrive_model::family::VehicleChoice;
use codrive_model::tradeoff::{Front, FrontPoint, Objective, TradedFamily, Tradeoffs};

use crate::candidates::Service;
use crate::error::StudyError;
use crate::kept::{Measure, cost_of_service, kept};
use crate::plants::units_by_year;
use crate::problem::{Pick, Posed, Scene, pose};
use crate::progress::Progress;
use crate::settlement::Settlement;

/// How far each point's selection is proven.
const GAP: f64 = 1e-3;

/// The trade-offs of all partners together; nothing where none is asked for.
///
/// # Errors
/// An impossible problem, or a stop.
pub fn tradeoffs(
    scene: &Scene<'_>,
    settlement: &Settlement,
    progress: &dyn Progress,
) -> Result<Tradeoffs, StudyError> {
    let points = scene.inputs.programme.tradeoffs.points;
    if points == 0 {
        return Ok(Tradeoffs::default());
    }
    progress.stage("trade-offs", Objective::ALL.len());
    let evaluation = kept(scene, settlement, &measures(scene));
    let scene = &Scene {
        evaluation: &evaluation,
        ..*scene
    };
    let partners: Vec<usize> = (0..settlement.partners).collect();
    let traded = Traded {
        scene,
        posed: &pose(scene, &partners),
        cars: cars(scene),
    };
    let mut result = Tradeoffs {
        configurations: evaluation.candidates.len(),
        ..Tradeoffs::default()
    };
    for objective in Objective::ALL {
        if progress.cancelled() {
            return Err(StudyError::Cancelled);
        }
        let points = traded.front(objective, points)?;
        traded.book(objective, &points, &mut result)?;
        progress.done(1);
    }
    Ok(result)
}

/// The measures by which configurations are kept: cost and every objective of a column.
fn measures<'a>(scene: &'a Scene<'_>) -> Vec<Measure<'a>> {
    let candidates = &scene.evaluation.candidates;
    let mass = |service: &Service| candidates[service.candidate].mass.total_kg();
    vec![
        cost_of_service(scene),
        Box::new(|service| service.wltc_j_per_m),
        Box::new(|service| candidates[service.candidate].mass.rare_earth_kg),
        Box::new(mass),
    ]
}

/// Cars built by the end of the programme, by index in the fleet.
fn cars(scene: &Scene<'_>) -> Vec<f64> {
    let economics = &scene.inputs.programme.economics;
    let built = |car| plain_units(&units_by_year(car), economics);
    scene.fleet.iter().map(built).collect()
}

struct Traded<'a> {
    scene: &'a Scene<'a>,
    posed: &'a Posed,
    cars: Vec<f64>,
}

impl Traded<'_> {
    fn front(&self, objective: Objective, points: usize) -> Result<Vec<Point>, StudyError> {
        let options = Options {
            gap: GAP,
            gap_of: GapOf::Whole,
            ..Options::default()
        };
        front(
            &self.posed.problem,
            &self.asked(objective),
            points,
            &options,
        )
        .map_err(refused)
    }

    /// An objective as the selection knows it.
    fn asked(&self, objective: Objective) -> Asked {
        if objective == Objective::Modules {
            return Asked::Modules;
        }
        let of_pick = |pick: &Pick| self.of_pick(objective, pick);
        let list = |picks: &Vec<Pick>| picks.iter().map(of_pick).collect();
        let split = |axles: &Vec<Vec<Pick>>| axles.iter().map(list).collect();
        let offers = self.posed.offers.iter();
        Asked::Columns(
            offers
                .map(|offer| offer.iter().map(split).collect())
                .collect(),
        )
    }

    /// What one axle's choice adds to an objective, as its mean over all cars or the sum of all units.
    fn of_pick(&self, objective: Objective, pick: &Pick) -> f64 {
        let built = self.cars[pick.service.vehicle];
        let mean = built / self.cars.iter().sum::<f64>();
        let mass = &self.scene.evaluation.candidates[pick.service.candidate].mass;
        match objective {
            Objective::Energy => mean * pick.service.wltc_j_per_m,
            Objective::Mass => mean * mass.total_kg(),
            Objective::RareEarths => built * mass.rare_earth_kg,
            Objective::Modules => 0.0,
        }
    }

    fn value(&self, objective: Objective, choices: &[VehicleChoice]) -> Result<f64, StudyError> {
        value_of(&self.posed.problem, &self.asked(objective), choices).map_err(refused)
    }

    /// Notes a front, and each of its families once.
    fn book(
        &self,
        objective: Objective,
        points: &[Point],
        result: &mut Tradeoffs,
    ) -> Result<(), StudyError> {
        let mut booked = Vec::new();
        for point in points {
            let family = TradedFamily {
                cost_eur: point.cost_eur,
                energy_j_per_m: self.value(Objective::Energy, &point.choices)?,
                modules: self.value(Objective::Modules, &point.choices)?,
                rare_earths_kg: self.value(Objective::RareEarths, &point.choices)?,
                mass_kg: self.value(Objective::Mass, &point.choices)?,
            };
            let known = result.families.iter().position(|other| *other == family);
            let index = known.unwrap_or_else(|| {
                result.families.push(family);
                result.families.len() - 1
            });
            booked.push(FrontPoint {
                limit: point.limit,
                family: index,
                lower_bound_eur: point.lower_bound_eur,
                gap: point.gap,
            });
        }
        result.fronts.push(Front {
            objective,
            points: booked,
        });
        Ok(())
    }
}

fn refused(error: FamilyError) -> StudyError {
    StudyError::Model {
        what: "trade-offs".to_owned(),
        reason: error.to_string(),
    }
}
