//! The reference programme's size: every coalition within the gap, in the time of a coffee sip.

mod common;

use codrive_family::{Options, restrict, solve};

#[test]
fn every_coalition_of_a_realistic_programme_closes() {
    for seed in [1, 2, 3] {
        let problem = common::realistic(seed);
        for coalition in [vec![0], vec![1], vec![0, 1]] {
            let part = restrict(&problem, &coalition).problem;
            let clock = std::time::Instant::now();
            let family = solve(&part, &Options::default()).unwrap();
            println!(
                "{seed} {coalition:?}: {:.3} MEUR, unavoidable {:.1}, gap {:.4} %, of avoidable {:.3} %, {:?}, {:.2} s",
                family.cost_eur * 1e-6,
                family.unavoidable_eur * 1e-6,
                family.gap() * 100.0,
                family.gap_of_avoidable() * 100.0,
                family.effort,
                clock.elapsed().as_secs_f64()
            );
            for line in &family.released {
                println!(
                    "   {} users {:?} units {:.0}",
                    part.modules[line.module].id,
                    line.users,
                    line.total_units()
                );
            }
            for v in &part.vehicles {
                print!(
                    "{:?} ",
                    v.splits
                        .iter()
                        .map(|s| s.columns.iter().map(Vec::len).collect::<Vec<_>>())
                        .collect::<Vec<_>>()
                );
            }
            println!();
            assert!(family.gap() <= 0.01);
        }
    }
}
