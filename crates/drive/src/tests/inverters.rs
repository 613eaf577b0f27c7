//! Published check values of inverter losses.

use std::f64::consts::PI;

use codrive_model::inverter::{
    BipolarPart, Device, Inverter, MosfetSwitch, SwitchingEnergy, ThermalStage,
};

use codrive_model::operating_map::OperatingMap;

use super::{fs800, machine, tables};
use crate::inverter::scaling::{junction_rating_rms_a, member, with_die_area};
use crate::inverter::{AcPoint, InverterModel, LINEAR_MODULATION, capacitor_current_rms_a};
use crate::{Conditions, motor_map};

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
        blocking_voltage_v: 1200.0,
        junction_limit_k: 448.15,
        transistor_area_m2: 1140e-6,
        diode_area_m2: 0.0,
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
            thermal_resistance_k_per_w: 1e-12,
            thermal_chain: vec![],
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

/// DC-link capacitor current over phase current, of Kolar and Round's equation: 0.611, 0.560 and
/// 0.650 at M and cos φ of 0.6/0.9, 0.9/0.9, 0.6/1.
#[test]
fn the_capacitor_current_check_values_are_reached() {
    for (modulation, cos_phi, expected) in [(0.6, 0.9, 0.611), (0.9, 0.9, 0.560), (0.6, 1.0, 0.650)]
    {
        let current_a = std::f64::consts::SQRT_2;
        let point = AcPoint {
            current_a,
            modulation,
            cos_phi,
        };
        assert!((capacitor_current_rms_a(point) - expected).abs() < 5e-4);
    }
}

/// The equation against switching: space-vector duty cycles over a period, DC current drawn.
#[test]
fn the_capacitor_current_is_that_of_switching_states() {
    let (modulation, phi) = (0.7_f64, 0.6_f64);
    let (mut mean, mut square) = (0.0, 0.0);
    let steps = 3600;
    for k in 0..steps {
        let angle = f64::from(k) * 2.0 * PI / f64::from(steps);
        let leg = |n: i32| angle - 2.0 * PI / 3.0 * f64::from(n);
        let raw = [0, 1, 2].map(|n| 0.5 * modulation * leg(n).cos());
        let (high, low) = (
            raw[0].max(raw[1]).max(raw[2]),
            raw[0].min(raw[1]).min(raw[2]),
        );
        let mut legs: Vec<(f64, f64)> = [0, 1, 2]
            .map(|n| {
                let duty = 0.5 + raw[usize::try_from(n).unwrap()] - 0.5 * (high + low);
                (duty, (leg(n) - phi).cos())
            })
            .to_vec();
        legs.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (one, two) = (legs[0].0 - legs[1].0, legs[1].0 - legs[2].0);
        let (i_one, i_two) = (legs[0].1, legs[0].1 + legs[1].1);
        mean += one * i_one + two * i_two;
        square += one * i_one * i_one + two * i_two * i_two;
    }
    let n = f64::from(steps);
    let ripple = (square / n - (mean / n).powi(2)).sqrt();
    let point = AcPoint {
        current_a: 1.0,
        modulation,
        cos_phi: phi.cos(),
    };
    assert!((capacitor_current_rms_a(point) / ripple - 1.0).abs() < 1e-3);
}

/// A leg of ideal switches with a dead time, its current in phase: the lost fundamental.
#[test]
fn dead_time_takes_the_fundamental_of_a_square_wave() {
    let inverter = Inverter {
        dead_time_s: 2e-6,
        ..fs800()
    };
    let model = InverterModel::new(&inverter, 360.0, 338.15).unwrap();
    // 2 µs of 100 µs of 360 V is 7.2 V; its square wave has a fundamental of 9.167 V.
    assert!((model.dead_time_voltage_v() - 9.167).abs() < 1e-3);
    let without = InverterModel::new(&inverter, 360.0, 338.15).unwrap();
    let linear = 0.97 * 360.0 / 3.0_f64.sqrt() - without.voltage_drop_v(500.0) - 9.167;
    assert!((model.usable_voltage_v(0.97, 500.0) - linear).abs() < 1e-3);
}

/// Full overmodulation: 2/π of the DC voltage, no dead time to lose, hardly any switching loss.
#[test]
fn six_step_gives_its_voltage_and_saves_switching() {
    let inverter = Inverter {
        dead_time_s: 2e-6,
        overmodulation: 1.0,
        ..fs800()
    };
    let model = InverterModel::new(&inverter, 360.0, 338.15).unwrap();
    let usable = model.usable_voltage_v(0.97, 500.0) + model.voltage_drop_v(500.0);
    assert!((usable - 2.0 / PI * 360.0).abs() < 1e-6, "{usable}");
    let loss = |modulation: f64| {
        let point = AcPoint {
            current_a: 500.0,
            modulation,
            cos_phi: 0.9,
        };
        model.loss(point).unwrap()
    };
    let (linear, six_step) = (loss(LINEAR_MODULATION), loss(4.0 / PI));
    assert!(six_step.transistor_switching_w < 1e-3 * linear.transistor_switching_w);
    assert!(linear.transistor_switching_w > 100.0);
    // No step where linear modulation ends.
    let just = loss(LINEAR_MODULATION * (1.0 + 1e-9)).total_w;
    assert!((just / linear.total_w - 1.0).abs() < 1e-3);
}

