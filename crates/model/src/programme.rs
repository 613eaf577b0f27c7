//! The programme file: partners, candidate modules, rules, dates and money that all partners share.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::doubt::DoubtPlan;
use crate::gear_set::GearLayout;
use crate::tradeoff::TradeoffPlan;
use crate::unit::Winding;

/// `programme.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// Schema version, 1.
    pub schema: u32,
    /// Name for people.
    pub name: String,
    /// Partner ids; each names a folder beside this file with `vehicles.toml` and `plants.toml`.
    pub partners: Vec<Spanned<String>>,
    /// What is assumed, in words.
    #[serde(default)]
    pub assumptions: Vec<String>,
    /// Candidate modules.
    pub candidates: Candidates,
    /// Dates and rates of the money.
    pub economics: Economics,
    /// Overhead of sharing.
    pub sharing: Sharing,
    /// How finely sections are simulated.
    #[serde(default)]
    pub field: FieldPlan,
    /// Ranges that no price set knows, and how many scenarios are priced.
    #[serde(default)]
    pub doubt: DoubtPlan,
    /// What cost is traded for.
    #[serde(default)]
    pub tradeoffs: TradeoffPlan,
    /// Optimality gap at which the selection may stop, of the cost that decisions can change; at most 0.1 %.
    #[serde(
        default = "default_gap",
        deserialize_with = "crate::units::fraction::positive"
    )]
    pub gap: f64,
}

/// How finely sections are simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FieldPlan {
    /// Direct-axis currents of a flux map.
    pub currents_d: usize,
    /// Quadrature-axis currents of a flux map.
    pub currents_q: usize,
    /// Rotor positions over 60 electrical degrees; fewer than 12 alias torque ripple.
    pub positions: usize,
}

impl Default for FieldPlan {
    fn default() -> Self {
        Self {
            currents_d: 16,
            currents_q: 16,
            positions: 12,
        }
    }
}

fn default_gap() -> f64 {
    0.01
}

/// Candidate modules; a configuration is one of each.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidates {
    /// Folder of section files, relative to the programme file.
    pub sections: Spanned<String>,
    /// Stack lengths, m: a list or a range.
    #[serde(deserialize_with = "crate::units::length::list_or_range")]
    pub stacks: Vec<f64>,
    /// Windings.
    pub windings: Vec<Winding>,
    /// Inverters, by id in the shipped catalogue.
    pub inverters: Vec<Spanned<String>>,
    /// Gear sets, by id in the shipped catalogue.
    #[serde(default)]
    pub gear_sets: Vec<Spanned<String>>,
    /// Gear sets that are sized for every ratio with every torque of a list.
    #[serde(default)]
    pub sized_gear_sets: Vec<SizedGearSets>,
    /// Shares of a two-axle car's targets that its front axle may take.
    pub front_shares: Vec<f64>,
}

/// Gear sets of one layout, sized for a private car's life.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SizedGearSets {
    /// Arrangement of the shafts.
    pub layout: GearLayout,
    /// Motor speed over axle speed: a list or a range; the teeth meet it within 1 %.
    #[serde(deserialize_with = "crate::units::ratio::list_or_range")]
    pub ratios: Vec<f64>,
    /// Peak torques at the input, N·m: a list or a range.
    #[serde(
        rename = "input_torques",
        deserialize_with = "crate::units::torque::list_or_range"
    )]
    pub input_torques_nm: Vec<f64>,
    /// Highest speed of the input, rad/s.
    #[serde(
        rename = "max_input_speed",
        deserialize_with = "crate::units::rotation::positive"
    )]
    pub max_input_speed_rad_per_s: f64,
}

/// Dates, rates and the value of energy.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Economics {
    /// Price set: the id of a shipped one, or a file of one's own beside the programme, such as
    /// `prices.toml`.
    pub prices: String,
    /// Year to which all money is discounted, in whose prices it is stated.
    pub base_year: i32,
    /// First year of spending on development.
    pub development_start: i32,
    /// Last year of production that counts.
    pub last_year: i32,
    /// Real discount rate per year.
    #[serde(deserialize_with = "crate::units::fraction::non_negative")]
    pub discount_rate: f64,
    /// Value of a unit of battery energy over a car's life in the objective, EUR per J of WLTP consumption
    /// per metre: zero leaves energy out.
    #[serde(deserialize_with = "crate::units::price_by_energy::non_negative")]
    pub energy_price: f64,
    /// Distance over which energy is valued, m.
    #[serde(deserialize_with = "crate::units::distance::non_negative")]
    pub energy_distance: f64,
}

/// What sharing costs: coordination, interfaces and the added validation of a joint module.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sharing {
    /// Added to the development cost of each jointly developed module, per partner beyond the first, as a fraction.
    #[serde(deserialize_with = "crate::units::fraction::non_negative")]
    pub development_overhead: f64,
    /// Where the figure comes from.
    pub source: String,
}

/// A plant, one of `[[plant]]` in `<partner>/plants.toml`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plant {
    /// Id, unique in the partner's file.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Where the figures come from, and what is assumed.
    pub source: String,
    /// EDUs that the plant's final assembly can build in a year at most. Lines of modules grow in steps that
    /// cost money, without a limit.
    pub capacity_per_year: f64,
    /// What an hour of work costs, EUR/h.
    #[serde(
        rename = "labour_cost",
        deserialize_with = "crate::units::labour_cost::positive"
    )]
    pub labour_eur_per_h: f64,
    /// What electricity costs, EUR/J.
    #[serde(
        rename = "electricity_price",
        deserialize_with = "crate::units::price_by_energy::positive"
    )]
    pub electricity_eur_per_j: f64,
    /// Logistics of modules that come from elsewhere, EUR per EDU.
    #[serde(deserialize_with = "crate::units::money::non_negative")]
    pub inbound_logistics: f64,
}

/// `<partner>/plants.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlantFile {
    /// Schema version, 1.
    pub schema: u32,
    /// The plants.
    #[serde(rename = "plant")]
    pub plants: Vec<Plant>,
}

/// Yearly volumes, EUR or cars by year; ordered, so that sums do not depend on chance.
pub type ByYear = BTreeMap<i32, f64>;
