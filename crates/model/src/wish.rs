//! `wishes.toml` of a partner: what it insists on, whatever the joint programme would choose.

use serde::{Deserialize, Serialize};

use crate::family::ModuleKind;
use crate::gear_set::GearLayout;
use crate::inverter::Technology;

/// `wishes.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WishFile {
    /// Schema version, 1.
    pub schema: u32,
    /// The wishes.
    #[serde(rename = "wish", default)]
    pub wishes: Vec<Wish>,
}

/// A private wish: a constraint on the joint family with a price; one of `own` and `without`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// The wish in words.
    pub name: String,
    /// The kind of module that the partner shares with nobody.
    pub own: Option<ModuleKind>,
    /// What none of the partner's units may have.
    pub without: Option<Feature>,
}

/// What a unit may be forbidden to have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// Switches of a technology.
    InverterTechnology(Technology),
    /// Gear sets of a layout.
    GearLayout(GearLayout),
    /// A module, by its id.
    Module(String),
}

/// What a wish costs the joint programme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WishPrice {
    /// Whose wish, by id.
    pub partner: String,
    /// The wish in words.
    pub wish: String,
    /// Joint cost with this wish minus that without it, the other wishes kept, EUR.
    pub eur: f64,
    /// What both selections prove: the price is at least this, EUR.
    pub least_eur: f64,
    /// And at most this, EUR.
    pub most_eur: f64,
}
