//! How two axles share the force: exact least loss, rules, and the drag of an axle at rest.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use codrive_model::vehicle::Axle;
use codrive_vehicle::{AxleDrive, CycleResult, DriveCycle, Options, Split, simulate_cycle};
use common::{I3_SIZED, Motor, all_wheel, cycle, drive, open_axle, uneven_drive_map};

fn run(two: &[AxleDrive<'_>], cycle: &DriveCycle, split: Split) -> CycleResult {
    let options = Options {
        split,
        keep_trace: true,
        ..Options::default()
    };
    simulate_cycle(&all_wheel(), two, cycle, options).unwrap()
}

/// A step of a second at a speed and an acceleration.
fn moment(speed_m_s: f64, acceleration_m_s2: f64) -> DriveCycle {
    let (from, to) = (
        speed_m_s - 0.5 * acceleration_m_s2,
        speed_m_s + 0.5 * acceleration_m_s2,
    );
    DriveCycle::parse("moment", &format!("time_s,speed_m_s\n0,{from}\n1,{to}\n")).unwrap()
}

#[test]
fn least_loss_is_what_a_fine_scan_finds() {
    let weak = uneven_drive_map(Motor {
        loss: 1.4,
        ratio: 8.3,
        ..I3_SIZED
    });
    let good = uneven_drive_map(I3_SIZED);
    let two = [(Axle::Front, &weak), (Axle::Rear, &good)].map(|(axle, map)| drive(axle, map));
    for speed in [3.0, 9.0, 21.0, 33.0] {
        for acceleration in [-2.4, -1.0, -0.2, 0.0, 0.4, 1.3, 2.6] {
            let cycle = moment(speed, acceleration);
            let best = run(&two, &cycle, Split::LeastLoss);
            let scan = (0..=400).map(|i| f64::from(i) / 400.0);
            let fine = scan
                .map(|front| run(&two, &cycle, Split::Fixed(front)))
                .filter(|fixed| fixed.violations.missing_j <= best.violations.missing_j + 1e-6)
                .map(|fixed| fixed.terminal_j)
                .fold(f64::INFINITY, f64::min);
            // Never worse than the scan; better by no more than its step of 1/400 explains.
            let scale = fine.abs().max(1000.0);
            assert!(
                best.terminal_j <= fine + 1e-9 * scale,
                "{speed} {acceleration}"
            );
            assert!(
                best.terminal_j >= fine - 2e-3 * scale,
                "{speed} {acceleration}"
            );
        }
    }
}

#[test]
fn an_axle_at_rest_takes_its_drag_and_its_clutch() {
    let map = uneven_drive_map(I3_SIZED);
    let open = open_axle(&map);
    let two = [Axle::Front, Axle::Rear].map(|axle| AxleDrive {
        open: (axle == Axle::Front).then_some(&open),
        ..drive(axle, &map)
    });
    let rule = Split::Rule {
        alone: Axle::Rear,
        below_n: 1e9,
        front: 0.5,
    };
    let result = run(&two, &moment(20.0, 0.0), rule);
    let (row, speed) = (result.trace[0], 20.0 / all_wheel().body.wheel_radius_m);
    assert_eq!(row.first_torque_nm, -3.0);
    assert!((row.unit_loss_w[0] - (3.0 * speed + 10.0)).abs() < 1e-9);
    // The rear unit carries the road and the drag.
    let road_w = result.road_load_j;
    let rear_w = row.second_torque_nm * speed;
    assert!((rear_w - road_w - 3.0 * speed).abs() < 1e-6 * road_w);
    // At rest is cheaper here than engaged; the least loss finds it.
    let least = run(&two, &moment(20.0, 0.0), Split::LeastLoss);
    assert_eq!(least.terminal_j, result.terminal_j);
}

#[test]
fn the_rule_holds_below_its_force_and_the_share_above() {
    let map = uneven_drive_map(I3_SIZED);
    let two = [Axle::Front, Axle::Rear].map(|axle| AxleDrive {
        inertia_kg_m2: 0.0,
        ..drive(axle, &map)
    });
    let rule = Split::Rule {
        alone: Axle::Front,
        below_n: 2000.0,
        front: 0.4,
    };
    let result = run(&two, &cycle("us06"), rule);
    let radius = all_wheel().body.wheel_radius_m;
    let (mut below, mut above) = (0, 0);
    for row in &result.trace {
        let (front, rear) = (row.first_torque_nm, row.second_torque_nm);
        if (0.0..1990.0 * radius).contains(&(front + rear)) {
            assert_eq!(rear, 0.0);
            below += 1;
        } else if front > 0.0 && rear > 0.0 && rear < 1500.0 {
            assert!((front - 0.4 * (front + rear)).abs() < 1e-6 * front);
            above += 1;
        }
    }
    assert!(below > 100 && above > 20, "{below} {above}");
}

#[test]
fn closing_brings_the_unit_up_to_speed() {
    let map = uneven_drive_map(I3_SIZED);
    let open = open_axle(&map);
    let two = [Axle::Front, Axle::Rear].map(|axle| AxleDrive {
        inertia_kg_m2: 3.0,
        open: (axle == Axle::Front).then_some(&open),
        ..drive(axle, &map)
    });
    let rule = |below_n| Split::Rule {
        alone: Axle::Rear,
        below_n,
        front: 0.5,
    };
    let text = "time_s,speed_m_s\n0,20\n1,20\n2,22\n";
    let cycle = DriveCycle::parse("step", text).unwrap();
    let (closing, engaged) = (
        run(&two, &cycle, rule(1000.0)),
        run(&two, &cycle, rule(0.0)),
    );
    let speed = 21.0 / all_wheel().body.wheel_radius_m;
    let spent = closing.trace[1].terminal_w - engaged.trace[1].terminal_w;
    assert!(
        (spent - 0.5 * 3.0 * speed * speed).abs() < 1e-6 * spent,
        "{spent}"
    );
}

#[test]
fn rules_that_are_none_are_refused() {
    let map = uneven_drive_map(I3_SIZED);
    let two = [Axle::Front, Axle::Rear].map(|axle| AxleDrive {
        inertia_kg_m2: 0.0,
        ..drive(axle, &map)
    });
    for (below_n, front, message) in [(-1.0, 0.5, "rule's force"), (10.0, 1.5, "share of 1.5")] {
        let split = Split::Rule {
            alone: Axle::Front,
            below_n,
            front,
        };
        let options = Options {
            split,
            ..Options::default()
        };
        let error = simulate_cycle(&all_wheel(), &two, &cycle("nycc"), options).unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
    }
    let mut open = open_axle(&map);
    open.drag_nm.pop();
    let mut short = two;
    short[0].open = Some(&open);
    let error = simulate_cycle(&all_wheel(), &short, &cycle("nycc"), Options::default());
    assert!(error.unwrap_err().to_string().contains("open axle"));
}
