//! What must hold of the pictures of a car, whatever the data.

#[allow(dead_code)]
mod fixture;

use codrive_model::driven_car::{
    Acceleration, CarTrace, DrivenAxle, DrivenCar, DrivenCycle, EnergyFlow, Steady,
    UnitTemperatureTrace,
};
use codrive_model::requirement::{CycleFigure, Judged, Target, VehicleResults};
use codrive_model::summary::EnergyDensity;
use codrive_model::vehicle::Axle;
use codrive_report::car_pictures;

const STEPS: usize = 40;

fn column(f: impl Fn(f64) -> f64) -> Vec<f64> {
    (0..STEPS).map(|i| f(i as f64)).collect()
}

fn car() -> DrivenCar {
    let map = fixture::maps::map(1_800.0, 80e3, 360.0, 150.0);
    let flow = EnergyFlow {
        wall_j: 1_000.0,
        charger_j: 150.0,
        battery_j: 20.0,
        auxiliary_j: 30.0,
        unit_j: 120.0,
        driven_j: 930.0,
        recuperated_j: 250.0,
        rolling_j: 330.0,
        air_j: 320.0,
        friction_j: 30.0,
        kinetic_j: 0.0,
    };
    let figure = CycleFigure {
        cycle: "udds".to_owned(),
        battery_wh_per_km: 110.0,
        wall_wh_per_km: 130.0,
        range_km: 210.0,
        trace_violations: 0,
    };
    DrivenCar {
        schema: 1,
        codrive: "0".to_owned(),
        id: "made-up-car".to_owned(),
        name: "A made-up <car>".to_owned(),
        assumptions: vec!["everything".to_owned()],
        dc_voltage_v: 360.0,
        axles: vec![DrivenAxle {
            axle: Axle::Rear,
            map,
        }],
        axle_split: Some("split even".to_owned()),
        ambient_k: 293.15,
        results: VehicleResults {
            vehicle: "made-up-car".to_owned(),
            targets: vec![Judged::new(Target::ZeroTo100, 7.1, 7.3)],
            figures: vec![],
            cycles: vec![figure],
        },
        cycles: vec![DrivenCycle {
            cycle: "udds".to_owned(),
            distance_m: 1_000.0,
            trace: CarTrace {
                time_s: column(|t| t),
                speed_m_s: column(|t| t / 2.0),
                axles_w: column(|t| 1e3 * t - 9e3),
                terminal_w: column(|t| 1.1e3 * t - 8e3),
                unit_loss_w: column(|t| 500.0 + t),
                friction_w: column(|_| 0.0),
                missing_n: column(|_| 0.0),
                charge: column(|t| 0.5 - 1e-3 * t),
                temperatures: vec![UnitTemperatureTrace {
                    axle: Axle::Rear,
                    winding_k: column(|t| 340.0 + t),
                    stator_k: column(|t| 338.0 + 0.5 * t),
                    rotor_k: column(|t| 338.0 + 0.4 * t),
                    oil_k: column(|t| 330.0 + 0.1 * t),
                }],
            },
            flow,
            densities: vec![EnergyDensity {
                speed_edges_rad_per_s: vec![0.0, 50.0, 100.0],
                torque_edges_nm: vec![-500.0, 0.0, 500.0],
                energy_j: vec![1.0, 2.0, 3.0, 4.0],
            }],
        }],
        acceleration: Acceleration {
            speed_m_s: column(|v| v),
            time_s: column(|v| v / 4.0),
            force_n: column(|v| 6e3 - 50.0 * v),
            units_n: column(|v| (7e3 - 90.0 * v).max(6e3 - 50.0 * v)),
            tyres_n: column(|v| 8e3 - 40.0 * v),
            dc_voltage_v: column(|_| 350.0),
            resistance_n: column(|v| 100.0 + 0.4 * v * v),
        },
        steady: Steady {
            speed_m_s: vec![50.0 / 3.6, 90.0 / 3.6, 120.0 / 3.6],
            battery_j_per_m: vec![300.0, 500.0, 750.0],
            range_m: vec![300e3, 200e3, 130e3],
        },
    }
}

fn file<'a>(files: &'a [(String, String)], name: &str) -> &'a str {
    let found = files.iter().find(|(file, _)| file == name);
    &found.expect("a picture of that name").1
}

#[test]
fn every_picture_is_there_and_the_page_shows_it() {
    let files = car_pictures(&car());
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "udds-trace.svg",
            "udds-flow.svg",
            "udds-map-rear.svg",
            "acceleration.svg",
            "range.svg",
            "vehicle.html"
        ]
    );
    let page = file(&files, "vehicle.html");
    assert_eq!(page.matches("<figure>").count(), 5);
    for part in [
        "A made-up &lt;car&gt;",
        "rear axle, split even;",
        "20 °C",
        "0–100",
    ] {
        assert!(
            page.contains(part) || page.contains(&part.replace(' ', "\u{202f}")),
            "{part}"
        );
    }
    for (name, text) in &files {
        assert!(!text.contains("NaN") && !text.contains("inf\""), "{name}");
    }
}

/// The widths of the energies are told in Wh/km: 1 J/m is 1/3.6 Wh/km.
#[test]
fn energies_are_told_over_the_distance() {
    let files = car_pictures(&car());
    let flow = file(&files, "udds-flow.svg");
    for text in ["from the wall", "recuperated 0.1", "air 0.1", "drive units"] {
        assert!(flow.contains(text), "{text}");
    }
    assert!(
        flow.contains("12.0"),
        "units lose 12 % of the wall's energy"
    );
}

#[test]
fn columns_that_do_not_fit_leave_their_picture_out() {
    let mut short = car();
    short.cycles[0].trace.charge.pop();
    short.acceleration.time_s.pop();
    short.steady.range_m.pop();
    short.cycles[0].flow.wall_j = 0.0;
    let names: Vec<String> = car_pictures(&short).into_iter().map(|f| f.0).collect();
    assert_eq!(names, ["udds-map-rear.svg", "vehicle.html"]);
}
