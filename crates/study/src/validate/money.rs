//! The shipped prices against an open model, targets and announced plants.

use std::path::Path;

use codrive_catalogue::{Kind, get};
use codrive_cost::prices::Prices;
use codrive_cost::unit::unit_material_eur;
use codrive_model::family::ModuleKind;
use codrive_model::inverter::Inverter;
use codrive_model::unit::UnitMass;

use super::case::{Allowed, CaseResult, Check, Row, rows};
use crate::error::StudyError;
use crate::problem::inverter_bill;
use crate::progress::Progress;

const PEAK_POWER_KW: f64 = 150.0;
const USD_PER_EUR: f64 = 1.10;

pub(super) fn unit_cost(_: &Path, _: &dyn Progress) -> Result<CaseResult, StudyError> {
    let prices: Prices = get(Kind::Prices, "europe-2025")?;
    let inverter: Inverter = get(Kind::Inverter, "si-400v-450a")?;
    let material = unit_material_eur(
        &mass(&rows("unit-cost", "bill.csv")?),
        &inverter_bill(Some(&inverter)),
        &prices,
    );
    let made = |kind: ModuleKind| prices.conversion.of(kind).value;
    let machine = material.machine_eur() + made(ModuleKind::Section) + made(ModuleKind::Machine);
    let drive = machine + material.inverter_eur() + made(ModuleKind::Inverter);
    let gear_set = material.gear_eur + made(ModuleKind::GearSet);
    let ours = |key: &str| match key {
        "machine" => machine,
        "inverter" => drive - machine,
        "gear set" => gear_set,
        "unit" => drive + gear_set + prices.conversion.assembly.value,
        "machine by power" => machine * USD_PER_EUR / PEAK_POWER_KW,
        "drive by power" => drive * USD_PER_EUR / PEAK_POWER_KW,
        "plant" => prices.capacity.per_yearly_edu(),
        "machine line" => prices.capacity.of(ModuleKind::Machine).value,
        _ => f64::NAN,
    };
    let check = |row: &Row| {
        let limit = row.number(5);
        let allowed = if row.text(4) == "above" {
            Allowed::AtLeast(limit)
        } else {
            Allowed::Relative(limit)
        };
        Check::new(
            row.text(0),
            row.text(2),
            row.number(3),
            ours(row.text(1)),
            allowed,
        )
    };
    let checks = rows("unit-cost", "reference.csv")?
        .iter()
        .map(check)
        .collect();
    CaseResult::new("unit-cost", checks)
}

fn mass(bill: &[Row]) -> UnitMass {
    let kg = |part: &str| {
        bill.iter()
            .find(|row| row.text(0) == part)
            .map_or(f64::NAN, |row| row.number(1))
    };
    UnitMass {
        stator_steel_kg: kg("stator_steel"),
        rotor_steel_kg: kg("rotor_steel"),
        copper_kg: kg("copper"),
        magnet_kg: kg("magnet"),
        rare_earth_kg: 0.0,
        shaft_kg: kg("shaft"),
        housing_kg: kg("housing"),
        inverter_kg: kg("inverter"),
        gear_kg: kg("gear"),
    }
}
