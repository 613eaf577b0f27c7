//! The family to be chosen, as plain numbers: who drives what, which columns may serve each axle,
//! what releasing a module costs; and the family that was chosen.
//!
//! Everything is named by its index in the lists of [`FamilyProblem`]. Money is the present value
//! in EUR; units are weighted by the discount factor of their year, so that EUR per unit times
//! units is a present value. `docs/theory/family-selection.md` has the formulation.

use serde::{Deserialize, Serialize};

use crate::money::ScaleCurve;

/// What a module is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModuleKind {
    /// Rotor and stator cross-section with its laminations.
    Section,
    /// Section with stack and winding.
    Machine,
    /// Inverter.
    Inverter,
    /// Gear set.
    GearSet,
}

impl ModuleKind {
    /// The kinds, in the order of [`Column::modules`].
    pub const ALL: [Self; 4] = [Self::Section, Self::Machine, Self::Inverter, Self::GearSet];

    /// A word for people.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Section => "section",
            Self::Machine => "machine",
            Self::Inverter => "inverter",
            Self::GearSet => "gear set",
        }
    }
}

/// One selection to be made: for one coalition of partners.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FamilyProblem {
    /// Number of partners; a partner is an index below it.
    pub partners: usize,
    /// Added to the development cost of a line per partner beyond the first, as a fraction.
    pub development_overhead: f64,
    /// The plants that assemble EDUs.
    pub sites: Vec<AssemblySite>,
    /// The vehicles of all partners.
    pub vehicles: Vec<FamilyVehicle>,
    /// The modules of all columns.
    pub modules: Vec<FamilyModule>,
}

/// A plant as far as it assembles EDUs: modules are delivered to it, from wherever their lines stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssemblySite {
    /// Name for people.
    pub id: String,
    /// Whose it is; it assembles for this partner alone.
    pub partner: usize,
    /// Assembly cost over the site's discount-weighted EDUs.
    pub conversion: ScaleCurve,
    /// An EDU a year of capacity that is used, EUR in the money of the base year.
    pub capacity_eur_per_unit: f64,
    /// EDUs that it can assemble in the peak year; infinite where any number can be.
    pub most_units_per_year: f64,
}

impl AssemblySite {
    /// Whether it can assemble so many EDUs in the peak year, but for rounding.
    #[must_use]
    pub fn holds(&self, peak_units: f64) -> bool {
        !exceeds(peak_units, self.most_units_per_year)
    }
}

/// Whether units of the peak year are more than can be made, but for rounding.
#[must_use]
pub fn exceeds(peak_units: f64, most_units_per_year: f64) -> bool {
    peak_units > most_units_per_year * (1.0 + 1e-9)
}

/// A vehicle: whose, how many, and what may drive it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FamilyVehicle {
    /// Name for people.
    pub name: String,
    /// Whose.
    pub partner: usize,
    /// Discount-weighted units over the programme of each driven axle: one or two entries.
    pub axle_units: Vec<f64>,
    /// Units of each driven axle in the peak year.
    pub peak_units: f64,
    /// Discount factor of the year in which capacity for this vehicle is paid.
    pub capacity_discount: f64,
    /// Where its EDUs may be assembled, all of them at one site: indices in [`FamilyProblem::sites`].
    pub sites: Vec<usize>,
    /// Ways to split the vehicle's targets over its axles: exactly one is chosen.
    pub splits: Vec<TargetSplit>,
}

impl FamilyVehicle {
    /// EDUs of all its driven axles in the peak year.
    #[must_use]
    pub fn peak_edus(&self) -> f64 {
        #[allow(clippy::cast_precision_loss)]
        let axles = self.axle_units.len() as f64;
        self.peak_units * axles
    }
}

/// One way to split a vehicle's targets, with the columns that meet them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetSplit {
    /// Share of the front axle; 0 or 1 where only one axle is driven.
    pub front_share: f64,
    /// For each driven axle the columns that meet its targets; an empty list forbids the split.
    pub columns: Vec<Vec<Column>>,
}

