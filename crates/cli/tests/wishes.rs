//! Private wishes: kept, priced, shown to their owner and the clean team, and to nobody else.

#![allow(clippy::unwrap_used, clippy::panic)]

mod programme;

use std::sync::OnceLock;

use programme::{Programme, contents};
use serde_json::Value;

const WISHES: &str = r#"schema = 1
[[wish]]
name = "inverters are our own matter"
own = "inverter"
[[wish]]
name = "no silicon under our cars"
without = { inverter-technology = "si-igbt" }
"#;

/// The same programme with and without wishes of one partner.
fn runs() -> &'static (Programme, Programme) {
    static RUNS: OnceLock<(Programme, Programme)> = OnceLock::new();
    RUNS.get_or_init(|| {
        let free = Programme::tiny("free");
        free.done(&[]);
        let bound = Programme::tiny_with_cache("bound", free.cache());
        bound.write("jlr/wishes.toml", WISHES);
        bound.done(&[]);
        (free, bound)
    })
}

fn prices(programme: &Programme, reader: &str) -> Vec<Value> {
    let summary = programme.json(&format!("{reader}/summary.json"));
    let wishes = &summary["cost"]["study"]["wishes"];
    wishes.as_array().cloned().unwrap_or_default()
}

#[test]
fn the_family_keeps_them() {
    let summary = runs().1.json("clean-team/summary.json");
    let axles = summary["family"]["assignment"].as_array().unwrap();
    for axle in axles.iter().filter(|axle| axle["partner"] == "jlr") {
        let joint = axle["joint"].as_array().unwrap();
        assert!(joint.iter().all(|module| module != "inverter"), "{axle}");
        let inverter = axle["inverter"].as_str().unwrap();
        assert!(inverter.starts_with("sic-"), "{axle}");
    }
}

#[test]
fn each_has_a_price_within_what_is_proven() {
    let (free, bound) = runs();
    assert!(prices(free, "clean-team").is_empty());
    let prices = prices(bound, "clean-team");
    assert_eq!(prices.len(), 2);
    for price in &prices {
        let [eur, least, most] =
            ["eur", "least_eur", "most_eur"].map(|key| price[key].as_f64().unwrap());
        assert!(
            0.0 <= least && least <= eur + 1.0 && eur <= most + 1.0,
            "{price}"
        );
    }
    let cost = |programme: &Programme| {
        let summary = programme.json("clean-team/summary.json");
        let figure = |key: &str| summary["family"][key].as_f64().unwrap();
        (figure("lower_bound_eur"), figure("cost_eur"))
    };
    assert!(cost(free).0 <= cost(bound).1, "wishes save nothing");
}

#[test]
fn nobody_else_reads_them() {
    let (_, bound) = runs();
    assert_eq!(prices(bound, "jlr").len(), 2);
    assert!(prices(bound, "bmw").is_empty());
    for price in prices(bound, "jlr") {
        let eur = price["eur"].as_f64().unwrap();
        assert_eq!(eur % 10e6, 0.0, "rounded for its owner: {price}");
    }
    for (file, bytes) in contents(&bound.out().join("bmw")) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("our own matter"), "{file}");
        assert!(!text.contains("under our cars"), "{file}");
    }
}

#[test]
fn a_wish_that_leaves_nothing_is_named() {
    let programme = Programme::tiny_with_cache("nothing", runs().0.cache());
    let wish = "schema = 1\n[[wish]]\nname = \"no two-stage sets\"\n\
                without = { gear-layout = \"offset-two-stage\" }\n[[wish]]\nname = \"no planetary sets\"\n\
                without = { gear-layout = \"coaxial-planetary\" }\n";
    programme.write("jlr/wishes.toml", wish);
    let output = programme.run(&[]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(
        text.contains("under the wishes `no two-stage sets` of `jlr`"),
        "{text}"
    );
}
