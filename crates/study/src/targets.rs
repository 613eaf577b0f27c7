//! The chosen units against the targets of agencies: met or missed, by how much, within which parts.
//!
//! A unit's figures follow from the unit and the price set alone, so that a partner sees those of its
//! own variants: cost is bought material and conversion at the price set's reference volume, without
//! development, tools, plant and final assembly.

use codrive_catalogue::{Kind, get};
use codrive_cost::prices::Prices;
use codrive_cost::unit::unit_material_eur;
use codrive_model::family::ModuleKind;
use codrive_model::inverter::Inverter;
use codrive_model::money_study::{Goal, TargetRow};
use codrive_model::operating_map::{OperatingMap, cell};
use codrive_model::summary::{ChosenUnit, EnergyDensity};
use codrive_model::targets::{Quantity, Target, TargetFile};
use codrive_model::unit::{Boundary, Unit};

use crate::error::StudyError;
use crate::problem::inverter_bill;

/// Every chosen unit against every target, unit by unit.
///
/// # Errors
/// The shipped targets do not read.
pub fn score(
    units: &[ChosenUnit],
    inverters: &[Inverter],
    prices: &Prices,
) -> Result<Vec<TargetRow>, StudyError> {
    let file: TargetFile = get(Kind::Targets, "traction")?;
    let rows = units.iter().flat_map(|chosen| {
        let inverter = inverters
            .iter()
            .find(|i| i.id == chosen.unit.configuration.inverter);
        let facts = Facts::new(chosen, inverter, prices, file.usd_per_eur);
        let file = &file;
        Quantity::ALL
            .into_iter()
            .flat_map(move |quantity| facts.rows(&chosen.name, quantity, file))
    });
    Ok(rows.collect())
}

/// What the targets ask about, of one unit.
struct Facts<'a> {
    unit: &'a Unit,
    machine_usd: f64,
    inverter_usd: f64,
    cycle_efficiency: Option<f64>,
}

impl<'a> Facts<'a> {
    fn new(
        chosen: &'a ChosenUnit,
        inverter: Option<&Inverter>,
        prices: &Prices,
        usd_per_eur: f64,
    ) -> Self {
        let unit = &chosen.unit;
        let material = unit_material_eur(&unit.mass, &inverter_bill(inverter), prices);
        let made = |kind: ModuleKind| prices.conversion.of(kind).value;
        let machine =
            material.machine_eur() + made(ModuleKind::Section) + made(ModuleKind::Machine);
        Self {
            unit,
            machine_usd: machine * usd_per_eur,
            inverter_usd: (material.inverter_eur() + made(ModuleKind::Inverter)) * usd_per_eur,
            cycle_efficiency: cycle_efficiency(&unit.axle, &chosen.density),
        }
    }

    /// A quantity within each boundary that it may mean; nothing where it is not known.
    fn rows(&self, unit: &str, quantity: Quantity, file: &TargetFile) -> Vec<TargetRow> {
        let power_w = self.unit.motor.peak_power_w();
        let density = |boundary| self.unit.power_density(boundary);
        let volume_m3 = self.unit.volume.machine_m3 + self.unit.volume.inverter_m3;
        let (cost, housed) = ("material and conversion", "machine with housing");
        let values = match quantity {
            Quantity::MachineCost => vec![(cost, self.machine_usd / power_w)],
            Quantity::InverterCost => vec![(cost, self.inverter_usd / power_w)],
            Quantity::DriveCost => vec![(cost, (self.machine_usd + self.inverter_usd) / power_w)],
            Quantity::MachinePowerPerVolume => vec![
                (housed, density(Boundary::Machine).w_per_m3),
                ("stack alone", density(Boundary::Active).w_per_m3),
            ],
            Quantity::DrivePowerPerVolume => {
                vec![("machine with housing, inverter", power_w / volume_m3)]
            }
            Quantity::MachinePowerPerMass => vec![
                (housed, density(Boundary::Machine).w_per_kg),
                ("active parts", density(Boundary::Active).w_per_kg),
            ],
            Quantity::MachineCycleEfficiency => self
                .cycle_efficiency
                .map(|efficiency| ("shaft over its terminals", efficiency))
                .into_iter()
                .collect(),
        };
        let known = values
            .into_iter()
            .filter(|(_, value)| value.is_finite() && *value > 0.0);
        let row = |(boundary, value): (&str, f64)| TargetRow {
            unit: unit.to_owned(),
            quantity,
            boundary: boundary.to_owned(),
            value,
            goals: goals(file, quantity, value),
        };
        known.map(row).collect()
    }
}

fn goals(file: &TargetFile, quantity: Quantity, value: f64) -> Vec<Goal> {
    let same = file
        .targets
        .iter()
        .filter(|target| target.quantity == quantity);
    same.map(|target| goal(target, value)).collect()
}

/// The margin is what a value is better than its target by, as a fraction of it.
fn goal(target: &Target, value: f64) -> Goal {
    let above = value / target.value - 1.0;
    let margin = if target.quantity.more_is_better() {
        above
    } else {
        -above
    };
    Goal {
        body: target.body.clone(),
        year: target.year,
        target: target.value,
        margin,
        met: margin >= 0.0,
    }
}

