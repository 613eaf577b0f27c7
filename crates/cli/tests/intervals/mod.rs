//! The intervals that a reader can compute about the others, against the others' own files.

#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss
)]

use std::fs;
use std::path::Path;

use serde_json::Value;
use toml::Table;

/// A car and how many are built.
struct Car {
    id: String,
    first_year: i32,
    by_year: Vec<f64>,
}

/// Checks every interval of `inferred.json`: the truth lies in it, and its ends are `apart` or more, as a
/// ratio; gives how many needs there were. By hand from the files: each year weighted by what it is worth
/// in the base year, from the first car of all to the last year.
pub(crate) fn check_intervals(folder: &Path, out: &Path, apart: f64) -> usize {
    let programme = table(&folder.join("programme.toml"));
    let economics = &programme["economics"];
    let number = |key: &str| economics[key].as_integer().unwrap();
    let percent: f64 = economics["discount_rate"]
        .as_str()
        .unwrap()
        .trim_end_matches([' ', '%'])
        .parse()
        .unwrap();
    let (base, last) = (number("base_year") as i32, number("last_year") as i32);
    let weight = |year: i32| (1.0 + percent / 100.0).powi(base - year);
    let partners = programme["partners"].as_array().unwrap().iter();
    let cars: Vec<Car> = partners
        .flat_map(|p| cars(folder, p.as_str().unwrap()))
        .collect();
    let first = cars.iter().map(|car| car.first_year).min().unwrap();
    let years: f64 = (first..=last).map(weight).sum();
    let yearly = |vehicle: &Value| -> f64 {
        let car = cars.iter().find(|car| *vehicle == *car.id).unwrap();
        let counted = (car.first_year..=last).zip(&car.by_year);
        counted.map(|(year, n)| n * weight(year)).sum::<f64>() / years
    };
    let summary = json(&out.join("clean-team/summary.json"));
    let mut told = 0;
    for entry in json(&out.join("clean-team/inferred.json"))
        .as_array()
        .unwrap()
    {
        let (reader, inference) = (&entry["partner"], &entry["inference"]);
        for need in inference["needs"].as_array().unwrap() {
            let key = need["kind"].as_str().unwrap().replace(' ', "_");
            let axles = summary["family"]["assignment"].as_array().unwrap().iter();
            let users = axles.filter(|a| a["partner"] != *reader && a[&key] == need["module"]);
            let truth: f64 = users.map(|axle| yearly(&axle["vehicle"])).sum();
            holds(
                &need["units_per_year"],
                truth,
                apart,
                &format!("{reader}: {need}"),
            );
            told += 1;
        }
        let whole = summary["cost"]["together_eur"].as_f64().unwrap();
        let pays = summary["cost"]["share_eur"][reader.as_str().unwrap()]
            .as_f64()
            .unwrap();
        for (key, truth) in [("joint_cost_eur", whole), ("others_pay_eur", whole - pays)] {
            holds(&inference[key], truth, apart, &format!("{key} of {reader}"));
        }
    }
    told
}

/// Infinity is null in JSON.
fn holds(interval: &Value, truth: f64, apart: f64, what: &str) {
    let [low, high] = [0, 1].map(|i| interval[i].as_f64().unwrap_or(f64::INFINITY));
    assert!(low <= truth && truth <= high, "{truth} is not in {what}");
    assert!(high > apart * low, "{what} is too narrow");
}

fn cars(folder: &Path, partner: &str) -> Vec<Car> {
    let file = table(&folder.join(partner).join("vehicles.toml"));
    let car = |value: &toml::Value| Car {
        id: value["id"].as_str().unwrap().to_owned(),
        first_year: value["volumes"]["first_year"].as_integer().unwrap() as i32,
        by_year: value["volumes"]["cars_per_year"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| {
                n.as_float()
                    .unwrap_or_else(|| n.as_integer().unwrap() as f64)
            })
            .collect(),
    };
    file["vehicle"]
        .as_array()
        .unwrap()
        .iter()
        .map(car)
        .collect()
}

fn table(file: &Path) -> Table {
    fs::read_to_string(file).unwrap().parse().unwrap()
}

fn json(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}
