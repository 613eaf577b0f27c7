//! Tests across modules, on an analytic saturating section in the size of a BMW i3.

mod balance;
mod current_plane;
mod delta;
mod envelope;
pub(crate) mod gears;
mod heat;
mod heat_in_time;
mod i3;
mod inverters;
mod loss_points;
mod losses;
mod lumped;
mod mass;
mod ratings;
mod safe_state;
mod short_circuit;
mod short_circuit_starts;
mod sizing;
mod variants;

use codrive_model::inverter::{BipolarPart, SwitchingEnergy};
use codrive_model::inverter::{Device, IgbtSwitch, Inverter};
use codrive_model::unit::Winding;

use crate::{Build, Conditions, Machine, MotorMap, SectionTables, fixture, motor_map};

pub(crate) fn tables() -> SectionTables {
    let map = fixture::saturating_map();
    SectionTables::new(
        &map,
        &fixture::facts(),
        &fixture::steel(),
        &fixture::magnet(),
    )
    .unwrap()
}

const WINDING: Winding = Winding {
    conductors_per_slot: 6,
    parallel_paths: 4,
    connection: codrive_model::machine::Connection::Star,
};

pub(crate) fn machine(tables: &SectionTables) -> Machine<'_> {
    Machine::new(tables, 0.132, WINDING, Build::round_wire()).unwrap()
}

pub(crate) fn map_at(dc_voltage_v: f64) -> MotorMap {
    let tables = tables();
    motor_map(
        &machine(&tables),
        &fs800(),
        dc_voltage_v,
        &Conditions::default(),
    )
    .unwrap()
}

/// Infineon FS800R07A2E3 as fitted by TUM, voltage exponent of the transistor 1.0 as in the check.
pub(crate) fn fs800() -> Inverter {
    let part = |v: f64, v_k: f64, r: f64, r_k: f64, e: SwitchingEnergy, rth: f64| BipolarPart {
        reference_temperature_k: 398.15,
        threshold_v: v,
        threshold_per_k: v_k,
        resistance_ohm: r,
        resistance_per_k: r_k,
        energy: e,
        thermal_resistance_k_per_w: rth,
        thermal_chain: vec![],
    };
    let energy = |at: f64, exponent: f64, per_k: f64| SwitchingEnergy {
        at_reference_j: at,
        reference_current_a: 400.0,
        reference_voltage_v: 300.0,
        current_exponent: exponent,
        voltage_exponent: exponent,
        per_k,
    };
    let transistor = part(
        0.55,
        -0.002 / 0.55,
        1.45e-3,
        0.0045 / 1.45,
        energy(0.0285, 1.0, 0.0014),
        0.10,
    );
    let diode = part(
        0.60,
        -0.002 / 0.60,
        1.7505e-3,
        0.00167 / 1.167,
        energy(0.007, 0.6, 0.008_571),
        0.14,
    );
    Inverter {
        schema: 1,
        id: "fs800".to_owned(),
        name: "FS800".to_owned(),
        source: "test".to_owned(),
        licence: "test".to_owned(),
        assumptions: vec![],
        voltage_class_v: 400.0,
        dc_voltage_max_v: 450.0,
        blocking_voltage_v: 650.0,
        peak_current_rms_a: 400.0,
        switching_frequency_hz: 10e3,
        dead_time_s: 0.0,
        overmodulation: 0.0,
        dc_link_resistance_ohm: 0.0,
        junction_limit_k: 423.15,
        transistor_area_m2: 2400e-6,
        diode_area_m2: 1200e-6,
        mass_kg: 8.0,
        standby_power_w: 0.0,
        device: Device::SiIgbt(IgbtSwitch { transistor, diode }),
    }
}
