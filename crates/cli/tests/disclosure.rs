//! Who may see what: a partner's folder is a function of its release and its own inputs.
//!
//! Every private number of one partner, under every key that its files may carry, is changed to a value
//! that is found nowhere else, and looked for in what the other receives.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod private;
mod programme;

use std::collections::BTreeSet;
use std::fs;
use std::sync::OnceLock;

use private::{FILES, WORD, fill, keys_left_out, leaves, mark, number, numbers_by_key};
use programme::{Baseline, Programme, contents};
use toml::Value;

/// How far canaries lie from what was there: near enough that the same units serve.
const RELATIVE: f64 = 2e-3;
/// Reader, and the partner of whom it must learn nothing else than its release says.
const PAIRS: [(&str, &str); 2] = [("bmw", "jlr"), ("jlr", "bmw")];

fn baseline() -> &'static Baseline {
    static BASELINE: OnceLock<Baseline> = OnceLock::new();
    BASELINE.get_or_init(|| {
        Baseline::of(|cache| {
            let programme = Programme::tiny_with_cache("baseline", cache);
            fill(&programme);
            programme
        })
    })
}

/// What was planted: numbers, and years, which have no seven digits.
#[derive(Default)]
struct Planted {
    numbers: Vec<f64>,
    years: Vec<i64>,
    keys: BTreeSet<String>,
}

/// The programme with a canary in every number and every text of another's private files. Years become
/// years that are in no other file. Two plantings differ by how far `apart` canaries are from the numbers they replace.
fn with_canaries(name: &str, other: &str, apart: f64) -> (Programme, Planted) {
    let programme = Programme::tiny_with_cache(name, &baseline().cache);
    fill(&programme);
    let mut planted = Planted::default();
    for file in FILES {
        let mut tree = Value::Table(private::read(&programme, other, file));
        leaves("", &mut tree, &mut |key, leaf| {
            mark(key, leaf);
            plant(key, leaf, apart, &mut planted);
        });
        private::write(&programme, other, file, tree.as_table().unwrap());
    }
    (programme, planted)
}

fn plant(key: &str, leaf: &mut Value, apart: f64, planted: &mut Planted) {
    let Some((value, unit)) = number(key, leaf) else {
        return;
    };
    planted.keys.insert(key.to_owned());
    if let Value::Integer(year) = leaf
        && key == "first_year"
    {
        *year = 2031 + 2 * planted.years.len() as i64;
        planted.years.push(*year);
        return;
    }
    #[allow(clippy::cast_precision_loss)]
    let step = 1.0 + 0.037 * (planted.numbers.len() % 17) as f64;
    // A zero has no neighbours by proportion.
    let near = if value == 0.0 {
        1e-3 * step * apart
    } else {
        value * (1.0 - RELATIVE * step * apart)
    };
    let canary = seven_digits(near);
    private::set(leaf, &canary, &unit);
    planted.numbers.push(canary.parse().unwrap());
}

/// A number with at least seven digits that count, the last of them not zero.
fn seven_digits(value: f64) -> String {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let decimals = (7.0 - value.abs().log10().floor()).max(1.0) as usize;
    let text = format!("{value:.decimals$}");
    if text.ends_with('0') {
        format!("{}7", &text[..text.len() - 1])
    } else {
        text
    }
}

/// All that a reader receives, as text: its folder, and its release.
fn received(out: &std::path::Path, reader: &str) -> Vec<(String, String)> {
    let mut all = contents(&out.join(reader));
    let release = format!("released/{reader}.json");
    all.push((
        release.clone(),
        fs::read(out.join("clean-team").join(release)).unwrap(),
    ));
    let as_text = |(path, bytes): (String, Vec<u8>)| (path, String::from_utf8(bytes).unwrap());
    all.into_iter().map(as_text).collect()
}

