//! Who may see what: a partner's folder is a function of its release and its own inputs.
//!
//! Every private number of one partner is changed to a value that is found nowhere else, and looked
//! for in what the other receives.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod programme;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use programme::{Programme, contents, copy, same, scratch};

/// In every text of the partner whose data are private.
const WORD: &str = "kanarienvogel";
/// Private files.
const FILES: [&str; 2] = ["vehicles.toml", "plants.toml"];
/// Reader, and the partner of whom it must learn nothing else than its release says.
const PAIRS: [(&str, &str); 2] = [("bmw", "jlr"), ("jlr", "bmw")];

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
        let programme = Programme::tiny_with_cache("baseline", &baseline.cache);
        programme.done(&[]);
        copy(&programme.out(), &baseline.out);
        baseline
    })
}

/// The programme with another's private data changed: every number by about `relative`, every text
/// by a word; and the numbers that are now in the files.
fn with_private_data_changed(name: &str, other: &str, relative: f64) -> (Programme, Vec<f64>) {
    let programme = Programme::tiny_with_cache(name, &baseline().cache);
    let mut canaries = Vec::new();
    for file in FILES.map(|file| format!("{other}/{file}")) {
        let changed: Vec<String> = programme
            .text(&file)
            .lines()
            .map(|line| changed_line(line, relative, &mut canaries))
            .collect();
        programme.write(&file, &(changed.join("\n") + "\n"));
    }
    (programme, canaries)
}

fn changed_line(line: &str, relative: f64, canaries: &mut Vec<f64>) -> String {
    for text in ["name = \"", "source = \"", "  \""] {
        if let Some(rest) = line.strip_prefix(text) {
            return format!("{text}{WORD} {rest}");
        }
    }
    let structural = ["#", "[", "]", "schema", "id ", "axle", "assumptions"];
    if line.is_empty() || structural.iter().any(|start| line.starts_with(start)) {
        return line.to_owned();
    }
    let mut changed = String::new();
    let mut rest = line;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let end = rest[start..]
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .map_or(rest.len(), |e| start + e);
        let number = &rest[start..end];
        let before = rest[..start].chars().next_back().unwrap_or(' ');
        let value: f64 = number.parse().unwrap();
        changed.push_str(&rest[..start]);
        // Digits of units and keys (`m/s2`, `eighty_to_120`), years and zeros stay.
        if before.is_alphabetic()
            || before == '_'
            || value == 0.0
            || rest[..start].ends_with("first_year = ")
        {
            changed.push_str(number);
        } else {
            #[allow(clippy::cast_precision_loss)]
            let step = 1.0 + 0.037 * (canaries.len() % 17) as f64;
            let canary = seven_digits(value * (1.0 - relative * step));
            changed.push_str(&canary);
            canaries.push(canary.parse().unwrap());
        }
        rest = &rest[end..];
    }
    changed + rest
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
    let mut canaries = Vec::new();
    let line =
        "mass = { kerb = \"1365 kg\", grade = \"2 m/s2\", none = \"0 N\", first_year = 2029 }";
    let changed = changed_line(line, 1e-3, &mut canaries);
    assert_eq!(canaries.len(), 2, "{changed}");
    assert!(
        changed.contains("m/s2") && changed.contains("2029") && !changed.contains("1365 kg"),
        "{changed}"
    );
    assert!(numbers("12\u{2009}345.6 and <b>7</b>").contains("12345.6"));
}

#[test]
fn no_private_number_of_another_partner_is_received() {
    for (reader, other) in PAIRS {
        let (programme, canaries) = with_private_data_changed("canaries", other, 2e-3);
        assert!(canaries.len() > 60, "{}", canaries.len());
        programme.done(&[]);
        // The other's own folder has them, so they would be found.
        let own: BTreeSet<String> = received(&programme.out(), other)
            .iter()
            .flat_map(|(_, text)| numbers(text))
            .collect();
        assert!(
            canaries
                .iter()
                .filter(|c| own.iter().any(|token| tells(token, **c)))
                .count()
                > 5
        );
        let before = received(&baseline().out, reader);
        for (path, text) in received(&programme.out(), reader) {
            let old = before
                .iter()
                .find(|(old, _)| *old == path)
                .map(|(_, text)| numbers(text))
                .unwrap_or_default();
            for token in numbers(&text)
                .difference(&old)
                .filter(|_| path != "manifest.json")
            {
                let told = canaries.iter().find(|canary| tells(token, **canary));
                assert!(
                    told.is_none(),
                    "{reader}'s {path} tells {told:?} of {other}: {token}"
                );
            }
            assert!(
                !text.contains(WORD),
                "{reader}'s {path} has a text of {other}"
            );
        }
    }
}

/// Ids, names, sources and assumptions of a partner's files.
fn private_texts(programme: &Programme, partner: &str) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    for file in FILES.map(|file| format!("{partner}/{file}")) {
        for line in programme.text(&file).lines() {
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

#[test]
fn what_a_release_does_not_tell_does_not_change_a_folder() {
    for (reader, other) in PAIRS {
        let released = format!("clean-team/released/{reader}.json");
        let before = fs::read(baseline().out.join(&released)).unwrap();
        // A change that happens to cross a step of a rounded price changes the release: try less.
        let unchanged = [1e-4, 1e-5, 1e-6].into_iter().find_map(|relative| {
            let (programme, _) = with_private_data_changed("unchanged", other, relative);
            programme.done(&[]);
            (fs::read(programme.out().join(&released)).unwrap() == before).then_some(programme)
        });
        let programme = unchanged.expect("some small change leaves the release as it is");
        let changed = money(&programme.out()) - money(&baseline().out);
        assert!(
            changed.abs() > 1.0,
            "the joint money changed by {changed} EUR only"
        );
        same(&programme.out().join(reader), &baseline().out.join(reader));
    }
}

/// The exact joint money of a run, EUR.
fn money(out: &std::path::Path) -> f64 {
    let path = out.join("clean-team/summary.json");
    let summary: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    summary["cost"]["together_eur"].as_f64().unwrap()
}

/// A hundred different changes of each partner's data: all that leave the other's release as it is leave
/// its folder as it is, although the joint money is another each time.
#[test]
fn two_hundred_changes_that_no_release_tells_change_no_folder() {
    const CHANGES: usize = 100;
    for (reader, other) in PAIRS {
        let released = format!("clean-team/released/{reader}.json");
        let before = fs::read(baseline().out.join(&released)).unwrap();
        let mut amounts = BTreeSet::from([money(&baseline().out).to_bits()]);
        let mut told = 0;
        while amounts.len() <= CHANGES {
            // Steps of no common measure, up and down, from a ten-millionth on.
            #[allow(clippy::cast_precision_loss)]
            let step = (amounts.len() + told) as f64;
            let relative = 1e-7 * (1.0 + (step * 0.618_034).fract() * 50.0) * (-1.0_f64).powf(step);
            let (programme, _) = with_private_data_changed("many", other, relative);
            programme.done(&[]);
            if fs::read(programme.out().join(&released)).unwrap() == before {
                let new = amounts.insert(money(&programme.out()).to_bits());
                assert!(new, "the joint money is the same after {relative}");
                same(&programme.out().join(reader), &baseline().out.join(reader));
            } else {
                told += 1;
                assert!(told < CHANGES, "most changes are told by the release");
            }
        }
    }
}
