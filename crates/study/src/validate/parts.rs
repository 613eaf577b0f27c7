//! Inverters and gear sets by themselves, against check values and another tool.

use std::f64::consts::{PI, SQRT_2};
use std::path::Path;

use codrive_catalogue::{Kind, get};
use codrive_drive::DriveError;
use codrive_drive::gear::GearModel;
use codrive_drive::gear_sizing::design::{Demand, Rules, offset_two_stage};
use codrive_drive::gear_sizing::duty::private_car;
use codrive_drive::gear_sizing::stage_size;
use codrive_drive::inverter::scaling::with_die_area;
use codrive_drive::inverter::{AcPoint, InverterLoss, InverterModel, capacitor_current_rms_a};
use codrive_model::gear_set::GearSet;
use codrive_model::inverter::{BipolarPart, Device, Inverter, SwitchingEnergy};

use super::case::{Allowed, CaseResult, Check, Row, reference, rows, table};
use crate::error::StudyError;
use crate::progress::Progress;

fn failed(error: DriveError) -> StudyError {
    StudyError::Model {
        what: "validation of inverters and gear sets".to_owned(),
        reason: error.to_string(),
    }
}

/// A module on its bench: what the check values state.
struct Bench {
    inverter: Inverter,
    dc_voltage_v: f64,
    junction_k: f64,
    current_rms_a: f64,
}

impl Bench {
    fn point(&self) -> AcPoint {
        AcPoint {
            current_a: SQRT_2 * self.current_rms_a,
            modulation: 0.9,
            cos_phi: 0.9,
        }
    }

    fn loss(&self) -> Result<InverterLoss, DriveError> {
        InverterModel::new(&self.inverter, self.dc_voltage_v, self.junction_k)?.loss(self.point())
    }

    /// 3/2 v̂ î cos φ, W.
    fn power_w(&self) -> f64 {
        let point = self.point();
        1.5 * 0.5 * point.modulation * self.dc_voltage_v * point.current_a * point.cos_phi
    }
}

/// A shipped inverter with dies as large as the module's, stripped to what the check counts.
fn module(name: &str, factor: f64) -> Result<Inverter, StudyError> {
    let shipped: Inverter = get(Kind::Inverter, name)?;
    let mut module = with_die_area(&shipped, factor).map_err(failed)?;
    module.switching_frequency_hz = 10e3;
    (module.dead_time_s, module.dc_link_resistance_ohm) = (0.0, 0.0);
    module.standby_power_w = 0.0;
    Ok(module)
}

/// Without self-heating the junction is as warm as its coolant.
fn cold(part: &mut BipolarPart) {
    part.thermal_resistance_k_per_w = 1e-12;
    part.thermal_chain.clear();
}

fn fs800() -> Result<Bench, StudyError> {
    let mut inverter = module("si-400v-350a", 1.0 / 0.6)?;
    if let Device::SiIgbt(s) = &mut inverter.device {
        cold(&mut s.transistor);
        cold(&mut s.diode);
        s.transistor.energy.voltage_exponent = 1.0;
    }
    Ok(Bench {
        inverter,
        dc_voltage_v: 350.0,
        junction_k: 398.15,
        current_rms_a: 400.0,
    })
}

/// `hot_ohm` at 175 °C; `energy_j` at 450 A and 600 V.
fn cab450(hot_ohm: f64, energy_j: f64) -> Result<Bench, StudyError> {
    let mut inverter = module("sic-800v-300a", 190.0 / 140.0)?;
    if let Device::SicMosfet(s) = &mut inverter.device {
        s.thermal_resistance_k_per_w = 1e-12;
        s.thermal_chain.clear();
        let warm = 1.0 + s.resistance_per_k * (448.15 - s.reference_temperature_k);
        s.resistance_ohm = hot_ohm / warm;
        s.energy = SwitchingEnergy {
            at_reference_j: energy_j,
            voltage_exponent: 1.0,
            ..s.energy.clone()
        };
    }
    Ok(Bench {
        inverter,
        dc_voltage_v: 800.0,
        junction_k: 448.15,
        current_rms_a: 300.0,
    })
}

pub(super) fn inverter_losses(_: &Path, _: &dyn Progress) -> Result<CaseResult, StudyError> {
    let mut checks = Vec::new();
    for row in rows("inverter-losses", "reference.csv")? {
        let bench = match row.text(0) {
            "fs800" => fs800()?,
            "cab450 revision A" => cab450(4.6e-3, 25.1e-3)?,
            _ => cab450(6.05e-3, 32.91e-3)?,
        };
        checks.push(inverter_check(&bench, &row)?);
    }
    for row in table("inverter-losses", "capacitor.csv")? {
        let point = AcPoint {
            current_a: SQRT_2,
            modulation: row[0],
            cos_phi: row[1],
        };
        let what = format!("capacitor current, M = {}, cos φ = {}", row[0], row[1]);
        let ours = capacitor_current_rms_a(point);
        let allowed = Allowed::Absolute(5e-4);
        checks.push(Check::new(what, "", row[2], ours, allowed));
    }
    CaseResult::new("inverter-losses", checks)
}

