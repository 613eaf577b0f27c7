//! The selection of each coalition: its family problem, solved, and the money of it by category.

use std::collections::BTreeMap;

use codrive_cost::programme::programme_cost;
use codrive_family::{FamilyError, GapOf, Options, solve};
use codrive_model::family::{FamilyProblem, FamilySolution};
use codrive_model::money::CostBreakdown;

use crate::error::StudyError;
use crate::partner::Partner;
use crate::problem::{Offer, Pick, Scene, pose};

/// A coalition's best family.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Its partners, by index, ascending.
    pub partners: Vec<usize>,
    /// The problem; partners are numbered within the coalition.
    pub problem: FamilyProblem,
    /// The solution.
    pub solution: FamilySolution,
    /// The plants that the lines and sites of the problem name by number: owner, by index in the programme, and id.
    pub plants: Vec<(usize, String)>,
    /// For each vehicle of the fleet that the coalition owns the plant that assembles its EDUs, by that number.
    pub assembled_at: BTreeMap<usize, usize>,
    /// For each driven axle of each vehicle what was chosen.
    pub picks: Vec<Pick>,
    /// Cost by category.
    pub cost: CostBreakdown,
}

/// Finds the best family of a coalition, proven as closely as the programme asks.
///
/// # Errors
/// A vehicle that no candidate serves, or an impossible problem.
pub fn select(scene: &Scene<'_>, coalition: &[usize]) -> Result<Selection, StudyError> {
    select_within(
        scene,
        coalition,
        GapOf::Avoidable,
        scene.inputs.programme.gap,
    )
}

/// The same, proven within a gap; at most 0.1 %.
///
/// # Errors
/// As [`select`].
pub fn select_within(
    scene: &Scene<'_>,
    coalition: &[usize],
    gap_of: GapOf,
    gap: f64,
) -> Result<Selection, StudyError> {
    let posed = pose(scene, coalition);
    let options = Options {
        gap: gap.min(1e-3),
        gap_of,
        ..Options::default()
    };
    let solution = solve(&posed.problem, &options).map_err(|error| StudyError::Model {
        what: "selection".to_owned(),
        reason: format!("{error}{}", wished(scene, coalition, &error)),
    })?;
    let picks = picks(&posed.problem, &solution, posed.offers);
    let direct: Vec<CostBreakdown> = picks.iter().map(|pick| pick.direct).collect();
    let cost = programme_cost(
        &posed.problem,
        &solution.released,
        &solution.assembled,
        &direct,
    );
    Ok(Selection {
        partners: coalition.to_vec(),
        problem: posed.problem,
        assembled_at: assembled_at(scene, coalition, &solution),
        solution,
        plants: posed.plants,
        picks,
        cost,
    })
}

/// The wishes that may be the reason why nothing serves a vehicle.
fn wished(scene: &Scene<'_>, coalition: &[usize], error: &FamilyError) -> String {
    let partners = coalition.iter().map(|p| &scene.inputs.partners[*p]);
    let named = |partner: &Partner| {
        let wishes = partner.wishes.iter();
        let named = wishes.map(|wish| format!("`{}` of `{}`", wish.name, partner.id));
        named.collect::<Vec<_>>()
    };
    let wishes: Vec<String> = partners.flat_map(named).collect();
    if wishes.is_empty() || !matches!(error, FamilyError::Unserved { .. }) {
        return String::new();
    }
    format!(
        " under the wishes {}; drop one, or add candidates",
        wishes.join(", ")
    )
}

/// Where the vehicles of a coalition are assembled, by their index in the fleet.
fn assembled_at(
    scene: &Scene<'_>,
    coalition: &[usize],
    solution: &FamilySolution,
) -> BTreeMap<usize, usize> {
    let owned = |v: &usize| coalition.contains(&scene.fleet[*v].partner);
    let vehicles = (0..scene.fleet.len()).filter(owned);
    let sites = solution.choices.iter().map(|choice| choice.site);
    vehicles.zip(sites).collect()
}

fn picks(problem: &FamilyProblem, solution: &FamilySolution, mut offers: Vec<Offer>) -> Vec<Pick> {
    let mut picks = Vec::new();
    for (v, choice) in solution.choices.iter().enumerate() {
        debug_assert!(choice.split < problem.vehicles[v].splits.len());
        for (axle, column) in choice.columns.iter().enumerate() {
            picks.push(offers[v][choice.split][axle].swap_remove(*column));
        }
    }
    picks
}
