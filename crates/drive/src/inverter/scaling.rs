//! An inverter family from one device, by die area.

use codrive_model::inverter::{BipolarPart, Device, Inverter, ThermalStage};

use super::{AcPoint, InverterModel};
use crate::error::{DriveError, positive};

/// Exponent of thermal resistance over die area: between 0.8 (heat spreading at the dies' edges)
/// and 1; assumed middle.
const SPREADING: f64 = 0.9;
/// Mass that follows the current (capacitor, busbars, module), kg per A rms: between the shipped
/// inverters of a class.
const MASS_KG_PER_A: f64 = 0.01;
/// Working points at which a rating must hold: modulation, displacement factors.
const RATED_MODULATION: f64 = 0.9;
const RATED_COS_PHI: [f64; 3] = [-0.9, 0.0, 0.9];
/// Ratings are whole multiples of this, A rms.
const RATING_STEP_A: f64 = 10.0;

/// The same devices with `factor` times the die area, with the ratings of the original.
///
/// R_on ~ 1/A; switching energy at a current unchanged; R_th and each stage of its chain ~ A^−0.9
/// with the same time constants; thresholds unchanged.
///
/// # Errors
/// A factor that is not above zero and finite.
pub fn with_die_area(inverter: &Inverter, factor: f64) -> Result<Inverter, DriveError> {
    positive("factor on the die area", factor)?;
    let thermal = factor.powf(-SPREADING);
    let mut scaled = inverter.clone();
    scaled.transistor_area_m2 *= factor;
    scaled.diode_area_m2 *= factor;
    match &mut scaled.device {
        Device::SiIgbt(s) => {
            scale_part(&mut s.transistor, factor, thermal);
            scale_part(&mut s.diode, factor, thermal);
        }
        Device::SicMosfet(s) => {
            s.resistance_ohm /= factor;
            s.thermal_resistance_k_per_w *= thermal;
            scale_chain(&mut s.thermal_chain, thermal);
        }
    }
    Ok(scaled)
}

fn scale_part(part: &mut BipolarPart, factor: f64, thermal: f64) {
    part.resistance_ohm /= factor;
    part.thermal_resistance_k_per_w *= thermal;
    scale_chain(&mut part.thermal_chain, thermal);
}

fn scale_chain(chain: &mut [ThermalStage], thermal: f64) {
    for stage in chain {
        stage.resistance_k_per_w *= thermal;
    }
}

/// Largest phase current, A rms, that the junctions hold for ever at nominal voltage, motoring and
/// braking; no more than four times the stated one.
///
/// # Errors
/// Device data that no inverter has.
pub fn junction_rating_rms_a(inverter: &Inverter, coolant_k: f64) -> Result<f64, DriveError> {
    let model = InverterModel::new(inverter, inverter.voltage_class_v, coolant_k)?;
    let holds = |rms_a: f64| {
        RATED_COS_PHI.iter().all(|&cos_phi| {
            let point = AcPoint {
                current_a: rms_a * std::f64::consts::SQRT_2,
                modulation: RATED_MODULATION,
                cos_phi,
            };
            let junction = model.loss(point).map(|loss| loss.junction_k);
            junction.is_ok_and(|k| k <= inverter.junction_limit_k)
        })
    };
    let (mut low, mut high) = (0.0, 4.0 * inverter.peak_current_rms_a);
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// A member of the family of a device: die area as given, its current what the junctions hold at
/// a coolant temperature, rounded down to 10 A, mass with the current. Its id tells both.
///
/// # Errors
/// As [`with_die_area`]; an area that does not carry 10 A.
pub fn member(inverter: &Inverter, factor: f64, coolant_k: f64) -> Result<Inverter, DriveError> {
    let mut member = with_die_area(inverter, factor)?;
    let rating_a = junction_rating_rms_a(&member, coolant_k)?;
    let rounded_a = (rating_a / RATING_STEP_A).floor() * RATING_STEP_A;
    positive("rating in A rms, in steps of 10 A,", rounded_a)?;
    let more_a = rounded_a - inverter.peak_current_rms_a;
    member.mass_kg = (inverter.mass_kg + MASS_KG_PER_A * more_a).max(0.3 * inverter.mass_kg);
    member.peak_current_rms_a = rounded_a;
    member.id = format!("{} x{factor:.2} {rounded_a:.0}a", inverter.id);
    member.name = format!("{}, {factor:.2} times its dies", inverter.name);
    let said = format!(
        "Scaled by die area from `{}`, times {factor:.3}.",
        inverter.id
    );
    member.assumptions.push(said);
    Ok(member)
}