/// The option in the inverter's file: torque near base speed unchanged, more power above it, by no
/// more than six-step has over 0.97 of linear modulation and its dead time.
#[test]
fn overmodulation_lifts_the_envelope_above_base_speed() {
    let tables = tables();
    let machine = machine(&tables);
    let map = |overmodulation: f64| {
        let inverter = Inverter {
            overmodulation,
            ..fs800()
        };
        let map = motor_map(&machine, &inverter, 360.0, &Conditions::default()).unwrap();
        map.map
    };
    let (linear, half, full) = (map(0.0), map(0.5), map(1.0));
    let more = |map: &OperatingMap| map.peak_power_w() / linear.peak_power_w();
    assert!((linear.torque_max_nm[0] / full.torque_max_nm[0] - 1.0).abs() < 1e-6);
    assert!(more(&half) > 1.03 && more(&full) > more(&half));
    assert!(more(&full) < 1.2, "{}", more(&full));
    assert!(
        full.loss_w
            .iter()
            .all(|loss| loss.is_finite() && *loss >= 0.0)
    );
}

/// The mean current of an IGBT in six-step operation is exactly that of the linear formula at
/// M = 4/π; its r·i² share is at most 4.2 % off the integral over half waves.
#[test]
fn conduction_at_six_step_is_near_the_integral() {
    let n = 20_000;
    for phi in [0.0_f64, 0.2, 0.5, 1.0] {
        let (mut mean, mut square) = (0.0, 0.0);
        for k in 0..n {
            let angle = -0.5 * PI + PI * (f64::from(k) + 0.5) / f64::from(n);
            let current = (angle - phi).cos().max(0.0);
            mean += current / f64::from(2 * n);
            square += current * current / f64::from(2 * n);
        }
        let m = 4.0 / PI * phi.cos();
        assert!(((0.5 / PI + m / 8.0) / mean - 1.0).abs() < 1e-6);
        let linear = 0.125 + m / (3.0 * PI);
        assert!(
            (linear / square - 1.0).abs() < 0.042,
            "{phi}: {linear} {square}"
        );
    }
}

fn chained() -> Inverter {
    let stage = |resistance_k_per_w: f64, time_constant_s: f64| ThermalStage {
        resistance_k_per_w,
        time_constant_s,
    };
    let mut inverter = fs800();
    if let Device::SiIgbt(s) = &mut inverter.device {
        s.transistor.thermal_chain = vec![
            stage(0.0062, 0.0005),
            stage(0.022, 0.02),
            stage(0.0238, 0.058),
            stage(0.038, 0.45),
            stage(0.01, 2.19),
        ];
        s.diode.thermal_resistance_k_per_w = 1e-9;
    }
    inverter
}

const LOADED: AcPoint = AcPoint {
    current_a: 500.0,
    modulation: 0.8,
    cos_phi: 0.9,
};

/// Between standstill and high frequency the peak falls; the ends are the known ones.
#[test]
fn the_junction_ripples_less_the_faster_the_field_turns() {
    let inverter = chained();
    let model = InverterModel::new(&inverter, 350.0, 338.15).unwrap();
    let peak = |hz: f64| model.peak_junction_k(LOADED, hz).unwrap();
    let mean = model.loss(LOADED).unwrap().junction_k;
    let falls = [0.0, 0.5, 2.0, 5.0, 20.0, 200.0, 1e6].map(peak);
    assert!(falls.windows(2).all(|pair| pair[1] < pair[0]), "{falls:?}");
    assert!(peak(1e7) - mean < 0.1);
    assert!(peak(0.0) > mean + 20.0);
}

/// Without feedback of temperature on loss the answer is Foster's: Σ R (1 − exp(−t/τ)) P.
#[test]
fn an_overload_heats_along_the_foster_chain() {
    let mut inverter = chained();
    if let Device::SiIgbt(s) = &mut inverter.device {
        (s.transistor.threshold_per_k, s.transistor.resistance_per_k) = (0.0, 0.0);
        s.transistor.energy.per_k = 0.0;
    }
    let model = InverterModel::new(&inverter, 350.0, 338.15).unwrap();
    let idle = AcPoint::default();
    let loss = model.loss(LOADED).unwrap();
    let watt = loss.transistor_conduction_w + loss.transistor_switching_w;
    let Device::SiIgbt(s) = &inverter.device else {
        unreachable!()
    };
    for seconds in [1e-3, 0.1, 1.0, 10.0, 30.0] {
        let rise: f64 = s
            .transistor
            .thermal_chain
            .iter()
            .map(|c| c.resistance_k_per_w * watt * (1.0 - (-seconds / c.time_constant_s).exp()))
            .sum();
        let ours = model.junction_after_k(idle, LOADED, seconds).unwrap() - 338.15;
        assert!(
            (ours - rise).abs() < 1e-6 * rise,
            "{seconds}: {ours} {rise}"
        );
    }
}

