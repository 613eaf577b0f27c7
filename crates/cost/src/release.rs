//! What releasing a module costs, line by line: each partner's own, and joint ones at every plant; and what a plant's
//! final assembly costs.

use codrive_model::family::{AssemblySite, Capacity, Delivery, Line, ModuleKind};
use codrive_model::money::ScaleCurve;
use codrive_model::programme::{Economics, Plant};

use crate::prices::Prices;
use crate::time::{before_production, discount_factor, present_value, weighted_years};

/// Years over which the development of a module is paid, before production.
const DEVELOPMENT_YEARS: u32 = 3;
/// Years over which its tools are paid.
const TOOLING_YEARS: u32 = 1;

/// A plant as far as lines go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Site {
    /// Whose it is.
    pub partner: usize,
    /// The caller's number of the plant; it comes back in [`Line::plant`].
    pub plant: usize,
    /// Conversion cost relative to the price set's country.
    pub cost_factor: f64,
    /// Transport of all modules of an EDU from elsewhere to this plant, EUR.
    pub inbound_logistics_eur: f64,
}

/// Part of an EDU's inbound logistics that one kind of module causes (by mass and bulk; assumption).
#[must_use]
pub fn logistics_part(kind: ModuleKind) -> f64 {
    match kind {
        ModuleKind::Section => 0.25,
        ModuleKind::Machine => 0.3,
        ModuleKind::Inverter => 0.2,
        ModuleKind::GearSet => 0.25,
    }
}

/// When and for whom a module is released.
#[derive(Clone, Debug, PartialEq)]
pub struct Release<'a> {
    /// Kind of module.
    pub kind: ModuleKind,
    /// First year of production.
    pub start_of_production: i32,
    /// Partners that may share it; an empty list or one partner: nobody shares.
    pub sharers: &'a [usize],
    /// Its development relative to the price set's figure for its kind: below 1 for a module that
    /// exists already, 0 for one that is in production.
    pub development_factor: f64,
    /// Its conversion cost relative to the price set's figure for its kind.
    pub conversion_factor: f64,
}

/// All lines of a module: at each plant one for its owner, and one for all sharers if the owner is
/// among them. Each may deliver to every plant of its users, wherever they assemble. The selection then says which are worth having, and thereby where a joint module
/// comes from: the plant that is cheapest with its logistics.
#[must_use]
pub fn module_lines(
    release: &Release,
    sites: &[Site],
    prices: &Prices,
    economics: &Economics,
) -> Vec<Line> {
    let mut lines = Vec::new();
    for site in sites {
        lines.push(line(
            release,
            site,
            &[site.partner],
            sites,
            prices,
            economics,
        ));
        if release.sharers.len() > 1 && release.sharers.contains(&site.partner) {
            lines.push(line(
                release,
                site,
                release.sharers,
                sites,
                prices,
                economics,
            ));
        }
    }
    lines
}

/// What the capacity of the lines of a kind costs. What lies idle is dated by the last year in which a vehicle can start,
/// the same for every partner and coalition: so nobody's cost alone depends on another's dates, and joining saves
/// nothing by dates. It is too cheap by the years between that and the last start.
#[must_use]
pub fn capacity(kind: ModuleKind, prices: &Prices, economics: &Economics) -> Capacity {
    let used_eur_per_unit = prices.capacity.of(kind).value;
    Capacity {
        step_units_per_year: prices.capacity.step.value,
        used_eur_per_unit,
        idle_eur_per_unit: used_eur_per_unit * capacity_discount(economics.last_year, economics),
    }
}

/// Discount factor of the year in which capacity is paid: the one before production starts.
#[must_use]
pub fn capacity_discount(start_of_production: i32, economics: &Economics) -> f64 {
    discount_factor(start_of_production.saturating_sub(1), economics)
}

fn line(
    release: &Release,
    site: &Site,
    users: &[usize],
    sites: &[Site],
    prices: &Prices,
    economics: &Economics,
) -> Line {
    let before = |amount: f64, years: u32| {
        present_value(
            &before_production(amount, years, release.start_of_production),
            economics,
        )
    };
    let kind = release.kind;
    let development = prices.development.of(kind).value * release.development_factor;
    let served = sites.iter().filter(|to| users.contains(&to.partner));
    let delivery = |to: &Site| Delivery {
        site: to.plant,
        partner: to.partner,
        logistics_eur_per_unit: logistics_eur(kind, site, to),
    };
    let years = weighted_years(release.start_of_production, economics);
    Line {
        host: site.partner,
        plant: site.plant,
        deliveries: served.map(delivery).collect(),
        development_eur: before(development, DEVELOPMENT_YEARS),
        tooling_eur: before(prices.tooling.of(kind).value, TOOLING_YEARS),
        conversion: ScaleCurve {
            reference_eur: prices.conversion.of(kind).value
                * release.conversion_factor
                * site.cost_factor,
            reference_units: prices.conversion.reference_volume.value * years,
            exponent: prices.conversion.learning.value,
        },
    }
}

/// Transport of a module from plant to plant, EUR; zero within one.
fn logistics_eur(kind: ModuleKind, from: &Site, to: &Site) -> f64 {
    if from.plant == to.plant {
        return 0.0;
    }
    to.inbound_logistics_eur * logistics_part(kind)
}

/// A partner's plant as it assembles EDUs: learning over its volume from the partner's first car on, capacity by the
/// unit, and no more than it holds.
#[must_use]
pub fn assembly_site(
    plant: &Plant,
    partner: usize,
    start_of_production: i32,
    prices: &Prices,
    economics: &Economics,
) -> AssemblySite {
    let conversion = &prices.conversion;
    let years = weighted_years(start_of_production, economics);
    AssemblySite {
        id: plant.id.clone(),
        partner,
        conversion: ScaleCurve {
            reference_eur: conversion.assembly.value * conversion.factor(plant),
            reference_units: conversion.reference_volume.value * years,
            exponent: conversion.learning.value,
        },
        capacity_eur_per_unit: prices.capacity.assembly.value,
        most_units_per_year: plant.capacity_per_year,
    }
}
