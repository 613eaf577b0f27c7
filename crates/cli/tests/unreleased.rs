//! What a release does not tell changes nothing, and what it tells lies in the intervals that the report
//! states.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod intervals;
mod private;
mod programme;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use intervals::check_intervals;
use private::{FILES, fill, leaves, number};
use programme::{Baseline, Programme, contents};
use toml::Value;

/// Reader, and the partner whose data change.
const PAIRS: [(&str, &str); 2] = [("bmw", "jlr"), ("jlr", "bmw")];
/// Changes for each reader.
const CHANGES: usize = 100;
/// Largest change of a number that is tried.
const LARGEST: f64 = 0.2;

fn baseline() -> &'static Baseline {
    static BASELINE: OnceLock<Baseline> = OnceLock::new();
    BASELINE.get_or_init(|| Baseline::of(|cache| full("baseline", cache)))
}

/// The small programme with every key, without what only the clean team reads.
fn full(name: &str, cache: &Path) -> Programme {
    let programme = Programme::tiny_with_cache(name, cache);
    fill(&programme);
    let plan = "scenarios = 0\n[tradeoffs]\npoints = 0";
    programme.replace("programme.toml", "scenarios = 20", plan);
    programme
}

/// splitmix64 (Steele, Lea & Flood 2014), seeded, so that the draws are the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From -1 to 1.
    #[allow(clippy::cast_precision_loss)]
    fn even(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

/// Every number of a partner's files times a random factor of its own, at most `largest` away from one;
/// now and then another first year; whether there was one.
fn shake(programme: &Programme, partner: &str, random: &mut Random, largest: f64) -> bool {
    let mut moved = false;
    for file in FILES {
        let mut tree = Value::Table(private::read(programme, partner, file));
        leaves("", &mut tree, &mut |key, leaf| {
            let Some((value, unit)) = number(key, leaf) else {
                return;
            };
            let by = random.even();
            match leaf {
                Value::Integer(year) if key == "first_year" => {
                    let years = i64::from(by > 0.8) - i64::from(by < -0.8);
                    moved |= years != 0;
                    *year += years;
                }
                leaf => private::set(leaf, &format!("{:e}", value * (1.0 + largest * by)), &unit),
            }
        });
        private::write(programme, partner, file, tree.as_table().unwrap());
    }
    moved
}

/// The exact joint money of a run, EUR.
fn money(out: &Path) -> f64 {
    let path = out.join("clean-team/summary.json");
    let summary: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    summary["cost"]["together_eur"].as_f64().unwrap()
}

/// Random changes of every number at once, each by its own factor, as large as the release's bands allow:
/// the reach grows with every change that the release does not tell and shrinks with every other. Every
/// file is compared.
fn changes_that_no_release_tells((reader, other): (&str, &str), seed: u64) {
    let released = format!("clean-team/released/{reader}.json");
    let before = fs::read(baseline().out.join(&released)).unwrap();
    let folder = contents(&baseline().out.join(reader));
    let mut amounts = BTreeSet::from([money(&baseline().out).to_bits()]);
    let mut random = Random(seed);
    let (mut largest, mut draws, mut years, mut kept) = (1e-2, 0, 0, Vec::new());
    while kept.len() < CHANGES {
        draws += 1;
        assert!(draws < 10 * CHANGES, "most changes are told by the release");
        let programme = full(&format!("{reader}-{draws}"), &baseline().cache);
        let moved = shake(&programme, other, &mut random, largest);
        let done = programme.run(&[]).status.success();
        if !done || fs::read(programme.out().join(&released)).unwrap() != before {
            // That a year moved says nothing of the reach.
            largest *= if moved { 1.0 } else { 0.8 };
            continue;
        }
        let new = amounts.insert(money(&programme.out()).to_bits());
        assert!(new, "the joint money is the same");
        let now = contents(&programme.out().join(reader));
        assert!(
            now == folder,
            "{reader}'s folder differs after {draws} draws"
        );
        kept.push(largest);
        years += usize::from(moved);
        largest = (1.25 * largest).min(LARGEST);
    }
    kept.sort_by(f64::total_cmp);
    println!(
        "{reader}: {CHANGES} changes of {other} in {draws} draws, {years} of them with another first year; every \
         number by up to {:.1e} to {:.1e}, half of the draws {:.1e} or more",
        kept[0],
        kept[CHANGES - 1],
        kept[CHANGES / 2]
    );
    assert!(kept[CHANGES / 2] > 1e-4, "only minute changes go untold");
}

#[test]
fn changes_of_the_second_partner_that_no_release_tells_change_no_folder() {
    changes_that_no_release_tells(PAIRS[0], 1);
}

#[test]
fn changes_of_the_first_partner_that_no_release_tells_change_no_folder() {
    changes_that_no_release_tells(PAIRS[1], 2);
}

#[test]
fn what_the_others_need_lies_where_the_report_says() {
    let programme = full("needs", &baseline().cache);
    let told = check_intervals(&programme.folder(), &baseline().out, 1.2);
    assert!(told > 4, "{told}");
}
