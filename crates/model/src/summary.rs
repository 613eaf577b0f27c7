//! The written results: `summary.json`, and what the report draws.
//!
//! Field names are the JSON's; SI, or the unit in the name; fractions as fractions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::flux_map::SectionResult;
use crate::money_study::MoneyStudy;
use crate::unit::Unit;

/// Version of the written results.
pub const RESULT_SCHEMA: u32 = 1;

/// `clean-team/summary.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// [`RESULT_SCHEMA`].
    pub schema: u32,
    /// Version of codrive that wrote it.
    pub codrive: String,
    /// Name of the programme.
    pub programme: String,
    /// Sections with a flux map.
    pub sections_simulated: usize,
    /// Field solutions (currents times rotor positions) behind those maps.
    pub operating_points_solved: usize,
    /// Configurations by fate.
    pub configurations: ConfigurationCount,
    /// What each axle requires.
    pub requirements: Vec<RequirementRow>,
    /// Which axles one unit can serve, and by how much it over-serves each.
    pub overlap: Vec<OverlapRow>,
    /// The selection.
    pub family: FamilySummary,
    /// Money alone and together.
    pub cost: CostSummary,
    /// Every vehicle against its targets.
    pub vehicles: Vec<VehicleRow>,
}

/// Configurations by fate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigurationCount {
    /// Distinct tuples for which envelope, continuous limit and energy were computed for at least one axle.
    pub evaluated: usize,
    /// Distinct tuples that meet every target of at least one axle (at one share of a two-axle car).
    pub feasible: usize,
    /// Distinct tuples left out before evaluation, by reason.
    pub pruned: BTreeMap<String, usize>,
    /// Evaluated tuples of whose safe state something is not known, by what.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub not_known: BTreeMap<String, usize>,
    /// Uses of a tuple on an axle (columns) that the joint selection left out by proof, by argument;
    /// empty for a partner.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out_in_selection: BTreeMap<String, usize>,
}

/// What one axle requires; for a two-axle car at an even share of the targets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequirementRow {
    /// Partner id.
    pub partner: String,
    /// Vehicle id.
    pub vehicle: String,
    /// `front` or `rear`.
    pub axle: String,
    /// Share of the car's targets that this row stands for.
    pub share: f64,
    /// Torque on the axle from standstill, N·m.
    pub wheel_torque_nm: f64,
    /// Peak power on the axle, W.
    pub power_w: f64,
    /// Highest axle speed, rad/s.
    pub max_speed_rad_per_s: f64,
    /// Power that must be held, W.
    pub continuous_power_w: f64,
}

/// A unit and the axles that it can serve: the clean team's view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OverlapRow {
    /// Section id.
    pub section: String,
    /// Stack length, mm.
    pub stack_mm: u32,
    /// Turns in series per phase.
    pub turns: f64,
    /// Inverter id.
    pub inverter: String,
    /// Gear set id.
    pub gear_set: String,
    /// Axles that it can serve.
    pub serves: Vec<OverServed>,
}

/// By how much a unit exceeds what an axle requires, as fractions of the requirement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OverServed {
    /// Partner id.
    pub partner: String,
    /// Vehicle id.
    pub vehicle: String,
    /// `front` or `rear`.
    pub axle: String,
    /// By how much the unit over-serves the axle: all its torques, divided by one plus this, would
    /// just meet every target. Zero or above.
    pub over_served: f64,
    /// Axle torque at the car's voltage over that of the smallest envelope, minus one. May be
    /// below zero: more power makes up for less torque.
    pub torque_excess: f64,
    /// Peak power at the car's voltage over that of the smallest envelope, minus one; likewise.
    pub power_excess: f64,
}

/// The selection of modules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FamilySummary {
    /// Present value of the selection, EUR; withheld from a partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_eur: Option<f64>,
    /// Proven lower bound, EUR; withheld from a partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower_bound_eur: Option<f64>,
    /// (cost − bound) / cost; withheld from a partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<f64>,
    /// The same difference over the cost that decisions change; withheld from a partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap_of_avoidable: Option<f64>,
    /// Modules released.
    pub modules: ModuleLists,
    /// Which axle uses what.
    pub assignment: Vec<Assignment>,
}

