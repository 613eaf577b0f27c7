//! Which plant assembles: a partner's EDUs are assembled in its own plants, the cheapest first.

use codrive_model::programme::Plant;

use crate::error::CostError;
use crate::prices::Conversion;

/// The plant of each vehicle, from its EDUs in its peak year: the one with the least conversion cost that has room, the
/// first of equal ones. A vehicle is not split over two plants; where that leaves one without a plant, the largest
/// are placed first.
///
/// # Errors
/// A number is impossible, all plants together are too small, or none has room for a vehicle.
pub fn assemble(
    plants: &[Plant],
    conversion: &Conversion,
    peak_units: &[f64],
) -> Result<Vec<usize>, CostError> {
    let usable =
        |plant: &Plant| plant.capacity_per_year.is_finite() && plant.capacity_per_year >= 0.0;
    if !plants.iter().all(usable) {
        let allowed = "finite, zero or above";
        return Err(CostError::OutOfRange {
            what: "capacity of a plant",
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
    let mut room: Vec<(usize, f64)> = (0..plants.len())
        .map(|plant| (plant, plants[plant].capacity_per_year))
        .collect();
    let factor = |(plant, _): &(usize, f64)| conversion.factor(&plants[*plant]);
    room.sort_by(|a, b| factor(a).total_cmp(&factor(b)));
    fill(&room, peak_units, &as_given).or_else(|_| fill(&room, peak_units, &largest_first))
}

/// Fills plants that have some room, the first that can take it, with the vehicles in an order.
fn fill(
    room: &[(usize, f64)],
    peak_units: &[f64],
    order: &[usize],
) -> Result<Vec<usize>, CostError> {
    let mut room = room.to_vec();
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
#[allow(clippy::unwrap_used)]
mod tests {
    use codrive_model::input::Source;

    use super::*;
    use crate::prices::Prices;

    /// Prices by which an hour at the reference cost makes a factor of one.
    fn conversion() -> Conversion {
        let text = include_str!("../../../data/prices/europe-2025.toml");
        let prices: Prices = Source::shipped("europe-2025.toml", text).parse().unwrap();
        prices.conversion
    }

    fn plant(id: &str, capacity_per_year: f64, labour_eur_per_h: f64) -> Plant {
        Plant {
            id: id.to_owned(),
            name: id.to_owned(),
            source: "made up".to_owned(),
            capacity_per_year,
            labour_eur_per_h,
            electricity_eur_per_j: 0.2 / 3.6e6,
            inbound_logistics: 10.0,
        }
    }

    #[test]
    fn a_vehicle_goes_to_the_cheapest_plant_with_room() {
        let plants = [
            plant("dear", 900.0, 58.0),
            plant("cheap", 65.0, 40.0),
            plant("middle", 62.0, 48.0),
        ];
        assert_eq!(
            assemble(&plants, &conversion(), &[60.0, 80.0, 20.0]),
            Ok(vec![1, 0, 2])
        );
    }

    /// 30 first would leave no plant for 60.
    #[test]
    fn the_largest_are_placed_first_where_the_given_order_fails() {
        let plants = [plant("cheap", 65.0, 40.0), plant("dear", 35.0, 48.0)];
        assert_eq!(
            assemble(&plants, &conversion(), &[30.0, 60.0]),
            Ok(vec![1, 0])
        );
    }

    /// 36 EUR/h instead of 48.3 on 40 % of conversion, 0.26 EUR/kWh instead of 0.20 on 8 %.
    #[test]
    fn a_plants_conversion_follows_its_labour_and_electricity() {
        let there = Plant {
            electricity_eur_per_j: 0.26 / 3.6e6,
            ..plant("there", 1.0, 36.0)
        };
        let by_hand = 0.52 + 0.4 * 36.0 / 48.3 + 0.08 * 0.26 / 0.20;
        assert!((conversion().factor(&there) - by_hand).abs() < 1e-12);
    }

    #[test]
    fn plants_that_are_too_small_are_named() {
        let small = [plant("small", 300.0, 48.0)];
        let error = assemble(&small, &conversion(), &[400.0]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the plants hold 300 EDUs a year, the cars need 400"
        );
        let two = [plant("a", 300.0, 48.0), plant("b", 300.0, 48.0)];
        let error = assemble(&two, &conversion(), &[100.0, 400.0]).unwrap_err();
        assert_eq!(
            error,
            CostError::NoRoom {
                vehicle: 1,
                needed: 400.0
            }
        );
    }
}
