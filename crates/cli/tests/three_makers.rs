//! The example with three partners: every group solved, the split under every rule, and nothing of one
//! partner in another's folder.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod intervals;
mod programme;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use programme::{codrive, contents, copy, names, scratch};
use serde_json::Value;

const PARTNERS: [&str; 3] = ["aurora", "boreal", "cedar"];
const FILES: [&str; 2] = ["vehicles.toml", "plants.toml"];

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/three-makers")
}

/// The example on a coarse field and with fewer scenarios, run once.
fn out() -> &'static PathBuf {
    static OUT: OnceLock<PathBuf> = OnceLock::new();
    OUT.get_or_init(|| {
        let root = scratch("three");
        let _ = fs::remove_dir_all(&root);
        copy(&example(), &root.join("programme"));
        let file = root.join("programme/programme.toml");
        let coarse =
            "\n[field]\ncurrents_d = 5\ncurrents_q = 5\npositions = 4\n\n[doubt]\nscenarios = 60\n";
        fs::write(&file, fs::read_to_string(&file).unwrap() + coarse).unwrap();
        let output = codrive()
            .arg("run")
            .arg(root.join("programme"))
            .arg("--out")
            .arg(root.join("out"))
            .arg("--cache")
            .arg(root.join("cache"))
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        root.join("out")
    })
}

fn summary(reader: &str) -> Value {
    serde_json::from_slice(&fs::read(out().join(reader).join("summary.json")).unwrap()).unwrap()
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn all_four_rules_split_the_whole_cost_and_say_who_is_most_unhappy() {
    assert_eq!(names(out()), ["aurora", "boreal", "cedar", "clean-team"]);
    let cost = &summary("clean-team")["cost"];
    let whole = number(&cost["together_eur"]);
    let rules = cost["other_shares_eur"].as_object().unwrap();
    assert_eq!(
        rules.keys().collect::<Vec<_>>(),
        ["by volume", "equal saving", "nucleolus"]
    );
    for shares in rules.values().chain([&cost["share_eur"]]) {
        let paid: f64 = PARTNERS.iter().map(|id| number(&shares[id])).sum();
        assert!((paid / whole - 1.0).abs() < 1e-9, "{paid} of {whole}");
    }
    let checks = cost["study"]["splits"].as_array().unwrap();
    assert_eq!(checks.len(), 4);
    for check in checks {
        let group = check["unhappy"].as_array().unwrap().len();
        assert!((1..3).contains(&group), "{check}");
        assert_eq!(
            check["in_core"].as_bool().unwrap(),
            number(&check["complaint_eur"]) <= 1e-9 * whole
        );
    }
    for id in PARTNERS {
        assert!(number(&rules["nucleolus"][id]) <= number(&cost["alone_eur"][id]) + 1.0);
    }
}

#[test]
fn doubt_plans_and_targets_are_told_to_the_clean_team_and_the_own_part_to_a_partner() {
    let cost = summary("clean-team")["cost"].clone();
    let study = &cost["study"];
    // Priced anew at the stated values, the decision costs what it was found to cost.
    let alone: f64 = PARTNERS
        .iter()
        .map(|id| number(&cost["alone_eur"][id]))
        .sum();
    let saving = alone - number(&cost["together_eur"]);
    assert!((number(&study["doubt"]["saving_eur"]) - saving).abs() < 1e-3 * alone);
    for regret in study["doubt"]["regrets_eur"].as_array().unwrap() {
        assert!(number(regret) >= 0.0);
    }
    assert_eq!(study["doubt"]["savings_eur"].as_array().unwrap().len(), 60);
    assert_eq!(study["plans"].as_array().unwrap().len(), 4);
    assert!(!study["targets"].as_array().unwrap().is_empty());
    for id in PARTNERS {
        let own = &summary(id)["cost"]["study"];
        assert!(
            own.get("doubt").is_none()
                && own.get("splits").is_none()
                && own.get("month_gain_eur").is_none()
        );
        assert_eq!(own["plans"][0]["who"], id);
        assert_eq!(own["plans"].as_array().unwrap().len(), 1);
        assert!(own["own_inputs"].as_array().unwrap().len() > 20);
    }
}

/// Ids, names, sources and assumptions of a partner's files.
fn private_texts(partner: &str) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    for file in FILES {
        let text = fs::read_to_string(example().join(partner).join(file)).unwrap();
        for line in text.lines() {
            let starts = ["id = \"", "name = \"", "source = \"", "  \""];
            let kept = starts.iter().find_map(|start| line.strip_prefix(start));
            texts.extend(kept.map(|rest| rest.trim_end_matches(['"', ',']).to_owned()));
        }
    }
    texts
}

#[test]
fn no_text_of_another_partner_is_in_a_folder() {
    for reader in PARTNERS {
        let mine = private_texts(reader);
        let folder = contents(&out().join(reader));
        for other in PARTNERS.into_iter().filter(|other| *other != reader) {
            let private: Vec<String> = private_texts(other).difference(&mine).cloned().collect();
            assert!(private.len() > 4);
            for (path, bytes) in &folder {
                let text = String::from_utf8_lossy(bytes);
                for word in &private {
                    assert!(
                        !text.contains(word.as_str()),
                        "{reader}'s {path} has `{word}` of {other}"
                    );
                }
            }
        }
    }
}

/// All units of the example share one section: with three partners what two others need stays apart by a
/// sixth at least.
#[test]
fn what_the_others_need_lies_where_the_reports_say() {
    let root = out().parent().unwrap();
    let told = intervals::check_intervals(&root.join("programme"), out(), 7.0 / 6.0);
    assert!(told >= 9, "{told}");
}
