//! Published check values of inverter losses.

use codrive_model::inverter::{Device, Inverter, MosfetSwitch, SwitchingEnergy};

use super::fs800;
use crate::inverter::{AcPoint, InverterModel};

/// FS800R07A2E3 at 400 A rms, M = cos φ = 0.9, 350 V, 10 kHz, 125 °C junction: 178.9, 41.5, 149.7,
/// 30.1 W per device and 2,401 W in all.
#[test]
fn the_si_check_values_are_reached() {
    let mut inverter = fs800();
    // No self-heating: the junction stays at its coolant of 125 °C.
    if let Device::SiIgbt(s) = &mut inverter.device {
        s.transistor.thermal_resistance_k_per_w = 1e-12;
        s.diode.thermal_resistance_k_per_w = 1e-12;
    }
    let model = InverterModel::new(&inverter, 350.0, 398.15).unwrap();
    let current_a = inverter.peak_current_a();
    let loss = model
        .loss(AcPoint {
            current_a,
            modulation: 0.9,
            cos_phi: 0.9,
        })
        .unwrap();
    for (got, expected) in [
        (loss.transistor_conduction_w, 178.9),
        (loss.diode_conduction_w, 41.5),
        (loss.transistor_switching_w, 149.7),
        (loss.diode_switching_w, 30.1),
        (loss.total_w, 2401.0),
    ] {
        assert!((got / expected - 1.0).abs() < 2e-3, "{got} {expected}");
    }
}

fn cab450(resistance_ohm: f64, energy_j: f64) -> Inverter {
    Inverter {
        dc_voltage_max_v: 900.0,
        peak_current_rms_a: 300.0,
        device: Device::SicMosfet(MosfetSwitch {
            reference_temperature_k: 448.15,
            resistance_ohm,
            resistance_per_k: 0.002,
            energy: SwitchingEnergy {
                at_reference_j: energy_j,
                reference_current_a: 450.0,
                reference_voltage_v: 600.0,
                current_exponent: 1.0,
                voltage_exponent: 1.0,
                per_k: 0.0,
            },
            body_diode_voltage_v: 4.2,
            dead_time_s: 0.0,
            thermal_resistance_k_per_w: 1e-12,
        }),
        ..fs800()
    }
}

/// CAB450M12XM3 at 300 A rms, 800 V, 10 kHz, 175 °C, no dead time: 1,845 W with one published
/// energy set (207.0 + 100.4 W per switch), 2,423 W with the other (272.3 + 131.6 W).
#[test]
fn the_sic_check_values_are_reached() {
    for (r, e, conduction, switching, total) in [
        (4.6e-3, 25.1e-3, 207.0, 100.4, 1845.0),
        (6.05e-3, 32.91e-3, 272.3, 131.6, 2423.0),
    ] {
        let inverter = cab450(r, e);
        let model = InverterModel::new(&inverter, 800.0, 448.15).unwrap();
        let current_a = inverter.peak_current_a();
        let loss = model
            .loss(AcPoint {
                current_a,
                modulation: 0.9,
                cos_phi: 0.9,
            })
            .unwrap();
        for (got, expected) in [
            (loss.transistor_conduction_w, conduction),
            (loss.transistor_switching_w, switching),
            (loss.total_w, total),
        ] {
            assert!((got / expected - 1.0).abs() < 2e-3, "{got} {expected}");
        }
    }
}

#[test]
fn runaway_is_an_error_and_a_stalled_switch_is_hotter() {
    let inverter = fs800();
    let model = InverterModel::new(&inverter, 350.0, 338.15).unwrap();
    let point = AcPoint {
        current_a: 500.0,
        modulation: 0.02,
        cos_phi: 1.0,
    };
    let turning = model.loss(point).unwrap().junction_k;
    assert!(model.stalled_junction_k(500.0).unwrap() > turning + 20.0);
    let far = AcPoint {
        current_a: 1e5,
        ..point
    };
    assert!(model.loss(far).is_err());
}