/// Ids of the modules released, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleLists {
    /// Sections.
    pub sections: Vec<String>,
    /// Machine variants (section, stack, winding).
    pub machines: Vec<String>,
    /// Inverters.
    pub inverters: Vec<String>,
    /// Gear sets.
    pub gear_sets: Vec<String>,
}

/// One axle's EDU as its owner uses it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    /// Partner id.
    pub partner: String,
    /// Vehicle id.
    pub vehicle: String,
    /// `front` or `rear`.
    pub axle: String,
    /// Share of the car's targets that the axle takes.
    pub share: f64,
    /// Section id.
    pub section: String,
    /// Stack length, mm.
    pub stack_mm: u32,
    /// Turns in series per phase.
    pub turns: f64,
    /// Machine variant id.
    pub machine: String,
    /// Inverter id.
    pub inverter: String,
    /// Gear set id.
    pub gear_set: String,
    /// Motor speed over axle speed.
    pub gear_ratio: f64,
    /// Which of the four modules are joint: `section`, `machine`, `inverter`, `gear_set`.
    pub joint: Vec<String>,
    /// Plant of final assembly, the owner's.
    pub plant: String,
    /// Software limit of the axle torque, N·m, at or below the hardware's.
    pub torque_limit_nm: f64,
    /// Software limit of the motoring power on the axle, W.
    pub power_limit_w: f64,
    /// Software limit of the recuperated power on the axle, W.
    pub regen_limit_w: f64,
}

/// Money alone and together, present value, EUR.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CostSummary {
    /// Year whose prices and to which everything is discounted.
    pub base_year: i32,
    /// Last year of production that counts.
    pub last_year: i32,
    /// Each partner on its own, EUR.
    pub alone_eur: BTreeMap<String, f64>,
    /// Proven lower bound of each partner on its own, EUR.
    pub alone_lower_bound_eur: BTreeMap<String, f64>,
    /// All together, EUR; equals `family.cost_eur`; withheld from a partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub together_eur: Option<f64>,
    /// What each pays of it by the Shapley value, EUR; empty for a partner, who is told a band.
    pub share_eur: BTreeMap<String, f64>,
    /// A partner's share of the joint cost as a band, fractions from and to; empty for the clean team.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub share_band: BTreeMap<String, [f64; 2]>,
    /// What a partner pays for modules that are joint or come from another's plant, rounded; empty for the
    /// clean team.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transfer_prices: Vec<TransferPriceRow>,
    /// What a partner's plants make for others, banded and rounded; empty for the clean team.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deliveries: Vec<DeliveryRow>,
    /// The same under other rules, EUR: rule → partner → share.
    pub other_shares_eur: BTreeMap<String, BTreeMap<String, f64>>,
    /// Serial months to start of production, each on its own.
    pub months_alone: BTreeMap<String, f64>,
    /// Serial months to start of production together.
    pub months_together: f64,
    /// Cost by category: alone (sum over partners) and together, EUR.
    pub categories: Vec<CostCategory>,
    /// What the figures mean for the decision, in words.
    pub statement: String,
    /// What stands beside the sums.
    #[serde(default)]
    pub study: MoneyStudy,
}

/// One category of cost, alone and together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostCategory {
    /// `material`, `conversion`, `development`, `tooling and plant`, ...
    pub category: String,
    /// Sum over the partners on their own, EUR.
    pub alone_eur: f64,
    /// Together, EUR; withheld from a partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub together_eur: Option<f64>,
}

/// What a partner pays for one module, rounded to the release step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransferPriceRow {
    /// `section`, `machine`, `inverter` or `gear set`.
    pub kind: String,
    /// Module id.
    pub module: String,
    /// The reader's own plant, by id, or the partner that makes it.
    pub made_in: String,
    /// For one unit, without material, EUR.
    pub unit_eur: f64,
    /// Once, towards development and tooling, EUR.
    pub once_eur: f64,
}

