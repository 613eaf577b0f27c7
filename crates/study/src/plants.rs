//! The plants: whether they can assemble their owner's EDUs, and as sites of lines and of final assembly.

use codrive_cost::CostError;
use codrive_cost::plants::check_room;
use codrive_cost::prices::Prices;
use codrive_cost::release::{Site, assembly_site};
use codrive_cost::time::peak_units;
use codrive_model::family::AssemblySite;
use codrive_model::input::span_of;
use codrive_model::programme::{ByYear, Economics};

use crate::error::StudyError;
use crate::fleet::FleetVehicle;
use crate::partner::Partner;

/// EDUs by year of a vehicle's one axle.
#[must_use]
pub fn units_by_year(vehicle: &FleetVehicle) -> ByYear {
    vehicle.vehicle.volumes.by_year()
}

/// EDUs that a vehicle needs in its peak year, one for each driven axle.
fn peak_edus(vehicle: &FleetVehicle, economics: &Economics) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let axles = vehicle.axles.len() as f64;
    axles * peak_units(&units_by_year(vehicle), economics)
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

/// Checks that every partner's plants can assemble its EDUs: as [`check_room`] says.
///
/// # Errors
/// A partner's plants together are too small, or none has room for a vehicle.
pub fn check_plants(
    partners: &[Partner],
    fleet: &[FleetVehicle],
    economics: &Economics,
) -> Result<(), StudyError> {
    for (index, partner) in partners.iter().enumerate() {
        let mine: Vec<&FleetVehicle> = fleet.iter().filter(|v| v.partner == index).collect();
        let peaks: Vec<f64> = mine.iter().map(|v| peak_edus(v, economics)).collect();
        check_room(&partner.plants, &peaks).map_err(|error| {
            let of_vehicle = match error {
                CostError::NoRoom { vehicle, .. } => Some(mine[vehicle].vehicle.id.as_str()),
                _ => None,
            };
            refused(partner, of_vehicle, &error)
        })?;
    }
    Ok(())
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

/// A plant of a coalition.
#[derive(Clone, Debug)]
pub struct NamedSite {
    /// As a site of module lines; partners and plants are numbered within the coalition.
    pub site: Site,
    /// As a site of final assembly.
    pub assembly: AssemblySite,
}

/// The plants of a coalition.
#[must_use]
pub fn sites(
    coalition: &[usize],
    partners: &[Partner],
    fleet: &[FleetVehicle],
    prices: &Prices,
    economics: &Economics,
) -> Vec<NamedSite> {
    let mut sites: Vec<NamedSite> = Vec::new();
    for (local, partner) in coalition.iter().enumerate() {
        let first_year = start_of_production(fleet, *partner).unwrap_or(economics.base_year);
        for plant in &partners[*partner].plants {
            sites.push(NamedSite {
                site: Site {
                    partner: local,
                    plant: sites.len(),
                    cost_factor: prices.conversion.factor(plant),
                    inbound_logistics_eur: plant.inbound_logistics,
                },
                assembly: assembly_site(plant, local, first_year, prices, economics),
            });
        }
    }
    sites
}