/// A configuration that serves an axle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// The caller's number of the configuration.
    pub configuration: usize,
    /// What this axle costs with it and no other decision changes, over the programme: material,
    /// application, valued energy. May be negative.
    pub direct_eur: f64,
    /// Its section, machine variant, inverter and gear set, in this order.
    pub modules: [usize; 4],
}

/// A module and the ways to have it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FamilyModule {
    /// What it is.
    pub kind: ModuleKind,
    /// Name for people.
    pub id: String,
    /// What the capacity of its lines costs.
    pub capacity: Capacity,
    /// The ways to have it. A partner that uses the module takes it from one line.
    pub lines: Vec<Line>,
}

/// What a line must be able to make in a year, and what that costs: capacity comes in steps, and what the last step
/// leaves idle is paid for too.
///
/// A line for vehicles with peak-year units p_v, paid with discount factors d_v, costs
/// Σ c p_v d_v + i (S ⌈Σ p_v / S⌉ − Σ p_v). The peak years are taken to be the same one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Capacity {
    /// S: units a year of one step; zero where any number can be had.
    pub step_units_per_year: f64,
    /// c: a unit a year that is used, EUR in the money of the base year.
    pub used_eur_per_unit: f64,
    /// i: a unit a year that is left idle, EUR as a present value; at most c times the least discount factor, so that
    /// no line gets cheaper by making more.
    pub idle_eur_per_unit: f64,
}

impl Capacity {
    /// What a line that makes so many units in its peak year leaves idle costs, EUR.
    #[must_use]
    pub fn idle_eur(&self, peak_units: f64) -> f64 {
        if self.step_units_per_year <= 0.0 {
            return 0.0;
        }
        self.idle_eur_per_unit * (self.provided(peak_units) - peak_units).max(0.0)
    }

    /// Units a year that the steps for a peak year can make.
    #[must_use]
    pub fn provided(&self, peak_units: f64) -> f64 {
        if self.step_units_per_year <= 0.0 {
            return peak_units;
        }
        let steps = (peak_units / self.step_units_per_year - 1e-9).ceil();
        steps * self.step_units_per_year
    }
}

/// One release of a module: one development and one production line, at one plant, for one or
/// several partners.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The partner in whose plant the line stands; without that partner there is no line.
    pub host: usize,
    /// The caller's number of the plant.
    pub plant: usize,
    /// Where it may deliver. Sites of one partner: the module is its own. Of several: joint.
    pub deliveries: Vec<Delivery>,
    /// Development for one user; each further user adds the overhead of sharing.
    pub development_eur: f64,
    /// Tools and line that do not depend on the volume.
    pub tooling_eur: f64,
    /// Conversion cost over the line's discount-weighted volume.
    pub conversion: ScaleCurve,
}

/// A site that a line may deliver to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// The site.
    pub site: usize,
    /// Whose it is.
    pub partner: usize,
    /// Transport to the site, EUR per unit.
    pub logistics_eur_per_unit: f64,
}

impl Line {
    /// Development with the overhead of sharing, for a number of users, EUR.
    #[must_use]
    pub fn development_for_eur(&self, users: usize, overhead: f64) -> f64 {
        #[allow(clippy::cast_precision_loss)]
        let further = users.saturating_sub(1) as f64;
        self.development_eur * (1.0 + overhead * further)
    }

    /// The delivery to a site, if the line may deliver there.
    #[must_use]
    pub fn delivery(&self, site: usize) -> Option<&Delivery> {
        self.deliveries.iter().find(|to| to.site == site)
    }

    /// Whether a partner may use it.
    #[must_use]
    pub fn serves(&self, partner: usize) -> bool {
        self.deliveries.iter().any(|to| to.partner == partner)
    }

    /// Whether several partners may use it.
    #[must_use]
    pub fn is_joint(&self) -> bool {
        let first = self.deliveries.first().map(|to| to.partner);
        self.deliveries.iter().any(|to| Some(to.partner) != first)
    }
}

