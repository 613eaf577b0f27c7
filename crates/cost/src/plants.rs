//! Which plant assembles: a partner's EDUs are assembled in its own plants, the cheapest first.

use codrive_model::programme::Plant;

use crate::error::CostError;

/// What a plant assembles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assembly {
    /// Index of the plant in the partner's list.
    pub plant: usize,
    /// EDUs in the peak year.
    pub peak_units: f64,
}

/// Fills a partner's plants with the EDUs of its peak year, by cost factor, then by place in the
/// list.
///
/// # Errors
/// A number is impossible, or all plants together are too small.
pub fn assemble(plants: &[Plant], peak_units: f64) -> Result<Vec<Assembly>, CostError> {
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
    let mut order: Vec<usize> = (0..plants.len()).collect();
    order.sort_by(|a, b| {
        plants[*a]
            .cost_factor
            .total_cmp(&plants[*b].cost_factor)
            .then(a.cmp(b))
    });
    let (mut rest, mut result) = (peak_units, Vec::new());
    for plant in order {
        let units = rest.min(plants[plant].capacity_per_year);
        if units > 0.0 {
            result.push(Assembly {
                plant,
                peak_units: units,
            });
            rest -= units;
        }
    }
    if rest > 1e-9 * peak_units.abs() {
        let capacity = plants.iter().map(|plant| plant.capacity_per_year).sum();
        return Err(CostError::Capacity {
            capacity,
            needed: peak_units,
        });
    }
    Ok(result)
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
    fn the_cheapest_plant_is_filled_first() {
        let plants = [plant("dear", 500.0, 1.1), plant("cheap", 300.0, 0.9)];
        let result = assemble(&plants, 400.0).unwrap();
        assert_eq!(
            result[0],
            Assembly {
                plant: 1,
                peak_units: 300.0
            }
        );
        assert_eq!(
            result[1],
            Assembly {
                plant: 0,
                peak_units: 100.0
            }
        );
    }

    #[test]
    fn plants_that_are_too_small_are_named() {
        let error = assemble(&[plant("small", 300.0, 1.0)], 400.0).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the plants hold 300 EDUs a year, the cars need 400"
        );
    }
}
