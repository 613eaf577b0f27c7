//! Money as plain results: costs by category, coalitions, splits, waterfalls, and what of
//! it may be released.
//!
//! EUR are present values at the programme's base year unless a name says otherwise.

use serde::{Deserialize, Serialize};

/// Conversion cost over volume: learning acts on conversion, never on material.
///
/// C(V) = c · V · (V / V₀)^(−b): concave in V for 0 ≤ b < 1. `family` minimises it and `cost`
/// reports it, so it stands here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ScaleCurve {
    /// c: conversion cost of a unit at the reference volume, EUR.
    pub reference_eur: f64,
    /// V₀: reference volume, in the same weighted units as V, above zero where c is.
    pub reference_units: f64,
    /// b: 0.3 halves the unit cost at ten times the volume; 0 is no effect.
    pub exponent: f64,
}

impl ScaleCurve {
    /// Total conversion cost of a volume, EUR; zero for none.
    #[must_use]
    pub fn total_eur(&self, units: f64) -> f64 {
        if units <= 0.0 || self.reference_eur == 0.0 {
            return 0.0;
        }
        if self.exponent == 0.0 {
            return self.reference_eur * units;
        }
        self.reference_eur * units * (units / self.reference_units).powf(-self.exponent)
    }

    /// Conversion cost of one unit at a volume above zero, EUR.
    #[must_use]
    pub fn unit_eur(&self, units: f64) -> f64 {
        if units <= 0.0 {
            0.0
        } else {
            self.total_eur(units) / units
        }
    }
}

/// What money is spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Bought material and parts.
    Material,
    /// Making parts and assembling them.
    Conversion,
    /// Development of modules, variants and applications.
    Development,
    /// Tools, lines and plant.
    Tooling,
    /// Transport of modules between plants.
    Logistics,
    /// What sharing costs: added coordination and validation of joint modules.
    SharingOverhead,
    /// Battery energy over the cars' lives, valued.
    Energy,
}

impl Category {
    /// All, in the order of the report.
    pub const ALL: [Self; 7] = [
        Self::Material,
        Self::Conversion,
        Self::Development,
        Self::Tooling,
        Self::Logistics,
        Self::SharingOverhead,
        Self::Energy,
    ];

    /// Words for people.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Material => "material",
            Self::Conversion => "conversion",
            Self::Development => "development",
            Self::Tooling => "tooling and plant",
            Self::Logistics => "logistics",
            Self::SharingOverhead => "sharing overhead",
            Self::Energy => "energy",
        }
    }
}

/// A cost by category, EUR.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CostBreakdown {
    /// Material.
    pub material_eur: f64,
    /// Conversion.
    pub conversion_eur: f64,
    /// Development, without the overhead of sharing.
    pub development_eur: f64,
    /// Tooling and plant.
    pub tooling_eur: f64,
    /// Logistics.
    pub logistics_eur: f64,
    /// Overhead of sharing.
    pub sharing_overhead_eur: f64,
    /// Valued energy.
    pub energy_eur: f64,
}

impl CostBreakdown {
    /// The amount of a category, EUR.
    #[must_use]
    pub fn get(&self, category: Category) -> f64 {
        match category {
            Category::Material => self.material_eur,
            Category::Conversion => self.conversion_eur,
            Category::Development => self.development_eur,
            Category::Tooling => self.tooling_eur,
            Category::Logistics => self.logistics_eur,
            Category::SharingOverhead => self.sharing_overhead_eur,
            Category::Energy => self.energy_eur,
        }
    }

    /// The amount of a category, to be changed.
    pub fn get_mut(&mut self, category: Category) -> &mut f64 {
        match category {
            Category::Material => &mut self.material_eur,
            Category::Conversion => &mut self.conversion_eur,
            Category::Development => &mut self.development_eur,
            Category::Tooling => &mut self.tooling_eur,
            Category::Logistics => &mut self.logistics_eur,
            Category::SharingOverhead => &mut self.sharing_overhead_eur,
            Category::Energy => &mut self.energy_eur,
        }
    }

