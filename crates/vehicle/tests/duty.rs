//! Days in a fleet and repeated accelerations: sums, bookkeeping, heat.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::path::Path;

use codrive_model::duty::{Duty, Part};
use codrive_model::input::Source;
use codrive_model::unit_heat::{Lump, UnitHeat};
use codrive_model::vehicle::Axle;
use codrive_vehicle::performance::{Performance, TEST_CHARGE};
use codrive_vehicle::{
    AxleDrive, CycleSet, DayResult, DriveCycle, Options, Repeated, Split, VehicleError, drive_day,
    repeated_accelerations, simulate_cycle,
};
use common::{I3_SIZED, cycle, drive, hatch, heat, uneven_drive_map};

fn duty(name: &str) -> Duty {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/duties");
    let source = Source::read(&root.join(format!("{name}.toml"))).unwrap();
    let duty = Duty::read(&source).unwrap_or_else(|error| panic!("{error:?}"));
    assert_eq!(duty.id, name);
    duty
}

fn cycles(duty: &Duty) -> CycleSet {
    let names = duty.parts.iter().filter_map(|part| match part {
        Part::Drive { cycle, .. } => Some(cycle.as_str()),
        Part::Stop { .. } | Part::Charge { .. } => None,
    });
    names.map(cycle).collect()
}

fn day(duty: &Duty, heat: &UnitHeat) -> Result<DayResult, VehicleError> {
    let map = uneven_drive_map(I3_SIZED);
    let one = [AxleDrive {
        heat: Some(heat),
        ..drive(Axle::Rear, &map)
    }];
    drive_day(&hatch(), &one, Split::Fixed(1.0), duty, &cycles(duty))
}

#[test]
fn a_shipped_day_adds_up() {
    for name in ["robotaxi-city-day", "ride-sharing-day"] {
        let duty = duty(name);
        let result = day(&duty, &heat()).unwrap();
        assert_eq!(result.parts.len(), duty.parts.len());
        assert!(result.empty_in.is_none());
        let total_s = result.sum(|part| part.duration_s);
        println!(
            "{name}: {:.1} h, {:.0} km, {:.1} kWh from the wall",
            total_s / 3600.0,
            result.sum(|part| part.distance_m) / 1e3,
            result.sum(|part| part.wall_j) / 3.6e6
        );
        // Charge follows from what left the cells, and the parts follow one another.
        let usable_j = hatch().battery.usable_energy_j;
        let (mut charge, mut time_s) = (duty.start_charge, 0.0);
        for part in &result.parts {
            assert!((part.start_s - time_s).abs() < 1e-6);
            charge -= part.battery_j / usable_j;
            time_s += part.duration_s;
            assert!((part.end_charge - charge).abs() < 1e-9, "{}", part.what);
        }
        // What the wall gave: the cells' gain and the car's own power, over the efficiency.
        let own_w = hatch().auxiliary_power_w + duty.extra_power_w;
        for part in result.parts.iter().filter(|part| part.what == "charge") {
            let given = part.wall_j * hatch().charger_efficiency;
            let taken = own_w * part.duration_s - part.battery_j;
            assert!((given - taken).abs() <= 1e-9 * given.max(1.0));
        }
        let spectrum = &result.spectra[0];
        for times in [&spectrum.load_s, &spectrum.winding_s, &spectrum.rotor_s] {
            let sum: f64 = times.iter().sum();
            assert!((sum - total_s).abs() < 1e-6 * total_s, "{sum} {total_s}");
        }
    }
}

#[test]
fn a_day_of_one_cycle_is_that_cycle_and_cools_in_its_stop() {
    let warm = heat();
    let day_of = |parts: Vec<Part>| Duty {
        id: "test".to_owned(),
        name: "test".to_owned(),
        source: "test".to_owned(),
        assumptions: Vec::new(),
        start_charge: 0.5,
        extra_power_w: 0.0,
        parts,
    };
    let driven = Part::Drive {
        cycle: "us06".to_owned(),
        times: 1,
        payload_kg: 120.0,
        grade: 0.01,
    };
    let stop = Part::Stop { seconds: 7200.0 };
    let result = day(&day_of(vec![driven, stop]), &warm).unwrap();
    let map = uneven_drive_map(I3_SIZED);
    let one = [AxleDrive {
        heat: Some(&warm),
        ..drive(Axle::Rear, &map)
    }];
    let options = Options {
        split: Split::Fixed(1.0),
        payload_kg: 120.0,
        grade: 0.01,
        ..Options::default()
    };
    let alone = simulate_cycle(&hatch(), &one, &cycle("us06"), options).unwrap();
    assert_eq!(result.parts[0].end_charge, alone.end_charge);
    assert_eq!(
        result.parts[0].unit_k[0],
        alone.temperatures[0].unwrap().end_k
    );
    let hot = result.parts[0].unit_k[0][Lump::Winding as usize];
    let cold = result.parts[1].unit_k[0][Lump::Winding as usize];
    assert!(
        hot > warm.coolant_k + 5.0 && cold < warm.coolant_k + 0.5,
        "{hot} {cold}"
    );
}