/// The numbers in a text as written; thin spaces between digits are taken out.
fn numbers(text: &str) -> BTreeSet<String> {
    let joined = text.replace(['\u{2009}', '\u{202f}', '\u{a0}'], "");
    let part = |c: char| !(c.is_ascii_digit() || c == '.');
    joined
        .split(part)
        .filter(|token| token.starts_with(|c: char| c.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

/// Whether a written number is a private one, as it is or in another unit, to four digits or more.
fn tells(token: &str, canary: f64) -> bool {
    let digits = token.replace('.', "").trim_start_matches('0').len();
    let Ok(value) = token.parse::<f64>() else {
        return false;
    };
    if digits < 4 || value == 0.0 {
        return false;
    }
    let scales = [
        1.0,
        1e3,
        1e-3,
        1e6,
        1e-6,
        1e2,
        1e-2,
        3.6,
        1.0 / 3.6,
        1.609_344,
        1.0 / 1.609_344,
        0.453_592_37,
        2.0 * std::f64::consts::PI / 60.0,
        60.0 / (2.0 * std::f64::consts::PI),
    ];
    // The canary is only known to seven digits, the token to as many as it has.
    #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
    let half_a_digit = 0.5 * 10_f64.powi(value.log10().floor() as i32 + 1 - digits.min(7) as i32);
    scales
        .iter()
        .any(|scale| (value - canary * scale).abs() <= half_a_digit)
}

#[test]
fn private_numbers_are_found_where_they_are() {
    // The search itself: it finds a canary raw, rounded and in other units, and no neighbour.
    for token in [
        "2207.413",
        "2207",
        "2.207",
        "2207413",
        "613.17",
        "3552.5",
        "231.16",
        "2207.4130000001",
    ] {
        assert!(tells(token, 2207.413), "{token}");
    }
    for token in ["2208", "221", "2207.52", "2207.414", "0.001"] {
        assert!(!tells(token, 2207.413), "{token}");
    }
    assert!(numbers("12\u{2009}345.6 and <b>7</b>").contains("12345.6"));
}

/// The readers of the files name every key that they know: none is forgotten, and every number has a
/// canary.
#[test]
fn every_key_that_a_private_file_may_carry_has_a_canary() {
    for (_, other) in PAIRS {
        let (programme, planted) = with_canaries("keys", other, 1.0);
        let left_out: Vec<String> = keys_left_out(&programme, "bmw")
            .into_iter()
            .filter(|key| keys_left_out(&programme, other).contains(key))
            .collect();
        assert_eq!(left_out, [] as [&str; 0], "keys without a canary");
        let numbers = numbers_by_key(&programme, other);
        let keys: BTreeSet<String> = numbers.keys().cloned().collect();
        assert_eq!(keys, planted.keys);
        assert!(keys.len() > 35, "{keys:?}");
        assert_eq!(
            numbers.values().sum::<usize>(),
            planted.numbers.len() + planted.years.len()
        );
        let digits = |canary: &f64| {
            format!("{canary:e}")
                .split('e')
                .next()
                .unwrap()
                .replace(['.', '-'], "")
                .len()
        };
        assert!(planted.numbers.iter().all(|canary| digits(canary) >= 7));
    }
}

/// A number that is told is told again when others are planted in its place. A number that looks like a private one by
/// chance, the place of a grid line say, is not.
#[test]
fn no_private_number_of_another_partner_is_received() {
    for (reader, other) in PAIRS {
        let [once, again] = [1.0, 1.9].map(|apart| told(reader, other, apart));
        let both: Vec<_> = once.intersection(&again).collect();
        assert_eq!(
            both,
            [] as [&(String, usize); 0],
            "{reader} is told of {other}"
        );
    }
}

/// Which private numbers of another, by their place among all, a reader's new numbers look like, with the file. Years and
/// texts must not be there at all.
fn told(reader: &str, other: &str, apart: f64) -> BTreeSet<(String, usize)> {
    let (programme, planted) = with_canaries("canaries", other, apart);
    assert!(planted.numbers.len() > 70, "{}", planted.numbers.len());
    programme.done(&[]);
    // The other's own folder has them, so they would be found.
    let own: BTreeSet<String> = received(&programme.out(), other)
        .iter()
        .flat_map(|(_, text)| numbers(text))
        .collect();
    let found = |canary: &&f64| own.iter().any(|token| tells(token, **canary));
    assert!(planted.numbers.iter().filter(found).count() > 5);
    let before = received(&baseline().out, reader);
    let mut told = BTreeSet::new();
    for (path, text) in received(&programme.out(), reader) {
        assert!(
            !text.contains(WORD),
            "{reader}'s {path} has a text of {other}"
        );
        let same = before.iter().find(|(old, _)| *old == path);
        let old = same.map(|(_, text)| numbers(text)).unwrap_or_default();
        // Hashes in the manifest are no numbers.
        for token in numbers(&text)
            .difference(&old)
            .filter(|_| path != "manifest.json")
        {
            let year = planted.years.iter().find(|year| *token == year.to_string());
            assert!(
                year.is_none(),
                "{reader}'s {path} tells {year:?} of {other}"
            );
            let looks_like = |(_, canary): &(usize, &f64)| tells(token, **canary);
            let alike = planted.numbers.iter().enumerate().filter(looks_like);
            told.extend(alike.map(|(index, _)| (path.clone(), index)));
        }
    }
    told
}

/// Ids, names, sources and assumptions of a partner's files.
fn private_texts(programme: &Programme, partner: &str) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    for file in ["vehicles.toml", "plants.toml"] {
        for line in programme.text(&format!("{partner}/{file}")).lines() {
            let kept = ["id = \"", "name = \"", "source = \"", "  \""]
                .iter()
                .find_map(|start| line.strip_prefix(start));
            texts.extend(kept.map(|rest| rest.trim_end_matches(['"', ',']).to_owned()));
        }
    }
    texts
}

#[test]
fn no_vehicle_plant_or_text_of_another_partner_is_received() {
    let programme = Programme::tiny("texts");
    for (reader, other) in PAIRS {
        let (mine, private) = (
            private_texts(&programme, reader),
            private_texts(&programme, other),
        );
        assert!(private.len() > 8);
        for (path, received) in received(&baseline().out, reader) {
            for text in private.difference(&mine) {
                assert!(
                    !received.contains(text.as_str()),
                    "{reader}'s {path} has `{text}` of {other}"
                );
            }
            assert!(
                !received.contains(&format!("{other}/")),
                "{reader}'s {path} names a file of {other}"
            );
        }
    }
}

#[test]
fn no_exact_joint_money_is_received() {
    let summary: serde_json::Value =
        serde_json::from_slice(&fs::read(baseline().out.join("clean-team/summary.json")).unwrap())
            .unwrap();
    let (cost, family) = (&summary["cost"], &summary["family"]);
    let mut secrets = vec![&cost["together_eur"], &family["lower_bound_eur"]];
    secrets.extend(list(&cost["categories"]).iter().map(|c| &c["together_eur"]));
    for (reader, other) in PAIRS {
        let theirs = [
            &cost["alone_eur"],
            &cost["alone_lower_bound_eur"],
            &cost["share_eur"],
        ]
        .map(|by| &by[other]);
        let shares = [&cost["share_eur"][reader]];
        let rules = cost["other_shares_eur"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|by| [&by["bmw"], &by["jlr"]]);
        for (path, text) in received(&baseline().out, reader) {
            let written = numbers(&text);
            for secret in secrets
                .iter()
                .copied()
                .chain(theirs)
                .chain(shares)
                .chain(rules.clone())
            {
                let secret = secret.as_f64().unwrap();
                // Seven digits: in hundreds of kilobytes of physics four are met by chance.
                let told = written
                    .iter()
                    .find(|t| t.len() > 7 && secret != 0.0 && tells(t, secret));
                assert!(told.is_none(), "{reader}'s {path} tells {secret}");
            }
        }
    }
}

fn list(value: &serde_json::Value) -> &Vec<serde_json::Value> {
    value.as_array().unwrap()
}