    /// Sum of all categories, EUR.
    #[must_use]
    pub fn total_eur(&self) -> f64 {
        Category::ALL
            .iter()
            .map(|category| self.get(*category))
            .sum()
    }

    /// Category by category, a factor times this.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        let mut result = *self;
        for category in Category::ALL {
            *result.get_mut(category) *= factor;
        }
        result
    }
}

impl std::ops::AddAssign for CostBreakdown {
    fn add_assign(&mut self, other: Self) {
        for category in Category::ALL {
            *self.get_mut(category) += other.get(category);
        }
    }
}

impl std::iter::Sum for CostBreakdown {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |mut sum, part| {
            sum += part;
            sum
        })
    }
}

/// What a coalition of partners pays at its best family.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoalitionCost {
    /// Its partners, ascending.
    pub partners: Vec<usize>,
    /// Cost of its family by category.
    pub cost: CostBreakdown,
    /// No family of this coalition costs less, EUR.
    pub lower_bound_eur: f64,
}

/// A rule to split the joint cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SplitRule {
    /// Each pays its mean marginal cost over all orders of joining.
    Shapley,
    /// The most unhappy group complains as little as can be, then the next.
    Nucleolus,
    /// Everyone saves the same amount; for two partners this is both Shapley value and nucleolus.
    EqualSaving,
    /// In proportion to volume.
    Volume,
}

impl SplitRule {
    /// Words for people.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Shapley => "Shapley value",
            Self::Nucleolus => "nucleolus",
            Self::EqualSaving => "equal saving",
            Self::Volume => "by volume",
        }
    }
}

/// A group of partners and what it has to complain about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unhappy {
    /// Its partners, ascending.
    pub partners: Vec<usize>,
    /// What it pays above its cost on its own, EUR; negative: what it gains at least.
    pub complaint_eur: f64,
}

/// Who pays what under one rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Split {
    /// The rule.
    pub rule: SplitRule,
    /// What each partner pays, EUR.
    pub pays_eur: Vec<f64>,
    /// What each partner saves against alone, EUR; negative: worse off.
    pub saves_eur: Vec<f64>,
    /// Whether no group of partners would pay less on its own.
    pub in_core: bool,
    /// The group, not of all, with the highest complaint; none for one partner.
    pub most_unhappy: Option<Unhappy>,
    /// Whether some partner is worse off than alone.
    pub someone_worse_off: bool,
}

/// The way from the cost alone to the cost together, by category.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Waterfall {
    /// Sum of the partners' costs alone, EUR.
    pub alone_eur: f64,
    /// What each category adds (positive) or saves (negative), EUR, in the order of [`Category::ALL`].
    pub steps: Vec<(Category, f64)>,
    /// Cost together, EUR.
    pub together_eur: f64,
}

impl Waterfall {
    /// The steps between two breakdowns.
    #[must_use]
    pub fn between(alone: &CostBreakdown, together: &CostBreakdown) -> Self {
        let step = |c: &Category| (*c, together.get(*c) - alone.get(*c));
        Self {
            alone_eur: alone.total_eur(),
            steps: Category::ALL.iter().map(step).collect(),
            together_eur: together.total_eur(),
        }
    }
}

/// A share told only as a band, so that one partner's exact amount does not give away the other's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BandedShare {
    /// Lower end, a fraction.
    pub low: f64,
    /// Upper end, a fraction.
    pub high: f64,
}

impl BandedShare {
    /// The band that holds `share`, on a fixed grid of `bands` equal bands between 0 and 1: the
    /// ends depend on the grid alone, never on the share's position within its band.
    #[must_use]
    pub fn of(share: f64, bands: u32) -> Self {
        let count = f64::from(bands.max(1));
        let index = (share.clamp(0.0, 1.0) * count).floor().min(count - 1.0);
        Self {
            low: index / count,
            high: (index + 1.0) / count,
        }
    }