#[test]
fn what_cannot_be_driven_is_said() {
    let mut long = duty("robotaxi-city-day");
    long.parts
        .retain(|part| !matches!(part, Part::Charge { .. }));
    let result = day(&long, &heat()).unwrap();
    let empty = result.empty_in.unwrap();
    assert_eq!(empty + 1, result.parts.len());
    assert!(result.parts[empty].end_charge < 0.0 && result.parts[empty - 1].end_charge >= 0.0);
    let mut weak = duty("robotaxi-city-day");
    for part in &mut weak.parts {
        if let Part::Charge { power_w, .. } = part {
            *power_w = 1000.0;
        }
    }
    let error = day(&weak, &heat()).unwrap_err().to_string();
    assert!(error.contains("charging with 1000 W"), "{error}");
    let map = uneven_drive_map(I3_SIZED);
    let one = [AxleDrive {
        inertia_kg_m2: 1.0,
        ..drive(Axle::Rear, &map)
    }];
    let none = CycleSet::default();
    let error = drive_day(&hatch(), &one, Split::Fixed(1.0), &weak, &none).unwrap_err();
    assert!(error.to_string().contains("`nycc`"), "{error}");
}

const TO_100: Repeated = Repeated {
    from_m_s: 0.0,
    to_m_s: 100.0 / 3.6,
    count: 12,
    pause_s: 20.0,
};

#[test]
fn repeated_accelerations_become_slower_where_heat_limits_them() {
    let map = uneven_drive_map(I3_SIZED);
    let one = |heat| {
        [vec![AxleDrive {
            heat,
            ..drive(Axle::Rear, &map)
        }]]
    };
    let runs = |heat, what: &Repeated| {
        repeated_accelerations(&hatch(), &one(heat), TEST_CHARGE, what).unwrap()
    };
    let cold = runs(None, &TO_100);
    let performance = Performance::new(&hatch(), &one(None)[0])
        .unwrap()
        .time_s(0.0, TO_100.to_m_s);
    for run in &cold {
        let time_s = run.time_s.unwrap();
        assert!(
            (time_s / performance - 1.0).abs() < 5e-3,
            "{time_s} {performance}"
        );
    }
    let mut tight = heat();
    tight.winding_limit_k = tight.coolant_k + 45.0;
    let hot = runs(Some(&tight), &TO_100);
    let times: Vec<f64> = hot.iter().map(|run| run.time_s.unwrap()).collect();
    println!("{times:.2?}");
    assert!((times[0] / performance - 1.0).abs() < 5e-3);
    assert!(times[11] > 1.05 * times[0] && hot[11].least_released < 1.0);
    // The longer pause, the cooler and the faster.
    let rested = Repeated {
        pause_s: 120.0,
        ..TO_100
    };
    let rested = runs(Some(&tight), &rested);
    assert!(rested[11].time_s.unwrap() < times[11]);
    let never = Repeated {
        to_m_s: 80.0,
        count: 1,
        ..TO_100
    };
    let never = runs(None, &never);
    assert_eq!(never[0].time_s, None);
}

#[test]
fn a_motorway_hour_derates_where_the_unit_cannot_hold_it() {
    let map = uneven_drive_map(I3_SIZED);
    let rows: String = (0..=3600)
        .map(|t| format!("{t},{}\n", 130.0 / 3.6))
        .collect();
    let hour = DriveCycle::parse("hour", &format!("time_s,speed_m_s\n{rows}")).unwrap();
    let run = |heat: &UnitHeat| {
        let one = [AxleDrive {
            heat: Some(heat),
            ..drive(Axle::Rear, &map)
        }];
        simulate_cycle(&hatch(), &one, &hour, Options::default()).unwrap()
    };
    // A winding that passes little of its heat on.
    let mut tight = heat();
    for conductance in &mut tight.conductance_w_per_k {
        conductance[0] = [8.0, -6.5, -1.0, 0.0];
        conductance[1][0] = -6.5;
    }
    let held = run(&tight);
    assert_eq!(held.violations.count, 0);
    let rise_k = held.temperatures[0].unwrap().winding_k - tight.coolant_k;
    tight.winding_limit_k = tight.coolant_k + 0.8 * rise_k;
    let derated = run(&tight);
    let warm = derated.temperatures[0].unwrap();
    assert!(warm.least_released < 1.0 && derated.violations.missing_j > 0.0);
    assert!(
        warm.winding_k <= tight.winding_limit_k,
        "{}",
        warm.winding_k
    );
}