/// What was chosen for a vehicle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VehicleChoice {
    /// Index in [`FamilyVehicle::splits`].
    pub split: usize,
    /// Where its EDUs are assembled: index in [`FamilyProblem::sites`].
    pub site: usize,
    /// For each axle the index in [`TargetSplit::columns`].
    pub columns: Vec<usize>,
}

/// A line that the chosen family uses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReleasedLine {
    /// The module.
    pub module: usize,
    /// Index in [`FamilyModule::lines`].
    pub line: usize,
    /// Its users, ascending.
    pub users: Vec<usize>,
    /// Discount-weighted units for each of `users`.
    pub units: Vec<f64>,
    /// Transport to each of `users`, EUR.
    pub logistics_eur: Vec<f64>,
    /// Units a year that it makes in the peak year, for all users.
    pub peak_units: f64,
    /// What the capacity that each of `users` uses costs, EUR.
    pub used_capacity_eur: Vec<f64>,
    /// What the capacity that is left idle costs, EUR.
    pub idle_capacity_eur: f64,
}

impl ReleasedLine {
    /// Whether several partners use it.
    #[must_use]
    pub fn is_joint(&self) -> bool {
        self.users.len() > 1
    }

    /// Discount-weighted units of all users.
    #[must_use]
    pub fn total_units(&self) -> f64 {
        self.units.iter().sum()
    }
}

/// What a site assembles in the chosen family.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssembledAtSite {
    /// Index in [`FamilyProblem::sites`].
    pub site: usize,
    /// EDUs in the peak year.
    pub peak_units: f64,
    /// Assembly, EUR.
    pub conversion_eur: f64,
    /// Its capacity, EUR.
    pub capacity_eur: f64,
}

/// A family: one choice a vehicle, the lines it needs, its cost and what that proves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FamilySolution {
    /// For each vehicle of the problem.
    pub choices: Vec<VehicleChoice>,
    /// The lines, by module and line.
    pub released: Vec<ReleasedLine>,
    /// The sites that assemble, ascending.
    pub assembled: Vec<AssembledAtSite>,
    /// True cost of this family on the exact scale curves, EUR.
    pub cost_eur: f64,
    /// No family costs less than this, EUR.
    pub lower_bound_eur: f64,
    /// The part of the cost that no decision changes, EUR: every axle at its cheapest column, every vehicle where its
    /// assembly is cheapest.
    pub unavoidable_eur: f64,
    /// What it took.
    pub effort: Effort,
}

impl FamilySolution {
    /// (cost − bound) / cost: how far from the optimum this family is at most.
    #[must_use]
    pub fn gap(&self) -> f64 {
        relative(self.cost_eur - self.lower_bound_eur, self.cost_eur)
    }

    /// The same difference over the cost that decisions change: the stricter figure.
    #[must_use]
    pub fn gap_of_avoidable(&self) -> f64 {
        relative(
            self.cost_eur - self.lower_bound_eur,
            self.cost_eur - self.unavoidable_eur,
        )
    }
}

fn relative(difference: f64, whole: f64) -> f64 {
    if difference <= 0.0 {
        0.0
    } else {
        difference / whole.abs().max(f64::MIN_POSITIVE)
    }
}

/// What a selection took; the same on every machine, so that a slow-down shows in a test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effort {
    /// Columns given.
    pub columns: usize,
    /// Columns removed because they repeat a cheaper one with the same modules.
    pub removed_as_repeated: usize,
    /// Columns removed with a module that another replaces at no more cost everywhere.
    pub removed_by_dominance: usize,
    /// Columns removed because no family with them can cost less than the one found.
    pub removed_by_bound: usize,
    /// Nodes of the search.
    pub nodes: usize,
    /// Evaluations of the bound.
    pub bound_evaluations: usize,
    /// Whether the search stopped at its node limit before the gap was reached.
    pub stopped_at_limit: bool,
}