fn inverter_check(bench: &Bench, row: &Row) -> Result<Check, StudyError> {
    let loss = bench.loss().map_err(failed)?;
    let power_w = bench.power_w();
    let watt = |ours: f64| ("W", ours, Allowed::Relative(2e-3));
    let (unit, ours, allowed) = match row.text(1) {
        "transistor conduction" => watt(loss.transistor_conduction_w),
        "diode conduction" => watt(loss.diode_conduction_w),
        "transistor switching" => watt(loss.transistor_switching_w),
        "diode recovery" => watt(loss.diode_switching_w),
        "bridge" => watt(loss.total_w),
        _ => {
            let efficiency = 100.0 * power_w / (power_w + loss.total_w);
            ("%", efficiency, Allowed::Absolute(0.02))
        }
    };
    let what = format!("{}, {}", row.text(0), row.text(1));
    Ok(Check::new(what, unit, row.number(2), ours, allowed))
}

pub(super) fn gear_losses(_: &Path, _: &dyn Progress) -> Result<CaseResult, StudyError> {
    let mut checks = Vec::new();
    let mut medians = Vec::new();
    let points = rows("gear-losses", "reference.csv")?;
    for name in ["model-3", "id-3"] {
        let set: GearSet = reference("gear-losses", &format!("{name}.toml"))?.parse()?;
        for oil_c in [25.0, 50.0] {
            let each = match (name, oil_c > 30.0) {
                ("model-3", true) => Allowed::Relative(0.06),
                _ => Allowed::Relative(0.10),
            };
            let model = GearModel::at_oil(&set, oil_c + 273.15).map_err(failed)?;
            let of_map = points
                .iter()
                .filter(|row| row.text(0) == name && row.text(1) == oil_c.to_string());
            let own: Vec<Check> = of_map.map(|row| gear_check(&model, row, each)).collect();
            let what = format!("{name}, {oil_c} °C: loss over that of the map, median");
            medians.push(Check::new(what, "", 1.0, median_ratio(&own), each));
            checks.extend(own);
        }
    }
    checks.extend(medians);
    CaseResult::new("gear-losses", checks)
}

fn gear_check(model: &GearModel<'_>, row: &Row, each: Allowed) -> Check {
    let (axle_nm, axle_rad_per_s) = (row.number(2), row.number(3) * PI / 30.0);
    let input_rad_per_s = axle_rad_per_s * model.set().ratio;
    let motor_nm = model.at_speed(input_rad_per_s).motor_nm(axle_nm);
    let loss_w = motor_nm * input_rad_per_s - axle_nm * axle_rad_per_s;
    let what = format!(
        "{}, {} °C, {} Nm, {} rpm",
        row.text(0),
        row.text(1),
        row.text(2),
        row.text(3)
    );
    Check::new(what, "W", row.number(4), loss_w, each)
}

fn median_ratio(checks: &[Check]) -> f64 {
    let mut ratios: Vec<f64> = checks.iter().map(|c| c.ours / c.reference).collect();
    ratios.sort_by(f64::total_cmp);
    let n = ratios.len();
    match n {
        0 => f64::NAN,
        _ => 0.5 * (ratios[(n - 1) / 2] + ratios[n / 2]),
    }
}

pub(super) fn gear_sizing(_: &Path, _: &dyn Progress) -> Result<CaseResult, StudyError> {
    let mut checks = Vec::new();
    for row in rows("gear-sizing", "reference.csv")? {
        checks.extend(sizing_checks(&row)?);
    }
    CaseResult::new("gear-sizing", checks)
}

fn sizing_checks(row: &Row) -> Result<Vec<Check>, StudyError> {
    let (car, mut torque_nm) = (row.text(0), row.number(2));
    let demand = Demand {
        id: car.to_owned(),
        ratio: row.number(1),
        peak_torque_nm: torque_nm,
        max_input_speed_rad_per_s: 16_000.0 * PI / 30.0,
        duty: &private_car(),
    };
    let sized = offset_two_stage(&demand, &Rules::default()).map_err(failed)?;
    let mut checks = Vec::new();
    for (i, stage) in sized.set.stages.iter().enumerate() {
        let ratio = row.number(4 + 2 * i) / row.number(3 + 2 * i);
        let formula = stage_size(torque_nm, ratio);
        torque_nm *= ratio;
        let column = 7 + 2 * i;
        let mut check = |word: &str, column: usize, ours_m: f64, allowed: f64| {
            let what = format!("{car}, stage {}, {word}", i + 1);
            let limit = Allowed::Relative(allowed);
            checks.push(Check::new(
                what,
                "mm",
                row.number(column),
                ours_m * 1e3,
                limit,
            ));
        };
        check(
            "centre distance, teardown",
            column,
            stage.centre_distance_m(),
            0.15,
        );
        check("face width, teardown", column + 1, stage.face_width_m, 0.15);
        check(
            "centre distance, formula",
            column + 4,
            formula.centre_distance_m,
            0.005,
        );
        check(
            "face width, formula",
            column + 5,
            formula.face_width_m,
            0.005,
        );
    }
    Ok(checks)
}