/// Energy out of the machine over energy into it, over the energy that a cycle moves on the axle: at
/// each cell of the density, with the losses of its middle. Shaft power is the axle's with the gear
/// set's loss; the electric side is the shaft's with the machine's loss. None without energy.
fn cycle_efficiency(axle: &OperatingMap, density: &EnergyDensity) -> Option<f64> {
    let columns = density.torque_edges_nm.len().checked_sub(1)?;
    let middle = |edges: &[f64], i: usize| 0.5 * (edges[i] + edges[i + 1]);
    let (mut into_j, mut out_j) = (0.0, 0.0);
    for (index, energy_j) in density
        .energy_j
        .iter()
        .enumerate()
        .filter(|(_, e)| **e > 0.0)
    {
        let speed = middle(&density.speed_edges_rad_per_s, index / columns);
        let torque = middle(&density.torque_edges_nm, index % columns);
        let power_w = speed * torque;
        let Some((machine_w, gear_w)) = losses_w(axle, speed, torque).filter(|_| power_w != 0.0)
        else {
            continue;
        };
        let seconds = energy_j / power_w.abs();
        let (shaft_w, electric_w) = (power_w + gear_w, power_w + gear_w + machine_w);
        let (from_w, to_w) = if power_w > 0.0 {
            (electric_w, shaft_w)
        } else {
            (-shaft_w, -electric_w)
        };
        into_j += from_w.max(0.0) * seconds;
        out_j += to_w.max(0.0) * seconds;
    }
    (into_j > 0.0).then(|| out_j / into_j)
}

/// Losses of machine and gear set at an axle's speed and torque, W; none beyond the envelope.
fn losses_w(axle: &OperatingMap, speed: f64, torque: f64) -> Option<(f64, f64)> {
    if speed > axle.speed_limit_rad_per_s() {
        return None;
    }
    let limit = if torque < 0.0 {
        -axle.torque_min_at_nm(speed)
    } else {
        axle.torque_max_at_nm(speed)
    };
    let load = torque / limit;
    if !(-1.0..=1.0).contains(&load) {
        return None;
    }
    let ((i, s), (j, l)) = (cell(&axle.speed_rad_per_s, speed), cell(&axle.load, load));
    let n = axle.load.len();
    let at = |table: &[f64]| {
        let row = |i: usize| table[i * n + j] * (1.0 - l) + table[i * n + j + 1] * l;
        row(i) * (1.0 - s) + row(i + 1) * s
    };
    let split = &axle.split;
    let machine =
        at(&split.copper_w) + at(&split.iron_w) + at(&split.magnet_w) + at(&split.mechanical_w);
    Some((machine, at(&split.gear_w)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use codrive_model::operating_map::LossSplit;

    /// A map whose machine loses `loss_w` and whose gear set loses 10 W everywhere.
    fn flat(loss_w: f64) -> OperatingMap {
        let of = |w: f64| vec![w; 6];
        OperatingMap {
            dc_voltage_v: 400.0,
            speed_rad_per_s: vec![0.0, 100.0],
            torque_max_nm: vec![1000.0; 2],
            torque_min_nm: vec![-1000.0; 2],
            torque_continuous_nm: vec![500.0; 2],
            load: vec![-1.0, 0.0, 1.0],
            loss_w: of(loss_w + 10.0),
            split: LossSplit {
                copper_w: of(loss_w),
                iron_w: of(0.0),
                magnet_w: of(0.0),
                mechanical_w: of(0.0),
                inverter_w: of(0.0),
                gear_w: of(10.0),
            },
        }
    }

    /// One cell of driving at 50 rad/s and 200 N m, 10 kW for 1 s: by hand 10,010 of 10,110 W; with as
    /// much braking 9,890 of 9,990 W more.
    #[test]
    fn efficiency_counts_driving_and_braking_by_hand() {
        let density = |braking_j: f64| EnergyDensity {
            speed_edges_rad_per_s: vec![40.0, 60.0],
            torque_edges_nm: vec![-300.0, -100.0, 100.0, 300.0],
            energy_j: vec![braking_j, 0.0, 1e4],
        };
        let drive = cycle_efficiency(&flat(100.0), &density(0.0)).unwrap();
        assert!((drive - 10_010.0 / 10_110.0).abs() < 1e-12);
        let both = cycle_efficiency(&flat(100.0), &density(1e4)).unwrap();
        assert!((both - (10_010.0 + 9_890.0) / (10_110.0 + 9_990.0)).abs() < 1e-12);
        assert_eq!(
            cycle_efficiency(&flat(1.0), &EnergyDensity::default()),
            None
        );
    }

    #[test]
    fn a_cost_above_its_target_is_missed_and_a_density_above_it_is_met() {
        let target = |quantity, value| Target {
            body: "X".to_owned(),
            year: 2025,
            quantity,
            value,
            date: "2020".to_owned(),
            source: "made up".to_owned(),
        };
        let dear = goal(&target(Quantity::MachineCost, 5e-3), 6e-3);
        assert!(!dear.met && (dear.margin + 0.2).abs() < 1e-12);
        let dense = goal(&target(Quantity::MachinePowerPerMass, 8e3), 1e4);
        assert!(dense.met && (dense.margin - 0.25).abs() < 1e-12);
    }

    #[test]
    fn the_shipped_targets_read_with_source_and_date() {
        let file: TargetFile = get(Kind::Targets, "traction").unwrap();
        assert!(
            file.targets
                .iter()
                .all(|t| t.source.len() > 10 && t.date.len() >= 4)
        );
        let apc = file
            .targets
            .iter()
            .find(|t| t.quantity == Quantity::MachineCost && t.year == 2025);
        assert!((apc.unwrap().value - 4.8e-3).abs() < 1e-15);
    }
}
