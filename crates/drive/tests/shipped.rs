//! Every shipped inverter and gear set is read, consistent, and keeps its own ratings.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use codrive_drive::gear::{GearModel, ratio_from_teeth};
use codrive_drive::gear_sizing::stage_size;
use codrive_drive::inverter::scaling::with_die_area;
use codrive_drive::inverter::{AcPoint, InverterModel};
use codrive_model::gear_set::{GearLayout, GearSet};
use codrive_model::input::Source;
use codrive_model::inverter::{Device, Inverter, Technology};

fn files(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../data")
        .join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn inverters() -> Vec<Inverter> {
    files("inverters").iter().map(|file| read(file)).collect()
}

fn gear_sets() -> Vec<GearSet> {
    files("gear_sets").iter().map(|file| read(file)).collect()
}

fn read<T: serde::de::DeserializeOwned>(file: &Path) -> T {
    Source::read(file)
        .unwrap()
        .parse()
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn ids_are_the_names_of_the_files() {
    let stem = |file: &PathBuf| file.file_stem().unwrap().to_str().unwrap().to_owned();
    let inverters: Vec<String> = inverters().into_iter().map(|i| i.id).collect();
    assert_eq!(
        inverters,
        files("inverters").iter().map(stem).collect::<Vec<_>>()
    );
    let gears: Vec<String> = gear_sets().into_iter().map(|g| g.id).collect();
    assert_eq!(
        gears,
        files("gear_sets").iter().map(stem).collect::<Vec<_>>()
    );
    assert!(inverters.len() >= 6 && gears.len() >= 6);
}

/// The 30 s current holds steadily at 65 °C coolant and nominal voltage, motoring and braking.
#[test]
fn junctions_keep_their_limit_at_the_rated_current() {
    for inverter in inverters() {
        let model = InverterModel::new(&inverter, inverter.voltage_class_v, 338.15).unwrap();
        for cos_phi in [-0.9, 0.0, 0.9] {
            let point = AcPoint {
                current_a: inverter.peak_current_a(),
                modulation: 0.9,
                cos_phi,
            };
            let loss = model.loss(point).unwrap();
            let id = &inverter.id;
            let junction_c = loss.junction_k - 273.15;
            println!(
                "{id}: cos {cos_phi}: {junction_c:.0} °C, {:.0} W",
                loss.total_w
            );
            assert!(
                loss.junction_k <= inverter.junction_limit_k,
                "{id}: {junction_c}"
            );
        }
    }
}

/// The inverters of a technology and class are one device with more or fewer dies: area, resistance
/// and thermal resistance scale as [`with_die_area`] says, to the digits written.
#[test]
fn shipped_families_follow_from_their_first_member() {
    let all = inverters();
    for inverter in &all {
        let base = all
            .iter()
            .find(|i| {
                i.technology() == inverter.technology()
                    && i.voltage_class_v == inverter.voltage_class_v
            })
            .unwrap();
        let factor = inverter.transistor_area_m2 / base.transistor_area_m2;
        let scaled = with_die_area(base, factor).unwrap();
        let values = |i: &Inverter| match &i.device {
            Device::SiIgbt(s) => [&s.transistor, &s.diode]
                .map(|p| [p.resistance_ohm, p.thermal_resistance_k_per_w])
                .concat(),
            Device::SicMosfet(s) => vec![s.resistance_ohm, s.thermal_resistance_k_per_w],
        };
        for (ours, shipped) in values(&scaled).iter().zip(values(inverter)) {
            assert!(
                (ours / shipped - 1.0).abs() < 2e-3,
                "{}: {ours} {shipped}",
                inverter.id
            );
        }
        assert!((scaled.diode_area_m2 - inverter.diode_area_m2).abs() < 1e-9);
    }
}

/// With a field that turns slowly the hottest switch is above its mean; a 10 s overload from rest
/// ends close below the settled temperature, as the chains settle within seconds.
#[test]
fn every_shipped_inverter_has_a_thermal_chain() {
    for inverter in inverters() {
        let model = InverterModel::new(&inverter, inverter.voltage_class_v, 338.15).unwrap();
        let point = AcPoint {
            current_a: 0.6 * inverter.peak_current_a(),
            modulation: 0.3,
            cos_phi: 0.9,
        };
        let mean = model.loss(point).unwrap().junction_k;
        let (slow, fast) = (
            model.peak_junction_k(point, 2.0).unwrap(),
            model.peak_junction_k(point, 500.0).unwrap(),
        );
        let after = model
            .junction_after_k(AcPoint::default(), point, 10.0)
            .unwrap();
        println!(
            "{}: mean {mean:.1}, 2 Hz {slow:.1}, 500 Hz {fast:.1}, 10 s {after:.1} K",
            inverter.id
        );
        assert!(slow > fast && fast > mean && fast < mean + 8.0);
        assert!(after < mean + 0.1 && after > mean - 3.0);
    }
}

/// At the same voltage and current silicon carbide loses less.
#[test]
fn silicon_carbide_loses_less_at_400_v() {
    let loss = |id: &str| {
        let inverter = inverters().into_iter().find(|i| i.id == id).unwrap();
        let model = InverterModel::new(&inverter, 360.0, 338.15).unwrap();
        let point = AcPoint {
            current_a: 150.0,
            modulation: 0.6,
            cos_phi: 0.9,
        };
        (inverter.technology(), model.loss(point).unwrap().total_w)
    };
    let (si, sic) = (loss("si-400v-450a"), loss("sic-400v-450a"));
    assert_eq!((si.0, sic.0), (Technology::SiIgbt, Technology::SicMosfet));
    assert!(sic.1 < 0.7 * si.1, "{si:?} {sic:?}");
}

#[test]
fn teeth_make_the_ratio_and_are_no_smaller_than_the_sizing_asks() {
    for set in gear_sets() {
        let id = &set.id;
        GearModel::new(&set).unwrap();
        assert!(
            (ratio_from_teeth(&set) / set.ratio - 1.0).abs() < 1e-3,
            "{id}"
        );
        let mut torque = set.rated_input_torque_nm;
        for stage in set.stages.iter().filter(|stage| !stage.internal) {
            let sharing = stage.load_share;
            let size = stage_size(
                torque * sharing / f64::from(stage.meshes),
                stage.tooth_ratio(),
            );
            let a = stage.centre_distance_m();
            assert!(a >= size.centre_distance_m * 0.999, "{id}: {a} {size:?}");
            torque *= stage.tooth_ratio();
        }
    }
}

/// The sun, stepped planet and ring share one axis distance.
#[test]
fn planetary_sets_are_coaxial() {
    for set in gear_sets()
        .iter()
        .filter(|s| s.layout == GearLayout::CoaxialPlanetary)
    {
        let [sun, ring] = &set.stages[..] else {
            panic!("{} has two meshes", set.id)
        };
        assert!(!sun.internal && ring.internal);
        let miss = sun.centre_distance_m() / ring.centre_distance_m() - 1.0;
        assert!(miss.abs() < 2e-3, "{}: {miss}", set.id);
    }
}

/// Concept-level efficiencies: 95 to 99.5 % at half torque, drag of 0.15 to 0.6 Nm without load.
#[test]
fn efficiencies_are_those_of_passenger_car_gears() {
    for set in gear_sets() {
        let model = GearModel::new(&set).unwrap();
        let at_speed = model.at_speed(600.0);
        let half = 0.5 * set.rated_input_torque_nm;
        let efficiency = at_speed.axle_nm(half) / (half * set.ratio);
        let drag = at_speed.lost_nm(0.0);
        println!("{}: {:.2} %, drag {drag:.2} Nm", set.id, 100.0 * efficiency);
        assert!(
            (0.95..0.995).contains(&efficiency),
            "{}: {efficiency}",
            set.id
        );
        assert!((0.15..0.6).contains(&drag), "{}: {drag}", set.id);
    }
}
