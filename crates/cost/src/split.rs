//! Who pays what: Shapley value, nucleolus, equal saving, by volume; and whether anyone would rather
//! leave.

use codrive_model::money::{CoalitionCost, Split, SplitRule, Unhappy};

use crate::error::CostError;
use crate::nucleolus::nucleolus;

/// Most partners: every group of them has a cost.
pub const MAX_PARTNERS: usize = 16;

/// The cost of every group of partners.
#[derive(Clone, Debug, PartialEq)]
pub struct Game {
    partners: usize,
    /// By group: bit p says that partner p is in it. The empty group costs nothing.
    costs: Vec<f64>,
}

impl Game {
    /// From the costs of all groups but the empty one, in any order.
    ///
    /// # Errors
    /// A group is missing, or there are too many partners.
    pub fn new(partners: usize, coalitions: &[CoalitionCost]) -> Result<Self, CostError> {
        if partners > MAX_PARTNERS {
            return Err(CostError::TooManyPartners {
                count: partners,
                most: MAX_PARTNERS,
            });
        }
        let mut costs = vec![f64::NAN; 1 << partners];
        costs[0] = 0.0;
        for coalition in coalitions {
            let known = coalition
                .partners
                .iter()
                .filter(|partner| **partner < partners);
            let group = known.fold(0_usize, |group, partner| group | 1 << partner);
            costs[group] = coalition.cost.total_eur();
        }
        match costs.iter().position(|cost| cost.is_nan()) {
            None => Ok(Self { partners, costs }),
            Some(group) => Err(CostError::MissingCoalition {
                partners: members(group),
            }),
        }
    }

    /// Cost of one partner alone, EUR.
    #[must_use]
    pub fn alone_eur(&self, partner: usize) -> f64 {
        self.costs[1 << partner]
    }

    /// Cost of all together, EUR.
    #[must_use]
    pub fn together_eur(&self) -> f64 {
        self.costs[self.costs.len() - 1]
    }

    /// What all save together against each alone, EUR.
    #[must_use]
    pub fn saving_eur(&self) -> f64 {
        (0..self.partners)
            .map(|partner| self.alone_eur(partner))
            .sum::<f64>()
            - self.together_eur()
    }

    /// Shapley value: each partner's marginal cost, averaged over all orders of joining.
    ///
    /// Source: Shapley 1953, A value for n-person games, doi:10.1515/9781400881970-018.
    #[must_use]
    pub fn shapley(&self) -> Split {
        let pays = (0..self.partners)
            .map(|partner| self.shapley_of(partner))
            .collect();
        self.split(SplitRule::Shapley, pays)
    }

    fn shapley_of(&self, partner: usize) -> f64 {
        let without = (0..self.costs.len()).filter(|group| group & 1 << partner == 0);
        let term = |group: usize| {
            let weight = order_weight(group.count_ones(), self.partners);
            weight * (self.costs[group | 1 << partner] - self.costs[group])
        };
        without.map(term).sum()
    }

    /// Nucleolus: the highest complaint of any group is as low as can be, then the next. It lies in
    /// the core where there is one, and leaves nobody worse off where all together save something.
    ///
    /// # Errors
    /// A linear program fails.
    pub fn nucleolus(&self) -> Result<Split, CostError> {
        let savings: Vec<f64> = (0..self.costs.len())
            .map(|group| self.saving_of(group))
            .collect();
        let saves = nucleolus(self.partners, &savings)?;
        let pays = (0..self.partners)
            .map(|p| self.alone_eur(p) - saves[p])
            .collect();
        Ok(self.split(SplitRule::Nucleolus, pays))
    }

    /// What a group saves on its own against each of its members alone, EUR.
    fn saving_of(&self, group: usize) -> f64 {
        let alone: f64 = members(group).iter().map(|p| self.alone_eur(*p)).sum();
        alone - self.costs[group]
    }

    /// Everyone saves the same. For two partners this is the Shapley value and the nucleolus.
    #[must_use]
    pub fn equal_saving(&self) -> Split {
        #[allow(clippy::cast_precision_loss)]
        let each = self.saving_eur() / self.partners.max(1) as f64;
        let pays = (0..self.partners)
            .map(|partner| self.alone_eur(partner) - each)
            .collect();
        self.split(SplitRule::EqualSaving, pays)
    }

    /// In proportion to volume, for comparison; somebody may well be worse off.
    ///
    /// # Errors
    /// Not one volume above zero a partner.
    pub fn by_volume(&self, units: &[f64]) -> Result<Split, CostError> {
        let total: f64 = units.iter().sum();
        let positive = units.iter().all(|n| n.is_finite() && *n >= 0.0) && total > 0.0;
        if units.len() != self.partners || !positive {
            let allowed = "one number of zero or above for each partner, some above zero";
            return Err(CostError::OutOfRange {
                what: "volume",
                allowed,
            });
        }
        let pays = units
            .iter()
            .map(|n| self.together_eur() * n / total)
            .collect();
        Ok(self.split(SplitRule::Volume, pays))
    }

    fn split(&self, rule: SplitRule, pays_eur: Vec<f64>) -> Split {
        let saves_eur: Vec<f64> = pays_eur
            .iter()
            .enumerate()
            .map(|(p, pays)| self.alone_eur(p) - pays)
            .collect();
        let slack = 1e-9 * self.together_eur().abs();
        let pays_of = |group: usize| members(group).iter().map(|p| pays_eur[*p]).sum::<f64>();
        let in_core =
            (0..self.costs.len()).all(|group| pays_of(group) <= self.costs[group] + slack);
        let complaint = |group: usize| Unhappy {
            partners: members(group),
            complaint_eur: pays_of(group) - self.costs[group],
        };
        let most_unhappy = (1..self.costs.len().saturating_sub(1))
            .map(complaint)
            .reduce(|most, other| {
                if other.complaint_eur > most.complaint_eur + slack {
                    other
                } else {
                    most
                }
            });
        let someone_worse_off = saves_eur.iter().any(|saving| *saving < -slack);
        Split {
            rule,
            pays_eur,
            saves_eur,
            in_core,
            most_unhappy,
            someone_worse_off,
        }
    }
}

fn members(group: usize) -> Vec<usize> {
    (0..usize::BITS as usize)
        .filter(|partner| group & 1 << partner != 0)
        .collect()
}

/// |S|! (n − |S| − 1)! / n!: the part of all orders in which exactly this group comes before.
fn order_weight(before: u32, partners: usize) -> f64 {
    let factorial = |n: usize| (1..=n).map(|k| k as f64).product::<f64>();
    let before = before as usize;
    factorial(before) * factorial(partners - before - 1) / factorial(partners)
}
