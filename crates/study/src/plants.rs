//! Which plant assembles the EDUs of which vehicle: always one of its owner's.

use codrive_cost::plants::assemble;
use codrive_cost::release::Site;
use codrive_cost::time::{peak_units, plain_units};
use codrive_model::input::span_of;
use codrive_model::programme::{ByYear, Economics, Plant};

use crate::error::StudyError;
use crate::fleet::FleetVehicle;
use crate::partner::Partner;

/// Final assembly of one vehicle's EDUs.
#[derive(Clone, Debug, PartialEq)]
pub struct Assembly {
    /// Index of the plant in its partner's list.
    pub plant: usize,
    /// Its cost factor.
    pub cost_factor: f64,
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
/// A partner's plants are filled in the order of their cost factors, vehicle by vehicle; a vehicle
/// is not split over two plants. Where that leaves a vehicle without a plant, the largest volumes are placed first.
///
/// # Errors
/// A partner's plants together are too small, or none has room for a vehicle.
pub fn assemblies(
    partners: &[Partner],
    fleet: &[FleetVehicle],
    economics: &Economics,
) -> Result<Vec<Assembly>, StudyError> {
    let mut chosen: Vec<usize> = vec![0; fleet.len()];
    for (index, partner) in partners.iter().enumerate() {
        let of_partner = fleet.iter().enumerate();
        let mine: Vec<(usize, f64)> = of_partner
            .filter(|(_, v)| v.partner == index)
            .map(|(at, v)| (at, peak_units(&edus_by_year(std::iter::once(v)), economics)))
            .collect();
        let cars = mine.iter().map(|(at, _)| &fleet[*at]);
        let peak = peak_units(&edus_by_year(cars), economics);
        assemble(&partner.plants, peak).map_err(|error| refused(partner, &error.to_string()))?;
        let mut largest_first = mine.clone();
        largest_first.sort_by(|a, b| b.1.total_cmp(&a.1));
        let placed =
            place(&partner.plants, &mine).or_else(|_| place(&partner.plants, &largest_first));
        let placed = placed.map_err(|(at, needed)| {
            let vehicle = &fleet[at].vehicle.id;
            let reason = format!(
                "no plant has room left for the {needed:.0} EDUs a year of `{vehicle}`, which is not split"
            );
            refused(partner, &reason)
        })?;
        for (at, plant) in placed {
            chosen[at] = plant;
        }
    }
    Ok((0..fleet.len())
        .map(|v| assembly(partners, fleet, &chosen, v, economics))
        .collect())
}

/// The plant of each vehicle, by the vehicles' needs in the order given: the one with the least cost factor that has
/// room; or the vehicle that has none, with its need.
fn place(plants: &[Plant], needs: &[(usize, f64)]) -> Result<Vec<(usize, usize)>, (usize, f64)> {
    let mut room: Vec<(usize, f64)> = (0..plants.len())
        .map(|plant| (plant, plants[plant].capacity_per_year))
        .collect();
    room.sort_by(|(a, _), (b, _)| plants[*a].cost_factor.total_cmp(&plants[*b].cost_factor));
    let mut placed = Vec::with_capacity(needs.len());
    for &(at, needed) in needs {
        let (plant, free) = room
            .iter_mut()
            .find(|(_, free)| *free >= needed)
            .ok_or((at, needed))?;
        *free -= needed;
        placed.push((at, *plant));
    }
    Ok(placed)
}

fn refused(partner: &Partner, reason: &str) -> StudyError {
    let source = &partner.plant_source;
    let span = span_of(&source.text, "plant[0].capacity_per_year");
    let hint = "raise a capacity, add a [[plant]], or lower the volumes in vehicles.toml";
    source
        .error(span, &format!("{}: {reason}", partner.id))
        .with_hint(hint)
        .into()
}

fn assembly(
    partners: &[Partner],
    fleet: &[FleetVehicle],
    chosen: &[usize],
    v: usize,
    economics: &Economics,
) -> Assembly {
    let same = |o: &usize| fleet[*o].partner == fleet[v].partner && chosen[*o] == chosen[v];
    let units = edus_by_year((0..fleet.len()).filter(same).map(|o| &fleet[o]));
    let years = units.range(..=economics.last_year).count().max(1);
    #[allow(clippy::cast_precision_loss)]
    let yearly_units = plain_units(&units, economics) / years as f64;
    let plant = chosen[v];
    let cost_factor = partners[fleet[v].partner].plants[plant].cost_factor;
    Assembly {
        plant,
        cost_factor,
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
) -> Vec<(Site, String)> {
    let mut sites = Vec::new();
    for (local, partner) in coalition.iter().enumerate() {
        for (p, plant) in partners[*partner].plants.iter().enumerate() {
            let assembles =
                (0..fleet.len()).any(|v| fleet[v].partner == *partner && assemblies[v].plant == p);
            let site = Site {
                partner: local,
                plant: sites.len(),
                cost_factor: plant.cost_factor,
                inbound_logistics_eur: plant.inbound_logistics,
                assembles,
            };
            sites.push((site, plant.id.clone()));
        }
    }
    sites
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plant(capacity_per_year: f64, cost_factor: f64) -> Plant {
        Plant {
            id: format!("plant {cost_factor}"),
            name: String::new(),
            source: String::new(),
            capacity_per_year,
            cost_factor,
            inbound_logistics: 0.0,
        }
    }

    /// A vehicle that the cheap plants cannot hold goes to the next one, though they would hold its share of the peak.
    #[test]
    fn a_vehicle_goes_to_the_cheapest_plant_with_room() {
        let plants = [plant(900.0, 1.2), plant(65.0, 0.9), plant(62.0, 1.0)];
        let placed = place(&plants, &[(0, 60.0), (1, 80.0), (2, 20.0)]);
        assert_eq!(placed, Ok(vec![(0, 1), (1, 0), (2, 2)]));
        assert_eq!(place(&plants, &[(7, 901.0)]), Err((7, 901.0)));
    }
}
