//! Whether a partner's plants can assemble its EDUs. Which of them does is for the selection to say.

use codrive_model::programme::Plant;

use crate::error::CostError;

/// Placements tried before the plants are taken to be too full.
const MOST_TRIED: usize = 1_000_000;

/// Checks that each vehicle's EDUs fit into one plant, from its EDUs in its peak year: a vehicle is not split over two.
///
/// # Errors
/// A number is impossible, all plants together are too small, or no placement has room for all: then the largest
/// vehicle is named that none found room for.
pub fn check_room(plants: &[Plant], peak_units: &[f64]) -> Result<(), CostError> {
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
    let mut order: Vec<usize> = (0..peak_units.len()).collect();
    order.sort_by(|a, b| peak_units[*b].total_cmp(&peak_units[*a]));
    let largest_first: Vec<f64> = order.iter().map(|vehicle| peak_units[*vehicle]).collect();
    let mut search = Search {
        room: plants.iter().map(|plant| plant.capacity_per_year).collect(),
        placed: 0,
        tried: 0,
    };
    if search.place(&largest_first, 0) {
        return Ok(());
    }
    let vehicle = order[search.placed];
    let needed = peak_units[vehicle];
    Err(CostError::NoRoom { vehicle, needed })
}

/// A search for room.
struct Search {
    /// What is free in each plant.
    room: Vec<f64>,
    /// Most vehicles that found room together.
    placed: usize,
    tried: usize,
}

impl Search {
    /// Whether the vehicles from one on find room, that one tried in every plant.
    fn place(&mut self, all: &[f64], next: usize) -> bool {
        self.placed = self.placed.max(next);
        let Some(needed) = all.get(next) else {
            return true;
        };
        for plant in 0..self.room.len() {
            self.tried += 1;
            if self.tried > MOST_TRIED {
                return false;
            }
            if self.room[plant] * (1.0 + 1e-9) < *needed {
                continue;
            }
            self.room[plant] -= needed;
            let fits = self.place(all, next + 1);
            self.room[plant] += needed;
            if fits {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use codrive_model::input::Source;

    use super::*;
    use crate::prices::{Conversion, Prices};

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

    /// 60 and 20 fill the first, 50 and 30 the second: first come, first served would not do.
    #[test]
    fn room_is_found_wherever_some_placement_has_it() {
        let plants = [plant("first", 80.0, 58.0), plant("second", 80.0, 40.0)];
        assert_eq!(check_room(&plants, &[20.0, 30.0, 60.0, 50.0]), Ok(()));
        assert_eq!(check_room(&plants, &[50.0, 40.0, 40.0, 30.0]), Ok(()));
        let error = check_room(&plants, &[50.0, 20.0, 50.0, 40.0]).unwrap_err();
        let CostError::NoRoom { vehicle, needed } = error else {
            unreachable!("{error}");
        };
        assert_eq!((vehicle, needed), (3, 40.0));
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
        let error = check_room(&small, &[400.0]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the plants hold 300 EDUs a year, the cars need 400"
        );
        let two = [plant("a", 300.0, 48.0), plant("b", 300.0, 48.0)];
        let error = check_room(&two, &[100.0, 400.0]).unwrap_err();
        assert_eq!(
            error,
            CostError::NoRoom {
                vehicle: 1,
                needed: 400.0
            }
        );
    }
}