    /// What the whole may be, given one's own exact part, EUR: all that can be inferred.
    #[must_use]
    pub fn inferred_whole_eur(&self, own_eur: f64) -> (f64, f64) {
        let whole = |share: f64| {
            if share > 0.0 {
                own_eur / share
            } else {
                f64::INFINITY
            }
        };
        (whole(self.high), whole(self.low))
    }

    /// Such as `40–50 %`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{:.0}–{:.0} %", self.low * 100.0, self.high * 100.0)
    }
}

/// The band of 1, 2, 5, 10, 20, 50 ... in which a number of units lies: from, and to below which; zero for none.
#[must_use]
pub fn units_band(units: f64) -> [f64; 2] {
    if !(units.is_finite() && units > 0.0) {
        return [0.0, 0.0];
    }
    let mut low = 1.0;
    while low > units {
        low /= 10.0;
    }
    for step in [2.0, 2.5, 2.0].into_iter().cycle() {
        if units < low * step {
            return [low, low * step];
        }
        low *= step;
    }
    [low, f64::INFINITY]
}

/// What one partner pays for one module.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransferPrice {
    /// The module, by its index in the family problem.
    pub module: usize,
    /// Who pays.
    pub partner: usize,
    /// The caller's number of the plant that delivers.
    pub plant: usize,
    /// Price of a unit without material: conversion and logistics, rounded to the release step, EUR.
    pub unit_eur: f64,
    /// Once, towards development, overhead and tooling, EUR.
    pub once_eur: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learning_of_0_3_halves_the_unit_cost_at_ten_times_the_volume() {
        let curve = ScaleCurve {
            reference_eur: 100.0,
            reference_units: 2e5,
            exponent: 0.3,
        };
        assert_eq!(curve.total_eur(2e5), 100.0 * 2e5);
        assert!((curve.unit_eur(2e6) / 100.0 - 0.501).abs() < 1e-3);
        assert_eq!(curve.total_eur(0.0), 0.0);
    }

    #[test]
    fn a_band_does_not_tell_where_in_it_the_share_lies() {
        for share in [0.4, 0.41, 0.499] {
            assert_eq!(BandedShare::of(share, 10).label(), "40–50 %");
        }
        assert_eq!(BandedShare::of(1.0, 10).label(), "90–100 %");
        let (low, high) = BandedShare::of(0.45, 10).inferred_whole_eur(90.0);
        assert!((low - 180.0).abs() < 1e-9 && (high - 225.0).abs() < 1e-9);
    }

    #[test]
    fn units_are_told_in_bands_of_one_two_and_five() {
        for (units, band) in [
            (260_000.0, [200_000.0, 500_000.0]),
            (200_000.0, [200_000.0, 500_000.0]),
            (199_999.9, [100_000.0, 200_000.0]),
            (7.0, [5.0, 10.0]),
            (1.0, [1.0, 2.0]),
            (0.3, [0.2, 0.5]),
            (0.0, [0.0, 0.0]),
        ] {
            let [low, high] = units_band(units);
            assert!(
                (low - band[0]).abs() < 1e-9 && (high - band[1]).abs() < 1e-9,
                "{units}"
            );
        }
    }

    #[test]
    fn a_waterfall_sums_up() {
        let alone = CostBreakdown {
            material_eur: 5.0,
            development_eur: 4.0,
            ..Default::default()
        };
        let together = CostBreakdown {
            material_eur: 5.5,
            development_eur: 2.0,
            sharing_overhead_eur: 0.3,
            ..Default::default()
        };
        let fall = Waterfall::between(&alone, &together);
        let sum: f64 = fall.steps.iter().map(|(_, step)| step).sum();
        assert!((fall.alone_eur + sum - fall.together_eur).abs() < 1e-12);
    }
}