/// With feedback, a long overload ends where the steady equation says.
#[test]
fn a_long_overload_settles() {
    let inverter = chained();
    let model = InverterModel::new(&inverter, 350.0, 338.15).unwrap();
    let after = |s: f64| {
        model
            .junction_after_k(AcPoint::default(), LOADED, s)
            .unwrap()
    };
    let steady = model.loss(LOADED).unwrap().junction_k;
    assert!(
        (after(60.0) - steady).abs() < 0.05,
        "{} {steady}",
        after(60.0)
    );
    assert!(after(0.01) < after(0.1) && after(0.1) < after(10.0) && after(10.0) < steady + 0.05);
    assert!(model.junction_after_k(LOADED, LOADED, -1.0).is_err());
}

/// R_on over A, E unchanged, R_th over A^0.9; more dies carry more current, less than in proportion.
#[test]
fn die_area_scales_as_stated() {
    let base = chained();
    let double = with_die_area(&base, 2.0).unwrap();
    let (Device::SiIgbt(a), Device::SiIgbt(b)) = (&base.device, &double.device) else {
        unreachable!()
    };
    let ratio = a.transistor.resistance_ohm / b.transistor.resistance_ohm;
    assert!((ratio - 2.0).abs() < 1e-12);
    assert_eq!(a.transistor.energy, b.transistor.energy);
    let thermal = a.diode.thermal_resistance_k_per_w / b.diode.thermal_resistance_k_per_w;
    assert!((thermal - 2.0_f64.powf(0.9)).abs() < 1e-12);
    let rating = |i: &Inverter| junction_rating_rms_a(i, 338.15).unwrap();
    let more = rating(&double) / rating(&base);
    assert!((1.4..2.0).contains(&more), "{more}");
    let family = [0.5, 1.0, 1.5].map(|f| member(&base, f, 338.15).unwrap());
    assert!(
        family
            .windows(2)
            .all(|p| p[0].peak_current_rms_a < p[1].peak_current_rms_a)
    );
    assert!(
        family
            .windows(2)
            .all(|p| p[0].mass_kg < p[1].mass_kg && p[0].id != p[1].id)
    );
    assert!(with_die_area(&base, 0.0).is_err() && with_die_area(&base, f64::NAN).is_err());
}

/// Data that cannot be are refused with the key and the limit.
#[test]
fn impossible_devices_are_named() {
    let refused = |change: &dyn Fn(&mut Inverter)| {
        let mut inverter = chained();
        change(&mut inverter);
        let error = InverterModel::new(&inverter, 350.0, 338.15).unwrap_err();
        error.to_string()
    };
    fn transistor(i: &mut Inverter) -> &mut BipolarPart {
        match &mut i.device {
            Device::SiIgbt(s) => &mut s.transistor,
            Device::SicMosfet(_) => unreachable!(),
        }
    }
    for (message, part) in [
        (
            refused(&|i| i.dc_voltage_max_v = 700.0),
            "dc_voltage_max in V is 700: must be 1 to 650",
        ),
        (
            refused(&|i| i.dead_time_s = 2e-5),
            "dead_time in s is 0.00002: must be 0 to 0.00001",
        ),
        (
            refused(&|i| i.overmodulation = 1.2),
            "overmodulation is 1.2: must be 0 to 1",
        ),
        (
            refused(&|i| i.junction_limit_k = 900.0),
            "junction_limit in K is 900",
        ),
        (refused(&|i| i.diode_area_m2 = 0.0), "diode_area in m² is 0"),
        (
            refused(&|i| transistor(i).resistance_per_k = 0.02),
            "transistor.resistance_per_k is 0.02: must be -0.03996 to 0.00999",
        ),
        (
            refused(&|i| transistor(i).energy.current_exponent = -1.0),
            "transistor.energy.current_exponent is -1: must be 0 to 3",
        ),
        (
            refused(&|i| transistor(i).energy.per_k = f64::NAN),
            "transistor.energy.per_k is NaN",
        ),
        (
            refused(&|i| transistor(i).thermal_chain[3].resistance_k_per_w = 1.0),
            "transistor.thermal_chain",
        ),
    ] {
        assert!(
            message.contains(part) && message.contains("`fs800`"),
            "{message}"
        );
    }
}
