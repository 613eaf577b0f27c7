//! Which plant assembles the EDUs of which vehicle: always one of its owner's.

use codrive_cost::CostError;
use codrive_cost::plants::assemble;
use codrive_cost::prices::Prices;
use codrive_cost::release::Site;
use codrive_cost::time::{peak_units, plain_units};
use codrive_model::input::span_of;
use codrive_model::programme::{ByYear, Economics};

use crate::error::StudyError;
use crate::fleet::FleetVehicle;
use crate::partner::Partner;

/// Final assembly of one vehicle's EDUs.
#[derive(Clone, Debug, PartialEq)]
pub struct Assembly {
    /// Index of the plant in its partner's list.
    pub plant: usize,
    /// EDUs that it assembles in a year on average, for all its cars.
    pub yearly_units: f64,
}

/// EDUs by year of a vehicle's one axle.
#[must_use]
pub fn units_by_year(vehicle: &FleetVehicle) -> ByYear {
    vehicle.vehicle.volumes.by_year()
}

fn edus_by_year<'a>(vehicles: impl Iterator<Item = &'a FleetVehicle>) -> ByYear {
    let mut sum = ByYear::new();
    for vehicle in vehicles {
        #[allow(clippy::cast_precision_loss)]
        let axles = vehicle.axles.len() as f64;
        for (year, cars) in units_by_year(vehicle) {
            *sum.entry(year).or_default() += axles * cars;
        }
    }
    sum
}

/// First year of production of a partner's vehicles.
#[must_use]
pub fn start_of_production(fleet: &[FleetVehicle], partner: usize) -> Option<i32> {
    fleet
        .iter()
        .filter(|v| v.partner == partner)
        .map(|v| v.vehicle.volumes.first_year)
        .min()
}

/// Where each vehicle's EDUs are assembled, in the order of the fleet.
///
/// A partner's plants are filled as [`assemble`] says.
///
/// # Errors
/// A partner's plants together are too small, or none has room for a vehicle.
pub fn assemblies(
    partners: &[Partner],
    fleet: &[FleetVehicle],
    prices: &Prices,
    economics: &Economics,
) -> Result<Vec<Assembly>, StudyError> {
    let mut chosen: Vec<usize> = vec![0; fleet.len()];
    for (index, partner) in partners.iter().enumerate() {
        let of_partner = |v: &usize| fleet[*v].partner == index;
        let mine: Vec<usize> = (0..fleet.len()).filter(of_partner).collect();
        let peak = |v: &usize| peak_units(&edus_by_year(std::iter::once(&fleet[*v])), economics);
        let peaks: Vec<f64> = mine.iter().map(peak).collect();
        let placed = assemble(&partner.plants, &prices.conversion, &peaks).map_err(|error| {
            let of_vehicle = match error {
                CostError::NoRoom { vehicle, .. } => Some(fleet[mine[vehicle]].vehicle.id.as_str()),
                _ => None,
            };
            refused(partner, of_vehicle, &error)
        })?;
        for (v, plant) in mine.into_iter().zip(placed) {
            chosen[v] = plant;
        }
    }
    Ok((0..fleet.len())
        .map(|v| assembly(fleet, &chosen, v, economics))
        .collect())
}

fn refused(partner: &Partner, vehicle: Option<&str>, error: &CostError) -> StudyError {
    let source = &partner.plant_source;
    let span = span_of(&source.text, "plant[0].capacity_per_year");
    let hint = "raise a capacity, add a [[plant]], or lower the volumes in vehicles.toml";
    let whose = vehicle.map_or_else(String::new, |id| format!(", `{id}`"));
    source
        .error(span, &format!("{}{whose}: {error}", partner.id))
        .with_hint(hint)
        .into()
}

fn assembly(fleet: &[FleetVehicle], chosen: &[usize], v: usize, economics: &Economics) -> Assembly {
    let same = |o: &usize| fleet[*o].partner == fleet[v].partner && chosen[*o] == chosen[v];
    let units = edus_by_year((0..fleet.len()).filter(same).map(|o| &fleet[o]));
    let years = units.range(..=economics.last_year).count().max(1);
    #[allow(clippy::cast_precision_loss)]
    let yearly_units = plain_units(&units, economics) / years as f64;
    Assembly {
        plant: chosen[v],
        yearly_units,
    }
}

/// The plants of a coalition as sites of module lines; partners and plants are numbered within it.
#[must_use]
pub fn sites(
    coalition: &[usize],
    partners: &[Partner],
    fleet: &[FleetVehicle],
    assemblies: &[Assembly],
    prices: &Prices,
) -> Vec<(Site, String)> {
    let mut sites = Vec::new();
    for (local, partner) in coalition.iter().enumerate() {
        for (p, plant) in partners[*partner].plants.iter().enumerate() {
            let assembles =
                (0..fleet.len()).any(|v| fleet[v].partner == *partner && assemblies[v].plant == p);
            let site = Site {
                partner: local,
                plant: sites.len(),
                cost_factor: prices.conversion.factor(plant),
                inbound_logistics_eur: plant.inbound_logistics,
                assembles,
            };
            sites.push((site, plant.id.clone()));
        }
    }
    sites
}