/// What a partner's plant makes for another: no more than who builds it must know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryRow {
    /// `section`, `machine`, `inverter` or `gear set`.
    pub kind: String,
    /// Module id.
    pub module: String,
    /// The plant, by id.
    pub plant: String,
    /// The partner that it is made for.
    pub to: String,
    /// Units in the year with the most, as a band.
    pub peak_units_per_year: [f64; 2],
    /// What that partner pays for one unit, without material, rounded, EUR.
    pub unit_eur: f64,
    /// And once, rounded, EUR.
    pub once_eur: f64,
}

/// One vehicle against its targets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VehicleRow {
    /// Partner id.
    pub partner: String,
    /// Vehicle id.
    pub vehicle: String,
    /// Result by name, such as `zero_to_100_s`.
    pub results: BTreeMap<String, Outcome>,
}

/// A result beside its target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// What the simulation gives.
    pub value: f64,
    /// What the partner asks for; absent where it is only reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// How much better than the target, as a fraction of it; negative is a miss.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin: Option<f64>,
}

/// Who reads a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// The neutral team that sees everything.
    CleanTeam,
    /// One partner, by id.
    Partner(String),
}

/// All that a report draws. It computes nothing from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportData {
    /// Who reads it.
    pub audience: Audience,
    /// The numbers; for a partner only its own rows and the joint modules.
    pub summary: Summary,
    /// Requirement envelope of each axle.
    pub axles: Vec<AxleEnvelope>,
    /// The chosen EDUs, each once.
    pub units: Vec<ChosenUnit>,
    /// The chosen sections.
    pub sections: Vec<SectionResult>,
    /// What can be inferred from what a partner is given, in words; for the clean team of every partner.
    pub disclosure: Vec<String>,
    /// Names of the plants that the reader may know, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub plant_names: BTreeMap<String, String>,
    /// Assumptions stated in the input files, in words, as `file: text`.
    pub assumptions: Vec<String>,
}

/// What one axle requires over speed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AxleEnvelope {
    /// Partner id.
    pub partner: String,
    /// Vehicle id.
    pub vehicle: String,
    /// `front` or `rear`.
    pub axle: String,
    /// Axle speed, rad/s.
    pub speed_rad_per_s: Vec<f64>,
    /// Peak axle torque, N·m.
    pub torque_nm: Vec<f64>,
    /// Continuous points: axle speed (rad/s) and torque (N·m).
    pub continuous: Vec<[f64; 2]>,
    /// Index into [`ReportData::units`] of the unit that serves it.
    pub unit: usize,
    /// DC voltage of this car under load, V: that unit's envelopes here hold at it.
    pub dc_voltage_v: f64,
    /// Axle speeds of the unit's envelopes at this car's voltage, rad/s.
    pub unit_speed_rad_per_s: Vec<f64>,
    /// Peak axle torque of the unit at this car's voltage, N·m.
    pub unit_torque_nm: Vec<f64>,
    /// Continuous axle torque of the unit at this car's voltage, N·m.
    pub unit_continuous_nm: Vec<f64>,
}

/// One EDU that the family uses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChosenUnit {
    /// Short name, such as `EDU KMR`: it follows from the configuration alone, so that the same unit has
    /// the same name in every folder, and names tell nothing of how many others there are.
    pub name: String,
    /// Its physics.
    pub unit: Unit,
    /// Axles that it serves, as `vehicle axle`.
    pub serves: Vec<String>,
    /// Where the WLTC's energy lies on the map, summed over the axles served.
    pub density: EnergyDensity,
}

/// Energy of a cycle over axle speed and torque: |mechanical energy| by cell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EnergyDensity {
    /// Cell edges of axle speed, rad/s.
    pub speed_edges_rad_per_s: Vec<f64>,
    /// Cell edges of axle torque, N·m.
    pub torque_edges_nm: Vec<f64>,
    /// Energy, J; row-major with torque fastest.
    pub energy_j: Vec<f64>,
}
