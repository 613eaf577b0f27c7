//! Refuses problems that the selection cannot mean anything for.

use codrive_model::family::{
    AssemblySite, Capacity, FamilyModule, FamilyProblem, FamilyVehicle, Line,
};
use codrive_model::money::ScaleCurve;

use crate::compact::MAX_AXLES;

/// Most partners: every set of them is looked at.
pub(crate) const MAX_PARTNERS: usize = 8;

/// Why no family was selected.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FamilyError {
    /// A number or index that no caller should hand over.
    #[error("{what} of {whose} is out of range: must be {allowed}")]
    OutOfRange {
        /// The number.
        what: &'static str,
        /// The vehicle or module.
        whose: String,
        /// What it must be.
        allowed: &'static str,
    },
    /// More than the selection can hold.
    #[error("{count} {what}: at most {most} can be selected for")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// How many.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// No column meets the vehicle's targets with modules its partner can have.
    #[error("`{vehicle}`: no configuration serves all its driven axles")]
    Unserved {
        /// The vehicle.
        vehicle: String,
    },
    /// The optional solver gave up.
    #[error("the mixed-integer solver failed: {message}")]
    Solver {
        /// What it said.
        message: String,
    },
}

/// Checks sizes, indices and numbers.
///
/// # Errors
/// The first thing that is wrong.
pub(crate) fn check(problem: &FamilyProblem) -> Result<(), FamilyError> {
    let places = |vehicle: &FamilyVehicle| vehicle.axle_units.len() * vehicle.sites.len();
    let axles = problem.vehicles.iter().map(places).sum();
    at_most(
        "driven axles, each by the plants that may assemble it,",
        axles,
        MAX_AXLES,
    )?;
    at_most("partners", problem.partners, MAX_PARTNERS)?;
    let overhead = problem.development_overhead;
    require(
        non_negative(overhead),
        "development overhead",
        "sharing",
        "zero or above",
    )?;
    problem
        .sites
        .iter()
        .try_for_each(|site| check_site(site, problem.partners))?;
    problem
        .modules
        .iter()
        .try_for_each(|module| check_module(module, problem))?;
    problem
        .vehicles
        .iter()
        .try_for_each(|vehicle| check_vehicle(vehicle, problem))
}

fn check_module(module: &FamilyModule, problem: &FamilyProblem) -> Result<(), FamilyError> {
    let capacity = &module.capacity;
    let costs = [
        capacity.step_units_per_year,
        capacity.used_eur_per_unit,
        capacity.idle_eur_per_unit,
    ];
    require(
        costs.into_iter().all(non_negative),
        "capacity",
        &module.id,
        "zero or above",
    )?;
    module
        .lines
        .iter()
        .try_for_each(|line| check_line(line, &module.id, problem))
}

fn check_site(site: &AssemblySite, partners: usize) -> Result<(), FamilyError> {
    let id = &site.id;
    require(site.partner < partners, "partner", id, "below their number")?;
    require(
        non_negative(site.capacity_eur_per_unit) && site.most_units_per_year >= 0.0,
        "capacity",
        id,
        "zero or above",
    )?;
    check_curve(site.conversion, id)
}

fn check_line(line: &Line, id: &str, problem: &FamilyProblem) -> Result<(), FamilyError> {
    require(
        line.host < problem.partners,
        "host of a line",
        id,
        "a partner",
    )?;
    for to in &line.deliveries {
        let site = problem.sites.get(to.site);
        require(
            site.is_some_and(|site| site.partner == to.partner),
            "delivery of a line",
            id,
            "to a site of its partner",
        )?;
        require(
            non_negative(to.logistics_eur_per_unit),
            "logistics",
            id,
            "zero or above",
        )?;
    }
    require(
        non_negative(line.development_eur),
        "development cost",
        id,
        "zero or above",
    )?;
    require(
        non_negative(line.tooling_eur),
        "tooling cost",
        id,
        "zero or above",
    )?;
    check_curve(line.conversion, id)
}

fn check_curve(curve: ScaleCurve, id: &str) -> Result<(), FamilyError> {
    require(
        non_negative(curve.reference_eur),
        "conversion cost",
        id,
        "zero or above",
    )?;
    require(
        (0.0..1.0).contains(&curve.exponent),
        "learning exponent",
        id,
        "from 0 to below 1",
    )?;
    let needs_reference = curve.reference_eur > 0.0 && curve.exponent > 0.0;
    let has_reference = curve.reference_units.is_finite() && curve.reference_units > 0.0;
    require(
        has_reference || !needs_reference,
        "reference volume",
        id,
        "above zero",
    )
}

fn check_vehicle(vehicle: &FamilyVehicle, problem: &FamilyProblem) -> Result<(), FamilyError> {
    let name = &vehicle.name;
    let axles = vehicle.axle_units.len();
    require(
        vehicle.partner < problem.partners,
        "partner",
        name,
        "below their number",
    )?;
    require(
        (1..=2).contains(&axles),
        "number of driven axles",
        name,
        "one or two",
    )?;
    let own = |site: &usize| {
        let site = problem.sites.get(*site);
        site.is_some_and(|site| site.partner == vehicle.partner)
    };
    let rising = vehicle.sites.windows(2).all(|two| two[0] < two[1]);
    require(
        !vehicle.sites.is_empty() && rising && vehicle.sites.iter().all(own),
        "sites",
        name,
        "its partner's, each once, in rising order, at least one",
    )?;
    for units in &vehicle.axle_units {
        require(
            units.is_finite() && *units > 0.0,
            "volume",
            name,
            "above zero",
        )?;
    }
    require(
        non_negative(vehicle.peak_units) && (0.0..=1.0).contains(&vehicle.capacity_discount),
        "units of the peak year or their discount factor",
        name,
        "zero or above, the factor at most 1",
    )?;
    for module in &problem.modules {
        let Capacity {
            used_eur_per_unit: used,
            idle_eur_per_unit: idle,
            ..
        } = module.capacity;
        require(
            idle <= used * vehicle.capacity_discount * (1.0 + 1e-12),
            "idle capacity",
            &module.id,
            "no dearer than capacity that is used",
        )?;
    }
    for split in &vehicle.splits {
        require(
            split.columns.len() == axles,
            "lists of columns",
            name,
            "one for each axle",
        )?;
        for column in split.columns.iter().flatten() {
            require(column.direct_eur.is_finite(), "direct cost", name, "finite")?;
            let known = column
                .modules
                .iter()
                .all(|module| *module < problem.modules.len());
            require(
                known,
                "module of a column",
                name,
                "one of the problem's modules",
            )?;
        }
    }
    Ok(())
}

fn non_negative(value: f64) -> bool {
    value.is_finite() && value >= 0.0
}

fn require(
    holds: bool,
    what: &'static str,
    whose: &str,
    allowed: &'static str,
) -> Result<(), FamilyError> {
    if holds {
        Ok(())
    } else {
        Err(FamilyError::OutOfRange {
            what,
            whose: whose.into(),
            allowed,
        })
    }
}

fn at_most(what: &'static str, count: usize, most: usize) -> Result<(), FamilyError> {
    if count <= most {
        Ok(())
    } else {
        Err(FamilyError::TooMany { what, count, most })
    }
}
