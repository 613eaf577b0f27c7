//! What a release does not tell changes nothing, and what it tells lies in the intervals that the report
//! states.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod private;
mod programme;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use private::{FILES, fill, leaves, number};
use programme::{Programme, contents, copy, scratch};
use toml::Value;

/// Reader, and the partner whose data change.
const PAIRS: [(&str, &str); 2] = [("bmw", "jlr"), ("jlr", "bmw")];
/// Changes for each reader.
const CHANGES: usize = 100;
/// Largest change of a number that is tried.
const LARGEST: f64 = 0.2;

/// The results of the programme as it is, and its finished sections.
struct Baseline {
    out: PathBuf,
    cache: PathBuf,
}

fn baseline() -> &'static Baseline {
    static BASELINE: OnceLock<Baseline> = OnceLock::new();
    BASELINE.get_or_init(|| {
        let kept = scratch("kept");
        let _ = fs::remove_dir_all(&kept);
        let baseline = Baseline {
            out: kept.join("out"),
            cache: kept.join("cache"),
        };
        let programme = full("baseline", &baseline.cache);
        programme.done(&[]);
        copy(&programme.out(), &baseline.out);
        baseline
    })
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
/// now and then another first year.
fn shake(programme: &Programme, partner: &str, random: &mut Random, largest: f64) {
    for file in FILES {
        let mut tree = Value::Table(private::read(programme, partner, file));
        leaves("", &mut tree, &mut |key, leaf| {
            let Some((value, unit)) = number(key, leaf) else {
                return;
            };
            let by = random.even();
            match leaf {
                Value::Integer(year) if key == "first_year" => {
                    *year += i64::from(by > 0.9) - i64::from(by < -0.9);
                }
                leaf => private::set(leaf, &format!("{:e}", value * (1.0 + largest * by)), &unit),
            }
        });
        private::write(programme, partner, file, tree.as_table().unwrap());
    }
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
    let (mut largest, mut draws, mut kept) = (1e-2, 0, Vec::new());
    while kept.len() < CHANGES {
        draws += 1;
        assert!(draws < 10 * CHANGES, "most changes are told by the release");
        let programme = full(&format!("{reader}-{draws}"), &baseline().cache);
        shake(&programme, other, &mut random, largest);
        let done = programme.run(&[]).status.success();
        if !done || fs::read(programme.out().join(&released)).unwrap() != before {
            largest *= 0.8;
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
        largest = (1.25 * largest).min(LARGEST);
    }
    kept.sort_by(f64::total_cmp);
    println!(
        "{reader}: {CHANGES} changes of {other} in {draws} draws; every number by up to {:.1e} to {:.1e}, half of \
         the draws {:.1e} or more",
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

/// Cars of a partner by id: first year, and cars by year.
fn cars(programme: &Programme, partner: &str) -> Vec<(String, i32, Vec<f64>)> {
    let table = private::read(programme, partner, "vehicles.toml");
    let car = |value: &Value| {
        let volumes = &value["volumes"];
        let cars = volumes["cars_per_year"].as_array().unwrap();
        let year = i32::try_from(volumes["first_year"].as_integer().unwrap()).unwrap();
        let amounts = cars.iter().map(|n| number("cars", n).unwrap().0).collect();
        (value["id"].as_str().unwrap().to_owned(), year, amounts)
    };
    table["vehicle"]
        .as_array()
        .unwrap()
        .iter()
        .map(car)
        .collect()
}

/// By hand, from the other's own files: 7 % a year to 2025, production to 2037, from the first car of all.
#[test]
fn what_the_others_need_lies_where_the_report_says() {
    let programme = full("needs", &baseline().cache);
    let weight = |year: i32| 1.07_f64.powi(2025 - year);
    let all: Vec<_> = ["bmw", "jlr"]
        .iter()
        .flat_map(|p| cars(&programme, p))
        .collect();
    let first = all.iter().map(|(_, year, _)| *year).min().unwrap();
    let years: f64 = (first..=2037).map(weight).sum();
    let read = |file: &str| -> serde_json::Value {
        serde_json::from_slice(&fs::read(baseline().out.join(file)).unwrap()).unwrap()
    };
    let summary = read("clean-team/summary.json");
    let mut told = 0;
    for entry in read("clean-team/inferred.json").as_array().unwrap() {
        let reader = entry["partner"].as_str().unwrap();
        for need in entry["inference"]["needs"].as_array().unwrap() {
            let key = need["kind"].as_str().unwrap().replace(' ', "_");
            let axles = summary["family"]["assignment"].as_array().unwrap().iter();
            let users = axles.filter(|a| a["partner"] != reader && a[&key] == need["module"]);
            let truth: f64 = users
                .map(|axle| {
                    let (_, from, cars) =
                        all.iter().find(|(id, ..)| axle["vehicle"] == **id).unwrap();
                    let by_year = (*from..=2037).zip(cars);
                    by_year.map(|(year, n)| n * weight(year)).sum::<f64>() / years
                })
                .sum();
            let [low, high] =
                [0, 1].map(|i| need["units_per_year"][i].as_f64().unwrap_or(f64::INFINITY));
            assert!(low <= truth && truth <= high, "{reader}: {truth} of {need}");
            assert!(high > 1.2 * low, "{reader} can compute {need}");
            told += 1;
        }
        let whole = summary["cost"]["together_eur"].as_f64().unwrap();
        let pays = summary["cost"]["share_eur"][reader].as_f64().unwrap();
        for (key, value) in [("joint_cost_eur", whole), ("others_pay_eur", whole - pays)] {
            let [low, high] =
                [0, 1].map(|i| entry["inference"][key][i].as_f64().unwrap_or(f64::INFINITY));
            assert!(
                low <= value && value <= high && high > 1.2 * low,
                "{key} of {reader}"
            );
        }
    }
    assert!(told > 4, "{told}");
}
