//! Every coalition's selection, and what each partner pays.

use std::collections::BTreeMap;

use codrive_cost::split::Game;
use codrive_cost::time::weighted_units;
use codrive_model::development::DevelopmentPlan;
use codrive_model::money::{CoalitionCost, CostBreakdown, Split};
use codrive_model::wish::WishPrice;

use crate::development::plan;
use crate::error::StudyError;
use crate::plants::units_by_year;
use crate::problem::Scene;
use crate::progress::Progress;
use crate::selection::{Selection, select};
use crate::wishes::prices;

/// The selections of every coalition and the split of the joint cost.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// By coalition, as a bit mask of partner indices.
    pub selections: BTreeMap<usize, Selection>,
    /// The joint cost by the Shapley value.
    pub shapley: Split,
    /// Other rules.
    pub others: Vec<Split>,
    /// The cost of every coalition.
    pub game: Game,
    /// The way to the start of production, each alone.
    pub plans_alone: Vec<DevelopmentPlan>,
    /// The way to the start of production together.
    pub plan_together: DevelopmentPlan,
    /// What each private wish costs all together.
    pub wishes: Vec<WishPrice>,
    /// Number of partners.
    pub partners: usize,
}

impl Settlement {
    /// A partner's selection on its own.
    #[must_use]
    pub fn alone(&self, partner: usize) -> &Selection {
        &self.selections[&(1 << partner)]
    }

    /// The selection of all.
    #[must_use]
    pub fn together(&self) -> &Selection {
        &self.selections[&((1 << self.partners) - 1)]
    }

    /// Cost of all alone, summed by category.
    #[must_use]
    pub fn alone_cost(&self) -> CostBreakdown {
        (0..self.partners).map(|p| self.alone(p).cost).sum()
    }
}

/// Solves every coalition and splits the joint cost.
///
/// # Errors
/// A vehicle that nothing serves, an impossible problem, or a stop.
pub fn settle(scene: &Scene<'_>, progress: &dyn Progress) -> Result<Settlement, StudyError> {
    let partners = scene.inputs.partners.len();
    let groups: Vec<usize> = (1..1 << partners).collect();
    progress.stage("selection", groups.len());
    let mut selections = BTreeMap::new();
    for group in groups {
        if progress.cancelled() {
            return Err(StudyError::Cancelled);
        }
        let members: Vec<usize> = (0..partners).filter(|p| group & 1 << p != 0).collect();
        selections.insert(group, select(scene, &members)?);
        progress.done(1);
    }
    let wishes = prices(scene, &selections[&((1 << partners) - 1)])?;
    split(scene, partners, selections, wishes)
}

fn split(
    scene: &Scene<'_>,
    partners: usize,
    selections: BTreeMap<usize, Selection>,
    wishes: Vec<WishPrice>,
) -> Result<Settlement, StudyError> {
    let failed = |error: codrive_cost::CostError| StudyError::Model {
        what: "split of the cost".to_owned(),
        reason: error.to_string(),
    };
    let costs: Vec<CoalitionCost> = selections.values().map(coalition_cost).collect();
    let game = Game::new(partners, &costs).map_err(failed)?;
    let by_volume = game.by_volume(&volumes(scene, partners)).map_err(failed)?;
    let id = |p: usize| scene.inputs.partners[p].id.as_str();
    let nucleolus = game.nucleolus().map_err(failed)?;
    Ok(Settlement {
        shapley: game.shapley(),
        others: vec![nucleolus, game.equal_saving(), by_volume],
        game,
        plans_alone: (0..partners)
            .map(|p| plan(scene, &selections[&(1 << p)], id(p)))
            .collect(),
        plan_together: plan(scene, &selections[&((1 << partners) - 1)], "together"),
        selections,
        wishes,
        partners,
    })
}

fn coalition_cost(selection: &Selection) -> CoalitionCost {
    CoalitionCost {
        partners: selection.partners.clone(),
        cost: selection.cost,
        lower_bound_eur: selection.solution.lower_bound_eur,
    }
}

/// Discount-weighted EDUs of each partner.
fn volumes(scene: &Scene<'_>, partners: usize) -> Vec<f64> {
    let economics = &scene.inputs.programme.economics;
    let of = |p: usize| {
        let mine = scene.fleet.iter().filter(move |v| v.partner == p);
        #[allow(clippy::cast_precision_loss)]
        mine.map(|v| v.axles.len() as f64 * weighted_units(&units_by_year(v), economics))
            .sum()
    };
    (0..partners).map(of).collect()
}
