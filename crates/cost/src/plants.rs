//! Which plant assembles: a partner's EDUs are assembled in its own plants, the cheapest first.

use codrive_model::programme::Plant;

use crate::error::CostError;

/// The plant of each vehicle, from its EDUs in its peak year: the one with the least cost factor that has room, the
/// first of equal ones. A vehicle is not split over two plants; where that leaves one without a plant, the largest
/// are placed first.
///
/// # Errors
/// A number is impossible, all plants together are too small, or none has room for a vehicle.
pub fn assemble(plants: &[Plant], peak_units: &[f64]) -> Result<Vec<usize>, CostError> {
    let usable = |plant: &Plant| {
        plant.capacity_per_year.is_finite()
            && plant.capacity_per_year >= 0.0
            && plant.cost_factor.is_finite()
    };
    if !plants.iter().all(usable) {
        let allowed = "finite, zero or above";
        return Err(CostError::OutOfRange {
            what: "capacity or cost factor of a plant",
            allowed,
        });
    }
    let capacity: f64 = plants.iter().map(|plant| plant.capacity_per_year).sum();
    let needed: f64 = peak_units.iter().sum();
    if needed > capacity * (1.0 + 1e-9) {
        return Err(CostError::Capacity { capacity, needed });
    }
    let as_given: Vec<usize> = (0..peak_units.len()).collect();
    let mut largest_first = as_given.clone();
    largest_first.sort_by(|a, b| peak_units[*b].total_cmp(&peak_units[*a]));
    fill(plants, peak_units, &as_given).or_else(|_| fill(plants, peak_units, &largest_first))
}

/// Fills the plants with the vehicles in an order.
fn fill(plants: &[Plant], peak_units: &[f64], order: &[usize]) -> Result<Vec<usize>, CostError> {
    let mut room: Vec<(usize, f64)> = (0..plants.len())
        .map(|plant| (plant, plants[plant].capacity_per_year))
        .collect();
    room.sort_by(|(a, _), (b, _)| plants[*a].cost_factor.total_cmp(&plants[*b].cost_factor));
    let mut placed = vec![0; peak_units.len()];
    for &vehicle in order {
        let needed = peak_units[vehicle];
        let (plant, free) = room
            .iter_mut()
            .find(|(_, free)| *free >= needed)
            .ok_or(CostError::NoRoom { vehicle, needed })?;
        *free -= needed;
        placed[vehicle] = *plant;
    }
    Ok(placed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plant(id: &str, capacity_per_year: f64, cost_factor: f64) -> Plant {
        Plant {
            id: id.to_owned(),
            name: id.to_owned(),
            source: "made up".to_owned(),
            capacity_per_year,
            cost_factor,
            inbound_logistics: 10.0,
        }
    }

    #[test]
    fn a_vehicle_goes_to_the_cheapest_plant_with_room() {
        let plants = [
            plant("dear", 900.0, 1.2),
            plant("cheap", 65.0, 0.9),
            plant("middle", 62.0, 1.0),
        ];
        assert_eq!(assemble(&plants, &[60.0, 80.0, 20.0]), Ok(vec![1, 0, 2]));
    }

    /// 30 first would leave no plant for 60.
    #[test]
    fn the_largest_are_placed_first_where_the_given_order_fails() {
        let plants = [plant("cheap", 65.0, 0.9), plant("dear", 35.0, 1.0)];
        assert_eq!(assemble(&plants, &[30.0, 60.0]), Ok(vec![1, 0]));
    }

    #[test]
    fn plants_that_are_too_small_are_named() {
        let small = [plant("small", 300.0, 1.0)];
        let error = assemble(&small, &[400.0]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the plants hold 300 EDUs a year, the cars need 400"
        );
        let two = [plant("a", 300.0, 1.0), plant("b", 300.0, 1.0)];
        let error = assemble(&two, &[100.0, 400.0]).unwrap_err();
        assert_eq!(
            error,
            CostError::NoRoom {
                vehicle: 1,
                needed: 400.0
            }
        );
    }
}
